"""Files moved or deleted at boot."""

from hivecheck.rules.rule import Rule

RULES: tuple[Rule, ...] = ()
