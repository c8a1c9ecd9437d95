"""Hives on which the rules of `safe_boot_lists` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "safeboot-service-added",
        fires_on=(
            Example(
                "a service that runs from ProgramData",
                r"""
                [ControlSet001\Control\SafeBoot\Minimal\SuperBackupMan]
                @ = sz "Service"
                [ControlSet001\Services\SuperBackupMan]
                Type = dword 16
                Start = dword 2
                ImagePath = expand "C:\ProgramData\sbm.exe"
                """,
                cites=("ControlSet001\\Control\\SafeBoot\\Minimal\\SuperBackupMan", "ImagePath"),
                severity=Severity.HIGH,
            ),
            Example(
                "a remote control tool",
                r"""
                [ControlSet001\Control\SafeBoot\Network\AnyDesk]
                @ = sz "Service"
                [ControlSet001\Services\AnyDesk]
                Type = dword 16
                Start = dword 2
                ImagePath = expand "\u{22}C:\Program Files (x86)\AnyDesk\AnyDesk.exe\u{22} --service"
                """,
                cites=("ControlSet001\\Control\\SafeBoot\\Network\\AnyDesk",),
                generation="win7-x64",
                severity=Severity.MEDIUM,
            ),
            Example(
                "an unknown vendor",
                r"""
                [ControlSet001\Control\SafeBoot\Network\SyncAgent]
                @ = sz "Service"
                [ControlSet001\Services\SyncAgent]
                Type = dword 16
                Start = dword 2
                ImagePath = expand "C:\Program Files\Sync\agent.exe"
                """,
                cites=("ControlSet001\\Control\\SafeBoot\\Network\\SyncAgent",),
                severity=Severity.MEDIUM,
            ),
            Example(
                "a security product, and a name without a service",
                r"""
                [ControlSet001\Control\SafeBoot\Network\mfehidk.sys]
                @ = sz "Driver"
                [ControlSet001\Control\SafeBoot\Minimal\Gone]
                @ = sz "Service"
                """,
                cites=(
                    "ControlSet001\\Control\\SafeBoot\\Network\\mfehidk.sys",
                    "ControlSet001\\Control\\SafeBoot\\Minimal\\Gone",
                ),
                generation="win7-x86",
                severity=Severity.LOW,
            ),
        ),
        silent_on=(
            Example(
                "names that other Windows ship, and Microsoft's slip of the pen",
                r"""
                [ControlSet001\Control\SafeBoot\Network\rovider]
                @ = sz ""
                [ControlSet001\Control\SafeBoot\Minimal\WudfSvc]
                @ = sz "Service"
                """,
            ),
        ),
    ),
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
