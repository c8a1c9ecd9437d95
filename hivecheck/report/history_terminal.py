"""The history on a terminal: a step after another, the oldest first, with its date, why it stands there, and what changed."""

from hivecheck import __version__
from hivecheck.compare.change import Change, Verdict, worst_first
from hivecheck.compare.history import Differences, History, ListStep, MachineHistory, StateStep
from hivecheck.facts.case_notes import CaseNotes
from hivecheck.facts.visible import visible
from hivecheck.report.case_words import case_rows
from hivecheck.report.diff_view import SIGNS, VERDICT_WORDS, change_words, told_findings
from hivecheck.report.history_view import (
    alike_rows,
    changes_of,
    date_of,
    dating_words,
    entry_sentence,
    machine_title,
    places_words,
    short_date,
    step_title,
    summary_sentence,
    verdict_sentence,
    windows_sentences,
)
from hivecheck.report.paper import Paper, clip

_SHOWN_CHANGES = 6  # of each state
_SHOWN_FINDINGS = 4
_SHOWN_LINES = 5  # of an earlier list
_SHOWN_STEPS = 200
_SHOWN_PLACES = 12
_SHOWN_LETTERS = 180
_INDENT = 6
_COLOURS = {Verdict.SUSPICIOUS: ("red", "bold"), Verdict.UNEXPLAINED: ("yellow",)}


def write_history_summary(history: History, notes: CaseNotes, paper: Paper) -> None:
    """All machines, one after another."""
    paper.put(f"hivecheck {__version__}  history", styles=("bold",))
    paper.put(verdict_sentence(history), styles=("bold",))
    paper.columns(case_rows(notes), indent=9)
    for machine in history.machines:
        _write_machine(machine, paper)
    for label, told in (("Not read", history.unread), ("Missed", history.missed)):
        for text in told[:_SHOWN_LINES]:
            paper.put(visible(text), first=label, indent=9, styles=("yellow",))
        _write_rest(len(told) - _SHOWN_LINES, "place", paper)


def _write_machine(machine: MachineHistory, paper: Paper) -> None:
    paper.heading(machine_title(machine), f"one machine: {machine.because}")
    for step in machine.steps[:_SHOWN_STEPS]:
        _write_step(step, paper)
    _write_rest(len(machine.steps) - _SHOWN_STEPS, "step", paper)
    for text in machine.left_out:
        paper.put(f"Not told: {visible(text)}.", styles=("dim",))


def _write_step(step: StateStep | ListStep, paper: Paper) -> None:
    paper.blank()
    date = date_of(step)
    paper.put(f"{short_date(date)}  {step_title(step)}", first=f"{step.number:>3}.", indent=_INDENT, styles=("bold",))
    source = step.source if isinstance(step, ListStep) else str(step.placed.hive.source.path)
    because = step.because if isinstance(step, ListStep) else step.placed.because
    paper.put(f"in {clip(visible(source), _SHOWN_LETTERS)}", indent=_INDENT, first="", styles=("dim",))
    if date is not None:
        paper.put(f"Date: {dating_words(date, step)}.", indent=_INDENT, first="", styles=("dim",))
    paper.put(f"Place: {visible(because)}.", indent=_INDENT, first="", styles=("dim",))
    if isinstance(step, ListStep):
        _write_list(step, paper)
        return
    if step.placed.caveat:
        paper.put(f"Caution: {visible(step.placed.caveat)}.", indent=_INDENT, first="", styles=("yellow",))
    rows = alike_rows(step)
    if rows:
        paper.put(f"{places_words(step)}:", indent=_INDENT, first="", styles=("dim",))
    for place, how in rows[:_SHOWN_PLACES]:
        paper.put(f"also in {clip(place, _SHOWN_LETTERS)} ({how})", indent=_INDENT + 2, first="", styles=("dim",))
    _write_rest(len(rows) - _SHOWN_PLACES, "place", paper)
    if entry := entry_sentence(step.placed.state):
        paper.put(entry, indent=_INDENT, first="")
    paper.put(_with_grave(step), indent=_INDENT, first="")
    if step.differs is not None:
        _write_differences(step.differs, paper)


def _with_grave(step: StateStep) -> str:
    count = f"{step.grave:,} finding{'' if step.grave == 1 else 's'}" if step.grave else "no finding"
    return f"{summary_sentence(step)} Of this state {count} of high or critical."


def _write_differences(differs: Differences, paper: Paper) -> None:
    for sentence in windows_sentences(differs):
        paper.put(sentence, indent=_INDENT, first="", styles=("bold",))
    changes = worst_first(changes_of(differs))
    for change in changes[:_SHOWN_CHANGES]:
        first = f"      {SIGNS[change.change]} {VERDICT_WORDS[change.verdict]}"
        paper.put(_change(change), first=first, indent=23, styles=_COLOURS.get(change.verdict, ()))
    _write_rest(len(changes) - _SHOWN_CHANGES, "change", paper)
    for title, findings in (("new finding", differs.new), ("finding gone", differs.gone)):
        told = told_findings(findings, "low")
        for one in told[:_SHOWN_FINDINGS]:
            words = visible(f"{one['severity']}: {one['title']} ({one['rule']}): {one['subject']}")
            styles = ("red",) if title.startswith("new") and one["severity"] in ("critical", "high") else ()
            paper.put(clip(words, _SHOWN_LETTERS), first=f"      {title}", indent=23, styles=styles)
        _write_rest(len(told) - _SHOWN_FINDINGS, "finding", paper)


def _change(change: Change) -> str:
    told = change_words(change)
    is_sentence = change.text and told.startswith("would")
    return clip(told if is_sentence else f"{visible(change.what)}: {told}", _SHOWN_LETTERS)


def _write_list(step: ListStep, paper: Paper) -> None:
    one = step.list
    paper.put(
        clip(f"{visible(one.relation)} ({one.confidence.value} confidence).", _SHOWN_LETTERS), indent=_INDENT, first=""
    )
    if one.follows:
        told = [("+", line) for line in one.added] + [("-", line) for line in one.gone]
    else:
        told = [("", line) for line in one.lines]
    for sign, line in told[:_SHOWN_LINES]:
        paper.put(clip(visible(line), _SHOWN_LETTERS), first=f"      {sign}".ljust(8), indent=8)
    _write_rest(len(told) - _SHOWN_LINES, "line", paper)


def _write_rest(number: int, one: str, paper: Paper) -> None:
    if number > 0:
        words = f"and {number:,} more {one}{'' if number == 1 else 's'}: --json and --html tell more"
        paper.put(words, first="", indent=23, styles=("dim",))
