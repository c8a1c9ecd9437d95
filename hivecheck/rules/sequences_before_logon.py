r"""Programs that run before services and logon, or in the place of what starts them.

Source: detections.md 4.C, numbers 18 and 20.
"""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.generation import VISTA, Family
from hivecheck.facts.origin import Origin
from hivecheck.rules.case import Case
from hivecheck.rules.rename_telling import (
    REMEDY,
    cite,
    events_of,
    spelled_source,
    spelled_target,
    threads_of,
)
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.rules.setup_command import read_setup_command
from hivecheck.rules.setup_mode import SETUP_CMDLINE
from hivecheck.settings.catalog import (
    EXECUTE,
    S0_INITIAL_COMMAND,
    SETUP_TYPE,
)

_SOURCES = ("detections.md 4.C",)


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
        yield Hit(text, tuple(origins), subject, severity, sure, case.events_citing(*origins), threads)


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
    remedy="Delete the value first, then quarantine the program: the other way round the machine stops with 0xC000021A.",
    sources=(*_SOURCES, "smss.md B.7, B.16"),
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
    sources=(*_SOURCES, "detections.md 1.7"),
    check=_check_setup_command,
)


RULES: tuple[Rule, ...] = (
    DISPLACES,
    SETUP_COMMAND,
)
