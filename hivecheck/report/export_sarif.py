"""Findings as SARIF 2.1.0 (OASIS), a run for each hive: rules with their manual pages, results with cell offsets and key paths.

Source: "Static Analysis Results Interchange Format (SARIF) Version 2.1.0 Plus Errata 01". Messages are plain text, in which
braces are doubled (3.11.5) and brackets escaped (3.11.6), so that no text of a hive becomes a placeholder or a link.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import PureWindowsPath
from typing import Any

from hivecheck import __version__
from hivecheck.analysis import Analysis, Evidence
from hivecheck.facts.fact import fact
from hivecheck.facts.filetime import iso_utc
from hivecheck.facts.origin import BuiltIn, KeyRef, Origin, State, ValueRef
from hivecheck.report.export_cells import is_told, shown
from hivecheck.report.export_keys import hive_of, key_path
from hivecheck.report.verdict import set_aside_words, verdict_words
from hivecheck.rules import RULES_VERSION
from hivecheck.rules.attack import ATTACK_VERSION, technique
from hivecheck.rules.rule import Finding, Rule, Severity

Json = Any
SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {
    Severity.INFO: "none", Severity.LOW: "note", Severity.MEDIUM: "warning", Severity.HIGH: "error", Severity.CRITICAL: "error",
}  # fmt: skip
RANKS = {Severity.INFO: 0.0, Severity.LOW: 25.0, Severity.MEDIUM: 50.0, Severity.HIGH: 75.0, Severity.CRITICAL: 100.0}
_SECURITY = {
    Severity.INFO: "0.0",
    Severity.LOW: "3.0",
    Severity.MEDIUM: "5.5",
    Severity.HIGH: "8.0",
    Severity.CRITICAL: "9.5",
}
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/")
_RELATED = 200
_ATTACK = "MITRE ATT&CK"


@fact
class SarifInput:
    """A hive to be told. `cells`: the size in bytes of the cell at an offset of the hive's file, where it is known."""

    analysis: Analysis
    cells: Mapping[int, int]


def sarif_log(hives: Iterable[SarifInput], generated_utc: str) -> dict[str, Json]:
    """The whole log."""
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(hive, generated_utc) for hive in hives]}


def message_text(text: str, longest: int = 4_000) -> str:
    """Text from a hive as a plain text message that holds neither placeholder nor link."""
    safe = shown(text, longest).replace("{", "{{").replace("}", "}}")
    return safe.replace("[", "\\[").replace("]", "\\]")


def file_uri(source: str) -> str:
    """The path of a file as a URI, percent-encoded: `file:///` for an absolute one, else relative."""
    is_drive = len(source) > 2 and source[1] == ":" and source[0].isascii() and source[0].isalpha()
    path = PureWindowsPath(source).as_posix() if is_drive else source
    encoded = "".join(
        chr(byte) if byte in _UNRESERVED else f"%{byte:02X}" for byte in path.encode("utf-8", "surrogateescape")
    )
    if is_drive:
        return f"file:///{path[0]}:{encoded[4:]}"
    return f"file://{encoded}" if path.startswith("/") else encoded


def _run(hive: SarifInput, generated_utc: str) -> dict[str, Json]:
    analysis = hive.analysis
    findings = (*analysis.told_findings, *analysis.expected_findings)
    rules = list(dict.fromkeys(finding.rule for finding in findings))
    places = {rule.id: number for number, rule in enumerate(rules)}
    techniques = sorted({id for rule in rules for id in rule.techniques})
    return {
        "tool": {
            "driver": {
                "name": "hivecheck",
                "version": __version__,
                "semanticVersion": __version__,
                "properties": {"rulesVersion": RULES_VERSION},
                "supportedTaxonomies": [{"name": _ATTACK, "index": 0}],
                "rules": [_rule(rule, techniques) for rule in rules],
            }
        },
        "automationDetails": {"id": f"hivecheck/{analysis.evidence.digests.sha256}"},
        "invocations": [_invocation(analysis, generated_utc)],
        "artifacts": _artifacts(analysis),
        "taxonomies": [
            {
                "name": _ATTACK,
                "version": ATTACK_VERSION,
                "organization": "MITRE",
                "informationUri": "https://attack.mitre.org/",
                "taxa": [{"id": id, "name": technique(id).name, "helpUri": technique_url(id)} for id in techniques],
            }
        ],
        "results": [_result(finding, places[finding.rule.id], hive) for finding in findings],
        "properties": _properties(analysis),
    }


def technique_url(id: str) -> str:
    """The page of an ATT&CK technique."""
    return f"https://attack.mitre.org/techniques/{id.replace('.', '/')}/"


def _rule(rule: Rule, techniques: Sequence[str]) -> dict[str, Json]:
    harmless = "".join(f"\n- {one}" for one in rule.false_positives)
    text = f"{rule.why}\n\nHarmless where:{harmless}\n\nWhat to do: {rule.remedy}"
    return {
        "id": rule.id,
        "name": "".join(word.capitalize() for word in rule.id.replace("_", "-").split("-")),
        "shortDescription": {"text": _ours(rule.title)},
        "fullDescription": {"text": _ours(rule.why)},
        "help": {"text": _ours(text)},
        "defaultConfiguration": {"level": LEVELS[rule.severity], "rank": RANKS[rule.severity]},
        "relationships": [
            {
                "target": {"id": id, "index": techniques.index(id), "toolComponent": {"name": _ATTACK, "index": 0}},
                "kinds": ["relevant"],
            }
            for id in rule.techniques
        ],
        "properties": {
            "tags": ["security", rule.family, *rule.techniques],
            "precision": rule.confidence.value,
            "security-severity": _SECURITY[rule.severity],
        },
    }


def _ours(text: str) -> str:
    """Our own text as a message: only braces and brackets have a meaning there."""
    escaped = text.replace("{", "{{").replace("}", "}}")
    return escaped.replace("[", "\\[").replace("]", "\\]")


def _result(finding: Finding, rule: int, hive: SarifInput) -> dict[str, Json]:
    cited = [origin for origin in finding.because if not isinstance(origin, BuiltIn)]
    locations = [_location(origin, hive) for origin in cited[: _RELATED + 1]]
    whole: Json = {"physicalLocation": {"artifactLocation": _artifact_location(hive.analysis, 0)}}
    result: dict[str, Json] = {
        "ruleId": finding.rule.id,
        "ruleIndex": rule,
        "kind": "informational" if finding.severity is Severity.INFO else "fail",
        "level": LEVELS[finding.severity],
        "rank": RANKS[finding.severity],
        "message": {"text": message_text(finding.message)},
        "locations": locations[:1] or [whole],
        "fingerprints": {"hivecheck/v1": finding.fingerprint},
        "properties": {
            "severity": finding.severity.value,
            "confidence": finding.confidence.value,
            "subject": shown(finding.subject),
            "story": finding.story,
            "events": list(finding.events[:1000]),
            "keyLastWritten": sorted({iso_utc(one.written) for one in cited if is_told(one.written)}),
        },
    }
    if locations[1:]:
        result["relatedLocations"] = [{"id": number, **one} for number, one in enumerate(locations[1:], 1)]
    if finding.expected:
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": shown(finding.expected)}]
    return result


def _location(origin: KeyRef | ValueRef, hive: SarifInput) -> dict[str, Json]:
    """Where an origin is: the cell in the hive's file, as far as it lies there, and the key and value by name."""
    analysis = hive.analysis
    artifact = 0 if hive_of(origin, analysis) == "SYSTEM" else 1 + len(analysis.evidence.logs)
    physical: dict[str, Json] = {"artifactLocation": _artifact_location(analysis, artifact)}
    if origin.offset is not None and origin.state is not State.LOG:
        region: dict[str, Json] = {"byteOffset": origin.offset}
        if artifact == 0 and origin.offset in hive.cells:
            region["byteLength"] = hive.cells[origin.offset]
        physical["region"] = region
    path = shown(key_path(origin, analysis))
    value = shown(origin.value, 500) or "(default)" if isinstance(origin, ValueRef) else ""
    logical = {
        "fullyQualifiedName": f"{path}\\\\{value}" if value else path,
        "name": value or path.rpartition("\\")[2],
        "kind": "value" if value else "key",
    }
    return {"physicalLocation": physical, "logicalLocations": [logical], "message": {"text": _cited_words(origin)}}


def _cited_words(origin: KeyRef | ValueRef) -> str:
    written = f"Key last written {iso_utc(origin.written)}." if is_told(origin.written) else "No usable time of the key."
    if isinstance(origin, KeyRef) or not origin.text:
        return written
    strings = "" if origin.strings is None else f"String {origin.strings[0]}: "
    return f'{strings}"{message_text(origin.text, 2_000)}". {written}'


def _artifact_location(analysis: Analysis, index: int) -> dict[str, Json]:
    return {"uri": file_uri(_sources(analysis)[index]), "index": index}


def _sources(analysis: Analysis) -> list[str]:
    """The files of an analysis in the order of the artifacts: the hive, its logs, the SOFTWARE hive."""
    software = analysis.software_evidence
    logs = [str(log.path) for log in analysis.evidence.logs]
    return [analysis.evidence.source, *logs, *([software.source] if software is not None else [])]


def _artifacts(analysis: Analysis) -> list[Json]:
    software = analysis.software_evidence
    logs = [
        {
            "location": {"uri": file_uri(str(log.path))},
            "length": len(log.fate.log.data),
            "roles": ["analysisTarget"],
            **({"hashes": {"sha-256": log.sha256}} if log.sha256 else {}),
        }
        for log in analysis.evidence.logs
    ]
    return [_hive_artifact(analysis.evidence), *logs, *([_hive_artifact(software)] if software is not None else [])]


def _hive_artifact(evidence: Evidence) -> dict[str, Json]:
    digests = evidence.digests
    return {
        "location": {"uri": file_uri(evidence.source)},
        "length": evidence.size,
        "roles": ["analysisTarget"],
        "mimeType": "application/octet-stream",
        "hashes": {"md5": digests.md5, "sha-1": digests.sha1, "sha-256": digests.sha256},
    }


def _invocation(analysis: Analysis, generated_utc: str) -> dict[str, Json]:
    command = analysis.options.case_notes.command
    notes = [
        {
            "level": "error" if problem.loses_data else "warning",
            "message": {"text": message_text(problem.message)},
            "descriptor": {"id": problem.code},
        }
        for problem in analysis.problems[:1000]
    ]
    return {
        "executionSuccessful": True,
        "endTimeUtc": generated_utc,
        **({"commandLine": shown(command)} if command else {}),
        **({"toolExecutionNotifications": notes} if notes else {}),
    }


def _properties(analysis: Analysis) -> dict[str, Json]:
    notes, facts = analysis.options.case_notes, analysis.facts
    given = {
        "caseId": notes.case_id, "examiner": notes.examiner, "evidenceId": notes.evidence_id, "notes": notes.notes,
        "computerName": facts.computer_name.value or "",
        "windows": analysis.generation.name,
        "controlSet": str(analysis.control_sets.number or ""),
        "byteOffsets": "of the hive with its logs applied" if analysis.evidence.recovered else "",
        "verdict": " ".join((verdict_words(analysis), *set_aside_words(analysis))),
        "lastBoot": iso_utc(facts.last_boot.value) if facts.last_boot.value and is_told(facts.last_boot.value) else "",
        "lastShutdown": (
            iso_utc(facts.last_shutdown.value) if facts.last_shutdown.value and is_told(facts.last_shutdown.value) else ""
        ),
    }  # fmt: skip
    return {name: shown(text) for name, text in given.items() if text}


def cited_offsets(analysis: Analysis) -> tuple[int, ...]:
    """The offsets in the SYSTEM hive that its results will name, each once, in ascending order."""
    findings = (*analysis.told_findings, *analysis.expected_findings)
    return tuple(
        sorted({offset for one in findings for origin in one.because if (offset := _offset(origin, analysis)) is not None})
    )


def _offset(origin: Origin, analysis: Analysis) -> int | None:
    if isinstance(origin, BuiltIn) or origin.state is not State.ALLOCATED or hive_of(origin, analysis) != "SYSTEM":
        return None  # what was deleted is cited by its first byte, which need not be that of a cell
    return origin.offset
