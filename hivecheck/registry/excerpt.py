"""A key without some of its subkeys: what to show of a hive where the whole would be too much."""

from collections.abc import Container, Iterator

from hivecheck.facts.fact import fact
from hivecheck.facts.origin import KeyRef
from hivecheck.registry.hive import Key, RawValue, fold_name
from hivecheck.registry.named_values import NamedValues


@fact
class Excerpt:
    """A `Key` that leaves out the subkeys named (folded) in `without`, or all of them where `shallow`."""

    key: Key
    without: frozenset[str] = frozenset()
    shallow: bool = False

    @property
    def name(self) -> str:
        return self.key.name

    @property
    def path(self) -> str:
        return self.key.path

    @property
    def written(self) -> int:
        return self.key.written

    @property
    def class_name(self) -> str | None:
        return self.key.class_name

    @property
    def ref(self) -> KeyRef:
        return self.key.ref

    @property
    def values_whole(self) -> bool:
        return self.key.values_whole

    @property
    def subkeys_whole(self) -> bool:
        return self.key.subkeys_whole

    def subkeys(self) -> Iterator[Key]:
        if not self.shallow:
            yield from (key for key in self.key.subkeys() if fold_name(key.name) not in self.without)

    def subkeys_named(self, names: frozenset[str]) -> Iterator[Key]:
        if not self.shallow:
            yield from self.key.subkeys_named(names - self.without)

    def subkey(self, path: str) -> Key | None:
        first = fold_name(path.split("\\", 1)[0])
        return None if self.shallow or first in self.without else self.key.subkey(path)

    def values(self) -> Iterator[RawValue]:
        return self.key.values()

    def data_of(self, name: str) -> tuple[int, bytes] | None:
        return self.key.data_of(name)

    def value(self, name: str) -> RawValue | None:
        return self.key.value(name)

    def values_named(self, names: Container[str]) -> NamedValues:
        return self.key.values_named(names)
