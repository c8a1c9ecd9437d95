"""The order of starts, held against a plain search on hundreds of small tangles of dependencies and groups."""

from random import Random

import pytest

from hivecheck.boot.service_order import (
    PlannedStart,
    is_known,
    is_running,
    is_startable,
    members_by_group,
    own_turns,
    start_order,
)
from hivecheck.registry.hive import fold_name
from hivecheck.settings.service_groups import read_group_orders
from hivecheck.settings.services import AUTO_START, DEMAND_START, Service, ServiceDatabase, read_services
from tests.boot.service_boots import DRIVER, OWN, SHARED, group_order, hive_of, service


def tangle(random: Random) -> str:
    count = random.randint(1, 14)
    keys = [group_order("G0", "G1", "G2")]
    for number in range(count):
        values: dict[str, object] = {}
        if random.random() < 0.6:
            values["DependOnService"] = [f"s{random.randrange(count + 1)}" for _ in range(random.randint(1, 3))]
        if random.random() < 0.3:
            values["DependOnGroup"] = [f"G{random.randrange(5)}"]
        if random.random() < 0.5:
            values["Group"] = f"G{random.randrange(5)}"
        if random.random() < 0.2:
            values["DelayedAutostart"] = 1
        start, kind = random.choice([1, 2, 2, 2, 3, 3, 4]), random.choice([DRIVER, OWN, OWN, SHARED])
        keys.append(service(f"s{number}", start, kind, **values))  # type: ignore[arg-type]
    return "".join(keys)


def ordered(snippet: str) -> tuple[ServiceDatabase, dict[str, PlannedStart]]:
    control_set = hive_of(snippet).root.subkey("ControlSet001")
    database, groups = read_services(control_set), read_group_orders(control_set)
    turns = own_turns(database.services, groups, ("S3", "s1"))
    starts = list(start_order(turns, database, members_by_group(database), lambda _: True))
    found = {start.service.name: start for start in starts}
    assert len(found) == len(starts)
    return database, found


def needed(one: Service, database: ServiceDatabase) -> set[str]:
    """What starts for a service, group by group and name by name."""
    found = [named for name in one.depends_on_services if (named := database.named(name)) and is_startable(named)]
    for group in one.depends_on_groups:
        members = [two for two in database.services if fold_name(two.group) == fold_name(group) and is_known(two)]
        automatic = [two for two in members if two.start == AUTO_START]
        if not automatic and not any(map(is_running, members)):
            automatic = [two for two in members if two.start == DEMAND_START]
        found += automatic
    return {two.name for two in found}


def reached(name: str, edges: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [name]
    while waiting:
        for onward in edges[waiting.pop()] - found:
            found.add(onward)
            waiting.append(onward)
    return found


@pytest.mark.parametrize("seed", range(150))
def test_what_is_needed_goes_first_and_every_ring_is_found(seed: int) -> None:
    database, found = ordered(tangle(Random(seed)))
    edges = {one.name: needed(one, database) for one in database.services}
    reach = {name: reached(name, edges) for name in edges}
    places = {name: place for place, name in enumerate(found)}
    assert {one.name for one in database.services if one.start == AUTO_START and is_known(one)} <= set(found)
    for name, start in found.items():
        ring = {other for other in reach[name] if name in reach[other]} | {name}
        alone = len(ring) == 1 and name not in start.service.depends_on_services
        assert set(start.circle) == (set() if alone else ring)
        assert all(places[other] < places[name] for other in edges[name] - ring)
