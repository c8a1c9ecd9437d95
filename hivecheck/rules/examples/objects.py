"""Hives on which the rules of `objects` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "object-directories",
        fires_on=(
            Example(
                "the directory of the KnownDLLs",
                r"""
                [ControlSet001\Control\Session Manager]
                ObjectDirectories = multi "\Windows" "\RPC Control" "\KnownDlls"
                """,
                cites=(r"\KnownDlls",),
                severity=Severity.HIGH,
            ),
            Example(
                "a directory of somebody's own",
                r"""
                [ControlSet001\Control\Session Manager]
                ObjectDirectories = multi "\Windows" "\RPC Control" "\Mine"
                """,
                cites=(r"\Mine",),
                severity=Severity.MEDIUM,
            ),
            Example(
                "a default is missing",
                r"""
                [ControlSet001\Control\Session Manager]
                ObjectDirectories = multi "\RPC Control"
                """,
                cites=("ObjectDirectories",),
                generation="win7-x86",
                severity=Severity.HIGH,
            ),
        ),
        silent_on=(
            Example(
                "the defaults in another order",
                r"""
                [ControlSet001\Control\Session Manager]
                ObjectDirectories = multi "\RPC Control" "\WINDOWS"
                """,
            ),
            Example(
                "no such value: smss takes its own defaults",
                "",
                without=("Control\\Session Manager\\\\ObjectDirectories",),
            ),
        ),
    ),
    Examples(
        "protection-mode",
        fires_on=(
            Example(
                "switched off",
                r"""
                [ControlSet001\Control\Session Manager]
                ProtectionMode = dword 0
                """,
                cites=("0",),
                severity=Severity.HIGH,
            ),
            Example("as NT 4 ships it", "", cites=("0",), generation="nt4-x86", severity=Severity.INFO),
            Example(
                "while Windows is being set up",
                r"""
                [ControlSet001\Control\Session Manager]
                ProtectionMode = dword 0
                [Setup]
                SystemSetupInProgress = dword 1
                """,
                cites=("0",),
                generation="xp-x64",
                severity=Severity.INFO,
            ),
            Example(
                "a text, of which no number is told",
                r"""
                [ControlSet001\Control\Session Manager]
                ProtectionMode = sz "0"
                """,
                cites=("ProtectionMode",),
                severity=Severity.MEDIUM,
            ),
        ),
        silent_on=(
            Example("as shipped", "", generation="xp-x86"),
            Example("no such value", "", without=("Control\\Session Manager\\\\ProtectionMode",)),
            Example(
                "a text whose first bytes are an odd number",
                '[ControlSet001\\Control\\Session Manager]\nProtectionMode = sz "1"',
            ),
        ),
    ),
)
