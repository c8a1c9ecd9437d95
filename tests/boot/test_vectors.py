r"""The 27 test vectors of smss.md G.3, each by its number. What they are given is hive notation, and files where they speak of files."""

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from hivecheck.analysis import Analysis, Options, analyze
from hivecheck.boot.actions import (
    CreatePagingFile,
    DeleteFile,
    DeleteValue,
    Link,
    MapSection,
    RenameFile,
    RunProgram,
    SetVariable,
    StartProcess,
    StartSubsystem,
    Unlink,
    WriteValue,
)
from hivecheck.boot.plan import Done, Step
from hivecheck.boot.replay import Event
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.generation import (
    NT4,
    VISTA,
    WIN7,
    WIN10_1709,
    WIN11_24H2,
    WIN81,
    WIN2000,
    WIN2003,
    XP,
    Generation,
    generation_by_id,
)
from hivecheck.facts.nt_path import NtPath
from hivecheck.registry.regf import open_hive
from hivecheck.settings.catalog import BOOT_EXECUTE, PENDING_RENAMES, PENDING_RENAMES_2, read_settings
from hivecheck.settings.setting import Presence
from tests.boot.boots import (
    EVERY_FAMILY,
    asked,
    citation,
    cited,
    folder,
    one,
    play,
    present,
    results,
    settings_of,
    state,
)

RENAMES = "PendingFileRenameOperations"
TEST_HIVES = Path(__file__).resolve().parents[2] / "test_hives"
MANIFEST = tomllib.loads((TEST_HIVES / "MANIFEST.toml").read_text(encoding="utf-8"))
CLEAN = sorted(name for name, hive in MANIFEST.items() if hive.get("state") == "clean" and not hive.get("planted"))
C_A, C_B = present("C:\\a"), present("C:\\b")


def boot_programs(snippet: str, generation: Generation, **more: object) -> list[Event]:
    return asked(play(snippet, generation, **more), RunProgram, Step.BOOT_EXECUTE)  # type: ignore[arg-type]


@pytest.mark.parametrize("generation", EVERY_FAMILY)
def test_vector_01_autocheck_autochk_is_one_command_looked_for_along_path_then_in_system32(generation: Generation) -> None:
    snippet = r"""
        BootExecute = multi "autocheck autochk *"
        [Environment]
        Path = expand "C:\Tools;%SystemRoot%"
    """
    event = one(boot_programs(snippet, generation))
    candidates = ("\\??\\C:\\Tools", "\\??\\C:\\Windows", "\\??\\C:\\Windows\\system32")
    assert event.action == RunProgram(
        "autochk",
        "*",
        ("autocheck",),
        True,
        "autocheck autochk *",
        "BootExecute",
        tuple(NtPath(f"{place}\\autochk.exe") for place in candidates),
    )
    assert cited(event) == [("BootExecute", (0, 0))]


@pytest.mark.parametrize("generation", EVERY_FAMILY)
def test_vector_02_an_empty_boot_execute_runs_nothing(generation: Generation) -> None:
    assert boot_programs("BootExecute = multi hex:", generation) == []
    assert settings_of("BootExecute = multi hex:")[BOOT_EXECUTE].presence is Presence.WRITTEN


@pytest.mark.parametrize("generation", EVERY_FAMILY)
def test_vector_02_an_absent_boot_execute_runs_the_built_in_autochk(generation: Generation) -> None:
    event = one(boot_programs("", generation, without=("BootExecute",)))
    assert isinstance(event.action, RunProgram)
    assert event.action.command == "autocheck AutoChk.exe *"
    assert cited(event) == [("built in", None)]


def test_vector_03_a_line_repeated_in_other_case_runs_once() -> None:
    first, second = boot_programs(
        'BootExecute = multi "autocheck autochk *" "AUTOCHECK AUTOCHK *"', XP, files=(present("C:\\x"),)
    )
    assert (first.done, cited(first)) == (Done.YES, [("BootExecute", (0, 0))])
    assert (second.done, cited(second)) == (Done.NO, [("BootExecute", (1, 1))])


def test_vector_04_async_and_debug_are_keywords_and_a_quoted_path_is_cut_at_its_blank() -> None:
    played = play(
        r'BootExecute = multi "async debug evil" """C:\a b\c.exe"" x"',
        XP,
        files=(present("C:\\Windows\\system32\\evil.exe", native=True), present("C:\\a b\\c.exe", native=True)),
    )
    evil, quoted = asked(played, RunProgram, Step.BOOT_EXECUTE)
    assert isinstance(evil.action, RunProgram)
    assert (evil.action.image, evil.action.keywords, evil.action.waits) == ("evil", ("async", "debug"), False)
    assert (evil.done, cited(evil)) == (Done.YES, [("BootExecute", (0, 0))])
    assert isinstance(quoted.action, RunProgram)
    assert (quoted.action.image, quoted.action.arguments) == ('"C:\\a', 'b\\c.exe" x')
    assert (quoted.done, cited(quoted)) == (Done.NO, [("BootExecute", (1, 1))])


def test_vector_05_percent_signs_in_a_list_stay_and_name_no_file() -> None:
    event = one(
        boot_programs(
            r'BootExecute = multi "%SystemRoot%\system32\x.exe"',
            XP,
            files=(present("C:\\Windows\\system32\\x.exe", native=True),),
        )
    )
    assert isinstance(event.action, RunProgram)
    assert event.action.image == "%SystemRoot%\\system32\\x.exe"
    assert event.done is Done.NO


def test_vector_06_a_win32_program_is_created_and_killed() -> None:
    played = play(
        'BootExecute = multi "cmd.exe /c foo"', XP, files=(present("C:\\Windows\\system32\\cmd.exe", native=False),)
    )
    event = one(asked(played, RunProgram))
    assert event.done is Done.NO
    assert "native" in event.why
    assert [process for process in played.after.processes if process.name == "cmd.exe"] == []


@pytest.mark.parametrize("generation", EVERY_FAMILY)
def test_vector_07_a_source_and_an_empty_string_delete_the_file(generation: Generation) -> None:
    played = play(f'{RENAMES} = multi "\\??\\C:\\a" ""', generation, files=(C_A,))
    event = one(asked(played, DeleteFile))
    assert event.action == DeleteFile(NtPath("\\??\\C:\\a"), None, RENAMES, 0)
    assert (event.done, cited(event)) == (Done.YES, [(RENAMES, (0, 1))])
    assert state(played, "C:\\a") == "no"


def test_vector_07_a_source_alone_does_nothing_and_is_told() -> None:
    snippet = f'{RENAMES} = multi "\\??\\C:\\a"'
    played = play(snippet, XP, files=(C_A,))
    assert asked(played, (DeleteFile, RenameFile)) == []
    assert state(played, "C:\\a") == "yes"
    setting = settings_of(snippet)[PENDING_RENAMES]
    (problem,) = setting.problems
    assert problem.code == "odd-rename-list"
    assert [citation(origin) for origin in problem.because] == [(RENAMES, (0, 0))]


@pytest.mark.parametrize("generation", EVERY_FAMILY)
def test_vector_08_rename_with_the_mark_replaces_even_a_read_only_target(generation: Generation) -> None:
    played = play(
        f'{RENAMES} = multi "\\??\\C:\\new" "!\\??\\C:\\old"',
        generation,
        files=(present("C:\\new"), present("C:\\old", read_only=True)),
    )
    event = one(asked(played, RenameFile))
    assert (event.done, cited(event)) == (Done.YES, [(RENAMES, (0, 1))])
    assert (state(played, "C:\\new"), state(played, "C:\\old")) == ("no", "yes")
    assert played.after.files["C:\\OLD"].content == "C:\\new of before"


@pytest.mark.parametrize("generation", EVERY_FAMILY)
def test_vector_08_rename_without_mark_leaves_an_existing_target(generation: Generation) -> None:
    played = play(
        f'{RENAMES} = multi "\\??\\C:\\new" "\\??\\C:\\old"', generation, files=(present("C:\\new"), present("C:\\old"))
    )
    assert one(asked(played, RenameFile)).done is Done.NO
    assert (state(played, "C:\\new"), state(played, "C:\\old")) == ("yes", "yes")
    assert played.after.files["C:\\OLD"].content == "C:\\old of before"


def test_vector_09_rename_to_another_volume_fails() -> None:
    played = play(f'{RENAMES} = multi "\\??\\C:\\new" "\\??\\D:\\old"', XP, files=(present("C:\\new"),))
    event = one(asked(played, RenameFile))
    assert event.done is Done.NO
    assert "another volume" in event.why
    assert state(played, "C:\\new") == "yes"


def test_vector_10_star_and_number_before_a_path_are_kept_aside() -> None:
    played = play(f'{RENAMES} = multi "*1\\??\\C:\\a" "*1!\\??\\C:\\b"', WIN11_24H2, files=(C_A, C_B))
    event = one(asked(played, RenameFile))
    assert event.action == RenameFile(NtPath("\\??\\C:\\a"), NtPath("\\??\\C:\\b"), True, "*1", RENAMES, 0)
    assert (event.done, event.certainty) == (Done.YES, Certainty.C)
    assert cited(event) == [(RENAMES, (0, 1))]
    assert (state(played, "C:\\a"), state(played, "C:\\b")) == ("no", "yes")


@pytest.mark.parametrize("generation", [WIN2000, XP, WIN7, WIN11_24H2])
def test_vector_11_the_second_list_runs_after_the_first(generation: Generation) -> None:
    played = play(
        f'{RENAMES} = multi "\\??\\C:\\a" "\\??\\C:\\b"\n{RENAMES}2 = multi "\\??\\C:\\b" ""', generation, files=(C_A,)
    )
    renamed, deleted = asked(played, (RenameFile, DeleteFile))
    assert (renamed.done, cited(renamed)) == (Done.YES, [(RENAMES, (0, 1))])
    assert (deleted.done, cited(deleted)) == (Done.YES, [(f"{RENAMES}2", (0, 1))])
    assert (state(played, "C:\\a"), state(played, "C:\\b")) == ("no", "no")


DIR = (folder("C:\\dir"), present("C:\\dir\\f"))


def test_vector_12_a_directory_is_deleted_after_its_contents() -> None:
    played = play(f'{RENAMES} = multi "\\??\\C:\\dir\\f" "" "\\??\\C:\\dir" ""', XP, files=DIR)
    assert results(asked(played, DeleteFile)) == [Done.YES, Done.YES]
    assert (state(played, "C:\\dir"), state(played, "C:\\dir\\f")) == ("no", "no")


def test_vector_12_a_directory_deleted_before_its_contents_stays() -> None:
    played = play(f'{RENAMES} = multi "\\??\\C:\\dir" "" "\\??\\C:\\dir\\f" ""', XP, files=DIR)
    directory, content = asked(played, DeleteFile)
    assert (directory.done, directory.why) == (Done.NO, "the directory is not empty")
    assert content.done is Done.YES
    assert (state(played, "C:\\dir"), state(played, "C:\\dir\\f")) == ("yes", "no")


MINI_NT = f'{RENAMES} = multi "\\??\\C:\\a" ""\n[ControlSet001\\Control\\MiniNT]'


def test_vector_13_with_mini_nt_2003_deletes_the_list_and_leaves_the_files() -> None:
    played = play(MINI_NT, WIN2003, files=(C_A,))
    assert one(asked(played, DeleteValue)).done is Done.YES
    skipped = one(asked(played, DeleteFile))
    assert skipped.done is Done.NO
    assert cited(skipped) == [(RENAMES, (0, 1)), ("[ControlSet001\\Control\\MiniNT]", None)]
    assert state(played, "C:\\a") == "yes"


def test_vector_13_with_mini_nt_windows_10_leaves_the_list_and_the_files() -> None:
    played = play(MINI_NT, WIN10_1709, files=(C_A,))
    left = one(asked(played, DeleteValue))
    assert (left.done, left.certainty) == (Done.NO, Certainty.C)
    assert cited(left) == [(RENAMES, None), ("[ControlSet001\\Control\\MiniNT]", None)]
    assert one(asked(played, DeleteFile)).done is Done.NO
    assert state(played, "C:\\a") == "yes"


def paging_files(snippet: str, generation: Generation = XP) -> list[Event]:
    return asked(play(f"[Memory Management]\n{snippet}", generation), CreatePagingFile)


def test_vector_14_a_second_file_on_any_drive_is_dropped() -> None:
    kept, dropped = paging_files(r'PagingFiles = multi "?:\pagefile.sys" "?:\second.sys"')
    assert (kept.done, cited(kept)) == (Done.UNKNOWN, [("PagingFiles", (0, 0))])
    assert (dropped.done, cited(dropped)) == (Done.NO, [("PagingFiles", (1, 1))])


@pytest.mark.parametrize(
    ("text", "sizes"),
    [
        ("C:\\pagefile.sys 0 0", (None, None)),
        ("C:\\pagefile.sys 512", (512, 512)),
        ("C:\\p.sys 1024 512", (1024, 1024)),
    ],
)
def test_vector_15_sizes_of_a_paging_file(text: str, sizes: tuple[int | None, int | None]) -> None:
    event = one(paging_files(f'PagingFiles = multi "{text}"'))
    assert isinstance(event.action, CreatePagingFile)
    assert (event.action.minimum_mb, event.action.maximum_mb) == sizes
    assert cited(event) == [("PagingFiles", (0, 0))]


def test_vector_16_an_empty_list_makes_no_paging_file() -> None:
    assert paging_files("PagingFiles = multi hex:") == []


def test_vector_16_an_absent_list_makes_one_on_any_drive_sized_by_the_system() -> None:
    played = play("", XP, without=("Memory Management\\PagingFiles",))
    event = one(asked(played, CreatePagingFile))
    assert isinstance(event.action, CreatePagingFile)
    assert (event.action.path, event.action.minimum_mb, event.action.emergency) == ("?:\\pagefile.sys", None, False)
    assert [str(place) for place in event.action.candidates[:2]] == ["\\??\\C:\\pagefile.sys", "\\??\\D:\\pagefile.sys"]
    assert cited(event) == [("built in", None)]


@pytest.mark.parametrize("generation", EVERY_FAMILY)
def test_vector_17_empty_data_removes_a_dos_device(generation: Generation) -> None:
    played = play('[DOS Devices]\nGlobal = sz ""', generation)
    event = one(asked(played, Unlink))
    assert event.action == Unlink("\\GLOBAL??\\Global")
    assert (event.done, cited(event)) == (Done.YES, [("Global", None)])
    assert played.before.object_named("\\??\\Global") is not None
    assert played.after.object_named("\\??\\Global") is None


@pytest.mark.parametrize("generation", EVERY_FAMILY)
def test_vector_18_a_drive_linked_to_a_folder_is_there_for_all_that_follows(generation: Generation) -> None:
    snippet = f'{RENAMES} = multi "\\??\\Z:\\x" ""\n[DOS Devices]\nZ: = sz "\\??\\C:\\Data"'
    played = play(snippet, generation, files=(folder("C:\\Data"), present("C:\\Data\\x")))
    link = one([event for event in asked(played, Link) if event.step is Step.DOS_DEVICES])
    assert link.action == Link("\\GLOBAL??\\Z:", "\\??\\C:\\Data")
    assert (link.done, cited(link)) == (Done.YES, [("Z:", None)])
    deleted = one(asked(played, DeleteFile))
    assert deleted.number > link.number
    assert deleted.done is Done.YES
    assert state(played, "C:\\Data\\x") == "no"


@pytest.mark.parametrize("generation", EVERY_FAMILY)
def test_vector_19_a_known_dll_is_excluded_by_its_file_name(generation: Generation) -> None:
    played = play(
        'ExcludeFromKnownDlls = multi "kernel32.dll"\n[KnownDLLs]\nx = sz "kernel32.dll"\ny = sz "user32.dll"',
        generation,
    )
    excluded, mapped = [event for event in asked(played, MapSection) if cited(event)[0] != ("built in", None)]
    assert excluded.action == MapSection("\\KnownDlls\\kernel32.dll", NtPath("\\??\\C:\\Windows\\system32\\kernel32.dll"))
    assert excluded.done is Done.NO
    assert cited(excluded)[:2] == [("x", None), ("ExcludeFromKnownDlls", (0, 0))]
    assert mapped.done is Done.UNKNOWN


def test_vector_20_debug_starts_nothing_and_an_unknown_name_is_skipped() -> None:
    played = play('[SubSystems]\nRequired = multi "Debug" "Windows" "Nope"', XP, files=())
    csrss, nope = asked(played, StartSubsystem)
    assert isinstance(csrss.action, StartSubsystem)
    assert (csrss.action.name, csrss.action.image) == ("Windows", "C:\\Windows\\system32\\csrss.exe")
    assert csrss.done is Done.YES
    assert cited(csrss) == [("Windows", None), ("Required", (1, 1))]
    assert isinstance(nope.action, StartSubsystem)
    assert (nope.action.name, nope.done, cited(nope)) == ("Nope", Done.NO, [("Required", (2, 2))])
    assert played.halted is None


@pytest.mark.parametrize("generation", EVERY_FAMILY)
def test_vector_21_required_as_a_string_loads_nothing_and_does_not_boot(generation: Generation) -> None:
    played = play('[SubSystems]\nRequired = sz "Windows"', generation)
    assert asked(played, StartSubsystem) == []
    assert played.halted is not None
    assert played.halted.certainty is Certainty.C
    assert [citation(origin) for origin in played.halted.because] == [("Required", None)]


@pytest.mark.parametrize("generation", [WIN2000, XP, WIN2003])
def test_vector_22_the_last_entry_of_execute_takes_the_place_of_winlogon(generation: Generation) -> None:
    files = tuple(present(f"C:\\Windows\\system32\\{name}.exe", native=True) for name in "ab")
    played = play('Execute = multi "a" "b"', generation, files=files)
    programs = asked(played, RunProgram, Step.EXECUTE)
    assert [(event.done, cited(event)) for event in programs] == [
        (Done.YES, [("Execute", (0, 0))]),
        (Done.YES, [("Execute", (1, 1))]),
    ]
    last = one(asked(played, StartProcess, Step.INITIAL_COMMAND))
    assert isinstance(last.action, StartProcess)
    assert (last.action.image, last.done, cited(last)) == ("b", Done.YES, [("Execute", (1, 1))])
    assert "0xC000021A" in last.why
    assert "winlogon.exe" not in [process.name for process in played.after.processes]


def test_vector_23_the_next_boot_loads_default_not_current() -> None:
    snippet = f"""
        [Select]
        Current = dword 1
        Default = dword 2
        [ControlSet001\\Control\\Session Manager]
        BootExecute = multi "first"
        [ControlSet002\\Control\\Session Manager]
        BootExecute = multi "second"
        {RENAMES} = multi "\\??\\C:\\a" ""
    """
    played = play(snippet, XP)
    chosen = one(asked(played, WriteValue, Step.LOAD_CONTROL_SET)[:1])
    assert chosen.action == WriteValue("Select", "Current", "2")
    assert cited(chosen) == [("Default", None)]
    deleted = one(asked(played, DeleteValue))
    assert deleted.action == DeleteValue("ControlSet002\\Control\\Session Manager", RENAMES)


def test_vector_24_the_environment_is_applied_once_in_stored_order() -> None:
    played = play('[Environment]\nA = expand "%B%"\nB = sz "x"', WIN2003)
    event = one([event for event in asked(played, SetVariable) if event.action == SetVariable("A", "%B%")])
    assert event.certainty is Certainty.C
    assert cited(event) == [("A", None)]
    assert played.after.environment["A"].value == "%B%"


def test_vector_25_one_string_excludes_one_known_dll() -> None:
    played = play('ExcludeFromKnownDlls = sz "user32"\n[KnownDLLs]\nuser32 = sz "user32.dll"', XP)
    event = one([event for event in asked(played, MapSection) if cited(event)[0] == ("user32", None)])
    assert event.done is Done.NO
    assert cited(event)[1] == ("ExcludeFromKnownDlls", None)


@pytest.mark.parametrize(("name", "pairs"), [("win10-1903", 101), ("win10-1709-dirty", 8)])
def test_vector_26_the_rename_lists_of_real_hives_split_into_pairs(
    real_hive: Callable[[str], Path], name: str, pairs: int
) -> None:
    with open_hive(real_hive(name)) as hive:  # the file alone, without its logs
        settings = read_settings(hive, hive.root.subkey("ControlSet001"))
    first, second = settings[PENDING_RENAMES], settings[PENDING_RENAMES_2]
    assert (len(first.value.pairs), first.value.leftover, first.problems) == (pairs, None, ())
    assert second.presence is Presence.ABSENT
    assert [citation(pair.origin) for pair in first.value.pairs] == [
        (RENAMES, (2 * number, 2 * number + 1)) for number in range(pairs)
    ]
    assert all(str(pair.source).startswith("\\??\\") for pair in first.value.pairs)


def test_vector_26_with_its_logs_the_dirty_hive_has_16_pairs(real_hive: Callable[[str], Path]) -> None:
    logs = tuple(real_hive(f"win10-1709-dirty.LOG{number}") for number in (1, 2))
    analysis = analyze(real_hive("win10-1709-dirty"), Options(verify="none", logs=logs))
    first = analysis.settings[PENDING_RENAMES]
    assert (len(first.value.pairs), first.value.leftover, first.problems) == (16, None, ())
    played = asked(analysis.replay, (DeleteFile, RenameFile), Step.FILE_RENAMES)
    assert [one.action.pair for one in played if isinstance(one.action, DeleteFile | RenameFile)] == list(range(16))


def assert_default_boot(analysis: Analysis, generation: Generation) -> None:
    assert analysis.generation == generation
    played = analysis.replay
    # the built hives hold few services, and not all on which those depend
    assert (played.halted, {problem.code for problem in played.problems} - {"service-dependency"}) == (None, set())
    runs = [event.action for event in asked(played, RunProgram) if event.step is not Step.PLATFORM_BINARY]
    assert [(run.list, run.image.lower()) for run in runs if isinstance(run, RunProgram)] == [("BootExecute", "autochk")]
    started = [event.action for event in asked(played, StartSubsystem)]
    images = {action.image.rsplit("\\", 1)[-1].lower() for action in started if isinstance(action, StartSubsystem)}
    assert images == {"csrss.exe"}
    last = [event.action for event in asked(played, StartProcess, Step.INITIAL_COMMAND)]
    names = [action.image for action in last if isinstance(action, StartProcess)]
    assert names == (["winlogon.exe"] if generation < VISTA else ["wininit.exe", "winlogon.exe"])


@pytest.mark.parametrize(
    ("name", "generation"),
    [("nt4-sp3-server", NT4), ("xp-x64", WIN2003), ("win7-sp1-x86", WIN7), ("win10-1709-dirty", WIN10_1709)],
)
def test_vector_27_a_default_hive_runs_autochk_and_starts_csrss_alone(
    real_hive: Callable[[str], Path], name: str, generation: Generation
) -> None:
    assert_default_boot(analyze(real_hive(name), Options(verify="none")), generation)


@pytest.mark.parametrize("name", CLEAN)
def test_vector_27_so_does_every_clean_hive_made_from_the_baselines(name: str) -> None:
    analysis = analyze(TEST_HIVES / MANIFEST[name]["file"], Options(verify="none"))
    assert_default_boot(analysis, generation_by_id(MANIFEST[name]["generation"]))


@pytest.mark.parametrize(("generation", "names"), [(WIN81, True), (WIN10_1709, False)])
def test_vector_27_dll_directory_is_written_up_to_8_and_built_in_from_1709(generation: Generation, names: bool) -> None:
    played = play("", generation)
    path = one(asked(played, Link, Step.KNOWN_DLLS))
    assert path.action == Link("\\KnownDlls\\KnownDllPath", "C:\\Windows\\system32")
    assert cited(path) == ([("DllDirectory", None)] if names else [("built in", None)])
