"""KnownDLLs and what else decides which DLL is loaded."""

from hivecheck.rules.rule import Rule

RULES: tuple[Rule, ...] = ()
