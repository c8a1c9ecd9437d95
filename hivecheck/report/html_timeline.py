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
from hivecheck.report.html_cells import (
    Bit,
    Bits,
    Table,
    bits_of,
    certainty_bit,
    code,
    count,
    event_link,
    make_table,
    origins_of,
    outcome_bit,
    outcome_marks,
    tag,
    text,
    words,
)
from hivecheck.report.html_findings import Flags
from hivecheck.report.html_forms import FILES, FORMS, Form
from hivecheck.report.html_run_origins import own_reason, split_origins
from hivecheck.report.view import (
    EFFECT_WORDS,
    EventGroup,
    describe_action,
    group_events,
)

SHORTEST_RUN = 4
MOST_EVENTS = 1_000  # of one step; further ones are counted
_OPEN_ROWS = 16  # a longer run of granted requests is folded
_OPEN_FILE_ROWS = 40  # files renamed and deleted are what an examiner came for
_NAMED = 120  # in the summary of a folded run


@fact
class Told:
    """One event, or a run of events answered alike. `id` is '' for a run, `table` None for an event; `is_open`: not folded.

    `anchors` are those of events that are only counted, so that links to them lead somewhere.
    """

    id: str
    kind: str
    bits: Bits
    table: Table | None
    is_open: bool
    anchors: tuple[str, ...] = ()


@fact
class StepPart:
    """Consecutive events of one step. `marks` are its counts by outcome."""

    id: str
    title: str
    about: str
    marks: Bits
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
        tuple(_tell_events(group.events, flags)),
    )


def _tell_events(events: tuple[Event, ...], flags: Flags) -> Iterator[Told]:
    def likeness(event: Event) -> tuple[object, ...]:
        stands_out = any(flag.stands_out for flag in flags.get(event.number, ()))
        return _likeness(event, event.number if event.effects or stands_out else 0)

    for _, same in groupby(events[:MOST_EVENTS], key=likeness):
        run = tuple(same)
        form = FORMS.get(type(run[0].action))
        if form is None or len(run) < SHORTEST_RUN:
            yield from (_tell_event(event, flags) for event in run)
        else:
            yield _tell_run(run, form, flags)
    if left := events[MOST_EVENTS:]:
        yield _tell_left(left, flags)


def _tell_left(events: tuple[Event, ...], flags: Flags) -> Told:
    """The events of a step that are too many to be told one by one: how many, with what outcome, and which a finding is about."""
    of = f"{count(len(events), 'event')} more, {events[0].number} to {events[-1].number}, not shown here: the JSON document holds all."
    bits: list[Bit] = [("p", "why", of), ("p", "about", outcome_marks(events))]
    flagged = [event.number for event in events if event.number in flags]
    if flagged:
        told = ", ".join(f"{number}" for number in flagged[:_NAMED]) + (", and more" if len(flagged) > _NAMED else "")
        bits.append(("p", "why", f"Findings are about {count(len(flagged), 'of these events', 'of these events')}: {told}."))
    return Told("", "left run", tuple(bits), None, False, tuple([f"e{event.number}" for event in events]))


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
    shared, own = ((), [own_reason(event, one_reason) for event in events]) if form.own_reasons else split_origins(events)
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
