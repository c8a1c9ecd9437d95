"""Which control set of one hive is held against which of another: that of the same role, whatever their numbers.

Known to the walk over two whole hives. Knows of keys only that they have folded names.
"""

from collections.abc import Mapping
from typing import TypeVar

from hivecheck.facts.fact import fact
from hivecheck.registry.control_sets import control_set_name

T = TypeVar("T")
Identity = tuple[str, int]


@fact
class Alignment:
    """`pairs` are the numbers before and after of sets that are one. `only`: nothing but these is compared. `gone`: numbers of no set."""

    pairs: tuple[tuple[int, int], ...] = ()
    only: bool = False
    gone: frozenset[int] = frozenset()

    @property
    def renumbered(self) -> tuple[tuple[int, int], ...]:
        """The compared pairs of different numbers: those to be told."""
        return tuple([(one, other) for one, other in self.pairs if one != other and other not in self.gone])

    def aligned(self, olds: Mapping[Identity, T], news: Mapping[Identity, T]) -> tuple[dict[Identity, T], dict[Identity, T]]:
        """The keys below the root, those of before under the names of the sets that they are held against."""
        names = {_identity(one): _identity(other) for one, other in self.pairs}
        if self.only:
            kept = {names[key]: key_of for key, key_of in olds.items() if key in names}
            return kept, {key: key_of for key, key_of in news.items() if key in names.values()}
        return {names.get(key, key): key_of for key, key_of in olds.items()}, dict(news)


AS_NUMBERED = Alignment()


def align_control_sets(
    before: int | None, after: int | None, sets_before: tuple[int, ...], sets_after: tuple[int, ...], one_hive: bool
) -> Alignment:
    """The alignment of two hives whose compared sets are these (None for none) and that hold these sets.

    Sets of one number are one, apart from the two compared; of those that are left the lowest of each side are one. Of one
    hive in two of its sets only the two are compared.
    """
    if before is None or after is None or before == after:
        return AS_NUMBERED
    if one_hive:
        return Alignment(((before, after),), True)
    rest_before = [number for number in sets_before if number != before]
    rest_after = [number for number in sets_after if number != after]
    shared = [number for number in rest_before if number in rest_after]
    left = zip(
        [number for number in rest_before if number not in shared],
        [number for number in rest_after if number not in shared],
        strict=False,
    )
    pairs = [(before, after), *((number, number) for number in shared), *left]
    taken, names = {one for one, _ in pairs}, {other for _, other in pairs} | set(sets_after)
    free = (number for number in range(1, 1_000) if number not in names)  # for a set that is gone, and whose number is taken
    lost = [(number, next(free)) for number in sets_before if number not in taken and number in names]
    return Alignment((*pairs, *lost), gone=frozenset([other for _, other in lost]))


def _identity(number: int) -> Identity:
    return control_set_name(number).upper(), 0
