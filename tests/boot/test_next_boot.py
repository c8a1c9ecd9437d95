r"""The boot after this one: what the renames take from it that this boot has loaded already. smss.md A0.4, E2.6, detections.md 4.C.15."""

import pytest

from hivecheck.boot.actions import Action, LoadDriver, LoadHives, StartProcess
from hivecheck.boot.next_boot import play_next_boot
from hivecheck.boot.plan import Done, Step
from hivecheck.boot.replay import Halted, Replay
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.fact import changed
from hivecheck.facts.generation import NT4, WIN7, WIN11_24H2, XP, Generation
from hivecheck.facts.nt_path import NtPath
from hivecheck.facts.origin import BuiltIn, ValueRef
from hivecheck.registry.memory import MemoryHive
from hivecheck.registry.notation import parse_notation
from hivecheck.settings.services import ServiceDatabase, read_services
from tests.boot.boots import present
from tests.boot.requests import delete, driver, move, play_requests, process

SMSS = process("smss.exe", "\\SystemRoot\\System32\\smss.exe")
DRIVERS = "C:\\Windows\\System32\\drivers"


def database(error_control: int) -> ServiceDatabase:
    keys = (
        rf"""
[ControlSet001\Services\{name}]
Type = dword 1
Start = dword {start}
ErrorControl = dword {error_control}
ImagePath = expand "system32\drivers\{name}.sys"
"""
        for name, start in (("disk", 0), ("plain", 0), ("Ntfs", 4), ("storahci", 0))
    )
    notation = "".join(keys) + 'Group = sz "SCSI Miniport"\n'
    return read_services(MemoryHive("SYSTEM", parse_notation(notation).plain).root.subkey("ControlSet001"))


def next_boot(*actions: Action, error_control: int = 3, generation: Generation = XP, known: tuple[str, ...] = ()) -> Replay:
    files = tuple(map(present, known)) if known else None
    return play_next_boot(play_requests(*actions, files=files), database(error_control), generation)


@pytest.mark.parametrize("start", ["boot", "system"])
def test_a_critical_driver_that_a_rename_deletes_halts_the_boot_after_this_one(start: str) -> None:
    played = next_boot(driver("disk", start), delete(f"{DRIVERS}\\disk.sys"))
    last = played.events[-1]
    assert (last.number, last.step, last.action, last.done) == (3, Step.BOOT_DRIVERS, driver("disk", start), Done.NO)
    assert last.why == "in the boot after this one: the file was deleted"
    assert last.assumes == ("event 2 succeeded",)
    assert played.halted == Halted(
        3,
        "This boot still runs with the driver already loaded; the boot after it can't load "
        "\\SystemRoot\\System32\\drivers\\disk.sys (ErrorControl 3, critical). It falls back on the last known good set. What the "
        "last known good set has of it is not known.",
        Certainty.C,
        last.because,
    )
    values = [origin.value for origin in last.because if isinstance(origin, ValueRef)]
    assert values == ["ErrorControl", "ImagePath", "Start"]
    assert last.because[-1] == BuiltIn("request 2", "this test")  # the rename
    assert [(effect.boot, effect.event) for effect in last.effects] == [("next", 2)]


def test_from_8_on_there_is_no_last_known_good_to_fall_back_on() -> None:
    halted = next_boot(driver("disk"), delete(f"{DRIVERS}\\disk.sys"), generation=WIN11_24H2).halted
    assert halted is not None
    assert halted.why.endswith("(ErrorControl 3, critical).")
    assert halted.certainty is Certainty.C


def test_a_driver_moved_away_halts_it_too_and_the_place_is_told() -> None:
    played = next_boot(driver("disk"), move(f"{DRIVERS}\\disk.sys", "C:\\d"))
    assert played.halted is not None
    assert played.events[-1].why == "in the boot after this one: the file was moved to \\??\\C:\\d"


def test_with_all_files_known_the_loss_assumes_nothing() -> None:
    played = next_boot(driver("disk"), delete(f"{DRIVERS}\\disk.sys"), known=(f"{DRIVERS}\\disk.sys",))
    assert played.events[-1].assumes == ()


def test_a_folder_moved_away_takes_its_drivers_along() -> None:
    played = next_boot(driver("disk"), move(DRIVERS, "C:\\d"))
    assert played.halted is not None
    assert played.events[-1].why == f"in the boot after this one: the folder \\??\\{DRIVERS} was moved to \\??\\C:\\d"


def test_a_driver_replaced_or_moved_back_is_no_loss() -> None:
    path = f"{DRIVERS}\\disk.sys"
    assert next_boot(driver("disk"), delete(path), move("C:\\new.sys", path)).halted is None
    assert next_boot(driver("disk"), move(path, "C:\\d"), move("C:\\d", path)).halted is None


@pytest.mark.parametrize("error_control", [0, 1, 7])
def test_a_driver_that_may_fail_is_no_loss(error_control: int) -> None:
    played = next_boot(driver("plain"), delete(f"{DRIVERS}\\plain.sys"), error_control=error_control)
    assert (played.halted, played.problems, len(played.events)) == (None, (), 2)


def test_a_severe_driver_that_is_lost_is_a_problem() -> None:
    played = next_boot(driver("plain"), delete(f"{DRIVERS}\\plain.sys"), error_control=2)
    assert played.halted is None
    (problem,) = played.problems
    assert problem.code == "severe-driver-lost"
    assert "ErrorControl 2, severe" in problem.message
    assert problem.because[-1] == BuiltIn("request 2", "this test")


@pytest.mark.parametrize("name", ["disk", "Ntfs"])
@pytest.mark.parametrize("error_control", [0, 1, 2])
def test_without_what_reads_the_boot_disk_the_next_boot_most_likely_stops(name: str, error_control: int) -> None:
    played = next_boot(driver(name), delete(f"{DRIVERS}\\{name}.sys"), error_control=error_control)
    assert played.halted is not None
    assert played.halted.why.endswith("the boot most likely stops with 0x7B, INACCESSIBLE_BOOT_DEVICE.")
    assert played.halted.certainty is Certainty.C
    values = [origin.value for origin in played.halted.because if isinstance(origin, ValueRef)]
    assert values == ["Start", "ImagePath"]


def test_a_storage_controller_may_be_that_of_the_boot_disk() -> None:
    played = next_boot(driver("storahci"), delete(f"{DRIVERS}\\storahci.sys"), error_control=1)
    assert (played.halted, [problem.code for problem in played.problems]) == (None, ["boot-controller-lost"])


@pytest.mark.parametrize(
    ("name", "generation", "halts"),
    [
        ("ci.dll", XP, False), ("ci.dll", WIN7, True), ("kdcom.dll", NT4, False), ("kdcom.dll", XP, True),
        ("bootvid.dll", NT4, False), ("bootvid.dll", WIN11_24H2, True), ("pshed.dll", WIN7, True),
    ],
)  # fmt: skip
def test_the_loader_needs_what_the_kernel_imports(name: str, generation: Generation, halts: bool) -> None:
    played = next_boot(SMSS, delete(f"C:\\Windows\\System32\\{name}"), generation=generation)
    assert (played.halted is not None) is halts
    assert played.halted is None or f"finds no {name}" in played.halted.why


def test_a_driver_of_no_service_is_no_loss() -> None:
    assert next_boot(driver("other"), delete(f"{DRIVERS}\\other.sys")).halted is None


def test_smss_deleted_stops_the_boot_after_this_one() -> None:
    played = next_boot(SMSS, delete("C:\\Windows\\System32\\smss.exe"))
    assert played.halted is not None
    assert "SESSION3_INITIALIZATION_FAILED" in played.halted.why
    assert isinstance(played.events[-1].action, StartProcess)
    assert played.events[-1].done is Done.NO


@pytest.mark.parametrize(
    ("name", "generation", "process_name"),
    [
        ("ntoskrnl.exe", XP, "ntldr"),
        ("ntoskrnl.exe", WIN7, "winload.exe"),
        ("hal.dll", NT4, "ntldr"),
        ("winload.efi", WIN11_24H2, "bootmgr"),
        ("ntdll.dll", WIN7, "System"),
    ],
)
def test_the_kernel_and_its_kin_deleted_stop_the_boot_after_this_one(
    name: str, generation: Generation, process_name: str
) -> None:
    played = next_boot(SMSS, delete(f"C:\\Windows\\System32\\{name}"), generation=generation)
    last = played.events[-1]
    assert last.action == LoadDriver(NtPath(f"\\SystemRoot\\System32\\{name}"), None)
    assert last.process == process_name
    assert played.halted is not None
    assert played.halted.event == last.number
    assert name in played.halted.why


def test_the_loader_of_vista_is_nothing_to_xp() -> None:
    assert next_boot(SMSS, delete("C:\\Windows\\System32\\winload.exe"), generation=XP).halted is None


def test_the_system_hive_moved_away_stops_it_if_it_can_be() -> None:
    played = next_boot(SMSS, move("C:\\Windows\\System32\\config\\SYSTEM", "C:\\s"))
    assert played.halted is not None
    assert played.halted.certainty is Certainty.C
    assert played.events[-1].action == LoadHives(("SYSTEM",))


def test_the_halt_is_at_the_first_of_several_losses_in_the_order_of_the_boot() -> None:
    removed = (delete("C:\\Windows\\System32\\smss.exe"), delete(f"{DRIVERS}\\disk.sys"))
    played = next_boot(driver("disk"), SMSS, *removed)
    assert [event.number for event in played.events] == [1, 2, 3, 4, 5, 6]
    assert played.halted is not None
    assert (played.halted.event, played.events[4].action) == (5, driver("disk"))


def test_a_boot_that_halts_itself_keeps_its_halt() -> None:
    played = play_requests(driver("disk"), delete(f"{DRIVERS}\\disk.sys"))
    halted = changed(played, halted=Halted(2, "It stops here.", Certainty.A, ()))
    assert play_next_boot(halted, database(3), XP) == halted


def test_a_boot_that_loses_nothing_stays_as_it_is() -> None:
    played = play_requests(driver("disk"), SMSS, delete("C:\\a"))
    assert play_next_boot(played, database(3), XP) == played
