r"""Flags of the kernel and the executive: GlobalFlag, mitigations, object names, raw disks, registry, fast start-up.

Source: detections.md 1.6; baselines.md 2.1, 2.2.
"""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.generation import WIN8, WIN10_1803, Family
from hivecheck.rules import mitigations
from hivecheck.rules.case import Case
from hivecheck.rules.cited import cited_number
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.settings.catalog import GLOBAL_FLAG

SESSION_MANAGER = "Control\\Session Manager"
_KERNEL = SESSION_MANAGER + "\\kernel"
_DEBUGGED = 0x4 | 0x4000000  # judged by globalflag-debug-initial-command as well, and told together with it
_BITS: tuple[tuple[int, Severity, str], ...] = (
    (0x4, Severity.HIGH, "the initial command is debugged"),
    (0x4000000, Severity.HIGH, "winlogon is debugged"),
    (0x80000000, Severity.HIGH, "protected DLLs are not verified"),
    (0x100, Severity.MEDIUM, "Application Verifier for every program"),
    (0x20000, Severity.MEDIUM, "csrss is debugged"),
    (0x400, Severity.INFO, "pool tagging"),
    (0x1000, Severity.INFO, "stack traces of user mode"),
    (0x2000, Severity.INFO, "stack traces of the kernel"),
    (0x2000000, Severity.INFO, "page heap"),
    (0x20000000, Severity.INFO, "addresses from the top down"),
)


def _check_flags(case: Case) -> Iterator[Hit]:
    setting = case.settings[GLOBAL_FLAG]
    if setting.value and setting.value != case.baseline.number(SESSION_MANAGER, "GlobalFlag"):
        set_bits = [(severity, what) for bit, severity, what in _BITS if setting.value & bit]
        severity = max((severity for severity, _ in set_bits), default=Severity.INFO, key=lambda one: one.rank)
        later = severity is Severity.HIGH and case.family in (Family.G3, Family.G4) and not setting.value & 0x80000000
        rest = setting.value & ~sum(bit for bit, _, _ in _BITS)
        told = [what for _, what in set_bits] + ([f"other bits 0x{rest:x}"] if rest else [])
        yield Hit(
            f"GlobalFlag is 0x{setting.value:08x} for the whole machine: {', '.join(told)}."
            + (" Whether Windows since Vista still starts a debugger for this is doubtful." if later else ""),
            setting.origins,
            "GlobalFlag",
            severity=Severity.MEDIUM if later else severity,
            confidence=Confidence.LOW if later else Confidence.HIGH,
            events=case.events.citing(*setting.origins),
            story=(case.thread_of_image("ntsd.exe"),) if setting.value & _DEBUGGED else (),
        )
    second = cited_number(case, SESSION_MANAGER, "GlobalFlag2")
    if second is not None and second.number:
        yield Hit(
            f"GlobalFlag2 is 0x{second.number:08x}; what its bits mean is not documented.",
            (second.origin,),
            "GlobalFlag2",
            severity=Severity.INFO,
            confidence=Confidence.LOW,
        )


GLOBAL_FLAG_BITS = Rule(
    id="globalflag-bits",
    family="memory",
    title="Debugging flags are set for the whole machine",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    severities=(
        "high for debugging of the initial command or winlogon (medium since Vista) and for DLLs that are not verified; medium for "
        "Application Verifier and csrss; info for the others."
    ),
    techniques=("T1546.012", "T1562"),
    why="Some of these flags start a debugger at boot, which whoever plants ntsd.exe chooses; others switch checks off.",
    false_positives=("Developers of drivers and support engineers; servers with pool tagging.", "NT 3.1 ships 0x21100000."),
    remedy="Set GlobalFlag to 0 in every control set.",
    sources=("detections.md 1.6, 1.1", "smss.md B.18"),
    check=_check_flags,
)


_GLOBAL_NAMES = frozenset(
    {"netfxcustomperfcounters.1.0", "sharedperfipcblock", "cor_private_ipcblock", "cor_public_ipcblock_"}
)


def _check_global_names(case: Case) -> Iterator[Hit]:
    shipped = {text.casefold() for text in case.baseline.strings(_KERNEL, "ObUnsecureGlobalNames")} | _GLOBAL_NAMES
    for string in case.strings(_KERNEL, "ObUnsecureGlobalNames"):
        if string.text.casefold() not in shipped:
            yield Hit(
                f"ObUnsecureGlobalNames has {string.text}: a session without rights could make a shared section of that name for all "
                "sessions, before its owner does.",
                (string.origin,),
                string.text,
            )


OB_UNSECURE = Rule(
    id="kernel-obunsecure",
    family="memory",
    title="Sections of a name may be made by sessions without rights",
    severity=Severity.LOW,
    confidence=Confidence.MEDIUM,
    techniques=("T1068",),
    why="Programs of services that trust a section of this name could be given one by an ordinary user.",
    false_positives=("Products with counters of their own.",),
    remedy="Restore the list that this Windows ships (printed in the report's order of repair) in every control set.",
    sources=("detections.md 1.6", "baselines.md 2.2"),
    check=_check_global_names,
)


def _check_raw_disks(case: Case) -> Iterator[Hit]:
    found = cited_number(case, SESSION_MANAGER + "\\I/O System", "AllowRemoteDASD")
    if found is not None and found.number:
        yield Hit(
            f"AllowRemoteDASD is {found.number}: sessions from other machines may open whole volumes and read around the rights of "
            "files.",
            (found.origin,),
            "AllowRemoteDASD",
        )


REMOTE_DASD = Rule(
    id="io-remote-dasd",
    family="memory",
    title="Remote sessions may open whole volumes",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    techniques=("T1006",),
    why="Who opens the volume reads every file of it, password databases included, without asking for the file.",
    false_positives=("The policy for removable storage in remote sessions.",),
    remedy="Set AllowRemoteDASD to 0 in every control set.",
    sources=("detections.md 1.6",),
    check=_check_raw_disks,
)

_CONFIGURATION = SESSION_MANAGER + "\\Configuration Manager"
_STATE_SEPARATION = "Control\\StateSeparation\\Policy"


def _check_registry(case: Case) -> Iterator[Hit]:
    for key, name, is_bad, does in (
        (_CONFIGURATION, "VolatileBoot", True, "changes of the registry would be lost at the next start"),
        (
            _STATE_SEPARATION,
            "Enabled",
            True,
            "Windows would keep parts of its state, a second rename list among it, in a hive of its own",
        ),
        (_STATE_SEPARATION, "DevelopmentMode", True, "the separation of states would be that of developers"),
        (_STATE_SEPARATION, "AllHivesVolatile", True, "changes of all hives would be lost at the next start"),
        (_CONFIGURATION, "SelfHealingEnabled", False, "damaged hives would not be mended"),
    ):
        found = cited_number(case, key, name)
        if found is not None and bool(found.number) is is_bad:
            yield Hit(
                f"{name} is {found.number}: {does}. What this hive says may not be all that the next boot reads.",
                (found.origin,),
                name,
            )
    backup = cited_number(case, _CONFIGURATION, "EnablePeriodicBackup")
    if backup is not None and backup.number == 0:
        usual = case.generation >= WIN10_1803
        yield Hit(
            "EnablePeriodicBackup is 0: RegBack is not filled" + (", as by default since 1803." if usual else "."),
            (backup.origin,),
            "EnablePeriodicBackup",
            severity=Severity.INFO,
        )


CM_VOLATILE = Rule(
    id="cm-volatile",
    family="memory",
    title="The registry forgets changes, or does not mend itself",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    severities="info for backups of the registry that are switched off.",
    techniques=("T1562", "T1070"),
    why="Where hives are volatile nothing of what was done remains after a restart; with separated states part of it is elsewhere.",
    false_positives=("Windows for devices (IoT), the Unified Write Filter, HoloLens and images of 10X.",),
    remedy="Restore the values in every control set, unless the machine is a device that is meant to forget.",
    sources=("detections.md 1.6",),
    check=_check_registry,
)


def _check_fast_start(case: Case) -> Iterator[Hit]:
    found = cited_number(case, SESSION_MANAGER + "\\Power", "HiberbootEnabled")
    if found is not None and found.number and case.generation >= WIN8:
        yield Hit(
            "Fast start-up is on: after 'Shut down' the machine resumes a saved kernel and smss does not run. What is told here "
            "waits for a restart.",
            (found.origin,),
            "HiberbootEnabled",
        )


HIBERBOOT = Rule(
    id="hiberboot",
    family="memory",
    title="Only a restart runs what is pending",
    severity=Severity.INFO,
    confidence=Confidence.HIGH,
    techniques=(),
    why="With fast start-up, shutting down and switching on is no boot. Pending renames and boot programs wait for a restart.",
    false_positives=("Not a fault: clients ship it since 8.",),
    remedy="None needed. To have pending operations run, restart; to keep them from running, do not.",
    sources=("detections.md 1.6", "baselines.md 2.2"),
    check=_check_fast_start,
)

RULES: tuple[Rule, ...] = (GLOBAL_FLAG_BITS, *mitigations.RULES, OB_UNSECURE, REMOTE_DASD, CM_VOLATILE, HIBERBOOT)
