"""Data too large for one cell: since version 1.4 a `db` record names a list of segments, a cell of one 16 KiB bin each.

Source: msuhanov/regf, "Windows registry file format specification", "Big data".
"""

from struct import Struct, unpack_from
from typing import TYPE_CHECKING

from hivecheck.registry.base_block import BINS_START
from hivecheck.registry.hive import Key

if TYPE_CHECKING:
    from hivecheck.registry.cells import Cells

SEGMENT_BYTES = 16344  # what a segment holds
_RECORD = Struct("<2sHI")


def read_big_data(cells: "Cells", start: int, stop: int, wanted: int, owner: Key) -> bytes:
    """The data of the record between these places, up to the first segment that can't be read; never more than `wanted`."""
    if stop - start < _RECORD.size:
        return b""
    _, count, cell = _RECORD.unpack_from(cells.buffer, start)
    span = cells.contents(BINS_START + cell, "segment list", owner)
    if span is None:
        return b""
    count = min(count, (span[1] - span[0]) // 4)
    data = bytearray()
    for segment in unpack_from(f"<{count}I", cells.buffer, span[0]):
        missing = min(SEGMENT_BYTES, wanted - len(data))
        found = cells.contents(BINS_START + segment, "data segment", owner) if missing > 0 else None
        if found is None or not cells.charge_data(missing, owner):
            break
        data += cells.buffer[found[0] : min(found[1], found[0] + missing)]
        if found[1] - found[0] < missing:
            break
    return bytes(data)
