"""Hives on which the rules of `dos_drives` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "dosdev-drive-remap",
        fires_on=(
            Example(
                "the drive of Windows",
                r"""
                [ControlSet001\Control\Session Manager\DOS Devices]
                C: = sz "\Device\HarddiskVolume7"
                """,
                cites=(r"\Device\HarddiskVolume7",),
                severity=Severity.CRITICAL,
            ),
            Example(
                "a folder that users can write",
                r"""
                [ControlSet001\Control\Session Manager\DOS Devices]
                q: = sz "\??\C:\Users\Public"
                """,
                cites=(r"\??\C:\Users\Public",),
                severity=Severity.HIGH,
            ),
            Example(
                "a folder of another machine",
                r"""
                [ControlSet001\Control\Session Manager\DOS Devices]
                Q: = sz "\Device\Mup\server\share"
                """,
                cites=(r"\Device\Mup\server\share",),
                generation="xp-x86",
                severity=Severity.HIGH,
            ),
            Example(
                "a folder for good",
                r"""
                [ControlSet001\Control\Session Manager\DOS Devices]
                Q: = sz "\??\C:\Program Files\Work"
                """,
                cites=(r"\??\C:\Program Files\Work",),
                severity=Severity.MEDIUM,
            ),
            Example(
                "another volume",
                r"""
                [ControlSet001\Control\Session Manager\DOS Devices]
                Q: = sz "\Device\HarddiskVolume2"
                """,
                cites=(r"\Device\HarddiskVolume2",),
                severity=Severity.INFO,
            ),
        ),
        silent_on=(Example("as shipped", ""),),
    ),
    Examples(
        "mounted-devices-swap",
        fires_on=(
            Example(
                "two letters of one volume",
                r"""
                [MountedDevices]
                \DosDevices\C: = binary 3e a0 be 5c 00 00 10 00 00 00 00 00
                \DosDevices\E: = binary 3e a0 be 5c 00 00 10 00 00 00 00 00
                """,
                cites=("\\DosDevices\\C:", "\\DosDevices\\E:"),
            ),
            Example(
                "the letter of Windows on a stick",
                r"""
                [MountedDevices]
                \DosDevices\C: = binary 5f 00 3f 00 3f 00 5f 00 55 00 53 00 42 00 53 00 54 00 4f 00 52 00 23 00
                """,
                cites=("\\DosDevices\\C:",),
            ),
        ),
        silent_on=(
            Example(
                "a disk, its volume name and a stick",
                r"""
                [MountedDevices]
                \DosDevices\C: = binary 3e a0 be 5c 00 00 10 00 00 00 00 00
                \??\Volume{656b1715-0000-0000-0000-100000000000} = binary 3e a0 be 5c 00 00 10 00 00 00 00 00
                \DosDevices\E: = binary 5f 00 3f 00 3f 00 5f 00 55 00 53 00 42 00
                """,
                generation="win7-x86",
            ),
        ),
    ),
)
