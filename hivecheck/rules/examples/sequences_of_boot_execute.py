"""Hives on which the rules of `sequences_of_boot_execute` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "seq-bootexec-staged-by-pfro",
        fires_on=(
            Example(
                "a program that is not there yet",
                r"""
                [ControlSet001\Control\Session Manager]
                BootExecute = multi "autocheck autochk *" "beb"
                PendingFileRenameOperations = multi "\??\C:\Users\Public\b.dat" "\??\C:\Windows\System32\beb.exe"
                """,
                cites=("beb", r"\??\C:\Users\Public\b.dat"),
                severity=Severity.CRITICAL,
            ),
        ),
        silent_on=(
            Example(
                "a program that no row touches",
                r"""
                [ControlSet001\Control\Session Manager]
                BootExecute = multi "autocheck autochk *" "beb"
                PendingFileRenameOperations = multi "\??\C:\Windows\Temp\a.tmp" ""
                """,
            ),
        ),
    ),
    Examples(
        "seq-self-erasing-bootexec",
        fires_on=(
            Example(
                "deleted after the run",
                r"""
                [ControlSet001\Control\Session Manager]
                BootExecute = multi "autocheck autochk *" "wiper"
                PendingFileRenameOperations = multi "\??\C:\Windows\System32\wiper.exe" ""
                """,
                cites=("wiper", r"\??\C:\Windows\System32\wiper.exe"),
            ),
        ),
        silent_on=(
            Example(
                "another file",
                r"""
                [ControlSet001\Control\Session Manager]
                BootExecute = multi "autocheck autochk *" "wiper"
                PendingFileRenameOperations = multi "\??\C:\Windows\Temp\wiper.exe" ""
                """,
            ),
        ),
    ),
)
