"""The rules on real machines' hives: as many findings as were measured, and none above medium, none of medium that is not explained."""

from collections.abc import Callable
from pathlib import Path

import pytest

from hivecheck.analysis import Options, analyze
from hivecheck.rules.catalog import RULES
from tests.real_findings import EXPLAINED, HIVES, count_findings, measured


@pytest.mark.parametrize("name", HIVES)
def test_a_real_hive_gives_the_findings_that_were_measured(real_hive: Callable[[str], Path], name: str) -> None:
    """Where it does not, `python -m tests.real_findings` measures anew; read every hit that is new."""
    assert count_findings(analyze(real_hive(name), Options(verify="none"))) == measured()[name]


@pytest.mark.parametrize("name", HIVES)
def test_nothing_is_above_medium_and_what_is_medium_is_explained(name: str) -> None:
    found = measured()[name]
    assert [rule for rule, counts in found.items() if {"high", "critical"} & counts.keys()] == []
    assert {rule for rule, counts in found.items() if "medium" in counts} == {
        rule for hive, rule in EXPLAINED if hive == name
    }


def test_the_measures_name_rules_of_the_catalogue() -> None:
    ids = {rule.id for rule in RULES}
    assert set(measured()) == set(HIVES)
    assert {rule for counts in measured().values() for rule in counts} <= ids
