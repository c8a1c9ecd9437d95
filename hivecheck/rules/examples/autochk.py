"""Hives on which the rules of `autochk` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "bootexec-emptied",
        fires_on=(
            Example(
                "an empty list",
                r"""
                [ControlSet001\Control\Session Manager]
                BootExecute = multi
                """,
                cites=("BootExecute",),
                severity=Severity.LOW,
            ),
            Example(
                "only blanks, on a machine without crash dumps and shadow copies",
                r"""
                [ControlSet001\Control\Session Manager]
                BootExecute = multi "  " ""
                [ControlSet001\Control\CrashControl]
                CrashDumpEnabled = dword 0
                [ControlSet001\Services\VSS]
                Start = dword 4
                """,
                cites=("BootExecute",),
                severity=Severity.MEDIUM,
            ),
            Example(
                "the value deleted",
                "[ControlSet001]",
                cites=("ControlSet001\\Control\\Session Manager",),
                without=("Control\\Session Manager\\\\BootExecute",),
                severity=Severity.MEDIUM,
            ),
            Example(
                "a countdown nobody can stop",
                r"""
                [ControlSet001\Control\Session Manager]
                AutoChkTimeout = dword 0
                AutoChkSkipSystemPartition = dword 1
                """,
                cites=("0", "1"),
                severity=Severity.LOW,
            ),
        ),
        silent_on=(
            Example(
                "autochk with other arguments",
                r"""
                [ControlSet001\Control\Session Manager]
                BootExecute = multi "autocheck autochk /k:D *"
                """,
            ),
        ),
    ),
    Examples(
        "bootexec-autochk-args",
        fires_on=(
            Example(
                "a scheduled check",
                r"""
                [ControlSet001\Control\Session Manager]
                BootExecute = multi "autocheck autochk /p \??\C:" "autocheck autochk *"
                """,
                cites=("autocheck autochk /p \\??\\C:",),
                severity=Severity.INFO,
            ),
            Example(
                "the volume of Windows left out",
                r"""
                [ControlSet001\Control\Session Manager]
                BootExecute = multi "autocheck autochk /k:C *"
                """,
                cites=("autocheck autochk /k:C *",),
                severity=Severity.LOW,
            ),
            Example(
                "another file among the arguments",
                r"""
                [ControlSet001\Control\Session Manager]
                BootExecute = multi "autocheck autochk C:\ProgramData\x.dat *"
                """,
                cites=("autocheck autochk C:\\ProgramData\\x.dat *",),
                generation="win7-x86",
                severity=Severity.LOW,
            ),
        ),
        silent_on=(
            Example(
                "as servers from 2012 R2 ship it",
                r"""
                [ControlSet001\Control\Session Manager]
                BootExecute = multi "autocheck autochk /q /v *"
                [ControlSet001\Control\ProductOptions]
                ProductType = sz "ServerNT"
                """,
                generation="win81-x64",
            ),
            Example(
                "as every other Windows ships it",
                r"""
                [ControlSet001\Control\Session Manager]
                BootExecute = multi "autocheck autochk *"
                """,
                generation="nt4-x86",
            ),
        ),
    ),
)
