"""In what order boot-start and system-start drivers are started.

Groups stand in the order of ServiceGroupOrder, the drivers of one group in the order of its tags in GroupOrderList; a tag
that is not listed comes after those, no tag last. Drivers of groups that are not listed, and of none, come after all groups.
What remains equal is where the generations differ:

- To 7 the list is built back to front. Sorting it by groups turns it round again, so that equal drivers of a listed group
  stand in stored order; those of no listed group are never moved and stay reversed, sorted by tag only where drivers of one
  group lie side by side. In 2000 to 2003 the kernel then starts the boot-start drivers by group and tag once more; what is
  told for Vista and 7 is the order in which they are loaded.
- From 8 on the list is built back to front too and sorted by tag as a whole, then by groups: equal drivers, listed or not,
  stand in reversed order. Core drivers come first, then those that launch early, then the core extensions, then all others.

Source: ReactOS ntoskrnl/config/cmboot.c, io/iomgr/driver.c, io/pnpmgr (a model of 2003); NT 4 Resource Kit; Microsoft,
"ELAM driver requirements". The ties of 7 and of 10 were read off public lists of loaded modules (three of 7, in the order of
the list; two of 10 2004, by load address); that 8 and 8.1 do as 10 is inferred.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby

from hivecheck.facts.certainty import Certainty
from hivecheck.facts.generation import WIN8, WIN10_1507, Family, Generation
from hivecheck.registry.hive import fold_name
from hivecheck.settings.service_groups import GroupOrders
from hivecheck.settings.services import BOOT_START, Service

EARLY_LAUNCH = "EARLY-LAUNCH"
CORE_GROUPS = {"CORE": 0, EARLY_LAUNCH: 1}
CORE_EXTENSIONS = {"CORE PLATFORM EXTENSIONS": 2, "CORE SECURITY EXTENSIONS": 3}  # from 10 on
_OTHERS = 4


def order_drivers(
    drivers: Sequence[Service], groups: GroupOrders, generation: Generation, start: int
) -> tuple[Service, ...]:
    """Drivers of one start type, given in stored order, in the order in which they are started."""
    match generation.family:
        case Family.G1 | Family.G2 | Family.G3:
            ordered = _built_back_to_front(drivers, groups)
            if start == BOOT_START and generation.family is Family.G2:
                ordered.sort(key=lambda driver: (groups.rank(driver.group), _tag_rank(driver, groups)))
        case Family.G4:
            ordered = list(reversed(drivers))
            ordered.sort(key=lambda driver: (groups.rank(driver.group), _tag_rank(driver, groups)))
            if start == BOOT_START:
                ordered.sort(key=lambda driver: phase(driver, generation))
    return tuple(ordered)


def order_certainty(generation: Generation) -> Certainty:
    """How certain the order of one Windows is: confirmed for 2000 to 2003 by an implementation that was read."""
    if generation.family is Family.G2:
        return Certainty.A
    return Certainty.C if WIN8 <= generation < WIN10_1507 else Certainty.B


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
