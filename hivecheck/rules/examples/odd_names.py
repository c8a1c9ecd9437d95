"""Hives on which the rules of `odd_names` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "name-obfuscation",
        fires_on=(
            Example(
                "BootExecute with two Cyrillic letters",
                r"""
                [ControlSet001\Control\Session Manager]
                B\u{43e}\u{43e}tExecute = multi "evil"
                """,
                cites=("B\u043e\u043etExecute",),
                severity=Severity.HIGH,
            ),
            Example(
                "a NUL in the name of a service",
                r"""
                [ControlSet001\Services\WinDefend\u{0}]
                Type = dword 1
                """,
                cites=("ControlSet001\\Services\\WinDefend\0",),
                severity=Severity.HIGH,
            ),
            Example(
                "a blank after KnownDLLs",
                r"""
                ["ControlSet001\Control\Session Manager\KnownDLLs "]
                """,
                cites=("ControlSet001\\Control\\Session Manager\\KnownDLLs ",),
                severity=Severity.HIGH,
            ),
        ),
        silent_on=(
            Example(
                "a name in Russian",
                r"""
                [ControlSet001\Services\Служба]
                Type = dword 16
                """,
            ),
        ),
    ),
)
