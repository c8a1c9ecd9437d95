"""The sources of rules in words: whoever has only this repository can follow them."""

import re
from pathlib import Path

import pytest

from hivecheck.rules.catalog import RULES
from hivecheck.rules.modifiers import MODIFIERS, Modifier
from hivecheck.rules.rule import Rule
from hivecheck.rules.sources import REPORTS, SOURCES, sources_in_words

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.mark.parametrize("one", [*RULES, *MODIFIERS], ids=lambda one: one.id)
def test_every_source_is_told_in_words(one: Rule | Modifier) -> None:
    told = sources_in_words(one.id, one.sources)
    assert told
    assert not [text for text in told if "detections.md" in text or "libraries.md" in text]


def test_no_text_is_there_that_nobody_cites() -> None:
    cited = [*((one.id, one.sources) for one in RULES), *((one.id, one.sources) for one in MODIFIERS)]
    used = {text for id, sources in cited for text in sources_in_words(id, sources)}
    assert sorted(set(SOURCES.values()) - used) == []


def test_what_is_published_belongs_to_a_rule() -> None:
    assert sorted(set(REPORTS) - {rule.id for rule in RULES}) == []


def test_several_sections_in_one_citation_are_each_told() -> None:
    both = sources_in_words("", ("smss.md B.16, B.18",))
    assert both == (SOURCES["smss.md B.16"], SOURCES["smss.md B.18"])
    assert sources_in_words("", ("smss.md B15.1 to B15.10", "smss.md B15.4")) == (SOURCES["smss.md B.15"],)
    assert sources_in_words("", ("detections.md 1.6 hiberboot, 4.C 33",)) == (
        SOURCES["detections.md 1.6"],
        SOURCES["detections.md 4.C"],
    )


def test_what_is_published_follows_the_sources_of_the_rule() -> None:
    told = sources_in_words("seq-parent-dir-swing", ("detections.md 4.C",))
    assert told == (SOURCES["detections.md 4.C"], "MoveEdr by duhirsch (github.com/duhirsch/MoveEdr)")


def test_an_unknown_source_is_refused() -> None:
    with pytest.raises(KeyError):
        sources_in_words("", ("detections.md 9.9",))


def test_sections_of_shipped_pages_are_there() -> None:
    smss = (DOCS / "smss.md").read_text(encoding="utf-8")
    for key in SOURCES:
        if key.startswith("smss.md "):
            section = re.escape(key.partition(" ")[2])
            assert re.search(rf"^#+ {section}\b", smss, re.MULTILINE), key
        if key.startswith(("smss.md ", "baselines.md 2")):
            assert f"docs/{key.partition(' ')[0]}" in SOURCES[key]
