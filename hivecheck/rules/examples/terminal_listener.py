"""Hives on which the rules of `terminal_listener` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "rdp-enabled",
        fires_on=(
            Example(
                "on",
                r"""
                [ControlSet001\Control\Terminal Server]
                fDenyTSConnections = dword 0
                """,
                cites=("0",),
                severity=Severity.INFO,
            ),
            Example(
                "on, without a logon before it, on another port",
                r"""
                [ControlSet001\Control\Terminal Server]
                fDenyTSConnections = dword 0
                [ControlSet001\Control\Terminal Server\WinStations\RDP-Tcp]
                UserAuthentication = dword 0
                PortNumber = dword 3391
                """,
                cites=("0", "3391"),
                severity=Severity.HIGH,
            ),
        ),
        silent_on=(
            Example("off as shipped", ""),
            Example(
                "off, on another port",
                r"""
                [ControlSet001\Control\Terminal Server]
                fDenyTSConnections = dword 1
                [ControlSet001\Control\Terminal Server\WinStations\RDP-Tcp]
                PortNumber = dword 3391
                """,
            ),
        ),
    ),
)
