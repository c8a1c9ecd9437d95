r"""Where what a rule says comes from, in words: who wrote it, what, and where it is found. Read by whoever asks for a rule's page.

Rules cite notes by section (`detections.md 1.2`, `smss.md B.3`, `baselines.md 2.8`). `smss.md` and `baselines.md` are shipped in
`docs`; `detections.md` is not, so each of its sections stands here as the public pages, tools and hives that it was made from.
Nothing but the rules' pages and lists needs this table, so no analysis loads it.
"""

import re
from collections.abc import Iterator

_ATTACK = "MITRE ATT&CK (attack.mitre.org)"
_REACTOS = "ReactOS (github.com/reactos/reactos)"
_WI6, _WI7 = "Windows Internals, 6th edition", "Windows Internals, 7th edition, part 1, chapter 2"
_HIVES = "SYSTEM hives of nine machines from NT 4 to 10 21H2, read value by value"
_SIGMA = "Sigma (github.com/SigmaHQ/sigma)"
_ATOMIC = "Atomic Red Team (github.com/redcanaryco/atomic-red-team)"
_SNIPER = "PersistenceSniper (github.com/last-byte/PersistenceSniper)"
_AUTORUNS = "Sysinternals Autoruns (learn.microsoft.com/sysinternals/downloads/autoruns)"

SOURCES: dict[str, str] = {
    # --- notes that are not shipped: the public origins of each section -------------------------------------------------
    "detections.md 1.1": f"What smss starts itself: {_ATTACK}, T1547.001; {_AUTORUNS}, the list Boot Execute; {_HIVES}",
    "detections.md 1.2": "Renames at boot: Microsoft, MoveFileEx and MOVEFILE_DELAY_UNTIL_REBOOT (learn.microsoft.com); "
    f"Sysinternals MoveFile and PendMoves, with MicrosoftDocs/sysinternals issues 882 and 956 (github.com); {_HIVES}",
    "detections.md 1.3": f"KnownDLLs and what loads DLLs: {_ATTACK}, T1574.001 and T1546.009; Microsoft, Dynamic-link library search "
    f"order (learn.microsoft.com); {_HIVES}",
    "detections.md 1.4": f"Devices and subsystems: {_REACTOS}, base/system/smss; Microsoft security bulletin MS99-006; {_HIVES}",
    "detections.md 1.5": f"The system environment: {_ATTACK}, T1574.007 and T1574.012; documentation of the programs that read each "
    f"variable (.NET, Java, Node.js, Python, PowerShell); {_HIVES}",
    "detections.md 1.6": f"Memory, kernel and mitigations: Microsoft KB4072698, KB4073119 and the pages on process mitigation options "
    f"and GlobalFlag (learn.microsoft.com); {_HIVES}",
    "detections.md 1.7": f"Setup, safe mode, boot state: {_ATTACK}, T1562.009 and T1553.006; Microsoft KB102984 and KB939857; {_HIVES}",
    "detections.md 1.8": f"Services and drivers: {_ATTACK}, T1543.003, T1562.001 and T1574.011; Microsoft, CreateService and "
    f"ChangeServiceConfig2 (learn.microsoft.com); {_HIVES}",
    "detections.md 1.9": f"LSA and providers: {_ATTACK}, T1547.002, T1547.005, T1556.002 and T1556.008; Microsoft, Configuring "
    f"additional LSA protection (learn.microsoft.com); {_HIVES}",
    "detections.md 1.10": f"Other programs that load DLLs by name: {_ATTACK}, T1547.003, T1547.010 and T1547.012; Hexacorn, Beyond good "
    f"ol' Run key (hexacorn.com/blog); {_AUTORUNS}; {_HIVES}",
    "detections.md 1.11": f"Logs, code integrity, network: {_ATTACK}, T1562.002, T1562.004, T1562.006 and T1553.006; {_SIGMA}, rules on "
    f"registry_set; {_HIVES}",
    "detections.md 1.12": "Tricks of the file format: Maxim Suhanov, Windows registry file format specification "
    f"(github.com/msuhanov/regf); {_HIVES}",
    "detections.md 4.A": f"What a file replaced at boot means: the order of the boot in docs/smss.md A, from {_REACTOS} and {_WI7}",
    "detections.md 4.B": f"Clocks that a boot leaves: {_HIVES}",
    "detections.md 4.C": f"What only the replay of the boot shows: worked out from the order of the boot (docs/smss.md) and held against {_HIVES}",
    "detections.md 5.1": "False alarms: measured on eight installed hives; the present measures stand in docs/rules.md",
    "detections.md 5.2": "Order of repair: Microsoft, Bug check 0xC000021A (learn.microsoft.com), as a value that names a missing file ends there",
    "detections.md 5.4": "Not settled: what newer builds do beyond public notes of reverse engineers; see docs/limits.md",
    # --- the baselines: docs/baselines.md -------------------------------------------------------------------------------
    "baselines.md 2.1": f"docs/baselines.md, values of the Session Manager: {_HIVES}; Microsoft KB102985",
    "baselines.md 2.2": f"docs/baselines.md, Executive, kernel, Power: {_HIVES}",
    "baselines.md 2.3": f"docs/baselines.md, Memory Management: {_HIVES}",
    "baselines.md 2.4": f"docs/baselines.md, KnownDLLs: {_HIVES}; published listings of 11",
    "baselines.md 2.5": f"docs/baselines.md, DOS Devices: {_HIVES}",
    "baselines.md 2.6": f"docs/baselines.md, SubSystems: {_HIVES}; {_REACTOS}",
    "baselines.md 2.7": f"docs/baselines.md, Environment: {_HIVES}",
    "baselines.md 2.8": f"docs/baselines.md, LSA and providers: {_HIVES}",
    "baselines.md 2.9": f"docs/baselines.md, Terminal Server, setup, crash handling: {_HIVES}",
    "baselines.md 2.10": f"docs/baselines.md, printing and time: {_HIVES}",
    "baselines.md 2.11": f"docs/baselines.md, safe mode: {_HIVES}",
    "baselines.md 3.1": "Known programs of the boot: pages of their vendors; which hold for a rule, its page says",
    "baselines.md 3.2": f"Known patterns of harmless renames: 119 rows of {_HIVES}; NSIS, Inno Setup and Windows Installer",
    "baselines.md 3.3": "Known security products: pages of their vendors; MoveEdr (github.com/duhirsch/MoveEdr)",
    # --- the behaviour of smss: docs/smss.md ----------------------------------------------------------------------------
    "smss.md A": f"docs/smss.md A, the order of the boot: {_REACTOS}, base/system/smss/sminit.c; {_WI6}, parts 1 and 2; {_WI7}",
    "smss.md B.1": f"docs/smss.md B.1, how values are read: {_REACTOS}, sdk/lib/rtl/registry.c; Microsoft, RtlQueryRegistryValues",
    "smss.md B.2": f"docs/smss.md B.2, BootExecute: {_REACTOS}, base/system/smss/smutil.c and smss.c",
    "smss.md B.3": f"docs/smss.md B.3, pending renames: {_REACTOS}, base/system/smss/sminit.c; Microsoft, MoveFileEx and KB202071",
    "smss.md B.4": f"docs/smss.md B.4, AllowProtectedRenames: {_REACTOS}, base/system/smss/sminit.c",
    "smss.md B.5": f"docs/smss.md B.5, lists of newer Windows: {_WI7}; nohuto/win-config, boot trace of 11 (github.com)",
    "smss.md B.6": f"docs/smss.md B.6, SetupExecute: {_REACTOS}, base/system/smss/smsubsys.c; {_WI6}; {_WI7}",
    "smss.md B.7": f"docs/smss.md B.7, Execute: {_REACTOS}, base/system/smss/smsubsys.c and smss.c",
    "smss.md B.8": f"docs/smss.md B.8, KnownDLLs: {_REACTOS}, base/system/smss/sminit.c; {_HIVES}",
    "smss.md B.9": f"docs/smss.md B.9, ExcludeFromKnownDlls: {_REACTOS}, base/system/smss/sminit.c",
    "smss.md B.10": f"docs/smss.md B.10, DOS Devices: {_REACTOS}, base/system/smss/sminit.c; {_WI7}",
    "smss.md B.11": f"docs/smss.md B.11, ObjectDirectories: {_REACTOS}, base/system/smss/sminit.c; Microsoft KB102985",
    "smss.md B.12": f"docs/smss.md B.12, paging files: {_REACTOS}, base/system/smss/pagefile.c; {_WI7}",
    "smss.md B.13": f"docs/smss.md B.13, Environment: {_REACTOS}, base/system/smss/sminit.c; libyal, winreg-kb (github.com/libyal/winreg-kb)",
    "smss.md B.14": f"docs/smss.md B.14, ProtectionMode: {_REACTOS}, base/system/smss/sminit.c and subsystems/csr/csrsrv",
    "smss.md B.15": f"docs/smss.md B.15, SubSystems: {_REACTOS}, base/system/smss/sminit.c and smsubsys.c; {_HIVES}",
    "smss.md B.16": f"docs/smss.md B.16, the first program of a session: {_REACTOS}, base/system/smss/smsubsys.c; {_WI6}; {_WI7}",
    "smss.md B.17": f"docs/smss.md B.17, setup and boot shells: Microsoft KB939857; {_WI7}; {_HIVES}",
    "smss.md B.18": f"docs/smss.md B.18, values that others read: {_REACTOS}, ntoskrnl/config/cmdata.c; Microsoft KB102985",
    "smss.md B.19": f"docs/smss.md B.19, what one boot writes: {_REACTOS}, base/system/smss/sminit.c; {_WI6}",
    "smss.md B.20": f"docs/smss.md B.20, times of the keys: {_HIVES}",
    "smss.md E.1": f"docs/smss.md E.1, control sets: {_REACTOS}, ntoskrnl/config/cmboot.c; Microsoft KB102984",
    "smss.md E.2": "docs/smss.md E.2, the last good boot: Windows NT 4 Resource Kit, Initializing the Kernel; Microsoft, Last Known Good",
    "smss.md E.3": f"docs/smss.md E.3, safe mode: {_REACTOS}, base/system/smss/sminit.c; {_WI7}",
    "smss.md E.4": f"docs/smss.md E.4, Windows PE: {_REACTOS}, base/system/smss/sminit.c; {_WI7}; {_HIVES}",
    "smss.md E.5": "docs/smss.md E.5, setup: Microsoft KB185739 and KB939857",
    "smss.md G": "docs/smss.md G, where sources disagree, and what is not settled",
    # --- cited by name --------------------------------------------------------------------------------------------------
    "libraries.md 4": "Transaction logs: Maxim Suhanov, Windows registry file format specification (github.com/msuhanov/regf), measured "
    "against python-registry, regipy, libregf and dissect.regf",
    "ATT&CK T1546.009": f"{_ATTACK}, techniques/T1546/009, AppCert DLLs",
    "ATT&CK T1574.012": f"{_ATTACK}, techniques/T1574/012, COR_PROFILER",
    "MS99-006": "Microsoft security bulletin MS99-006, Fix available for Windows NT KnownDLLs list vulnerability (1999)",
    "Microsoft KB4072698, KB4073119": "Microsoft KB4072698 and KB4073119, guidance against speculative execution (support.microsoft.com)",
    "[MS-DTYP] 2.4": "Microsoft, [MS-DTYP] 2.4, security descriptors (learn.microsoft.com/openspecs)",
    "[MS-DTYP] 2.4.6": "Microsoft, [MS-DTYP] 2.4.6, SECURITY_DESCRIPTOR (learn.microsoft.com/openspecs)",
    '"Service Security and Access Rights" of the Windows documentation': "Microsoft, Service Security and Access Rights "
    "(learn.microsoft.com/windows/win32/services)",
    "altitudes: documentation of minifilter drivers": "Microsoft, Allocated filter altitudes (learn.microsoft.com/windows-hardware/drivers/ifs)",
    "documentation of AppInit_DLLs": "Microsoft, AppInit DLLs and Secure Boot (learn.microsoft.com/windows/win32/dlls)",
    "documentation of CreateProcess (lpApplicationName)": "Microsoft, CreateProcess, lpApplicationName (learn.microsoft.com)",
    "documentation of Winlogon": "Microsoft, Winlogon and its registry entries (learn.microsoft.com/windows/win32/secauthn)",
    "documentation of Winlogon and GINA": "Microsoft, Winlogon and GINA (learn.microsoft.com/windows/win32/secauthn/winlogon-and-gina)",
    "documentation of notification packages": "Microsoft, Winlogon Notification Packages Removed: impact on Windows Vista planning, 2006 "
    "(technet.microsoft.com/library/cc721961)",
}

REPORTS: dict[str, tuple[str, ...]] = {
    "bootexec-extra": (
        f"LoJax: {_ATTACK}, software/S0397",
        "BootExecuteEDR by rad9800 (github.com/rad9800/BootExecuteEDR)",
        "Native programs in safe mode (ntprocessstartup.com)",
    ),
    "bootexec-nopnpsync": ("BootExecuteEDR by rad9800 (github.com/rad9800/BootExecuteEDR)",),
    "setup-execute": (
        "BootExecuteEDR by rad9800 (github.com/rad9800/BootExecuteEDR)",
        "Guy Leech on poqexec and pending.xml",
    ),
    "sm-execute": (_AUTORUNS, "RECmd (github.com/EricZimmerman/RECmd)", _SNIPER),
    "wpbt": ("Eclypsium, Windows Platform Binary Table (eclypsium.com)",),
    "pfro-sec-product": (
        "FileRenameJunctionsEDRDisable by rad9800 (github.com/rad9800/FileRenameJunctionsEDRDisable)",
        "MoveEdr by duhirsch (github.com/duhirsch/MoveEdr)",
        f"{_SIGMA}, rule 4eec988f on pending renames, which names Trend Micro on Purple Fox",
    ),
    "seq-parent-dir-swing": ("MoveEdr by duhirsch (github.com/duhirsch/MoveEdr)",),
    "seq-pfro2-undoes-pfro": ("MoveEdr by duhirsch (github.com/duhirsch/MoveEdr)",),
    "seq-edr-driver-gone-start-stays": ("MoveEdr by duhirsch (github.com/duhirsch/MoveEdr)",),
    "minint": ("MITRE CAR-2022-03-001 (car.mitre.org/analytics/CAR-2022-03-001)", _ATOMIC, _SIGMA),
    "appcert-dlls": ("ntvdmx64, whose issues name the key (github.com/leecher1337/ntvdmx64)",),
    "dosdev-drive-remap": ("Persistent subst (alter.org.ua; superuser.com question 29072; psubst)",),
    "env-dotnet-hooks": (f"{_ATOMIC}, the test of COMPlus_ETWEnabled",),
    "setup-cmdline": (_SNIPER,),
    "safeboot-alternate-shell": (_SIGMA, _ATOMIC, _AUTORUNS),
    "safeboot-service-added": (f"{_ATTACK}, techniques/T1562/009, and its reports on Snatch (SuperBackupMan)", _SIGMA),
    "safeboot-removed": ("Didier Stevens on Bagle.FB (blog.didierstevens.com)",),
    "scm-extension": ("Hexacorn, Beyond good ol' Run key (hexacorn.com/blog)",),
    "svc-imagepath-lolbin": (
        "Impacket, smbexec (github.com/fortra/impacket)",
        "Metasploit, psexec (github.com/rapid7/metasploit-framework)",
    ),
    "svc-servicedll": (
        "RegRipper, notes of its plugin svcdll (github.com/keydet89/RegRipper3.0)",
        "Talos on TinyTurla, whose service is W64Time",
    ),
    "svc-sd-hidden": ("SANS on hidden services (sans.org/blog)",),
    "lsa-extension-config": ("xpn on LSA extensions (blog.xpnsec.com)",),
    "ntlm-downgrade": ("Internal Monologue by eladshamir (github.com/eladshamir/Internal-Monologue)",),
    "network-provider": ("NPPSpy by gtworek (github.com/gtworek/PSBits, PasswordStealing/NPPSpy)", _SIGMA),
    "winsock": ("Hexacorn, Beyond good ol' Run key, on AutodialDLL (hexacorn.com/blog)",),
    "contentindex-language": ("Hexacorn, Beyond good ol' Run key (hexacorn.com/blog)", _SNIPER),
    "print-monitor": (
        "PrintDemon (windows-internals.com/printdemon-cve-2020-1048) and SpoolFool (github.com/ly4k/SpoolFool), on ports and folders of printers",
    ),
    "firewall-off": ("EDRSilencer by netero1010 (github.com/netero1010/EDRSilencer)",),
    "crash-control": (f"{_SIGMA}, rules on CrashDumpEnabled, which HermeticWiper sets to 0",),
    "hvci": (f"{_SIGMA}, rules on BlackLotus",),
    "rdp-enabled": (f"{_SIGMA}, rules on Terminal Server settings",),
    "software-winlogon-notify": (
        "volatility-autoruns by tomchop, DLLs of clean machines (github.com/tomchop/volatility-autoruns)",
    ),
}

_NOTES = ("detections.md", "baselines.md", "smss.md")
_PLACE = re.compile(r"([A-G])\.?(\d*)")


def sources_in_words(rule: str, cited: tuple[str, ...]) -> tuple[str, ...]:
    """The sources that a rule cites, and what is published on its trick, each as a line. Raises KeyError for an unknown citation."""
    found = [SOURCES[key] for source in cited for key in _keys_of(source)]
    return tuple(dict.fromkeys((*found, *REPORTS.get(rule, ()))))


def _keys_of(source: str) -> Iterator[str]:
    """The keys of the table that a citation stands for: several where it names several sections of the same notes."""
    note, _, places = source.partition(" ")
    if note not in _NOTES:
        yield source
        return
    for place in places.split(", "):
        if note == "smss.md":
            letter, number = _PLACE.findall(place)[0]
            yield f"{note} {letter}" if letter in "AG" else f"{note} {letter}.{number}"
        else:
            yield f"{note} {place.partition(' ')[0]}"
