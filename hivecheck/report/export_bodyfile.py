"""A timeline as a body file of The Sleuth Kit, version 3: eleven fields parted by bars, for `mactime`. 0 stands for unknown.

Source: SleuthKitWiki, "Body file": `MD5|name|inode|mode_as_string|UID|GID|size|atime|mtime|ctime|crtime`, Unix seconds.
"""

from collections.abc import Iterable, Iterator

from hivecheck.report.export_cells import bar_cell, unix_seconds
from hivecheck.report.export_rows import HiveRows, Row, RowKind

_NAME = 1_000


def write_bodyfile(hives: Iterable[HiveRows]) -> Iterator[str]:
    """A line a row: the key's path and what its time is of as the name, the last write as mtime, the cell's offset as inode."""
    for hive in hives:
        for row in hive.rows:
            name = bar_cell(_name(hive, row))
            yield f"0|{name}|{row.offset or 0}|0|0|0|0|0|{unix_seconds(row.ticks)}|0|0\n"


def _name(hive: HiveRows, row: Row) -> str:
    host = f"[{hive.host}] " if hive.host else ""
    told = row.message if len(row.message) <= _NAME else f"{row.message[:_NAME]}..."
    return f"{host}{row.key} ({'key last written' if row.kind is RowKind.KEY else told})"
