"""Hives on which the rules of `setup_mode` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "setup-cmdline",
        fires_on=(
            Example(
                "a SetupType that is a text",
                r"""
                [Setup]
                CmdLine = sz "evil.exe"
                SetupType = sz "2"
                """,
                cites=("evil.exe", "SetupType"),
                severity=Severity.HIGH,
            ),
            Example(
                "a command prompt before logon",
                r"""
                [Setup]
                SetupType = dword 2
                CmdLine = sz "cmd.exe"
                """,
                cites=("cmd.exe", "2"),
                severity=Severity.CRITICAL,
            ),
            Example(
                "a name of setup's in another folder",
                r"""
                [Setup]
                SetupType = dword 1
                CmdLine = sz "C:\ProgramData\windeploy.exe"
                """,
                cites=("C:\\ProgramData\\windeploy.exe",),
                generation="win7-x64",
                severity=Severity.CRITICAL,
            ),
            Example(
                "one that waits for its number",
                r"""
                [Setup]
                CmdLine = sz "C:\Windows\System32\upd.exe"
                """,
                cites=("C:\\Windows\\System32\\upd.exe",),
                severity=Severity.MEDIUM,
            ),
            Example(
                "what setup left behind",
                r"""
                [Setup]
                CmdLine = sz "setup -newsetup"
                """,
                cites=("setup -newsetup",),
                generation="xp-x86",
                severity=Severity.INFO,
            ),
            Example(
                "the first run of a new image",
                r"""
                [Setup]
                SetupType = dword 2
                SystemSetupInProgress = dword 1
                CmdLine = sz "oobe\windeploy.exe"
                """,
                cites=("oobe\\windeploy.exe",),
                severity=Severity.INFO,
            ),
            Example(
                "a program of setup where no setup is in progress",
                r"""
                [Setup]
                SetupType = dword 2
                CmdLine = sz "oobe\windeploy.exe"
                """,
                cites=("oobe\\windeploy.exe",),
                severity=Severity.CRITICAL,
            ),
            Example(
                "what setup left behind, armed again",
                r"""
                [Setup]
                SetupType = dword 2
                CmdLine = sz "setup -newsetup"
                """,
                cites=("setup -newsetup", "2"),
                generation="xp-x86",
                severity=Severity.CRITICAL,
            ),
            Example(
                "a command in a list",
                r"""
                [Setup]
                SetupType = dword 2
                CmdLine = multi "cmd.exe"
                """,
                cites=("cmd.exe",),
                severity=Severity.HIGH,
            ),
            Example(
                "Windows PE",
                r"""
                [Setup]
                SetupType = dword 1
                SystemSetupInProgress = dword 1
                CmdLine = sz "winpeshl.exe"
                [ControlSet001\Control]
                SystemStartOptions = sz " NOEXECUTE=OPTIN  MININT"
                [ControlSet001\Control\MiniNT]
                [ControlSet001\Control\EarlyLaunch]
                BackupPath = sz "X:\Windows\ELAMBKUP"
                [ControlSet001\Control\Session Manager\Environment]
                DriverData = sz "X:\Windows\System32\Drivers\DriverData"
                """,
                cites=("winpeshl.exe",),
                severity=Severity.INFO,
            ),
            Example(
                "a machine that believes it is being set up",
                r"""
                [Setup]
                SystemSetupInProgress = dword 1
                """,
                cites=("1", "0"),
                severity=Severity.MEDIUM,
            ),
            Example(
                "another program for other hardware",
                r"""
                [Setup]
                RespecializeCmdLine = sz "Sysprep\sysprep.exe /respecialize /quiet & C:\x.exe"
                """,
                cites=("Sysprep\\sysprep.exe /respecialize /quiet & C:\\x.exe",),
                severity=Severity.MEDIUM,
            ),
        ),
        silent_on=(
            Example(
                "an empty command, whatever the type",
                r"""
                [Setup]
                SetupType = dword 2
                CmdLine = sz " "
                """,
            ),
        ),
    ),
)
