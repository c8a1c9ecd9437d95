"""The differences of two hives grouped by subtree: a few dozen places that tell nearly all, each as deep as its share allows.

Noise is left out: it is grouped by its classes.
"""

from collections.abc import Iterable
from heapq import heappop, heappush

from hivecheck.compare.whole_hive import Counts, KeyDifference
from hivecheck.facts.fact import fact
from hivecheck.registry.hive import fold_name

MOST_GROUPS = 36
_DEEPEST = 7  # levels below the root that can be told apart
_SHARE = 0.01  # of all differences: what has less is no group of its own
_SPLIT_SHARE = 0.03  # what has less is told as one


@fact
class Subtree:
    """The differences in one key and below it. `path` is spelled as stored first, '' for the root.

    `is_rest`: other groups have lain below it, which are not counted here again.
    """

    path: str
    counts: Counts
    is_rest: bool


class _Node:
    __slots__ = ("below", "counts", "path", "total")

    def __init__(self, path: str) -> None:
        self.path = path
        self.counts = [0] * 6
        self.total = 0
        self.below: dict[str, _Node] = {}


def group_by_subtree(differences: Iterable[KeyDifference], most: int = MOST_GROUPS) -> tuple[Subtree, ...]:
    """At most so many groups, which together tell all differences that are no noise, the largest first."""
    root = _grown(differences)
    if not root.total:
        return ()
    least, undivided = root.total * _SHARE, root.total * _SPLIT_SHARE
    open_groups: list[tuple[int, str, _Node]] = [(-root.total, "", root)]
    closed: list[Subtree] = []
    while open_groups:
        _, _, node = heappop(open_groups)
        large = [child for child in node.below.values() if child.total >= least]
        room = most - len(open_groups) - len(closed) - 1  # one for the rest
        if node.total < undivided or not 0 < len(large) <= room:
            closed.append(Subtree(node.path, Counts(*node.counts), False))
            continue
        rest = [
            own - sum(parts) for own, parts in zip(node.counts, zip(*(c.counts for c in large), strict=True), strict=True)
        ]
        for child in large:
            heappush(open_groups, (-child.total, child.path, child))
        if any(rest):
            closed.append(Subtree(node.path, Counts(*rest), True))
    return tuple(sorted(closed, key=lambda group: (-group.counts.total, group.path)))


def _grown(differences: Iterable[KeyDifference]) -> _Node:
    """The tree of keys that differ, down to the deepest level, each with the counts of all below it."""
    root = _Node("")
    nodes = [root]  # mothers before their daughters
    for one in differences:
        counts = _quiet_counts(one)
        if not any(counts):
            continue
        node = root
        names = one.path.split("\\", _DEEPEST)[:_DEEPEST] if one.path else []
        for depth, name in enumerate(names):
            folded = name.upper() if name.isascii() else fold_name(name)
            below = node.below.get(folded)
            if below is None:
                below = node.below[folded] = _Node("\\".join(names[: depth + 1]))
                nodes.append(below)
            node = below
        _add(node.counts, counts)
    for node in reversed(nodes):
        for child in node.below.values():
            _add(node.counts, child.counts)
        node.total = sum(node.counts)
    return root


def _add(counts: list[int], more: list[int]) -> None:
    for column, count in enumerate(more):
        if count:
            counts[column] += count


def _quiet_counts(one: KeyDifference) -> list[int]:
    """What of a key is no noise, as in `Counts`."""
    counts = [0] * 6
    if one.noise is None and (one.before is None or one.after is None or one.is_rewritten):
        counts[0 if one.before is None else 1 if one.after is None else 2] = 1
    if one.alone:
        counts[3 if one.before is None else 4] = one.alone_noise.count(None)
    for pair in one.pairs:
        if pair.noise is None:
            counts[3 if pair.before is None else 4 if pair.after is None else 5] += 1
    return counts
