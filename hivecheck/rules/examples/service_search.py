"""Hives on which the rules of `service_search` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "svc-unquoted",
        fires_on=(
            Example(
                "no quotes",
                r"""
                [ControlSet001\Services\agent]
                Type = dword 16
                Start = dword 2
                ImagePath = sz "C:\Program Files\Some Agent\agent.exe -s"
                """,
                cites=(r"C:\Program Files\Some Agent\agent.exe -s",),
                severity=Severity.LOW,
            ),
            Example(
                "and a pending rename in front of it",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\Windows\Temp\a.tmp" "\??\C:\Program.exe"
                [ControlSet001\Services\agent]
                Type = dword 16
                Start = dword 2
                ImagePath = sz "C:\Program Files\Some Agent\agent.exe -s"
                """,
                cites=(r"C:\Program Files\Some Agent\agent.exe -s",),
                severity=Severity.MEDIUM,
            ),
        ),
        silent_on=(
            Example(
                "quotes, or no blank but before the arguments",
                r"""
                [ControlSet001\Services\agent]
                Type = dword 16
                Start = dword 2
                ImagePath = sz "\u{22}C:\Program Files\Some Agent\agent.exe\u{22} -s"
                [ControlSet001\Services\other]
                Type = dword 16
                Start = dword 2
                ImagePath = sz "C:\Agent\agent.exe -s C:\Program Files"
                """,
            ),
        ),
    ),
    Examples(
        "svc-relative",
        fires_on=(
            Example(
                "a bare name",
                r"""
                [ControlSet001\Services\agent]
                Type = dword 16
                Start = dword 2
                ImagePath = sz "agent.exe -s"
                """,
                cites=("agent.exe -s",),
            ),
            Example(
                "a variable that nothing defines",
                r"""
                [ControlSet001\Services\agent]
                Type = dword 16
                Start = dword 2
                ImagePath = expand "%AgentHome%\agent.exe -s"
                """,
                cites=(r"%AgentHome%\agent.exe -s",),
            ),
            Example(
                "a variable that is a bare name",
                r"""
                [ControlSet001\Control\Session Manager\Environment]
                ComSpec = expand "shell.exe"
                [ControlSet001\Services\agent]
                Type = dword 16
                Start = dword 2
                ImagePath = expand "%ComSpec% /c agent"
                """,
                cites=("%ComSpec% /c agent", "shell.exe"),
            ),
            Example(
                "a variable in a text that is not expanded",
                r"""
                [ControlSet001\Services\agent]
                Type = dword 16
                Start = dword 2
                ImagePath = sz "%ComSpec% /c agent"
                """,
                cites=("%ComSpec% /c agent",),
            ),
        ),
        silent_on=(
            Example(
                "a path below the Windows folder",
                r"""
                [ControlSet001\Services\agent]
                Type = dword 16
                Start = dword 2
                ImagePath = sz "system32\agent.exe -s"
                """,
            ),
            Example(
                "a variable that is a whole path",
                r"""
                [ControlSet001\Services\agent]
                Type = dword 16
                Start = dword 2
                ImagePath = expand "%ComSpec% /c agent"
                [ControlSet001\Services\other]
                Type = dword 16
                Start = dword 2
                ImagePath = expand "%ProgramFiles%\Other\other.exe"
                """,
            ),
        ),
    ),
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
