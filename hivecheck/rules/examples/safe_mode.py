"""Hives on which the rules of `safe_mode` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "safeboot-alternate-shell",
        fires_on=(
            Example(
                "another program",
                r"""
                [ControlSet001\Control\SafeBoot]
                AlternateShell = sz "C:\ProgramData\sh.exe"
                """,
                cites=("C:\\ProgramData\\sh.exe",),
                severity=Severity.HIGH,
            ),
            Example(
                "cmd.exe with a command",
                r"""
                [ControlSet001\Control\SafeBoot]
                AlternateShell = sz "cmd.exe /k start enc.exe"
                """,
                cites=("cmd.exe /k start enc.exe",),
                generation="xp-x86",
                severity=Severity.HIGH,
            ),
            Example(
                "explorer",
                r"""
                [ControlSet001\Control\SafeBoot]
                AlternateShell = sz "explorer.exe"
                """,
                cites=("explorer.exe",),
                severity=Severity.MEDIUM,
            ),
        ),
        silent_on=(
            Example(
                "the usual one with its path",
                r"""
                [ControlSet001\Control\SafeBoot]
                AlternateShell = expand "%SystemRoot%\System32\CMD.EXE"
                """,
            ),
        ),
    ),
    Examples(
        "safeboot-next",
        fires_on=(
            Example(
                "a stored Option",
                r"""
                [ControlSet001\Control\SafeBoot\Option]
                OptionValue = dword 1
                """,
                cites=("ControlSet001\\Control\\SafeBoot\\Option", "1"),
            ),
            Example(
                "the last boot's options",
                r"""
                [ControlSet001\Control]
                SystemStartOptions = sz " NOEXECUTE=OPTIN  SAFEBOOT:NETWORK"
                """,
                cites=(" NOEXECUTE=OPTIN  SAFEBOOT:NETWORK",),
                generation="win7-x64",
            ),
        ),
        silent_on=(
            Example(
                "an ordinary boot",
                r"""
                [ControlSet001\Control]
                SystemStartOptions = sz " NOEXECUTE=OPTIN"
                """,
            ),
        ),
    ),
)
