"""What only the sequence of the boot shows: findings in which several settings, or several rows, work together.

Source: detections.md 4.C.
"""

from hivecheck.rules import (
    sequences_before_logon,
    sequences_of_boot_execute,
    sequences_of_devices,
    sequences_of_lists,
    sequences_of_lost_files,
    sequences_of_protection,
    sequences_of_renames,
    sequences_of_replaced_files,
    sequences_of_settings,
)
from hivecheck.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    *sequences_of_renames.RULES,
    *sequences_of_lists.RULES,
    *sequences_of_replaced_files.RULES,
    *sequences_of_boot_execute.RULES,
    *sequences_of_devices.RULES,
    *sequences_of_settings.RULES,
    *sequences_of_lost_files.RULES,
    *sequences_of_protection.RULES,
    *sequences_before_logon.RULES,
)
