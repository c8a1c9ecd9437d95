r"""SetupExecute and its twin, and what else lies in the key `Setup`.

The lists are of native programs of servicing and setup, run before csrss at each boot until they are emptied; servicing, and the finish
of a cloned image, use them for a boot or two. The rest are names that sound like programs, services allowed during setup, bypassed
checks. Source: detections.md 1.1, 1.7; smss.md B.6; real hives of XP x64, 7 and 10 for the names that Windows and its upgrades write.
"""

from collections.abc import Iterator
from itertools import islice

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.generation import VISTA
from hivecheck.registry.strings import decode_dword
from hivecheck.rules.boot_execute import check_list, command_hit, commands_of
from hivecheck.rules.case import Case
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.settings.catalog import (
    SETUP_EXECUTE,
    SETUP_EXECUTE_NO_PNP_SYNC,
    SETUP_TYPE,
    SYSTEM_SETUP_IN_PROGRESS,
    applies_to,
)
from hivecheck.settings.commands import Command
from hivecheck.settings.setting import read_strings


def _check_setup_execute(case: Case) -> Iterator[Hit]:
    for row in (SETUP_EXECUTE, SETUP_EXECUTE_NO_PNP_SYNC):
        if not applies_to(row, case.generation):
            yield from check_list(case, row, "", Confidence.MEDIUM)
            continue
        for command in commands_of(case, row):
            severity, confidence, why = _judge_setup_program(case, command)
            message = (
                f"{row.name} runs {command.text}: {why}. Smss would start it as SYSTEM after the renames and before csrss, at "
                "each boot until the list is emptied, if the file exists."
            )
            yield command_hit(case, command, message, severity, confidence)


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
    severities=(
        "critical; info for pending updates and for setupcl during setup; medium for setupcl without one, for updates that "
        "outlived a boot while TrustedInstaller is not set to start, and on a Windows that does not read the list."
    ),
    needs="Whether the file exists, is a native program, and who signed it.",
)


_SETUP = "\\Setup"
_ALLOWED_SERVICES = frozenset(
    {
        "afd", "brokerinfrastructure", "coremessagingregistrar", "dcomlaunch", "ersvc", "eventlog", "lsm", "netsetupsvc",
        "plugplay", "power", "profsvc", "protectedstorage", "rpceptmapper", "rpcss", "samss", "sppsvc",
        "staterepository", "systemeventsbroker", "usermanager", "ws2ifsl",
    }
)  # fmt: skip
_TELLING = ("execute", "cmdline", "command", "program", "runonce", "imagepath")
_ORDINARY = frozenset({"cmdline", "respecializecmdline"})
_MANY = 1_000


def _check_others(case: Case) -> Iterator[Hit]:
    key = case.key(_SETUP)
    if key is None:
        return
    for raw in islice(key.values(), _MANY):
        folded = raw.name.casefold()
        if folded == "unattendfile":
            text = case.text(_SETUP, raw.name)
            if text.strip():
                message = f"Setup\\UnattendFile is {text}: an answer file, which may hold commands and passwords."
                yield Hit(message, (raw.ref.citing(text),), "UnattendFile", Severity.INFO, Confidence.HIGH)
        elif folded not in _ORDINARY and any(word in folded for word in _TELLING):
            texts = [string for string in read_strings(raw).strings if string.text.strip()]
            if texts:
                message = f"Setup holds {raw.name}, {texts[0].text}: no Windows ships a value of this name, which sounds like a program to run."
                yield Hit(message, (texts[0].origin,), f"Setup {raw.name}", Severity.MEDIUM, Confidence.LOW)
    yield from _check_bypasses(case)
    for service in islice(case.subkeys(_SETUP + "\\AllowStart"), _MANY):
        if service.name.casefold() not in _ALLOWED_SERVICES:
            yield Hit(
                f"Setup\\AllowStart lets the service {service.name} start while Windows is being set up; Windows ships no such entry.",
                (service.ref,),
                f"AllowStart {service.name}",
                Severity.LOW,
                Confidence.MEDIUM,
                story=(f"service {service.name.casefold()}",),
            )


def _check_bypasses(case: Case) -> Iterator[Hit]:
    """Switches that let Windows 11 be installed on a machine it refuses."""
    for path in (_SETUP + "\\LabConfig", _SETUP + "\\MoSetup"):
        key = case.key(path)
        for raw in islice(key.values() if key is not None else (), _MANY):
            folded = raw.name.casefold()
            if raw.type == 4 and decode_dword(raw.data) and folded.startswith(("bypass", "allowupgradeswithunsupported")):
                yield Hit(
                    f"{path[1:]} holds {raw.name}: setup of Windows 11 would not ask for what this machine lacks.",
                    (raw.ref,),
                    f"{path} {raw.name}",
                    Severity.INFO,
                    Confidence.HIGH,
                )


SETUP_OTHER_VALUES = Rule(
    id="setup-other-values",
    family="setup",
    title="The key Setup holds something that no Windows ships there",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    techniques=("T1112",),
    why=(
        "The key is read before anybody logs on. Names that sound like programs to run, services allowed to start during setup, "
        "answer files and bypassed hardware checks tell what was done to the machine."
    ),
    false_positives=(
        "Answer files of ordinary unattended installations.",
        "Windows 11 on a machine it does not support.",
    ),
    remedy="Delete the value or key, after collecting the file it names.",
    sources=("detections.md 1.7",),
    check=_check_others,
    severities="medium for an unknown name that sounds like a program, low for a service allowed during setup, info for the rest.",
)
