"""The Service Control Manager and its services."""

from hivecheck.rules.rule import Rule

RULES: tuple[Rule, ...] = ()
