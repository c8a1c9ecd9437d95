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
)
