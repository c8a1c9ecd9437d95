"""The texts of the rules: what they send a reader to is something that the reader has."""

import re
from pathlib import Path

import pytest

from hivecheck.rules.catalog import RULES
from hivecheck.rules.rule import Rule

DOCS = Path(__file__).resolve().parents[2] / "docs"
_DOCUMENT = re.compile(r"[\w-]+\.md\b(?: [A-Z]?\d*(?:\.\d+)+)?")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule.id))
def test_a_rule_sends_its_reader_to_no_document_that_is_not_shipped(rule: Rule) -> None:
    texts = (rule.title, rule.why, rule.remedy, rule.needs, rule.severities, *rule.false_positives)
    named = [found for text in texts for found in _DOCUMENT.findall(text)]
    assert [one for one in named if " " in one or not (DOCS / one).is_file()] == []
