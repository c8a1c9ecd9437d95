"""The session of the console where smss makes session 0 alone: the local session manager asks for it. smss.md B.16, C.4, D.4."""

import pytest

from hivecheck.boot.actions import CreateSession, StartProcess, StartService, StartSubsystem
from hivecheck.boot.plan import Done, Step
from hivecheck.boot.process_tree import build_process_tree
from hivecheck.boot.replay import Event, Replay
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.generation import VISTA, WIN7, WIN8, WIN10_1903, WIN11_24H2, XP, Generation
from hivecheck.facts.origin import ValueRef
from tests.boot.boots import asked
from tests.boot.whole_boots import play_whole, start_of

LSM = r"""
[ControlSet001\Services\LSM]
Type = dword 0x20
Start = dword 2
ErrorControl = dword 1
ImagePath = expand "%SystemRoot%\system32\svchost.exe -k DcomLaunch"
[ControlSet001\Services\LSM\Parameters]
ServiceDll = expand "%SystemRoot%\System32\lsm.dll"
"""


def boot(count: int, generation: Generation, snippet: str = LSM) -> Replay:
    return play_whole(f"NumberOfInitialSessions = dword {count}\n{snippet}", generation)


def sessions(played: Replay) -> list[Event]:
    return asked(played, CreateSession)


@pytest.mark.parametrize("count", [0, 1])
@pytest.mark.parametrize("generation", [VISTA, WIN7, WIN8, WIN10_1903, WIN11_24H2])
def test_the_session_manager_asks_for_the_session_that_smss_does_not_make(count: int, generation: Generation) -> None:
    played = boot(count, generation)
    first, second = sessions(played)
    assert (first.action, first.step) == (CreateSession(0), Step.SESSIONS)
    assert (second.action, second.step, second.done) == (CreateSession(1), Step.LOGON, Done.UNKNOWN)
    name = "lsm.exe" if generation < WIN8 else "the service LSM"
    assert second.certainty is Certainty.C
    assert second.why == f"smss has made session 0 alone: {name} asks it for the session of the console (\\SmApiPort)."
    assert second.assumes == (f"{name} asks for the session of the console at boot",)
    assert [origin.value for origin in second.because if isinstance(origin, ValueRef)] == ["NumberOfInitialSessions"]
    asker = next(
        event
        for event in played.events
        if (isinstance(event.action, StartProcess) and event.action.image == "lsm.exe")
        or (isinstance(event.action, StartService) and event.action.name == "LSM")
    )
    assert asker.number + 1 == second.number
    child = "smss.exe (session 1)"
    made = [
        one.action for one in played.events if one.process == child and isinstance(one.action, StartSubsystem | StartProcess)
    ]
    assert [(one.image.rsplit("\\", 1)[-1], one.session) for one in made] == [("csrss.exe", 1), ("winlogon.exe", 1)]


@pytest.mark.parametrize("generation", [WIN7, WIN10_1903])
def test_the_logon_screen_has_a_session_and_a_winlogon_that_starts_it(generation: Generation) -> None:
    played = boot(1, generation)
    logon = start_of(played, "LogonUI.exe")
    assert (logon.done, logon.certainty) == (Done.UNKNOWN, Certainty.C)
    tree = build_process_tree(played)
    (winlogon,) = [node for node in tree.nodes() if node.name == "winlogon.exe"]
    assert (winlogon.session, "LogonUI.exe" in [child.name for child in winlogon.children]) == (1, True)
    assert [root.name for root in tree.roots if root.name in ("winlogon.exe", "smss.exe (session 1)")] == []


@pytest.mark.parametrize("count", [2, 3])
def test_where_smss_makes_it_nobody_asks_for_another(count: int) -> None:
    played = boot(count, WIN10_1903)
    assert [event.step for event in sessions(played)] == [Step.SESSIONS] * count
    assert start_of(played, "LogonUI.exe").certainty is Certainty.B


def test_without_the_session_manager_nobody_can_log_on() -> None:
    for snippet in ("", LSM.replace("Start = dword 2", "Start = dword 4")):
        played = boot(1, WIN10_1903, snippet)
        assert len(sessions(played)) == 1
        logon = start_of(played, "LogonUI.exe")
        assert logon.done is Done.NO
        assert (
            logon.why
            == "smss makes session 0 alone, and the service LSM, which would ask it for the console's, does not run"
        )


def test_up_to_2003_the_value_means_nothing() -> None:
    assert sessions(boot(1, XP)) == []


def test_a_session_that_does_not_come_up_leaves_nobody_to_log_on() -> None:
    gone = r'PendingFileRenameOperations = multi "\??\C:\Windows\System32\winlogon.exe" ""' + "\n"
    played = play_whole("NumberOfInitialSessions = dword 1\n" + gone, WIN7)
    assert played.halted is not None
    assert played.halted.why.endswith("session 1 ends, and nobody can log on.")
    assert played.halted.certainty is Certainty.C
