"""Hives on which the rules of `lsa_posture` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "ntlm-downgrade",
        fires_on=(
            Example(
                "LM answers on Windows 10",
                r"""
                [ControlSet001\Control\Lsa]
                LmCompatibilityLevel = dword 0
                """,
                cites=("0",),
                severity=Severity.HIGH,
            ),
            Example(
                "no encryption asked for",
                r"""
                [ControlSet001\Control\Lsa\MSV1_0]
                NtlmMinClientSec = dword 0
                """,
                cites=("0",),
                severity=Severity.MEDIUM,
            ),
        ),
        silent_on=(
            Example(
                "as XP ships it",
                r"""
                [ControlSet001\Control\Lsa]
                LmCompatibilityLevel = dword 0
                nolmhash = dword 0
                [ControlSet001\Control\Lsa\MSV1_0]
                ntlmminclientsec = dword 0
                """,
                generation="xp-x86",
            ),
            Example(
                "as Windows 10 ships it, or stronger",
                r"""
                [ControlSet001\Control\Lsa]
                LmCompatibilityLevel = dword 5
                NoLMHash = dword 1
                [ControlSet001\Control\Lsa\MSV1_0]
                NtlmMinClientSec = dword 0x20080000
                """,
            ),
        ),
    ),
    Examples(
        "lsa-misc-weakening",
        fires_on=(
            Example(
                "pass the hash over remote desktop",
                r"""
                [ControlSet001\Control\Lsa]
                DisableRestrictedAdmin = dword 0
                """,
                cites=("0",),
                severity=Severity.HIGH,
            ),
            Example(
                "the machine's password never changes",
                r"""
                [ControlSet001\Services\Netlogon\Parameters]
                DisablePasswordChange = dword 1
                """,
                cites=("1",),
                severity=Severity.MEDIUM,
            ),
        ),
        silent_on=(
            Example(
                "as shipped",
                r"""
                [ControlSet001\Control\Lsa]
                everyoneincludesanonymous = dword 0
                restrictanonymous = dword 0
                restrictanonymoussam = dword 1
                limitblankpassworduse = dword 1
                crashonauditfail = dword 0
                forceguest = dword 0
                [ControlSet001\Services\Netlogon\Parameters]
                requiresignorseal = dword 1
                requirestrongkey = dword 1
                """,
            ),
        ),
    ),
)
