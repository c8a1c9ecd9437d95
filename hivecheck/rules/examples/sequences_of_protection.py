"""Hives on which the rules of `sequences_of_protection` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples

EXAMPLES = (
    Examples(
        "seq-safeboot-trap",
        fires_on=(
            Example(
                "a service in a folder of all users",
                r"""
                [ControlSet001\Services\BackupMan]
                Type = dword 16
                Start = dword 2
                ImagePath = sz "C:\Users\Public\b.exe"
                [ControlSet001\Control\SafeBoot\Minimal\BackupMan]
                @ = sz "Service"
                """,
                cites=("ImagePath", r"ControlSet001\Control\SafeBoot\Minimal\BackupMan"),
            ),
        ),
        silent_on=(
            Example(
                "a program that was added, and nothing else",
                r"""
                [ControlSet001\Control\SafeBoot\Minimal\WinDefend]
                @ = sz "Service"
                [ControlSet001\Services\Agent]
                Type = dword 16
                Start = dword 2
                ImagePath = sz "C:\Program Files\Agent\a.exe"
                [ControlSet001\Control\SafeBoot\Minimal\Agent]
                @ = sz "Service"
                """,
            ),
        ),
    ),
    Examples(
        "seq-minifilter-window",
        fires_on=(
            Example(
                "disabled since the last good boot",
                r"""
                [ControlSet001\Services\WinDefend]
                Type = dword 32
                Start = dword 4
                [ControlSet002\Services\WinDefend]
                Type = dword 32
                Start = dword 2
                """,
                cites=("Start",),
                generation="win7-x86",
            ),
            Example(
                "marked as deleted since the last good boot",
                r"""
                [ControlSet001\Services\WinDefend]
                Type = dword 32
                Start = dword 2
                DeleteFlag = dword 1
                [ControlSet002\Services\WinDefend]
                Type = dword 32
                Start = dword 2
                """,
                cites=("DeleteFlag", "Start"),
                generation="win7-x86",
            ),
        ),
        silent_on=(
            Example(
                "disabled in both",
                r"""
                [ControlSet001\Services\WinDefend]
                Type = dword 32
                Start = dword 4
                [ControlSet002\Services\WinDefend]
                Type = dword 32
                Start = dword 4
                """,
                generation="win7-x86",
            ),
        ),
    ),
)
