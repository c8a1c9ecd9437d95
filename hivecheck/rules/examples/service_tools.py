"""Hives on which the rules of `service_tools` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "svc-psexec-artefacts",
        fires_on=(
            Example(
                "PsExec",
                r"""
                [ControlSet001\Services\PSEXESVC]
                Type = dword 16
                Start = dword 3
                ImagePath = expand "%SystemRoot%\PSEXESVC.EXE"
                """,
                cites=("ImagePath",),
                severity=Severity.MEDIUM,
            ),
            Example(
                "a responder's tool",
                r"""
                [ControlSet001\Services\Mnemosyne]
                Type = dword 1
                Start = dword 3
                ImagePath = expand "\??\C:\Windows\system32\Mnemosynei386.sys"
                """,
                cites=("ImagePath",),
                severity=Severity.INFO,
            ),
            Example(
                "a driver known for its holes, under a name of its own",
                r"""
                [ControlSet001\Services\Diag]
                Type = dword 1
                Start = dword 3
                ImagePath = expand "System32\drivers\RTCore64.sys"
                """,
                cites=("ImagePath",),
                severity=Severity.MEDIUM,
            ),
        ),
        silent_on=(
            Example("services of Windows", ""),
            Example(
                "a program with the name of such a driver",
                r"""
                [ControlSet001\Services\Tuning]
                Type = dword 16
                Start = dword 3
                ImagePath = sz "\u{22}C:\Program Files\Tuning\rtcore64.exe\u{22}"
                """,
            ),
        ),
    ),
)
