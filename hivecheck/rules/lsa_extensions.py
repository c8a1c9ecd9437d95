r"""DLLs that lsass loads besides its packages, and what keeps the secrets in it.

The first are subauthentication, extensions of itself, security providers; the second its own protection, Credential Guard, and no
passwords in clear. Source: detections.md 1.9; baselines.md 2.8.
"""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.generation import VISTA, WIN10_1507, WIN11, WIN81, WIN2000
from hivecheck.facts.origin import Origin
from hivecheck.registry.raw_values import number_in, text_in
from hivecheck.rules.case import Case
from hivecheck.rules.lsa_packages import REPAIR_PACKAGES, package_hit, shipped_strings, unknown_package
from hivecheck.rules.lsa_posture import number_hit
from hivecheck.rules.named_dlls import BACK_UP, FIX_VALUE_FIRST, ROTATE, dll_path, listed
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.settings.machine_identity import Role

_LSA = "Control\\Lsa"
_PPL = "RunAsPPL"
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


def _was_on(case: Case, name: str) -> int | None:
    """The number of a control set in which a protection of lsass is on; None where it is in none."""
    means_on = (1,) if name == _PPL and case.generation < WIN11 else (1, 2)
    for other in case.other_sets:
        key = other.key.subkey(_LSA)
        if key is not None and number_in(key.value(name)) in means_on:
            return other.number
    return None


def _check_switched_off(case: Case, name: str, what: str) -> Iterator[Hit]:
    raw = case.value(_LSA, name)
    if raw is None or number_in(raw) != 0:
        return
    before, new = _was_on(case, name), case.is_new(raw.ref)
    if before is not None:
        told, severity = f"{what}; in ControlSet{before:03} it is still on", Severity.HIGH
    elif new:
        told, severity = f"{what}, and the key was written lately", Severity.HIGH
    else:
        told, severity = what, Severity.LOW
    yield number_hit(raw, 0, told, severity)


def _check_ppl(case: Case) -> Iterator[Hit]:
    if case.generation < WIN81:
        return  # no such protection there: nothing is off
    yield from _check_switched_off(case, _PPL, "any administrator may read the memory of lsass, and any DLL loads into it")
    if case.generation < WIN11:
        yield from _check_unknown_two(case)
        return
    key = case.key(_LSA)
    if key is None or key.value(_PPL) is not None or key.value("RunAsPPLBoot") is not None:
        return
    before = _was_on(case, _PPL)
    yield Hit(
        "RunAsPPL is missing: lsass runs unprotected"
        + (f", though ControlSet{before:03} has it on." if before else ". New installations of 22H2 and later set it."),
        (key.ref,),
        _PPL,
        Severity.HIGH if before else Severity.LOW,
        Confidence.MEDIUM if before else Confidence.LOW,
    )


def _check_unknown_two(case: Case) -> Iterator[Hit]:
    """RunAsPPL 2 on a Windows before 11, which knows 1 alone. Source: "Configure added LSA protection" of the Windows documentation."""
    raw = case.value(_LSA, _PPL)
    if raw is None or number_in(raw) != 2:
        return
    before = _was_on(case, _PPL)
    told = "by its documentation Windows takes this number from 11 22H2 on, so that lsass likely runs unprotected here"
    told += f", while ControlSet{before:03} has 1, which protects it" if before is not None else "; 1 would protect it"
    yield number_hit(raw, 2, told, Severity.LOW if before is None else Severity.MEDIUM, Confidence.MEDIUM)


def _check_cfg_flags(case: Case) -> Iterator[Hit]:
    if case.generation >= WIN10_1507:
        yield from _check_switched_off(case, "LsaCfgFlags", "Credential Guard is off by this value")


def _check_wdigest(case: Case) -> Iterator[Hit]:
    raw = case.value("Control\\SecurityProviders\\WDigest", "UseLogonCredential")
    if raw is not None and number_in(raw) == 1:
        later = case.generation >= WIN81
        told = "lsass keeps the passwords of those who log on in its memory, in clear"
        if not later:
            told += ", as this Windows does in any case"
        yield number_hit(raw, 1, told, Severity.HIGH if later else Severity.INFO)


LSA_PPL_OFF = Rule(
    id="lsa-ppl-off",
    family="lsa",
    title="The protection of lsass is off",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    techniques=("T1562.001", "T1003.001"),
    why=(
        "With RunAsPPL 1, from 8.1 on, or 2, from 11 22H2 on, not even an administrator reads the memory of lsass, and only DLLs "
        "signed for it load there."
    ),
    false_positives=(
        "It is off wherever nobody switched it on. A smart card or token driver that can't load may be the reason.",
    ),
    remedy=(
        "Set RunAsPPL to 1 in every control set (from 11 22H2 on 2 does without the lock in the firmware; older Windows do not "
        "know it); rotate the credentials that lsass held."
    ),
    sources=("detections.md 1.9", "baselines.md 2.8"),
    severities=(
        "low where it is 0, or missing on 11; high where another control set has it on, or the key is new; low for 2 before 11, "
        "medium where another control set has 1; silent before 8.1, which has no such protection"
    ),
    needs="a lock in the firmware overrides the value",
    check=_check_ppl,
)
LSA_CFGFLAGS = Rule(
    id="lsa-cfgflags",
    family="lsa",
    title="Credential Guard is switched off",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    techniques=("T1562.001", "T1003.001"),
    why="LsaCfgFlags 0 keeps the secrets of lsass in lsass itself, where an administrator can read them.",
    false_positives=("Machines that were never meant to have it. LsaCfgFlagsDefault = 0 is normal and not looked at.",),
    remedy="Set LsaCfgFlags to 2 (1 with a lock in the firmware) in every control set; rotate the credentials that lsass held.",
    sources=("detections.md 1.9",),
    severities="low; high where another control set has it on, or the key is new",
    needs="policies in the SOFTWARE hive may switch it on all the same",
    check=_check_cfg_flags,
)
WDIGEST_CLEARTEXT = Rule(
    id="wdigest-cleartext",
    family="lsa",
    title="lsass is told to keep passwords in clear",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    techniques=("T1112", "T1003.001"),
    why=(
        "With UseLogonCredential 1, WDigest keeps the password of everybody who logs on in the memory of lsass. 8.1 and later "
        "don't: setting it is the usual step before stealing credentials."
    ),
    false_positives=(
        "Windows up to 7 keeps them anyway, and may ship the value (info).",
        "Old web servers with digest logon.",
    ),
    remedy="Delete the value, or set it to 0, in every control set; rotate the credentials of all who logged on since.",
    sources=("detections.md 1.9", "baselines.md 2.8"),
    severities="high from 8.1 on, info before",
    check=_check_wdigest,
)
RULES: tuple[Rule, ...] = (
    LSA_MSV_SUBAUTH,
    LSA_EXTENSION_CONFIG,
    SECURITY_PROVIDERS,
    LSA_PPL_OFF,
    LSA_CFGFLAGS,
    WDIGEST_CLEARTEXT,
)
