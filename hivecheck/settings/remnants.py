"""What is left of rename lists and boot commands outside of the present values: texts of which no record need survive.

Windows writes these values at every boot and frees only their data, so older contents lie in free cells, in slack, behind the end of
the hive and in its logs. Nothing found here is ever replayed. Must not know what the next boot does.
"""

from collections.abc import Iterable, Iterator
from enum import Enum

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.command_line import CommandLine, parse_command_line
from hivecheck.facts.fact import changed, fact
from hivecheck.facts.origin import ValueRef
from hivecheck.registry.claim import Claim, Claims
from hivecheck.registry.hive import RawValue
from hivecheck.registry.log_entries import TransactionLog
from hivecheck.registry.log_views import entries_of, place_in_hive
from hivecheck.registry.region import Region, RegionKind
from hivecheck.registry.strings import decode_multi_sz
from hivecheck.registry.views import Sighting, Stage, View
from hivecheck.settings.command_runs import find_command_runs, judge_command_run
from hivecheck.settings.pending_renames import PendingRename, pair_strings
from hivecheck.settings.rename_runs import SINGLE, RenameRun, find_rename_runs, judge_run
from hivecheck.settings.setting import CitedString

RENAMES, BOOT_EXECUTE = "PendingFileRenameOperations", "BootExecute"
UNKNOWN_KEY = "?"
COMMAND_NAMES = frozenset({"BOOTEXECUTE", "BOOTEXECUTENOPNPSYNC", "SETUPEXECUTE", "SETUPEXECUTENOPNPSYNC", "EXECUTE"})
RENAME_NAMES = frozenset({"PENDINGFILERENAMEOPERATIONS", "PENDINGFILERENAMEOPERATIONS2"})
_PATH_HOLDERS = frozenset({"APPCOMPATCACHE", "APPCOMPATIBILITY"})  # values full of paths, one after the other
LISTS_COMPARED = 200  # with each other
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
    def operations(self) -> tuple[PendingRename, ...]:
        """What a rename list asked for."""
        cited = tuple(CitedString(text, self.ref.citing(text, number)) for number, text in enumerate(self.strings))
        return pair_strings(self.name, cited)[0]

    @property
    def commands(self) -> tuple[CommandLine, ...]:
        """The lines of a list of boot commands."""
        return tuple(parse_command_line(text) for text in self.strings)


@fact
class Remnants:
    """Rename lists and lists of boot commands, each once, in the order of their places. `limited`: there were too many."""

    renames: tuple[LostText, ...]
    commands: tuple[LostText, ...]
    limited: bool = False


def find_remnants(view: View, claims: Claims) -> Remnants:
    """The lists in a hive's regions. `claims` say whose data they are, where a record is left."""
    return _search(view, view.regions, claims)


def find_remnants_in_log(log: TransactionLog) -> Remnants:
    """The lists anywhere in a log, in its entries or between them."""
    view = View(log.name, Stage.IN_LOG, log.data, (), None)
    found = _search(view, (Region(RegionKind.LOG, 0, len(log.data)),), Claims((), ()))
    entries = entries_of(log)

    def placed(text: LostText) -> LostText:
        [seen] = text.found
        return changed(text, found=(changed(seen, place=place_in_hive(entries, seen.offset)),))

    return Remnants(tuple(map(placed, found.renames)), tuple(map(placed, found.commands)), found.limited)


def _search(view: View, regions: tuple[Region, ...], claims: Claims) -> Remnants:
    renames, many = _collect(text for region in regions for text in _renames(view, region, claims))
    commands, more = _collect(text for region in regions for text in _commands(view, region, claims))
    return Remnants(renames, commands, many or more)


def _collect(texts: Iterator[LostText | None]) -> tuple[tuple[LostText, ...], bool]:
    """Those that are lists, and whether there may be more of them."""
    found: list[LostText] = []
    for looked, text in enumerate(texts):
        if looked >= _RUNS_AT_MOST or (text is not None and len(found) >= REMNANTS_AT_MOST):
            return tuple(found), True
        if text is not None:
            found.append(text)
    return tuple(found), False


def limits_of(remnants: Iterable[Remnants], lists: int) -> Iterator[str]:
    """What was left out, or not compared, because there was too much of it."""
    if any(one.limited for one in remnants):
        yield (
            f"More than {REMNANTS_AT_MOST:,} rename lists or lists of boot commands in one place, or too many paths to look at: the "
            "rest is not told."
        )
    if lists > LISTS_COMPARED:
        yield f"More than {LISTS_COMPARED:,} rename lists: those after the first {LISTS_COMPARED:,} are each told by themselves."


def _renames(view: View, region: Region, claims: Claims) -> Iterator[LostText | None]:
    """One for each run of paths; None for a run that is no rename list."""
    for run in find_rename_runs(view.buffer, region.start, region.end):
        claim = claims.at(run.start)
        named = claim is not None and claim.value.upper() in RENAME_NAMES
        judged = None if _is_of_other_value(run, claim) and not named else judge_run(run)
        if judged is None and not (named and run.strings):
            yield None
            continue
        confidence, reasons = judged or (Confidence.MEDIUM, ())
        name = claim.value if named and claim else RENAMES
        yield _text(
            view, region.kind, run.start, run.end, run.strings, run.whole, run.cut_head, confidence, reasons, name, claim
        )


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
        reasons = (*reasons, f"the record of a deleted value of this name, at 0x{claim.offset:x}, leads to it")
        confidence = Confidence.HIGH
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
            better = text if text.named and not known.named else known
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
