"""Telemetry, code integrity, crash handling."""

from hivecheck.rules.rule import Rule

RULES: tuple[Rule, ...] = ()
