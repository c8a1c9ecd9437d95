r"""autochk, the check of volumes at boot: taken away, held up, or told to leave volumes out.

Source: detections.md 1.1; baselines.md 2.1; smss.md B.1, B.2.
"""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.generation import WIN81
from hivecheck.facts.origin import Origin
from hivecheck.rules.boot_execute import is_autochk, judge_boot_program
from hivecheck.rules.case import Case
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.settings.catalog import (
    AUTOCHK_SKIP_SYSTEM_PARTITION,
    AUTOCHK_TIMEOUT,
    BOOT_EXECUTE,
    CRASH_DUMP_ENABLED,
    SM,
)
from hivecheck.settings.commands import Command
from hivecheck.settings.machine_identity import Role
from hivecheck.settings.setting import Presence

_LONG_WAIT_SECONDS = 3_600
_LINES_LOOKED_AT = 200  # a hostile list may hold thousands


def _check_emptied(case: Case) -> Iterator[Hit]:
    key = case.key(SM)
    if key is None:
        return
    setting = case.settings[BOOT_EXECUTE]
    ruinous = case.settings[CRASH_DUMP_ENABLED].value == 0 and _is_disabled(case, "vss")
    if setting.presence is Presence.DEFAULTED:
        yield Hit(
            "BootExecute is missing. Smss would fall back to its built-in line and run autochk all the same, but nothing "
            "legitimate deletes the value.",
            (key.ref,),
            "BootExecute",
            Severity.MEDIUM,
            Confidence.MEDIUM,
        )
    elif setting.presence in (Presence.WRITTEN, Presence.WRONG_TYPE) and not _checks_disks(case, setting.value):
        because: tuple[Origin, ...] = (setting.raw.ref,) if setting.raw is not None else (key.ref,)
        more = " Crash dumps and volume shadow copies are off as well, as a wiper leaves a machine." if ruinous else ""
        yield Hit(
            "BootExecute runs no autochk: no volume would be checked at boot, so that damage done to a file system stays."
            + more,
            because,
            "BootExecute",
            Severity.MEDIUM if ruinous else Severity.LOW,
            Confidence.HIGH,
        )
    timeout, skip = case.settings[AUTOCHK_TIMEOUT], case.settings[AUTOCHK_SKIP_SYSTEM_PARTITION]
    if timeout.value is not None and not 0 < timeout.value < _LONG_WAIT_SECONDS:
        effect = "nobody could stop a check" if timeout.value == 0 else "a due check would hold the boot up for so long"
        yield Hit(
            f"AutoChkTimeout is {timeout.value} seconds: {effect}.",
            timeout.origins,
            "AutoChkTimeout",
            Severity.LOW,
            Confidence.MEDIUM,
        )
    if skip.value:
        yield Hit(
            "AutoChkSkipSystemPartition is set: autochk would leave the system partition unchecked.",
            skip.origins,
            "AutoChkSkipSystemPartition",
            Severity.LOW,
            Confidence.MEDIUM,
        )


def _checks_disks(case: Case, commands: tuple[Command, ...]) -> bool:
    """Whether autochk is run, or something is run in its place that `bootexec-extra` tells of already."""
    if any(is_autochk(command) for command in commands):
        return True
    verdicts = (judge_boot_program(case, command) for command in commands[:_LINES_LOOKED_AT])
    return any(verdict is not None and verdict.severity > Severity.INFO for verdict in verdicts)


def _is_disabled(case: Case, name: str) -> bool:
    return case.number(f"Services\\{name}", "Start") == 4


BOOTEXEC_EMPTIED = Rule(
    id="bootexec-emptied",
    family="programs",
    title="BootExecute does not run autochk",
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    techniques=("T1562.001", "T1490"),
    why=(
        "With an empty list smss checks no volume at boot, so that a file system somebody damaged is not mended and its dirty "
        "mark stays. Every Windows ships the line for autochk."
    ),
    false_positives=("Tuning scripts and scripts against autorun viruses empty the list.", "chkntfs /t:0 sets the timeout."),
    remedy=(
        "Set BootExecute to the one string `autocheck autochk *` (servers from 2012 R2: `autocheck autochk /q /v *`), "
        "AutoChkTimeout to the value Windows ships, AutoChkSkipSystemPartition to 0."
    ),
    sources=("detections.md 1.1", "smss.md B.1, B.2"),
    check=_check_emptied,
    severities="low; medium where the value is missing, and where crash dumps and volume shadow copies are off as well.",
)


def _check_arguments(case: Case) -> Iterator[Hit]:
    setting = case.settings[BOOT_EXECUTE]
    for command in setting.value if setting.is_written else ():
        if command.repeats or not is_autochk(command):
            continue
        told = _judge_arguments(case, command)
        if told is not None:
            severity, what = told
            yield Hit(
                f"BootExecute runs {command.text}: {what}.",
                (command.origin,),
                command.text,
                severity,
                Confidence.HIGH,
                case.events.citing(command.origin),
            )


def _judge_arguments(case: Case, command: Command) -> tuple[Severity, str] | None:
    arguments = command.line.arguments.casefold().split()
    if "debug" in command.line.keywords:
        return Severity.CRITICAL, "it asks for a debugger, which Windows never does here"
    if arguments == ["*"] or (arguments == ["/q", "/v", "*"] and _is_modern_server(case)):
        return None
    spared = tuple(one for one in arguments if one.startswith("/k:"))
    if any(case.system_root[:1].casefold() in one[3:] for one in spared):
        return Severity.LOW, "the volume of Windows is left out of the check"
    if any(_names_a_stranger(one) for one in arguments):
        return Severity.LOW, "the arguments name a file or a volume by its identifier, where Windows writes drive letters"
    if spared:
        return Severity.INFO, "volumes are left out of the check (chkntfs /x writes this)"
    if any(one in ("/p", "/r", "/f") for one in arguments):
        return Severity.INFO, "a check of a volume is scheduled for the next boot"
    return Severity.INFO, "the arguments are not those that Windows ships"


def _is_modern_server(case: Case) -> bool:
    return case.generation >= WIN81 and case.facts.role.value in (Role.SERVER, Role.DOMAIN_CONTROLLER)


def _names_a_stranger(argument: str) -> bool:
    drive = argument.removeprefix("\\??\\").removeprefix("\\dosdevices\\")
    return "volume{" in argument or "." in argument or "\\" in drive.rstrip("\\")


BOOTEXEC_AUTOCHK_ARGS = Rule(
    id="bootexec-autochk-args",
    family="programs",
    title="autochk has other arguments than Windows ships",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1112",),
    why=(
        "The arguments decide which volumes are checked at boot. chkdsk and chkntfs write them; an excluded system volume "
        "keeps damage from being mended."
    ),
    false_positives=("A check scheduled with chkdsk, an exclusion made with chkntfs /x.",),
    remedy="Set BootExecute to the one string `autocheck autochk *` unless an administrator asked for the arguments.",
    sources=("detections.md 1.1", "baselines.md 2.1, 3.1"),
    check=_check_arguments,
    severities=(
        "info for a scheduled check, an exclusion or other switches; low where the volume of Windows is left out, the "
        "arguments name something else than a drive; critical where a debugger is asked for."
    ),
)
