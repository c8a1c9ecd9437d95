"""One of two hives that are walked side by side: its keys and values by folded name, those of one name told apart, memory bounded.

Knows nothing of the other side.
"""

from collections.abc import Callable, Iterator, Sequence
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

    def below(self, key: RegfKey) -> list[tuple[Identity, RegfKey]]:
        """The subkeys by identity, in its order."""
        # In one go where that is cheap: keys hold their whole path, and a list of them all those of one key at once.
        subkeys = key.enter_subkeys(self._entered) if len(key.path) <= _LONG_PATH else list(self._few_below(key))
        if not subkeys:
            return []
        identities, repeated = _identities([subkey.name for subkey in subkeys])
        for place in repeated:
            subkey = subkeys[place]
            text = f"the key at 0x{subkey.offset:x} has the name of another subkey of its parent; Windows opens the first"
            self._damage.tell("duplicate-key-name", subkey.offset, text, subkey)
        found = list(zip(identities, subkeys, strict=True))
        if len(found) > 1:
            found.sort(key=_first)
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

    def identify(self, values: Sequence[StoredValue], key: RegfKey) -> list[Identity]:
        """The identities of a key's values, in their order."""
        identities, repeated = _identities([value[1] for value in values])
        self._tell_values(repeated, values, key)
        return identities

    def tell_repeats(self, values: Sequence[StoredValue], key: RegfKey) -> None:
        """Note the values whose name another before them has."""
        folded = [name.upper() if (name := value[1]).isascii() else fold_name(name) for value in values]
        if len(set(folded)) < len(folded):
            self.identify(values, key)

    def _tell_values(self, places: list[int], values: Sequence[StoredValue], key: RegfKey) -> None:
        for place in places:
            at = values[place][0]
            text = f"the value at 0x{at:x} has the name of another value of its key; Windows reads the first"
            self._damage.tell("duplicate-value-name", at, text, key)


_first: Callable[[tuple[Identity, RegfKey]], Identity] = itemgetter(0)


def _identities(names: list[str]) -> tuple[list[Identity], list[int]]:
    """The identities of names that stand together, and the places of those that have the name of one before them."""
    folded = [name.upper() if name.isascii() else fold_name(name) for name in names]
    if len(set(folded)) == len(folded):
        return [(name, 0) for name in folded], []
    seen: dict[str, int] = {}
    identities: list[Identity] = []
    for name in folded:
        seen[name] = number = seen.get(name, -1) + 1
        identities.append((name, number))
    return identities, [place for place, (_, number) in enumerate(identities) if number]
