r"""DLLs that winlogon up to 2003 loads by order of the SOFTWARE hive: the one of the logon screen, and those told of each logon.

Without that hive these rules say nothing. Source: detections.md 1.10 (what is not in SYSTEM); Microsoft, "Winlogon and GINA" and
"Winlogon Notification Packages Removed"; what Windows ships there stands in the baselines of 2000 and XP.
"""

from collections.abc import Iterator

from hivecheck.baselines.baseline import Standing
from hivecheck.facts.certainty import Confidence
from hivecheck.facts.generation import NT35, VISTA, WIN2000
from hivecheck.rules.case import Case
from hivecheck.rules.named_dlls import ROTATE, dll_path, fault_of, has_folder, is_dropped
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.rules.software_logon import NEEDS
from hivecheck.settings.software import NotifyPackage
from hivecheck.settings.software_rows import GINA_DLL, NOTIFY

_MSGINA = "msgina.dll"
_GINAS: dict[str, str] = {
    "nwgina.dll": "Novell", "awgina.dll": "pcAnywhere", "ctxgina.dll": "Citrix", "ginastub.dll": "Ghost", "csgina.dll": "Cisco",
    "vrlogon.dll": "a reader of fingerprints", "fingergina.dll": "a reader of fingerprints", "pgina.dll": "pGina",
    "sophosgina.dll": "Sophos", "sgina.dll": "SafeGuard", "pcgina.dll": "PGP", "icagina.dll": "Citrix", "altusgina.dll": "nFront",
    "ntgina.dll": "RSA", "vmgina.dll": "VMware",
}  # fmt: skip
_PACKAGES: dict[str, tuple[str, str]] = {
    "igfxcui": ("igfxdev.dll igfxsrvc.dll", "Intel's graphics driver"), "atiextevent": ("ati2evxx.dll", "ATI's graphics driver"),
    "navlogon": ("navlogon.dll", "Symantec"), "klogon": ("klogon.dll", "Kaspersky"), "lmiinit": ("lmiinit.dll", "LogMeIn"),
    "avgrsstarter": ("avgrsstx.dll", "AVG"), "wrnotifier": ("wrlogonntf.dll", "Webroot"), "!saswinlogon": ("saswinlo.dll", "SUPERAntiSpyware"),
    "intelwireless": ("lgnotify.dll", "Intel's wireless driver"), "tphotkey": ("tphklock.dll", "a ThinkPad"), "tpfnf2": ("notifyf2.dll", "a ThinkPad"),
    "psfus": ("psqlpwd.dll", "a reader of fingerprints"), "pcanotify": ("pcanotify.dll", "pcAnywhere"), "citrix": ("ctxnotif.dll", "Citrix"),
    "vmupgradeatshutdown": ("vmupgradeatshutdownwxp.dll", "VMware Tools"), "tpsvc": ("tpsvc.dll", "ThinPrint for VMware"),
    "gotomypc": ("g2winlogon.dll", "GoToMyPC"),
}  # fmt: skip


def _check_gina(case: Case) -> Iterator[Hit]:
    if case.software is None or not NT35 <= case.generation < VISTA:
        return
    setting = case.software[GINA_DLL]
    name = setting.value.strip()
    path = dll_path(case, name)
    if not name or (path.name == _MSGINA and path.in_system_folder):
        return
    who = _GINAS.get(path.name, "")
    fault = _fault(path.text, fault_of(path)) if has_folder(name) else ""
    severity, sure, told = Severity.HIGH, Confidence.MEDIUM, "Windows ships msgina.dll"
    if has_folder(name) and is_dropped(path):
        severity, sure, told = Severity.CRITICAL, Confidence.HIGH, fault
    elif path.name == _MSGINA:
        severity, sure, told = Severity.CRITICAL, Confidence.HIGH, f"it has the name of the one of Windows, {fault}"
    elif who:
        severity, told = Severity.MEDIUM, f"{who} is said to install one of this name, which proves nothing"
    text = (
        f"GinaDLL is {name}: winlogon loads it for the logon screen in place of msgina.dll, if the file exists, and it sees each "
        f"password; {told}."
    )
    events = case.events.citing(*setting.origins)
    yield Hit(text, setting.origins, f"GinaDLL {name}", severity, sure, events, (case.thread_of(path),))


def _fault(text: str, fault: str) -> str:
    return f"{text} is {fault}" if fault else ""


GINA = Rule(
    id="software-gina-dll",
    family="software",
    title="The logon screen up to 2003 is another DLL than that of Windows",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1556", "T1547.004"),
    why=(
        "Up to Windows 2003 winlogon loads what GinaDLL names for Ctrl+Alt+Del, the logon and the lock: it runs as the system and "
        "is handed each password. Windows has no such value; most replacements hand all on to msgina.dll, so that nobody sees a "
        "difference. Vista and later do not read it."
    ),
    false_positives=(
        "Novell's client, remote control, disk encryption and readers of fingerprints bring a DLL of their own: medium by their "
        "names, which prove nothing.",
    ),
    remedy=f"Delete the value GinaDLL (winlogon then takes msgina.dll), and only then quarantine the DLL. {ROTATE}",
    sources=("detections.md 1.10", "documentation of Winlogon and GINA"),
    check=_check_gina,
    severities="critical for a place that users can write to and for msgina.dll elsewhere; high for others; medium for known names.",
    needs=NEEDS,
)


def _check_notify(case: Case) -> Iterator[Hit]:
    if case.software is None or not WIN2000 <= case.generation < VISTA:
        return
    for package in case.software.notify_packages:
        yield from _judge_package(case, package)


def _judge_package(case: Case, package: NotifyPackage) -> Iterator[Hit]:
    key, name = f"{NOTIFY}\\{package.name}", package.dll.value.strip()
    path = dll_path(case, name)
    if path.in_system_folder and case.baseline.standing(key, "DLLName", path.name) in _KNOWN:
        return
    shipped = case.baseline.text(key, "DLLName")
    if shipped and path == dll_path(case, shipped):
        return
    files, who = _PACKAGES.get(package.name.casefold(), ("", ""))
    severity, sure, told = Severity.HIGH, Confidence.MEDIUM, "Windows ships no package of this name"
    if has_folder(name) and is_dropped(path):
        severity, sure, told = Severity.CRITICAL, Confidence.HIGH, f"it is {fault_of(path)}"
    elif shipped:
        severity, sure, told = Severity.CRITICAL, Confidence.HIGH, f"as shipped the package is {shipped}"
    elif path.name in files.split():
        severity, told = Severity.LOW, f"{who} installs one of this name"
    text = (
        f"The notification package {package.name} is {name}: winlogon loads it at each start and tells it of logons, if the file "
        f"exists; {told}."
    )
    subject = f"Notify {package.name} {name}"
    yield Hit(text, package.dll.origins, subject, severity, sure, story=(case.thread_of(path),))


_KNOWN = (Standing.AS_SHIPPED, Standing.KNOWN_VARIANT, Standing.OTHER_GENERATION)

NOTIFY_PACKAGES = Rule(
    id="software-winlogon-notify",
    family="software",
    title="winlogon up to 2003 loads a DLL that Windows does not ship, and tells it of logons",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1547.004",),
    why=(
        "winlogon of 2000, XP and 2003 loads the DLL of each key below Winlogon\\Notify and calls it at start, logon, lock and "
        "shutdown, as the system, in safe mode too. Trojans of those years lived there, since nothing else that starts as early "
        "can be added so easily. Vista and later do not read the key."
    ),
    false_positives=("Drivers of graphics cards, security products and laptops: low by key and name, which prove nothing.",),
    remedy="Delete the key of the package, or set DLLName as shipped, then collect and quarantine the DLL.",
    sources=("detections.md 1.10", "documentation of notification packages"),
    check=_check_notify,
    severities=(
        "critical for a place that users can write to and for another DLL in a package of Windows; high for others; low for "
        "packages of known products."
    ),
    needs=NEEDS,
)
