"""The free cells and the trailing bytes in which given places lie, found without walking the keys of the hive.

A quick look for the main job: it says FREE or TRAILING where a cell's own header does, and nothing of cells marked used, whose slack
only `reachability` can tell. Source: msuhanov/regf, "Windows registry file format specification", "Hive bin", "Cell".
"""

from collections.abc import Iterable, Iterator
from struct import Struct

from hivecheck.registry.base_block import BINS_START, Buffer
from hivecheck.registry.region import Region, RegionKind

_SIZE = Struct("<i")
_BIN = Struct("<4sII")
_BIN_HEADER_BYTES = 32
_PAGE_BYTES = 4096
_BIN_PAGES_AT_MOST = 256


def free_regions(buffer: Buffer, bins_size: int, places: Iterable[int]) -> tuple[Region, ...]:
    """The free cells around these places, and the bytes behind the last bin if a place lies there; each once, in order.

    `bins_size` is the declared size of all bins in bytes, from the base block.
    """
    end = min(BINS_START + bins_size, len(buffer))
    cells: dict[int, list[Region]] = {}
    found: dict[int, Region] = {}
    for at in places:
        if at >= end:
            found[end] = Region(RegionKind.TRAILING, end, len(buffer))
            continue
        start = _bin_around(buffer, at)
        if start is None:
            continue
        if start not in cells:
            cells[start] = list(_free_cells_of(buffer, start, end))
        for region in cells[start]:
            if region.start <= at < region.end:
                found[region.start] = region
    return tuple(found[start] for start in sorted(found))


def _bin_around(buffer: Buffer, at: int) -> int | None:
    """The start of the bin in which a place lies."""
    page = at - at % _PAGE_BYTES
    for start in range(page, max(page - _BIN_PAGES_AT_MOST * _PAGE_BYTES, BINS_START - 1), -_PAGE_BYTES):
        mark, offset, size = _BIN.unpack_from(buffer, start)
        if mark == b"hbin" and offset == start - BINS_START:
            return start if at < start + size else None
    return None


def _free_cells_of(buffer: Buffer, start: int, end: int) -> Iterator[Region]:
    _, _, size = _BIN.unpack_from(buffer, start)
    at, stop = start + _BIN_HEADER_BYTES, min(start + size, end)
    while at + 8 <= stop:
        (signed,) = _SIZE.unpack_from(buffer, at)
        length = abs(signed)
        if length < 8 or length % 8 or at + length > stop:
            return
        if signed > 0:
            yield Region(RegionKind.FREE, at, at + length)
        at += length
