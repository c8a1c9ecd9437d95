r"""Object names smss makes, played: its own objects, ObjectDirectories, DOS Devices, `\Sessions`, the KnownDLLs. smss.md B.8 to B.11, C."""

import pytest

from hivecheck.boot.actions import CreateDirectory, CreateObject, Link, MapSection, Unlink
from hivecheck.boot.plan import Done, Step
from hivecheck.boot.replay import Event, Replay
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.generation import (
    NT4,
    VISTA,
    WIN7,
    WIN8,
    WIN10_1709,
    WIN10_1903,
    WIN11_24H2,
    WIN81,
    WIN2000,
    WIN2003,
    XP,
    Generation,
)
from tests.boot.boots import EVERY_FAMILY, MODERN, asked, citation, cited, one, play, present, results


def own_objects(generation: Generation) -> list[tuple[str, str]]:
    return [
        (event.action.name, event.action.type)
        for event in asked(play("", generation), CreateObject)
        if isinstance(event.action, CreateObject)
    ]


def test_smss_makes_its_port_its_event_and_from_8_on_a_mutex() -> None:
    """smss.md C.2."""
    event = ("\\Device\\VolumesSafeForWriteAccess", "event")
    assert own_objects(NT4) == [("\\SmApiPort", "LPC port")]
    assert own_objects(XP) == [("\\SmApiPort", "LPC port"), event]
    assert own_objects(WIN2000) == own_objects(XP)
    assert own_objects(WIN7) == [("\\SmApiPort", "ALPC port"), event]
    assert own_objects(WIN81) == [("\\SmApiPort", "ALPC port"), event, ("\\PendingRenameMutex", "mutex")]


@pytest.mark.parametrize(("generation", "marks"), [(NT4, "C"), (XP, "AA"), (WIN7, "BC"), (WIN11_24H2, "BCB")])
def test_how_certain_the_objects_of_smss_are(generation: Generation, marks: str) -> None:
    """smss.md C.2."""
    assert "".join(event.certainty.value for event in asked(play("", generation), CreateObject)) == marks


def directories(played: Replay) -> list[Event]:
    return asked(played, CreateDirectory, Step.OBJECT_DIRECTORIES)


@pytest.mark.parametrize("generation", EVERY_FAMILY)
def test_the_object_directories_have_a_default(generation: Generation) -> None:
    """smss.md B.0 row 3."""
    events = directories(play("", generation))[:2]
    assert [event.action for event in events] == [CreateDirectory("\\Windows"), CreateDirectory("\\RPC Control")]
    assert [cited(event) for event in events] == [[("built in", None)]] * 2


def test_object_directories_are_made_in_order_and_a_failure_is_only_logged() -> None:
    """smss.md B.11."""
    played = play('ObjectDirectories = multi "\\Windows" "\\No\\Parent" "Windows" "\\" "\\RPC Control"', XP)
    events = directories(played)
    assert results(events) == [Done.YES, Done.NO, Done.NO, Done.YES, Done.YES]
    assert [cited(event) for event in events] == [[("ObjectDirectories", (n, n))] for n in range(5)]
    assert played.halted is None


@pytest.mark.parametrize(("listed", "codes"), [('"\\RPC Control"', ["windows-directory-missing"]), ('"\\WINDOWS"', [])])
def test_without_the_windows_directory_csrss_has_no_place_for_its_port(listed: str, codes: list[str]) -> None:
    """smss.md B.11."""
    played = play(f"ObjectDirectories = multi {listed}", XP)
    assert [problem.code for problem in played.problems] == codes
    assert [citation(origin) for problem in played.problems for origin in problem.because] == [
        ("ObjectDirectories", None)
    ] * len(codes)


def test_an_empty_dos_device_removes_a_link_that_a_driver_may_have_made() -> None:
    """smss.md B.10."""
    event = one(dos_devices(play('[DOS Devices]\nX: = sz ""', XP)))
    assert (event.done, event.assumes) == (Done.UNKNOWN, ("a driver made the link earlier",))
    assert one(dos_devices(play('[DOS Devices]\nGlobal = sz ""', XP))).done is Done.YES


@pytest.mark.parametrize(("generation", "mark"), [(XP, Certainty.A), (WIN7, Certainty.C), (WIN11_24H2, Certainty.C)])
def test_that_a_known_dll_is_left_out_is_confirmed_for_2003(generation: Generation, mark: Certainty) -> None:
    """smss.md B.9, B1.13."""
    snippet = 'ExcludeFromKnownDlls = multi "a"\n[KnownDLLs]\na = sz "a.dll"\nb = sz "b.dll"\nc = sz "B.DLL"'
    events = asked(play(snippet, generation), MapSection)
    marks = {cited(event)[0][0]: event.certainty for event in events}
    assert (marks["a"], marks["c"]) == (mark, mark)
    assert results([event for event in events if cited(event)[0][0] in ("a", "b", "c")]) == [Done.NO, Done.UNKNOWN, Done.NO]


def test_a_directory_that_is_there_is_opened() -> None:
    event = one(directories(play('ObjectDirectories = multi "\\Device"', XP)))
    assert (event.done, event.why, event.changes) == (Done.YES, "it exists already and is opened", ())


def test_nt_4_lists_dos_devices_first_which_the_kernel_made() -> None:
    """smss.md B.11, C.1."""
    played = play('ObjectDirectories = multi "\\DosDevices" "\\Windows" "\\RPC Control"', NT4)
    assert results(directories(played)) == [Done.YES] * 3


def test_an_empty_list_makes_no_directory() -> None:
    """smss.md B1.5."""
    assert directories(play("ObjectDirectories = multi hex:", XP)) == []


def dos_devices(played: Replay) -> list[Event]:
    return asked(played, (Link, Unlink), Step.DOS_DEVICES)


def test_dos_devices_are_linked_in_stored_order() -> None:
    """smss.md B.10."""
    played = play(
        '[DOS Devices]\nPRN = sz "\\DosDevices\\LPT1"\nNUL = sz "\\Device\\Null"\nAUX = sz "\\DosDevices\\COM1"', XP
    )
    assert [event.action for event in dos_devices(played)] == [
        Link("\\GLOBAL??\\PRN", "\\DosDevices\\LPT1"),
        Link("\\GLOBAL??\\NUL", "\\Device\\Null"),
        Link("\\GLOBAL??\\AUX", "\\DosDevices\\COM1"),
    ]
    assert {event.done for event in dos_devices(played)} == {Done.YES}


def test_a_link_that_is_there_is_replaced() -> None:
    event = one(dos_devices(play('[DOS Devices]\nGlobal = sz "\\evil"', XP)))
    assert (event.done, event.why) == (Done.YES, "it replaces the link to \\GLOBAL??")


def test_a_dos_device_is_expanded_with_what_the_kernel_gave() -> None:
    """smss.md B1.10, B.0: the key DOS Devices is read before Environment."""
    snippet = (
        '[DOS Devices]\nX: = expand "\\??\\%SystemRoot%\\%Mine%"\n[Environment]\nMine = sz "x"\nSystemRoot = sz "D:\\Other"'
    )
    assert one(dos_devices(play(snippet, XP))).action == Link("\\GLOBAL??\\X:", "\\??\\C:\\Windows\\%Mine%")


def test_a_dos_device_stored_as_a_list_takes_its_last_string() -> None:
    """smss.md B1.3, B1.13: each string is handed over, the same name with another value is overwritten."""
    event = one(dos_devices(play('[DOS Devices]\nX: = multi "\\Device\\A" "\\Device\\B"', XP)))
    assert event.action == Link("\\GLOBAL??\\X:", "\\Device\\B")
    assert cited(event) == [("X:", (1, 1))]


def test_a_dos_device_of_a_wrong_type_is_left_out() -> None:
    assert dos_devices(play("[DOS Devices]\nX: = dword 1", XP)) == []


@pytest.mark.parametrize("generation", [NT4, XP])
def test_up_to_2003_the_first_dos_device_that_fails_stops_the_boot(generation: Generation) -> None:
    """smss.md B.10: confirmed for 2003."""
    played = play('[DOS Devices]\n"no\\place" = sz "\\Device\\Null"\nNUL = sz "\\Device\\Null"', generation)
    assert results(dos_devices(played)) == [Done.NO]
    assert played.halted is not None
    assert played.halted.certainty is (Certainty.A if generation is XP else Certainty.C)
    assert [citation(origin) for origin in played.halted.because] == [("no\\place", None)]


@pytest.mark.parametrize("generation", [WIN7, WIN11_24H2])
def test_from_vista_on_a_dos_device_that_fails_is_a_problem(generation: Generation) -> None:
    played = play('[DOS Devices]\n"no\\place" = sz "\\Device\\Null"\nNUL = sz "\\Device\\Null"', generation)
    assert results(dos_devices(played)) == [Done.NO, Done.YES]
    assert [problem.code for problem in played.problems] == ["dos-device-not-linked"]
    assert played.halted is None


def test_a_target_longer_than_windows_can_hold_is_refused() -> None:
    played = play(f'[DOS Devices]\nX: = sz "{"x" * 40_000}"', WIN7)
    assert one(dos_devices(played)).done is Done.NO


@pytest.mark.parametrize(
    ("generation", "expected"), [(NT4, []), (WIN2000, [Done.UNKNOWN]), (XP, [Done.YES]), (WIN11_24H2, [Done.YES])]
)
def test_the_sessions_directory(generation: Generation, expected: list[Done]) -> None:
    """smss.md C.2: in 2000 only with the terminal service."""
    assert results(asked(play("", generation), CreateDirectory, Step.DOS_DEVICES)) == expected


def sections(played: Replay) -> list[Event]:
    return asked(played, MapSection)


def mapped(played: Replay) -> dict[str, str]:
    return {event.action.name: str(event.action.file) for event in sections(played) if isinstance(event.action, MapSection)}


DLLS = '[KnownDLLs]\nkernel32 = sz "kernel32.dll"\n_Wow64 = sz "wow64.dll"'


def test_a_section_is_named_after_the_file_not_the_label() -> None:
    """smss.md B8.1, B8.9."""
    system32 = "\\??\\C:\\Windows\\system32"
    assert mapped(play(DLLS, XP)) == {
        "\\KnownDlls\\ntdll.dll": f"{system32}\\ntdll.dll",
        "\\KnownDlls\\kernel32.dll": f"{system32}\\kernel32.dll",
        "\\KnownDlls\\wow64.dll": f"{system32}\\wow64.dll",
    }


@pytest.mark.parametrize("generation", [WIN2003, WIN7, WIN81, WIN11_24H2])
def test_64_bit_windows_maps_the_list_a_second_time(generation: Generation) -> None:
    """smss.md B8.6; up to 8.1 the folder is in the hive, later built in."""
    directory32 = "" if generation >= WIN10_1709 else '\nDllDirectory32 = expand "%SystemRoot%\\syswow64"'
    found = mapped(play(DLLS + directory32, generation, architecture="AMD64"))
    assert found["\\KnownDlls32\\kernel32.dll"].lower() == "\\??\\c:\\windows\\syswow64\\kernel32.dll"
    assert [name for name in mapped(play(DLLS, generation, architecture="x86")) if name.startswith("\\KnownDlls32")] == []


def test_a_file_that_is_in_one_of_the_two_folders_only_is_skipped_in_the_other() -> None:
    """smss.md B8.4, B8.7."""
    files = (present("C:\\Windows\\system32\\wow64.dll"), present("C:\\Windows\\syswow64\\ntdll.dll"))
    played = play('[KnownDLLs]\n_Wow64 = sz "wow64.dll"', WIN81, architecture="AMD64", files=files)
    wow = [event for event in sections(played) if cited(event)[0] == ("_Wow64", None)]
    assert results(wow) == [Done.YES, Done.NO]
    assert played.halted is None


@pytest.mark.parametrize("excluded", ['multi "X" "KERNEL32"', 'multi "kernel32.DLL"', 'sz "Kernel32"', 'expand "%OS%32"'])
def test_exclusion_is_by_label_or_file_name_in_any_case(excluded: str) -> None:
    """smss.md B.9."""
    played = play(f"ExcludeFromKnownDlls = {excluded}\n{DLLS}", XP)
    event = next(event for event in sections(played) if cited(event)[0] == ("kernel32", None))
    if excluded.startswith("expand"):
        assert event.done is Done.UNKNOWN  # OS is not set when the list is read
    else:
        assert event.done is Done.NO
        assert cited(event)[1][0] == "ExcludeFromKnownDlls"


def test_an_excluded_file_is_excluded_from_both_widths() -> None:
    played = play(f'ExcludeFromKnownDlls = multi "kernel32"\n{DLLS}', WIN11_24H2, architecture="ARM64")
    assert [event.done for event in sections(played) if cited(event)[0] == ("kernel32", None)] == [Done.NO, Done.NO]


@pytest.mark.parametrize("data", ["multi", 'multi ""', "multi hex:"])
def test_the_empty_exclusions_that_windows_ships_exclude_nothing(data: str) -> None:
    """smss.md B1.5."""
    assert Done.NO not in results(sections(play(f"ExcludeFromKnownDlls = {data}\n{DLLS}", XP)))


def test_two_labels_of_one_file_make_one_section() -> None:
    """smss.md C3.b."""
    played = play('[KnownDLLs]\nkernel32 = sz "kernel32.dll"\nfoo = sz "Kernel32.dll"', XP)
    assert results(sections(played)) == [Done.UNKNOWN, Done.UNKNOWN, Done.NO]
    assert "section of that name exists" in sections(played)[2].why


def test_ntdll_is_not_taken_from_the_list() -> None:
    """smss.md B8.9."""
    always, listed = sections(play('[KnownDLLs]\nx = sz "NTDLL.DLL"', XP))
    assert (cited(always)[0], always.done) == (("built in", None), Done.UNKNOWN)
    assert (cited(listed)[0], listed.done) == (("x", None), Done.NO)


@pytest.mark.parametrize(("generation", "mark"), [(XP, Certainty.A), (WIN7, Certainty.C), (WIN11_24H2, Certainty.C)])
def test_that_ntdll_is_always_mapped_is_confirmed_for_2003_only(generation: Generation, mark: Certainty) -> None:
    assert one(sections(play("", generation))).certainty is mark


def test_a_file_name_is_expanded_with_what_the_kernel_gave() -> None:
    """smss.md B1.10."""
    played = play('[KnownDLLs]\na = expand "%SystemDrive%x.dll"\nb = sz "%SystemDrive%y.dll"', XP)
    assert list(mapped(played))[1:] == ["\\KnownDlls\\C:x.dll", "\\KnownDlls\\%SystemDrive%y.dll"]


def test_an_entry_without_a_file_name_is_no_section() -> None:
    assert len(sections(play('[KnownDLLs]\nx = sz ""\ny = dword 1', XP))) == 1


def test_dll_directory_is_expanded_with_what_the_kernel_gave() -> None:
    """smss.md B.0: KnownDlls is row 12, Environment row 13: a planted SystemRoot does not move the KnownDLLs."""
    played = play(DLLS + '\n[Environment]\nSystemRoot = sz "D:\\Evil"', XP)
    assert mapped(played)["\\KnownDlls\\kernel32.dll"] == "\\??\\C:\\Windows\\system32\\kernel32.dll"


def test_dll_directory_pointed_elsewhere_moves_every_known_dll() -> None:
    """smss.md B8.3."""
    played = play(DLLS + '\nDllDirectory = sz "C:\\Evil\\"', XP)
    assert set(mapped(played).values()) == {f"\\??\\C:\\Evil\\{name}.dll" for name in ("ntdll", "kernel32", "wow64")}
    link = one(asked(played, Link, Step.KNOWN_DLLS))
    assert (link.action, cited(link)) == (Link("\\KnownDlls\\KnownDllPath", "C:\\Evil\\"), [("DllDirectory", None)])


@pytest.mark.parametrize(
    ("generation", "done", "mark"),
    [
        (XP, Done.YES, Certainty.A),
        (WIN7, Done.YES, Certainty.B),
        (WIN8, Done.YES, Certainty.C),
        (WIN10_1709, Done.UNKNOWN, Certainty.C),
        (WIN10_1903, Done.UNKNOWN, Certainty.C),
    ],
)
def test_how_certain_it_is_that_dll_directory_is_obeyed(generation: Generation, done: Done, mark: Certainty) -> None:
    """smss.md B8.3."""
    link = one(asked(play('[KnownDLLs]\nDllDirectory = sz "C:\\Evil"', generation), Link, Step.KNOWN_DLLS))
    assert (link.done, link.certainty) == (done, mark)


@pytest.mark.parametrize("value", [None, 'DllDirectory = sz ""', "DllDirectory = dword 1", "DllDirectory = none"])
@pytest.mark.parametrize(("generation", "mark"), [(NT4, Certainty.C), (WIN2000, Certainty.A), (WIN2003, Certainty.A)])
def test_up_to_2003_a_missing_dll_directory_stops_the_boot(
    generation: Generation, mark: Certainty, value: str | None
) -> None:
    """smss.md B8.3."""
    played = play(f"[KnownDLLs]\n{value or ''}", generation, without=() if value else ("KnownDLLs\\DllDirectory",))
    assert sections(played) == []
    assert played.halted is not None
    assert played.halted.certainty is mark
    assert played.events[-1].step is Step.BOOT_EXECUTE


@pytest.mark.parametrize(
    "value", ['sz "%SystemRoot%\\system32"', 'sz "\\SystemRoot\\system32"', 'expand "%None%\\x"', 'sz "\\\\server\\share"']
)
def test_up_to_2003_a_dll_directory_that_names_no_folder_stops_the_boot(value: str) -> None:
    """smss.md B8.3, B1.10: a string that is not expandable keeps its percent signs."""
    played = play(f"[KnownDLLs]\nDllDirectory = {value}", XP)
    assert played.halted is not None
    assert [citation(origin) for origin in played.halted.because] == [("DllDirectory", None)]


def test_from_vista_on_a_dll_directory_that_names_no_folder_maps_nothing() -> None:
    played = play(DLLS + '\nDllDirectory = sz "%SystemRoot%\\system32"', WIN7)
    assert set(results(sections(played))) == {Done.NO}
    assert played.halted is None


@pytest.mark.parametrize(("generation", "mark"), [(VISTA, Certainty.C), (WIN81, Certainty.B), (WIN11_24H2, Certainty.B)])
def test_from_vista_on_a_missing_dll_directory_is_system32(generation: Generation, mark: Certainty) -> None:
    played = play(DLLS, generation, without=("KnownDLLs\\DllDirectory",))
    assert played.halted is None
    assert mapped(played)["\\KnownDlls\\kernel32.dll"] == "\\??\\C:\\Windows\\system32\\kernel32.dll"
    link = one(asked(played, Link, Step.KNOWN_DLLS))
    assert (link.certainty, cited(link)) == (mark, [("built in", None)])


@pytest.mark.parametrize("generation", MODERN)
def test_from_8_on_the_directories_made_early_are_opened_when_the_dlls_are_mapped(generation: Generation) -> None:
    """smss.md A.3 steps 11 and 22."""
    early, late = [
        event for event in asked(play("", generation), CreateDirectory) if event.action == CreateDirectory("\\KnownDlls")
    ]
    assert (early.step, early.why) == (Step.OBJECT_DIRECTORIES, "")
    assert (late.step, late.why) == (Step.KNOWN_DLLS, "it exists already and is opened")
