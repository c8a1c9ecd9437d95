"""Terminal services."""

from hivecheck.rules.rule import Rule

RULES: tuple[Rule, ...] = ()
