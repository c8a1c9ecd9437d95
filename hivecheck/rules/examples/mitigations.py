"""Hives on which the rules of `mitigations` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "kernel-mitigations",
        fires_on=(
            Example(
                "everything off, as tweak packs write it",
                r"""
                [ControlSet001\Control\Session Manager\kernel]
                MitigationOptions = binary 22 22 22 22 22 22 22 22 22 22 22 22 22 22 22 22
                """,
                cites=("22222222222222222222222222222222",),
                severity=Severity.HIGH,
            ),
            Example(
                "drive letters of users",
                r"""
                [ControlSet001\Control\Session Manager\kernel]
                DriveRemappingMitigation = dword 0
                """,
                cites=("DriveRemappingMitigation",),
                severity=Severity.HIGH,
            ),
            Example(
                "SEHOP, on 7",
                r"""
                [ControlSet001\Control\Session Manager\kernel]
                DisableExceptionChainValidation = dword 1
                """,
                cites=("DisableExceptionChainValidation",),
                generation="win7-x86",
                severity=Severity.LOW,
            ),
            Example(
                "names of objects that differ in case alone",
                r"""
                [ControlSet001\Control\Session Manager\kernel]
                ObCaseInsensitive = dword 0
                """,
                cites=("ObCaseInsensitive",),
                severity=Severity.MEDIUM,
            ),
            Example(
                "transactions of the processor are off",
                r"""
                [ControlSet001\Control\Session Manager\kernel]
                DisableTsx = dword 1
                """,
                cites=("DisableTsx",),
                severity=Severity.INFO,
            ),
            Example(
                "control flow guard, which 7 does not have",
                r"""
                [ControlSet001\Control\Session Manager\Memory Management]
                EnableCfg = dword 0
                """,
                cites=("EnableCfg",),
                generation="win7-x64",
                severity=Severity.INFO,
            ),
            Example(
                "control flow guard, on 8.1",
                r"""
                [ControlSet001\Control\Session Manager\Memory Management]
                EnableCfg = dword 0
                """,
                cites=("EnableCfg",),
                generation="win81-x64",
                severity=Severity.HIGH,
            ),
            Example(
                "options that XP does not read",
                r"""
                [ControlSet001\Control\Session Manager\kernel]
                MitigationOptions = binary 22 22 22
                """,
                cites=("222222",),
                generation="xp-x86",
                severity=Severity.INFO,
            ),
            Example(
                "drive letters of users, on 8.1",
                r"""
                [ControlSet001\Control\Session Manager\kernel]
                DriveRemappingMitigation = dword 0
                """,
                cites=("DriveRemappingMitigation",),
                generation="win81-x64",
                severity=Severity.INFO,
            ),
        ),
        silent_on=(
            Example("as shipped", ""),
            Example(
                "protections forced on",
                r"""
                [ControlSet001\Control\Session Manager\kernel]
                MitigationOptions = qword 0x111111
                DisableExceptionChainValidation = dword 0
                """,
            ),
        ),
    ),
)
