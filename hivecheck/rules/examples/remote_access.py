"""Hives on which the rules of `remote_access` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "smb-srv",
        fires_on=(
            Example(
                "a pipe of one's own",
                r"""
                [ControlSet001\Services\LanmanServer\Parameters]
                NullSessionPipes = multi "evilpipe"
                """,
                cites=("evilpipe",),
                severity=Severity.HIGH,
            ),
            Example(
                "no restriction",
                r"""
                [ControlSet001\Services\LanmanServer\Parameters]
                RestrictNullSessAccess = dword 0
                """,
                cites=("0",),
                severity=Severity.HIGH,
            ),
            Example(
                "the old protocol",
                r"""
                [ControlSet001\Services\LanmanServer\Parameters]
                SMB1 = dword 1
                """,
                cites=("1",),
                severity=Severity.MEDIUM,
            ),
            Example(
                "the whole drive",
                r"""
                [ControlSet001\Services\LanmanServer\Shares]
                data = multi "CSCFlags=0" "Path=C:\" "Type=0"
                """,
                cites=("Path=C:\\",),
                severity=Severity.MEDIUM,
            ),
            Example(
                "the old protocol on 7, where it is on anyway",
                r"""
                [ControlSet001\Services\LanmanServer\Parameters]
                SMB1 = dword 1
                """,
                cites=("1",),
                generation="win7-x64",
                severity=Severity.INFO,
            ),
        ),
        silent_on=(
            Example(
                "as shipped",
                r"""
                [ControlSet001\Services\LanmanServer\Parameters]
                NullSessionPipes = multi
                RestrictNullSessAccess = dword 1
                [ControlSet001\Services\LanmanServer\Shares]
                data = multi "Path=D:\Data" "Type=0"
                """,
            ),
            Example(
                "as shipped with XP",
                r"""
                [ControlSet001\Services\LanmanServer\Parameters]
                NullSessionPipes = multi "COMNAP" "COMNODE" "SQL\QUERY" "SPOOLSS" "NETLOGON" "LSARPC" "SAMR" "BROWSER"
                NullSessionShares = multi "COMCFG" "DFS$"
                """,
                generation="xp-x86",
            ),
            Example(
                "off by a value",
                r"""
                [ControlSet001\Services\LanmanServer\Parameters]
                SMB1 = dword 0
                """,
            ),
        ),
    ),
    Examples(
        "winreg-remote",
        fires_on=(
            Example(
                "another path",
                r"""
                [ControlSet001\Control\SecurePipeServers\winreg\AllowedPaths]
                Machine = multi "System\CurrentControlSet\Control\Print\Printers" "System\CurrentControlSet\Services"
                """,
                cites=("System\\CurrentControlSet\\Services",),
            ),
            Example(
                "no key", "[ControlSet001\\Control\\SecurePipeServers]", cites=("ControlSet001\\Control\\SecurePipeServers",)
            ),
        ),
        silent_on=(
            Example(
                "as shipped",
                r"""
                [ControlSet001\Control\SecurePipeServers\winreg\AllowedExactPaths]
                Machine = multi "System\CurrentControlSet\Control\ProductOptions" "Software\Microsoft\Windows NT\CurrentVersion"
                """,
            ),
        ),
    ),
)
