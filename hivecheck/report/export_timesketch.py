"""Timelines for Timesketch, as JSON lines and as CSV: the three fields it requires first, then those it searches by.

Source: Timesketch "Create timeline from JSONL or CSV file" and its readers (`timesketch/lib/utils.py`): `datetime` ISO 8601,
`timestamp` in microseconds since 1970, `tag` a list (in CSV a JSON list), names that end in `.jsonl` and `.csv`. Names of
`data_type` are plaso's.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from hivecheck.facts.filetime import iso_utc
from hivecheck.report.export_cells import csv_line, iso_microseconds, shown, unix_microseconds
from hivecheck.report.export_rows import HiveRows, Row

Json = Any
FIELDS = (
    "message", "datetime", "timestamp_desc", "timestamp", "data_type", "key_path", "value_name", "rule", "severity", "technique",
    "hostname", "tag", "value_data", "confidence", "fingerprint", "cell_offset", "key_last_written", "source_file", "source_sha256",
)  # fmt: skip


def write_timesketch(hives: Iterable[HiveRows]) -> Iterator[str]:
    """One JSON object a line; fields that a row has not are left out."""
    for hive in hives:
        for row in hive.rows:
            fields = {name: value for name, value in _fields(hive, row).items() if value not in ("", None)}
            yield json.dumps(fields, check_circular=False) + "\n"


def write_timesketch_csv(hives: Iterable[HiveRows]) -> Iterator[str]:
    """The same as CSV with a header; the tags are a JSON list in their cell."""
    yield csv_line(list(FIELDS))
    for hive in hives:
        for row in hive.rows:
            fields = _fields(hive, row) | {"tag": json.dumps(row.tags)}
            yield csv_line(["" if fields[name] is None else str(fields[name]) for name in FIELDS])


def _fields(hive: HiveRows, row: Row) -> dict[str, Json]:
    finding = row.finding
    return {
        "message": row.message,
        "datetime": f"{iso_microseconds(row.ticks)}+00:00",
        "timestamp_desc": row.stamp,
        "timestamp": unix_microseconds(row.ticks),
        "data_type": row.data_type,
        "key_path": row.key,
        "value_name": row.value,
        "rule": finding.rule.id if finding is not None else "",
        "severity": finding.severity.value if finding is not None else "",
        "technique": ", ".join(finding.rule.techniques) if finding is not None else "",
        "hostname": hive.host,
        "tag": list(row.tags),
        "value_data": row.text,
        "confidence": finding.confidence.value if finding is not None else "",
        "fingerprint": finding.fingerprint if finding is not None else "",
        "cell_offset": row.offset,
        "key_last_written": iso_utc(row.ticks),
        "source_file": shown(hive.analysis.evidence.source),
        "source_sha256": hive.analysis.evidence.digests.sha256,
    }
