"""Boots played with the files of a built volume: facts take the place of assumptions, and absence is not concluded from a choice."""

from pathlib import Path

import pytest

from hivecheck.boot.actions import DeleteFile, RenameFile, RunProgram
from hivecheck.boot.plan import Done
from hivecheck.boot.replay import Event, Replay
from hivecheck.boot.smss.smss import Smss
from hivecheck.boot.whole_boot import play_boot, read_start_lists
from hivecheck.boot_on_volume import play_on_volume
from hivecheck.evidence.file_tree import FolderTree
from hivecheck.evidence.inventory import Inventory, InventoryLimits
from hivecheck.facts.generation import WIN11_24H2
from hivecheck.registry.control_sets import read_control_sets
from hivecheck.settings.catalog import read_settings
from tests.boot.boots import ROOT, asked, bootable, one
from tests.evidence.pe_writer import CONSOLE, NATIVE, pe_image
from tests.evidence.test_inventory import put, whole_volume

SYSTEM32 = "Windows/System32"


def play_with(root: Path, snippet: str, limits: InventoryLimits = InventoryLimits()) -> tuple[Replay, Inventory | None]:
    hive = bootable(snippet, WIN11_24H2)
    control_set = hive.root.subkey("ControlSet001")
    smss = Smss(read_settings(hive, control_set), WIN11_24H2, ROOT, "AMD64", "ControlSet001", None)
    sets, lists = read_control_sets(hive, "default"), read_start_lists(control_set, generation=WIN11_24H2)
    return play_on_volume(sets, smss, lists, play_boot(sets, smss, lists), FolderTree(root), limits)


def run_of(played: Replay) -> Event:
    return one([event for event in asked(played, RunProgram) if "planted" in getattr(event.action, "image", "")])


PLANTED = 'BootExecute = multi "planted"'


def test_a_native_program_that_is_there_is_started_without_assumptions(tmp_path: Path) -> None:
    put(whole_volume(tmp_path), f"{SYSTEM32}/planted.exe", pe_image(NATIVE))
    event = run_of(play_with(tmp_path, PLANTED)[0])
    assert (event.done, event.assumes) == (Done.YES, ())


def test_one_that_is_not_native_is_killed(tmp_path: Path) -> None:
    put(whole_volume(tmp_path), f"{SYSTEM32}/planted.exe", pe_image(CONSOLE))
    event = run_of(play_with(tmp_path, PLANTED)[0])
    assert event.done is Done.NO
    assert "no native image" in event.why


def test_one_that_is_missing_is_skipped(tmp_path: Path) -> None:
    event = run_of(play_with(whole_volume(tmp_path), PLANTED)[0])
    assert (event.done, event.assumes) == (Done.NO, ())
    assert event.why.startswith("the file does not exist")


def test_a_choice_of_files_says_nothing_of_those_it_lacks(tmp_path: Path) -> None:
    put(tmp_path, f"{SYSTEM32}/smss.exe", pe_image())
    played, inventory = play_with(tmp_path, PLANTED)
    assert inventory is not None
    assert run_of(played).done is Done.UNKNOWN
    assert run_of(played).assumes


def test_a_collection_of_hives_alone_changes_nothing(tmp_path: Path) -> None:
    put(tmp_path, f"{SYSTEM32}/config/SYSTEM")
    played, inventory = play_with(tmp_path, PLANTED)
    assert inventory is None
    assert played.before.files == {}


def test_a_rename_of_what_is_there_and_of_what_is_not(tmp_path: Path) -> None:
    put(whole_volume(tmp_path), "a.dll", pe_image(dll=True))
    lines = r'PendingFileRenameOperations = multi "\??\C:\a.dll" "!\??\C:\Windows\b.dll" "\??\C:\no.dll" ""'
    played, inventory = play_with(tmp_path, lines)
    moved = one(asked(played, RenameFile))
    assert (moved.done, moved.assumes) == (Done.YES, ())
    gone = one(asked(played, DeleteFile))
    assert (gone.done, gone.why, gone.assumes) == (Done.NO, "the file does not exist", ())
    assert inventory is not None
    assert [inventory.files[key].exists for key in ("A.DLL", "NO.DLL", "WINDOWS")] == [True, False, True]


def test_a_folder_with_a_known_file_is_not_empty_and_another_may_be(tmp_path: Path) -> None:
    put(whole_volume(tmp_path), "full/x.txt")
    lines = r'PendingFileRenameOperations = multi "\??\C:\full" "" "\??\C:\full\x.txt" "" "\??\C:\full" ""'
    first, _, last = asked(play_with(tmp_path, lines)[0], DeleteFile)
    assert (first.done, first.why) == (Done.NO, "the directory is not empty")
    assert last.assumes == ("the directory is empty by then",)


def test_the_contents_of_a_folder_that_is_moved_are_not_said_to_be_missing(tmp_path: Path) -> None:
    put(whole_volume(tmp_path), "a/x.txt")
    lines = r'PendingFileRenameOperations = multi "\??\C:\a" "\??\C:\b" "\??\C:\b\x.txt" ""'
    deleted = one(asked(play_with(tmp_path, lines)[0], DeleteFile))
    assert deleted.done is not Done.NO


@pytest.mark.parametrize(
    "path", [r"\??\D:\x", r"\??\C:\Windows\System32\ntdll.dll:s", r"\Device\HarddiskVolume9\x", r"\??\C:\a/b"]
)
def test_what_lies_elsewhere_stays_unknown(tmp_path: Path, path: str) -> None:
    played, _ = play_with(whole_volume(tmp_path), f'PendingFileRenameOperations = multi "{path}" ""')
    assert one(asked(played, DeleteFile)).done is Done.UNKNOWN


def test_a_link_of_the_boot_is_followed_on_the_volume(tmp_path: Path) -> None:
    put(whole_volume(tmp_path), "hidden/x.txt")
    played, _ = play_with(
        tmp_path,
        'PendingFileRenameOperations = multi "\\??\\Z:\\x.txt" ""\n[DOS Devices]\nZ: = sz "\\??\\C:\\hidden"',
    )
    assert one(asked(played, DeleteFile)).done is Done.YES


def test_a_volume_of_another_windows_gives_no_inventory(tmp_path: Path) -> None:
    put(tmp_path, "WINNT/system32/ntoskrnl.exe")
    played, inventory = play_with(tmp_path, PLANTED)
    assert inventory is None
    assert run_of(played).done is Done.UNKNOWN


def test_thousands_of_paths_meet_the_limit_and_stay_unknown(tmp_path: Path) -> None:
    names = " ".join(f'"\\??\\C:\\{number}.tmp" ""' for number in range(300))
    limits = InventoryLimits(lookups=200)
    played, inventory = play_with(whole_volume(tmp_path), f"PendingFileRenameOperations = multi {names}", limits)
    assert inventory is not None
    assert inventory.limits == ("only the first 200 paths were looked up on the volume",)
    assert {event.done for event in asked(played, DeleteFile)} == {Done.NO, Done.UNKNOWN}
