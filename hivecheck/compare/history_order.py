"""The states of one machine in order, each with the reason for its place.

Within a hive the order is known: control sets by their role, log entries by their sequence. Hives stand beside each other by the
date of their states; where a state has none, by what kind of copy it is. A later state of one hive never stands before an earlier one.
"""

from collections.abc import Iterable

from hivecheck.compare.states import HiveStates, State, StateKind, age_rank
from hivecheck.evidence.layouts import HiveKind
from hivecheck.facts.fact import fact

_NO_LATER = 1 << 63
_COPIES = {
    HiveKind.REPAIR: "the copy that setup made is taken to be older than all others",
    HiveKind.WINDOWS_OLD: "an earlier installation is taken to be older",
    HiveKind.REGBACK: "a copy in RegBack is taken to be older than the hive it is of",
    HiveKind.SHADOW_COPY: "a shadow copy is taken to be older than the volume",
    HiveKind.LOOSE: "nothing says when this copy was made",
    HiveKind.LIVE: "the hive in use is taken to be the newest",
}


@fact
class PlacedState:
    """A state in its place. `because` says why it stands there."""

    hive: HiveStates
    state: State
    because: str


def order_states(hives: Iterable[HiveStates]) -> tuple[PlacedState, ...]:
    """All states of a machine, the oldest first."""
    chains = tuple(hives)
    placed: list[tuple[tuple[int, int, int, int], PlacedState]] = []
    for number, hive in enumerate(chains):
        times = _rising_times(hive)
        for place, (state, ticks) in enumerate(zip(hive.states, times, strict=True)):
            because = _within(hive, state)
            if len(chains) > 1:
                dated = any(one.ticks for one in hive.states)
                because += "; among the hives by its date" if dated else f"; {_COPIES[hive.source.kind]}"
            placed.append(((ticks, age_rank(hive.source.kind), number, place), PlacedState(hive, state, because)))
    placed.sort(key=lambda one: one[0])
    return tuple(one for _, one in placed)


def _rising_times(hive: HiveStates) -> list[int]:
    """The time by which each state is placed among those of other hives: its date, at least that of the state before it.

    Before the first date, the first date.
    """
    dates = [state.ticks for state in hive.states]
    first = next((ticks for ticks in dates if ticks), None)
    if first is None:
        return [_NO_LATER if hive.source.kind is HiveKind.LIVE else 0] * len(dates)
    last = dates[-1] or max(dates)  # the hive as it stands holds all the others: none of them is later
    latest, found = min(first, last), []
    for ticks in dates:
        latest = min(max(latest, ticks), max(last, latest))
        found.append(latest)
    return found


def _within(hive: HiveStates, state: State) -> str:
    match state.kind:
        case StateKind.CONTROL_SET:
            return _of_set(state)
        case StateKind.FILE:
            return "the file before its logs, whose entries come after it"
        case StateKind.LOG_ENTRY:
            return "entries follow each other by their sequence numbers, which are no times"
        case StateKind.HIVE:
            if len(hive.states) > 1:
                has_file = any(one.kind is StateKind.FILE for one in hive.states)
                return "the hive as it stands, with all that its logs hold" if has_file else "the set that boots next"
            return "the only state of this hive"


def _of_set(state: State) -> str:
    if "Current" in state.roles:
        return "the last boot ran this set, and the next one loads another"
    if "LastKnownGood" in state.roles:
        return "the copy of the set that the last accepted boot began with; the set that boots next was written after that"
    if "Failed" in state.roles:
        return "this set was given up before the one that boots next took its place"
    return "Select does not name this set, so it is left from an earlier boot"
