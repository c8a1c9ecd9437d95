"""Hives on which the rules of `locale_dlls` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "keyboard-layout-dll",
        fires_on=(
            Example(
                "another file for a layout of Windows",
                r"""
                [ControlSet001\Control\Keyboard Layouts\00000409]
                Layout File = sz "layus.dll"
                """,
                cites=("layus.dll",),
                severity=Severity.MEDIUM,
            ),
            Example(
                "a layout of one's own",
                r"""
                [ControlSet001\Control\Keyboard Layouts\a0000409]
                Layout File = sz "layout01.dll"
                """,
                cites=("layout01.dll",),
                severity=Severity.LOW,
            ),
        ),
        silent_on=(
            Example(
                "as shipped",
                r"""
                [ControlSet001\Control\Keyboard Layouts\00000409]
                Layout File = sz "KBDUS.DLL"
                """,
            ),
        ),
    ),
    Examples(
        "nls-codepage-dll",
        fires_on=(
            Example(
                "a DLL of one's own",
                r"""
                [ControlSet001\Control\Nls\CodePage]
                57011 = sz "c_evil.dll"
                """,
                cites=("c_evil.dll",),
            ),
        ),
        silent_on=(
            Example(
                "as shipped",
                r"""
                [ControlSet001\Control\Nls\CodePage]
                1252 = sz "c_1252.nls"
                54936 = sz "c_g18030.dll"
                """,
            ),
        ),
    ),
    Examples(
        "contentindex-language",
        fires_on=(
            Example(
                "another stemmer",
                r"""
                [ControlSet001\Control\ContentIndex\Language\English_US]
                StemmerDLLPathOverride = sz "C:\Windows\Temp\s.dll"
                """,
                cites=(r"C:\Windows\Temp\s.dll",),
            ),
        ),
        silent_on=(
            Example(
                "no override",
                r"""
                [ControlSet001\Control\ContentIndex\Language\English_US]
                Locale = dword 1033
                """,
            ),
        ),
    ),
    Examples(
        "wow-vdm",
        fires_on=(
            Example(
                "another program",
                r"""
                [ControlSet001\Control\WOW]
                cmdline = expand "%SystemRoot%\system32\ntvdn.exe"
                """,
                cites=(r"%SystemRoot%\system32\ntvdn.exe",),
                generation="xp-x86",
                severity=Severity.HIGH,
            ),
            Example(
                "a virtual device driver",
                r"""
                [ControlSet001\Control\VirtualDeviceDrivers]
                VDD = multi "C:\WINDOWS\system32\vdd.dll"
                """,
                cites=(r"C:\WINDOWS\system32\vdd.dll",),
                generation="xp-x86",
                severity=Severity.HIGH,
            ),
        ),
        silent_on=(
            Example(
                "as shipped",
                r"""
                [ControlSet001\Control\WOW]
                cmdline = expand "%SystemRoot%\system32\ntvdm.exe"
                wowcmdline = expand "%SystemRoot%\system32\ntvdm.exe -a %SystemRoot%\system32\krnl386"
                [ControlSet001\Control\VirtualDeviceDrivers]
                VDD = multi ""
                """,
                generation="xp-x86",
            ),
        ),
    ),
)
