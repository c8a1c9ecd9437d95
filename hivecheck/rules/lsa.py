"""LSA and credential providers."""

from hivecheck.rules import lsa_packages, lsa_posture, network_providers
from hivecheck.rules.rule import Rule

RULES: tuple[Rule, ...] = (*lsa_packages.RULES, *lsa_posture.RULES, *network_providers.RULES)
