"""Setup, safe mode, boot state."""

from hivecheck.rules.rule import Rule

RULES: tuple[Rule, ...] = ()
