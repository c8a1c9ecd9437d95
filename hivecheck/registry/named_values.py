"""Some values of one key, by folded name: asked for their number or text at once, made into `RawValue`s only when those are asked for.

A hive has hundreds of services with some ten values each, and few of them are ever cited.
"""

from collections.abc import Callable, Iterator, Mapping

from hivecheck.registry.cells import StoredValue
from hivecheck.registry.hive import RawValue
from hivecheck.registry.raw_values import stored_number, stored_text


class NamedValues(Mapping[str, RawValue]):
    """The first value of each name. `is_whole` tells whether every value that the key counts can be found."""

    __slots__ = ("_made", "_make", "_stored", "is_whole")

    def __init__(self, stored: dict[str, StoredValue], make: Callable[[StoredValue], RawValue], is_whole: bool) -> None:
        self._stored = stored
        self._make = make
        self._made: dict[str, RawValue] = {}
        self.is_whole = is_whole

    def __getitem__(self, name: str) -> RawValue:
        found = self._made.get(name)
        if found is None:
            found = self._made[name] = self._make(self._stored[name])
        return found

    def add(self, name: str, raw: RawValue) -> None:
        """One more, which counts as if it stood in the key under this folded name."""
        self._stored[name] = raw.ref.offset or 0, raw.name, raw.type, raw.data, raw.damage
        self._made[name] = raw

    def __contains__(self, name: object) -> bool:
        return name in self._stored

    def __iter__(self) -> Iterator[str]:
        return iter(self._stored)

    def __len__(self) -> int:
        return len(self._stored)

    def get(self, name: str, default: RawValue | None = None) -> RawValue | None:  # type: ignore[override]
        """The value, made when it is first asked for."""
        return self[name] if name in self._stored else default

    def type(self, name: str) -> int:
        """The type of a value that is there, as its number."""
        return self._stored[name][2]

    def data(self, name: str) -> bytes:
        """The data undecoded; b'' where the value is absent."""
        stored = self._stored.get(name)
        return stored[3] if stored is not None else b""

    def number(self, name: str) -> int | None:
        """A REG_DWORD; None where it is absent, of another type, or not of 4 bytes."""
        stored = self._stored.get(name)
        return stored_number(stored[2], stored[3]) if stored is not None else None

    def text(self, name: str) -> str:
        """A REG_SZ or REG_EXPAND_SZ, not expanded; '' where it is absent or of another type."""
        stored = self._stored.get(name)
        return stored_text(stored[2], stored[3]) if stored is not None else ""
