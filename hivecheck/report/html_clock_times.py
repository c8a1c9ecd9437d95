"""Every time that says something about this machine's boot: keys that were read or found fault with, last boot and shutdown, the
hive file, its logs, and earlier states of lists. Zero is no time, and another in 1601 (or beyond 9999) is odd: both are no moments.

A key's time dates the key, never one of its values. Nothing here draws; what a time proves is told in html_clock.py.
"""

from collections.abc import Iterator
from pathlib import Path

from hivecheck.analysis import Analysis
from hivecheck.facts.fact import fact
from hivecheck.facts.filetime import is_moment, is_odd_time
from hivecheck.facts.origin import KeyRef, Origin, State, ValueRef
from hivecheck.facts.visible import visible
from hivecheck.registry.hive import fold_name
from hivecheck.report.html_cells import Bit, Bits, code, confidence_bit, count, note, say, text, words
from hivecheck.report.view import state_words
from hivecheck.settings.remnants import UNKNOWN_KEY, LostText, Standing

LANES = ("Windows", "Session Manager", "other keys read", "services", "hive and logs", "earlier lists")
WINDOWS, MANAGER, OTHER, SERVICES, LOGS, LISTS = range(len(LANES))
MOST_MOMENTS = 400  # of one page
_NAMED = 6  # settings or values in one row
_FACTS = {
    "generation": "which Windows",
    "role": "the role",
    "edition": "the edition",
    "service_pack": "the service pack",
    "architecture": "the architecture",
    "computer_name": "the computer's name",
    "time_zone": "the time zone",
    "last_shutdown": "the last shutdown",
    "last_boot": "the last boot",
    "boot_count": "the number of boots",
    "system_root": "the Windows folder",
}


@fact
class Moment:
    """One time. `kind` is the class it is drawn as, `name` and `what` say in plain words what it is, `where` its key or file; `severity` is that of the worst finding, or ''."""

    ticks: int
    lane: int
    kind: str
    name: str
    what: str
    where: Bits
    why: Bits
    severity: str = ""


@fact
class Undated:
    """A state that is known, but not when it was: only that it was not later than `before`, and later than `after` (None: no bound)."""

    name: str
    why: Bits
    before: int | None
    after: int | None


@fact
class Moments:
    """`dated` in order of time. `without` counts the keys that have none, `odd` those with one that is no moment.

    `left_out` are the moments there was no room for.
    """

    dated: tuple[Moment, ...]
    undated: tuple[Undated, ...]
    without: int
    odd: int
    left_out: int


class _Key:
    """A key at one time: what was read in it, and which findings cite it."""

    __slots__ = ("findings", "hive", "path", "read", "states", "written")

    def __init__(self, hive: str, path: str, written: int) -> None:
        self.hive, self.path, self.written = hive, path, written
        self.read: dict[str, None] = {}
        self.findings: dict[str, tuple[str, int, str]] = {}  # by rule: severity, its rank, and the anchor of the first
        self.states: set[State] = set()


def collect_moments(analysis: Analysis) -> Moments:
    """All moments of an analysis. Where they are too many, those go first that no finding cites."""
    keys = _keys(analysis)
    found = [_key_moment(key, analysis) for key in keys if is_moment(key.written)]
    found += [*_windows(analysis), *_files(analysis), *_log_states(analysis)]
    dated, undated = _lists(analysis)
    found += dated
    without, odd = sum(not key.written for key in keys), sum(is_odd_time(key.written) for key in keys)
    kept = found
    if len(found) > MOST_MOMENTS:
        kept = sorted(found, key=lambda one: (one.lane in (OTHER, SERVICES), not one.severity))[:MOST_MOMENTS]
    ordered = sorted(kept, key=lambda one: (one.ticks, one.lane, one.name))
    return Moments(tuple(ordered), undated, without, odd, len(found) - len(kept))


def _keys(analysis: Analysis) -> list[_Key]:
    keys: dict[tuple[str, str, int], _Key] = {}

    def key_of(origin: Origin) -> _Key | None:
        if isinstance(origin, ValueRef):
            path = origin.key
        elif isinstance(origin, KeyRef):
            path = origin.path
        else:
            return None
        if path == UNKNOWN_KEY:
            return None
        place = (origin.hive, fold_name(path), origin.written)
        key = keys.get(place)
        if key is None:
            key = keys[place] = _Key(origin.hive, path, origin.written)
        key.states.add(origin.state)
        return key

    for row, setting in analysis.settings:
        for origin in setting.origins:
            if (key := key_of(origin)) is not None:
                key.read[row.name] = None
    for value in analysis.control_sets.select:
        if value.ref is not None and (key := key_of(value.ref)) is not None:
            key.read[f"Select\\{value.name}"] = None
    for field, said in _FACTS.items():
        for origin in getattr(analysis.facts, field).because:
            if (key := key_of(origin)) is not None:
                key.read[said] = None
    for place, finding in enumerate(analysis.told_findings, 1):
        for origin in finding.because:
            if (key := key_of(origin)) is not None:
                severity = finding.severity
                key.findings.setdefault(finding.rule.id, (severity.value, severity.rank, f"f{place}"))
    return list(keys.values())


def _key_moment(key: _Key, analysis: Analysis) -> Moment:
    folded = fold_name(key.path)
    lane = OTHER
    if folded == "SELECT":
        lane = WINDOWS
    elif "\\CONTROL\\SESSION MANAGER" in folded:
        lane = MANAGER
    elif "\\SERVICES\\" in folded:
        lane = SERVICES
    worst = max((found[:2] for found in key.findings.values()), key=lambda one: one[1], default=("", 0))
    path: Bits = (code(key.path) if key.path else text("the root of the hive"),)
    if State.ALLOCATED not in key.states:
        path += (note(state_words(next(state for state in State if state in key.states))),)
    if key.hive != analysis.evidence.name:
        path += (text(" in "), code(key.hive))
    why = list(_read_in(key))
    for rule, (severity, _, anchor) in list(key.findings.items())[:_NAMED]:
        why += (text(". " if why else ""), ("a", f"#{anchor}", f"{severity}: {rule}"))
    if len(key.findings) > _NAMED:
        why.append(text(f" and {count(len(key.findings) - _NAMED, 'more rule')}"))
    if lane == WINDOWS:
        why.append(text(". As a rule Setup writes it, when it installs or upgrades Windows."))
    name = visible(key.path) or "the root of the hive"
    return Moment(key.written, lane, "key", name, "key last written", path, tuple(why), _drawn(worst[0]))


def _drawn(severity: str) -> str:
    """The severity, but for those that only tell a state."""
    return "" if severity == "info" else severity


def _read_in(key: _Key) -> Iterator[Bit]:
    if not key.read:
        return
    names = list(key.read)
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    yield text(f"Read for {words(', '.join(names[:_NAMED]))}{more}")


def _windows(analysis: Analysis) -> Iterator[Moment]:
    facts = analysis.facts
    for kind, guess in (("boot", facts.last_boot), ("shutdown", facts.last_shutdown)):
        name = f"last {kind}"
        if guess.value is not None and is_moment(guess.value):
            reason = say(words(guess.reasons[0].text)) if guess.reasons else ()
            why = (confidence_bit(guess.confidence), text(" "), *reason, text(" "), ("a", "#reasons", "All reasons"))
            yield Moment(guess.value, WINDOWS, kind, name, "", say(name), why)


def _files(analysis: Analysis) -> Iterator[Moment]:
    """When the hive file and its logs were last written, by their own base blocks."""
    evidence = analysis.evidence
    name = words(evidence.name)
    if is_moment(evidence.base_block.last_written):
        why = say("The time in its base block; from Windows 8.1 on it is as a rule zero.")
        yield Moment(
            evidence.base_block.last_written, LOGS, "log", f"{name} last written", "base block written", (code(name),), why
        )
    for log in evidence.logs:
        block = log.fate.log.base_block
        if block is not None and is_moment(block.last_written):
            name = words(log.path.name)
            why = say("The time in the log's own base block.")
            yield Moment(block.last_written, LOGS, "log", f"{name} written", "base block written", (code(name),), why)


def _log_states(analysis: Analysis) -> Iterator[Moment]:
    """The times that the Session Manager's keys have in the states before and after each entry of the logs that changed them."""
    states: dict[tuple[str, int], dict[str, None]] = {}
    for change in analysis.evidence.log_changes:
        entry = f"entry {change.sequence} of {words(Path(change.log).name)}"
        value = words(change.value or "(default)")
        for raw, said in (
            (change.before, f"before {entry} changed {value}"),
            (change.after, f"after {entry} wrote {value}"),
        ):
            if raw is not None and is_moment(raw.ref.written):
                states.setdefault((change.key, raw.ref.written), {})[said] = None
    for (key, ticks), changes in states.items():
        told = list(changes)
        more = f"; and {count(len(told) - _NAMED, 'more change')}" if len(told) > _NAMED else ""
        why = say("The key's time " + "; ".join(told[:_NAMED]) + more)
        yield Moment(
            ticks,
            LOGS,
            "log",
            f"state of {visible(key)} in the logs",
            "key last written, in a state of the logs",
            (code(key),),
            why,
        )


def _lists(analysis: Analysis) -> tuple[list[Moment], tuple[Undated, ...]]:
    """Earlier states of rename lists and of boot commands: with the time of their key, or between those of the states around them."""
    dated: list[Moment] = []
    undated: list[Undated] = []
    for history in analysis.lost.histories:
        texts = [generation.text for generation in history.generations]
        for place, (found, generation) in enumerate(zip(texts, history.generations, strict=True)):
            if found.standing is Standing.PRESENT:
                continue
            size = count(len(found.strings) // 2, "operation")
            what = f"state {place + 1} of {len(texts)} of a rename list, {size}"
            why = say(words(generation.relation), " ", ("a", "#deleted", "All states"))
            if is_moment(found.ref.written):
                dated.append(_list_moment(found, what, why))
            else:
                before = next((one.ref.written for one in texts[place + 1 :] if is_moment(one.ref.written)), None)
                after = next((one.ref.written for one in reversed(texts[:place]) if is_moment(one.ref.written)), None)
                undated.append(Undated(what, why, before, after))
    for found in analysis.lost.commands:
        what = f"earlier boot commands, {count(len(found.strings), 'string')}"
        why = say("in ", state_words(found.ref.state).strip(" ()") or "the hive", " ", ("a", "#deleted", "The commands"))
        if is_moment(found.ref.written):
            dated.append(_list_moment(found, what, why))
        else:
            undated.append(Undated(what, why, None, None))
    return dated, tuple(undated)


def _list_moment(found: LostText, what: str, why: Bits) -> Moment:
    return Moment(
        found.ref.written, LISTS, "lost", what, "key last written, of an earlier list", (code(found.ref.key),), why
    )
