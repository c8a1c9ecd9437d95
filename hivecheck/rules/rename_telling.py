"""A pending rename in words, and what follows for a finding from the list it stands in and from whether it would work."""

from collections.abc import Iterator

from hivecheck.boot.actions import DeleteFile, RenameFile
from hivecheck.boot.replay import Event
from hivecheck.facts.certainty import Confidence
from hivecheck.facts.origin import Origin
from hivecheck.rules.case import Case
from hivecheck.rules.case_facts import EVIDENCE, TRUSTED
from hivecheck.rules.case_renames import MovedFile
from hivecheck.rules.paths import Comparable
from hivecheck.rules.rename_folders import is_put_aside
from hivecheck.rules.rule import Check, Hit, Severity
from hivecheck.settings.catalog import PENDING_RENAMES_2
from hivecheck.settings.services import AUTO_START

REMEDY = (
    "Image the disk and collect the files the row names first. Then delete the row's two strings from the value, keep the "
    "other rows, and restore the file from a backup if it has run already. Do so before deleting a MiniNT key: without it the "
    "list runs."
)
SOURCES = ("detections.md 1.2", "baselines.md 3.2", "smss.md B.3")
FOLDERS = (
    "A folder that takes the place of another is judged as the worst of its files, one step lower where no row moves the old one "
    "away. "
)
SEVERITIES = (
    "One step lower where the row would have no effect, one step higher in PendingFileRenameOperations2, which few look at."
)


def tell_row(case: Case, row: MovedFile) -> str:
    """What the row does, as a sentence."""
    operation = row.operation
    action = operation.event.action
    if isinstance(action, DeleteFile):
        does = f"delete {action.source}"
    elif isinstance(action, RenameFile):
        does = f"rename {action.source} to {action.destination}{', replacing what is there' if action.replaces else ''}"
    else:
        does = "run"
    told = f"{operation.list} would {does}{_true_names(row)}"
    if case.renames.are_starved:
        return told + ". It can't while the key MiniNT exists, but runs at the first boot without it"
    if operation.fails:
        why = operation.event.why.rstrip(".")
        return f"{told}. It would have no effect: {why}" if why else f"{told}. It would have no effect"
    return told


def _true_names(row: MovedFile) -> str:
    named: list[str] = []
    if row.source.text != row.operation.source.text:
        named.append(f"the source lay at {row.source.text} before the list")
    told, true = row.operation.destination, row.destination
    if told is not None and true is not None and true.text != told.text:
        named.append(f"the target is in truth {true.text}")
    assumed = assumed_names(row)
    if assumed:
        named.append(assumed)
    return f" ({'; '.join(named)})" if named else ""


def assumed_names(*rows: MovedFile) -> str:
    """The short (8.3) names that the rows' paths are read by, as words; '' where there are none. They are assumptions."""
    paths = (path for row in rows for path in (row.source, row.destination, *row.operation.touched) if path is not None)
    names = dict.fromkeys(name for path in paths for name in path.assumed)
    return f"short names are assumed: {', '.join(names)}" if names else ""


def spelled_source(row: MovedFile) -> str:
    """The true path of what the row moves, as the list spells it where it names that path."""
    action = row.operation.event.action
    if isinstance(action, DeleteFile | RenameFile) and row.source.text == row.operation.source.text:
        return action.source.tail
    return row.source.text


def spelled_target(row: MovedFile) -> str:
    """The true path of what the row makes, '' for a delete."""
    action = row.operation.event.action
    if row.destination is None or row.operation.destination is None or not isinstance(action, RenameFile):
        return ""
    return action.destination.tail if row.destination.text == row.operation.destination.text else row.destination.text


def idle(case: Case, row: MovedFile) -> bool:
    """Whether the row would have no effect even if the list runs."""
    return row.operation.fails and not case.renames.are_starved


def weigh(case: Case, row: MovedFile, severity: Severity) -> Severity:
    """The severity after the list and the row's success."""
    if severity is Severity.INFO:
        return severity
    steps = int(row.operation.list == PENDING_RENAMES_2.name) - int(idle(case, row))
    return severity.raised(steps) if steps else severity


def collides(row: MovedFile) -> bool:
    """Whether the row fails where its target exists, as the files that Windows depends on do."""
    return row.destination is not None and not row.operation.replaces and row.freed_by is None


def weigh_replacement(case: Case, row: MovedFile, severity: Severity) -> Severity:
    """The severity of putting a file in the place of one that surely exists: one step lower where the row doesn't replace."""
    weighed = weigh(case, row, severity)
    return weighed.raised(-1) if collides(row) and not idle(case, row) else weighed


def confidence_of(case: Case, row: MovedFile) -> Confidence:
    """How sure it is that the row does what it says."""
    if idle(case, row):
        return Confidence.MEDIUM
    replaces = row.operation.replaces or row.destination is None or row.freed_by is not None
    return Confidence.HIGH if replaces else Confidence.MEDIUM


def cite(*rows: MovedFile) -> tuple[Origin, ...]:
    """The strings of the rows."""
    return tuple(dict.fromkeys(row.operation.event.because[0] for row in rows if row.operation.event.because))


def events_of(*rows: MovedFile) -> tuple[int, ...]:
    return tuple(row.operation.event.number for row in rows)


def threads_of(case: Case, *paths: Comparable | None) -> tuple[str, ...]:
    """The threads of files, and of the services that run from them."""
    threads: dict[str, None] = {}
    for path in paths:
        if path is None or not path.text:
            continue
        threads[case.thread_of(path)] = None
        program = case.programs_by_path.get(path.text)
        if program is not None:
            threads[f"service {program.service.name}"] = None
    return tuple(threads)


def starts_by_itself(start: int | None) -> bool:
    return start is not None and start <= AUTO_START


def check_alarms(id: str) -> Check:
    """The check that tells the alarms of one rule, row by row."""

    def check(case: Case) -> Iterator[Hit]:
        for row, alarms in zip(case.renames.moved.rows, case.renames.alarms, strict=True):
            for alarm in alarms:
                if alarm.rule == id:
                    about = f"{alarm.what}{_when(case, row) if id == TRUSTED else ''}"
                    severity = alarm.severity if id == EVIDENCE and row.operation.fails else weigh(case, row, alarm.severity)
                    if id == TRUSTED and alarm.about is row.destination:
                        severity = weigh_replacement(case, row, alarm.severity)
                        if collides(row):
                            about += ". The row does not ask to replace, so it fails if the file is there"
                    if alarm.holds and alarm.about is row.destination and row.freed_by is None:
                        if is_put_aside(row.source, row.destination):
                            continue
                        severity = weigh(case, row, alarm.severity.raised(-1))
                        about += (
                            ". No row moves the folder that is there away before, so this works only where there is none"
                        )
                    text = f"{tell_row(case, row)}; {about}."
                    threads = threads_of(case, alarm.about, row.source, row.destination)
                    sure = confidence_of(case, row)
                    yield Hit(text, cite(row), _subject(row), severity, sure, events_of(row), threads)

    return check


def _subject(row: MovedFile) -> str:
    """The true paths: of several rows about one file each has its own fingerprint."""
    return row.source.text if row.destination is None else f"{row.source.text} to {row.destination.text}"


def _when(case: Case, row: MovedFile) -> str:
    """Which boot sees the change, where the replay shows a use of the file."""
    felt = case.events.effects_by_cause.get(row.operation.event.number, ())
    for event, effect in felt:
        return f". It shows in {'this' if effect.boot == 'this' else 'the following'} boot: {_name(event)}"
    return ""


def _name(event: Event) -> str:
    action = event.action
    name = getattr(action, "image", "") or getattr(action, "file", "") or getattr(action, "name", "") or event.step.value
    return f"event {event.number} uses {str(name).rsplit(chr(92), 1)[-1]}"
