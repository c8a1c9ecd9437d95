"""Subsystems and csrss."""

from hivecheck.rules.rule import Rule

RULES: tuple[Rule, ...] = ()
