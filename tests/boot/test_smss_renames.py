r"""Pending renames, played: smss.md B.3, B.4. What single answers depend on is in test_answers.py."""

import pytest

from hivecheck.boot.actions import DeleteFile, DeleteValue, MapSection, RenameFile, RunProgram, StartSubsystem
from hivecheck.boot.machine import File
from hivecheck.boot.plan import Done, Step
from hivecheck.boot.replay import Event, Replay
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.generation import NT4, WIN7, WIN10_1903, WIN11_24H2, WIN2000, WIN2003, XP, Generation
from hivecheck.facts.nt_path import NtPath
from tests.boot.boots import asked, cited, folder, one, play, present, results, state

LIST = "PendingFileRenameOperations"


def listed(*strings: str) -> str:
    r"""A rename list; `C:` in it stands for `\??\C:`."""
    return f"{LIST} = multi " + " ".join('"' + text.replace("C:", "\\??\\C:") + '"' for text in strings)


def renamed(*strings: str, files: tuple[File, ...] | None = None, generation: Generation = XP, more: str = "") -> Replay:
    return play(listed(*strings) + "\n" + more, generation, files=files)


def operations(played: Replay) -> list[Event]:
    return asked(played, (RenameFile, DeleteFile))


def test_without_an_inventory_every_operation_assumes_that_its_source_exists() -> None:
    event = one(operations(renamed("C:\\a", "")))
    assert (event.done, event.assumes) == (Done.UNKNOWN, ("\\??\\C:\\a exists",))


def test_a_rename_without_mark_assumes_that_its_target_does_not_exist() -> None:
    event = one(operations(renamed("C:\\a", "C:\\b")))
    assert event.assumes == ("\\??\\C:\\a exists", "\\??\\C:\\b does not exist")


def test_a_rename_with_mark_assumes_nothing_of_its_target() -> None:
    assert one(operations(renamed("C:\\a", "!C:\\b"))).assumes == ("\\??\\C:\\a exists",)


def test_a_rename_into_another_folder_assumes_that_folder() -> None:
    event = one(operations(renamed("C:\\a", "!C:\\x\\b")))
    assert event.assumes == ("\\??\\C:\\a exists", "the folder \\??\\C:\\x exists")


def test_a_rename_out_of_a_folder_assumes_nothing_of_the_folder_above() -> None:
    assert one(operations(renamed("C:\\x\\y\\a", "!C:\\x\\b"))).assumes == ("\\??\\C:\\x\\y\\a exists",)


def test_a_chain_of_renames_is_followed() -> None:
    """smss.md B3.11: A to B, then B to C."""
    played = renamed("C:\\a", "C:\\b", "C:\\b", "C:\\c", files=(present("C:\\a"),))
    assert results(operations(played)) == [Done.YES, Done.YES]
    assert [state(played, f"C:\\{name}") for name in "abc"] == ["no", "no", "yes"]
    assert played.after.files["C:\\C"].content == "C:\\a of before"
    assert operations(played)[1].why == "it is C:\\a of before, renamed from \\??\\C:\\a earlier in this boot"


def test_a_chain_without_inventory_carries_its_assumption_along() -> None:
    first, second = operations(renamed("C:\\a", "!C:\\b", "C:\\b", "!C:\\c"))
    assert (first.done, second.done) == (Done.UNKNOWN, Done.UNKNOWN)
    assert second.assumes == ("\\??\\C:\\b exists by then (earlier events succeeded)",)


def test_delete_then_rename_then_rename_swaps_a_file() -> None:
    """smss.md B3.11: delete A; rename B to A; rename temp to B."""
    files = tuple(present(f"C:\\{name}") for name in ("a", "b", "temp"))
    played = renamed("C:\\a", "", "C:\\b", "C:\\a", "C:\\temp", "C:\\b", files=files)
    assert results(operations(played)) == [Done.YES] * 3
    assert [played.after.files[f"C:\\{name}"].content for name in "AB"] == ["C:\\b of before", "C:\\temp of before"]
    assert state(played, "C:\\temp") == "no"


def test_a_list_repeated_fails_the_second_time_without_harm() -> None:
    """smss.md B3.15: no duplicate is dropped."""
    played = renamed("C:\\a", "", "C:\\a", "", files=(present("C:\\a"),))
    first, second = operations(played)
    assert (first.done, cited(first)) == (Done.YES, [(LIST, (0, 1))])
    assert (second.done, cited(second)) == (Done.NO, [(LIST, (2, 3))])
    assert second.why == "earlier in this boot it was deleted"
    assert (second.assumes, second.certainty) == ((), Certainty.A)


def test_a_no_that_rests_on_an_assumption_says_so() -> None:
    _, second = operations(renamed("C:\\a", "", "C:\\a", ""))
    assert (second.done, second.assumes) == (Done.NO, ("the file operations before it succeeded (\\??\\C:\\a)",))


def test_an_empty_source_is_ignored() -> None:
    """smss.md B3.13."""
    played = renamed("", "", "C:\\a", "", files=(present("C:\\a"),))
    empty, deleted = operations(played)
    assert (empty.done, deleted.done) == (Done.NO, Done.YES)
    assert cited(empty) == [(LIST, (0, 1))]


def test_a_source_with_a_final_backslash_is_a_directory() -> None:
    """smss.md B3.13."""
    event = one(operations(renamed("C:\\Temp\\nsp9C0.tmp\\", "")))
    assert event.assumes == ("\\??\\C:\\Temp\\nsp9C0.tmp\\ exists", "the directory is empty by then")
    known = renamed("C:\\dir\\", "", files=(folder("C:\\dir"),))
    assert (one(operations(known)).done, state(known, "C:\\dir")) == (Done.YES, "no")


def test_a_directory_that_is_not_empty_is_not_deleted() -> None:
    files = (folder("C:\\dir"), folder("C:\\dir\\sub"), present("C:\\dir\\sub\\f"))
    played = renamed(
        "C:\\dir\\sub", "", "C:\\dir\\sub\\f", "", "C:\\dir", "", "C:\\dir\\sub", "", "C:\\dir", "", files=files
    )
    assert results(operations(played)) == [Done.NO, Done.YES, Done.NO, Done.YES, Done.YES]


def test_a_directory_is_kept_by_a_file_in_it_that_a_later_pair_names() -> None:
    """smss.md B3.12: whoever lists the directory before its contents leaves it behind."""
    played = renamed("C:\\dir", "", "C:\\dir\\f", "")
    kept, deleted = operations(played)
    assert (kept.done, kept.assumes) == (Done.NO, ("\\??\\C:\\dir\\f exists",))
    assert kept.why == "the directory is not empty, if \\??\\C:\\dir\\f is there, which a later pair names"
    assert (deleted.done, deleted.assumes) == (Done.UNKNOWN, ("\\??\\C:\\dir\\f exists",))


def test_a_later_source_keeps_a_directory_in_whatever_spelling() -> None:
    played = play(f'{LIST} = multi "\\??\\c:\\windows\\x\\" "" "\\SystemRoot\\X\\f" "!\\??\\C:\\g"', XP)
    assert results(operations(played)) == [Done.NO, Done.UNKNOWN]


def test_a_list_that_stands_twice_still_deletes_its_directory_the_first_time() -> None:
    pairs = ("C:\\dir\\f", "", "C:\\dir", "")
    assert results(operations(renamed(*pairs, *pairs))) == [Done.UNKNOWN, Done.UNKNOWN, Done.NO, Done.NO]


def test_a_later_source_that_a_rename_brings_in_keeps_no_directory() -> None:
    played = renamed("C:\\dir", "", "C:\\new", "C:\\dir", "C:\\dir\\f", "")
    assert results(operations(played)) == [Done.UNKNOWN] * 3


def test_an_inventory_without_the_later_source_lets_the_directory_go() -> None:
    played = renamed("C:\\dir", "", "C:\\dir\\f", "", files=(folder("C:\\dir"),))
    assert results(operations(played)) == [Done.YES, Done.NO]


def test_a_directory_filled_by_assumption_is_kept_by_assumption() -> None:
    """smss.md B3.12."""
    _, kept = operations(renamed("C:\\a", "C:\\dir\\a", "C:\\dir", ""))
    assert (kept.done, kept.why) == (Done.NO, "the directory is not empty")
    assert kept.assumes == ("the file operations before it succeeded (\\??\\C:\\dir)",)
    files = (folder("C:\\dir"), present("C:\\dir\\f"))
    assert one(operations(renamed("C:\\dir", "", files=files))).assumes == ()


def test_the_contents_of_a_renamed_directory_move_with_it() -> None:
    """smss.md B3.12."""
    files = (folder("C:\\dir"), folder("C:\\dir\\sub"), present("C:\\dir\\sub\\f"))
    played = renamed("C:\\dir", "C:\\new", "C:\\dir\\sub\\f", "", "C:\\new\\sub\\f", "", files=files)
    moved, old, new = operations(played)
    assert (moved.done, old.done, new.done) == (Done.YES, Done.NO, Done.YES)
    assert old.why == "earlier in this boot \\??\\C:\\dir was renamed to \\??\\C:\\new"
    assert state(played, "C:\\new\\sub\\f") == "no"
    assert state(played, "C:\\new\\sub") == "yes"


def test_what_was_deleted_in_a_directory_stays_deleted_when_it_is_renamed() -> None:
    played = renamed("C:\\dir\\f", "", "C:\\dir", "C:\\new", "C:\\new\\f", "")
    assert results(operations(played)) == [Done.UNKNOWN, Done.UNKNOWN, Done.NO]


def test_a_file_in_a_renamed_directory_that_nobody_spoke_of_may_be_there() -> None:
    _, moved = operations(renamed("C:\\dir", "!C:\\new", "C:\\new\\f", ""))
    assert (moved.done, moved.assumes) == (Done.UNKNOWN, ("\\??\\C:\\new\\f exists",))


def test_a_directory_cant_be_moved_into_itself() -> None:
    played = renamed("C:\\dir", "C:\\dir\\sub", files=(folder("C:\\dir"),))
    assert (one(operations(played)).done, one(operations(played)).certainty) == (Done.NO, Certainty.C)
    assert state(played, "C:\\dir") == "yes"


def test_a_file_cant_be_renamed_into_a_folder_that_is_not_there() -> None:
    played = renamed("C:\\a", "C:\\nowhere\\b", files=(present("C:\\a"),))
    event = one(operations(played))
    assert (event.done, event.why) == (Done.NO, "the folder \\??\\C:\\nowhere does not exist")
    assert state(played, "C:\\a") == "yes"


def test_a_file_cant_be_renamed_into_a_folder_this_boot_has_deleted() -> None:
    _, second = operations(renamed("C:\\dir", "", "C:\\a", "!C:\\dir\\a"))
    assert second.done is Done.NO
    assert second.assumes == ("the file operations before it succeeded (\\??\\C:\\dir)",)


def test_deleting_a_stream_leaves_the_file() -> None:
    """smss.md B3.14."""
    played = renamed("C:\\a:Zone.Identifier", "", files=(present("C:\\a"),))
    event = one(operations(played))
    assert (event.done, event.assumes) == (Done.UNKNOWN, ("\\??\\C:\\a:Zone.Identifier exists",))
    assert state(played, "C:\\a") == "yes"


def test_a_stream_goes_with_its_file() -> None:
    _, stream = operations(renamed("C:\\a", "", "C:\\a:s", "", files=(present("C:\\a"),)))
    assert (stream.done, stream.why) == (Done.NO, "earlier in this boot \\??\\C:\\a was deleted")


def test_a_file_that_is_not_there_has_no_streams() -> None:
    assert one(operations(renamed("C:\\a:s", "", files=()))).done is Done.NO


def test_the_default_stream_is_the_file_itself() -> None:
    played = renamed("C:\\a::$DATA", "", files=(present("C:\\a"),))
    assert (one(operations(played)).done, state(played, "C:\\a")) == (Done.YES, "no")


@pytest.mark.parametrize(
    "source", ["\\??\\UNC\\server\\share\\a", "\\Device\\Mup\\server\\share\\a", "\\DosDevices\\UNC\\server\\share\\a"]
)
def test_a_network_path_cant_work(source: str) -> None:
    """smss.md B3.4."""
    event = one(operations(play(f'{LIST} = multi "{source}" ""', XP)))
    assert (event.done, event.certainty) == (Done.NO, Certainty.C)


def test_a_drive_linked_to_the_network_cant_work_either() -> None:
    played = play(
        f'{LIST} = multi "\\??\\N:\\a" ""\n[DOS Devices]\nN: = sz "\\??\\UNC\\server\\share"\nUNC = sz "\\Device\\Mup"', XP
    )
    assert one(operations(played)).done is Done.NO


def test_a_target_on_the_network_cant_work() -> None:
    assert one(operations(play(f'{LIST} = multi "\\??\\C:\\a" "\\??\\UNC\\s\\s\\a"', XP))).done is Done.NO


@pytest.mark.parametrize("source", ["C:\\a", "\\\\?\\C:\\a", "a", "\\\\server\\share\\a", "!\\??\\C:\\a"])
def test_a_source_that_is_no_nt_path_cant_be_opened(source: str) -> None:
    """smss.md B3.4."""
    event = one(operations(play(f'{LIST} = multi "{source}" ""', XP, files=(present("C:\\a"),))))
    assert (event.done, event.certainty) == (Done.NO, Certainty.C)


@pytest.mark.parametrize("destination", ["!", "*1", "!C:\\b", "b"])
def test_a_destination_that_is_no_nt_path_renames_nothing(destination: str) -> None:
    played = play(f'{LIST} = multi "\\??\\C:\\a" "{destination}"', XP, files=(present("C:\\a"),))
    event = one(operations(played))
    assert isinstance(event.action, RenameFile)
    assert (event.done, event.certainty) == (Done.NO, Certainty.C)
    assert state(played, "C:\\a") == "yes"


def test_at_sign_replaces_as_the_exclamation_mark_does() -> None:
    """smss.md B3.4."""
    played = renamed("C:\\a", "@C:\\b", files=(present("C:\\a"), present("C:\\b")))
    event = one(operations(played))
    assert event.action == RenameFile(NtPath("\\??\\C:\\a"), NtPath("\\??\\C:\\b"), True, "@", LIST, 0)
    assert event.done is Done.YES


def test_at_sign_before_the_source_of_a_delete_is_taken_off() -> None:
    played = renamed("@C:\\a", "", files=(present("C:\\a"),))
    assert one(operations(played)).action == DeleteFile(NtPath("\\??\\C:\\a"), "@", LIST, 0)
    assert state(played, "C:\\a") == "no"


def test_a_read_only_file_is_renamed_but_not_deleted() -> None:
    """smss.md B3.5."""
    files = (present("C:\\a", read_only=True), present("C:\\b", read_only=True))
    played = renamed("C:\\a", "", "C:\\b", "C:\\c", files=files)
    deleted, moved = operations(played)
    assert (deleted.done, deleted.certainty) == (Done.NO, Certainty.C)
    assert moved.done is Done.YES
    assert played.after.files["C:\\C"].read_only is True


def test_system_root_and_the_drive_are_two_spellings_of_one_file() -> None:
    path = "Windows\\System32\\x.dll"
    played = play(
        f'{LIST} = multi "\\SystemRoot\\System32\\x.dll" "" "\\??\\c:\\WINDOWS\\system32\\X.DLL" "" "\\DosDevices\\C:\\{path}" ""',
        WIN7,
        files=(present(f"C:\\{path}"),),
    )
    assert results(operations(played)) == [Done.YES, Done.NO, Done.NO]
    assert state(played, f"C:\\{path}") == "no"


def test_a_drive_letter_linked_elsewhere_redirects_renames_but_not_system_root() -> None:
    """smss.md B.10, C.1: the links are there before any rename; `\\SystemRoot` is the kernel's own."""
    snippet = f'{LIST} = multi "\\??\\C:\\Windows\\x" "" "\\SystemRoot\\x" ""\n[DOS Devices]\nC: = sz "\\??\\D:\\fake"'
    files = (present("C:\\Windows\\x"), present("D:\\fake\\Windows\\x"))
    played = play(snippet, XP, files=files)
    through_drive, through_root = operations(played)
    assert (through_drive.done, through_root.done) == (Done.YES, Done.YES)
    assert (state(played, "D:\\fake\\Windows\\x"), state(played, "C:\\Windows\\x")) == ("no", "no")
    assert [change.path for change in through_drive.changes if isinstance(change, File)] == ["\\??\\C:\\Windows\\x"]


def test_kernel_names_lead_to_the_same_file() -> None:
    """smss.md C.1: `\\GLOBAL??\\Global` and `\\GLOBAL??\\GLOBALROOT`."""
    for spelled in (
        "\\??\\Global\\C:\\a",
        "\\??\\GLOBALROOT\\??\\C:\\a",
        "\\??\\GLOBALROOT\\DosDevices\\C:\\a",
        "\\GLOBAL??\\C:\\a",
    ):
        played = play(f'{LIST} = multi "{spelled}" ""', XP, files=(present("C:\\a"),))
        assert state(played, "C:\\a") == "no", spelled


def test_a_rename_between_a_device_path_and_a_drive_assumes_one_volume() -> None:
    event = one(operations(play(f'{LIST} = multi "\\Device\\HarddiskVolume1\\a" "!\\??\\C:\\a"', XP)))
    assert event.done is Done.UNKNOWN
    assert "source and destination are on one volume" in event.assumes


def test_on_one_device_no_volume_is_assumed() -> None:
    volume = "\\Device\\HarddiskVolume1"
    event = one(operations(play(f'{LIST} = multi "{volume}\\a" "!{volume}\\b"', XP)))
    assert event.assumes == (f"{volume}\\a exists",)


def test_an_inventory_says_nothing_of_volumes_it_does_not_list() -> None:
    event = one(operations(play(f'{LIST} = multi "\\??\\E:\\a" ""', XP, files=())))
    assert (event.done, event.assumes) == (Done.UNKNOWN, ("\\??\\E:\\a exists",))


ODD = f'{LIST} = multi "\\??\\C:\\a" "" "\\??\\C:\\b"\n{LIST}2 = multi "\\??\\C:\\c" "" "\\??\\C:\\d" ""'


def test_an_odd_first_list_shifts_the_pairs_of_the_second() -> None:
    """smss.md B3.3."""
    played = play(ODD, WIN2003)
    whole, across, shifted = operations(played)
    assert whole.action == DeleteFile(NtPath("\\??\\C:\\a"), None, LIST, 0)
    assert across.action == RenameFile(NtPath("\\??\\C:\\b"), NtPath("\\??\\C:\\c"), False, None, LIST, 1)
    assert cited(across) == [(f"{LIST}2", (0, 0)), (LIST, (2, 2))]
    assert across.done is Done.UNKNOWN
    assert "the buffer still holds this source" in across.assumes
    assert isinstance(shifted.action, RenameFile)
    assert (str(shifted.action.source), shifted.action.list, shifted.action.pair) == ("", f"{LIST}2", 0)
    assert cited(shifted) == [(f"{LIST}2", (1, 2))]
    assert shifted.done is Done.NO
    assert [event.certainty for event in (across, shifted)] == [Certainty.C] * 2
    (problem,) = played.problems
    assert problem.code == "rename-lists-shifted"


def test_an_odd_first_list_alone_loses_its_last_source() -> None:
    played = play(f'{LIST} = multi "\\??\\C:\\a" "" "\\??\\C:\\b"', WIN2003)
    assert one(operations(played)).action == DeleteFile(NtPath("\\??\\C:\\a"), None, LIST, 0)
    assert played.problems == ()


def test_nt_4_knows_no_second_list() -> None:
    """smss.md A1.a."""
    played = play(f'{LIST}2 = multi "\\??\\C:\\a" ""', NT4)
    assert operations(played) == []
    assert asked(played, DeleteValue) == []


@pytest.mark.parametrize("type", ["dword 1", "binary 41 00 00 00", "qword 1"])
def test_a_list_of_a_wrong_type_runs_nothing_and_is_deleted_all_the_same(type: str) -> None:
    """smss.md B1.9, B1.12."""
    played = play(f"{LIST} = {type}", XP)
    assert operations(played) == []
    assert one(asked(played, DeleteValue)).done is Done.YES


def test_a_list_without_a_type_counts_as_absent_but_is_deleted() -> None:
    """smss.md B1.7, B1.12: it was present."""
    played = play(f"{LIST} = none 41 00 00 00", XP)
    assert operations(played) == []
    assert cited(one(asked(played, DeleteValue))) == [(LIST, None)]


def test_one_string_instead_of_a_list_is_a_source_without_destination() -> None:
    """smss.md B1.8."""
    assert operations(play(f'{LIST} = sz "\\??\\C:\\a"', XP)) == []


@pytest.mark.parametrize(("generation", "done"), [(XP, Done.UNKNOWN), (WIN7, Done.YES), (WIN11_24H2, Done.YES)])
def test_a_known_dll_replaced_by_a_rename_is_what_gets_mapped(generation: Generation, done: Done) -> None:
    """smss.md C3.c. XP may guard the file: what follows from the rename is then uncertain as it is."""
    system32 = "C:\\Windows\\System32"
    played = play(
        f'{LIST} = multi "\\??\\C:\\Temp\\k.dll" "!\\??\\{system32}\\kernel32.dll"\n[KnownDLLs]\nkernel32 = sz "kernel32.dll"',
        generation,
        files=(present("C:\\Temp\\k.dll"), present(f"{system32}\\kernel32.dll")),
    )
    (event,) = [event for event in asked(played, MapSection) if event.action.name == "\\KnownDlls\\kernel32.dll"]  # type: ignore[union-attr]
    assert event.done is done
    assert event.why == "it is C:\\Temp\\k.dll of before, replaced earlier in this boot"


def test_a_known_dll_replaced_by_a_rename_that_is_assumed_is_mapped_by_assumption() -> None:
    played = play(
        f'{LIST} = multi "\\??\\C:\\k.dll" "!\\SystemRoot\\System32\\kernel32.dll"\n[KnownDLLs]\nkernel32 = sz "kernel32.dll"',
        XP,
    )
    (event,) = [event for event in asked(played, MapSection) if event.action.name == "\\KnownDlls\\kernel32.dll"]  # type: ignore[union-attr]
    assert event.done is Done.UNKNOWN
    assert "what was at \\??\\C:\\k.dll before this boot" in event.why
    assert event.assumes[0].startswith("the file operations before it succeeded")


def test_a_deleted_known_dll_is_skipped_silently() -> None:
    played = play(f'{LIST} = multi "\\SystemRoot\\System32\\lz32.dll" ""\n[KnownDLLs]\nlz32 = sz "lz32.dll"', XP)
    (event,) = [event for event in asked(played, MapSection) if cited(event)[0] == ("lz32", None)]
    assert (event.done, played.halted) == (Done.NO, None)
    assert event.why == "earlier in this boot it was deleted: it is skipped"


@pytest.mark.parametrize("generation", [WIN2000, XP, WIN7, WIN10_1903])
def test_csrss_deleted_by_a_rename_stops_the_boot(generation: Generation) -> None:
    """smss.md B15.6."""
    played = play(f'{LIST} = multi "\\SystemRoot\\System32\\csrss.exe" ""', generation, files=())
    event = one(asked(played, StartSubsystem))
    assert (event.done, event.why) == (Done.NO, "earlier in this boot it was deleted")
    assert played.halted is not None
    assert played.halted.event == played.events[-1].number == event.number


def test_a_program_put_in_place_by_a_rename_is_run_by_setup_execute_of_the_same_boot() -> None:
    played = play(
        f'SetupExecute = multi "poqexec"\n{LIST} = multi "\\??\\C:\\new.exe" "!\\SystemRoot\\System32\\poqexec.exe"',
        WIN10_1903,
        files=(present("C:\\new.exe", native=True), present("C:\\Windows\\System32\\poqexec.exe", native=True)),
    )
    event = one(asked(played, RunProgram, Step.SETUP_EXECUTE))
    assert (event.done, event.why) == (Done.YES, "it is C:\\new.exe of before, replaced earlier in this boot")


PROTECTED = f'{LIST} = multi "\\??\\C:\\n.dll" "!\\??\\C:\\Windows\\system32\\x.dll"'


def test_up_to_2003_a_rename_of_a_system_file_assumes_that_it_is_not_protected() -> None:
    """smss.md B.4."""
    event = one(operations(play(PROTECTED, XP)))
    assert event.certainty is Certainty.C
    assert any("Windows File Protection" in assumption for assumption in event.assumes)


@pytest.mark.parametrize("target", ["\\??\\C:\\Windows\\system32\\x.txt", "\\??\\C:\\Temp\\x.dll"])
def test_only_programs_in_system32_may_be_protected(target: str) -> None:
    event = one(operations(play(f'{LIST} = multi "\\??\\C:\\n" "!{target}"', XP)))
    assert event.certainty is Certainty.A


@pytest.mark.parametrize("target", ["\\SystemRoot\\System32\\x.sys", "\\??\\C:\\WINDOWS\\System32\\drivers\\x.SYS"])
def test_a_deleted_system_file_may_be_protected_too(target: str) -> None:
    assert one(operations(play(f'{LIST} = multi "{target}" ""', XP))).certainty is Certainty.C


@pytest.mark.parametrize("value", ["dword 1", "binary 01 00 00 00", "dword-be 1"])
def test_allow_protected_renames_of_4_bytes_lifts_the_protection(value: str) -> None:
    event = one(operations(play(f"{PROTECTED}\nAllowProtectedRenames = {value}", XP)))
    assert event.certainty is Certainty.A
    assert not any("Windows File Protection" in assumption for assumption in event.assumes)


@pytest.mark.parametrize("value", ["dword 0", "qword 1", "dword hex: 01", "none"])
def test_allow_protected_renames_of_another_length_counts_as_0(value: str) -> None:
    played = play(f"{PROTECTED}\nAllowProtectedRenames = {value}", XP)
    assert any("Windows File Protection" in assumption for assumption in one(operations(played)).assumes)
    deletion = [event for event in asked(played, DeleteValue) if cited(event) == [("AllowProtectedRenames", None)]]
    assert results(deletion) == [Done.YES]


def test_from_vista_on_no_table_of_protected_files_is_asked() -> None:
    assert not any("Protection" in text for text in one(operations(play(PROTECTED, WIN7))).assumes)


@pytest.mark.parametrize(("generation", "mark"), [(WIN2003, Certainty.A), (WIN7, Certainty.C), (WIN10_1903, Certainty.B)])
def test_mini_nt_keeps_smss_from_renaming(generation: Generation, mark: Certainty) -> None:
    """smss.md E.4; no source tells it of Vista and 7."""
    played = renamed("C:\\a", "", generation=generation, more="[ControlSet001\\Control\\MiniNT]")
    event = one(operations(played))
    assert (event.done, event.certainty) == (Done.NO, mark)


def test_nt_4_knows_no_mini_nt() -> None:
    played = renamed("C:\\a", "", generation=NT4, more="[ControlSet001\\Control\\MiniNT]")
    assert one(operations(played)).done is Done.UNKNOWN


@pytest.mark.parametrize("folder", ["C:\\Windows", "C:\\WINDOWS\\system32", "C:\\Windows\\System32\\config", "\\SystemRoot"])
def test_a_folder_with_open_files_below_it_is_not_renamed(folder: str) -> None:
    path = folder if folder.startswith("\\") else f"\\??\\{folder}"
    played = play(f'{LIST} = multi "{path}" "\\??\\C:\\gone" "{path}" ""', XP)
    moved, deleted = asked(played, (RenameFile, DeleteFile))
    assert (moved.done, moved.certainty) == (Done.NO, Certainty.C)
    assert "files below the folder are open" in moved.why
    assert deleted.done is Done.NO
    assert "not empty" in deleted.why
