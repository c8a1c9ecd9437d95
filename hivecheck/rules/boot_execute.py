r"""BootExecute: the programs that smss runs before any file is renamed, any paging file made, any service started.

What stands beside autochk is judged by its name, by the names it resembles, and by whether the rest of its product is in the
hive. Beside it are the lists that no Windows fills: BootExecuteNoPnpSync, PlatformExecute, Execute (SetupExecute is elsewhere).
Source: detections.md 1.1; baselines.md 2.1, 3.1; smss.md B.2, B.5 to B.7.
"""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.fact import fact
from hivecheck.facts.generation import Family
from hivecheck.rules.case import Case
from hivecheck.rules.known_boot_programs import MICROSOFT, OFFENSIVE, BootProgram, boot_program
from hivecheck.rules.paths import edit_distance
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.settings.catalog import (
    BOOT_EXECUTE,
    BOOT_EXECUTE_NO_PNP_SYNC,
    EXECUTE,
    PLATFORM_EXECUTE,
    SYSTEM_SETUP_IN_PROGRESS,
    Row,
    applies_to,
)
from hivecheck.settings.commands import Command

IF_IT_RUNS = ", if the file exists and is a native program"
_CLOSE = 2  # edits that turn one name into the other
REPAIR_BOOT_EXECUTE = (
    "Image the disk and collect the named file from System32, in every control set set BootExecute to the one string "
    "`autocheck autochk *` (servers from 2012 R2: `autocheck autochk /q /v *`), then quarantine the file."
)


@fact
class Verdict:
    """What one line is: `why` continues the sentence `BootExecute lists X:`."""

    severity: Severity
    confidence: Confidence
    why: str


def image_name(image: str) -> str:
    """The folded name of an image without its folder and `.exe`."""
    return image.casefold().replace("/", "\\").rsplit("\\", 1)[-1].removesuffix(".exe")


def is_microsofts(command: Command) -> bool:
    """Whether the line names autochk, autoconv or autofmt by a bare name: what smss then finds is the file in System32."""
    return command.line.image.casefold().removesuffix(".exe") in MICROSOFT


def is_autochk(command: Command) -> bool:
    return command.line.image.casefold().removesuffix(".exe") == "autochk"


def judge_boot_program(case: Case, command: Command) -> Verdict | None:
    """What a line that is not autochk's is; None for autochk and for a line without an image."""
    image = command.line.image
    name = image_name(image)
    if not image or is_autochk(command):
        return None
    if is_microsofts(command):
        return Verdict(Severity.INFO, Confidence.HIGH, "Windows itself schedules it, to convert or format a volume")
    if name in OFFENSIVE:
        why = f"{OFFENSIVE[name]} is known to have its program there under this name"
        return Verdict(Severity.CRITICAL, Confidence.HIGH, why)
    likeness = _likeness(name)
    if likeness:
        return Verdict(Severity.CRITICAL, Confidence.HIGH, f"the name is {likeness} but for a letter or two")
    if name == "sprestrt" and not _has_path(image):
        setting_up = case.settings[SYSTEM_SETUP_IN_PROGRESS].value == 1
        why = "it is the second half of Windows' text-mode setup" + ("" if setting_up else ", but no setup is in progress")
        return Verdict(Severity.INFO if setting_up else Severity.MEDIUM, Confidence.HIGH, why)
    program = boot_program(image)
    if program is not None and not _has_path(image):
        return _judge_product(case, program, _leads_elsewhere(case, command)) or _judge_unknown(case, command)
    return _judge_unknown(case, command)


def _judge_product(case: Case, program: BootProgram, elsewhere: bool) -> Verdict | None:
    """What a known product's line is; None where nothing vouches for a line that names a file elsewhere."""
    found = next((name for name in program.companions if case.has_service(name)), "")
    if elsewhere:
        why = f"{program.vendor} uses this name and is in the hive, but the line names a file that users could write"
        return Verdict(Severity.MEDIUM, Confidence.MEDIUM, why) if found else None
    if found:
        why = f"{program.vendor} uses this name, and its service or driver {found} is in the hive"
        return Verdict(Severity.INFO, Confidence.MEDIUM, why)
    if not program.companions:
        why = f"{program.vendor} is said to use this name; nothing else of the product is known by which to check"
        return Verdict(Severity.MEDIUM, Confidence.LOW, why)
    why = f"{program.vendor} uses this name, but none of its services and drivers is in the hive: a remnant, or the name is borrowed"
    return Verdict(Severity.MEDIUM, Confidence.MEDIUM, why)


def _judge_unknown(case: Case, command: Command) -> Verdict:
    image = command.line.image
    if _has_path(image) or not image.isascii():
        why = "the image is written with a path or with letters beyond ASCII, where every known program stands by its bare name"
        return Verdict(Severity.CRITICAL, Confidence.MEDIUM, why)
    if "debug" in command.line.keywords:
        return Verdict(Severity.CRITICAL, Confidence.MEDIUM, "no known product uses the name, and it asks for a debugger")
    if case.is_new(command.origin):
        why = "no known product uses the name, and the key was written in the last days of the machine"
        return Verdict(Severity.CRITICAL, Confidence.MEDIUM, why)
    return Verdict(Severity.HIGH, Confidence.MEDIUM, "neither Windows nor a known product uses the name")


def _likeness(name: str) -> str:
    return next((known for known in sorted(MICROSOFT) if 0 < edit_distance(name, known) <= _CLOSE), "")


def _has_path(image: str) -> bool:
    return any(letter in image for letter in "\\/:~")


def _leads_elsewhere(case: Case, command: Command) -> bool:
    """Whether the arguments name a file that a known program would have no business with."""
    text = command.line.arguments
    if "\\" not in text:
        return False
    path = case.path(text[text.index("\\") - 2 :] if text.find("\\") >= 2 else text)
    return path.is_user_writable or path.text.startswith("\\\\") or "\\users\\" in path.text


def _check_extra(case: Case) -> Iterator[Hit]:
    setting = case.settings[BOOT_EXECUTE]
    commands = tuple(command for command in setting.value if command.line.image and not command.repeats)
    if not setting.is_written:
        return
    checked = next((at for at, command in enumerate(commands) if is_microsofts(command)), len(commands))
    for place, command in enumerate(commands):
        verdict = judge_boot_program(case, command)
        if verdict is None:
            continue
        before = place < checked < len(commands)
        order = "before autochk" if before else "" if checked < len(commands) else "with autochk gone from the list"
        runs = ", ".join(part for part in ("as SYSTEM", "before any service and rename", order) if part)
        yield Hit(
            f"BootExecute lists {command.text}: {verdict.why}. "
            f"At each boot, safe mode included, smss would start it {runs}{IF_IT_RUNS}.",
            (command.origin,),
            command.text,
            verdict.severity,
            verdict.confidence,
            case.events.citing(command.origin),
            (case.thread_of_image(command.line.image),),
        )


BOOTEXEC_EXTRA = Rule(
    id="bootexec-extra",
    family="programs",
    title="BootExecute lists a program beside autochk, or in its place",
    severity=Severity.CRITICAL,
    confidence=Confidence.MEDIUM,
    techniques=("T1547.001", "T1112"),
    why=(
        "smss starts every line of BootExecute as SYSTEM before services, security products and pending renames, in safe mode "
        "as well, and at every boot until the value changes. LoJax put its agent there by changing one letter of autochk."
    ),
    false_positives=(
        "Boot-time defragmenters and virus scanners stand there; the known ones are told as info while the rest of their "
        "product is in the hive, and as medium once it is gone.",
        "Text-mode setup (sprestrt) and a scheduled conversion of a volume (autoconv).",
    ),
    remedy=REPAIR_BOOT_EXECUTE,
    sources=("detections.md 1.1", "baselines.md 3.1", "smss.md B.2"),
    check=_check_extra,
    severities=(
        "critical for a name like autochk's, a name known from attacks, a path, a debugger, or an unknown name in a key "
        "written lately; high for any other unknown name; medium for a known product that is no longer in the hive; info "
        "for one that is, and for Windows' own."
    ),
    needs="Whether the file is in System32, is a native program, and who signed it.",
)


Commands = tuple[Command, ...]
ONE_SHOT_REPAIR = (
    "Image the disk and collect the program from System32 (or from the folder it names), then delete the value."
)


def commands_of(case: Case, row: Row[Commands]) -> Iterator[Command]:
    return (command for command in case.settings[row].value if command.line.image and not command.repeats)


def command_hit(case: Case, command: Command, message: str, severity: Severity, confidence: Confidence) -> Hit:
    events = case.events.citing(command.origin)
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
