"""Every key and value of two hives, by path without regard to case: what was added, removed and changed. Any registry hive.

A value is changed where its type or its bytes are; a key where its last write or its class name is. Names spelled in another case
are the same, as they are to Windows. Both trees are walked side by side, so what is held in memory is what differs. Knows nothing of
what a key means; `noise` says where a machine writes by running.
"""

from typing import NamedTuple

from hivecheck.compare.control_set_alignment import AS_NUMBERED, Alignment
from hivecheck.compare.noise import NoiseClass, NoiseRules, Standing, load_noise
from hivecheck.compare.stored_data import KEPT_BYTES, kept
from hivecheck.compare.walked_side import WalkedSide
from hivecheck.facts.fact import fact
from hivecheck.facts.problem import Problem
from hivecheck.registry.cells import StoredValue
from hivecheck.registry.keys import RegfKey
from hivecheck.registry.regf import RegfHive

MAXIMUM_DIFFERENCES = 1_000_000  # keys and values held; further ones are only counted
MAXIMUM_LETTERS = 64_000_000  # of their paths; two Windows have some 20 million
_KEYS, _VALUES = 0, 3  # where their counts begin in `Counts`


class KeyState(NamedTuple):
    """A key on one side. `written` is in FILETIME ticks (UTC), `offset` in bytes from the start of the file."""

    written: int
    class_name: str | None
    offset: int


class ValueDifference(NamedTuple):
    """A value that was added (no `before`), removed (no `after`) or changed. `name` is spelled as after, where it is there.

    Long data are `CutData`.
    """

    name: str
    before: StoredValue | None
    after: StoredValue | None
    noise: NoiseClass | None


class KeyDifference(NamedTuple):
    """A key that differs: it was added (no `before`), removed (no `after`), rewritten, or some of its values differ.

    `path` is spelled as after, where it is there. `is_rewritten` is True where it is on both sides with another last write or class
    name. `is_inside`: it lies in a key that was added or removed as well. `is_doubtful`: damage of the side where it is missing may
    have swallowed it; `values_doubtful` says so of its values. `noise` is the class of the key itself. A key of one side has all its
    values in `alone`, with their classes in `alone_noise`; a key of both sides has those that differ in `pairs`.
    """

    path: str
    before: KeyState | None
    after: KeyState | None
    is_rewritten: bool
    is_inside: bool
    is_doubtful: bool
    values_doubtful: bool
    noise: NoiseClass | None
    alone: tuple[StoredValue, ...]
    alone_noise: tuple[NoiseClass | None, ...]
    pairs: tuple[ValueDifference, ...]

    @property
    def values(self) -> tuple[ValueDifference, ...]:
        """All values of an added or removed key in stored order; of another those that differ, the added ones last."""
        if not self.alone:
            return self.pairs
        both = zip(self.alone, self.alone_noise, strict=True)
        if self.before is None:
            return tuple([ValueDifference(stored[1], None, stored, noise) for stored, noise in both])
        return tuple([ValueDifference(stored[1], stored, None, noise) for stored, noise in both])


@fact
class Counts:
    """How many keys and values were added, removed, changed. A rewritten key is a changed one."""

    keys_added: int = 0
    keys_removed: int = 0
    keys_changed: int = 0
    values_added: int = 0
    values_removed: int = 0
    values_changed: int = 0

    @property
    def total(self) -> int:
        return (
            self.keys_added
            + self.keys_removed
            + self.keys_changed
            + self.values_added
            + self.values_removed
            + self.values_changed
        )


@fact
class WholeHiveDiff:
    """All differences, mothers before their daughters, those of one mother by folded name; the same for every layout of cells.

    `counts` are over everything, `noise` those of each class of noise that was met, in the order of its file. `before` and `after`
    name the hives. `is_cut`: there are more differences than are held. `aligned` are the control sets of different numbers that
    were held against each other; their paths are spelled as after. `log_sectors` are the sectors (512 bytes) of either side that
    come from a transaction log.
    """

    before: str
    after: str
    differences: tuple[KeyDifference, ...]
    counts: Counts
    noise: tuple[tuple[NoiseClass, Counts], ...]
    problems_before: tuple[Problem, ...]
    problems_after: tuple[Problem, ...]
    is_cut: bool
    aligned: tuple[tuple[int, int], ...] = ()
    log_sectors: tuple[frozenset[int], frozenset[int]] = (frozenset(), frozenset())

    @property
    def is_same(self) -> bool:
        """Whether no key and no value differs, and both hives could be read whole."""
        return not self.counts.total and not any(one.loses_data for one in (*self.problems_before, *self.problems_after))


def compare_hives(
    before: RegfHive, after: RegfHive, rules: NoiseRules | None = None, sets: Alignment = AS_NUMBERED
) -> WholeHiveDiff:
    """What differs between two hives, which must stay open meanwhile. Their roots are one key, whatever they are called.

    `sets` says which control set is held against which. Never raises for damage: what could not be read is told in the
    problems, and what may be missing for it is `is_doubtful`.
    """
    return _Comparison(before, after, rules or load_noise(), sets).run()


class _Comparison:
    """The walk over both trees, and what it has found so far."""

    __slots__ = (
        "_after",
        "_before",
        "_by_class",
        "_counts",
        "_found",
        "_held",
        "_is_cut",
        "_letters",
        "_pending",
        "_rules",
        "_sets",
    )

    def __init__(self, before: RegfHive, after: RegfHive, rules: NoiseRules, sets: Alignment) -> None:
        self._sets = sets
        self._before = WalkedSide(before)
        self._after = WalkedSide(after)
        self._rules = rules
        self._found: list[KeyDifference] = []
        self._counts = [0] * 6
        self._by_class = {noise.id: [0] * 6 for noise in rules.classes}
        self._held = 0
        self._letters = 0
        self._is_cut = False
        self._pending: list[tuple[RegfKey | None, RegfKey | None, Standing, bool]] = []

    def run(self) -> WholeHiveDiff:
        before, after = self._before, self._after
        self._pending.append((before.hive.root, after.hive.root, self._rules.root, False))
        while self._pending:
            old, new, standing, is_doubtful = self._pending.pop()
            if old is not None and new is not None:
                self._compare(old, new, standing)
            elif new is not None:
                self._take_whole(new, after, standing, is_doubtful)
            elif old is not None:
                self._take_whole(old, before, standing, is_doubtful)
        counted = [
            (noise, Counts(*self._by_class[noise.id])) for noise in self._rules.classes if any(self._by_class[noise.id])
        ]
        return WholeHiveDiff(
            before.hive.name,
            after.hive.name,
            tuple(self._found),
            Counts(*self._counts),
            tuple(counted),
            before.problems,
            after.problems,
            self._is_cut,
            self._sets.renumbered,
            (before.hive.log_sectors, after.hive.log_sectors),
        )

    def _take_whole(self, top: RegfKey, side: WalkedSide, standing: Standing, is_doubtful: bool) -> None:
        """A key that one side has alone and all below it, with all values. In one loop: two Windows differ in most of their keys."""
        is_added, rules = side is self._after, self._rules
        pending = [(top, standing)]
        while pending:
            key, standing = pending.pop()
            stored = list(key.stored_values())
            values = tuple([one if len(one[3]) <= KEPT_BYTES else kept(one) for one in stored])
            if len(values) > 1:
                side.tell_repeats(values, key)
            place = KeyState(key.written, key.class_name, key.offset)
            old, new = (None, place) if is_added else (place, None)
            value_noise: tuple[NoiseClass | None, ...]
            if standing.covers:
                value_noise = rules.of_values(standing, stored)
                self._count_noise(standing.of_key, value_noise, old)
            else:
                value_noise = (None,) * len(values)
            self._counts[_KEYS + (not is_added)] += 1
            self._counts[_VALUES + (not is_added)] += len(values)
            self._hold(
                KeyDifference(
                    key.path,
                    old,
                    new,
                    False,
                    key is not top,
                    is_doubtful,
                    is_doubtful,
                    standing.of_key,
                    values,
                    value_noise,
                    (),
                ),
                len(values),
            )
            if standing.steps:
                pending += [(subkey, rules.below(standing, folded)) for folded, subkey in reversed(side.below(key))]
            else:
                pending += [(subkey, standing) for _, subkey in reversed(side.below(key))]

    def _count_noise(
        self, of_key: NoiseClass | None, of_values: tuple[NoiseClass | None, ...], before: KeyState | None
    ) -> None:
        """The noise in a key that one side has alone."""
        removed = before is not None
        if of_key is not None:
            self._by_class[of_key.id][_KEYS + removed] += 1
        for noise in of_values:
            if noise is not None:
                self._by_class[noise.id][_VALUES + removed] += 1

    def _compare(self, old: RegfKey, new: RegfKey, standing: Standing) -> None:
        """A key that both sides have; its subkeys are to follow, in pairs."""
        values = self._changed_values(old, new, standing)
        is_rewritten = old.written != new.written or old.class_name != new.class_name
        if (is_rewritten or values) and (new.path or not self._sets.only):
            noise = standing.of_key
            if old.class_name != new.class_name or any(value.noise is None for value in values):
                noise = None
            elif noise is None and values:
                noise = values[0].noise
            lacking = {
                self._before if value.before is None else self._after
                for value in values
                if None in (value.before, value.after)
            }
            self._hold(
                KeyDifference(
                    new.path,
                    KeyState(old.written, old.class_name, old.offset),
                    KeyState(new.written, new.class_name, new.offset),
                    is_rewritten,
                    False,
                    False,
                    any(side.hurt and not (old if side is self._before else new).values_whole for side in lacking),
                    noise,
                    (),
                    (),
                    values,
                ),
                len(values),
            )
            if is_rewritten:
                self._count(_KEYS, old, new, noise)
            for value in values:
                self._count(_VALUES, value.before, value.after, value.noise)
        olds, news = self._before.identified_below(old), self._after.identified_below(new)
        if not new.path:
            olds, news = self._sets.aligned(olds, news)
        if not olds and not news:
            return
        lost_before = lost_after = False
        if olds.keys() != news.keys():
            lost_before = self._before.hurt and not old.subkeys_whole
            lost_after = self._after.hurt and not new.subkeys_whole
        for identity in sorted(olds.keys() | news.keys(), reverse=True):
            one, other = olds.get(identity), news.get(identity)
            is_doubtful = (one is None and lost_before) or (other is None and lost_after)
            self._pending.append((one, other, self._rules.below(standing, identity[0]), is_doubtful))

    def _changed_values(self, old: RegfKey, new: RegfKey, standing: Standing) -> tuple[ValueDifference, ...]:
        """The values that differ: those of before in stored order, then those that were added."""
        olds, news = list(old.stored_values()), list(new.stored_values())
        if len(olds) == len(news) and all(map(_is_same, olds, news)):
            return ()
        found: list[ValueDifference] = []
        by_name, others = self._before.identified(olds, old), self._after.identified(news, new)
        for identity, one in by_name.items():
            other = others.get(identity)
            if other is None:
                noise = self._rules.of_value(standing, one[1], one[3], is_alone=True)
                found.append(ValueDifference(one[1], kept(one), None, noise))
            elif one[2] != other[2] or one[3] != other[3] or (one[4] is None) != (other[4] is None):
                noise = self._rules.of_value(standing, other[1], one[3], other[3])
                found.append(ValueDifference(other[1], kept(one), kept(other), noise))
        for identity, other in others.items():
            if identity not in by_name:
                noise = self._rules.of_value(standing, other[1], other[3], is_alone=True)
                found.append(ValueDifference(other[1], None, kept(other), noise))
        return tuple(found)

    def _hold(self, difference: KeyDifference, values: int) -> None:
        """Keep a difference while there is room for it, and for its path, which each value that is told repeats."""
        self._held += 1 + values
        self._letters += (1 + values) * len(difference.path)
        if self._held <= MAXIMUM_DIFFERENCES and self._letters <= MAXIMUM_LETTERS:
            self._found.append(difference)
        else:
            self._is_cut = True

    def _count(self, first: int, before: object, after: object, noise: NoiseClass | None) -> None:
        column = first + (0 if before is None else 1 if after is None else 2)
        self._counts[column] += 1
        if noise is not None:
            self._by_class[noise.id][column] += 1


def _is_same(one: StoredValue, other: StoredValue) -> bool:
    return one[3] == other[3] and one[2] == other[2] and one[1] == other[1] and (one[4] is None) == (other[4] is None)
