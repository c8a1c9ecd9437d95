"""Hives on which the rules of `name_resolution` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "tcpip-hosts-relocation",
        fires_on=(
            Example(
                "another hosts file",
                r"""
                [ControlSet001\Services\Tcpip\Parameters]
                DataBasePath = expand "%SystemRoot%\help"
                """,
                cites=(r"%SystemRoot%\help",),
                severity=Severity.CRITICAL,
            ),
            Example(
                "the machine answers itself",
                r"""
                [ControlSet001\Services\Tcpip\Parameters\Interfaces\{3f215cb0-0000-0000-0000-000000000000}]
                NameServer = sz "127.0.0.1"
                """,
                cites=("127.0.0.1",),
                severity=Severity.MEDIUM,
            ),
            Example(
                "the machine answers itself, by a rule of name resolution",
                r"""
                [ControlSet001\Services\Dnscache\Parameters\DnsPolicyConfig\{3f215cb0-0000-0000-0000-000000000000}]
                Name = multi "."
                GenericDNSServers = sz "127.0.0.1"
                """,
                cites=("127.0.0.1",),
                severity=Severity.MEDIUM,
            ),
            Example(
                "a server of DNSChanger",
                r"""
                [ControlSet001\Services\Tcpip\Parameters]
                NameServer = sz "85.255.113.12,85.255.112.8"
                """,
                cites=("85.255.113.12,85.255.112.8",),
                severity=Severity.MEDIUM,
            ),
            Example(
                "a fixed route",
                r"""
                [ControlSet001\Services\Tcpip\Parameters\PersistentRoutes]
                "0.0.0.0,0.0.0.0,192.168.1.1,-1" = sz ""
                """,
                cites=("0.0.0.0,0.0.0.0,192.168.1.1,-1",),
                severity=Severity.INFO,
            ),
        ),
        silent_on=(
            Example(
                "as shipped, with a known resolver",
                r"""
                [ControlSet001\Services\Tcpip\Parameters]
                DataBasePath = expand "%SystemRoot%\System32\drivers\etc"
                NameServer = sz ""
                [ControlSet001\Services\Tcpip\Parameters\Interfaces\{3f215cb0-0000-0000-0000-000000000000}]
                NameServer = sz "192.168.1.1,9.9.9.9"
                """,
            ),
            Example(
                "a name server set up here",
                r"""
                [ControlSet001\Services\DNS]
                Type = dword 16
                Start = dword 2
                [ControlSet001\Services\Tcpip\Parameters]
                NameServer = sz "127.0.0.1"
                """,
            ),
        ),
    ),
    Examples(
        "portproxy",
        fires_on=(
            Example(
                "a relay",
                r"""
                [ControlSet001\Services\PortProxy\v4tov4\tcp]
                "0.0.0.0/8443" = sz "10.1.2.3/3389"
                """,
                cites=("10.1.2.3/3389",),
                severity=Severity.HIGH,
            ),
            Example(
                "a developer's forward",
                r"""
                [ControlSet001\Services\LxssManager]
                Type = dword 32
                Start = dword 3
                [ControlSet001\Services\PortProxy\v4tov4\tcp]
                "0.0.0.0/3000" = sz "172.22.10.5/3000"
                """,
                cites=("172.22.10.5/3000",),
                severity=Severity.MEDIUM,
            ),
        ),
        silent_on=(Example("the empty key", "[ControlSet001\\Services\\PortProxy\\v4tov4\\tcp]"),),
    ),
)
