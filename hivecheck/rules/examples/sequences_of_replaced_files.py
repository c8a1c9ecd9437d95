"""Hives on which the rules of `sequences_of_replaced_files` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "seq-replace-then-run-same-boot",
        fires_on=(
            Example(
                "the program of a service",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\Users\Public\s.dat" "!\??\C:\Windows\System32\spoolsv.exe"
                """,
                cites=(r"\??\C:\Users\Public\s.dat", "ImagePath"),
            ),
            Example(
                "a package of LSA, from within System32",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\Windows\System32\a.dll" "!\??\C:\Windows\System32\msv1_0.dll"
                """,
                cites=(r"\??\C:\Windows\System32\a.dll",),
            ),
            Example(
                "the DLL of a service",
                r"""
                [ControlSet001\Services\Agent]
                Type = dword 32
                Start = dword 2
                ImagePath = expand "%SystemRoot%\System32\svchost.exe -k netsvcs"
                [ControlSet001\Services\Agent\Parameters]
                ServiceDll = expand "C:\Program Files\Agent\a.dll"
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\Users\Public\s.dat" "!\??\C:\Program Files\Agent\a.dll"
                """,
                cites=(r"\??\C:\Users\Public\s.dat",),
            ),
        ),
        silent_on=(
            Example(
                "an updater",
                r"""
                [ControlSet001\Services\Agent]
                Type = dword 16
                Start = dword 2
                ImagePath = sz "C:\Program Files\Agent\a.exe"
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\Program Files\Agent\new\a.exe" "!\??\C:\Program Files\Agent\a.exe"
                """,
            ),
        ),
    ),
    Examples(
        "seq-replace-runs-next-boot",
        fires_on=(
            Example(
                "a boot driver",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\Users\Public\d.dat" "!\??\C:\Windows\System32\drivers\disk.sys"
                """,
                cites=(r"\??\C:\Users\Public\d.dat",),
            ),
            Example(
                "autochk",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\Users\Public\d.dat" "!\??\C:\Windows\System32\autochk.exe"
                """,
                cites=(r"\??\C:\Users\Public\d.dat", "autocheck autochk *"),
            ),
        ),
        silent_on=(
            Example(
                "a driver package",
                r"""
                [ControlSet001\Services\vendor]
                Type = dword 1
                Start = dword 0
                ImagePath = expand "System32\drivers\vendor.sys"
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\Windows\System32\drivers\SET1A01.tmp" "!\??\C:\Windows\System32\drivers\vendor.sys"
                """,
            ),
        ),
    ),
    Examples(
        "seq-knowndll-replaced-file",
        fires_on=(
            Example(
                "ws2_32.dll",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\ProgramData\w2.tmp" "!\??\C:\Windows\System32\ws2_32.dll"
                """,
                cites=(r"\??\C:\ProgramData\w2.tmp",),
                severity=Severity.CRITICAL,
            ),
            Example(
                "under the name of a hotfix of XP",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\WINDOWS\system32\SET1C2.tmp" "!\??\C:\WINDOWS\system32\user32.dll"
                """,
                cites=(r"\??\C:\WINDOWS\system32\SET1C2.tmp",),
                generation="xp-x86",
                severity=Severity.MEDIUM,
            ),
            Example(
                "under a hotfix's name of two digits",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\WINDOWS\system32\SET4E.tmp" "!\??\C:\WINDOWS\system32\user32.dll"
                """,
                cites=(r"\??\C:\WINDOWS\system32\SET4E.tmp",),
                generation="xp-x86",
                severity=Severity.MEDIUM,
            ),
            Example(
                "under the other name that hotfixes give, on Windows NT 4",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\WINNT\system32\_000001_.tmp.dll" "!\??\C:\WINNT\system32\kernel32.dll"
                """,
                cites=(r"\??\C:\WINNT\system32\_000001_.tmp.dll",),
                generation="nt4-x86",
                severity=Severity.MEDIUM,
            ),
            Example(
                "under that name on a Windows whose updates don't use it",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\Windows\system32\_000001_.tmp.dll" "!\??\C:\Windows\system32\kernel32.dll"
                """,
                cites=(r"\??\C:\Windows\system32\_000001_.tmp.dll",),
                generation="win7-x64",
                severity=Severity.CRITICAL,
            ),
            Example(
                "from a folder with the name of a hotfix's, outside of Windows",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\Temp\$NtUninstallKB1$\user32.dll" "!\??\C:\WINDOWS\system32\user32.dll"
                """,
                cites=(r"\??\C:\Temp\$NtUninstallKB1$\user32.dll",),
                generation="xp-x86",
                severity=Severity.HIGH,
            ),
            Example(
                "with too many digits for a hotfix",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\WINDOWS\system32\SET1C2F0.tmp" "!\??\C:\WINDOWS\system32\user32.dll"
                """,
                cites=(r"\??\C:\WINDOWS\system32\SET1C2F0.tmp",),
                generation="xp-x86",
                severity=Severity.CRITICAL,
            ),
            Example(
                "in the folder of another Windows",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\Users\Public\s" "!\??\C:\WINNT\system32\user32.dll"
                """,
                cites=("\\??\\C:\\Users\\Public\\s",),
                generation="xp-x86",
                severity=Severity.MEDIUM,
            ),
        ),
        silent_on=(
            Example(
                "a copy beside a program",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\Program Files\A\w2.tmp" "!\??\C:\Program Files\A\ws2_32.dll"
                """,
            ),
        ),
    ),
)
