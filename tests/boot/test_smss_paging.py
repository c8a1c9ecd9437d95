"""Paging files and what is done about them, played: smss.md B.12. How one specifier is read is in tests/settings."""

import pytest

from hivecheck.boot.actions import CreatePagingFile, DeleteFile, SaveCrashDump, WriteValue
from hivecheck.boot.plan import Done, Step
from hivecheck.boot.replay import Event, Replay
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.generation import NT4, WIN7, WIN10_1903, WIN11_24H2, WIN81, WIN2000, WIN2003, XP, Generation
from hivecheck.facts.nt_path import NtPath
from tests.boot.boots import EVERY_FAMILY, MODERN, SESSION_MANAGER, asked, cited, one, play, present, results

MANAGED = 'PagingFiles = multi "C:\\pagefile.sys"'
SWAP_FILE = "\\??\\C:\\swapfile.sys"


def boot(snippet: str, generation: Generation = XP, **more: object) -> Replay:
    return play(f"[Memory Management]\n{snippet}", generation, **more)  # type: ignore[arg-type]


def asked_for(event: Event) -> CreatePagingFile:
    assert isinstance(event.action, CreatePagingFile)
    return event.action


def made(played: Replay) -> list[Event]:
    """The requests for paging files, without that for swapfile.sys."""
    return [
        event
        for event in asked(played, CreatePagingFile)
        if [str(place) for place in asked_for(event).candidates] != [SWAP_FILE] and "built in" not in dict(cited(event)[:1])
    ]


def emergency(played: Replay) -> list[Event]:
    return [event for event in asked(played, CreatePagingFile) if asked_for(event).emergency]


def test_a_paging_file_assumes_a_fixed_volume_with_room() -> None:
    """smss.md B12.7."""
    event = one(made(boot('PagingFiles = multi "D:\\pagefile.sys 512 1024"')))
    assert asked_for(event) == CreatePagingFile("D:\\pagefile.sys", 512, 1024, False, (NtPath("\\??\\D:\\pagefile.sys"),))
    assert (event.done, event.assumes) == (Done.UNKNOWN, ("D: is a fixed local volume with room for it",))


def test_any_drive_is_tried_from_c_to_z() -> None:
    """smss.md B12.5."""
    event = one(made(boot('PagingFiles = multi "?:\\pagefile.sys"')))
    assert [place.drive for place in asked_for(event).candidates] == list("CDEFGHIJKLMNOPQRSTUVWXYZ")


def test_the_17th_file_is_rejected() -> None:
    """smss.md B12.6."""
    strings = " ".join(f'"C:\\p{number}.sys"' for number in range(18))
    assert results(made(boot(f"PagingFiles = multi {strings}"))) == [Done.UNKNOWN] * 16 + [Done.NO] * 2


def test_a_repeated_specifier_is_dropped() -> None:
    """smss.md B1.13."""
    kept, dropped = made(boot('PagingFiles = multi "C:\\pagefile.sys 1 2" "c:\\PAGEFILE.SYS 1 2"', WIN2003))
    assert cited(dropped) == [("PagingFiles", (1, 1))]
    assert dropped.done is Done.NO
    assert kept.number < dropped.number


@pytest.mark.parametrize(
    ("sizes", "done"), [("0 4096", Done.NO), ("1 50", Done.NO), ("16 16", Done.UNKNOWN), ("0 0", Done.UNKNOWN)]
)
def test_a_file_under_16_mb_on_a_given_drive_is_never_attempted(sizes: str, done: Done) -> None:
    """smss.md B12.9, doubtful for Windows itself."""
    event = one(made(boot(f'PagingFiles = multi "C:\\p.sys {sizes}"')))
    assert (event.done, event.certainty) == (done, Certainty.C if done is Done.NO else Certainty.A)


def test_a_minimum_that_windows_itself_may_take_is_in_doubt() -> None:
    """smss.md B12.9."""
    event = one(made(boot('PagingFiles = multi "C:\\p.sys 2 50"')))
    assert (event.done, event.certainty) == (Done.UNKNOWN, Certainty.C)
    assert event.assumes[-1] == "smss takes a minimum of less than 16 MB"


@pytest.mark.parametrize(("generation", "mark"), [(XP, Certainty.A), (WIN7, Certainty.C), (WIN11_24H2, Certainty.C)])
def test_that_a_specifier_is_dropped_is_confirmed_for_2003(generation: Generation, mark: Certainty) -> None:
    _, second, malformed = made(boot('PagingFiles = multi "?:\\a.sys" "?:\\b.sys" "nonsense"', generation))
    assert (second.done, second.certainty, malformed.done, malformed.certainty) == (Done.NO, mark, Done.NO, mark)


def test_a_small_file_on_any_drive_is_attempted() -> None:
    assert one(made(boot('PagingFiles = multi "?:\\p.sys 2 50"'))).done is Done.UNKNOWN


@pytest.mark.parametrize(
    ("generation", "mark"), [(NT4, Certainty.C), (XP, Certainty.A), (WIN7, Certainty.C), (WIN11_24H2, Certainty.C)]
)
def test_where_no_specifier_works_an_emergency_file_is_made(generation: Generation, mark: Certainty) -> None:
    """smss.md B12.10."""
    played = boot('PagingFiles = multi "nonsense" "C:\\p.sys 1"', generation)
    assert results(made(played)) == [Done.NO, Done.NO]
    event = one(emergency(played))
    assert (event.done, event.certainty, cited(event)) == (Done.UNKNOWN, mark, [("built in", None)])
    assert asked_for(event).path == "?:\\pagefile.sys"


@pytest.mark.parametrize("value", ["multi hex:", "multi", 'multi ""', "dword 1", 'sz ""'])
def test_an_empty_list_makes_neither_a_file_nor_an_emergency_file(value: str) -> None:
    """smss.md B12.10."""
    assert asked(boot(f"PagingFiles = {value}"), CreatePagingFile) == []


def test_a_specifier_that_works_needs_no_emergency_file() -> None:
    assert emergency(boot('PagingFiles = multi "nonsense" "C:\\p.sys 100"')) == []


def test_a_specifier_stored_with_variables_is_expanded_with_what_the_kernel_gave() -> None:
    """smss.md B1.10, B.0 row 10."""
    snippet = 'PagingFiles = expand "%SystemDrive%\\page.sys 100 200"\n[Environment]\nSystemDrive = sz "X:"'
    event = one(made(boot(snippet)))
    assert (asked_for(event).path, asked_for(event).minimum_mb, event.done) == ("C:\\page.sys", 100, Done.UNKNOWN)
    assert cited(event) == [("PagingFiles", None)]


def test_percent_signs_in_a_list_are_not_expanded() -> None:
    assert one(made(boot('PagingFiles = multi "%SystemDrive%\\page.sys 100"'))).done is Done.NO


def test_a_paging_file_takes_the_place_of_a_file_that_was_there() -> None:
    played = boot('PagingFiles = multi "C:\\evidence.txt 100"', files=(present("C:\\evidence.txt"),))
    assert played.after.files["C:\\EVIDENCE.TXT"].content == "paging file (100 to 100 MB)"
    assert played.after.files["C:\\EVIDENCE.TXT"].fate == "made anew"


def test_a_rename_before_it_makes_room_for_a_paging_file() -> None:
    """smss.md B3.7."""
    played = play(
        'PendingFileRenameOperations = multi "\\??\\C:\\pagefile.sys" ""', XP, files=(present("C:\\pagefile.sys"),)
    )
    deleted, created = one(asked(played, DeleteFile)), one(asked(played, CreatePagingFile))
    assert deleted.number < created.number
    assert played.after.files["C:\\PAGEFILE.SYS"].fate == "created"


@pytest.mark.parametrize(
    ("generation", "done", "mark"),
    [
        (WIN2000, Done.NO, Certainty.C),
        (XP, Done.NO, Certainty.A),
        (WIN7, Done.UNKNOWN, Certainty.C),
        (WIN10_1903, Done.UNKNOWN, Certainty.C),
    ],
)
def test_mini_nt_keeps_up_to_2003_from_making_paging_files(generation: Generation, done: Done, mark: Certainty) -> None:
    """smss.md B12.13, G.1."""
    played = boot('PagingFiles = multi "C:\\p.sys 100"\n[ControlSet001\\Control\\MiniNT]', generation)
    event = one(made(played))
    assert (event.done, event.certainty) == (done, mark)
    assert cited(event) == [("PagingFiles", (0, 0)), ("[ControlSet001\\Control\\MiniNT]", None)]
    assert emergency(played) == []


def dumps(played: Replay) -> list[SaveCrashDump]:
    return [event.action for event in asked(played, SaveCrashDump) if isinstance(event.action, SaveCrashDump)]


def test_the_crash_dump_in_the_old_file_on_the_windows_volume_is_saved_first() -> None:
    """smss.md B12.14."""
    played = boot('PagingFiles = multi "D:\\p.sys 100" "C:\\pagefile.sys 100"')
    save, (_, on_c) = one(asked(played, SaveCrashDump)), made(played)
    assert save.action == SaveCrashDump(NtPath("\\??\\C:\\pagefile.sys"), "C:\\Windows\\MEMORY.DMP")
    assert save.number == on_c.number - 1
    assert (save.done, save.certainty) == (Done.UNKNOWN, Certainty.A)
    assert cited(save) == [("PagingFiles", (1, 1))]


def test_a_dump_on_any_drive_is_looked_for_on_the_windows_volume() -> None:
    assert [str(dump.paging_file) for dump in dumps(boot('PagingFiles = multi "?:\\pagefile.sys"', root="D:\\WINNT"))] == [
        "\\??\\D:\\pagefile.sys"
    ]


CRASH = "[ControlSet001\\Control\\CrashControl]"


@pytest.mark.parametrize(
    ("crash_control", "target"),
    [
        ("CrashDumpEnabled = dword 1", "C:\\Windows\\MEMORY.DMP"),
        ('DumpFile = expand "%SystemRoot%\\Other.dmp"', "C:\\Windows\\Other.dmp"),
        ("CrashDumpEnabled = dword 3", "C:\\Windows\\Minidump"),
        ('CrashDumpEnabled = dword 3\nMinidumpDir = expand "D:\\small"\nDumpFile = sz "C:\\big"', "D:\\small"),
    ],
)
def test_where_a_crash_dump_is_saved(crash_control: str, target: str) -> None:
    """smss.md B12.14."""
    assert [dump.dump_file for dump in dumps(play(f"{CRASH}\n{crash_control}", XP))] == [target]


def test_where_no_file_is_attempted_no_dump_is_looked_for() -> None:
    assert dumps(boot('PagingFiles = multi "C:\\p.sys x"')) == []
    assert dumps(boot('PagingFiles = multi "C:\\p.sys 100"\n[ControlSet001\\Control\\MiniNT]')) == []


def test_with_crash_dumps_off_none_is_looked_for() -> None:
    assert dumps(play(f"{CRASH}\nCrashDumpEnabled = dword 0", XP)) == []


@pytest.mark.parametrize("generation", [WIN7, WIN11_24H2])
def test_from_vista_on_the_paging_files_of_the_last_boot_are_looked_through(generation: Generation) -> None:
    """smss.md B12.14, B12.15."""
    snippet = 'PagingFiles = multi "?:\\pagefile.sys"\nExistingPageFiles = multi "\\??\\C:\\old.sys" "\\??\\D:\\other.sys"'
    played = boot(snippet, generation)
    events = asked(played, SaveCrashDump)
    assert [str(dump.paging_file) for dump in dumps(played)] == ["\\??\\C:\\old.sys", "\\??\\C:\\pagefile.sys"]
    assert cited(events[0]) == [("ExistingPageFiles", (0, 0))]


@pytest.mark.parametrize("generation", EVERY_FAMILY)
def test_from_vista_on_the_list_of_existing_files_is_rewritten(generation: Generation) -> None:
    """smss.md B.19."""
    played = boot('ExistingPageFiles = multi "\\??\\C:\\old.sys"', generation)
    events = [event for event in asked(played, WriteValue) if event.step is Step.PAGING_FILES]
    if generation < WIN7:
        assert events == []
    else:
        assert one(events).action == WriteValue(
            f"{SESSION_MANAGER}\\Memory Management", "ExistingPageFiles", "the paging files of this boot"
        )
        assert (one(events).certainty, cited(one(events))) == (Certainty.C, [("ExistingPageFiles", None)])


def test_pagefile_on_os_volume_leaves_any_drive_no_choice() -> None:
    """smss.md B12.16."""
    snippet = 'PagingFiles = multi "?:\\pagefile.sys" "D:\\p.sys 100"\nPagefileOnOsVolume = dword 1'
    anywhere, elsewhere = made(boot(snippet, WIN10_1903))
    assert [str(place) for place in asked_for(anywhere).candidates] == ["\\??\\C:\\pagefile.sys"]
    assert (elsewhere.done, elsewhere.certainty) == (Done.UNKNOWN, Certainty.C)
    assert "PagefileOnOsVolume does not keep smss from D:" in elsewhere.assumes
    on_windows = one(made(boot('PagingFiles = multi "c:\\p.sys 100"\nPagefileOnOsVolume = dword 1', WIN10_1903)))
    assert "PagefileOnOsVolume" not in " ".join(on_windows.assumes)
    before_8 = one(made(boot('PagingFiles = multi "D:\\p.sys 100"\nPagefileOnOsVolume = dword 1', WIN7)))
    assert (before_8.certainty, len(before_8.assumes)) == (Certainty.B, 1)
    free, _ = made(boot(snippet.replace("dword 1", "dword 0"), WIN10_1903))
    assert len(asked_for(free).candidates) == 24


@pytest.mark.parametrize("generation", MODERN)
def test_from_8_on_there_may_be_a_swap_file(generation: Generation) -> None:
    """smss.md B12.17."""
    (event,) = [
        event for event in asked(boot(MANAGED, generation), CreatePagingFile) if cited(event)[0] == ("built in", None)
    ]
    assert [str(place) for place in asked_for(event).candidates] == [SWAP_FILE]
    assert (event.done, event.certainty) == (Done.UNKNOWN, Certainty.C)
    assert "it is a client edition" in event.assumes


def test_without_a_paging_file_that_the_system_manages_there_is_no_swap_file() -> None:
    """smss.md B12.17."""
    played = boot('PagingFiles = multi "C:\\pagefile.sys 768 1536"', WIN11_24H2)
    (event,) = [event for event in asked(played, CreatePagingFile) if "swapfile" in asked_for(event).path]
    assert (event.done, event.why) == (Done.NO, "no paging file whose size the system manages is made")


def test_the_switch_of_the_swap_file() -> None:
    played = boot('SwapfileControl = dword 0\nSwapFile = expand "%SystemDrive%\\swap.sys"', WIN81)
    (event,) = [event for event in asked(played, CreatePagingFile) if ("SwapfileControl", None) in cited(event)]
    assert event.done is Done.NO
    assert asked_for(event).path == "C:\\swap.sys"


@pytest.mark.parametrize("generation", [NT4, XP, WIN7])
def test_before_8_there_is_no_swap_file(generation: Generation) -> None:
    assert [event for event in asked(boot("", generation), CreatePagingFile) if "swap" in asked_for(event).path] == []
