"""What becomes of hits: findings with the rule's own severity where they name none, counted once, and never too many to read."""

from functools import cache

from hivecheck.facts.certainty import Confidence
from hivecheck.registry.memory import MemoryHive
from hivecheck.rules.case import Case
from hivecheck.rules.judge import FINDINGS_OF_A_RULE, judge
from hivecheck.rules.profile import Expectation, Profile
from hivecheck.rules.rule import Hit, Severity
from tests.rules.cases import case_of_hive, clean
from tests.rules.made_findings import cite, made_rule


@cache
def case() -> Case:
    return case_of_hive(MemoryHive("SYSTEM", clean("xp-x86")))


def hit(subject: str, severity: Severity | None = None, message: str = "said") -> Hit:
    return Hit(message, (cite("X"),), subject, severity)


def test_a_hit_takes_severity_and_confidence_of_its_rule_where_it_has_none() -> None:
    found = judge(case(), (made_rule("r", hit("a"), hit("b", Severity.LOW)),)).findings
    assert [(one.subject, one.severity, one.confidence) for one in found] == [
        ("a", Severity.HIGH, Confidence.MEDIUM),
        ("b", Severity.LOW, Confidence.MEDIUM),
    ]


def test_the_same_hit_is_told_once() -> None:
    assert len(judge(case(), (made_rule("r", hit("C:\\A"), hit("c:\\a")),)).findings) == 1


def test_of_too_many_hits_the_worst_are_told_wherever_they_stand() -> None:
    """Hundreds of harmless lines in front of the one that matters must not hide it."""
    many = [hit(str(number), Severity.LOW) for number in range(FINDINGS_OF_A_RULE + 800)]
    verdict = judge(case(), (made_rule("r", *many, hit("the one", Severity.CRITICAL)),))
    assert len(verdict.findings) == FINDINGS_OF_A_RULE
    assert verdict.findings[0].subject == "the one"
    assert verdict.left_out == (("r", 801),)
    [problem] = verdict.problems
    assert problem.code == "limit-findings"
    assert problem.message == "The rule r made 801 more findings than are kept; those kept are the worst of them."


def test_thousands_of_hits_are_all_kept() -> None:
    verdict = judge(case(), (made_rule("r", *(hit(str(number)) for number in range(5_000))),))
    assert (len(verdict.findings), verdict.problems) == (5_000, ())


def test_the_fingerprint_is_that_of_the_rule_and_the_subject_whatever_the_letters() -> None:
    [one] = judge(case(), (made_rule("r", hit("C:\\A", message="one way")),)).findings
    [same] = judge(case(), (made_rule("r", hit("c:\\a", message="another way")),)).findings
    [other] = judge(case(), (made_rule("s", hit("c:\\a")),)).findings
    assert one.fingerprint == same.fingerprint
    assert one.fingerprint != other.fingerprint
    assert len(one.fingerprint) == 16


def test_a_subject_of_half_a_character_has_a_fingerprint() -> None:
    [found] = judge(case(), (made_rule("r", hit("\ud800")),)).findings
    assert found.fingerprint


def test_an_expected_finding_is_marked_and_kept() -> None:
    expected = Profile((Expectation("r", "", "a", "", "known here", None),))
    found = judge(case(), (made_rule("r", hit("a"), hit("b")),), expected).findings
    assert [(one.subject, one.expected) for one in found] == [("b", ""), ("a", "known here")]
