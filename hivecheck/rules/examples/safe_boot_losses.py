"""Hives on which the rules of `safe_boot_losses` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "safeboot-removed",
        fires_on=(
            Example(
                "all of it",
                "[ControlSet001]",
                cites=("ControlSet001\\Control",),
                generation="xp-x86",
                without=("Control\\SafeBoot",),
                severity=Severity.HIGH,
            ),
            Example(
                "one mode",
                "[ControlSet001]",
                cites=("ControlSet001\\Control\\SafeBoot",),
                without=("Control\\SafeBoot\\Network",),
                severity=Severity.HIGH,
            ),
            Example(
                "what starts the disk",
                "[ControlSet001]",
                cites=("ControlSet001\\Control\\SafeBoot\\Minimal",),
                generation="win7-x64",
                without=("Control\\SafeBoot\\Minimal\\SCSI Class", "Control\\SafeBoot\\Minimal\\Primary disk"),
                severity=Severity.HIGH,
            ),
            Example(
                "most names taken out after Windows had written the list",
                r"""
                [ControlSet001\Control\SafeBoot\Minimal] 2022-09-20T10:00:00Z
                """,
                cites=("ControlSet001\\Control\\SafeBoot\\Minimal",),
                severity=Severity.HIGH,
            ),
        ),
        silent_on=(
            Example("a list that was short from the first", "[ControlSet001]"),
            Example(
                "a Windows that knows no safe mode",
                r"""
                [ControlSet001\Control\Session Manager]
                ProtectionMode = dword 0
                """,
                generation="nt4-x86",
            ),
        ),
    ),
)
