"""Hives on which the rules of `rename_switches` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "pfro-allow-protected-renames",
        fires_on=(
            Example(
                "with a rename of a KnownDLL",
                r"""
                [ControlSet001\Control\Session Manager]
                AllowProtectedRenames = dword 1
                PendingFileRenameOperations = multi "\??\C:\x.tmp" "!\??\C:\WINDOWS\system32\user32.dll"
                """,
                cites=("1",),
                generation="xp-x86",
                severity=Severity.MEDIUM,
            ),
            Example(
                "left by a service pack",
                r"""
                [ControlSet001\Control\Session Manager]
                AllowProtectedRenames = dword 1
                """,
                cites=("1",),
                generation="xp-x86",
                severity=Severity.LOW,
            ),
        ),
        silent_on=(
            Example(
                "switched off",
                r"""
                [ControlSet001\Control\Session Manager]
                AllowProtectedRenames = dword 0
                """,
                generation="xp-x86",
            ),
        ),
    ),
    Examples(
        "pfro-cleartemp",
        fires_on=(
            Example(
                "a folder of all users",
                r"""
                [ControlSet001\Control\Session Manager]
                ClearTempFiles = dword 1
                TempFileDirectory = sz "\??\C:\Users\Public"
                """,
                cites=(r"\??\C:\Users\Public",),
                severity=Severity.MEDIUM,
            ),
            Example(
                "the flag alone",
                r"""
                [ControlSet001\Control\Session Manager]
                ClearTempFiles = dword 1
                """,
                cites=("1",),
                severity=Severity.INFO,
            ),
        ),
        silent_on=(
            Example(
                "switched off",
                r"""
                [ControlSet001\Control\Session Manager]
                ClearTempFiles = dword 0
                """,
            ),
        ),
    ),
    Examples(
        "file-rename-operations",
        fires_on=(
            Example(
                "a file to delete",
                r"""
                [ControlSet001\Control\Session Manager\FileRenameOperations]
                C:\x.log = sz "C:\x.log"
                """,
                cites=(r"C:\x.log",),
                generation="win2000-x86",
            ),
        ),
        silent_on=(
            Example(
                "the empty key",
                r"""
                [ControlSet001\Control\Session Manager\FileRenameOperations]
                """,
            ),
        ),
    ),
)
