"""The processes the system hangs on, and setup before the logon. smss.md D.1 to D.3, B.17, E.5."""

import pytest

from hivecheck.boot.actions import StartProcess
from hivecheck.boot.plan import Done, Step
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.generation import WIN7, WIN10_1507, WIN10_1903, WIN11_24H2, WIN81, XP, Generation
from tests.boot.boots import asked, cited
from tests.boot.whole_boots import LSA, play_whole, start_of, started


def setup(kind: int, line: str = "cmd.exe", in_progress: int = 1) -> str:
    return f'[Setup]\nCmdLine = sz "{line}"\nSetupType = dword {kind}\nSystemSetupInProgress = dword {in_progress}'


@pytest.mark.parametrize(
    ("generation", "parent"), [(XP, "winlogon.exe"), (WIN7, "wininit.exe"), (WIN11_24H2, "wininit.exe")]
)
def test_setup_type_2_runs_the_command_before_the_logon(generation: Generation, parent: str) -> None:
    """smss.md E5.3, E5.4."""
    played = play_whole(setup(2, "cmd.exe /k x"), generation)
    event = start_of(played, "cmd.exe")
    assert isinstance(event.action, StartProcess)
    assert (event.process, event.action.arguments, event.action.session) == (parent, "/k x", 0)
    assert event.action.candidates[0].text == "\\??\\C:\\Windows\\System32\\cmd.exe"
    assert cited(event) == [("CmdLine", None), ("SetupType", None), ("SystemSetupInProgress", None)]
    assert (event.step, event.certainty, event.done) == (Step.LOGON, Certainty.B, Done.UNKNOWN)
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
    assert start_of(play_whole(setup(2, in_progress=0), WIN7), "cmd.exe").certainty is Certainty.C


def test_a_command_with_blanks_and_no_quotes_is_ambiguous() -> None:
    event = start_of(play_whole(setup(2, "C:\\Program Files\\x.exe -a"), WIN7), "C:\\Program Files\\x.exe")
    assert "C:\\Program.exe would be started first" in event.why


@pytest.mark.parametrize(
    ("generation", "lines", "runs"),
    [
        (WIN81, "LsaCfgFlags = dword 1", False),
        (WIN10_1507, "LsaCfgFlags = dword 1", True),
        (WIN10_1507, "LsaCfgFlags = dword 0", False),
        (WIN10_1507, "LsaCfgFlagsDefault = dword 2", False),
        (WIN10_1903, "LsaCfgFlagsDefault = dword 2", True),
        (WIN10_1903, "LsaCfgFlags = dword 0\nLsaCfgFlagsDefault = dword 2", False),
        (WIN10_1903, "", False),
    ],
)
def test_lsaiso_runs_where_credential_guard_is_asked_for(generation: Generation, lines: str, runs: bool) -> None:
    """smss.md D.3."""
    played = play_whole(f"[{LSA}]\n{lines}", generation)
    assert (("wininit.exe", "lsaiso.exe") in started(played)) is runs
    if runs:
        assert start_of(played, "lsaiso.exe").done is Done.UNKNOWN


def test_a_policy_asks_for_credential_guard_too() -> None:
    policy = "[Policies\\Microsoft\\Windows\\DeviceGuard]\nLsaCfgFlags = dword 1"
    assert ("wininit.exe", "lsaiso.exe") in started(play_whole("", WIN10_1903, given=policy))


def test_up_to_2003_software_names_the_programs_of_the_system() -> None:
    winlogon = '[Microsoft\\Windows NT\\CurrentVersion\\Winlogon]\nSystem = sz "lsass.exe,evil.exe /x"'
    played = play_whole("", XP, given=winlogon)
    assert started(played, Step.LSA) == [("winlogon.exe", "lsass.exe"), ("winlogon.exe", "evil.exe")]
    assert cited(start_of(played, "evil.exe")) == [("System", None)]
    assert ("winlogon.exe", "evil.exe") not in started(play_whole("", WIN7, given=winlogon))


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
