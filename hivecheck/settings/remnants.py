"""What is left of rename lists and boot commands outside of the present values: texts of which no record need survive.

Windows writes these values at every boot and frees only their data, so older contents lie in free cells, in slack, behind the end of
the hive and in its logs. Nothing found here is ever replayed. Must not know what the next boot does.
"""

from collections.abc import Iterable, Iterator
from enum import Enum
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.command_line import CommandLine, parse_command_line
from hivecheck.facts.fact import changed, fact
from hivecheck.facts.origin import ValueRef
from hivecheck.registry.claim import Claim, Claims
from hivecheck.registry.hive import RawValue
from hivecheck.registry.region import CUT_OFF, Region, RegionKind
from hivecheck.registry.regions import index_regions
from hivecheck.registry.strings import decode_multi_sz
from hivecheck.registry.views import Sighting, Stage, View
from hivecheck.settings.command_runs import find_command_runs, judge_command_run
from hivecheck.settings.pending_renames import PendingRename, pair_strings
from hivecheck.settings.rename_belief import SINGLE, judge_run
from hivecheck.settings.rename_pieces import Placed, join_pieces
from hivecheck.settings.rename_runs import RenameRun, find_rename_runs
from hivecheck.settings.setting import CitedString

if TYPE_CHECKING:
    from hivecheck.registry.log_entries import TransactionLog

RENAMES, BOOT_EXECUTE = "PendingFileRenameOperations", "BootExecute"
UNKNOWN_KEY = "?"
UNREACHABLE = "unreachable: may still be pending"
COMMAND_NAMES = frozenset({"BOOTEXECUTE", "BOOTEXECUTENOPNPSYNC", "SETUPEXECUTE", "SETUPEXECUTENOPNPSYNC", "EXECUTE"})
RENAME_NAMES = frozenset({"PENDINGFILERENAMEOPERATIONS", "PENDINGFILERENAMEOPERATIONS2"})
_PATH_HOLDERS = frozenset({"APPCOMPATCACHE", "APPCOMPATIBILITY"})  # values full of paths, one after the other
LISTS_COMPARED = 200  # with each other
OPERATIONS_AT_MOST = 50_000  # of all rename lists that are told
REMNANTS_AT_MOST = 2_000  # of one view, rename lists and boot commands each
_PADDING = 8
_RUNS_AT_MOST = 50_000  # of one view, looked at


class Standing(Enum):
    """What a list is today."""

    PRESENT = "present"  # the value as it stands, logs applied
    UNRECOVERED = "unrecovered"  # the value as it stands in the hive file, before its logs are applied
    LOST = "lost"


@fact
class LostText:
    """A list of strings as found. `ref.key` is `?` where nothing says whose it was; `ref.offset` is that of its first byte.

    `name` is that of the value, by its record (`named`) or by what the strings are. `written` of the reference is that of the key, 0
    where it is not known. Lists that stand are there for comparison.
    """

    ref: ValueRef
    named: bool
    strings: tuple[str, ...]
    whole: bool
    cut_head: str  # the rest of a string before the first one, whose beginning is gone
    size: int  # in bytes
    confidence: Confidence
    reasons: tuple[str, ...]
    raw: bytes
    found: tuple[Sighting, ...]
    standing: Standing = Standing.LOST

    @property
    def name(self) -> str:
        return self.ref.value

    @property
    def may_be_pending(self) -> bool:
        """Whether it need not be gone: it lies in a cell that was never freed, or a value in such a cell leads to it."""
        return UNREACHABLE in self.reasons

    @property
    def operations(self) -> tuple[PendingRename, ...]:
        """What a rename list asked for."""
        return _operations(self.ref, self.strings)

    @property
    def commands(self) -> tuple[CommandLine, ...]:
        """The lines of a list of boot commands."""
        return tuple(parse_command_line(text) for text in self.strings)


@lru_cache(maxsize=64)  # rules and reports ask again, and a list may have thousands
def _operations(ref: ValueRef, strings: tuple[str, ...]) -> tuple[PendingRename, ...]:
    cited = tuple(CitedString(text, ref.citing(text, number)) for number, text in enumerate(strings))
    return pair_strings(ref.value, cited)[0]


@fact
class Remnants:
    """Rename lists and lists of boot commands, each once, in the order of their places. `limited`: there were too many."""

    renames: tuple[LostText, ...]
    commands: tuple[LostText, ...]
    limited: bool = False


def find_remnants(view: View, claims: Claims) -> Remnants:
    """The lists in a hive's regions. `claims` say whose data they are, where a record is left."""
    return _search(view, view.regions, claims)


def find_remnants_in_log(log: "TransactionLog", views: tuple[View, ...] = ()) -> Remnants:
    """The lists in a log, in its entries or between them, but for what stands at the same place in one of these states of the hive."""
    from hivecheck.registry.log_views import entries_of, log_regions, place_in_hive  # few hives come with logs

    entries = entries_of(log)
    view = View(log.name, Stage.IN_LOG, log.data, (), None)
    found = _search(view, log_regions(log, entries), Claims((), ()))
    indexes = tuple((one, index_regions(one.regions)) for one in views)

    def stands(text: LostText, place: int) -> bool:
        for state, index in indexes:
            same = bytes(state.buffer[place : place + len(text.raw)]) == text.raw
            if same and (index.region_at(place) is None or not text.whole):
                return True  # in use, or told in full by the state itself
        return False

    def placed(texts: tuple[LostText, ...]) -> Iterator[LostText]:
        for text in texts:
            [seen] = text.found
            place = place_in_hive(entries, seen.offset)
            if place is None or not stands(text, place):
                yield changed(text, found=(changed(seen, place=place),))

    return Remnants(tuple(placed(found.renames)), tuple(placed(found.commands)), found.limited)


def _search(view: View, regions: tuple[Region, ...], claims: Claims) -> Remnants:
    runs, many = _runs(view, regions)
    renames, more = _collect(text for region, run in join_pieces(view, runs) for text in _renames(view, region, run, claims))
    commands, most = _collect(text for region in regions for text in _commands(view, region, claims))
    return Remnants(renames, commands, many or more or most)


def _runs(view: View, regions: tuple[Region, ...]) -> tuple[list[Placed], bool]:
    """The runs of paths, and whether there are too many to look at all of them."""
    found: list[Placed] = []
    for region in regions:
        for run in find_rename_runs(view.buffer, region.start, region.end):
            if len(found) >= _RUNS_AT_MOST:
                return found, True
            found.append((region, run))
    return found, False


def _collect(texts: Iterator[LostText]) -> tuple[tuple[LostText, ...], bool]:
    """The lists, and whether there are more of them."""
    found = tuple(islice(texts, REMNANTS_AT_MOST + 1))
    return found[:REMNANTS_AT_MOST], len(found) > REMNANTS_AT_MOST


def within_bounds(texts: tuple[LostText, ...]) -> tuple[LostText, ...]:
    """The lists, as many as have not too many operations together; those that stand are always among them."""
    kept: list[LostText] = []
    left = OPERATIONS_AT_MOST
    for text in texts:
        left -= 0 if text.standing is not Standing.LOST else len(text.strings) // 2
        if left >= 0 or text.standing is not Standing.LOST:
            kept.append(text)
    return tuple(kept)


def limits_of(remnants: Iterable[Remnants], lists: int, left_out: int) -> Iterator[str]:
    """What was left out, or not compared, because there was too much of it."""
    if left_out:
        yield f"The rename lists have more than {OPERATIONS_AT_MOST:,} operations: {left_out:,} lists are not told."
    if any(one.limited for one in remnants):
        yield (
            f"More than {REMNANTS_AT_MOST:,} rename lists or lists of boot commands in one place, or too many paths to look at: the "
            "rest is not told."
        )
    if lists > LISTS_COMPARED:
        yield f"More than {LISTS_COMPARED:,} rename lists: those after the first {LISTS_COMPARED:,} are each told by themselves."


def _renames(view: View, region: Region, run: RenameRun, claims: Claims) -> Iterator[LostText]:
    """The list that a run of paths is, if it is one."""
    claim = claims.at(run.start)
    named = claim is not None and claim.value.upper() in RENAME_NAMES
    judged = None if _is_of_other_value(run, claim) and not named else judge_run(run)
    if judged is None and not (named and run.strings):
        return
    confidence, reasons = judged or (Confidence.MEDIUM, ())
    name = claim.value if named and claim else RENAMES
    text = _text(
        view, region.kind, run.start, run.end, run.strings, run.whole, run.cut_head, confidence, reasons, name, claim
    )
    yield changed(text, raw=run.joined, size=len(run.joined)) if run.pieces else text


def _is_of_other_value(run: RenameRun, claim: Claim | None) -> bool:
    """Whether these paths are the data of a value that is told by its record, or of one that is known to be full of paths."""
    if claim is None:
        return False
    if claim.value.upper() in _PATH_HOLDERS:
        return True
    return claim.deleted and claim.start + 4 == run.start and run.end <= claim.end + _PADDING


def _commands(view: View, region: Region, claims: Claims) -> Iterator[LostText]:
    for run in find_command_runs(view.buffer, region.start, region.end):
        confidence, reasons = judge_command_run(run)
        claim = claims.at(run.start)
        named = claim is not None and claim.value.upper() in COMMAND_NAMES
        name = claim.value if named and claim else BOOT_EXECUTE
        yield _text(view, region.kind, run.start, run.end, run.strings, run.whole, "", confidence, reasons, name, claim)


def _text(
    view: View,
    kind: RegionKind,
    start: int,
    end: int,
    strings: tuple[str, ...],
    whole: bool,
    cut_head: str,
    confidence: Confidence,
    reasons: tuple[str, ...],
    name: str,
    claim: Claim | None,
) -> LostText:
    key, written, named = UNKNOWN_KEY, 0, False
    if claim is not None and claim.deleted and claim.value == name:
        key, written, named = claim.key, claim.written, True
        what = "an unreachable" if claim.cut_off else "a deleted"
        reasons = (*reasons, f"the record of {what} value of this name, at 0x{claim.offset:x}, leads to it")
        confidence = Confidence.HIGH
    if kind in CUT_OFF or (claim is not None and claim.cut_off):
        confidence, reasons = Confidence.LOW, (UNREACHABLE, *reasons)
    ref = ValueRef(view.file, key, name, written, start, state=view.state)
    raw = bytes(view.buffer[start:end])
    return LostText(
        ref, named, strings, whole, cut_head, end - start, confidence, reasons, raw, (view.sighting(start, kind),)
    )


def merge_texts(parts: Iterable[tuple[LostText, ...]], present: tuple[LostText, ...]) -> tuple[LostText, ...]:
    """Each list once, with every place where it was seen. Copies of a list that stands are left out, but not a deleted
    value of boot commands of another key.

    A single operation that need not be one is kept only where another list has it as well.
    """
    merged: dict[tuple[str, ...], LostText] = {}
    for text in present:  # of two that are the same, the one that stands after the logs
        merged[(text.cut_head, *text.strings)] = text
    for text in (text for part in parts for text in part):
        what = (text.cut_head, *text.strings)
        known = merged.get(what)
        if known is not None and known.standing is not Standing.LOST and _is_of_another_key(text, known):
            what = (text.ref.key, text.name, *what)  # the same commands, of a value that is gone
            known = merged.get(what)
        if known is None:
            merged[what] = text
        elif known.standing is Standing.LOST:
            better = text if (text.may_be_pending, text.named) > (known.may_be_pending, known.named) else known
            merged[what] = changed(better, found=(*known.found, *text.found))
    others = {
        text.strings[at : at + 2]
        for text in merged.values()
        if len(text.strings) > 2
        for at in range(0, len(text.strings), 2)
    }
    return tuple(text for text in merged.values() if SINGLE not in text.reasons or text.named or text.strings in others)


def _is_of_another_key(text: LostText, present: LostText) -> bool:
    return text.named and text.name.upper() in COMMAND_NAMES and text.ref.key.upper() != present.ref.key.upper()


def standing_text(raw: RawValue, stage: Stage, standing: Standing) -> LostText:
    """A value that stands, in the shape of a found list: a rename list in pairs, others without empty lines at their end."""
    strings = decode_multi_sz(raw.data).strings
    if raw.name.upper() in RENAME_NAMES:
        strings = strings[: len(strings) & ~1]
    while strings and not strings[-1] and raw.name.upper() not in RENAME_NAMES:
        strings = strings[:-1]
    seen = Sighting(raw.ref.hive, stage, RegionKind.USED, raw.ref.offset or 0, raw.ref.offset)
    return LostText(raw.ref, True, strings, True, "", len(raw.data), Confidence.HIGH, (), raw.data, (seen,), standing)
