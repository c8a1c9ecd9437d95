r"""Drive letters: those and the names of roots that DOS Devices links anew, and which volume MountedDevices gives a letter.

smss makes the links at its first step, so that everything later follows them: renames, paging files, services. Source: detections.md 1.4,
1.7; smss.md B.10; real hives of XP x64, 7 and 10 for the forms of the data.
"""

import re
from collections.abc import Iterator
from itertools import islice

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.origin import Origin
from hivecheck.registry.hive import fold_name
from hivecheck.rules.case import Case
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.settings.catalog import DOS_DEVICES, EXISTING_PAGE_FILES
from hivecheck.settings.object_names import NamedText

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
    return is_drive(name) or fold_name(name) in _ROOTS


def is_drive(name: str) -> bool:
    """Whether a name is a drive letter with its colon."""
    return len(name) == 2 and name[1] == ":" and name[0].isascii() and name[0].isalpha()


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
            events=case.events.citing(device.origin),
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


_MOUNTED = "\\MountedDevices"
_LETTER = "\\dosdevices\\"
_MANY_DEVICES = 10_000
_DISK_BYTES = 12  # signature and offset; a GPT partition has 24, anything else is a device's name


def _check_mounted(case: Case) -> Iterator[Hit]:
    key = case.key(_MOUNTED)
    if key is None:
        return
    drive = case.system_root[:2].casefold()
    letters: dict[bytes, list[tuple[str, Origin]]] = {}
    for raw in islice(key.values(), _MANY_DEVICES):
        folded = raw.name.casefold()
        if folded.startswith(_LETTER) and raw.data:
            letter = folded.removeprefix(_LETTER)
            letters.setdefault(raw.data, []).append((letter, raw.ref))
            if letter == drive and not _is_disk(raw.data):
                yield Hit(
                    f"MountedDevices gives the letter {letter.upper()} of the Windows volume to a removable, optical or other "
                    "named device: every path on it would lead there, unless the letter is given anew at boot.",
                    (raw.ref,),
                    f"MountedDevices {letter}",
                    confidence=Confidence.LOW,
                )
    for data, same in letters.items():
        if len(same) > 1 and len(data) >= _DISK_BYTES:
            names = ", ".join(letter.upper() for letter, _ in same[:6])
            worse = any(letter == drive for letter, _ in same)
            yield Hit(
                f"MountedDevices gives the letters {names} to one and the same volume, which Windows never writes: a letter was "
                "redirected" + (", that of the Windows volume among them." if worse else "."),
                tuple(ref for _, ref in same[:6]),
                f"MountedDevices {names}",
                confidence=Confidence.MEDIUM,
            )


def _is_disk(data: bytes) -> bool:
    return len(data) == _DISK_BYTES or data.startswith(b"DMIO:ID:")


MOUNTED_DEVICES_SWAP = Rule(
    id="mounted-devices-swap",
    family="setup",
    title="A drive letter leads to another volume",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    techniques=("T1574",),
    why=(
        "MountedDevices ties drive letters to volumes. Who swaps them makes every path that begins with the letter, those of "
        "services and renames included, lead to another volume."
    ),
    false_positives=("Cloned disks, several Windows on one machine.",),
    remedy="Delete the value \\DosDevices\\X: that is wrong; Windows gives the letter anew at the next boot.",
    sources=("detections.md 1.7",),
    check=_check_mounted,
    needs="The volumes of the machine, to tell which of two letters is the right one.",
)
