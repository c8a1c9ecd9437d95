"""The class filters that a device has loaded: the way of a filter above the keyboard whose own Start never loads it.

Devices are started once the system-start drivers are loaded, as lists of loaded modules have it; the hive does not tell which
devices there are. Source: "Device filter driver ordering" of the Windows driver documentation; smss.md E.3.
"""

from itertools import islice

from hivecheck.boot.actions import LoadDriver
from hivecheck.boot.driver_images import driver_image, image_refusal, starts_by_loader
from hivecheck.boot.plan import Plan, Request, Step
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.problem import Problem
from hivecheck.registry.hive import fold_name
from hivecheck.settings.class_filters import ClassFilter, ClassFilters
from hivecheck.settings.safe_boot import SafeBootLists
from hivecheck.settings.services import Service, ServiceDatabase, start_name

_MODELLED_FILTERS = 500  # a real machine has some twenty


def plan_filter_drivers(
    services: ServiceDatabase, filters: ClassFilters, safe_boot: SafeBootLists, mode: str | None
) -> Plan:
    """The filters that the first device of a class loads, each once: no Start of their own does it before."""
    waiting: dict[str, tuple[Service, list[ClassFilter]]] = {}
    for one, service in filters.loaded_on_demand(services):
        lets = mode is None or safe_boot.allowing(mode, service) or safe_boot.allowing_guid(mode, one.guid)
        if lets and not starts_by_loader(service):
            waiting.setdefault(fold_name(service.name), (service, []))[1].append(one)
    for service, named in islice(waiting.values(), _MODELLED_FILTERS):
        classes = dict.fromkeys(one.device_class for one in named)
        places = dict.fromkeys(f"{one.as_told} of the device class {one.device_class}" for one in named)
        action = LoadDriver(driver_image(service), None, service.name, service.group, start_name(service.start))
        because = (*(one.origin for one in named), *service.cite("Start", "ImagePath"))
        doubt = f"there is a device of the class {' or '.join(classes)}"
        note = f"It is {', '.join(places)}, and loaded with the first such device."
        withheld = image_refusal(service)
        yield Request(Step.BOOT_DRIVERS, "System", action, Certainty.C, because, withheld, note, doubt)
    if len(waiting) > _MODELLED_FILTERS:
        text = f"{len(waiting)} drivers are loaded as class filters; the replay loads the first {_MODELLED_FILTERS}."
        yield Problem("filters-not-shown", text, (filters.filters[0].origin,))
