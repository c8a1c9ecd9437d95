"""Hives on which the rules of `hive_state` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "regf-slack-and-deleted",
        fires_on=(
            Example(
                "a boot command that was taken out",
                "",
                cites=("evil",),
                lost=("autocheck autochk *", "evil"),
                severity=Severity.MEDIUM,
            ),
            Example("an ordinary list", "", cites=("BootExecute",), lost=("autocheck autochk *",), severity=Severity.INFO),
        ),
        silent_on=(Example("nothing deleted", ""),),
    ),
    Examples(
        "dirty-hive",
        fires_on=(
            Example(
                "the logs change a value",
                "[ControlSet001\\Control]",
                cites=("BootExecute",),
                logged='[ControlSet001\\Control\\Session Manager]\nBootExecute = multi "autocheck autochk *" "x"',
            ),
        ),
        silent_on=(Example("a clean hive", ""),),
    ),
)
