"""Hives on which the rules of `sequences_of_devices` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "seq-dosdev-redirect",
        fires_on=(
            Example(
                "the drive of Windows",
                r"""
                [ControlSet001\Control\Session Manager\DOS Devices]
                C: = sz "\Device\HarddiskVolume9"
                """,
                cites=("C:",),
                severity=Severity.CRITICAL,
            ),
            Example(
                "a letter that a service uses",
                r"""
                [ControlSet001\Control\Session Manager\DOS Devices]
                Z: = sz "\??\C:\Users\Public"
                [ControlSet001\Services\Agent]
                Type = dword 16
                Start = dword 2
                ImagePath = sz "Z:\a.exe"
                """,
                cites=("Z:",),
                severity=Severity.HIGH,
            ),
        ),
        silent_on=(
            Example(
                "a letter that nothing uses",
                r"""
                [ControlSet001\Control\Session Manager\DOS Devices]
                Z: = sz "\??\C:\Data"
                """,
            ),
        ),
    ),
    Examples(
        "seq-dosdev-then-hide",
        fires_on=(
            Example(
                "the folder behind the letter is deleted",
                r"""
                [ControlSet001\Control\Session Manager\DOS Devices]
                Z: = sz "\??\C:\Users\Public\w"
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\Users\Public\w" "\??\C:\Users\Public\v"
                """,
                cites=("Z:", r"\??\C:\Users\Public\w"),
            ),
        ),
        silent_on=(
            Example(
                "a row about another folder",
                r"""
                [ControlSet001\Control\Session Manager\DOS Devices]
                Z: = sz "\??\C:\Data"
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\Windows\Temp\a.tmp" ""
                """,
            ),
        ),
    ),
    Examples(
        "seq-pagefile-redirect",
        fires_on=(
            Example(
                "on another volume",
                r"""
                [ControlSet001\Control\Session Manager\DOS Devices]
                P: = sz "\Device\HarddiskVolume7"
                [ControlSet001\Control\Session Manager\Memory Management]
                PagingFiles = multi "P:\pagefile.sys 0 0"
                """,
                cites=("P:", r"P:\pagefile.sys 0 0"),
                severity=Severity.MEDIUM,
            ),
            Example(
                "wiped and deleted",
                r"""
                [ControlSet001\Control\Session Manager\Memory Management]
                ClearPageFileAtShutdown = dword 1
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\pagefile.sys" ""
                """,
                cites=("1", r"\??\C:\pagefile.sys"),
                severity=Severity.HIGH,
            ),
        ),
        silent_on=(
            Example(
                "cleared at shutdown, as hardening guides say",
                r"""
                [ControlSet001\Control\Session Manager\Memory Management]
                ClearPageFileAtShutdown = dword 1
                """,
            ),
        ),
    ),
)
