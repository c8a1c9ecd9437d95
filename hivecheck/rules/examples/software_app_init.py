"""Hives on which the rules of `software_app_init` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "software-appinit-dlls",
        fires_on=(
            Example(
                "a DLL in the root of the drive",
                "",
                software=r"""
                [Microsoft\Windows NT\CurrentVersion\Windows]
                AppInit_DLLs = sz "C:\e.dll"
                LoadAppInit_DLLs = dword 1
                """,
                cites=(r"C:\e.dll",),
                severity=Severity.CRITICAL,
            ),
            Example(
                "on XP, which asks for no switch",
                "",
                software=r"""
                [Microsoft\Windows NT\CurrentVersion\Windows]
                AppInit_DLLs = sz "helper.dll"
                """,
                cites=("helper.dll",),
                generation="xp-x86",
                severity=Severity.HIGH,
            ),
            Example(
                "one that nothing loads now",
                "",
                software=r"""
                [Microsoft\Windows NT\CurrentVersion\Windows]
                AppInit_DLLs = sz "C:\e.dll"
                LoadAppInit_DLLs = dword 0
                """,
                cites=(r"C:\e.dll",),
                generation="win7-x64",
                severity=Severity.MEDIUM,
            ),
            Example(
                "where only signed ones are loaded",
                "",
                software=r"""
                [Microsoft\Windows NT\CurrentVersion\Windows]
                AppInit_DLLs = sz "C:\e.dll"
                LoadAppInit_DLLs = dword 1
                RequireSignedAppInit_DLLs = dword 1
                """,
                cites=(r"C:\e.dll",),
                generation="win7-x64",
                severity=Severity.HIGH,
            ),
            Example(
                "a graphics driver",
                "",
                software=r"""
                [Microsoft\Windows NT\CurrentVersion\Windows]
                AppInit_DLLs = sz "C:\Windows\system32\nvinitx.dll"
                LoadAppInit_DLLs = dword 1
                """,
                cites=(r"C:\Windows\system32\nvinitx.dll",),
                severity=Severity.LOW,
            ),
            Example(
                "the list of 32-bit programs",
                "",
                software=r"""
                [Wow6432Node\Microsoft\Windows NT\CurrentVersion\Windows]
                AppInit_DLLs = sz "C:\e.dll"
                LoadAppInit_DLLs = dword 1
                """,
                cites=(r"C:\e.dll",),
                generation="win7-x64",
                severity=Severity.CRITICAL,
            ),
        ),
        silent_on=(
            Example("without a SOFTWARE hive", ""),
            Example(
                "an empty list",
                "",
                software=r"""
                [Microsoft\Windows NT\CurrentVersion\Windows]
                AppInit_DLLs = sz ""
                LoadAppInit_DLLs = dword 0
                [Wow6432Node\Microsoft\Windows NT\CurrentVersion\Windows]
                AppInit_DLLs = sz ""
                LoadAppInit_DLLs = dword 0
                """,
            ),
        ),
    ),
)
