"""A timeline in l2tcsv, the 17 columns of log2timeline: for Timeline Explorer and all that reads plaso's legacy output.

Source: plaso "l2tcsv output format" (docs/sources/user/Output-format-l2tcsv.md): times to the second, `M...` for a last write.
"""

from collections.abc import Iterable, Iterator

from hivecheck.facts.filetime import iso_utc
from hivecheck.report.export_cells import csv_line, shown
from hivecheck.report.export_rows import HiveRows, Row

COLUMNS = (
    "date", "time", "timezone", "MACB", "source", "sourcetype", "type", "user", "host", "short", "desc", "version", "filename",
    "inode", "notes", "format", "extra",
)  # fmt: skip
_SHORT = 80


def write_l2tcsv(hives: Iterable[HiveRows]) -> Iterator[str]:
    """The header, then a line a row; `type` says what the time is of, `inode` is the offset of the cited cell."""
    yield csv_line(list(COLUMNS))
    for hive in hives:
        for row in hive.rows:
            yield csv_line(_cells(hive, row))


def _cells(hive: HiveRows, row: Row) -> list[str]:
    date, _, time = iso_utc(row.ticks).partition("T")
    year, month, day = date.split("-")
    source = shown(hive.analysis.evidence.source)
    return [
        f"{month}/{day}/{year}", time[:8], "UTC", "M...", "REG", f"hivecheck {row.kind.value}", row.stamp, "", hive.host,
        _short(row.message), row.message, "2", source, str(row.offset or 0), _notes(row), "hivecheck", _extra(hive, row),
    ]  # fmt: skip


def _short(text: str) -> str:
    return text if len(text) <= _SHORT else f"{text[: _SHORT - 3]}..."


def _notes(row: Row) -> str:
    """The rule that a row is about, with its severity and techniques."""
    if row.finding is None:
        return ""
    techniques = f" ({', '.join(row.finding.rule.techniques)})" if row.finding.rule.techniques else ""
    return f"{row.finding.severity.value}: {row.finding.rule.id}{techniques}"


def _extra(hive: HiveRows, row: Row) -> str:
    fields = {
        "key_last_written": iso_utc(row.ticks) if row.stamp.startswith("Registry Key") else "",
        "key_path": row.key,
        "value_name": row.value,
        "value_data": row.text,
        "fingerprint": row.finding.fingerprint if row.finding is not None else "",
        "tags": " ".join(row.tags),
        "sha256": hive.analysis.evidence.digests.sha256,
    }
    return "; ".join(f"{name}: {value}" for name, value in fields.items() if value)
