"""Findings by fingerprint: new, gone, still, and those that became graver."""

from hivecheck.compare.findings import compare_findings
from tests.compare.documents import document, finding


def test_findings_are_new_gone_or_still_there() -> None:
    one, two, three = (finding("rule", "high", subject) for subject in "abc")
    found = compare_findings(document(findings=[one, two]), document(findings=[two, three]))
    assert (found.new, found.gone, found.still) == ((three,), (one,), (two,))


def test_another_severity_is_told_with_the_one_before() -> None:
    mild, grave = (finding("rule", severity, "a") for severity in ("low", "high"))
    found = compare_findings(document(findings=[mild]), document(findings=[grave]))
    assert found.still == (grave,)
    assert found.severities == ((grave["fingerprint"], "low"),)


def test_the_gravest_counts_of_several_with_one_fingerprint() -> None:
    mild, grave = (finding("rule", severity, "a") for severity in ("low", "high"))
    found = compare_findings(document(), document(findings=[mild, grave]))
    assert found.new == (grave,)


def test_a_key_of_the_set_that_boots_is_the_same_under_another_number() -> None:
    one, other = (finding("key-acl-weak", "low", rf"ControlSet00{number}\Services\a") for number in (1, 2))
    found = compare_findings(document(findings=[one]), document(findings=[other]))
    assert (found.new, found.gone, found.still) == ((), (), (other,))


def test_a_key_of_another_set_is_not_that_of_the_set_that_boots() -> None:
    booting = {"number": 1, "why": "", "present": [1, 2]}
    one, other = (finding("key-acl-weak", "low", rf"ControlSet00{number}\Services\a") for number in (1, 2))
    found = compare_findings(document(findings=[one], control_set=booting), document(findings=[other], control_set=booting))
    assert (found.new, found.gone, found.still) == ((other,), (one,), ())
