"""Hives on which the rules of `setup_execute` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "setup-execute",
        fires_on=(
            Example(
                "a foreign program",
                r"""
                [ControlSet001\Control\Session Manager]
                SetupExecute = multi "sysprep_agent"
                """,
                cites=("sysprep_agent",),
                severity=Severity.CRITICAL,
            ),
            Example(
                "the name of servicing's program with another list",
                r"""
                [ControlSet001\Control\Session Manager]
                SetupExecute = multi "C:\Windows\System32\poqexec.exe /display_progress \??\C:\ProgramData\pending.xml"
                """,
                cites=("C:\\Windows\\System32\\poqexec.exe /display_progress \\??\\C:\\ProgramData\\pending.xml",),
                generation="win7-x64",
                severity=Severity.CRITICAL,
            ),
            Example(
                "pending updates",
                r"""
                [ControlSet001\Control\Session Manager] 2022-09-26T19:00:00Z
                SetupExecute = multi "C:\Windows\System32\poqexec.exe /display_progress \SystemRoot\WinSxS\pending.xml"
                """,
                cites=("C:\\Windows\\System32\\poqexec.exe /display_progress \\SystemRoot\\WinSxS\\pending.xml",),
                severity=Severity.INFO,
            ),
            Example(
                "a clone's identifiers, with no setup in progress",
                r"""
                [ControlSet001\Control\Session Manager]
                SetupExecute = multi "setupcl.exe"
                """,
                cites=("setupcl.exe",),
                generation="xp-x86",
                severity=Severity.MEDIUM,
            ),
            Example(
                "the twin that few tools know",
                r"""
                [ControlSet001\Control\Session Manager]
                SetupExecuteNoPnpSync = multi "late"
                """,
                cites=("late",),
                generation="win10-1903-x64",
                severity=Severity.CRITICAL,
            ),
        ),
        silent_on=(
            Example(
                "an empty list, as shipped",
                r"""
                [ControlSet001\Control\Session Manager]
                SETUPEXECUTE = multi
                """,
            ),
        ),
    ),
    Examples(
        "setup-other-values",
        fires_on=(
            Example(
                "an unknown name that sounds like a program",
                r"""
                [Setup]
                SetupExecute = sz "helper.exe"
                """,
                cites=("helper.exe",),
                severity=Severity.MEDIUM,
            ),
            Example(
                "another service during setup",
                r"""
                [Setup\AllowStart\EventLog]
                [Setup\AllowStart\UpdSvc]
                """,
                cites=("Setup\\AllowStart\\UpdSvc",),
                severity=Severity.LOW,
            ),
            Example(
                "a bypassed check and an answer file",
                r"""
                [Setup\LabConfig]
                BypassTPMCheck = dword 1
                [Setup]
                UnattendFile = sz "C:\Windows\Panther\unattend.xml"
                """,
                cites=("BypassTPMCheck", "C:\\Windows\\Panther\\unattend.xml"),
                generation="win11-22h2-x64",
                severity=Severity.INFO,
            ),
        ),
        silent_on=(
            Example(
                "what Windows and its upgrades write",
                r"""
                [Setup]
                Upgrade = dword 0
                HypervisorLaunchTypeReflect = dword 1
                [Setup\AllowStart\ProfSvc]
                [Setup\AllowStart\RPCSS]
                [Setup\MoSetup\Tracking]
                InstallAttempts = dword 4
                """,
            ),
        ),
    ),
)
