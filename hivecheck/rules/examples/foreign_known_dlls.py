"""Hives on which the rules of `foreign_known_dlls` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "knowndll-added",
        fires_on=(
            Example(
                "a DLL that no Windows lists",
                r"""
                [ControlSet001\Control\Session Manager\KnownDLLs]
                helper = sz "helper.dll"
                """,
                cites=("helper.dll",),
                severity=Severity.HIGH,
            ),
            Example(
                "the scan interface of antivirus",
                r"""
                [ControlSet001\Control\Session Manager\KnownDLLs]
                amsi = sz "amsi.dll"
                """,
                cites=("amsi.dll",),
                severity=Severity.CRITICAL,
            ),
            Example(
                "data that leads out of the folder",
                r"""
                [ControlSet001\Control\Session Manager\KnownDLLs]
                help = sz "..\Temp\help.dll"
                """,
                cites=(r"..\Temp\help.dll",),
                generation="win7-x86",
                severity=Severity.CRITICAL,
            ),
            Example(
                "a DLL that only old Windows lists",
                r"""
                [ControlSet001\Control\Session Manager\KnownDLLs]
                olesvr32 = sz "olesvr32.dll"
                """,
                cites=("olesvr32.dll",),
                severity=Severity.LOW,
            ),
        ),
        silent_on=(
            Example(
                "a KnownDLL under a second label",
                r"""
                [ControlSet001\Control\Session Manager\KnownDLLs]
                *kernel32 = sz "kernel32.dll"
                """,
            ),
            Example("a clean Windows 11", "", generation="win11-22h2-x64"),
        ),
    ),
    Examples(
        "knowndll-renamed-data",
        fires_on=(
            Example(
                "a digit for a letter",
                r"""
                [ControlSet001\Control\Session Manager\KnownDLLs]
                advapi32 = sz "advap132.dll"
                """,
                cites=("advap132.dll",),
            ),
        ),
        silent_on=(
            Example(
                "the same file in other letters",
                r"""
                [ControlSet001\Control\Session Manager\KnownDLLs]
                advapi32 = sz "ADVAPI32.DLL"
                """,
            ),
            Example("labels with an underscore", "", generation="win10-1903-x64"),
        ),
    ),
    Examples(
        "knowndll-dir",
        fires_on=(
            Example(
                "a folder of its own",
                r"""
                [ControlSet001\Control\Session Manager\KnownDLLs]
                DllDirectory = expand "%SystemRoot%\system32\drivers\etc"
                """,
                cites=(r"%SystemRoot%\system32\drivers\etc",),
                generation="xp-x86",
                severity=Severity.CRITICAL,
            ),
            Example(
                "the value is back on a Windows without it",
                r"""
                [ControlSet001\Control\Session Manager\KnownDLLs]
                DllDirectory32 = sz "C:\ProgramData\x"
                """,
                cites=(r"C:\ProgramData\x",),
            ),
        ),
        silent_on=(
            Example("as shipped with Windows XP", "", generation="xp-x64"),
            Example(
                "the same folder, spelled out",
                r"""
                [ControlSet001\Control\Session Manager\KnownDLLs]
                DllDirectory = sz "C:\Windows\System32\"
                """,
                generation="win7-x64",
            ),
        ),
    ),
)
