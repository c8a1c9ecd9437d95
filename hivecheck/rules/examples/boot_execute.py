"""Hives on which the rules of `boot_execute` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "bootexec-extra",
        fires_on=(
            Example(
                "autoche in the place of autochk, as LoJax wrote it",
                r"""
                [ControlSet001\Control\Session Manager]
                BootExecute = multi "autocheck autoche *"
                """,
                cites=("autocheck autoche *",),
                severity=Severity.CRITICAL,
            ),
            Example(
                "a name one letter longer than autochk",
                r"""
                [ControlSet001\Control\Session Manager]
                BootExecute = multi "autocheck autochk *" "autocheck autochk2 *"
                """,
                cites=("autocheck autochk2 *",),
                generation="win7-x64",
                severity=Severity.CRITICAL,
            ),
            Example(
                "a name nobody knows",
                r"""
                [ControlSet001\Control\Session Manager]
                BootExecute = multi "autocheck autochk *" "ntsvcfg /s"
                """,
                cites=("ntsvcfg /s",),
                generation="xp-x86",
                severity=Severity.HIGH,
            ),
            Example(
                "a defragmenter whose product is gone",
                r"""
                [ControlSet001\Control\Session Manager]
                BootExecute = multi "PDBoot.exe" "autocheck autochk *"
                """,
                cites=("PDBoot.exe",),
                severity=Severity.MEDIUM,
            ),
            Example(
                "the same with its service",
                r"""
                [ControlSet001\Control\Session Manager]
                BootExecute = multi "PDBoot.exe" "autocheck autochk *"
                [ControlSet001\Services\PDAgent]
                Type = dword 16
                Start = dword 2
                ImagePath = expand "\u{22}C:\Program Files\Raxco\PerfectDisk\PDAgent.exe\u{22}"
                """,
                cites=("PDBoot.exe",),
                severity=Severity.INFO,
            ),
        ),
        silent_on=(
            Example(
                "as shipped, without the NUL of the list",
                r"""
                [ControlSet001\Control\Session Manager]
                BootExecute = multi "autocheck autochk *" cut 2
                """,
            ),
            Example(
                "a scheduled check, and a line that smss drops as a copy",
                r"""
                [ControlSet001\Control\Session Manager]
                BootExecute = multi "autocheck autochk /p \??\C:" "autocheck autochk *" "autocheck AUTOCHK *" ""
                """,
            ),
        ),
    ),
)
