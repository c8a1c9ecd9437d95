"""Tricks with the hive itself."""

from hivecheck.rules.rule import Rule

RULES: tuple[Rule, ...] = ()
