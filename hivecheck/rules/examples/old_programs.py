"""Hives on which the rules of `old_programs` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "apppatches",
        fires_on=(
            Example(
                "a DLL for a setup program",
                r"""
                [ControlSet001\Control\Session Manager\AppPatches\SETUP]
                x = sz "C:\x\patch.dll"
                """,
                cites=(r"C:\x\patch.dll",),
                generation="win7-x86",
            ),
        ),
        silent_on=(
            Example(
                "a patch as Windows has them",
                r"""
                [ControlSet001\Control\Session Manager\AppPatches\VB]
                x = binary ff 06 01 02 ec 35 3f 00 04 07 80 c8 13 00
                """,
                generation="win7-x86",
            ),
        ),
    ),
    Examples(
        "appcompat-cache-wiped",
        fires_on=(
            Example(
                "four bytes are left",
                r"""
                [ControlSet001\Control\Session Manager\AppCompatCache] 2022-09-26T15:58:10Z
                AppCompatCache = binary 34 00 00 00
                """,
                cites=("AppCompatCache",),
                severity=Severity.MEDIUM,
            ),
            Example(
                "the value is gone",
                "",
                cites=("ControlSet001\\Control\\Session Manager\\AppCompatibility",),
                generation="xp-x86",
                without=("Control\\Session Manager\\AppCompatibility\\\\AppCompatCache",),
            ),
        ),
        silent_on=(
            Example("a header without a program", ""),
            Example("a Windows that has no such cache", "", generation="nt4-x86"),
        ),
    ),
)
