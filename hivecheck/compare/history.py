"""The history of one machine: its states in order, what the boot would do differently from one to the next, and lists of before.

Takes the documents of the states (`hivecheck.analysis/1`) one after another and keeps only what differs, so that a history of many
states takes no more memory than two. Who makes the documents is above; nothing here reads files.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from hivecheck.compare.change import Change, worst_first
from hivecheck.compare.diff import Diff, WindowsChange, describe_windows
from hivecheck.compare.findings import stands
from hivecheck.compare.history_lists import EarlierList
from hivecheck.compare.history_order import OLDER_COPIES, PlacedState
from hivecheck.compare.states import StateKind
from hivecheck.facts.fact import changed, fact

Json = Any
CHANGES_AT_MOST = 5_000  # of one height of one state: a history holds hundreds of states at once
_CHOICE_OF_SET = "registry/select\\"  # written at each boot with the number of the set: which one is looked at is no change


@fact
class Differences:
    """What differs from the state before: `Diff` without the two documents. `still` is how many findings stayed.

    Of each height the worst `CHANGES_AT_MOST` are held; `cut` is how many more there are.
    """

    windows: tuple[WindowsChange, ...]
    settings: tuple[Change, ...]
    effects: tuple[Change, ...]
    new: tuple[Mapping[str, Json], ...]
    gone: tuple[Mapping[str, Json], ...]
    still: int
    cut: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing that the boot reads, does, or that is found in it differs."""
        return not (self.windows or self.settings or self.effects or self.new or self.gone)


@fact
class StateStep:
    """A state in the timeline. `differs` is None for the first one, which has nothing before it.

    `machine` names computer and Windows as in a comparison; `grave` counts the findings of high and critical that stand. `alike` are
    the same states of other copies of that kind, whose bytes differ but not for the boot.
    """

    number: int
    placed: PlacedState
    machine: Mapping[str, Json]
    boots: str
    sha256: str
    grave: int
    differs: Differences | None
    alike: tuple[PlacedState, ...] = ()

    @property
    def places(self) -> tuple[str, ...]:
        """Where this state lies, all that is alike: the same bytes, then those that differ but not for the boot."""
        return tuple(dict.fromkeys(place for one in (self.placed, *self.alike) for place in one.hive.source.places))


@fact
class ListStep:
    """A list of before in the timeline: it was pending some time before the state that follows it."""

    number: int
    list: EarlierList
    source: str
    because: str


@fact
class MachineHistory:
    """All of one machine. `because` says why its hives are taken for those of one; `left_out` what is not told, in words."""

    computer: str
    marks: tuple[str, ...]
    because: str
    steps: tuple[StateStep | ListStep, ...]
    left_out: tuple[str, ...]

    @property
    def states(self) -> Iterator[StateStep]:
        """The steps that are whole states."""
        return (step for step in self.steps if isinstance(step, StateStep))


@fact
class History:
    """The machines of the evidence. `unread` says which hives could not be read, and why; `missed` what was not searched."""

    machines: tuple[MachineHistory, ...]
    unread: tuple[str, ...]
    missed: tuple[str, ...] = ()


def state_step(number: int, placed: PlacedState, document: Mapping[str, Json], diff: Diff | None) -> StateStep:
    """The step of a state from its document and its comparison with the one before."""
    grave = [one for one in document["findings"] if stands(one) and one["severity"] in ("high", "critical")]
    sets = document["control_set"]
    boots = f"ControlSet{sets['number']:03}" if sets["number"] is not None else "no control set"
    differs = None
    if diff is not None:
        found = diff.findings
        effects = tuple(one for one in diff.effects if not one.what.casefold().startswith(_CHOICE_OF_SET))
        held = [_worst(changes) for changes in (diff.settings, effects)]
        cut = len(diff.settings) + len(effects) - len(held[0]) - len(held[1])
        differs = Differences(diff.windows, held[0], held[1], found.new, found.gone, len(found.still), cut)
    return StateStep(number, placed, describe_windows(document), boots, document["evidence"]["sha256"], len(grave), differs)


def alike_key(placed: PlacedState) -> tuple[object, ...] | None:
    """What two states share that may be told as one; None for a state that is always told by itself: of the hive in use, of an entry."""
    source, state = placed.hive.source, placed.state
    if source.kind not in OLDER_COPIES or state.kind is StateKind.LOG_ENTRY:
        return None
    return source.kind, source.group, placed.hive.mark, state.kind, state.control_set, state.roles


def _worst(changes: tuple[Change, ...]) -> tuple[Change, ...]:
    return changes if len(changes) <= CHANGES_AT_MOST else worst_first(changes)[:CHANGES_AT_MOST]


def number_steps(
    states: Iterable[StateStep], lists: Mapping[int, tuple[EarlierList, ...]]
) -> tuple[StateStep | ListStep, ...]:
    """All steps in order, counted from 1. `lists` are those of before, by the `id` of the hive they were found in.

    They stand in front of the first state of what boots in that hive, those that are younger than the file without its logs in front
    of the hive as it stands.
    """
    found: list[StateStep | ListStep] = []
    begun: set[int] = set()
    for step in states:
        kind, hive = step.placed.state.kind, step.placed.hive
        own = lists.get(id(hive), ())
        due = []
        if kind is not StateKind.CONTROL_SET and id(hive) not in begun:
            begun.add(id(hive))
            due += [one for one in own if not one.after_file]
        if kind is StateKind.HIVE:
            due += [one for one in own if one.after_file]
        for one in due:
            found.append(ListStep(len(found) + 1, one, str(hive.source.path), _before(one)))
        found.append(changed(step, number=len(found) + 1))
    return tuple(found)


def _before(one: EarlierList) -> str:
    if one.after_file:
        return "it begins with the list of the hive file, so it was written after that file"
    if one.generations > 1:
        return "a rename list only grows until a boot works it off, so a list that begins another one is older"
    return "the hive holds it no more, so it was pending before; nothing says how long"
