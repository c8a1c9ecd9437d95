"""Hives on which the rules of `sequences_of_settings` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "seq-knowndll-exclude-plus-drop",
        fires_on=(
            Example(
                "excluded and dropped beside a program",
                r"""
                [ControlSet001\Control\Session Manager]
                ExcludeFromKnownDlls = multi "msctf.dll"
                PendingFileRenameOperations = multi "\??\C:\Users\Public\m.dat" "\??\C:\Program Files\Agent\msctf.dll"
                """,
                cites=("msctf.dll", r"\??\C:\Users\Public\m.dat"),
                severity=Severity.CRITICAL,
            ),
            Example(
                "excluded, with the current folder searched first",
                r"""
                [ControlSet001\Control\Session Manager]
                ExcludeFromKnownDlls = multi "msctf"
                SafeDllSearchMode = dword 0
                """,
                cites=("msctf", "SafeDllSearchMode"),
                severity=Severity.CRITICAL,
            ),
        ),
        silent_on=(
            Example(
                "an exclusion alone is told by exclude-knowndll",
                r"""
                [ControlSet001\Control\Session Manager]
                ExcludeFromKnownDlls = multi "msctf.dll"
                """,
            ),
        ),
    ),
    Examples(
        "seq-minint-starves",
        fires_on=(
            Example(
                "a row against a security product waits",
                r"""
                [ControlSet001\Control\MiniNT]
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\Windows\System32\drivers\WdFilter.sys" ""
                """,
                cites=(r"\??\C:\Windows\System32\drivers\WdFilter.sys",),
                severity=Severity.MEDIUM,
            ),
            Example(
                "an installer's rows wait",
                r"""
                [ControlSet001\Control\MiniNT]
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\Windows\Temp\nsa1.tmp" ""
                """,
                cites=("PendingFileRenameOperations",),
                severity=Severity.INFO,
            ),
        ),
        silent_on=(
            Example(
                "no list",
                r"""
                [ControlSet001\Control\MiniNT]
                """,
            ),
        ),
    ),
    Examples(
        "seq-env-redirects-service",
        fires_on=(
            Example(
                "ComSpec",
                r"""
                [ControlSet001\Control\Session Manager\Environment]
                ComSpec = expand "C:\Users\Public\cmd.exe"
                [ControlSet001\Services\Job]
                Type = dword 16
                Start = dword 2
                ImagePath = expand "%ComSpec% /c C:\Jobs\start.cmd"
                """,
                cites=(r"C:\Users\Public\cmd.exe", "ImagePath"),
                severity=Severity.CRITICAL,
            ),
        ),
        silent_on=(
            Example(
                "the ComSpec that Windows ships",
                r"""
                [ControlSet001\Services\Job]
                Type = dword 16
                Start = dword 2
                ImagePath = expand "%ComSpec% /c C:\Jobs\start.cmd"
                """,
            ),
            Example(
                "a changed ComSpec that no service uses",
                r"""
                [ControlSet001\Control\Session Manager\Environment]
                ComSpec = expand "C:\Tools\shell.exe"
                """,
            ),
        ),
    ),
)
