"""The next boot, played: every request of a plan answered by the machine, in order, as numbered events.

The machine before event 37 is the fold of the 36 events before it; `machine_before` gives it.
"""

from hivecheck.boot.actions import Action
from hivecheck.boot.answers import answer
from hivecheck.boot.machine import Change, File, Machine, Process
from hivecheck.boot.outcome import Outcome
from hivecheck.boot.plan import Done, Halt, Plan, Request, Step
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.fact import changed, fact
from hivecheck.facts.origin import Origin
from hivecheck.facts.problem import Problem


@fact
class Effect:
    """What another event of the boot does to the file, the device or the path of this one.

    `boot` is this or next: which boot sees it. `event` is the number of the event that causes it.
    """

    boot: str
    event: int
    text: str


@fact
class Event:
    """One request and its answer. `assumes` is what must hold for an UNKNOWN answer to be a yes."""

    number: int
    step: Step
    process: str
    action: Action
    done: Done
    why: str
    assumes: tuple[str, ...]
    certainty: Certainty
    because: tuple[Origin, ...]
    changes: tuple[Change, ...]
    effects: tuple[Effect, ...] = ()


@fact
class Halted:
    """Where and why the machine would not get further. `event` is the number of the last event."""

    event: int
    why: str
    certainty: Certainty
    because: tuple[Origin, ...]


@fact
class Replay:
    """A boot played to its end, or to where it halts."""

    events: tuple[Event, ...]
    before: Machine
    after: Machine
    halted: Halted | None
    problems: tuple[Problem, ...]


def replay(machine: Machine, plan: Plan, first_number: int = 1) -> Replay:
    """Plays `plan` on `machine`."""
    events: list[Event] = []
    problems: list[Problem] = []
    halted: Halted | None = None
    working = machine.copy()
    asked = next(plan, None)
    while asked is not None and halted is None:
        done = Done.YES
        match asked:
            case Problem():
                problems.append(asked)
            case Halt():
                mark = asked.certainty
                if events and events[-1].done is Done.NO:
                    mark &= events[-1].certainty  # what follows from a failure is no more certain than the failure
                halted = Halted(first_number + len(events) - 1, asked.why, mark, asked.because)
            case Request():
                outcome = _answer(working, asked)
                working.apply(outcome.changes)
                done = outcome.done
                events.append(_event(first_number + len(events), asked, outcome))
        if halted is None:
            try:
                asked = plan.send(done)
            except StopIteration:
                asked = None
    plan.close()
    return Replay(tuple(events), machine, working, halted, tuple(problems))


def machine_before(played: Replay, number: int) -> Machine:
    """The machine as event `number` finds it."""
    machine = played.before.copy()
    for event in played.events:
        if event.number >= number:
            break
        machine.apply(event.changes)
    return machine


def _answer(machine: Machine, request: Request) -> Outcome:
    if request.withheld:
        return Outcome(Done.NO, request.withheld)
    outcome = answer(machine, request.action, request.process, request.named_later)
    if request.doubt and outcome.done is not Done.NO:
        changes = tuple(_assumed(change) for change in outcome.changes)
        return changed(outcome, done=Done.UNKNOWN, assumes=(*outcome.assumes, request.doubt), changes=changes)
    return outcome


def _assumed(change: Change) -> Change:
    return changed(change, assumed=True) if isinstance(change, File | Process) else change


def _sentences(*parts: str) -> str:
    """The parts that are not empty, as sentences after each other where there is more than one."""
    told = [part for part in parts if part]
    ended = (part if part.endswith((".", "!", "?")) else part + "." for part in told[:-1])
    return " ".join((*ended, *told[-1:]))


def _event(number: int, request: Request, outcome: Outcome) -> Event:
    why = _sentences(outcome.why, request.note)
    return Event(
        number,
        request.step,
        request.process,
        request.action,
        outcome.done,
        why,
        outcome.assumes,
        request.certainty & outcome.certainty,
        request.because,
        outcome.changes,
    )
