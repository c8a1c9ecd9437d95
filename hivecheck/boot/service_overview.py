"""The services and drivers of a control set told apart by what makes them run, beyond the events of the boot.

What starts by itself is in the events. This tells the rest: what waits for a trigger, a logon or a device, what is disabled,
and what this boot passes over, with the reason. Judges nothing.
"""

from collections.abc import Sequence

from hivecheck.boot.driver_images import is_boot_file_system, starts_by_loader
from hivecheck.boot.drivers import drivers_held_back
from hivecheck.boot.services import allowed_in, passed_over, per_user_services, trigger_started
from hivecheck.boot.smss.smss import Smss
from hivecheck.facts.fact import fact
from hivecheck.settings.class_filters import ClassFilter, ClassFilters
from hivecheck.settings.safe_boot import SafeBootLists
from hivecheck.settings.services import AUTO_START, BOOT_START, START_NAMES, SYSTEM_START, Service, ServiceDatabase

_SAFE_MODE = "it is not allowed in this safe mode"
START_KINDS = (*START_NAMES, "other")


@fact
class ServiceOverview:
    """`drivers` and `services` count those of each `START_KINDS`, in that order. The rest is in stored order.

    `held_back` are those that a safe mode keeps from starting, `passed_over` the other ones of Start 2 that do not start at
    boot, with the reason. `switched_off` are boot-start drivers that StartOverride keeps from being loaded at boot, with
    what it makes them. `filters` are drivers that the first device of a class loads. `by_loader` are those that the loader takes though
    their Start is not 0; `without_type` stand among the services, but boot and system start ask for them as for drivers, in vain.
    """

    drivers: tuple[int, ...]
    services: tuple[int, ...]
    delayed: tuple[Service, ...]
    trigger_started: tuple[Service, ...]
    per_user: tuple[Service, ...]
    held_back: tuple[Service, ...]
    passed_over: tuple[tuple[Service, str], ...]
    switched_off: tuple[tuple[Service, str], ...]
    filters: tuple[tuple[ClassFilter, Service], ...]
    by_loader: tuple[Service, ...]
    without_type: tuple[Service, ...]

    @property
    def is_empty(self) -> bool:
        return not any((*self.drivers, *self.services))


def overview_services(
    smss: Smss, database: ServiceDatabase, safe_boot: SafeBootLists, filters: ClassFilters
) -> ServiceOverview:
    """What there is besides the events, for one control set and one way to boot it."""
    database, filters = database.as_read_by(smss.generation), filters.as_read_by(smss.generation)
    passed = passed_over(database, allowed_in(smss, safe_boot))
    held = (*drivers_held_back(database, safe_boot, filters, smss), *(one for one, why in passed if why == _SAFE_MODE))
    drivers = [one for one in database.services if one.is_driver]
    others = [one for one in database.services if not one.is_driver]
    return ServiceOverview(
        _by_start(drivers),
        _by_start(others),
        tuple([one for one in others if one.start == AUTO_START and one.delayed and one.is_process]),
        trigger_started(database.services),
        per_user_services(database.services),
        held,
        tuple([(one, why) for one, why in passed if why != _SAFE_MODE]),
        switched_off(database, smss.safe_mode is not None),
        filters.loaded_on_demand(database),
        tuple([one for one in drivers if is_boot_file_system(one) and one.start != BOOT_START]),
        tuple([one for one in others if one.type is None and one.start in (BOOT_START, SYSTEM_START)]),
    )


def switched_off(database: ServiceDatabase, in_safe_mode: bool = False) -> tuple[tuple[Service, str], ...]:
    """The drivers whose Start is 0 and whose StartOverride is one that no boot loads, and what that makes them."""
    found: list[tuple[Service, str]] = []
    doubt = "; whether that holds in safe mode too is not known" if in_safe_mode else ""
    for one in database.services:
        overridden = one.is_driver and one.stored_start == BOOT_START and one.start != BOOT_START
        if overridden and one.start not in (BOOT_START, SYSTEM_START, AUTO_START) and not starts_by_loader(one):
            known = one.start is not None and 0 <= one.start < len(START_NAMES)
            kind = f"{START_NAMES[one.start]} ({one.start})" if known and one.start is not None else f"{one.start}"
            found.append((one, f"its Start is 0, but StartOverride makes it {kind}{doubt}"))
    return tuple(found)


def _by_start(services: Sequence[Service]) -> tuple[int, ...]:
    counts = [0] * len(START_KINDS)
    for one in services:
        known = one.start is not None and 0 <= one.start < len(START_NAMES)
        counts[one.start if known and one.start is not None else -1] += 1
    return tuple(counts)
