r"""DLLs that every program with a network connection loads: the catalogues of Winsock. Source: detections.md 1.10."""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.origin import Origin
from hivecheck.registry.raw_values import text_in
from hivecheck.rules.case import Case
from hivecheck.rules.host_dlls import REPAIR_DLL, dll_hit, lies_in_system32
from hivecheck.rules.named_dlls import dll_path, fault_of, is_dropped
from hivecheck.rules.rule import Hit, Rule, Severity

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
RULES: tuple[Rule, ...] = (WINSOCK,)
