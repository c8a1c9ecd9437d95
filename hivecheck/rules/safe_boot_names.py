r"""What Windows from 2000 to 11 lists below `Control\SafeBoot`, in one set, and the products known to add themselves there.

The lists of single generations are in the baselines; a name of another generation is no finding, so that here all are one.
Source: baselines.md 2.11 (real hives of XP x64, 7, 8.1, 10; others from their neighbours), detections.md 1.7.
"""

from hivecheck.facts.filetime import TICKS_PER_SECOND
from hivecheck.rules.known_boot_programs import matches
from hivecheck.rules.security_products import vendor_of_service

MODES = ("Minimal", "Network")
SAME_HOUR = 3600 * TICKS_PER_SECOND  # within which Windows writes a whole list

# Without these no volume is mounted or no service runs: every Windows since 2000 lists them in both modes.
ESSENTIAL: dict[str, str] = {
    name.casefold(): name
    for name in (
        "Base", "Boot Bus Extender", "Boot file system", "EventLog", "File system", "PlugPlay", "Primary disk", "RpcSs",
        "SCSI Class", "System Bus Extender", "{4D36E967-E325-11CE-BFC1-08002BE10318}",
    )
}  # fmt: skip

_MINIMAL = (
    "AHCache.sys AppInfo AppMgmt AudioEndpointBuilder AudioSrv BasicDisplay.sys BasicRender.sys BrokerInfrastructure CBDHSvc "
    "CoreMessagingRegistrar CryptSvc DcomLaunch DeviceInstall dxgkrnl.sys EFS Filter FsDepends.sys HdAudAddService.Sys "
    "HdAudBus.Sys HelpSvc iai2c.sys KeyIso LSM Netlogon NgcCtnrSvc NgcSvc NTDS Power ProfSvc RpcEptMapper sacsvr SerCx2.sys "
    "sermouse.sys SpbCx.sys StateRepository SWPRV SystemEventsBroker TabletInputService TBS TrustedInstaller uefi.sys "
    "usbaudio.sys UserManager VDS vmms volmgr.sys volmgrx.sys WinDefend WinMgmt WudfPf WudfRd SRService dmadmin dmboot.sys "
    "dmio.sys dmload.sys dmserver sr.sys vga.sys vgasave.sys wd.sys WudfSvc TileDataModelSvc Wdf01000.sys"
)
_NETWORK = (
    "AFD BFE bowser Browser dfsc Dhcp DnsCache Dot3Svc Eaphost IKEEXT ipnat.sys LanmanServer LanmanWorkstation LmHosts "
    "Messenger MPSDrv MPSSvc mrxsmb mrxsmb10 mrxsmb20 MsQuic NativeWifiP NDIS ndiscap Ndisuio NetBIOS NetBIOSGroup NetBT "
    "NetDDEGroup NetMan netprofm NetSetupSvc Network NetworkProvider NlaSvc Nsi nsiproxy.sys PNP_TDI PolicyAgent rdbss "
    "rdpencdd.sys rdsessmgr rovider SCardSvr SharedAccess SmartcardSimulator Tcpip TDI VaultSvc VirtualSmartcardReader "
    "Wcmsvc Wlansvc WudfUsbccidDriver NtLmSsp WZCSVC UploadMgr ip6fw.sys rdpcdd.sys rdpdd.sys rdpwd.sys tdpipe.sys tdtcp.sys "
    "termservice WinQuic"
)
_WITH_BLANKS = ("PCI Configuration", "PNP Filter", "NDIS Wrapper", "Streams Drivers")
_CLASSES = (
    "{36FC9E60-C465-11CF-8056-444553540000}", "{50DD5230-BA8A-11D1-BF5D-0000F805F530}",
    "{533C5B84-EC70-11D2-9505-00C04F79DEAF}", "{6BDD1FC1-810F-11D0-BEC7-08002BE2092F}",
    "{71A27CDD-812A-11D0-BEC7-08002BE2092F}", "{745A17A0-74D3-11D0-B6FE-00A0C90F57DA}",
    "{9DA2B80F-F89F-4A49-A5C2-511B085B9E8A}", "{A0A588A4-C46F-4B37-B7EA-C82FE89870C6}",
    "{D48179BE-EC20-11D1-B6B8-00C04FA372A7}", "{D94EE5D8-D189-4994-83D2-F68D7D41B0E6}",
    "{F2E7DD72-6468-4E36-B6F1-6488F42C1B52}",
)  # fmt: skip
_SETUP_CLASSES = "65 69 6A 6B 6C 6F 72 73 74 75 77 7B 7D 80"

SHIPPED: frozenset[str] = frozenset(
    {
        *ESSENTIAL,
        *(name.casefold() for name in (*_MINIMAL.split(), *_NETWORK.split(), *_WITH_BLANKS, *_CLASSES)),
        *(f"{{4d36e9{number.casefold()}-e325-11ce-bfc1-08002be10318}}" for number in _SETUP_CLASSES.split()),
    }
)

_SECURITY = {
    "mcods": "McAfee", "mcmpfsvc": "McAfee", "mfefire*": "McAfee", "mfehidk*": "McAfee", "mfevtp*": "McAfee",
    "savservice": "Sophos", "sophos*": "Sophos", "mbamservice": "Malwarebytes", "hexnode*": "Hexnode",
    "hitmanpro*": "HitmanPro", "msmpsvc": "Microsoft", "sdwinsec*": "Spybot",
}  # fmt: skip
_BACKUP = {"veeam*": "Veeam", "acrsch2svc": "Acronis", "macrium*": "Macrium", "reflectservice*": "Macrium"}
REMOTE_TOOLS = {
    "anydesk*": "AnyDesk", "teamviewer*": "TeamViewer", "screenconnect*": "ScreenConnect", "rustdesk*": "RustDesk",
    "logmein*": "LogMeIn", "splashtop*": "Splashtop", "ateraagent": "Atera", "tvnserver": "TightVNC", "winvnc*": "VNC",
    "uvnc*": "UltraVNC", "dwagent*": "DWService", "supremo*": "Supremo", "meshagent*": "MeshCentral", "mesh agent": "MeshCentral",
}  # fmt: skip


def protector(name: str) -> str:
    """The vendor of a security or backup product that is known to list itself under this name, '' for none."""
    folded = name.casefold()
    known = _look_up(folded, _SECURITY) or _look_up(folded, _BACKUP)
    return known or vendor_of_service(folded.removesuffix(".sys"))


def remote_tool(name: str) -> str:
    """The remote control product of this name, '' for none: legitimate, and liked by attackers."""
    return _look_up(name.casefold(), REMOTE_TOOLS)


def _look_up(folded: str, table: dict[str, str]) -> str:
    return next((vendor for pattern, vendor in table.items() if matches(folded, pattern)), "")
