"""The system environment block."""

from hivecheck.rules.rule import Rule

RULES: tuple[Rule, ...] = ()
