"""Hives on which the rules of `sequences_of_renames` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "seq-rename-chain",
        fires_on=(
            Example(
                "over ProgramData into System32",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi [
                  "\??\C:\Users\x\a.tmp" "\??\C:\ProgramData\b"
                  "\??\C:\ProgramData\b" "\??\C:\Windows\System32\c.dll"
                ]
                """,
                cites=(r"\??\C:\Users\x\a.tmp", r"\??\C:\ProgramData\b"),
                severity=Severity.CRITICAL,
            ),
        ),
        silent_on=(
            Example(
                "twice within one folder",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi [
                  "\??\C:\Windows\System32\SET1A0.tmp" "\??\C:\Windows\System32\SET1A1.tmp"
                  "\??\C:\Windows\System32\SET1A1.tmp" "\??\C:\Windows\System32\vendor.sys"
                ]
                """,
            ),
        ),
    ),
    Examples(
        "seq-source-created-earlier",
        fires_on=(
            Example(
                "a file of a folder that was moved",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi [
                  "\??\C:\Program Files\Windows Defender" "\??\C:\Program Files\w"
                  "\??\C:\Program Files\w\MsMpEng.exe" ""
                ]
                """,
                cites=(r"\??\C:\Program Files\w\MsMpEng.exe", r"\??\C:\Program Files\Windows Defender"),
                severity=Severity.CRITICAL,
            ),
        ),
        silent_on=(
            Example(
                "rows that have nothing to do with each other",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\a" "\??\C:\b" "\??\C:\c\x.tmp" ""
                """,
            ),
        ),
    ),
    Examples(
        "seq-parent-dir-swing",
        fires_on=(
            Example(
                "around Defender's engine",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi [
                  "\??\C:\ProgramData\Microsoft" "\??\C:\ProgramData\Microsoft_bak"
                  "\??\C:\ProgramData\Microsoft_bak\Windows Defender\Platform\4.18\MsMpEng.exe" "\??\C:\ProgramData\Microsoft_bak\Windows Defender\Platform\4.18\MsMpEng.exe_bak"
                  "\??\C:\ProgramData\Microsoft_bak" "\??\C:\ProgramData\Microsoft"
                ]
                """,
                cites=(
                    r"\??\C:\ProgramData\Microsoft",
                    r"\??\C:\ProgramData\Microsoft_bak\Windows Defender\Platform\4.18\MsMpEng.exe",
                    r"\??\C:\ProgramData\Microsoft_bak",
                ),
                severity=Severity.CRITICAL,
            ),
        ),
        silent_on=(
            Example(
                "moved and back without a change",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\a" "\??\C:\b" "\??\C:\b" "\??\C:\a"
                """,
            ),
        ),
    ),
    Examples(
        "seq-delete-then-replace",
        fires_on=(
            Example(
                "an accessibility program",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi [
                  "\??\C:\Windows\System32\sethc.exe" ""
                  "\??\C:\Users\Public\s.dat" "\??\C:\Windows\System32\sethc.exe"
                ]
                """,
                cites=(r"\??\C:\Windows\System32\sethc.exe", r"\??\C:\Users\Public\s.dat"),
                severity=Severity.CRITICAL,
            ),
        ),
        silent_on=(
            Example(
                "an updater",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi [
                  "\??\C:\Program Files\Viewer\v.exe" ""
                  "\??\C:\Program Files\Viewer\v.new" "\??\C:\Program Files\Viewer\v.exe"
                ]
                """,
            ),
        ),
    ),
)
