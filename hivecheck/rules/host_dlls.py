r"""Services that load DLLs named in their keys: time, routing, DHCP and DNS servers, performance counters.

Source: detections.md 1.10, 5.1.
"""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.generation import VISTA
from hivecheck.facts.origin import Origin
from hivecheck.registry.hive import Key
from hivecheck.registry.raw_values import text_in
from hivecheck.rules.case import Case
from hivecheck.rules.named_dlls import BACK_UP, dll_path, fault_of, is_dropped
from hivecheck.rules.paths import Comparable
from hivecheck.rules.rule import Hit, Rule, Severity

REPAIR_DLL = f"{BACK_UP}Restore the value as shipped in every control set, then collect and delete the DLL it names."
_TIME = frozenset(("w32time.dll", "vmictimeprovider.dll"))
_ROUTERS = frozenset(("iprtrmgr.dll", "ipxrtmgr.dll"))
_EAP = frozenset(
    ("rastls.dll", "raschap.dll", "rasppp.dll", "ttlsauth.dll", "eapsim.dll", "simauth.dll", "eapteap.dll", "eapprovp.dll")
)
_EAP_KEY = "Services\\Rasman\\PPP\\EAP"
_MD5 = _EAP_KEY + "\\4"
_WITHOUT_COUNTERS = ("RpcEptMapper", "Dnscache", "NetBT")


def dll_hit(
    case: Case, message: str, origin: Origin, path: Comparable, severity: Severity, confidence: Confidence | None = None
) -> Hit:
    return Hit(message, (origin,), path.text, severity, confidence, case.events.citing(origin), (case.thread_of(path),))


def lies_in_system32(path: Comparable, names: frozenset[str]) -> bool:
    return path.name in names and path.folder.endswith("\\system32") and path.in_system_folder


def _check_time(case: Case) -> Iterator[Hit]:
    for key in case.subkeys("Services\\W32Time\\TimeProviders"):
        raw = key.value("DllName")
        text = text_in(raw)
        path = dll_path(case, text)
        if raw is None or not text or lies_in_system32(path, _TIME):
            continue
        enabled = key.value("Enabled")
        off = enabled is not None and enabled.type == 4 and not any(enabled.data)
        told = f"The time provider {key.name} would have the time service load {text}"
        told += ", once it is enabled." if off else ", if the file exists."
        yield dll_hit(case, told, raw.ref.citing(text), path, Severity.HIGH if off else Severity.CRITICAL)


def _check_routers(case: Case) -> Iterator[Hit]:
    for key in case.subkeys("Services\\RemoteAccess\\RouterManagers"):
        at = f"Services\\RemoteAccess\\RouterManagers\\{key.name}"
        yield from _check_one(case, key, at, "DllPath", _ROUTERS, f"The router manager {key.name}", Severity.HIGH)
    eap = case.key(_EAP_KEY)
    if eap is not None:
        yield from _check_one(case, eap, _EAP_KEY, "Path", _EAP, f"The logon method {eap.name} of Rasman", Severity.MEDIUM)
        for key in eap.subkeys():
            at, what = f"{_EAP_KEY}\\{key.name}", f"The logon method {key.name} of Rasman"
            yield from _check_one(case, key, at, "Path", _EAP, what, Severity.MEDIUM)
    enabled = case.number("Services\\DHCPServer\\Parameters", "CalloutEnabled")
    for string in case.strings("Services\\DHCPServer\\Parameters", "CalloutDlls"):
        severity = Severity.CRITICAL if enabled else Severity.MEDIUM
        so = "" if enabled else ", once CalloutEnabled is 1"
        told = f"The DHCP server would load {string.text} as SYSTEM and show it every packet{so}."
        yield dll_hit(case, told, string.origin, dll_path(case, string.text), severity)
    for string in case.strings("Services\\DNS\\Parameters", "ServerLevelPluginDll"):
        told = f"The DNS server would load {string.text} as SYSTEM, if the file exists; the value is absent as shipped."
        yield dll_hit(case, told, string.origin, dll_path(case, string.text), Severity.CRITICAL)
    for string in case.strings("Services\\Netlogon\\Parameters", "ClxDllPath"):
        told = f"Netlogon would load {string.text} into lsass, if the file exists; the value is absent as shipped."
        yield dll_hit(case, told, string.origin, dll_path(case, string.text), Severity.HIGH)


def _check_one(
    case: Case, key: Key, at: str, value: str, names: frozenset[str], what: str, unknown: Severity
) -> Iterator[Hit]:
    """What a key names for a network service to load. `at` is its path below the control set."""
    raw = key.value(value)
    text = text_in(raw)
    path = dll_path(case, text)
    if raw is None or not text or lies_in_system32(path, names):
        return
    fault = fault_of(path)
    installed = path.below_drive.startswith("\\program files") and not is_dropped(path)
    severity = Severity.HIGH if fault and not installed else unknown
    why = f" ({fault})" if fault else ""
    told = f"{what} would be {text}{why}, which Windows does not ship: a service loads it as SYSTEM, if the file exists."
    if shipped := _shipped(case, at, value):
        severity = Severity.HIGH
        told = f"{what} is one of Windows, and its DLL is replaced: in the place of {shipped} a service loads {text}{why} as SYSTEM, if the file exists."
    yield dll_hit(case, told, raw.ref.citing(text), path, severity)


def _shipped(case: Case, at: str, value: str) -> str:
    """The name of the DLL that Windows ships in a value, '' where it is known to ship none."""
    if at == _MD5 and case.generation >= VISTA:
        return ""  # the baselines keep the method of XP, and no later hive that was read has it
    text = case.baseline.text(at, value)
    return dll_path(case, text).name if text else ""


def _check_performance(case: Case) -> Iterator[Hit]:
    without = frozenset(name.casefold() for name in _WITHOUT_COUNTERS)
    for key, performance in case.keys_of_services("PERFORMANCE"):
        raw = performance.value("Library")
        text = text_in(raw)
        ref: Origin = raw.ref.citing(text) if raw is not None else performance.ref
        path = dll_path(case, text) if text else Comparable("")
        if key.name.casefold() in without:
            told = (
                f"{key.name} has performance counters, which Windows does not ship there: any user could once make that key"
            )
            so = f", and whoever asks for counters would load {text} as SYSTEM." if text else "."
            yield dll_hit(case, told + so, ref, path, Severity.HIGH)
        elif text and _is_foreign(path):
            told = (
                f"Whoever asks for performance counters (WMI as SYSTEM) would load {text} for {key.name}: {fault_of(path)}."
            )
            yield dll_hit(
                case, told, ref, path, Severity.HIGH if path.is_user_writable or not path.drive else Severity.MEDIUM
            )


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
    remedy=REPAIR_DLL,
    sources=("detections.md 1.10",),
    severities="critical; high while the provider is not enabled",
    check=_check_time,
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
        "Vendors' logon methods for wireless networks (medium, under numbers that are none of Windows').",
    ),
    remedy=REPAIR_DLL,
    sources=("detections.md 1.10",),
    severities=(
        "critical for DNS and DHCP, high for the others, medium for a logon method in System32 or Program Files; high for another "
        "DLL of a method that Windows is known to ship (13, 25, 26, in XP 4)"
    ),
    check=_check_routers,
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
    remedy=REPAIR_DLL,
    sources=("detections.md 1.10", "detections.md 5.1"),
    severities="high in a user-writable or network place and for the three services, medium elsewhere outside Windows",
    check=_check_performance,
)
RULES: tuple[Rule, ...] = (TIME_PROVIDER, ROUTER_MANAGERS, PERF_LIBRARY)
