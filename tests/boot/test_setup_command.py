r"""Setup before the logon: `Setup\CmdLine`. smss.md B.17, D1.a, E.5."""

import pytest

from hivecheck.boot.actions import StartProcess
from hivecheck.boot.plan import Done, Step
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.generation import VISTA, WIN7, WIN11_24H2, XP, Generation
from hivecheck.facts.origin import BuiltIn
from tests.boot.boots import asked, cited
from tests.boot.whole_boots import play_whole, start_of, started


def setup(kind: int, line: str = "cmd.exe", in_progress: int = 1) -> str:
    return f'[Setup]\nCmdLine = sz "{line}"\nSetupType = dword {kind}\nSystemSetupInProgress = dword {in_progress}'


@pytest.mark.parametrize(
    ("generation", "session", "certainty"),
    [(XP, 0, Certainty.B), (VISTA, 1, Certainty.C), (WIN7, 1, Certainty.C), (WIN11_24H2, 1, Certainty.C)],
)
def test_setup_type_2_has_winlogon_run_the_command_before_the_logon(
    generation: Generation, session: int, certainty: Certainty
) -> None:
    """smss.md D1.a, E5.3, E5.4."""
    played = play_whole(setup(2, "cmd.exe /k x"), generation)
    event = start_of(played, "cmd.exe")
    assert isinstance(event.action, StartProcess)
    assert (event.process, event.action.arguments, event.action.session) == ("winlogon.exe", "/k x", session)
    assert event.action.candidates[0].text == "\\??\\C:\\Windows\\System32\\cmd.exe"
    assert cited(event)[:3] == [("CmdLine", None), ("SetupType", None), ("SystemSetupInProgress", None)]
    assert (event.step, event.certainty, event.done) == (Step.LOGON, certainty, Done.UNKNOWN)
    assert [one.done for one in played.events if one.number > event.number and one.done is Done.NO] == []


@pytest.mark.parametrize("generation", [XP, WIN7])
def test_setup_type_1_restarts_the_machine_and_nobody_logs_on(generation: Generation) -> None:
    """smss.md E5.3."""
    played = play_whole(setup(1), generation)
    event = start_of(played, "cmd.exe")
    after = [one for one in played.events if one.number > event.number]
    assert after
    assert {one.done for one in after} == {Done.NO}
    assert ("SetupType", None) in cited(after[0])
    assert played.halted is None


@pytest.mark.parametrize("generation", [XP, WIN7])
@pytest.mark.parametrize("snippet", [setup(0), setup(2, ""), setup(2, "  "), "[Setup]\nSetupType = dword 2"])
def test_without_a_type_or_a_command_nothing_runs(generation: Generation, snippet: str) -> None:
    assert ("cmd.exe" in {image for _, image in started(play_whole(snippet, generation), Step.LOGON)}) is False


def test_an_unknown_setup_type_is_a_doubt() -> None:
    event = start_of(play_whole(setup(4), WIN7), "cmd.exe")
    assert event.assumes[-1] == "setup runs CmdLine for SetupType 4 too"
    assert event.certainty is Certainty.C


def test_that_setup_runs_without_being_in_progress_is_inferred() -> None:
    assert start_of(play_whole(setup(2, in_progress=0), XP), "cmd.exe").certainty is Certainty.C


def test_a_command_with_blanks_and_no_quotes_is_ambiguous() -> None:
    event = start_of(play_whole(setup(2, "C:\\Program Files\\x.exe -a"), WIN7), "C:\\Program Files\\x.exe")
    assert "C:\\Program.exe would be started first" in event.why


def test_both_sources_of_who_runs_it_are_named_from_vista_on() -> None:
    event = start_of(play_whole(setup(2), WIN7), "cmd.exe")
    told = event.because[-1]
    assert isinstance(told, BuiltIn)
    assert "smss.md E5.3" in told.what
    assert "Windows PE startup, revisited" in told.source
    assert "inferred from how Windows PE starts" in event.why


def test_it_stands_on_the_debugger_of_winlogon() -> None:
    debugger = (
        '[Microsoft\\Windows NT\\CurrentVersion\\Image File Execution Options\\winlogon.exe]\nDebugger = sz "C:\\d.exe"'
    )
    event = start_of(play_whole(setup(2), WIN7, given=debugger), "cmd.exe")
    assert event.assumes[-1] == "C:\\d.exe starts winlogon.exe"


def test_hostile_setup_values_are_no_crash() -> None:
    lines = (
        '[Setup]\nCmdLine = multi "a" "b"\nSetupType = sz "2"',
        "[Setup]\nCmdLine = binary 01 02 03\nSetupType = qword 2",
        f'[Setup]\nCmdLine = sz "{"a " * 5_000}"\nSetupType = dword 2',
        "[Setup]\nCmdLine = sz hex: 01 00 02 00 22 00\nSetupType = dword 0xffffffff",
    )
    for snippet in lines:
        for generation in (XP, WIN7):
            assert asked(play_whole(snippet, generation), StartProcess)
