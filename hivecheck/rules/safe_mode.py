r"""Safe mode: its shell, whether the last boot was one, and the names that are known below `Control\SafeBoot`.

Known are those which Windows from 2000 to 11 lists there, in one set, and the products that add themselves; the lists of single
generations are in the baselines, and a name of another generation is no finding, so that here all are one. What may start in it is judged
in `safe_boot_lists`. Whether the NEXT boot is a safe one stands in the BCD store (boot.ini before Vista), not in this hive.
Source: detections.md 1.7; smss.md E.3; baselines.md 2.11 (real hives of XP x64, 7, 8.1, 10; others from their neighbours).
"""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.filetime import TICKS_PER_SECOND
from hivecheck.facts.generation import WIN2000
from hivecheck.rules.case import Case
from hivecheck.rules.known_boot_programs import matches
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.rules.security_products import vendor_of_service
from hivecheck.settings.catalog import (
    ALTERNATE_SHELL,
    SAFE_BOOT,
    SAFE_BOOT_OPTION_VALUE,
    SYSTEM_START_OPTIONS,
    USE_ALTERNATE_SHELL,
)

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


BCD_REPAIR = "; in the BCD store delete the value safeboot (bcdedit /deletevalue safeboot)."


def _check_shell(case: Case) -> Iterator[Hit]:
    setting = case.settings[ALTERNATE_SHELL]
    text = setting.value.strip()
    path = case.path(text)
    if (
        not text
        or case.generation < WIN2000
        or path.text in ("cmd.exe", "cmd", f"{case.system_root}\\system32\\cmd.exe".casefold())
    ):
        return
    used = case.settings[USE_ALTERNATE_SHELL]
    explorer = path.text in ("explorer.exe", f"{case.system_root}\\explorer.exe".casefold())
    armed = bool(used.value) and case.is_new(setting.origins[0])
    severity = Severity.CRITICAL if armed else Severity.MEDIUM if explorer else Severity.HIGH
    more = " The key was written lately and the last safe mode used this shell." if armed else ""
    image = text.split()[0]
    yield Hit(
        f"AlternateShell is {text}, where every Windows has cmd.exe: in safe mode with command prompt it would be the shell of "
        f"whoever logs on, if the file exists.{more}",
        (*setting.origins, *(used.origins if used.value else ())),
        text,
        severity,
        Confidence.HIGH,
        story=(case.thread_of_image(image), "safe mode"),
    )


SAFEBOOT_ALTERNATE_SHELL = Rule(
    id="safeboot-alternate-shell",
    family="setup",
    title="Safe mode with command prompt has another shell",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1547", "T1562.009"),
    why=(
        "In safe mode with command prompt Windows starts AlternateShell for whoever logs on, while most security products do not "
        "run. Every Windows since 2000 ships cmd.exe."
    ),
    false_positives=("Administrators who want explorer.exe there; rare.",),
    remedy="Set AlternateShell to cmd.exe (REG_SZ), then quarantine the program it named.",
    sources=("detections.md 1.7", "smss.md E.3", "baselines.md 2.9"),
    check=_check_shell,
    severities="high; critical where the key was written lately and Option\\UseAlternateShell is set; medium for explorer.exe.",
    needs="The BCD store (safebootalternateshell); whether the file exists and who signed it.",
)


def _check_next(case: Case) -> Iterator[Hit]:
    option = case.key(f"{SAFE_BOOT}\\Option")
    if option is not None:
        value, shell = case.settings[SAFE_BOOT_OPTION_VALUE], case.settings[USE_ALTERNATE_SHELL]
        mode = {1: "minimal", 2: "network", 3: "directory services repair"}.get(value.value or 0, "")
        said = f" It names the mode {mode}." if mode else ""
        yield Hit(
            "SafeBoot\\Option is stored in the hive. Windows makes the key anew, in memory, in each safe mode: the hive was "
            f"copied during one, or somebody planted the key to make programs believe in one.{said}",
            (option.ref, *value.origins, *shell.origins),
            f"{SAFE_BOOT}\\Option",
            story=("safe mode",),
        )
    options = case.settings[SYSTEM_START_OPTIONS]
    mark = next((word for word in options.value.upper().replace("/", " ").split() if word.startswith("SAFEBOOT")), "")
    if mark:
        yield Hit(
            f"The last boot was a safe one: SystemStartOptions holds {mark}. Whether the next one is stands in the BCD store.",
            options.origins,
            "SystemStartOptions SAFEBOOT",
            confidence=Confidence.HIGH,
            story=("safe mode",),
        )


SAFEBOOT_NEXT = Rule(
    id="safeboot-next",
    family="setup",
    title="The machine was last in safe mode, or is made to believe so",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    techniques=("T1562.009",),
    why=(
        "Ransomware restarts into safe mode, where security products do not run. A safe boot leaves its mark in "
        "SystemStartOptions; the key SafeBoot\\Option is volatile and has no business on disk."
    ),
    false_positives=("Somebody mended the machine in safe mode.",),
    remedy="Delete SafeBoot\\Option from the copy" + BCD_REPAIR,
    sources=("detections.md 1.7", "smss.md E.3"),
    check=_check_next,
    needs="The BCD store (boot.ini before Vista) says whether the next boot is a safe one.",
)
