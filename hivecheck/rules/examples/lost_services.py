"""Hives on which the rules of `lost_services` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples

EXAMPLES = (
    Examples(
        "svc-missing-sensor-binary",
        fires_on=(
            Example(
                "Defender's driver is deleted",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\Windows\System32\drivers\WdFilter.sys" ""
                [ControlSet001\Services\WdFilter]
                Type = dword 2
                Start = dword 0
                ImagePath = expand "system32\drivers\WdFilter.sys"
                """,
                cites=("ImagePath", "Start"),
            ),
            Example(
                "the folder above is renamed",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\Program Files\Velociraptor" "\??\C:\Program Files\V"
                [ControlSet001\Services\Velociraptor]
                Type = dword 16
                Start = dword 2
                ImagePath = sz "\u{22}C:\Program Files\Velociraptor\Velociraptor.exe\u{22} service run"
                """,
                cites=("ImagePath",),
            ),
        ),
        silent_on=(
            Example(
                "another file goes",
                r"""
                [ControlSet001\Control\Session Manager]
                PendingFileRenameOperations = multi "\??\C:\Windows\Temp\a.tmp" ""
                """,
            ),
        ),
    ),
)
