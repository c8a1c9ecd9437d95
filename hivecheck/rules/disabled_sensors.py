r"""Sensors of Windows and of vendors that are set up and don't start, or start later than they ship.

How Windows' own start stands in `windows_services`, those of vendors below, where that is known in public. Not in the table, and silent
at `demand`: what its vendor ships so (WdNisDrv, mfefirek and McAfee's other helpers; McShield and TMBMServer, which later versions start
from another service), and what is not known. Source: detections.md 1.8; real hives (McAfee, 7); vendors' documentation of their services;
what rests on memory of installations alone is marked as less sure ([M]).
"""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.fact import fact
from hivecheck.rules.case import Case
from hivecheck.rules.case_facts import ServiceProgram
from hivecheck.rules.named_dlls import cite_value
from hivecheck.rules.rule import Hit, Severity
from hivecheck.rules.security_products import sensor_mark, vendor_of_service_name
from hivecheck.rules.sensor_starts import why_not_started
from hivecheck.rules.service_images import hit_on
from hivecheck.rules.windows_services import FIREWALL_OF_XP, WATCHED_NAMES, WATCHED_SERVICES, Watched
from hivecheck.settings.services import AUTO_START, DEMAND_START, Service, start_name


@fact
class ShippedStart:
    """A start type as shipped. `sure` where documentation or a real hive says so."""

    start: int
    sure: bool = True


_AUTO = frozenset(
    {
        "csfalconservice", "sentinelagent", "elasticendpoint", "cyserver", "cyveraservice", "cbdefense", "carbonblack", "parity",
        "cylancesvc", "mbamservice", "savservice", "ekrn", "avp", "vsserv", "xagt", "wrsvc", "huntressagent", "velociraptor",
        "wazuhsvc", "ossecsvc", "osqueryd", "splunkforwarder", "tmlisten", "ntrtscan", "sysmon", "sysmon64",
        "winlogbeat", "nxlog", "tanium client", "qualysagent", "ir_agent", "tenable nessus agent", "sepmasterservice",
    }
)  # fmt: skip
_AUTO_FROM_MEMORY = frozenset(
    {"cyveraservice", "parity", "tmlisten", "ntrtscan", "xagt", "vsserv", "savservice", "sepmasterservice", "ir_agent"}
)
_DRIVERS = {
    "csagent": ShippedStart(1),
    "csboot": ShippedStart(0, sure=False),
    "sysmondrv": ShippedStart(0),
    "mfehidk": ShippedStart(0),
    "klif": ShippedStart(1, sure=False),
    "eamonm": ShippedStart(1, sure=False),
    "ehdrv": ShippedStart(1, sure=False),
    "eelam": ShippedStart(0),
    "klelam": ShippedStart(0),
    "bdelam": ShippedStart(0),
    "symelam": ShippedStart(0),
    "elasticelam": ShippedStart(0),
    "sentinelelam": ShippedStart(0),
    "sentinelmonitor": ShippedStart(1, sure=False),
    "sophosed": ShippedStart(0, sure=False),
    "sophosel": ShippedStart(0),
}


def shipped_start(name: str) -> ShippedStart | None:
    """How a vendor's service of this name starts as shipped (0 boot, 1 system, 2 auto); None where it may well be on demand."""
    folded = name.casefold()
    if folded in _AUTO:
        return ShippedStart(2, folded not in _AUTO_FROM_MEMORY)
    return _DRIVERS.get(folded)


_DEFENDER = frozenset(("windefend", "wdfilter", "wdboot", "wdnisdrv", "wdnissvc"))
_FORWARDERS = frozenset(("Splunk", "NXLog", "Winlogbeat", "Filebeat"))
_ESSENTIALS = "\\program files\\microsoft security client\\"


def check_disabled(case: Case) -> Iterator[Hit]:
    """Hits for what is set up to watch the machine and does not start as it ships."""
    programs = case.programs_by_name
    for one in (*WATCHED_SERVICES, FIREWALL_OF_XP):
        service = case.lists.services.named(one.name)
        if service is not None and one.belongs_to(case.generation):
            yield from _judge_watched(case, one, service, programs)
    for program, vendor in case.security.sensors:
        if program.name not in WATCHED_NAMES:
            yield from _judge_vendor(case, program, vendor)
    for program in case.security.unnamed:
        yield from _judge_unnamed(case, program)


def _judge_watched(case: Case, one: Watched, service: Service, programs: dict[str, ServiceProgram]) -> Iterator[Hit]:
    program = programs[service.name.casefold()]
    stopped = why_not_started(service)
    if stopped is not None and not stopped.usual:
        severity = one.severity
        if service.start is None:
            severity = max(severity, Severity.HIGH, key=lambda severity: severity.rank)
        text = f"{service.name} {stopped.text}: {one.what}."
        sure = Confidence.HIGH if service.start is not None else Confidence.MEDIUM
        yield hit_on(case, program, text, stopped.because, severity, sure)
        return
    if service.start is None or service.start <= one.start or (stopped is None and service.start != DEMAND_START):
        return
    severity = one.severity if stopped is not None else one.severity.raised(-1)
    told, severity = _beside_another(case, one, programs, severity)
    yield hit_on(
        case,
        program,
        f"{service.name} has the start type {start_name(service.start)} (as shipped {start_name(one.start)}): {one.what}{told}.",
        cite_value(service, "Start", str(service.start)),
        severity,
        Confidence.HIGH if stopped is not None else Confidence.MEDIUM,
    )


def _beside_another(
    case: Case, one: Watched, programs: dict[str, ServiceProgram], severity: Severity
) -> tuple[str, Severity]:
    """What another scanner has to say of a part of Defender that is disabled, and how grave it is beside that."""
    name = one.name.casefold()
    if name not in _DEFENDER:
        return "", severity
    other = case.security.other_scanner
    if not other and name == "windefend" and _runs_essentials(programs):
        other = "Microsoft Security Essentials"
    if other:
        return f". {other} is installed: it is usual then", Severity.INFO
    likely = case.security.likely_scanner
    if likely:
        told = (
            f". A service of {likely} is set up, but nothing else of that product: no driver, and none that safe mode starts"
        )
        return told, min(severity, Severity.MEDIUM, key=lambda severity: severity.rank)
    return "", severity


def _runs_essentials(programs: dict[str, ServiceProgram]) -> bool:
    """Whether Security Essentials' own program is set up, from its own folder."""
    program = programs.get("msmpsvc")
    return program is not None and _ESSENTIALS in program.image.text and not program.image.is_user_writable


def _judge_vendor(case: Case, program: ServiceProgram, vendor: str) -> Iterator[Hit]:
    service = program.service
    stopped = why_not_started(service)
    grave = Severity.HIGH if vendor == "Sysmon" or not service.is_process else Severity.CRITICAL
    if vendor in _FORWARDERS or program.name.endswith("beat"):  # they protect nothing, and are often left behind
        grave = Severity.HIGH if case.is_new(service.ref) else Severity.MEDIUM
    if stopped is not None and stopped.marked:
        if (service.start is None or service.start > AUTO_START) and not vendor_of_service_name(service.name):
            return  # helpers come and go: McAfee marks a copy of its driver each time
        so, sure = "the product loses this part of it", Confidence.MEDIUM
        if vendor not in case.security.kept_vendors:
            so, sure = "so it is with all of the product's services, as after an uninstall", Confidence.LOW
        text = f"{service.name} of {vendor} {stopped.text}: {so}."
        yield hit_on(case, program, text, stopped.because, Severity.HIGH, sure)
    elif stopped is not None:
        text = f"{service.name} of {vendor} {stopped.text}: the product is there and this part of it does not run."
        because = cite_value(service, "Start", str(service.start)) if service.start is not None else stopped.because
        yield hit_on(case, program, text, because, grave, Confidence.MEDIUM)
    elif service.start == DEMAND_START and (shipped := shipped_start(service.name)) is not None:
        text = (
            f"{service.name} of {vendor} has the start type demand (as shipped {start_name(shipped.start)}): this part of the "
            "product does not start with Windows."
        )
        sure = Confidence.MEDIUM if shipped.sure else Confidence.LOW
        yield hit_on(case, program, text, cite_value(service, "Start", "3"), grave.raised(-1), sure)


def _judge_unnamed(case: Case, program: ServiceProgram) -> Iterator[Hit]:
    """A sensor of no known vendor, told by what Windows gives to such products only."""
    service = program.service
    stopped = why_not_started(service)
    if stopped is None:
        return
    mark = sensor_mark(service)
    watches = service.group.casefold().startswith("fsfilter activity monitor")
    severity = Severity.MEDIUM if watches else Severity.HIGH  # backup and test tools watch files, too
    text = f"{service.name}, by {mark} a sensor of a vendor that is not known here, {stopped.text}: it does not run."
    because = (*stopped.because, *service.cite("Group" if service.is_driver else "LaunchProtected"))
    yield hit_on(case, program, text, tuple(dict.fromkeys(because)), severity, Confidence.MEDIUM if stopped.usual else None)
