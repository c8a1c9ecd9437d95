r"""Pending renames and deletes of what an examiner reads: registry hives, event logs and other records, and folders that hold them.

Source: detections.md 0 (hivefile, log), 1.2 (pfro-hive-or-log-target).
"""

import re
from typing import TYPE_CHECKING

from hivecheck.facts.generation import Family
from hivecheck.rules.alarm import EVIDENCE, Alarm
from hivecheck.rules.benign_renames import benign_writer
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
    """What is wrong with it as an act against evidence, of the first of its paths; None where nothing is."""
    for path in (source, destination):
        if path is None:
            continue
        if path.is_hive_file:
            return Alarm(EVIDENCE, Severity.CRITICAL, "it is a registry hive of the machine", path)
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
