"""How many findings there are is the same in every output of one hive, and where one leaves some out, it says so."""

import json
import re
from collections import Counter

import pytest

from hivecheck.analysis import Analysis
from hivecheck.facts.case_notes import CaseNotes
from hivecheck.report.document import write_documents
from hivecheck.report.hives_summary import write_hives
from hivecheck.report.html import render_html
from hivecheck.report.html_fold import MOST_OF_A_RULE
from hivecheck.report.index import IndexedReport, render_index
from hivecheck.report.paper import Paper
from hivecheck.report.terminal import write_summary
from hivecheck.rules import judge
from hivecheck.rules.rule import Severity
from tests.boot.boots import BOOT_DRIVERS
from tests.report.analyses import Analyzed
from tests.report.export.exports import csv_rows, hive_rows, parsed, written
from tests.report.html_tree import Element, parse_html

GENERATED = "2026-01-15T10:00:00Z"
KEPT, MADE = 260, 400  # of one rule
MANY = BOOT_DRIVERS + "".join(
    f"[ControlSet001\\Services\\many{number:03}] 2019-05-06T07:08:09Z\nType = dword 0x10\nStart = dword 2\n"
    f'ImagePath = expand "C:\\Users\\Public\\many{number:03}.exe"\n'
    for number in range(MADE)
)
CROWDED = "svc-path-user-writable"
TOO_MANY = f"The rule {CROWDED} made {MADE - KEPT} more findings than are kept; those kept are the worst of them."


@pytest.fixture(params=["info", "medium"])
def crowded(analyzed: Analyzed, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Analysis:
    """A machine with more findings of one rule than are kept, all of them asked for, or the graver ones."""
    monkeypatch.setattr(judge, "FINDINGS_OF_A_RULE", KEPT)
    return analyzed(MANY, min_severity=request.param)


def numbers(text: str) -> dict[str, int]:
    """The first number of each severity that a text tells: `2 critical, 1 high` in whatever dress."""
    found: dict[str, int] = {}
    for number, severity in re.findall(r"(\d[\d,]*) (critical|high|medium|low|info)\b", text):
        found.setdefault(severity, int(number.replace(",", "")))
    return found


def tally_of(page: Element) -> str:
    [tally] = [one for one in page.find("p") if "tally" in one.classes]
    return tally.text


def test_every_output_tells_the_same_numbers_and_what_it_leaves_out(crowded: Analysis) -> None:
    stands = Counter(one.severity.value for one in crowded.findings if not one.expected)
    assert Counter(one.rule.id for one in crowded.findings)[CROWDED] == KEPT
    least = Severity(crowded.options.min_severity)
    asked = {word: count for word, count in stands.items() if Severity(word) >= least}
    withheld = "withheld by --min-severity medium"

    paper, line = Paper(100, False), Paper(150, False)
    write_summary(crowded, paper)
    write_hives([crowded], line)
    terminal = " ".join(paper.text().split())
    document = json.loads("".join(write_documents([crowded], GENERATED)))
    page = parse_html(render_html(crowded, GENERATED))
    index = parse_html(render_index([IndexedReport(crowded, (crowded.evidence.source,), "one")], (), GENERATED, CaseNotes()))
    [row] = [one for one in index.find("tr") if "ControlSet001" in one.text]
    layer, sarif, stix = (parsed(written(form, crowded)) for form in ("navigator", "sarif", "stix"))
    [report] = [one for one in stix["objects"] if one["type"] == "report"]
    markdown = written("markdown", crowded)

    verdict = document["verdict"]
    assert {word: verdict[word] for word in stands} == stands
    assert Counter(one["severity"] for one in document["findings"]) == asked
    assert verdict["not_told"] == sum(stands.values()) - sum(asked.values())
    told = {
        "terminal": terminal.partition("Verdict")[2],
        "line of a folder": line.text(),
        "document": verdict["text"],
        "tally": tally_of(page),
        "section": page.with_id("findings").text,
        "index": row.text,
        "sarif": sarif["runs"][0]["properties"]["verdict"],
        "stix": report["description"],
        "navigator": layer["description"],
        "markdown": markdown.partition("**")[2],
    }
    assert {name: numbers(text) for name, text in told.items()} == {name: dict(stands) for name in told}

    outputs = {"terminal": terminal, "page": page.text, "sarif": told["sarif"], "stix": told["stix"], "markdown": markdown}
    outputs |= {"navigator": told["navigator"], "document": json.dumps(document["problems"])}
    assert [name for name, text in outputs.items() if TOO_MANY not in text] == []
    outputs |= {"index": row.text, "document": f"{withheld}" if verdict["not_told"] else ""}
    del outputs["markdown"]  # tells what stands, whatever is asked for
    assert {name for name, text in outputs.items() if withheld in text} == (set(outputs) if least > Severity.INFO else set())

    results = Counter(one["properties"]["severity"] for one in sarif["runs"][0]["results"])
    assert results == asked
    rows = {(one["fingerprint"], one["severity"]) for one in csv_rows(written("csv", crowded)) if one["kind"] == "finding"}
    assert Counter(severity for _, severity in rows) == asked
    lines = written("timesketch", crowded).splitlines()
    dated = {one["fingerprint"] for one in map(json.loads, lines) if "fingerprint" in one}
    [timeline] = hive_rows(crowded)
    assert len(dated) + timeline.undated == sum(asked.values())


def test_a_page_that_tells_not_all_of_a_rule_says_how_many_more_there_are(crowded: Analysis) -> None:
    page = parse_html(render_html(crowded, GENERATED))
    of_rule = sum(one.rule.id == CROWDED for one in crowded.told_findings)
    left = re.findall(rf"([\d,]+) more findings of the rule {CROWDED} not on this page", page.text)
    assert left == ([str(of_rule - MOST_OF_A_RULE)] if of_rule > MOST_OF_A_RULE else [])
