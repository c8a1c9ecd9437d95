"""The keys in use, asked by the place of their cell: the path of one, whether a name is taken below it, whose value it is.

For carving, which meets a key by its place and not from the root. Reads no more of the hive than it is asked for.
"""

import re
from collections.abc import Iterator
from struct import Struct, unpack_from

from hivecheck.registry.base_block import BINS_START
from hivecheck.registry.cells import SEGMENT_BYTES
from hivecheck.registry.hive import fold_name
from hivecheck.registry.lost_nodes import RESIDENT, LostKey, LostValue
from hivecheck.registry.reachability import KEY, VALUE, Reach

_LEVELS_AT_MOST = 512
_COMP_NAME_KEY, _COMP_NAME_VALUE = 0x20, 0x1


class LiveNames:
    """The names of the keys in use of one hive."""

    __slots__ = ("_children", "_indexed", "_key", "_list", "_longest", "_owners", "_paths", "_reach", "_value")

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
        folded = fold_name(name)
        return next((at for at in self.values_of(key) if fold_name(self.value_name(at)) == folded), None)

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

    __slots__ = ("_key_names", "_keys", "_reaches", "_value_names", "_values")

    def __init__(self, reaches: tuple[Reach, ...]) -> None:
        self._reaches = tuple({id(reach): reach for reach in reaches}.values())
        self._keys: dict[tuple[str, int, int], int] | None = None
        self._values: set[tuple[str, int, int, int]] | None = None
        self._key_names: set[str] | None = None
        self._value_names: set[str] | None = None

    def key(self, key: LostKey) -> int | None:
        """The place of the key in use with the same name, last write and parent; None where none has all three."""
        return self._read_keys().get((key.name, key.written, key.parent))

    def has_value(self, value: LostValue) -> bool:
        """Whether a value in use has the same name, type and size and the same data, or the same cell of data."""
        if self._values is None:
            self._values = set(self._read_values())
        return (value.name, value.size, value.word, value.type) in self._values

    def has_key_name(self, name: str) -> bool:
        """Whether any key in use is called so."""
        if self._key_names is None:
            self._key_names = {fold_name(name) for name, _, _ in self._read_keys()}
        return fold_name(name) in self._key_names

    def has_value_name(self, name: str) -> bool:
        """Whether any value in use is called so."""
        if self._value_names is None:
            self._value_names = {fold_name(name) for name, *_ in self._values or self._read_values()}
        return fold_name(name) in self._value_names

    def _read_keys(self) -> dict[tuple[str, int, int], int]:
        if self._keys is None:
            self._keys = {}
            for reach in reversed(self._reaches):
                names, unpack = LiveNames(reach), Struct(f"<{reach.head}x4xQ4xI").unpack_from
                for at in reach.keys:
                    written, parent = unpack(reach.buffer, at)
                    self._keys[names.key_name(at), written, parent] = at
        return self._keys

    def _read_values(self) -> Iterator[tuple[str, int, int, int]]:
        for reach in self._reaches:
            names, unpack = LiveNames(reach), Struct(f"<{reach.head + 4}xIII").unpack_from
            for match in re.finditer(bytes((VALUE,)), reach.marks):
                at = match.start() << 3
                size, word, type = unpack(reach.buffer, at)
                yield names.value_name(at), size, word, type
