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
    Examples(
        "bootexec-nopnpsync",
        fires_on=(
            Example(
                "an extra program beside a clean BootExecute",
                r"""
                [ControlSet001\Control\Session Manager]
                BootExecuteNoPnpSync = multi "autocheck early *"
                """,
                cites=("autocheck early *",),
                severity=Severity.CRITICAL,
            ),
            Example(
                "on a Windows that does not read it",
                r"""
                [ControlSet001\Control\Session Manager]
                BootExecuteNoPnpSync = multi "early"
                """,
                cites=("early",),
                generation="xp-x86",
                severity=Severity.MEDIUM,
            ),
        ),
        silent_on=(
            Example(
                "an empty list",
                r"""
                [ControlSet001\Control\Session Manager]
                BootExecuteNoPnpSync = multi ""
                """,
            ),
        ),
    ),
    Examples(
        "platform-execute",
        fires_on=(
            Example(
                "a program in the list",
                r"""
                [ControlSet001\Control\Session Manager]
                PlatformExecute = multi "platform /s"
                """,
                cites=("platform /s",),
                severity=Severity.CRITICAL,
            ),
            Example(
                "a single string counts as a list of one",
                r"""
                [ControlSet001\Control\Session Manager]
                PlatformExecute = sz "platform"
                """,
                cites=("platform",),
                generation="win11-22h2-x64",
            ),
        ),
        silent_on=(
            Example(
                "a blank string",
                r"""
                [ControlSet001\Control\Session Manager]
                PlatformExecute = multi "  "
                """,
            ),
        ),
    ),
    Examples(
        "sm-execute",
        fires_on=(
            Example(
                "a native program after csrss",
                r"""
                [ControlSet001\Control\Session Manager]
                Execute = multi "evil"
                """,
                cites=("evil",),
                severity=Severity.CRITICAL,
            ),
            Example(
                "two programs, the last in place of winlogon",
                r"""
                [ControlSet001\Control\Session Manager]
                Execute = multi "first.exe" "" "last.exe /logon"
                """,
                cites=("first.exe", "last.exe /logon"),
                generation="xp-x86",
            ),
        ),
        silent_on=(
            Example(
                "an empty list",
                r"""
                [ControlSet001\Control\Session Manager]
                Execute = multi
                """,
            ),
        ),
    ),
)
