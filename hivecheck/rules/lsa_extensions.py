r"""DLLs that lsass loads besides its packages: subauthentication, extensions of itself, security providers.

Source: detections.md 1.9; baselines.md 2.8.
"""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.generation import VISTA, WIN2000
from hivecheck.facts.origin import Origin
from hivecheck.registry.raw_values import text_in
from hivecheck.rules.case import Case
from hivecheck.rules.lsa_packages import REPAIR_PACKAGES, package_hit, shipped_strings, unknown_package
from hivecheck.rules.named_dlls import BACK_UP, FIX_VALUE_FIRST, ROTATE, dll_path, listed
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.settings.machine_identity import Role

_LSA = "Control\\Lsa"
_PROVIDERS = frozenset(("schannel.dll", "msapsspc.dll", "digest.dll", "msnsspc.dll", "credssp.dll"))
_OF_2000 = frozenset(("schannel.dll", "msapsspc.dll", "digest.dll", "msnsspc.dll"))
_PROVIDERS_SAID = {"pwdssp.dll": "Windows"}
_EXTENSIONS = frozenset(("lsasrv.dll", "efslsaext.dll", "dpapisrv.dll"))
_DIRECTORY_EXTENSIONS = frozenset(("lsadb.dll", "ntdsa.dll", "ntdsai.dll"))


def _check_subauthentication(case: Case) -> Iterator[Hit]:
    server = case.facts.role.value in (Role.SERVER, Role.DOMAIN_CONTROLLER)
    for path in (_LSA + "\\MSV1_0", _LSA + "\\Kerberos"):
        key = case.key(path)
        for raw in key.values() if key is not None else ():
            number = raw.name.casefold().removeprefix("auth")
            if not raw.name.casefold().startswith("auth") or not number.isdigit():
                continue
            text = text_in(raw)
            folded = text.casefold().removesuffix(".dll")
            known = (number, folded) in (("132", "iissuba"), ("1", "fpnwclnt"), ("2", "rassfm"))
            if not text or (number == "132" and folded == "iissuba"):
                continue
            if known and (number == "1") == (case.generation < WIN2000) and (number == "1" or server):
                continue
            severity = Severity.LOW if known and number == "2" else Severity.HIGH
            told = f"{path.rsplit(chr(92), 1)[-1]} has {raw.name} = {text}: lsass would ask this DLL about logons, if the file exists."
            yield package_hit(case, text, raw.ref.citing(text), told, severity)


def _check_extensions(case: Case) -> Iterator[Hit]:
    config = "Control\\LsaExtensionConfig"
    for name, origin in listed(case, config + "\\LsaSrv", "Extensions"):
        if name.casefold() not in _EXTENSIONS | shipped_strings(case, config + "\\LsaSrv", "Extensions"):
            yield _extension_hit(case, "LsaSrv\\Extensions lists", name, origin)
    for key in case.subkeys(config + "\\Interfaces"):
        raw = key.value("Extension")
        text = text_in(raw)
        if raw is not None and text and text.casefold() not in _EXTENSIONS:
            yield _extension_hit(case, f"Interfaces\\{key.name} names", text, raw.ref.citing(text))
    for value in ("LsaDbExtPt", "DirectoryServiceExtPt"):
        for string in case.strings("Services\\NTDS", value):
            path = dll_path(case, string.text)
            if path.name not in _DIRECTORY_EXTENSIONS or not path.folder.endswith("\\system32"):
                yield _extension_hit(case, f"NTDS\\{value} names", string.text, string.origin)


def _extension_hit(case: Case, where: str, name: str, origin: Origin) -> Hit:
    told = f"{where} {name}, which Windows does not ship there: lsass would load it at boot, if the file exists."
    return package_hit(case, name, origin, told, Severity.CRITICAL)


def _check_providers(case: Case) -> Iterator[Hit]:
    key = "Control\\SecurityProviders"
    shipped = {part.strip().casefold() for part in case.baseline.text(key, "SecurityProviders").split(",")}
    for name, origin in listed(case, key, "SecurityProviders", ","):
        folded = name.casefold()
        old = folded in _OF_2000 and WIN2000 <= case.generation < VISTA
        if folded in shipped or old or (folded in _PROVIDERS and not any(shipped)):
            continue
        loads = f"lsass and every program that asks for a security provider would load {name}, if the file exists"
        if folded in _PROVIDERS:
            told = f"SecurityProviders lists {name}, which belongs to another Windows: {loads}."
            yield package_hit(case, name, origin, told, Severity.LOW, Confidence.MEDIUM)
        else:
            said = {known.removesuffix(".dll"): who for known, who in _PROVIDERS_SAID.items()}
            yield unknown_package(case, "SecurityProviders", name, origin, {}, said, loads)


LSA_MSV_SUBAUTH = Rule(
    id="lsa-msv-subauth",
    family="lsa",
    title="lsass asks a DLL of its own about logons",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    techniques=("T1547.002", "T1556"),
    why=(
        "Auth0 to Auth255 of MSV1_0 (and Auth0 of Kerberos) name subauthentication DLLs, which decide on logons inside lsass. "
        "Windows ships Auth132 = IISSUBA, whose file is usually absent, and Auth1 = FPNWCLNT on NT 4."
    ),
    false_positives=("Auth2 = RASSFM on servers.", "Novell and Services for Macintosh."),
    remedy=REPAIR_PACKAGES,
    sources=("detections.md 1.9", "baselines.md 2.8"),
    severities="high; low for RASSFM on a client",
    check=_check_subauthentication,
)
LSA_EXTENSION_CONFIG = Rule(
    id="lsa-extension-config",
    family="lsa",
    title="lsass loads an extension that Windows does not ship",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1547.008",),
    why=(
        "LsaExtensionConfig lists parts of lsass itself (lsasrv.dll, efslsaext.dll, dpapisrv.dll). Domain controllers also read "
        "LsaDbExtPt and DirectoryServiceExtPt of NTDS. A DLL added there needs no package and no registration."
    ),
    false_positives=("None known.",),
    remedy=REPAIR_PACKAGES,
    sources=("detections.md 1.9",),
    check=_check_extensions,
)
SECURITY_PROVIDERS = Rule(
    id="security-providers",
    family="lsa",
    title="A security provider that Windows does not ship",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1547.005",),
    why=(
        "The DLLs of SecurityProviders are loaded by lsass and by programs that log on over the network. 7 and later ship "
        "credssp.dll alone; older Windows four others."
    ),
    false_positives=("Names of another Windows after an upgrade (low).",),
    remedy=f"{BACK_UP}{FIX_VALUE_FIRST}. {ROTATE}",
    sources=("detections.md 1.9", "baselines.md 2.8"),
    severities="critical; low for a name of another Windows",
    check=_check_providers,
)
RULES: tuple[Rule, ...] = (LSA_MSV_SUBAUTH, LSA_EXTENSION_CONFIG, SECURITY_PROVIDERS)
