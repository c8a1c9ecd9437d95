"""Earlier contents of values that are present: texts in free space that begin as the text of one present value does.

When a value grows, Windows moves its data and frees the old cell; the value's node stays, and nothing points to the old data any
more. They are recognised by their beginning, if no other value begins so. A guess, told as one.
"""

import re
from struct import Struct

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.fact import fact
from hivecheck.facts.origin import ValueRef
from hivecheck.registry.base_block import BINS_START, Buffer
from hivecheck.registry.claim import Claims
from hivecheck.registry.hive import REG_EXPAND_SZ, REG_MULTI_SZ, REG_SZ
from hivecheck.registry.live_names import LiveNames
from hivecheck.registry.lost_nodes import RESIDENT
from hivecheck.registry.reachability import VALUE, Reach
from hivecheck.registry.region import RegionKind
from hivecheck.registry.views import Sighting, View

_TEXTS = frozenset({REG_SZ, REG_EXPAND_SZ, REG_MULTI_SZ})
_ALIKE_BYTES = 40  # that must be equal: twenty letters
_BLANKS = "\0\u00a0\u3000"  # no letters, and yet no control characters
_LONGEST = 65_536
FOUND_AT_MOST = 2_000
_CACHED = (b"10ts", b"00ts")
_CACHED_BYTES = 4096  # looked back for one
_SIZE = Struct("<i")
_VALUE_MARK = re.compile(bytes((VALUE,)))


@fact
class EarlierContent:
    """What a present value may have held before. `value` is that value; `offset` the place of the old data's cell."""

    value: ValueRef
    type: int
    data: bytes
    offset: int
    confidence: Confidence
    reasons: tuple[str, ...]
    raw: bytes
    found: tuple[Sighting, ...]


@fact
class EarlierContents:
    """All of a hive. `limited`: there were more than `FOUND_AT_MOST` texts to look at."""

    contents: tuple[EarlierContent, ...]
    limited: bool = False


def find_earlier(view: View, live: LiveNames, claims: Claims) -> EarlierContents:
    """The earlier contents in the free space of a hive; what belongs to a deleted value by its record is left out."""
    if view.reach is None:
        return EarlierContents(())
    known = _beginnings(view.reach)
    hits: list[tuple[int, int, int, RegionKind]] = []
    buffer = view.buffer
    for region in view.regions:
        if region.kind is RegionKind.SLACK:
            continue
        for at in range((region.start + 7) & ~7, region.end - _ALIKE_BYTES - 4, 8):
            value = known.get(bytes(buffer[at + 4 : at + 4 + _ALIKE_BYTES]))
            if value and len(hits) <= FOUND_AT_MOST and claims.at(at) is None and not _is_cached_path(buffer, at + 4):
                hits.append((at, value, min(region.end, at + 4 + _LONGEST), region.kind))
    live.find_owners({value for _, value, _, _ in hits})
    found = (_earlier(view, view.reach, live, *hit) for hit in hits[:FOUND_AT_MOST])
    return EarlierContents(tuple(one for one in found if one is not None), len(hits) > FOUND_AT_MOST)


def _is_cached_path(buffer: Buffer, place: int) -> bool:
    """Whether this place lies in one of AppCompatCache's structures: signature, hash, and the size of what follows."""
    start = max(0, place - _CACHED_BYTES)
    before = bytes(buffer[start:place])
    for signature in _CACHED:
        at = before.rfind(signature)
        if 0 <= at <= len(before) - 12 and at + 12 + int.from_bytes(before[at + 8 : at + 12], "little") > len(before):
            return True
    return False


def _beginnings(reach: Reach) -> dict[bytes, int]:
    """The place of the value whose text begins with these bytes, 0 where several do."""
    found: dict[bytes, int] = {}
    unpack = Struct(f"<{reach.head + 4}xIII").unpack_from
    buffer, first = reach.buffer, BINS_START + reach.head
    for match in _VALUE_MARK.finditer(reach.marks):
        at = match.start() << 3
        size, data, type = unpack(buffer, at)
        if type in _TEXTS and _ALIKE_BYTES <= size < RESIDENT:
            text = bytes(buffer[first + data : first + data + _ALIKE_BYTES])
            found[text] = 0 if text in found else at
    return found


def _earlier(
    view: View, reach: Reach, live: LiveNames, at: int, value: int, limit: int, kind: RegionKind
) -> EarlierContent | None:
    size, word, type = Struct(f"<{reach.head + 4}xIII").unpack_from(reach.buffer, value)
    start = BINS_START + word + reach.head
    now = bytes(reach.buffer[start : start + min(size, _LONGEST)])
    cell = abs(int(_SIZE.unpack_from(view.buffer, at)[0]))
    if cell < _ALIKE_BYTES + 4 or cell & 7:
        return None  # no cell begins here
    data = _text(bytes(view.buffer[at + 4 : min(limit, at + cell)]), type)
    owner = live.owner(value)
    if not data or data == now or data.rstrip(b"\0") == now.rstrip(b"\0") or owner is None:
        return None
    alike = next((place for place, (one, other) in enumerate(zip(data, now, strict=False)) if one != other), len(data))
    share = 100 * alike // len(data)
    confidence = Confidence.MEDIUM if share >= 60 else Confidence.LOW
    reasons = (f"it begins with the same {alike // 2} letters as this value, and as no other; no record leads to it",)
    ref = ValueRef(view.file, live.path(owner), live.value_name(value), live.written(owner), value)
    raw = bytes(view.buffer[at : at + 4 + len(data)])
    return EarlierContent(ref, type, data, at, confidence, reasons, raw, (view.sighting(at, kind),))


def _text(data: bytes, type: int) -> bytes:
    """The data up to the NUL that ends them, two NULs for a list; empty where there is none, or where they hold control characters."""
    units = data[: len(data) & ~1].decode("utf-16-le", "surrogatepass")
    stop = units.find("\0\0" if type == REG_MULTI_SZ else "\0")
    if stop < 0 or not all(letter.isprintable() or letter in _BLANKS for letter in units[:stop]):
        return b""
    return data[: len((units[:stop] + "\0" * (2 if type == REG_MULTI_SZ else 1)).encode("utf-16-le", "surrogatepass"))]
