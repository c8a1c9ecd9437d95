"""The layer of the ATT&CK Navigator, by its published field list; the Markdown of a ticket."""

import re
from typing import Any

import jsonschema
import pytest

from hivecheck.facts.case_notes import CaseNotes
from hivecheck.facts.fact import changed
from hivecheck.facts.origin import State, ValueRef
from hivecheck.report.export_markdown import code
from hivecheck.report.export_navigator import SCORES
from hivecheck.rules.rule import Severity
from hivecheck.rules.story import tell_stories
from tests.report.analyses import Analyzed, session_manager
from tests.report.export.exports import FORMATS, HOSTILE, TAMPERED, parsed, written
from tests.rules.made_findings import cite, made_finding

Json = Any


def _object(required: dict[str, Json], more: dict[str, Json]) -> Json:
    return {"type": "object", "properties": required | more, "required": list(required), "additionalProperties": False}


_TEXT, _NUMBER, _BOOLEAN = {"type": "string"}, {"type": "number"}, {"type": "boolean"}
_METADATA = {"type": "array", "items": _object({"name": _TEXT, "value": _TEXT}, {})}
# the fields of layers/spec/v4.5/layerformat.md of mitre-attack/attack-navigator, as far as a layer of ours may have them
LAYER = _object(
    {"name": _TEXT, "domain": {"enum": ["enterprise-attack"]}},
    {
        "versions": _object({"navigator": {"pattern": r"^(4\.9|[5-9])\."}, "layer": {"const": "4.5"}}, {"attack": _TEXT}),
        "description": _TEXT,
        "filters": _object({}, {"platforms": {"type": "array", "items": {"const": "Windows"}}}),
        "sorting": {"enum": [0, 1, 2, 3]},
        "layout": _object(
            {},
            {
                "layout": {"enum": ["side", "flat", "mini"]}, "showID": _BOOLEAN, "showName": _BOOLEAN,
                "expandedSubtechniques": {"enum": ["none", "all", "annotated"]},
            },
        ),
        "hideDisabled": _BOOLEAN,
        "techniques": {
            "type": "array",
            "items": _object(
                {"techniqueID": {"type": "string", "pattern": r"^T\d{4}(\.\d{3})?$"}},
                {"comment": _TEXT, "enabled": _BOOLEAN, "score": _NUMBER, "metadata": _METADATA},
            ),
        },
        "gradient": _object(
            {"colors": {"type": "array", "items": _TEXT, "minItems": 2}, "minValue": _NUMBER, "maxValue": _NUMBER}, {}
        ),
        "legendItems": {"type": "array", "items": _object({"label": _TEXT, "color": _TEXT}, {})},
        "metadata": _METADATA,
    },
)  # fmt: skip


@pytest.mark.parametrize("text", ["", TAMPERED, HOSTILE], ids=["clean", "tampered", "hostile"])
def test_a_layer_has_the_fields_of_the_format(text: str, analyzed: Analyzed) -> None:
    jsonschema.validate(parsed(written("navigator", analyzed(text))), LAYER)


def test_a_technique_is_scored_by_its_worst_finding(analyzed: Analyzed) -> None:
    analysis = analyzed(TAMPERED)
    techniques = {one["techniqueID"]: one for one in parsed(written("navigator", analysis))["techniques"]}
    for id, one in techniques.items():
        worst = max(finding.severity for finding in analysis.told_findings if id in finding.rule.techniques)
        assert one["score"] == SCORES[worst]
    assert techniques["T1574.001"]["score"] == SCORES[Severity.CRITICAL]
    assert "WKSTN-1: critical seq-knowndll-replaced-file" in techniques["T1574.001"]["comment"]


def test_several_machines_make_one_layer(analyzed: Analyzed) -> None:
    layer = parsed(written("navigator", analyzed(TAMPERED), analyzed(TAMPERED.replace("WKSTN-1", "WKSTN-2"))))
    comment = next(one["comment"] for one in layer["techniques"] if one["techniqueID"] == "T1574.001")
    assert {line.partition(":")[0] for line in comment.splitlines()} == {"WKSTN-1", "WKSTN-2"}


def test_the_ticket_tells_machine_evidence_verdict_and_findings(analyzed: Analyzed) -> None:
    analysis = analyzed(TAMPERED, case_notes=CaseNotes("C-1", "A. Nalyst", "E-7", "seized", "hivecheck export"))
    text = written("markdown", analysis)
    assert text.startswith("## Next boot of `WKSTN-1`\n")
    assert f"- SHA-256: `{analysis.evidence.digests.sha256}`" in text
    assert "- **critical** `seq-knowndll-replaced-file`" in text
    assert "- Case: `C-1`" in text
    assert "key last written 2018-04-06 12:26:31.1234567Z" in text
    told = {finding.rule.id for finding in analysis.told_findings if f"`{finding.rule.id}`" in text}
    assert {finding.rule.id for finding in analysis.told_findings if finding.story == 1} <= told


def test_a_ticket_has_room_for_the_worst_alone(analyzed: Analyzed) -> None:
    lines = "\n".join(f'  "\\??\\C:\\Windows\\System32\\drivers\\d{n}.sys" ""' for n in range(3_000))
    text = written("markdown", analyzed(session_manager(f"PendingFileRenameOperations = multi [\n{lines}\n]")))
    assert len(text) < 8_000


def test_a_ticket_names_all_that_is_grave_and_says_once_what_to_do(analyzed: Analyzed) -> None:
    long = "It is a long story. " * 25
    alike = [made_finding("alike", Severity.CRITICAL, f"c{n:02}", (cite("C", "c", n),), message=long) for n in range(14)]
    others = [made_finding(f"other{n}", Severity.HIGH, f"h{n}", (cite(f"H{n}"),), message=long) for n in range(9)]
    mild = [made_finding("mild", Severity.MEDIUM, "m", (cite("M"),))]
    analysis = analyzed("")
    text = written("markdown", changed(analysis, findings=tell_stories((*alike, *others, *mild))))
    assert all(f"`{one.rule.id}`" in text for one in (*alike, *others))
    assert re.search(r"- \*\*critical\*\* `alike`: The title of alike \(`c\d+`(, `c\d+`)* and \d more\)", text)
    assert text.count("What to do: Mend the value") == 1 <= text.count("What to do: see above")
    assert "`mild`" not in text
    told = sum(map(int, re.findall(r"^(\d+) more findings", text, re.M)))
    assert told + text.count("\n### CRITICAL: ") + text.count("\n### HIGH: ") == 24


def test_a_key_without_a_known_parent_is_told_below_no_hive_by_any_export(analyzed: Analyzed) -> None:
    adrift = ValueRef(
        "SYSTEM", "?\\Session Manager", "BootExecute", 132_000_000_000_000_000, 0x1020, None, "x", State.DELETED
    )
    lost = tell_stories((made_finding("lost", Severity.HIGH, "lost", (adrift,)),))
    texts = {form: written(form, changed(analyzed(""), findings=lost)) for form in FORMATS}
    assert [form for form, text in texts.items() if "SYSTEM\\?" in text or "SYSTEM\\\\?" in text] == []
    named = {form for form, text in texts.items() if "(unknown parent)" in text}
    assert named == set(FORMATS) - {"stix", "navigator"}, "STIX has no name for such a key, a layer names no keys"


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("a", "`a`"),
        ("", "(empty)"),
        ("  ", "(empty)"),
        ("a`b", "``a`b``"),
        ("`a``", "``` `a`` ```"),
        ("x\ny", "`x⟨U+000A⟩y`"),
    ],
)
def test_a_text_of_the_hive_does_not_leave_its_code_span(text: str, span: str) -> None:
    assert code(text) == span
