"""What only the sequence of the boot shows."""

from hivecheck.rules.rule import Rule

RULES: tuple[Rule, ...] = ()
