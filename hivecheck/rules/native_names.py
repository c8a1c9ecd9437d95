r"""What the programs that smss runs are called and where they lie; and the firmware's platform binary, wpbbin.exe.

Source: detections.md 1.1; smss.md B.2 (what smss runs itself must be a native program, searched in System32), B.5 (WPBT).
"""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.generation import WIN8
from hivecheck.facts.origin import BuiltIn, Origin
from hivecheck.registry.control_sets import control_set_name
from hivecheck.registry.strings import decode_dword
from hivecheck.rules.boot_execute import image_name
from hivecheck.rules.case import Case
from hivecheck.rules.known_boot_programs import boot_program
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.settings.catalog import (
    BOOT_EXECUTE,
    BOOT_EXECUTE_NO_PNP_SYNC,
    DISABLE_WPBT_EXECUTION,
    EXECUTE,
    MINI_NT,
    PLATFORM_EXECUTE,
    SETUP_EXECUTE,
    SETUP_EXECUTE_NO_PNP_SYNC,
    SM,
)
from hivecheck.settings.commands import Command
from hivecheck.settings.setting import Presence

LISTS = (
    BOOT_EXECUTE, BOOT_EXECUTE_NO_PNP_SYNC, PLATFORM_EXECUTE, SETUP_EXECUTE, SETUP_EXECUTE_NO_PNP_SYNC, EXECUTE,
)  # fmt: skip
_PLATFORM_BINARY = "wpbbin.exe"
_WIN32_NAMES = frozenset(
    {
        "alg", "bash", "certutil", "cmd", "conhost", "cscript", "csrss", "ctfmon", "dllhost", "dwm", "explorer", "logonui",
        "lsaiso", "lsass", "lsm", "mshta", "msiexec", "notepad", "powershell", "pwsh", "reg", "regsvr32", "rundll32",
        "schtasks", "services", "sihost", "smss", "spoolsv", "svchost", "system", "taskhost", "taskhostw", "taskmgr",
        "userinit", "utilman", "werfault", "wininit", "winlogon", "wmiprvse", "wscript", "wuauclt",
    }
)  # fmt: skip


def _check_names(case: Case) -> Iterator[Hit]:
    for row in LISTS:
        setting = case.settings[row]
        for command in setting.value if setting.is_written else ():
            why = _odd_name(case, command)
            if why and not command.repeats:
                yield Hit(
                    f"{row.name} runs {command.text}: {why}.",
                    (command.origin,),
                    command.text,
                    Severity.HIGH,
                    Confidence.HIGH if "\\" in command.line.image else Confidence.MEDIUM,
                    case.events.citing(command.origin),
                    (case.thread_of_image(command.line.image),),
                )


def _odd_name(case: Case, command: Command) -> str:
    """What is wrong with the image of a line, '' for nothing."""
    image = command.line.image.replace("/", "\\")
    if not image:
        return ""
    name = image_name(image)
    if (image.startswith("\\\\") and not image.startswith(("\\\\?\\", "\\\\.\\"))) or "\\unc\\" in image.casefold():
        return "the image lies on another machine, and there is no network at this point"
    if ".." in image.split("\\"):
        return "the path goes back through a folder above, which hides where it leads"
    if "\\" in image and case.path(image).folder != f"{case.system_root}\\System32".casefold():
        return "the image lies outside System32, where what smss runs belongs"
    if name in _WIN32_NAMES:
        return (
            "the name is that of a Windows program which smss can't run this way: another file borrows it, or nothing starts"
        )
    ending = image.rsplit("\\", 1)[-1].rpartition(".")[2] if "." in image.rsplit("\\", 1)[-1] else ""
    if ending and ending.casefold() != "exe" and boot_program(image) is None:
        return f"the image ends in .{ending}, where a native program is an .exe"
    return ""


NATIVE_NAME_COLLISION = Rule(
    id="native-name-collision",
    family="programs",
    title="A program that smss runs borrows a Windows name or lies outside System32",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    techniques=("T1036.005",),
    why=(
        "smss runs native programs only and looks for a bare name in System32. A line that names svchost or cmd, a network "
        "path, a folder elsewhere or another extension either fails or is meant to pass for something it is not."
    ),
    false_positives=("poqexec.exe is written with its full path in System32, which is not flagged.",),
    remedy="Collect the file that the line names, then remove the line from the value.",
    sources=("detections.md 1.1", "smss.md B.2"),
    check=_check_names,
)


def _check_wpbt(case: Case) -> Iterator[Hit]:
    setting = case.settings[DISABLE_WPBT_EXECUTION]
    yield from _check_platform_names(case)
    key = case.key(SM)
    if case.generation < WIN8 or key is None or setting.value or setting.presence is Presence.UNREADABLE:
        return
    here: tuple[Origin, ...] = setting.origins or (key.ref,)
    for name in (control_set_name(number) for number in case.sets.present if number != case.sets.number):
        raw = case.value(f"\\{name}\\{SM}", "DisableWpbtExecution")
        if raw is not None and raw.type == 4 and decode_dword(raw.data):
            yield Hit(
                f"DisableWpbtExecution is set in {name} and is not set in the control set that boots: somebody "
                "let the firmware's platform binary run again, or the other set is the newer one.",
                (*here, raw.ref.citing(str(decode_dword(raw.data)))),
                "DisableWpbtExecution",
                Severity.LOW,
                Confidence.MEDIUM,
            )
            return
    if case.settings[MINI_NT].value:
        return
    yield Hit(
        "DisableWpbtExecution is not set: if the firmware holds a platform binary, smss would write it to "
        "System32\\wpbbin.exe and run it at each boot. The hive can't tell whether it holds one.",
        here
        if setting.origins
        else (key.ref, BuiltIn("the platform binary runs unless DisableWpbtExecution is set", "smss.md B.5")),
        "DisableWpbtExecution",
        Severity.INFO,
        Confidence.HIGH,
    )


def _check_platform_names(case: Case) -> Iterator[Hit]:
    """Everything in the registry that names the platform binary, which only smss itself writes and runs."""
    file = (case.thread_of(case.path(f"{case.system_root}\\System32\\{_PLATFORM_BINARY}")),)
    for row in LISTS:
        for command in case.settings[row].value:
            if command.line.image and image_name(command.line.image) == "wpbbin":
                message = (
                    f"{row.name} runs {command.text}, the name of the firmware's platform binary. Smss starts that by itself; "
                    "a line of its own is for another file of this name, or keeps one running that the firmware no longer holds."
                )
                events = case.events.citing(command.origin)
                yield Hit(message, (command.origin,), command.text, Severity.HIGH, Confidence.MEDIUM, events, file)
    for operation in case.renames.operations:
        target = operation.destination
        ends = (
            operation.source.text.endswith(_PLATFORM_BINARY),
            target is not None and target.text.endswith(_PLATFORM_BINARY),
        )
        if not any(ends) or not any(path.name == _PLATFORM_BINARY for path in operation.touched):
            continue
        message = (
            f"{operation.list}, pair {operation.pair}, "
            + ("deletes" if operation.deletes else "moves a file to or from")
            + " wpbbin.exe, the name under which the firmware's platform binary is written anew at each boot."
        )
        severity = Severity.MEDIUM if operation.deletes else Severity.HIGH
        subject = " ".join(path.text for path in operation.touched)
        event = operation.event
        yield Hit(message, event.because, subject, severity, Confidence.MEDIUM, (event.number,), file)
    for program in case.programs:
        if program.image.name == _PLATFORM_BINARY:
            name = program.service.name
            message = f"The service {name} runs {program.command}, under the name of the firmware's platform binary."
            because: tuple[Origin, ...] = program.service.cite("ImagePath")
            yield Hit(
                message, because, f"service {name}", Severity.HIGH, Confidence.MEDIUM, story=(*file, f"service {name}")
            )


WPBT = Rule(
    id="wpbt",
    family="programs",
    title="The firmware's platform binary may run, or its name is used by something else",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    techniques=("T1542.001", "T1542"),
    why=(
        "Windows 8 and later run a program that the firmware hands over, as SYSTEM at each boot, unless DisableWpbtExecution is "
        "set; it outlives a new installation. The name wpbbin.exe belongs to that program alone."
    ),
    false_positives=(
        "Most machines have no such program in their firmware: the switch alone is told as info.",
        "Vendors use it for their own tools (Lenovo, ASUS, Gigabyte) and for theft protection (Absolute).",
    ),
    remedy=(
        "Remove the line, rename or service that names wpbbin.exe and collect the file; set DisableWpbtExecution to 1 and turn "
        "the vendor's option off in the firmware."
    ),
    sources=("detections.md 1.1", "smss.md B.5"),
    check=_check_wpbt,
    severities=(
        "high where a program list, a pending rename or a service names wpbbin.exe (medium for a delete); low where the switch "
        "is set in another control set only; info where it is not set."
    ),
    needs="The WPBT table of the firmware (ACPI) and the file System32\\wpbbin.exe.",
)
