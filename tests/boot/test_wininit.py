"""The processes the system hangs on. smss.md D.1 to D.3."""

import pytest

from hivecheck.boot.actions import StartService, WriteValue
from hivecheck.boot.plan import Done, Step
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.generation import NT4, NT351, WIN7, WIN10_1507, WIN10_1903, WIN81, WIN2000, XP, Generation
from tests.boot.boots import asked, citation, cited
from tests.boot.whole_boots import LSA, libraries, play_whole, start_of, started


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


WINLOGON = "[Microsoft\\Windows NT\\CurrentVersion\\Winlogon]\n"
IMAGE = "[Microsoft\\Windows NT\\CurrentVersion\\Image File Execution Options\\{}]\nDebugger = sz {}\n"


@pytest.mark.parametrize(
    "line", ["lsass.exe,evil.exe /x", " lsass , evil.exe /x", "C:\\Windows\\System32\\lsass.exe,evil.exe /x"]
)
@pytest.mark.parametrize("generation", [NT4, WIN2000, XP])
def test_up_to_2003_software_names_the_programs_of_the_system(generation: Generation, line: str) -> None:
    played = play_whole("", generation, given=f'{WINLOGON}System = sz "{line}"')
    assert started(played, Step.LSA) == [("winlogon.exe", "lsass.exe"), ("winlogon.exe", "evil.exe")]
    assert cited(start_of(played, "evil.exe")) == [("System", None)]
    assert ("System", None) in cited(start_of(played, "lsass.exe")) or generation >= WIN2000
    assert played.halted is None


def test_vista_names_no_programs_of_the_system() -> None:
    assert ("winlogon.exe", "evil.exe") not in started(play_whole("", WIN7, given=f'{WINLOGON}System = sz "evil.exe"'))


@pytest.mark.parametrize("line", ["evil.exe", ",", "", "C:\\evil\\lsass.exe"])
@pytest.mark.parametrize("generation", [WIN2000, XP])
def test_from_2000_on_lsass_starts_whatever_software_names(generation: Generation, line: str) -> None:
    played = play_whole("", generation, given=f'{WINLOGON}System = sz "{line}"')
    assert started(played, Step.LSA)[0] == ("winlogon.exe", "lsass.exe")
    assert played.halted is None


@pytest.mark.parametrize("line", ["evil.exe", "C:\\evil\\lsass.exe"])
def test_up_to_nt_4_there_is_no_lsass_where_software_names_another(line: str) -> None:
    played = play_whole(f'[{LSA}]\nAuthentication Packages = multi "msv1_0"', NT4, given=f'{WINLOGON}System = sz "{line}"')
    assert [image for _, image in started(played, Step.LSA)] == [line]
    assert [event for event in libraries(played) if event.process == "lsass.exe"] == []
    assert played.halted is not None
    assert played.halted.why.startswith("Winlogon\\System does not name lsass.exe")
    assert (played.halted.certainty, [citation(one) for one in played.halted.because]) == (Certainty.C, [("System", None)])


@pytest.mark.parametrize("line", ["", ","])
def test_up_to_nt_4_a_value_that_names_nothing_leaves_lsass(line: str) -> None:
    played = play_whole("", NT4, given=f'{WINLOGON}System = sz "{line}"')
    assert started(played, Step.LSA) == [("winlogon.exe", "lsass.exe")]


@pytest.mark.parametrize("name", ["services.exe", "lsass.exe"])
@pytest.mark.parametrize(("generation", "parent"), [(XP, "winlogon.exe"), (WIN10_1903, "wininit.exe")])
def test_a_debugger_is_what_starts_the_program_it_is_set_for(generation: Generation, parent: str, name: str) -> None:
    played = play_whole("", generation, given=IMAGE.format(name, '"C:\\evil\\dbg.exe -x"'))
    debugger, itself = start_of(played, "C:\\evil\\dbg.exe"), start_of(played, name)
    assert (debugger.process, itself.process, itself.number) == (parent, "dbg.exe", debugger.number + 1)
    assert (itself.done, itself.certainty) == (Done.UNKNOWN, Certainty.C)
    assert itself.assumes[-1] == f"C:\\evil\\dbg.exe starts {name}"


GONE = 'PendingFileRenameOperations = multi "\\??\\C:\\Windows\\System32\\{}" ""'
AUTO = (
    '\n[ControlSet001\\Services\\a]\nType = dword 0x10\nStart = dword 2\nErrorControl = dword 1\nImagePath = sz "C:\\a.exe"'
)


@pytest.mark.parametrize("generation", [NT351, NT4])
def test_up_to_nt_4_the_machine_goes_on_without_services_exe(generation: Generation) -> None:
    """As critical_processes has it of its death."""
    played = play_whole(GONE.format("services.exe") + AUTO, generation)
    assert played.halted is None
    (lost,) = [one for one in played.problems if one.code == "services-lost"]
    assert "services.exe can't be started: winlogon can start no service" in lost.message
    assert asked(played, StartService) == []
    assert start_of(played, "lsass.exe").done is not Done.NO
    assert any(event.step is Step.LOGON for event in played.events)
    accepted = [one for one in asked(played, WriteValue) if one.process == "services.exe"]
    assert [one.done for one in accepted] == [Done.NO]
    assert len(asked(play_whole(AUTO, generation), StartService)) == 1


@pytest.mark.parametrize(
    ("generation", "name", "why"),
    [
        (NT4, "lsass.exe", "lsass.exe can't be started: services.exe waits for it, and nobody can log on."),
        (WIN2000, "services.exe", "services.exe can't be started: the machine stops or restarts."),
        (XP, "lsass.exe", "lsass.exe can't be started: the machine stops or restarts."),
        (WIN10_1903, "services.exe", "services.exe can't be started: the machine stops or restarts."),
    ],
)
def test_how_a_boot_ends_without_a_program_of_the_system(generation: Generation, name: str, why: str) -> None:
    halted = play_whole(GONE.format(name), generation).halted
    assert halted is not None
    assert (halted.why, halted.certainty) == (why, Certainty.C)


def test_without_the_file_of_a_debugged_program_the_boot_ends() -> None:
    gone = 'PendingFileRenameOperations = multi "\\??\\C:\\Windows\\System32\\services.exe" ""'
    played = play_whole(gone, XP, given=IMAGE.format("services.exe", '"C:\\evil\\dbg.exe"'))
    assert played.halted is not None
    assert played.halted.why.startswith("services.exe can't be started")
