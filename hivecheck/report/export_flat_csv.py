"""Everything of a hive that fits into a row, as one flat CSV: findings by origin, events of the boot, and all that has a time.

For a spreadsheet or Timeline Explorer. Rows with a time come first, in its order; then findings that cite no key, then the boot, whose
events have an order and no time. Columns are ours, and stay.
"""

from collections.abc import Iterable, Iterator

from hivecheck.boot.replay import Event
from hivecheck.facts.filetime import iso_utc
from hivecheck.facts.origin import BuiltIn, Origin, ValueRef
from hivecheck.report.export_cells import bounded, csv_line, shown
from hivecheck.report.export_keys import key_path
from hivecheck.report.export_rows import HiveRows, Row, expected_words, is_dated
from hivecheck.report.view import describe_action, plain
from hivecheck.rules.rule import Finding

COLUMNS = (
    "kind", "time_utc", "time_means", "host", "severity", "confidence", "rule", "title", "technique", "message", "expected", "story",
    "event", "step", "process", "done", "certainty", "why", "assumes", "key_path", "value_name", "value_data", "cell_offset", "state",
    "fingerprint", "source_file", "source_sha256",
)  # fmt: skip
BOOT_EVENT = "boot-event"


def write_flat_csv(hives: Iterable[HiveRows]) -> Iterator[str]:
    """The header, then a line for each row, undated finding and event of each hive."""
    yield csv_line(list(COLUMNS))
    for hive in hives:
        for fields in _lines(hive):
            evidence = hive.analysis.evidence
            fields |= {"host": hive.host, "source_file": shown(evidence.source), "source_sha256": evidence.digests.sha256}
            yield csv_line([fields.get(name, "") for name in COLUMNS])


def _lines(hive: HiveRows) -> Iterator[dict[str, str]]:
    for row in hive.rows:
        yield _row(row)
    analysis = hive.analysis
    for finding in (*analysis.told_findings, *analysis.expected_findings):
        if not is_dated(finding):
            message = shown(finding.message) + expected_words(finding)
            yield {"kind": "finding", "message": message, **_finding(finding), **_origin(hive, finding.because)}
    for event in analysis.replay.events:
        yield _event(event) | _origin(hive, event.because)


def _row(row: Row) -> dict[str, str]:
    return {
        "kind": row.kind.value,
        "time_utc": iso_utc(row.ticks),
        "time_means": row.stamp,
        "message": row.message,
        "key_path": row.key,
        "value_name": row.value,
        "value_data": row.text,
        "cell_offset": "" if row.offset is None else str(row.offset),
        "state": row.state.value,
        **(_finding(row.finding) if row.finding is not None else {}),
    }


def _finding(finding: Finding) -> dict[str, str]:
    return {
        "severity": finding.severity.value,
        "confidence": finding.confidence.value,
        "rule": finding.rule.id,
        "title": finding.rule.title,
        "technique": ", ".join(finding.rule.techniques),
        "expected": shown(finding.expected),
        "story": str(finding.story),
        "event": " ".join(map(str, finding.events[:100])) + (" ..." if len(finding.events) > 100 else ""),
        "fingerprint": finding.fingerprint,
    }


def _event(event: Event) -> dict[str, str]:
    return {
        "kind": BOOT_EVENT,
        "message": bounded(plain(describe_action(event.action))),
        "event": str(event.number),
        "step": event.step.value,
        "process": shown(event.process),
        "done": event.done.value,
        "certainty": event.certainty.value,
        "why": shown(event.why),
        "assumes": shown("; ".join(event.assumes)),
    }


def _origin(hive: HiveRows, because: tuple[Origin, ...]) -> dict[str, str]:
    """Where the first origin is that is in the hive. Its time is told by the row of its key."""
    first = next((origin for origin in because if not isinstance(origin, BuiltIn)), None)
    if first is None:
        return {}
    value = first if isinstance(first, ValueRef) else None
    return {
        "key_path": shown(key_path(first, hive.analysis)),
        "value_name": shown(value.value) if value is not None else "",
        "value_data": shown(value.text or "") if value is not None else "",
        "cell_offset": "" if first.offset is None else str(first.offset),
        "state": first.state.value,
    }
