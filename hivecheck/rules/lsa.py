"""LSA and credential providers."""

from hivecheck.rules.rule import Rule

RULES: tuple[Rule, ...] = ()
