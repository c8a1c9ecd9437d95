"""services.exe starts the services of this boot: its extension, then every auto-start service and driver in order.

It waits for lsass before it starts the first. A service whose dependency does not run is not started. The order itself is
decided in `service_order`, what each runs in `service_images`. Source: ReactOS services/services.c and database.c for 2003;
"Automatically starting services" and "CreateService" of the Windows documentation; Windows Internals 7, part 2; detections.md 1.8.
"""

from collections.abc import Callable, Collection, Iterable
from itertools import islice
from typing import TYPE_CHECKING

from hivecheck.boot.actions import LoadDriver, LoadLibrary, StartProcess, StartService
from hivecheck.boot.driver_images import driver_image, image_refusal
from hivecheck.boot.plan import Plan, Request, Step
from hivecheck.boot.scm import PROCESS, Scm
from hivecheck.boot.service_accounts import LOCAL_SYSTEM, logon_doubt, unknown_account
from hivecheck.boot.service_images import ServiceProgram, library_file, read_program
from hivecheck.boot.service_notes import account_notes, failure_notes, protection_notes, sentences, turn_notes
from hivecheck.boot.service_order import (
    AUTO,
    DELAYED,
    EARLY,
    PlannedStart,
    is_known,
    members_by_group,
    own_turns,
    start_order,
)
from hivecheck.boot.smss.smss import Smss
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.create_process import find_created_image, search_folders
from hivecheck.facts.generation import VISTA, WIN8, Family
from hivecheck.facts.origin import BuiltIn, Origin
from hivecheck.facts.problem import Problem
from hivecheck.registry.hive import REG_EXPAND_SZ, fold_name
from hivecheck.settings.safe_boot import MODES, SafeBootLists, safe_mode_known_to
from hivecheck.settings.service_groups import GroupOrders
from hivecheck.settings.services import AUTO_START, DEMAND_START, Service, ServiceDatabase, start_name
from hivecheck.settings.setup_services import NOT_READ, SetupServices
from hivecheck.settings.successor_rows import (
    AUTO_START_DELAY,
    BOOT_VERIFICATION_PROGRAM,
    EARLY_START_SERVICES,
    SERVICE_CONTROL_MANAGER_EXTENSION,
    SYSTEM_SETUP_IN_PROGRESS,
)

if TYPE_CHECKING:
    from hivecheck.boot.setup_starts import SetupStarts
    from hivecheck.settings.software import Software

_MODELLED_STARTS = 5_000  # a real machine starts some hundred
_TURNS = BuiltIn("auto-start: groups, tags, then dependencies", "Windows documentation, Automatically starting services")


def plan_services(
    smss: Smss,
    services: ServiceDatabase,
    groups: GroupOrders,
    safe_boot: SafeBootLists,
    software: "Software | None" = None,
    not_loaded: Collection[str] = (),
    listed: SetupServices = NOT_READ,
) -> Plan:
    """All that services.exe starts before and after the logon screen.

    `not_loaded` names drivers that failed before it, `listed` are the services allowed while Windows is being set up.
    """
    yield from _load_extension(smss)
    yield from _doubt_stored_option(smss)
    yield from _miss_group_order(services, groups)
    allows = allowed_in(smss, safe_boot)
    members = members_by_group(services)
    folders = search_folders(smss.system_root, smss.variable("Path") or "")
    scm = Scm(smss, services, groups, members, folders, software, allows, frozenset(map(fold_name, not_loaded)))
    early = [string.text for string in smss.settings[EARLY_START_SERVICES].value] if smss.generation >= WIN8 else []
    startable = (service for service in services.by_name.values() if is_known(service) and allows(service))
    turns: Iterable[tuple[Service, str]] = own_turns(startable, groups, early)
    held: list[tuple[Service, str]] = []
    setup: SetupStarts | None = None
    if smss.settings[SYSTEM_SETUP_IN_PROGRESS].value:
        from hivecheck.boot.setup_starts import setup_starts  # few boots are those of setup

        setup = setup_starts(smss, listed)
    if setup is not None:
        turns, held = setup.parted(turns)
    starts = start_order(turns, services, members, allows)
    verified = False
    for start in islice(starts, _MODELLED_STARTS):
        if start.when == DELAYED and not verified:
            verified = True
            yield from _verify_boot(smss, folders)
        yield from scm.problems_of(start)
        request = _request(scm, start)
        scm.done[fold_name(start.service.name)] = yield setup.told(request, start) if setup is not None else request
    if setup is not None:
        for service, when in held[:_MODELLED_STARTS]:
            if fold_name(service.name) not in scm.done:
                start = PlannedStart(service, when, "", ())
                yield setup.told(_request(scm, start, setup.refusal), start)
    if next(starts, None) is not None:
        text = f"More than {_MODELLED_STARTS} services and drivers start with services.exe; the replay stops after so many."
        yield Problem("services-not-shown", text, (services.key,) if services.key is not None else ())
    if not verified:
        yield from _verify_boot(smss, folders)


def allowed_in(smss: Smss, safe_boot: SafeBootLists) -> Callable[[Service], bool]:
    """What tells whether a service may run in this boot: in safe mode a service by its name, a driver by its group as well."""
    mode = safe_mode_known_to(smss.generation, smss.safe_mode)
    if mode is None or mode not in MODES:
        return lambda _: True
    names = frozenset(fold_name(one.name) for one in safe_boot.names(mode))

    def allows(service: Service) -> bool:
        if service.is_driver:
            return safe_boot.allows(mode, service) or bool(safe_boot.allowing_class(mode, service))
        return fold_name(service.name) in names

    return allows


def trigger_started(services: Iterable[Service]) -> tuple[Service, ...]:
    """The services that no boot starts by itself, but an event may: a device, an address, a policy, a packet."""
    return tuple(one for one in services if one.start == DEMAND_START and one.has_triggers and one.is_process)


def per_user_services(services: Iterable[Service]) -> tuple[Service, ...]:
    """The templates of services that each logon makes its own copy of, and the copies left in the hive."""
    return tuple(one for one in services if one.is_per_user)


def passed_over(services: ServiceDatabase, allows: Callable[[Service], bool]) -> tuple[tuple[Service, str], ...]:
    """The services with Start 2 for which services.exe does nothing at boot, and why."""
    found: list[tuple[Service, str]] = []
    for service in services.services:
        if service.start != AUTO_START:
            continue
        if services.named(service.name) is not service:
            found.append((service, "a key of the same name comes before it"))
        elif service.is_per_user:
            found.append((service, "it is a per-user service: it starts when somebody logs on"))
        elif not is_known(service):
            kind = "has no Type" if service.type is None else f"has the Type 0x{service.type:x}"
            found.append((service, f"it {kind}, and services.exe starts no such thing"))
        elif not allows(service):
            found.append((service, "it is not allowed in this safe mode"))
    return tuple(found)


def _load_extension(smss: Smss) -> Plan:
    setting = smss.settings[SERVICE_CONTROL_MANAGER_EXTENSION]
    if not setting.value.strip() or smss.generation < VISTA:
        return
    expandable = setting.raw is not None and setting.raw.type == REG_EXPAND_SZ
    file = library_file(smss.expand(setting.value) if expandable else setting.value, smss.system_root)
    if file is None:
        text = "ServiceControlManagerExtension names nothing that can be a DLL."
        yield Problem("scm-extension-odd", text, setting.origins)
        return
    action = LoadLibrary(PROCESS, file, "ServiceControlManagerExtension")
    mark = Certainty.B if smss.family is Family.G3 else Certainty.C
    doubt = "" if smss.family is Family.G3 else "services.exe of this Windows still reads ServiceControlManagerExtension"
    yield Request(Step.SERVICES, PROCESS, action, mark, setting.origins, doubt=doubt)


def _doubt_stored_option(smss: Smss) -> Plan:
    """services.exe asks the registry whether this is a safe boot, so that a key left there may deceive it."""
    stored = smss.safe_mode_variable
    if smss.safe_mode is None and stored is not None:
        mode, _, origins, _ = stored
        text = (
            f"The key SafeBoot\\Option is stored in the hive (OptionValue {mode}): services.exe may take this boot for a safe one and "
            "start only the services of that list. The replay starts them all."
        )
        yield Problem("safe-boot-option-stored", text, origins)


def _miss_group_order(services: ServiceDatabase, groups: GroupOrders) -> Plan:
    """Without an order of groups nobody knows in which one services.exe starts its services."""
    grouped = next((one for one in services.services if one.start == AUTO_START and one.group), None)
    if groups.list_ref is None and grouped is not None:
        text = (
            "There is no usable order of groups (ServiceGroupOrder) for the auto-start services. What services.exe does without one is "
            "not documented: the order of those that belong to a group is a guess."
        )
        yield Problem("no-group-order", text, grouped.cite("Group"))


def _verify_boot(smss: Smss, folders: tuple[str, ...]) -> Plan:
    setting = smss.settings[BOOT_VERIFICATION_PROGRAM]
    if not setting.value.strip():
        return
    expandable = setting.raw is not None and setting.raw.type == REG_EXPAND_SZ
    created = find_created_image(smss.expand(setting.value) if expandable else setting.value, folders)
    action = StartProcess(created.image, created.arguments, 0, created.candidates)
    note = "It decides whether the boot was good, where ReportBootOk of Winlogon leaves that to it."
    yield Request(Step.SERVICES, PROCESS, action, Certainty.B, setting.origins, note=note)


def _request(scm: Scm, start: PlannedStart, held_back: str = "") -> Request:
    service, smss = start.service, scm.smss
    refusal = held_back or scm.refusal_of(start)
    because = _origins_of(scm, start)
    certainty = _certainty_of(scm, start)
    doubts = [] if service.error_control is not None else ["services.exe takes a service without ErrorControl"]
    if service.is_driver:
        refusal = refusal or image_refusal(service)
        driver = LoadDriver(driver_image(service), None, service.name, service.group, start_name(service.start))
        origins = (*service.cite("Start", "ImagePath"), *because)
        told = _note(scm, start, refusal, ())
        doubt = "; ".join(doubts)
        return Request(Step.SERVICES, PROCESS, driver, certainty & _of_doubt(doubt), origins, refusal, told, doubt)
    program = read_program(service, smss, scm.folders, scm.software)
    unhosted, by_software = scm.host_refusal(service, program)
    refusal = refusal or program.refusal or unhosted
    by_account, doubtful = _refusal_of_account(scm, service, program) if not refusal else ("", False)
    started = StartService(
        service.name,
        program.created.image,
        program.arguments,
        program.created.candidates,
        program.dll,
        service.account or LOCAL_SYSTEM,
        service.group,
        start.when,
        program.shared,
    )
    refusal = refusal or by_account
    told = _note(scm, start, refusal, (*account_notes(service), *program.notes))
    logon = "" if refusal else logon_doubt(service.account, service.name)
    by_name = service.cite("ObjectName") if by_account or logon else ()
    origins = (*service.cite("Start"), *by_name, *program.because, *by_software, *because)
    doubt = "; ".join((*doubts, *([logon] if logon else ()), *program.assumes))
    certainty = certainty & program.certainty & (Certainty.B if doubtful else _of_doubt(doubt))
    return Request(Step.SERVICES, PROCESS, started, certainty, origins, refusal, told, doubt)


def _refusal_of_account(scm: Scm, service: Service, program: ServiceProgram) -> tuple[str, bool]:
    """Why a service can't run as its account, '' where it can; and whether that is no more than documented (B)."""
    unknown = unknown_account(service.account, scm.smss.generation)
    return (unknown, True) if unknown else scm.account_clash(service, program)


def _note(scm: Scm, start: PlannedStart, refusal: str, more: tuple[str, ...]) -> str:
    """What is told beside the answer; of one that is not even tried, only what its failure means."""
    failure = failure_notes(start.service, scm.smss)
    if refusal:
        return sentences(failure)
    first = () if scm.waited else ("services.exe starts nothing before lsass tells that it is ready",)
    scm.waited = True
    return sentences((*first, *turn_notes(start, scm.smss), *more, *failure, *protection_notes(start.service, scm.smss)))


def _certainty_of(scm: Scm, start: PlannedStart) -> Certainty:
    """That it starts, and here: A for 2000 to 2003 (ReactOS) where groups and tags alone decide.

    Dependencies of its own or another's on it are documented only; early services, and groups without an order, are inferred.
    """
    service = start.service
    if start.when == EARLY or (service.group and scm.groups.list_ref is None and start.when == AUTO):
        return Certainty.C
    depends = start.wanted_by or start.circle or service.depends_on_services or service.depends_on_groups
    plain = start.when == AUTO and not depends
    return Certainty.A if plain and scm.smss.family is Family.G2 else Certainty.B


def _of_doubt(doubt: str) -> Certainty:
    """The best mark of what rests on an assumption about the machine, or on none."""
    return Certainty.B if doubt else Certainty.A


def _origins_of(scm: Scm, start: PlannedStart) -> tuple[Origin, ...]:
    """What puts a service at its place: its group, that it is delayed or early, or the service that needs it."""
    service = start.service
    origins: list[Origin] = []
    if start.wanted_by and (wanting := scm.database.named(start.wanted_by)) is not None:
        origins += wanting.cite("DependOnService", "DependOnGroup")
    elif start.when == EARLY:
        origins += scm.smss.settings[EARLY_START_SERVICES].origins
    elif start.when == DELAYED:
        origins += (*service.cite("DelayedAutostart"), *scm.smss.settings[AUTO_START_DELAY].origins)
    elif service.group:
        origins += (*service.cite("Group", "Tag"), *scm.groups.origins(service.group)[:1])
    if service.depends_on_services or service.depends_on_groups:
        origins += service.cite("DependOnService", "DependOnGroup")
    return (*origins, _TURNS)
