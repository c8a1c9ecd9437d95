r"""Rename lists as a whole: that there is one, and lists that are malformed. Source: detections.md 1.2; smss.md B.3."""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.origin import Origin
from hivecheck.registry.hive import REG_NONE, fold_name
from hivecheck.rules.benign_renames import benign_writer
from hivecheck.rules.case import Case
from hivecheck.rules.rename_alarms import judge_move, worst
from hivecheck.rules.rename_telling import REMEDY, SOURCES
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.settings.catalog import PENDING_RENAMES, PENDING_RENAMES_2
from hivecheck.settings.pending_renames import PendingRename, RenameList, make_pair
from hivecheck.settings.setting import CitedString, Presence, Setting, read_strings

_SESSION_MANAGER = "Control\\Session Manager"
_LIST = "PENDINGFILERENAMEOPERATIONS"
_WORKED_OFF = frozenset({_LIST, _LIST + "2"})
_PARKED_AT_MOST = 2_000  # rows of such a list that are judged


def _check_present(case: Case) -> Iterator[Hit]:
    for list_row in (PENDING_RENAMES, PENDING_RENAMES_2):
        setting = case.settings[list_row]
        rows = [row for row in case.renames.moved.rows if row.operation.list == setting.name]
        if setting.raw is None or not rows:
            continue
        deletes = sum(row.destination is None for row in rows)
        known = sum(bool(benign_writer(row.source, row.destination)) for row in rows)
        counts = f"{deletes} to delete, {len(rows) - deletes} to rename"
        writers = f" Windows or well-known installers leave such ones: {known} of them." if known else ""
        listed = f"{len(rows)} file operation{'s' * (len(rows) != 1)}"
        text = f"{setting.name} has smss work off {listed} at the next boot ({counts}).{writers}"
        if case.renames.are_starved:
            text = f"{setting.name} holds {listed} ({counts}), which smss leaves alone while the key MiniNT exists.{writers}"
        yield Hit(text, (setting.raw.ref,), setting.name, story=(f"list {setting.name}",))


def _check_parked(case: Case) -> Iterator[Hit]:
    """Lists of other names, as `PendingFileRenameOperations3` or `...OLD`: nobody works them off until one is renamed."""
    key = case.key(_SESSION_MANAGER)
    for raw in key.values() if key is not None else ():
        name = fold_name(raw.name)
        if _LIST not in name or name in _WORKED_OFF or raw.type == REG_NONE:
            continue
        strings = read_strings(raw).strings[: 2 * _PARKED_AT_MOST]
        pairs = [make_pair(raw.name, at // 2, strings[at], strings[at + 1]) for at in range(0, len(strings) - 1, 2)]
        grave = next((pair for pair in pairs if _is_grave(case, pair)), None)
        text = f"{raw.name} holds {len(pairs):,} file operation{'s' * (len(pairs) != 1)}, and no Windows works off a list of that name."
        because: tuple[Origin, ...] = (raw.ref,)
        if grave is not None:
            target = f" to {grave.destination}" if grave.destination is not None else ""
            text += f" Under the name {PENDING_RENAMES.name} it would do harm: {grave.source}{target}."
            because = (raw.ref, grave.origin)
        yield Hit(text, because, raw.name, Severity.INFO if grave is None else Severity.MEDIUM, Confidence.MEDIUM)


def _is_grave(case: Case, pair: PendingRename) -> bool:
    if not pair.source.text:
        return False
    target = case.path(pair.destination.text) if pair.destination is not None else None
    alarm = worst(case.renames.alarms_of(case.path(pair.source.text), target))
    return alarm is not None and alarm.severity >= Severity.HIGH


def _check_lists(case: Case) -> Iterator[Hit]:
    yield from _check_present(case)
    yield from _check_parked(case)


PRESENT = Rule(
    id="pfro-present",
    family="renames",
    title="Files wait to be renamed or deleted by smss",
    severity=Severity.INFO,
    confidence=Confidence.HIGH,
    techniques=("T1112",),
    why=(
        "smss works off the list before any service, paging file or user program is there. A freshly set up Windows has none; "
        "installers leave one on most machines. Presence alone says nothing: what the rows do, other rules judge."
    ),
    false_positives=("Installers, updaters, the print spooler and Windows itself write this list every day.",),
    remedy=REMEDY,
    sources=SOURCES,
    check=_check_lists,
    severities="info; medium for a list of another name that would do harm under its own.",
)


def _check_malformed(case: Case) -> Iterator[Hit]:
    for row in (PENDING_RENAMES, PENDING_RENAMES_2):
        setting = case.settings[row]
        raw = setting.raw
        if raw is None or setting.presence in (Presence.ABSENT, Presence.UNREADABLE):
            continue
        faults = list(_faults(case, setting))
        if not faults:
            continue
        hidden = _hidden_row(case, setting.value)
        severity = max((severity for severity, _ in faults), key=lambda one: one.rank)
        told = f"{row.name} is malformed: {'; '.join(what for _, what in faults)}."
        because: tuple[Origin, ...] = (raw.ref,)
        if hidden is not None and severity >= Severity.MEDIUM:
            severity = Severity.HIGH
            told += f" Read without its empty strings, it has a row that smss doesn't see like that: {hidden.text}."
            because = (raw.ref, hidden.origin)
        yield Hit(told, because, row.name, severity, story=(f"list {row.name}",))


def _faults(case: Case, setting: Setting[RenameList]) -> Iterator[tuple[Severity, str]]:
    strings = setting.value.strings
    raw = setting.raw
    if raw is not None and raw.type != 7:
        yield Severity.MEDIUM, "it is no REG_MULTI_SZ"
        return
    if setting.value.leftover is not None:
        if not setting.value.leftover.text:
            yield Severity.LOW, "one empty string stands at its end without a partner"
        else:
            more = ""
            if setting.name == PENDING_RENAMES.name and case.settings[PENDING_RENAMES_2].value.strings:
                more = f", which shifts every row of {PENDING_RENAMES_2.name}"
            yield Severity.MEDIUM, f"it holds an odd number of strings ({len(strings)}){more}"
    empty = [n for n in range(0, len(strings) - 1, 2) if not strings[n].text]
    padding = sum(not strings[n + 1].text for n in empty)
    if padding:
        yield Severity.MEDIUM, f"two empty strings stand for a row in {padding} of {len(setting.value.pairs)} places"
    if len(empty) > padding:
        yield (
            Severity.MEDIUM,
            f"the source is empty in {len(empty) - padding} of {len(setting.value.pairs)} rows, as where a string too many shifted them",
        )
    for problem in setting.problems:
        if problem.code in ("text-unterminated", "text-odd-length", "text-data-after-nul"):
            yield Severity.MEDIUM, problem.message.rstrip(".")


def _hidden_row(case: Case, value: RenameList) -> CitedString | None:
    """The source of a row of concern that only appears where empty sources are passed over."""
    strings = value.strings
    if not any(not strings[n].text for n in range(0, len(strings) - 1, 2)):
        return None
    seen = {(pair.source.text, pair.destination.text if pair.destination else "") for pair in value.pairs}
    at = 0
    while at < len(strings) - 1:
        if not strings[at].text:
            at += 1
            continue
        pair = make_pair("", 0, strings[at], strings[at + 1])
        target = pair.destination.text if pair.destination else ""
        if (pair.source.text, target) not in seen:
            alarm = worst(judge_move(case, case.path(pair.source.text), case.path(target) if target else None))
            if alarm is not None and alarm.severity >= Severity.HIGH:
                return strings[at]
        at += 2
    return None


MALFORMED = Rule(
    id="pfro-malformed",
    family="renames",
    title="A rename list is malformed",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    techniques=("T1112", "T1564"),
    why=(
        "smss pairs the strings by their place, over both lists. One string too many shifts all that follow: what reads as a "
        "rename becomes a delete, and tools that skip empty strings show another list than the one that runs."
    ),
    false_positives=("Scripts that write the value badly, a public proof of concept among them.",),
    remedy=REMEDY,
    sources=SOURCES,
    severities="medium; low for one empty string at the end; high where the other reading holds a row of high severity.",
    check=_check_malformed,
)


RULES: tuple[Rule, ...] = (PRESENT, MALFORMED)
