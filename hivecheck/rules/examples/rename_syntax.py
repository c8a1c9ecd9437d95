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
)
