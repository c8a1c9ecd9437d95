"""What follows smss, in order, and what it hangs on. smss.md D.1 to D.3, B.16."""

import pytest

from hivecheck.boot.actions import StartProcess
from hivecheck.boot.plan import Done, Step
from hivecheck.boot.replay import Event, Replay
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.generation import (
    GENERATIONS,
    NT4,
    VISTA,
    WIN7,
    WIN8,
    WIN10_1903,
    WIN11_24H2,
    WIN81,
    WIN2000,
    WIN2003,
    XP,
    Generation,
)
from tests.boot.boots import EVERY_FAMILY, asked, cited
from tests.boot.whole_boots import play_whole, start_of, started

SUCCESSORS = (Step.SERVICES, Step.LSA, Step.LOGON)
SERVICE = r"""
[ControlSet001\Services\Spooler]
Type = dword 0x10
Start = dword 2
ErrorControl = dword 1
ImagePath = expand "%SystemRoot%\System32\spoolsv.exe"
"""


def after_smss(played: Replay) -> list[Event]:
    return [event for event in played.events if event.step in SUCCESSORS]


@pytest.mark.parametrize("generation", [NT4, WIN2000, XP, WIN2003])
def test_up_to_2003_winlogon_starts_services_and_lsass(generation: Generation) -> None:
    """smss.md D.1."""
    assert started(play_whole("", generation), *SUCCESSORS) == [
        ("winlogon.exe", "services.exe"),
        ("winlogon.exe", "lsass.exe"),
    ]


@pytest.mark.parametrize("generation", [VISTA, WIN7])
def test_from_vista_on_wininit_does_and_starts_lsm_too(generation: Generation) -> None:
    """smss.md D.2."""
    assert started(play_whole("", generation), *SUCCESSORS) == [
        ("wininit.exe", "services.exe"),
        ("wininit.exe", "lsass.exe"),
        ("wininit.exe", "lsm.exe"),
        ("winlogon.exe", "LogonUI.exe"),
    ]


@pytest.mark.parametrize("generation", [WIN8, WIN81])
def test_from_8_on_lsm_is_a_service(generation: Generation) -> None:
    """smss.md D.3."""
    assert started(play_whole("", generation), *SUCCESSORS) == [
        ("wininit.exe", "services.exe"),
        ("wininit.exe", "lsass.exe"),
        ("winlogon.exe", "dwm.exe"),
        ("winlogon.exe", "LogonUI.exe"),
    ]


def test_10_has_a_host_of_fonts_in_each_session() -> None:
    """smss.md D.3."""
    played = play_whole("", WIN10_1903)
    fonts = [event for event in asked(played, StartProcess) if "fontdrvhost" in str(event.action)]
    assert [(event.process, event.certainty) for event in fonts] == [
        ("wininit.exe", Certainty.C),
        ("winlogon.exe", Certainty.C),
    ]


@pytest.mark.parametrize("generation", GENERATIONS, ids=lambda one: one.id)
def test_every_generation_gets_to_its_logon_screen(generation: Generation) -> None:
    played = play_whole(SERVICE, generation)
    assert played.halted is None
    assert [event.number for event in played.events] == list(range(1, len(played.events) + 1))
    steps = list(dict.fromkeys(event.step for event in after_smss(played)))
    assert set(steps) == set(SUCCESSORS) - ({Step.LOGON} if not played.events else set())
    assert [process.name for process in played.after.processes if process.name == "services.exe"] == ["services.exe"]
    assert [service.name for service in played.after.services] == ["Spooler"]


@pytest.mark.parametrize("generation", [XP, WIN7])
def test_services_start_when_lsass_runs(generation: Generation) -> None:
    """smss.md D.1, D.2."""
    played = play_whole(SERVICE, generation)
    (service,) = [event for event in played.events if event.action.kind == "start-service"]
    assert start_of(played, "services.exe").number < start_of(played, "lsass.exe").number < service.number


@pytest.mark.parametrize("generation", [WIN7, WIN11_24H2])
def test_with_s0_initial_command_all_hangs_on_what_that_program_starts(generation: Generation) -> None:
    """smss.md B.16; detections.md 4.B 18."""
    played = play_whole('S0InitialCommand = sz "C:\\x.exe /y"' + SERVICE, generation)
    events = after_smss(played)
    assert len(events) > 4
    for event in events:
        assert event.done is not Done.YES
        assert any("C:\\x.exe starts wininit.exe" in text for text in event.assumes) or event.done is Done.NO


def test_a_s0_initial_command_that_is_wininit_changes_nothing() -> None:
    for text in ("wininit.exe", "C:\\Windows\\system32\\wininit.exe"):
        played = play_whole(f'S0InitialCommand = sz "{text}"', WIN7)
        assert start_of(played, "services.exe").assumes == ("\\??\\C:\\Windows\\System32\\services.exe exists",)


def test_a_wininit_of_another_folder_is_not_wininit() -> None:
    played = play_whole('S0InitialCommand = sz "C:\\Temp\\wininit.exe"', WIN7)
    assert start_of(played, "services.exe").assumes[-1] == "C:\\Temp\\wininit.exe starts wininit.exe"


def test_up_to_2003_the_last_line_of_execute_takes_the_place_of_winlogon() -> None:
    """smss.md B.16."""
    played = play_whole('Execute = multi "a" "b /c"', XP)
    assert all(event.assumes[-1].startswith("b starts winlogon.exe") for event in after_smss(played))


@pytest.mark.parametrize("generation", EVERY_FAMILY)
def test_nothing_follows_a_smss_that_stops(generation: Generation) -> None:
    played = play_whole("", generation, without=("SubSystems\\Windows",))
    assert played.halted is not None
    assert after_smss(played) == []


@pytest.mark.parametrize("name", ["services.exe", "lsass.exe"])
@pytest.mark.parametrize("generation", [XP, WIN7])
def test_without_services_or_lsass_the_machine_does_not_go_on(generation: Generation, name: str) -> None:
    renames = f'PendingFileRenameOperations = multi "\\??\\C:\\Windows\\System32\\{name}" ""'
    played = play_whole(renames, generation)
    gone = start_of(played, name)
    assert gone.done is Done.NO
    assert played.halted is not None
    assert played.halted.event == gone.number


def test_a_debugger_of_winlogon_is_started_in_its_place() -> None:
    """smss.md B.16."""
    options = "[Microsoft\\Windows NT\\CurrentVersion\\Image File Execution Options\\winlogon.exe]\n"
    played = play_whole("", XP, given=options + 'Debugger = sz "evil.exe /d"')
    (event,) = asked(played, StartProcess, Step.INITIAL_COMMAND)
    assert isinstance(event.action, StartProcess)
    assert (event.action.image, event.action.arguments) == ("evil.exe", "/d winlogon.exe")
    assert cited(event)[-1] == ("Debugger", None)
    assert all(one.assumes[-1].startswith("evil.exe starts winlogon.exe") for one in after_smss(played))


def test_with_software_it_is_known_that_winlogon_has_no_debugger() -> None:
    (event,) = asked(play_whole("", XP, given=""), StartProcess, Step.INITIAL_COMMAND)
    assert event.assumes == ("\\??\\C:\\Windows\\system32\\winlogon.exe exists, or else in a later folder of Path (1 more)",)


def test_a_debugger_of_lsass_is_told() -> None:
    options = "[Microsoft\\Windows NT\\CurrentVersion\\Image File Execution Options\\LSASS.EXE]\n"
    played = play_whole("", WIN7, given=options + 'Debugger = sz "C:\\d.exe -p"\nGlobalFlag = dword 0x100')
    event = start_of(played, "C:\\d.exe")
    assert isinstance(event.action, StartProcess)
    assert event.action.arguments == "-p C:\\Windows\\System32\\lsass.exe"
    assert {("Debugger", None), ("GlobalFlag", None)} <= set(cited(event))
    assert "0x100" in event.why


def test_services_hang_on_the_debugger_of_services_exe() -> None:
    options = "[Microsoft\\Windows NT\\CurrentVersion\\Image File Execution Options\\services.exe]\n"
    played = play_whole(SERVICE, WIN7, given=options + 'Debugger = sz "C:\\d.exe -p"')
    (service,) = [event for event in played.events if event.action.kind == "start-service"]
    assert service.assumes[-1].startswith("C:\\d.exe starts services.exe")
    assert "starts services.exe" not in " ".join(start_of(played, "lsass.exe").assumes)
