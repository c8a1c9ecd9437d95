"""Hives on which the rules of `dos_devices` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "dosdev-device-override",
        fires_on=(
            Example(
                "the network by way of another driver",
                r"""
                [ControlSet001\Control\Session Manager\DOS Devices]
                UNC = sz "\Device\MupX"
                """,
                cites=(r"\Device\MupX",),
                severity=Severity.HIGH,
            ),
            Example(
                "none of them is left",
                "",
                cites=("ControlSet001\\Control\\Session Manager",),
                without=("Control\\Session Manager\\DOS Devices",),
                severity=Severity.HIGH,
            ),
            Example(
                "no NUL",
                "",
                cites=("ControlSet001\\Control\\Session Manager\\DOS Devices",),
                without=("Control\\Session Manager\\DOS Devices\\\\NUL",),
                severity=Severity.LOW,
            ),
        ),
        silent_on=(
            Example(
                "other letters",
                r"""
                [ControlSet001\Control\Session Manager\DOS Devices]
                UNC = sz "\device\mup"
                """,
            ),
            Example(
                "a device of Hyper-V",
                r"""
                [ControlSet001\Control\Session Manager\DOS Devices]
                vmsmb = sz "\Device\vmsmb"
                """,
                generation="win10-1903-x64",
            ),
        ),
    ),
    Examples(
        "dosdev-delete",
        fires_on=(
            Example(
                "a drive letter",
                r"""
                [ControlSet001\Control\Session Manager\DOS Devices]
                X: = sz ""
                """,
                cites=("X:",),
                severity=Severity.MEDIUM,
            ),
            Example(
                "the first disk",
                r"""
                [ControlSet001\Control\Session Manager\DOS Devices]
                PhysicalDrive0 = sz ""
                """,
                cites=("PhysicalDrive0",),
                generation="xp-x86",
                severity=Severity.HIGH,
            ),
        ),
        silent_on=(Example("as shipped", "", generation="win81-x64"),),
    ),
    Examples(
        "dosdev-extra",
        fires_on=(
            Example(
                "a name of its own",
                r"""
                [ControlSet001\Control\Session Manager\DOS Devices]
                Shadow = sz "\Device\Shadow"
                """,
                cites=(r"\Device\Shadow",),
                severity=Severity.LOW,
            ),
            Example(
                "a folder by another name",
                r"""
                [ControlSet001\Control\Session Manager\DOS Devices]
                Work = sz "\??\C:\Work\x"
                """,
                cites=(r"\??\C:\Work\x",),
                severity=Severity.MEDIUM,
            ),
            Example(
                "a redirected port",
                r"""
                [ControlSet001\Control\Session Manager\DOS Devices]
                COM9 = sz "\Device\Redirect9"
                """,
                cites=(r"\Device\Redirect9",),
                severity=Severity.INFO,
            ),
        ),
        silent_on=(Example("as shipped", "", generation="nt4-x86"),),
    ),
)
