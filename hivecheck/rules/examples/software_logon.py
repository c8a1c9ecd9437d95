"""Hives on which the rules of `software_logon` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "software-winlogon-shell",
        fires_on=(
            Example(
                "a program that explorer is told to open",
                "",
                software=r"""
                [Microsoft\Windows NT\CurrentVersion\Winlogon]
                Shell = sz "explorer.exe C:\Users\Public\y.exe"
                """,
                cites=(r"explorer.exe C:\Users\Public\y.exe",),
                severity=Severity.CRITICAL,
            ),
            Example(
                "a switch of explorer",
                "",
                software=r"""
                [Microsoft\Windows NT\CurrentVersion\Winlogon]
                Shell = sz "explorer.exe /separate"
                """,
                cites=("explorer.exe /separate",),
                severity=Severity.MEDIUM,
            ),
            Example(
                "a program beside explorer",
                "",
                software=r"""
                [Microsoft\Windows NT\CurrentVersion\Winlogon]
                Shell = sz "explorer.exe, evil.exe"
                """,
                cites=("explorer.exe, evil.exe",),
                severity=Severity.CRITICAL,
            ),
            Example(
                "a shell by policy from a user's folder",
                "",
                software=r"""
                [Microsoft\Windows\CurrentVersion\Policies\System]
                Shell = sz "C:\Users\Public\s.exe"
                """,
                cites=(r"C:\Users\Public\s.exe",),
                severity=Severity.CRITICAL,
            ),
            Example(
                "the program of a cash desk",
                "",
                software=r"""
                [Microsoft\Windows NT\CurrentVersion\Winlogon]
                Shell = sz "C:\Program Files\Desk\desk.exe"
                """,
                cites=(r"C:\Program Files\Desk\desk.exe",),
                severity=Severity.HIGH,
            ),
        ),
        silent_on=(
            Example(
                "the shells of NT 3.51",
                "",
                generation="nt351-x86",
                software=r"""
                [Microsoft\Windows NT\CurrentVersion\Winlogon]
                Shell = sz "taskman,progman,wowexec"
                """,
            ),
            Example("without a SOFTWARE hive", ""),
            Example(
                "the shell of Windows",
                "",
                software=r"""
                [Microsoft\Windows NT\CurrentVersion\Winlogon]
                Shell = sz "Explorer.exe"
                """,
            ),
            Example(
                "a server without a desktop",
                "",
                software=r"""
                [Microsoft\Windows NT\CurrentVersion]
                InstallationType = sz "Server Core"
                [Microsoft\Windows NT\CurrentVersion\Winlogon]
                Shell = sz "cmd.exe /c start cmd.exe /k runonce.exe /AlternateShellStartup"
                """,
            ),
        ),
    ),
    Examples(
        "software-winlogon-userinit",
        fires_on=(
            Example(
                "a program behind it",
                "",
                software=r"""
                [Microsoft\Windows NT\CurrentVersion\Winlogon]
                Userinit = sz "C:\Windows\system32\userinit.exe,C:\Users\e.exe,"
                """,
                cites=(r"C:\Windows\system32\userinit.exe,C:\Users\e.exe,",),
                severity=Severity.CRITICAL,
            ),
            Example(
                "its name in another folder",
                "",
                software=r"""
                [Microsoft\Windows NT\CurrentVersion\Winlogon]
                Userinit = sz "C:\ProgramData\userinit.exe"
                """,
                cites=(r"C:\ProgramData\userinit.exe",),
                generation="win7-x64",
                severity=Severity.CRITICAL,
            ),
            Example(
                "a third program on NT 4",
                "",
                software=r"""
                [Microsoft\Windows NT\CurrentVersion\Winlogon]
                Userinit = sz "userinit,nddeagnt.exe,evil.exe"
                """,
                cites=("userinit,nddeagnt.exe,evil.exe",),
                generation="nt4-x86",
                severity=Severity.CRITICAL,
            ),
            Example(
                "a server with Citrix",
                "",
                software=r"""
                [Microsoft\Windows NT\CurrentVersion\Winlogon]
                Userinit = sz "C:\Windows\system32\userinit.exe,C:\Program Files\Citrix\System32\cmstart.exe"
                """,
                cites=(r"C:\Windows\system32\userinit.exe,C:\Program Files\Citrix\System32\cmstart.exe",),
                generation="win7-x64",
                severity=Severity.MEDIUM,
            ),
        ),
        silent_on=(
            Example("without a SOFTWARE hive", ""),
            Example(
                "as shipped",
                "",
                software=r"""
                [Microsoft\Windows NT\CurrentVersion\Winlogon]
                Userinit = sz "C:\Windows\system32\userinit.exe,"
                """,
            ),
            Example(
                "as NT 4 ships it",
                "",
                software=r"""
                [Microsoft\Windows NT\CurrentVersion\Winlogon]
                Userinit = sz "userinit,nddeagnt.exe"
                """,
                generation="nt4-x86",
            ),
        ),
    ),
)
