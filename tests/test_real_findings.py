"""The rules on real machines' hives: as many findings as were measured, and none above medium that is not explained."""

from collections.abc import Callable
from pathlib import Path

import pytest

from hivecheck.analysis import Options, analyze
from hivecheck.rules.catalog import RULES
from tests.real_findings import HIVES, ODD, count_findings, measured

GRAVE = {"high", "critical"}


@pytest.mark.parametrize("name", HIVES)
def test_a_real_hive_gives_the_findings_that_were_measured(real_hive: Callable[[str], Path], name: str) -> None:
    """Where it does not, `python -m tests.real_findings` measures anew; read every hit that is new."""
    assert count_findings(analyze(real_hive(name), Options(verify="none"))) == measured()[name]


@pytest.mark.parametrize("name", HIVES)
def test_what_is_above_medium_is_explained(name: str) -> None:
    grave = {rule for rule, counts in measured()[name].items() if GRAVE & counts.keys()}
    assert grave == {rule for hive, rule in ODD if hive == name}


def test_the_measures_name_rules_of_the_catalogue() -> None:
    ids = {rule.id for rule in RULES}
    assert set(measured()) == set(HIVES)
    assert {rule for counts in measured().values() for rule in counts} <= ids
