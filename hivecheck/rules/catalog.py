"""All rules: those of the SYSTEM hive, and those that ask a SOFTWARE hive, which few analyses are given."""

from hivecheck.rules.rule import Rule
from hivecheck.rules.software_app_init import APP_INIT
from hivecheck.rules.software_code import IFEO_DEBUGGER
from hivecheck.rules.software_logon import WINLOGON_SHELL, WINLOGON_USERINIT
from hivecheck.rules.software_packages import GINA, NOTIFY_PACKAGES
from hivecheck.rules.system_rules import SYSTEM_RULES

# What the SOFTWARE hive has Windows start, where it is given: shell, userinit, debuggers, DLLs of every program. Source: detections.md 1.10.
SOFTWARE_STARTS: tuple[Rule, ...] = (
    WINLOGON_SHELL,
    WINLOGON_USERINIT,
    IFEO_DEBUGGER,
    APP_INIT,
    GINA,
    NOTIFY_PACKAGES,
)
RULES: tuple[Rule, ...] = (*SYSTEM_RULES, *SOFTWARE_STARTS)


def rule_named(id: str) -> Rule:
    """The rule of this id. Raises KeyError where there is none."""
    for rule in RULES:
        if rule.id == id:
            return rule
    raise KeyError(id)
