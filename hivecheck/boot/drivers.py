r"""The drivers of a boot: what the loader loads for the kernel (Start 0), then what the kernel loads itself (Start 1).

Their order is that of `driver_order`. In safe mode the kernel loads only what `SafeBoot` lists by name, file or group, and
for a device whose class it lists its driver; what the loader brought is there all the same, listed or not. Not told: that a
Plug and Play driver may find no device, and the driver of the boot volume's file system, which the loader takes whatever its
Start is; the hive does not say which it is.

Source: smss.md E.3; "ServiceType, StartType, ErrorControl" of the Windows driver documentation; NT 4 Resource Kit, "ErrorControl
values"; Windows Internals 5 to 7; ReactOS ntoskrnl/config/cmboot.c, io/iomgr/driver.c.
"""

from hivecheck.boot.actions import LoadDriver
from hivecheck.boot.driver_order import ORDER_CERTAINTY, launches_early, order_drivers
from hivecheck.boot.plan import Done, Halt, Plan, Request, Step
from hivecheck.boot.smss.smss import Smss
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.fact import fact
from hivecheck.facts.generation import VISTA, WIN8, Generation
from hivecheck.facts.nt_path import NtPath
from hivecheck.facts.origin import Origin
from hivecheck.facts.problem import Problem
from hivecheck.registry.hive import type_name
from hivecheck.settings.class_filters import ClassFilters
from hivecheck.settings.safe_boot import MODES, SafeBootLists, safe_mode_known_to
from hivecheck.settings.service_groups import GroupOrders
from hivecheck.settings.services import (
    BOOT_START,
    CRITICAL,
    IGNORE,
    NORMAL,
    SEVERE,
    START_NAMES,
    SYSTEM_START,
    Service,
    ServiceDatabase,
)

_ROOT = "\\SystemRoot\\"
_LAST_GOOD = "the boot starts again with the last known good control set"
_BEFORE_8 = {
    IGNORE: "ErrorControl 0: if it fails, the boot goes on and tells nothing.",
    NORMAL: "ErrorControl 1: if it fails, the boot goes on and logs it.",
    SEVERE: f"ErrorControl 2: if it fails, {_LAST_GOOD}; if that is the one in use, it goes on.",
    CRITICAL: f"ErrorControl 3: if it fails, {_LAST_GOOD}; if that is the one in use, the boot ends.",
}
_FROM_8_ON = {
    **_BEFORE_8,
    SEVERE: "ErrorControl 2: if it fails, the boot goes on and logs it, unless last known good was switched on.",
    CRITICAL: "ErrorControl 3: if it fails, the boot ends, unless last known good was switched on.",
}


@fact
class _Permission:
    """Why safe mode lets a driver load, and what the event says of it."""

    because: tuple[Origin, ...] = ()
    note: str = ""
    doubt: str = ""


def plan_drivers(
    services: ServiceDatabase, groups: GroupOrders, safe_boot: SafeBootLists, filters: ClassFilters, smss: Smss
) -> Plan:
    """Every driver of Start 0 and 1 in order. Halts where the file of one without which the boot ends is not there."""
    problems = (*groups.problems, *filters.problems, *filters.unusable(services), *_odd_starts(services))
    for problem in problems:  # noqa: UP028 - a tuple can't be sent the answer
        yield problem
    mode = safe_mode_known_to(smss.generation, smss.safe_mode)
    if mode is not None and not safe_boot.is_present(mode):
        text = f"There is no list SafeBoot\\{MODES[mode]}: in this safe mode nothing is let start."
        yield Problem("no-safe-boot-list", text)
    for start in (BOOT_START, SYSTEM_START):
        drivers = _drivers(services, start)
        if drivers and groups.list_ref is None:
            text = f"There is no order of groups for the {START_NAMES[start]}-start drivers: Windows can't sort them."
            yield Problem("no-group-order", text, (drivers[0].ref,))
        for driver in order_drivers(drivers, groups, smss.generation, start):
            permission = _permission(driver, mode, safe_boot, filters)
            if permission is not None:
                yield from _load(driver, permission, filters, smss.generation)


def drivers_held_back(
    services: ServiceDatabase, safe_boot: SafeBootLists, filters: ClassFilters, smss: Smss
) -> tuple[Service, ...]:
    """The drivers of Start 1 that this safe mode does not let load, in stored order; none in a normal boot."""
    mode = safe_mode_known_to(smss.generation, smss.safe_mode)
    drivers = _drivers(services, SYSTEM_START) if mode is not None else ()
    return tuple(one for one in drivers if _permission(one, mode, safe_boot, filters) is None)


def driver_image(service: Service) -> NtPath:
    r"""The file of a driver as the loader and the kernel understand its ImagePath: relative to `\SystemRoot`, unless it begins
    with a backslash; without one, `\SystemRoot\System32\drivers\NAME.sys`. %variables% are not replaced.
    """
    path = service.image_path
    if not path:
        return NtPath(f"{_ROOT}System32\\drivers\\{service.name}.sys")
    return NtPath(path if path.startswith("\\") else _ROOT + path)


def failure_note(service: Service, generation: Generation) -> str:
    """What its failure would mean. No ErrorControl counts as 1; from 8 on last known good is off unless switched on."""
    control = NORMAL if service.error_control is None else service.error_control
    meaning = (_FROM_8_ON if generation >= WIN8 else _BEFORE_8).get(control)
    return meaning or f"ErrorControl {control} means nothing to Windows."


def _drivers(services: ServiceDatabase, start: int) -> tuple[Service, ...]:
    """Those without a Type are asked for too: the list that is loaded is made by Start alone."""
    return tuple(one for one in services.services if one.start == start and (one.is_driver or one.type is None))


def _permission(driver: Service, mode: str | None, safe_boot: SafeBootLists, filters: ClassFilters) -> _Permission | None:
    if mode is None:
        return _Permission()
    named = safe_boot.allowing(mode, driver)
    if named:
        return _Permission(named)
    if driver.start == BOOT_START:
        note = f"SafeBoot\\{MODES[mode]} does not list it: what the loader brings is there in safe mode all the same."
        return _Permission((), note)
    by_class = safe_boot.allowing_class(mode, driver) or next(
        (found for one in filters.of(driver.name) if (found := safe_boot.allowing_guid(mode, one.guid))), ()
    )
    if not by_class:
        return None
    note = f"SafeBoot\\{MODES[mode]} lists the class of its devices: it is loaded for them."
    return _Permission(by_class, note, "there is a device of that class")


def _load(driver: Service, permission: _Permission, filters: ClassFilters, generation: Generation) -> Plan:
    by_loader = driver.start == BOOT_START
    loader = "winload.exe" if generation >= VISTA else "ntldr"
    image = driver_image(driver)
    action = LoadDriver(image, None, driver.name, driver.group, START_NAMES[BOOT_START if by_loader else SYSTEM_START])
    because = driver.cite("Start", "ImagePath", "Group", "Tag", "StartOverride", "ErrorControl") + permission.because
    certainty = ORDER_CERTAINTY[generation.family]
    if permission.note:
        certainty &= Certainty.C
    doubt = permission.doubt
    if by_loader and image.drive is not None:
        doubt = "the loader, which knows no drive letters, finds the file"
    withheld = _unusable(driver)
    note = " ".join(filter(None, (permission.note, *_notes(driver, filters, generation))))
    done = yield Request(
        Step.BOOT_DRIVERS, loader if by_loader else "System", action, certainty, because, withheld, note, doubt
    )
    if done is Done.NO and not withheld and driver.error_control == CRITICAL:
        yield Halt(_halt(driver, image, loader if by_loader else "", generation), certainty & Certainty.B, because)


def _notes(driver: Service, filters: ClassFilters, generation: Generation) -> tuple[str, ...]:
    early = "It judges the boot-start drivers after it (ELAM)." if launches_early(driver, generation) else ""
    override = "StartOverride makes it boot-start." if "STARTOVERRIDE" in driver.values else ""
    lists = dict.fromkeys(f"{one.device_class} ({one.position})" for one in filters.of(driver.name))
    filtered = f"It is also a filter of the device class {', '.join(lists)}." if lists else ""
    return early, override, filtered, failure_note(driver, generation)


def _unusable(driver: Service) -> str:
    """Why it is left out, '' where it is not."""
    if driver.type is None:
        return "it has no Type that says what kind of driver it is: it is left out"
    raw = driver.values.get("IMAGEPATH")
    if raw is not None and raw.type not in (1, 2):
        return f"its ImagePath is {type_name(raw.type)}: the driver is left out"
    if raw is not None and not driver.image_path:
        return "its ImagePath is empty: the driver is left out"
    if driver.image_path[1:2] == ":":
        return "its ImagePath is a DOS path, which is looked for below \\SystemRoot, where no such file can be"
    return ""


def _halt(driver: Service, image: NtPath, loader: str, generation: Generation) -> str:
    gone = f"{image}, the file of the driver {driver.name} with ErrorControl 3, is not there"
    if generation >= WIN8:
        return f"{gone}: {loader or 'the kernel'} ends the boot, and the recovery environment follows."
    end = "the loader reports the missing file" if loader else "STOP 0x5A, CRITICAL_SERVICE_FAILED"
    return f"{gone}: {_LAST_GOOD}; if that is the one in use, the boot ends ({end})."


def _odd_starts(services: ServiceDatabase) -> tuple[Problem, ...]:
    """Services that ask to be loaded as drivers and are none."""
    told: list[Problem] = []
    for one in services.services:
        if one.start in (BOOT_START, SYSTEM_START) and one.type is not None and not one.is_driver:
            text = f"{one.name} has Start {one.start}, as drivers have, but its Type 0x{one.type:x} is that of none: it is not loaded."
            told.append(Problem("start-of-no-driver", text, one.cite("Start", "Type")))
    return tuple(told)
