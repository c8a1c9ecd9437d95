r"""The model of the machine: names, files, folding, and that its state changes through changes alone."""

import pytest

from hivecheck.boot.machine import (
    LONGEST_NAME,
    Exists,
    File,
    FolderMoved,
    Machine,
    NamedObject,
    NameRemoved,
    Process,
    RegistryWrite,
    Variable,
    folders_above,
    machine_at_smss,
    object_key,
)
from hivecheck.facts.nt_path import NtPath


def at_smss(*files: File, all_files_known: bool = False) -> Machine:
    return machine_at_smss("C:\\Windows", files, all_files_known)


def there(path: str, *, directory: bool = False) -> File:
    return File(path, Exists.YES, "", directory=directory)


def gone(path: str) -> File:
    return File(path, Exists.NO, "")


def linked(*links: tuple[str, str]) -> Machine:
    machine = at_smss()
    machine.apply(NamedObject(name, "link", target) for name, target in links)
    return machine


@pytest.mark.parametrize(
    "spelled",
    [
        "\\??\\C:\\Windows\\x",
        "\\??\\c:\\WINDOWS\\X",
        "\\DosDevices\\C:\\Windows\\x",
        "\\GLOBAL??\\C:\\Windows\\x",
        "\\SystemRoot\\x",
        "\\systemroot\\X",
        "\\??\\Global\\C:\\Windows\\x",
        "\\??\\GLOBALROOT\\SystemRoot\\x",
        "\\??\\C:\\Windows\\x\\",
        "\\??\\C:\\Windows\\x::$DATA",
    ],
)
def test_spellings_of_one_file(spelled: str) -> None:
    """smss.md A0.6, C.1."""
    assert at_smss().file_key(NtPath(spelled)) == "C:\\WINDOWS\\X"


@pytest.mark.parametrize(
    ("spelled", "key"),
    [
        ("\\Device\\HarddiskVolume1\\x", "\\DEVICE\\HARDDISKVOLUME1\\X"),
        ("\\??\\Volume{1}\\x", "\\??\\VOLUME{1}\\X"),
        ("\\SystemRootX\\x", "\\SYSTEMROOTX\\X"),
        ("C:\\x", "C:\\X"),
        ("\\", "\\"),
        ("", "\\"),
        ("\\??\\C:", "C:"),
        ("\\??\\C:\\", "C:"),
    ],
)
def test_keys_of_other_paths(spelled: str, key: str) -> None:
    assert at_smss().file_key(NtPath(spelled)) == key


def test_a_letter_whose_upper_case_is_longer_stays_itself() -> None:
    assert at_smss().file_key(NtPath("\\??\\C:\\straße")) == "C:\\STRAßE"


def test_links_are_followed_one_through_the_other() -> None:
    machine = linked(("\\GLOBAL??\\Z:", "\\??\\Y:\\a"), ("\\GLOBAL??\\Y:", "\\??\\C:\\b\\"))
    assert machine.file_key(NtPath("\\??\\z:\\x")) == "C:\\B\\A\\X"


def test_links_that_lead_to_each_other_come_to_an_end() -> None:
    machine = linked(("\\GLOBAL??\\Z:", "\\??\\Y:"), ("\\GLOBAL??\\Y:", "\\??\\Z:"), ("\\GLOBAL??\\X:", "\\??\\X:\\more"))
    assert machine.file_key(NtPath("\\??\\Z:\\x")).endswith("\\X")
    assert len(machine.resolve(NtPath("\\??\\X:\\x"))) < LONGEST_NAME


def test_a_link_that_grows_without_end_comes_to_an_end() -> None:
    machine = linked(("\\GLOBAL??\\X:", "\\??\\X:\\" + "a" * 30_000))
    assert len(machine.resolve(NtPath("\\??\\X:\\x"))) < 3 * LONGEST_NAME


def test_system_root_is_not_led_astray_by_a_drive_letter() -> None:
    machine = linked(("\\GLOBAL??\\C:", "\\??\\D:\\fake"))
    assert machine.file_key(NtPath("\\SystemRoot\\x")) == "C:\\WINDOWS\\X"
    assert machine.file_key(NtPath("\\??\\C:\\Windows\\x")) == "D:\\FAKE\\WINDOWS\\X"


def test_an_object_has_one_name_whatever_its_directory_is_called() -> None:
    assert {object_key(f"{prefix}nul") for prefix in ("\\??\\", "\\DosDevices\\", "\\GLOBAL??\\")} == {"\\GLOBAL??\\NUL"}
    assert object_key("\\Windows") == "\\WINDOWS"


def test_a_removed_name_is_gone() -> None:
    machine = linked(("\\GLOBAL??\\Z:", "\\??\\C:\\a"))
    machine.apply((NameRemoved("\\GLOBAL??\\z:"),))
    assert machine.object_named("\\??\\Z:") is None
    assert machine.file_key(NtPath("\\??\\Z:\\x")) == "Z:\\X"


def test_a_folder_holds_files_until_the_last_one_is_gone() -> None:
    machine = at_smss(there("\\??\\C:\\a\\b\\c"), there("\\??\\C:\\a\\d"))
    assert [machine.has_files(folder) for folder in ("C:", "C:\\A", "C:\\A\\B")] == [True, True, True]
    machine.apply((gone("\\??\\C:\\a\\b\\c"),))
    assert [machine.has_files(folder) for folder in ("C:", "C:\\A", "C:\\A\\B")] == [True, True, False]
    machine.apply((gone("\\??\\C:\\a\\d"),))
    assert [machine.has_files(folder) for folder in ("C:", "C:\\A", "C:\\A\\B")] == [False, False, False]


def test_a_folder_that_is_known_counts_for_the_one_above_when_it_is_empty() -> None:
    machine = at_smss(there("\\??\\C:\\a\\b", directory=True), there("\\??\\C:\\a\\b\\c"))
    machine.apply((gone("\\??\\C:\\a\\b\\c"),))
    assert (machine.has_files("C:\\A\\B"), machine.has_files("C:\\A")) == (False, True)


def test_an_inventory_makes_the_folders_and_volumes_of_its_files_known() -> None:
    machine = at_smss(there("\\SystemRoot\\System32\\x"), all_files_known=True)
    for folder in ("C:\\WINDOWS\\SYSTEM32", "C:\\WINDOWS", "C:"):
        assert machine.files[folder].exists is Exists.YES
        assert machine.files[folder].directory is True
    assert machine.lists_all_of("C:\\ANYTHING")
    assert not machine.lists_all_of("D:\\ANYTHING")
    assert not at_smss(there("\\??\\C:\\x")).lists_all_of("C:\\ANYTHING")


def test_the_contents_of_a_moved_folder_have_new_paths() -> None:
    machine = at_smss(there("\\??\\C:\\Old\\Sub\\File"), gone("\\??\\C:\\Old\\Lost"))
    machine.apply((FolderMoved("\\??\\C:\\old\\", "\\??\\D:\\New"),))
    assert machine.files["D:\\NEW\\SUB\\FILE"].path == "\\??\\D:\\New\\Sub\\File"
    assert machine.files["D:\\NEW\\LOST"].exists is Exists.NO
    assert [key for key in machine.files if key.startswith("C:\\OLD")] == []
    assert (machine.has_files("D:\\NEW"), machine.has_files("C:\\OLD")) == (True, False)


def test_what_was_known_where_a_folder_is_moved_to_is_known_no_more() -> None:
    machine = at_smss(gone("\\??\\C:\\new\\x"), there("\\??\\C:\\old\\y"))
    machine.apply((FolderMoved("\\??\\C:\\old", "\\??\\C:\\new"),))
    assert sorted(machine.files) == ["C:\\NEW\\Y"]


def test_a_folder_reached_through_a_link_is_moved() -> None:
    machine = linked(("\\GLOBAL??\\Z:", "\\??\\C:\\Data"))
    machine.apply((there("\\??\\Z:\\dir\\f"), FolderMoved("\\??\\C:\\Data\\dir", "\\??\\Z:\\other")))
    assert list(machine.files) == ["C:\\DATA\\OTHER\\F"]
    assert machine.files["C:\\DATA\\OTHER\\F"].path == "\\??\\Z:\\other\\f"


def test_after_very_many_moved_files_the_inventory_is_trusted_no_more() -> None:
    machine = at_smss(*(there(f"\\??\\C:\\a\\f{number}") for number in range(60)), all_files_known=True)
    for turn in range(1_700):
        source, target = ("a", "b") if turn % 2 == 0 else ("b", "a")
        machine.apply((FolderMoved(f"\\??\\C:\\{source}", f"\\??\\C:\\{target}"),))
    assert not machine.all_files_known
    assert not any(key.endswith("\\F7") for key in machine.files)


def test_a_copy_changes_alone() -> None:
    machine = at_smss(there("\\??\\C:\\a\\b"))
    copy = machine.copy()
    copy.apply(
        (
            gone("\\??\\C:\\a\\b"),
            NamedObject("\\x", "directory"),
            Variable("Path", "x"),
            Process("x", "x", "x", "x", None, True, False),
            RegistryWrite("k", "n", None),
            FolderMoved("\\??\\C:\\a", "\\??\\C:\\b"),
        )
    )
    assert machine.files["C:\\A\\B"].exists is Exists.YES
    assert machine.has_files("C:\\A")
    assert machine.object_named("\\x") is None
    assert (machine.environment, machine.processes, machine.registry) == ({}, [], [])
    assert copy.object_named("\\X") is not None


def test_folders_above_are_the_nearest_first_and_not_without_end() -> None:
    assert list(folders_above("C:\\A\\B\\C")) == ["C:\\A\\B", "C:\\A", "C:"]
    assert list(folders_above("C:")) == []
    assert len(list(folders_above("\\A" * 10_000))) == 64
