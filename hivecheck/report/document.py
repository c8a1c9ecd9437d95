"""The analysis as one JSON document, schema `hivecheck.analysis/1`: the source of every other export.

Names and shapes are a contract (docs/output.md); fields may be added, never renamed. Times are UTC with seven decimals.
The same analysis gives the same bytes, `generated_utc` aside.
"""

import json
from collections.abc import Iterator
from typing import Any

from hivecheck import __version__
from hivecheck.analysis import Analysis
from hivecheck.report.boot_json import event_json, halted_json, inventory_part, machine_json, process_tree_json
from hivecheck.report.evidence_json import case_json as case_json
from hivecheck.report.evidence_json import evidence_json, generation_json, software_json
from hivecheck.report.findings_json import findings_json, stories_json, verdict_json
from hivecheck.report.lost_json import lost_lists_json
from hivecheck.report.origins_json import origins_json, problem_json
from hivecheck.report.services_json import overview_of, services_json
from hivecheck.report.settings_json import baseline_json, settings_document
from hivecheck.report.statements_json import critical_processes_json, run_time_json, shutdown_json
from hivecheck.rules import RULES_VERSION
from hivecheck.rules.attack import ATTACK_VERSION

SCHEMA = "hivecheck.analysis/1"
_SETTINGS_FIELDS = (
    "schema", "tool", "generated_utc", "case", "evidence", "control_set", "generation", "baseline", "settings", "software",
    "problems",
)  # fmt: skip
_REPLAY_FIELDS = (
    "schema", "tool", "generated_utc", "case", "options", "evidence", "control_set", "boot_mode", "generation", "events", "halted", "after",
    "process_tree", "services", "software", "problems",
)  # fmt: skip

Json = Any
_encode = json.JSONEncoder(check_circular=False).encode  # a document is a tree


def analysis_document(analysis: Analysis, generated_utc: str) -> dict[str, Json]:
    """The document of one hive. `generated_utc` is given from outside: nothing here reads a clock."""
    sets = analysis.control_sets
    return {
        "schema": SCHEMA,
        "tool": {"name": "hivecheck", "version": __version__, "rules": RULES_VERSION, "attack": ATTACK_VERSION},
        "generated_utc": generated_utc,
        "case": case_json(analysis.options.case_notes),
        "options": {
            "control_set": analysis.options.control_set,
            "safe_mode": analysis.options.safe_mode,
            "verify": analysis.options.verify,
            "min_severity": analysis.options.min_severity,
        },
        "evidence": evidence_json(analysis),
        "control_set": {
            "number": sets.number,
            "why": sets.why,
            "current": sets.select_number("Current"),
            "default": sets.select_number("Default"),
            "failed": sets.select_number("Failed"),
            "last_known_good": sets.select_number("LastKnownGood"),
            "present": list(sets.present),
            "because": origins_json(sets.because),
        },
        "boot_mode": analysis.safe_mode or "normal",
        "generation": generation_json(analysis),
        "baseline": baseline_json(analysis),
        "settings": settings_document(analysis),
        "events": [event_json(event) for event in analysis.replay.events],
        "halted": halted_json(analysis),
        "after": machine_json(analysis.replay.after, analysis.inventory),
        **inventory_part(analysis.inventory),
        "process_tree": process_tree_json(analysis.replay),
        "services": services_json(overview_of(analysis)),
        "run_time": run_time_json(analysis.generation, analysis.settings, analysis.software),
        "critical_processes": critical_processes_json(analysis.generation),
        "shutdown": shutdown_json(analysis.generation, analysis.settings),
        "software": software_json(analysis),
        "recovered": lost_lists_json(analysis.lost),
        "verdict": verdict_json(analysis),
        "stories": stories_json(analysis),
        "findings": findings_json(analysis),
        "problems": [problem_json(problem) for problem in analysis.problems],
    }


def write_documents(analyses: list[Analysis], generated_utc: str, several: bool = False) -> Iterator[str]:
    """The documents as JSON text: one object, or an array where several inputs were asked for, however many could be read."""
    return _write_all([analysis_document(analysis, generated_utc) for analysis in analyses], several)


def write_settings_documents(analyses: list[Analysis], generated_utc: str, several: bool = False) -> Iterator[str]:
    """The part of the documents that `extract` shows."""
    return _write_parts(analyses, generated_utc, _SETTINGS_FIELDS, several)


def write_replay_documents(analyses: list[Analysis], generated_utc: str, several: bool = False) -> Iterator[str]:
    """The part of the documents that `replay` shows."""
    return _write_parts(analyses, generated_utc, _REPLAY_FIELDS, several)


def _write_parts(analyses: list[Analysis], generated_utc: str, names: tuple[str, ...], several: bool) -> Iterator[str]:
    documents = (analysis_document(analysis, generated_utc) for analysis in analyses)
    return _write_all([{name: document[name] for name in names} for document in documents], several)


def _write_all(documents: list[dict[str, Json]], several: bool) -> Iterator[str]:
    if len(documents) == 1 and not several:
        yield from write_document(documents[0])
        return
    for place, document in enumerate(documents):
        yield "[" if place == 0 else ","
        yield from write_document(document)
    yield "]\n"


def write_document(document: dict[str, Json]) -> Iterator[str]:
    """The document as text, one line for each field, and for each setting, event and problem."""
    yield "{"
    last = len(document) - 1
    for place, (name, value) in enumerate(document.items()):
        comma = "," if place < last else ""
        if name in ("events", "problems", "stories", "findings") and value:
            yield f'"{name}": [\n' + ",\n".join(map(_encode, value)) + f"\n]{comma}\n"
        elif name == "settings" and value:
            lines = (f"{_encode(key)}: {_encode(one)}" for key, one in value.items())
            yield f'"{name}": {{\n' + ",\n".join(lines) + f"\n}}{comma}\n"
        else:
            yield f'"{name}": {_encode(value)}{comma}\n'
    yield "}\n"
