"""Hives on which the rules of `sequences_of_lists` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples

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
)
