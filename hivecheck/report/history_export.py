"""The history as a timeline for Timesketch, JSON lines or CSV: each step that has a date, with what that date is the time of.

A step without a date is in no timeline. Fields as `export_timesketch` documents them.
"""

import json
from collections.abc import Iterator
from typing import Any

from hivecheck.compare.history import History, ListStep, MachineHistory, StateStep
from hivecheck.compare.states import Dating
from hivecheck.report.export_cells import csv_line, iso_microseconds, shown, unix_microseconds
from hivecheck.report.history_view import date_of, meaning_words, places_words, step_title, summary_sentence

Json = Any
FIELDS = (
    "message", "datetime", "timestamp_desc", "timestamp", "data_type", "hostname", "tag", "step", "source_file", "source_sha256",
    "confidence",
)  # fmt: skip


def write_history_timesketch(history: History) -> Iterator[str]:
    """One JSON object a line."""
    for row in _rows(history):
        yield json.dumps(row, check_circular=False) + "\n"


def write_history_csv(history: History) -> Iterator[str]:
    """The same as CSV with a header; the tags are a JSON list in their cell."""
    yield csv_line(list(FIELDS))
    for row in _rows(history):
        yield csv_line([json.dumps(row[name]) if name == "tag" else str(row[name]) for name in FIELDS])


def _rows(history: History) -> Iterator[dict[str, Json]]:
    for machine in history.machines:
        for step in machine.steps:
            date = date_of(step)
            if date is not None:
                yield _row(machine, step, date)


def _places(step: StateStep) -> str:
    told = places_words(step)
    return f" {told}." if told else ""


def _row(machine: MachineHistory, step: StateStep | ListStep, date: Dating) -> dict[str, Json]:
    is_list = isinstance(step, ListStep)
    told = step.list.relation if isinstance(step, ListStep) else f"{summary_sentence(step)}{_places(step)}"
    source = step.source if isinstance(step, ListStep) else str(step.placed.hive.source.path)
    return {
        "message": f"{step_title(step)}. {told} (the date: {meaning_words(date, step)})",  # made visible where it was worded
        "datetime": f"{iso_microseconds(date.ticks)}+00:00",
        "timestamp_desc": f"State Of The Hive: {date.meaning.value}",
        "timestamp": unix_microseconds(date.ticks),
        "data_type": "hivecheck:history:list" if is_list else "hivecheck:history:state",
        "hostname": shown(machine.computer, 255),
        "tag": ["hivecheck", "history"],
        "step": step.number,
        "source_file": shown(source),
        "source_sha256": "" if isinstance(step, ListStep) else step.sha256,
        "confidence": date.confidence.value,
    }
