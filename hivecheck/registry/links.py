"""Symbolic links of the registry that are stored in a hive: keys that lead, for whoever opens them, to another key.

No Windows ships one in SYSTEM. Found by a search for the one value name such a key must have, not by a walk of the whole hive.
Source: ZwCreateKey, REG_OPTION_CREATE_LINK; msuhanov/regf (flag 0x10 of a key node).
"""

from struct import pack, unpack_from

from hivecheck.facts.fact import fact
from hivecheck.registry.base_block import BINS_START
from hivecheck.registry.hive import REG_LINK, Key, RawValue
from hivecheck.registry.keys import RegfKey
from hivecheck.registry.regf import RegfHive

LINK_VALUE = "SymbolicLinkValue"
LINK_FLAG = 0x10
_NAME = LINK_VALUE.encode("ascii")
_TYPE_AT, _NAME_AT = 12, 20  # in a value node, behind its size field
_LINKS_AT_MOST = 50
_PLACES_AT_MOST = 50
_LISTS_TRIED = 4
_LEVELS_AT_MOST = 512
_LIST_AT = 40  # in a key node, where it names its list of values
_VALUES_AT_MOST = 32  # of a link, before the one that matters
_LARGEST_LIST = 4096
_KEYS_TRIED = 8


@fact
class Link:
    """A key that is a link, and the value that says where it leads."""

    key: Key
    value: RawValue


def find_links(hive: RegfHive) -> tuple[Link, ...]:
    """The keys in use that hold such a value, in the order of their values' places; at most 50."""
    found: list[Link] = []
    seen: set[str] = set()
    buffer, head = hive.buffer, hive.cells.head
    if not _stands_in(hive, _NAME):
        return ()
    at = _find(hive, _NAME, BINS_START)
    for _ in range(_PLACES_AT_MOST):
        if at < 0 or len(found) >= _LINKS_AT_MOST:
            break
        node = at - _NAME_AT - head
        used = bytes(buffer[node + head : node + head + 2]) == b"vk" and unpack_from("<i", buffer, node)[0] < 0
        if used and unpack_from("<I", buffer, node + head + _TYPE_AT)[0] == REG_LINK:
            path = _path_of(hive, node)
            key = hive.root.subkey(path) if path and path.upper() not in seen else None
            value = key.value(LINK_VALUE) if key is not None else None
            if key is not None and value is not None:
                seen.add(path.upper())
                found.append(Link(key, value))
        at = _find(hive, _NAME, at + len(_NAME))
    return tuple(found)


def _stands_in(hive: RegfHive, needle: bytes) -> bool:
    """Whether the hive holds these bytes. Looked for from its end, which takes Python two thirds of the time."""
    buffer = hive.buffer
    return (bytes(buffer) if isinstance(buffer, memoryview) else buffer).rfind(needle) >= BINS_START


def _find(hive: RegfHive, needle: bytes, start: int) -> int:
    buffer = hive.buffer
    return bytes(buffer).find(needle, start) if isinstance(buffer, memoryview) else buffer.find(needle, start)


def _path_of(hive: RegfHive, value: int) -> str:
    """The path of a key whose list of values names the value at this place, by the parents that keys name; '' where none does."""
    wanted = pack("<I", value - BINS_START)
    at = _find(hive, wanted, BINS_START)
    for _ in range(_LISTS_TRIED):
        if at < 0:
            break
        for cell in _lists_around(hive, at):
            key = _owner_of_list(hive, cell)
            if key:
                return _climb(hive, key)
        at = _find(hive, wanted, at + 1)
    return ""


def _lists_around(hive: RegfHive, at: int) -> list[int]:
    """The used cells that begin at most some values before this place and reach over it."""
    head, buffer = hive.cells.head, hive.buffer
    found: list[int] = []
    for before in range(_VALUES_AT_MOST):
        cell = at - 4 * before - head
        if cell < BINS_START or cell & 7:
            continue
        size = -unpack_from("<i", buffer, cell)[0]
        if not size & 7 and at + 4 - cell <= size <= _LARGEST_LIST:
            found.append(cell)
    return found


def _owner_of_list(hive: RegfHive, cell: int) -> int:
    """The place of the key that names this cell as its list of values; 0 where none does."""
    head, buffer = hive.cells.head, hive.buffer
    wanted = pack("<I", cell - BINS_START)
    at = _find(hive, wanted, BINS_START)
    for _ in range(_KEYS_TRIED):
        key = at - _LIST_AT - head
        if at < 0:
            break
        if key >= BINS_START and bytes(buffer[key + head : key + head + 2]) == b"nk":
            return key
        at = _find(hive, wanted, at + 1)
    return 0


def _climb(hive: RegfHive, key: int) -> str:
    names: list[str] = []
    for _ in range(_LEVELS_AT_MOST):
        node = hive.cells.key_node(key, None)
        if node is None:
            return ""
        if key == hive.root.offset:
            return "\\".join(reversed(names))
        names.append(node[9])
        key = BINS_START + node[2]
    return ""


def is_link(key: Key) -> bool:
    """Whether a key is marked as a link, as only files can tell."""
    return isinstance(key, RegfKey) and bool(key.flags & LINK_FLAG)
