"""Findings in every report: the verdict first, each finding whole, nothing of the hive alive, expected ones apart."""

import json
import re
from datetime import date

import pytest

from hivecheck.analysis import Analysis
from hivecheck.facts.fact import changed
from hivecheck.report.document import write_documents
from hivecheck.report.findings_summary import Detail, write_findings, write_verdict
from hivecheck.report.html import render_html
from hivecheck.report.paper import Paper
from hivecheck.report.terminal import write_summary
from hivecheck.report.verdict import verdict_words
from hivecheck.rules import RULES_VERSION
from hivecheck.rules.profile import Expectation, Profile
from hivecheck.rules.rule import Finding, Severity
from hivecheck.rules.story import tell_stories
from tests.report.analyses import Analyzed
from tests.report.html_tree import Element, hides_nothing, parse_html
from tests.rules.made_findings import KEY, cite, made_finding

GENERATED = "2026-01-15T10:00:00Z"
FINDINGS = (
    made_finding(
        "worst-rule",
        Severity.CRITICAL,
        r"C:\evil.dll",
        (cite("List", "evil", 3),),
        (1,),
        (r"file c:\evil.dll",),
        "Set it is.",
    ),
    made_finding("fellow", Severity.MEDIUM, "Path", (cite("Path"),), (), (r"file c:\evil.dll",)),
    made_finding("other", Severity.HIGH, "other", events=(2, 3)),
    made_finding("mild", Severity.LOW, "mild", events=(4,)),
    made_finding("state", Severity.INFO, "state", events=(1, 2, 3, 4)),
    made_finding("known", Severity.CRITICAL, "ours", expected="a product of ours"),
)


def judged(analysis: Analysis, *findings: Finding, **options: object) -> Analysis:
    return changed(analysis, findings=tell_stories(findings), options=changed(analysis.options, **options))


def document(analysis: Analysis) -> dict[str, object]:
    read: dict[str, object] = json.loads("".join(write_documents([analysis], GENERATED)))
    return read


def page(analysis: Analysis) -> Element:
    return parse_html(render_html(analysis, GENERATED))


def terminal(analysis: Analysis, width: int = 100, styled: bool = False) -> str:
    paper = Paper(width, styled)
    write_verdict(analysis, paper)
    write_findings(analysis, paper, Detail(4, 3, 3))
    return paper.text()


# --- the verdict ------------------------------------------------------------------------------------------------------------

VERDICTS: tuple[tuple[tuple[Severity, ...], str], ...] = (
    ((), "No findings."),
    ((Severity.HIGH,), "1 high."),
    ((Severity.LOW, Severity.INFO, Severity.INFO), "No findings above low: 1 low, 2 info, in 3 stories."),
    ((Severity.INFO,), "No findings above info: 1 info."),
    ((Severity.HIGH, Severity.CRITICAL, Severity.CRITICAL), "2 critical, 1 high, in 3 stories."),
)


@pytest.mark.parametrize(("severities", "words"), VERDICTS)
def test_the_verdict_counts_worst_first(analyzed: Analyzed, severities: tuple[Severity, ...], words: str) -> None:
    findings = [made_finding(f"r{number}", severity, str(number)) for number, severity in enumerate(severities)]
    assert verdict_words(judged(analyzed(""), *findings)) == words


def test_the_verdict_stands_before_all_else_in_every_report(analyzed: Analyzed) -> None:
    analysis = judged(analyzed(""), *FINDINGS)
    paper = Paper(100, False)
    write_summary(analysis, paper)
    assert [line for line in paper.lines if line][1].startswith("Verdict   1 critical, 1 high, 1 medium, 1 low, 1 info, in ")
    html = page(analysis)
    assert next(one for one in html.find("section")).attributes["id"] == "verdict"
    [tally] = [one for one in html.find("p") if "tally" in one.classes]
    assert tally.text.split() == ["Found", "1", "critical", "1", "high", "1", "medium", "1", "low", "1", "info"]


# --- JSON -------------------------------------------------------------------------------------------------------------------


def test_a_finding_of_the_document_has_the_fields_of_the_contract(analyzed: Analyzed) -> None:
    told = document(judged(analyzed(""), *FINDINGS))
    assert told["tool"] == {"name": "hivecheck", "version": "0.1.0", "rules": RULES_VERSION, "attack": "17"}
    first = told["findings"][0]  # type: ignore[index]
    [origin] = first.pop("because")
    assert (origin["key"], origin["value"], origin["strings"], origin["text"], origin["offset"]) == (
        KEY,
        "List",
        [3, 3],
        "evil",
        0x1020,
    )
    assert len(first.pop("fingerprint")) == 16
    assert first == {
        "rule": "worst-rule",
        "title": "The title of worst-rule",
        "family": "made up",
        "severity": "critical",
        "confidence": "medium",
        "techniques": [{"id": "T1562.001", "name": "Impair Defenses: Disable or Modify Tools", "later": "T1685"}],
        "message": "Set it is.",
        "subject": r"C:\evil.dll",
        "why": "Why it matters.",
        "false_positives": ["Nothing is harmless."],
        "remedy": "Mend the value with `regedit`.",
        "needs": None,
        "story": 1,
        "expected": None,
        "events": [1],
    }


def test_the_document_lists_stories_and_expected_findings_at_the_end(analyzed: Analyzed) -> None:
    told = document(judged(analyzed(""), *FINDINGS))
    findings: list[dict[str, object]] = told["findings"]  # type: ignore[assignment]
    assert [one["rule"] for one in findings] == ["worst-rule", "fellow", "other", "mild", "state", "known"]
    assert findings[-1]["expected"] == "a product of ours"
    stories: list[dict[str, object]] = told["stories"]  # type: ignore[assignment]
    assert stories[0] == {
        "number": 1,
        "headline": r"C:\evil.dll: The title of worst-rule",
        "severity": "critical",
        "findings": [0, 1],
    }
    assert [one for story in stories for one in story["findings"]] == [0, 1, 2, 3, 4]  # type: ignore[attr-defined]
    verdict: dict[str, object] = told["verdict"]  # type: ignore[assignment]
    assert (verdict["critical"], verdict["info"], verdict["expected"], verdict["not_told"]) == (1, 1, 1, 0)


def test_milder_findings_are_counted_and_not_told(analyzed: Analyzed) -> None:
    analysis = judged(analyzed(""), *FINDINGS, min_severity="high")
    told = document(analysis)
    assert [one["rule"] for one in told["findings"]] == ["worst-rule", "other", "known"]  # type: ignore[attr-defined]
    verdict: dict[str, object] = told["verdict"]  # type: ignore[assignment]
    assert (verdict["low"], verdict["not_told"], verdict["min_severity"]) == (1, 3, "high")
    assert "1 medium, 1 low and 1 info are withheld by --min-severity high." in " ".join(terminal(analysis).split())
    assert "mild" not in {code.text for code in page(analysis).find("code")}


# --- the page ---------------------------------------------------------------------------------------------------------------


def test_the_page_tells_each_finding_whole(analyzed: Analyzed) -> None:
    html = page(judged(analyzed(""), *FINDINGS))
    worst = html.with_id("f1")
    assert [one.text for one in worst.find("p") if "message" in one.classes] == ["Finding 1 Set it is."]
    assert "evil" in {code.text for code in worst.find("code")}
    assert "List, string 3, cell at 0x1020" in worst.text
    assert {one.attributes["href"] for one in worst.find("a")} == {"#e1"}
    rule = html.with_id("rule-worst-rule")
    for words in ("Why it matters.", "Nothing is harmless.", "T1562.001", "newer versions: T1685"):
        assert words in rule.text
    assert "regedit" in {code.text for code in rule.find("code")}
    assert rule.parent is html.with_id("story-1")


def test_events_link_back_to_what_was_found_about_them(analyzed: Analyzed) -> None:
    html = page(judged(analyzed(""), *FINDINGS))

    def flags(event: str) -> dict[str | None, str]:
        return {one.attributes["href"]: one.text for one in html.with_id(event).find("a") if ": " in one.text}

    assert flags("e1") == {"#f1": "critical: worst-rule"}
    assert flags("e3") == {"#f3": "high: other"}
    assert flags("e4") == {"#f4": "low: mild"}


def test_a_rule_that_speaks_often_says_why_once(analyzed: Analyzed) -> None:
    many = [made_finding("often", subject=str(number), because=(cite("X", "x", number),)) for number in range(50)]
    html = page(judged(analyzed(""), *many))
    assert html.text.count("Why it matters.") == 1
    assert sum(1 for one in html.find("a") if one.attributes["href"] == "#rule-often") == 49


def test_expected_findings_stand_apart_with_their_reason(analyzed: Analyzed) -> None:
    lapsed = Expectation("x", "", "", "", "till last year", date(2025, 12, 31))
    html = page(judged(analyzed(""), *FINDINGS, profile=Profile((), (lapsed,))))
    [table] = [one for one in html.find("table") if "expected" in one.classes]
    assert "a product of ours" in table.text
    assert "lapsed on 2025-12-31" in html.with_id("findings").text
    assert "a product of ours" not in html.with_id("story-1").text


# --- the terminal -----------------------------------------------------------------------------------------------------------


def test_the_terminal_tells_milder_stories_within_a_screen(analyzed: Analyzed) -> None:
    many = [
        made_finding(f"r{number}", Severity.MEDIUM, "x" * 400, (cite("X", "x", number),), message="long " * 300)
        for number in range(150)
    ]
    text = terminal(judged(analyzed(""), *many), 80)
    assert len(text.splitlines()) < 60
    assert "and 147 more stories (147 medium)" in text
    assert all(len(line) <= 80 for line in text.splitlines())


@pytest.mark.parametrize("severity", [Severity.HIGH, Severity.CRITICAL])
def test_a_grave_story_is_never_cut(analyzed: Analyzed, severity: Severity) -> None:
    """A hive full of noise can't push one of them out: beyond the first ones each has a line of its own."""
    many = [
        made_finding(f"r{number}", severity, f"\x1b{number}" + "x" * 400, (cite("X", "x", number),), message="long " * 300)
        for number in range(150)
    ]
    mild = [made_finding(f"m{number}", Severity.MEDIUM, str(number), events=(900 + number,)) for number in range(50)]
    text = terminal(judged(analyzed(""), *mild, *many), 80)
    lines = text.splitlines()
    for number in range(150):
        assert any(f"[r{number}]" in line or f" r{number}, medium confidence" in line for line in lines), number
    assert len([line for line in lines if line.startswith(f"  {severity.value.upper()}")]) == 150
    assert "and 50 more stories (50 medium)" in text
    assert len(lines) < 150 + 60
    assert all(len(line) <= 80 for line in lines)


def test_stories_of_one_rule_are_counted_but_where_they_are_grave(analyzed: Analyzed) -> None:
    one = [made_finding("grave", Severity.CRITICAL, f"g{number}", (cite("G", "g", number),)) for number in range(9)]
    two = [made_finding("milder", Severity.MEDIUM, f"m{number}", (cite("M", "m", number),)) for number in range(9)]
    text = terminal(judged(analyzed(""), *one, *two))
    assert "CRITICAL  g0, g1, g2, g3, g4, g5, g6, g7, g8: The title of grave" in text
    assert "medium    m0, m1, m2, m3, m4, m5, m6, m7, m8: The title of milder" in text


def test_of_very_many_stories_of_one_rule_some_are_named_and_the_rest_counted(analyzed: Analyzed) -> None:
    many = [made_finding("grave", Severity.CRITICAL, f"driver-{number}", (cite("G", "g", number),)) for number in range(900)]
    text = terminal(judged(analyzed(""), *many), 80)
    told = re.search(r"CRITICAL (driver-0, .*) and (\d+) more: The title of grave", " ".join(text.split()))
    assert told is not None
    assert len(told[1].split(", ")) + int(told[2]) == 900
    assert len(told[1].split(", ")) > 12
    assert len(text.splitlines()) < 60


def test_a_grave_finding_within_a_story_is_told_with_how_many_are_like_it(analyzed: Analyzed) -> None:
    tie = ("file x",)
    fellows = [made_finding("alike", Severity.HIGH, f"s{number}", threads=tie) for number in range(40)]
    last = made_finding("zz-last", Severity.HIGH, "zz", threads=tie)
    mild = [made_finding("quiet", Severity.LOW, f"q{number}", threads=tie) for number in range(5)]
    lead = made_finding("lead", Severity.CRITICAL, "lead", threads=tie)
    text = terminal(judged(analyzed(""), lead, *fellows, last, *mild))
    assert re.search(r"40 high: The title of alike \(s0, s1, s10, .* and \d+ more\) \[alike\]", " ".join(text.split()))
    assert "high: The title of zz-last (zz) [zz-last]" in text
    assert "5 low: The title of quiet (q0, q1, q2, q3, q4) [quiet]" in text


def test_a_grave_finding_that_is_expected_is_never_cut(analyzed: Analyzed) -> None:
    known = [made_finding(f"k{number}", Severity.CRITICAL, f"s{number}", expected="ours") for number in range(12)]
    mild = [made_finding(f"m{number}", Severity.LOW, f"t{number}", expected="ours") for number in range(12)]
    text = terminal(judged(analyzed(""), *known, *mild))
    assert all(f"critical: k{number} s{number}: ours" in text for number in range(12))
    assert "and 12 more: see --json or --html" in text


def test_a_severity_is_told_in_words_as_well_as_in_colour(analyzed: Analyzed) -> None:
    analysis = judged(analyzed(""), *FINDINGS)
    plain, styled = terminal(analysis), terminal(analysis, styled=True)
    assert "CRITICAL  C:\\evil.dll: The title of worst-rule" in plain
    assert "\x1b[31;1;7mCRITICAL\x1b[0m" in styled
    assert "\x1b" not in plain
    assert "+ medium: The title of fellow (Path) [fellow]" in plain
    assert "worst-rule, medium confidence; Session Manager : List, string 3; event 1" in plain
    assert "critical: known ours: a product of ours" in plain


# --- hostile text -----------------------------------------------------------------------------------------------------------

HOSTILE = (
    "<script>alert(1)</script>",
    "{{ 7 * 7 }}{% raw %}",
    "\x1b[2J\x1b]0;owned\x07",
    "a\r\nb\x00c\x85d",
    "exe.\u202egpj",
    "\ud800half",
    "=cmd|' /C calc'!A0",
    "`code` & \"quotes\" 'more'",
    "x" * 100_000,
)


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:20]))
def test_hostile_text_of_a_finding_is_shown_and_does_nothing(analyzed: Analyzed, text: str) -> None:
    finding = made_finding("r", Severity.CRITICAL, text, (cite(text, text, 0, key=text),), (1,), (text,), message=text)
    expected = made_finding("s", Severity.LOW, text, (cite(text),), message=text, expected=text)
    lapsed = Profile((), (Expectation("x", "", "", "", text, date(2025, 1, 1)),))
    analysis = judged(analyzed(""), finding, expected, profile=lapsed)
    html = render_html(analysis, GENERATED)
    html.encode()
    tree = parse_html(html)
    assert len(tree.find("script")) == 1, "only our own"
    assert "49" not in tree.with_id("story-1").text
    for run in tree.texts():
        assert hides_nothing(run.replace("\n", ""))
    out = terminal(analysis)
    assert not any((ord(letter) < 32 and letter != "\n") or 127 <= ord(letter) < 160 for letter in out)
    assert len(out.splitlines()) < 60
    out.encode()
    told = document(analysis)
    assert told["findings"][0]["message"] == text  # type: ignore[index]
    assert "".join(write_documents([analysis], GENERATED)).isascii()
