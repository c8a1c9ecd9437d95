"""Hives on which the rules of `service_settings` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "svc-failure-command",
        fires_on=(
            Example(
                "PowerShell after a crash",
                r"""
                [ControlSet001\Services\Spooler]
                FailureCommand = sz "powershell -nop -f C:\Windows\Temp\a.ps1"
                FailureActions = binary 80 51 01 00 00 00 00 00 00 00 00 00 01 00 00 00 14 00 00 00 03 00 00 00 60 ea 00 00
                """,
                cites=(r"powershell -nop -f C:\Windows\Temp\a.ps1",),
                severity=Severity.HIGH,
            ),
        ),
        silent_on=(
            Example(
                "the action is another, or the command is one that Windows ships",
                r"""
                [ControlSet001\Services\Spooler]
                FailureCommand = sz "powershell -nop -f C:\Windows\Temp\a.ps1"
                FailureActions = binary 80 51 01 00 00 00 00 00 00 00 00 00 01 00 00 00 14 00 00 00 01 00 00 00 60 ea 00 00
                [ControlSet001\Services\spectrum]
                Type = dword 16
                Start = dword 3
                FailureCommand = sz "\u{22}C:\Windows\System32\Spectrum.exe\u{22} -safemode"
                FailureActions = binary 80 51 01 00 00 00 00 00 00 00 00 00 01 00 00 00 14 00 00 00 03 00 00 00 60 ea 00 00
                """,
            ),
        ),
    ),
    Examples(
        "svc-type-oddities",
        fires_on=(
            Example(
                "a program that starts like a boot driver",
                r"""
                [ControlSet001\Services\boots]
                Type = dword 16
                Start = dword 0
                ImagePath = expand "%SystemRoot%\System32\boots.exe"
                """,
                cites=("Start",),
            ),
            Example(
                "Start as text",
                r"""
                [ControlSet001\Services\boots]
                Type = dword 16
                Start = sz "2"
                ImagePath = expand "%SystemRoot%\System32\boots.exe"
                """,
                cites=("Start",),
            ),
            Example(
                "the program as a list",
                r"""
                [ControlSet001\Services\boots]
                Type = dword 16
                Start = dword 2
                ImagePath = multi "C:\Windows\System32\boots.exe"
                """,
                cites=("ImagePath",),
                severity=Severity.LOW,
            ),
        ),
        silent_on=(
            Example(
                "an instance of a per-user service",
                r"""
                [ControlSet001\Services\CDPUserSvc_1a2b3]
                Type = dword 0xe0
                Start = dword 2
                ImagePath = expand "%SystemRoot%\System32\svchost.exe -k UnistackSvcGroup"
                """,
            ),
        ),
    ),
    Examples(
        "svc-environment",
        fires_on=(
            Example(
                "a profiler for one service",
                r"""
                [ControlSet001\Services\Spooler]
                Environment = multi "COR_ENABLE_PROFILING=1" "COR_PROFILER_PATH=C:\ProgramData\p.dll"
                """,
                cites=(r"COR_PROFILER_PATH=C:\ProgramData\p.dll",),
                severity=Severity.HIGH,
            ),
        ),
        silent_on=(
            Example(
                "a variable that loads nothing",
                r"""
                [ControlSet001\Services\Spooler]
                Environment = multi "LOGLEVEL=3"
                """,
            ),
        ),
    ),
)
