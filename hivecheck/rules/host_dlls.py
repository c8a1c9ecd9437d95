r"""Services that load DLLs named in their keys: time, routing, DHCP and DNS servers, sockets, performance counters.

Source: detections.md 1.10, 5.1.
"""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.origin import Origin
from hivecheck.registry.hive import Key
from hivecheck.rules.case import Case
from hivecheck.rules.named_dlls import BACK_UP, dll_path, fault_of, is_dropped, texts_of
from hivecheck.rules.paths import Comparable
from hivecheck.rules.rule import Example, Hit, Rule, Severity

_REPAIR = f"{BACK_UP}Restore the value as shipped in every control set, then collect and delete the DLL it names."
_TIME = frozenset(("w32time.dll", "vmictimeprovider.dll"))
_ROUTERS = frozenset(("iprtrmgr.dll", "ipxrtmgr.dll"))
_EAP = frozenset(
    ("rastls.dll", "raschap.dll", "rasppp.dll", "ttlsauth.dll", "eapsim.dll", "simauth.dll", "eapteap.dll", "eapprovp.dll")
)
_SOCKETS = frozenset(
    (
        "msafd.dll", "rsvpsp.dll", "mswsock.dll", "rnr20.dll", "winrnr.dll", "nwprovau.dll", "napinsp.dll", "pnrpnsp.dll",
        "nlaapi.dll", "wshbth.dll",
    )
)  # fmt: skip
_SOCKETS_ELSEWHERE = frozenset(("vsocklib.dll", "mdnsnsp.dll"))  # VMware, Bonjour: in System32 or in Program Files
_CATALOGS = "Services\\WinSock2\\Parameters"
_WITHOUT_COUNTERS = ("RpcEptMapper", "Dnscache", "NetBT")
_MOST_ENTRIES = 2_000


def _hit(
    case: Case, message: str, origin: Origin, path: Comparable, severity: Severity, confidence: Confidence | None = None
) -> Hit:
    return Hit(message, (origin,), path.text, severity, confidence, case.events_citing(origin), (case.thread_of(path),))


def _in_system32(path: Comparable, names: frozenset[str]) -> bool:
    return path.name in names and path.folder.endswith("\\system32") and path.in_system_folder


def _check_time(case: Case) -> Iterator[Hit]:
    for key in case.subkeys("Services\\W32Time\\TimeProviders"):
        raw = key.value("DllName")
        text = texts_of(raw)
        path = dll_path(case, text)
        if raw is None or not text or _in_system32(path, _TIME):
            continue
        enabled = key.value("Enabled")
        off = enabled is not None and enabled.type == 4 and not any(enabled.data)
        told = f"The time provider {key.name} would have the time service load {text}"
        told += ", once it is enabled." if off else ", if the file exists."
        yield _hit(case, told, raw.ref.citing(text), path, Severity.HIGH if off else Severity.CRITICAL)


def _check_routers(case: Case) -> Iterator[Hit]:
    for key in case.subkeys("Services\\RemoteAccess\\RouterManagers"):
        yield from _check_one(case, key, "DllPath", _ROUTERS, f"The router manager {key.name}", Severity.HIGH)
    eap = case.key("Services\\Rasman\\PPP\\EAP")
    if eap is not None:
        for key in (eap, *eap.subkeys()):
            yield from _check_one(case, key, "Path", _EAP, f"The logon method {key.name} of Rasman", Severity.MEDIUM)
    enabled = case.number("Services\\DHCPServer\\Parameters", "CalloutEnabled")
    for string in case.strings("Services\\DHCPServer\\Parameters", "CalloutDlls"):
        severity = Severity.CRITICAL if enabled else Severity.MEDIUM
        so = "" if enabled else ", once CalloutEnabled is 1"
        told = f"The DHCP server would load {string.text} as SYSTEM and show it every packet{so}."
        yield _hit(case, told, string.origin, dll_path(case, string.text), severity)
    for string in case.strings("Services\\DNS\\Parameters", "ServerLevelPluginDll"):
        told = f"The DNS server would load {string.text} as SYSTEM, if the file exists; the value is absent as shipped."
        yield _hit(case, told, string.origin, dll_path(case, string.text), Severity.CRITICAL)
    for string in case.strings("Services\\Netlogon\\Parameters", "ClxDllPath"):
        told = f"Netlogon would load {string.text} into lsass, if the file exists; the value is absent as shipped."
        yield _hit(case, told, string.origin, dll_path(case, string.text), Severity.HIGH)


def _check_one(case: Case, key: Key, value: str, names: frozenset[str], what: str, unknown: Severity) -> Iterator[Hit]:
    raw = key.value(value)
    text = texts_of(raw)
    path = dll_path(case, text)
    if raw is None or not text or _in_system32(path, names):
        return
    fault = fault_of(path)
    installed = path.below_drive.startswith("\\program files") and not is_dropped(path)
    severity = Severity.HIGH if fault and not installed else unknown
    why = f" ({fault})" if fault else ""
    told = f"{what} would be {text}{why}, which Windows does not ship: a service loads it as SYSTEM, if the file exists."
    yield _hit(case, told, raw.ref.citing(text), path, severity)


def _check_winsock(case: Case) -> Iterator[Hit]:
    for name, shipped in (("AutodialDLL", "rasadhlp.dll"), ("NameSpace_Callout", "fwpuclnt.dll")):
        for string in case.strings(_CATALOGS, name):
            path = dll_path(case, string.text)
            if not _in_system32(path, frozenset((shipped,))):
                told = f"{name} names {string.text} in the place of {shipped}: every program that looks up a name would load it."
                yield _hit(case, told, string.origin, path, Severity.CRITICAL)
    told_of: set[str] = set()
    for text, origin in _socket_dlls(case):
        path = dll_path(case, text)
        in_programs = path.below_drive.startswith("\\program files") and path.name in _SOCKETS_ELSEWHERE
        if path.text in told_of or in_programs or _in_system32(path, _SOCKETS | _SOCKETS_ELSEWHERE):
            continue
        told_of.add(path.text)
        fault = fault_of(path)
        told = f"Every program with a network connection would load {text}{f' ({fault})' if fault else ''}, which Windows does not ship."
        severity = Severity.CRITICAL if is_dropped(path) else Severity.HIGH
        yield _hit(case, told, origin, path, severity, Confidence.MEDIUM)


def _socket_dlls(case: Case) -> Iterator[tuple[str, Origin]]:
    """The DLLs of the catalogues of protocols (bytes, of which the first 260 are a path) and of name spaces, each once."""
    seen: set[bytes | str] = set()
    for catalog in ("Protocol_Catalog9", "NameSpace_Catalog5"):
        for entries in ("Catalog_Entries", "Catalog_Entries64"):
            for number, key in enumerate(case.subkeys(f"{_CATALOGS}\\{catalog}\\{entries}")):
                if number >= _MOST_ENTRIES:
                    break
                raw = key.value("PackedCatalogItem" if catalog == "Protocol_Catalog9" else "LibraryPath")
                if raw is None:
                    continue
                data: bytes | str = raw.data[:260] if catalog == "Protocol_Catalog9" else texts_of(raw)
                if data in seen:
                    continue
                seen.add(data)
                text = data if isinstance(data, str) else data.partition(b"\0")[0].decode("cp1252", "replace")
                if text:
                    yield text, raw.ref.citing(text)


def _check_performance(case: Case) -> Iterator[Hit]:
    without = frozenset(name.casefold() for name in _WITHOUT_COUNTERS)
    for key, below in case.service_keys:
        performance = below.get("PERFORMANCE")
        if performance is None:
            continue
        raw = performance.value("Library")
        text = texts_of(raw)
        ref: Origin = raw.ref.citing(text) if raw is not None else performance.ref
        path = dll_path(case, text) if text else Comparable("")
        if key.name.casefold() in without:
            told = (
                f"{key.name} has performance counters, which Windows does not ship there: any user could once make that key"
            )
            so = f", and whoever asks for counters would load {text} as SYSTEM." if text else "."
            yield _hit(case, told + so, ref, path, Severity.HIGH)
        elif text and _is_foreign(path):
            told = (
                f"Whoever asks for performance counters (WMI as SYSTEM) would load {text} for {key.name}: {fault_of(path)}."
            )
            yield _hit(case, told, ref, path, Severity.HIGH if path.is_user_writable or not path.drive else Severity.MEDIUM)


def _is_foreign(path: Comparable) -> bool:
    """Whether a counter's DLL lies neither below Windows nor in Program Files, or where users can write."""
    return path.is_user_writable or not path.below_drive.startswith(
        ("\\windows\\", "\\winnt\\", "\\program files", "\\progra~")
    )


TIME_PROVIDER = Rule(
    id="time-provider",
    family="dll hosts",
    title="The time service loads a provider that Windows does not ship",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1547.003",),
    why="The time service loads the DLL of each enabled provider. Windows ships w32time.dll and vmictimeprovider.dll in System32.",
    false_positives=("None known.",),
    remedy=_REPAIR,
    sources=("detections.md 1.10",),
    severities="critical; high while the provider is not enabled",
    check=_check_time,
    fires_on=(
        Example(
            "a provider of one's own",
            r"""
            [ControlSet001\Services\W32Time\TimeProviders\Evil]
            DllName = expand "C:\Windows\System32\w32evil.dll"
            Enabled = dword 1
            """,
            cites=(r"C:\Windows\System32\w32evil.dll",),
            severity=Severity.CRITICAL,
        ),
    ),
    silent_on=(
        Example(
            "as shipped",
            r"""
            [ControlSet001\Services\W32Time\TimeProviders\NtpClient]
            DllName = expand "%systemroot%\system32\w32time.dll"
            Enabled = dword 1
            """,
        ),
    ),
)
ROUTER_MANAGERS = Rule(
    id="router-managers",
    family="dll hosts",
    title="A network service loads a DLL that Windows does not ship",
    severity=Severity.CRITICAL,
    confidence=Confidence.MEDIUM,
    techniques=("T1574", "T1543.003"),
    why=(
        "Routing, dial-up logon methods, the DHCP and DNS servers and Netlogon each load DLLs that a value names, as SYSTEM. "
        "ServerLevelPluginDll and CalloutDlls are known ways onto domain controllers."
    ),
    false_positives=(
        "Address management products add a DHCP callout.",
        "Vendors' logon methods for wireless networks (medium).",
    ),
    remedy=_REPAIR,
    sources=("detections.md 1.10",),
    severities="critical for DNS and DHCP, high for the others, medium for a logon method in System32 or Program Files",
    check=_check_routers,
    fires_on=(
        Example(
            "a plug-in of the DNS server",
            r"""
            [ControlSet001\Services\DNS\Parameters]
            ServerLevelPluginDll = sz "\\192.0.2.1\share\p.dll"
            """,
            cites=(r"\\192.0.2.1\share\p.dll",),
            severity=Severity.CRITICAL,
        ),
        Example(
            "another router manager",
            r"""
            [ControlSet001\Services\RemoteAccess\RouterManagers\Ip]
            DLLPath = expand "%SystemRoot%\System32\iprtrmgx.dll"
            """,
            cites=(r"%SystemRoot%\System32\iprtrmgx.dll",),
            severity=Severity.HIGH,
        ),
    ),
    silent_on=(
        Example(
            "as shipped",
            r"""
            [ControlSet001\Services\RemoteAccess\RouterManagers\Ip]
            DLLPath = expand "%SystemRoot%\System32\iprtrmgr.dll"
            [ControlSet001\Services\Rasman\PPP\EAP\13]
            Path = expand "%SystemRoot%\System32\rastls.dll"
            """,
        ),
    ),
)
WINSOCK = Rule(
    id="winsock",
    family="dll hosts",
    title="Every program with a network connection loads another DLL",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1547", "T1574"),
    why=(
        "AutodialDLL, NameSpace_Callout and the DLLs of the two Winsock catalogues are loaded into every program that opens a "
        "socket or looks up a name."
    ),
    false_positives=("VMware's vsocklib and Bonjour's mdnsNSP (let pass).", "Proxy and parental-control products."),
    remedy=f"{_REPAIR} The catalogues are renewed by `netsh winsock reset`.",
    sources=("detections.md 1.10",),
    severities="critical for AutodialDLL, NameSpace_Callout and a DLL in a user-writable place, high for another unknown DLL",
    check=_check_winsock,
    fires_on=(
        Example(
            "another AutodialDLL",
            r"""
            [ControlSet001\Services\WinSock2\Parameters]
            AutodialDLL = sz "C:\Windows\System32\rasadhlq.dll"
            """,
            cites=(r"C:\Windows\System32\rasadhlq.dll",),
            severity=Severity.CRITICAL,
        ),
        Example(
            "a name space of one's own",
            r"""
            [ControlSet001\Services\WinSock2\Parameters\NameSpace_Catalog5\Catalog_Entries\000000000009]
            LibraryPath = sz "%SystemRoot%\System32\nsp.dll"
            """,
            cites=(r"%SystemRoot%\System32\nsp.dll",),
            severity=Severity.HIGH,
        ),
    ),
    silent_on=(
        Example(
            "as shipped",
            r"""
            [ControlSet001\Services\WinSock2\Parameters]
            AutodialDLL = sz "rasadhlp.dll"
            NameSpace_Callout = expand "%SystemRoot%\System32\fwpuclnt.dll"
            [ControlSet001\Services\WinSock2\Parameters\NameSpace_Catalog5\Catalog_Entries\000000000001]
            LibraryPath = sz "%SystemRoot%\system32\NLAapi.dll"
            """,
        ),
    ),
)
PERF_LIBRARY = Rule(
    id="perf-library",
    family="dll hosts",
    title="Performance counters load an odd DLL",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    techniques=("T1547",),
    why=(
        "Library below a service's Performance key is loaded by whoever asks for counters, WMI as SYSTEM among them. RpcEptMapper, "
        "Dnscache and NetBT ship no such key; users could once create it."
    ),
    false_positives=("Counters of products in Program Files (Outlook) are let pass.",),
    remedy=_REPAIR,
    sources=("detections.md 1.10", "detections.md 5.1"),
    severities="high in a user-writable or network place and for the three services, medium elsewhere outside Windows",
    check=_check_performance,
    fires_on=(
        Example(
            "counters of the endpoint mapper",
            r"""
            [ControlSet001\Services\RpcEptMapper\Performance]
            Library = sz "C:\Users\Public\perf.dll"
            """,
            cites=(r"C:\Users\Public\perf.dll",),
            severity=Severity.HIGH,
        ),
        Example(
            "a DLL below Users",
            r"""
            [ControlSet001\Services\Tcpip\Performance]
            Library = sz "C:\Users\Public\perf.dll"
            """,
            cites=(r"C:\Users\Public\perf.dll",),
            severity=Severity.HIGH,
        ),
    ),
    silent_on=(
        Example(
            "as shipped, and Outlook's",
            r"""
            [ControlSet001\Services\Tcpip\Performance]
            Library = sz "Perfctrs.dll"
            [ControlSet001\Services\WmiApRpl\Performance]
            Library = expand "%systemroot%\system32\wbem\wmiaprpl.dll"
            [ControlSet001\Services\Outlook\Performance]
            Library = sz "C:\PROGRA~1\MICROS~2\Office14\OLMAPI32.DLL"
            """,
        ),
    ),
)
RULES: tuple[Rule, ...] = (TIME_PROVIDER, ROUTER_MANAGERS, WINSOCK, PERF_LIBRARY)
