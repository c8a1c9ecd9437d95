"""Hives on which the rules of `mini_nt` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "pfro-starved",
        fires_on=(
            Example(
                "a list that waits",
                r"""
                [ControlSet001\Control\MiniNT]
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\Windows\Temp\a.tmp" ""
                """,
                cites=("PendingFileRenameOperations", r"ControlSet001\Control\MiniNT"),
            ),
        ),
        silent_on=(
            Example(
                "a list that runs",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\Windows\Temp\a.tmp" ""
                """,
            ),
            Example(
                "Windows NT 4 knows no MiniNT",
                r"""
                [ControlSet001\Control\MiniNT]
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\TEMP\a.tmp" ""
                """,
                generation="nt4-x86",
            ),
        ),
    ),
    Examples(
        "minint",
        fires_on=(
            Example(
                "an empty key",
                r"""
                [ControlSet001\Control\MiniNT]
                """,
                cites=(r"ControlSet001\Control\MiniNT",),
                severity=Severity.HIGH,
            ),
            Example(
                "the ReFS setting",
                r"""
                [ControlSet001\Control\MiniNT]
                AllowRefsFormatOverNoMirrorVolume = dword 0x12
                """,
                cites=("AllowRefsFormatOverNoMirrorVolume",),
                severity=Severity.MEDIUM,
            ),
            Example(
                "Windows PE",
                r"""
                [Setup]
                SystemSetupInProgress = dword 1
                [ControlSet001\Control]
                SystemStartOptions = sz " MININT"
                [ControlSet001\Control\MiniNT]
                [ControlSet001\Control\EarlyLaunch]
                BackupPath = sz "X:\Windows\ELAMBKUP"
                [ControlSet001\Control\Session Manager\Environment]
                DriverData = sz "X:\Windows\System32\Drivers\DriverData"
                """,
                cites=(r"ControlSet001\Control\MiniNT", " MININT"),
                severity=Severity.INFO,
            ),
            Example(
                "an installed Windows that only says so",
                r"""
                [ControlSet001\Control]
                SystemStartOptions = sz " MININT"
                [ControlSet001\Control\MiniNT]
                """,
                cites=(r"ControlSet001\Control\MiniNT",),
                severity=Severity.HIGH,
            ),
        ),
        silent_on=(
            Example("no such key", ""),
            Example(
                "Windows NT 4 knows no such key",
                r"""
                [ControlSet001\Control\MiniNT]
                """,
                generation="nt4-x86",
            ),
        ),
    ),
)
