"""The generations of one rename list in order: what was pending once, and what became of it.

MoveFileEx only ever appends to the list, and smss deletes the list when it has worked it off. So a list that begins another one is
an earlier state of it; a list of which nothing is pending any more ran at an earlier boot, or was withdrawn. Where lists share nothing
their order is not known from them, and only the times of their keys can give it.
"""

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.fact import fact
from hivecheck.facts.filetime import is_moment
from hivecheck.settings.remnants import LISTS_COMPARED, UNREACHABLE, LostText, Standing

GONE = "this list ran at an earlier boot, or was withdrawn"
GUESSED = "if this was a rename list, it ran at an earlier boot, or was withdrawn"

Pairs = tuple[tuple[str, str], ...]


@fact
class Generation:
    """One state of a list, and how it stands to the next one and to what is pending."""

    text: LostText
    relation: str


@fact
class RenameHistory:
    """Generations of one list, the oldest first. `is_pending`: the last one is the list as it is now."""

    generations: tuple[Generation, ...]
    is_pending: bool

    @property
    def may_be_pending(self) -> bool:
        """Whether one of its lists can't be reached, and need not be gone."""
        return any(one.text.may_be_pending for one in self.generations)


def order_generations(texts: tuple[LostText, ...]) -> tuple[RenameHistory, ...]:
    """The histories of lists that have operations in common; those that end in a present list come last.

    Beyond 200 lists each is told by itself.
    """
    groups: list[list[LostText]] = []
    for text in texts[:LISTS_COMPARED]:
        own = set(_pairs(text))
        related = [group for group in groups if any(_share(own, other) for other in group)]
        groups = [group for group in groups if not any(group is one for one in related)]
        groups.append([*(one for group in related for one in group), text])
    groups += [[text] for text in texts[LISTS_COMPARED:]]
    histories = [_history(group) for group in groups if any(one.standing is Standing.LOST for one in group)]
    return tuple(sorted(histories, key=lambda history: (history.is_pending, history.generations[0].text.found[0].offset)))


def _pairs(text: LostText) -> Pairs:
    return tuple(zip(text.strings[::2], text.strings[1::2], strict=False))


def _share(own: set[tuple[str, str]], other: LostText) -> bool:
    """Whether half of the shorter list is in the other one."""
    pairs = _pairs(other)
    return bool(pairs) and 2 * len(own.intersection(pairs)) >= min(len(own), len(set(pairs)))


def _history(group: list[LostText]) -> RenameHistory:
    longest = max((_pairs(text) for text in group), key=len)
    places = {pair: number for number, pair in enumerate(longest)}

    def age(text: LostText) -> tuple[bool, int, int, int]:
        pairs = _pairs(text)
        reached = max((places.get(pair, -1) for pair in pairs), default=-1) + 1
        written = text.ref.written if is_moment(text.ref.written) else 0
        return text.standing is Standing.PRESENT, max(reached, len(pairs)), written, text.found[0].offset

    ordered = sorted(group, key=age)
    present = next((text for text in ordered if text.standing is Standing.PRESENT), None)
    generations = tuple(
        Generation(text, _relation(text, _next_whole(ordered[number + 1 :]), present)) for number, text in enumerate(ordered)
    )
    return RenameHistory(generations, present is not None)


def _next_whole(following: list[LostText]) -> LostText | None:
    """The next list whose beginning is there: only with such a one can another be compared."""
    return next((text for text in following if not text.cut_head), None)


def _relation(text: LostText, following: LostText | None, present: LostText | None) -> str:
    if text.standing is Standing.PRESENT:
        return "pending now"
    own = _pairs(text)
    parts = ["pending in the hive file, before its logs are applied"] if text.standing is Standing.UNRECOVERED else []
    if following is not None:
        parts.append(_growth(own, _pairs(following)))
    gone = UNREACHABLE if text.may_be_pending else GUESSED if text.confidence is Confidence.LOW else GONE
    if present is None:
        parts.append(gone)
    else:
        pending = set(_pairs(present))
        left = sum(1 for pair in own if pair in pending)
        if left == len(own):
            parts.append("all of it is still pending")
        elif not left:
            parts.append(
                f"nothing of it is pending in the list that can be reached: {gone}"
                if gone is UNREACHABLE
                else f"nothing of it is pending now: {gone}"
            )
        else:
            rest = UNREACHABLE if gone is UNREACHABLE else "the rest ran at an earlier boot, or was withdrawn"
            parts.append(f"{left} of its {_count(len(own))} still pending; {rest}")
    return "; ".join(part for part in parts if part)


def _growth(own: Pairs, following: Pairs) -> str:
    """What became of a list in the next one."""
    gone, added = len(set(own) - set(following)), len(set(following) - set(own))
    if following[: len(own)] == own:
        return f"then {_count(len(following) - len(own))} added"
    if not gone:
        return "all of it is in the next list"
    return f"then {_count(gone)} gone, {_count(added)} added"


def _count(number: int) -> str:
    return "1 operation" if number == 1 else f"{number} operations"
