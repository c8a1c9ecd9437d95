"""What differs between two documents, before anyone judges it; and how things of two lists are matched by identity.

Known to the heights and to the verdicts. Nothing here knows what a setting or an event is.
"""

from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, TypeVar

from hivecheck.compare.change import ChangeKind
from hivecheck.facts.fact import fact

Json = Any
T = TypeVar("T")
K = TypeVar("K", bound=Hashable)


@fact
class Difference:
    """One difference, as `Change` tells it, and what the verdict needs to know besides.

    `name` is the setting, or the kind of effect; `subject` the program, service or variable it is about, '' for none; `shipped`
    the baseline's word for the thing on the after side, None where it has none, `was_shipped` that of the before side; `events`
    are numbers of the after side. `is_whole` is said of a setting that came, went or changed as one. `because` are origins of
    the after side, of the before side for what was removed; `was_because` those of the before side for what was changed.
    """

    change: ChangeKind
    what: str
    before: Json
    after: Json
    because: tuple[Json, ...]
    name: str
    subject: str = ""
    text: str = ""
    shipped: str | None = None
    events: tuple[int, ...] = ()
    is_whole: bool = True
    was_shipped: str | None = None
    was_because: tuple[Json, ...] = ()


def keyed(things: Iterable[T], identity: Callable[[T], Hashable]) -> dict[tuple[Hashable, int], T]:
    """The things by identity, in order; those of one identity are told apart by how many came before."""
    found: dict[tuple[Hashable, int], T] = {}
    seen: dict[Hashable, int] = {}
    for thing in things:
        key = identity(thing)
        number = seen.get(key, 0)
        seen[key] = number + 1
        found[key, number] = thing
    return found


def moved(before: Sequence[K], after: Sequence[K]) -> tuple[tuple[K, int, int], ...]:
    """The fewest things that stand elsewhere in the order of those that both sides have, with both places, counted from 0.

    All the others keep their order among each other: they are a longest increasing run of places. Takes n log n.
    """
    places = {key: place for place, key in enumerate(before)}
    shared = [key for key in after if key in places]
    keeps = _longest_rising([places[key] for key in shared])
    return tuple(
        [(key, places[key], place) for place, key in enumerate(after) if key in places and places[key] not in keeps]
    )


def _longest_rising(numbers: list[int]) -> frozenset[int]:
    """The members of one longest rising run of different numbers."""
    tops: list[int] = []  # the smallest last number of a run of each length
    above: dict[int, int | None] = {}
    for number in numbers:
        length = bisect_left(tops, number)
        above[number] = tops[length - 1] if length else None
        tops[length : length + 1] = [number]
    kept: set[int] = set()
    last = tops[-1] if tops else None
    while last is not None:
        kept.add(last)
        last = above[last]
    return frozenset(kept)
