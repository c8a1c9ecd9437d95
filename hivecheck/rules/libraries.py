"""Other hosts of DLLs."""

from hivecheck.rules.rule import Rule

RULES: tuple[Rule, ...] = ()
