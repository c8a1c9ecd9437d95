"""The drivers of real machines, compared one by one with what the hive plainly says.

The order is worked out here a second time, from python-registry's reading of the hive and from the lists as Windows keeps
them (linked lists that are turned round and sorted in place), with nothing of hivecheck in it. Beside that, the order is held against lists of loaded modules
of other machines, as memory dumps have them, for the drivers that both have.
"""

import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hivecheck.analysis import Options, analyze
from hivecheck.boot.actions import LoadDriver
from hivecheck.boot.plan import Step
from hivecheck.boot.replay import Replay

FindHive = Callable[[str], Path]
FAMILIES = {"nt4-sp3-server": "nt4", "xp-x64": "2003", "win7-sp1-x86": "7", "win10-1709-dirty": "10", "win10-1903": "10"}
COUNTS = {
    "nt4-sp3-server": (4, 20),
    "xp-x64": (21, 31),
    "win7-sp1-x86": (37, 28),
    "win10-1709-dirty": (43, 25),
    "win10-1903": (50, 29),
}
AS_IT_LIES = "none"  # python-registry applies no logs
# PsLoadedModuleList of Windows 7 SP1 x86 (three public dumps agree), without libraries that the loader brings along for others
LOADED_BY_7 = (
    "acpi msisadrv pci vdrvroot partmgr compbatt volmgr volmgrx mountmgr atapi amdxata fltmgr fileinfo ntfs ksecdd cng pcw fs_rec "
    "ndis ksecpkg tcpip vmstorfl volsnap spldr rdyboost mup hwpolicy fvevol disk",
    "cdrom null beep vga rdpcdd rdpencdd rdprefmp msfs npfs tdx afd ws2ifsl wfplwf pacer netbios serial wanarp termdd rdbss nsiproxy "
    "mssmbios discache csc dfsc blbdrive",
)
# by load address, of two public dumps of Windows 10 2004 and its kin
LOADED_BY_10 = (
    "acpi pcw msisadrv pci vdrvroot pdc partmgr spaceport volmgr volmgrx vsock vmci mountmgr atapi storahci ehstorclass fileinfo wof "
    "wdfilter ntfs fs_rec ndis ksecpkg tcpip wfplwfs fvevol volume volsnap rdyboost mup iorate disk",
    "cdrom filecrypt null beep vmrawdsk dxgkrnl basicdisplay basicrender npfs msfs tdx ws2ifsl netbt afunix afd vwififlt pacer netbios "
    "rdbss csc nsiproxy npsvctrig mssmbios gpuenergydrv dfsc bam ahcache",
)
LAST, NEXT_TO_LAST = 0xFFFFFFFF, 0xFFFFFFFE
Plain = dict[str, Any]


@pytest.mark.parametrize("name", FAMILIES)
def test_every_driver_loads_in_the_order_that_the_hive_plainly_gives(real_hive: FindHive, name: str) -> None:
    path = real_hive(name)
    played = analyze(path, Options(verify="none", logs=AS_IT_LIES)).replay
    boot, system = (expected_order(path, FAMILIES[name], start) for start in (0, 1))
    assert loaded(played) == [
        *((driver["name"], "boot", driver["group"], driver["file"]) for driver in boot),
        *((driver["name"], "system", driver["group"], driver["file"]) for driver in system),
    ]
    assert (len(boot), len(system)) == COUNTS[name]


@pytest.mark.parametrize(
    ("name", "lists", "common"),
    [
        ("win7-sp1-x86", LOADED_BY_7, (27, 22)),
        ("win10-1709-dirty", LOADED_BY_10, (25, 20)),
        ("win10-1903", LOADED_BY_10, (25, 20)),
    ],
)
def test_the_order_is_that_of_the_modules_loaded_on_other_machines(
    real_hive: FindHive, name: str, lists: tuple[str, str], common: tuple[int, int]
) -> None:
    played = analyze(real_hive(name), Options(verify="none", logs=AS_IT_LIES)).replay
    files = [(start, file.rpartition("\\")[2].lower().removesuffix(".sys")) for _, start, _, file in loaded(played)]
    for start, modules, at_least in zip(("boot", "system"), lists, common, strict=True):
        listed = modules.split()
        ours = [file for began, file in files if began == start and file in listed]
        assert ours == [one for one in listed if one in ours]
        assert len(ours) >= at_least


@pytest.mark.parametrize("mode", ["minimal", "network"])
@pytest.mark.parametrize("name", ["xp-x64", "win7-sp1-x86", "win10-1709-dirty", "win10-1903"])
def test_safe_mode_loads_what_its_list_names_by_name_file_group_or_class(real_hive: FindHive, name: str, mode: str) -> None:
    path = real_hive(name)
    played = analyze(path, Options(verify="none", logs=AS_IT_LIES, safe_mode=mode)).replay
    allowed = [one["name"] for one in expected_order(path, FAMILIES[name], 1) if is_allowed(path, mode, one)]
    boot = [one["name"] for one in expected_order(path, FAMILIES[name], 0)]
    assert [service for service, *_ in loaded(played)] == [*boot, *allowed]


def loaded(played: Replay) -> list[tuple[str, str, str, str]]:
    actions = [event.action for event in played.events if event.step is Step.BOOT_DRIVERS]
    return [
        (one.service, {"loader": "boot", "kernel": "system"}[one.by], one.group, one.image.text)
        for one in actions
        if isinstance(one, LoadDriver) and one.by
    ]


def expected_order(path: Path, family: str, start: int) -> list[Plain]:
    control_set = open_control_set(path)
    control = control_set.subkey("Control")
    groups = [one.upper() for one in control.subkey("ServiceGroupOrder").value("List").value() if one]
    drivers = [driver for key in control_set.subkey("Services").subkeys() if (driver := plain(key, control)) is not None]
    drivers = [driver for driver in drivers if driver["start"] == start]
    if family == "10":
        ordered = as_windows_8_sorts(drivers, groups)
        if start == 0:
            first = ["CORE", "EARLY-LAUNCH", "CORE PLATFORM EXTENSIONS", "CORE SECURITY EXTENSIONS"]
            ordered.sort(key=lambda one: first.index(one["group"].upper()) if one["group"].upper() in first else 4)
        return ordered
    ordered = as_windows_2003_sorts(drivers, groups)
    if family == "2003" and start == 0:
        ordered.sort(key=lambda one: (rank(one, groups), one["place"]))
    return ordered


def rank(driver: Plain, groups: list[str]) -> int:
    return groups.index(driver["group"].upper()) if driver["group"].upper() in groups else len(groups)


def as_windows_2003_sorts(drivers: list[Plain], groups: list[str]) -> list[Plain]:
    """Put in at the head; for each group from the last, its members moved to the head; runs of a group sorted by tag."""
    chain: list[Plain] = []
    for driver in drivers:
        chain.insert(0, driver)
    for group in reversed(groups):
        for driver in list(chain):
            if driver["group"].upper() == group:
                chain.remove(driver)
                chain.insert(0, driver)
    swapped = True
    while swapped:
        swapped = False
        for at in range(len(chain) - 1):
            here, there = chain[at], chain[at + 1]
            if here["group"].upper() == there["group"].upper() and here["place"] > there["place"]:
                chain[at], chain[at + 1] = there, here
                swapped = True
    return chain


def as_windows_8_sorts(drivers: list[Plain], groups: list[str]) -> list[Plain]:
    """Each put in before the first that it does not come after: by tag; then, for each group from the last, its members moved
    to the head from the tail on.
    """
    chain: list[Plain] = []
    for driver in drivers:
        at = 0
        while at < len(chain) and chain[at]["place"] < driver["place"]:
            at += 1
        chain.insert(at, driver)
    for group in reversed(groups):
        for driver in reversed(list(chain)):
            if driver["group"].upper() == group:
                chain.remove(driver)
                chain.insert(0, driver)
    return chain


def open_control_set(path: Path) -> Any:
    registry = pytest.importorskip("Registry.Registry")
    return registry.Registry(str(path)).root().subkey("ControlSet001")


def plain(key: Any, control: Any) -> Plain | None:
    """A driver as its key says, with the place of its tag in its group; None for what is none."""
    values = {value.name().upper(): value for value in key.values()}
    if "START" not in values or ("TYPE" in values and not values["TYPE"].value() & 0xB):
        return None
    start = values["START"].value()
    if start == 0 and any(one.name().upper() == "STARTOVERRIDE" for one in key.subkeys()):
        start = {one.name(): one.value() for one in key.subkey("StartOverride").values()}.get("0", start)
    if key.name().upper() == "NTFS":
        start = 0  # the file system of the boot volume: the loader takes it whatever its Start is
    group = values["GROUP"].value().rstrip("\0") if "GROUP" in values else ""
    tag = values["TAG"].value() if "TAG" in values else None
    image = values["IMAGEPATH"].value().rstrip("\0") if "IMAGEPATH" in values else ""
    file = image or f"System32\\drivers\\{key.name()}.sys"
    return {
        "name": key.name(),
        "start": start,
        "group": group,
        "file": file if file.startswith("\\") else "\\SystemRoot\\" + file,
        "place": LAST if tag is None else place_of_tag(control, group, tag),
    }


def place_of_tag(control: Any, group: str, tag: int) -> int:
    for value in control.subkey("GroupOrderList").values():
        if value.name().upper() == group.upper():
            data = value.raw_data()
            (count,) = struct.unpack_from("<I", data)
            tags = list(struct.unpack_from(f"<{count}I", data, 4))
            return tags.index(tag) + 1 if tag in tags else NEXT_TO_LAST
    return NEXT_TO_LAST


def is_allowed(path: Path, mode: str, driver: Plain) -> bool:
    control_set = open_control_set(path)
    control = control_set.subkey("Control")
    names = {one.name().upper() for one in control.subkey("SafeBoot").subkey(mode.capitalize()).subkeys()}
    wanted = {driver["name"].upper(), driver["group"].upper(), driver["file"].rsplit("\\", 1)[-1].upper()}
    return bool(names & wanted or names & (device_classes(control_set, driver) | filtered_classes(control, driver)))


def device_classes(control_set: Any, driver: Plain) -> set[str]:
    """The classes of the devices that name this driver as their service."""
    classes: set[str] = set()
    for bus in control_set.subkey("Enum").subkeys():
        for device in bus.subkeys():
            for instance in device.subkeys():
                values = {value.name().upper(): value.value() for value in instance.values()}
                service, guid = values.get("SERVICE", ""), values.get("CLASSGUID", "")
                if service.rstrip("\0").upper() == driver["name"].upper():
                    classes.add(guid.rstrip("\0").upper())
    return classes


def filtered_classes(control: Any, driver: Plain) -> set[str]:
    """The classes whose filter lists name this driver."""
    classes: set[str] = set()
    for key in control.subkey("Class").subkeys():
        values = {value.name().upper(): value for value in key.values()}
        lists = [values[name].value() for name in ("UPPERFILTERS", "LOWERFILTERS") if name in values]
        if any(driver["name"].upper() == one.upper() for names in lists for one in names):
            classes.add(key.name().upper())
    return classes
