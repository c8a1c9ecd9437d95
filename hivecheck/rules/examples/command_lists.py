"""Hives on which the rules of `command_lists` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
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
