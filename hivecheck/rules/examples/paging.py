"""Hives on which the rules of `paging` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "mm-clear-pagefile",
        fires_on=(
            Example(
                "alone",
                r"""
                [ControlSet001\Control\Session Manager\Memory Management]
                ClearPageFileAtShutdown = dword 1
                """,
                cites=("1",),
                severity=Severity.LOW,
            ),
            Example(
                "with the event log off",
                r"""
                [ControlSet001\Control\Session Manager\Memory Management]
                ClearPageFileAtShutdown = dword 1
                [ControlSet001\Services\EventLog]
                Start = dword 4
                """,
                cites=("1", "4"),
                severity=Severity.MEDIUM,
            ),
        ),
        silent_on=(Example("as shipped", ""),),
    ),
    Examples(
        "mm-no-pagefile",
        fires_on=(
            Example(
                "an empty list",
                r"""
                [ControlSet001\Control\Session Manager\Memory Management]
                PagingFiles = multi
                """,
                cites=("PagingFiles",),
            ),
        ),
        silent_on=(
            Example("as shipped", "", generation="xp-x86"),
            Example(
                "no such value: smss makes one", "", without=("Control\\Session Manager\\Memory Management\\\\PagingFiles",)
            ),
        ),
    ),
    Examples(
        "mm-odd-pagefile",
        fires_on=(
            Example(
                "another name",
                r"""
                [ControlSet001\Control\Session Manager\Memory Management]
                PagingFiles = multi "C:\Windows\Temp\p.dat 100 200"
                """,
                cites=(r"C:\Windows\Temp\p.dat 100 200",),
                severity=Severity.MEDIUM,
            ),
            Example(
                "a drive that leads elsewhere",
                r"""
                [ControlSet001\Control\Session Manager\Memory Management]
                PagingFiles = multi "D:\pagefile.sys"
                [ControlSet001\Control\Session Manager\DOS Devices]
                D: = sz "\Device\HarddiskVolume9"
                """,
                cites=(r"D:\pagefile.sys",),
                generation="xp-x86",
                severity=Severity.MEDIUM,
            ),
            Example(
                "changed since the last boot",
                r"""
                [ControlSet001\Control\Session Manager\Memory Management]
                PagingFiles = multi "D:\pagefile.sys 0 0"
                """,
                cites=("PagingFiles", "ExistingPageFiles"),
                severity=Severity.INFO,
            ),
        ),
        silent_on=(
            Example("any drive", ""),
            Example("text-mode setup", "", generation="xp-x64"),
        ),
    ),
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
