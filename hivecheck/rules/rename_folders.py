r"""Pending renames of whole folders: one that takes the place of another brings all its files, judged as the worst of them would be.

Such folders are those where files run by themselves, those of Windows, those from which this machine's services and drivers
start, and every folder above one. Source: detections.md 1.2 (pfro-drop-executable, pfro-tcb-replace), 4.C.
"""

from typing import TYPE_CHECKING

from hivecheck.rules.benign_renames import same_product
from hivecheck.rules.case_facts import AUTOSTART, TRUSTED, Alarm
from hivecheck.rules.paths import BINARY_ENDINGS, Comparable
from hivecheck.rules.rule import Severity
from hivecheck.rules.startup_folders import STARTUP_AND_ABOVE
from hivecheck.settings.services import AUTO_START, DEMAND_START

if TYPE_CHECKING:
    from hivecheck.rules.case import Case

Held = tuple[str, Severity, str]
"""The id of the rule that tells it, how bad the worst file is, and what the folder holds, in words."""

_STARTUP: Held = AUTOSTART, Severity.CRITICAL, "a startup folder, whose files run by themselves"
_USERS: Held = AUTOSTART, Severity.CRITICAL, "the startup folder and the registry hive of a user"
_TASKS: Held = AUTOSTART, Severity.CRITICAL, "the tasks that Windows runs by itself"
_POLICIES: Held = AUTOSTART, Severity.CRITICAL, "policies and scripts that Windows applies by itself"
_SPOOLER: Held = AUTOSTART, Severity.CRITICAL, "libraries that the print spooler loads"
_PRINTERS: Held = AUTOSTART, Severity.HIGH, "the drivers of printers, which the print spooler loads"
_WINDOWS: Held = TRUSTED, Severity.CRITICAL, "files that Windows starts with"
_LOADER: Held = TRUSTED, Severity.CRITICAL, "the files that start Windows before its kernel"
_HOSTS: Held = TRUSTED, Severity.HIGH, "the file hosts, which decides to which address names lead"
_DOTNET: Held = TRUSTED, Severity.HIGH, "what every .NET program loads first"
_WMI: Held = AUTOSTART, Severity.HIGH, "what WMI takes in when it builds its repository anew"
_CODE: Held = TRUSTED, Severity.MEDIUM, "the policies of which code may run"
_PROGRAMS: Held = AUTOSTART, Severity.HIGH, "programs of Windows, or those of all products"

_BELOW_WINDOWS: dict[str, Held] = {
    "": _WINDOWS, "\\system32": _WINDOWS, "\\syswow64": _WINDOWS, "\\system32\\drivers": _WINDOWS, "\\system32\\wbem": _WINDOWS,
    "\\system32\\tasks": _TASKS, "\\tasks": _TASKS,
    "\\system32\\grouppolicy": _POLICIES, "\\system32\\grouppolicy\\machine": _POLICIES, "\\system32\\grouppolicy\\user": _POLICIES,
    "\\system32\\grouppolicy\\machine\\scripts": _POLICIES, "\\system32\\grouppolicy\\user\\scripts": _POLICIES,
    "\\system32\\grouppolicyusers": _POLICIES,
    "\\system32\\drivers\\etc": _HOSTS,
    "\\system32\\spool": _SPOOLER, "\\system32\\spool\\prtprocs": _SPOOLER, "\\system32\\spool\\prtprocs\\x64": _SPOOLER,
    "\\system32\\spool\\prtprocs\\w32x86": _SPOOLER, "\\system32\\spool\\prtprocs\\arm64": _SPOOLER,
    "\\system32\\spool\\drivers": _PRINTERS, "\\system32\\spool\\drivers\\x64": _PRINTERS,
    "\\system32\\spool\\drivers\\x64\\3": _PRINTERS, "\\system32\\spool\\drivers\\x64\\4": _PRINTERS,
    "\\system32\\spool\\drivers\\w32x86": _PRINTERS, "\\system32\\spool\\drivers\\w32x86\\3": _PRINTERS,
    "\\system32\\wbem\\autorecover": _WMI, "\\system32\\codeintegrity": _CODE, "\\system32\\codeintegrity\\cipolicies": _CODE,
    "\\system32\\codeintegrity\\cipolicies\\active": _CODE,
    "\\microsoft.net": _DOTNET, "\\microsoft.net\\framework": _DOTNET, "\\microsoft.net\\framework64": _DOTNET,
    "\\boot": _LOADER, "\\boot\\efi": _LOADER, "\\boot\\pcat": _LOADER,
}  # fmt: skip
_OF_WINDOWS = (
    "common files", "common files\\microsoft shared", "common files\\services", "common files\\system", "internet explorer",
    "modifiablewindowsapps", "windows mail", "windows media player", "windows multimedia platform", "windows nt",
    "windows nt\\accessories", "windows photo viewer", "windows portable devices", "windows security", "windows sidebar",
    "windowsapps", "windowspowershell", "windowspowershell\\modules", "outlook express", "movie maker",
)  # fmt: skip
_BELOW_DRIVE: dict[str, Held] = {
    **{f"\\{root}{below}": held for root in ("windows", "winnt") for below, held in _BELOW_WINDOWS.items()},
    "\\boot": _LOADER, "\\efi": _LOADER, "\\efi\\boot": _LOADER, "\\efi\\microsoft": _LOADER, "\\efi\\microsoft\\boot": _LOADER,
    "\\program files": _PROGRAMS, "\\program files (x86)": _PROGRAMS,
    **{f"\\{root}\\{name}": _PROGRAMS for root in ("program files", "program files (x86)") for name in _OF_WINDOWS},
    "\\programdata": _STARTUP, "\\programdata\\microsoft": _STARTUP, "\\programdata\\microsoft\\windows": _STARTUP,
}  # fmt: skip
_PROFILES = ("users", "documents and settings", "dokumente und einstellungen")
_OF_A_PROFILE = ("", "appdata", "appdata\\roaming", "appdata\\roaming\\microsoft", "appdata\\roaming\\microsoft\\windows")
_MENUS_BELOW = ("\\programdata\\", "\\winnt\\profiles\\")
_FILES = tuple(BINARY_ENDINGS)
_DRIVE = 2  # characters of `C:`


def folder_put_alarm(case: "Case", source: Comparable, destination: Comparable) -> Alarm | None:
    """What is wrong with a folder that takes the place of another; None where nothing of concern lies in that, nor below it.

    An updater that puts a folder of its own product in place is at work on its own files.
    """
    held = _worst_in(case, source, destination)
    if held is None:
        return None
    rule, severity, what = held
    told = f"a folder takes the place of one that holds {what}, and brings other files in their place"
    return Alarm(rule, severity, told, destination, holds=True)


def folder_taken_alarm(case: "Case", source: Comparable, destination: Comparable) -> Alarm | None:
    """What is wrong with moving a folder away; None where Windows and the services of this machine do without what it holds."""
    held = _worst_in(case, destination, source)
    if held is None or held[0] != TRUSTED or held[1] < Severity.CRITICAL:
        return None
    severity = Severity.CRITICAL if held in (_WINDOWS, _LOADER) else Severity.HIGH
    return Alarm(TRUSTED, severity, f"it takes away a folder that holds {held[2]}", source, holds=True)


def is_put_aside(source: Comparable, destination: Comparable) -> bool:
    r"""Whether a folder only gets another name beside its own, as a profile that is kept: `C:\Users\x` to `C:\Users\x.old`."""
    above = destination.below_drive.rpartition("\\")[0]
    return source.folder == destination.folder and above[1:] in _PROFILES


def loaded_folders(case: "Case") -> dict[str, Held]:
    """By comparable text, the folders from which services and drivers of this machine run, and every folder above one."""
    by_itself: dict[str, str] = {}  # the folders, and whose service it is that runs something there
    on_demand: dict[str, str] = {}
    for program in case.programs:
        start = program.service.start
        if start is not None and start <= DEMAND_START:
            for path in (program.image, program.dll):
                if path.drive:
                    (by_itself if start <= AUTO_START else on_demand).setdefault(path.folder, program.service.name)
    runs = "what the service {} runs, among others"
    direct: dict[str, Held] = {folder: (TRUSTED, Severity.CRITICAL, runs.format(name)) for folder, name in by_itself.items()}
    for folder, name in on_demand.items():
        direct.setdefault(folder, (AUTOSTART, Severity.CRITICAL, runs.format(name)))
    for text in case.renames.hosted:
        direct.setdefault(text.rpartition("\\")[0], (AUTOSTART, Severity.CRITICAL, "libraries that Windows loads"))
    found: dict[str, Held] = {}
    for folder, held in direct.items():
        while len(folder) > _DRIVE:
            known = found.get(folder)
            if known is not None and (known[0] == TRUSTED or held[0] != TRUSTED):
                break  # and so are those above it
            found[folder] = held
            folder = folder.rpartition("\\")[0]
    return found


def _worst_in(case: "Case", other: Comparable, folder: Comparable) -> Held | None:
    """What a folder holds that trades places with another: what every Windows has there, or what a service of this machine runs, whichever is worse."""
    known = _BELOW_DRIVE.get(folder.below_drive) if folder.drive else None
    if known is None and folder.drive:
        known = _of_users(folder.below_drive)
    if known is not None and known[1] is Severity.CRITICAL:
        return known
    loaded = case.renames.loaded_folders.get(folder.text)
    return known if loaded is None or (known is None and same_product(other, folder)) else loaded


def _of_users(path: str) -> Held | None:
    """The same of a path below a drive: startup folders and those above, users' own folders."""
    _, top, name, rest = (*path.split("\\", 3), "", "", "")[:4]
    if top not in _PROFILES:
        return _STARTUP if path.startswith(_MENUS_BELOW) and path.endswith(STARTUP_AND_ABOVE) else None
    if path.endswith(STARTUP_AND_ABOVE):
        return _STARTUP
    return _USERS if rest in _OF_A_PROFILE and name != "public" and not name.endswith(_FILES) else None
