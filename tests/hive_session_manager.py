"""What `Control\\Session Manager` holds on a freshly set-up machine of each Windows generation, in stored order and spelling.

Values that differ from machine to machine come from `hive_machines`. Source: baselines.md 2.1 to 2.7 (real hives of NT 4, XP,
XP x64, 7, 8.1, 10 1709, 1903 and 21H2); NT 3.51, 2000, Vista, 8 and 11 from public pages, certainty B or C. Last-write
times: smss.md B.20.
"""

from hivecheck.facts.filetime import parse_iso_utc
from hivecheck.facts.generation import (
    NT4,
    NT351,
    VISTA,
    WIN7,
    WIN8,
    WIN10_1507,
    WIN10_1709,
    WIN10_1803,
    WIN10_1903,
    WIN10_2004,
    WIN11,
    WIN81,
    WIN2000,
    WIN2003,
    XP,
    Generation,
)
from tests import hive_orders as orders
from tests.hive_machines import Machine
from tests.hive_text import HiveText, binary, dword, expand, later, multi, qword, sz

BASE_TIME_START = parse_iso_utc("2001-01-01T00:00:00Z")
BASE_TIME_UNIT = 10_240_000  # ticks

KNOWN_DLLS: dict[Generation, str] = {
    NT351: "DllDirectory kernel32 gdi32 user32 rpcrt4 advapi32 comdlg32 crtdll shell32 lz32 olecli32 olesvr32 version",
    NT4: "DllDirectory kernel32 gdi32 user32 rpcrt4 advapi32 comdlg32 crtdll shell32 lz32 olecli32 olesvr32 version ole32 "
    "oleaut32 olecnv32 olethk32",
    WIN2000: "advapi32 comdlg32 DllDirectory gdi32 imagehlp kernel32 lz32 ole32 oleaut32 olecli32 olecnv32 olesvr32 olethk32 "
    "rpcrt4 shell32 url urlmon user32 version wininet wldap32",
    WIN2003: "advapi32 comdlg32 DllDirectory DllDirectory32 gdi32 imagehlp kernel32 lz32 ole32 oleaut32 olecli32 olecnv32 "
    "olesvr32 rpcrt4 shell32 url urlmon user32 version wininet wldap32 wow64 wow64cpu wow64win",
    VISTA: "clbcatq ole32 advapi32 COMDLG32 DllDirectory gdi32 IERTUTIL IMAGEHLP IMM32 kernel32 LPK MSCTF MSVCRT NORMALIZ NSI "
    "OLEAUT32 rpcrt4 Setupapi SHELL32 SHLWAPI URLMON user32 USP10 WININET WLDAP32 WS2_32",
    WIN7: "clbcatq ole32 advapi32 COMDLG32 DllDirectory gdi32 IERTUTIL IMAGEHLP IMM32 kernel32 LPK MSCTF MSVCRT NORMALIZ NSI "
    "OLEAUT32 PSAPI rpcrt4 sechost Setupapi SHELL32 SHLWAPI URLMON user32 USP10 WININET WLDAP32 WS2_32 DifxApi",
    WIN8: "rpcrt4 DllDirectory combase gdiplus IMAGEHLP MSVCRT SHLWAPI COMDLG32 NORMALIZ PSAPI WLDAP32 ole32 DllDirectory32 "
    "IMM32 _Wow64cpu MSCTF _Wow64win OLEAUT32 LPK clbcatq WS2_32 SHELL32 gdi32 _Wow64 DifxApi Setupapi kernel32 advapi32 user32 "
    "NSI sechost",
    WIN10_1709: "_wow64 _wow64cpu _wow64win _wowarmhw advapi32 clbcatq combase COMDLG32 coml2 DifxApi gdi32 gdiplus IMAGEHLP "
    "IMM32 kernel32 MSCTF MSVCRT NORMALIZ NSI ole32 OLEAUT32 PSAPI rpcrt4 sechost Setupapi SHCORE SHELL32 SHLWAPI user32 WLDAP32 "
    "WS2_32",
    WIN10_1903: "_wow64cpu _wowarmhw _xtajit advapi32 clbcatq combase COMDLG32 coml2 DifxApi gdi32 gdiplus IMAGEHLP IMM32 "
    "kernel32 MSCTF MSVCRT NORMALIZ NSI ole32 OLEAUT32 PSAPI rpcrt4 sechost Setupapi SHCORE SHELL32 SHLWAPI user32 WLDAP32 wow64 "
    "wow64win WS2_32",
    WIN11: "*kernel32 _wow64cpu _wowarmhw _xtajit advapi32 clbcatq combase COMDLG32 coml2 DifxApi gdi32 gdiplus IMAGEHLP IMM32 "
    "MSCTF MSVCRT NORMALIZ NSI ole32 OLEAUT32 PSAPI rpcrt4 sechost Setupapi SHCORE SHELL32 SHLWAPI user32 WLDAP32 wow64 wow64base "
    "wow64con wow64win WS2_32 xtajit64",
}
_KNOWN_DLL_FILES = {"DifxApi": "difxapi.dll", "PSAPI": "PSAPI.DLL"}

DOS_DEVICES: dict[str, str] = {
    "AUX": r"\DosDevices\COM1",
    "CON": r"\Device\ConDrv\Console",
    "CONIN$": r"\Device\ConDrv\CurrentIn",
    "CONOUT$": r"\Device\ConDrv\CurrentOut",
    "MAILSLOT": r"\Device\MailSlot",
    "NUL": r"\Device\Null",
    "PIPE": r"\Device\NamedPipe",
    "PRN": r"\DosDevices\LPT1",
    "Silos": r"\Silos",
    "TELNET": r"\Device\Telnet",
    "UNC": r"\Device\Mup",
}
_DOS_DEVICES_SINCE = {"CON": WIN8, "CONIN$": WIN8, "CONOUT$": WIN8, "Silos": WIN10_1507}

API_SETS: dict[Generation, dict[str, tuple[str, str]]] = {
    WIN10_1903: {
        "07409496-a423-4a3e-b620-2cfb01a9318d": ("HyperV-ComputeNetwork", "HyperV-ComputeNetwork"),
        "c28c7a4e-a619-4463-82b7-0fc9cc7187f5": ("HyperV-ComputeStorage", "HyperV-ComputeStorage"),
        "c4d66f00-b6f0-4439-ac9b-c5ea13fe54d7": ("HyperV-ComputeCore", "HyperV-ComputeCore"),
        "d4d78066-e6db-44b7-b5cd-2eb82dce620c": ("HyperV-ComputeLegacy", "HyperV-ComputeLegacy"),
        "f989b52d-f928-44a3-9bf1-bf0c1da6a0d6": ("HyperV-DeviceVirtualization", "HyperV-DeviceVirtualization"),
    },
    WIN10_2004: {
        "69fe178f-26e7-43a9-aa7d-2b616b672dde": ("eventlogservice", "EventLogService"),
        "6bea57fb-8dfb-4177-9ae8-42e8b3529933": ("RuntimeDeviceInstall", "RuntimeDeviceInstall"),
    },
}
_GLOBAL_NAMES = ("netfxcustomperfcounters.1.0", "SharedPerfIPCBlock", "Cor_Private_IPCBlock", "Cor_Public_IPCBlock_")


def newest_of(table: dict[Generation, str], generation: Generation) -> str:
    """The row of this generation, or of the newest one before it."""
    return table[max(row for row in table if row <= generation)]


def write_session_manager(hive: HiveText, control: str, machine: Machine) -> None:
    """The key and its subkeys below a control set's `Control`."""
    sm = control + r"\Session Manager"
    generation = machine.generation
    _write_top(hive, sm, machine)
    _write_caches(hive, sm, machine)
    if generation >= WIN10_1903:
        _write_api_sets(hive, sm, machine)
    if generation <= WIN7:
        hive.key(sm + r"\AppPatches")
    if generation >= WIN7:
        key = hive.key(sm + r"\Configuration Manager")
        if generation == WIN7:
            key.put("BackupCount", dword(2))
    if generation >= WIN81:
        defrag = hive.key(sm + r"\Configuration Manager\Defrag", later(machine.boot, 21600))
        year, month, day = machine.boot[:10].split("-")
        defrag.put_all((("LastRun", sz(f"{month}:{day}:{year}")), ("TotalBytesSaved", qword(4096 * 27))))
    devices = hive.key(sm + r"\DOS Devices")
    for name, target in DOS_DEVICES.items():
        if generation >= _DOS_DEVICES_SINCE.get(name, NT351) and (name != "TELNET" or generation <= NT351):
            devices.put(name, sz(target))
    devices.arrange(newest_of(orders.DOS_DEVICES, generation))
    _write_environment(hive, sm, machine)
    _write_executive(hive, sm, machine)
    hive.key(sm + r"\FileRenameOperations")
    if generation >= WIN7:
        hive.key(sm + r"\I/O System").put("AllowRemoteDASD", dword(0))
    _write_kernel(hive, sm, machine)
    _write_known_dlls(hive, sm, machine)
    _write_memory(hive, sm, machine)
    if generation >= WIN10_1507:
        separation = hive.key(sm + r"\NamespaceSeparation")
        separation.put_all((("AppcontainerUserSeparation", dword(0)), ("InteractiveUserSeparation", dword(0))))
    _write_power(hive, sm, machine)
    if generation >= WIN7:
        hive.key(sm + r"\Quota System")
    if XP <= generation <= WIN2003:
        _write_sfc(hive, sm, machine)
    _write_subsystems(hive, sm, machine)


def _write_top(hive: HiveText, sm: str, machine: Machine) -> None:
    generation = machine.generation
    key = hive.key(sm, later(machine.installed, 1860))
    directories = (r"\DosDevices",) if generation <= NT351 else ()
    key.put("ObjectDirectories", multi(*directories, r"\Windows", r"\RPC Control"))
    key.put("GlobalFlag", dword(0x21100000 if generation <= NT351 else 0))
    if generation >= WIN10_1903:
        key.put("GlobalFlag2", dword(0))
    if generation >= NT4:
        key.put("ProtectionMode", dword(0 if generation <= NT4 else 1))
    key.put("BootExecute", multi("autocheck autochk *"))
    if generation <= WIN2003:
        key.put_all((("EnableMCE", dword(0)), ("EnableMCA", dword(1))))
    if generation >= NT4:
        heaps = (
            "HeapSegmentReserve",
            "HeapSegmentCommit",
            "HeapDeCommitTotalFreeThreshold",
            "HeapDeCommitFreeBlockThreshold",
        )
        key.put_all((name, dword(0)) for name in heaps)
    key.put("CriticalSectionTimeout", dword(2592000))
    key.put("ResourceTimeoutCount", dword(150 if generation >= WIN10_2004 else 648000))
    if generation >= NT4:
        key.put_all((("ExcludeFromKnownDlls", multi()), ("ProcessorControl", dword(2))))
    if generation <= WIN2003:
        key.put_all((("RegisteredProcessors", dword(2)), ("LicensedProcessors", dword(2))))
    if generation == WIN2003:
        key.put_all((("DebuggerMaxModuleMsg", dword(500)), ("RegistryFlushErrorSubside", dword(1))))
    if generation >= VISTA:
        key.put("NumberOfInitialSessions", dword(2))
        key.put("SetupExecute" if generation <= WIN7 else "SETUPEXECUTE", multi())
    if generation >= WIN8:
        key.put("BootShell", expand(r"%SystemRoot%\system32\bootim.exe"))
        key.put("RunLevelExecute", multi("WinInit", "ServiceControlManager"))
        key.put("RunLevelValidate", multi("ServiceControlManager"))
        key.put("AutoChkTimeout", dword(1 if generation <= WIN81 else 8))
    if generation >= WIN10_1507:
        key.put_all((("AutoChkSkipSystemPartition", dword(0)), ("InitConsoleFlags", dword(0))))
    key.arrange(newest_of(orders.TOP, generation))


def _write_caches(hive: HiveText, sm: str, machine: Machine) -> None:
    """The application cache, empty but for its header, as the shutdown wrote it."""
    headers = {
        XP: (0xDEADBEEF, 400),
        WIN2003: (0xBADC0FFE, 8),
        WIN7: (0xBADC0FEE, 128),
        WIN8: (0x80, 128),
        WIN10_1507: (0x34, 52),
    }
    if machine.generation < XP:
        return
    signature, size = headers[max(row for row in headers if row <= machine.generation)]
    name = "AppCompatibility" if machine.generation == XP else "AppCompatCache"
    key = hive.key(f"{sm}\\{name}", later(machine.shutdown, 0.5))
    key.put("AppCompatCache", binary(signature.to_bytes(4, "little").ljust(size, b"\0")), "no program in it")


def _write_api_sets(hive: HiveText, sm: str, machine: Machine) -> None:
    extensions = API_SETS.get(machine.generation, {})
    hive.key(sm + r"\ApiSetSchemaExtensions")
    for guid, (file, name) in extensions.items():
        extension = hive.key(rf"{sm}\ApiSetSchemaExtensions\{guid}")
        extension.put_all((("FileName", sz(f"{guid}_{file}.dll")), ("Name", sz(name))))


def _write_environment(hive: HiveText, sm: str, machine: Machine) -> None:
    generation = machine.generation
    key = hive.key(sm + r"\Environment", later(machine.installed, 960))
    path = r"%SystemRoot%\system32;%SystemRoot%"
    path += r";%SystemRoot%\System32\Wbem" if generation >= WIN2000 else ""
    path += ";%SYSTEMROOT%\\System32\\WindowsPowerShell\\v1.0\\" if generation >= WIN7 else ""
    path += ";%SYSTEMROOT%\\System32\\OpenSSH\\" if generation >= WIN10_1803 else ""
    key.put("ComSpec", expand(r"%SystemRoot%\system32\cmd.exe"))
    if generation >= WIN10_1803:
        key.put("DriverData", sz(r"C:\Windows\System32\Drivers\DriverData"))
    if generation <= WIN2000:
        key.put("Os2LibPath", expand(r"%SystemRoot%\system32\os2\dll;"))
    key.put_all((("Path", expand(path)), ("windir", expand("%SystemRoot%"))))
    if XP <= generation <= WIN81:
        key.put("FP_NO_HOST_CHECK", sz("NO"))
    key.put("OS", sz("Windows_NT"))
    level, identifier, revision, count = machine.processor
    key.put("PROCESSOR_ARCHITECTURE", sz(machine.architecture))
    key.put("PROCESSOR_LEVEL", sz(str(level)))
    key.put("PROCESSOR_IDENTIFIER", sz(identifier))
    key.put("PROCESSOR_REVISION", sz(revision))
    key.put("NUMBER_OF_PROCESSORS", sz(str(count)))
    if generation >= WIN2000:
        key.put("PATHEXT", sz(".COM;.EXE;.BAT;.CMD;.VBS;.VBE;.JS;.JSE;.WSF;.WSH" + (";.MSC" if generation >= VISTA else "")))
        key.put_all((("TEMP", expand(r"%SystemRoot%\TEMP")), ("TMP", expand(r"%SystemRoot%\TEMP"))))
    if generation >= VISTA:
        key.put("USERNAME", sz("SYSTEM"))
    if generation >= WIN7:
        modules = r"%SystemRoot%\system32\WindowsPowerShell\v1.0\Modules"
        key.put(
            "PSModulePath",
            expand(rf"%ProgramFiles%\WindowsPowerShell\Modules;{modules}" if generation >= WIN10_1507 else modules + "\\"),
        )
    key.arrange(newest_of(orders.ENVIRONMENT, generation))


def _write_executive(hive: HiveText, sm: str, machine: Machine) -> None:
    generation = machine.generation
    key = hive.key(sm + r"\Executive", later(machine.boot, 0.1) if generation >= WIN8 else later(machine.installed, 30))
    key.put_all((("AdditionalCriticalWorkerThreads", dword(0)), ("AdditionalDelayedWorkerThreads", dword(0))))
    if NT4 <= generation <= WIN2003:
        ticks = parse_iso_utc(machine.installed).to_bytes(8, "little")
        key.put("PriorityQuantumMatrix", binary(ticks[:4] + bytes(4) + ticks[4:]))
    if generation >= WIN8:
        key.put("UuidSequenceNumber", dword(1_300_000 + 977 * machine.boots))
    if WIN10_1709 <= generation <= WIN10_1903:
        key.put("WorkerFactoryThreadIdleTimeout", dword(600))


def _write_kernel(hive: HiveText, sm: str, machine: Machine) -> None:
    generation = machine.generation
    if generation < XP:
        return
    name = "Kernel" if generation in (WIN8, WIN81) else "kernel"
    key = hive.key(f"{sm}\\{name}")
    if generation >= WIN10_1507:
        key.put_all((("DpcWatchdogProfileOffset", dword(10000)), ("SeTokenSingletonAttributesConfig", dword(3))))
    if generation != WIN2003:
        key.put("ObUnsecureGlobalNames", multi(*_GLOBAL_NAMES[: 3 if generation <= XP else 4]))
    key.put("obcaseinsensitive", dword(1))
    if generation >= WIN81:
        hive.key(f"{sm}\\{name}\\RNG", later(machine.boot, 4.2)).put("RNGAuxiliarySeed", dword(0x1F7A3C00 + machine.boots))


def _write_known_dlls(hive: HiveText, sm: str, machine: Machine) -> None:
    key = hive.key(sm + r"\KnownDLLs")
    labels = newest_of(KNOWN_DLLS, machine.generation).split()
    if VISTA <= machine.generation <= WIN7 and machine.bits == 64:
        labels += ["DllDirectory32", "_Wow64", "_Wow64cpu", "_Wow64win"]
    for label in labels:
        directory = {"DllDirectory": r"%SystemRoot%\system32", "DllDirectory32": r"%SystemRoot%\syswow64"}.get(label)
        file = _KNOWN_DLL_FILES.get(label, f"{label.lstrip('_*')}.dll")
        key.put(label, expand(directory) if directory else sz(file))


def _write_memory(hive: HiveText, sm: str, machine: Machine) -> None:
    generation = machine.generation
    key = hive.key(
        sm + r"\Memory Management", later(machine.boot, 19) if generation >= VISTA else later(machine.installed, 900)
    )
    pools = ("PagedPoolSize", "NonPagedPoolSize", "PagedPoolQuota", "NonPagedPoolQuota")
    key.put_all(
        (name, dword(0)) for name in ("ClearPageFileAtShutdown", "DisablePagingExecutive", "LargeSystemCache", *pools)
    )
    if generation <= NT4:
        key.put("IoPageLockLimit", dword(0))
    files = {NT351: r"C:\pagefile.sys 27", NT4: r"C:\pagefile.sys 75", WIN2000: r"C:\pagefile.sys 192 384"}
    files |= {XP: r"C:\pagefile.sys 1536 3072", WIN2003: r"C:\pagefile.sys 2046 4092", VISTA: r"?:\pagefile.sys"}
    key.put("PagingFiles", multi(newest_of(files, generation)))
    key.put_all((("SecondLevelDataCache", dword(0)), ("SystemPages", dword(0x33000 if generation == XP else 0))))
    if generation == XP or generation >= VISTA:
        key.put_all((("SessionPoolSize", dword(4)), ("SessionViewSize", dword(48))))
    if generation >= XP:
        key.put("PhysicalAddressExtension", dword(0 if generation == XP else 1))
    if generation >= WIN10_1903:
        key.put("FeatureSettings", dword(0))
    if generation >= VISTA:
        key.put("ExistingPageFiles", multi(r"\??\C:\pagefile.sys"))
    key.arrange(newest_of(orders.MEMORY, generation))
    if generation >= XP:
        _write_prefetch(hive, sm + r"\Memory Management\PrefetchParameters", machine)
    if generation >= WIN7:
        hive.key(sm + r"\Memory Management\StoreParameters")


def _write_prefetch(hive: HiveText, path: str, machine: Machine) -> None:
    key = hive.key(path, later(machine.boot, 0.4))
    if machine.generation >= VISTA:
        base_time = (parse_iso_utc(machine.boot) - BASE_TIME_START) // BASE_TIME_UNIT
        key.put("BootId", dword(machine.boots))
        key.put("BaseTime", dword(base_time), f"units of 1.024 s since 2001-01-01: {machine.boot[:19]}Z")
        if machine.generation <= WIN81:
            key.put("EnableSuperfetch", dword(3))
        key.put("EnablePrefetcher", dword(3))
        return
    key.put_all((("VideoInitTime", dword(312)), ("EnablePrefetcher", dword(3)), ("AppLaunchMaxNumPages", dword(4000))))
    key.put_all((("AppLaunchMaxNumSections", dword(170)), ("AppLaunchTimerPeriod", binary(_period(-10_000_000)))))
    key.put_all((("BootMaxNumPages", dword(128000)), ("BootMaxNumSections", dword(4080))))
    key.put_all((("BootTimerPeriod", binary(_period(-120_000_000))), ("MaxNumActiveTraces", dword(8))))
    key.put_all((("MaxNumSavedTraces", dword(8)), ("RootDirPath", sz("Prefetch"))))
    key.put("HostingAppList", sz("DLLHOST.EXE,MMC.EXE,RUNDLL32.EXE"))


def _period(ticks: int) -> bytes:
    return ticks.to_bytes(8, "little", signed=True)


def _write_power(hive: HiveText, sm: str, machine: Machine) -> None:
    """Numbers only: the power policies are large and say nothing of a boot."""
    if machine.generation < XP:
        return
    key = hive.key(sm + r"\Power", later(machine.boot, 12))
    if machine.generation >= VISTA:
        key.put("PowerSettingProfile", dword(0))
    if machine.generation >= WIN8:
        key.put_all((("HBFlagsSwitch", dword(1)), ("HiberbootEnabled", dword(1))))
        key.put_all((("WatchdogResumeTimeout", dword(120)), ("WatchdogSleepTimeout", dword(300))))


def _write_sfc(hive: HiveText, sm: str, machine: Machine) -> None:
    key = hive.key(sm + r"\SFC", later(machine.installed, 960))
    for suffix in ("", " (x86)")[: 2 if machine.bits == 64 else 1]:
        programs = rf"C:\Program Files{suffix}"
        key.put_all(
            ((f"ProgramFilesDir{suffix}", sz(programs)), (f"CommonFilesDir{suffix}", sz(rf"{programs}\Common Files")))
        )


def _write_subsystems(hive: HiveText, sm: str, machine: Machine) -> None:
    generation = machine.generation
    key = hive.key(sm + r"\SubSystems")
    if XP <= generation <= WIN7:  # on these each boot writes it
        key.written = later(machine.boot, 9)
    if generation >= VISTA:
        key.put("", sz("mnmsrvc"))
    key.put("Required", multi("Debug", "Windows"))
    key.put("Optional", multi(*(("Os2", "Posix") if generation <= WIN2000 else ("Posix",) if generation <= WIN7 else ())))
    key.put("Debug", expand(""))
    key.put("Windows", expand(csrss_line(machine)))
    if generation >= NT4:
        key.put(
            "Kmode",
            expand(r"%SystemRoot%\system32\win32k.sys" if generation <= WIN2003 else r"\SystemRoot\System32\win32k.sys"),
        )
    if generation <= WIN2000:
        key.put("Os2", expand(r"%SystemRoot%\system32\os2ss.exe"))
    if generation <= WIN7:
        key.put("Posix", expand(r"%SystemRoot%\system32\psxss.exe"))
    key.arrange(newest_of(orders.SUBSYSTEMS, generation))


def csrss_line(machine: Machine) -> str:
    """The command line of csrss."""
    generation = machine.generation
    if generation <= NT4:
        heaps = "1024,3072"
    elif machine.bits == 64:
        heaps = "1024,20480,768"
    else:
        heaps = "1024,3072,512" if generation <= WIN2003 else "1024,12288,512"
    dlls = ["basesrv,1", "winsrv:UserServerDllInitialization,3"]
    if generation <= WIN7:
        dlls.append("winsrv:ConServerDllInitialization,2")
    if generation >= WIN7:
        dlls.append("sxssrv,4")
    return (
        rf"%SystemRoot%\system32\csrss.exe ObjectDirectory=\Windows SharedSection={heaps} Windows=On SubSystemType=Windows "
        + "".join(f"ServerDll={dll} " for dll in dlls)
        + "ProfileControl=Off MaxRequestThreads=16"
    )
