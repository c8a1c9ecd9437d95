"""The comparison as one JSON document, schema `hivecheck.diff/1`. Contract: docs/output.md.

The same comparison gives the same bytes, `generated_utc` aside.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from hivecheck import __version__
from hivecheck.compare.change import Change
from hivecheck.compare.diff import Diff, describe_windows
from hivecheck.compare.doubt import loses_data
from hivecheck.compare.findings import severity_rank, stands
from hivecheck.facts.case_notes import CaseNotes
from hivecheck.report.diff_caveats import caveats
from hivecheck.report.diff_view import counts_by_change, counts_by_verdict, is_same, verdict_sentence
from hivecheck.rules import RULES_VERSION

if TYPE_CHECKING:
    from hivecheck.compare.whole_hive import WholeHiveDiff

SCHEMA = "hivecheck.diff/1"
Json = Any
_SIDE = ("evidence", "control_set", "generation", "tool", "options")
_SHOWN_PROBLEMS = 1_000
_encode = json.JSONEncoder(check_circular=False).encode  # a document is a tree


def write_diff(
    diff: Diff,
    generated_utc: str,
    notes: CaseNotes,
    min_severity: str,
    whole: Mapping[str, Json] | None = None,
    keys: "WholeHiveDiff | None" = None,
) -> Iterator[str]:
    """The document as text, a line for each change and finding. `whole` has `keys` and what else a whole-hive comparison, `keys`, tells."""
    from hivecheck.report.document import case_json

    yield "{" + f'"schema": {_encode(SCHEMA)},\n'
    head = {
        "tool": {"name": "hivecheck", "version": __version__, "rules": RULES_VERSION},
        "generated_utc": generated_utc,
        "case": case_json(notes),
        "against_baseline": diff.against_baseline,
        "windows": [{"what": one.what, "before": one.before, "after": one.after} for one in diff.windows],
        "caveats": caveats(diff),
        "before": side_json(diff.before),
        "after": side_json(diff.after),
    }
    for name, value in head.items():
        yield f'"{name}": {_encode(value)},\n'
    yield from _lines("settings", map(change_json, diff.settings))
    yield from _lines("effects", map(change_json, diff.effects))
    yield '"findings": {'
    for place, (name, findings) in enumerate(findings_json(diff, min_severity).items()):
        yield from _lines(name, findings, "" if place == 2 else ",")
    yield "},\n"
    for name, value in (whole or {}).items():
        yield from _lines(name, value) if name == "keys" else (f'"{name}": {_encode(value)},\n',)
    yield f'"summary": {_encode(summary_json(diff, min_severity, keys))}}}\n'


def change_json(change: Change) -> dict[str, Json]:
    """One change, its origins as they stand in the documents."""
    return {
        "change": change.change.value,
        "what": change.what,
        "before": change.before,
        "after": change.after,
        "verdict": change.verdict.value,
        "why": change.why,
        "because": list(change_origins(change)),
        "text": change.text or None,
        "findings": list(change.findings),
    }


def change_origins(change: Change) -> tuple[Mapping[str, Json], ...]:
    """The origins of a change in the form of documents."""
    from hivecheck.report.origins_json import origin_json

    return tuple(one if isinstance(one, Mapping) else origin_json(one) for one in change.because)


def side_json(document: Mapping[str, Json]) -> dict[str, Json]:
    """What one side is, with its Windows and its build, and what of it could not be read."""
    found = {name: document[name] for name in _SIDE if name in document} | {"windows": describe_windows(document)}
    problems = document.get("problems")
    lost = [one for one in problems if isinstance(one, dict)] if isinstance(problems, list) else []
    return found | {"complete": not loses_data(document), "problems": lost[:_SHOWN_PROBLEMS]}


def findings_json(diff: Diff, min_severity: str) -> dict[str, list[Json]]:
    """The findings from a severity on. One that still stands with another severity says which it had."""
    found = diff.findings
    was = dict(found.severities)
    still = [{**one, "severity_before": was.get(one["fingerprint"])} for one in found.still]
    least = severity_rank(min_severity)
    lists = {"new": list(found.new), "gone": list(found.gone), "still": still}
    return {name: [one for one in all if severity_rank(one["severity"]) >= least] for name, all in lists.items()}


def summary_json(diff: Diff, min_severity: str, keys: "WholeHiveDiff | None" = None) -> dict[str, Json]:
    """Counts by height, verdict and kind of change; of the findings by what became of them, and of the new ones by severity."""
    heights = {
        name: {
            "total": len(changes),
            "by_verdict": {verdict.value: number for verdict, number in counts_by_verdict(changes).items()},
            "by_change": {kind.value: number for kind, number in counts_by_change(changes).items()},
        }
        for name, changes in (("settings", diff.settings), ("effects", diff.effects))
    }
    found = diff.findings
    standing = [one["severity"] for one in found.new if stands(one)]
    return {
        "text": verdict_sentence(diff, keys),
        "same": is_same(diff, keys),
        **heights,
        "findings": {
            "new": len(found.new),
            "gone": len(found.gone),
            "still": len(found.still),
            "other_severity": len(found.severities),
            "new_by_severity": {one: standing.count(one) for one in ("critical", "high", "medium", "low", "info")},
            "min_severity": min_severity,
        },
    }


def _lines(name: str, things: Iterable[Json], comma: str = ",") -> Iterator[str]:
    """A field that is a list, with a line for each member, made one after another."""
    yield f'"{name}": ['
    start = "\n"
    for thing in things:
        yield start + _encode(thing)
        start = ",\n"
    yield f"]{comma}\n"
