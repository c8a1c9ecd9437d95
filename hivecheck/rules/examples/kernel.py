"""Hives on which the rules of `kernel` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "globalflag-bits",
        fires_on=(
            Example(
                "winlogon is debugged, on XP",
                r"""
                [ControlSet001\Control\Session Manager]
                GlobalFlag = dword 0x4000000
                """,
                cites=("67108864",),
                generation="xp-x86",
                severity=Severity.HIGH,
            ),
            Example(
                "the same, on 10",
                r"""
                [ControlSet001\Control\Session Manager]
                GlobalFlag = dword 0x4000000
                """,
                cites=("67108864",),
                severity=Severity.MEDIUM,
            ),
            Example(
                "protected DLLs are not verified",
                r"""
                [ControlSet001\Control\Session Manager]
                GlobalFlag = dword 0x80000000
                """,
                cites=("2147483648",),
                severity=Severity.HIGH,
            ),
            Example(
                "pool tagging",
                r"""
                [ControlSet001\Control\Session Manager]
                GlobalFlag = dword 0x400
                """,
                cites=("1024",),
                severity=Severity.INFO,
            ),
        ),
        silent_on=(Example("as shipped", ""),),
    ),
    Examples(
        "kernel-obunsecure",
        fires_on=(
            Example(
                "a name more",
                r"""
                [ControlSet001\Control\Session Manager\kernel]
                ObUnsecureGlobalNames = multi "netfxcustomperfcounters.1.0" "SharedPerfIPCBlock" "MyBlock"
                """,
                cites=("MyBlock",),
            ),
        ),
        silent_on=(
            Example("as XP ships it", "", generation="xp-x86"),
            Example("as 10 ships it", ""),
        ),
    ),
    Examples(
        "io-remote-dasd",
        fires_on=(
            Example(
                "allowed",
                r"""
                [ControlSet001\Control\Session Manager\I/O System]
                AllowRemoteDASD = dword 1
                """,
                cites=("AllowRemoteDASD",),
            ),
        ),
        silent_on=(Example("as shipped", ""),),
    ),
    Examples(
        "cm-volatile",
        fires_on=(
            Example(
                "volatile hives",
                r"""
                [ControlSet001\Control\Session Manager\Configuration Manager]
                VolatileBoot = dword 1
                """,
                cites=("VolatileBoot",),
                severity=Severity.MEDIUM,
            ),
            Example(
                "separated states",
                r"""
                [ControlSet001\Control\StateSeparation\Policy]
                Enabled = dword 1
                """,
                cites=("Enabled",),
                severity=Severity.MEDIUM,
            ),
        ),
        silent_on=(
            Example(
                "as shipped",
                r"""
                [ControlSet001\Control\StateSeparation\Policy]
                Enabled = dword 0
                """,
            ),
        ),
    ),
    Examples(
        "hiberboot",
        fires_on=(Example("as 10 ships it", "", cites=("HiberbootEnabled",)),),
        silent_on=(
            Example(
                "switched off",
                r"""
                [ControlSet001\Control\Session Manager\Power]
                HiberbootEnabled = dword 0
                """,
            ),
            Example("a Windows without it", "", generation="win7-x86"),
        ),
    ),
)
