r"""The other lists of programs that smss runs: BootExecuteNoPnpSync, PlatformExecute, SetupExecute and its twin, Execute.

No Windows ships a program in one of them; servicing and the finish of a cloned image use SetupExecute for a boot or two.
Source: detections.md 1.1; smss.md B.5 to B.7.
"""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.generation import VISTA, Family
from hivecheck.rules.case import Case
from hivecheck.rules.rule import Example, Hit, Rule, Severity
from hivecheck.settings.catalog import (
    BOOT_EXECUTE_NO_PNP_SYNC,
    EXECUTE,
    PLATFORM_EXECUTE,
    SETUP_EXECUTE,
    SETUP_EXECUTE_NO_PNP_SYNC,
    SETUP_TYPE,
    SYSTEM_SETUP_IN_PROGRESS,
    Row,
    applies_to,
)
from hivecheck.settings.commands import Command

Commands = tuple[Command, ...]
_ONE_SHOT = "Image the disk and collect the program from System32 (or from the folder it names), then delete the value."


def _commands(case: Case, row: Row[Commands]) -> Iterator[Command]:
    return (command for command in case.settings[row].value if command.line.image and not command.repeats)


def _hit(case: Case, command: Command, message: str, severity: Severity, confidence: Confidence) -> Hit:
    events = case.events_citing(command.origin)
    story = (case.thread_of_image(command.line.image),)
    return Hit(message, (command.origin,), command.text, severity, confidence, events, story)


def _check_list(case: Case, row: Row[Commands], when: str, certain: Confidence) -> Iterator[Hit]:
    """A critical hit for each program of a list; a medium one where this Windows does not read the list."""
    for command in _commands(case, row):
        if applies_to(row, case.generation):
            message = f"{row.name} runs {command.text}: smss would start it as SYSTEM {when}, if the file exists."
            yield _hit(case, command, message, Severity.CRITICAL, certain)
        else:
            message = f"{row.name} lists {command.text}. {case.generation.name} does not read this list: it waits for a newer Windows."
            yield _hit(case, command, message, Severity.MEDIUM, Confidence.MEDIUM)


def _check_no_pnp_sync(case: Case) -> Iterator[Hit]:
    return _check_list(case, BOOT_EXECUTE_NO_PNP_SYNC, "at each boot, beside BootExecute", Confidence.HIGH)


BOOTEXEC_NOPNPSYNC = Rule(
    id="bootexec-nopnpsync",
    family="programs",
    title="A program is listed in BootExecuteNoPnpSync",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1547.001",),
    why=(
        "smss from Vista on runs this list together with BootExecute, by the same grammar and before all services, without "
        "waiting for devices. No PC has the value; tools that look at BootExecute miss it."
    ),
    false_positives=("Images for consoles and phones; none on a PC.",),
    remedy=_ONE_SHOT,
    sources=("detections.md 1.1", "smss.md B.5"),
    check=_check_no_pnp_sync,
    fires_on=(
        Example(
            "an extra program beside a clean BootExecute",
            r"""
            [ControlSet001\Control\Session Manager]
            BootExecuteNoPnpSync = multi "autocheck early *"
            """,
            cites=("autocheck early *",),
            severity=Severity.CRITICAL,
        ),
        Example(
            "on a Windows that does not read it",
            r"""
            [ControlSet001\Control\Session Manager]
            BootExecuteNoPnpSync = multi "early"
            """,
            cites=("early",),
            generation="xp-x86",
            severity=Severity.MEDIUM,
        ),
    ),
    silent_on=(
        Example(
            "an empty list",
            r"""
            [ControlSet001\Control\Session Manager]
            BootExecuteNoPnpSync = multi ""
            """,
        ),
    ),
    severities="critical; medium on a Windows before Vista, which does not read the list.",
    needs="Whether the file is in System32, is a native program, and who signed it.",
)


def _check_platform_execute(case: Case) -> Iterator[Hit]:
    return _check_list(case, PLATFORM_EXECUTE, "early in the boot (at which point is not documented)", Confidence.MEDIUM)


PLATFORM_EXECUTE_RULE = Rule(
    id="platform-execute",
    family="programs",
    title="A program is listed in PlatformExecute",
    severity=Severity.CRITICAL,
    confidence=Confidence.MEDIUM,
    techniques=("T1547.001", "T1542"),
    why=(
        "smss of Windows 8 and later reads this list early, around the firmware's platform binary. What it does with it is not "
        "documented, so the confidence is medium; no Windows ships the value."
    ),
    false_positives=("None known on PCs.",),
    remedy=_ONE_SHOT,
    sources=("detections.md 1.1, 5.4", "smss.md B.5, A3.e"),
    check=_check_platform_execute,
    fires_on=(
        Example(
            "a program in the list",
            r"""
            [ControlSet001\Control\Session Manager]
            PlatformExecute = multi "platform /s"
            """,
            cites=("platform /s",),
            severity=Severity.CRITICAL,
        ),
        Example(
            "a single string counts as a list of one",
            r"""
            [ControlSet001\Control\Session Manager]
            PlatformExecute = sz "platform"
            """,
            cites=("platform",),
            generation="win11-22h2-x64",
        ),
    ),
    silent_on=(
        Example(
            "a blank string",
            r"""
            [ControlSet001\Control\Session Manager]
            PlatformExecute = multi "  "
            """,
        ),
    ),
    severities="critical; medium on a Windows before 8, which does not read the list.",
    needs="Whether the file is in System32, is a native program, and who signed it.",
)


def _check_setup_execute(case: Case) -> Iterator[Hit]:
    for row in (SETUP_EXECUTE, SETUP_EXECUTE_NO_PNP_SYNC):
        if not applies_to(row, case.generation):
            yield from _check_list(case, row, "", Confidence.MEDIUM)
            continue
        for command in _commands(case, row):
            severity, confidence, why = _judge_setup_program(case, command)
            message = (
                f"{row.name} runs {command.text}: {why}. Smss would start it as SYSTEM after the renames and before csrss, at "
                "each boot until the list is emptied, if the file exists."
            )
            yield _hit(case, command, message, severity, confidence)


def _judge_setup_program(case: Case, command: Command) -> tuple[Severity, Confidence, str]:
    image = command.line.image.casefold()
    system = f"{case.system_root}\\System32\\".casefold()
    bare = image.rsplit("\\", 1)[-1].removesuffix(".exe")
    at_home = "\\" not in image or case.path(image).text in (f"{system}{bare}.exe", system + bare)
    if at_home and bare == "poqexec" and case.generation >= VISTA and _is_pending_list(case, command.line.arguments):
        if _lingers(case, command):
            why = (
                "pending updates, but the machine has booted since the key was written and its installer is not set to start"
            )
            return Severity.MEDIUM, Confidence.MEDIUM, why
        return Severity.INFO, Confidence.HIGH, "Windows finishes pending updates this way"
    if at_home and bare == "setupcl":
        if case.settings[SYSTEM_SETUP_IN_PROGRESS].value == 1 or case.settings[SETUP_TYPE].value:
            return Severity.INFO, Confidence.HIGH, "a cloned image gets its own identifiers while setup is in progress"
        why = "it gives a cloned image its own identifiers, but no setup is in progress"
        return Severity.MEDIUM, Confidence.MEDIUM, why
    return Severity.CRITICAL, Confidence.HIGH, "neither servicing nor setup writes this"


def _is_pending_list(case: Case, arguments: str) -> bool:
    """Whether the arguments are switches and then the list that component servicing leaves."""
    *switches, last = arguments.split() or [""]
    known = {"/display_progress", "/noreboot", "/transactional"}
    return all(one.casefold() in known for one in switches) and case.path(last).text == (
        f"{case.system_root}\\winsxs\\pending.xml".casefold()
    )


def _lingers(case: Case, command: Command) -> bool:
    written, boot = getattr(command.origin, "written", 0), case.facts.last_boot.value or 0
    return bool(written and boot > written) and case.number("Services\\TrustedInstaller", "Start") != 2


SETUP_EXECUTE_RULE = Rule(
    id="setup-execute",
    family="programs",
    title="A program is listed in SetupExecute",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1547.001", "T1112"),
    why=(
        "smss runs every line of SetupExecute as SYSTEM before csrss and does not clear the list itself, so that a line stays "
        "until somebody empties it. A file that a pending rename put there runs in the same boot."
    ),
    false_positives=(
        "Component servicing writes poqexec.exe with WinSxS\\pending.xml while updates are pending.",
        "setupcl.exe while a cloned image is being set up.",
    ),
    remedy="Image the disk and collect the program, then empty the list (a list with no string is what Windows ships).",
    sources=("detections.md 1.1", "smss.md B.6"),
    check=_check_setup_execute,
    fires_on=(
        Example(
            "a foreign program",
            r"""
            [ControlSet001\Control\Session Manager]
            SetupExecute = multi "sysprep_agent"
            """,
            cites=("sysprep_agent",),
            severity=Severity.CRITICAL,
        ),
        Example(
            "the name of servicing's program with another list",
            r"""
            [ControlSet001\Control\Session Manager]
            SetupExecute = multi "C:\Windows\System32\poqexec.exe /display_progress \??\C:\ProgramData\pending.xml"
            """,
            cites=("C:\\Windows\\System32\\poqexec.exe /display_progress \\??\\C:\\ProgramData\\pending.xml",),
            generation="win7-x64",
            severity=Severity.CRITICAL,
        ),
        Example(
            "pending updates",
            r"""
            [ControlSet001\Control\Session Manager] 2022-09-26T19:00:00Z
            SetupExecute = multi "C:\Windows\System32\poqexec.exe /display_progress \SystemRoot\WinSxS\pending.xml"
            """,
            cites=("C:\\Windows\\System32\\poqexec.exe /display_progress \\SystemRoot\\WinSxS\\pending.xml",),
            severity=Severity.INFO,
        ),
        Example(
            "a clone's identifiers, with no setup in progress",
            r"""
            [ControlSet001\Control\Session Manager]
            SetupExecute = multi "setupcl.exe"
            """,
            cites=("setupcl.exe",),
            generation="xp-x86",
            severity=Severity.MEDIUM,
        ),
        Example(
            "the twin that few tools know",
            r"""
            [ControlSet001\Control\Session Manager]
            SetupExecuteNoPnpSync = multi "late"
            """,
            cites=("late",),
            generation="win10-1903-x64",
            severity=Severity.CRITICAL,
        ),
    ),
    silent_on=(
        Example(
            "an empty list, as shipped",
            r"""
            [ControlSet001\Control\Session Manager]
            SETUPEXECUTE = multi
            """,
        ),
    ),
    severities=(
        "critical; info for pending updates and for setupcl during setup; medium for setupcl without one, for updates that "
        "outlived a boot while TrustedInstaller is not set to start, and on a Windows that does not read the list."
    ),
    needs="Whether the file exists, is a native program, and who signed it.",
)


def _check_execute(case: Case) -> Iterator[Hit]:
    surely = case.family in (Family.G1, Family.G2)
    commands = tuple(_commands(case, EXECUTE))
    for command in commands:
        if surely and command is commands[-1]:
            does = "smss would start it as SYSTEM in place of winlogon, being the last of the list"
        elif surely:
            does = "smss would start it as SYSTEM after csrss"
        else:
            does = "smss would start it as SYSTEM after csrss, if it still reads this list (inferred)"
        message = f"Execute runs {command.text}: {does}, and if the file exists."
        yield _hit(case, command, message, Severity.CRITICAL, Confidence.HIGH if surely else Confidence.MEDIUM)


SM_EXECUTE = Rule(
    id="sm-execute",
    family="programs",
    title="A program is listed in Execute",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1547.001", "T1547"),
    why=(
        "smss starts every entry of Execute after the subsystems, as SYSTEM. Up to 2003 the last one takes the place of "
        "winlogon. No Windows ships the value, and no product is known to set it."
    ),
    false_positives=("None known.",),
    remedy=_ONE_SHOT,
    sources=("detections.md 1.1", "smss.md B.7"),
    check=_check_execute,
    fires_on=(
        Example(
            "a native program after csrss",
            r"""
            [ControlSet001\Control\Session Manager]
            Execute = multi "evil"
            """,
            cites=("evil",),
            severity=Severity.CRITICAL,
        ),
        Example(
            "two programs, the last in place of winlogon",
            r"""
            [ControlSet001\Control\Session Manager]
            Execute = multi "first.exe" "" "last.exe /logon"
            """,
            cites=("first.exe", "last.exe /logon"),
            generation="xp-x86",
        ),
    ),
    silent_on=(
        Example(
            "an empty list",
            r"""
            [ControlSet001\Control\Session Manager]
            Execute = multi
            """,
        ),
    ),
    needs="Whether the file is in System32, is a native program, and who signed it.",
)
