"""Hives on which the rules of `rename_syntax` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "pfro-odd-path",
        fires_on=(
            Example(
                "a junction named like Program Files",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\program-files\Agent\agent.exe" ""
                """,
                cites=(r"\??\C:\program-files\Agent\agent.exe",),
                severity=Severity.HIGH,
            ),
            Example(
                "a stream",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\Users\Public\u.dat:s" ""
                """,
                cites=(r"\??\C:\Users\Public\u.dat:s",),
                severity=Severity.MEDIUM,
            ),
        ),
        silent_on=(
            Example(
                "a user's folder with letters of its own, and a short name",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\Users\Jörg\AppData\Local\Temp\nsx1.tmp" "" "\??\C:\DOCUME~1\a\LOCALS~1\Temp\x.tmp" ""
                """,
            ),
        ),
    ),
    Examples(
        "pfro-redirect-flag",
        fires_on=(
            Example(
                "a file of all users",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "*0\??\C:\Users\Public\u.dat" "*0!\??\C:\Windows\System32\Utilman.exe"
                """,
                cites=(r"*0\??\C:\Users\Public\u.dat",),
                generation="win11-22h2-x64",
                severity=Severity.HIGH,
            ),
            Example(
                "a font",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\Windows\Fonts\a.ttf.new" "*1!\??\C:\Windows\Fonts\a.ttf"
                """,
                cites=("PendingFileRenameOperations",),
                generation="win11-22h2-x64",
                severity=Severity.INFO,
            ),
        ),
        silent_on=(
            Example(
                "no mark",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\Windows\Fonts\a.ttf.new" "!\??\C:\Windows\Fonts\a.ttf"
                """,
            ),
        ),
    ),
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
