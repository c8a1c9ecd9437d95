r"""DLLs that lsass loads by name: packages, password filters, extensions, security providers. They are handed passwords.

Source: detections.md 1.9; baselines.md 2.8.
"""

from collections.abc import Iterator, Mapping

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.generation import VISTA, WIN8, WIN81, WIN2000, WIN2003, Generation
from hivecheck.facts.origin import Origin
from hivecheck.rules.case import Case
from hivecheck.rules.named_dlls import BACK_UP, FIX_VALUE_FIRST, ROTATE, dll_path, has_folder, listed
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.settings.machine_identity import Role
from hivecheck.settings.services import DISABLED

_LSA = "Control\\Lsa"
REPAIR_PACKAGES = f"{BACK_UP}{FIX_VALUE_FIRST}: lsass may not start where a package is listed and missing. {ROTATE}"
_SECURITY = frozenset(("kerberos", "msv1_0", "schannel", "wdigest", "tspkg", "pku2u", "livessp", "cloudap", "negoexts"))
_AUTHENTICATION_SEEN = {"sshdpinauthlsa": "the SSH server of developer mode"}
_AUTHENTICATION_SAID = {
    "nwv1_0": "Novell", "rsapam": "RSA", "setuid": "Cygwin", "wvauth": "Wave", "vmauthd": "VMware", "livessp": "Windows Live",
    "cloudap": "Windows", "cyglsa64": "Cygwin", "cyglsa": "Cygwin",
}  # fmt: skip
_NETWARE = {"nwprovau": "Windows' own Client Service for NetWare"}  # an option of NT 4 to XP
_OF_SCREEN_CONNECT, _ITS_SERVICE = "screenconnect.windowsauthenticationpackage.dll", "screenconnect.clientservice.exe"
_SECURITY_SAID = {"credssp": "Windows"}
_FILTERS_SAID = {
    "azureadpasswordfilter": "Azure AD Password Protection", "ppro": "nFront", "pcnsflt": "Microsoft's password synchronization",
    "passwordsync": "Google", "specopspasswordpolicy": "Specops", "passfilt": "Windows NT 4",
}  # fmt: skip


def package_hit(
    case: Case, name: str, origin: Origin, message: str, severity: Severity, confidence: Confidence | None = None
) -> Hit:
    path = dll_path(case, name)
    return Hit(message, (origin,), path.text, severity, confidence, case.events.citing(origin), (case.thread_of(path),))


def unknown_package(
    case: Case, where: str, name: str, origin: Origin, seen: Mapping[str, str], said: Mapping[str, str], loads: str
) -> Hit:
    """A name that Windows does not ship there."""
    folded = name.casefold().removesuffix(".dll")
    if has_folder(name) and _is_of_screen_connect(case, name):
        told = f"{where} names {name}: ScreenConnect, a tool of remote control that is set up here, adds its package so: {loads}."
        return package_hit(case, name, origin, told, Severity.MEDIUM, Confidence.MEDIUM)
    if has_folder(name):
        told = f"{where} names {name}, a path where Windows has bare names: {loads}."
        return package_hit(case, name, origin, told, Severity.CRITICAL, Confidence.HIGH)
    if folded in seen:
        told = f"{where} also lists {name}, which {seen[folded]} adds: {loads}."
        return package_hit(case, name, origin, told, Severity.LOW, Confidence.MEDIUM)
    if folded in said:
        told = f"{where} also lists {name}. {said[folded]} is said to add one of this name, which proves nothing: {loads}."
        return package_hit(case, name, origin, told, Severity.MEDIUM, Confidence.MEDIUM)
    return package_hit(case, name, origin, f"{where} also lists {name}: {loads}.", Severity.CRITICAL, Confidence.HIGH)


def _is_of_screen_connect(case: Case, name: str) -> bool:
    """Whether a path is that of ScreenConnect's package, and its service runs from that very folder."""
    path = case.path(name)
    guarded = path.below_drive.startswith(("\\program files\\", "\\program files (x86)\\"))
    if not guarded or path.name != _OF_SCREEN_CONNECT:
        return False
    service = case.programs_by_path.get(f"{path.folder}\\{_ITS_SERVICE}")
    return service is not None and service.service.start != DISABLED


def _loads(name: str) -> str:
    file = name if "." in name else name + ".dll"
    return f"lsass would load {file} at boot, if the file exists"


def _check_authentication(case: Case) -> Iterator[Hit]:
    shipped = shipped_strings(case, _LSA, "Authentication Packages") | {"msv1_0"}
    seen = _AUTHENTICATION_SEEN | (_NETWARE if case.generation < VISTA else {})
    for name, origin in listed(case, _LSA, "Authentication Packages"):
        if name.casefold() not in shipped:
            yield unknown_package(case, "Authentication Packages", name, origin, seen, _AUTHENTICATION_SAID, _loads(name))


def _check_security(case: Case) -> Iterator[Hit]:
    for key, where in ((_LSA, "Security Packages"), (_LSA + "\\OSConfig", "OSConfig\\Security Packages")):
        shipped = shipped_strings(case, key, "Security Packages")
        for name, origin in listed(case, key, "Security Packages"):
            folded = name.casefold()
            if folded in shipped or (folded in _SECURITY and _has_come(folded, case.generation)):
                continue
            if folded in _SECURITY:
                told = f"{where} lists {name}, which belongs to another Windows: {_loads(name)}."
                yield package_hit(case, name, origin, told, Severity.LOW, Confidence.MEDIUM)
            else:
                yield unknown_package(case, where, name, origin, {}, _SECURITY_SAID, _loads(name))


def _has_come(package: str, generation: Generation) -> bool:
    """Whether a package of Windows is in this Windows."""
    if package in ("tspkg", "pku2u", "negoexts"):
        return generation >= VISTA
    if package == "livessp":
        return WIN8 <= generation <= WIN81
    return package != "cloudap" or generation > WIN81


def _check_notification(case: Case) -> Iterator[Hit]:
    shipped = shipped_strings(case, _LSA, "Notification Packages")
    server = case.facts.role.value in (Role.SERVER, Role.DOMAIN_CONTROLLER)
    for name, origin in listed(case, _LSA, "Notification Packages"):
        folded = name.casefold()
        loads = f"{_loads(name)}, and hand it each new password in clear"
        if folded in shipped or (folded == "scecli" and case.generation >= WIN2000):
            continue
        if folded == "fpnwclnt":
            if case.generation >= WIN2000:
                told = f"Notification Packages lists {name}, which only Windows NT 4 ships: {loads}. Password thieves took its name."
                early_server = server and case.generation == WIN2000  # where domain controllers are said to have kept it
                severity = Severity.MEDIUM if early_server else Severity.HIGH
                yield package_hit(case, name, origin, told, severity, Confidence.MEDIUM)
            continue
        if (folded == "rassfm" and case.generation >= WIN2000 and (server or case.generation <= WIN81)) or (
            folded in ("kdcsvc", "wdigest") and WIN2000 <= case.generation <= WIN2003
        ):
            if not server:
                told = f"Notification Packages lists {name}, which Windows ships on servers: {loads}."
                yield package_hit(case, name, origin, told, Severity.LOW, Confidence.MEDIUM)
            continue
        yield unknown_package(case, "Notification Packages", name, origin, {}, _FILTERS_SAID, loads)


def shipped_strings(case: Case, key: str, name: str) -> frozenset[str]:
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
        "SshdPinAuthLsa of developer mode (low).", "nwprovau, Windows' own Client Service for NetWare, an option of NT 4 to XP (low).", "Novell, RSA, Cygwin and other logon products (medium: from memory).",
        "ScreenConnect, a tool of remote control, adds a path in its own folder (medium where its service runs from there).",
    ),
    remedy=REPAIR_PACKAGES,
    sources=("detections.md 1.9", "baselines.md 2.8"),
    severities="critical; medium for names that products are said to use, low for one that was seen on a clean machine",
    check=_check_authentication,
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
    remedy=REPAIR_PACKAGES,
    sources=("detections.md 1.9", "baselines.md 2.8"),
    severities="critical; low for a package of another Windows",
    check=_check_security,
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
    remedy=REPAIR_PACKAGES,
    sources=("detections.md 1.9", "baselines.md 2.8"),
    severities="critical; high for FPNWCLNT after NT 4, medium for names of products, low for a server's package on a client",
    check=_check_notification,
)
RULES: tuple[Rule, ...] = (LSA_AUTH_PACKAGE, LSA_SECURITY_PACKAGE, LSA_NOTIFICATION_PACKAGE)
