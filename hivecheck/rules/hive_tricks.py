"""Tricks with the hive itself: links, weak access lists, hidden strings and names, deleted data. Source: detections.md 1.12."""

from hivecheck.rules.hive_state import DIRTY_HIVE, REGF_SLACK_AND_DELETED
from hivecheck.rules.registry_links import KEY_ACL_WEAK, REG_LINK_RULE
from hivecheck.rules.rule import Rule

RULES: tuple[Rule, ...] = (REG_LINK_RULE, REGF_SLACK_AND_DELETED, KEY_ACL_WEAK, DIRTY_HIVE)
