"""A hive of plain data: what tests, rule examples and texts in hive notation are read into.

`PlainKey` is the bare tree: no paths, no evidence name, comparable with `==`. `MemoryHive` shows it as the `Hive` that every
reader gives. Nothing here knows a file format: `notation` reads and writes the text, `regf` the bytes.
"""

from collections.abc import Container, Iterator

from hivecheck.facts.fact import fact
from hivecheck.facts.origin import KeyRef, ValueRef
from hivecheck.facts.problem import Problem
from hivecheck.registry.cells import StoredValue
from hivecheck.registry.hive import Key, RawValue, fold_name
from hivecheck.registry.named_values import NamedValues


@fact
class PlainValue:
    """A value without a place: `name` '' is the default value, `type` all 32 bits, `data` undecoded."""

    name: str
    type: int
    data: bytes


@fact
class PlainKey:
    """A key and all that lies below it, in stored order. `written` is in FILETIME ticks (UTC)."""

    name: str = "ROOT"
    written: int = 0
    class_name: str | None = None
    values: tuple[PlainValue, ...] = ()
    subkeys: "tuple[PlainKey, ...]" = ()


@fact
class HiveFacts:
    """What the base block of a hive file says about the whole hive; where there is no file, what it would say.

    `sequences` are the primary and the secondary number (unequal: dirty); `saved` is in FILETIME ticks (UTC), 0 where
    Windows wrote none.
    """

    version: tuple[int, int] = (1, 5)
    sequences: tuple[int, int] = (1, 1)
    saved: int = 0


@fact
class MemoryKey:
    """A `Key` over plain data."""

    plain: PlainKey
    path: str
    hive: str  # short name of the evidence

    @property
    def name(self) -> str:
        return self.plain.name

    @property
    def written(self) -> int:
        return self.plain.written

    @property
    def class_name(self) -> str | None:
        return self.plain.class_name

    @property
    def ref(self) -> KeyRef:
        return KeyRef(self.hive, self.path, self.plain.written, None)

    @property
    def values_whole(self) -> bool:
        return True

    @property
    def subkeys_whole(self) -> bool:
        return True

    def subkeys(self) -> "Iterator[MemoryKey]":
        """In stored order."""
        return map(self._below, self.plain.subkeys)

    def subkeys_named(self, names: frozenset[str]) -> "Iterator[MemoryKey]":
        """Those of these folded names, in stored order."""
        return (self._below(plain) for plain in self.plain.subkeys if fold_name(plain.name) in names)

    def subkey(self, path: str) -> "MemoryKey | None":
        """The key at a relative path; of two keys with the same name the first. '' is the key itself."""
        key = self
        for name in filter(None, path.split("\\")):
            folded = fold_name(name)
            found = next((plain for plain in key.plain.subkeys if fold_name(plain.name) == folded), None)
            if found is None:
                return None
            key = key._below(found)
        return key

    def values(self) -> Iterator[RawValue]:
        """In stored order."""
        return map(self._raw, self.plain.values)

    def values_named(self, names: Container[str]) -> NamedValues:
        """The first value of each of these folded names; all of them can be found."""
        found: dict[str, StoredValue] = {}
        for plain in self.plain.values:
            folded = fold_name(plain.name)
            if folded in names and folded not in found:
                found[folded] = 0, plain.name, plain.type, plain.data, None
        return NamedValues(found, self._made, True)

    def data_of(self, name: str) -> tuple[int, bytes] | None:
        """Type and data of the first value of this name."""
        raw = self.value(name)
        return (raw.type, raw.data) if raw is not None else None

    def value(self, name: str) -> RawValue | None:
        """The value with this name ('' for the default one); of two with the same name the first."""
        folded = fold_name(name)
        return next((self._raw(plain) for plain in self.plain.values if fold_name(plain.name) == folded), None)

    def _below(self, plain: PlainKey) -> "MemoryKey":
        return MemoryKey(plain, f"{self.path}\\{plain.name}" if self.path else plain.name, self.hive)

    def _made(self, stored: StoredValue) -> RawValue:
        return self._raw(PlainValue(stored[1], stored[2], stored[3]))

    def _raw(self, plain: PlainValue) -> RawValue:
        ref = ValueRef(self.hive, self.path, plain.name, self.plain.written, None)
        return RawValue(plain.name, plain.type, plain.data, ref)


@fact
class MemoryHive:
    """A `Hive` over plain data. It is never damaged."""

    name: str = "memory"
    plain: PlainKey = PlainKey()
    facts: HiveFacts = HiveFacts()

    @property
    def root(self) -> MemoryKey:
        return MemoryKey(self.plain, "", self.name)

    @property
    def problems(self) -> tuple[Problem, ...]:
        return ()


def plain_of(key: Key) -> PlainKey:
    """The plain tree below any key of any hive: two readers agree on a hive when these are equal."""
    found: list[tuple[Key, list[int]]] = [(key, [])]
    for mother, below in found:  # grows while it is walked; no recursion, for hives as deep as Windows allows
        for subkey in mother.subkeys():
            below.append(len(found))
            found.append((subkey, []))
    plain: dict[int, PlainKey] = {}
    for number, (mother, below) in reversed(tuple(enumerate(found))):
        plain[number] = PlainKey(
            name=mother.name,
            written=mother.written,
            class_name=mother.class_name,
            values=tuple(PlainValue(value.name, value.type, value.data) for value in mother.values()),
            subkeys=tuple(plain.pop(index) for index in below),
        )
    return plain[0]
