"""LSA and credential providers."""

from hivecheck.rules import lsa_extensions, lsa_packages, lsa_posture, lsa_protection, network_providers
from hivecheck.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    *lsa_packages.RULES,
    *lsa_extensions.RULES,
    *lsa_protection.RULES,
    *lsa_posture.RULES,
    *network_providers.RULES,
)
