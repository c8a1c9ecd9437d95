"""Hives on which the rules of `service_manager` speak up, and hives on which they stay silent."""

from hivecheck.rules.examples.example import Example, Examples
from hivecheck.rules.rule import Severity

EXAMPLES = (
    Examples(
        "scm-extension",
        fires_on=(
            Example(
                "another DLL on Windows 7",
                r"""
                [ControlSet001\Control]
                ServiceControlManagerExtension = expand "%systemroot%\system32\scexp.dll"
                """,
                cites=(r"%systemroot%\system32\scexp.dll",),
                generation="win7-x64",
                severity=Severity.CRITICAL,
            ),
            Example(
                "a DLL on a Windows that ships no value",
                r"""
                [ControlSet001\Control]
                ServiceControlManagerExtension = expand "C:\ProgramData\x.dll"
                """,
                cites=(r"C:\ProgramData\x.dll",),
                severity=Severity.HIGH,
            ),
            Example(
                "the DLL of 7 on Windows 10",
                r"""
                [ControlSet001\Control]
                ServiceControlManagerExtension = expand "%systemroot%\system32\scext.dll"
                """,
                cites=(r"%systemroot%\system32\scext.dll",),
                severity=Severity.MEDIUM,
            ),
        ),
        silent_on=(
            Example(
                "on Vista, which was not seen and may ship it too",
                r"""
                [ControlSet001\Control]
                ServiceControlManagerExtension = expand "%systemroot%\system32\scext.dll"
                """,
                generation="vista-x86",
            ),
            Example(
                "as shipped on Windows 7",
                r"""
                [ControlSet001\Control]
                ServiceControlManagerExtension = expand "%systemroot%\system32\scext.dll"
                """,
                generation="win7-x64",
            ),
        ),
    ),
    Examples(
        "scm-early-start",
        fires_on=(
            Example(
                "an unknown service starts early",
                r"""
                [ControlSet001\Control]
                EarlyStartServices = multi "RpcSs" "Power" "updhost"
                [ControlSet001\Services\updhost]
                Type = dword 16
                Start = dword 2
                ImagePath = expand "%SystemRoot%\system32\updhost.exe"
                """,
                cites=("updhost",),
                severity=Severity.HIGH,
            ),
            Example(
                "a name without a service",
                r"""
                [ControlSet001\Control]
                EarlyStartServices = multi "RpcSs" "gone"
                """,
                cites=("gone",),
                severity=Severity.LOW,
            ),
        ),
        silent_on=(
            Example(
                "as shipped with 1709 and later",
                r"""
                [ControlSet001\Control]
                EarlyStartServices = multi "RpcSs" "Power" "BrokerInfrastructure" "DcomLaunch" "LSM" "AppIdSvc"
                PreshutdownOrder = multi "DeviceInstall" "UsoSvc" "gpsvc" "trustedinstaller"
                """,
            ),
        ),
    ),
    Examples(
        "scm-group-order",
        fires_on=(
            Example(
                "a group of one's own in front",
                r"""
                [ControlSet001\Control\ServiceGroupOrder]
                List = multi "System Reserved" "Loader0" "Boot Bus Extender" "FSFilter Anti-Virus" "Event Log"
                """,
                cites=("Loader0",),
            ),
            Example(
                "an unknown driver in Early-Launch",
                r"""
                [ControlSet001\Services\earlykit]
                Type = dword 1
                Start = dword 0
                Group = sz "Early-Launch"
                ImagePath = expand "system32\drivers\earlykit.sys"
                """,
                cites=("Group",),
            ),
        ),
        silent_on=(
            Example("the list as shipped", ""),
            Example(
                "a group of one's own behind all that matter",
                r"""
                [ControlSet001\Control\ServiceGroupOrder]
                List = multi "System Reserved" "Boot Bus Extender" "FSFilter Anti-Virus" "Event Log" "Vendor Group"
                """,
            ),
        ),
    ),
)
