"""Telemetry, code integrity, crash handling, file system and backups. Source: detections.md 1.11."""

from hivecheck.rules.code_integrity import CI_POLICY, CREDENTIAL_GUARD, DRIVER_BLOCKLIST, ELAM_POLICY, HVCI
from hivecheck.rules.crash_control import CRASH_CONTROL
from hivecheck.rules.event_logs import AUTOLOGGER_TAMPER, EVENTLOG_TAMPER
from hivecheck.rules.file_policies import BACKUP_EXCLUSIONS, FS_POLICY
from hivecheck.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    EVENTLOG_TAMPER,
    AUTOLOGGER_TAMPER,
    CRASH_CONTROL,
    CI_POLICY,
    DRIVER_BLOCKLIST,
    HVCI,
    CREDENTIAL_GUARD,
    ELAM_POLICY,
    FS_POLICY,
    BACKUP_EXCLUSIONS,
)
