"""The findings in JSON, and the stories they tell. Contract: docs/output.md."""

from typing import Any

from hivecheck.analysis import Analysis
from hivecheck.report.origins_json import origins_json
from hivecheck.report.verdict import lapsed_expectations, severity_counts, verdict_words
from hivecheck.rules.attack import technique
from hivecheck.rules.rule import Finding, Severity
from hivecheck.rules.story import stories_of

Json = Any


def verdict_json(analysis: Analysis) -> dict[str, Json]:
    """The counts by severity, of all that stand; what the profile expects, and what `--min-severity` leaves out."""
    standing = severity_counts((*analysis.told_findings, *analysis.milder_findings))
    counts: dict[Severity, int] = dict.fromkeys(reversed(Severity), 0) | dict(standing)
    return {
        "text": verdict_words(analysis),
        **{severity.value: count for severity, count in counts.items()},
        "expected": len(analysis.expected_findings),
        "min_severity": analysis.options.min_severity,
        "not_told": len(analysis.milder_findings),
        "lapsed_expectations": [
            {"reason": one.reason, "until": one.until.isoformat() if one.until else None}
            for one in lapsed_expectations(analysis)
        ],
    }


def findings_json(analysis: Analysis) -> list[Json]:
    """The findings in the order of the report, those that are expected at the end."""
    return [finding_json(finding) for finding in (*analysis.told_findings, *analysis.expected_findings)]


def finding_json(finding: Finding) -> dict[str, Json]:
    rule = finding.rule
    return {
        "rule": rule.id,
        "title": rule.title,
        "family": rule.family,
        "severity": finding.severity.value,
        "confidence": finding.confidence.value,
        "techniques": [technique_json(id) for id in rule.techniques],
        "message": finding.message,
        "subject": finding.subject,
        "why": rule.why,
        "false_positives": list(rule.false_positives),
        "remedy": rule.remedy,
        "needs": rule.needs or None,
        "story": finding.story,
        "expected": finding.expected or None,
        "events": list(finding.events),
        "because": origins_json(finding.because),
        "fingerprint": finding.fingerprint,
    }


def technique_json(id: str) -> dict[str, Json]:
    """Id and name in the pinned version of ATT&CK; `later` is the id that newer versions have for it, where they have another."""
    known = technique(id)
    return {"id": known.id, "name": known.name, **({"later": known.later} if known.later else {})}


def stories_json(analysis: Analysis) -> list[Json]:
    """The stories of the findings that are told, each with the places of its findings in their list, from 0."""
    found: list[Json] = []
    place = 0
    for story in stories_of(analysis.told_findings):
        found.append(
            {
                "number": story.number,
                "headline": story.headline,
                "severity": story.severity.value,
                "findings": list(range(place, place + len(story.findings))),
            }
        )
        place += len(story.findings)
    return found
