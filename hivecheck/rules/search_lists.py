r"""Other lists that are searched: endings that count as programs (PATHEXT), folders of PowerShell's modules.

Source: detections.md 1.5; baselines.md 2.7.
"""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.rules.case import Case
from hivecheck.rules.environment_block import KEY, split_list
from hivecheck.rules.path_folders import PROGRAM_FILES, judge_folder
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.rules.search_path import REPAIR

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
            events=case.events_citing(variable.origin),
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
            events=case.events_citing(variable.origin),
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

RULES: tuple[Rule, ...] = (ENV_PATHEXT, ENV_PSMODULEPATH)
