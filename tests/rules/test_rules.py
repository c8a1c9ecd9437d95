"""Every rule is a page and a test: its examples fire and stay silent as they say, and its fields are whole."""

import importlib
import subprocess
import sys

import pytest

import hivecheck.rules.examples.catalog
from hivecheck.facts.origin import ValueRef
from hivecheck.rules.attack import technique
from hivecheck.rules.catalog import RULES
from hivecheck.rules.examples.catalog import EXAMPLES
from hivecheck.rules.examples.example import Example
from hivecheck.rules.rule import Hit, Rule, Severity
from tests.rules.cases import case_of

FIRING = [
    pytest.param(rule, example, id=f"{rule.id}-{n}")
    for rule in RULES
    for n, example in enumerate(EXAMPLES[rule.id].fires_on)
]
SILENT = [
    pytest.param(rule, example, id=f"{rule.id}-{n}")
    for rule in RULES
    for n, example in enumerate(EXAMPLES[rule.id].silent_on)
]


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
    assert EXAMPLES[rule.id].fires_on
    assert EXAMPLES[rule.id].silent_on
    assert rule.why.endswith(".")
    assert rule.remedy.endswith(".")
    assert not rule.title.endswith(".")
    assert rule.false_positives
    assert rule.sources
    assert all(technique(id).name for id in rule.techniques)
    assert rule.severity in Severity


def test_examples_are_those_of_a_rule_and_stand_in_the_module_of_its_name() -> None:
    modules = {
        name: module for name, module in vars(hivecheck.rules.examples.catalog).items() if hasattr(module, "EXAMPLES")
    }
    told = [one.rule for module in modules.values() for one in module.EXAMPLES]
    assert sorted(told) == sorted(rule.id for rule in RULES)
    for name, module in modules.items():
        declared = vars(importlib.import_module(f"hivecheck.rules.{name}"))
        values = [one for value in declared.values() for one in (value if isinstance(value, tuple) else (value,))]
        assert {one.rule for one in module.EXAMPLES} <= {one.id for one in values if isinstance(one, Rule)}


def test_judging_a_hive_loads_no_example() -> None:
    program = "import sys, hivecheck.rules.verdict; print([name for name in sys.modules if name.startswith('hivecheck.rules.examples')])"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert told.strip() == "[]"


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
