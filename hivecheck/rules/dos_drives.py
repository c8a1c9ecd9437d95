r"""Drive letters and names of roots that DOS Devices links anew. Source: detections.md 1.4; smss.md B.10.

smss makes these links at its first step, so that everything later follows them: renames, paging files, services.
"""

import re
from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.registry.hive import fold_name
from hivecheck.rules.case import Case
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.settings.catalog import DOS_DEVICES, EXISTING_PAGE_FILES
from hivecheck.settings.object_names import NamedText

LETTER = "[A-Za-z]:"
_VOLUME = r"\\device\\harddiskvolume\d+\\?|(\\\?\?|\\global\?\?|\\dosdevices)\\([a-z]:|volume\{[0-9a-f-]+\})\\?"
_ROOTS = frozenset({"SYSTEMROOT", "GLOBALROOT", "GLOBAL", "DOSDEVICES", "BOOTPARTITION", "??"})
REMOTE = (
    "\\device\\mup",
    "\\device\\lanmanredirector",
    "\\??\\unc",
    "\\dosdevices\\unc",
    "\\global??\\unc",
    "\\device\\webdav",
)
REMOVABLE = ("\\device\\cdrom", "\\device\\floppy")
REPAIR_DEVICES = (
    "Delete the value, or restore the one that Windows ships (printed in the report's order of repair), in every control "
    "set."
)


def is_root_name(name: str) -> bool:
    """Whether a name is a drive letter, or stands for the volume or the namespace that paths begin at."""
    return bool(re.fullmatch(LETTER, name)) or fold_name(name) in _ROOTS


def _check_drives(case: Case) -> Iterator[Hit]:
    for device in case.settings[DOS_DEVICES].value:
        if not device.text or not is_root_name(device.name):
            continue
        severity, reason = _weigh_drive(case, device)
        yield Hit(
            f"DOS Devices links {device.name} to {device.text}. At its first step smss would put this in the place of any other "
            f"link of that name, and all that uses it later would follow.{reason}",
            (device.origin,),
            device.name,
            severity=severity,
            events=case.events_citing(device.origin),
            story=(f"drive {device.name.casefold()}",),
        )


def _weigh_drive(case: Case, device: NamedText) -> tuple[Severity, str]:
    letter, target = device.name[:1].casefold(), device.text.casefold().replace("/", "\\")
    system = {case.system_root[:1].casefold()}
    system.update(case.path(file.text).drive for file in case.settings[EXISTING_PAGE_FILES].value[:16])
    if fold_name(device.name) in _ROOTS:
        return Severity.CRITICAL, " Windows itself is found through this name."
    if letter in system:
        return Severity.CRITICAL, " It is the drive of Windows or of a paging file."
    if re.fullmatch(_VOLUME, target):
        return Severity.INFO, " It is the root of another volume."
    inside = case.path(device.text.rstrip("\\") + "\\x")
    if target.startswith(REMOTE) or inside.text.startswith("\\\\"):
        return Severity.HIGH, " It lies on another machine."
    if target.startswith(REMOVABLE):
        return Severity.HIGH, " It is a removable disk."
    if inside.is_user_writable:
        return Severity.HIGH, " Ordinary users can write there."
    mounted = case.value("\\MountedDevices", f"\\DosDevices\\{device.name}")
    if mounted is not None:
        return Severity.HIGH, " MountedDevices knows a volume of this letter, which would be hidden."
    return Severity.MEDIUM, " No volume of this letter is known: it may be a folder made a drive for good (subst)."


DRIVE_REMAP = Rule(
    id="dosdev-drive-remap",
    family="objects",
    title="A drive letter leads somewhere else",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    severities=(
        "critical for the drive of Windows or of a paging file and for names like SystemRoot; high where the target is on another "
        "machine, removable or writable by users, or where a volume is hidden; medium for an unused letter; info for another volume."
    ),
    techniques=("T1574", "T1564"),
    why=(
        "Every path with that letter means another place from then on: of renames, paging files, services and libraries. No "
        "Windows ships a letter there, and no malware is known to use it."
    ),
    false_positives=("Administrators make a folder a drive for good this way; services can be started from it.",),
    remedy=REPAIR_DEVICES,
    sources=("detections.md 1.4", "smss.md B.10"),
    check=_check_drives,
)


RULES: tuple[Rule, ...] = (DRIVE_REMAP,)
