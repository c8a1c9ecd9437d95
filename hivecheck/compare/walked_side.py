"""One of two hives that are walked side by side: its keys and values by folded name, those of one name told apart, memory bounded.

Knows nothing of the other side.
"""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from hivecheck.facts.problem import Problem
from hivecheck.registry.cells import StoredValue
from hivecheck.registry.damage import Damage
from hivecheck.registry.hive import fold_name
from hivecheck.registry.keys import RegfKey
from hivecheck.registry.regf import RegfHive

T = TypeVar("T")
# A folded name, and how many of that name stand before it in stored order.
Identity = tuple[str, int]

_LONG_PATH = 512  # letters; real paths are shorter
_LONG_PATHS_LETTERS = 64_000_000  # of all long paths together: each level below a long path repeats it


class WalkedSide:
    """One hive during a walk: who listed each key first, what was odd, and how many letters its long paths have taken."""

    __slots__ = ("_damage", "_entered", "_letters", "hive")

    def __init__(self, hive: RegfHive) -> None:
        self.hive = hive
        self._entered = {hive.root.offset: 0}
        self._damage = Damage(hive.limits.problems)
        self._letters = 0

    @property
    def hurt(self) -> bool:
        """Whether anything was met so far that is wrong with the hive."""
        return bool(self.hive.problems)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What was wrong with the hive, and the names that a key holds twice."""
        return (*self.hive.problems, *self._damage.problems)

    def below(self, key: RegfKey) -> dict[Identity, RegfKey]:
        """The subkeys, in stored order."""
        # In one go where that is cheap: keys hold their whole path, and a list of them all those of one key at once.
        subkeys = key.enter_subkeys(self._entered) if len(key.path) <= _LONG_PATH else list(self._few_below(key))
        found, repeated = _identified(subkeys, [subkey.name for subkey in subkeys])
        for subkey in repeated:
            text = f"the key at 0x{subkey.offset:x} has the name of another subkey of its parent; Windows opens the first"
            self._damage.tell("duplicate-key-name", subkey.offset, text, subkey)
        return found

    def _few_below(self, key: RegfKey) -> Iterator[RegfKey]:
        """The subkeys one by one, as long as there is room for their paths."""
        for subkey in key.subkeys():
            self._letters += len(subkey.path)
            if self._letters > _LONG_PATHS_LETTERS:
                text = "the paths of keys that lie very deep fill the memory; those further down were not compared"
                self._damage.tell("limit-paths", 0, text, self.hive.root, loses_data=True)
                return
            yield subkey

    def values(self, stored: list[StoredValue], key: RegfKey) -> dict[Identity, StoredValue]:
        """Values of a key by name, in their order."""
        found, repeated = _identified(stored, [value[1] for value in stored])
        for value in repeated:
            text = f"the value at 0x{value[0]:x} has the name of another value of its key; Windows reads the first"
            self._damage.tell("duplicate-value-name", value[0], text, key)
        return found


def _identified(things: Iterable[T], names: Iterable[str]) -> tuple[dict[Identity, T], list[T]]:
    """The things by identity, in order, and those whose name another before them has."""
    found: dict[Identity, T] = {}
    repeated: list[T] = []
    seen: dict[str, int] = {}
    for thing, name in zip(things, names, strict=True):
        folded = name.upper() if name.isascii() else fold_name(name)
        if (folded, 0) in found:
            seen[folded] = number = seen.get(folded, 0) + 1
            found[folded, number] = thing
            repeated.append(thing)
        else:
            found[folded, 0] = thing
    return found, repeated
