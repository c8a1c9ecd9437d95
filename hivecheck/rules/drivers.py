"""Drivers, filters."""

from hivecheck.rules.rule import Rule

RULES: tuple[Rule, ...] = ()
