r"""The filter drivers of device classes: `UpperFilters` and `LowerFilters` of `Control\Class\{GUID}`.

They are put above and below the driver of every device of the class, in the order of the list, and loaded with the first
one. Source: "Device filter driver ordering" and "System-defined device setup classes" of the Windows driver documentation.
"""

from collections.abc import Mapping

from hivecheck.facts.fact import fact
from hivecheck.facts.generation import WIN2000, Generation
from hivecheck.facts.origin import Origin
from hivecheck.facts.problem import Problem
from hivecheck.registry.hive import Key, RawValue, fold_name
from hivecheck.settings.services import BOOT_START, DISABLED, Service, ServiceDatabase
from hivecheck.settings.setting import read_strings, read_text

CLASSES = "Control\\Class"
UPPER, LOWER = "upper", "lower"
_LISTS = {"UPPERFILTERS": UPPER, "LOWERFILTERS": LOWER}
_MAXIMUM_FILTERS = 10_000  # of all classes together
_UNREADABLE = "Without {0} the boot volume can't be read: this Windows most likely stops with 0x7B."
_VITAL = {
    "{4D36E967-E325-11CE-BFC1-08002BE10318}": _UNREADABLE.format("disks"),
    "{71A27CDD-812A-11D0-BEC7-08002BE2092F}": _UNREADABLE.format("volumes"),
    "{4D36E97B-E325-11CE-BFC1-08002BE10318}": _UNREADABLE.format("storage controllers"),
    "{4D36E96A-E325-11CE-BFC1-08002BE10318}": _UNREADABLE.format("disk controllers"),
    "{4D36E97D-E325-11CE-BFC1-08002BE10318}": _UNREADABLE.format("system devices"),
    "{4D36E96B-E325-11CE-BFC1-08002BE10318}": "Windows starts, but nobody can type at the logon screen.",
}  # of these hangs the boot itself, or the logon
_READER = "Plug and Play manager"
_SHIPPED_WITHOUT_SERVICE = frozenset({("{6BDD1FC5-810F-11D0-BEC7-08002BE2092F}", "IRENUM")})  # Infrared, in Windows 10 1903


@fact
class ClassFilter:
    """One driver named by a filter list. `place` counts from 0 in its list; `class_name` is '' where the class has none."""

    service: str
    guid: str
    class_name: str
    position: str  # upper or lower
    place: int
    origin: Origin

    @property
    def as_told(self) -> str:
        return "an upper filter" if self.position == UPPER else "a lower filter"

    @property
    def device_class(self) -> str:
        """The class as it is told: its name, or else its GUID."""
        return self.class_name or self.guid


@fact
class ClassFilters:
    """All filters in stored order of the classes, the lower ones of each class first. `by_service` has folded names."""

    filters: tuple[ClassFilter, ...]
    by_service: Mapping[str, tuple[ClassFilter, ...]]
    problems: tuple[Problem, ...]

    def as_read_by(self, generation: Generation) -> "ClassFilters":
        """The same filters; none before 2000, which has no Plug and Play manager to load them (NT 4: detections.md, class-filters)."""
        return self if generation >= WIN2000 else NO_FILTERS

    def of(self, service: str) -> tuple[ClassFilter, ...]:
        """The lists that name this service."""
        return self.by_service.get(fold_name(service), ())

    def loaded_on_demand(self, services: ServiceDatabase) -> tuple[tuple[ClassFilter, Service], ...]:
        """The filters that no Start of their own loads at boot: they are loaded with the first device of their class."""
        found = ((one, services.named(one.service)) for one in self.filters)
        return tuple((one, service) for one, service in found if service is not None and _waits(service))

    def unusable(self, services: ServiceDatabase) -> tuple[Problem, ...]:
        """The filters that name no service, or a disabled one: no device of their class starts then.

        A list that Windows ships so is not told.
        """
        told: list[Problem] = []
        for one in self.filters:
            service = services.named(one.service)
            if service is not None and service.start != DISABLED:
                continue
            if (fold_name(one.guid), fold_name(one.service)) in _SHIPPED_WITHOUT_SERVICE:
                continue
            vital = _VITAL.get(fold_name(one.guid))
            grave = f" {vital}" if vital else ""
            state = "is no service" if service is None else "is disabled"
            code = "filter-without-service" if service is None else "filter-disabled"
            text = (
                f"{one.service}, {one.as_told} of the device class {one.device_class}, {state}: "
                f"the devices of the class do not start.{grave}"
            )
            told.append(Problem(code, text, (one.origin,) if service is None else (one.origin, *service.cite("Start"))))
        return tuple(told)


NO_FILTERS = ClassFilters((), {}, ())


def read_class_filters(control_set: Key | None) -> ClassFilters:
    """The filters of every device class of a control set."""
    filters: list[ClassFilter] = []
    problems: list[Problem] = []
    classes = control_set.subkey(CLASSES) if control_set is not None else None
    for key in classes.subkeys() if classes is not None else ():
        lists: dict[str, RawValue] = {}
        class_name: RawValue | None = None
        for raw in key.values():
            folded = fold_name(raw.name)
            if folded in _LISTS:
                lists.setdefault(_LISTS[folded], raw)
            elif folded == "CLASS" and class_name is None:
                class_name = raw
        for position in (LOWER, UPPER):
            if position in lists:
                _read_list(lists[position], position, key, read_text("Class", class_name).value, filters, problems)
        if len(filters) >= _MAXIMUM_FILTERS:
            text = f"There are more than {_MAXIMUM_FILTERS} class filters; the rest is not read."
            problems.append(Problem("class-filters-many", text, (key.ref,)))
            break
    by_service: dict[str, list[ClassFilter]] = {}
    for one in filters:
        by_service.setdefault(fold_name(one.service), []).append(one)
    return ClassFilters(tuple(filters), {name: tuple(found) for name, found in by_service.items()}, tuple(problems))


def _read_list(
    raw: RawValue, position: str, key: Key, class_name: str, filters: list[ClassFilter], problems: list[Problem]
) -> None:
    found = read_strings(raw, _READER, f"{raw.name} of the class {key.name}")
    problems.extend(found.problems)
    named = (string for string in found.strings if string.text)
    room = _MAXIMUM_FILTERS - len(filters)
    for place, string in zip(range(room), named, strict=False):
        filters.append(ClassFilter(string.text, key.name, class_name, position, place, string.origin))


def _waits(service: Service) -> bool:
    return service.start is not None and BOOT_START + 1 < service.start < DISABLED
