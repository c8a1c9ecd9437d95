"""The data of a deleted value, as far as its cell was not reused: in the node itself, in one cell, or in several (big data)."""

from bisect import bisect_left
from enum import Enum
from struct import Struct, unpack_from

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.fact import changed, fact
from hivecheck.registry.base_block import BINS_START
from hivecheck.registry.cells import NO_CELL, SEGMENT_BYTES
from hivecheck.registry.hive import REG_EXPAND_SZ, REG_MULTI_SZ, REG_SZ
from hivecheck.registry.lost_nodes import RESIDENT, LostValue
from hivecheck.registry.region import RegionKind
from hivecheck.registry.regions import RegionIndex
from hivecheck.registry.views import View

_SIZE = Struct("<i")
_MINOR = Struct("<I")  # version, in the base block
_MINOR_AT = 24
_LAST_LINKED = 3
_LINK_BYTES = 4
_BIN_HEAD_BYTES = 32
_TEXTS = frozenset({REG_SZ, REG_EXPAND_SZ, REG_MULTI_SZ})
_NODES_LOOKED_FOR = 65_536  # bytes of data in which other nodes would show that they were reused
_SHARE = 4  # as many bytes of data in all as the hive has, times this: as the walk through the living keys allows
_DATA_AT_LEAST, DATA_AT_MOST = 1024 * 1024, 32 * 1024 * 1024


class DataState(Enum):
    """How much of the data is left."""

    WHOLE = "whole"
    PART = "part"
    REUSED = "reused"  # nothing: its place holds something else
    UNREAD = "unread"  # of all deleted values together there are too much


@fact
class LostData:
    """`data` is what is left of `size` bytes, without its first `lost_head`; `offset` that of the data's cell in the view, None for
    data in the node itself.
    """

    data: bytes
    size: int
    state: DataState
    offset: int | None
    confidence: Confidence
    reasons: tuple[str, ...]
    lost_head: int = 0
    pieces: tuple[tuple[int, int], ...] = ()  # of big data: the cells they stand in, as far as these are left


class DataAllowance:
    """How many bytes of data may be read for the deleted values of one state of a hive: nodes by the thousand can name one cell."""

    __slots__ = ("left", "refused")

    def __init__(self, hive_bytes: int) -> None:
        self.left = min(max(_SHARE * hive_bytes, _DATA_AT_LEAST), DATA_AT_MOST)
        self.refused = 0

    def take(self, size: int) -> bool:
        """Whether so many bytes are left, which are taken; from the first refusal on nothing is."""
        if size > self.left:
            self.left = 0
            self.refused += 1
            return False
        self.left -= size
        return True


def fetch_data(
    view: View, index: RegionIndex, nodes: tuple[int, ...], value: LostValue, linked: bool, allowance: DataAllowance
) -> LostData:
    """What is left of the data of a lost value. `nodes` are the places of the lost nodes, in order.

    `linked`: the hive has a list of free cells, as `has_free_list` tells.
    """
    if value.size & RESIDENT or not value.size:
        size = value.size & ~RESIDENT
        word = value.word.to_bytes(4, "little")[:size]
        return LostData(word, size, DataState.WHOLE, None, Confidence.HIGH, ("its data stand in the value itself",))
    at, size = BINS_START + value.word, value.size
    if not view.placed:
        lost = "its data are elsewhere, and where these bytes of the log belong is not known"
        return LostData(b"", size, DataState.REUSED, None, Confidence.LOW, (lost,))
    start = at + 4
    end = _unused_until(view, index, start, start + min(size, allowance.left + 1))
    if at + 4 > len(view.buffer) or end <= start:
        return LostData(b"", size, DataState.REUSED, at, Confidence.MEDIUM, ("the place of its data was reused",))
    room = abs(int(_SIZE.unpack_from(view.buffer, at)[0])) - 4
    big = room < size and size > SEGMENT_BYTES and bytes(view.buffer[start : start + 2]) == b"db"
    if not allowance.take(min(size, len(view.buffer)) if big else end - start):
        much = "the data of all deleted values together are too much: those of this one are not read"
        return LostData(b"", size, DataState.UNREAD, at, Confidence.LOW, (much,))
    found = _segments(view, index, start, size) if big else (bytes(view.buffer[start:end]), ())
    return changed(_judge(view, index, nodes, value, linked, (start, end, room), found[0]), pieces=found[1])


def _judge(
    view: View,
    index: RegionIndex,
    nodes: tuple[int, ...],
    value: LostValue,
    linked: bool,
    cell: tuple[int, int, int],
    data: bytes,
) -> LostData:
    """What the data that were found are worth. `cell`: where its content begins, how far it is in no use, how much it holds."""
    (start, end, room), size = cell, value.size
    at = start - 4
    headless = _is_beheaded(view, data, value.type) or (linked and _is_link(view, index, at, data, value.type))
    if headless and len(data) <= _LINK_BYTES:
        lost = "its data were overwritten by the list of free cells"
        return LostData(b"", size, DataState.REUSED, at, Confidence.MEDIUM, (lost,))
    if headless and len(data) < size:
        how = f"the first 4 bytes of its data were overwritten by the list of free cells; of {size} bytes {len(data) - 4} are left"
        return LostData(data[4:], size, DataState.PART, at, Confidence.LOW, (how,), _LINK_BYTES)
    if len(data) < size:
        how = f"{len(data)} of its {size} bytes of data are left"
        return LostData(data, size, DataState.PART, at, Confidence.MEDIUM, (how,))
    if not headless and room < size and len(data) == end - start and bytes(data[:2]) != b"db":
        return LostData(data, size, DataState.WHOLE, at, Confidence.MEDIUM, ("the size of its data's cell does not fit",))
    if headless:
        how = "the first 4 bytes of its data were overwritten by the list of free cells"
        return LostData(data[4:], size, DataState.PART, at, Confidence.MEDIUM, (how,), _LINK_BYTES)
    first = bisect_left(nodes, at + 8)
    if first < len(nodes) and nodes[first] < min(end, at + _NODES_LOOKED_FOR):
        how = "its data's place holds other deleted nodes: it was reused, and freed again"
        return LostData(data, size, DataState.WHOLE, at, Confidence.LOW, (how,))
    return LostData(data, size, DataState.WHOLE, at, Confidence.HIGH, ("the cell of its data was not reused",))


def _is_beheaded(view: View, data: bytes, type: int) -> bool:
    """Whether a text begins with a link of the list of free cells instead of two letters, as NT 3.1 to 2000 left it."""
    if type not in _TEXTS or len(data) < 8 or not data[4] or data[5]:
        return False
    link = int.from_bytes(data[:4], "little")
    if not data[1] and not data[3] and (link < 0x100 or data[2] >= 0x20):
        return False  # letters
    return link == NO_CELL or (not link & 7 and BINS_START + link < len(view.buffer))


def has_free_list(view: View) -> bool:
    """Whether the free cells of this hive are chained by their first four bytes, as NT 3.1 to 2000 chained them on disk.

    Later Windows keeps the list in memory, and writes hives of these versions all the same: so the cells themselves are asked.
    """
    if view.reach is None or len(view.buffer) < BINS_START or _MINOR.unpack_from(view.buffer, _MINOR_AT)[0] > _LAST_LINKED:
        return False
    starts = {region.start for region in view.regions if region.kind is RegionKind.FREE and region.size >= 8}
    links = [int.from_bytes(view.buffer[at + 4 : at + 8], "little") for at in starts]
    return 2 * sum(link == NO_CELL or BINS_START + link in starts for link in links) > len(links)


def _is_link(view: View, index: RegionIndex, at: int, data: bytes, type: int) -> bool:
    """Whether data begin with a link of the list of free cells: surely where a free cell begins, by their looks elsewhere.

    A cell that grew together with the one before it may have been linked before, or not.
    """
    if len(data) < _LINK_BYTES:
        return False
    region = index.region_at(at)
    link = int.from_bytes(data[:4], "little")
    if link != NO_CELL and (link & 7 or not _BIN_HEAD_BYTES <= link < len(view.buffer) - BINS_START):
        return False
    if region is not None and region.kind is RegionKind.FREE and region.start == at:
        return True
    return type not in _TEXTS or not (0x20 <= data[0] < 0x7F and not data[1] and not data[3])


def _unused_until(view: View, index: RegionIndex, start: int, end: int) -> int:
    """The end of what can be read from `start` on; in a log's view all can, since nothing tells what was in use."""
    if view.reach is None:
        return min(end, len(view.buffer))
    return index.unused_until(start, end)


def _segments(view: View, index: RegionIndex, start: int, size: int) -> tuple[bytes, tuple[tuple[int, int], ...]]:
    """Big data, up to the first segment that was reused, and the segments' places."""
    if _unused_until(view, index, start, start + 8) < start + 8:
        return b"", ()
    count, cell = unpack_from("<HI", view.buffer, start + 2)
    list_start = BINS_START + cell + 4
    count = max(0, min(count, (_unused_until(view, index, list_start, list_start + count * 4) - list_start) // 4))
    data, pieces, seen = bytearray(), list[tuple[int, int]](), set[int]()
    for segment in unpack_from(f"<{count}I", view.buffer, list_start) if count else ():
        first = BINS_START + segment + 4
        if (first - 4) in seen or len(data) >= len(view.buffer):
            break  # no segment is stored twice, and no more than the hive has
        seen.add(first - 4)
        wanted = min(SEGMENT_BYTES, size - len(data))
        end = _unused_until(view, index, first, first + wanted)
        data += view.buffer[first:end]
        if end > first:
            pieces.append((first - 4, end))
        if end - first < wanted or not wanted:
            break
    return bytes(data), tuple(pieces)
