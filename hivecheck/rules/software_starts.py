"""What the SOFTWARE hive has Windows start, where it is given: shell, userinit, debuggers, DLLs of every program. Source: detections.md 1.10."""

from hivecheck.rules.rule import Rule
from hivecheck.rules.software_code import APP_INIT, IFEO_DEBUGGER
from hivecheck.rules.software_logon import WINLOGON_SHELL, WINLOGON_USERINIT

RULES: tuple[Rule, ...] = (
    WINLOGON_SHELL,
    WINLOGON_USERINIT,
    IFEO_DEBUGGER,
    APP_INIT,
)
