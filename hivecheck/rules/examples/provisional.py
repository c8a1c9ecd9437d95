"""Hives on which the rules of `provisional` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

_RENAMES = r'PendingFileRenameOperations = multi "\??\C:\a.tmp" ""'
_SM_AT = "[ControlSet001\\Control\\Session Manager]"

EXAMPLES = (
    Examples(
        "logs-change-outcome",
        fires_on=(
            Example(
                "a program added by the logs",
                "",
                cites=("BootExecute",),
                severity=Severity.HIGH,
                logged='[ControlSet001\\Control\\Session Manager]\nBootExecute = multi "autocheck autochk *" "evil"',
            ),
        ),
        silent_on=(Example("no logs", "[ControlSet001\\Control]"),),
    ),
    Examples(
        "fast-startup-defers",
        fires_on=(
            Example(
                "a delete that waits",
                f"{_SM_AT}\n{_RENAMES}\n[ControlSet001\\Control\\Session Manager\\Power]\nHiberbootEnabled = dword 1",
                cites=("HiberbootEnabled",),
            ),
        ),
        silent_on=(
            Example(
                "nothing waits",
                "[ControlSet001\\Control\\Session Manager\\Power]\nHiberbootEnabled = dword 1",
            ),
        ),
    ),
    Examples(
        "count-drift",
        fires_on=(
            Example(
                "a list of before the boot",
                f"[ControlSet001\\Control\\Session Manager] 2022-01-20T10:00:00.1234567Z\n{_RENAMES}",
                cites=("PendingFileRenameOperations",),
            ),
        ),
        silent_on=(
            Example(
                "a list made since",
                f"[ControlSet001\\Control\\Session Manager] 2023-06-20T10:00:00.1234567Z\n{_RENAMES}",
            ),
        ),
    ),
)
