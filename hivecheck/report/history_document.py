"""The history as one JSON document, schema `hivecheck.history/1`. Contract: docs/output.md.

The same evidence gives the same bytes, `generated_utc` aside.
"""

import json
from collections.abc import Iterator
from typing import Any

from hivecheck import __version__
from hivecheck.compare.history import Differences, History, ListStep, MachineHistory, StateStep
from hivecheck.compare.history_order import PlacedState
from hivecheck.compare.states import Dating
from hivecheck.evidence.opening import LogChange
from hivecheck.facts.case_notes import CaseNotes
from hivecheck.facts.fact import changed
from hivecheck.facts.filetime import iso_utc
from hivecheck.report.diff_document import change_json
from hivecheck.report.diff_view import counts_by_verdict
from hivecheck.report.evidence_json import case_json
from hivecheck.report.history_view import changes_of, meaning_words, step_title, summary_sentence, verdict_sentence
from hivecheck.report.origins_json import origin_json, origins_json
from hivecheck.rules import RULES_VERSION

SCHEMA = "hivecheck.history/1"
Json = Any
_encode = json.JSONEncoder(check_circular=False).encode  # a document is a tree


def write_history(history: History, generated_utc: str, notes: CaseNotes) -> Iterator[str]:
    """The document as text, a line for each step."""
    yield "{" + f'"schema": {_encode(SCHEMA)},\n'
    head = {
        "tool": {"name": "hivecheck", "version": __version__, "rules": RULES_VERSION},
        "generated_utc": generated_utc,
        "case": case_json(notes),
        "summary": verdict_sentence(history),
        "unread": list(history.unread),
        "missed": list(history.missed),
    }
    for name, value in head.items():
        yield f'"{name}": {_encode(value)},\n'
    yield '"machines": ['
    for place, machine in enumerate(history.machines):
        yield ",\n" if place else "\n"
        yield from _machine(machine)
    yield "]}\n"


def _machine(machine: MachineHistory) -> Iterator[str]:
    head = {
        "computer_name": machine.computer or None,
        "installations": list(machine.marks),
        "because": machine.because,
        "left_out": list(machine.left_out),
    }
    yield _encode(head)[:-1] + ', "steps": ['
    for place, step in enumerate(machine.steps):
        yield (",\n" if place else "\n") + _encode(step_json(step))
    yield "]}"


def step_json(step: StateStep | ListStep) -> dict[str, Json]:
    """One step; `kind` says whether it is a state or a list of before."""
    head = {"number": step.number, "title": step_title(step)}
    if isinstance(step, ListStep):
        one = step.list
        return head | {
            "kind": "earlier-list",
            "source": step.source,
            "dates": [date_json(date, step) for date in one.dates],
            "order": step.because,
            "name": one.name,
            "lines": list(one.lines),
            "added": list(one.added) if one.follows else None,
            "gone": list(one.gone) if one.follows else None,
            "generation": [one.generation, one.generations],
            "relation": one.relation,
            "whole": one.whole,
            "confidence": one.confidence.value,
            "reasons": list(one.reasons),
            "origin": origin_json(one.origin),
        }
    state, hive = step.placed.state, step.placed.hive
    return head | {
        "kind": state.kind.value,
        "place": hive.source.kind.name.lower().replace("_", "-"),
        "source": str(hive.source.path),
        "places": list(step.places),
        "alike": [_alike(one, step) for one in step.alike],
        "control_set": state.control_set,
        "roles": list(state.roles),
        "log": state.log or None,
        "entry": state.entry,
        "sha256": step.sha256,
        "windows": dict(step.machine),
        "dates": [date_json(date, step) for date in state.dates],
        "order": step.placed.because,
        "problems": [step.placed.caveat] if step.placed.caveat else [],
        "grave_findings": step.grave,
        "log_changes": [_log_change(change) for change in state.changes],
        "summary": summary_sentence(step),
        "changes": _differences(step.differs) if step.differs is not None else None,
    }


def _alike(one: PlacedState, step: StateStep) -> dict[str, Json]:
    """The same state of another copy, whose bytes differ but not for the boot."""
    source = one.hive.source
    dates = [date_json(date, changed(step, placed=one)) for date in one.state.dates]
    return {"source": str(source.path), "places": list(source.places), "dates": dates}


def date_json(date: Dating, step: StateStep | ListStep) -> dict[str, Json]:
    """A time, the name of what it means, the same in words, and how far it dates the state."""
    return {
        "utc": iso_utc(date.ticks),
        "meaning": date.meaning.value,
        "text": meaning_words(date, step),
        "confidence": date.confidence.value,
        "because": origins_json(date.because),
    }


def _log_change(change: LogChange) -> dict[str, Json]:
    kind = "added" if change.before is None else "removed" if change.after is None else "changed"
    return {"entry": change.sequence, "key": change.key, "value": change.value, "change": kind}


def _differences(differs: Differences) -> dict[str, Json]:
    counts = counts_by_verdict(changes_of(differs))
    return {
        "same": differs.is_empty,
        "cut": differs.cut,
        "windows": [{"what": one.what, "before": one.before, "after": one.after} for one in differs.windows],
        "by_verdict": {verdict.value: number for verdict, number in counts.items()},
        "settings": [change_json(change) for change in differs.settings],
        "effects": [change_json(change) for change in differs.effects],
        "findings": {"new": list(differs.new), "gone": list(differs.gone), "still": differs.still},
    }
