"""Hives on which the rules of `drivers` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "svc-driver-odd-location",
        fires_on=(
            Example(
                "a boot driver below Users",
                r"""
                [ControlSet001\Services\kit]
                Type = dword 1
                Start = dword 1
                ImagePath = expand "\??\C:\Users\Public\kit.sys"
                """,
                cites=(r"\??\C:\Users\Public\kit.sys",),
                severity=Severity.CRITICAL,
            ),
            Example(
                "on demand from Program Files",
                r"""
                [ControlSet001\Services\tool]
                Type = dword 1
                Start = dword 3
                ImagePath = expand "\??\C:\Program Files\Tool\tool.sys"
                """,
                cites=(r"\??\C:\Program Files\Tool\tool.sys",),
                severity=Severity.MEDIUM,
            ),
            Example(
                "another file for the driver of disks",
                r"""
                [ControlSet001\Services\disk]
                ImagePath = expand "System32\drivers\dsk.sys"
                """,
                cites=(r"System32\drivers\dsk.sys",),
                severity=Severity.CRITICAL,
            ),
            Example(
                "an alternate data stream of a driver of Windows",
                r"""
                [ControlSet001\Services\tool]
                Type = dword 1
                Start = dword 3
                ImagePath = expand "system32\drivers\null.sys:tool.sys"
                """,
                cites=(r"system32\drivers\null.sys:tool.sys",),
                severity=Severity.HIGH,
            ),
            Example(
                "no .sys",
                r"""
                [ControlSet001\Services\tool]
                Type = dword 1
                Start = dword 1
                ImagePath = expand "system32\drivers\tool.dat"
                """,
                cites=(r"system32\drivers\tool.dat",),
                severity=Severity.HIGH,
            ),
        ),
        silent_on=(
            Example(
                "places that are known",
                r"""
                [ControlSet001\Services\CLFS]
                Type = dword 1
                Start = dword 0
                ImagePath = expand "System32\CLFS.sys"
                [ControlSet001\Services\VMMEMCTL]
                Type = dword 1
                Start = dword 2
                ImagePath = expand "\??\C:\Program Files\VMware\VMware Tools\Drivers\memctl\vmmemctl.sys"
                [ControlSet001\Services\SentinelMonitor]
                Type = dword 2
                Start = dword 0
                ImagePath = expand "\??\C:\Program Files\SentinelOne\Sentinel Agent 23.4.4.223\SentinelMonitor.sys"
                [ControlSet001\Services\CompositeBus]
                Type = dword 1
                Start = dword 3
                ImagePath = expand "\SystemRoot\System32\DriverStore\FileRepository\compositebus.inf_amd64_9c1f\CompositeBus.sys"
                """,
            ),
        ),
    ),
    Examples(
        "svc-callback-drivers",
        fires_on=(
            Example(
                "an unknown bus extender",
                r"""
                [ControlSet001\Services\busx]
                Type = dword 1
                Start = dword 0
                Group = sz "Boot Bus Extender"
                ImagePath = expand "system32\drivers\busx.sys"
                """,
                cites=("Boot Bus Extender",),
                severity=Severity.MEDIUM,
            ),
            Example(
                "and one that is new",
                r"""
                [ControlSet001\Services\busx] 2022-09-26T12:00:00Z
                Type = dword 1
                Start = dword 0
                Group = sz "System Reserved"
                ImagePath = expand "system32\drivers\busx.sys"
                """,
                cites=("System Reserved",),
                severity=Severity.HIGH,
            ),
        ),
        silent_on=(
            Example(
                "drivers of Windows",
                r"""
                [ControlSet001\Services\pdc]
                Type = dword 1
                Start = dword 0
                Group = sz "Boot Bus Extender"
                """,
            ),
        ),
    ),
)
