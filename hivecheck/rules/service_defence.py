r"""Services that watch the machine: switched off, less protected, made to wait for what never comes, or gone.

How each one starts as shipped stands in `windows_services`. Less protected is what has another protection, account, group of svchost or
entry point: the key looks whole while the service fails to start, or starts where anybody may end it. What is shipped is from real hives
of 7, 10 1709 and 10 1903 (Schedule and Winmgmt of XP as well). Source: detections.md 1.8, 4.C; baselines.md 3.3.
"""

from collections.abc import Iterator

from hivecheck.boot.service_images import svchost_group
from hivecheck.facts.certainty import Confidence
from hivecheck.facts.fact import changed, fact
from hivecheck.facts.generation import VISTA, WIN10_1709, WIN10_1903, WIN11, Generation
from hivecheck.registry.hive import fold_name
from hivecheck.registry.raw_values import text_in
from hivecheck.rules import service_depends
from hivecheck.rules.case import Case
from hivecheck.rules.case_facts import ServiceProgram
from hivecheck.rules.disabled_sensors import check_disabled
from hivecheck.rules.lost_sensors import check_lost, check_swapped
from hivecheck.rules.lost_services import SVC_MISSING_SENSOR_BINARY, check_lost_services
from hivecheck.rules.named_dlls import cite_value
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.rules.sensor_starts import why_not_started
from hivecheck.rules.service_images import hit_on
from hivecheck.rules.windows_services import WATCHED_NAMES

_PROTECTED: tuple[tuple[str, int, Generation, Generation | None], ...] = (
    ("WinDefend", 3, WIN10_1709, None), ("WdNisSvc", 3, WIN10_1709, None), ("Sense", 2, WIN10_1709, None),
    ("SecurityHealthService", 2, WIN10_1709, None), ("sppsvc", 1, WIN10_1709, None), ("AppXSvc", 2, WIN10_1709, None),
    ("ClipSVC", 2, WIN10_1709, None), ("AppIDSvc", 2, WIN10_1709, None), ("wscsvc", 2, WIN10_1903, None),
    ("DoSvc", 2, WIN10_1903, None), ("WaaSMedicSvc", 2, WIN10_1903, None), ("SgrmBroker", 1, WIN10_1903, WIN11),
)  # fmt: skip
_SYSTEM, _LOCAL_SERVICE = "LocalSystem", "NT AUTHORITY\\LocalService"
_SPELLINGS = {
    "": _SYSTEM, "localsystem": _SYSTEM, ".\\localsystem": _SYSTEM, "nt authority\\system": _SYSTEM,
    "nt authority\\localsystem": _SYSTEM, "nt authority\\localservice": _LOCAL_SERVICE,
    "nt authority\\local service": _LOCAL_SERVICE, "localservice": _LOCAL_SERVICE, ".\\localservice": _LOCAL_SERVICE,
}  # fmt: skip


@fact
class _Shipped:
    """How one service is run from Vista on. `groups` of svchost are '' for a program of its own, `mains` '' for none named."""

    name: str
    account: str
    groups: tuple[str, ...] = ()
    mains: tuple[str, ...] = ("", "ServiceMain")


_SHIPPED = (
    _Shipped("EventLog", _LOCAL_SERVICE, ("LocalServiceNetworkRestricted",)),
    _Shipped("BFE", _LOCAL_SERVICE, ("LocalServiceNoNetwork", "LocalServiceNoNetworkFirewall"), ("BfeServiceMain",)),
    _Shipped("MpsSvc", _LOCAL_SERVICE, ("LocalServiceNoNetwork", "LocalServiceNoNetworkFirewall")),
    _Shipped("WinDefend", _SYSTEM, ("secsvcs",)),
    _Shipped("WdNisSvc", _LOCAL_SERVICE),
    _Shipped("Sense", _SYSTEM),
    _Shipped("wscsvc", _LOCAL_SERVICE, ("LocalServiceNetworkRestricted",)),
    _Shipped("Schedule", _SYSTEM, ("netsvcs",)),
    _Shipped("Winmgmt", _SYSTEM, ("netsvcs",)),
    _Shipped("DPS", _LOCAL_SERVICE, ("LocalServiceNoNetwork",)),
    _Shipped("VSS", _SYSTEM),
    _Shipped("SysMain", _SYSTEM, ("LocalSystemNetworkRestricted",), ("", "SysMtServiceMain", "ServiceMain")),
)
_GRAVE = frozenset(("EventLog", "BFE", "MpsSvc", "WinDefend", "WdNisSvc", "Sense"))


def check_protection(case: Case) -> Iterator[Hit]:
    """Hits for protected services without their protection, and for watched ones that run as they do not ship."""
    programs = case.programs_by_name
    yield from _check_levels(case, programs)
    if case.generation < VISTA:
        return
    for shipped in _SHIPPED:
        program = programs.get(shipped.name.casefold())
        if program is None or not program.service.is_process or why_not_started(program.service) is not None:
            continue
        for text, value, data in _differences(case, shipped, program):
            service = program.service
            grave = Severity.HIGH if shipped.name in _GRAVE else Severity.MEDIUM
            told = f"{service.name} {text}: it may not start, and what it watches goes unseen."
            key = case.value(f"Services\\{service.name}\\Parameters", value) if value == "ServiceMain" else None
            because = (key.ref.citing(data),) if key is not None else cite_value(service, value, data)
            hit = hit_on(case, program, told, because, grave, Confidence.MEDIUM)
            yield changed(hit, subject=f"{service.name} {value}")


def _check_levels(case: Case, programs: dict[str, ServiceProgram]) -> Iterator[Hit]:
    for name, level, since, until in _PROTECTED:
        service = case.lists.services.named(name)
        if service is None or case.generation < since or (until is not None and case.generation >= until):
            continue
        found = service.launch_protected
        if (found or 0) >= level:
            continue
        severity = Severity.HIGH if name.casefold() in WATCHED_NAMES else Severity.MEDIUM
        stopped = why_not_started(service) is not None
        runs = "would run, once it is started," if stopped else "runs"
        hit = hit_on(
            case,
            programs[service.name.casefold()],
            f"{service.name} {runs} without its protection: LaunchProtected is {'missing' if found is None else found}, as shipped {level}. Any "
            "administrator can then end it or write into its memory.",
            service.cite("LaunchProtected"),
            Severity.LOW if stopped else severity,  # that it does not start is told by itself, and weighs more
            Confidence.MEDIUM,
        )
        yield changed(hit, subject=f"{service.name} LaunchProtected")


def _differences(case: Case, shipped: _Shipped, program: ServiceProgram) -> Iterator[tuple[str, str, str]]:
    """What differs from the service as shipped: the words, the value, and what it holds."""
    service = program.service
    if _SPELLINGS.get(service.account.strip().casefold()) != shipped.account:
        yield f"runs as {service.account or _SYSTEM} (as shipped {shipped.account})", "ObjectName", service.account
    if program.image.name != "svchost.exe" or not program.image.in_system_folder or not shipped.groups:
        return
    group = svchost_group(service.image_path)
    if group.casefold() not in map(str.casefold, shipped.groups):
        text = f"is started in {_told_group(case, group, service.name)} (as shipped {' or '.join(shipped.groups)})"
        yield text, "ImagePath", service.image_path
    raw = case.value(f"Services\\{service.name}\\Parameters", "ServiceMain")
    main = text_in(raw)
    if (raw is not None or shipped.mains[0]) and service.dll and main not in shipped.mains:
        usual = " or ".join(one for one in shipped.mains if one)
        yield f"has the entry point {main or '(none)'} (as shipped {usual})", "ServiceMain", main


def _told_group(case: Case, group: str, name: str) -> str:
    """A group of svchost in words, with what the SOFTWARE hive says of it where there is one."""
    if not group:
        return "no group of svchost"
    told = f"the group {group} of svchost"
    if case.software is None or not case.software.svchost_groups:
        return told
    members = case.software.svchost_groups.get(fold_name(group))
    if members is None:
        return f"{told}, which SOFTWARE does not know"
    listed = fold_name(name) in map(fold_name, members)
    return told + (", which SOFTWARE lists it in" if listed else ", of which SOFTWARE says nothing of it")


_REPAIR = "Restore Start, LaunchProtected and DependOnService as shipped in every control set, then restart and look again."


def _check_defence(case: Case) -> Iterator[Hit]:
    yield from check_disabled(case)
    yield from check_protection(case)
    yield from check_lost(case)
    yield from check_lost_services(case)
    yield from check_swapped(case)


SVC_DISABLED_DEFENCE = Rule(
    id="svc-disabled-defence",
    family="services",
    title="A service that watches or protects the machine does not start",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1562.001", "T1562.002", "T1562.004", "T1490"),
    why=(
        "One number, Start, keeps the event log, the firewall, Defender, shadow copies or a vendor's sensor from running after "
        "the next boot; LaunchProtected is what keeps an administrator from ending the protected ones. A service key that was "
        "deleted, or whose ImagePath names another file, ends a sensor as well: other control sets, the lists of safe mode and "
        "the other services of the product still tell of it. So it is with the services of Windows itself: a type that is none of "
        "a service, a start type that Windows does not know, DeleteFlag, another account or group of svchost, or no file to run, does "
        "the same without a word."
    ),
    false_positives=(
        "Another virus scanner switches Defender off: then it is only told.",
        "Servers without SysMain; images for virtual desktops without updates, backup or SysMain.",
        "A product that is just uninstalled marks its services as deleted (high, low confidence where it is all of them).",
        "A product uninstalled since the last good boot is missing from the set that boots only (medium).",
        "Servers and images without Defender, where nothing else says that it was there (low).",
        "Images that were stripped of services of Windows.",
        "Programs that forward logs (Splunk, NXLog, Winlogbeat) which are not used any more (medium).",
    ),
    remedy=_REPAIR,
    sources=("detections.md 1.8", "baselines.md 3.3"),
    severities=(
        "critical for EventLog, BFE and a vendor's program; medium for programs that forward logs, high where their key was written lately; low for a protection "
        "that is missing on a service that does not start; high for Defender, the firewall, shadow copies, Sysmon and a vendor's "
        "driver; medium for others; one step less for `demand` in place of an automatic start; info for Defender beside another scanner, medium "
        "where one service is all that tells of it; high for a sensor that is marked as deleted; high for a "
        "sensor whose service is gone or runs another file, medium where all of its product is gone, low without any trace; a "
        "service of Windows that is gone, or can't be started by its type or without a file, as one that is disabled"
    ),
    check=_check_defence,
)
RULES: tuple[Rule, ...] = (SVC_DISABLED_DEFENCE, SVC_MISSING_SENSOR_BINARY, *service_depends.RULES)
