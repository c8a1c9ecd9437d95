"""Hives on which the rules of `environment` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "env-comspec",
        fires_on=(
            Example(
                "a program of somebody's own",
                r"""
                [ControlSet001\Control\Session Manager\Environment]
                ComSpec = expand "%SystemRoot%\system32\cmd32.exe"
                """,
                cites=(r"%SystemRoot%\system32\cmd32.exe",),
                severity=Severity.CRITICAL,
            ),
            Example(
                "Take Command",
                r"""
                [ControlSet001\Control\Session Manager\Environment]
                ComSpec = sz "C:\Program Files\JPSoft\TCMD28\tcc.exe"
                """,
                cites=(r"C:\Program Files\JPSoft\TCMD28\tcc.exe",),
                severity=Severity.MEDIUM,
            ),
        ),
        silent_on=(
            Example(
                "spelled out",
                r"""
                [ControlSet001\Control\Session Manager\Environment]
                ComSpec = sz "C:\WINDOWS\SYSTEM32\CMD.EXE"
                """,
            ),
        ),
    ),
    Examples(
        "env-windir",
        fires_on=(
            Example(
                "another drive",
                r"""
                [ControlSet001\Control\Session Manager\Environment]
                SystemDrive = sz "D:"
                """,
                cites=("D:",),
                severity=Severity.HIGH,
            ),
            Example(
                "another folder",
                r"""
                [ControlSet001\Control\Session Manager\Environment]
                windir = sz "C:\ProgramData\w"
                """,
                cites=(r"C:\ProgramData\w",),
                severity=Severity.CRITICAL,
            ),
            Example(
                "SystemRoot does not belong there",
                r"""
                [ControlSet001\Control\Session Manager\Environment]
                SystemRoot = sz "C:\Win"
                """,
                cites=(r"C:\Win",),
                generation="xp-x86",
                severity=Severity.CRITICAL,
            ),
        ),
        silent_on=(
            Example(
                "spelled out",
                r"""
                [ControlSet001\Control\Session Manager\Environment]
                windir = sz "C:\Windows"
                """,
            ),
        ),
    ),
    Examples(
        "env-tempdir",
        fires_on=(
            Example(
                "a folder of all users",
                r"""
                [ControlSet001\Control\Session Manager\Environment]
                TEMP = sz "C:\Users\Public\t"
                """,
                cites=(r"C:\Users\Public\t",),
                severity=Severity.MEDIUM,
            ),
            Example(
                "another name of the system",
                r"""
                [ControlSet001\Control\Session Manager\Environment]
                OS = sz "Linux"
                """,
                cites=("Linux",),
                severity=Severity.LOW,
            ),
        ),
        silent_on=(
            Example(
                "spelled out",
                r"""
                [ControlSet001\Control\Session Manager\Environment]
                TEMP = sz "C:\WINDOWS\TEMP"
                """,
            ),
            Example(
                "variables of products",
                r"""
                [ControlSet001\Control\Session Manager\Environment]
                DEFLOGDIR = sz "C:\ProgramData\McAfee\DesktopProtection"
                VSEDEFLOGDIR = sz "C:\ProgramData\McAfee\DesktopProtection"
                VS140COMNTOOLS = sz "C:\Program Files (x86)\Microsoft Visual Studio 14.0\Common7\Tools\"
                ChocolateyInstall = sz "C:\ProgramData\chocolatey"
                """,
            ),
        ),
    ),
)
