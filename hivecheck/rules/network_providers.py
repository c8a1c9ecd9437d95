r"""DLLs of the network: providers that winlogon's helper hands each password in clear, and the catalogues of Winsock.

What the latter name is loaded by every program with a network connection. Source: detections.md 1.9, 1.10; baselines.md 2.8.
"""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.generation import VISTA
from hivecheck.facts.origin import Origin
from hivecheck.registry.raw_values import text_in
from hivecheck.rules.case import Case
from hivecheck.rules.host_dlls import REPAIR_DLL, dll_hit, lies_in_system32
from hivecheck.rules.named_dlls import BACK_UP, ROTATE, dll_path, fault_of, has_folder, is_dropped
from hivecheck.rules.paths import Comparable
from hivecheck.rules.rule import Hit, Rule, Severity

_KEY = "Control\\NetworkProvider"
_SHIPPED = {"lanmanworkstation": "ntlanman.dll", "rdpnp": "drprov.dll", "webclient": "davclnt.dll"}
_SEEN = {"vboxsf": "vboxmrxnp.dll", "vmhgfs": "vmhgfs.dll", "p9np": "p9np.dll"}
_OLD = {"nwcworkstation": "nwprovau.dll"}  # Client Service for NetWare, an option of NT 4 to XP
_SAID = frozenset(
    (
        "picnetworkprovider",
        "picanetwork",
        "ncapisvc",
        "prlnp",
        "prl_np",
        "cbfsnetrdr",
        "snacnp",
        "hgfs",
        "afsredirector",
        "netwarefb",
    )
)
_PROGRAMS = ("program files", "program files (x86)")
_BY_VENDORS: tuple[tuple[str, tuple[str, ...], tuple[str, ...], bool], ...] = (
    ("Citrix", ("pnsson.dll",), ("citrix",), False),
    ("Dell", ("dellmgmtnp.dll",), ("dell",), False),
    ("Check Point", ("epcgina.dll",), ("checkpoint", "check point"), False),
    ("McAfee / Trellix", ("epepcnp64.dll", "epepcnp.dll"), ("mcafee", "trellix"), True),
    ("Symantec", ("snacnp.dll", "snacnp64.dll"), ("symantec",), True),
    ("Novell / Micro Focus", ("ncnetprovider.dll",), ("novell", "micro focus"), True),
    ("Parallels", ("prl_np.dll",), ("parallels",), True),
)  # who, DLLs, folders in Program Files, whether it may lie in System32 as well: public lists of exceptions, the last four from memory
_NFS = frozenset(("nfsnp.dll",))
_NFS_SERVICES = ("nfsclnt", "nfsrdr")


def _vendor_of(case: Case, path: Comparable) -> str:
    """Whose known provider a DLL is by its name and its place, which is Program Files on the drive of Windows, or System32; else ''."""
    if is_dropped(path) or not path.text.startswith(case.system_root[:2].casefold() + "\\"):
        return ""
    programs, _, rest = path.below_drive[1:].partition("\\")
    folder = rest.partition("\\")[0] if programs in _PROGRAMS else ""
    for who, names, folders, in_system32 in _BY_VENDORS:
        if path.name in names and (folder in folders or (in_system32 and lies_in_system32(path, frozenset(names)))):
            return who
    return ""


def _providers(case: Case) -> dict[str, tuple[str, list[Origin]]]:
    """The names of all lists by folded name, with the values that list them."""
    found: dict[str, tuple[str, list[Origin]]] = {}
    for order in ("Order", "HwOrder"):
        for string in case.strings(f"{_KEY}\\{order}", "ProviderOrder"):
            for part in string.text.split(",")[:1_000]:
                name = part.strip()
                if name:
                    found.setdefault(name.casefold(), (name, []))[1].append(string.origin)
    table = case.key(f"{_KEY}\\ProviderOrder")
    for raw in table.values() if table is not None else ():
        if raw.name:
            found.setdefault(raw.name.casefold(), (raw.name, []))[1].append(raw.ref)
    return found


def _check(case: Case) -> Iterator[Hit]:
    seen = _SEEN | _OLD if case.generation < VISTA else _SEEN
    for folded, (name, origins) in list(_providers(case).items())[:1_000]:
        raw = case.value(f"Services\\{name}\\NetworkProvider", "ProviderPath") if not has_folder(name) else None
        text = text_in(raw)
        path = dll_path(case, text) if text else None
        known = _SHIPPED.get(folded) or seen.get(folded)
        in_place = path is not None and path.in_system_folder and not is_dropped(path)
        if folded in _SHIPPED and (path is None or (in_place and path.name == known)):
            continue
        if folded in seen and in_place and path is not None and path.name == known:
            continue
        nfs = path is not None and folded not in _SHIPPED and lies_in_system32(path, _NFS)
        if nfs and any(case.has_service(one) for one in _NFS_SERVICES):
            continue
        vendor = _vendor_of(case, path) if path is not None and known is None else ""
        loads = f"would be loaded at each logon and handed the password in clear: {text or 'no DLL is registered'}"
        if path is None:
            severity, why = Severity.MEDIUM, "is listed without a DLL, so that nothing is loaded until one is named"
        elif vendor:
            severity, why = Severity.MEDIUM, f"is {vendor}'s by the name and the folder of its DLL: it {loads}"
        elif not in_place:
            severity, why = Severity.CRITICAL, f"({fault_of(path)}) {loads}"
        elif folded in _SHIPPED:
            severity, why = Severity.CRITICAL, f"of Windows has another DLL than {known}: it {loads}"
        elif nfs:
            severity, why = (
                Severity.LOW,
                f"has the DLL of Windows' own Client for NFS, whose services are not here: it {loads}",
            )
        elif folded in _SAID:
            severity, why = Severity.MEDIUM, f"has the name of a product's: it {loads}"
        else:
            severity, why = Severity.HIGH, f"is not one of Windows: it {loads}"
        because = (*origins[:3], *((raw.ref.citing(text),) if raw is not None else ()))
        threads = (case.thread_of_service(name), *((case.thread_of(path),) if path is not None else ()))
        confidence = Confidence.HIGH if severity is Severity.CRITICAL else Confidence.MEDIUM
        yield Hit(f"The network provider {name} {why}.", because, name, severity, confidence, story=threads)


NETWORK_PROVIDER = Rule(
    id="network-provider",
    family="lsa",
    title="A network provider that Windows does not ship is handed passwords",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1556.008",),
    why=(
        "The DLL of each name in ProviderOrder is told of every logon (NPLogonNotify), with the password in clear. NPPSpy and "
        "ransomware crews add one; nothing shows it to the user."
    ),
    false_positives=(
        "VirtualBox, VMware and WSL add one each (let pass with their own DLL in System32).",
        "Windows' own Client for NFS, nfsnp.dll in System32 (let pass beside its services, else low).",
        "Citrix, Dell and Check Point with their own DLL in their own folder of Program Files (medium).",
        "McAfee or Trellix, Symantec, Novell or Micro Focus and Parallels, there or in System32, and others (medium: from memory).",
    ),
    remedy=f"{BACK_UP}Take the name out of every ProviderOrder of every control set, then out of Services; then the DLL. {ROTATE}",
    sources=("detections.md 1.9", "baselines.md 2.8"),
    severities=(
        "critical for a DLL outside System32 or another one for a provider of Windows, high for an unknown name, else medium, as for known "
        "products in their own folder of Program Files; low for the Client for NFS"
    ),
    check=_check,
)


_SOCKETS = frozenset(
    (
        "msafd.dll", "rsvpsp.dll", "mswsock.dll", "rnr20.dll", "winrnr.dll", "nwprovau.dll", "napinsp.dll", "pnrpnsp.dll",
        "nlaapi.dll", "wshbth.dll",
    )
)  # fmt: skip
_SOCKETS_ELSEWHERE = frozenset(("vsocklib.dll", "mdnsnsp.dll"))  # VMware, Bonjour: in System32 or in Program Files
_CATALOGS = "Services\\WinSock2\\Parameters"
_MOST_ENTRIES = 2_000


def _check_winsock(case: Case) -> Iterator[Hit]:
    for name, shipped in (("AutodialDLL", "rasadhlp.dll"), ("NameSpace_Callout", "fwpuclnt.dll")):
        for string in case.strings(_CATALOGS, name):
            path = dll_path(case, string.text)
            if not lies_in_system32(path, frozenset((shipped,))):
                told = f"{name} names {string.text} in the place of {shipped}: every program that looks up a name would load it."
                yield dll_hit(case, told, string.origin, path, Severity.CRITICAL)
    told_of: set[str] = set()
    for text, origin in _socket_dlls(case):
        path = dll_path(case, text)
        in_programs = path.below_drive.startswith("\\program files") and path.name in _SOCKETS_ELSEWHERE
        if path.text in told_of or in_programs or lies_in_system32(path, _SOCKETS | _SOCKETS_ELSEWHERE):
            continue
        told_of.add(path.text)
        fault = fault_of(path)
        told = f"Every program with a network connection would load {text}{f' ({fault})' if fault else ''}, which Windows does not ship."
        severity = Severity.CRITICAL if is_dropped(path) else Severity.HIGH
        yield dll_hit(case, told, origin, path, severity, Confidence.MEDIUM)


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
                data: bytes | str = raw.data[:260] if catalog == "Protocol_Catalog9" else text_in(raw)
                if data in seen:
                    continue
                seen.add(data)
                text = data if isinstance(data, str) else _path_in(data)
                if text:
                    yield text, raw.ref.citing(text)


def _path_in(data: bytes) -> str:
    """The path in a packed entry, in the letters of the machine; those of Western Europe where it is not plain ASCII."""
    stored = data.partition(b"\0")[0]
    return str(stored, "ascii" if stored.isascii() else "cp1252", "replace")


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
    remedy=f"{REPAIR_DLL} The catalogues are renewed by `netsh winsock reset`.",
    sources=("detections.md 1.10",),
    severities="critical for AutodialDLL, NameSpace_Callout and a DLL in a user-writable place, high for another unknown DLL",
    check=_check_winsock,
)
