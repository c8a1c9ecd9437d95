"""What of a hive goes into a timeline: each thing that has a time, as one row, with what that time is the time of.

A time of the registry is nearly always that of a key, and dates no value of it; every row says so. Times that are none (0, 1601,
beyond what readers hold) are counted and left out. Knows no format.
"""

from collections.abc import Iterable, Iterator
from enum import Enum

from hivecheck.analysis import Analysis
from hivecheck.facts.certainty import Confidence
from hivecheck.facts.fact import changed, fact
from hivecheck.facts.filetime import is_moment
from hivecheck.facts.origin import BuiltIn, KeyRef, State, ValueRef
from hivecheck.recovery import Recovery
from hivecheck.registry.carve import UNKNOWN, DeletedKey
from hivecheck.registry.region import RegionKind
from hivecheck.report.export_cells import is_told, shown
from hivecheck.report.export_keys import ReadKey, full_path, key_path, read_keys
from hivecheck.report.view import counted, state_words
from hivecheck.rules.rule import Finding
from hivecheck.settings.lost_lists import LostLists
from hivecheck.settings.remnants import LostText, Standing
from hivecheck.settings.session_remnants import SessionRemnants

KEY_WRITTEN = "Registry Key Last Written"
BEHIND_THE_END = "bytes behind the end of the hive, may be of another hive"
NOT_THE_VALUE = "key last written then; the value may be older"
_NAMED_VALUES = 8
_MESSAGE = 2_000  # letters that a finding or a list may take of a row's message


class RowKind(Enum):
    """What a row tells of, in the order of rows of one instant."""

    KEY = "key"
    FINDING = "finding"
    LOG_CHANGE = "log-change"
    DELETED_KEY = "deleted-key"
    EARLIER_LIST = "earlier-list"
    LAST_BOOT = "last-boot"
    LAST_SHUTDOWN = "last-shutdown"
    HIVE = "hive"


STAMPS = {
    RowKind.LAST_BOOT: "Last Boot Time",
    RowKind.LAST_SHUTDOWN: "Last Shutdown Time",
    RowKind.HIVE: "Registry Hive Last Written",
}
_ORDER = {kind: number for number, kind in enumerate(RowKind)}


@fact
class Row:
    """One thing with a time, in FILETIME ticks. Texts are fit to be shown, and bounded; '' for what there is not.

    `key` is the whole path below HKEY_LOCAL_MACHINE; `data_type` is plaso's name for such an event; `offset` that of the cited cell.
    """

    ticks: int
    kind: RowKind
    message: str
    key: str = ""
    value: str = ""
    text: str = ""
    data_type: str = "windows:registry:key_value"
    offset: int | None = None
    state: State = State.ALLOCATED
    finding: Finding | None = None

    @property
    def stamp(self) -> str:
        """What the time is the time of."""
        return STAMPS.get(self.kind, KEY_WRITTEN)

    @property
    def tags(self) -> tuple[str, ...]:
        """Words to filter by."""
        words = ["hivecheck", self.kind.value]
        if self.finding is not None:
            words += [self.finding.severity.value, *(["expected"] if self.finding.expected else [])]
        if self.state is not State.ALLOCATED:
            words.append(self.state.value)
        return tuple(dict.fromkeys(words))


@fact
class HiveRows:
    """The rows of one hive in the order of their times. `left_out`: how many times are no dates and therefore not told.

    `undated`: how many findings have no row, since nothing that they cite has a time.
    """

    analysis: Analysis
    rows: tuple[Row, ...]
    left_out: int
    undated: int

    @property
    def host(self) -> str:
        """The computer's name, '' where the hive does not tell it."""
        return shown(self.analysis.facts.computer_name.value or "", 255)


def rows_of(analysis: Analysis, recovery: Recovery | None = None) -> HiveRows:
    """All that has a time in one hive; with what `recover` found of it, deleted keys too."""
    rows = [
        *_keys(analysis),
        *_findings(analysis),
        *_machine(analysis),
        *_log_changes(analysis),
        *_earlier_lists(recovery.session if recovery is not None else analysis.lost),
        *_deleted(recovery.keys if recovery is not None else ()),
    ]
    told = once_each(sorted((row for row in rows if is_told(row.ticks)), key=_place))
    left_out = len({(row.ticks, row.key) for row in rows if not is_told(row.ticks)})
    undated = sum(1 for finding in (*analysis.told_findings, *analysis.expected_findings) if not is_dated(finding))
    return HiveRows(analysis, tuple(told), left_out, undated)


def is_dated(finding: Finding) -> bool:
    """Whether a timeline can tell it: something that it cites has a time."""
    return any(not isinstance(origin, BuiltIn) and is_told(origin.written) for origin in finding.because)


def once_each(rows: Iterable[Row]) -> Iterator[Row]:
    """The rows in order, of those that say the same of the same instant the first; it tells how many copies of a deleted key there are."""
    alike: dict[tuple[object, ...], list[Row]] = {}
    for row in rows:
        alike.setdefault((row.ticks, row.kind, row.message, row.key, row.text), []).append(row)
    for first, *others in alike.values():
        if others and first.kind is RowKind.DELETED_KEY:
            first = changed(
                first, message=f"{first.message}; {len(others) + 1:,} copies, the first at byte {first.offset:,}"
            )
        yield first


def _place(row: Row) -> tuple[object, ...]:
    severity = -row.finding.severity.rank if row.finding is not None else 0
    return row.ticks, _ORDER[row.kind], severity, row.key, row.value, row.offset or 0, row.message


def expected_words(finding: Finding) -> str:
    """Why the profile lets a finding pass, as a sentence; '' for one that stands."""
    return f" Expected by the profile: {shown(finding.expected, 500)}" if finding.expected else ""


def _keys(analysis: Analysis) -> Iterator[Row]:
    for key in read_keys(analysis):
        path = shown(full_path(key.hive, key.path, key.state))
        message = f"Key last written: {path}{state_words(key.state)}{_values(key)}"
        yield Row(
            key.written, RowKind.KEY, message, path, "", "", _data_type(key.path, key.values), key.offset, key.state
        )  # fmt: skip


def _values(key: ReadKey) -> str:
    if not key.values:
        return ""
    named = ", ".join(shown(name, 80) or "(default)" for name in key.values[:_NAMED_VALUES])
    more = len(key.values) - _NAMED_VALUES
    return f" (values read: {named}{f' and {more:,} more' if more > 0 else ''})"


def _data_type(path: str, values: Iterable[str]) -> str:
    """What plaso calls an event of this key."""
    parts = path.upper().split("\\")[1:]
    match parts:
        case ["SERVICES", _, *_]:
            kind = "service"
        case ["CONTROL", "SESSION MANAGER"] if any(value.upper() == "BOOTEXECUTE" for value in values):
            kind = "boot_execute"
        case ["CONTROL", "TIMEZONEINFORMATION"]:
            kind = "timezone"
        case _:
            kind = "key_value"
    return f"windows:registry:{kind}"


def _findings(analysis: Analysis) -> Iterator[Row]:
    """A row for each origin of each finding."""
    for finding in (*analysis.told_findings, *analysis.expected_findings):
        start = f"{finding.severity.value} finding {finding.rule.id}: {shown(finding.message, _MESSAGE)}{expected_words(finding)}"
        for origin in finding.because:
            if isinstance(origin, BuiltIn):
                continue
            path = shown(key_path(origin, analysis))
            if isinstance(origin, KeyRef):
                message = f"{start} [cites the key {path}{state_words(origin.state)}; key last written then]"
                yield Row(
                    origin.written, RowKind.FINDING, message, path, "", "", _data_type(origin.path, ()),
                    origin.offset, origin.state, finding,
                )  # fmt: skip
                continue
            message = f"{start} [cites {_cited(origin)}{state_words(origin.state)} of {path}; {NOT_THE_VALUE}]"
            yield Row(
                origin.written, RowKind.FINDING, message, path, shown(origin.value), shown(origin.text or ""),
                _data_type(origin.key, (origin.value,)), origin.offset, origin.state, finding,
            )  # fmt: skip


def _cited(origin: ValueRef) -> str:
    strings = "" if origin.strings is None else f", string {origin.strings[0]}"
    if origin.strings is not None and origin.strings[0] != origin.strings[1]:
        strings = f", strings {origin.strings[0]} to {origin.strings[1]}"
    return f"{shown(origin.value, 200) or '(default)'}{strings}"


def _machine(analysis: Analysis) -> Iterator[Row]:
    """Last boot, last shutdown, and when the hive was written as a whole."""
    facts = analysis.facts
    for kind, guess, word, data_type in (
        (RowKind.LAST_BOOT, facts.last_boot, "boot", "windows:registry:key_value"),
        (RowKind.LAST_SHUTDOWN, facts.last_shutdown, "shutdown", "windows:registry:shutdown"),
    ):
        if not guess.value:
            continue
        reasons = " ".join(shown(reason.text, 500) for reason in guess.reasons)
        origin = next((one for one in guess.because if not isinstance(one, BuiltIn)), None)
        path = shown(key_path(origin, analysis)) if origin is not None else ""
        value = shown(origin.value) if isinstance(origin, ValueRef) else ""
        message = f"Last {word} ({guess.confidence.value} confidence): {reasons}"
        yield Row(guess.value, kind, message, path, value, "", data_type, origin.offset if origin is not None else None)
    written = analysis.evidence.base_block.last_written
    message = "Hive last written as a whole, as its base block says"
    if is_moment(written):  # Windows 8.1 and later never fill it in
        yield Row(written, RowKind.HIVE, message, full_path("SYSTEM", ""), data_type="windows:registry:hive")


def _log_changes(analysis: Analysis) -> Iterator[Row]:
    """The states of values of the Session Manager before and after each log entry that changed one."""
    for change in analysis.evidence.log_changes:
        path = shown(full_path("SYSTEM", change.key))
        states = (
            (change.before, "as it was before entry {} of the log {}"),
            (change.after, "as entry {} of the log {} left it"),
        )
        for raw, what in states:
            if raw is None:
                continue
            name = shown(change.value, 200) or "(default)"
            log = shown(change.log, 200)
            message = f"{name} {what.format(change.sequence, log)} [{path}; {NOT_THE_VALUE}]"
            yield Row(
                raw.ref.written, RowKind.LOG_CHANGE, message, path, shown(change.value), "",
                _data_type(change.key, (change.value,)), raw.ref.offset, State.LOG,
            )  # fmt: skip


def _earlier_lists(lost: LostLists | SessionRemnants) -> Iterator[Row]:
    """Lists that the hive no longer holds, or no longer with its logs applied: those whose key is known."""
    for history in lost.histories:
        for one in history.generations:
            if one.text.standing is not Standing.PRESENT:
                words = f"{counted(len(one.text.operations), 'operation')}; {one.relation}"
                yield from _earlier_list(one.text, words)
    for text in lost.commands:
        yield from _earlier_list(text, "; ".join(text.strings))


def _earlier_list(text: LostText, words: str) -> Iterator[Row]:
    if text.ref.written:
        path = shown(full_path("SYSTEM", text.ref.key, text.ref.state))
        message = (
            f"Earlier {shown(text.name, 200)}, not as the hive has it now ({text.confidence.value} confidence): {shown(words, _MESSAGE)} "
            f"[{path}; {NOT_THE_VALUE}]"
        )
        yield Row(
            text.ref.written, RowKind.EARLIER_LIST, message, path, shown(text.name), "",
            _data_type(text.ref.key, (text.name,)), text.ref.offset, text.ref.state,
        )  # fmt: skip


def _deleted(keys: Iterable[DeletedKey]) -> Iterator[Row]:
    for key in keys:
        is_foreign = all(one.kind is RegionKind.TRAILING for one in key.found)
        path = shown(deleted_path(key, is_foreign))
        what = "Older copy of a key" if key.still_there else "Deleted key"
        confidence = Confidence.LOW if is_foreign else key.confidence
        reasons = shown("; ".join((*([BEHIND_THE_END] if is_foreign else []), *key.reasons)))
        message = f"{what}, key last written: {path} ({confidence.value} confidence{f': {reasons}' if reasons else ''})"
        yield Row(
            key.ref.written, RowKind.DELETED_KEY, message, path, "", "",
            _data_type(key.ref.path, ()), key.ref.offset, key.ref.state,
        )  # fmt: skip


def deleted_path(key: DeletedKey, is_foreign: bool) -> str:
    r"""The path of a deleted key: below HKEY_LOCAL_MACHINE only where it is known up to the root and lay within the hive."""
    unknown = key.path == UNKNOWN or key.path.startswith(f"{UNKNOWN}\\")
    path = key.path.removeprefix(UNKNOWN).removeprefix("\\") if unknown else key.path
    if is_foreign:
        return f"(behind the end of the hive)\\{path}"
    return f"(unknown parent)\\{path}" if unknown else full_path("SYSTEM", path)
