"""SARIF: valid by the schema of OASIS, and what a viewer makes of it."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from hivecheck.facts.case_notes import CaseNotes
from hivecheck.report.export_sarif import LEVELS, SarifInput, cited_offsets, file_uri, message_text, sarif_log
from hivecheck.rules.catalog import RULES
from hivecheck.rules.profile import parse_profile
from tests.report.analyses import Analyzed
from tests.report.export.exports import GENERATED, HOSTILE, TAMPERED, parsed, written

Json = Any
SCHEMA = json.loads((Path(__file__).parent / "schemas" / "sarif-schema-2.1.0.json").read_text(encoding="utf-8"))


def faults(log: Json) -> list[str]:
    validator = jsonschema.Draft4Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
    return [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(log)]


@pytest.mark.parametrize("text", ["", TAMPERED, HOSTILE], ids=["clean", "tampered", "hostile"])
def test_a_log_is_valid_by_the_schema_of_oasis(text: str, analyzed: Analyzed) -> None:
    assert faults(parsed(written("sarif", analyzed(text)))) == []


def test_the_schema_refuses_what_is_wrong(analyzed: Analyzed) -> None:
    log = parsed(written("sarif", analyzed(TAMPERED)))
    log["runs"][0]["results"][0]["level"] = "critical"
    assert faults(log) != []


def result(log: Json, rule: str) -> Json:
    return next(one for one in log["runs"][0]["results"] if one["ruleId"] == rule)


def test_a_result_names_rule_level_cell_and_key(analyzed: Analyzed) -> None:
    analysis = analyzed(TAMPERED)
    sizes = dict.fromkeys(cited_offsets(analysis), 40)
    log = sarif_log([SarifInput(analysis, sizes)], GENERATED)
    [finding] = [one for one in analysis.findings if one.rule.id == "seq-knowndll-replaced-file"]
    one = result(log, finding.rule.id)
    run = log["runs"][0]
    assert one["level"] == "error"
    assert run["tool"]["driver"]["rules"][one["ruleIndex"]]["id"] == finding.rule.id
    assert one["fingerprints"] == {"hivecheck/v1": finding.fingerprint}
    place = one["locations"][0]["physicalLocation"]
    assert place["region"] == {"byteOffset": finding.because[0].offset, "byteLength": 40}  # type: ignore[union-attr]
    assert run["artifacts"][place["artifactLocation"]["index"]]["hashes"]["sha-256"] == analysis.evidence.digests.sha256
    [name] = one["locations"][0]["logicalLocations"]
    assert name["name"] == "PendingFileRenameOperations"
    assert name["fullyQualifiedName"].startswith(r"HKEY_LOCAL_MACHINE\SYSTEM\ControlSet001\Control\Session Manager")
    assert len(one["locations"]) + len(one.get("relatedLocations", [])) == len(finding.because)


def test_a_rule_has_its_manual_page_and_its_techniques(analyzed: Analyzed) -> None:
    run = parsed(written("sarif", analyzed(TAMPERED)))["runs"][0]
    rule = next(one for one in run["tool"]["driver"]["rules"] if one["id"] == "seq-knowndll-replaced-file")
    assert "What to do:" in rule["help"]["text"]
    taxa = [run["taxonomies"][0]["taxa"][one["target"]["index"]]["id"] for one in rule["relationships"]]
    [ours] = [one for one in RULES if one.id == rule["id"]]
    assert tuple(taxa) == ours.techniques
    assert rule["defaultConfiguration"]["level"] == LEVELS[ours.severity]


def test_what_the_profile_expects_is_suppressed_with_its_reason(analyzed: Analyzed) -> None:
    text = '[[expect]]\nrule = "seq-knowndll-replaced-file"\nreason = "known here"\n'
    profile = parse_profile(text, date(2026, 1, 1), [rule.id for rule in RULES])
    log = parsed(written("sarif", analyzed(TAMPERED, profile=profile)))
    [suppression] = result(log, "seq-knowndll-replaced-file")["suppressions"]
    assert suppression == {"kind": "external", "status": "accepted", "justification": "known here"}
    assert faults(log) == []


def test_case_and_problems_are_told_in_the_run(analyzed: Analyzed) -> None:
    notes = CaseNotes("C-1", "A. Nalyst", "E-7", "seized", "hivecheck export SYSTEM")
    analysis = analyzed(TAMPERED, case_notes=notes)
    run = parsed(written("sarif", analysis))["runs"][0]
    assert run["invocations"][0]["commandLine"] == notes.command
    told = [one["descriptor"]["id"] for one in run["invocations"][0].get("toolExecutionNotifications", [])]
    assert told == [problem.code for problem in analysis.problems]
    assert (run["properties"]["caseId"], run["properties"]["examiner"]) == ("C-1", "A. Nalyst")


def test_a_message_holds_no_placeholder_and_no_link() -> None:
    assert message_text("{0} [a](http://b)") == "{{0}} \\[a\\](http://b)"


@pytest.mark.parametrize(
    ("source", "uri"),
    [
        ("/cases/1 a/SYSTEM", "file:///cases/1%20a/SYSTEM"),
        ("SYSTEM", "SYSTEM"),
        ("C:\\Cases\\ü\\SYSTEM", "file:///C:/Cases/%C3%BC/SYSTEM"),
        ("a#b?c%", "a%23b%3Fc%25"),
    ],
)
def test_the_path_of_a_file_is_a_uri(source: str, uri: str) -> None:
    assert file_uri(source) == uri
