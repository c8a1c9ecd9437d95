"""A whole SYSTEM hive of a made-up machine, in notation: what Windows of its generation leaves behind after a clean shutdown.

The Session Manager is in `hive_session_manager`, the services in `hive_services`. Here: which control sets there are, what
tells the version, the machine and its times, and what else takes part in a boot. Source: baselines.md 2.0, 2.2, 2.8, 2.9,
2.11; smss.md B.20 for last-write times; the layout of real hives.
"""

from struct import pack

from hivecheck.facts.filetime import parse_iso_utc
from hivecheck.facts.generation import (
    NT4,
    NT351,
    VISTA,
    WIN7,
    WIN8,
    WIN10_1507,
    WIN10_1709,
    WIN81,
    WIN2000,
    WIN2003,
    XP,
)
from tests.hive_machines import Machine
from tests.hive_services import GROUP_ORDER, write_services
from tests.hive_session_manager import newest_of, write_session_manager
from tests.hive_text import HiveText, binary, dword, expand, later, multi, qword, sz

_SAFE_BOOT = {
    "Base": "Driver Group",
    "Boot Bus Extender": "Driver Group",
    "Boot file system": "Driver Group",
    "CryptSvc": "Service",
    "EventLog": "Service",
    "File system": "Driver Group",
    "PlugPlay": "Service",
    "Primary disk": "Driver Group",
    "RpcSs": "Service",
    "SCSI Class": "Driver Group",
    "System Bus Extender": "Driver Group",
    "{4D36E967-E325-11CE-BFC1-08002BE10318}": "DiskDrive",
    "{4D36E969-E325-11CE-BFC1-08002BE10318}": "Hdc",
}
_SAFE_BOOT_NETWORK = {
    "AFD": "Service",
    "Dhcp": "Service",
    "LanmanWorkstation": "Service",
    "NDIS": "Driver Group",
    "Tcpip": "Service",
}


def compose_hive(machine: Machine, about: str) -> HiveText:
    """The hive of a machine nobody has tampered with."""
    generation = machine.generation
    # from 8.1 on the base block is not written at each flush
    saved = "" if generation >= WIN81 else f" saved {later(machine.shutdown, 2)}"
    flushes = 40 + 3 * machine.boots
    root = "" if machine.root == "ROOT" else f' root "{machine.root}"'
    header = f"hive notation 1 regf {machine.regf} sequences {flushes} {flushes}{root}{saved}"
    hive = HiveText(about, header, machine.image)
    _write_select(hive, machine)
    _write_setup(hive, machine)
    _write_control(hive, r"ControlSet001\Control", machine)
    write_services(hive, "ControlSet001", machine)
    if generation <= WIN7:
        # up to 2000 the copy has the time of copying, later the times of what was copied
        copied = later(machine.installed, 1900) if generation <= WIN2000 else None
        hive.copy("ControlSet001", "ControlSet002", copied)
    if generation >= WIN2000:
        mounted = hive.key("MountedDevices", later(machine.installed, 600))
        start = 0x7E00 if generation <= WIN2003 else 0x100000
        mounted.put(
            r"\DosDevices\C:", binary(machine.drive_signature + pack("<Q", start)), "signature of the disk, offset of C:"
        )
    if generation >= WIN8:
        drivers = hive.key("DriverDatabase", later(machine.boot, -8))
        version = 0x0A000000 if generation >= WIN10_1507 else 0x06030000 if generation >= WIN81 else 0x06020000
        drivers.put_all((("Version", dword(version)), ("Architecture", dword(9 if machine.bits == 64 else 0))))
        hive.key("HardwareConfig", machine.boot).put("LastId", dword(0))
    if generation >= XP:
        hive.key("WPA", later(machine.installed, 1800))
    return hive


def _write_select(hive: HiveText, machine: Machine) -> None:
    key = hive.key("Select", machine.image if machine.generation >= VISTA else later(machine.installed, 1900))
    known_good = 2 if machine.generation <= WIN7 else 1
    key.put_all((("Current", dword(1)), ("Default", dword(1)), ("Failed", dword(0)), ("LastKnownGood", dword(known_good))))


def _write_setup(hive: HiveText, machine: Machine) -> None:
    generation = machine.generation
    key = hive.key("Setup", later(machine.installed, 1850))
    key.put_all((("SetupType", dword(0)), ("SystemSetupInProgress", dword(0))))
    key.put("CmdLine", sz("setup -newsetup" if generation <= WIN2003 else ""))
    key.put_all((("SystemPartition", sz(_system_partition(machine))), ("OsLoaderPath", sz("\\"))))
    if generation >= VISTA:
        key.put_all((("RestartSetup", dword(0)), ("SetupPhase", dword(0)), ("OOBEInProgress", dword(0))))
        key.put_all((("WorkingDirectory", sz(machine.system_root + r"\Panther")), ("CloneTag", multi(machine.clone_tag))))
    if generation >= WIN8:
        key.put("RespecializeCmdLine", sz("Sysprep\\sysprep.exe /respecialize /quiet"))


def _system_partition(machine: Machine) -> str:
    return r"\Device\Harddisk0\Partition1" if machine.generation <= WIN2000 else r"\Device\HarddiskVolume1"


def _write_control(hive: HiveText, control: str, machine: Machine) -> None:
    generation = machine.generation
    _write_control_values(hive, control, machine)
    if generation <= WIN2003:
        hive.key(control + r"\BootVerificationProgram")
    if generation >= WIN10_1507:
        hive.key(control + r"\CI")
    hive.key(control + r"\ComputerName", later(machine.boot, 4))
    hive.key(control + r"\ComputerName\ComputerName", later(machine.installed, 1200)).put("ComputerName", sz(machine.name))
    _write_crash_control(hive, control, machine)
    if generation >= WIN10_1507:
        hive.key(control + r"\DeviceGuard").put("RequireMicrosoftSignedBootChain", dword(1))
    if generation >= WIN8:
        hive.key(control + r"\EarlyLaunch").put("BackupPath", sz(r"C:\Windows\ELAMBKUP"))
    files = hive.key(control + r"\FileSystem")
    if generation >= VISTA:
        files.put_all((("SymlinkLocalToLocalEvaluation", dword(1)), ("SymlinkLocalToRemoteEvaluation", dword(1))))
        files.put_all((("SymlinkRemoteToLocalEvaluation", dword(0)), ("SymlinkRemoteToRemoteEvaluation", dword(0))))
    files.put_all((("Win31FileSystem", dword(0)), ("Win95TruncatedExtensions", dword(1))))
    _write_lsa(hive, control, machine)
    providers = "LanmanWorkstation" if generation <= NT4 else "RDPNP,LanmanWorkstation,WebClient"
    hive.key(control + r"\NetworkProvider\Order").put("ProviderOrder", sz(providers))
    hive.key(control + r"\Print\Printers").put(
        "DefaultSpoolDirectory", sz(machine.system_root + r"\System32\spool\PRINTERS")
    )
    _write_product_options(hive, control, machine)
    if generation >= WIN2000:
        _write_safe_boot(hive, control)
    security = "credssp.dll" if generation >= VISTA else "msapsspc.dll, schannel.dll, digest.dll, msnsspc.dll"
    hive.key(control + r"\SecurityProviders").put("SecurityProviders", sz("schannel.dll" if generation <= NT4 else security))
    hive.key(control + r"\ServiceGroupOrder").put("List", multi(*newest_of(GROUP_ORDER, generation).split("|")))
    write_session_manager(hive, control, machine)
    _write_terminal_server(hive, control, machine)
    _write_time_zone(hive, control, machine)
    _write_windows(hive, control, machine)


def _write_control_values(hive: HiveText, control: str, machine: Machine) -> None:
    generation = machine.generation
    key = hive.key(control, later(machine.boot, 5))
    if generation >= WIN8:
        early = ["RpcSs", "Power", "BrokerInfrastructure", "SystemEventsBroker", "DcomLaunch", "RpcEpMapper", "LSM"]
        early += ["AppIdSvc"] if generation >= WIN10_1709 else []
        key.put("EarlyStartServices", multi(*early))
    if generation >= VISTA:
        classic, modern = ("wuauserv", "gpsvc", "trustedinstaller"), ("UsoSvc", "DeviceInstall", "gpsvc", "trustedinstaller")
        key.put("PreshutdownOrder", multi(*(modern if generation >= WIN10_1507 else classic)))
    seconds = 5 if generation >= WIN8 else 12 if generation == WIN7 else 20
    key.put_all((("WaitToKillServiceTimeout", sz(str(seconds * 1000))), ("CurrentUser", sz("USERNAME"))))
    if VISTA <= generation <= WIN81:
        key.put("ServiceControlManagerExtension", expand(r"%systemroot%\system32\scext.dll"))
    options = {NT351: "", XP: "NOEXECUTE=OPTIN  FASTDETECT", VISTA: " NOEXECUTE=OPTIN"}
    key.put("SystemStartOptions", sz(options[max(row for row in options if row <= generation)]))
    if generation >= XP:
        key.put("SystemBootDevice", sz("multi(0)disk(0)rdisk(0)partition(1)"))


def _write_crash_control(hive: HiveText, control: str, machine: Machine) -> None:
    generation = machine.generation
    key = hive.key(control + r"\CrashControl", later(machine.boot, 7) if generation == WIN7 else None)
    kind = {NT351: 1, XP: 3, VISTA: 2, WIN8: 7}
    key.put("AutoReboot", dword(1))
    key.put("CrashDumpEnabled", dword(kind[max(row for row in kind if row <= generation)]))
    key.put("DumpFile", expand(r"%SystemRoot%\MEMORY.DMP"))
    if generation >= WIN7:
        key.put("DumpFilters", multi("dumpfve.sys"))
    key.put("LogEvent", dword(1))
    if generation >= XP:
        key.put("MinidumpDir", expand(r"%SystemRoot%\Minidump"))
    if generation >= WIN7:
        key.put("MinidumpsCount", dword(5 if generation >= WIN10_1507 else 50))
    key.put("Overwrite", dword(1))


def _write_lsa(hive: HiveText, control: str, machine: Machine) -> None:
    generation = machine.generation
    key = hive.key(control + r"\Lsa", later(machine.boot, 6))
    key.put("Authentication Packages", multi("msv1_0"))
    if generation >= WIN2000:
        newer = ("tspkg", "pku2u") if generation >= WIN7 else ()
        packages = ("kerberos", "msv1_0", "schannel", "wdigest", *newer)
        key.put("Security Packages", multi('""') if generation >= WIN81 else multi(*packages))
        key.put("Notification Packages", multi("scecli"))
        key.put_all((("restrictanonymous", dword(0)), ("restrictanonymoussam", dword(1)), ("SecureBoot", dword(1))))


def _write_product_options(hive: HiveText, control: str, machine: Machine) -> None:
    key = hive.key(control + r"\ProductOptions", later(machine.installed, 1500))
    key.put("ProductType", sz("WinNT"))
    if machine.product:
        key.put("ProductSuite", multi("Terminal Server"))
        key.put(
            "ProductPolicy",
            binary(_product_policy(machine.product)),
            f"Kernel-ProductInfo = {machine.product}, no other policy",
        )
    elif machine.generation >= NT4:
        key.put("ProductSuite", multi(""))
    if machine.generation >= WIN8:
        key.put("OSProductPfn", sz(f"Microsoft.Windows.{machine.product}.X19-98841_8wekyb3d8bbwe"))


def _product_policy(product: int) -> bytes:
    name = "Kernel-ProductInfo".encode("utf-16-le")
    policy = pack("<4HII", 16 + len(name) + 4, len(name), 4, 4, 0, 0) + name + pack("<I", product)
    return pack("<5I", 20 + len(policy) + 4, len(policy), 4, 0, 1) + policy + pack("<I", 0x45)


def _write_safe_boot(hive: HiveText, control: str) -> None:
    hive.key(control + r"\SafeBoot").put("AlternateShell", sz("cmd.exe"))
    for kind, names in (("Minimal", _SAFE_BOOT), ("Network", _SAFE_BOOT | _SAFE_BOOT_NETWORK)):
        for name, what in sorted(names.items()):
            hive.key(rf"{control}\SafeBoot\{kind}\{name}").put("", sz(what))


def _write_terminal_server(hive: HiveText, control: str, machine: Machine) -> None:
    versions = {WIN2000: "5.0", XP: "5.1", WIN2003: "5.2", VISTA: "5.1"}
    if machine.generation >= WIN2000:
        key = hive.key(control + r"\Terminal Server", later(machine.installed, 1000))
        key.put_all((("fDenyTSConnections", dword(1)), ("TSUserEnabled", dword(0))))
        key.put("ProductVersion", sz(newest_of(versions, machine.generation)))


def _write_time_zone(hive: HiveText, control: str, machine: Machine) -> None:
    zone = machine.zone
    is_new = machine.generation >= VISTA
    winter, summer = (
        ((f"@tzres.dll,-{number}") for number in zone.resources) if is_new else (zone.winter_name, zone.summer_name)
    )
    key = hive.key(control + r"\TimeZoneInformation", later(machine.installed, 1100))
    key.put_all((("Bias", dword(zone.bias)), ("StandardName", sz(winter)), ("StandardBias", dword(0))))
    key.put_all((("StandardStart", binary(zone.start(zone.winter))), ("DaylightName", sz(summer))))
    key.put_all((("DaylightBias", dword(-60)), ("DaylightStart", binary(zone.start(zone.summer)))))
    if is_new:
        key.put_all((("TimeZoneKeyName", sz(zone.key)), ("DynamicDaylightTimeDisabled", dword(0))))
    key.put("ActiveTimeBias", dword(zone.bias - (60 if machine.is_summer else 0)))


def _write_windows(hive: HiveText, control: str, machine: Machine) -> None:
    """Written by the shutdown."""
    generation = machine.generation
    key = hive.key(control + r"\Windows", later(machine.shutdown, 0.2))
    key.put_all((("Directory", expand("%SystemRoot%")), ("ErrorMode", dword(0))))
    key.put("NoInteractiveServices", dword(1 if generation >= WIN8 else 0))
    key.put("SystemDirectory", expand(r"%SystemRoot%\system32"))
    if generation >= XP:
        key.put("ShellErrorMode", dword(1))
    key.put("CSDVersion", dword(machine.service_pack << 8))
    if generation >= XP:
        key.put("CSDReleaseType", dword(0))
    if generation >= VISTA:
        key.put_all((("CSDBuildNumber", dword(machine.revision)), ("ComponentizedBuild", dword(1))))
    key.put("ShutdownTime", binary(parse_iso_utc(machine.shutdown).to_bytes(8, "little")), machine.shutdown)
    if machine.lab:
        key.put("ShutdownStopTimePerfCounter", qword(10_000_000 * 34_100))
        key.put("ShutdownStopTimePerfCounterBuildLab", sz(machine.lab))
