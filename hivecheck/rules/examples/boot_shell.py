"""Hives on which the rules of `boot_shell` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "boot-shell",
        fires_on=(
            Example(
                "another program",
                r"""
                [ControlSet001\Control\Session Manager]
                BootShell = expand "%SystemRoot%\system32\bootui.exe"
                """,
                cites=("%SystemRoot%\\system32\\bootui.exe",),
                severity=Severity.HIGH,
            ),
            Example(
                "on a Windows that has none",
                r"""
                [ControlSet001\Control\Session Manager]
                BootShell = expand "%SystemRoot%\system32\bootim.exe /x"
                """,
                cites=("%SystemRoot%\\system32\\bootim.exe /x",),
                generation="win7-x64",
                severity=Severity.MEDIUM,
            ),
        ),
        silent_on=(
            Example(
                "the usual one, spelled otherwise",
                r"""
                [ControlSet001\Control\Session Manager]
                BootShell = sz "\SystemRoot\System32\BOOTIM.EXE"
                """,
            ),
        ),
    ),
    Examples(
        "run-level",
        fires_on=(
            Example(
                "another name",
                r"""
                [ControlSet001\Control\Session Manager]
                RunLevelExecute = multi "WinInit" "ServiceControlManager" "Helper"
                """,
                cites=("Helper",),
            ),
            Example(
                "an empty list",
                r"""
                [ControlSet001\Control\Session Manager]
                RunLevelValidate = multi
                """,
                cites=("RunLevelValidate",),
                generation="win81-x64",
            ),
        ),
        silent_on=(
            Example(
                "as shipped, in another order",
                r"""
                [ControlSet001\Control\Session Manager]
                RunLevelExecute = multi "ServiceControlManager" "wininit"
                RunLevelValidate = multi "ServiceControlManager"
                """,
            ),
        ),
    ),
)
