"""Hives on which the rules of `mounted_devices` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples

EXAMPLES = (
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
