r"""What is searched for programs and libraries: folders (Path), endings that count as programs (PATHEXT), PowerShell's modules.

Source: detections.md 1.5; baselines.md 2.7.
"""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.generation import Family
from hivecheck.rules.case import Case
from hivecheck.rules.environment_block import (
    ELEMENTS_AT_MOST,
    KEY,
    PROGRAM_FILES,
    Folder,
    ends_in_blank,
    is_folder_of_windows,
    is_left_over,
    is_product,
    judge_folder,
    resolve,
    split_list,
)
from hivecheck.rules.paths import Comparable
from hivecheck.rules.rule import Hit, Rule, Severity

REPAIR = (
    "Restore the list that this Windows ships (printed in the report's order of repair), with the folders of wanted "
    "products behind System32, in every control set."
)
_DEEP = ("program files", "program files (x86)", "programdata", "users", "documents and settings")
# Services that look for a library which Windows does not have, and so search the Path for it; known from public write-ups.
_PHANTOMS = {
    "ikeext": "wlbsctrl.dll", "netman": "wlanapi.dll", "schedule": "WptsExtensions.dll", "sessionenv": "TSMSISrv.dll",
    "diagtrack": "diagtrack_win.dll",
}  # fmt: skip


def _check_path(case: Case) -> Iterator[Hit]:
    variable = case.environment.get("PATH")
    if variable is None:
        return
    root = case.path(case.system_root).text
    elements = split_list(variable.text)
    if not variable.expands and "%" in variable.text:
        yield Hit(
            "Path is a REG_SZ, in which Windows does not expand variables: folders named with one are not found. Installers are "
            "known to leave it so.",
            (variable.origin,),
            "type of Path",
            severity=Severity.LOW,
            events=case.events.citing(variable.origin),
        )
    paths = ["" if ends_in_blank(case, text) else resolve(case, text).text.rstrip("\\") for text in elements]
    system = paths.index(f"{root}\\system32") if f"{root}\\system32" in paths else None
    if system is None and len(elements) < ELEMENTS_AT_MOST:
        yield Hit(
            f"Path lacks System32: {variable.text or 'it is empty'}. Programs and libraries of Windows that are named without a folder "
            "would be looked for elsewhere only.",
            (variable.origin,),
            "System32",
            severity=Severity.CRITICAL,
            events=case.events.citing(variable.origin),
        )
    told: dict[str, tuple[Severity, Folder, int]] = {}
    for place, text in enumerate(elements):
        folder = judge_folder(case, text, system is None or place < system)
        severity = _weigh_folder(folder, root)
        if severity is None:
            continue
        home = _home(folder.path)
        worst, first, count = told.get(home, (severity, folder, 0))
        told[home] = (severity, folder, count + 1) if severity > worst else (worst, first, count + 1)
    events = case.events.citing(variable.origin) if told else ()
    for home, (severity, folder, count) in told.items():
        yield _tell_folder(case, home, severity, folder, count, events)


def _weigh_folder(folder: Folder, root: str) -> Severity | None:
    """How bad an element of the Path is, None where it is usual."""
    if folder.wrong and (folder.before or folder.text):
        if folder.before:
            return Severity.MEDIUM if is_product(folder) or is_left_over(folder) else Severity.HIGH
        return Severity.LOW if is_product(folder) else Severity.MEDIUM
    path = folder.path.text
    if not folder.before or "%" in path or not folder.text:
        return None
    if path == root or path.startswith(root + "\\"):
        return None if is_folder_of_windows(path[len(root) :]) else Severity.MEDIUM
    if folder.path.below_drive.startswith(PROGRAM_FILES) or is_product(folder):
        return Severity.LOW
    return Severity.MEDIUM


def _home(path: Comparable) -> str:
    """What elements of one product share: the folder at the top of the drive, and the one below it where that is everyone's."""
    parts = path.text.rstrip("\\").split("\\")
    deep = (len(parts) > 1 and parts[1] in _DEEP) or path.text.startswith("\\\\")
    return "\\".join(parts[: 4 if path.text.startswith("\\\\") else 3 if deep else 2])


def _tell_folder(case: Case, home: str, severity: Severity, folder: Folder, count: int, events: tuple[int, ...]) -> Hit:
    variable = case.environment["PATH"]
    where = "Before System32," if folder.before else "Behind System32,"
    product = is_product(folder)
    more = f" (and {count - 1} more there)" if count > 1 else ""
    wrong = f", which {folder.wrong}" if folder.wrong else ", which is not of Windows"
    finds = "A program or library of that name there comes before the one of Windows." if folder.before else (
        "Libraries that Windows does not have, and some services ask for, would be taken from there."
    )  # fmt: skip
    confidence = Confidence.MEDIUM if product else Confidence.HIGH
    if folder.writable and not product and case.family in (Family.G3, Family.G4):
        phantom = _phantom(case)
        if phantom:
            finds += f" Services of this machine are known from write-ups to look for such: {phantom}."
    if product:
        finds += " It looks like a known product's own choice."
    return Hit(
        f"{where} Path has {folder.text or 'an empty element'}{more}{wrong}. {finds}",
        (variable.origin,),
        home or "empty element",
        severity=severity,
        confidence=confidence,
        events=events,
        story=(f"path {home}",),
    )


def _phantom(case: Case) -> str:
    """The services in use that look for a library which Windows lacks, with its name; '' for none."""
    found = (
        f"{service.name} ({_PHANTOMS[service.name.casefold()]})"
        for service in case.lists.services.services
        if service.name.casefold() in _PHANTOMS and service.start in (2, 3)
    )
    return ", ".join(list(found)[: len(_PHANTOMS)])


ENV_PATH_HIJACK = Rule(
    id="env-path-hijack",
    family="environment",
    title="A folder that others may own is searched for programs and libraries",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    severities=(
        "critical where System32 is missing; high for a writable, remote, relative or empty element before System32, medium behind "
        "it; for known products medium before and low behind; low for Program Files before System32; medium for any other folder "
        "there, below Windows too, and for what looks like the variable of a product that is gone."
    ),
    techniques=("T1574.007", "T1574.001"),
    why=(
        "Every service and every logon inherits this Path. A folder before System32 decides what a name without a path means; one "
        "behind it, what is found where Windows has nothing."
    ),
    false_positives=(
        "Anaconda, Python, Chocolatey, Oracle, CUDA, Git, MySQL, Strawberry Perl and Java put themselves there, often first.",
        "An installer that writes Path as REG_SZ.",
    ),
    remedy=REPAIR,
    sources=("detections.md 1.5", "baselines.md 2.7"),
    needs="Who may write into the folders, and what lies there.",
    check=_check_path,
)


_KNOWN_ENDINGS = frozenset({".com", ".exe", ".bat", ".cmd", ".vbs", ".vbe", ".js", ".jse", ".wsf", ".wsh", ".msc"})
_APPENDED = frozenset({".py", ".pyw", ".rb", ".rbw", ".pl", ".tcl", ".psc1", ".pyc", ".pyo", ".jar", ".lua"})
_DATA = frozenset(
    {".txt", ".jpg", ".jpeg", ".png", ".gif", ".bmp", ".log", ".scr", ".hta", ".pdf", ".doc", ".docx", ".xls", ".xlsx", ".dat", ".tmp"}
)  # fmt: skip


def _check_endings(case: Case) -> Iterator[Hit]:
    variable = case.environment.get("PATHEXT")
    if variable is None:
        return
    usual = _KNOWN_ENDINGS | {text.casefold() for text in split_list(case.baseline.text(KEY, "PATHEXT"))}
    endings = [text.casefold() for text in split_list(variable.text)]
    exe = endings.index(".exe") if ".exe" in endings else len(endings)
    for place, ending in enumerate(endings):
        if not ending or ending in usual:
            continue
        before = place < exe
        severity = Severity.LOW
        if before or ending in _DATA:
            severity = Severity.HIGH
        elif ending in _APPENDED:
            severity = Severity.INFO
        where = "before .EXE, so that it wins over programs of the same name" if before else "behind .EXE"
        yield Hit(
            f"PATHEXT has {ending} {where}: files with that ending would be started when only their name is given.",
            (variable.origin,),
            ending,
            severity=severity,
            events=case.events.citing(variable.origin),
        )


ENV_PATHEXT = Rule(
    id="env-pathext",
    family="environment",
    title="Files with another ending count as programs",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    severities=(
        "high before .EXE and for endings of documents; info for those of script languages behind it; low for others behind it."
    ),
    techniques=("T1574.007", "T1546.001"),
    why="PATHEXT says which file is meant where a command names none of them: a document's ending there makes it a program.",
    false_positives=("Python, Ruby, Perl and Tcl add their endings; Server Core adds .CPL.",),
    remedy=REPAIR,
    sources=("detections.md 1.5",),
    check=_check_endings,
)


def _check_modules(case: Case) -> Iterator[Hit]:
    variable = case.environment.get("PSMODULEPATH")
    root = case.path(case.system_root).text
    shipped = {
        f"{root}\\system32\\windowspowershell\\v1.0\\modules",
        *(case.path(text).text.rstrip("\\") for text in split_list(case.baseline.text(KEY, "PSModulePath"))),
        *(f"{root[:2]}\\program files{end}\\windowspowershell\\modules" for end in ("", " (x86)")),
    }
    told: set[str] = set()
    for text in split_list(variable.text) if variable is not None else ():
        folder = judge_folder(case, text, False)
        path = folder.path.text.rstrip("\\")
        if variable is None or not text or path in shipped or path in told:
            continue
        told.add(path)
        severity = Severity.MEDIUM
        if folder.wrong:
            severity = Severity.HIGH
        elif folder.path.below_drive.startswith(PROGRAM_FILES) or path.startswith(root + "\\") or "%" in path:
            severity = Severity.LOW
        wrong = f", which {folder.wrong}" if folder.wrong else ""
        yield Hit(
            f"PSModulePath has {text}{wrong}: PowerShell would load modules from there when one of their commands is used.",
            (variable.origin,),
            text,
            severity=severity,
            events=case.events.citing(variable.origin),
        )
    policy = case.environment.get("__PSLOCKDOWNPOLICY")
    if policy is not None and policy.text.strip() in ("0", "4"):
        off = policy.text.strip() == "0"
        yield Hit(
            f"__PSLockdownPolicy is {policy.text.strip()}: "
            + (
                "PowerShell's constrained mode would be off."
                if off
                else "PowerShell would be in constrained mode, as for a test."
            ),
            (policy.origin,),
            policy.name,
            severity=Severity.HIGH if off else Severity.LOW,
            confidence=Confidence.MEDIUM,
        )


ENV_PSMODULEPATH = Rule(
    id="env-psmodulepath",
    family="environment",
    title="PowerShell takes modules from another folder, or its language mode is forced",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    severities=(
        "high for a folder that users can write or on another machine and for __PSLockdownPolicy 0; low for Program Files and for "
        "policy 4; medium else."
    ),
    techniques=("T1546.013", "T1574.007", "T1562.001"),
    why="PowerShell loads the module that has a command by itself: who can write into one of the folders has code in every session.",
    false_positives=("Message Analyzer, SQL Server, Azure Stack, PowerCLI and Citrix add folders below Program Files.",),
    remedy=REPAIR,
    sources=("detections.md 1.5",),
    check=_check_modules,
)
RULES: tuple[Rule, ...] = (ENV_PATH_HIJACK, ENV_PATHEXT, ENV_PSMODULEPATH)
