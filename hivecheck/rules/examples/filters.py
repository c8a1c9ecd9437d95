"""Hives on which the rules of `filters` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "class-filters",
        fires_on=(
            Example(
                "a filter above the keyboard",
                r"""
                [ControlSet001\Control\Class\{4D36E96B-E325-11CE-BFC1-08002BE10318}]
                Class = sz "Keyboard"
                UpperFilters = multi "keylog" "kbdclass"
                [ControlSet001\Services\keylog]
                Type = dword 1
                Start = dword 3
                ImagePath = expand "system32\drivers\keylog.sys"
                """,
                cites=("keylog",),
                severity=Severity.MEDIUM,
            ),
            Example(
                "no shadow copies",
                r"""
                [ControlSet001\Control\Class\{71A27CDD-812A-11D0-BEC7-08002BE2092F}]
                Class = sz "Volume"
                LowerFilters = multi "fvevol" "iorate" "rdyboost"
                """,
                cites=(r"ControlSet001\Control\Class\{71A27CDD-812A-11D0-BEC7-08002BE2092F}",),
                severity=Severity.HIGH,
            ),
        ),
        silent_on=(
            Example(
                "as shipped, with VirtualBox",
                r"""
                [ControlSet001\Control\Class\{4D36E96F-E325-11CE-BFC1-08002BE10318}]
                Class = sz "Mouse"
                UpperFilters = multi "VBoxMouse" "mouclass"
                [ControlSet001\Services\VBoxMouse]
                Type = dword 1
                Start = dword 3
                ImagePath = expand "system32\DRIVERS\VBoxMouse.sys"
                """,
            ),
        ),
    ),
    Examples(
        "minifilter-altitude",
        fires_on=(
            Example(
                "Defender's altitude",
                r"""
                [ControlSet001\Services\WdFilter\Instances\WdFilter Instance]
                Altitude = sz "328010"
                [ControlSet001\Services\blind]
                Type = dword 2
                Start = dword 0
                ImagePath = expand "system32\drivers\blind.sys"
                [ControlSet001\Services\blind\Instances\blind]
                Altitude = sz "328010"
                """,
                cites=("328010",),
                severity=Severity.HIGH,
            ),
            Example(
                "Defender at the lowest altitude",
                r"""
                [ControlSet001\Services\WdFilter\Instances]
                DefaultInstance = sz "WdFilter Instance"
                [ControlSet001\Services\WdFilter\Instances\WdFilter Instance]
                Altitude = sz "0"
                """,
                cites=("0",),
                severity=Severity.HIGH,
            ),
            Example(
                "Defender without an altitude",
                r"""
                [ControlSet001\Services\WdFilter\Instances]
                DefaultInstance = sz "WdFilter Instance"
                [ControlSet001\Services\WdFilter\Instances\WdFilter Instance]
                Flags = dword 0
                """,
                cites=(r"ControlSet001\Services\WdFilter\Instances\WdFilter Instance",),
                severity=Severity.HIGH,
            ),
            Example(
                "Defender's instance is attached by hand only",
                r"""
                [ControlSet001\Services\WdFilter\Instances]
                DefaultInstance = sz "WdFilter Instance"
                [ControlSet001\Services\WdFilter\Instances\WdFilter Instance]
                Altitude = sz "328010"
                Flags = dword 1
                """,
                cites=("1",),
                severity=Severity.HIGH,
            ),
            Example(
                "Defender without a default instance",
                r"""
                [ControlSet001\Services\WdFilter\Instances\WdFilter Instance]
                Altitude = sz "328010"
                """,
                cites=(r"ControlSet001\Services\WdFilter\Instances",),
                severity=Severity.HIGH,
            ),
            Example(
                "Defender's key Instances is gone, those of Windows' own filters are there",
                r"""
                [ControlSet001\Services\FileInfo\Instances]
                DefaultInstance = sz "FileInfo"
                [ControlSet001\Services\FsDepends\Instances]
                DefaultInstance = sz "FsDepends"
                [ControlSet001\Services\luafv\Instances]
                DefaultInstance = sz "luafv"
                [ControlSet001\Services\WIMMount\Instances]
                DefaultInstance = sz "WIMMount"
                [ControlSet001\Services\Wof\Instances]
                DefaultInstance = sz "Wof Instance"
                """,
                cites=(r"ControlSet001\Services\WdFilter",),
                severity=Severity.HIGH,
            ),
            Example(
                "a default instance that is not there",
                r"""
                [ControlSet001\Services\WdFilter\Instances]
                DefaultInstance = sz "None"
                [ControlSet001\Services\WdFilter\Instances\WdFilter Instance]
                Altitude = sz "328010"
                """,
                cites=("None",),
                severity=Severity.HIGH,
            ),
            Example(
                "a list in place of a text",
                r"""
                [ControlSet001\Services\FileInfo\Instances\FileInfo]
                Altitude = multi "328010"
                """,
                cites=("328010",),
                severity=Severity.MEDIUM,
            ),
        ),
        silent_on=(
            Example(
                "each its own",
                r"""
                [ControlSet001\Services\WdFilter\Instances]
                DefaultInstance = sz "WdFilter Instance"
                [ControlSet001\Services\WdFilter\Instances\WdFilter Instance]
                Altitude = sz "328010"
                Flags = dword 0
                [ControlSet001\Services\FileInfo\Instances\FileInfo]
                Altitude = sz "40500"
                """,
            ),
        ),
    ),
)
