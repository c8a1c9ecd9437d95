"""The fold: numbers, certainty, halts, and the machine before each event."""

import pytest

from hivecheck.boot.actions import Link, SetVariable, StartProcess
from hivecheck.boot.machine import Machine, machine_at_smss
from hivecheck.boot.plan import Done, Halt, Plan, Request, Step
from hivecheck.boot.replay import machine_before, replay
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.generation import WIN11_24H2, XP, Generation
from hivecheck.facts.nt_path import NtPath
from hivecheck.facts.origin import BuiltIn
from hivecheck.facts.problem import Problem
from tests.boot.boots import play, present

ORIGIN = (BuiltIn("x", "y"),)


def sets(name: str, value: str = "", **more: str) -> Request:
    return Request(Step.READ_SETTINGS, "p", SetVariable(name, value), Certainty.B, ORIGIN, **more)  # type: ignore[arg-type]


def empty_machine() -> Machine:
    return machine_at_smss("C:\\Windows")


def test_a_process_that_rests_on_a_doubt_is_assumed() -> None:
    path = NtPath("\\??\\C:\\x.exe")
    action = StartProcess("x.exe", "", 0, (path,))
    request = Request(Step.SESSIONS, "p", action, Certainty.B, ORIGIN, doubt="d")
    machine = machine_at_smss("C:\\Windows", (present("C:\\x.exe"),), True)
    (process,) = replay(machine, iter_plan(request)).after.processes
    assert process.assumed


def test_events_are_numbered_from_the_number_given() -> None:
    def plan() -> Plan:
        yield sets("a")
        yield Problem("code", "text")
        yield sets("b")

    played = replay(empty_machine(), plan(), 7)
    assert [event.number for event in played.events] == [7, 8]
    assert [problem.code for problem in played.problems] == ["code"]
    assert played.halted is None


def test_nothing_happens_after_a_halt() -> None:
    ended: list[str] = []

    def plan() -> Plan:
        try:
            yield sets("a")
            yield Halt("why", Certainty.C, ORIGIN)
            yield sets("b")
        finally:
            ended.append("closed")

    played = replay(empty_machine(), plan())
    assert played.halted is not None
    assert (played.halted.event, played.halted.why, played.halted.because) == (1, "why", ORIGIN)
    assert list(played.after.environment) == ["A"]
    assert ended == ["closed"]


def test_what_is_withheld_is_a_no_that_changes_nothing() -> None:
    played = replay(empty_machine(), iter_plan(sets("a", withheld="not asked", doubt="d", note="said.")))
    (event,) = played.events
    assert (event.done, event.why, event.assumes, event.changes) == (Done.NO, "not asked. said.", (), ())
    assert played.after.environment == {}


def test_a_doubt_makes_a_yes_unknown_and_is_told_as_an_assumption() -> None:
    (event,) = replay(empty_machine(), iter_plan(sets("a", doubt="d"))).events
    assert (event.done, event.assumes) == (Done.UNKNOWN, ("d",))


def test_a_doubt_leaves_a_no_a_no() -> None:
    request = Request(Step.SUBSYSTEMS, "p", StartProcess("x", "", 0, ()), Certainty.A, ORIGIN, doubt="d")
    (event,) = replay(empty_machine(), iter_plan(request)).events
    assert (event.done, event.assumes) == (Done.NO, ())


def test_the_answer_reaches_the_plan() -> None:
    heard: list[Done] = []

    def plan() -> Plan:
        heard.append((yield sets("a")))
        heard.append(
            (yield Request(Step.SUBSYSTEMS, "p", StartProcess("x", "", 0, (NtPath("\\??\\C:\\x"),)), Certainty.A, ORIGIN))
        )
        heard.append((yield sets("b", withheld="no")))

    replay(empty_machine(), plan())
    assert heard == [Done.YES, Done.UNKNOWN, Done.NO]


@pytest.mark.parametrize("generation", [XP, WIN11_24H2])
def test_the_machine_before_an_event_is_the_fold_of_those_before_it(generation: Generation) -> None:
    snippet = 'PendingFileRenameOperations = multi "\\??\\C:\\d" "\\??\\C:\\e" "\\??\\C:\\e\\f" ""\n[DOS Devices]\nZ: = sz "\\??\\C:\\d"'
    played = play(snippet, generation, files=(present("C:\\d", directory=True), present("C:\\d\\f")))
    folded = machine_before(played, played.events[-1].number + 1)
    assert folded.files == played.after.files
    assert folded.names == played.after.names
    assert folded.environment == played.after.environment
    assert (folded.processes, folded.registry) == (played.after.processes, played.after.registry)
    assert machine_before(played, 1).files == played.before.files
    linked = next(event for event in played.events if event.action == Link("\\GLOBAL??\\Z:", "\\??\\C:\\d"))
    assert machine_before(played, linked.number).object_named("\\??\\Z:") is None
    assert machine_before(played, linked.number + 1).object_named("\\??\\Z:") is not None
    assert "C:\\E\\F" in played.after.files
    assert "C:\\E" not in played.before.files


def test_the_same_hive_gives_the_same_boot() -> None:
    snippet = 'BootExecute = multi "a" "b"\n[KnownDLLs]\nx = sz "x.dll"'
    assert play(snippet, XP).events == play(snippet, XP).events


def iter_plan(*requests: Request) -> Plan:
    yield from (request for request in requests)  # a tuple hears no answers
