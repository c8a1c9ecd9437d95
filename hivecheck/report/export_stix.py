"""Findings as a STIX 2.1 bundle: what was observed, indicators with patterns, the ATT&CK techniques, a report that ties them.

Identifiers are made of content, so that the same hive gives the same ones again; `created` and `modified` are the time of the export.
Made by hand, without a library: the objects are few and their properties fixed. Source: "STIX Version 2.1", OASIS Standard.
"""

from collections.abc import Iterable
from typing import Any

from hivecheck import __version__
from hivecheck.analysis import Analysis
from hivecheck.facts.certainty import Confidence
from hivecheck.facts.origin import State, ValueRef
from hivecheck.registry.control_sets import control_set_name
from hivecheck.report.export_cells import shown
from hivecheck.report.export_keys import key_path, raw_values
from hivecheck.report.export_sarif import technique_url
from hivecheck.report.export_stix_ids import object_id, pattern_text
from hivecheck.report.export_stix_observables import Observables, add_finding, add_hive, citable
from hivecheck.report.html_verdict import plain_verdict
from hivecheck.report.verdict import set_aside_words, verdict_words
from hivecheck.rules.attack import technique
from hivecheck.rules.rule import Finding, Severity

Json = Any
CONFIDENCES = {Confidence.LOW: 15, Confidence.MEDIUM: 50, Confidence.HIGH: 85}
_PATTERNS = 8  # texts of one indicator
_TYPES = {
    Severity.MEDIUM: "anomalous-activity",
    Severity.HIGH: "malicious-activity",
    Severity.CRITICAL: "malicious-activity",
}


def stix_bundle(analyses: Iterable[Analysis], generated_utc: str) -> dict[str, Json]:
    """The bundle of one or several hives. Findings that the profile expects, and those below the least severity, are left out."""
    bundle = _Bundle(f"{generated_utc[:-1]}.000Z")
    for analysis in analyses:
        bundle.add_hive(analysis)
    objects = [*bundle.objects.values(), *bundle.observables.objects.values()]
    return {"type": "bundle", "id": object_id("bundle", generated_utc, *(one["id"] for one in objects)), "objects": objects}


class _Bundle:
    """The objects of a bundle, each once."""

    def __init__(self, moment: str) -> None:
        self.moment = moment
        self.observables = Observables()
        self.objects: dict[str, dict[str, Json]] = {}
        self.author = object_id("identity", "hivecheck")
        self._add(
            "identity",
            self.author,
            {"name": "hivecheck", "identity_class": "system", "description": f"hivecheck {__version__}"},
        )

    def _add(self, kind: str, id: str, fields: dict[str, Json]) -> str:
        made: dict[str, Json] = {"type": kind, "spec_version": "2.1", "id": id}
        if kind != "identity":
            made["created_by_ref"] = self.author
        self.objects.setdefault(id, made | {"created": self.moment, "modified": self.moment} | fields)
        return id

    def add_hive(self, analysis: Analysis) -> None:
        seed = analysis.evidence.digests.sha256
        raws = raw_values(analysis)
        refs = [self._observe([add_hive(self.observables, analysis.evidence)], seed, "hive")]
        for finding in analysis.told_findings:
            seen = add_finding(self.observables, finding, analysis, raws)
            observed = self._observe(seen, seed, finding.fingerprint) if seen else ""
            indicator = self._indicate(finding, analysis, seed)
            refs += [one for one in (observed, indicator) if one]
            patterns = [self._technique(id) for id in finding.rule.techniques] if indicator else []
            refs += patterns
            refs += [self._relate(indicator, "indicates", one) for one in patterns]
            if indicator and observed:
                refs.append(self._relate(indicator, "based-on", observed))
        self._report(analysis, list(dict.fromkeys(refs)), seed)

    def _observe(self, refs: list[str], *seed: str) -> str:
        fields = {"first_observed": self.moment, "last_observed": self.moment, "number_observed": 1, "object_refs": refs}
        return self._add("observed-data", object_id("observed-data", *seed, *refs), fields)

    def _indicate(self, finding: Finding, analysis: Analysis, seed: str) -> str:
        """The indicator of a finding, where it is grave enough and cites texts that can be looked for; '' else."""
        pattern = finding_pattern(finding, analysis) if finding.severity in _TYPES else ""
        if not pattern:
            return ""
        fields = {
            "name": f"{finding.rule.id}: {finding.rule.title}",
            "description": shown(finding.message),
            "indicator_types": [_TYPES[finding.severity]],
            "pattern": pattern,
            "pattern_type": "stix",
            "pattern_version": "2.1",
            "valid_from": self.moment,
            "confidence": CONFIDENCES[finding.confidence],
            "labels": [finding.severity.value, finding.rule.id],
        }
        return self._add("indicator", object_id("indicator", seed, finding.fingerprint, pattern), fields)

    def _technique(self, id: str) -> str:
        reference = {"source_name": "mitre-attack", "external_id": id, "url": technique_url(id)}
        fields = {"name": technique(id).name.rpartition(": ")[2], "external_references": [reference]}
        return self._add("attack-pattern", object_id("attack-pattern", id), fields)

    def _relate(self, source: str, how: str, target: str) -> str:
        fields = {"relationship_type": how, "source_ref": source, "target_ref": target}
        return self._add("relationship", object_id("relationship", source, how, target), fields)

    def _report(self, analysis: Analysis, refs: list[str], seed: str) -> None:
        notes = analysis.options.case_notes
        given = {"Computer": analysis.facts.computer_name.value or "", "Examiner": notes.examiner, "Notes": notes.notes}
        told = "".join(f" {name}: {shown(text)}." for name, text in given.items() if text)
        host = shown(analysis.facts.computer_name.value or analysis.evidence.name, 255)
        references = [
            {"source_name": name, "external_id": shown(text)}
            for name, text in (("case", notes.case_id), ("evidence", notes.evidence_id))
            if text
        ]
        said = " ".join((plain_verdict(analysis), verdict_words(analysis), *set_aside_words(analysis)))
        fields: dict[str, Json] = {
            "name": f"hivecheck: next boot of {host}",
            "description": f"{said} SHA-256 of the hive: {seed}.{told}",
            "report_types": ["observed-data", "indicator"],
            "published": self.moment,
            "object_refs": refs,
        }
        if references:
            fields["external_references"] = references
        self._add("report", object_id("report", seed, self.moment), fields)


def finding_pattern(finding: Finding, analysis: Analysis) -> str:
    """The pattern of what a finding cites, '' where nothing of it can be looked for.

    All cited texts must be there, since one by itself may be as harmless as a driver's path. Keys of the control set that boots match
    under its number and as `CurrentControlSet`.
    """
    told: dict[str, None] = {}
    for origin in finding.because:
        if isinstance(origin, ValueRef) and origin.state is not State.DELETED and citable(origin):
            told.setdefault(_comparison(origin, analysis))
    return " AND ".join(f"[{one}]" for one in list(told)[:_PATTERNS])


def _comparison(origin: ValueRef, analysis: Analysis) -> str:
    path = key_path(origin, analysis)
    paths = [path]
    number = analysis.control_sets.number
    start = f"HKEY_LOCAL_MACHINE\\SYSTEM\\{control_set_name(number)}\\" if number is not None else ""
    if start and path.upper().startswith(start.upper()):
        paths.append(f"HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\{path[len(start) :]}")
    keys = f"IN ({', '.join(map(pattern_text, paths))})" if len(paths) > 1 else f"= {pattern_text(path)}"
    text = origin.text or ""
    data = f"= {pattern_text(text)}" if origin.strings is None else f"LIKE {pattern_text(f'%{text}%')}"
    return (
        f"windows-registry-key:key {keys} AND windows-registry-key:values[*].name = {pattern_text(origin.value)} "
        f"AND windows-registry-key:values[*].data {data}"
    )
