"""docs/rules.md names every rule as it is, and prints what was measured."""

import re

from hivecheck.rules import RULES_VERSION
from hivecheck.rules.attack import ATTACK_VERSION
from hivecheck.rules.catalog import RULES
from tests.rules_page import PAGE, with_tables

TEXT = PAGE.read_text(encoding="utf-8")


def test_the_tables_of_the_page_are_those_of_the_catalogue() -> None:
    """Where they are not, `python -m tests.rules_page` writes them anew."""
    assert with_tables(TEXT) == TEXT


def test_every_rule_has_its_row() -> None:
    rows = re.findall(r"^\| `([a-z0-9-]+)` \| (?:info|low|medium|high|critical) \|", TEXT, re.MULTILINE)
    assert rows == [rule.id for rule in RULES]


def test_the_versions_are_named() -> None:
    assert f"version {RULES_VERSION}" in TEXT
    assert f"ATT&CK Enterprise v{ATTACK_VERSION}" in TEXT
