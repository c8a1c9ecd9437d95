"""Hives on which the rules of `known_dlls` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "knowndll-removed",
        fires_on=(
            Example(
                "user32 is gone",
                "",
                cites=("ControlSet001\\Control\\Session Manager\\KnownDLLs",),
                without=("Control\\Session Manager\\KnownDLLs\\\\user32",),
                severity=Severity.HIGH,
            ),
            Example(
                "a name of the emulation layer is gone",
                "",
                cites=("ControlSet001\\Control\\Session Manager\\KnownDLLs",),
                without=("Control\\Session Manager\\KnownDLLs\\\\_wowarmhw",),
                severity=Severity.LOW,
            ),
            Example(
                "the whole key is gone",
                "",
                cites=("ControlSet001\\Control\\Session Manager",),
                without=("Control\\Session Manager\\KnownDLLs",),
                severity=Severity.HIGH,
            ),
        ),
        silent_on=(
            Example(
                "the file is listed under another label",
                r"""
                [ControlSet001\Control\Session Manager\KnownDLLs]
                *user32 = sz "user32.dll"
                """,
                without=("Control\\Session Manager\\KnownDLLs\\\\user32",),
            ),
            Example("a clean Windows XP", "", generation="xp-x86"),
            Example("a clean Windows 7", "", generation="win7-x86"),
        ),
    ),
    Examples(
        "exclude-knowndll",
        fires_on=(
            Example(
                "ws2_32 by its label",
                r"""
                [ControlSet001\Control\Session Manager]
                ExcludeFromKnownDlls = multi "ws2_32"
                """,
                cites=("ws2_32",),
                severity=Severity.HIGH,
            ),
            Example(
                "wininet, on XP",
                r"""
                [ControlSet001\Control\Session Manager]
                ExcludeFromKnownDlls = multi "WININET.DLL"
                """,
                cites=("WININET.DLL",),
                generation="xp-x86",
                severity=Severity.MEDIUM,
            ),
            Example(
                "a DLL that is no KnownDLL",
                r"""
                [ControlSet001\Control\Session Manager]
                ExcludeFromKnownDlls = multi "mfc42.dll"
                """,
                cites=("mfc42.dll",),
                severity=Severity.LOW,
            ),
        ),
        silent_on=(
            Example(
                "an empty string",
                r"""
                [ControlSet001\Control\Session Manager]
                ExcludeFromKnownDlls = multi ""
                """,
            ),
        ),
    ),
)
