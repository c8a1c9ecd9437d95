"""In what order boot-start and system-start drivers are started.

Groups stand in the order of ServiceGroupOrder, the drivers of one group in the order of its tags in GroupOrderList; a tag
that is not listed comes after those, no tag last. Drivers of groups that are not listed, and of none, come after all groups,
ordered by tag among themselves. What remains equal is where the generations differ:

- To 2003 the list is built back to front. Sorting it by groups turns it round again, so that equal drivers of a listed group
  stand in stored order; those of no listed group are never moved and stay reversed, sorted by tag only where drivers of one
  group lie side by side. From 2000 on the kernel orders boot-start drivers once more by group and tag.
- Vista and 7: stored order is assumed.
- From 8 on the whole list is first sorted by tag: a driver that must be moved forward is put before others of the same tag.
  Core drivers are started first, then those that launch early, then the core extensions, then all others.

Source: ReactOS ntoskrnl/config/cmboot.c, io/iomgr/driver.c, io/pnpmgr (a model of 2003); NT 4 Resource Kit; Microsoft,
"ELAM driver requirements". The ties and the core groups of 8 and later were read off a public debugger log of its kernel.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby

from hivecheck.facts.certainty import Certainty
from hivecheck.facts.generation import WIN10_1507, Family, Generation
from hivecheck.registry.hive import fold_name
from hivecheck.settings.service_groups import GroupOrders
from hivecheck.settings.services import BOOT_START, Service

EARLY_LAUNCH = "EARLY-LAUNCH"
CORE_GROUPS = {"CORE": 0, EARLY_LAUNCH: 1}
CORE_EXTENSIONS = {"CORE PLATFORM EXTENSIONS": 2, "CORE SECURITY EXTENSIONS": 3}  # from 10 on
_OTHERS = 4
ORDER_CERTAINTY = {Family.G1: Certainty.B, Family.G2: Certainty.A, Family.G3: Certainty.B, Family.G4: Certainty.B}


def order_drivers(
    drivers: Sequence[Service], groups: GroupOrders, generation: Generation, start: int
) -> tuple[Service, ...]:
    """Drivers of one start type, given in stored order, in the order in which they are started."""
    match generation.family:
        case Family.G1 | Family.G2:
            ordered = _built_back_to_front(drivers, groups)
            if start == BOOT_START and generation.family is Family.G2:
                ordered.sort(key=lambda driver: (groups.rank(driver.group), _tag_rank(driver, groups)))
        case Family.G3:
            ordered = sorted(drivers, key=lambda driver: (groups.rank(driver.group), _tag_rank(driver, groups)))
        case Family.G4:
            ordered = _sorted_by_tag_first(drivers, groups)
            if start == BOOT_START:
                ordered.sort(key=lambda driver: phase(driver, generation))
    return tuple(ordered)


def phase(driver: Service, generation: Generation) -> int:
    """Which of the phases of 8 and later starts a boot-start driver: core, early launch, core extensions, all others."""
    group = fold_name(driver.group)
    found = CORE_GROUPS.get(group)
    if found is None and generation >= WIN10_1507:
        found = CORE_EXTENSIONS.get(group)
    return _OTHERS if found is None else found


def launches_early(driver: Service, generation: Generation) -> bool:
    """Whether it is one that judges the boot-start drivers after it (ELAM)."""
    return generation.family is Family.G4 and driver.start == BOOT_START and fold_name(driver.group) == EARLY_LAUNCH


def _tag_rank(driver: Service, groups: GroupOrders) -> int:
    return groups.tag_rank(driver.group, driver.tag)


def _built_back_to_front(drivers: Iterable[Service], groups: GroupOrders) -> list[Service]:
    listed: list[Service] = []
    others: list[Service] = []
    for driver in drivers:
        (listed if groups.is_listed(driver.group) else others).append(driver)
    listed.sort(key=lambda driver: (groups.rank(driver.group), _tag_rank(driver, groups)))
    for _, run in groupby(reversed(others), key=lambda driver: fold_name(driver.group)):
        listed += sorted(run, key=lambda driver: _tag_rank(driver, groups))
    return listed


def _sorted_by_tag_first(drivers: Iterable[Service], groups: GroupOrders) -> list[Service]:
    """An insertion sort by tag: what comes when a greater tag is there already goes before its equals, or else behind them."""
    appended: dict[int, list[Service]] = {}
    moved: dict[int, list[Service]] = {}
    greatest = 0
    for driver in drivers:
        tag = _tag_rank(driver, groups)
        (appended if tag >= greatest else moved).setdefault(tag, []).append(driver)
        greatest = max(greatest, tag)
    ordered: list[Service] = []
    for tag in sorted({*appended, *moved}):
        ordered += reversed(moved.get(tag, []))
        ordered += appended.get(tag, [])
    ordered.sort(key=lambda driver: groups.rank(driver.group))
    return ordered
