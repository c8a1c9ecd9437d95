"""A timeline in TLN, five fields parted by bars: `Time|Source|Host|User|Description`, Unix seconds, no header.

Source: H. Carvey, "TimeLine Analysis, Part II" and the TLN plugins of RegRipper. There is no quoting: a bar in a text is escaped.
"""

from collections.abc import Iterable, Iterator

from hivecheck.report.export_cells import bar_cell, unix_seconds
from hivecheck.report.export_rows import HiveRows


def write_tln(hives: Iterable[HiveRows]) -> Iterator[str]:
    """A line a row. The user is not known; the description says what the time is the time of."""
    for hive in hives:
        for row in hive.rows:
            fields = (str(unix_seconds(row.ticks)), "REG", hive.host, "", row.message)
            yield "|".join(map(bar_cell, fields)) + "\n"
