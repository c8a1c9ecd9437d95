r"""Pending renames and deletes of files that are no programs and still decide what runs: policies, settings, places Windows loads from.

Source: detections.md 1.2; documentation of DLL redirection (`NAME.exe.local`), of code integrity policies and of Windows RE;
published lists of DLLs that services of Windows look for and Windows does not ship.
"""

from hivecheck.facts.fact import changed
from hivecheck.rules.alarm import AUTOSTART, EVIDENCE, TRUSTED, Alarm
from hivecheck.rules.paths import Comparable
from hivecheck.rules.rule import Severity

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
