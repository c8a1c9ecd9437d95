"""Before smss, played: the control set chosen, what loader and kernel write, the start of smss. smss.md A.0, E.1, E.2, B.19."""

import pytest

from hivecheck.boot.actions import StartProcess, WriteValue
from hivecheck.boot.machine import Exists, File
from hivecheck.boot.plan import Done, Step
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.generation import NT4, VISTA, WIN7, WIN10_1709, WIN2003, XP, Generation
from tests.boot.boots import asked, citation, cited, one, play

TWO_SETS = (
    "[ControlSet002\\Control\\Session Manager]\n[Select]\nCurrent = dword 1\nDefault = dword 1\nLastKnownGood = dword 2"
)


def choices(snippet: str, generation: Generation = XP, **more: str) -> list[tuple[object, Done]]:
    played = play(snippet, generation, **more)  # type: ignore[arg-type]
    return [
        (event.action, event.done) for event in asked(played, WriteValue, Step.LOAD_CONTROL_SET) if event.process != "System"
    ]


@pytest.mark.parametrize(("generation", "loader"), [(NT4, "ntldr"), (WIN2003, "ntldr"), (VISTA, "winload.exe")])
def test_the_loader_writes_the_chosen_set_into_current(generation: Generation, loader: str) -> None:
    """smss.md E1.2."""
    event = asked(play("", generation), WriteValue)[0]
    assert event.action == WriteValue("Select", "Current", "1")
    assert (event.process, event.done, cited(event)) == (loader, Done.YES, [("Default", None)])
    assert event.certainty is Certainty.A


@pytest.mark.parametrize("current", [None, 'Current = sz "1"', "Current = qword 1", "Current = dword hex: 01"])
def test_current_is_written_only_where_it_is_a_number(current: str | None) -> None:
    """smss.md A0.2."""
    snippet = f"[Select]\n{current}" if current else "[Select]\nCurrent = none"
    assert choices(snippet) == [(WriteValue("Select", "Current", "1"), Done.NO)]


@pytest.mark.parametrize(("generation", "mark"), [(XP, Certainty.A), (WIN7, Certainty.A), (WIN10_1709, Certainty.C)])
def test_with_the_last_known_good_set_the_former_default_has_failed(generation: Generation, mark: Certainty) -> None:
    """smss.md E2.1, E2.5."""
    played = play(TWO_SETS, generation, choice="last-known-good")
    current, default, failed = [
        event for event in asked(played, WriteValue, Step.LOAD_CONTROL_SET) if event.process != "System"
    ]
    assert current.action == WriteValue("Select", "Current", "2")
    assert (default.action, cited(default)) == (WriteValue("Select", "Default", "2"), [("LastKnownGood", None)])
    assert (failed.action, cited(failed)) == (WriteValue("Select", "Failed", "1"), [("Default", None)])
    assert (default.certainty, failed.certainty) == (mark, mark)


def test_a_last_known_good_set_that_is_the_default_fails_nothing() -> None:
    assert choices("", choice="last-known-good") == [(WriteValue("Select", "Current", "1"), Done.YES)]


def test_the_kernel_writes_how_it_was_started() -> None:
    """smss.md B.19."""
    events = [event for event in asked(play(TWO_SETS, XP), WriteValue, Step.LOAD_CONTROL_SET) if event.process == "System"]
    assert [(event.action.key, event.action.name) for event in events if isinstance(event.action, WriteValue)] == [
        ("ControlSet001\\Control", "SystemStartOptions"),
        ("ControlSet001\\Control", "SystemBootDevice"),
    ]


@pytest.mark.parametrize(
    ("select", "cited_value"),
    [
        ("Default = dword 7", ("Default", None)),
        ('Default = sz "1"', ("Default", None)),
        ("Default = dword 0", ("Default", None)),
    ],
)
def test_a_default_that_names_no_set_does_not_boot(select: str, cited_value: tuple[str, None]) -> None:
    """smss.md E1.3."""
    played = play(f"[Select]\n{select}", XP)
    event = one(list(played.events))
    assert (event.step, event.done) == (Step.LOAD_CONTROL_SET, Done.NO)
    assert played.halted is not None
    assert (played.halted.event, played.halted.certainty) == (1, Certainty.C)
    assert [citation(origin) for origin in played.halted.because] == [cited_value]


def test_the_kernel_starts_smss() -> None:
    """smss.md A0.7, A0.8."""
    event = asked(play("", XP), StartProcess)[0]
    assert (event.process, event.step, event.certainty) == ("System", Step.READ_SETTINGS, Certainty.A)
    assert event.assumes == ("\\SystemRoot\\System32\\smss.exe exists",)


def test_without_smss_nothing_starts() -> None:
    gone = File("\\SystemRoot\\System32\\smss.exe", Exists.NO, "")
    played = play("", XP, files=(gone,))
    assert played.halted is not None
    assert "SESSION3" in played.halted.why
    assert played.halted.certainty is Certainty.A
    assert played.events[-1].done is Done.NO
