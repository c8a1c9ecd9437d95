"""Hives on which the rules of `clocks` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples

EXAMPLES = (
    Examples(
        "time-future-of-shutdown",
        fires_on=(
            Example(
                "the Session Manager, a day later",
                "[ControlSet001\\Control\\Session Manager] 2023-01-05T10:00:00.1234567Z",
                cites=("ControlSet001\\Control\\Session Manager",),
            ),
        ),
        silent_on=(Example("as shut down", "[ControlSet001\\Control]"),),
    ),
    Examples(
        "time-before-boot-clock",
        fires_on=(
            Example(
                "BaseTime a year off",
                "[ControlSet001\\Control\\Session Manager\\Memory Management\\PrefetchParameters]\nBaseTime = dword 600000000",
                cites=("BaseTime",),
            ),
        ),
        silent_on=(Example("as booted", "[ControlSet001\\Control]"),),
    ),
    Examples(
        "time-sibling-out-of-order",
        fires_on=(
            Example(
                "KnownDLLs written a year after",
                "[ControlSet001\\Control\\Session Manager\\KnownDLLs] 2022-09-05T10:00:00.1234567Z",
                cites=("ControlSet001\\Control\\Session Manager\\KnownDLLs",),
            ),
        ),
        silent_on=(Example("as installed", "[ControlSet001\\Control]"),),
    ),
    Examples(
        "time-round",
        fires_on=(
            Example(
                "a round time",
                "[ControlSet001\\Control\\Session Manager\\Environment] 2022-03-01T08:00:00Z",
                cites=("ControlSet001\\Control\\Session Manager\\Environment",),
            ),
            Example(
                "a time in 1601",
                "[ControlSet001\\Control\\Session Manager\\Environment] 1601-06-01T00:00:00.4471023Z",
                cites=("ControlSet001\\Control\\Session Manager\\Environment",),
            ),
        ),
        silent_on=(
            Example(
                "an ordinary time", "[ControlSet001\\Control\\Session Manager\\Environment] 2022-03-01T08:00:00.4471023Z"
            ),
        ),
    ),
)
