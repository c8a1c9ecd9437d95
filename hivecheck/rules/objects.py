"""The object namespace."""

from hivecheck.rules.rule import Rule

RULES: tuple[Rule, ...] = ()
