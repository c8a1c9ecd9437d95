"""Memory manager, kernel, mitigations."""

from hivecheck.rules.rule import Rule

RULES: tuple[Rule, ...] = ()
