r"""The order in which services.exe starts services: groups, tags, dependencies. Nothing is started here.

First those of `EarlyStartServices`, then every service and driver with Start 2 by the groups of `ServiceGroupOrder` (within a
group by the tags of `GroupOrderList`, then as stored), those of a group that is not in the list, those of none, and last the
delayed ones. What a service depends on goes before it, even if its own turn were later or it is started on demand only; the
shipped hives rely on that: Dhcp (TDI) needs nsi, which has no group. That a dependency on a later group fails, as some say,
the same hives disprove.

Strongly connected parts are found as Tarjan does, without recursion, so that the time grows with the services and their
dependencies. Source: "Automatically starting services" of the Windows documentation (groups, tags, dependencies); ReactOS
services/database.c ScmAutoStartServices (groups and tags of 2003); Windows Internals 7, part 2, "Services".
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from hivecheck.facts.fact import fact
from hivecheck.registry.hive import fold_name
from hivecheck.settings.service_groups import GroupOrders
from hivecheck.settings.services import AUTO_START, DEMAND_START, DISABLED, Service, ServiceDatabase

EARLY, AUTO, DELAYED = "early", "auto", "delayed"
_DRIVERS = (0x1, 0x2)


@fact
class PlannedStart:
    """One service or driver at its place. `wanted_by` is the service that depends on it, '' where it is its own turn.

    `circle` names the services that depend on each other in a ring, this one among them; () for all others.
    """

    service: Service
    when: str
    wanted_by: str
    circle: tuple[str, ...]


def is_known(service: Service) -> bool:
    """Whether services.exe takes a key for a service or a driver of its own: recognizers, adapters and per-user ones are not."""
    kind = service.type in _DRIVERS or (service.is_process and not service.is_driver)
    return kind and service.start is not None


def is_running(service: Service) -> bool:
    """Whether the kernel has loaded it before services.exe starts anything: a driver with Start 0 or 1."""
    return service.is_driver and service.start is not None and service.start < AUTO_START


def is_startable(service: Service) -> bool:
    """Whether services.exe would start it at boot, by itself or for another."""
    return is_known(service) and not is_running(service) and service.start not in (None, DISABLED)


def members_by_group(database: ServiceDatabase) -> dict[str, list[Service]]:
    """The services and drivers of each group that can run at all, by the group's folded name, as stored."""
    members: dict[str, list[Service]] = {}
    for service in database.by_name.values():
        if service.group and is_known(service) and service.start != DISABLED:
            members.setdefault(fold_name(service.group), []).append(service)
    return members


def own_turns(services: Iterable[Service], groups: GroupOrders, early: Iterable[str]) -> Iterator[tuple[Service, str]]:
    """The services with Start 2 in the order of their own turns, with early, auto or delayed."""
    waiting = {fold_name(service.name): service for service in services if service.start == AUTO_START}
    for name in early:
        service = waiting.pop(fold_name(name), None)
        if service is not None:
            yield service, EARLY
    late = [service for service in waiting.values() if service.delayed and service.is_process]
    for service in late:
        del waiting[fold_name(service.name)]
    for service in sorted(waiting.values(), key=lambda service: _turn(service, groups)):
        yield service, AUTO
    for service in late:
        yield service, DELAYED


def _turn(service: Service, groups: GroupOrders) -> tuple[int, int, int]:
    """The place of a service; sorting keeps the stored order of what is alike."""
    if not service.group:
        return 2, 0, 0
    if not groups.is_listed(service.group):
        return 1, 0, 0
    return 0, groups.rank(service.group), groups.tag_rank(service.group, service.tag)


def start_order(
    turns: Iterable[tuple[Service, str]],
    database: ServiceDatabase,
    members: Mapping[str, list[Service]],
    allows: Callable[[Service], bool],
) -> Iterator[PlannedStart]:
    """Every service that starts, once, those it depends on before it. Where they form a ring, its services follow each other.

    `allows` says whether a service may run in this boot (safe mode). A group that a service depends on counts as a node of its
    own between the two, so that many services of many members stay cheap.
    """
    index: dict[str, int] = {}  # when a node was met
    low: dict[str, int] = {}  # the earliest node that can be reached from it and still waits
    waiting: dict[str, PlannedStart | None] = {}  # met, but not placed; None for a group
    for service, when in turns:
        if _node(service) in index:
            continue
        work = [_meet(_node(service), PlannedStart(service, when, "", ()), index, low, waiting)]
        path: list[tuple[str, Iterator[Service | str]]] = [(work[0], _needs(service, database, members, allows))]
        while path:
            node, needs = path[-1]
            need = next(needs, None)
            if need is None:
                path.pop()
                if path:
                    low[path[-1][0]] = min(low[path[-1][0]], low[node])
                if low[node] == index[node]:
                    yield from _placed(node, index, waiting)
                continue
            name = need if isinstance(need, str) else _node(need)
            if name not in index:
                start = None if isinstance(need, str) else PlannedStart(need, when, _dependent(path, waiting), ())
                _meet(name, start, index, low, waiting)
                onward = (
                    _group_needs(name, members, allows) if isinstance(need, str) else _needs(need, database, members, allows)
                )
                path.append((name, onward))
            elif name in waiting:
                low[node] = min(low[node], index[name])


def _node(service: Service) -> str:
    return "service " + fold_name(service.name)


def _meet(
    node: str,
    start: PlannedStart | None,
    index: dict[str, int],
    low: dict[str, int],
    waiting: dict[str, PlannedStart | None],
) -> str:
    index[node] = low[node] = len(index)
    waiting[node] = start
    return node


def _needs(
    service: Service, database: ServiceDatabase, members: Mapping[str, list[Service]], allows: Callable[[Service], bool]
) -> Iterator[Service | str]:
    for name in service.depends_on_services:
        needed = database.named(name)
        if needed is not None and is_startable(needed) and allows(needed):
            yield needed
    for group in service.depends_on_groups:
        if fold_name(group) in members:
            yield "group " + fold_name(group)


def _group_needs(
    node: str, members: Mapping[str, list[Service]], allows: Callable[[Service], bool]
) -> Iterator[Service | str]:
    """What is started for a group: its members with Start 2; if it has none, and none that runs already, the others."""
    group = members[node.removeprefix("group ")]
    automatic = [one for one in group if one.start == AUTO_START and allows(one)]
    if automatic or any(is_running(one) and allows(one) for one in group):
        yield from automatic
    else:
        yield from (one for one in group if one.start == DEMAND_START and allows(one))


def _dependent(path: list[tuple[str, Iterator[Service | str]]], waiting: Mapping[str, PlannedStart | None]) -> str:
    """The service that asks: the nearest on the path that is no group."""
    return next(start.service.name for node, _ in reversed(path) if (start := waiting[node]) is not None)


def _placed(first: str, index: Mapping[str, int], waiting: dict[str, PlannedStart | None]) -> Iterator[PlannedStart]:
    """The nodes from `first` on leave those that wait: a single service, or a ring of them."""
    part: list[PlannedStart] = []
    while waiting and index[next(reversed(waiting))] >= index[first]:
        _, start = waiting.popitem()
        if start is not None:
            part.append(start)
    part.reverse()
    ring = part if len(part) > 1 or any(_asks_for_itself(start.service) for start in part) else []
    names = tuple(start.service.name for start in ring)
    for start in part:
        yield PlannedStart(start.service, start.when, start.wanted_by, names)


def _asks_for_itself(service: Service) -> bool:
    own = fold_name(service.name)
    return any(fold_name(name) == own for name in service.depends_on_services)
