"""Control sets and times."""

from hivecheck.rules.rule import Rule

RULES: tuple[Rule, ...] = ()
