"""Tricks with the hive itself: hidden strings and names, links, weak access lists, deleted data. Source: detections.md 1.12."""

from hivecheck.rules.hive_state import DIRTY_HIVE, REGF_SLACK_AND_DELETED
from hivecheck.rules.odd_names import NAME_OBFUSCATION
from hivecheck.rules.odd_values import MULTISZ_HIDDEN_TAIL, VALUE_TYPE_CONFUSION
from hivecheck.rules.registry_links import KEY_ACL_WEAK, REG_LINK_RULE
from hivecheck.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    MULTISZ_HIDDEN_TAIL,
    VALUE_TYPE_CONFUSION,
    NAME_OBFUSCATION,
    REG_LINK_RULE,
    REGF_SLACK_AND_DELETED,
    KEY_ACL_WEAK,
    DIRTY_HIVE,
)
