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
)
