r"""Services that watch the machine: switched off, less protected, made to wait for what never comes, or deleted at the next boot.

How each one starts as shipped is from real hives of XP, 7, 10 1709 and 10 1903. Source: detections.md 1.8, 4.C; baselines.md.
"""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.fact import changed, fact
from hivecheck.facts.generation import VISTA, WIN8, WIN10_1507, WIN10_1709, WIN10_1903, WIN11, XP, Generation
from hivecheck.rules.case import Case
from hivecheck.rules.case_facts import ServiceProgram
from hivecheck.rules.lost_sensors import check_lost, check_swapped
from hivecheck.rules.named_dlls import cite_value
from hivecheck.rules.rule import Example, Hit, Rule, Severity
from hivecheck.rules.service_images import hit_on
from hivecheck.settings.services import DEMAND_START, DISABLED, start_name

_MICROSOFT = "Microsoft Defender"
_REPAIR = "Restore Start, LaunchProtected and DependOnService as shipped in every control set, then restart and look again."


@fact
class Watched:
    """`start` is the latest start as shipped from `since` on; `what` it does, as the message says it."""

    name: str
    severity: Severity
    start: int
    since: Generation
    what: str


WATCHED: tuple[Watched, ...] = (
    Watched("EventLog", Severity.CRITICAL, 2, XP, "no event log is written"),
    Watched("BFE", Severity.CRITICAL, 2, VISTA, "neither firewall nor network filters of security products work"),
    Watched("WinDefend", Severity.HIGH, 2, VISTA, "Microsoft Defender does not run"),
    Watched("WdFilter", Severity.HIGH, 0, WIN8, "Microsoft Defender sees no file being opened"),
    Watched("WdBoot", Severity.HIGH, 0, WIN8, "Microsoft Defender does not judge boot drivers"),
    Watched("WdNisDrv", Severity.HIGH, 3, WIN8, "Microsoft Defender does not watch the network"),
    Watched("WdNisSvc", Severity.HIGH, 3, WIN8, "Microsoft Defender does not watch the network"),
    Watched("Sense", Severity.HIGH, 3, WIN10_1709, "Defender for Endpoint does not run"),
    Watched("mssecflt", Severity.HIGH, 0, WIN10_1709, "Defender for Endpoint sees less"),
    Watched("MpsSvc", Severity.HIGH, 2, VISTA, "the firewall does not run"),
    Watched("VSS", Severity.HIGH, 3, XP, "no shadow copies are made or shown"),
    Watched("swprv", Severity.HIGH, 3, XP, "no shadow copies are made or shown"),
    Watched("SecurityHealthService", Severity.MEDIUM, 3, WIN10_1709, "Windows Security does not tell of its state"),
    Watched("wscsvc", Severity.MEDIUM, 2, XP, "the Security Center tells of nothing"),
    Watched("srservice", Severity.MEDIUM, 2, XP, "System Restore keeps no points"),
    Watched("SDRSVC", Severity.MEDIUM, 3, VISTA, "Windows Backup does not run"),
    Watched("wbengine", Severity.MEDIUM, 3, VISTA, "Windows Backup does not run"),
    Watched("wuauserv", Severity.MEDIUM, 3, XP, "Windows is not updated"),
    Watched("UsoSvc", Severity.MEDIUM, 3, WIN10_1507, "Windows is not updated"),
    Watched("WaaSMedicSvc", Severity.MEDIUM, 3, WIN10_1507, "Windows Update is not repaired"),
    Watched("bam", Severity.MEDIUM, 1, WIN10_1709, "it is not kept which programs ran"),
    Watched("SysMain", Severity.MEDIUM, 2, VISTA, "no prefetch files tell which programs ran"),
    Watched("Schedule", Severity.MEDIUM, 2, XP, "no scheduled task runs"),
    Watched("DPS", Severity.MEDIUM, 2, VISTA, "problems are not looked into, SRUM keeps no record"),
    Watched("PcaSvc", Severity.MEDIUM, 3, VISTA, "it is not kept which programs ran"),
)
_FIREWALL_OF_XP = Watched("SharedAccess", Severity.HIGH, 2, XP, "the firewall does not run")
_DEFENDER = frozenset(("windefend", "wdfilter", "wdboot", "wdnisdrv", "wdnissvc"))
_PROTECTED: tuple[tuple[str, int, Generation, Generation | None], ...] = (
    ("WinDefend", 3, WIN10_1709, None), ("WdNisSvc", 3, WIN10_1709, None), ("Sense", 2, WIN10_1709, None),
    ("SecurityHealthService", 2, WIN10_1709, None), ("sppsvc", 1, WIN10_1709, None), ("AppXSvc", 2, WIN10_1709, None),
    ("ClipSVC", 2, WIN10_1709, None), ("AppIDSvc", 2, WIN10_1709, None), ("wscsvc", 2, WIN10_1903, None),
    ("DoSvc", 2, WIN10_1903, None), ("WaaSMedicSvc", 2, WIN10_1903, None), ("SgrmBroker", 1, WIN10_1903, WIN11),
)  # fmt: skip
_WATCHED_NAMES = frozenset(one.name.casefold() for one in WATCHED)


def _other_scanner(case: Case) -> str:
    """The vendor of another security product than Microsoft's that starts by itself; '' where there is none."""
    for program, vendor in case.security.sensors:
        if vendor not in (_MICROSOFT, "Sysmon") and program.service.start in (0, 1, 2) and program.service.is_process:
            return vendor
    return ""


def _check_disabled(case: Case) -> Iterator[Hit]:
    by_name = case.lists.services
    programs = {program.service.name.casefold(): program for program in case.programs}
    for one in (*WATCHED, *((_FIREWALL_OF_XP,) if case.generation < VISTA else ())):
        service = by_name.named(one.name)
        if service is None or case.generation < one.since:
            continue
        if service.start is None:
            raw = service.values.get("START")
            what = "no Start" if raw is None else "a Start that is no REG_DWORD"
            yield hit_on(
                case,
                programs[service.name.casefold()],
                f"{service.name} has {what}, so Windows does not start it: {one.what}.",
                (raw.ref,) if raw is not None else (service.ref,),
                max(one.severity, Severity.HIGH, key=lambda severity: severity.rank),
                Confidence.MEDIUM,
            )
            continue
        if service.start <= one.start:
            continue
        if service.start not in (DEMAND_START, DISABLED):
            continue
        severity = one.severity if service.start == DISABLED else one.severity.raised(-1)
        so = ""
        other = _other_scanner(case) if one.name.casefold() in _DEFENDER else ""
        if one.name.casefold() == "windefend" and not other and case.has_service("msmpsvc"):
            other = "Microsoft Security Essentials"
        if other:
            severity, so = Severity.INFO, f". {other} is installed: it is usual then"
        yield hit_on(
            case,
            programs[service.name.casefold()],
            f"{service.name} has the start type {start_name(service.start)} (as shipped {start_name(one.start)}): "
            f"{one.what}{so}.",
            cite_value(service, "Start", str(service.start)),
            severity,
            Confidence.HIGH if service.start == DISABLED else Confidence.MEDIUM,
        )
    for program, vendor in case.security.sensors:
        service = program.service
        if (
            service.start == DISABLED
            and service.name.casefold() not in _WATCHED_NAMES
            and "DELETEFLAG" not in service.values
        ):
            severity = Severity.HIGH if vendor == "Sysmon" or not service.is_process else Severity.CRITICAL
            yield hit_on(
                case,
                program,
                f"{service.name} of {vendor} is disabled: the product is there and this part of it does not run.",
                cite_value(service, "Start", str(service.start)),
                severity,
                Confidence.MEDIUM,
            )
    yield from _check_protection(case, programs)
    yield from check_lost(case)
    yield from check_swapped(case)


def _check_protection(case: Case, programs: dict[str, ServiceProgram]) -> Iterator[Hit]:
    for name, level, since, until in _PROTECTED:
        service = case.lists.services.named(name)
        if service is None or case.generation < since or (until is not None and case.generation >= until):
            continue
        found = service.launch_protected or 0
        if found >= level:
            continue
        defends = name.casefold() in _WATCHED_NAMES
        hit = hit_on(
            case,
            programs[service.name.casefold()],
            f"{service.name} runs without its protection: LaunchProtected is {found or 'missing'}, as shipped {level}. Any "
            "administrator can then end it or write into its memory.",
            service.cite("LaunchProtected"),
            Severity.HIGH if defends else Severity.MEDIUM,
            Confidence.MEDIUM,
        )
        yield changed(hit, subject=f"{service.name} LaunchProtected")


def _check_missing_binary(case: Case) -> Iterator[Hit]:
    gone: dict[str, list[int]] = {}
    for move in case.renames.operations:
        if not move.fails:
            gone.setdefault(move.source.text, []).append(move.event.number)
    if not gone:
        return
    told: set[str] = set()
    for program, vendor in _all_watched(case):
        service = program.service
        if service.start not in (0, 1, 2) or service.name in told:
            continue
        for path in (program.image, program.dll):
            events = next((gone[folder] for folder in _with_parents(path.text) if folder in gone), None)
            if not path.text or path.name == "svchost.exe" or events is None:
                continue
            told.add(service.name)
            yield Hit(
                f"{service.name} ({vendor}) starts at boot, and a pending rename takes its file {path.text} away first: it would "
                f"stay registered and not start{', and the machine would not come up' if service.error_control == 3 else ''}.",
                (*service.cite("ImagePath"), *service.cite("Start")),
                service.name,
                events=tuple(events),
                story=(case.thread_of_service(service.name), case.thread_of(path)),
            )
            break


def _all_watched(case: Case) -> Iterator[tuple[ServiceProgram, str]]:
    for program in case.programs:
        if program.service.name.casefold() in _WATCHED_NAMES:
            yield program, "Windows"
    yield from case.security.sensors


def _with_parents(path: str) -> Iterator[str]:
    """The path and the folders above it, without the drive and what lies right in it."""
    while path.count("\\") > 1:
        yield path
        path = path.rpartition("\\")[0]


def _check_depend(case: Case) -> Iterator[Hit]:
    services = case.lists.services
    groups: frozenset[str] | None = None
    told: set[str] = set()
    for program, vendor in _all_watched(case):
        service = program.service
        if service.name in told or service.start == DISABLED:
            continue
        bad: list[tuple[str, str]] = []
        for name in service.depends_on_services[:100]:
            needed = services.named(name)
            if needed is None:
                bad.append((name, "which does not exist"))
            elif needed.start == DISABLED:
                bad.append((name, "which is disabled"))
        if service.depends_on_groups:
            if groups is None:
                groups = frozenset(one.group.casefold() for one in services.services if one.group)
            bad += [
                (f"the group {name}", "of which there is none")
                for name in service.depends_on_groups[:100]
                if name.casefold() not in groups
            ]
        if bad:
            told.add(service.name)
            what = "; ".join(f"{name}, {why}" for name, why in bad[:5])
            yield hit_on(
                case,
                program,
                f"{service.name} ({vendor}) waits for {what}: it would not start.",
                service.cite("DependOnService", "DependOnGroup"),
            )


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
        "the other services of the product still tell of it."
    ),
    false_positives=(
        "Another virus scanner switches Defender off: then it is only told.",
        "Servers without SysMain; images for virtual desktops without updates, backup or SysMain.",
        "A product uninstalled since the last good boot is missing from the set that boots only (medium).",
        "Servers and images without Defender, where nothing else says that it was there (low).",
    ),
    remedy=_REPAIR,
    sources=("detections.md 1.8", "baselines.md 3.3"),
    severities=(
        "critical for EventLog, BFE and a vendor's program; high for Defender, the firewall, shadow copies, Sysmon and a vendor's "
        "driver; medium for others; one step less for `demand` in place of an automatic start; info for Defender beside another scanner; high for a "
        "sensor whose service is gone or runs another file, medium where all of its product is gone, low without any trace"
    ),
    check=_check_disabled,
    fires_on=(
        Example(
            "no event log",
            r"""
            [ControlSet001\Services\EventLog]
            Start = dword 4
            """,
            cites=("4",),
            severity=Severity.CRITICAL,
        ),
        Example(
            "Defender without protection",
            r"""
            [ControlSet001\Services\WinDefend]
            LaunchProtected = dword 0
            """,
            cites=("LaunchProtected",),
            severity=Severity.HIGH,
        ),
        Example(
            "Defender disabled beside another scanner",
            r"""
            [ControlSet001\Services\WinDefend]
            Start = dword 4
            [ControlSet001\Services\McShield]
            Type = dword 16
            Start = dword 2
            ImagePath = sz "\u{22}C:\Program Files\Common Files\McAfee\SystemCore\mcshield.exe\u{22}"
            """,
            cites=("4",),
            severity=Severity.INFO,
        ),
        Example(
            "Defender's filter driver was deleted",
            "[ControlSet001]",
            cites=("ControlSet001\\Services\\WinDefend",),
            without=("Services\\WdFilter",),
            severity=Severity.HIGH,
        ),
        Example(
            "Defender's driver is another file",
            r"""
            [ControlSet001\Services\WdFilter]
            ImagePath = expand "system32\drivers\null.sys"
            """,
            cites=(r"system32\drivers\null.sys",),
            severity=Severity.HIGH,
        ),
    ),
    silent_on=(
        Example("as shipped", ""),
        Example(
            "started later than before, but as shipped",
            r"""
            [ControlSet001\Services\VSS]
            Type = dword 16
            Start = dword 3
            [ControlSet001\Services\SharedAccess]
            Type = dword 32
            Start = dword 4
            """,
            generation="win7-x64",
        ),
    ),
)
SVC_MISSING_SENSOR_BINARY = Rule(
    id="svc-missing-sensor-binary",
    family="services",
    title="The file of a sensor that starts at boot is taken away first",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1562.001",),
    why=(
        "smss renames and deletes files before services start. A sensor whose file goes there stays registered as automatic and "
        "fails to start, with no value of its own changed; with ErrorControl 3 the machine does not come up."
    ),
    false_positives=("An uninstaller that deletes its product's files at the next boot and its services later.",),
    remedy="Take the pair out of PendingFileRenameOperations, keep the benign ones, and reinstall the sensor.",
    sources=("detections.md 1.8", "detections.md 4.C 15"),
    check=_check_missing_binary,
    fires_on=(
        Example(
            "Defender's driver is deleted",
            r"""
            [ControlSet001\Control\Session Manager]
            PendingFileRenameOperations = multi "\??\C:\Windows\System32\drivers\WdFilter.sys" ""
            [ControlSet001\Services\WdFilter]
            Type = dword 2
            Start = dword 0
            ImagePath = expand "system32\drivers\WdFilter.sys"
            """,
            cites=("ImagePath", "Start"),
        ),
        Example(
            "the folder above is renamed",
            r"""
            [ControlSet001\Control\Session Manager]
            PendingFileRenameOperations = multi "\??\C:\Program Files\Velociraptor" "\??\C:\Program Files\V"
            [ControlSet001\Services\Velociraptor]
            Type = dword 16
            Start = dword 2
            ImagePath = sz "\u{22}C:\Program Files\Velociraptor\Velociraptor.exe\u{22} service run"
            """,
            cites=("ImagePath",),
        ),
    ),
    silent_on=(
        Example(
            "another file goes",
            r"""
            [ControlSet001\Control\Session Manager]
            PendingFileRenameOperations = multi "\??\C:\Windows\Temp\a.tmp" ""
            """,
        ),
    ),
)
SVC_DEPEND_TAMPER = Rule(
    id="svc-depend-tamper",
    family="services",
    title="A sensor waits for a service that never comes",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    techniques=("T1562.001",),
    why=(
        "A service does not start before all of DependOnService and DependOnGroup run. A name added there that does not exist, or "
        "is disabled, stops a sensor without touching its Start."
    ),
    false_positives=("A dependency that an administrator has disabled for good reason.",),
    remedy="Take the name out of DependOnService in every control set; restart and see that the sensor runs.",
    sources=("detections.md 1.8",),
    check=_check_depend,
    fires_on=(
        Example(
            "Defender waits for nothing",
            r"""
            [ControlSet001\Services\WinDefend]
            DependOnService = multi "RpcSs" "RpcSsEx"
            """,
            cites=("DependOnService",),
        ),
    ),
    silent_on=(
        Example(
            "another service waits in vain",
            r"""
            [ControlSet001\Services\Spooler]
            DependOnService = multi "RpcSs" "gone"
            """,
        ),
    ),
)
RULES: tuple[Rule, ...] = (SVC_DISABLED_DEFENCE, SVC_MISSING_SENSOR_BINARY, SVC_DEPEND_TAMPER)
