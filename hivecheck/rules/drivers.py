r"""Drivers that lie where drivers do not belong, or start before nearly everything. Source: detections.md 1.8, 5.1."""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.rules import filters
from hivecheck.rules.case import Case
from hivecheck.rules.known_boot_programs import UNPACKED, imaging_tool_of
from hivecheck.rules.named_dlls import BACK_UP, cite_value, is_dropped
from hivecheck.rules.paths import Comparable
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.rules.security_products import vendor_of_path, vendor_of_program, vendor_of_service
from hivecheck.rules.sensor_starts import driver_vendor
from hivecheck.rules.service_images import (
    check_replaced_drivers,
    hit_on,
    lowered_if_disabled,
    unpacked_by_hardware_tool,
    vendor_beside,
    when_it_runs,
)
from hivecheck.settings.services import BOOT_START, SYSTEM_START

_REPAIR = (
    BACK_UP
    + "Where the driver is one of Windows, or of a product that is wanted, set its values as shipped in every control set (many "
    "drivers of Windows ship no ImagePath: then delete the value), and do not disable it. Only another one is disabled (Start = 4) in every "
    "control set and taken out of filter lists before its file goes: a boot driver that is missing can stop the machine (0x7B). Then "
    "collect and delete its file and its key."
)
_SHIPPED = ("\\windows\\system32\\clfs.sys",)
_KNOWN = (
    ("\\program files\\vmware\\vmware tools\\", ("vmmemctl.sys", "vmrawdsk.sys")),
    ("\\programdata\\microsoft\\windows defender\\", ("mpksl",)),
    ("\\programdata\\microsoft\\microsoft antimalware\\", ("mpksl",)),
)
_SYSMON = "\\windows\\sysmondrv.sys"
_LOWERED = ("ampa.sys", "ddmdrv.sys", "mnemosyne")
_EARLY_GROUPS = frozenset(("early-launch", "boot bus extender", "system reserved"))
_EARLY_DRIVERS = frozenset(
    (
        "acpi", "acpiec", "acpiex", "isapnp", "mpio", "msisadrv", "partmgr", "pci", "pcw", "pdc", "pnpapi", "tpm", "ucx01000",
        "vdrvroot", "wdboot", "mshidumdf", "pcmcia", "eisa", "intelpep", "cht4vbd", "werkernel",
    )
)  # fmt: skip


def _check_location(case: Case) -> Iterator[Hit]:
    plain = f"{case.system_root.casefold()}\\system32\\drivers"
    store = f"{case.system_root.casefold()}\\system32\\driverstore\\"
    for program in case.drivers:
        service, path = program.service, program.image
        if not service.image_path:
            continue
        stream = ":" in path.text[2:]
        here = path.folder == plain or path.text.startswith((f"{plain}\\", store))
        if here and path.name.endswith(".sys") and not stream:
            continue
        if path.below_drive in _SHIPPED or _is_known(path):
            continue
        beside = driver_vendor(path)
        if beside and (vendor_of_service(service.name) == beside or vendor_beside(case, program, beside)):
            continue  # where the vendor keeps it
        if path.text and not path.drive and not path.text.startswith(("\\", "globalroot\\", "volume{")):
            path = case.path(f"{case.system_root}\\{path.text}")  # the kernel takes it from the Windows folder
        early = service.start in (BOOT_START, SYSTEM_START)
        in_windows = path.below_drive.startswith(("\\windows\\", "\\winnt\\")) and not is_dropped(path)
        vendor = vendor_beside(case, program, vendor_of_path(path)) if in_windows else ""
        imager = imaging_tool_of(program)
        hardware = "" if imager else unpacked_by_hardware_tool(case, program)
        if path.below_drive == _SYSMON:
            severity, why = Severity.LOW, "where Sysmon unpacks its driver"
        elif vendor:
            severity, why = Severity.LOW, f"its name is that of {vendor}, other parts of which are here"
        elif imager:
            severity, why = Severity.LOW, UNPACKED.format(imager)
        elif hardware:
            severity, why = Severity.MEDIUM, hardware
        elif is_dropped(path):
            severity = Severity.CRITICAL if early else Severity.HIGH if stream else Severity.MEDIUM
            why = "in a folder that users can write to" if path.is_user_writable else path.oddities[0]
        elif path.ending != ".sys":
            severity, why = (Severity.HIGH if early else Severity.MEDIUM), "not named like a driver"
        elif path.in_system_folder:
            severity = Severity.MEDIUM if early else Severity.LOW
            severity = Severity.LOW if path.name.startswith(_LOWERED) else severity
            why = "in a folder of Windows where few drivers lie"
        else:
            severity, why = (Severity.HIGH if early else Severity.MEDIUM), "outside the folders of drivers"
        yield hit_on(
            case,
            program,
            f"The kernel would load the driver {service.name} from {service.image_path} {when_it_runs(program)}: {why}.",
            cite_value(service, "ImagePath", service.image_path),
            severity if imager else lowered_if_disabled(program, severity),
            None,
            path,
        )
    yield from check_replaced_drivers(case)


def _is_known(path: Comparable) -> bool:
    return any(path.below_drive.startswith(folder) and path.name.startswith(names) for folder, names in _KNOWN)


def _check_early(case: Case) -> Iterator[Hit]:
    for program in case.drivers:
        service = program.service
        if service.start != BOOT_START or service.group.casefold() not in _EARLY_GROUPS:
            continue
        vendor = vendor_of_program(service.name, program.image) or vendor_of_path(program.image)
        if program.name in _EARLY_DRIVERS or (vendor and case.security.is_known_early(program, vendor)):
            continue
        new = case.is_new(service.ref)
        yield hit_on(
            case,
            program,
            f"The driver {service.name} starts in the group {service.group}, ahead of nearly all others, and is none that Windows "
            f"or a known security product starts there{'; its key is new' if new else ''}.",
            cite_value(service, "Group", service.group),
            Severity.HIGH if new else Severity.MEDIUM,
            Confidence.MEDIUM if new else Confidence.LOW,
            program.image,
        )


SVC_DRIVER_ODD_LOCATION = Rule(
    id="svc-driver-odd-location",
    family="drivers",
    title="A driver lies where drivers do not belong, or stands in for one of Windows",
    severity=Severity.CRITICAL,
    confidence=Confidence.MEDIUM,
    techniques=("T1543.003", "T1014", "T1068"),
    why=(
        "Drivers of Windows and of packages lie in System32\\drivers or the DriverStore and are called .sys. Rootkits, and "
        "vulnerable drivers brought along to reach the kernel, are dropped elsewhere. A driver of Windows whose ImagePath names "
        "another file was taken over."
    ),
    false_positives=(
        "CLFS.sys, VMware's vmmemctl.sys and vmrawdsk.sys, Defender's MpKsl drivers (let pass).",
        "Drivers that security products keep beside their programs, as SentinelOne does (let pass).",
        "Sysmon's own driver lies in the Windows folder (low).",
        "Partition tools (ampa.sys, ddmdrv.sys) and F-Response's Mnemosyne in System32 (low).",
        "Drivers that imaging tools of responders unpack (win32dd, FTK Imager's ad_driver in Temp: low).",
        "Drivers that CPU-Z, Core Temp, GPU-Z and HWiNFO unpack into Temp at each run (medium; names from memory).",
        "A missing ImagePath is normal: the driver is then System32\\drivers\\NAME.sys.",
    ),
    remedy=_REPAIR,
    sources=("detections.md 1.8", "detections.md 5.1"),
    severities=(
        "started at boot: critical in a user-writable or oddly spelled place, high elsewhere, medium in a folder of Windows; "
        "on demand: medium, high for an alternate data stream, low in a folder of Windows; another file for a driver of Windows: critical at boot, high on demand; one "
        "step less where disabled"
    ),
    needs="whether the file is signed takes the file",
    check=_check_location,
)
SVC_CALLBACK_DRIVERS = Rule(
    id="svc-callback-drivers",
    family="drivers",
    title="An unknown driver starts ahead of nearly all others",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    techniques=("T1547.006",),
    why=(
        "Boot drivers of the groups Early-Launch, System Reserved and Boot Bus Extender run before sensors do and can register "
        "callbacks first. Windows puts a handful there; a rootkit gains most from it."
    ),
    false_positives=("Bus and storage drivers of vendors.", "Early-launch drivers of security products not in our list."),
    remedy=_REPAIR,
    sources=("detections.md 1.8",),
    severities="medium; high where the key was written in the machine's last week or after its last boot",
    needs="whether an installed package brought the driver takes setupapi's log or the DriverStore",
    check=_check_early,
)
RULES: tuple[Rule, ...] = (SVC_DRIVER_ODD_LOCATION, *filters.RULES, SVC_CALLBACK_DRIVERS)
