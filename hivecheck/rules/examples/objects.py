"""Hives on which the rules of `objects` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "object-directories",
        fires_on=(
            Example(
                "the directory of the KnownDLLs",
                r"""
                [ControlSet001\Control\Session Manager]
                ObjectDirectories = multi "\Windows" "\RPC Control" "\KnownDlls"
                """,
                cites=(r"\KnownDlls",),
                severity=Severity.HIGH,
            ),
            Example(
                "a directory of somebody's own",
                r"""
                [ControlSet001\Control\Session Manager]
                ObjectDirectories = multi "\Windows" "\RPC Control" "\Mine"
                """,
                cites=(r"\Mine",),
                severity=Severity.MEDIUM,
            ),
            Example(
                "a default is missing",
                r"""
                [ControlSet001\Control\Session Manager]
                ObjectDirectories = multi "\RPC Control"
                """,
                cites=("ObjectDirectories",),
                generation="win7-x86",
                severity=Severity.HIGH,
            ),
        ),
        silent_on=(
            Example(
                "the defaults in another order",
                r"""
                [ControlSet001\Control\Session Manager]
                ObjectDirectories = multi "\RPC Control" "\WINDOWS"
                """,
            ),
            Example(
                "no such value: smss takes its own defaults",
                "",
                without=("Control\\Session Manager\\\\ObjectDirectories",),
            ),
        ),
    ),
    Examples(
        "protection-mode",
        fires_on=(
            Example(
                "switched off",
                r"""
                [ControlSet001\Control\Session Manager]
                ProtectionMode = dword 0
                """,
                cites=("0",),
                severity=Severity.HIGH,
            ),
            Example("as NT 4 ships it", "", cites=("0",), generation="nt4-x86", severity=Severity.INFO),
            Example(
                "while Windows is being set up",
                r"""
                [ControlSet001\Control\Session Manager]
                ProtectionMode = dword 0
                [Setup]
                SystemSetupInProgress = dword 1
                """,
                cites=("0",),
                generation="xp-x64",
                severity=Severity.INFO,
            ),
            Example(
                "a text, of which no number is told",
                r"""
                [ControlSet001\Control\Session Manager]
                ProtectionMode = sz "0"
                """,
                cites=("ProtectionMode",),
                severity=Severity.MEDIUM,
            ),
        ),
        silent_on=(
            Example("as shipped", "", generation="xp-x86"),
            Example("no such value", "", without=("Control\\Session Manager\\\\ProtectionMode",)),
            Example(
                "a text whose first bytes are an odd number",
                '[ControlSet001\\Control\\Session Manager]\nProtectionMode = sz "1"',
            ),
        ),
    ),
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
