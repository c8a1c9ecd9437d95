"""A few drivers and services of each Windows generation, enough for a boot plan: type, start, group, image, dependencies.

Not a whole list: a clean machine has hundreds. Source: the real hives of NT 4, XP x64, 7, 10 1709 and 1903; the others are
those of their neighbours.
"""

from dataclasses import dataclass

from hivecheck.facts.generation import (
    NT4,
    NT351,
    VISTA,
    WIN7,
    WIN8,
    WIN10_1507,
    WIN10_1709,
    WIN11_24H2,
    WIN81,
    WIN2000,
    WIN2003,
    XP,
    Generation,
)
from tests.hive_machines import Machine
from tests.hive_text import HiveText, dword, expand, multi, sz

KERNEL_DRIVER, FILE_SYSTEM, OWN_PROCESS, SHARED_PROCESS = 1, 2, 16, 32
BOOT, SYSTEM, AUTO, DEMAND, DISABLED = range(5)


@dataclass(frozen=True, slots=True)
class Service:
    """One row. `account` is '' for drivers; `image` '' for a driver found by its name; `more` are further value lines."""

    name: str
    first: Generation
    last: Generation
    type: int
    start: int
    error: int
    group: str = ""
    image: str = ""
    account: str = ""
    needs: tuple[str, ...] = ()
    more: tuple[tuple[str, str], ...] = ()


_NOW = WIN11_24H2
_LOCAL, _NETWORK = r"NT AUTHORITY\LocalService", r"NT AUTHORITY\NetworkService"
_HOST, _HOST_P = r"%SystemRoot%\system32\svchost.exe -k ", r"%SystemRoot%\system32\svchost.exe -k {} -p"
_CLASSIC = r"%SystemRoot%\system32\services.exe"
_PROTECTED = ("LaunchProtected", dword(3))

SERVICES: tuple[Service, ...] = (
    Service("ACPI", WIN2000, WIN2003, 1, BOOT, 1, "Boot Bus Extender", r"system32\DRIVERS\ACPI.sys", more=(("Tag", dword(1)),)),
    Service("ACPI", VISTA, WIN7, 1, BOOT, 3, "Boot Bus Extender", r"system32\drivers\ACPI.sys", more=(("Tag", dword(1)),)),
    Service("ACPI", WIN8, _NOW, 1, BOOT, 3, "Core", r"System32\drivers\ACPI.sys", more=(("Tag", dword(2)),)),
    Service("AFD", NT351, NT4, 1, AUTO, 1, "TDI", r"\SystemRoot\System32\drivers\afd.sys"),
    Service("AFD", WIN2000, WIN2003, 1, SYSTEM, 1, "TDI", r"\SystemRoot\System32\drivers\afd.sys"),
    Service("AFD", VISTA, _NOW, 1, SYSTEM, 1, "PNP_TDI", r"\SystemRoot\system32\drivers\afd.sys"),
    Service("Atdisk", NT351, WIN2003, 1, DISABLED, 0, "Primary disk", more=(("Tag", dword(1)),)),
    Service("bam", WIN10_1709, _NOW, 1, SYSTEM, 1, "", r"system32\drivers\bam.sys"),
    Service("Beep", NT351, _NOW, 1, SYSTEM, 1, "Base", more=(("Tag", dword(2)),)),
    Service("BITS", XP, WIN81, 32, DEMAND, 1, "", _HOST + "netsvcs", "LocalSystem", ("RpcSs", "EventSystem")),
    Service("BITS", WIN10_1507, _NOW, 32, DEMAND, 1, "", _HOST_P.format("netsvcs"), "LocalSystem", ("RpcSs",)),
    Service("bowser", VISTA, _NOW, 2, DEMAND, 1, "Network", r"system32\DRIVERS\bowser.sys", more=(("Tag", dword(5)),)),
    Service("Browser", NT351, WIN2000, 32, AUTO, 1, "", _CLASSIC, "LocalSystem", ("LanmanWorkstation", "LanmanServer")),
    Service("DcomLaunch", XP, WIN2003, 32, AUTO, 1, "Event Log", _HOST + "DcomLaunch", "LocalSystem"),
    Service("DcomLaunch", VISTA, WIN81, 32, AUTO, 1, "COM Infrastructure", _HOST + "DcomLaunch", "LocalSystem"),
    Service("DcomLaunch", WIN10_1507, _NOW, 32, AUTO, 1, "COM Infrastructure", _HOST_P.format("DcomLaunch"), "LocalSystem"),
    Service("Dhcp", NT351, WIN2000, 32, AUTO, 1, "TDI", _CLASSIC, "LocalSystem", ("Tcpip", "Afd", "NetBT")),
    Service("Dhcp", XP, WIN2003, 32, AUTO, 1, "TDI", _HOST + "NetworkService", _NETWORK, ("Tcpip", "Afd")),
    Service("Dhcp", VISTA, WIN81, 32, AUTO, 1, "TDI", _HOST + "LocalServiceNetworkRestricted", _LOCAL, ("NSI", "Tdx", "Afd")),
    Service("Dhcp", WIN10_1507, _NOW, 32, AUTO, 1, "TDI", _HOST_P.format("LocalServiceNetworkRestricted"), _LOCAL, ("NSI", "Afd")),
    Service("Disk", NT351, WIN2000, 1, BOOT, 0, "SCSI Class", more=(("Tag", dword(2)),)),
    Service("Disk", XP, WIN2003, 1, BOOT, 1, "SCSI Class", r"system32\DRIVERS\disk.sys", more=(("Tag", dword(2)),)),
    Service("disk", VISTA, _NOW, 1, BOOT, 1, "", r"System32\drivers\disk.sys"),
    Service("Dnscache", XP, WIN2003, 32, AUTO, 1, "TDI", _HOST + "NetworkService", _NETWORK, ("Tcpip",)),
    Service("Dnscache", VISTA, WIN81, 32, AUTO, 1, "TDI", _HOST + "NetworkService", _NETWORK, ("Tdx", "nsi")),
    Service("Dnscache", WIN10_1507, _NOW, 32, AUTO, 1, "TDI", _HOST_P.format("NetworkService"), _NETWORK, ("nsi",)),
    Service("EventLog", NT351, WIN2003, 32, AUTO, 1, "Event log", _CLASSIC, "LocalSystem"),
    Service("EventLog", VISTA, WIN81, 32, AUTO, 1, "Event Log", _HOST + "LocalServiceNetworkRestricted", _LOCAL),
    Service("EventLog", WIN10_1507, _NOW, 32, AUTO, 1, "Event Log", _HOST_P.format("LocalServiceNetworkRestricted"), _LOCAL),
    Service("EventSystem", XP, WIN2003, 32, AUTO, 1, "", _HOST + "netsvcs", "LocalSystem", ("RPCSS",)),
    Service("EventSystem", VISTA, WIN81, 32, AUTO, 1, "", _HOST + "LocalService", _LOCAL, ("rpcss",)),
    Service("EventSystem", WIN10_1507, _NOW, 32, AUTO, 1, "", _HOST_P.format("LocalService"), _LOCAL, ("rpcss",)),
    Service("FltMgr", XP, WIN2003, 2, BOOT, 1, "FSFilter Infrastructure", r"system32\DRIVERS\fltMgr.sys", more=(("Tag", dword(4)),)),
    Service("FltMgr", VISTA, _NOW, 2, BOOT, 3, "FSFilter Infrastructure", r"system32\drivers\fltmgr.sys", more=(("Tag", dword(1)),)),
    Service("Ftdisk", WIN2000, WIN2003, 1, BOOT, 1, "System Bus Extender", r"system32\DRIVERS\ftdisk.sys", more=(("Tag", dword(9)),)),
    Service("HTTP", VISTA, _NOW, 1, DEMAND, 1, "", r"system32\drivers\HTTP.sys"),
    Service("IPSec", WIN2000, WIN2003, 1, SYSTEM, 1, "PNP_TDI", r"system32\DRIVERS\ipsec.sys", more=(("Tag", dword(5)),)),
    Service("LanmanServer", NT351, WIN2000, 32, AUTO, 1, "", _CLASSIC, "LocalSystem"),
    Service("LanmanWorkstation", NT351, WIN2000, 32, AUTO, 1, "NetworkProvider", _CLASSIC, "LocalSystem"),
    Service("LanmanWorkstation", XP, WIN2003, 32, AUTO, 1, "NetworkProvider", _HOST + "netsvcs", "LocalSystem"),
    Service("LanmanWorkstation", VISTA, WIN81, 32, AUTO, 1, "NetworkProvider", _HOST + "NetworkService", _NETWORK, ("Bowser", "NSI")),
    Service("LanmanWorkstation", WIN10_1507, _NOW, 32, AUTO, 1, "NetworkProvider", _HOST_P.format("NetworkService"), _NETWORK, ("NSI",)),
    Service("MountMgr", WIN2000, WIN2003, 1, BOOT, 1, "System Bus Extender", more=(("Tag", dword(8)),)),
    Service("mountmgr", VISTA, _NOW, 1, BOOT, 3, "System Bus Extender", r"System32\drivers\mountmgr.sys"),
    Service("NetBT", NT351, NT4, 1, AUTO, 1, "PNP_TDI", r"\SystemRoot\System32\drivers\netbt.sys", "", ("Tcpip",)),
    Service("NetBT", WIN2000, WIN2003, 1, SYSTEM, 1, "PNP_TDI", r"system32\DRIVERS\netbt.sys", "", ("Tcpip",), (("Tag", dword(6)),)),
    Service("nsi", VISTA, WIN7, 32, AUTO, 1, "", _HOST + "LocalService", _LOCAL, ("nsiproxy",)),
    Service("nsi", WIN8, WIN81, 32, AUTO, 1, "", _HOST + "LocalService", _LOCAL, ("rpcss", "nsiproxy")),
    Service("nsi", WIN10_1507, _NOW, 32, AUTO, 1, "", _HOST_P.format("LocalService"), _LOCAL, ("rpcss", "nsiproxy")),
    Service("nsiproxy", VISTA, _NOW, 1, SYSTEM, 1, "", r"system32\drivers\nsiproxy.sys"),
    Service("Ntfs", NT351, WIN2003, 2, DISABLED, 1, "File system"),
    Service("Ntfs", VISTA, _NOW, 2, DEMAND, 1, "Boot File System"),
    Service("Null", NT351, _NOW, 1, SYSTEM, 1, "Base", more=(("Tag", dword(1)),)),
    Service("PartMgr", WIN2000, WIN2003, 1, BOOT, 1, "System Bus Extender", more=(("Tag", dword(6)),)),
    Service("partmgr", VISTA, _NOW, 1, BOOT, 3, "Boot Bus Extender", r"System32\drivers\partmgr.sys"),
    Service("PlugPlay", NT4, WIN2003, 32, AUTO, 1, "PlugPlay", _CLASSIC, "LocalSystem"),
    Service("PlugPlay", VISTA, WIN81, 32, AUTO, 1, "PlugPlay", _HOST + "DcomLaunch", "LocalSystem"),
    Service("PlugPlay", WIN10_1507, _NOW, 32, DEMAND, 1, "PlugPlay", _HOST_P.format("DcomLaunch"), "LocalSystem"),
    Service("RpcEptMapper", WIN7, WIN81, 32, AUTO, 1, "COM Infrastructure", _HOST + "RPCSS", _NETWORK),
    Service("RpcEptMapper", WIN10_1507, _NOW, 32, AUTO, 1, "COM Infrastructure", _HOST_P.format("RPCSS"), _NETWORK),
    Service("RpcSs", NT351, NT4, 16, AUTO, 1, "", r"%SystemRoot%\system32\RpcSs.exe", "LocalSystem"),
    Service("RpcSs", WIN2000, WIN2000, 32, AUTO, 1, "COM Infrastructure", _HOST + "rpcss", "LocalSystem"),
    Service("RpcSs", XP, WIN2003, 16, AUTO, 1, "COM Infrastructure", _HOST + "rpcss", _NETWORK),
    Service("RpcSs", VISTA, VISTA, 32, AUTO, 1, "COM Infrastructure", _HOST + "rpcss", _NETWORK, ("DcomLaunch",)),
    Service("RpcSs", WIN7, WIN81, 32, AUTO, 1, "COM Infrastructure", _HOST + "rpcss", _NETWORK, ("RpcEptMapper", "DcomLaunch")),
    Service("RpcSs", WIN10_1507, _NOW, 32, AUTO, 1, "COM Infrastructure", _HOST_P.format("rpcss"), _NETWORK, ("RpcEptMapper", "DcomLaunch")),
    Service("Spooler", NT351, NT4, 272, AUTO, 1, "SpoolerGroup", r"%SystemRoot%\system32\spoolss.exe", "LocalSystem"),
    Service("Spooler", WIN2000, WIN2003, 272, AUTO, 1, "SpoolerGroup", r"%SystemRoot%\system32\spoolsv.exe", "LocalSystem", ("RPCSS",)),
    Service("Spooler", VISTA, _NOW, 272, AUTO, 1, "SpoolerGroup", r"%SystemRoot%\System32\spoolsv.exe", "LocalSystem", ("RPCSS", "http")),
    Service("Tcpip", NT351, NT4, 1, AUTO, 1, "PNP_TDI", r"\SystemRoot\System32\drivers\tcpip.sys"),
    Service("Tcpip", WIN2000, WIN2003, 1, SYSTEM, 1, "PNP_TDI", r"system32\DRIVERS\tcpip.sys", "", ("IPSec",)),
    Service("Tcpip", VISTA, _NOW, 1, BOOT, 1, "PNP_TDI", r"System32\drivers\tcpip.sys", more=(("Tag", dword(3)),)),
    Service("tdx", VISTA, WIN7, 1, SYSTEM, 1, "PNP_TDI", r"system32\DRIVERS\tdx.sys", "", ("Tcpip",), (("Tag", dword(4)),)),
    Service("tdx", WIN8, _NOW, 1, SYSTEM, 1, "PNP_TDI", r"\SystemRoot\system32\DRIVERS\tdx.sys", "", ("tcpip",), (("Tag", dword(4)),)),
    Service("TrustedInstaller", VISTA, _NOW, 16, DEMAND, 1, "ProfSvc_Group", r"%SystemRoot%\servicing\TrustedInstaller.exe", "localSystem"),
    Service("volmgr", VISTA, _NOW, 1, BOOT, 3, "System Bus Extender", r"System32\drivers\volmgr.sys", more=(("Tag", dword(9)),)),
    Service("WdBoot", WIN8, _NOW, 1, BOOT, 1, "Early-Launch", r"system32\drivers\WdBoot.sys"),
    Service("WdFilter", WIN8, _NOW, 2, BOOT, 1, "FSFilter Anti-Virus", r"system32\drivers\WdFilter.sys", "", ("FltMgr",)),
    Service("WinDefend", VISTA, WIN7, 32, AUTO, 1, "", _HOST + "secsvcs", "LocalSystem", ("RpcSs",)),
    Service("WinDefend", WIN8, WIN8, 16, AUTO, 1, "", r'"%ProgramFiles%\Windows Defender\MsMpEng.exe"', "LocalSystem", ("RpcSs",)),
    Service("WinDefend", WIN81, _NOW, 16, AUTO, 1, "", r'"%ProgramFiles%\Windows Defender\MsMpEng.exe"', "LocalSystem", ("RpcSs",), (_PROTECTED,)),
    Service("winmgmt", WIN2000, WIN2003, 32, AUTO, 0, "", _HOST + "netsvcs", "LocalSystem", ("RPCSS",)),
    Service("Winmgmt", VISTA, WIN81, 32, AUTO, 0, "", _HOST + "netsvcs", "localSystem", ("RPCSS",)),
    Service("Winmgmt", WIN10_1507, _NOW, 32, AUTO, 0, "", _HOST_P.format("netsvcs"), "localSystem", ("RPCSS",)),
)  # fmt: skip

GROUP_ORDER: dict[Generation, str] = {
    NT351: "System Bus Extender|SCSI miniport|port|Primary disk|SCSI class|SCSI CDROM class|filter|boot file system|Base|"
    "Pointer Port|Keyboard Port|Pointer Class|Keyboard Class|Video Init|Video|Video Save|file system|Event log|Streams Drivers|"
    "PNP_TDI|NDIS|TDI|NetBIOSGroup|SpoolerGroup|NetDDEGroup|Parallel arbitrator|extended base|RemoteValidation|"
    "PCI Configuration",
    WIN2000: "System Reserved|Boot Bus Extender|System Bus Extender|SCSI miniport|Port|Primary Disk|SCSI Class|"
    "SCSI CDROM Class|FSFilter Infrastructure|FSFilter System|FSFilter Bottom|FSFilter Copy Protection|FSFilter Anti-Virus|"
    "FSFilter Activity Monitor|FSFilter Top|Filter|Boot File System|Base|Pointer Port|Keyboard Port|Pointer Class|"
    "Keyboard Class|Video Init|Video|Video Save|File System|Event Log|Streams Drivers|NDIS Wrapper|COM Infrastructure|UIGroup|"
    "PlugPlay|PNP_TDI|NDIS|TDI|NetBIOSGroup|ShellSvcGroup|SchedulerGroup|SpoolerGroup|AudioGroup|SmartCardGroup|"
    "NetworkProvider|RemoteValidation|NetDDEGroup|Parallel arbitrator|Extended Base|PCI Configuration",
    VISTA: "System Reserved|EMS|WdfLoadGroup|Boot Bus Extender|System Bus Extender|SCSI miniport|Port|Primary Disk|SCSI Class|"
    "SCSI CDROM Class|FSFilter Infrastructure|FSFilter System|FSFilter Bottom|FSFilter Copy Protection|FSFilter Anti-Virus|"
    "FSFilter Activity Monitor|FSFilter Top|Filter|Boot File System|Base|Pointer Port|Keyboard Port|Pointer Class|"
    "Keyboard Class|Video Init|Video|Video Save|File System|Streams Drivers|NDIS Wrapper|COM Infrastructure|Event Log|"
    "AudioGroup|ProfSvc_Group|UIGroup|MS_WindowsLocalValidation|PlugPlay|Cryptography|PNP_TDI|NDIS|TDI|iSCSI|NetBIOSGroup|"
    "ShellSvcGroup|SchedulerGroup|SpoolerGroup|SmartCardGroup|NetworkProvider|MS_WindowsRemoteValidation|NetDDEGroup|"
    "Parallel arbitrator|Extended Base|PCI Configuration|MS Transactions",
    WIN8: "System Reserved|EMS|WdfLoadGroup|Boot Bus Extender|System Bus Extender|SCSI miniport|Port|Primary Disk|SCSI Class|"
    "SCSI CDROM Class|FSFilter Infrastructure|FSFilter System|FSFilter Bottom|FSFilter Copy Protection|FSFilter Anti-Virus|"
    "FSFilter Activity Monitor|FSFilter Top|Filter|Boot File System|Base|Pointer Port|Keyboard Port|Pointer Class|"
    "Keyboard Class|Video Init|Video|Video Save|File System|Streams Drivers|NDIS Wrapper|COM Infrastructure|Event Log|"
    "PerceptionGroup|ProfSvc_Group|AudioGroup|UIGroup|MS_WindowsLocalValidation|PlugPlay|Cryptography|PNP_TDI|NDIS|TDI|iSCSI|"
    "NetBIOSGroup|ShellSvcGroup|SchedulerGroup|SpoolerGroup|SmartCardGroup|NetworkProvider|MS_WindowsRemoteValidation|"
    "NetDDEGroup|Parallel arbitrator|Extended Base|PCI Configuration|MS Transactions",
}


_DLLS: dict[str, str] = {
    "BITS": "qmgr.dll",
    "DcomLaunch": "rpcss.dll",
    "Dhcp": "dhcpcore.dll",
    "Dnscache": "dnsrslvr.dll",
    "EventLog": "wevtsvc.dll",
    "EventSystem": "es.dll",
    "LanmanServer": "srvsvc.dll",
    "LanmanWorkstation": "wkssvc.dll",
    "nsi": "nsisvc.dll",
    "PlugPlay": "umpnpmgr.dll",
    "RpcEptMapper": "RpcEpMap.dll",
    "RpcSs": "rpcss.dll",
    "winmgmt": "wbem\\WMIsvc.dll",
    "Winmgmt": "wbem\\WMIsvc.dll",
}


def write_service(hive: HiveText, control_set: str, service: Service, written: str | None = None) -> None:
    """The key of one service."""
    key = hive.key(rf"{control_set}\Services\{service.name}", written)
    key.put_all((("Type", dword(service.type)), ("Start", dword(service.start)), ("ErrorControl", dword(service.error))))
    if service.group:
        key.put("Group", sz(service.group))
    if service.image:
        key.put("ImagePath", expand(service.image))
    if service.needs:
        key.put("DependOnService", multi(*service.needs))
    if service.account:
        key.put("ObjectName", sz(service.account))
    key.put_all(service.more)
    if "svchost.exe" in service.image and service.name in _DLLS:
        dll = "dhcpcsvc.dll" if service.name == "Dhcp" and service.last <= WIN2003 else _DLLS[service.name]
        hive.key(rf"{control_set}\Services\{service.name}\Parameters", written).put(
            "ServiceDll", expand(rf"%SystemRoot%\System32\{dll}")
        )


def write_services(hive: HiveText, control_set: str, machine: Machine) -> None:
    """The services of this generation, and the host name, which lies among them."""
    hive.key(rf"{control_set}\Services")
    for service in SERVICES:
        if service.first <= machine.generation <= service.last:
            write_service(hive, control_set, service)
    if XP <= machine.generation <= WIN2003:
        image = machine.system_root + r"\system32\dllhost.exe /Processid:{02D4B3F1-FD88-11D1-960D-00805FC79235}"
        write_service(
            hive, control_set, Service("COMSysApp", XP, WIN2003, 16, DEMAND, 1, "", image, "LocalSystem", ("rpcss",))
        )
    parameters = hive.key(rf"{control_set}\Services\Tcpip\Parameters", machine.boot)
    parameters.put_all((("Hostname", sz(machine.name)), ("NV Hostname", sz(machine.name))))
