"""Hives on which the rules of `service_depends` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "svc-depend-tamper",
        fires_on=(
            Example(
                "Defender waits for nothing",
                r"""
                [ControlSet001\Services\WinDefend]
                DependOnService = multi "RpcSs" "RpcSsEx"
                """,
                cites=("DependOnService",),
            ),
            Example(
                "the event log waits for one that waits for nothing",
                r"""
                [ControlSet001\Services\EventLog]
                DependOnService = multi "agent"
                [ControlSet001\Services\agent]
                Type = dword 16
                Start = dword 3
                ImagePath = expand "%SystemRoot%\System32\agent.exe"
                DependOnService = multi "other"
                [ControlSet001\Services\other]
                Type = dword 16
                Start = dword 4
                ImagePath = expand "%SystemRoot%\System32\other.exe"
                """,
                cites=("DependOnService", "DependOnService", "Start"),
            ),
            Example(
                "Windows PE",
                r"""
                [Setup]
                SystemSetupInProgress = dword 1
                [ControlSet001\Control]
                SystemStartOptions = sz " MININT"
                [ControlSet001\Control\MiniNT]
                [ControlSet001\Control\EarlyLaunch]
                BackupPath = sz "X:\Windows\ELAMBKUP"
                [ControlSet001\Control\Session Manager\Environment]
                DriverData = sz "X:\Windows\System32\Drivers\DriverData"
                """,
                cites=("DependOnService", r"ControlSet001\Control\MiniNT"),
                severity=Severity.INFO,
            ),
            Example(
                "Windows is being set up",
                r"""
                [Setup]
                SystemSetupInProgress = dword 1
                [Setup\AllowStart\EventLog]
                [ControlSet001\Services\BFE]
                Type = dword 32
                Start = dword 2
                ErrorControl = dword 1
                ImagePath = expand "%SystemRoot%\system32\svchost.exe -k LocalServiceNoNetworkFirewall -p"
                ObjectName = sz "NT AUTHORITY\LocalService"
                [ControlSet001\Services\WinDefend]
                DependOnService = multi "BFE"
                """,
                cites=("DependOnService", "SystemSetupInProgress"),
                severity=Severity.INFO,
            ),
            Example(
                "a dependency taken out of the way while Windows is being set up",
                r"""
                [Setup]
                SystemSetupInProgress = dword 1
                [ControlSet001\Services\WinDefend]
                DependOnService = multi "RpcSsEx"
                """,
                cites=("DependOnService",),
                severity=Severity.HIGH,
            ),
            Example(
                "two sensors wait for one service that is disabled: one finding",
                r"""
                [ControlSet001\Services\RpcSs]
                Start = dword 4
                [ControlSet001\Services\WinDefend]
                DependOnService = multi "RpcSs"
                [ControlSet001\Services\EventLog]
                DependOnService = multi "RpcSs"
                """,
                cites=("DependOnService", "Start"),
                severity=Severity.HIGH,
            ),
            Example(
                "an installed Windows that only says it is Windows PE",
                r"""
                [ControlSet001\Control]
                SystemStartOptions = sz " MININT"
                [ControlSet001\Control\MiniNT]
                [ControlSet001\Services\WinDefend]
                DependOnService = multi "RpcSs" "RpcSsEx"
                """,
                cites=("DependOnService",),
                severity=Severity.HIGH,
            ),
        ),
        silent_on=(
            Example(
                "another service waits in vain",
                r"""
                [ControlSet001\Services\Spooler]
                DependOnService = multi "RpcSs" "gone"
                """,
            ),
        ),
    ),
)
