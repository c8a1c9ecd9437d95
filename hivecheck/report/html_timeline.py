"""The boot as the HTML page tells it: steps in order, each with its events, long runs of like events as one table.

A run is a row of consecutive requests of one form, answered alike; what they share is said once. A run is folded only where
nothing in it was refused, and its summary then still names what it is about. Judges nothing.
"""

from collections.abc import Iterator
from itertools import groupby

from hivecheck.boot.actions import Action, DeleteFile, LoadDriver, LoadLibrary, MapSection, RenameFile, StartService
from hivecheck.boot.plan import Done, Step
from hivecheck.boot.replay import Effect, Event
from hivecheck.facts.fact import changed, fact
from hivecheck.facts.origin import KeyRef, Origin, ValueRef
from hivecheck.report.html_cells import (
    Bit,
    Bits,
    Table,
    bits_of,
    certainty_bit,
    code,
    count,
    event_link,
    fold,
    lines,
    make_table,
    origins_of,
    outcome_bit,
    outcome_marks,
    say,
    tag,
    text,
    words,
)
from hivecheck.report.html_findings import Flags
from hivecheck.report.html_forms import FILES, FORMS, Form
from hivecheck.report.view import (
    EFFECT_WORDS,
    EventGroup,
    describe_action,
    describe_origin,
    group_events,
    shown_time,
    state_words,
)

SHORTEST_RUN = 4
_OPEN_ROWS = 16  # a longer run of granted requests is folded
_OPEN_FILE_ROWS = 40  # files renamed and deleted are what an examiner came for
_NAMED = 120  # in the summary of a folded run


@fact
class Told:
    """One event, or a run of events answered alike. `id` is '' for a run, `table` None for an event; `is_open`: not folded."""

    id: str
    kind: str
    bits: Bits
    table: Table | None
    is_open: bool


@fact
class StepPart:
    """Consecutive events of one step. `marks` are its counts by outcome, `ticks` (outcome, drawing) on `width` by 14 points."""

    id: str
    title: str
    about: str
    marks: Bits
    ticks: tuple[tuple[str, str], ...]
    width: int
    told: tuple[Told, ...]


def tell_boot(events: tuple[Event, ...], flags: Flags) -> tuple[StepPart, ...]:
    """The steps of the boot in order. A step that is taken up again is told as continued. `flags` are by event number."""
    seen: set[Step] = set()
    parts = []
    for number, group in enumerate(group_events(events), start=1):
        parts.append(_tell_step(number, group, group.step in seen, flags))
        seen.add(group.step)
    return tuple(parts)


def _tell_step(number: int, group: EventGroup, continued: bool, flags: Flags) -> StepPart:
    first, last = group.events[0].number, group.events[-1].number
    return StepPart(
        f"step-{number}",
        group.title + (", continued" if continued else ""),
        "" if continued else group.about,
        (
            ("span", "", f"event {first}" if first == last else f"events {first}–{last}"),
            ("span", "", outcome_marks(group.events)),
        ),
        _ticks(group.events),
        len(group.events) * 4,
        tuple(_tell_events(group.events, flags)),
    )


# One stroke an event: high where it is done, two short ones where it is assumed, a low one where it is not done.
_STROKES = {Done.YES: "M{}.5 1v12", Done.UNKNOWN: "M{0}.5 1v4M{0}.5 9v4", Done.NO: "M{} 12h3"}


def _ticks(events: tuple[Event, ...]) -> tuple[tuple[str, str], ...]:
    drawn: dict[Done, list[str]] = {}
    for place, event in enumerate(events):
        drawn.setdefault(event.done, []).append(_STROKES[event.done].format(place * 4 + (0 if event.done is Done.NO else 1)))
    return tuple([(done.value, "".join(strokes)) for done, strokes in drawn.items()])


def _tell_events(events: tuple[Event, ...], flags: Flags) -> Iterator[Told]:
    def likeness(event: Event) -> tuple[object, ...]:
        stands_out = any(flag.stands_out for flag in flags.get(event.number, ()))
        return _likeness(event, event.number if event.effects or stands_out else 0)

    for _, same in groupby(events, key=likeness):
        run = tuple(same)
        form = FORMS.get(type(run[0].action))
        if form is None or len(run) < SHORTEST_RUN:
            yield from (_tell_event(event, flags) for event in run)
        else:
            yield _tell_run(run, form, flags)


def _likeness(event: Event, alone: int) -> tuple[object, ...]:
    """What events must share to be told as one run. `alone` is the number of one that is told by itself: another event touches
    it, or a finding is about it."""
    form = FORMS.get(type(event.action))
    why = event.why if form is None or not form.own_reasons or event.done is Done.NO else ""
    return id(form), event.done, event.certainty, event.process, why, alone


def _tell_event(event: Event, flags: Flags) -> Told:
    asks = bits_of(describe_action(event.action))
    flagged = _flags(event, flags)
    notes = (*((("p", "flags", flagged),) if flagged else ()), *_notes(event, event.assumes), *map(_effect, event.effects))
    bits = (*_head(str(event.number), asks, event), *notes, *origins_of(event.because))
    return Told(f"e{event.number}", event.done.value, bits, None, True)


def _flags(event: Event, flags: Flags) -> Bits:
    bits: list[Bit] = []
    for flag in flags.get(event.number, ()):
        bits += (flag.bit, text(" "))
    return tuple(bits)


def _effect(effect: Effect) -> Bit:
    """What another event does to this one, and which boot sees it."""
    when = tag(EFFECT_WORDS.get(effect.boot, effect.boot), "strong" if effect.boot == "this" else "")
    return "p", "effect", (when, text(f" {words(effect.text)} (event "), event_link(effect.event), text(")"))


def _head(number: str, asks: Bits, event: Event) -> Bits:
    process: Bit = ("span", "process", words(event.process))
    verdict = (process, text(" "), outcome_bit(event.done), text(" "), certainty_bit(event.certainty))
    return ("p", "asks", (("b", "", number), text(" "), ("span", "", asks))), ("p", "verdict", verdict)


def _notes(event: Event, assumes: tuple[str, ...]) -> list[Bit]:
    notes: list[Bit] = [("p", "why", words(event.why))] if event.why else []
    notes += [("p", "assumes", (("b", "", "assumes "), text(words(one)))) for one in assumes]
    return notes


def _tell_run(events: tuple[Event, ...], form: Form, flags: Flags) -> Told:
    first, number = events[0], len(events)
    one_reason = not form.own_reasons or all(event.why == first.why for event in events)
    shared, own = ((), [_own_reason(event, one_reason) for event in events]) if form.own_reasons else _split_origins(events)
    common, assumes = _split_assumptions(events, form)
    columns, rows, same = _split_columns(form.columns, [form.cells(event.action) for event in events])
    if any(assumes):
        columns = columns or ["Assumes"]
        for row, assumed in zip(rows, assumes, strict=True):
            row[-1:] = [(*(row[-1] if row else ()), *[("span", "then assumes", f"assumes {one}") for one in assumed])]
    if any(own):
        columns.append("Why" if form.own_reasons else "Stored as")
        for row, origin in zip(rows, own, strict=True):
            row.append(origin)
    numbered = [
        (f"e{event.number}", ((text(f"{event.number} "), *_flags(event, flags)), *row))
        for event, row in zip(events, rows, strict=True)
    ]
    notes = _notes(first if one_reason else changed(first, why=""), common)
    notes += [("p", "common", (text(f"{label}: "), *bits)) for label, bits in same]
    is_short = number <= (_OPEN_FILE_ROWS if form is FILES else _OPEN_ROWS)
    if not is_short:
        notes.append(("p", "digest", _names(events, form)))
    numbers, last = f"{first.number}–{events[-1].number}", events[-1].number
    head = _head(numbers, (text(count(number, form.one, form.many)),), first)
    kind = "events own" if form.own_reasons else "events"
    table = make_table(kind, f"Events {first.number} to {last}, one by one", ("Event", *columns), numbered)
    return Told("", f"{first.done.value} run", (*head, *notes, *shared), table, is_short or first.done is Done.NO)


def _split_assumptions(events: tuple[Event, ...], form: Form) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """What all events of a run assume, said of each of them, and what each assumes beyond that."""
    general = [_general_assumptions(event) for event in events]
    if len(set(general)) == 1:
        return _general_assumptions(events[0], "each"), [() for _ in events]
    if not form.own_reasons:
        return (), general
    shared = set(general[0]).intersection(*general)
    common = [each for each, one in zip(_general_assumptions(events[0], "each"), general[0], strict=True) if one in shared]
    return tuple(common), [tuple([one for one in assumed if one not in shared]) for assumed in general]


def _own_reason(event: Event, told_above: bool) -> Bits:
    """Why and from where, of one event of a run whose events each have a reason of their own."""
    why: Bits = (text(words(event.why)),) if event.why and not told_above else ()
    if not event.because:
        return why
    keys: dict[object, list[Origin]] = {}
    for origin in event.because:
        keys.setdefault(_key_of(origin), []).append(origin)
    told = lines([_values_of_key(origins) for origins in keys.values()], "")
    return *why, fold(count(len(event.because), "origin"), told, "origins")


def _key_of(origin: Origin) -> object:
    """What origins share that are told on one line."""
    return (origin.hive, origin.key, origin.written, origin.state) if isinstance(origin, ValueRef) else origin


def _values_of_key(origins: list[Origin]) -> Bits:
    """Values of one key: the key and its time once, each value with its cell; any other origin as it is."""
    first = origins[0]
    if len(origins) == 1 or not isinstance(first, ValueRef):
        return bits_of(describe_origin(first))
    key = KeyRef(first.hive, first.key, first.written, None)
    bits: list[Bit] = [code(first.key), text(": ")]
    for place, origin in enumerate(origins):
        bits += (text("; "), *_rest(origin, key)) if place else _rest(origin, key)
    return *bits, text(f"; key last written {shown_time(first.written)}")


def _split_columns(
    columns: tuple[str, ...], cells: list[tuple[Bits, ...]]
) -> tuple[list[str], list[list[Bits]], list[tuple[str, Bits]]]:
    """The columns in which the rows differ, the rows' cells in them, and what all rows share."""
    differ = [place for place in range(len(columns)) if any(row[place] != cells[0][place] for row in cells)]
    same = [(columns[place], cells[0][place]) for place in range(len(columns)) if place not in differ]
    return [columns[place] for place in differ], [[row[place] for place in differ] for row in cells], same


def _names(events: tuple[Event, ...], form: Form) -> Bits:
    """What a run is about: its names, or for files the folders they lie in; each once, with how often it comes."""
    often: dict[str, int] = {}
    for event in events:
        name = form.name(event.action)
        often[name] = often.get(name, 0) + 1
    bits: list[Bit] = [text(form.named)]
    for place, (name, times) in enumerate(list(often.items())[:_NAMED]):
        bits += (text(", "), code(name)) if place else (code(name),)
        if times > 1:
            bits.append(text(f" ({times})"))
    left = len(often) - _NAMED
    return (*bits, text(f" and {left:,} more")) if left > 0 else tuple(bits)


def _general_assumptions(event: Event, article: str = "the") -> tuple[str, ...]:
    """The event's assumptions with its own paths said in words, so that those of like events read alike."""
    return tuple([_general(assumed, event.action, article) for assumed in event.assumes])


def _general(assumed: str, action: Action, article: str) -> str:
    for spelled, said in _own_paths(action):
        if assumed.startswith(spelled):
            return f"{article} {said}{words(assumed[len(spelled) :])}"
    return words(assumed)


def _own_paths(action: Action) -> tuple[tuple[str, str], ...]:
    match action:
        case MapSection():
            return ((f"{action.file} ", "file "),)
        case LoadDriver():
            return ((f"{action.image} ", "file "),)
        case LoadLibrary():
            return ((f"{action.file} ", "file "),)
        case StartService():
            program = tuple([(f"{file} ", "program ") for file in action.candidates[:1]])
            return (*program, (f"{action.dll} ", "DLL ")) if action.dll is not None else program
        case DeleteFile():
            return ((f"{action.source} ", "file "),)
        case RenameFile():
            return (
                (f"{action.source} ", "file "),
                (f"{action.destination} ", "new name "),
                (f"the folder {action.destination.folder} ", "new name's folder "),
            )
        case _:
            return ()


def _split_origins(events: tuple[Event, ...]) -> tuple[Bits, list[Bits]]:
    """What the origins of all the events share, and what each has of its own."""
    if len({len(event.because) for event in events}) > 1:
        return (), [_join([bits_of(describe_origin(origin)) for origin in event.because]) for event in events]
    shared: list[Origin] = []
    own: list[list[Bits]] = [[] for _ in events]
    for origins in zip(*[event.because for event in events], strict=True):
        common = _common(origins)
        if common is not None:
            shared.append(common)
        if common is None or any(origin != common for origin in origins):
            for rest, origin in zip(own, origins, strict=True):
                rest.append(_rest(origin, common))
    return origins_of(shared, "Origin of all"), [_join(rest) for rest in own]


def _join(all: list[Bits]) -> Bits:
    bits: list[Bit] = []
    for one in all:
        bits += (text("; "), *one) if bits else one
    return tuple(bits)


def _common(origins: tuple[Origin, ...]) -> Origin | None:
    """The one origin of all, or the value that all cite strings of, or the key that all are values of; None where they differ more."""
    first = origins[0]
    if all(origin == first for origin in origins):
        return first
    values = [origin for origin in origins if isinstance(origin, ValueRef)]
    if not isinstance(first, ValueRef) or len(values) < len(origins):
        return None
    if any(
        (one.hive, one.key, one.written, one.state) != (first.hive, first.key, first.written, first.state) for one in values
    ):
        return None
    if all(one.value == first.value and one.offset == first.offset for one in values):
        return changed(first, strings=None, text=None)
    return KeyRef(first.hive, first.key, first.written, None)


def _rest(origin: Origin, common: Origin | None) -> Bits:
    """What an origin says beyond what is common."""
    if not isinstance(origin, ValueRef) or common is None:
        return bits_of(describe_origin(origin))
    strings = ""
    if origin.strings is not None:
        first, last = origin.strings
        strings = f"string {first}" if first == last else f"strings {first} and {last}"
    if isinstance(common, ValueRef):
        return say(strings)
    cell = "" if origin.offset is None else f", cell at 0x{origin.offset:x}"
    return say(code(origin.value or "(default)"), (f", {strings}" if strings else "") + cell + state_words(origin.state))
