"""Hives on which the rules of `sequences_of_lists` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "seq-order-failure",
        fires_on=(
            Example(
                "the same row twice",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\Windows\Temp\a.tmp" "" "\??\C:\Windows\Temp\a.tmp" ""
                """,
                cites=(r"\??\C:\Windows\Temp\a.tmp",),
            ),
        ),
        silent_on=(
            Example(
                "rows that work",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\Windows\Temp\a.tmp" "" "\??\C:\Windows\Temp\b.tmp" ""
                """,
            ),
        ),
    ),
    Examples(
        "seq-pfro2-undoes-pfro",
        fires_on=(
            Example(
                "an agent away and back",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\Program Files\Agent" "\??\C:\Program Files\Agent_bak"
                PendingFileRenameOperations2 = multi "\??\C:\Program Files\Agent_bak" "\??\C:\Program Files\Agent"
                """,
                cites=(r"\??\C:\Program Files\Agent", r"\??\C:\Program Files\Agent_bak"),
            ),
            Example(
                "a list that is parked",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\Program Files\Agent" "\??\C:\Program Files\Agent_bak"
                PendingFileRenameOperationsOLD = multi "\??\C:\Program Files\Agent_bak" "\??\C:\Program Files\Agent"
                """,
                cites=("PendingFileRenameOperationsOLD",),
            ),
        ),
        silent_on=(
            Example(
                "two lists of different files",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\a\x" "\??\C:\a\y"
                PendingFileRenameOperations2 = multi "\??\C:\a\z" "\??\C:\a\x"
                """,
            ),
        ),
    ),
    Examples(
        "seq-edr-driver-gone-start-stays",
        fires_on=(
            Example(
                "Defender's filter driver",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\Windows\System32\drivers\WdFilter.sys" "\??\C:\Windows\System32\drivers\WdFilter.bak"
                """,
                cites=(r"\??\C:\Windows\System32\drivers\WdFilter.sys", "Start"),
                severity=Severity.CRITICAL,
            ),
            Example(
                "the folder of an agent",
                r"""
                [ControlSet001\Services\Agent]
                Type = dword 16
                Start = dword 2
                ImagePath = sz "C:\Program Files\Agent\a.exe"
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\Program Files\Agent" "\??\C:\Program Files\Agent_bak"
                """,
                cites=(r"\??\C:\Program Files\Agent",),
                severity=Severity.HIGH,
            ),
        ),
        silent_on=(
            Example(
                "an update puts a new file there",
                r"""
                [ControlSet001\Services\Agent]
                Type = dword 16
                Start = dword 2
                ImagePath = sz "C:\Program Files\Agent\a.exe"
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\Program Files\Agent\a.exe" "\??\C:\Program Files\Agent\a.old" "\??\C:\Program Files\Agent\a.new" "\??\C:\Program Files\Agent\a.exe"
                """,
            ),
        ),
    ),
    Examples(
        "seq-hive-swap",
        fires_on=(
            Example(
                "a SAM with known passwords",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\Users\Public\s" "!\??\C:\Windows\System32\config\SAM"
                """,
                cites=(r"\??\C:\Users\Public\s",),
                generation="win7-x86",
            ),
            Example(
                "the same on Windows 10, which has the hives open by then",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\Users\Public\s" "!\??\C:\Windows\System32\config\SAM"
                """,
                cites=(r"\??\C:\Users\Public\s",),
            ),
            Example(
                "in the folder of another Windows",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\Users\Public\s" "!\??\C:\WINNT\system32\config\SAM"
                """,
                cites=("\\??\\C:\\Users\\Public\\s",),
                generation="win7-x86",
                severity=Severity.MEDIUM,
            ),
        ),
        silent_on=(
            Example(
                "a hive that is deleted is told by pfro-hive-or-log-target",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\Windows\System32\config\SAM" ""
                """,
                generation="win7-x86",
            ),
        ),
    ),
)
