"""Hives on which the rules of `subsystems` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "subsystem-required-extra",
        fires_on=(
            Example(
                "a subsystem of somebody's own",
                r"""
                [ControlSet001\Control\Session Manager\SubSystems]
                Required = multi "Debug" "Windows" "Helper"
                Helper = expand "%SystemRoot%\system32\helper.exe"
                """,
                cites=("Helper", r"%SystemRoot%\system32\helper.exe"),
                severity=Severity.CRITICAL,
            ),
            Example(
                "another program behind Posix",
                r"""
                [ControlSet001\Control\Session Manager\SubSystems]
                Posix = expand "%SystemRoot%\system32\psx.exe"
                """,
                cites=(r"%SystemRoot%\system32\psx.exe",),
                generation="xp-x86",
                severity=Severity.HIGH,
            ),
            Example(
                "Posix on a Windows that has none",
                r"""
                [ControlSet001\Control\Session Manager\SubSystems]
                Optional = multi "Posix"
                Posix = expand "%SystemRoot%\system32\psxss.exe"
                """,
                cites=("Posix",),
                generation="win8-x64",
                severity=Severity.INFO,
            ),
            Example(
                "Posix on a Windows that can have none",
                r"""
                [ControlSet001\Control\Session Manager\SubSystems]
                Optional = multi "Posix"
                Posix = expand "%SystemRoot%\system32\psxss.exe"
                """,
                cites=("Posix", r"%SystemRoot%\system32\psxss.exe"),
                severity=Severity.HIGH,
            ),
        ),
        silent_on=(
            Example("as XP ships it", "", generation="xp-x86"),
            Example("as NT 4 ships it", "", generation="nt4-x86"),
            Example("an unnamed mnmsrvc is harmless", "", generation="win7-x86"),
        ),
    ),
    Examples(
        "subsystem-kmode",
        fires_on=(
            Example(
                "a letter more",
                r"""
                [ControlSet001\Control\Session Manager\SubSystems]
                Kmode = expand "\SystemRoot\System32\win32kx.sys"
                """,
                cites=(r"\SystemRoot\System32\win32kx.sys",),
            ),
        ),
        silent_on=(
            Example("as shipped up to 2003", "", generation="xp-x64"),
            Example("as shipped since Vista", "", generation="vista-x86"),
        ),
    ),
    Examples(
        "subsystem-debug",
        fires_on=(
            Example(
                "a command",
                r"""
                [ControlSet001\Control\Session Manager\SubSystems]
                Debug = expand "%SystemRoot%\system32\dbgss.exe"
                """,
                cites=(r"%SystemRoot%\system32\dbgss.exe",),
                severity=Severity.CRITICAL,
            ),
        ),
        silent_on=(Example("as shipped", "", generation="win7-x86"),),
    ),
    Examples(
        "initial-sessions",
        fires_on=(
            Example(
                "one session",
                r"""
                [ControlSet001\Control\Session Manager]
                NumberOfInitialSessions = dword 1
                """,
                cites=("1",),
            ),
        ),
        silent_on=(
            Example("as shipped", "", generation="win7-x86"),
            Example(
                "a Windows that does not read it",
                r"""
                [ControlSet001\Control\Session Manager]
                NumberOfInitialSessions = dword 1
                """,
                generation="xp-x86",
            ),
        ),
    ),
)
