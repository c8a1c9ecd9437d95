r"""Pending renames and deletes of files that are no programs: what an examiner reads, and what decides what runs.

The first are registry hives, event logs and other records, and folders that hold them; the second policies, settings, places Windows
loads from. Source: detections.md 0 (hivefile, log), 1.2 (pfro-hive-or-log-target); documentation of DLL redirection (`NAME.exe.local`),
of code integrity policies and of Windows RE; published lists of DLLs that services of Windows look for and Windows does not ship.
"""

import re
from typing import TYPE_CHECKING

from hivecheck.facts.fact import changed
from hivecheck.facts.generation import Family
from hivecheck.rules.benign_renames import benign_writer
from hivecheck.rules.case_facts import AUTOSTART, EVIDENCE, TRUSTED, Alarm
from hivecheck.rules.paths import Comparable
from hivecheck.rules.rule import Severity

if TYPE_CHECKING:
    from hivecheck.rules.case import Case

_PAGE_FILES = frozenset({"pagefile.sys", "hiberfil.sys", "swapfile.sys"})
_METAFILE = (
    r"\\\$(mft(mirr)?|logfile|volume|attrdef|bitmap|boot|badclus|secure|upcase|extend(\\.*)?)"  # compiled when needed
)
_USER_HIVES = frozenset({"ntuser.dat", "ntuser.man", "usrclass.dat"})
_LOGS, _HIVES = "the event logs", "the registry hives of the machine"
_HELD: dict[str, str] = {  # by the rest of a folder's path below that of Windows
    "": f"{_HIVES} and {_LOGS}",
    "\\system32": f"{_HIVES} and {_LOGS}",
    "\\system32\\config": _HIVES,
    "\\system32\\config\\regback": "the backups of the registry hives",
    "\\system32\\winevt": _LOGS,
    "\\system32\\winevt\\logs": _LOGS,
    "\\system32\\sru": "the records of which program used how much",
    "\\prefetch": "the records of which program ran when",
    "\\appcompat": "the records of which programs were there",
    "\\appcompat\\programs": "the records of which programs were there",
    "\\ntds": "the accounts of the domain",
}


def evidence_alarm(case: "Case", source: Comparable, destination: Comparable | None) -> Alarm | None:
    """What is wrong with it as an act against evidence, of the first of its paths in this Windows; None where nothing is."""
    paths = [source] if destination is None else [source, destination]
    if destination is not None and case.renames.other_windows(source):
        paths.reverse()  # what befalls this Windows is graver
    for path in paths:
        if path.is_hive_file:
            whose = "Windows" if case.renames.other_windows(path) else "the machine"
            return Alarm(EVIDENCE, Severity.CRITICAL, f"it is a registry hive of {whose}", path)
        held = held_records(path)
        if held:
            return Alarm(EVIDENCE, Severity.CRITICAL, f"the folder holds {held}", path)
        if path.name == "ntds.dit":
            return Alarm(EVIDENCE, Severity.CRITICAL, "it holds the accounts of a domain and their passwords", path)
        if path.name in _USER_HIVES and path.drive:
            return _of_user_hive(path, destination)
        if path.is_forensic_trace:
            if benign_writer(source, destination) == "Windows":
                return None
            return Alarm(EVIDENCE, Severity.CRITICAL, "it is an event log or another record that examiners read", path)
        if path.drive and path.below_drive.startswith("\\$") and re.fullmatch(_METAFILE, path.below_drive):
            return Alarm(EVIDENCE, Severity.CRITICAL, "it is part of the file system itself", path)
        if path.name == "memory.dmp" and path.below_drive.startswith(("\\windows\\", "\\winnt\\")):
            return Alarm(EVIDENCE, Severity.HIGH, "it is the memory dump of a crash", path)
        if path.drive and path.below_drive[1:] in _PAGE_FILES:
            return _of_page_file(case, path, destination)
    return None


def held_records(folder: Comparable) -> str:
    """What records a folder of Windows holds, in words; '' where it is none of those, or no folder."""
    if not folder.drive:
        return ""
    below = folder.below_drive
    for root in ("\\windows", "\\winnt"):
        if below.startswith(root):
            return _HELD.get(below[len(root) :], "")
    return ""


def _of_user_hive(path: Comparable, destination: Comparable | None) -> Alarm:
    if destination is None:
        what = "it is the registry hive of a user; a profile that could not be deleted at once leaves such a row"
        return Alarm(EVIDENCE, Severity.MEDIUM, what, path)
    if destination is path:
        return Alarm(EVIDENCE, Severity.CRITICAL, "it takes the place of a user's registry hive", path)
    return Alarm(EVIDENCE, Severity.HIGH, "it is the registry hive of a user", path)


def _of_page_file(case: "Case", path: Comparable, destination: Comparable | None) -> Alarm:
    alone = destination is None and len(case.renames.operations) == 1 and case.family is Family.G2
    what = "it holds pages of memory" + (", and Windows XP is known to leave this one delete by itself" if alone else "")
    return Alarm(EVIDENCE, Severity.LOW if alone else Severity.MEDIUM, what, path)


_POLICIES = ("\\system32\\codeintegrity\\", "\\efi\\microsoft\\boot\\cipolicies\\", "\\efi\\microsoft\\boot\\sipolicy.p7b")
_POLICY_ENDINGS = (".p7b", ".cip")
_RECOVERY = "\\winre.wim"
_LOOKED_FOR = frozenset(
    {
        "wlbsctrl.dll", "wptsextensions.dll", "tsmsisrv.dll", "tsvipsrv.dll", "diagtrack_win.dll", "oci.dll", "edgegdi.dll",
        "cdpsgshims.dll", "phoneinfo.dll", "wow64log.dll",
    }
)  # fmt: skip
_PRINT_CONFIG = "printconfig.dll"  # of PrintNotify, and of printers that print by XPS
_TEMPLATES = ("\\word\\startup\\", "\\excel\\xlstart\\", "\\xlstart\\")
_NAMES = ("\\hosts", "\\machine.config", "\\registry.pol")
_SAID_BY: dict[str, str] = {
    "\\hosts": "it decides to which address names lead, before any name server is asked",
    "\\machine.config": "it decides what every .NET program loads first",
    "\\registry.pol": "it holds the local policies, which Windows applies at the start",
}


def configuration_alarm(source: Comparable, destination: Comparable | None) -> Alarm | None:
    """What is wrong with moving such a file, or with putting one in its place; None where neither path is one.

    One step less where the new file lay in the same folder: programs save their settings so.
    """
    planted = _planted(destination) if destination is not None else None
    if planted is not None and destination is not None:
        beside = destination.folder == source.folder  # as programs save their own files
        return changed(planted, severity=planted.severity.raised(-1)) if beside else planted
    if _is_policy(source):
        return Alarm(TRUSTED, Severity.HIGH, "it takes away a policy that says which code may run", source)
    if source.text.endswith(_RECOVERY):
        return Alarm(TRUSTED, Severity.MEDIUM, "it takes away the recovery environment of the machine", source)
    if source.text.endswith("\\system32\\wbem\\repository"):
        return Alarm(EVIDENCE, Severity.MEDIUM, "the folder holds what WMI runs by itself, which would be gone", source)
    return None


def _planted(path: Comparable) -> Alarm | None:
    text = path.text
    if text.endswith(_NAMES):
        name = text[text.rindex("\\") :]
        if _is_in_force(text, name):
            return Alarm(TRUSTED, Severity.HIGH, f"{_SAID_BY[name]}", path)
    if _is_policy(path):
        return Alarm(TRUSTED, Severity.MEDIUM, "it puts in force another policy of which code may run", path)
    if ".exe.local" in text and path.in_system_folder:
        return Alarm(AUTOSTART, Severity.HIGH, "a program of Windows would load its libraries from there first", path)
    if path.name in _LOOKED_FOR and path.in_system_folder:
        what = "Windows does not ship this library, and a service or program of Windows loads it where it is there"
        return Alarm(AUTOSTART, Severity.HIGH, what, path)
    if path.name == _PRINT_CONFIG and "!" in path.marker and "\\system32\\spool\\drivers\\" in text:
        what = "a service of Windows loads this library as SYSTEM, and the spooler's own rows do not ask to replace it"
        return Alarm(AUTOSTART, Severity.HIGH, what, path)
    if "\\system32\\wbem\\autorecover\\" in text:
        return Alarm(AUTOSTART, Severity.HIGH, "WMI takes in what lies there when it builds its repository anew", path)
    if any(part in text for part in _TEMPLATES):
        return Alarm(AUTOSTART, Severity.MEDIUM, "Word and Excel open what lies there at each start", path)
    return None


def _is_in_force(text: str, name: str) -> bool:
    """Whether a file of this name lies where Windows reads it."""
    folder = text[: -len(name)]
    if name == "\\hosts":
        return folder.endswith("\\system32\\drivers\\etc")
    if name == "\\machine.config":
        return "\\microsoft.net\\framework" in folder and folder.endswith("\\config")
    return "\\system32\\grouppolicy\\" in text


def _is_policy(path: Comparable) -> bool:
    return path.text.endswith(_POLICY_ENDINGS) and any(part in path.text for part in _POLICIES)
