r"""DOS Devices: names linked in \GLOBAL??. Drive letters are judged in `dos_drives`. Source: detections.md 1.4; smss.md B.10.

smss makes these links at its first step and puts them in the place of any that are there, so that everything later follows them:
renames, paging files, the folder of KnownDLLs, services.
"""

import re
from collections.abc import Iterator

from hivecheck.baselines.baseline import Standing
from hivecheck.facts.certainty import Confidence
from hivecheck.facts.generation import Family
from hivecheck.registry.hive import fold_name
from hivecheck.rules.case import Case
from hivecheck.rules.dos_drives import LETTER, REMOTE, REPAIR_DEVICES, is_root_name
from hivecheck.rules.lost_values import missing_key
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.rules.security_products import vendor_of_service, vendor_of_service_name
from hivecheck.settings.catalog import DOS_DEVICES

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
            events=case.events_citing(device.origin),
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
            events=case.events_citing(device.origin),
            story=(f"drive {device.name.casefold()}",) if re.fullmatch(LETTER, device.name) else (),
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
            events=case.events_citing(device.origin),
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
RULES: tuple[Rule, ...] = (DEVICE_OVERRIDE, DEVICE_DELETE, DEVICE_EXTRA)
