"""A boot from the loader to the logon screen: the plans one after the other, played, what its events do to each other, and
whether the boot after it would come up.

Knows the order of the parts and nothing of what they decide.
"""

from hivecheck.boot.actions import LoadDriver
from hivecheck.boot.boot_disk import plan_boot_disk
from hivecheck.boot.boot_volume import doubt_ntfs
from hivecheck.boot.drivers import plan_drivers
from hivecheck.boot.effects import add_effects
from hivecheck.boot.last_good import LastGood
from hivecheck.boot.loader import plan_loader
from hivecheck.boot.machine import File, machine_at_smss
from hivecheck.boot.next_boot import play_next_boot
from hivecheck.boot.plan import Done, Plan, Request
from hivecheck.boot.replay import Replay, replay
from hivecheck.boot.smss import plan_smss
from hivecheck.boot.smss.smss import Smss
from hivecheck.boot.successors import plan_successors
from hivecheck.facts.fact import fact
from hivecheck.facts.generation import WIN10_2004, Generation
from hivecheck.registry.control_sets import ControlSets
from hivecheck.registry.hive import Key, fold_name
from hivecheck.settings.class_filters import ClassFilters, read_class_filters
from hivecheck.settings.safe_boot import SafeBootLists, read_safe_boot
from hivecheck.settings.service_groups import GroupOrders, read_group_orders
from hivecheck.settings.service_keys import ServiceKeys
from hivecheck.settings.services import ServiceDatabase, read_services
from hivecheck.settings.setup_services import NOT_READ, SetupServices, read_setup_services


@fact
class StartLists:
    """What a control set says of drivers and services: the keys, the order of groups, the lists of safe mode, filter drivers.

    `keys` are the keys below `Services` themselves, which can be asked as long as the hive is open. `in_setup` are the services
    allowed while Windows is being set up, which the hive lists beside its control sets. `root` is the hive's root key, where it
    is known.
    """

    keys: ServiceKeys
    services: ServiceDatabase
    groups: GroupOrders
    safe_boot: SafeBootLists
    filters: ClassFilters
    in_setup: SetupServices = NOT_READ
    root: Key | None = None


def read_start_lists(control_set: Key | None, root: Key | None = None, generation: Generation = WIN10_2004) -> StartLists:
    """All of them as this Windows reads them; empty where there is no control set. The hive must stay open as long as the lists of safe mode are asked.

    Without the hive's `root` key nothing is known of `in_setup`: while Windows is being set up each start is then an assumption.
    """
    keys = ServiceKeys(control_set)
    return StartLists(
        keys,
        read_services(control_set, keys).as_read_by(generation),
        read_group_orders(control_set),
        read_safe_boot(control_set),
        read_class_filters(control_set).as_read_by(generation),
        read_setup_services(root) if root is not None else NOT_READ,
        root,
    )


def play_boot(
    sets: ControlSets, smss: Smss, lists: StartLists, files: tuple[File, ...] = (), all_files_known: bool = False
) -> Replay:
    """The boot, played on a machine of which only `files` are known; `all_files_known`: there are no others."""
    machine = machine_at_smss(smss.system_root, files, all_files_known)
    played = add_effects(replay(machine, plan_boot(sets, smss, lists)), smss.generation)
    return play_next_boot(played, lists.services, smss.generation, LastGood(sets, lists.root, smss.generation))


def plan_boot(sets: ControlSets, smss: Smss, lists: StartLists) -> Plan:
    """Everything that is asked for, from the loader to the logon screen."""
    failed: set[str] = set()
    doubted = doubt_ntfs(lists.services)
    if doubted is not None:
        smss.ntfs_doubted = True
        yield doubted
    last_good = LastGood(sets, lists.root, smss.generation)
    drivers = plan_drivers(lists.services, lists.groups, lists.safe_boot, lists.filters, smss, last_good)
    yield from plan_loader(sets, smss.generation, _with_boot_disk(drivers, lists, smss, failed))
    yield from plan_smss(smss)
    not_loaded = frozenset(failed)
    of_set = lists.services, lists.groups, lists.safe_boot
    yield from plan_successors(smss, *of_set, smss.software, not_loaded, lists.in_setup)


def _with_boot_disk(drivers: Plan, lists: StartLists, smss: Smss, failed: set[str]) -> Plan:
    """The same plan, and between what the loader brings and what the kernel loads, whether it is enough to read the boot disk.

    The names of the drivers that are not loaded go into `failed`.
    """
    loaded: set[str] = set()
    control_set = lists.root.subkey(smss.control_set) if lists.root is not None and smss.control_set else None
    by_loader = True
    try:
        asked = next(drivers)
        while True:
            action = asked.action if isinstance(asked, Request) else None
            if by_loader and isinstance(action, LoadDriver) and action.by != "loader":
                by_loader = False
                yield from plan_boot_disk(lists.services, control_set, loaded, smss)
            done = yield asked
            if isinstance(action, LoadDriver):
                (failed if done is Done.NO else loaded).add(fold_name(action.service))
            asked = drivers.send(done)
    except StopIteration:
        if by_loader:
            yield from plan_boot_disk(lists.services, control_set, loaded, smss)
