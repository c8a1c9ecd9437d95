"""The bins of a hive one by one, and the chain of cells in each: what a reader that only follows references never looks at.

Must not know what a cell holds. Source: msuhanov/regf, "Windows registry file format specification", "Hive bin" and "Cell".
"""

from struct import Struct

from hivecheck.registry.base_block import BINS_START, Buffer
from hivecheck.registry.damage import Damage

HEADER_BYTES = 32
_HEADER = Struct("<4sII")
_SIZE = Struct("<i")
_STEP = 4096  # bins begin and end at multiples of it


def check_bins(buffer: Buffer, end: int, damage: Damage) -> int:
    """The number of sound bins between the base block and `end`; what is wrong with the others and their cells is told.

    Behind a bad bin the next one is looked for: it says itself where it belongs.
    """
    count, at = 0, BINS_START
    while at + HEADER_BYTES <= end:
        fault, size = _look_at_header(buffer, at, end)
        if fault:
            damage.tell("bad-bin-header", at, f"the bin at 0x{at:x} {fault}", None)
            at += _STEP
            while at + HEADER_BYTES <= end and _look_at_header(buffer, at, end)[0]:
                at += _STEP
            continue
        count += 1
        _check_cells(buffer, at, at + size, damage)
        at += size
    return count


def _look_at_header(buffer: Buffer, at: int, end: int) -> tuple[str, int]:
    """What is wrong with the header of a bin, '' where nothing is, and the bin's size in bytes."""
    signature, place, size = _HEADER.unpack_from(buffer, at)
    if signature != b"hbin":
        return f"starts with {signature!r} instead of b'hbin'", 0
    if place != at - BINS_START:
        return f"says that it belongs at 0x{BINS_START + place:x}", 0
    if size == 0 or size % _STEP or at + size > end:
        return f"has the impossible size {size}", 0
    return "", size


def _check_cells(buffer: Buffer, start: int, stop: int, damage: Damage) -> None:
    """Cells follow each other without a gap up to the end of their bin, in steps of 8 bytes."""
    at, unpack = start + HEADER_BYTES, _SIZE.unpack_from
    while at < stop:
        size = abs(unpack(buffer, at)[0])
        if size < 8 or size & 7 or at + size > stop:
            text = f"the cell at 0x{at:x} has the impossible size {unpack(buffer, at)[0]} in the bin from 0x{start:x} to 0x{stop:x}"
            damage.tell("bad-cell-chain", at, text, None)
            return
        at += size
