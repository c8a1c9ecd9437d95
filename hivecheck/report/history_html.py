"""The history as one HTML page: the timeline first, then each step with what changed. Style inside, allowed by its hash; no script.

All words are made here and in `history_view`; the template loops, chooses and prints, and escapes everything.
"""

from collections.abc import Sequence

from hivecheck.compare.change import worst_first
from hivecheck.compare.history import Differences, History, ListStep, MachineHistory, StateStep
from hivecheck.compare.states import Dating
from hivecheck.facts.case_notes import CaseNotes
from hivecheck.facts.filetime import iso_utc
from hivecheck.report.diff_html import change_table, tally
from hivecheck.report.diff_view import told_findings
from hivecheck.report.history_view import (
    alike_rows,
    changes_of,
    date_of,
    dating_words,
    entry_sentence,
    machine_title,
    meaning_words,
    places_words,
    short_date,
    step_title,
    summary_sentence,
    verdict_sentence,
    windows_sentences,
)
from hivecheck.report.html_cells import (
    Bit,
    Bits,
    Block,
    Table,
    code,
    left_out,
    lines,
    make_table,
    note,
    paragraph,
    say,
    tag,
    text,
    time,
    words,
)
from hivecheck.report.paper import clip_end
from hivecheck.report.plain_page import case_facts, render_plain_page

Step = tuple[str, str, str, tuple[Block, ...]]
"""Id, kind, title and blocks."""
Machine = tuple[str, str, Table, tuple[Step, ...], tuple[str, ...]]
"""Title, why its hives are of one machine, the timeline, the steps, and what is not told."""
_STYLES = ("style.css", "diff.css", "history.css")
_SHOWN_STEPS = 300  # of each machine
_SHOWN_FINDINGS = 200
_SHOWN_CHANGES = 250  # of one height of one state
_SHOWN_LETTERS = 240
_SHOWN_PLACES = 60


def render_history(history: History, generated_utc: str, notes: CaseNotes) -> str:
    """The whole page. `generated_utc` is given from outside: nothing here reads a clock."""
    names = [machine.computer for machine in history.machines]
    title = f"The history of {names[0] or 'a machine'}" if len(names) == 1 else f"The histories of {len(names):,} machines"
    return render_plain_page(
        "history.html",
        _STYLES,
        words(title),
        generated_utc,
        notes,
        verdict=verdict_sentence(history),
        case=case_facts(notes),
        unread=tuple([f"Not read: {words(one)}" for one in history.unread[:_SHOWN_STEPS]]),
        missed=tuple([f"Not searched: {words(one)}" for one in history.missed[:_SHOWN_STEPS]]),
        machines=tuple([_machine(number, machine) for number, machine in enumerate(history.machines, start=1)]),
    )


def _machine(number: int, machine: MachineHistory) -> Machine:
    shown = machine.steps[:_SHOWN_STEPS]
    rows = [("", _row(number, step)) for step in shown]
    columns = ("Step", "Date (UTC)", "State", "What changed")
    table = make_table("timeline", "The timeline, the oldest first", columns, rows)
    untold = [words(one) for one in machine.left_out]
    if len(machine.steps) > len(shown):
        untold.append(f"{len(machine.steps) - len(shown):,} more steps: the JSON document holds all")
    steps = tuple([_step(number, step) for step in shown])
    return machine_title(machine), words(machine.because), table, steps, tuple(untold)


def _row(machine: int, step: StateStep | ListStep) -> Sequence[Bits]:
    date = date_of(step)
    dated: Bits = (time(short_date(date)),) if date is not None else (note("no date"),)
    link: Bit = ("a", f"#m{machine}s{step.number}", str(step.number))
    return (link,), (*dated, ("span", "why", dating_words(date, step))), (text(step_title(step)),), _changed_in_short(step)


def _changed_in_short(step: StateStep | ListStep) -> Bits:
    if isinstance(step, ListStep):
        return (text(words(step.list.relation)),)
    entry = entry_sentence(step.placed.state)
    told: Bits = (("span", "why", clip_end(entry, _SHOWN_LETTERS)),) if entry else ()
    if step.differs is None or step.differs.is_empty:
        return (note(summary_sentence(step)), *told)
    return (*tally(changes_of(step.differs)), ("span", "why", summary_sentence(step)), *told)


def _step(machine: int, step: StateStep | ListStep) -> Step:
    if isinstance(step, ListStep):
        return f"m{machine}s{step.number}", "of-list", f"{step.number}. {step_title(step)}", tuple(_list_blocks(step))
    return f"m{machine}s{step.number}", "of-state", f"{step.number}. {step_title(step)}", tuple(_state_blocks(step))


def _list_blocks(step: ListStep) -> list[Block]:
    one = step.list
    facts: list[tuple[str, Bits]] = [
        ("Found in", (code(step.source),)),
        ("What became of it", (text(words(one.relation)),)),
        ("How sure", (text(words(f"{one.confidence.value}: {'; '.join(one.reasons)}")),)),
        ("Place in the order", (text(words(step.because)),)),
        *_date_rows(one.dates, step),
    ]
    blocks: list[Block] = [_facts(facts)]
    if one.follows:
        for title, told in (("Added since the list before it", one.added), ("Gone since the list before it", one.gone)):
            if told:
                blocks += [paragraph(title), ("bits", (lines([(code(line),) for line in told]),))]
    blocks += [paragraph("The whole list"), ("bits", (lines([(code(line),) for line in one.lines]),))]
    return blocks


def _state_blocks(step: StateStep) -> list[Block]:
    state, source = step.placed.state, step.placed.hive.source
    windows = ", ".join(str(value) for value in step.machine.values() if value)
    facts: list[tuple[str, Bits]] = [
        ("Found in", (lines([(code(str(source.path)),), *_other_places(step)], ""),)),
        ("Machine", (text(words(windows)),)),
        ("Boots", (text(words(step.boots)),)),
        ("Place in the order", (text(words(step.placed.because)),)),
        *([("Dates that contradict it", (text(words(step.placed.caveat)),))] if step.placed.caveat else []),
        ("SHA-256 of its bytes", (code(step.sha256),)),
        *_date_rows(state.dates, step),
    ]
    blocks = [_facts(facts), paragraph(summary_sentence(step))]
    if state.changes:
        told = [(code(f"{one.key} : {one.value}"), note(f" by entry {one.sequence}")) for one in state.changes]
        blocks += [paragraph("What the log entry changed of the Session Manager"), ("bits", (lines(told, ""),))]
    if step.differs is not None:
        blocks += _differs(step.differs)
    return blocks


def _other_places(step: StateStep) -> list[Bits]:
    rows = [(code(place), note(f" {how}")) for place, how in alike_rows(step)[:_SHOWN_PLACES]]
    more = len(alike_rows(step)) - _SHOWN_PLACES
    return [*rows, *([(note(f"and {more:,} more"),)] if more > 0 else []), *([(note(places_words(step)),)] if rows else [])]


def _date_rows(dates: tuple[Dating, ...], step: StateStep | ListStep) -> list[tuple[str, Bits]]:
    if not dates:
        return [("Date", (note("nothing in it is a date"),))]
    return [
        (
            iso_utc(one.ticks)[:19].replace("T", " "),
            say(f"{meaning_words(one, step)} ", note(f"({one.confidence.value} confidence)")),
        )
        for one in dates
    ]


def _facts(rows: list[tuple[str, Bits]]) -> Block:
    return "table", make_table(
        "known", "What is known of it", ("", "Known"), [("", (say(name), bits)) for name, bits in rows]
    )


def _differs(differs: Differences) -> list[Block]:
    blocks = [paragraph(sentence) for sentence in windows_sentences(differs)]
    for title, changes in (("Settings", differs.settings), ("What the next boot would do differently", differs.effects)):
        if changes:
            blocks += change_table(f"{title}, the worst first", worst_first(changes)[:_SHOWN_CHANGES])
            blocks += left_out(len(changes) - _SHOWN_CHANGES, "change")
    for title, findings in (("New findings", differs.new), ("Findings that are gone", differs.gone)):
        told = told_findings(findings, "info")[:_SHOWN_FINDINGS]
        if told:
            rows = [
                (
                    "",
                    (
                        _severity(one["severity"]),
                        (text(f"{words(one['title'])} "), tag(words(one["rule"]))),
                        (code(one["subject"]),),
                    ),
                )
                for one in told
            ]
            blocks.append(
                ("table", make_table("found", f"{title}: {len(findings):,}", ("Severity", "Finding", "About"), rows))
            )
    return blocks


def _severity(said: str) -> Bits:
    known = said if said in ("critical", "high", "medium", "low", "info") else "info"
    return (("span", f"severity {known}", words(said)),)
