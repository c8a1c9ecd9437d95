r"""Code that the SOFTWARE hive puts in the place of a program.

Without that hive these rules say nothing. Source: detections.md 1.10 (what is not in SYSTEM); documentation of Image File
Execution Options and of AppInit_DLLs; the replay has the same programs start (`boot/created_program.py`, `boot/logon.py`).
"""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.rules.case import Case
from hivecheck.rules.named_dlls import has_folder
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.rules.security_products import is_product_file
from hivecheck.rules.software_logon import NEEDS, fault_of_start, started_image
from hivecheck.rules.system_files import is_shipped
from hivecheck.settings.software import ImageOptions

_PATTERN_KEY = "your image file name here without a path"  # shipped up to 2003, as an example for developers
_DEBUGGERS = frozenset(
    {"ntsd.exe", "cdb.exe", "windbg.exe", "windbgx.exe", "vsjitdebugger.exe", "drwtsn32.exe", "drwatson.exe"}
)
_REPLACEMENTS: dict[str, tuple[str, ...]] = {
    "taskmgr.exe": ("procexp", "processhacker", "systeminformer"),
    "notepad.exe": ("notepad++", "notepad2", "notepad3", "notepad4", "metapad"),
}
_STOPPERS = frozenset({"systray.exe", "taskkill.exe"})


def _check_debuggers(case: Case) -> Iterator[Hit]:
    if case.software is None:
        return
    views = [(case.software.image_options, False)]
    if case.architecture != "X86":
        views.append((case.software.wow_image_options, True))
    for view, is_wow in views:
        for options in view.values():
            if options.debugger.value.strip() and options.image.casefold() != _PATTERN_KEY:
                yield _judge_debugger(case, options, is_wow)


def _judge_debugger(case: Case, options: ImageOptions, is_wow: bool) -> Hit:
    image, command = options.image.casefold(), options.debugger.value.strip()
    debugger = started_image(case, command)
    guarded = _guarded(case, image, is_wow)
    fault = fault_of_start(case, command)
    severity, sure, why = Severity.HIGH, Confidence.HIGH, fault
    if guarded:
        severity, why = Severity.CRITICAL, f"{guarded}{f'; {fault}' if fault else ''}"
    elif debugger.is_user_writable or fault:
        pass
    elif debugger.name.startswith(_REPLACEMENTS.get(image, ("\\",))):
        severity, why = Severity.LOW, "many put that program in its place"
    elif debugger.name in _DEBUGGERS:
        severity, sure, why = Severity.LOW, Confidence.MEDIUM, "it is a debugger, as developers set it"
    elif debugger.name in _STOPPERS:
        severity, sure, why = (
            Severity.MEDIUM,
            Confidence.MEDIUM,
            "so the program no longer runs, as scripts against telemetry do",
        )
    where = "where a 32-bit program starts it" if is_wow else "wherever it is to start"
    text = f"{options.image} has the debugger {command}: {where}, that starts in its place, if the file exists"
    bare = not has_folder(debugger.text)
    story = (case.thread_of_image(image), case.thread_of_image(debugger.text) if bare else case.thread_of(debugger))
    events = case.events.citing(*options.debugger.origins)
    subject = f"{options.image} {command}{' (Wow6432Node)' if is_wow else ''}"
    return Hit(f"{text}{f'; {why}' if why else ''}.", options.debugger.origins, subject, severity, sure, events, story)


def _guarded(case: Case, image: str, is_wow: bool) -> str:
    """Why a program must run as it is, in words; '' where nothing says so. What 32-bit programs see says nothing to Windows itself."""
    if is_product_file(image) or any(image == program.image.name for program, _ in case.security.sensors):
        return "it is a program of a security product, which so does not run"
    if is_wow:
        return ""
    path = case.path(f"{case.system_root}\\System32\\{image}")
    if case.is_trusted_base(path) or is_shipped(path):
        return "Windows itself starts that program"
    if any(image == program.image.name and program.service.start == 2 for program in case.programs if program.image.text):
        return "a service that starts with Windows runs that program"
    return ""


IFEO_DEBUGGER = Rule(
    id="software-ifeo-debugger",
    family="software",
    title="A debugger is set for a program: it starts in the program's place",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1546.012", "T1546.008", "T1562.001"),
    why=(
        "Image File Execution Options\\NAME\\Debugger has Windows start another program, with the rights of who wanted NAME, "
        "winlogon and services included; under Wow6432Node the same for what 32-bit programs start. For the programs behind the keys of the logon screen it opens a way in; for a program "
        "of a security product it is a way to switch it off."
    ),
    false_positives=(
        "Developers (ntsd, windbg, vsjitdebugger), other task managers and editors in place of those of Windows: low.",
        "Scripts that keep telemetry from running: medium.",
    ),
    remedy="Delete the value Debugger, then collect and quarantine the program it named.",
    sources=("detections.md 1.10", "smss.md B.16"),
    check=_check_debuggers,
    severities=(
        "critical for programs that Windows itself, a service or a security product runs; high for others; medium for what only "
        "keeps a program from running; low for debuggers and well-known replacements."
    ),
    needs=NEEDS,
)
