r"""DLLs that lsass loads by name: packages, password filters, extensions, security providers. They are handed passwords.

Source: detections.md 1.9; baselines.md 2.8.
"""

from collections.abc import Iterator, Mapping

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.generation import VISTA, WIN8, WIN81, WIN2000, WIN2003, Generation
from hivecheck.facts.origin import Origin
from hivecheck.rules.case import Case
from hivecheck.rules.named_dlls import BACK_UP, FIX_VALUE_FIRST, ROTATE, dll_path, has_folder, listed, texts_of
from hivecheck.rules.rule import Example, Hit, Rule, Severity
from hivecheck.settings.machine_identity import Role

_LSA = "Control\\Lsa"
_REPAIR = f"{BACK_UP}{FIX_VALUE_FIRST}: lsass may not start where a package is listed and missing. {ROTATE}"
_SECURITY = frozenset(("kerberos", "msv1_0", "schannel", "wdigest", "tspkg", "pku2u", "livessp", "cloudap", "negoexts"))
_AUTHENTICATION_SEEN = {"sshdpinauthlsa": "the SSH server of developer mode"}
_AUTHENTICATION_SAID = {
    "nwv1_0": "Novell", "rsapam": "RSA", "setuid": "Cygwin", "wvauth": "Wave", "vmauthd": "VMware", "livessp": "Windows Live",
    "cloudap": "Windows", "cyglsa64": "Cygwin", "cyglsa": "Cygwin",
}  # fmt: skip
_SECURITY_SAID = {"credssp": "Windows"}
_FILTERS_SAID = {
    "azureadpasswordfilter": "Azure AD Password Protection", "ppro": "nFront", "pcnsflt": "Microsoft's password synchronization",
    "passwordsync": "Google", "specopspasswordpolicy": "Specops", "passfilt": "Windows NT 4",
}  # fmt: skip
_PROVIDERS = frozenset(("schannel.dll", "msapsspc.dll", "digest.dll", "msnsspc.dll", "credssp.dll"))
_PROVIDERS_SAID = {"pwdssp.dll": "Windows"}
_EXTENSIONS = frozenset(("lsasrv.dll", "efslsaext.dll", "dpapisrv.dll"))
_DIRECTORY_EXTENSIONS = frozenset(("lsadb.dll", "ntdsa.dll", "ntdsai.dll"))


def _package_hit(
    case: Case, name: str, origin: Origin, message: str, severity: Severity, confidence: Confidence | None = None
) -> Hit:
    path = dll_path(case, name)
    return Hit(message, (origin,), path.text, severity, confidence, case.events_citing(origin), (case.thread_of(path),))


def _unknown(
    case: Case, where: str, name: str, origin: Origin, seen: Mapping[str, str], said: Mapping[str, str], loads: str
) -> Hit:
    """A name that Windows does not ship there."""
    folded = name.casefold().removesuffix(".dll")
    if has_folder(name):
        told = f"{where} names {name}, a path where Windows has bare names: {loads}."
        return _package_hit(case, name, origin, told, Severity.CRITICAL, Confidence.HIGH)
    if folded in seen:
        told = f"{where} also lists {name}, which {seen[folded]} adds: {loads}."
        return _package_hit(case, name, origin, told, Severity.LOW, Confidence.MEDIUM)
    if folded in said:
        told = f"{where} also lists {name}. {said[folded]} is said to add one of this name, which proves nothing: {loads}."
        return _package_hit(case, name, origin, told, Severity.MEDIUM, Confidence.MEDIUM)
    return _package_hit(case, name, origin, f"{where} also lists {name}: {loads}.", Severity.CRITICAL, Confidence.HIGH)


def _loads(name: str) -> str:
    file = name if "." in name else name + ".dll"
    return f"lsass would load {file} at boot, if the file exists"


def _check_authentication(case: Case) -> Iterator[Hit]:
    shipped = _shipped(case, _LSA, "Authentication Packages") | {"msv1_0"}
    for name, origin in listed(case, _LSA, "Authentication Packages"):
        if name.casefold() not in shipped:
            yield _unknown(
                case, "Authentication Packages", name, origin, _AUTHENTICATION_SEEN, _AUTHENTICATION_SAID, _loads(name)
            )


def _check_security(case: Case) -> Iterator[Hit]:
    for key, where in ((_LSA, "Security Packages"), (_LSA + "\\OSConfig", "OSConfig\\Security Packages")):
        shipped = _shipped(case, key, "Security Packages")
        for name, origin in listed(case, key, "Security Packages"):
            folded = name.casefold()
            if folded in shipped or (folded in _SECURITY and _has_come(folded, case.generation)):
                continue
            if folded in _SECURITY:
                told = f"{where} lists {name}, which belongs to another Windows: {_loads(name)}."
                yield _package_hit(case, name, origin, told, Severity.LOW, Confidence.MEDIUM)
            else:
                yield _unknown(case, where, name, origin, {}, _SECURITY_SAID, _loads(name))


def _has_come(package: str, generation: Generation) -> bool:
    """Whether a package of Windows is in this Windows."""
    if package in ("tspkg", "pku2u", "negoexts"):
        return generation >= VISTA
    if package == "livessp":
        return WIN8 <= generation <= WIN81
    return package != "cloudap" or generation > WIN81


def _check_notification(case: Case) -> Iterator[Hit]:
    shipped = _shipped(case, _LSA, "Notification Packages")
    server = case.facts.role.value in (Role.SERVER, Role.DOMAIN_CONTROLLER)
    for name, origin in listed(case, _LSA, "Notification Packages"):
        folded = name.casefold()
        loads = f"{_loads(name)}, and hand it each new password in clear"
        if folded in shipped or (folded == "scecli" and case.generation >= WIN2000):
            continue
        if folded == "fpnwclnt":
            if case.generation >= WIN2000:
                told = f"Notification Packages lists {name}, which only Windows NT 4 ships: {loads}. Password thieves took its name."
                yield _package_hit(case, name, origin, told, Severity.HIGH, Confidence.MEDIUM)
            continue
        if (folded == "rassfm" and WIN2003 <= case.generation <= WIN81) or (
            folded == "kdcsvc" and WIN2000 <= case.generation <= WIN2003
        ):
            if not server:
                told = f"Notification Packages lists {name}, which Windows ships on servers: {loads}."
                yield _package_hit(case, name, origin, told, Severity.LOW, Confidence.MEDIUM)
            continue
        yield _unknown(case, "Notification Packages", name, origin, {}, _FILTERS_SAID, loads)


def _check_subauthentication(case: Case) -> Iterator[Hit]:
    server = case.facts.role.value in (Role.SERVER, Role.DOMAIN_CONTROLLER)
    for path in (_LSA + "\\MSV1_0", _LSA + "\\Kerberos"):
        key = case.key(path)
        for raw in key.values() if key is not None else ():
            number = raw.name.casefold().removeprefix("auth")
            if not raw.name.casefold().startswith("auth") or not number.isdigit():
                continue
            text = texts_of(raw)
            folded = text.casefold().removesuffix(".dll")
            known = (number, folded) in (("132", "iissuba"), ("1", "fpnwclnt"), ("2", "rassfm"))
            if not text or (number == "132" and folded == "iissuba"):
                continue
            if known and (number == "1") == (case.generation < WIN2000) and (number == "1" or server):
                continue
            severity = Severity.LOW if known and number == "2" else Severity.HIGH
            told = f"{path.rsplit(chr(92), 1)[-1]} has {raw.name} = {text}: lsass would ask this DLL about logons, if the file exists."
            yield _package_hit(case, text, raw.ref.citing(text), told, severity)


def _check_extensions(case: Case) -> Iterator[Hit]:
    config = "Control\\LsaExtensionConfig"
    for name, origin in listed(case, config + "\\LsaSrv", "Extensions"):
        if name.casefold() not in _EXTENSIONS | _shipped(case, config + "\\LsaSrv", "Extensions"):
            yield _extension_hit(case, "LsaSrv\\Extensions lists", name, origin)
    for key in case.subkeys(config + "\\Interfaces"):
        raw = key.value("Extension")
        text = texts_of(raw)
        if raw is not None and text and text.casefold() not in _EXTENSIONS:
            yield _extension_hit(case, f"Interfaces\\{key.name} names", text, raw.ref.citing(text))
    for value in ("LsaDbExtPt", "DirectoryServiceExtPt"):
        for string in case.strings("Services\\NTDS", value):
            path = dll_path(case, string.text)
            if path.name not in _DIRECTORY_EXTENSIONS or not path.folder.endswith("\\system32"):
                yield _extension_hit(case, f"NTDS\\{value} names", string.text, string.origin)


def _extension_hit(case: Case, where: str, name: str, origin: Origin) -> Hit:
    told = f"{where} {name}, which Windows does not ship there: lsass would load it at boot, if the file exists."
    return _package_hit(case, name, origin, told, Severity.CRITICAL)


def _check_providers(case: Case) -> Iterator[Hit]:
    key = "Control\\SecurityProviders"
    shipped = {part.strip().casefold() for part in case.baseline.text(key, "SecurityProviders").split(",")}
    for name, origin in listed(case, key, "SecurityProviders", ","):
        folded = name.casefold()
        if folded in shipped or (folded in _PROVIDERS and not any(shipped)):
            continue
        loads = f"lsass and every program that asks for a security provider would load {name}, if the file exists"
        if folded in _PROVIDERS:
            told = f"SecurityProviders lists {name}, which belongs to another Windows: {loads}."
            yield _package_hit(case, name, origin, told, Severity.LOW, Confidence.MEDIUM)
        else:
            said = {known.removesuffix(".dll"): who for known, who in _PROVIDERS_SAID.items()}
            yield _unknown(case, "SecurityProviders", name, origin, {}, said, loads)


def _shipped(case: Case, key: str, name: str) -> frozenset[str]:
    return frozenset(text.casefold() for text in case.baseline.strings(key, name))


LSA_AUTH_PACKAGE = Rule(
    id="lsa-auth-package",
    family="lsa",
    title="lsass loads an authentication package that Windows does not ship",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1547.002",),
    why=(
        "lsass loads every DLL of Authentication Packages at boot, as SYSTEM, and shows it logons. All Windows ship msv1_0 "
        "alone in this list."
    ),
    false_positives=(
        "SshdPinAuthLsa of developer mode (low).", "Novell, RSA, Cygwin and other logon products (medium: from memory).",
    ),
    remedy=_REPAIR,
    sources=("detections.md 1.9", "baselines.md 2.8"),
    severities="critical; medium for names that products are said to use, low for one that was seen on a clean machine",
    check=_check_authentication,
    fires_on=(
        Example(
            "one more package",
            r"""
            [ControlSet001\Control\Lsa]
            Authentication Packages = multi "msv1_0" "mssecmgr.ocx"
            """,
            cites=("mssecmgr.ocx",),
            severity=Severity.CRITICAL,
        ),
    ),
    silent_on=(
        Example(
            "as shipped, with an empty string behind",
            r"""
            [ControlSet001\Control\Lsa]
            Authentication Packages = multi "msv1_0" ""
            """,
        ),
    ),
)  # fmt: skip
LSA_SECURITY_PACKAGE = Rule(
    id="lsa-security-package",
    family="lsa",
    title="lsass loads a security package that Windows does not ship",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1547.005",),
    why=(
        "lsass loads every DLL of Security Packages at boot. One that is added sees passwords in clear: Mimikatz and Empire bring "
        "one along (mimilib)."
    ),
    false_positives=("Packages of another Windows after an upgrade (low).",),
    remedy=_REPAIR,
    sources=("detections.md 1.9", "baselines.md 2.8"),
    severities="critical; low for a package of another Windows",
    check=_check_security,
    fires_on=(
        Example(
            "mimilib",
            r"""
            [ControlSet001\Control\Lsa]
            Security Packages = multi "\u{22}\u{22}" "mimilib"
            """,
            cites=("mimilib",),
            severity=Severity.CRITICAL,
        ),
        Example(
            "in Windows' own list",
            r"""
            [ControlSet001\Control\Lsa\OSConfig]
            Security Packages = multi "kerberos" "msv1_0" "evilssp"
            """,
            cites=("evilssp",),
            generation="win81-x64",
            severity=Severity.CRITICAL,
        ),
    ),
    silent_on=(
        Example(
            "packages of this Windows",
            r"""
            [ControlSet001\Control\Lsa]
            Security Packages = multi "kerberos" "msv1_0" "schannel" "wdigest" "tspkg" "pku2u"
            """,
            generation="win7-x64",
        ),
    ),
)
LSA_NOTIFICATION_PACKAGE = Rule(
    id="lsa-notification-package",
    family="lsa",
    title="lsass tells each new password to a DLL that Windows does not ship",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1556.002",),
    why=(
        "The DLLs of Notification Packages (password filters) are loaded into lsass and handed every new password in clear. "
        "Windows ships scecli, with rassfm and kdcsvc on some servers, and FPNWCLNT on NT 4 alone."
    ),
    false_positives=(
        "Password policy and synchronization products of domain controllers (medium for names known from memory).",
    ),
    remedy=_REPAIR,
    sources=("detections.md 1.9", "baselines.md 2.8"),
    severities="critical; high for FPNWCLNT after NT 4, medium for names of products, low for a server's package on a client",
    check=_check_notification,
    fires_on=(
        Example(
            "a password filter",
            r"""
            [ControlSet001\Control\Lsa]
            Notification Packages = multi "scecli" "msupdate"
            """,
            cites=("msupdate",),
            severity=Severity.CRITICAL,
        ),
        Example(
            "the name of NT 4",
            r"""
            [ControlSet001\Control\Lsa]
            Notification Packages = multi "scecli" "FPNWCLNT"
            """,
            cites=("FPNWCLNT",),
            severity=Severity.HIGH,
        ),
    ),
    silent_on=(
        Example("as shipped", ""),
        Example(
            "NT 4",
            r"""
            [ControlSet001\Control\Lsa]
            Notification Packages = multi "FPNWCLNT"
            """,
            generation="nt4-x86",
        ),
    ),
)
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
    remedy=_REPAIR,
    sources=("detections.md 1.9", "baselines.md 2.8"),
    severities="high; low for RASSFM on a client",
    check=_check_subauthentication,
    fires_on=(
        Example(
            "one more DLL",
            r"""
            [ControlSet001\Control\Lsa\MSV1_0]
            Auth0 = sz "subauth"
            """,
            cites=("subauth",),
        ),
    ),
    silent_on=(
        Example(
            "as shipped",
            r"""
            [ControlSet001\Control\Lsa\MSV1_0]
            Auth132 = sz "IISSUBA"
            """,
        ),
    ),
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
    remedy=_REPAIR,
    sources=("detections.md 1.9",),
    check=_check_extensions,
    fires_on=(
        Example(
            "one more extension",
            r"""
            [ControlSet001\Control\LsaExtensionConfig\LsaSrv]
            Extensions = multi "lsasrv.dll" "efslsaext.dll" "evil.dll"
            """,
            cites=("evil.dll",),
        ),
        Example(
            "an extension of the directory service",
            r"""
            [ControlSet001\Services\NTDS]
            LsaDbExtPt = sz "C:\ProgramData\lsadb.dll"
            """,
            cites=(r"C:\ProgramData\lsadb.dll",),
        ),
    ),
    silent_on=(
        Example(
            "as shipped",
            r"""
            [ControlSet001\Control\LsaExtensionConfig\LsaSrv]
            Extensions = multi "lsasrv.dll" "efslsaext.dll"
            [ControlSet001\Control\LsaExtensionConfig\Interfaces\1002]
            Extension = sz "dpapisrv.dll"
            [ControlSet001\Services\NTDS]
            LsaDbExtPt = sz "C:\Windows\system32\lsadb.dll"
            """,
        ),
    ),
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
    fires_on=(
        Example(
            "one more",
            r"""
            [ControlSet001\Control\SecurityProviders]
            SecurityProviders = sz "credssp.dll, evilssp.dll"
            """,
            cites=("credssp.dll, evilssp.dll",),
            severity=Severity.CRITICAL,
        ),
    ),
    silent_on=(
        Example("as shipped", ""),
        Example(
            "the four of XP",
            r"""
            [ControlSet001\Control\SecurityProviders]
            SecurityProviders = sz "msapsspc.dll, schannel.dll, digest.dll, msnsspc.dll"
            """,
            generation="xp-x86",
        ),
    ),
)
RULES: tuple[Rule, ...] = (
    LSA_AUTH_PACKAGE,
    LSA_SECURITY_PACKAGE,
    LSA_NOTIFICATION_PACKAGE,
    LSA_MSV_SUBAUTH,
    LSA_EXTENSION_CONFIG,
    SECURITY_PROVIDERS,
)
