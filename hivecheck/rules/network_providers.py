r"""Network providers: DLLs that winlogon's helper hands each password in clear. Source: detections.md 1.9; baselines.md 2.8."""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.origin import Origin
from hivecheck.registry.raw_values import text_in
from hivecheck.rules.case import Case
from hivecheck.rules.named_dlls import BACK_UP, ROTATE, dll_path, fault_of, has_folder, is_dropped
from hivecheck.rules.rule import Hit, Rule, Severity

_KEY = "Control\\NetworkProvider"
_SHIPPED = {"lanmanworkstation": "ntlanman.dll", "rdpnp": "drprov.dll", "webclient": "davclnt.dll"}
_SEEN = {"vboxsf": "vboxmrxnp.dll", "vmhgfs": "vmhgfs.dll", "p9np": "p9np.dll"}
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
    for folded, (name, origins) in list(_providers(case).items())[:1_000]:
        raw = case.value(f"Services\\{name}\\NetworkProvider", "ProviderPath") if not has_folder(name) else None
        text = text_in(raw)
        path = dll_path(case, text) if text else None
        known = _SHIPPED.get(folded) or _SEEN.get(folded)
        in_place = path is not None and path.in_system_folder and not is_dropped(path)
        if folded in _SHIPPED and (path is None or (in_place and path.name == known)):
            continue
        if folded in _SEEN and in_place and path is not None and path.name == known:
            continue
        loads = f"would be loaded at each logon and handed the password in clear: {text or 'no DLL is registered'}"
        if path is None:
            severity, why = Severity.MEDIUM, "is listed without a DLL, so that nothing is loaded until one is named"
        elif not in_place:
            severity, why = Severity.CRITICAL, f"({fault_of(path)}) {loads}"
        elif folded in _SHIPPED:
            severity, why = Severity.CRITICAL, f"of Windows has another DLL than {known}: it {loads}"
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
        "Citrix, Novell, Parallels and others (medium: from memory).",
    ),
    remedy=f"{BACK_UP}Take the name out of every ProviderOrder of every control set, then out of Services; then the DLL. {ROTATE}",
    sources=("detections.md 1.9", "baselines.md 2.8"),
    severities="critical for a DLL outside System32 or another one for a provider of Windows, high for an unknown name, else medium",
    check=_check,
)
RULES: tuple[Rule, ...] = (NETWORK_PROVIDER,)
