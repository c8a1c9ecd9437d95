"""Hives on which the rules of `crash_control` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "crash-control",
        fires_on=(
            Example(
                "no dumps",
                r"""
                [ControlSet001\Control\CrashControl]
                CrashDumpEnabled = dword 0
                """,
                cites=("0",),
                severity=Severity.MEDIUM,
            ),
            Example(
                "a driver in the crash stack",
                r"""
                [ControlSet001\Control\CrashControl]
                DumpFilters = multi "dumpfve.sys" "evilfve.sys"
                """,
                cites=("evilfve.sys",),
                severity=Severity.HIGH,
            ),
            Example(
                "the driver of an installed encryption",
                r"""
                [ControlSet001\Control\CrashControl]
                DumpFilters = multi "dumpfve.sys" "veracrypt.sys"
                [ControlSet001\Services\veracrypt]
                Type = dword 1
                Start = dword 0
                """,
                cites=("veracrypt.sys",),
                severity=Severity.LOW,
            ),
            Example(
                "the dump goes to all users",
                r"""
                [ControlSet001\Control\CrashControl]
                DumpFile = expand "C:\Users\Public\m.dmp"
                """,
                cites=(r"C:\Users\Public\m.dmp",),
                severity=Severity.MEDIUM,
            ),
        ),
        silent_on=(
            Example("as shipped", "[ControlSet001\\Control]"),
            Example("as XP ships", "[ControlSet001]", generation="xp-x86"),
        ),
    ),
)
