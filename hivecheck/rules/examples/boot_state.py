"""Hives on which the rules of `boot_state` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "start-options",
        fires_on=(
            Example(
                "test signing",
                r"""
                [ControlSet001\Control]
                SystemStartOptions = sz " NOEXECUTE=OPTIN  TESTSIGNING"
                """,
                cites=(" NOEXECUTE=OPTIN  TESTSIGNING",),
                severity=Severity.HIGH,
            ),
            Example(
                "a debugger on XP",
                r"""
                [ControlSet001\Control]
                SystemStartOptions = sz "NOEXECUTE=OPTIN  FASTDETECT  DEBUGPORT=COM1"
                """,
                cites=("NOEXECUTE=OPTIN  FASTDETECT  DEBUGPORT=COM1",),
                generation="xp-x86",
                severity=Severity.MEDIUM,
            ),
            Example(
                "an Insider's machine",
                r"""
                [ControlSet001\Control]
                SystemStartOptions = sz " NOEXECUTE=OPTIN  FLIGHTSIGNING"
                """,
                cites=(" NOEXECUTE=OPTIN  FLIGHTSIGNING",),
                severity=Severity.INFO,
            ),
            Example(
                "Windows PE",
                r"""
                [Setup]
                SystemSetupInProgress = dword 1
                [ControlSet001\Control]
                SystemStartOptions = sz " MININT"
                [ControlSet001\Control\MiniNT]
                [ControlSet001\Control\EarlyLaunch]
                BackupPath = sz "X:\Windows\ELAMBKUP"
                [ControlSet001\Control\Session Manager\Environment]
                DriverData = sz "X:\Windows\System32\Drivers\DriverData"
                """,
                cites=(" MININT",),
                severity=Severity.INFO,
            ),
        ),
        silent_on=(
            Example(
                "ordinary options",
                r"""
                [ControlSet001\Control]
                SystemStartOptions = sz " NOEXECUTE=OPTIN  NODEBUG  NOVGA"
                """,
            ),
        ),
    ),
    Examples(
        "boot-verification-program",
        fires_on=(
            Example(
                "a foreign program",
                r"""
                [ControlSet001\Control\BootVerificationProgram]
                ImagePath = expand "%SystemRoot%\System32\bvp.exe"
                """,
                cites=("%SystemRoot%\\System32\\bvp.exe",),
                severity=Severity.CRITICAL,
            ),
            Example(
                "NT's own sample",
                r"""
                [ControlSet001\Control\BootVerificationProgram]
                ImagePath = sz "%SystemRoot%\System32\bootvrfy.exe"
                """,
                cites=("%SystemRoot%\\System32\\bootvrfy.exe",),
                generation="nt4-x86",
                severity=Severity.LOW,
            ),
        ),
        silent_on=(
            Example(
                "the empty key of NT 4 to 2003", "[ControlSet001\\Control\\BootVerificationProgram]", generation="xp-x86"
            ),
        ),
    ),
    Examples(
        "select-mismatch",
        fires_on=(
            Example(
                "the next boot takes another set",
                r"""
                [Select]
                Default = dword 2
                [ControlSet002\Control\Session Manager]
                BootExecute = multi "autocheck autochk *"
                """,
                cites=("2", "1"),
            ),
            Example(
                "a last known good set that is gone, and one that failed",
                r"""
                [Select]
                LastKnownGood = dword 7
                Failed = dword 1
                """,
                cites=("7", "1"),
            ),
        ),
        silent_on=(
            Example(
                "the two sets of Windows up to 7",
                r"""
                [Select]
                Current = dword 1
                Default = dword 1
                LastKnownGood = dword 2
                Failed = dword 0
                """,
                generation="win7-x64",
            ),
        ),
    ),
)
