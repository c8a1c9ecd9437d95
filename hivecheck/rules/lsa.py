"""LSA and credential providers."""

from hivecheck.rules import lsa_packages
from hivecheck.rules.rule import Rule

RULES: tuple[Rule, ...] = (*lsa_packages.RULES,)
