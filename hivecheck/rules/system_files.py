r"""Files of Windows that nothing but its own servicing replaces: what starts it, and what its system processes load or run.

The catalogue names the programs of the boot, KnownDLLs and drivers (`Case.is_trusted_base`). Here are the files of the boot
loader, and the DLLs of System32 that lsass, winlogon, the spooler and the time service load, or that check code and secrets.
Source: detections.md 0 (tcb), 1.2, 1.9, 1.10; baselines.md 2.8, 2.10; smss.md E.1 for the loader.
"""

import re
from itertools import islice
from typing import TYPE_CHECKING

from hivecheck.facts.generation import Family
from hivecheck.registry.raw_values import text_in
from hivecheck.rules.paths import Comparable

if TYPE_CHECKING:
    from hivecheck.rules.case import Case

_KEYS_AT_MOST = 500  # of one list that are looked at
_LISTED_AT_MOST = 2_000  # names of all lists together
_VOLUME = (
    r"(?:[a-z]:|\\?(?:device\\)?harddisk(?:volume)?\d+(?:\\partition\d+)?|volume\{[^\\]*\}|\\arcname\\[^\\]+|bootpartition)"
)
_LOADER = (  # of Vista and later, on any volume
    r"\\(?:bootmgr(?:\.efi)?|boot\\bcd|boot\\bootmgr|efi\\microsoft\\boot\\(?:bcd|bootmgfw\.efi|bootmgr\.efi|securebootrecovery\.efi)"
    r"|efi\\boot\\boot[a-z0-9]+\.efi|(?:windows|winnt)\\boot\\(?:efi|efi_ex|pcat)\\boot[^\\]*)"
)
_OLD_LOADER = r"\\(?:ntldr|ntdetect\.com|boot\.ini|bootsect\.dos|ntbootdd\.sys|osloader\.exe|arcldr\.exe|arcsetup\.exe)"
_LOADER_NAMES = frozenset(
    {
        "bcd",
        "ntldr",
        "ntdetect.com",
        "boot.ini",
        "bootsect.dos",
        "ntbootdd.sys",
        "osloader.exe",
        "arcldr.exe",
        "arcsetup.exe",
    }
)
_SYSTEM = frozenset({"system32", "syswow64", "sysnative"})
_SHIPPED = frozenset(
    {
        # LSA, its packages and what they stand on
        "lsasrv.dll", "samsrv.dll", "msv1_0.dll", "kerberos.dll", "wdigest.dll", "tspkg.dll", "pku2u.dll", "schannel.dll",
        "cloudap.dll", "livessp.dll", "negoexts.dll", "netlogon.dll", "kdcsvc.dll", "ntdsa.dll", "ntdsai.dll", "scecli.dll", "rassfm.dll",
        "credssp.dll", "msapsspc.dll", "msnsspc.dll", "digest.dll", "sspicli.dll", "sspisrv.dll", "secur32.dll", "dpapisrv.dll",
        "msprivs.dll", "efslsaext.dll", "lsaadt.dll", "authz.dll", "samlib.dll", "vaultsvc.dll", "keyiso.dll",
        # checks of code and secrets
        "amsi.dll", "wintrust.dll", "wldp.dll", "crypt32.dll", "cryptbase.dll", "cryptsp.dll", "cryptdll.dll", "cryptsvc.dll",
        "bcrypt.dll", "bcryptprimitives.dll", "ncrypt.dll", "ncryptsslp.dll", "ncryptprov.dll", "rsaenh.dll", "dssenh.dll", "mssign32.dll", "msisip.dll",
        "imagehlp.dll", "sfc.dll", "sfc_os.dll", "sfcfiles.dll", "verifier.dll", "wevtsvc.dll", "eventlog.dll",
        # logon
        "msgina.dll", "authui.dll", "credprovs.dll", "winlogonext.dll", "logoncontroller.dll", "profsvc.dll", "userenv.dll", "profapi.dll",
        # print spooler
        "spoolss.dll", "localspl.dll", "win32spl.dll", "inetpp.dll", "tcpmon.dll", "usbmon.dll", "wsdmon.dll", "apmon.dll", "appmon.dll",
        "ippmon.dll", "fxsmon.dll", "localmon.dll", "pjlmon.dll", "winprint.dll", "winspool.drv", "printisolationproxy.dll",
        # network, time
        "ntlanman.dll", "drprov.dll", "davclnt.dll", "mpr.dll", "mswsock.dll", "rasadhlp.dll", "fwpuclnt.dll", "winrnr.dll", "napinsp.dll",
        "pnrpnsp.dll", "nlaapi.dll", "dnsapi.dll", "dnsrslvr.dll", "iphlpapi.dll", "winhttp.dll", "netapi32.dll", "w32time.dll",
        "vmictimeprovider.dll",
        # what every program loads beside the KnownDLLs
        "ucrtbase.dll", "win32u.dll", "gdi32full.dll", "msvcp_win.dll", "apphelp.dll", "uxtheme.dll", "ntmarta.dll", "powrprof.dll",
        "version.dll", "dbghelp.dll", "umpdc.dll", "propsys.dll", "wow64.dll", "wow64win.dll", "wow64cpu.dll", "kernel.appcore.dll",
        # programs that Windows starts by itself, and those that others run as a matter of course
        "cmd.exe", "conhost.exe", "spoolsv.exe", "poqexec.exe", "dllhost.exe", "rundll32.exe", "regsvr32.exe", "taskhost.exe",
        "taskhostw.exe", "taskhostex.exe", "taskeng.exe", "taskmgr.exe", "sihost.exe", "dwm.exe", "fontdrvhost.exe", "ctfmon.exe", "wlanext.exe", "runonce.exe",
        "consent.exe", "werfault.exe", "wermgr.exe", "msiexec.exe", "reg.exe", "sc.exe", "schtasks.exe", "mpnotify.exe", "slui.exe",
        "searchindexer.exe", "alg.exe", "ntvdm.exe", "ntsd.exe", "defrag.exe", "sdclt.exe", "fodhelper.exe", "easeofaccessdialog.exe", "runtimebroker.exe",
        "rdpclip.exe", "winpeshl.exe", "recdisc.exe", "reagentc.exe", "systemreset.exe", "setup.exe", "sessionmsg.exe",
    }
)  # fmt: skip

WINDOWS_DRIVERS = frozenset(
    {
        "acpi.sys", "pci.sys", "disk.sys", "partmgr.sys", "volmgr.sys", "volmgrx.sys", "volsnap.sys", "mountmgr.sys", "ntfs.sys",
        "fastfat.sys", "fltmgr.sys", "ksecdd.sys", "ksecpkg.sys", "cng.sys", "ndis.sys", "tcpip.sys", "afd.sys", "netbt.sys",
        "netio.sys", "msrpc.sys", "clfs.sys", "tm.sys", "wdf01000.sys", "wdfldr.sys", "classpnp.sys", "storport.sys", "ataport.sys",
        "atapi.sys", "storahci.sys", "stornvme.sys", "scsiport.sys", "i8042prt.sys", "kbdclass.sys", "mouclass.sys", "null.sys",
        "beep.sys", "npfs.sys", "msfs.sys", "mup.sys", "rdbss.sys", "mrxsmb.sys", "srv.sys", "srv2.sys", "ftdisk.sys", "dmio.sys",
        "http.sys", "fwpkclnt.sys", "mssecflt.sys", "pcw.sys", "hwpolicy.sys", "iorate.sys", "wof.sys", "fileinfo.sys",
    }
)  # fmt: skip
"""Drivers of Windows itself, folded, that no other vendor's package replaces."""


def is_loader_file(case: "Case", path: Comparable) -> bool:
    r"""Whether a path is that of a file which starts Windows before its kernel, on whatever volume: `C:\bootmgr`, `S:\EFI\...\BCD`."""
    name = path.name
    if not name.startswith("boot") and name not in _LOADER_NAMES and not name.endswith(".efi"):
        return False
    if re.fullmatch(_VOLUME + _LOADER, path.text):
        return True
    return case.family in (Family.G1, Family.G2) and bool(re.fullmatch(_VOLUME + _OLD_LOADER, path.text))


def is_shipped(path: Comparable) -> bool:
    """Whether a path is that of a program or DLL of Windows itself in System32 which its own processes run or load."""
    if path.name not in _SHIPPED:
        return False
    above, _, folder = path.folder.rpartition("\\")
    return folder in _SYSTEM and above[1:] in (":\\windows", ":\\winnt")


def is_nobodys_folder(folder: str) -> bool:
    """Whether a folder, as comparable text, is no one product's own: the root of a drive, or one that all of Windows shares."""
    if len(folder) <= 2 or "\\" not in folder:
        return True
    below = folder[2:] if folder[1:2] == ":" else folder
    return below in _SHARED or below.endswith(("\\temp", "\\tmp"))


_SHARED = frozenset(
    f"\\{root}{rest}"
    for root in ("windows", "winnt")
    for rest in (
        "", "\\system32", "\\syswow64", "\\sysnative", "\\system", "\\system32\\drivers", "\\system32\\wbem", "\\system32\\oobe",
        "\\system32\\sysprep", "\\system32\\config", "\\syswow64\\wbem",
    )
) | {"\\programdata", "\\users", "\\users\\public", "\\program files", "\\program files (x86)", "\\documents and settings"}  # fmt: skip


def hosted_libraries(case: "Case") -> dict[str, str]:
    """What processes of Windows load by order of this hive: comparable text of each file, and who loads it, in words.

    Packages of LSA and security providers, print monitors, processors and providers, network and time providers.
    """
    found: dict[str, str] = {}
    lsa, root = "Control\\Lsa", f"{case.system_root}\\System32"

    def add(who: str, text: str) -> None:
        name = text.strip().strip('"')
        if not name or len(found) >= _LISTED_AT_MOST:
            return
        file = name if "." in name.rsplit("\\", 1)[-1] else name + ".dll"
        found.setdefault(case.path(file if "\\" in file else f"{root}\\{file}").text, who)

    for key in (lsa, lsa + "\\OSConfig"):
        for value in ("Authentication Packages", "Security Packages", "Notification Packages"):
            for string in case.strings(key, value):
                add("lsass loads this file", string.text)
    for string in case.strings("Control\\SecurityProviders", "SecurityProviders"):
        for name in string.text.split(",", _LISTED_AT_MOST):
            add("lsass and every program that proves who it is load this file", name)
    for path, value, who in _HOSTS:
        for host in islice(case.subkeys(path), _KEYS_AT_MOST):
            add(who, text_in(host.value(value)))
    for environment in islice(case.subkeys("Control\\Print\\Environments"), _KEYS_AT_MOST):
        processors = environment.subkey("Print Processors")
        for one in islice(processors.subkeys() if processors is not None else (), _KEYS_AT_MOST):
            processor = text_in(one.value("Driver")).strip()
            if processor and "\\" not in processor:
                for folder in ("x64", "w32x86", "arm64"):
                    add("the print spooler loads this file", f"{root}\\spool\\prtprocs\\{folder}\\{processor}")
    for provider in _network_providers(case):
        add("winlogon hands passwords to this file", provider)
    return found


_HOSTS = (
    ("Control\\Print\\Monitors", "Driver", "the print spooler loads this file"),
    ("Control\\Print\\Providers", "Name", "the print spooler loads this file"),
    ("Services\\W32Time\\TimeProviders", "DllName", "the time service loads this file"),
)


def _network_providers(case: "Case") -> list[str]:
    names = case.text("Control\\NetworkProvider\\Order", "ProviderOrder").split(",", _KEYS_AT_MOST)[:_KEYS_AT_MOST]
    keys = (f"Services\\{name.strip()}\\NetworkProvider" for name in names if name.strip())
    return [case.text(key, "ProviderPath") for key in keys]
