"""Hives on which the rules of `native_names` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "native-name-collision",
        fires_on=(
            Example(
                "a Windows name in BootExecute",
                r"""
                [ControlSet001\Control\Session Manager]
                BootExecute = multi "autocheck autochk *" "svchost -k netsvcs"
                """,
                cites=("svchost -k netsvcs",),
            ),
            Example(
                "a folder that users can write, and a share",
                r"""
                [ControlSet001\Control\Session Manager]
                SetupExecute = multi "\??\C:\ProgramData\upd.exe" "\\10.0.0.7\c$\upd.exe"
                """,
                cites=("\\??\\C:\\ProgramData\\upd.exe", "\\\\10.0.0.7\\c$\\upd.exe"),
                generation="win7-x64",
            ),
            Example(
                "a way back up",
                r"""
                [ControlSet001\Control\Session Manager]
                Execute = multi "\SystemRoot\System32\..\Temp\x.exe"
                """,
                cites=("\\SystemRoot\\System32\\..\\Temp\\x.exe",),
                generation="xp-x86",
            ),
            Example(
                "another extension",
                r"""
                [ControlSet001\Control\Session Manager]
                BootExecute = multi "autocheck autochk *" "update.tmp"
                """,
                cites=("update.tmp",),
            ),
        ),
        silent_on=(
            Example(
                "servicing's program with its full path, and a known scanner with an odd extension",
                r"""
                [ControlSet001\Control\Session Manager]
                BootExecute = multi "autocheck autochk *" "autocheck SsiEfr.e"
                SetupExecute = multi "C:\Windows\System32\poqexec.exe /display_progress \SystemRoot\WinSxS\pending.xml"
                """,
            ),
        ),
    ),
    Examples(
        "wpbt",
        fires_on=(
            Example(
                "not disabled",
                "[ControlSet001]",
                cites=("ControlSet001\\Control\\Session Manager",),
                severity=Severity.INFO,
            ),
            Example(
                "disabled in the other set only",
                r"""
                [ControlSet001\Control\Session Manager]
                DisableWpbtExecution = dword 0
                [ControlSet002\Control\Session Manager]
                DisableWpbtExecution = dword 1
                """,
                cites=("0", "1"),
                severity=Severity.LOW,
            ),
            Example(
                "a rename that puts a file in its place",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\Windows\Temp\a.tmp" "!\??\C:\Windows\System32\wpbbin.exe"
                """,
                cites=("\\??\\C:\\Windows\\Temp\\a.tmp",),
                severity=Severity.HIGH,
            ),
            Example(
                "a service of this name",
                r"""
                [ControlSet001\Services\Platform]
                Type = dword 16
                Start = dword 2
                ImagePath = expand "%SystemRoot%\System32\wpbbin.exe"
                """,
                cites=("ImagePath",),
                generation="win7-x64",
                severity=Severity.HIGH,
            ),
        ),
        silent_on=(
            Example(
                "disabled",
                r"""
                [ControlSet001\Control\Session Manager]
                DisableWpbtExecution = dword 1
                """,
            ),
            Example("a Windows that has no such program", "[ControlSet001]", generation="win7-x86"),
        ),
    ),
)
