r"""Names that smss puts into the object manager's namespace before anything else runs: DOS Devices, ObjectDirectories, and how well
they are guarded. Source: detections.md 1.4; smss.md B.10, B.11, B.14.
"""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.generation import WIN2000
from hivecheck.registry.hive import REG_DWORD, type_name
from hivecheck.rules import dos_devices, dos_drives
from hivecheck.rules.case import Case
from hivecheck.rules.cited import cited_number
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.settings.catalog import OBJECT_DIRECTORIES, PROTECTION_MODE
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
            events=case.events_citing(string.origin),
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

RULES: tuple[Rule, ...] = (*dos_drives.RULES, *dos_devices.RULES, OBJECT_DIRECTORIES_RULE, PROTECTION_MODE_RULE)
