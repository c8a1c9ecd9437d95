"""Hives on which the rules of `boot_shell` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "boot-shell",
        fires_on=(
            Example(
                "another program",
                r"""
                [ControlSet001\Control\Session Manager]
                BootShell = expand "%SystemRoot%\system32\bootui.exe"
                """,
                cites=("%SystemRoot%\\system32\\bootui.exe",),
                severity=Severity.HIGH,
            ),
            Example(
                "on a Windows that has none",
                r"""
                [ControlSet001\Control\Session Manager]
                BootShell = expand "%SystemRoot%\system32\bootim.exe /x"
                """,
                cites=("%SystemRoot%\\system32\\bootim.exe /x",),
                generation="win7-x64",
                severity=Severity.MEDIUM,
            ),
        ),
        silent_on=(
            Example(
                "the usual one, spelled otherwise",
                r"""
                [ControlSet001\Control\Session Manager]
                BootShell = sz "\SystemRoot\System32\BOOTIM.EXE"
                """,
            ),
        ),
    ),
    Examples(
        "run-level",
        fires_on=(
            Example(
                "another name",
                r"""
                [ControlSet001\Control\Session Manager]
                RunLevelExecute = multi "WinInit" "ServiceControlManager" "Helper"
                """,
                cites=("Helper",),
            ),
            Example(
                "an empty list",
                r"""
                [ControlSet001\Control\Session Manager]
                RunLevelValidate = multi
                """,
                cites=("RunLevelValidate",),
                generation="win81-x64",
            ),
        ),
        silent_on=(
            Example(
                "as shipped, in another order",
                r"""
                [ControlSet001\Control\Session Manager]
                RunLevelExecute = multi "ServiceControlManager" "wininit"
                RunLevelValidate = multi "ServiceControlManager"
                """,
            ),
        ),
    ),
    Examples(
        "s0-initial-command",
        fires_on=(
            Example(
                "a program of its own",
                r"""
                [ControlSet001\Control\Session Manager]
                S0InitialCommand = expand "%SystemRoot%\System32\init0.exe"
                """,
                cites=("%SystemRoot%\\System32\\init0.exe",),
                severity=Severity.CRITICAL,
            ),
            Example(
                "for another session",
                r"""
                [ControlSet001\Control\Session Manager]
                S1InitialCommand = multi "logon1.exe"
                """,
                cites=("logon1.exe",),
                generation="win7-x64",
                severity=Severity.CRITICAL,
            ),
            Example(
                "wininit itself",
                r"""
                [ControlSet001\Control\Session Manager]
                S0InitialCommand = sz "wininit.exe"
                """,
                cites=("wininit.exe",),
                severity=Severity.LOW,
            ),
            Example(
                "on a Windows that does not read it",
                r"""
                [ControlSet001\Control\Session Manager]
                S0InitialCommand = sz "init0.exe"
                """,
                cites=("init0.exe",),
                generation="xp-x86",
                severity=Severity.MEDIUM,
            ),
        ),
        silent_on=(
            Example(
                "an empty value",
                r"""
                [ControlSet001\Control\Session Manager]
                S0InitialCommand = sz ""
                """,
            ),
        ),
    ),
    Examples(
        "globalflag-debug-initial-command",
        fires_on=(
            Example(
                "on XP",
                r"""
                [ControlSet001\Control\Session Manager]
                GlobalFlag = dword 4
                """,
                cites=("0x4",),
                generation="xp-x86",
                severity=Severity.HIGH,
            ),
            Example(
                "on Windows 10, where it is doubtful",
                r"""
                [ControlSet001\Control\Session Manager]
                GlobalFlag = dword 0x04000000
                """,
                cites=("0x4000000",),
                severity=Severity.MEDIUM,
            ),
        ),
        silent_on=(
            Example(
                "the flags that NT 3.1 ships",
                r"""
                [ControlSet001\Control\Session Manager]
                GlobalFlag = dword 0x21100000
                """,
                generation="nt351-x86",
            ),
        ),
    ),
)
