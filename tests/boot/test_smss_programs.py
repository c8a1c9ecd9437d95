r"""The lists of native programs, played: smss.md B.2, B.5 to B.7, A3.f, and the platform binary of the firmware."""

import pytest

from hivecheck.boot.actions import RunProgram, StartProcess
from hivecheck.boot.machine import File, Process
from hivecheck.boot.plan import Done, Step
from hivecheck.boot.replay import Event, Replay
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.generation import NT4, VISTA, WIN7, WIN10_1903, WIN11_24H2, WIN81, WIN2000, WIN2003, XP, Generation
from tests.boot.boots import EVERY_FAMILY, MODERN, asked, citation, cited, one, play, present, results


def run(event: Event) -> RunProgram:
    assert isinstance(event.action, RunProgram)
    return event.action


def tried(event: Event) -> list[str]:
    return [str(path) for path in run(event).candidates]


def boot_program(line: str, path: str = "%SystemRoot%\\system32", generation: Generation = XP, **more: object) -> Event:
    snippet = f'BootExecute = multi "{line}"\n[Environment]\nPath = expand "{path}"'
    return one(asked(play(snippet, generation, **more), RunProgram, Step.BOOT_EXECUTE))  # type: ignore[arg-type]


def test_a_folder_before_system32_in_path_wins() -> None:
    """smss.md B2.3."""
    files = (present("C:\\Evil\\autochk.exe", native=True),)
    event = boot_program("autocheck autochk *", "C:\\Evil;%SystemRoot%\\system32", files=files)
    assert event.done is Done.YES
    assert event.certainty is Certainty.A
    assert [change.image for change in event.changes if isinstance(change, Process)] == ["\\??\\C:\\Evil\\autochk.exe"]


@pytest.mark.parametrize("generation", [NT4, VISTA, WIN11_24H2])
def test_that_a_folder_before_system32_wins_is_inferred_for_other_windows(generation: Generation) -> None:
    event = boot_program("autocheck autochk *", "C:\\Evil;%SystemRoot%\\system32", generation)
    assert event.certainty is Certainty.C
    assert boot_program("autocheck autochk *", generation=generation).certainty is Certainty.B


def test_system32_is_searched_even_if_path_leaves_it_out() -> None:
    assert tried(boot_program("autochk", "C:\\Tools")) == [
        "\\??\\C:\\Tools\\autochk.exe",
        "\\??\\C:\\Windows\\system32\\autochk.exe",
    ]


def test_a_folder_that_stands_twice_in_path_is_tried_once() -> None:
    assert tried(boot_program("autochk", "C:\\Tools\\; C:\\TOOLS ;c:/tools")) == [
        "\\??\\C:\\Tools\\autochk.exe",
        "\\??\\C:\\Windows\\system32\\autochk.exe",
    ]


def test_without_a_path_of_its_own_the_hive_gives_the_kernels() -> None:
    """smss.md B13.3."""
    played = play('BootExecute = multi "autochk"', XP, without=("Environment\\Path",))
    assert tried(one(asked(played, RunProgram))) == ["\\??\\C:\\Windows\\System32\\autochk.exe"]


def test_a_variable_of_path_that_is_not_set_names_no_folder() -> None:
    assert tried(boot_program("autochk", "%Nothing%\\x;.;\\\\server\\share")) == ["\\??\\C:\\Windows\\system32\\autochk.exe"]


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        ("C:\\x\\y.exe", ["\\??\\C:\\x\\y.exe"]),
        ("c:/x/y.com", ["\\??\\c:\\x\\y.com"]),
        ("C:\\x\\y", ["\\??\\C:\\x\\y.exe"]),
        ("y.com", ["\\??\\C:\\Windows\\system32\\y.com"]),
        ("sub\\y", ["\\??\\C:\\Windows\\system32\\sub\\y.exe"]),
        ("\\SystemRoot\\y.exe", ["\\SystemRoot\\y.exe"]),
    ],
)
def test_where_an_image_is_looked_for(image: str, expected: list[str]) -> None:
    """smss.md B2.3."""
    assert tried(boot_program(image)) == expected


@pytest.mark.parametrize("image", ["a?b", "a*b", "a|b", "<a", "a>", "%x%", "x" * 300])
def test_an_image_that_names_no_file_is_looked_for_nowhere(image: str) -> None:
    event = boot_program(image)
    assert (event.done, tried(event)) == (Done.NO, [])


@pytest.mark.parametrize("image", ["\\SystemRoot\\y.exe", "\\??\\C:\\y.exe"])
def test_an_nt_path_as_an_image_is_doubted(image: str) -> None:
    """smss.md B2.3: not expected to work up to 2003."""
    event = boot_program(image)
    assert (event.done, event.certainty) == (Done.UNKNOWN, Certainty.C)
    assert "an NT path is accepted as the name of a program" in event.assumes


def test_without_autocheck_the_process_gets_the_whole_line() -> None:
    """smss.md B2.5."""
    played = play('BootExecute = multi "async debug sprestrt /x"', XP)
    assert [process.command for process in played.after.processes if process.ends] == ["async debug sprestrt /x"]


def test_with_autocheck_the_process_gets_the_image_and_its_arguments() -> None:
    """smss.md B2.5."""
    played = play('BootExecute = multi "debug autocheck autochk /p \\??\\C:"', XP)
    assert [process.command for process in played.after.processes if process.ends] == [
        "\\??\\C:\\Windows\\system32\\autochk.exe /p \\??\\C:"
    ]


@pytest.mark.parametrize(
    ("line", "said"), [("autocheck nothere *", "skipping AUTOCHECK"), ("nothere", "the line is ignored")]
)
def test_a_missing_program_is_skipped(line: str, said: str) -> None:
    """smss.md B2.6, B2.7."""
    event = boot_program(line, files=())
    assert event.done is Done.NO
    assert said in event.why


def test_the_next_line_runs_after_one_that_failed() -> None:
    played = play('BootExecute = multi "nothere" "autocheck autochk *"', XP, files=())
    assert results(asked(played, RunProgram)) == [Done.NO, Done.YES]
    assert played.halted is None


def test_a_line_of_keywords_alone_names_no_program() -> None:
    """smss.md B2.2."""
    event = boot_program("autocheck debug")
    assert (run(event).image, event.done) == ("", Done.NO)


def test_blank_lines_are_no_commands() -> None:
    """smss.md B1.5: surplus terminators leave them behind."""
    played = play('BootExecute = multi "" "  " "autocheck autochk *" ""', XP)
    assert cited(one(asked(played, RunProgram))) == [("BootExecute", (2, 2))]


def test_whether_the_image_is_native_is_an_assumption_without_the_file() -> None:
    """smss.md B2.4."""
    assert boot_program("autochk").assumes == (
        "\\??\\C:\\Windows\\system32\\autochk.exe exists",
        "it is a native image (PE subsystem 1)",
    )


def test_a_command_stored_as_one_string_runs_once() -> None:
    """smss.md B1.8."""
    played = play('BootExecute = sz "autocheck autochk *"', XP)
    event = one(asked(played, RunProgram))
    assert (run(event).image, cited(event)) == ("autochk", [("BootExecute", None)])


def test_a_command_stored_with_variables_is_expanded_with_what_the_kernel_gave() -> None:
    """smss.md B1.10, B.0: BootExecute is read before the key Environment, Execute after it."""
    snippet = r"""
        BootExecute = expand "%SystemRoot%\a.exe %Mine%"
        Execute = expand "%SystemRoot%\b.exe %Mine%"
        [Environment]
        Mine = sz "x"
        SystemRoot = sz "D:\Other"
    """
    boot, execute = asked(play(snippet, XP), RunProgram)
    assert run(boot).command == "C:\\Windows\\a.exe %Mine%"
    assert run(execute).command == "D:\\Other\\b.exe x"


@pytest.mark.parametrize("type", ["dword 1", "binary 61 00 00 00", "qword 1", 'link "a"'])
def test_a_list_of_a_wrong_type_runs_nothing_and_not_the_default(type: str) -> None:
    """smss.md B1.9."""
    assert asked(play(f"BootExecute = {type}", XP), RunProgram) == []


def test_a_list_without_a_type_is_absent_so_the_default_runs() -> None:
    """smss.md B1.7."""
    event = one(asked(play("BootExecute = none 61 00 00 00", XP), RunProgram))
    assert (run(event).command, cited(event)) == ("autocheck AutoChk.exe *", [("built in", None)])


@pytest.mark.parametrize("generation", EVERY_FAMILY)
@pytest.mark.parametrize(
    "name", ["SetupExecute", "Execute", "PlatformExecute", "BootExecuteNoPnpSync", "SetupExecuteNoPnpSync"]
)
def test_the_other_lists_have_no_default(generation: Generation, name: str) -> None:
    assert [event for event in asked(play("", generation), RunProgram) if run(event).list == name] == []


def test_mini_nt_and_safe_mode_do_not_keep_boot_execute_from_running() -> None:
    """smss.md B2.10."""
    played = play('BootExecute = multi "x"\n[ControlSet001\\Control\\MiniNT]', XP, safe_mode="minimal")
    assert results(asked(played, RunProgram, Step.BOOT_EXECUTE)) == [Done.UNKNOWN]


NO_SYNC = (
    'BootExecute = multi "a"\nBootExecuteNoPnpSync = multi "b"\nSetupExecute = multi "c"\nSetupExecuteNoPnpSync = multi "d"'
)


@pytest.mark.parametrize(
    ("generation", "expected", "mark"),
    [(NT4, "ac", None), (WIN2003, "ac", None), (WIN7, "abcd", Certainty.C), (WIN11_24H2, "abcd", Certainty.B)],
)
def test_the_lists_without_pnp_sync_run_beside_theirs(generation: Generation, expected: str, mark: Certainty | None) -> None:
    """smss.md B.5."""
    played = play(NO_SYNC, generation)
    events = asked(played, RunProgram, Step.BOOT_EXECUTE) + asked(played, RunProgram, Step.SETUP_EXECUTE)
    assert "".join(run(event).image for event in events) == expected
    assert [event.certainty for event in events if run(event).image == "b"] == ([mark] if mark else [])
    assert [event.certainty for event in events if run(event).image == "d"] == ([Certainty.C] if mark else [])


def platform(snippet: str, generation: Generation, **more: object) -> list[Event]:
    return asked(play(snippet, generation, **more), RunProgram, Step.PLATFORM_BINARY)  # type: ignore[arg-type]


@pytest.mark.parametrize("generation", MODERN)
def test_the_firmware_may_bring_a_program_along(generation: Generation) -> None:
    """smss.md B.5: the hive can't tell; smss writes the file, so it need not be there before."""
    event = one(platform("", generation, files=()))
    assert (run(event).image, event.done) == ("wpbbin.exe", Done.UNKNOWN)
    assert event.assumes[-1] == "the firmware carries a platform binary, which smss writes to this file"
    assert [change.path for change in event.changes if isinstance(change, File)] == ["\\SystemRoot\\System32\\wpbbin.exe"]
    assert {change.assumed for change in event.changes if isinstance(change, File | Process)} == {True}


@pytest.mark.parametrize("generation", [NT4, XP, WIN7])
def test_before_8_there_is_no_platform_binary(generation: Generation) -> None:
    assert platform('PlatformExecute = multi "x"', generation) == []


def test_the_switch_of_the_platform_binary() -> None:
    """smss.md B.5."""
    event = one(platform("DisableWpbtExecution = dword 1", WIN81))
    assert event.done is Done.NO
    assert cited(event) == [("built in", None), ("DisableWpbtExecution", None)]
    assert one(platform("DisableWpbtExecution = dword 0", WIN81)).done is Done.UNKNOWN
    assert one(platform("DisableWpbtExecution = qword 1", WIN81)).done is Done.UNKNOWN


def test_no_platform_binary_in_windows_pe_and_safe_mode() -> None:
    event = one(platform("[ControlSet001\\Control\\MiniNT]", WIN10_1903))
    assert (event.done, cited(event)[1]) == (Done.NO, ("[ControlSet001\\Control\\MiniNT]", None))
    assert one(platform("", WIN10_1903, safe_mode="network")).done is Done.NO


def test_platform_execute_is_told_as_uncertain() -> None:
    _, event = platform('PlatformExecute = multi "x"', WIN11_24H2)
    assert (run(event).list, event.done, event.certainty) == ("PlatformExecute", Done.UNKNOWN, Certainty.C)
    assert cited(event) == [("PlatformExecute", (0, 0))]


def initial(played: Replay) -> list[str]:
    return [
        event.action.image
        for event in asked(played, StartProcess, Step.INITIAL_COMMAND)
        if isinstance(event.action, StartProcess)
    ]


@pytest.mark.parametrize(("generation", "mark"), [(NT4, Certainty.C), (WIN2000, Certainty.A), (XP, Certainty.A)])
def test_how_certain_it_is_that_execute_replaces_winlogon(generation: Generation, mark: Certainty) -> None:
    """smss.md B.7."""
    played = play('Execute = multi "a"', generation)
    assert initial(played) == ["a"]
    assert {event.certainty for event in asked(played, StartProcess) if ("Execute", (0, 0)) in cited(event)} == {mark}


@pytest.mark.parametrize("generation", [WIN7, WIN11_24H2])
def test_from_vista_on_whether_execute_runs_is_not_known(generation: Generation) -> None:
    """smss.md A3.f."""
    played = play('Execute = multi "a"', generation)
    event = one(asked(played, RunProgram, Step.EXECUTE))
    assert (event.done, event.certainty) == (Done.UNKNOWN, Certainty.C)
    assert "smss of this generation still honours Execute" in event.assumes
    assert initial(played) == ["wininit.exe", "winlogon.exe"]
    (problem,) = played.problems
    assert problem.code == "order-unverified"
    assert [citation(origin) for origin in problem.because] == [("Execute", (0, 0))]


def test_the_last_entry_of_execute_that_is_no_copy_is_the_initial_command() -> None:
    """smss.md B1.13: the second copy was dropped."""
    played = play('Execute = multi "a" "b" "A" ""', XP)
    assert initial(played) == ["b"]


def test_the_initial_command_need_not_be_native() -> None:
    """smss.md B.7: the check is not made for it."""
    played = play('Execute = multi "cmd.exe"', XP, files=(present("C:\\Windows\\system32\\cmd.exe", native=False),))
    assert results(asked(played, RunProgram, Step.EXECUTE)) == [Done.NO]
    assert results(asked(played, StartProcess, Step.INITIAL_COMMAND)) == [Done.YES]
    assert played.halted is None


def test_an_initial_command_that_is_not_found_stops_the_boot() -> None:
    """smss.md D.5."""
    played = play('Execute = multi "nothere"', XP, files=())
    assert played.halted is not None
    assert "0xC000021A" in played.halted.why
    assert [citation(origin) for origin in played.halted.because] == [("Execute", (0, 0))]


def test_very_many_commands_are_not_all_shown_and_that_is_told() -> None:
    strings = " ".join(f'"c{number}"' for number in range(1_100))
    played = play(f"BootExecute = multi {strings}", XP)
    assert len(asked(played, RunProgram)) == 1_000
    assert play(f"BootExecute = multi {' '.join(strings.split()[:1_000])}", XP).problems == ()
    (problem,) = played.problems
    assert problem.code == "commands-not-shown"
    assert [citation(origin) for origin in problem.because] == [("BootExecute", (1_000, 1_000))]


@pytest.mark.parametrize("generation", EVERY_FAMILY)
@pytest.mark.parametrize("value", ["multi", 'multi "  "', 'sz ""'])
def test_an_empty_boot_execute_is_told(generation: Generation, value: str) -> None:
    """smss.md G.2: it switches autochk off, for certain up to 2003."""
    played = play(f"BootExecute = {value}", generation)
    (problem,) = played.problems
    assert problem.code == "boot-execute-empty"
    assert {citation(origin)[0] for origin in problem.because} == {"BootExecute"}
    assert ("not known" in problem.message) is (generation >= VISTA)


def test_marks_of_what_is_told_of_2003_alone() -> None:
    """smss.md B1.8, B1.13."""
    for generation, mark in ((XP, Certainty.A), (WIN7, Certainty.C), (WIN11_24H2, Certainty.C)):
        played = play('BootExecute = multi "autochk" "AUTOCHK"', generation)
        assert asked(played, RunProgram, Step.BOOT_EXECUTE)[1].certainty is mark
    assert one(asked(play('BootExecute = sz "autochk"', XP), RunProgram, Step.BOOT_EXECUTE)).certainty is Certainty.C


def test_that_the_last_entry_of_execute_is_started_twice_is_inferred() -> None:
    """smss.md B.7."""
    first, last = asked(play('Execute = multi "a" "b"', XP), RunProgram, Step.EXECUTE)
    assert (first.certainty, last.certainty) == (Certainty.A, Certainty.C)
