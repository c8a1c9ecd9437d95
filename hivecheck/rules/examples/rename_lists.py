"""Hives on which the rules of `rename_lists` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "pfro-present",
        fires_on=(
            Example(
                "a list of another name, which waits to be renamed",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations3 = multi "\??\C:\Users\Public\a" "!\??\C:\Windows\System32\kernel32.dll"
                """,
                cites=("PendingFileRenameOperations3", r"\??\C:\Users\Public\a"),
                severity=Severity.MEDIUM,
            ),
            Example(
                "an old list that an administrator kept",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperationsOLD = multi "\??\C:\Windows\Temp\a.tmp" ""
                """,
                cites=("PendingFileRenameOperationsOLD",),
                severity=Severity.INFO,
            ),
            Example(
                "an installer's leftovers",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\Users\x\AppData\Local\Temp\nsp9C0.tmp\" ""
                """,
                cites=("PendingFileRenameOperations",),
            ),
        ),
        silent_on=(Example("no list", ""),),
    ),
    Examples(
        "pfro-malformed",
        fires_on=(
            Example(
                "three strings",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\a\x.tmp" "" "\??\C:\b\y.tmp"
                """,
                cites=("PendingFileRenameOperations",),
                severity=Severity.MEDIUM,
            ),
            Example(
                "a shifted list that hides a delete from those who skip empty strings",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\a\x.tmp" "" "" "\??\C:\Windows\System32\drivers\WdFilter.sys" "" ""
                """,
                cites=("PendingFileRenameOperations", r"\??\C:\Windows\System32\drivers\WdFilter.sys"),
                severity=Severity.HIGH,
            ),
        ),
        silent_on=(
            Example(
                "two whole rows",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\a\x.tmp" "" "\??\C:\b\y.tmp" "\??\C:\b\y"
                """,
            ),
        ),
    ),
)
