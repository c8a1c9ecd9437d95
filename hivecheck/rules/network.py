"""Network posture."""

from hivecheck.rules.rule import Rule

RULES: tuple[Rule, ...] = ()
