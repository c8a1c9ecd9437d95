r"""Code that the SOFTWARE hive puts in the place of a program, or into every program: debuggers and AppInit_DLLs.

Without that hive these rules say nothing. Source: detections.md 1.10 (what is not in SYSTEM); documentation of Image File
Execution Options and of AppInit_DLLs; the replay has the same programs start (`boot/created_program.py`, `boot/logon.py`).
"""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.generation import VISTA, WIN8
from hivecheck.facts.origin import Origin
from hivecheck.rules.case import Case
from hivecheck.rules.named_dlls import dll_path, has_folder
from hivecheck.rules.rule import Example, Hit, Rule, Severity
from hivecheck.rules.security_products import is_product_file
from hivecheck.rules.software_logon import NEEDS, fault_of_start, started_image
from hivecheck.rules.system_files import is_shipped
from hivecheck.settings.software import ImageOptions
from hivecheck.settings.software_rows import APP_INIT_DLLS, LOAD_APP_INIT_DLLS, REQUIRE_SIGNED_APP_INIT

_PATTERN_KEY = "your image file name here without a path"  # shipped up to 2003, as an example for developers
_DEBUGGERS = frozenset(
    {"ntsd.exe", "cdb.exe", "windbg.exe", "windbgx.exe", "vsjitdebugger.exe", "drwtsn32.exe", "drwatson.exe"}
)
_REPLACEMENTS: dict[str, tuple[str, ...]] = {
    "taskmgr.exe": ("procexp", "processhacker", "systeminformer"),
    "notepad.exe": ("notepad++", "notepad2", "notepad3", "notepad4", "metapad"),
}
_STOPPERS = frozenset({"systray.exe", "taskkill.exe"})
_DLLS_AT_MOST = 100
_KNOWN_DLLS: dict[str, str] = {
    "nvinit.dll": "NVIDIA", "nvinitx.dll": "NVIDIA", "sysfer.dll": "Symantec", "guard32.dll": "Comodo", "guard64.dll": "Comodo",
    "sophos_detoured.dll": "Sophos", "sophos_detoured_x64.dll": "Sophos", "mfaphook.dll": "Citrix", "mfaphook64.dll": "Citrix",
    "acaptuser32.dll": "Adobe", "acaptuser64.dll": "Adobe", "avgrsstx.dll": "AVG", "mzvkbd3.dll": "Kaspersky", "kloehk.dll": "Kaspersky",
    "wbsys.dll": "WindowBlinds", "umxsbxexw.dll": "CA", "googledesktopnetwork3.dll": "Google Desktop",
}  # fmt: skip


def _check_debuggers(case: Case) -> Iterator[Hit]:
    if case.software is None:
        return
    for options in case.software.image_options.values():
        if options.debugger.value.strip() and options.image.casefold() != _PATTERN_KEY:
            yield _judge_debugger(case, options)


def _judge_debugger(case: Case, options: ImageOptions) -> Hit:
    image, command = options.image.casefold(), options.debugger.value.strip()
    debugger = started_image(case, command)
    guarded = _guarded(case, image)
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
    text = (
        f"{options.image} has the debugger {command}: wherever it is to start, that starts in its place, if the file exists"
    )
    bare = not has_folder(debugger.text)
    story = (case.thread_of_image(image), case.thread_of_image(debugger.text) if bare else case.thread_of(debugger))
    events = case.events_citing(*options.debugger.origins)
    subject = f"{options.image} {command}"
    return Hit(f"{text}{f'; {why}' if why else ''}.", options.debugger.origins, subject, severity, sure, events, story)


def _guarded(case: Case, image: str) -> str:
    """Why a program must run as it is, in words; '' where nothing says so."""
    if is_product_file(image) or any(image == program.image.name for program, _ in case.security.sensors):
        return "it is a program of a security product, which so does not run"
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
        "winlogon and services included. For the programs behind the keys of the logon screen it opens a way in; for a program "
        "of a security product it is a way to switch it off."
    ),
    false_positives=(
        "Developers (ntsd, windbg, vsjitdebugger), other task managers and editors in place of those of Windows: low.",
        "Scripts that keep telemetry from running: medium.",
    ),
    remedy="Delete the value Debugger, then collect and quarantine the program it named.",
    sources=("detections.md 1.10", "smss.md B.16"),
    check=_check_debuggers,
    fires_on=(
        Example(
            "winlogon and a security product",
            "",
            software=r"""
            [Microsoft\Windows NT\CurrentVersion\Image File Execution Options\winlogon.exe]
            Debugger = sz "C:\Windows\System32\dbg.exe"
            [Microsoft\Windows NT\CurrentVersion\Image File Execution Options\MsMpEng.exe]
            Debugger = sz "systray.exe"
            """,
            cites=(r"C:\Windows\System32\dbg.exe", "systray.exe"),
            severity=Severity.CRITICAL,
        ),
        Example(
            "the keys of the logon screen",
            "",
            software=r"""
            [Microsoft\Windows NT\CurrentVersion\Image File Execution Options\sethc.exe]
            Debugger = sz "cmd.exe"
            """,
            cites=("cmd.exe",),
            generation="xp-x86",
            severity=Severity.CRITICAL,
        ),
        Example(
            "any other program",
            "",
            software=r"""
            [Microsoft\Windows NT\CurrentVersion\Image File Execution Options\chrome.exe]
            Debugger = sz "C:\Program Files\x\x.exe"
            """,
            cites=(r"C:\Program Files\x\x.exe",),
            severity=Severity.HIGH,
        ),
        Example(
            "a developer's machine",
            "",
            software=r"""
            [Microsoft\Windows NT\CurrentVersion\Image File Execution Options\own.exe]
            Debugger = sz "\u{22}C:\Windows\system32\vsjitdebugger.exe\u{22}"
            """,
            cites=('"C:\\Windows\\system32\\vsjitdebugger.exe"',),
            severity=Severity.LOW,
        ),
    ),
    silent_on=(
        Example("without a SOFTWARE hive", ""),
        Example(
            "what Windows up to 2003 ships",
            "",
            software=r"""
            [Microsoft\Windows NT\CurrentVersion\Image File Execution Options\Your Image File Name Here without a path]
            Debugger = sz "ntsd -d"
            """,
            generation="xp-x86",
        ),
    ),
    severities=(
        "critical for programs that Windows itself, a service or a security product runs; high for others; medium for what only "
        "keeps a program from running; low for debuggers and well-known replacements."
    ),
    needs=NEEDS,
)


def _check_app_init(case: Case) -> Iterator[Hit]:
    if case.software is None:
        return
    stored, switch, signed = (case.software[row] for row in (APP_INIT_DLLS, LOAD_APP_INIT_DLLS, REQUIRE_SIGNED_APP_INIT))
    because: tuple[Origin, ...] = stored.origins
    steps, more = 0, ""
    if case.generation >= VISTA:
        because = (*because, *switch.origins, *signed.origins)
        if switch.value != 1:
            steps, more = -2, " LoadAppInit_DLLs is not 1, so that nothing loads it now; one number would arm it."
        elif signed.value:
            steps, more = -1, " Only signed DLLs are loaded (RequireSignedAppInit_DLLs)."
        if case.generation >= WIN8:
            more += " Secure Boot, which the hive can't tell for sure, switches the list off."
    for name in stored.value.replace(",", " ").split(None, _DLLS_AT_MOST)[:_DLLS_AT_MOST]:
        path = dll_path(case, name)
        dropped = path.is_user_writable or (has_folder(name) and path.is_odd and not path.assumed)
        severity, sure, what = Severity.HIGH, Confidence.MEDIUM, "Windows ships the list empty"
        who = _KNOWN_DLLS.get(path.name, "")
        if dropped:
            severity, sure = Severity.CRITICAL, Confidence.HIGH
            what = "it lies where no installer puts such a DLL"
        elif who:
            severity, what = Severity.LOW, f"{who} installs one of this name"
        text = f"AppInit_DLLs names {name}: each program that loads user32.dll loads it, if the file exists; {what}.{more}"
        events = case.events_citing(*stored.origins)
        yield Hit(text, because, f"AppInit_DLLs {name}", severity.raised(steps), sure, events, (case.thread_of(path),))


APP_INIT = Rule(
    id="software-appinit-dlls",
    family="software",
    title="Every program with a window loads a DLL that Windows does not ship",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1546.010",),
    why=(
        "user32.dll loads what AppInit_DLLs names into each program that uses it, winlogon among the first. Since Vista "
        "LoadAppInit_DLLs must be 1 for it, and since 8 Secure Boot switches it off."
    ),
    false_positives=("Drivers of graphics cards and older security products: low by their names, which prove nothing.",),
    remedy="Empty AppInit_DLLs and set LoadAppInit_DLLs to 0, then collect and quarantine the DLLs.",
    sources=("detections.md 1.10", "documentation of AppInit_DLLs"),
    check=_check_app_init,
    fires_on=(
        Example(
            "a DLL in the root of the drive",
            "",
            software=r"""
            [Microsoft\Windows NT\CurrentVersion\Windows]
            AppInit_DLLs = sz "C:\e.dll"
            LoadAppInit_DLLs = dword 1
            """,
            cites=(r"C:\e.dll",),
            severity=Severity.CRITICAL,
        ),
        Example(
            "on XP, which asks for no switch",
            "",
            software=r"""
            [Microsoft\Windows NT\CurrentVersion\Windows]
            AppInit_DLLs = sz "helper.dll"
            """,
            cites=("helper.dll",),
            generation="xp-x86",
            severity=Severity.HIGH,
        ),
        Example(
            "one that nothing loads now",
            "",
            software=r"""
            [Microsoft\Windows NT\CurrentVersion\Windows]
            AppInit_DLLs = sz "C:\e.dll"
            LoadAppInit_DLLs = dword 0
            """,
            cites=(r"C:\e.dll",),
            generation="win7-x64",
            severity=Severity.MEDIUM,
        ),
        Example(
            "where only signed ones are loaded",
            "",
            software=r"""
            [Microsoft\Windows NT\CurrentVersion\Windows]
            AppInit_DLLs = sz "C:\e.dll"
            LoadAppInit_DLLs = dword 1
            RequireSignedAppInit_DLLs = dword 1
            """,
            cites=(r"C:\e.dll",),
            generation="win7-x64",
            severity=Severity.HIGH,
        ),
        Example(
            "a graphics driver",
            "",
            software=r"""
            [Microsoft\Windows NT\CurrentVersion\Windows]
            AppInit_DLLs = sz "C:\Windows\system32\nvinitx.dll"
            LoadAppInit_DLLs = dword 1
            """,
            cites=(r"C:\Windows\system32\nvinitx.dll",),
            severity=Severity.LOW,
        ),
    ),
    silent_on=(
        Example("without a SOFTWARE hive", ""),
        Example(
            "an empty list",
            "",
            software=r"""
            [Microsoft\Windows NT\CurrentVersion\Windows]
            AppInit_DLLs = sz ""
            LoadAppInit_DLLs = dword 0
            """,
        ),
    ),
    severities=(
        "critical for a place that users can write to, high for others, low for DLLs of known products; one step lower where only "
        "signed DLLs are loaded, two where LoadAppInit_DLLs is not 1."
    ),
    needs=NEEDS,
)
