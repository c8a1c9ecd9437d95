"""Hives on which the rules of `control_set_rules` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

_TWO_SETS = r"""
[Select]
Current = dword 2
Default = dword 1
LastKnownGood = dword 2

[ControlSet002\Control\Session Manager]
BootExecute = multi "autocheck autochk *"
"""

EXAMPLES = (
    Examples(
        "seq-default-ne-current",
        fires_on=(
            Example(
                "a line that only the next set holds",
                _TWO_SETS
                + r"""
                [ControlSet001\Control\Session Manager]
                Execute = multi "evil"
                """,
                cites=("Default", "evil"),
                severity=Severity.CRITICAL,
            ),
        ),
        silent_on=(Example("both are set 1", "[Select]\nCurrent = dword 1\nDefault = dword 1"),),
    ),
    Examples(
        "seq-lkg-diff",
        fires_on=(
            Example(
                "BootExecute changed since the last good boot",
                r"""
                [ControlSet001\Control\Session Manager]
                BootExecute = multi "autocheck autochk *" "evil"
                """,
                cites=("BootExecute",),
                generation="win7-x86",
                severity=Severity.HIGH,
            ),
            Example(
                "a password filter that the last known good set lacks",
                r"""
                [ControlSet001\Control\Lsa]
                Notification Packages = multi "scecli" "filter"
                """,
                cites=("Notification Packages",),
                generation="win7-x86",
                severity=Severity.HIGH,
            ),
            Example(
                "a DLL for every process, and a service in a folder of users, in the last known good set alone",
                r"""
                [ControlSet002\Control\Session Manager\AppCertDlls]
                x = sz "C:\Users\Public\a.dll"
                [ControlSet002\Services\agent]
                Type = dword 16
                Start = dword 2
                ImagePath = sz "C:\Users\Public\agent.exe"
                """,
                cites=(r"C:\Users\Public\a.dll",),
                generation="win7-x86",
                severity=Severity.HIGH,
            ),
        ),
        silent_on=(
            Example("two sets alike", "[Select]\nCurrent = dword 1", generation="win7-x86"),
            Example(
                "a service of a product that was installed since, or removed",
                r"""
                [ControlSet002\Services\agent]
                Type = dword 16
                Start = dword 3
                ImagePath = sz "\u{22}C:\Program Files\Agent\agent.exe\u{22}"
                """,
                generation="win7-x86",
            ),
        ),
    ),
    Examples(
        "seq-extra-set-on-8plus",
        fires_on=(Example("a set 3", "[ControlSet003\\Control]", cites=("ControlSet003",)),),
        silent_on=(
            Example("7 keeps two", "[ControlSet002\\Control]", generation="win7-x86"),
            Example(
                "the only set of a Select that names none",
                r"""
                [Select]
                Current = sz "1"
                Default = binary 01
                """,
            ),
        ),
    ),
    Examples(
        "seq-failed-nonzero",
        fires_on=(Example("set 2 failed", "[Select]\nFailed = dword 2", cites=("Failed",)),),
        silent_on=(Example("none failed", "[Select]\nFailed = dword 0"),),
    ),
)
