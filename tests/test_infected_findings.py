"""The rules on the test hives: on infected ones exactly what the manifest says, with what is cited; on clean ones nothing to act on."""

import tomllib
from functools import cache
from typing import Any

import pytest

from hivecheck.analysis import Analysis, Options, analyze
from hivecheck.rules.catalog import RULES
from hivecheck.rules.rule import Severity
from hivecheck.rules.story import stories_of
from tests.build_test_hives import FOLDER
from tests.infected_findings import Expected, findings_of
from tests.rules.test_catalog import MODIFIERS

MANIFEST: dict[str, dict[str, Any]] = tomllib.loads((FOLDER / "MANIFEST.toml").read_text("utf-8"))
INFECTED = [name for name, table in MANIFEST.items() if table.get("state") == "infected"]
CLEAN = [name for name, table in MANIFEST.items() if table.get("state") == "clean"]


@cache
def analysis_of(name: str) -> Analysis:
    return analyze(FOLDER / MANIFEST[name]["file"], Options(verify="none"))


def written(name: str) -> list[Expected]:
    return [Expected(one["rule"], one["severity"], tuple(one["cites"])) for one in MANIFEST[name]["findings"]]


@pytest.mark.parametrize("name", INFECTED)
def test_an_infected_hive_gives_exactly_the_findings_of_its_manifest(name: str) -> None:
    """Where it does not, `python -m tests.infected_findings` prints what is found now: read it, mend the rule or the list."""
    found = sorted(findings_of(analysis_of(name)), key=repr)
    assert found == sorted(written(name), key=repr)


@pytest.mark.parametrize("name", INFECTED)
def test_the_worst_story_is_told_first(name: str) -> None:
    stories = stories_of(analysis_of(name).findings)
    ranks = [story.severity.rank for story in stories]
    assert ranks == sorted(ranks, reverse=True)
    assert stories[0].severity is Severity.CRITICAL


@pytest.mark.parametrize("name", INFECTED)
def test_what_is_planted_is_detected(name: str) -> None:
    found = {one.rule for one in written(name)}
    wanted = {detection for planted in MANIFEST[name]["planted"] for detection in planted["detections"]}
    assert wanted - MODIFIERS <= found
    assert wanted <= MODIFIERS | {rule.id for rule in RULES}


@pytest.mark.parametrize("name", CLEAN)
def test_a_clean_machine_gives_nothing_above_low(name: str) -> None:
    grave = [
        (one.rule.id, one.severity.value, one.subject) for one in analysis_of(name).findings if one.severity > Severity.LOW
    ]
    assert grave == []
