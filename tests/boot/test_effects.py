r"""What one event of a boot does to the file, the device or the path of another: smss.md A.4, C3.c, detections.md 4.A."""

import time

import pytest

from hivecheck.boot.actions import (
    CreateDirectory,
    Link,
    LoadHives,
    RunProgram,
    SetVariable,
    StartSubsystem,
    Unlink,
)
from hivecheck.boot.effects import add_effects
from hivecheck.boot.plan import Done
from hivecheck.boot.replay import Replay
from hivecheck.facts.generation import NT4, WIN7, WIN10_1709, WIN10_1803, WIN11_24H2, WIN81, XP, Generation
from tests.boot.boots import EVERY_FAMILY, asked, play, present
from tests.boot.requests import SYSTEM32, delete, driver, move, play_requests, process, program, section, service

KNOWN = CreateDirectory("\\KnownDlls")


def effects(played: Replay, number: int, generation: Generation = XP) -> list[tuple[str, int, str]]:
    """Those of one event: the boot, the number of the event that causes it, the sentence."""
    (event,) = [event for event in add_effects(played, generation).events if event.number == number]
    return [(effect.boot, effect.event, effect.text) for effect in event.effects]


def test_a_boot_without_renames_links_or_path_has_no_effects() -> None:
    played = play_requests(driver("disk"), program("autochk"), service("Spooler", "C:\\Windows\\System32\\spoolsv.exe"))
    assert add_effects(played, XP) == played


def test_a_service_replaced_by_an_earlier_rename_is_the_new_file_in_this_boot() -> None:
    played = play_requests(move("C:\\new.exe", "C:\\Agent\\a.exe"), service("Agent", "C:\\Agent\\a.exe"))
    told = "If it succeeds, a pending rename puts \\??\\C:\\new.exe in the place of \\??\\C:\\Agent\\a.exe"
    assert effects(played, 2) == [("this", 1, f"{told}: this boot already uses the new file.")]


def test_with_all_files_known_nothing_is_left_to_an_if() -> None:
    files = (present("C:\\new.exe"), present("C:\\Agent\\a.exe"))
    played = play_requests(move("C:\\new.exe", "C:\\Agent\\a.exe"), service("Agent", "C:\\Agent\\a.exe"), files=files)
    told = "A pending rename puts \\??\\C:\\new.exe in the place of \\??\\C:\\Agent\\a.exe: this boot already uses the new file."
    assert effects(played, 2) == [("this", 1, told)]


def test_a_deleted_service_is_gone_in_this_boot() -> None:
    played = play_requests(delete("C:\\Agent\\a.exe"), service("Agent", "C:\\Agent\\a.exe"))
    assert played.events[1].done is Done.NO
    told = "If it succeeds, a pending rename deletes \\??\\C:\\Agent\\a.exe: it is gone in this boot already."
    assert effects(played, 2) == [("this", 1, told)]


def test_the_dll_of_a_service_counts_like_its_program() -> None:
    svchost, dll = "C:\\Windows\\System32\\svchost.exe", "C:\\x\\s.dll"
    played = play_requests(move("C:\\n", dll), service("One", svchost), service("Two", svchost, dll, shared=True))
    assert effects(played, 2) == []
    assert [effect[:2] for effect in effects(played, 3)] == [("this", 1)]


def test_a_file_moved_away_is_gone_and_the_place_is_told() -> None:
    played = play_requests(move("C:\\Agent\\a.exe", "C:\\b"), service("Agent", "C:\\Agent\\a.exe"))
    told = "If it succeeds, a pending rename moves \\??\\C:\\Agent\\a.exe to \\??\\C:\\b: it is gone in this boot already."
    assert effects(played, 2) == [("this", 1, told)]


@pytest.mark.parametrize("action", [driver("disk"), driver("afd", "system"), program("autochk")])
def test_what_is_loaded_before_the_renames_is_the_new_file_only_in_the_next_boot(action: RunProgram) -> None:
    (path,) = (action.image,) if not isinstance(action, RunProgram) else action.candidates
    spelled = path.text.replace("\\SystemRoot", "\\??\\C:\\Windows")[4:]
    (effect,) = effects(play_requests(action, move("C:\\new", spelled)), 1)
    assert effect[:2] == ("next", 2)
    assert effect[2].endswith("this boot still used the old file, the boot after it the new one.")


def test_a_boot_driver_deleted_is_missing_in_the_next_boot() -> None:
    played = play_requests(driver("disk"), delete("C:\\WINDOWS\\system32\\DRIVERS\\disk.sys"))
    told = "If it succeeds, a pending rename deletes \\SystemRoot\\System32\\drivers\\disk.sys"
    assert effects(played, 1) == [("next", 2, f"{told}: this boot still used the old file, the boot after it finds none.")]


def test_a_file_moved_away_and_back_is_untouched() -> None:
    """detections.md 4.C.16: the second list undoes the first."""
    played = play_requests(driver("disk"), move(f"{SYSTEM32[4:]}\\drivers\\disk.sys", "C:\\d"))
    assert [effect[:2] for effect in effects(played, 1)] == [("next", 2)]
    undone = play_requests(
        driver("disk"),
        move(f"{SYSTEM32[4:]}\\drivers\\disk.sys", "C:\\d"),
        move("C:\\d", f"{SYSTEM32[4:]}\\drivers\\disk.sys"),
    )
    assert effects(undone, 1) == []


def test_a_folder_swing_shows_on_the_file_changed_meanwhile() -> None:
    """detections.md 4.C.3: the folder renamed, something in it deleted, the folder renamed back."""
    platform = "C:\\ProgramData\\Defender"
    played = play_requests(
        move(platform, f"{platform}_bak"),
        delete(f"{platform}_bak\\MsMpEng.exe"),
        move(f"{platform}_bak", platform),
        service("WinDefend", f"{platform}\\MsMpEng.exe"),
        service("Other", f"{platform}\\other.exe"),
    )
    assert [effect[:2] for effect in effects(played, 4)] == [("this", 2)]
    assert effects(played, 5) == []


def test_a_folder_moved_away_takes_its_files_along() -> None:
    played = play_requests(move("C:\\Agent", "C:\\Old"), service("Agent", "C:\\Agent\\a.exe"))
    told = "If it succeeds, a pending rename moves the folder \\??\\C:\\Agent to \\??\\C:\\Old, and \\??\\C:\\Agent\\a.exe with it"
    assert effects(played, 2) == [("this", 1, f"{told}: it is gone in this boot already.")]


def test_a_known_dll_is_replaced_in_this_boot_and_that_is_unproven_since_1803() -> None:
    played = play_requests(KNOWN, move("C:\\n", "C:\\Windows\\System32\\ws2_32.dll"), section("ws2_32.dll"))
    for generation in (NT4, XP, WIN7, WIN10_1709, WIN10_1803, WIN11_24H2):
        ((boot, event, text),) = effects(played, 3, generation)
        assert (boot, event) == ("this", 2)
        assert "every program of this boot gets the new file" in text
        assert ("unproven" in text) == (generation >= WIN10_1803)


def test_ntdll_is_mapped_by_the_kernel_so_a_new_one_waits_for_the_next_boot() -> None:
    played = play_requests(KNOWN, move("C:\\n", "C:\\Windows\\System32\\ntdll.dll"), section("ntdll.dll"))
    assert [effect[:2] for effect in effects(played, 3)] == [("next", 2)]


def test_a_swapped_software_hive_is_loaded_up_to_7_and_open_already_from_8_on() -> None:
    swap = move("C:\\s", "C:\\Windows\\System32\\config\\SOFTWARE")
    ((boot, event, _),) = effects(play_requests(swap, LoadHives(("SOFTWARE", "SAM"))), 2, WIN7)
    assert (boot, event) == ("this", 1)
    for generation in (WIN81, WIN11_24H2):
        ((boot, event, text),) = effects(play_requests(LoadHives(("SOFTWARE", "SAM")), swap), 1, generation)
        assert (boot, event) == ("next", 2)
        assert "likely fails" in text
        assert ("up to 8.1" in text) == (generation is WIN81)


def test_a_redirected_drive_is_told_with_the_true_path() -> None:
    link = Link("\\GLOBAL??\\C:", "\\??\\D:\\evil")
    played = play_requests(link, service("Agent", "C:\\Agent\\a.exe"), process("x", "\\SystemRoot\\x.exe"))
    true = "\\??\\C:\\Agent\\a.exe is in truth \\??\\D:\\evil\\Agent\\a.exe."
    assert effects(played, 2) == [("this", 1, f"The DOS device C: is linked to \\??\\D:\\evil: {true}")]
    assert effects(played, 3) == []  # \SystemRoot is the kernel's own way


@pytest.mark.parametrize("generation", EVERY_FAMILY, ids=lambda one: one.id)
def test_autochk_says_that_its_drive_is_redirected(generation: Generation) -> None:
    hive = 'BootExecute = multi "autocheck autochk *"\n[DOS Devices]\nC: = sz "\\??\\D:\\evil"'
    played = add_effects(play(hive, generation), generation)
    (autochk,) = [event for event in asked(played, RunProgram) if event.action.image == "autochk"]  # type: ignore[union-attr]
    (link,) = [event for event in asked(played, Link) if event.action.name.endswith("C:")]  # type: ignore[union-attr]
    (effect,) = autochk.effects
    assert (effect.boot, effect.event) == ("this", link.number)
    assert effect.text.endswith("is in truth \\??\\D:\\evil\\Windows\\system32\\autochk.exe.")


def test_a_chain_of_links_names_each() -> None:
    played = play_requests(
        Link("\\GLOBAL??\\Z:", "\\??\\Y:\\a"), Link("\\GLOBAL??\\Y:", "\\??\\C:\\b"), service("S", "Z:\\s.exe")
    )
    assert [effect[:2] for effect in effects(played, 3)] == [("this", 1), ("this", 2)]
    assert all(text.endswith("\\??\\Z:\\s.exe is in truth \\??\\C:\\b\\a\\s.exe.") for _, _, text in effects(played, 3))


def test_links_in_a_circle_end() -> None:
    played = play_requests(Link("\\GLOBAL??\\Z:", "\\??\\Y:"), Link("\\GLOBAL??\\Y:", "\\??\\Z:"), service("S", "Z:\\s.exe"))
    assert {event for _, event, _ in effects(played, 3)} == {1, 2}


def test_a_device_removed_leads_nowhere() -> None:
    played = play_requests(Unlink("\\GLOBAL??\\D:"), service("S", "D:\\s.exe"))
    assert effects(played, 2) == [("this", 1, "The DOS device D: is removed: \\??\\D:\\s.exe leads nowhere.")]


def test_renames_through_a_redirected_drive_say_so() -> None:
    """detections.md 4.C.10."""
    played = play_requests(Link("\\GLOBAL??\\Q:", "\\??\\C:\\q"), move("Q:\\a", "C:\\b"))
    told = "The DOS device Q: is linked to \\??\\C:\\q: \\??\\Q:\\a is in truth \\??\\C:\\q\\a."
    assert effects(played, 2) == [("this", 1, told)]


def test_a_folder_before_system32_in_path_decides() -> None:
    path = SetVariable("Path", "C:\\evil;C:\\Windows\\system32")
    told = "Path decides which chk is taken: that of C:\\evil"
    assert effects(play_requests(path, program("chk", "C:\\evil")), 2) == [
        ("this", 1, f"{told}, if there is one, not that of System32.")
    ]
    known = play_requests(path, program("chk", "C:\\evil"), files=(present("C:\\evil\\chk.exe", native=True),))
    assert effects(known, 2) == [("this", 1, f"{told}, not that of System32.")]


def test_a_path_that_begins_with_system32_decides_nothing() -> None:
    path = SetVariable("Path", "C:\\Windows\\System32;C:\\evil")
    assert effects(play_requests(path, program("chk")), 2) == []


def test_an_image_with_its_folder_is_not_decided_by_path() -> None:
    path = SetVariable("Path", "C:\\evil;C:\\Windows\\system32")
    assert effects(play_requests(path, service("S", "C:\\evil\\s.exe")), 2) == []


def test_the_candidate_tried_first_is_missed_where_it_is_deleted() -> None:
    path = SetVariable("Path", "C:\\evil;C:\\Windows\\system32")
    played = play_requests(path, delete("C:\\evil\\chk.exe"), program("chk", "C:\\evil"))
    told = "If it succeeds, a pending rename deletes \\??\\C:\\evil\\chk.exe, which would have been tried first."
    assert effects(played, 3) == [("this", 2, told)]


def test_csrss_and_winlogon_replaced_run_in_this_boot_in_every_generation() -> None:
    for generation in EVERY_FAMILY:
        renames = (
            "PendingFileRenameOperations = multi "
            '"\\??\\C:\\a" "!\\??\\C:\\Windows\\System32\\csrss.exe" "\\??\\C:\\b" "!\\??\\C:\\Windows\\System32\\winlogon.exe"'
        )
        played = add_effects(play(renames, generation), generation)
        csrss = [event for event in asked(played, StartSubsystem) if event.effects]
        winlogon = [event for event in played.events if getattr(event.action, "image", "") == "winlogon.exe"]
        assert {effect.boot for event in (*csrss, *winlogon) for effect in event.effects} == {"this"}
        assert winlogon[0].effects


def test_a_program_of_setup_execute_is_the_renamed_one() -> None:
    renames = (
        'PendingFileRenameOperations = multi "\\??\\C:\\a" "!\\??\\C:\\Windows\\System32\\s.exe"\nSetupExecute = multi "s"'
    )
    played = add_effects(play(renames, XP), XP)
    (run,) = [event for event in asked(played, RunProgram) if event.action.list == "SetupExecute"]  # type: ignore[union-attr]
    assert [effect.boot for effect in run.effects] == ["this"]


def test_thousands_of_renames_take_no_quadratic_time() -> None:
    def seconds(count: int) -> float:
        renames = [move(f"C:\\d\\{n}", f"C:\\Windows\\System32\\{n}.exe") for n in range(count)]
        services = [service(f"s{n}", f"C:\\Windows\\System32\\{n}.exe") for n in range(count)]
        played = play_requests(*renames, *services)
        start = time.perf_counter()
        told = add_effects(played, XP)
        assert sum(len(event.effects) for event in told.events) == count
        return time.perf_counter() - start

    small = seconds(1_000)
    assert seconds(8_000) < max(32 * small, 1)
