r"""The drivers of a boot: what the loader loads for the kernel (Start 0), then what the kernel loads itself (Start 1).

Their order is that of `driver_order`. In safe mode the kernel loads only what `SafeBoot` lists by name, file or group, and
for a device whose class it lists its driver; what the loader brought is there all the same, listed or not. The loader also
takes the driver of the boot volume's file system, whatever its Start is: NTFS, as is assumed. After the system-start drivers
come the class filters that only a device has loaded; no other Plug and Play driver is told, nor that one may find no device.

Source: smss.md E.3; "ServiceType, StartType, ErrorControl" of the Windows driver documentation; Windows Internals 5 to 7;
ReactOS ntoskrnl/config/cmboot.c (CmpFindDrivers, BootFileSystem), io/iomgr/driver.c; public lists of loaded modules.
"""

from hivecheck.boot.actions import LoadDriver
from hivecheck.boot.driver_images import driver_image, image_refusal, starts_by_loader
from hivecheck.boot.driver_notes import failure_note, halt_sentence, override_certainty, override_note
from hivecheck.boot.driver_order import launches_early, order_certainty, order_drivers
from hivecheck.boot.filter_drivers import plan_filter_drivers
from hivecheck.boot.last_good import LastGood
from hivecheck.boot.plan import Done, Halt, Plan, Request, Step
from hivecheck.boot.smss.smss import Smss
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.fact import fact
from hivecheck.facts.generation import VISTA, WIN8, Generation
from hivecheck.facts.origin import BuiltIn, Origin
from hivecheck.facts.problem import Problem
from hivecheck.settings.class_filters import ClassFilters
from hivecheck.settings.safe_boot import MODES, SafeBootLists, safe_mode_known_to
from hivecheck.settings.service_groups import GroupOrders
from hivecheck.settings.services import (
    BOOT_START,
    CRITICAL,
    START_NAMES,
    SYSTEM_START,
    Service,
    ServiceDatabase,
    start_name,
)

_BOOT_VOLUME = BuiltIn(
    "the loader loads the driver of the boot volume's file system", "ReactOS cmboot.c; public lists of loaded modules"
)


_LOADERS = {BOOT_START: "loader", SYSTEM_START: "kernel"}


@fact
class _Permission:
    """Why safe mode lets a driver load, and what the event says of it."""

    because: tuple[Origin, ...] = ()
    note: str = ""
    doubt: str = ""


def plan_drivers(
    services: ServiceDatabase,
    groups: GroupOrders,
    safe_boot: SafeBootLists,
    filters: ClassFilters,
    smss: Smss,
    last_good: LastGood | None = None,
) -> Plan:
    """Every driver of Start 0 and 1 in order. Halts where the file of one without which the boot ends is not there.

    `last_good` is the set that a boot up to 7 falls back on then, None where it is not known.
    """
    problems = (
        *groups.problems,
        *filters.problems,
        *filters.unusable(services),
        *_odd_starts(services),
        *_unknown_mode(smss),
    )
    for problem in problems:  # noqa: UP028 - a tuple can't be sent the answer
        yield problem
    mode = safe_mode_known_to(smss.generation, smss.safe_mode)
    if mode is not None and not safe_boot.is_present(mode):
        text = f"There is no list SafeBoot\\{MODES[mode]}: in this safe mode nothing is let start."
        yield Problem("no-safe-boot-list", text)
    for start in (BOOT_START, SYSTEM_START):
        drivers = _drivers(services, start)
        if drivers and groups.list_ref is None:
            yield Problem("no-group-order", _no_order(START_NAMES[start]), (drivers[0].ref,))
        for driver in order_drivers(drivers, groups, smss.generation, start):
            permission = _permission(driver, start, mode, safe_boot, filters)
            if permission is not None:
                order = order_certainty(smss.generation) & (Certainty.C if groups.list_ref is None else Certainty.A)
                yield from _load(driver, start, permission, filters, smss.generation, order, last_good)
    yield from plan_filter_drivers(services, filters, safe_boot, mode)


def drivers_held_back(
    services: ServiceDatabase, safe_boot: SafeBootLists, filters: ClassFilters, smss: Smss
) -> tuple[Service, ...]:
    """The drivers of Start 1 that this safe mode does not let load, in stored order; none in a normal boot."""
    mode = safe_mode_known_to(smss.generation, smss.safe_mode)
    drivers = _drivers(services, SYSTEM_START) if mode is not None else ()
    return tuple(one for one in drivers if _permission(one, SYSTEM_START, mode, safe_boot, filters) is None)


def _drivers(services: ServiceDatabase, start: int) -> tuple[Service, ...]:
    """Those without a Type are asked for too: the list that is loaded is made by Start alone."""
    candidates = (one for one in services.services if one.is_driver or one.type is None)
    return tuple(one for one in candidates if start == (BOOT_START if starts_by_loader(one) else one.start))


def _no_order(start: str) -> str:
    asked = "the loader" if start == START_NAMES[BOOT_START] else "the kernel"
    return (
        f"There is no usable order of groups (ServiceGroupOrder) for the {start}-start drivers. What {asked} does without one is not "
        "documented: ReactOS, a model of 2003, then takes none of them. The replay loads them in an order that is a guess."
    )


def _permission(
    driver: Service, start: int, mode: str | None, safe_boot: SafeBootLists, filters: ClassFilters
) -> _Permission | None:
    if mode is None:
        return _Permission()
    named = safe_boot.allowing(mode, driver)
    if named:
        return _Permission(named)
    if start == BOOT_START:
        note = f"SafeBoot\\{MODES[mode]} does not list it: what the loader brings is there in safe mode all the same."
        return _Permission((), note)
    by_class = safe_boot.allowing_class(mode, driver) or next(
        (found for one in filters.of(driver.name) if (found := safe_boot.allowing_guid(mode, one.guid))), ()
    )
    if not by_class:
        return None
    note = f"SafeBoot\\{MODES[mode]} lists the class of its devices: it is loaded for them."
    return _Permission(by_class, note, "there is a device of that class")


def _load(
    driver: Service,
    start: int,
    permission: _Permission,
    filters: ClassFilters,
    generation: Generation,
    certainty: Certainty,
    last_good: LastGood | None,
) -> Plan:
    by_loader = start == BOOT_START
    loader = "winload.exe" if generation >= VISTA else "ntldr"
    process = loader if by_loader else "System"
    image = driver_image(driver)
    action = LoadDriver(image, None, driver.name, driver.group, start_name(driver.start), _LOADERS[start])
    because = driver.cite("Start", "ImagePath", "Group", "Tag", "StartOverride", "ErrorControl") + permission.because
    if "STARTOVERRIDE" in driver.values:
        certainty &= override_certainty(driver, generation)
    if permission.note:
        certainty &= Certainty.C
    doubt = permission.doubt
    told = [permission.note]
    if driver.start != start:
        because, certainty, doubt = (*because, _BOOT_VOLUME), certainty & Certainty.B, "the boot volume is NTFS"
        told.append("The loader takes the driver of the boot volume's file system whatever its Start is.")
    if by_loader and image.drive is not None:
        doubt = "the loader, which knows no drive letters, finds the file"
    no_type = "it has no Type that says what kind of driver it is: it is left out"
    withheld = no_type if driver.type is None else image_refusal(driver)
    note = " ".join(filter(None, (*told, *_notes(driver, filters, generation))))
    done = yield Request(Step.BOOT_DRIVERS, process, action, certainty, because, withheld, note, doubt)
    if done is not Done.NO or withheld:
        return
    if driver.error_control == CRITICAL:
        back = last_good.without(driver, image) if last_good is not None and generation < WIN8 else None
        why = halt_sentence(driver, image, loader if by_loader else "", generation, back)
        yield Halt(why, certainty & Certainty.B, (*because, *(back.because if back is not None else ())))
    elif driver.start != start:
        why = (
            f"{image} is not there. If the boot volume is NTFS, {loader} can't go on without its driver, and the boot ends."
        )
        yield Halt(why, Certainty.C, because)


def _notes(driver: Service, filters: ClassFilters, generation: Generation) -> tuple[str, ...]:
    early = "It judges the boot-start drivers after it (ELAM)." if launches_early(driver, generation) else ""
    lists = dict.fromkeys(f"{one.device_class} ({one.position})" for one in filters.of(driver.name))
    filtered = f"It is also a filter of the device class {', '.join(lists)}." if lists else ""
    return early, override_note(driver, generation), filtered, failure_note(driver, generation)


def _unknown_mode(smss: Smss) -> tuple[Problem, ...]:
    """NT 4 and before have no safe mode: it boots as always."""
    if smss.safe_mode is None or safe_mode_known_to(smss.generation, smss.safe_mode) is not None:
        return ()
    text = f"{smss.generation.name} has no safe mode: the replay is that of a normal boot."
    return (Problem("no-safe-mode", text),)


def _odd_starts(services: ServiceDatabase) -> tuple[Problem, ...]:
    """Services that ask to be loaded as drivers and are none."""
    told: list[Problem] = []
    for one in services.services:
        if one.start in (BOOT_START, SYSTEM_START) and one.type is not None and not one.is_driver:
            text = f"{one.name} has Start {one.start}, as drivers have, but its Type 0x{one.type:x} is that of none: it is not loaded."
            told.append(Problem("start-of-no-driver", text, one.cite("Start", "Type")))
    return tuple(told)
