r"""Memory Management: paging files, mitigations, verifier, prefetch. Source: detections.md 1.6; baselines.md 2.3."""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.generation import VISTA, XP
from hivecheck.rules import kernel, paging
from hivecheck.rules.case import Case
from hivecheck.rules.cited import cited_number, cited_text
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.rules.security_products import vendor_of_path, vendor_of_service
from hivecheck.settings.catalog import MEMORY
from hivecheck.settings.machine_identity import Role

_PREFETCH = MEMORY + "\\PrefetchParameters"
_REPAIR = (
    "Restore the value that this Windows ships (printed in the report's order of repair), or delete an extra one, in every "
    "control set."
)
_INJECTS = 0x1 | 0x4  # special pool, low resources simulation
_DRIVERS_AT_MOST = 500


def _is_server(case: Case) -> bool:
    return case.facts.role.value in (Role.SERVER, Role.DOMAIN_CONTROLLER)


def _check_executive(case: Case) -> Iterator[Hit]:
    found = cited_number(case, MEMORY, "DisablePagingExecutive")
    if found is not None and found.number == 1 and case.baseline.number(MEMORY, "DisablePagingExecutive") != 1:
        yield Hit(
            "DisablePagingExecutive is 1: the kernel's own pages stay in memory. Performance tools and tuning set it.",
            (found.origin,),
            "DisablePagingExecutive",
        )


DISABLE_PAGING_EXECUTIVE = Rule(
    id="mm-disable-paging-exec",
    family="memory",
    title="The kernel's pages stay in memory",
    severity=Severity.INFO,
    confidence=Confidence.HIGH,
    techniques=(),
    why="It tells that somebody tuned or traced this machine. Nothing follows from it.",
    false_positives=("Windows Performance Toolkit sets it on 64-bit machines, tuning guides anywhere.",),
    remedy="None needed.",
    sources=("detections.md 1.6",),
    check=_check_executive,
)


def _check_system_cache(case: Case) -> Iterator[Hit]:
    found = cited_number(case, MEMORY, "LargeSystemCache")
    if found is not None and found.number == 1 and not _is_server(case):
        yield Hit(
            "LargeSystemCache is 1 on a workstation: the file cache takes most of the memory, as on a file server.",
            (found.origin,),
            "LargeSystemCache",
        )


LARGE_SYSTEM_CACHE = Rule(
    id="mm-large-system-cache",
    family="memory",
    title="The file cache is that of a server",
    severity=Severity.INFO,
    confidence=Confidence.HIGH,
    techniques=(),
    why="It tells that somebody tuned this machine. Nothing follows from it.",
    false_positives=("Tuning guides; servers have it by default.",),
    remedy="None needed.",
    sources=("detections.md 1.6",),
    check=_check_system_cache,
)


def _check_spectre(case: Case) -> Iterator[Hit]:
    override = cited_number(case, MEMORY, "FeatureSettingsOverride")
    mask = cited_number(case, MEMORY, "FeatureSettingsOverrideMask")
    if override is None or mask is None or mask.number & 3 != 3:
        return
    if case.generation < VISTA and (override.number & 3 == 3 or override.number == 0):
        yield Hit(
            f"FeatureSettingsOverride is {override.number} with the mask {mask.number}: this Windows never got protections against "
            "Spectre and Meltdown, and does not read them.",
            (override.origin, mask.origin),
            "FeatureSettingsOverride",
            severity=Severity.INFO,
        )
    elif override.number & 3 == 3:
        yield Hit(
            f"FeatureSettingsOverride is {override.number} with the mask {mask.number}: the protections against Spectre (variant 2) and "
            "Meltdown would be off.",
            (override.origin, mask.origin),
            "FeatureSettingsOverride",
        )
    elif override.number == 0:
        yield Hit(
            f"FeatureSettingsOverride is 0 with the mask {mask.number}: the protections against Spectre and Meltdown are forced on.",
            (override.origin, mask.origin),
            "FeatureSettingsOverride",
            severity=Severity.INFO,
        )


SPECTRE_OVERRIDE = Rule(
    id="mm-spectre-override",
    family="memory",
    title="Protections against Spectre and Meltdown are off",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    severities=(
        "info where the values switch the protections on, and before Vista, which never got them; other bits switch on single "
        "protections and are not told."
    ),
    techniques=("T1562",),
    why="Without them one process can read the memory of others and of the kernel.",
    false_positives=("Guides for games and speed set it: very common.",),
    remedy=_REPAIR,
    sources=("detections.md 1.6", "Microsoft KB4072698, KB4073119"),
    check=_check_spectre,
)


def _check_verifier(case: Case) -> Iterator[Hit]:
    drivers = cited_text(case, MEMORY, "VerifyDrivers")
    level = cited_number(case, MEMORY, "VerifyDriverLevel")
    if drivers is None or not drivers.text.strip():
        if level is not None and level.number:
            yield Hit(
                f"VerifyDriverLevel is 0x{level.number:x}, but no driver is listed to be verified.",
                (level.origin,),
                "VerifyDriverLevel",
                severity=Severity.INFO,
            )
        return
    vendors: dict[str, str] = {}
    for name in drivers.text.split(maxsplit=_DRIVERS_AT_MOST)[:_DRIVERS_AT_MOST]:
        path = case.path(f"{case.system_root}\\System32\\drivers\\{name}")
        vendor = vendor_of_path(path) or vendor_of_service(name.casefold().removesuffix(".sys"))
        if vendor:
            vendors.setdefault(name, vendor)
    crippling = bool(vendors) and level is not None and bool(level.number & _INJECTS)
    told = ", ".join(f"{name} of {vendor}" for name, vendor in list(vendors.items())[:5])
    yield Hit(
        f"Driver Verifier is on for {drivers.text}"
        + (f" at level 0x{level.number:x}" if level is not None else "")
        + (
            f". It would make memory scarce for {told}, so that this security software fails or the machine stops."
            if crippling
            else ". It checks drivers strictly and stops the machine for their faults."
        ),
        (drivers.origin,) if level is None else (drivers.origin, level.origin),
        "VerifyDrivers",
        severity=Severity.MEDIUM if crippling else Severity.LOW,
        confidence=Confidence.MEDIUM if crippling else Confidence.HIGH,
    )


VERIFIER = Rule(
    id="mm-verifier",
    family="memory",
    title="Driver Verifier is on",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    severities="medium where it makes the driver of security software fail; low for any other driver; info without a driver.",
    techniques=("T1562.001", "T1499"),
    why="Verifier can refuse memory to the drivers it is set for: a way to make a sensor fail or a machine stop.",
    false_positives=("Administrators and developers of drivers who look for a fault.",),
    remedy=_REPAIR,
    sources=("detections.md 1.6",),
    check=_check_verifier,
)


def _check_move_images(case: Case) -> Iterator[Hit]:
    found = cited_number(case, MEMORY, "MoveImages")
    if found is None or found.number not in (0, 0xFFFFFFFF):
        return
    off = found.number == 0
    if case.generation < VISTA:
        does, severity = "this Windows moves no images and does not read it", Severity.INFO
    elif off:
        does, severity = "programs and libraries would lie at fixed addresses in every process (no ASLR)", Severity.HIGH
    else:
        does, severity = "programs and libraries are moved in any case, also those that did not ask for it", Severity.INFO
    yield Hit(f"MoveImages is 0x{found.number:x}: {does}.", (found.origin,), "MoveImages", severity=severity)


MOVE_IMAGES = Rule(
    id="mm-moveimages",
    family="memory",
    title="Programs and libraries are not moved in memory (ASLR is off)",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    severities="info where the value forces ASLR on, and before Vista.",
    techniques=("T1562", "T1211"),
    why="With fixed addresses flaws of programs are much easier to use.",
    false_positives=("Virtual machines of people who develop exploits.",),
    remedy=_REPAIR,
    sources=("detections.md 1.6",),
    check=_check_move_images,
)


def _check_prefetch(case: Case) -> Iterator[Hit]:
    found = cited_number(case, _PREFETCH, "EnablePrefetcher")
    if found is None or found.number not in (0, 2) or case.generation < XP:
        return
    service = cited_number(case, "Services\\SysMain", "Start")
    both = service is not None and service.number == 4
    severity = Severity.MEDIUM if both and found.number == 0 and case.is_new(found.origin) else Severity.LOW
    if _is_server(case):
        severity = Severity.INFO
    yield Hit(
        f"EnablePrefetcher is {found.number}: Windows writes no prefetch files of started programs, which examiners read."
        + (" SysMain is disabled as well." if both else ""),
        (found.origin,) if service is None or not both else (found.origin, service.origin),
        "EnablePrefetcher",
        severity=severity,
    )


PREFETCH_OFF = Rule(
    id="mm-prefetch-off",
    family="memory",
    title="No prefetch files are written",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    severities="medium where SysMain is disabled as well and the key was written lately; info on servers; low else.",
    techniques=("T1070", "T1562.006"),
    why="Prefetch files tell which programs ran, when and how often. Without them that evidence is missing.",
    false_positives=("Guides for solid-state disks, images of virtual machines.", "Servers have it off by default."),
    remedy=_REPAIR,
    sources=("detections.md 1.6", "baselines.md 2.3"),
    check=_check_prefetch,
)

RULES: tuple[Rule, ...] = (
    *paging.RULES,
    DISABLE_PAGING_EXECUTIVE,
    LARGE_SYSTEM_CACHE,
    SPECTRE_OVERRIDE,
    VERIFIER,
    MOVE_IMAGES,
    PREFETCH_OFF,
    *kernel.RULES,
)
