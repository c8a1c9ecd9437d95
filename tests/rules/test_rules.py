"""Every rule is a page and a test: its examples fire and stay silent as they say, and its fields are whole."""

import pytest

from hivecheck.facts.origin import ValueRef
from hivecheck.rules.attack import technique
from hivecheck.rules.catalog import RULES
from hivecheck.rules.rule import Example, Hit, Rule, Severity
from tests.rules.cases import case_of

FIRING = [pytest.param(rule, example, id=f"{rule.id}-{n}") for rule in RULES for n, example in enumerate(rule.fires_on)]
SILENT = [pytest.param(rule, example, id=f"{rule.id}-{n}") for rule in RULES for n, example in enumerate(rule.silent_on)]


@pytest.mark.parametrize(("rule", "example"), FIRING)
def test_rule_fires_and_cites_what_its_example_says(rule: Rule, example: Example) -> None:
    hits = list(rule.check(case_of(example)))
    assert hits, f"{rule.id} is silent on: {example.title}"
    assert example.cites, "an example that fires says what must be cited"
    cited = [text for hit in hits for text in _cited(hit)]
    for wanted in example.cites:
        assert wanted in cited, f"{rule.id} cites {cited}"
    if example.severity is not None:
        assert max((hit.severity or rule.severity).rank for hit in hits) == example.severity.rank


@pytest.mark.parametrize(("rule", "example"), SILENT)
def test_rule_stays_silent_on_what_its_example_says(rule: Rule, example: Example) -> None:
    assert [hit.message for hit in rule.check(case_of(example))] == []
    assert not example.cites


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_page_of_a_rule_is_whole(rule: Rule) -> None:
    assert rule.fires_on
    assert rule.silent_on
    assert rule.why.endswith(".")
    assert rule.remedy.endswith(".")
    assert not rule.title.endswith(".")
    assert rule.false_positives
    assert rule.sources
    assert all(technique(id).name for id in rule.techniques)
    assert rule.severity in Severity


def test_ids_are_unique() -> None:
    ids = [rule.id for rule in RULES]
    assert sorted(set(ids)) == sorted(ids)


def _cited(hit: Hit) -> list[str]:
    """What a hit cites: texts of values, names of values and keys, and built-in facts."""
    found: list[str] = []
    for origin in hit.because:
        if isinstance(origin, ValueRef):
            found += [origin.text or "", origin.value]
        found.append(getattr(origin, "path", "") or getattr(origin, "what", "") or getattr(origin, "key", ""))
    return found
