"""Hives on which the rules of `software_code` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "software-ifeo-debugger",
        fires_on=(
            Example(
                "winlogon and a security product",
                "",
                software=r"""
                [Microsoft\Windows NT\CurrentVersion\Image File Execution Options\winlogon.exe]
                Debugger = sz "C:\Windows\System32\dbg.exe"
                [Microsoft\Windows NT\CurrentVersion\Image File Execution Options\MsMpEng.exe]
                Debugger = sz "systray.exe"
                """,
                cites=(r"C:\Windows\System32\dbg.exe", "systray.exe"),
                severity=Severity.CRITICAL,
            ),
            Example(
                "the keys of the logon screen",
                "",
                software=r"""
                [Microsoft\Windows NT\CurrentVersion\Image File Execution Options\sethc.exe]
                Debugger = sz "cmd.exe"
                """,
                cites=("cmd.exe",),
                generation="xp-x86",
                severity=Severity.CRITICAL,
            ),
            Example(
                "any other program",
                "",
                software=r"""
                [Microsoft\Windows NT\CurrentVersion\Image File Execution Options\chrome.exe]
                Debugger = sz "C:\Program Files\x\x.exe"
                """,
                cites=(r"C:\Program Files\x\x.exe",),
                severity=Severity.HIGH,
            ),
            Example(
                "a developer's machine",
                "",
                software=r"""
                [Microsoft\Windows NT\CurrentVersion\Image File Execution Options\own.exe]
                Debugger = sz "\u{22}C:\Windows\system32\vsjitdebugger.exe\u{22}"
                """,
                cites=('"C:\\Windows\\system32\\vsjitdebugger.exe"',),
                severity=Severity.LOW,
            ),
            Example(
                "as 32-bit programs see it",
                "",
                software=r"""
                [Wow6432Node\Microsoft\Windows NT\CurrentVersion\Image File Execution Options\setup.exe]
                Debugger = sz "C:\Windows\SysWOW64\dbg.exe"
                """,
                cites=(r"C:\Windows\SysWOW64\dbg.exe",),
                severity=Severity.HIGH,
            ),
        ),
        silent_on=(
            Example("without a SOFTWARE hive", ""),
            Example(
                "what Windows up to 2003 ships",
                "",
                software=r"""
                [Microsoft\Windows NT\CurrentVersion\Image File Execution Options\Your Image File Name Here without a path]
                Debugger = sz "ntsd -d"
                """,
                generation="xp-x86",
            ),
            Example(
                "32-bit Windows has no such part",
                "",
                software=r"""
                [Wow6432Node\Microsoft\Windows NT\CurrentVersion\Image File Execution Options\setup.exe]
                Debugger = sz "C:\Windows\dbg.exe"
                """,
                generation="win7-x86",
            ),
        ),
    ),
)
