"""Hives on which the rules of `odd_values` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "multisz-hidden-tail",
        fires_on=(
            Example(
                "a command behind an empty string",
                r"""
                [ControlSet001\Control\Session Manager]
                BootExecute = multi "autocheck autochk *" "" "evil"
                """,
                cites=("evil",),
            ),
            Example(
                "a command behind the NUL that ends a text",
                r"""
                [ControlSet001\Control\Session Manager]
                BootExecute = sz "autocheck autochk *\u{0}evil"
                """,
                cites=("evil",),
                severity=Severity.MEDIUM,
            ),
            Example(
                "a package of LSA",
                r"""
                [ControlSet001\Control\Lsa]
                Security Packages = multi "" "" "evilssp"
                """,
                cites=("evilssp",),
            ),
        ),
        silent_on=(
            Example(
                "deletes, and NULs at the end",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\a.tmp" "" "\??\C:\b.tmp" ""
                BootExecute = multi "autocheck autochk *" "" ""
                """,
            ),
        ),
    ),
    Examples(
        "value-type-confusion",
        fires_on=(
            Example(
                "a command as a text",
                r"""
                [ControlSet001\Control\Session Manager]
                BootExecute = sz "autocheck autochk *"
                """,
                cites=("BootExecute",),
                severity=Severity.MEDIUM,
            ),
            Example(
                "no ComSpec",
                "",
                cites=("ControlSet001\\Control\\Session Manager\\Environment",),
                without=("Control\\Session Manager\\Environment\\\\ComSpec",),
                severity=Severity.LOW,
            ),
            Example(
                "no Path",
                "",
                cites=("ControlSet001\\Control\\Session Manager\\Environment",),
                without=("Control\\Session Manager\\Environment\\\\Path",),
                severity=Severity.MEDIUM,
            ),
            Example(
                "the number of the control set as a text",
                r"""
                [Select]
                Default = sz "1"
                """,
                cites=("1",),
                severity=Severity.HIGH,
            ),
            Example(
                "a drive as bytes",
                r"""
                [ControlSet001\Control\Session Manager\DOS Devices]
                C: = binary 5c 00 44 00 00 00
                """,
                cites=(r"\D",),
                severity=Severity.HIGH,
            ),
            Example(
                "the folder of KnownDLLs as a number",
                r"""
                [ControlSet001\Control\Session Manager\KnownDLLs]
                DllDirectory = dword 1
                """,
                cites=("DllDirectory",),
                severity=Severity.MEDIUM,
            ),
            Example(
                "the first command as bytes",
                r"""
                [ControlSet001\Control\Session Manager]
                S0InitialCommand = binary 61 00 62 00 00 00
                """,
                cites=("ab",),
                severity=Severity.HIGH,
            ),
            Example(
                "another shell of safe mode as a list",
                r"""
                [ControlSet001\Control\SafeBoot]
                AlternateShell = multi "evil.exe"
                """,
                cites=("evil.exe",),
                severity=Severity.HIGH,
            ),
            Example(
                "variables that are not replaced",
                r"""
                [ControlSet001\Control\Session Manager\Environment]
                Path = sz "%SystemRoot%\system32"
                """,
                cites=("Path",),
                severity=Severity.LOW,
            ),
        ),
        silent_on=(
            Example(
                "a text of the other type that works as well",
                r"""
                [ControlSet001\Control\Session Manager\DOS Devices]
                PIPE = expand "\Device\NamedPipe"
                """,
            ),
            Example(
                "a text without variables",
                r"""
                [ControlSet001\Control\Session Manager\Environment]
                Path = sz "C:\Windows\system32;C:\Windows"
                OS = expand "Windows_NT"
                """,
            ),
        ),
    ),
)
