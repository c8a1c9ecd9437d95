"""What smss starts last, played: win32k, the Required subsystems, sessions and their initial commands. smss.md B.15, B.16, A.2."""

import pytest

from hivecheck.boot.actions import CreateSession, LoadDriver, MapSection, StartProcess, StartSubsystem
from hivecheck.boot.effects import add_effects
from hivecheck.boot.plan import Done, Step
from hivecheck.boot.replay import Event, Replay
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.generation import (
    NT4,
    NT351,
    VISTA,
    WIN7,
    WIN10_1607,
    WIN10_1903,
    WIN11_24H2,
    WIN2000,
    WIN2003,
    XP,
    Generation,
)
from hivecheck.facts.nt_path import NtPath
from tests.boot.boots import EVERY_FAMILY, asked, citation, cited, one, play, present, results

RECENT = (WIN7, WIN11_24H2)


def subsystems(snippet: str, generation: Generation = XP, **more: object) -> Replay:
    return play(f"[SubSystems]\n{snippet}", generation, **more)  # type: ignore[arg-type]


def started(played: Replay) -> list[StartSubsystem]:
    return [event.action for event in asked(played, StartSubsystem) if isinstance(event.action, StartSubsystem)]


def initial(played: Replay) -> list[Event]:
    return asked(played, StartProcess, Step.INITIAL_COMMAND)


def images(events: list[Event]) -> list[str]:
    return [event.action.image for event in events if isinstance(event.action, StartProcess)]


def halted(played: Replay) -> list[tuple[str, tuple[int, int] | None]]:
    assert played.halted is not None
    assert played.halted.event == played.events[-1].number
    return [citation(origin) for origin in played.halted.because]


def test_win32k_comes_from_its_own_place_whatever_kmode_says() -> None:
    """smss.md B15.5."""
    played = subsystems('Kmode = expand "C:\\Evil\\win32k.sys"')
    event = one(asked(played, LoadDriver))
    assert event.action == LoadDriver(NtPath("\\SystemRoot\\System32\\win32k.sys"), 0)
    assert cited(event) == [("Kmode", None)]


@pytest.mark.parametrize("generation", EVERY_FAMILY)
def test_without_kmode_the_machine_does_not_boot(generation: Generation) -> None:
    """smss.md B15.5."""
    played = play("", generation, without=("SubSystems\\Kmode",))
    assert started(played) == []
    assert halted(played) == [("built in", None)]
    assert played.halted is not None
    assert played.halted.certainty is Certainty.C


def test_before_nt_4_there_is_no_kmode() -> None:
    played = play("", NT351)
    assert asked(played, LoadDriver) == []
    assert [action.name for action in started(played)] == ["Windows"]
    assert played.halted is None


def test_a_missing_win32k_stops_the_boot() -> None:
    """smss.md A.1 step 19."""
    played = play('PendingFileRenameOperations = multi "\\SystemRoot\\System32\\win32k.sys" ""', XP, files=())
    assert one(asked(played, LoadDriver)).done is Done.NO
    assert halted(played) == [("Kmode", None)]


def test_required_subsystems_start_in_list_order_and_leave_the_pool() -> None:
    """smss.md B15.1, B15.2."""
    played = subsystems(
        'Required = multi "Other" "Windows" "other"\nOther = expand "%SystemRoot%\\other.exe"\nOptional = multi "Other"'
    )
    assert [(action.name, action.image) for action in started(played)] == [
        ("Other", "C:\\Windows\\other.exe"),
        ("Windows", "C:\\Windows\\system32\\csrss.exe"),
        ("other", ""),
    ]
    assert results(asked(played, StartSubsystem)) == [Done.UNKNOWN, Done.UNKNOWN, Done.NO]
    assert played.halted is None


def test_optional_subsystems_do_not_start_at_boot() -> None:
    """smss.md B15.1, B15.3."""
    played = subsystems('Optional = multi "Posix"\nPosix = expand "%SystemRoot%\\psxss.exe"\nStray = expand "x"')
    assert [action.name for action in started(played)] == ["Windows"]


def test_without_required_the_default_starts_csrss() -> None:
    """smss.md B15.13."""
    played = play("", XP, without=("SubSystems\\Required",))
    assert cited(one(asked(played, StartSubsystem))) == [("Windows", None), ("built in", None)]


@pytest.mark.parametrize("generation", EVERY_FAMILY)
def test_without_the_definition_of_windows_the_machine_does_not_boot(generation: Generation) -> None:
    """smss.md B15.13."""
    played = play("", generation, without=("SubSystems\\Windows",))
    assert results(asked(played, StartSubsystem)) == [Done.NO]
    assert initial(played) == []
    assert halted(played) == [("Required", None)]


def test_required_without_windows_does_not_boot() -> None:
    played = subsystems('Required = multi "Debug"')
    assert started(played) == []
    assert halted(played) == [("Required", None)]


def test_another_subsystem_does_not_stand_in_for_csrss() -> None:
    played = subsystems('Required = multi "Other"\nOther = expand "%SystemRoot%\\other.exe"')
    assert [action.name for action in started(played)] == ["Other"]
    assert halted(played) == [("Required", None)]


def test_csrss_must_be_a_native_image() -> None:
    """smss.md B15.6."""
    snippet = 'Windows = expand "C:\\evil.exe ObjectDirectory=\\Windows"'
    played = subsystems(snippet, XP, files=(present("C:\\evil.exe", native=False),))
    assert one(asked(played, StartSubsystem)).done is Done.NO
    assert halted(played) == [("Required", (1, 1)), ("Windows", None)]
    assert subsystems(snippet, XP, files=(present("C:\\evil.exe", native=True),)).halted is None


def test_the_csrss_line_is_split_as_any_command() -> None:
    """smss.md B15.6."""
    played = subsystems('Windows = sz "  csrss   ObjectDirectory=\\Windows  x"')
    (action,) = started(played)
    assert (action.image, action.arguments) == ("csrss", "ObjectDirectory=\\Windows  x")
    assert [str(path) for path in action.candidates] == [
        "\\??\\C:\\Windows\\system32\\csrss.exe",
        "\\??\\C:\\Windows\\csrss.exe",
    ]


def test_very_many_subsystems_are_not_all_shown_and_that_is_told() -> None:
    names = " ".join(f'"s{number}"' for number in range(200))
    played = subsystems(f'Required = multi "Windows" {names}')
    assert len(started(played)) == 100
    assert [problem.code for problem in played.problems] == ["subsystems-not-shown"]


@pytest.mark.parametrize(("generation", "mark"), [(NT4, Certainty.B), (WIN2000, Certainty.A), (WIN2003, Certainty.A)])
def test_up_to_2003_winlogon_is_the_initial_command(generation: Generation, mark: Certainty) -> None:
    """smss.md B.16."""
    event = one(initial(play("", generation)))
    assert images([event]) == ["winlogon.exe"]
    assert (event.process, event.certainty, cited(event)) == ("smss.exe", mark, [("built in", None)])
    assert event.assumes[-1] == "SOFTWARE sets no debugger for winlogon.exe"


def test_a_flag_has_winlogon_started_under_a_debugger() -> None:
    """smss.md B.16."""
    for flag in ("0x4", "0x04000000"):
        event = one(initial(play(f"GlobalFlag = dword {flag}", XP)))
        assert "ntsd" in event.why
        assert (event.certainty, cited(event)) == (Certainty.C, [("built in", None), ("GlobalFlag", None)])
    assert "ntsd" not in one(initial(play("GlobalFlag = dword 0x21100000", XP))).why


def test_a_winlogon_that_is_gone_stops_the_boot() -> None:
    played = play('PendingFileRenameOperations = multi "\\SystemRoot\\System32\\winlogon.exe" ""', XP, files=())
    assert one(initial(played)).done is Done.NO
    assert halted(played) == [("built in", None)]


@pytest.mark.parametrize("generation", RECENT)
def test_from_vista_on_each_session_has_a_smss_of_its_own(generation: Generation) -> None:
    """smss.md A.2 step 17, D.2."""
    played = play("", generation)
    assert [event.action for event in asked(played, CreateSession)] == [CreateSession(0), CreateSession(1)]
    assert [
        (event.process, event.action.session)
        for event in asked(played, StartSubsystem)
        if isinstance(event.action, StartSubsystem)
    ] == [
        ("smss.exe (session 0)", 0),
        ("smss.exe (session 1)", 1),
    ]
    assert images(initial(played)) == ["wininit.exe", "winlogon.exe"]
    assert [(process.name, process.parent, process.session, process.ends) for process in played.after.processes[-6:]] == [
        ("smss.exe", "smss.exe", 0, True),
        ("csrss.exe", "smss.exe (session 0)", 0, False),
        ("wininit.exe", "smss.exe (session 0)", 0, False),
        ("smss.exe", "smss.exe", 1, True),
        ("csrss.exe", "smss.exe (session 1)", 1, False),
        ("winlogon.exe", "smss.exe (session 1)", 1, False),
    ]


@pytest.mark.parametrize(
    ("value", "sessions", "mark"),
    [("dword 2", 2, Certainty.B), ("dword 1", 1, Certainty.C), ("dword 0", 1, Certainty.C), ("dword 3", 3, Certainty.C)],
)
def test_the_number_of_initial_sessions(value: str, sessions: int, mark: Certainty) -> None:
    """smss.md B.16, G.1."""
    played = play(f"NumberOfInitialSessions = {value}", WIN7)
    events = asked(played, CreateSession)
    assert [event.action for event in events] == [CreateSession(number) for number in range(sessions)]
    assert {event.certainty for event in events} == {mark}
    assert cited(events[0]) == [("NumberOfInitialSessions", None)]


@pytest.mark.parametrize("value", [None, 'sz "3"', "qword 3", "dword hex: 03"])
def test_without_a_usable_number_there_are_two_sessions(value: str | None) -> None:
    snippet = f"NumberOfInitialSessions = {value}" if value else ""
    played = play(snippet, WIN7, without=() if value else ("NumberOfInitialSessions",))
    events = asked(played, CreateSession)
    assert len(events) == 2
    assert {event.certainty for event in events} == {Certainty.C}
    assert cited(events[0]) == [("built in", None)]


def test_an_absurd_number_of_sessions_is_not_shown_and_that_is_told() -> None:
    played = play("NumberOfInitialSessions = dword 0xffffffff", WIN10_1903)
    assert len(asked(played, CreateSession)) == 16
    (problem,) = played.problems
    assert problem.code == "sessions-not-shown"
    assert [citation(origin) for origin in problem.because] == [("NumberOfInitialSessions", None)]


def test_16_sessions_are_all_shown() -> None:
    played = play("NumberOfInitialSessions = dword 16", WIN10_1903)
    assert (len(asked(played, CreateSession)), played.problems) == (16, ())


@pytest.mark.parametrize("generation", RECENT)
def test_s0_initial_command_takes_the_place_of_wininit(generation: Generation) -> None:
    """smss.md B.16."""
    played = play('S0InitialCommand = sz "C:\\x.exe /y"', generation)
    first, second = initial(played)
    assert isinstance(first.action, StartProcess)
    assert (first.action.image, first.action.arguments, first.action.session) == ("C:\\x.exe", "/y", 0)
    assert (first.certainty, cited(first)) == (Certainty.C, [("S0InitialCommand", None)])
    assert images([second]) == ["winlogon.exe"]


@pytest.mark.parametrize("value", ['sz ""', 'sz "  "', "dword 1"])
def test_a_s0_initial_command_that_says_nothing_leaves_wininit(value: str) -> None:
    assert images(initial(play(f"S0InitialCommand = {value}", WIN7))) == ["wininit.exe", "winlogon.exe"]


@pytest.mark.parametrize("generation", [NT4, XP])
def test_up_to_2003_there_is_no_s0_initial_command(generation: Generation) -> None:
    assert images(initial(play('S0InitialCommand = sz "C:\\x.exe"', generation))) == ["winlogon.exe"]


def test_a_s0_initial_command_stored_with_variables_is_expanded() -> None:
    """smss.md B1.8, B1.10: it is read before the key Environment."""
    snippet = 'S0InitialCommand = expand "%SystemRoot%\\x.exe /y"\n[Environment]\nSystemRoot = sz "D:\\Other"'
    event = initial(play(snippet, WIN11_24H2))[0]
    assert isinstance(event.action, StartProcess)
    assert event.action.candidates == (NtPath("\\??\\C:\\Windows\\x.exe"),)
    assert event.done is Done.UNKNOWN


def test_a_s0_initial_command_with_literal_variables_can_name_no_file() -> None:
    played = play('S0InitialCommand = sz "%SystemRoot%\\x.exe"', WIN7)
    event = one(initial(played))
    assert event.why.startswith("no such file can exist by this name: the line is taken literally, without")
    assert played.halted is not None
    assert played.halted.why == "The initial command '%SystemRoot%\\x.exe' can't be started (STOP 0xC000021A)."


def test_a_s0_initial_command_that_is_not_found_stops_the_boot() -> None:
    """smss.md D.5."""
    played = play('S0InitialCommand = sz "C:\\nothere.exe"', WIN7, files=())
    assert halted(played) == [("S0InitialCommand", None)]
    assert played.halted is not None
    assert played.halted.certainty is Certainty.C


@pytest.mark.parametrize("name", ["csrss.exe", "winlogon.exe", "win32k.sys"])
@pytest.mark.parametrize(("generation", "mark"), [(NT4, Certainty.C), (XP, Certainty.A), (WIN7, Certainty.C)])
def test_that_a_missing_system_file_stops_the_machine_is_confirmed_for_2003(
    generation: Generation, mark: Certainty, name: str
) -> None:
    """smss.md D.5."""
    snippet = f'PendingFileRenameOperations = multi "\\SystemRoot\\System32\\{name}" ""'
    played = play(snippet, generation, files=())
    assert played.halted is not None
    assert played.halted.certainty is mark


@pytest.mark.parametrize("generation", EVERY_FAMILY)
def test_an_argument_that_csrss_does_not_know_is_told(generation: Generation) -> None:
    """smss.md B15.7."""
    line = "%SystemRoot%\\system32\\csrss.exe objectdirectory=\\Windows Evil=1 SharedSection=1,2,3 ServerDll=x,1 Evil=2"
    (problem,) = subsystems(f'Windows = expand "{line}"', generation).problems
    assert (problem.code, "(Evil)" in problem.message) == ("csrss-argument-unknown", True)
    assert [citation(origin) for origin in problem.because] == [("Windows", None)]


@pytest.mark.parametrize(("generation", "mark"), [(XP, Certainty.A), (WIN7, Certainty.C), (WIN11_24H2, Certainty.C)])
def test_that_an_unknown_subsystem_is_skipped_is_confirmed_for_2003(generation: Generation, mark: Certainty) -> None:
    """smss.md B15.2."""
    events = asked(subsystems('Required = multi "None" "Windows"', generation), StartSubsystem)
    assert (events[0].done, events[0].certainty) == (Done.NO, mark)


SERVERS = 'Windows = expand "%SystemRoot%\\system32\\csrss.exe Windows=On ServerDll=basesrv,1 ServerDll=winsrv:Con,3 ServerDll=sxssrv,4"'
RENAMES = "PendingFileRenameOperations = multi "
_SINCE = {"kernelbase.dll": WIN7, "win32u.dll": WIN10_1607}


def renamed(pair: str, generation: Generation) -> Replay:
    return play(f"{RENAMES}{pair}\n[SubSystems]\n{SERVERS}", generation)


@pytest.mark.parametrize(
    "name",
    [
        "csrsrv.dll", "basesrv.dll", "winsrv.dll", "sxssrv.dll", "kernel32.dll", "kernelbase.dll", "user32.dll", "gdi32.dll",
        "win32u.dll",
    ],
)  # fmt: skip
@pytest.mark.parametrize("generation", EVERY_FAMILY)
def test_csrss_does_not_come_up_without_a_dll_that_this_boot_deletes(name: str, generation: Generation) -> None:
    played = renamed(f'"\\??\\C:\\Windows\\System32\\{name}" ""', generation)
    if generation < _SINCE.get(name, generation):
        assert played.halted is None  # there is none before
        return
    assert played.halted is not None
    assert played.halted.why == "The required subsystem Windows can't be started (STOP 0xC000021A)."
    assert played.halted.certainty is not Certainty.A
    event = played.events[-1]
    assert isinstance(event.action, StartSubsystem)
    assert event.why.startswith(f"it needs \\SystemRoot\\System32\\{name}: earlier in this boot")
    assert event.certainty is (Certainty.B if name.endswith(("srv.dll", "base.dll")) and generation >= XP else Certainty.C)


@pytest.mark.parametrize("name", ["advapi32.dll", "rpcrt4.dll"])
@pytest.mark.parametrize("generation", EVERY_FAMILY)
def test_the_initial_command_ends_without_a_dll_that_this_boot_moves_away(name: str, generation: Generation) -> None:
    played = renamed(f'"\\??\\C:\\Windows\\System32\\{name}" "\\??\\C:\\{name}"', generation)
    image = "winlogon.exe" if generation < VISTA else "wininit.exe"
    assert played.halted is not None
    assert played.halted.why == f"The initial command '{image}' can't be started (STOP 0xC000021A)."
    assert played.halted.certainty is Certainty.C
    event = played.events[-1]
    assert isinstance(event.action, StartProcess)
    assert (event.action.image, event.done) == (image, Done.NO)
    assert event.why.startswith(f"it needs \\SystemRoot\\System32\\{name}: earlier in this boot it was renamed to")


def test_a_dll_put_in_the_place_of_a_deleted_one_is_used_at_once() -> None:
    system32 = "\\??\\C:\\Windows\\System32"
    played = renamed(f'"{system32}\\user32.dll" "" "\\??\\C:\\new.dll" "{system32}\\user32.dll"', XP)
    assert played.halted is None
    (event,) = asked(add_effects(played, XP), StartSubsystem)
    (effect,) = event.effects
    assert (effect.boot, "user32.dll: this boot already uses the new file" in effect.text) == ("this", True)


def test_of_a_replaced_known_dll_only_the_event_that_maps_it_tells() -> None:
    lists = f'{RENAMES}"\\??\\C:\\new.dll" "!\\??\\C:\\Windows\\System32\\user32.dll"\n[KnownDLLs]\nuser32 = sz "user32.dll"'
    played = add_effects(play(f"{lists}\n[SubSystems]\n{SERVERS}", WIN7), WIN7)
    (told,) = [event for event in played.events if event.effects]
    assert isinstance(told.action, MapSection)


def test_what_another_initial_command_needs_is_not_known() -> None:
    (event,) = [one for one in initial(play('Execute = multi "evil.exe"', XP)) if one.step is Step.INITIAL_COMMAND]
    assert isinstance(event.action, StartProcess)
    assert event.action.needs == ()


def test_what_csrss_needs_is_read_from_its_line() -> None:
    (event,) = asked(renamed('"\\??\\C:\\x" ""', XP), StartSubsystem)
    assert isinstance(event.action, StartSubsystem)
    assert [path.file_name for path in event.action.needs] == [
        "csrsrv.dll", "basesrv.dll", "winsrv.dll", "sxssrv.dll", "kernel32.dll", "user32.dll", "gdi32.dll"
    ]  # fmt: skip
    assert not any("csrsrv" in assumed for assumed in event.assumes)


def test_a_replaced_server_dll_shows_at_csrss() -> None:
    played = add_effects(renamed('"\\??\\C:\\new.dll" "!\\??\\C:\\Windows\\System32\\winsrv.dll"', WIN7), WIN7)
    starts = asked(played, StartSubsystem)
    assert [[effect.boot for effect in event.effects] for event in starts] == [["this"], ["this"]]
    assert all("winsrv.dll: this boot already uses the new file" in event.effects[0].text for event in starts)


@pytest.mark.parametrize(
    ("generation", "mark"), [(XP, Certainty.A), (NT4, Certainty.C), (WIN7, Certainty.C), (WIN11_24H2, Certainty.C)]
)
def test_that_path_comes_before_system32_is_known_of_2003_only(generation: Generation, mark: Certainty) -> None:
    played = add_effects(play('[Environment]\nPath = sz "C:\\evil;C:\\Windows\\system32"', generation), generation)
    for event in initial(played):
        assert event.certainty is mark
        (effect,) = event.effects
        assert effect.text.startswith(f"Path decides which {event.action.image}")  # type: ignore[union-attr]
        assert ("inferred from 2003" in effect.text) is (generation != XP)
