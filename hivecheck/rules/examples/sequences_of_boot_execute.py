"""Hives on which the rules of `sequences_of_boot_execute` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "seq-bootexec-staged-by-pfro",
        fires_on=(
            Example(
                "a program that is not there yet",
                r"""
                [ControlSet001\Control\Session Manager]
                BootExecute = multi "autocheck autochk *" "beb"
                PendingFileRenameOperations = multi "\??\C:\Users\Public\b.dat" "\??\C:\Windows\System32\beb.exe"
                """,
                cites=("beb", r"\??\C:\Users\Public\b.dat"),
                severity=Severity.CRITICAL,
            ),
        ),
        silent_on=(
            Example(
                "a program that no row touches",
                r"""
                [ControlSet001\Control\Session Manager]
                BootExecute = multi "autocheck autochk *" "beb"
                PendingFileRenameOperations = multi "\??\C:\Windows\Temp\a.tmp" ""
                """,
            ),
        ),
    ),
    Examples(
        "seq-self-erasing-bootexec",
        fires_on=(
            Example(
                "deleted after the run",
                r"""
                [ControlSet001\Control\Session Manager]
                BootExecute = multi "autocheck autochk *" "wiper"
                PendingFileRenameOperations = multi "\??\C:\Windows\System32\wiper.exe" ""
                """,
                cites=("wiper", r"\??\C:\Windows\System32\wiper.exe"),
            ),
        ),
        silent_on=(
            Example(
                "another file",
                r"""
                [ControlSet001\Control\Session Manager]
                BootExecute = multi "autocheck autochk *" "wiper"
                PendingFileRenameOperations = multi "\??\C:\Windows\Temp\wiper.exe" ""
                """,
            ),
        ),
    ),
    Examples(
        "seq-initial-command-displaces-scm",
        fires_on=(
            Example(
                "in place of wininit",
                r"""
                [ControlSet001\Control\Session Manager]
                S0InitialCommand = sz "%SystemRoot%\System32\agent.exe"
                """,
                cites=(r"%SystemRoot%\System32\agent.exe",),
            ),
            Example(
                "in place of winlogon",
                r"""
                [ControlSet001\Control\Session Manager]
                Execute = multi "agent"
                """,
                cites=("agent",),
                generation="xp-x86",
            ),
            Example(
                "by setup",
                r"""
                [Setup]
                SetupType = dword 2
                CmdLine = sz "cmd.exe /c C:\Users\Public\a.cmd"
                """,
                cites=(r"cmd.exe /c C:\Users\Public\a.cmd",),
            ),
        ),
        silent_on=(
            Example(
                "wininit itself",
                r"""
                [ControlSet001\Control\Session Manager]
                S0InitialCommand = sz "wininit.exe"
                """,
            ),
            Example(
                "Windows PE, which has its own shell instead",
                r"""
                [Setup]
                SetupType = dword 1
                SystemSetupInProgress = dword 1
                CmdLine = sz "winpeshl.exe"
                [ControlSet001\Control]
                SystemStartOptions = sz " MININT"
                [ControlSet001\Control\MiniNT]
                [ControlSet001\Control\EarlyLaunch]
                BackupPath = sz "X:\Windows\ELAMBKUP"
                [ControlSet001\Control\Session Manager\Environment]
                DriverData = sz "X:\Windows\System32\Drivers\DriverData"
                """,
            ),
        ),
    ),
    Examples(
        "seq-setup-cmd-before-logon",
        fires_on=(
            Example(
                "a program that is put in place in the same boot",
                r"""
                [Setup]
                SetupType = dword 2
                CmdLine = sz "C:\Windows\System32\agent.exe -s"
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\Users\Public\a.dat" "\??\C:\Windows\System32\agent.exe"
                """,
                cites=(r"C:\Windows\System32\agent.exe -s", r"\??\C:\Users\Public\a.dat"),
            ),
        ),
        silent_on=(
            Example(
                "without a rename it is told by setup-cmdline",
                r"""
                [Setup]
                SetupType = dword 2
                CmdLine = sz "C:\Tools\agent.exe"
                """,
            ),
        ),
    ),
)
