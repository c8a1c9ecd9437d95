"""The keys below `Services`, listed once for all who look at them: each with its own subkeys, by folded names.

Knows nothing of what a service is. The hive must stay open as long as the keys are asked.
"""

from collections.abc import Iterable, Iterator, Mapping

from hivecheck.registry.hive import Key, fold_name

SERVICES = "Services"


class ServiceKeys:
    """The key `Services` of one control set and what lies below it; `top` is None where there is no such key."""

    def __init__(self, control_set: Key | None) -> None:
        self.top = control_set.subkey(SERVICES) if control_set is not None else None
        self.keys: tuple[Key, ...] = tuple(self.top.subkeys()) if self.top is not None else ()
        self._below: dict[int, Mapping[str, Key]] = {}
        self._by_name: dict[str, Key] | None = None

    def below(self, key: Key) -> Mapping[str, Key]:
        """The subkeys of one of the keys by folded name; of two of one name the first, as in a look-up."""
        found = self._below.get(id(key))
        if found is None:
            found = self._below[id(key)] = _by_folded_name(key.subkeys())
        return found

    def named_below(self, names: frozenset[str]) -> Iterator[tuple[Key, Key]]:
        """The subkeys of these folded names, each behind the key it lies in, at less than half the price of all subkeys."""
        for key in self.keys:
            known = self._below.get(id(key))
            for child in key.subkeys_named(names) if known is None else [known[name] for name in names if name in known]:
                yield key, child

    def named(self, name: str) -> Key | None:
        """The key of this name, compared as Windows does; None where there is none."""
        if self._by_name is None:
            self._by_name = _by_folded_name(self.keys)
        return self._by_name.get(fold_name(name))


def _by_folded_name(keys: Iterable[Key]) -> dict[str, Key]:
    found: dict[str, Key] = {}
    for key in keys:
        name = key.name
        found.setdefault(name.upper() if name.isascii() else fold_name(name), key)
    return found
