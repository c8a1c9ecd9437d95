"""Hives on which the rules of `lsa_extensions` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "lsa-msv-subauth",
        fires_on=(
            Example(
                "one more DLL",
                r"""
                [ControlSet001\Control\Lsa\MSV1_0]
                Auth0 = sz "subauth"
                """,
                cites=("subauth",),
            ),
        ),
        silent_on=(
            Example(
                "as shipped",
                r"""
                [ControlSet001\Control\Lsa\MSV1_0]
                Auth132 = sz "IISSUBA"
                """,
            ),
        ),
    ),
    Examples(
        "lsa-extension-config",
        fires_on=(
            Example(
                "one more extension",
                r"""
                [ControlSet001\Control\LsaExtensionConfig\LsaSrv]
                Extensions = multi "lsasrv.dll" "efslsaext.dll" "evil.dll"
                """,
                cites=("evil.dll",),
            ),
            Example(
                "an extension of the directory service",
                r"""
                [ControlSet001\Services\NTDS]
                LsaDbExtPt = sz "C:\ProgramData\lsadb.dll"
                """,
                cites=(r"C:\ProgramData\lsadb.dll",),
            ),
        ),
        silent_on=(
            Example(
                "as shipped",
                r"""
                [ControlSet001\Control\LsaExtensionConfig\LsaSrv]
                Extensions = multi "lsasrv.dll" "efslsaext.dll"
                [ControlSet001\Control\LsaExtensionConfig\Interfaces\1002]
                Extension = sz "dpapisrv.dll"
                [ControlSet001\Services\NTDS]
                LsaDbExtPt = sz "C:\Windows\system32\lsadb.dll"
                """,
            ),
        ),
    ),
    Examples(
        "security-providers",
        fires_on=(
            Example(
                "one more",
                r"""
                [ControlSet001\Control\SecurityProviders]
                SecurityProviders = sz "credssp.dll, evilssp.dll"
                """,
                cites=("credssp.dll, evilssp.dll",),
                severity=Severity.CRITICAL,
            ),
        ),
        silent_on=(
            Example("as shipped", ""),
            Example(
                "the four of XP",
                r"""
                [ControlSet001\Control\SecurityProviders]
                SecurityProviders = sz "msapsspc.dll, schannel.dll, digest.dll, msnsspc.dll"
                """,
                generation="xp-x86",
            ),
        ),
    ),
    Examples(
        "lsa-ppl-off",
        fires_on=(
            Example(
                "off for good",
                r"""
                [ControlSet001\Control\Lsa] 2021-12-06T13:00:00Z
                RunAsPPL = dword 0
                """,
                cites=("0",),
                severity=Severity.LOW,
            ),
            Example(
                "off here, on in the other set",
                r"""
                [ControlSet001\Control\Lsa] 2021-12-06T13:00:00Z
                RunAsPPL = dword 0
                [ControlSet002\Control\Lsa]
                RunAsPPL = dword 1
                """,
                cites=("0",),
                severity=Severity.HIGH,
            ),
            Example(
                "2 before 11 22H2",
                r"""
                [ControlSet001\Control\Lsa]
                RunAsPPL = dword 2
                """,
                cites=("2",),
                severity=Severity.LOW,
            ),
            Example(
                "2 on 8.1, and 1 in the other set",
                r"""
                [ControlSet001\Control\Lsa]
                RunAsPPL = dword 2
                [ControlSet002\Control\Lsa]
                RunAsPPL = dword 1
                """,
                cites=("2",),
                generation="win81-x64",
                severity=Severity.MEDIUM,
            ),
            Example(
                "off on 8.1, and in the other set a number that it does not know",
                r"""
                [ControlSet001\Control\Lsa] 2014-01-01T13:00:00Z
                RunAsPPL = dword 0
                [ControlSet002\Control\Lsa]
                RunAsPPL = dword 2
                """,
                cites=("0",),
                generation="win81-x64",
                severity=Severity.LOW,
            ),
        ),
        silent_on=(
            Example(
                "on",
                r"""
                [ControlSet001\Control\Lsa]
                RunAsPPL = dword 1
                """,
            ),
            Example("not there, on Windows 10", ""),
            Example(
                "2 on 11 22H2",
                r"""
                [ControlSet001\Control\Lsa]
                RunAsPPL = dword 2
                """,
                generation="win11-22h2-x64",
            ),
            Example(
                "on 7, which has no such protection",
                r"""
                [ControlSet001\Control\Lsa]
                RunAsPPL = dword 0
                """,
                generation="win7-x64",
            ),
        ),
    ),
    Examples(
        "lsa-cfgflags",
        fires_on=(
            Example(
                "off by a value",
                r"""
                [ControlSet001\Control\Lsa] 2021-12-06T13:00:00Z
                LsaCfgFlags = dword 0
                """,
                cites=("0",),
                severity=Severity.LOW,
            ),
        ),
        silent_on=(
            Example(
                "the default",
                r"""
                [ControlSet001\Control\Lsa]
                LsaCfgFlagsDefault = dword 0
                """,
            ),
        ),
    ),
    Examples(
        "wdigest-cleartext",
        fires_on=(
            Example(
                "on Windows 10",
                r"""
                [ControlSet001\Control\SecurityProviders\WDigest]
                UseLogonCredential = dword 1
                """,
                cites=("1",),
                severity=Severity.HIGH,
            ),
            Example(
                "on Windows 7",
                r"""
                [ControlSet001\Control\SecurityProviders\WDigest]
                UseLogonCredential = dword 1
                """,
                cites=("1",),
                generation="win7-x64",
                severity=Severity.INFO,
            ),
        ),
        silent_on=(
            Example(
                "off",
                r"""
                [ControlSet001\Control\SecurityProviders\WDigest]
                UseLogonCredential = dword 0
                """,
            ),
        ),
    ),
)
