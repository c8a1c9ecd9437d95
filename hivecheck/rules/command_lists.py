r"""The lists of programs that no Windows fills: BootExecuteNoPnpSync, PlatformExecute, Execute. (SetupExecute is beside.)

Source: detections.md 1.1; smss.md B.5 to B.7.
"""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.generation import Family
from hivecheck.rules.case import Case
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.settings.catalog import (
    BOOT_EXECUTE_NO_PNP_SYNC,
    EXECUTE,
    PLATFORM_EXECUTE,
    Row,
    applies_to,
)
from hivecheck.settings.commands import Command

Commands = tuple[Command, ...]
ONE_SHOT_REPAIR = (
    "Image the disk and collect the program from System32 (or from the folder it names), then delete the value."
)


def commands_of(case: Case, row: Row[Commands]) -> Iterator[Command]:
    return (command for command in case.settings[row].value if command.line.image and not command.repeats)


def command_hit(case: Case, command: Command, message: str, severity: Severity, confidence: Confidence) -> Hit:
    events = case.events_citing(command.origin)
    story = (case.thread_of_image(command.line.image),)
    return Hit(message, (command.origin,), command.text, severity, confidence, events, story)


def check_list(case: Case, row: Row[Commands], when: str, certain: Confidence) -> Iterator[Hit]:
    """A critical hit for each program of a list; a medium one where this Windows does not read the list."""
    for command in commands_of(case, row):
        if applies_to(row, case.generation):
            message = f"{row.name} runs {command.text}: smss would start it as SYSTEM {when}, if the file exists."
            yield command_hit(case, command, message, Severity.CRITICAL, certain)
        else:
            message = f"{row.name} lists {command.text}. {case.generation.name} does not read this list; only a newer Windows would run it."
            yield command_hit(case, command, message, Severity.MEDIUM, Confidence.MEDIUM)


def _check_no_pnp_sync(case: Case) -> Iterator[Hit]:
    return check_list(case, BOOT_EXECUTE_NO_PNP_SYNC, "at each boot, beside BootExecute", Confidence.HIGH)


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
    remedy=ONE_SHOT_REPAIR,
    sources=("detections.md 1.1", "smss.md B.5"),
    check=_check_no_pnp_sync,
    severities="critical; medium on a Windows before Vista, which does not read the list.",
    needs="Whether the file is in System32, is a native program, and who signed it.",
)


def _check_platform_execute(case: Case) -> Iterator[Hit]:
    return check_list(case, PLATFORM_EXECUTE, "early in the boot (at which point is not documented)", Confidence.MEDIUM)


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
    remedy=ONE_SHOT_REPAIR,
    sources=("detections.md 1.1, 5.4", "smss.md B.5, A3.e"),
    check=_check_platform_execute,
    severities="critical; medium on a Windows before 8, which does not read the list.",
    needs="Whether the file is in System32, is a native program, and who signed it.",
)


def _check_execute(case: Case) -> Iterator[Hit]:
    surely = case.family in (Family.G1, Family.G2)
    commands = tuple(commands_of(case, EXECUTE))
    for command in commands:
        if surely and command is commands[-1]:
            does = "smss would start it as SYSTEM in place of winlogon, being the last of the list, if the file exists"
        elif surely:
            does = "smss would start it as SYSTEM after csrss, if the file exists"
        else:
            does = "smss would start it as SYSTEM after csrss, if the file exists and if it still reads this list (inferred)"
        message = f"Execute runs {command.text}: {does}."
        yield command_hit(case, command, message, Severity.CRITICAL, Confidence.HIGH if surely else Confidence.MEDIUM)


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
    remedy=ONE_SHOT_REPAIR,
    sources=("detections.md 1.1", "smss.md B.7"),
    check=_check_execute,
    needs="Whether the file is in System32, is a native program, and who signed it.",
)
