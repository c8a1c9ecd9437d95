"""One of two hives that are walked side by side: its keys and values by folded name, those of one name told apart, memory bounded.

Knows nothing of the other side.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from operator import itemgetter

from hivecheck.facts.problem import Problem
from hivecheck.registry.cells import StoredValue
from hivecheck.registry.damage import Damage
from hivecheck.registry.hive import fold_name
from hivecheck.registry.keys import RegfKey
from hivecheck.registry.regf import RegfHive

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

    def below(self, key: RegfKey) -> list[tuple[str, RegfKey]]:
        """The subkeys with their folded names, by these; those of one name in stored order."""
        # In one go where that is cheap: keys hold their whole path, and a list of them all those of one key at once.
        subkeys = key.enter_subkeys(self._entered) if len(key.path) <= _LONG_PATH else list(self._few_below(key))
        found = [(name.upper() if (name := subkey.name).isascii() else fold_name(name), subkey) for subkey in subkeys]
        for _, subkey in found:
            if "\\" in subkey.name:
                text = f"the name of the key at 0x{subkey.offset:x} holds a backslash: its path reads as that of another key"
                self._damage.tell("backslash-in-name", subkey.offset, text, subkey)
        if len(found) > 1:
            found.sort(key=_first)
            if len({folded for folded, _ in found}) < len(found):
                self._tell_keys(found)
        return found

    def identified_below(self, key: RegfKey) -> dict[Identity, RegfKey]:
        """The same by identity."""
        found: dict[Identity, RegfKey] = {}
        last, number = None, 0
        for folded, subkey in self.below(key):
            number = number + 1 if folded == last else 0
            found[folded, number] = subkey
            last = folded
        return found

    def _tell_keys(self, found: list[tuple[str, RegfKey]]) -> None:
        """Note the subkeys whose name another before them has."""
        for (one, _), (other, subkey) in pairwise(found):
            if one == other:
                text = (
                    f"the key at 0x{subkey.offset:x} has the name of another subkey of its parent; Windows opens the first"
                )
                self._damage.tell("duplicate-key-name", subkey.offset, text, subkey)

    def _few_below(self, key: RegfKey) -> Iterator[RegfKey]:
        """The subkeys one by one, as long as there is room for their paths."""
        for subkey in key.subkeys():
            self._letters += len(subkey.path)
            if self._letters > _LONG_PATHS_LETTERS:
                text = "the paths of keys that lie very deep fill the memory; those further down were not compared"
                self._damage.tell("limit-paths", 0, text, self.hive.root, loses_data=True)
                return
            yield subkey

    def identified(self, values: Sequence[StoredValue], key: RegfKey) -> dict[Identity, StoredValue]:
        """A key's values by identity, in their order."""
        found: dict[Identity, StoredValue] = {}
        seen: dict[str, int] = {}
        for value in values:
            folded = fold_name(value[1])
            seen[folded] = number = seen.get(folded, -1) + 1
            found[folded, number] = value
            if number:
                text = f"the value at 0x{value[0]:x} has the name of another value of its key; Windows reads the first"
                self._damage.tell("duplicate-value-name", value[0], text, key)
        return found

    def tell_repeats(self, values: Sequence[StoredValue], key: RegfKey) -> None:
        """Note the values whose name another before them has."""
        folded = {name.upper() if (name := value[1]).isascii() else fold_name(name) for value in values}
        if len(folded) < len(values):
            self.identified(values, key)


_first: Callable[[tuple[str, RegfKey]], str] = itemgetter(0)
