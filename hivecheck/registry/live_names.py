"""The keys in use, asked by the place of their cell: the path of one, whether a name is taken below it, whose value it is.

For carving, which meets a key by its place and not from the root. Reads no more of the hive than it is asked for.
"""

import re
from collections.abc import Iterable
from functools import cached_property
from struct import Struct, unpack_from

from hivecheck.registry.base_block import BINS_START
from hivecheck.registry.cells import SEGMENT_BYTES
from hivecheck.registry.hive import fold_name
from hivecheck.registry.lost_nodes import RESIDENT, LostKey, LostValue
from hivecheck.registry.reachability import KEY, VALUE, Reach

_LEVELS_AT_MOST = 512
_COMP_NAME_KEY, _COMP_NAME_VALUE = 0x20, 0x1
_VALUE_MARK = re.compile(bytes((VALUE,)))


class LiveNames:
    """The names of the keys in use of one hive."""

    __slots__ = ("_children", "_indexed", "_key", "_list", "_longest", "_named", "_owners", "_paths", "_reach", "_value")

    def __init__(self, reach: Reach) -> None:
        head = reach.head
        self._reach = reach
        self._key = Struct(f"<{head}x2xHQ4xI52xH")  # flags, written, parent, name bytes
        self._list = Struct(f"<{head}x36xII")  # values, value list
        self._value = Struct(f"<{head}x2xH12xH")  # name bytes, flags
        self._longest = Struct("<20xI28xH")  # subkeys, bytes of the longest name among them
        self._paths: dict[int, str] = {}
        self._children: dict[int, dict[str, int]] = {}
        self._owners: dict[int, int] = {}
        self._named: dict[int, dict[str, int]] = {}
        self._indexed = False

    @property
    def reach(self) -> Reach:
        """What is in use in this hive."""
        return self._reach

    def is_key(self, at: int) -> bool:
        """Whether a key in use stands here."""
        return self._reach.use_of(at) == KEY

    def is_value(self, at: int) -> bool:
        """Whether a value in use stands here."""
        return self._reach.use_of(at) == VALUE

    def key_name(self, at: int) -> str:
        """The name of the key in use at this place."""
        flags, _, _, size = self._key.unpack_from(self._reach.buffer, at)
        return self._text(at + self._reach.head + 76, size, flags & _COMP_NAME_KEY)

    def value_name(self, at: int) -> str:
        """The name of the value in use at this place."""
        size, flags = self._value.unpack_from(self._reach.buffer, at)
        return self._text(at + self._reach.head + 20, size, flags & _COMP_NAME_VALUE)

    def _text(self, start: int, size: int, compressed: int) -> str:
        stored = bytes(self._reach.buffer[start : start + size])
        if compressed:
            return stored.decode("latin-1")
        return stored[: len(stored) & ~1].decode("utf-16-le", "surrogatepass")

    def written(self, at: int) -> int:
        """When the key in use at this place was last written, in ticks."""
        return int(self._key.unpack_from(self._reach.buffer, at)[1])

    def path(self, at: int) -> str:
        """The path of the key in use at this place, '' for the root."""
        known = self._paths.get(at)
        if known is None:
            known = self._paths[at] = self._climb(at)
        return known

    def _climb(self, at: int) -> str:
        root, names = self._reach.keys[0], list[str]()
        while at != root and self.is_key(at) and len(names) < _LEVELS_AT_MOST:
            names.append(self.key_name(at))
            at = BINS_START + self._key.unpack_from(self._reach.buffer, at)[2]
        return "\\".join(reversed(names))

    def may_have_held(self, at: int, name: str) -> bool:
        """Whether the key in use at this place can have had a subkey of this name.

        A key keeps the length of its longest subkey name as long as it has any subkey. Source: msuhanov/regf, "Key node".
        """
        head = self._reach.head
        subkeys, longest = self._longest.unpack_from(self._reach.buffer, at + head)
        return not subkeys or not longest or longest >= 2 * len(name)

    def index(self) -> None:
        """Reads all names and owners at once, for whoever asks again and again: 0.2 s for 43,000 keys."""
        if self._indexed:
            return
        self.find_children(set(self._reach.keys))
        unpack, buffer, end, head = self._list.unpack_from, self._reach.buffer, self._reach.bins_end, self._reach.head
        for key in self._reach.keys:
            count, cell = unpack(buffer, key)
            start = BINS_START + cell + head
            if count and start + 4 * count <= end:
                for word in unpack_from(f"<{count}I", buffer, start):
                    self._owners.setdefault(BINS_START + word, key)
        self._indexed = True

    def find_children(self, parents: set[int]) -> None:
        """Reads, in one pass over all keys, the names below these."""
        if self._indexed:
            return
        wanted = {parent - BINS_START for parent in parents}
        for parent in parents:
            self._children.setdefault(parent, {})
        unpack, buffer = self._key.unpack_from, self._reach.buffer
        for at in self._reach.keys:
            parent = unpack(buffer, at)[2]
            if parent in wanted:
                self._children[BINS_START + parent].setdefault(fold_name(self.key_name(at)), at)

    def child(self, parent: int, name: str) -> int | None:
        """The place of a key's subkey of this name, None where there is none; for parents that were read."""
        return self._children.get(parent, {}).get(fold_name(name))

    def values_of(self, at: int) -> tuple[int, ...]:
        """The places of the values of a key in use."""
        count, cell = self._list.unpack_from(self._reach.buffer, at)
        start = BINS_START + cell + self._reach.head
        count = min(count, max(0, self._reach.bins_end - start) // 4)
        places = unpack_from(f"<{count}I", self._reach.buffer, start) if count else ()
        return tuple(place for word in places if self.is_value(place := BINS_START + word))

    def value(self, key: int, name: str) -> int | None:
        """The place of the value of this name in a key in use, None where it has none."""
        named = self._named.get(key)
        if named is None:
            named = self._named[key] = {}
            for at in self.values_of(key):
                named.setdefault(fold_name(self.value_name(at)), at)
        return named.get(fold_name(name))

    def data_of(self, at: int) -> tuple[int, bytes] | None:
        """Type and data of the value in use at this place; None for big data, which are in pieces."""
        head = self._reach.head
        size, word, type = unpack_from("<III", self._reach.buffer, at + head + 4)
        if size & RESIDENT or not size:
            return type, word.to_bytes(4, "little")[: size & ~RESIDENT]
        start = BINS_START + word + head
        return None if size > SEGMENT_BYTES else (type, bytes(self._reach.buffer[start : start + size]))

    def find_owners(self, values: set[int]) -> None:
        """Reads, in one pass over all keys, to which key each of these values in use belongs."""
        wanted = {at - BINS_START for at in values if at not in self._owners}
        if not wanted or self._indexed:
            return
        unpack, buffer, end, head = self._list.unpack_from, self._reach.buffer, self._reach.bins_end, self._reach.head
        for key in self._reach.keys:
            count, cell = unpack(buffer, key)
            start = BINS_START + cell + head
            if count and start + 4 * count <= end:
                words = unpack_from(f"<{count}I", buffer, start)
                if not wanted.isdisjoint(words):
                    for word in wanted.intersection(words):
                        self._owners.setdefault(BINS_START + word, key)

    def owner(self, value: int) -> int | None:
        """The key that a value in use belongs to, None where it was not asked for with `find_owners`."""
        return self._owners.get(value)


class LiveRecords:
    """The keys and values in use of one hive or of several states of it, asked by what they say and not by their place.

    A copy of one of them, in a log or in free space, tells nothing of a deletion. Read when first asked.
    """

    __slots__ = ("_states",)

    def __init__(self, states: "Iterable[_StateRecords]") -> None:
        self._states = tuple(states)

    @classmethod
    def of(cls, reaches: "Iterable[Reach]") -> "LiveRecords":
        """Those of states of a hive, the first asked first."""
        return cls(_StateRecords(reach) for reach in {id(reach): reach for reach in reaches}.values())

    def since(self, number: int) -> "LiveRecords":
        """Those of the states from this one on, without reading any again."""
        return LiveRecords(self._states[number:])

    def key(self, key: LostKey) -> int | None:
        """The place of the key in use with the same name, last write and parent; None where none has all three."""
        wanted = _stored(key.name), key.written, key.parent
        return next((at for state in self._states if (at := state.keys.get(wanted)) is not None), None)

    def has_value(self, value: LostValue) -> bool:
        """Whether a value in use has the same name, type and size and the same data, or the same cell of data."""
        wanted = _stored(value.name), value.size, value.word, value.type
        return any(wanted in state.values for state in self._states)

    def has_key_name(self, name: str) -> bool:
        """Whether any key in use is called so."""
        return any(fold_name(name) in state.key_names for state in self._states)

    def has_value_name(self, name: str) -> bool:
        """Whether any value in use is called so."""
        return any(fold_name(name) in state.value_names for state in self._states)


_Stored = tuple[bytes, bool]  # a name as it stands in its node, and whether it has a byte a letter


class _StateRecords:
    """What one state of a hive has in use. The loops are written out: there are hundreds of thousands of values."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach

    @cached_property
    def keys(self) -> dict[tuple[_Stored, int, int], int]:
        """The keys by name, last write and parent: their places."""
        buffer, start = self._reach.buffer, self._reach.head + 76
        unpack = Struct(f"<{self._reach.head}x2xHQ4xI52xH").unpack_from
        found: dict[tuple[_Stored, int, int], int] = {}
        for at in self._reach.keys:
            flags, written, parent, length = unpack(buffer, at)
            name = bytes(buffer[at + start : at + start + length]), bool(flags & _COMP_NAME_KEY)
            found[name if name[1] else _stored(_text(name)), written, parent] = at
        return found

    @cached_property
    def values(self) -> set[tuple[_Stored, int, int, int]]:
        """The values by name, size, data word and type."""
        buffer, start = self._reach.buffer, self._reach.head + 20
        unpack = Struct(f"<{self._reach.head}x2xHIIIH").unpack_from
        found: set[tuple[_Stored, int, int, int]] = set()
        for match in _VALUE_MARK.finditer(self._reach.marks):
            at = match.start() << 3
            length, size, word, type, flags = unpack(buffer, at)
            name = bytes(buffer[at + start : at + start + length]), bool(flags & _COMP_NAME_VALUE)
            found.add((name if name[1] else _stored(_text(name)), size, word, type))
        return found

    @cached_property
    def key_names(self) -> set[str]:
        return {fold_name(_text(name)) for name in {name for name, *_ in self.keys}}

    @cached_property
    def value_names(self) -> set[str]:
        return {fold_name(_text(name)) for name in {name for name, *_ in self.values}}


def _stored(name: str) -> _Stored:
    """A name as Windows stores it: a byte a letter where that is enough."""
    try:
        return name.encode("latin-1"), True
    except UnicodeEncodeError:
        return name.encode("utf-16-le", "surrogatepass"), False


def _text(name: _Stored) -> str:
    stored, compressed = name
    return stored.decode("latin-1") if compressed else stored[: len(stored) & ~1].decode("utf-16-le", "surrogatepass")
