"""The section on lists that are no more: earlier pending renames and boot commands, clearly apart from what is live."""

from collections.abc import Iterator

from hivecheck.report.html_cells import (
    Bits,
    Block,
    code,
    confidence_bit,
    count,
    fold,
    label,
    lines,
    make_table,
    note,
    paragraph,
    say,
    text,
    words,
)
from hivecheck.report.places import places_of
from hivecheck.report.view import shown_text
from hivecheck.settings.lost_lists import LostLists
from hivecheck.settings.pending_renames import PendingRename
from hivecheck.settings.remnants import LostText, Standing
from hivecheck.settings.rename_history import Generation, RenameHistory

_WORDS = (
    "These lists lie in free space or slack of the hive, behind its end, in cells that nothing leads to, or in its logs. None of them "
    "was taken into the settings or the boot told above. A list that only grew since is still pending as part of the present one; one "
    "in a cell that nothing leads to may still be pending; any other ran at an earlier boot, or was withdrawn: the table says which. "
    "hivecheck recover tells more of what was deleted."
)


def tell_lost(lost: LostLists) -> Iterator[Block]:
    """A table for each history of a list, then one of boot commands."""
    yield paragraph(_WORDS)
    for history in lost.histories:
        pending = "up to what is pending now" if history.is_pending else "none of them pending"
        if history.may_be_pending:
            pending = "not all of them surely gone"
        title = f"Pending renames, {count(len(history.generations), 'state')} of one list, oldest first, {pending}"
        columns = ("State", "Operations", "What became of it", "Where it lies")
        yield "table", make_table("lost", title, columns, _generations(history))
    if lost.commands:
        rows = [("", (_commands(one), (confidence_bit(one.confidence),), _where(one))) for one in lost.commands]
        yield "table", make_table("lost", "Earlier boot commands", ("Commands", "Confidence", "Where they lie"), rows)


def _generations(history: RenameHistory) -> Iterator[tuple[str, tuple[Bits, ...]]]:
    told: set[tuple[str, str]] = set()
    for number, generation in enumerate(history.generations, start=1):
        yield "", (say(str(number)), _operations(generation, told), _relation(generation), _where(generation.text))


def _operations(generation: Generation, told: set[tuple[str, str]]) -> Bits:
    """The operations that no state before had, folded; the others are only counted."""
    all = generation.text.operations
    pairs = zip(generation.text.strings[::2], generation.text.strings[1::2], strict=False)
    new: list[Bits] = []
    for operation, pair in zip(all, pairs, strict=False):
        if pair not in told:
            told.add(pair)
            new.append(_operation(operation))
    size = count(len(all), "operation")
    if not new:
        return say(size, " ", note("all told before"))
    summary = size if len(new) == len(all) else f"{size}, {len(new):,} of them not told before"
    return (fold(summary, lines(new)),)


def _operation(operation: PendingRename) -> Bits:
    if operation.destination is None:
        return label("delete"), text(" "), code(operation.source.text)
    how = " (replacing)" if operation.replaces else ""
    return label("rename"), text(" "), code(operation.source.text), text(" to "), code(operation.destination.text), text(how)


def _relation(generation: Generation) -> Bits:
    found = generation.text
    if found.standing is not Standing.LOST:
        return say(words(generation.relation))
    reasons = lines([say(words(reason)) for reason in found.reasons], "points")
    return text(words(generation.relation)), text(" "), confidence_bit(found.confidence), fold("Why", reasons)


def _commands(found: LostText) -> Bits:
    return (lines([(code(string),) for string in found.strings]),)


def _where(found: LostText) -> Bits:
    return say(shown_text(places_of(found.found, found.standing)))
