"""Drivers without which a kernel can't read its boot disk: what halts a boot, and what is only told."""

import pytest

from hivecheck.boot.replay import Replay
from hivecheck.boot.smss.smss import Smss
from hivecheck.boot.whole_boot import play_boot, read_start_lists
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.fact import changed
from hivecheck.facts.generation import (
    NT4,
    NT351,
    VISTA,
    WIN7,
    WIN8,
    WIN10_1903,
    WIN11_24H2,
    WIN2000,
    WIN2003,
    XP,
    Generation,
)
from hivecheck.facts.origin import KeyRef, ValueRef
from hivecheck.registry.control_sets import read_control_sets
from hivecheck.registry.hive import fold_name
from hivecheck.registry.memory import MemoryHive
from hivecheck.settings.catalog import read_settings
from tests.boot.boots import ROOT, bootable
from tests.boot.whole_boots import play_whole

FAMILIES = (NT351, NT4, WIN2000, XP, WIN2003, VISTA, WIN7, WIN8, WIN10_1903, WIN11_24H2)
PE = "[ControlSet001\\Control\\MiniNT]\n"


def boot(
    snippet: str = "", generation: Generation = WIN7, *, lost: tuple[str, ...] = (), architecture: str = "x86"
) -> Replay:
    """The boot of a hive with the drivers of a boot disk, but for those that are `lost`; `Services` loses the whole key."""
    others = "".join(driver(f"other{number}", 3) for number in range(10))
    hive = bootable(snippet + "\n" + others, generation, drivers=True)
    plain = hive.root.plain
    if lost:
        names = {fold_name(name) for name in lost}
        sets = tuple(
            changed(
                key,
                subkeys=tuple(
                    changed(one, subkeys=tuple(each for each in one.subkeys if fold_name(each.name) not in names))
                    for one in key.subkeys
                    if fold_name(one.name) not in names
                ),
            )
            for key in plain.subkeys
        )
        hive = MemoryHive("SYSTEM", changed(plain, subkeys=sets))
    control_set = hive.root.subkey("ControlSet001")
    smss = Smss(read_settings(hive, control_set), generation, ROOT, architecture, "ControlSet001", None)
    lists = read_start_lists(control_set, hive.root, generation)
    return play_boot(read_control_sets(hive, "default"), smss, lists)


def driver(name: str, start: int, **values: str) -> str:
    more = "".join(f"{key} = {value}\n" for key, value in values.items())
    return f"[ControlSet001\\Services\\{name}]\nType = dword 1\nStart = dword {start}\nErrorControl = dword 1\n{more}"


def told(played: Replay) -> list[str]:
    return [problem.message for problem in played.problems if problem.code == "boot-disk-driver"]


def why(played: Replay) -> str:
    assert played.halted is not None
    return played.halted.why


@pytest.mark.parametrize("generation", FAMILIES)
def test_with_all_of_them_nothing_is_told(generation: Generation) -> None:
    played = boot("", generation)
    assert (played.halted, told(played)) == (None, [])


@pytest.mark.parametrize("generation", FAMILIES)
def test_without_the_key_services_the_loader_ends_the_boot(generation: Generation) -> None:
    played = boot("", generation, lost=("Services",))
    assert why(played).startswith("The key ControlSet001\\Services is missing: ")
    assert ("winload.exe" if generation >= VISTA else "ntldr") in why(played)
    assert played.halted is not None
    assert played.halted.certainty is (Certainty.B if generation in (WIN2000, XP, WIN2003) else Certainty.C)
    assert not [event for event in played.events if event.process == "smss.exe"]


@pytest.mark.parametrize(
    ("name", "generations"),
    [
        ("Disk", FAMILIES),
        ("Ntfs", FAMILIES),
        ("PartMgr", FAMILIES[2:]),
        ("Ftdisk", (WIN2000, XP, WIN2003)),
        ("volmgr", FAMILIES[5:]),
        ("ACPI", FAMILIES[5:]),
    ],
)
def test_what_every_machine_of_a_windows_needs_halts_where_it_is_missing(
    name: str, generations: tuple[Generation, ...]
) -> None:
    for generation in FAMILIES:
        played = boot("", generation, lost=(name,))
        assert (played.halted is not None) is (generation in generations), generation
        if played.halted is not None:
            assert name in why(played)
            assert why(played).endswith("the boot most likely stops with 0x7B, INACCESSIBLE_BOOT_DEVICE.")
            assert played.halted.certainty is Certainty.C
            assert [origin.path for origin in played.halted.because if isinstance(origin, KeyRef)][-1:] != []


@pytest.mark.parametrize(
    ("start", "state"), [(4, "is disabled"), (3, "is demand-start, not boot-start"), (1, "is system-start")]
)
def test_one_that_is_not_at_boot_start_is_as_good_as_missing(start: int, state: str) -> None:
    played = boot(driver("Disk", start), WIN10_1903)
    assert why(played).startswith(f"The driver Disk (the driver of disks) {state}")
    assert played.halted is not None
    (cited,) = played.halted.because
    assert isinstance(cited, ValueRef)
    assert (cited.key, cited.value) == ("ControlSet001\\Services\\Disk", "Start")


def test_several_are_told_in_one_sentence() -> None:
    text = why(boot(driver("Disk", 4) + driver("ACPI", 4), WIN7))
    assert text.startswith("The driver Disk (the driver of disks) is disabled; the driver ACPI")


def test_a_start_override_takes_a_driver_from_the_boot_from_8_on() -> None:
    override = "[ControlSet001\\Services\\Disk\\StartOverride]\n0 = dword 3\n"
    assert "is demand-start" in why(boot(override, WIN10_1903))
    assert boot(override, WIN7).halted is None


def test_the_loader_takes_ntfs_whatever_its_start_is() -> None:
    for generation in FAMILIES:
        assert boot("[ControlSet001\\Services\\Ntfs]\nType = dword 2\nStart = dword 4\n", generation).halted is None


def test_where_another_file_system_is_at_boot_start_ntfs_need_not_be_there() -> None:
    fat = "[ControlSet001\\Services\\Fastfat]\nType = dword 2\nStart = dword 0\n"
    assert boot(fat, XP, lost=("Ntfs",)).halted is None
    assert "The driver Ntfs (the file system that the boot volume is assumed to have) is missing" in why(
        boot("", XP, lost=("Ntfs",))
    )


def test_up_to_nt4_another_driver_can_be_that_of_the_disk() -> None:
    for start, halts in ((0, False), (4, True)):
        other = driver("atdisk", start, Group='sz "Primary disk"')
        assert (boot(other + driver("Disk", 4), NT4).halted is not None) is halts


@pytest.mark.parametrize(
    ("name", "generation", "what"),
    [
        ("ACPI", XP, "a machine with an ACPI HAL"),
        ("pci", WIN2000, "a machine whose boot disk hangs on PCI"),
        ("pci", WIN11_24H2, "a machine whose boot disk hangs on PCI"),
        ("dmio", XP, "a machine whose boot disk is dynamic"),
        ("volmgrx", WIN7, "a machine whose boot disk is dynamic"),
        ("volsnap", WIN10_1903, "a machine with the usual filters of volumes"),
        ("volume", WIN10_1903, "a machine of a build that has it"),
    ],
)
def test_what_some_machines_need_is_told_and_halts_nothing(name: str, generation: Generation, what: str) -> None:
    played = boot(driver(name, 4), generation)
    (text,) = told(played)
    assert played.halted is None
    assert f"The driver {name} (" in text
    assert text.endswith(f") is disabled. Where this is {what}, the boot stops with 0x7B, INACCESSIBLE_BOOT_DEVICE.")
    assert told(boot(driver(name, 0), generation)) == []


def test_a_64_bit_xp_boots_with_acpi_alone() -> None:
    assert "ACPI" in why(boot(driver("ACPI", 4), WIN2003, architecture="AMD64"))


def test_a_pci_bus_that_is_disabled_halts_xp_to_7() -> None:
    for generation in FAMILIES:
        assert (boot(driver("pci", 4), generation).halted is not None) is (XP <= generation <= WIN7)


def test_windows_pe_boots_from_memory_so_it_is_told_only() -> None:
    played = boot(PE + driver("Disk", 4), WIN10_1903)
    assert played.halted is None
    assert "Where this is no Windows PE" in told(played)[0]
    played = boot(PE, WIN10_1903, lost=("Services",))
    assert played.halted is None
    assert told(played)[0].startswith("The key ControlSet001\\Services is missing. Where this is no Windows PE")


def test_controllers_of_which_none_is_at_boot_start_are_told() -> None:
    group = {"Group": 'sz "SCSI miniport"'}
    several = "".join(driver(f"scsi{number}", 4, **group) for number in range(9))
    (text,) = told(boot(several, WIN10_1903))
    assert "SCSI Miniport: scsi0, scsi1, scsi2, scsi3, scsi4 and 4 more" in text
    assert told(boot(several + driver("storahci", 0, **group), WIN10_1903)) == []


def test_a_list_too_short_for_any_machine_foretells_no_boot() -> None:
    played = play_whole(driver("Disk", 4), WIN10_1903)
    assert played.halted is None
    (text,) = told(played)
    assert text == (
        "The driver Disk (the driver of disks) is disabled. Services lists 7 services and drivers, fewer than any machine has, so that "
        "no boot can be foretold from them."
    )


def test_a_key_services_with_nothing_below_it_is_no_list_either() -> None:
    played = boot(
        "",
        XP,
        lost=("ACPI", "Ftdisk", "volmgr", "PartMgr", "Disk", "Ntfs", "Beep", *(f"other{number}" for number in range(10))),
    )
    assert why(played).startswith("The key ControlSet001\\Services lists no driver: ntldr")
    assert played.halted is not None
    assert played.halted.certainty is Certainty.C
