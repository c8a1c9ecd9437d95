r"""What winlogon and userinit start at each logon by order of the SOFTWARE hive: the values Userinit and Shell.

Without that hive these rules say nothing. Source: detections.md 1.10 (what is not in SYSTEM); documentation of Winlogon.
"""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.create_process import image_meant
from hivecheck.facts.generation import NT4, Family
from hivecheck.rules.case import Case
from hivecheck.rules.named_dlls import has_folder
from hivecheck.rules.paths import Comparable, runs_an_interpreter
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.settings.setting import Setting
from hivecheck.settings.software import Software
from hivecheck.settings.software_rows import INSTALLATION_TYPE, POLICY_SHELL, SHELL, USERINIT

NEEDS = "the SOFTWARE hive of the machine (--software); whether the file exists, and who signed it"
_PROGRAMS_AT_MOST = 100  # of one value
_EXPLORER, _USERINIT = "explorer.exe", "userinit.exe"
_OF_KIOSKS = frozenset({"eshell.exe", "customshellhost.exe"})
_OLD_COMPANION = "nddeagnt.exe"  # beside userinit in NT 3.5 to 4
_OLD_SHELLS = ("taskman.exe", "progman.exe", "wowexec.exe")  # of NT 3.x [M]
_OF_CITRIX = "cmstart.exe"


def started_image(case: Case, command: str) -> Comparable:
    """The program of a command line, in comparable form; a bare name gets `.exe` where it has no ending."""
    image = image_meant(command)
    return case.path(image if "." in image.rsplit("\\", 1)[-1] else image + ".exe")


def fault_of_start(case: Case, command: str) -> str:
    """What alone speaks against a command that Windows is told to run, in words; '' where nothing does."""
    tool = runs_an_interpreter(command)
    if tool:
        return f"it runs {tool}"
    path = started_image(case, command)
    if path.is_user_writable:
        return "it lies in a folder that ordinary users can write to"
    return f"its path has {path.oddities[0]}" if has_folder(path.text) and path.is_odd else ""


def _programs(text: str) -> tuple[str, ...]:
    parts = text.split(",", _PROGRAMS_AT_MOST)[:_PROGRAMS_AT_MOST]
    return tuple(part.strip() for part in parts if part.strip())


def _is_at(case: Case, path: Comparable, name: str, folder: str) -> bool:
    """Whether it is the program of this name, by a bare name or in its folder below that of Windows."""
    home = f"{case.system_root}{folder}".casefold()
    return path.name == name and (path.text == name or path.folder in (home, f"c:\\windows{folder}", f"c:\\winnt{folder}"))


def _check_shell(case: Case) -> Iterator[Hit]:
    software = case.software
    if software is None:
        return
    for row, of in ((SHELL, "Winlogon"), (POLICY_SHELL, "the policies")):
        setting = software[row]
        commands = _programs(setting.value)
        explorer = any(_is_at(case, started_image(case, one), _EXPLORER, "") for one in commands)
        for command in commands:
            told = f"Shell in {of} is {setting.value}"
            if _is_at(case, started_image(case, command), _EXPLORER, ""):
                yield from _judge_argument(case, setting, told, command)
            elif not (
                case.generation < NT4
                and any(_is_at(case, started_image(case, command), one, "\\system32") for one in _OLD_SHELLS)
            ):
                yield from _judge_shell(case, software, setting, told, command, explorer)


def _judge_argument(case: Case, setting: Setting[str], told: str, command: str) -> Iterator[Hit]:
    """What explorer.exe is told to open: a file behind its name is started as a program beside it would be."""
    argument = command.strip().removeprefix('"')[len(image_meant(command)) :].lstrip('"').strip()
    if not argument:
        return
    target = case.path(argument.strip('"'))
    opens = not argument.startswith(("/", "-")) or "\\" in argument or target.is_binary
    what = (
        f"each logon has explorer.exe open {argument}, if it exists" if opens else f"explorer.exe is started with {argument}"
    )
    text = f"{told}: {what}; Windows ships explorer.exe alone."
    severity, sure = (Severity.CRITICAL, Confidence.HIGH) if opens else (Severity.MEDIUM, Confidence.LOW)
    yield _hit(case, setting, text, f"Shell {command}", severity, sure, target)


def _judge_shell(
    case: Case, software: Software, setting: Setting[str], told: str, command: str, explorer: bool
) -> Iterator[Hit]:
    path = started_image(case, command)
    core = "server core" in software[INSTALLATION_TYPE].value.casefold()
    if core and not explorer and _is_at(case, path, "cmd.exe", "\\system32"):
        return  # the shell of Windows Server without a desktop
    fault = fault_of_start(case, command)
    severity, sure = Severity.HIGH, Confidence.MEDIUM
    if explorer:
        severity, sure = Severity.CRITICAL, Confidence.HIGH
        where = "beside explorer.exe; Windows ships explorer.exe alone"
    else:
        where = "in place of explorer.exe"
        if any(_is_at(case, path, name, "\\system32") for name in _OF_KIOSKS):
            severity, fault = Severity.LOW, "Windows itself has it for machines with one program"
        elif fault:
            severity, sure = Severity.CRITICAL, Confidence.HIGH
    text = f"{told}: each logon starts {command}, if the file exists, {where}{f'; {fault}' if fault else ''}."
    yield _hit(case, setting, text, f"Shell {command}", severity, sure, path)


def _hit(
    case: Case, setting: Setting[str], text: str, subject: str, severity: Severity, sure: Confidence, path: Comparable
) -> Hit:
    story = (case.thread_of(path) if has_folder(path.text) else case.thread_of_image(path.text),)
    return Hit(text, setting.origins, subject, severity, sure, case.events.citing(*setting.origins), story)


WINLOGON_SHELL = Rule(
    id="software-winlogon-shell",
    family="software",
    title="A logon starts another shell than explorer.exe, or a program beside it",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1547.004",),
    why=(
        "userinit starts each program that the value Shell names, parted by commas, as the user who logs on. A second name "
        "behind explorer.exe runs at every logon and nobody sees a difference."
    ),
    false_positives=(
        "Machines with one program (kiosks, cash desks): high where another program stands in place of explorer.exe, low for "
        "the programs that Windows has for it.",
        "cmd.exe on Windows Server without a desktop (silent).",
    ),
    remedy="Set Shell to explorer.exe (delete the policy), then collect and quarantine the program it named.",
    sources=("detections.md 1.10", "documentation of Winlogon"),
    check=_check_shell,
    severities=(
        "critical for a program beside explorer.exe, for a command interpreter and for a place that users can write to; high for "
        "another program in place of explorer.exe; low for the shells that Windows has for machines with one program."
    ),
    needs=NEEDS,
)


def _check_userinit(case: Case) -> Iterator[Hit]:
    if case.software is None:
        return
    setting = case.software[USERINIT]
    commands = _programs(setting.value)
    kept = any(_is_at(case, started_image(case, one), _USERINIT, "\\system32") for one in commands)
    for command in commands:
        path = started_image(case, command)
        if _is_at(case, path, _USERINIT, "\\system32"):
            continue
        if case.family is Family.G1 and _is_at(case, path, _OLD_COMPANION, "\\system32"):
            continue
        fault = fault_of_start(case, command)
        where = "beside userinit.exe" if kept else "in place of userinit.exe, which no longer runs"
        text = f"Userinit is {setting.value}: winlogon starts {command} at each logon, if the file exists, {where}"
        severity, sure = Severity.CRITICAL, Confidence.HIGH
        if path.name == _OF_CITRIX and kept and not fault:
            severity, sure, fault = Severity.MEDIUM, Confidence.MEDIUM, "Citrix installs one of this name"
        ships = "userinit and nddeagnt.exe" if case.family is Family.G1 else "userinit.exe"
        text += f"; {fault}." if fault else f"; Windows ships {ships} alone."
        yield _hit(case, setting, text, f"Userinit {command}", severity, sure, path)


WINLOGON_USERINIT = Rule(
    id="software-winlogon-userinit",
    family="software",
    title="winlogon starts another program than userinit.exe at each logon",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1547.004",),
    why=(
        "winlogon starts each program that the value Userinit names, parted by commas, before the shell. Windows ships "
        "userinit.exe alone, up to NT 4 with nddeagnt.exe; another name runs at every logon of everybody."
    ),
    false_positives=("Servers with old versions of Citrix, which add cmstart.exe: medium.",),
    remedy=(
        "Set Userinit to `system32\\userinit.exe,` in the folder of this Windows, written out and with the comma "
        "(`C:\\Windows\\system32\\userinit.exe,` where that is C:\\Windows), on NT 4 to `userinit,nddeagnt.exe`; only then quarantine "
        "the program it named."
    ),
    sources=("detections.md 1.10", "documentation of Winlogon"),
    check=_check_userinit,
    severities="critical; medium for what Citrix is known to add.",
    needs=NEEDS,
)
