r"""Services that watch the machine: switched off, less protected, made to wait for what never comes, or gone.

How each one starts as shipped stands in `watched_services`. Source: detections.md 1.8, 4.C; baselines.md.
"""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.fact import changed
from hivecheck.facts.generation import WIN10_1709, WIN10_1903, WIN11, Generation
from hivecheck.rules import service_depends
from hivecheck.rules.case import Case
from hivecheck.rules.case_facts import ServiceProgram
from hivecheck.rules.lost_sensors import check_lost, check_swapped
from hivecheck.rules.lost_services import check_lost_services
from hivecheck.rules.missing_sensors import SVC_MISSING_SENSOR_BINARY
from hivecheck.rules.named_dlls import cite_value
from hivecheck.rules.rule import Example, Hit, Rule, Severity
from hivecheck.rules.service_images import hit_on
from hivecheck.rules.watched_services import FIREWALL_OF_XP, WATCHED_NAMES, WATCHED_SERVICES
from hivecheck.settings.services import DEMAND_START, DISABLED, start_name

_REPAIR = "Restore Start, LaunchProtected and DependOnService as shipped in every control set, then restart and look again."
WATCHED = WATCHED_SERVICES
_DEFENDER = frozenset(("windefend", "wdfilter", "wdboot", "wdnisdrv", "wdnissvc"))
_PROTECTED: tuple[tuple[str, int, Generation, Generation | None], ...] = (
    ("WinDefend", 3, WIN10_1709, None), ("WdNisSvc", 3, WIN10_1709, None), ("Sense", 2, WIN10_1709, None),
    ("SecurityHealthService", 2, WIN10_1709, None), ("sppsvc", 1, WIN10_1709, None), ("AppXSvc", 2, WIN10_1709, None),
    ("ClipSVC", 2, WIN10_1709, None), ("AppIDSvc", 2, WIN10_1709, None), ("wscsvc", 2, WIN10_1903, None),
    ("DoSvc", 2, WIN10_1903, None), ("WaaSMedicSvc", 2, WIN10_1903, None), ("SgrmBroker", 1, WIN10_1903, WIN11),
)  # fmt: skip
_ESSENTIALS = "\\program files\\microsoft security client\\"


def _check_disabled(case: Case) -> Iterator[Hit]:
    by_name = case.lists.services
    programs = {program.name: program for program in case.programs}
    for one in (*WATCHED, FIREWALL_OF_XP):
        service = by_name.named(one.name)
        if service is None or not one.belongs_to(case.generation):
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
        other = case.security.other_scanner if one.name.casefold() in _DEFENDER else ""
        if one.name.casefold() == "windefend" and not other and _runs_essentials(programs):
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
        if service.start == DISABLED and program.name not in WATCHED_NAMES and "DELETEFLAG" not in service.values:
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
    yield from check_lost_services(case)
    yield from check_swapped(case)


def _runs_essentials(programs: dict[str, ServiceProgram]) -> bool:
    """Whether Security Essentials' own program is set up, from its own folder."""
    program = programs.get("msmpsvc")
    return program is not None and _ESSENTIALS in program.image.text and not program.image.is_user_writable


def _check_protection(case: Case, programs: dict[str, ServiceProgram]) -> Iterator[Hit]:
    for name, level, since, until in _PROTECTED:
        service = case.lists.services.named(name)
        if service is None or case.generation < since or (until is not None and case.generation >= until):
            continue
        found = service.launch_protected or 0
        if found >= level:
            continue
        defends = name.casefold() in WATCHED_NAMES
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
        "a service, or no file to run, does the same without a word."
    ),
    false_positives=(
        "Another virus scanner switches Defender off: then it is only told.",
        "Servers without SysMain; images for virtual desktops without updates, backup or SysMain.",
        "A product uninstalled since the last good boot is missing from the set that boots only (medium).",
        "Servers and images without Defender, where nothing else says that it was there (low).",
        "Images that were stripped of services of Windows.",
    ),
    remedy=_REPAIR,
    sources=("detections.md 1.8", "baselines.md 3.3"),
    severities=(
        "critical for EventLog, BFE and a vendor's program; high for Defender, the firewall, shadow copies, Sysmon and a vendor's "
        "driver; medium for others; one step less for `demand` in place of an automatic start; info for Defender beside another scanner; high for a "
        "sensor whose service is gone or runs another file, medium where all of its product is gone, low without any trace; a "
        "service of Windows that is gone, or can't be started by its type or without a file, as one that is disabled"
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
            "the event log was deleted, and safe mode still lists it",
            "[ControlSet001]",
            cites=("ControlSet001\\Control\\SafeBoot\\Minimal\\EventLog",),
            without=("Services\\EventLog",),
            severity=Severity.CRITICAL,
        ),
        Example(
            "the firewall's engine was deleted, and another service waits for it",
            r"""
            [ControlSet001\Services\IKEEXT]
            Type = dword 32
            Start = dword 3
            DependOnService = multi "BFE"
            """,
            cites=("DependOnService",),
            severity=Severity.CRITICAL,
        ),
        Example(
            "the event log without the library that svchost loads",
            "[ControlSet001]",
            cites=("ControlSet001\\Services\\EventLog",),
            without=("Services\\EventLog\\Parameters",),
            severity=Severity.CRITICAL,
        ),
        Example(
            "the event log as something that is no service",
            r"""
            [ControlSet001\Services\EventLog]
            Type = dword 4
            """,
            cites=("Type",),
            severity=Severity.CRITICAL,
        ),
        Example(
            "Defender disabled beside a service that only has a name",
            r"""
            [ControlSet001\Services\WinDefend]
            Start = dword 4
            [ControlSet001\Services\mbamfake]
            Type = dword 16
            Start = dword 2
            ImagePath = expand "%SystemRoot%\System32\x.exe"
            """,
            cites=("4",),
            severity=Severity.HIGH,
        ),
        Example(
            "another program in Defender's own folder",
            r"""
            [ControlSet001\Services\WinDefend]
            ImagePath = sz "\u{22}C:\ProgramData\Microsoft\Windows Defender\Platform\4.18.1-0\evil.exe\u{22}"
            """,
            cites=(r'"C:\ProgramData\Microsoft\Windows Defender\Platform\4.18.1-0\evil.exe"',),
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
            "a program whose name only begins like a vendor's",
            r"""
            [ControlSet001\Services\AswellUpdater]
            Type = dword 16
            Start = dword 4
            ImagePath = sz "\u{22}C:\Program Files\Calc\c.exe\u{22}"
            """,
        ),
        Example(
            "Defender runs from its folder of updates",
            r"""
            [ControlSet001\Services\WinDefend]
            ImagePath = sz "\u{22}C:\ProgramData\Microsoft\Windows Defender\Platform\4.18.1-0\MsMpEng.exe\u{22}"
            """,
        ),
        Example(
            "started later than before, but as shipped",
            r"""
            [ControlSet001\Services\VSS]
            Type = dword 16
            Start = dword 3
            ImagePath = expand "%systemroot%\system32\vssvc.exe"
            [ControlSet001\Services\SharedAccess]
            Type = dword 32
            Start = dword 4
            """,
            generation="win7-x64",
        ),
    ),
)
RULES: tuple[Rule, ...] = (SVC_DISABLED_DEFENCE, SVC_MISSING_SENSOR_BINARY, *service_depends.RULES)
