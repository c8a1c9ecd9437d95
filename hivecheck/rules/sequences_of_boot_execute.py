r"""What runs before services and logon, or in the place of what starts them, by several settings together.

BootExecute and rename lists: programs put in place after their first run, programs removed after it.
Source: detections.md 4.C, numbers 8, 9, 18 and 20.
"""

from collections.abc import Iterator

from hivecheck.boot.actions import RunProgram
from hivecheck.boot.replay import Event
from hivecheck.facts.certainty import Confidence
from hivecheck.facts.generation import VISTA, Family
from hivecheck.facts.origin import Origin
from hivecheck.rules.case import Case
from hivecheck.rules.known_boot_programs import MICROSOFT, boot_program
from hivecheck.rules.rename_telling import (
    REMEDY,
    cite,
    confidence_of,
    events_of,
    idle,
    spelled_source,
    spelled_target,
    threads_of,
    weigh,
)
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.rules.setup_mode import SETUP_CMDLINE, read_setup_command
from hivecheck.settings.catalog import (
    EXECUTE,
    S0_INITIAL_COMMAND,
    SETUP_TYPE,
)

_SOURCES = ("detections.md 4.A", "detections.md 4.C", "smss.md A.1 to A.4")


def _boot_runs(case: Case) -> dict[str, Event]:
    """The programs of BootExecute and its kin that smss asks for, by their first candidate; Windows's own left out."""
    found: dict[str, Event] = {}
    for event in case.events.of(RunProgram):
        action = event.action
        if isinstance(action, RunProgram) and action.list.startswith(("BootExecute", "PlatformExecute")):
            for path in action.candidates[:1]:
                named = case.path(path.text)
                if named.name.removesuffix(".exe") not in MICROSOFT:
                    found.setdefault(named.text, event)
    return found


def _check_staged(case: Case) -> Iterator[Hit]:
    runs = _boot_runs(case) if case.renames.moved.rows else {}
    if not runs:
        return
    for row in case.renames.moved.rows:
        told = row.operation.destination
        event = runs.get(told.text) if told is not None else None
        if event is None or told is None or idle(case, row):
            continue
        known = boot_program(told.name)
        vendor = known is not None and any(case.has_service(name) for name in known.companions)
        who = f" It bears the name of a program of {known.vendor}." if known is not None else ""
        text = (
            f"smss is to run {told.name} before it renames files, and {row.operation.list} would only then put "
            f"{spelled_source(row)} there. The first boot says that the program was not found, or runs the old one; the second "
            f"runs the new one.{who}"
        )
        severity = weigh(case, row, Severity.MEDIUM if vendor else Severity.CRITICAL)
        events = (*events_of(row), event.number)
        because = (*cite(row), *event.because[:1])
        yield Hit(text, because, told.text, severity, confidence_of(case, row), events, threads_of(case, told, row.source))


STAGED = Rule(
    id="seq-bootexec-staged-by-pfro",
    family="sequences",
    title="A program of BootExecute is put in place by a pending rename",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1547.001", "T1036.005"),
    why=(
        "BootExecute comes before the renames. The entry looks dead, as its file is not there; the file comes by a row that "
        "looks like an installer's, and the boot after runs it with the rights of the system."
    ),
    false_positives=("An update of a defragmenter or the like that runs at boot (medium where its service is set up).",),
    remedy="First set BootExecute to 'autocheck autochk *', then: " + REMEDY,
    sources=_SOURCES,
    severities="critical; medium for a known program whose product's service is set up.",
    check=_check_staged,
)


def _check_self_erasing(case: Case) -> Iterator[Hit]:
    runs = _boot_runs(case) if case.renames.moved.rows else {}
    if not runs:
        return
    for row in case.renames.moved.rows:
        event = runs.get(row.operation.source.text)
        if event is None or idle(case, row):
            continue
        does = "delete" if row.destination is None else f"rename to {spelled_target(row)}"
        text = (
            f"smss is to run {spelled_source(row)} from BootExecute, and moments later {row.operation.list} would {does} that "
            "very file: after the boot nothing shows what ran."
        )
        events = (*events_of(row), event.number)
        because = (*cite(row), *event.because[:1])
        severity = weigh(case, row, Severity.CRITICAL)
        yield Hit(text, because, row.source.text, severity, None, events, threads_of(case, row.source))


SELF_ERASING = Rule(
    id="seq-self-erasing-bootexec",
    family="sequences",
    title="A program of BootExecute is removed right after it ran",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1070.004", "T1547.001"),
    why="Renames follow BootExecute at once. A program that has itself deleted there cleans up after its work.",
    false_positives=("None known: uninstallers take the entry out of BootExecute as well.",),
    remedy="Collect the file first: it is still there. Then take the entry out of BootExecute. " + REMEDY,
    sources=_SOURCES,
    check=_check_self_erasing,
)


_SOURCES_BEFORE_LOGON = ("detections.md 4.C",)


def _armed_setup(case: Case) -> Hit | None:
    """What setup-cmdline says of a program that SetupType would run, where it is not setup's own."""
    if not case.settings[SETUP_TYPE].value:
        return None
    hits = [hit for hit in SETUP_CMDLINE.check(case) if (hit.severity or SETUP_CMDLINE.severity) >= Severity.HIGH]
    return hits[0] if hits else None


def _check_displaces(case: Case) -> Iterator[Hit]:
    initial = case.settings[S0_INITIAL_COMMAND]
    told: list[tuple[str, tuple[Origin, ...], str]] = []
    graded: tuple[Severity | None, Confidence | None] = None, None
    if (
        initial.value.strip()
        and case.generation >= VISTA
        and case.path(initial.value.split()[0]).name
        not in (
            "wininit.exe",
            "wininit",
        )
    ):
        told.append((f"S0InitialCommand has smss start {initial.value} in place of wininit", initial.origins, initial.value))
    if case.family in (Family.G1, Family.G2):
        commands = [command for command in case.settings[EXECUTE].value if command.line.image]
        if commands and case.path(commands[-1].line.image).name not in ("winlogon.exe", "winlogon"):
            last = commands[-1]
            told.append((f"Execute has smss start {last.text} in place of winlogon", (last.origin,), last.text))
    setup = _armed_setup(case)
    if setup is not None:
        line = read_setup_command(case)
        graded = setup.severity, setup.confidence
        because = (*case.settings[SETUP_TYPE].origins, *line.origins)
        told.append((f"SetupType has {line.text} run before everything else of the logon", because, line.text))
    for place, (what, origins, subject) in enumerate(told):
        text = (
            f"{what}. Services, lsass and the logon come late, or only if that program starts them: whatever the replay shows "
            "after it, it decides."
        )
        image = subject.split()[0].strip('"') if subject.split() else subject
        threads = (case.thread_of_image(image),)
        severity, sure = graded if setup is not None and place == len(told) - 1 else (None, None)
        yield Hit(text, tuple(origins), subject, severity, sure, case.events.citing(*origins), threads)


DISPLACES = Rule(
    id="seq-initial-command-displaces-scm",
    family="sequences",
    title="A program takes the place of what starts services and logon",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1547.001", "T1574"),
    why=(
        "wininit (winlogon up to 2003) starts the services, lsass and the logon. A program in its place runs as SYSTEM before "
        "any security service, and decides whether there will be any."
    ),
    false_positives=("Windows Setup in progress (silent).",),
    remedy=(
        "First take the order away: delete S0InitialCommand or Execute in every control set; where SetupType has the program run, empty "
        "Setup\\CmdLine and set SetupType to 0. Only then quarantine the program: where smss is to start one that is gone, the machine "
        "stops with 0xC000021A."
    ),
    sources=(*_SOURCES_BEFORE_LOGON, "smss.md B.7, B.16"),
    check=_check_displaces,
)


def _check_setup_command(case: Case) -> Iterator[Hit]:
    if not case.renames.moved.rows or _armed_setup(case) is None:
        return
    line, type_ = read_setup_command(case), case.settings[SETUP_TYPE]
    named = {part.strip('"').casefold() for part in line.text.split()}
    paths = {case.path(part if "\\" in part else f"%SystemRoot%\\System32\\{part}").text for part in named if part}
    for row in case.renames.moved.rows:
        target = row.destination
        if target is None or not ({target.text, target.text.removesuffix(".exe")} & paths):
            continue
        text = (
            f"SetupType {type_.value} has {line.text} run as SYSTEM before anybody logs on, and {row.operation.list} would put "
            f"{spelled_source(row)} at {spelled_target(row)} just before: the program gets its name when nothing watches, and runs at once."
        )
        because = (*line.origins, *type_.origins, *cite(row))
        yield Hit(text, because, target.text, None, None, events_of(row), threads_of(case, target, row.source))


SETUP_COMMAND = Rule(
    id="seq-setup-cmd-before-logon",
    family="sequences",
    title="A pending rename puts the program in place that setup runs before logon",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1547", "T1112"),
    why="SetupType other than 0 runs Setup\\CmdLine as SYSTEM before logon; the rename gives the program its name in time.",
    false_positives=("None known: setup's own programs are in place.",),
    remedy="Set SetupType to 0 and empty CmdLine first. " + REMEDY,
    sources=(*_SOURCES_BEFORE_LOGON, "detections.md 1.7"),
    check=_check_setup_command,
)
