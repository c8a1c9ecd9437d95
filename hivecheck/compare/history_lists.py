"""Earlier rename lists and boot commands that a hive no longer holds, as steps of its history: what each asked for, and what changed.

They are no states: nothing else of their time is known. What a log entry wrote is told with that entry, and not again here.
"""

from collections import Counter
from collections.abc import Iterable, Iterator

from hivecheck.compare.history_dates import is_date
from hivecheck.compare.states import DateMeaning, Dating
from hivecheck.evidence.opening import LogChange
from hivecheck.facts.certainty import Confidence
from hivecheck.facts.fact import changed, fact
from hivecheck.facts.origin import ValueRef
from hivecheck.registry.hive import RawValue
from hivecheck.registry.strings import decode_multi_sz
from hivecheck.settings.lost_lists import LostLists
from hivecheck.settings.pending_renames import PendingRename
from hivecheck.settings.remnants import LostText, Standing

Known = set[tuple[str, ...]]


@fact
class EarlierList:
    """A list of the Session Manager that is no more. `lines` are its operations or commands in words.

    `added` and `gone` are the lines that the whole list before it of the same history has not, or had and this has not; `follows`
    says whether there is such a one. `after_file`: it is younger than the hive file without its logs. `relation` says what became of it; `generation` counts from 1 within `generations` of its history.
    """

    name: str
    lines: tuple[str, ...]
    follows: bool
    added: tuple[str, ...]
    gone: tuple[str, ...]
    generation: int
    generations: int
    relation: str
    confidence: Confidence
    reasons: tuple[str, ...]
    dates: tuple[Dating, ...]
    origin: ValueRef
    whole: bool
    after_file: bool = False


def known_lists(changes: Iterable[LogChange]) -> Known:
    """The lists that log entries wrote or replaced, by their strings."""
    values = [value for change in changes for value in (change.before, change.after) if value is not None]
    return {strings for value in values if (strings := _strings(value))}


def earlier_lists(lost: LostLists, known: Known) -> Iterator[EarlierList]:
    """The lists in the order of their histories. Those `known` are left out, and each that is told becomes known."""
    for text in lost.commands:
        if text.strings not in known:
            known.add(text.strings)
            yield _list(text, text.strings, None, 1, 1, "it ran at an earlier boot, or was withdrawn")
    for history in lost.histories:
        before: tuple[str, ...] | None = None
        after_file = False
        for number, generation in enumerate(history.generations, start=1):
            text = generation.text
            lines = tuple(map(operation_words, text.operations))
            if text.standing is Standing.LOST and text.strings not in known:
                known.add(text.strings)
                one = _list(text, lines, before, number, len(history.generations), generation.relation)
                yield changed(one, after_file=after_file)
            if text.whole:
                before = lines
            after_file |= text.standing is Standing.UNRECOVERED


def operation_words(operation: PendingRename) -> str:
    """`delete X`, or `rename X to Y`, as spelled."""
    if operation.destination is None:
        return f"delete {operation.source.text}"
    return f"rename {operation.source.text} to {operation.destination.text}{', replacing it' if operation.replaces else ''}"


def _list(
    text: LostText, lines: tuple[str, ...], before: tuple[str, ...] | None, number: int, count: int, relation: str
) -> EarlierList:
    added, gone = _differing(before, lines, text.whole) if before is not None else ((), ())
    dates: tuple[Dating, ...] = ()
    if text.named and is_date(text.ref.written):
        dates = (Dating(text.ref.written, DateMeaning.KEY_OF_LIST, Confidence.LOW, (text.ref,)),)
    return EarlierList(
        text.name,
        lines,
        before is not None,
        added,
        gone,
        number,
        count,
        relation,
        text.confidence,
        text.reasons,
        dates,
        text.ref,
        text.whole,
    )


def _differing(before: tuple[str, ...], lines: tuple[str, ...], whole: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What was added and what is gone, in their order; a list may hold the same line twice. What a piece lacks need not be gone."""
    shared = Counter(before) & Counter(lines)
    return _beyond(lines, shared), _beyond(before, shared) if whole else ()


def _beyond(lines: tuple[str, ...], shared: Counter[str]) -> tuple[str, ...]:
    left = Counter(shared)
    found: list[str] = []
    for line in lines:
        if left[line]:
            left[line] -= 1
        else:
            found.append(line)
    return tuple(found)


def _strings(value: RawValue) -> tuple[str, ...]:
    return tuple(decode_multi_sz(value.data).strings)
