"""The states of one machine in order, each with the reason for its place.

Within a hive the order is known: control sets by their role, log entries by their sequence. Hives stand beside each other by the
date of their states; where a state has none, by what kind of copy it is. A later state of one hive never stands before an earlier one,
and the hive in use never before a copy of it: who can write a hive can write its times. Where the dates say otherwise, a caveat tells.
"""

from collections.abc import Iterable

from hivecheck.compare.states import DateMeaning, Dating, HiveStates, State, StateKind, age_rank
from hivecheck.evidence.layouts import HiveKind
from hivecheck.facts.certainty import Confidence
from hivecheck.facts.fact import changed, fact
from hivecheck.facts.filetime import iso_utc

_NO_LATER = 1 << 63
_NEWER = "the hive in use is newer than all its copies, whatever their dates"
OLDER_COPIES = frozenset({HiveKind.REPAIR, HiveKind.WINDOWS_OLD, HiveKind.REGBACK, HiveKind.SHADOW_COPY})
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
    """A state in its place. `because` says why it stands there; `caveat` which dates contradict that, '' where none does."""

    hive: HiveStates
    state: State
    because: str
    caveat: str = ""


def order_states(hives: Iterable[HiveStates]) -> tuple[PlacedState, ...]:
    """All states of a machine, the oldest first."""
    chains = tuple(hives)
    times = [_rising_times(hive) for hive in chains]
    placed: list[tuple[tuple[int, int, int, int], PlacedState]] = []
    for number, hive in enumerate(chains):
        copies = [place for place, one in enumerate(chains) if _is_copy(one, hive, chains)]
        no_earlier = max((times[place][-1] for place in copies), default=0)
        for place, (state, ticks) in enumerate(zip(hive.states, times[number], strict=True)):
            is_newer = bool(copies) and state.kind is not StateKind.CONTROL_SET
            because = _within(hive, state)
            if len(chains) > 1:
                dated = any(one.ticks for one in hive.states)
                by_date = _NEWER if is_newer else "among the hives by its date"
                because += f"; {by_date if dated else _COPIES[hive.source.kind]}"
            one = PlacedState(hive, state, because)
            if is_newer and state.kind is StateKind.HIVE:
                one = _with_caveat(one, [chains[copy] for copy in copies])
            key = (max(ticks, no_earlier) if is_newer else ticks, age_rank(hive.source.kind), number, place)
            placed.append((key, one))
    placed.sort(key=lambda one: one[0])
    return tuple(one for _, one in placed)


def _is_copy(one: HiveStates, live: HiveStates, chains: tuple[HiveStates, ...]) -> bool:
    """Whether a hive is an older copy of one in use: by its kind, or as it lies on the same volume; it may not be of another one."""
    if live.source.kind is not HiveKind.LIVE or one.source.kind is HiveKind.LIVE:
        return False
    same_volume = one.source.group == live.source.group
    if one.source.kind not in OLDER_COPIES:
        return same_volume and bool(live.source.group)
    return same_volume or sum(hive.source.kind is HiveKind.LIVE for hive in chains) == 1


def _with_caveat(live: PlacedState, copies: list[HiveStates]) -> PlacedState:
    """The hive in use, its dates of low confidence and the contradiction told where a copy of it has a later date."""
    dates = live.state.dates
    latest = max(copies, key=lambda one: one.states[-1].ticks)
    ticks = latest.states[-1].ticks
    if not dates or ticks <= dates[0].ticks:
        return live
    caveat = (
        f"its date, {iso_utc(dates[0].ticks)}, is before that of its copy {latest.source.path}, {iso_utc(ticks)}, yet a hive in use"
        " is not older than its copies: either nothing in it was written since, or times in one of them were set"
    )
    doubted = tuple(_doubted(date) for date in dates)
    return changed(live, state=changed(live.state, dates=doubted), caveat=caveat)


def _doubted(date: Dating) -> Dating:
    return date if date.meaning is DateMeaning.SHADOW_COPY_MADE else changed(date, confidence=Confidence.LOW)


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
