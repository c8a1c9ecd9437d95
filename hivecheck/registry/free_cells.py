"""The cells and the trailing bytes in which given places lie, found without walking the keys of the hive.

A quick look for the main job: it says FREE or TRAILING where a cell's own header does, and of other cells only that they are marked
USED: what of them is slack, or reached by nothing, only `reachability` can tell.
Source: msuhanov/regf, "Windows registry file format specification", "Hive bin", "Cell".
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from struct import Struct

from hivecheck.registry.base_block import BINS_START, Buffer
from hivecheck.registry.region import Region, RegionKind
from hivecheck.registry.regions import bins_of

_SIZE = Struct("<i")
_BIN_HEADER_BYTES = 32


def cells_around(buffer: Buffer, bins_size: int, places: Iterable[int]) -> tuple[Region, ...]:
    """The cells around these places, and the bytes behind the last bin if a place lies there; each once, in order.

    GAP stands for the rest of a bin whose cells can't be followed. `bins_size` is the declared size of all bins in bytes, from the
    base block.
    """
    ordered = sorted(places)
    end = min(BINS_START + bins_size, len(buffer))
    found: list[Region] = []
    if ordered:
        for start, stop in bins_of(buffer, end):
            first, last = bisect_left(ordered, start), bisect_left(ordered, stop)
            if first < last:
                found += _around(ordered, first, last, _cells(buffer, start, stop))
        if ordered[-1] >= end:
            found.append(Region(RegionKind.TRAILING, end, len(buffer)))
    return tuple(found)


def _around(places: list[int], first: int, last: int, cells: Iterator[Region]) -> Iterator[Region]:
    """Those cells of a bin in which one of its places, from `first` to `last`, lies."""
    for cell in cells:
        while first < last and places[first] < cell.start:
            first += 1  # in the header of the bin
        if first == last:
            return
        if places[first] < cell.end:
            yield cell
            first = bisect_left(places, cell.end, first, last)


def _cells(buffer: Buffer, start: int, stop: int) -> Iterator[Region]:
    at = start + _BIN_HEADER_BYTES if bytes(buffer[start : start + 4]) == b"hbin" else start
    while at + 8 <= stop:
        (signed,) = _SIZE.unpack_from(buffer, at)
        length = abs(signed)
        if length < 8 or length % 8 or at + length > stop:
            yield Region(RegionKind.GAP, at, stop)
            return
        yield Region(RegionKind.FREE if signed > 0 else RegionKind.USED, at, at + length)
        at += length
