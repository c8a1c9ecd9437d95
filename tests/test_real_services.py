"""What services.exe starts on real machines, against a second computation from the plain values, which shares no code with ours."""

import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from Registry import Registry

from hivecheck.boot.actions import LoadDriver, StartService
from hivecheck.boot.machine import machine_at_smss
from hivecheck.boot.plan import Done
from hivecheck.boot.replay import Event, Replay, replay
from hivecheck.boot.services import allowed_in, passed_over, plan_services
from hivecheck.boot.smss import plan_smss
from hivecheck.boot.smss.smss import Smss
from hivecheck.evidence.opening import open_with_logs
from hivecheck.facts.fact import fact
from hivecheck.facts.generation import NT4, VISTA, WIN7, WIN8, WIN10_1709, WIN10_1903, WIN2003, Generation
from hivecheck.registry.hive import fold_name
from hivecheck.settings.catalog import read_settings
from hivecheck.settings.safe_boot import SafeBootLists, read_safe_boot
from hivecheck.settings.service_groups import read_group_orders
from hivecheck.settings.services import Service, ServiceDatabase, read_services

FindHive = Callable[[str], Path]
MACHINES: dict[str, tuple[Generation, str, int, int]] = {  # events, processes started
    "nt4-sp3-server": (NT4, "C:\\WINNT", 27, 6),
    "xp-x64": (WIN2003, "C:\\WINDOWS", 49, 13),
    "win7-sp1-x86": (WIN7, "C:\\Windows", 73, 24),
    "win10-1709-dirty": (WIN10_1709, "C:\\Windows", 83, 56),
    "win10-1903": (WIN10_1903, "C:\\Windows", 93, 61),
}
SAFE_MODES = (None, "minimal", "network")


@fact
class Played:
    """One boot of services.exe, with what it was played from."""

    smss: Smss
    services: ServiceDatabase
    safe_boot: SafeBootLists
    replay: Replay
    processes: int

    @property
    def named(self) -> list[str]:
        return [name for event in self.replay.events if (name := _name(event))]


@pytest.fixture(scope="module")
def play(real_hive: FindHive) -> Callable[..., Played]:
    known: dict[tuple[str, str | None], Played] = {}

    def find(name: str, safe_mode: str | None = None) -> Played:
        if (name, safe_mode) not in known:
            known[name, safe_mode] = _play(real_hive(name), name, safe_mode)
        return known[name, safe_mode]

    return find


def _play(path: Path, name: str, safe_mode: str | None) -> Played:
    generation, root = MACHINES[name][:2]
    opened = open_with_logs(path, "auto", lambda hive: None)
    control_set = opened.hive.root.subkey("ControlSet001")
    services, safe_boot = read_services(control_set), read_safe_boot(control_set)
    smss = Smss(read_settings(opened.hive, control_set), generation, root, "", "ControlSet001", safe_mode)
    before = replay(machine_at_smss(root), plan_smss(smss)).after
    played = replay(before, plan_services(smss, services, read_group_orders(control_set), safe_boot))
    for service in services.services:
        allowed_in(smss, safe_boot)(service)  # reads the lists while the hive is open
    opened.close()
    return Played(smss, services, safe_boot, played, len(played.after.processes) - len(before.processes))


def _name(event: Event) -> str:
    match event.action:
        case StartService():
            return event.action.name
        case LoadDriver():
            return event.action.service
        case _:
            return ""


# --- a second computation -------------------------------------------------------------------------------------------------


def _value(key: Any, name: str, otherwise: Any) -> Any:
    try:
        return key.value(name).value()
    except Registry.RegistryValueNotFoundException:
        return otherwise


def _strings(key: Any, name: str) -> list[str]:
    found = _value(key, name, [])
    return [text for text in ([found] if isinstance(found, str) else found) if text]


def _order_by_hand(path: Path, generation: Generation) -> Iterator[str]:
    """Groups, tags and dependencies, straight from the values."""
    control_set = Registry.Registry(str(path)).open("ControlSet001")
    control = control_set.subkey("Control")
    groups = [text.casefold() for text in _strings(control.subkey("ServiceGroupOrder"), "List")]
    tags = {}
    for value in control.subkey("GroupOrderList").values():
        data = value.raw_data()
        tags[value.name().casefold()] = list(struct.unpack_from(f"<{struct.unpack_from('<I', data)[0]}I", data, 4))
    keys = {key.name().casefold(): key for key in control_set.subkey("Services").subkeys()}
    kinds = {name: _value(key, "Type", 0) for name, key in keys.items()}
    starts = {name: _value(key, "Start", None) for name, key in keys.items()}

    def startable(name: str) -> bool:
        kind = kinds[name]
        if kind in (1, 2):
            return starts[name] in (2, 3)
        return bool(kind & 0x30) and not kind & 0xC0 and starts[name] in (2, 3)

    def place(name: str) -> tuple[int, int]:
        group = _value(keys[name], "Group", "").casefold()
        tag = _value(keys[name], "Tag", None)
        known = tags.get(group, [])
        if not group:
            return 10_001, 0
        if group not in groups:
            return 10_000, 0
        return groups.index(group), known.index(tag) if tag in known else 10_000 + (tag is None)

    done: set[str] = set()

    def start(name: str) -> Iterator[str]:
        if name in done:
            return
        done.add(name)
        for needed in _strings(keys[name], "DependOnService"):
            if startable(needed.casefold()):
                yield from start(needed.casefold())
        for group in _strings(keys[name], "DependOnGroup"):
            for member in keys:
                its_own = _value(keys[member], "Group", "").casefold()
                if its_own == group.casefold() and starts[member] == 2 and startable(member):
                    yield from start(member)
        yield keys[name].name()

    automatic = [name for name in keys if starts[name] == 2 and startable(name)]
    delayed = [
        name
        for name in automatic
        if generation >= VISTA and kinds[name] & 0x30 and _value(keys[name], "DelayedAutostart", 0)
    ]
    if generation >= WIN8:
        for text in _strings(control, "EarlyStartServices"):
            if text.casefold() in automatic:
                yield from start(text.casefold())
    for name in sorted((name for name in automatic if name not in delayed), key=place):
        yield from start(name)
    for name in delayed:
        yield from start(name)


@pytest.mark.parametrize("name", ["nt4-sp3-server", "xp-x64", "win7-sp1-x86", "win10-1903"])
def test_the_order_is_that_of_a_second_computation(play: Callable[..., Played], real_hive: FindHive, name: str) -> None:
    assert play(name).named == list(_order_by_hand(real_hive(name), MACHINES[name][0]))


# --- what holds of every machine ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("safe_mode", SAFE_MODES)
@pytest.mark.parametrize("name", MACHINES)
def test_every_dependency_that_starts_goes_before_its_dependent(
    play: Callable[..., Played], name: str, safe_mode: str | None
) -> None:
    played = play(name, safe_mode)
    places = {fold_name(text): place for place, text in enumerate(played.named)}
    for text in played.named:
        service = played.services.named(text)
        assert service is not None
        for needed in service.depends_on_services:
            place = places.get(fold_name(needed))
            assert place is None or place < places[fold_name(text)], f"{needed} comes after {text}"


@pytest.mark.parametrize("safe_mode", SAFE_MODES)
@pytest.mark.parametrize("name", MACHINES)
def test_every_auto_start_service_appears_once_or_has_a_reason(
    play: Callable[..., Played], name: str, safe_mode: str | None
) -> None:
    played = play(name, safe_mode)
    named = [fold_name(text) for text in played.named]
    assert len(named) == len(set(named))
    over = {
        fold_name(service.name) for service, _ in passed_over(played.services, allowed_in(played.smss, played.safe_boot))
    }
    automatic = {fold_name(service.name) for service in played.services.services if service.start == 2}
    assert automatic - set(named) == over
    assert not over & set(named)


@pytest.mark.parametrize("name", MACHINES)
def test_in_a_normal_boot_of_a_healthy_machine_all_of_them_would_start(play: Callable[..., Played], name: str) -> None:
    played = play(name)
    assert {event.done for event in played.replay.events} == {Done.UNKNOWN}
    assert played.replay.problems == ()
    assert (len(played.replay.events), played.processes) == MACHINES[name][2:]


@pytest.mark.parametrize("safe_mode", SAFE_MODES[1:])
@pytest.mark.parametrize("name", [name for name in MACHINES if name != "nt4-sp3-server"])
def test_safe_mode_starts_only_what_its_list_names(play: Callable[..., Played], name: str, safe_mode: str) -> None:
    played = play(name, safe_mode)
    listed = {fold_name(one.name) for one in played.safe_boot.names(safe_mode)}
    for text in played.named:
        service = played.services.named(text)
        assert service is not None
        assert _keys_of(service) & listed or service.is_driver, f"{text} is not listed"
    assert 0 < len(played.named) < len(play(name).named)


def _keys_of(service: Service) -> set[str]:
    return {fold_name(service.name), fold_name(service.group)} if service.is_driver else {fold_name(service.name)}


@pytest.mark.parametrize("name", MACHINES)
def test_every_svchost_service_names_its_dll(play: Callable[..., Played], name: str) -> None:
    for event in play(name).replay.events:
        if isinstance(event.action, StartService) and "svchost.exe" in event.action.image.lower():
            assert event.action.dll is not None
            assert event.action.dll.text.lower().endswith(".dll")
            assert event.action.candidates
