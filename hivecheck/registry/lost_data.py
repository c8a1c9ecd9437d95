"""The data of a deleted value, as far as its cell was not reused: in the node itself, in one cell, or in several (big data)."""

from enum import Enum
from struct import Struct, unpack_from

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.fact import fact
from hivecheck.registry.base_block import BINS_START
from hivecheck.registry.cells import NO_CELL, SEGMENT_BYTES
from hivecheck.registry.hive import REG_EXPAND_SZ, REG_MULTI_SZ, REG_SZ
from hivecheck.registry.lost_nodes import RESIDENT, LostKey, LostValue
from hivecheck.registry.regions import RegionIndex
from hivecheck.registry.views import View

_SIZE = Struct("<i")
_TEXTS = frozenset({REG_SZ, REG_EXPAND_SZ, REG_MULTI_SZ})


class DataState(Enum):
    """How much of the data is left."""

    WHOLE = "whole"
    PART = "part"
    REUSED = "reused"  # nothing: its place holds something else


@fact
class LostData:
    """`data` is what is left of `size` bytes; `offset` that of the data's cell in the view, None for data in the node itself."""

    data: bytes
    size: int
    state: DataState
    offset: int | None
    confidence: Confidence
    reasons: tuple[str, ...]


def fetch_data(
    view: View, index: RegionIndex, keys: dict[int, LostKey], values: dict[int, LostValue], value: LostValue
) -> LostData:
    """What is left of the data of a lost value."""
    if value.size & RESIDENT or not value.size:
        size = value.size & ~RESIDENT
        word = value.word.to_bytes(4, "little")[:size]
        return LostData(word, size, DataState.WHOLE, None, Confidence.HIGH, ("its data stand in the value itself",))
    at, size = BINS_START + value.word, value.size
    if not view.placed:
        lost = "its data are elsewhere, and where these bytes of the log belong is not known"
        return LostData(b"", size, DataState.REUSED, None, Confidence.LOW, (lost,))
    start = at + 4
    end = _unused_until(view, index, start, start + size)
    if at + 4 > len(view.buffer) or end <= start:
        return LostData(b"", size, DataState.REUSED, at, Confidence.MEDIUM, ("the place of its data was reused",))
    room = abs(int(_SIZE.unpack_from(view.buffer, at)[0])) - 4
    if room < size and size > SEGMENT_BYTES and bytes(view.buffer[start : start + 2]) == b"db":
        data = _segments(view, index, start, size)
    else:
        data = bytes(view.buffer[start:end])
    if len(data) < size:
        how = f"{len(data)} of its {size} bytes of data are left"
        return LostData(data, size, DataState.PART, at, Confidence.MEDIUM, (how,))
    if room < size and len(data) == end - start and bytes(data[:2]) != b"db":
        return LostData(data, size, DataState.WHOLE, at, Confidence.MEDIUM, ("the size of its data's cell does not fit",))
    if _is_beheaded(view, data, value.type):
        how = "the first 4 bytes of its data were overwritten by the list of free cells"
        return LostData(data[4:], size, DataState.PART, at, Confidence.MEDIUM, (how,))
    if any(place in keys or place in values for place in range(at + 8, min(end, at + 65536), 8)):
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


def _unused_until(view: View, index: RegionIndex, start: int, end: int) -> int:
    """The end of what can be read from `start` on; in a log's view all can, since nothing tells what was in use."""
    if view.reach is None:
        return min(end, len(view.buffer))
    return index.unused_until(start, end)


def _segments(view: View, index: RegionIndex, start: int, size: int) -> bytes:
    """Big data, up to the first segment that was reused."""
    if _unused_until(view, index, start, start + 8) < start + 8:
        return b""
    count, cell = unpack_from("<HI", view.buffer, start + 2)
    list_start = BINS_START + cell + 4
    count = max(0, min(count, (_unused_until(view, index, list_start, list_start + count * 4) - list_start) // 4))
    data = bytearray()
    for segment in unpack_from(f"<{count}I", view.buffer, list_start) if count else ():
        first = BINS_START + segment + 4
        wanted = min(SEGMENT_BYTES, size - len(data))
        end = _unused_until(view, index, first, first + wanted)
        data += view.buffer[first:end]
        if end - first < wanted:
            break
    return bytes(data)
