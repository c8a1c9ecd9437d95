"""Of very many findings of one rule the page tells the worst and says how many more there are; the document holds all."""

from hivecheck.facts.fact import changed
from hivecheck.report.document import analysis_document
from hivecheck.report.html import render_html
from hivecheck.report.html_fold import MOST_OF_A_RULE, on_page
from hivecheck.rules.rule import Severity
from hivecheck.rules.story import tell_stories
from tests.report.analyses import Analyzed
from tests.report.html_tree import parse_html
from tests.rules.made_findings import cite, made_finding

GENERATED = "2026-01-15T10:00:00Z"


def test_a_page_tells_the_worst_findings_of_a_rule_and_counts_all(analyzed: Analyzed) -> None:
    found = [made_finding("often", Severity.LOW, f"s{number}", (cite("X", "x", number),)) for number in range(3_000)]
    worst = made_finding("often", Severity.HIGH, "the one", (cite("Y", "y"),))
    analysis = changed(analyzed(""), findings=tell_stories((*found, worst)))
    page = parse_html(render_html(analysis, GENERATED))
    section = page.with_id("findings").text
    assert "the one" in section
    assert f"{3_001 - MOST_OF_A_RULE:,} more findings of the rule often not on this page" in section
    assert "3,000 low" in page.find("header")[0].text
    assert len([one for one in page.find("div") if "finding" in one.classes]) == MOST_OF_A_RULE
    assert len(analysis_document(analysis, GENERATED)["findings"]) == 3_001


def test_where_all_fit_nothing_is_folded(analyzed: Analyzed) -> None:
    analysis = analyzed("")
    assert on_page(analysis) == (analysis, ())
