r"""The Service Control Manager itself: the DLL it loads, what it starts early, the order of groups.

Source: detections.md 1.8; baselines.md 2.9.
"""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.generation import VISTA, WIN8, WIN81, XP
from hivecheck.facts.origin import Origin
from hivecheck.rules.case import Case
from hivecheck.rules.named_dlls import BACK_UP, dll_path
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.rules.security_products import vendor_of_path, vendor_of_program, vendor_of_service_name
from hivecheck.settings.services import DISABLED

_EXTENSION = "ServiceControlManagerExtension"
_EARLY = frozenset(
    (
        "rpcss",
        "power",
        "brokerinfrastructure",
        "systemeventsbroker",
        "dcomlaunch",
        "rpcepmapper",
        "rpceptmapper",
        "lsm",
        "appidsvc",
    )
)
_PRESHUTDOWN = frozenset(("wuauserv", "gpsvc", "trustedinstaller", "usosvc", "deviceinstall"))
_GROUPS = (
    "|system reserved|ems|wdfloadgroup|early-launch|core|core platform extensions|core security extensions|"
    "boot bus extender|system bus extender|scsi miniport|port|primary disk|scsi class|scsi cdrom class|"
    "fsfilter infrastructure|fsfilter system|fsfilter bottom|fsfilter copy protection|fsfilter security enhancer|"
    "fsfilter open file|fsfilter physical quota management|fsfilter virtualization|fsfilter encryption|"
    "fsfilter compression|fsfilter imaging|fsfilter hsm|fsfilter cluster file system|fsfilter system recovery|"
    "fsfilter quota management|fsfilter content screener|fsfilter continuous backup|fsfilter replication|"
    "fsfilter anti-virus|fsfilter undelete|fsfilter activity monitor|fsfilter top|filter|boot file system|base|"
    "pointer port|keyboard port|pointer class|keyboard class|video init|video|video save|file system|event log|"
    "streams drivers|ndis wrapper|com infrastructure|perceptiongroup|profsvc_group|audiogroup|uigroup|"
    "ms_windowslocalvalidation|plugplay|cryptography|pnp_tdi|ndis|tdi|iscsi|netbiosgroup|shellsvcgroup|schedulergroup|"
    "spoolergroup|smartcardgroup|networkprovider|ms_windowsremotevalidation|netddegroup|parallel arbitrator|"
    "extended base|pci configuration|ms transactions|pnp filter|remotevalidation|system|network|"
)
_GUARDED = ("fsfilter anti-virus", "early-launch", "event log")


def _check_extension(case: Case) -> Iterator[Hit]:
    shipped_here = VISTA <= case.generation <= WIN81
    for string in case.strings("Control", _EXTENSION):
        path = dll_path(case, string.text)
        shipped = path.name == "scext.dll" and path.folder.endswith("\\system32")
        if shipped and shipped_here:
            continue
        if shipped:
            severity, told = (
                Severity.MEDIUM,
                "That is the DLL of Vista to 8.1; this Windows is not known to ship the value or the file",
            )
        elif shipped_here:
            severity, told = Severity.CRITICAL, "services.exe would load it as SYSTEM at each start; Windows ships scext.dll"
        else:
            severity = Severity.HIGH
            told = "services.exe would load it as SYSTEM, if this Windows still reads the value; none is shipped here"
        yield Hit(
            f"{_EXTENSION} names {string.text}. {told}.",
            (string.origin,),
            path.text,
            severity,
            Confidence.HIGH if shipped_here else Confidence.MEDIUM,
            case.events.citing(string.origin),
            (case.thread_of(path),),
        )


def _check_early_start(case: Case) -> Iterator[Hit]:
    early = _EARLY | _folded(case, "EarlyStartServices")
    for string in case.strings("Control", "EarlyStartServices"):
        name = string.text.casefold()
        if name in early:
            continue
        service = case.lists.services.named(string.text)
        vendor = next((who for program, who in case.security.sensors if program.name == name), "")
        if case.generation < WIN8 or service is None or service.start == DISABLED:
            why = "no such service would start" if case.generation >= WIN8 else "this Windows is not known to read the list"
            severity = Severity.LOW
        elif vendor:
            severity, why = Severity.MEDIUM, f"its name is that of a service of {vendor}, which may list itself"
        else:
            severity = Severity.HIGH
            why = "the Service Control Manager would start it before its normal pass, ahead of most security products"
        yield _early_hit(case, string.text, f"EarlyStartServices also lists {string.text}: {why}.", string.origin, severity)
    late = _PRESHUTDOWN | _folded(case, "PreshutdownOrder")
    for string in case.strings("Control", "PreshutdownOrder"):
        if string.text.casefold() not in late:
            known = bool(vendor_of_service_name(string.text)) or case.lists.services.named(string.text) is None
            told = (
                f"PreshutdownOrder also lists {string.text}: it would be waited for, in this place, before the others stop."
            )
            yield _early_hit(case, string.text, told, string.origin, Severity.LOW if known else Severity.MEDIUM)


def _folded(case: Case, name: str) -> frozenset[str]:
    return frozenset(text.casefold() for text in case.baseline.strings("Control", name))


def _early_hit(case: Case, name: str, message: str, origin: Origin, severity: Severity) -> Hit:
    return Hit(message, (origin,), name, severity, story=(case.thread_of_service(name),))


def _check_group_order(case: Case) -> Iterator[Hit]:
    groups = case.lists.groups
    known = frozenset(text.casefold() for text in case.baseline.strings("Control\\ServiceGroupOrder", "List"))
    last = max((groups.rank(name) for name in _GUARDED if groups.is_listed(name)), default=-1)
    for place, (name, ref) in enumerate(zip(groups.names, groups.cited, strict=False)):
        if place >= last:
            break
        if name.casefold() not in known and f"|{name.casefold()}|" not in _GROUPS:
            yield Hit(
                f"ServiceGroupOrder puts the group {name}, which Windows does not ship, before the groups of virus scanners "
                "or of the event log: its drivers would start ahead of them.",
                (ref,),
                name,
            )
    if groups.names and case.generation >= XP and groups.list_ref and not groups.is_listed("FSFilter Anti-Virus"):
        yield Hit(
            "ServiceGroupOrder lacks the group FSFilter Anti-Virus: drivers of virus scanners would start after all listed groups.",
            (groups.list_ref,),
            "FSFilter Anti-Virus",
        )
    for program in case.drivers:
        service = program.service
        if service.start != 0 or service.group.casefold() != "early-launch":
            continue
        vendor = vendor_of_program(service.name, program.image) or vendor_of_path(program.image)
        if not vendor or not case.security.is_known_early(program, vendor):
            yield Hit(
                f"The driver {service.name} starts in the group Early-Launch, before all others that it may then judge, and "
                "is none of the known security products. Windows would load it there only with Microsoft's signature for it.",
                service.cite("Group", "ImagePath"),
                service.name,
                story=(case.thread_of_service(service.name),),
            )


SCM_EXTENSION = Rule(
    id="scm-extension",
    family="service control manager",
    title="services.exe is told to load another DLL",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1543.003", "T1574.001"),
    why=(
        "services.exe loads the DLL of ServiceControlManagerExtension when it starts, as SYSTEM. Windows 7 and 8.1 were "
        "seen to ship scext.dll there, so it is let pass from Vista to 8.1 and their servers; no other Windows is known to ship the value."
    ),
    false_positives=("None known for another DLL. scext.dll on another Windows may be left from an upgrade.",),
    remedy=(
        BACK_UP
        + "Set `%systemroot%\\system32\\scext.dll` again on Vista to 8.1 and their servers (on Vista and 8 only where that file is "
        "there), elsewhere delete the value; only then the DLL. Do so in every control set."
    ),
    sources=("detections.md 1.8", "baselines.md 2.9"),
    severities="critical for another DLL on Vista to 8.1, high elsewhere, medium for scext.dll where Windows ships none",
    needs="whether newer services.exe still reads the value, and what the DLL is, take the files",
    check=_check_extension,
)
SCM_EARLY_START = Rule(
    id="scm-early-start",
    family="service control manager",
    title="A service starts before the others, or is waited for at shutdown",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    techniques=("T1543.003",),
    why=(
        "Services of EarlyStartServices start before the automatic pass, so before most security products; those of "
        "PreshutdownOrder are told of a shutdown first. Windows ships both lists with few names (8 and later)."
    ),
    false_positives=("A security product may list its own service.",),
    remedy="Take the name out of the list in every control set, then judge the service itself.",
    sources=("detections.md 1.8",),
    severities="high early, medium for PreshutdownOrder or a known security product, low where no such service would start",
    check=_check_early_start,
)
SCM_GROUP_ORDER = Rule(
    id="scm-group-order",
    family="service control manager",
    title="A group of drivers is put before those of security products",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    techniques=("T1547.006", "T1562.001"),
    why=(
        "ServiceGroupOrder says in which order the groups of drivers and services start. A group of one's own before "
        "FSFilter Anti-Virus or Event Log, or a driver in Early-Launch, runs before those that would see it."
    ),
    false_positives=("Some storage and backup products add a group of their own.", "A security product not in our list."),
    remedy="Restore the list as shipped in every control set; judge the drivers of the added group.",
    sources=("detections.md 1.8",),
    needs="a changed order of tags (GroupOrderList) differs on every machine: compare with an older copy",
    check=_check_group_order,
)
RULES: tuple[Rule, ...] = (SCM_EXTENSION, SCM_EARLY_START, SCM_GROUP_ORDER)
