"""Hives on which the rules of `event_logs` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "eventlog-tamper",
        fires_on=(
            Example(
                "the Security log goes to a folder of all users",
                r"""
                [ControlSet001\Services\EventLog\Security]
                File = expand "C:\Users\Public\s.evtx"
                """,
                cites=(r"C:\Users\Public\s.evtx",),
                severity=Severity.HIGH,
            ),
            Example(
                "a log of 64 KB",
                r"""
                [ControlSet001\Services\EventLog\System]
                MaxSize = dword 65536
                """,
                cites=("65536",),
                severity=Severity.HIGH,
            ),
            Example(
                "SYSTEM may not write",
                r"""
                [ControlSet001\Services\EventLog\Security]
                CustomSD = sz "O:BAG:SYD:(D;;0xf0007;;;SY)(A;;0x7;;;BA)"
                """,
                cites=("CustomSD",),
            ),
            Example(
                "another file writes the logs",
                r"""
                [ControlSet001\Services\EventLog\Parameters]
                ServiceDll = expand "%SystemRoot%\System32\wevtsvc2.dll"
                """,
                cites=(r"%SystemRoot%\System32\wevtsvc2.dll",),
            ),
            Example(
                "moved to a data drive",
                r"""
                [ControlSet001\Services\EventLog\Application]
                File = expand "D:\Logs\Application.evtx"
                """,
                cites=(r"D:\Logs\Application.evtx",),
                severity=Severity.MEDIUM,
            ),
        ),
        silent_on=(
            Example(
                "as shipped",
                r"""
                [ControlSet001\Services\EventLog\Security]
                File = expand "%SystemRoot%\System32\winevt\Logs\Security.evtx"
                MaxSize = dword 20971520
                Retention = dword 0
                """,
            ),
            Example(
                "as shipped with XP",
                r"""
                [ControlSet001\Services\EventLog\Security]
                File = expand "%SystemRoot%\System32\config\SecEvent.Evt"
                MaxSize = dword 524288
                CustomSD = sz "O:BAG:SYD:(D;;0xf0007;;;AN)(D;;0xf0007;;;BG)(A;;0xf0005;;;SY)(A;;0x5;;;BA)"
                """,
                generation="xp-x86",
            ),
        ),
    ),
    Examples(
        "autologger-tamper",
        fires_on=(
            Example(
                "nothing for the Security log",
                r"""
                [ControlSet001\Control\WMI\Autologger\EventLog-Security]
                Start = dword 0
                """,
                cites=("0",),
                severity=Severity.HIGH,
            ),
            Example(
                "no events of PowerShell",
                r"""
                [ControlSet001\Control\WMI\Autologger\EventLog-Application]
                Start = dword 1
                [ControlSet001\Control\WMI\Autologger\EventLog-Application\{a0c1853b-5c40-4b15-8766-3cf1c58f985a}]
                Enabled = dword 0
                """,
                cites=("Enabled", "0"),
                severity=Severity.HIGH,
            ),
            Example(
                "the session of the Security log was deleted",
                r"""
                [ControlSet001\Control\WMI\Autologger\EventLog-System]
                Start = dword 1
                [ControlSet001\Control\WMI\Autologger\EventLog-Application]
                Start = dword 1
                [ControlSet001\Control\WMI\Autologger\DefenderApiLogger]
                Start = dword 1
                [ControlSet001\Control\WMI\Autologger\DefenderAuditLogger]
                Start = dword 1
                """,
                cites=(r"ControlSet001\Control\WMI\Autologger",),
                severity=Severity.HIGH,
            ),
            Example(
                "no telemetry",
                r"""
                [ControlSet001\Control\WMI\Autologger\AutoLogger-Diagtrack-Listener]
                Start = dword 0
                """,
                cites=("0",),
                severity=Severity.LOW,
            ),
        ),
        silent_on=(
            Example(
                "sessions that are off as shipped",
                r"""
                [ControlSet001\Control\WMI\Autologger\AITEventLog]
                Start = dword 0
                [ControlSet001\Control\WMI\Autologger\EventLog-System]
                Start = dword 1
                """,
            ),
        ),
    ),
)
