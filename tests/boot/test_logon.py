"""The logon screen and what a logon would start. smss.md D.1 to D.4, E.2, E.3; detections.md 1.10."""

import pytest

from hivecheck.boot.actions import LoadLibrary, StartProcess, WriteValue
from hivecheck.boot.plan import Done, Step
from hivecheck.boot.replay import Event, Replay
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.generation import NT4, NT31, WIN7, WIN10_1903, WIN81, WIN2000, WIN2003, XP, Generation
from tests.boot.boots import asked, cited
from tests.boot.whole_boots import files, libraries, play_whole, start_of, started

WINLOGON = "[Microsoft\\Windows NT\\CurrentVersion\\Winlogon]\n"
WINDOWS = "[Microsoft\\Windows NT\\CurrentVersion\\Windows]\n"
TERMINAL = "ControlSet001\\Control\\Terminal Server"
SAFE = '[ControlSet001\\Control\\SafeBoot]\nAlternateShell = sz "cmd.exe"\n'


def logon(played: Replay) -> list[tuple[str, str]]:
    return started(played, Step.LOGON)


def accepted(played: Replay) -> list[Event]:
    return [event for event in asked(played, WriteValue, Step.LOGON) if getattr(event.action, "name", "") == "LastKnownGood"]


def test_up_to_2003_the_logon_screen_is_a_dll() -> None:
    """smss.md D.1."""
    for generation in (NT4, WIN2000, XP, WIN2003):
        (event,) = libraries(play_whole("", generation), "GinaDLL")
        assert (event.process, files([event]), event.done) == ("winlogon.exe", ["msgina.dll"], Done.UNKNOWN)
        assert event.assumes[-1] == "GinaDLL in SOFTWARE names no other"
    for generation in (NT31, WIN7):
        assert libraries(play_whole("", generation), "GinaDLL") == []


def test_software_names_another_gina() -> None:
    (event,) = libraries(play_whole("", XP, given=WINLOGON + 'GinaDLL = sz "evil.dll"'), "GinaDLL")
    assert (files([event]), cited(event)) == (["evil.dll"], [("GinaDLL", None)])
    assert event.assumes == ("\\SystemRoot\\System32\\evil.dll exists",)
    (own,) = libraries(play_whole("", XP, given=""), "GinaDLL")
    assert own.assumes == ("\\SystemRoot\\System32\\msgina.dll exists",)
    assert libraries(play_whole("", WIN7, given=WINLOGON + 'GinaDLL = sz "evil.dll"'), "GinaDLL") == []


def test_the_welcome_screen_of_xp_is_a_program() -> None:
    lines = WINLOGON + "LogonType = dword 1"
    assert logon(play_whole("", XP, given=lines))[0] == ("winlogon.exe", "logonui.exe")
    assert ("winlogon.exe", "logonui.exe") not in logon(play_whole("", WIN2003, given=lines))


def test_without_software_the_boot_ends_at_the_logon_screen() -> None:
    assert logon(play_whole("", XP)) == []
    assert logon(play_whole("", WIN7)) == [("winlogon.exe", "LogonUI.exe")]


def test_with_software_userinit_and_the_shell_are_what_a_logon_starts() -> None:
    given = WINLOGON + 'Userinit = sz "C:\\Windows\\system32\\userinit.exe,evil.exe /x,"\nShell = sz "explorer.exe"'
    played = play_whole("", WIN7, given=given)
    assert logon(played) == [
        ("winlogon.exe", "LogonUI.exe"),
        ("winlogon.exe", "C:\\Windows\\system32\\userinit.exe"),
        ("winlogon.exe", "evil.exe"),
        ("userinit.exe", "explorer.exe"),
    ]
    evil = start_of(played, "evil.exe")
    assert isinstance(evil.action, StartProcess)
    assert (evil.action.arguments, evil.action.session, cited(evil)) == ("/x", 1, [("Userinit", None)])
    assert (evil.done, evil.assumes[-1]) == (Done.UNKNOWN, "somebody logs on")
    assert start_of(played, "explorer.exe").assumes[-1] == "somebody logs on, and the user's own hive sets no other shell"


def test_a_shell_set_by_policy_goes_first() -> None:
    given = (
        WINLOGON
        + 'Shell = sz "explorer.exe"\n[Microsoft\\Windows\\CurrentVersion\\Policies\\System]\nShell = sz "kiosk.exe"'
    )
    assert logon(play_whole("", WIN7, given=given))[-1] == ("userinit.exe", "kiosk.exe")


def test_a_logon_that_comes_by_itself_is_told() -> None:
    played = play_whole("", WIN7, given=WINLOGON + 'AutoAdminLogon = sz "1"')
    event = start_of(played, "userinit.exe")
    assert event.assumes[-1] == "the logon that AutoAdminLogon asks for succeeds"
    assert ("AutoAdminLogon", None) in cited(event)


@pytest.mark.parametrize("generation", [XP, WIN7, WIN10_1903])
@pytest.mark.parametrize("mode", ["minimal", "network"])
def test_safe_mode_has_another_shell_if_the_loader_was_told_so(generation: Generation, mode: str) -> None:
    """smss.md E3.3."""
    played = play_whole(SAFE, generation, safe_mode=mode)
    event = start_of(played, "cmd.exe")
    assert (event.process, event.done, cited(event)) == ("userinit.exe", Done.UNKNOWN, [("AlternateShell", None)])
    assert event.assumes[-1] == "the loader option safebootalternateshell was given, and somebody logs on"
    assert "cmd.exe" not in {image for _, image in started(play_whole(SAFE, generation))}


def test_a_stored_option_asks_for_the_other_shell() -> None:
    option = "[ControlSet001\\Control\\SafeBoot\\Option]\nOptionValue = dword 1\nUseAlternateShell = dword 1"
    event = start_of(play_whole(SAFE + option, XP), "cmd.exe")
    assert cited(event) == [("AlternateShell", None), ("UseAlternateShell", None)]


@pytest.mark.parametrize(
    ("lines", "programs"),
    [
        ("fDenyTSConnections = dword 0", ["kiosk.exe", "tool.exe"]),
        ("fDenyTSConnections = dword 1", []),
        ("", ["kiosk.exe", "tool.exe"]),
    ],
)
def test_programs_of_sessions_from_elsewhere(lines: str, programs: list[str]) -> None:
    """smss.md D.4."""
    snippet = (
        f'[{TERMINAL}]\n{lines}\n[{TERMINAL}\\WinStations\\RDP-Tcp]\nInitialProgram = sz "kiosk.exe"\n'
        f'[{TERMINAL}\\Wds\\rdpwd]\nStartupPrograms = sz "rdpclip,tool.exe"'
    )
    played = play_whole(snippet, WIN7)
    assert [image for parent, image in logon(played) if parent == "userinit.exe"] == programs
    for image in programs:
        assert start_of(played, image).assumes[-1] == "somebody logs on from elsewhere"


def test_a_policy_denies_what_system_allows() -> None:
    snippet = (
        f'[{TERMINAL}]\nfDenyTSConnections = dword 0\n[{TERMINAL}\\WinStations\\RDP-Tcp]\nInitialProgram = sz "kiosk.exe"'
    )
    policy = "[Policies\\Microsoft\\Windows NT\\Terminal Services]\nfDenyTSConnections = dword 1"
    assert ("userinit.exe", "kiosk.exe") not in logon(play_whole(snippet, WIN7, given=policy))


def test_dlls_for_every_process() -> None:
    given = WINDOWS + 'AppInit_DLLs = sz "C:\\a.dll,b  c"\nLoadAppInit_DLLs = dword 1'
    for generation, doubt in ((XP, None), (WIN7, None), (WIN81, "Secure Boot is off")):
        events = libraries(play_whole("", generation, given=given), "AppInit_DLLs")
        assert files(events) == ["a.dll", "b.dll", "c.dll"]
        assert cited(events[0])[0] == ("AppInit_DLLs", None)
        assert ("Secure Boot is off" in events[0].assumes) is (doubt is not None)
    off = libraries(play_whole("", WIN7, given=WINDOWS + 'AppInit_DLLs = sz "a"'), "AppInit_DLLs")
    assert [(event.done, isinstance(event.action, LoadLibrary)) for event in off] == [(Done.NO, True)]


def test_the_first_logon_accepts_the_boot_up_to_7() -> None:
    """smss.md E2.3."""
    (event,) = accepted(play_whole("", XP))
    assert event.assumes == ("somebody logs on, and ReportBootOk in SOFTWARE is not 0",)
    (refused,) = accepted(play_whole("", XP, given=WINLOGON + 'ReportBootOk = sz "0"'))
    assert (refused.done, cited(refused)[-1]) == (Done.NO, ("ReportBootOk", None))
    assert accepted(play_whole("", WIN81)) == []


def test_a_boot_in_safe_mode_is_not_accepted() -> None:
    """smss.md E.2; documented for 2000 to 7. NT 4 has no safe mode, and boots as always."""
    for generation in (WIN2000, XP, WIN7):
        (event,) = accepted(play_whole("", generation, safe_mode="minimal"))
        assert (event.done, event.certainty) == (Done.NO, Certainty.B)
        assert event.why == "a boot in safe mode is not accepted, so the last known good set stays as it is"
    (event,) = accepted(play_whole("", NT4, safe_mode="minimal"))
    assert event.done is Done.UNKNOWN


def test_a_stored_option_of_safe_mode_makes_it_doubtful_that_the_boot_is_accepted() -> None:
    (event,) = accepted(play_whole("[ControlSet001\\Control\\SafeBoot\\Option]\nOptionValue = dword 1", XP))
    assert (event.done, event.certainty) == (Done.UNKNOWN, Certainty.C)
    assert event.assumes[-1].endswith("the stored key SafeBoot\\Option does not pass for that of a safe boot")


def test_hostile_software_is_no_crash() -> None:
    long = "a," * 5_000
    given = (
        WINLOGON + f'Userinit = sz "{long}"\nShell = sz "{long}"\nGinaDLL = sz hex: 01 00 00 d8\nSystem = sz "{long}"\n'
        "AutoAdminLogon = dword 1\nReportBootOk = multi hex:\n"
        + WINDOWS
        + f'AppInit_DLLs = sz "{long}"\nLoadAppInit_DLLs = sz "1"'
    )
    for generation in (NT4, XP, WIN7, WIN10_1903):
        assert len(play_whole("", generation, given=given).events) < 600
