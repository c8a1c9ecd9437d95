"""Hives on which the rules of `lsa_packages` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "lsa-auth-package",
        fires_on=(
            Example(
                "the client of NetWare that XP has as an option",
                r"""
                [ControlSet001\Control\Lsa]
                Authentication Packages = multi "msv1_0" "nwprovau"
                """,
                cites=("nwprovau",),
                generation="xp-x86",
                severity=Severity.LOW,
            ),
            Example(
                "one more package",
                r"""
                [ControlSet001\Control\Lsa]
                Authentication Packages = multi "msv1_0" "mssecmgr.ocx"
                """,
                cites=("mssecmgr.ocx",),
                severity=Severity.CRITICAL,
            ),
            Example(
                "that of ScreenConnect, whose service runs from the same folder",
                r"""
                [ControlSet001\Control\Lsa]
                Authentication Packages = multi "msv1_0" "C:\Program Files (x86)\ScreenConnect Client (01)\ScreenConnect.WindowsAuthenticationPackage.dll"
                [ControlSet001\Services\ScreenConnect Client (01)]
                Type = dword 16
                Start = dword 2
                ImagePath = sz "\u{22}C:\Program Files (x86)\ScreenConnect Client (01)\ScreenConnect.ClientService.exe\u{22}"
                """,
                cites=(r"C:\Program Files (x86)\ScreenConnect Client (01)\ScreenConnect.WindowsAuthenticationPackage.dll",),
                severity=Severity.MEDIUM,
            ),
            Example(
                "its name without its service",
                r"""
                [ControlSet001\Control\Lsa]
                Authentication Packages = multi "msv1_0" "C:\Program Files\x\ScreenConnect.WindowsAuthenticationPackage.dll"
                """,
                cites=(r"C:\Program Files\x\ScreenConnect.WindowsAuthenticationPackage.dll",),
                severity=Severity.CRITICAL,
            ),
        ),
        silent_on=(
            Example(
                "as shipped, with an empty string behind",
                r"""
                [ControlSet001\Control\Lsa]
                Authentication Packages = multi "msv1_0" ""
                """,
            ),
        ),
    ),
    Examples(
        "lsa-security-package",
        fires_on=(
            Example(
                "mimilib",
                r"""
                [ControlSet001\Control\Lsa]
                Security Packages = multi "\u{22}\u{22}" "mimilib"
                """,
                cites=("mimilib",),
                severity=Severity.CRITICAL,
            ),
            Example(
                "in Windows' own list",
                r"""
                [ControlSet001\Control\Lsa\OSConfig]
                Security Packages = multi "kerberos" "msv1_0" "evilssp"
                """,
                cites=("evilssp",),
                generation="win81-x64",
                severity=Severity.CRITICAL,
            ),
        ),
        silent_on=(
            Example(
                "packages of this Windows",
                r"""
                [ControlSet001\Control\Lsa]
                Security Packages = multi "kerberos" "msv1_0" "schannel" "wdigest" "tspkg" "pku2u"
                """,
                generation="win7-x64",
            ),
        ),
    ),
    Examples(
        "lsa-notification-package",
        fires_on=(
            Example(
                "a server's package on a client that never had it",
                r"""
                [ControlSet001\Control\Lsa]
                Notification Packages = multi "rassfm" "scecli"
                """,
                cites=("rassfm",),
                severity=Severity.CRITICAL,
            ),
            Example(
                "a password filter",
                r"""
                [ControlSet001\Control\Lsa]
                Notification Packages = multi "scecli" "msupdate"
                """,
                cites=("msupdate",),
                severity=Severity.CRITICAL,
            ),
            Example(
                "the name of NT 4",
                r"""
                [ControlSet001\Control\Lsa]
                Notification Packages = multi "scecli" "FPNWCLNT"
                """,
                cites=("FPNWCLNT",),
                severity=Severity.HIGH,
            ),
        ),
        silent_on=(
            Example("as shipped", ""),
            Example(
                "a server",
                r"""
                [ControlSet001\Control\ProductOptions]
                ProductType = sz "ServerNT"
                [ControlSet001\Control\Lsa]
                Notification Packages = multi "rassfm" "scecli"
                """,
            ),
            Example(
                "NT 4",
                r"""
                [ControlSet001\Control\Lsa]
                Notification Packages = multi "FPNWCLNT"
                """,
                generation="nt4-x86",
            ),
        ),
    ),
)
