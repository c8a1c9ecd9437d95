"""Hives on which the rules of `setup_values` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
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
