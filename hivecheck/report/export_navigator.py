"""A layer for the ATT&CK Navigator, format 4.5: the techniques of the findings, scored by the worst of them.

Source: mitre-attack/attack-navigator, layers/spec/v4.5/layerformat.md. Several hives make one layer; a comment names the computers.
"""

from collections.abc import Sequence
from typing import Any

from hivecheck import __version__
from hivecheck.analysis import Analysis
from hivecheck.report.export_cells import shown
from hivecheck.report.verdict import set_aside_words, verdict_words
from hivecheck.report.view import counted
from hivecheck.rules.attack import ATTACK_VERSION, technique
from hivecheck.rules.rule import Finding, Severity

Json = Any
SCORES = {Severity.INFO: 5, Severity.LOW: 25, Severity.MEDIUM: 50, Severity.HIGH: 75, Severity.CRITICAL: 100}
_COLORS = {
    Severity.INFO: "#dbe4ee", Severity.LOW: "#a7c4e0", Severity.MEDIUM: "#ffd166", Severity.HIGH: "#f4845f",
    Severity.CRITICAL: "#b5172f",
}  # fmt: skip
_COMMENTED = 12


def navigator_layer(analyses: Sequence[Analysis], generated_utc: str) -> dict[str, Json]:
    """The layer. Findings that the profile expects, and those below the least severity, are left out."""
    names = [_host(analysis) for analysis in analyses]
    found: dict[str, list[tuple[str, Finding]]] = {}
    for analysis, name in zip(analyses, names, strict=True):
        for finding in analysis.told_findings:
            for id in finding.rule.techniques:
                found.setdefault(id, []).append((name, finding))
    told = f"Techniques of what hivecheck {__version__} found in {counted(len(analyses), 'hive')}, {generated_utc}"
    return {
        "versions": {"attack": ATTACK_VERSION, "navigator": "4.9.0", "layer": "4.5"},
        "name": f"hivecheck: {', '.join(names[:3])}{' ...' if len(names) > 3 else ''}",
        "description": "\n".join((told, *_verdicts(analyses))),
        "domain": "enterprise-attack",
        "filters": {"platforms": ["Windows"]},
        "sorting": 3,
        "layout": {"layout": "side", "showID": True, "showName": True, "expandedSubtechniques": "annotated"},
        "hideDisabled": False,
        "techniques": [_technique(id, found[id]) for id in sorted(found)],
        "gradient": {"colors": [_COLORS[severity] for severity in Severity], "minValue": 0, "maxValue": 100},
        "legendItems": [{"label": severity.value, "color": _COLORS[severity]} for severity in reversed(Severity)],
        "metadata": _metadata(analyses),
    }


def _host(analysis: Analysis) -> str:
    return shown(analysis.facts.computer_name.value or analysis.evidence.name, 100)


def _verdicts(analyses: Sequence[Analysis]) -> list[str]:
    """A line for each hive with its counts and what is not in the layer."""
    lines = [f"{_host(one)}: {' '.join((verdict_words(one), *set_aside_words(one)))}" for one in analyses[:_COMMENTED]]
    more = len(analyses) - _COMMENTED
    return [*lines, f"and {counted(more, 'more hive')}"] if more > 0 else lines


def _technique(id: str, told: list[tuple[str, Finding]]) -> dict[str, Json]:
    ordered = sorted(told, key=lambda one: (-one[1].severity.rank, one[0], one[1].rule.id, one[1].subject))
    lines = list(dict.fromkeys(f"{host}: {one.severity.value} {one.rule.id}: {one.rule.title}" for host, one in ordered))
    if len(lines) > _COMMENTED:
        lines = [*lines[:_COMMENTED], f"and {len(lines) - _COMMENTED} more"]
    known = technique(id)
    metadata = [{"name": "findings", "value": str(len(told))}, {"name": "worst", "value": ordered[0][1].severity.value}]
    if known.later:
        metadata.append({"name": "id in later versions", "value": known.later})
    return {
        "techniqueID": id,
        "score": SCORES[ordered[0][1].severity],
        "comment": "\n".join(lines),
        "enabled": True,
        "metadata": metadata,
    }


def _metadata(analyses: Sequence[Analysis]) -> list[Json]:
    """Where the layer comes from: each hive's hash, and what the examiner said of the case."""
    found = [{"name": f"SHA-256 of {_host(one)}", "value": one.evidence.digests.sha256} for one in analyses]
    notes = analyses[0].options.case_notes
    given = {"case": notes.case_id, "evidence": notes.evidence_id, "examiner": notes.examiner, "notes": notes.notes}
    return [*found, *({"name": name, "value": shown(text)} for name, text in given.items() if text)]
