r"""Names that smss puts into the object manager's namespace before anything else runs: DOS Devices, ObjectDirectories, and how well
they are guarded.

Links in \GLOBAL?? are put in the place of any that are there, so that everything later follows them: renames, paging files, the folder
of KnownDLLs, services. Drive letters are judged in `dos_drives`. Source: detections.md 1.4; smss.md B.10, B.11, B.14.
"""

import re
from collections.abc import Iterator

from hivecheck.baselines.baseline import Standing
from hivecheck.facts.certainty import Confidence
from hivecheck.facts.generation import WIN2000, Family
from hivecheck.registry.hive import REG_DWORD, fold_name, type_name
from hivecheck.rules import dos_drives
from hivecheck.rules.case import Case
from hivecheck.rules.cited import cited_number
from hivecheck.rules.dos_drives import REMOTE, REPAIR_DEVICES, is_drive, is_root_name
from hivecheck.rules.lost_values import missing_key
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.rules.security_products import vendor_of_service, vendor_of_service_name
from hivecheck.settings.catalog import DOS_DEVICES, OBJECT_DIRECTORIES, PROTECTION_MODE
from hivecheck.settings.setting import Presence

_SESSION_MANAGER = "Control\\Session Manager"
_DEFAULTS = ("\\windows", "\\rpc control")
_OWNED = ("\\knowndlls", "\\basenamedobjects", "\\sessions\\0\\basenamedobjects", "\\lsa")


def _check_directories(case: Case) -> Iterator[Hit]:
    setting = case.settings[OBJECT_DIRECTORIES]
    if setting.presence is not Presence.WRITTEN or setting.raw is None:
        return
    shipped = {text.casefold() for text in case.baseline.strings(_SESSION_MANAGER, "ObjectDirectories")} | {*_DEFAULTS}
    listed: set[str] = set()
    for string in setting.value:
        name = string.text.casefold().rstrip("\\")
        listed.add(name)
        if name in shipped or name == "\\dosdevices":
            continue
        owned = name.startswith(_OWNED)
        does = " Its owner would then find a directory with looser rights than it would have made." if owned else ""
        yield Hit(
            f"ObjectDirectories has {string.text}: smss would make that directory before its real owner can.{does}",
            (string.origin,),
            string.text,
            severity=Severity.HIGH if owned else Severity.MEDIUM,
            confidence=Confidence.MEDIUM,
            events=case.events.citing(string.origin),
        )
    for name, does in zip(
        _DEFAULTS, ("csrss could not make its port and the machine would not start", "RPC would fail"), strict=True
    ):
        if name not in listed:
            yield Hit(
                f"ObjectDirectories lacks {name}, which every Windows ships there: {does}.",
                (setting.raw.ref,),
                name,
                severity=Severity.HIGH,
                confidence=Confidence.MEDIUM,
            )


OBJECT_DIRECTORIES_RULE = Rule(
    id="object-directories",
    family="objects",
    title="The object directories that smss makes are not those of Windows",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    severities="high for a directory that belongs to somebody else and for a missing default, medium for any other extra one.",
    techniques=("T1574", "T1055"),
    why=(
        "Whoever makes a directory of the namespace first decides who may write into it. A missing one keeps the machine from "
        "starting."
    ),
    false_positives=("None known: all clean hives hold \\Windows and \\RPC Control.", "NT 3.x lists \\DosDevices as well."),
    remedy="Set ObjectDirectories to \\Windows and \\RPC Control in every control set.",
    sources=("detections.md 1.4", "smss.md B.11"),
    check=_check_directories,
)


def _check_protection(case: Case) -> Iterator[Hit]:
    setting = case.settings[PROTECTION_MODE]
    mode = setting.value
    if not setting.is_written or mode is None or mode & 1:
        return
    installing = cited_number(case, "\\Setup", "SystemSetupInProgress")
    severity, confidence, reason = Severity.HIGH, Confidence.HIGH, ""
    if case.generation < WIN2000:
        severity, reason = Severity.INFO, " This Windows ships it so."
    elif installing is not None and installing.number:
        severity, reason = Severity.INFO, " Windows is being set up, which needs it."
    elif case.generation == WIN2000:
        severity, confidence, reason = Severity.MEDIUM, Confidence.LOW, " Early and upgraded copies of 2000 may ship it so."
    said = str(mode)
    if setting.raw is not None and setting.raw.type != REG_DWORD:
        said = (
            f"{type_name(setting.raw.type)}, of which smss takes the first 4 bytes whatever they mean, here an even number"
        )
        severity, confidence = min(severity, Severity.MEDIUM, key=lambda one: one.rank), Confidence.LOW
    yield Hit(
        f"ProtectionMode is {said}: the objects that smss makes (drive letters, device names, KnownDLLs) may be changed by any "
        f"user.{reason}",
        setting.origins if said == str(mode) else (setting.raw.ref,) if setting.raw is not None else (),
        "ProtectionMode",
        severity=severity,
        confidence=confidence,
    )


PROTECTION_MODE_RULE = Rule(
    id="protection-mode",
    family="objects",
    title="Objects of the system are not protected from ordinary users",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    severities="high from XP on, medium on 2000, info on NT 3.x and 4 and while Windows is being set up, where 0 is as shipped; medium for a value of another type.",
    techniques=("T1068", "T1222", "T1574"),
    why=(
        "With 0 any user can point a drive letter or a KnownDLL elsewhere and so have code run by others: the weakness that "
        "MS99-006 mended."
    ),
    false_positives=("Guides for old programs set 0 in the days of XP.",),
    remedy="Set ProtectionMode to 1 in every control set.",
    sources=("detections.md 1.4", "smss.md B.14", "MS99-006"),
    check=_check_protection,
)


KEY = "Control\\Session Manager\\DOS Devices"
_STANDARD = frozenset({"AUX", "CON", "CONIN$", "CONOUT$", "MAILSLOT", "NUL", "PIPE", "PRN", "UNC", "SILOS", "VMSMB"})
_PORT = r"(COM|LPT)\d+"
_NEEDED = r"PHYSICALDRIVE\d*|HARDDISKVOLUME\S*|VOLUME\{.*|CDROM\d+"
_STANDS = (Standing.AS_SHIPPED, Standing.KNOWN_VARIANT, Standing.KNOWN_THIRD_PARTY)


def _check_overrides(case: Case) -> Iterator[Hit]:
    listed: set[str] = set()
    for device in case.settings[DOS_DEVICES].value:
        name = fold_name(device.name)
        listed.add(name)
        if name not in _STANDARD or not device.text:
            continue
        standing = case.baseline.standing(KEY, device.name, device.text)
        if standing in _STANDS or standing is Standing.OTHER_GENERATION:
            continue
        yield Hit(
            f"DOS Devices links {device.name} to {device.text}, which no clean Windows does. All that opens this device would be "
            "led there.",
            (device.origin,),
            device.name,
            events=case.events.citing(device.origin),
        )
    above = missing_key(case, KEY)
    if above is not None:
        yield Hit(
            "The key DOS Devices is gone, with all names that Windows ships there: reading the settings fails, and the machine does "
            "not start; where it does, no program could open NUL, a pipe or the network by name.",
            (above.ref,),
            "DOS Devices",
            severity=Severity.HIGH,
            confidence=Confidence.MEDIUM,
        )
    key = case.key(KEY)
    if key is None or not key.values_whole:
        return
    for name, entry in case.baseline.entries(KEY).items():
        if name in _STANDARD and name not in listed and not entry.optional and key.value(entry.name) is None:
            yield Hit(
                f"DOS Devices lacks {entry.name}, which Windows ships there: programs could not open this device.",
                (key.ref,),
                entry.name,
                severity=Severity.LOW,
                confidence=Confidence.LOW if case.baseline.nearest else Confidence.MEDIUM,
            )


DEVICE_OVERRIDE = Rule(
    id="dosdev-device-override",
    family="objects",
    title="A standard device name leads somewhere else",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    severities="high; low where a single standard name is only missing.",
    techniques=("T1557", "T1574"),
    why="Whoever owns PIPE or UNC stands between programs and their pipes or the network; NUL and CON are used by every script.",
    false_positives=("None known.",),
    remedy=REPAIR_DEVICES,
    sources=("detections.md 1.4", "baselines.md 2.5"),
    check=_check_overrides,
)


def _check_deletes(case: Case) -> Iterator[Hit]:
    for device in case.settings[DOS_DEVICES].value:
        if device.text:
            continue
        vendor = vendor_of_service(device.name)
        if vendor != vendor_of_service_name(device.name) and vendor not in case.security.vendors:
            vendor = ""  # it only begins like a name of theirs
        needed = bool(vendor) or bool(re.fullmatch(_NEEDED, fold_name(device.name)))
        reason = f" It is a device of {vendor}." if vendor else " Backup and security software open it." if needed else ""
        yield Hit(
            f"DOS Devices has {device.name} without a target: smss would remove the link of that name, so that programs can no "
            f"longer open it.{reason}",
            (device.origin,),
            device.name,
            severity=Severity.HIGH if needed else Severity.MEDIUM,
            confidence=Confidence.HIGH if case.family in (Family.G1, Family.G2) else Confidence.MEDIUM,
            events=case.events.citing(device.origin),
            story=(f"drive {device.name.casefold()}",) if is_drive(device.name) else (),
        )


DEVICE_DELETE = Rule(
    id="dosdev-delete",
    family="objects",
    title="A device name is removed at boot",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    severities="high for a name that security or backup software opens, medium else.",
    techniques=("T1112",),
    why="A name without a target takes a device, a disk or a drive letter away from all programs.",
    false_positives=("None known.",),
    remedy=REPAIR_DEVICES,
    sources=("detections.md 1.4", "smss.md B.10"),
    check=_check_deletes,
)


def _check_extra(case: Case) -> Iterator[Hit]:
    for device in case.settings[DOS_DEVICES].value:
        name = fold_name(device.name)
        if not device.text or name in _STANDARD or is_root_name(device.name):
            continue
        standing = case.baseline.standing(KEY, device.name, device.text)
        if standing in _STANDS:
            continue
        target = device.text.casefold()
        severity, reason = Severity.LOW, ""
        if standing is Standing.OTHER_GENERATION or re.fullmatch(_PORT, name):
            severity = Severity.INFO
            reason = (
                " Another generation ships it." if standing is Standing.OTHER_GENERATION else " A redirected port, likely."
            )
        elif target.startswith(REMOTE):
            severity, reason = Severity.MEDIUM, " It leads to another machine."
        elif target.startswith(("\\??\\", "\\dosdevices\\", "\\global??\\")) and "\\" in target.split("\\", 2)[-1].rstrip(
            "\\"
        ):
            severity, reason = Severity.MEDIUM, " It leads to a folder or a file."
        yield Hit(
            f"DOS Devices links {device.name} to {device.text}, a name that no clean Windows has there.{reason}",
            (device.origin,),
            device.name,
            severity=severity,
            events=case.events.citing(device.origin),
        )


DEVICE_EXTRA = Rule(
    id="dosdev-extra",
    family="objects",
    title="An extra device name",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    severities="low; medium where it leads to a folder or another machine; info for a port and for a name of another generation.",
    techniques=("T1112",),
    why="Drivers make their names when they are loaded. One that stands in this list was put there.",
    false_positives=("Redirected COM and LPT ports.", "Names of NT 3.x and 4: TELNET, VDMAXX."),
    remedy=REPAIR_DEVICES,
    sources=("detections.md 1.4", "baselines.md 2.5"),
    check=_check_extra,
)

RULES: tuple[Rule, ...] = (
    *dos_drives.RULES,
    DEVICE_OVERRIDE,
    DEVICE_DELETE,
    DEVICE_EXTRA,
    OBJECT_DIRECTORIES_RULE,
    PROTECTION_MODE_RULE,
)
