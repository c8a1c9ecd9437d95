r"""The system environment: what smss hands to every service, task and logon. Source: detections.md 1.5; baselines.md 2.7.

Variables that every Windows has are judged here; the search path and lists like it in `search_path`, variables
that load code into runtimes in `runtime_variables`, others that Windows does not set in `stray_variables`.
Variables that products set and that nothing follows from (DEFLOGDIR, VS140COMNTOOLS, ChocolateyInstall, FP_NO_HOST_CHECK,
Os2LibPath) are looked at by no rule.
"""

import re
from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.generation import VISTA, WIN10_1803
from hivecheck.rules import runtime_variables, search_path, stray_variables
from hivecheck.rules.case import Case
from hivecheck.rules.environment_block import KEY, REPAIR, hit_of, resolve
from hivecheck.rules.rule import Hit, Rule, Severity


def _root(case: Case) -> str:
    return case.path(case.system_root).text


def _check_comspec(case: Case) -> Iterator[Hit]:
    variable = case.environment.get("COMSPEC")
    if variable is None:
        return
    path = resolve(case, variable.text)
    if path.text in (f"{_root(case)}\\system32\\cmd.exe", "%systemroot%\\system32\\cmd.exe"):
        return
    severity, reason = Severity.CRITICAL, ""
    if re.fullmatch(r"[a-z]:\\program files( \(x86\))?\\jpsoft\\.*", path.text):
        severity, reason = Severity.MEDIUM, " Its path is that of Take Command (JP Software)."
    elif path.name == "cmd.exe" and path.in_system_folder:
        severity, reason = Severity.MEDIUM, " It is a cmd.exe of another system folder."
    yield hit_of(
        case,
        variable,
        f"ComSpec is {variable.text or 'empty'}: it would run in the place of cmd.exe for every batch file and every command that "
        f"services give to the shell, if the file exists.{reason}",
        severity,
        story=case.thread_of(path),
    )


ENV_COMSPEC = Rule(
    id="env-comspec",
    family="environment",
    title="Another command interpreter than cmd.exe",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    severities="medium for Take Command and for a cmd.exe in another system folder.",
    techniques=("T1574.007", "T1059.003"),
    why="Programs that call the shell, services among them, start what ComSpec names.",
    false_positives=("Users of 4NT or Take Command.",),
    remedy=REPAIR,
    sources=("detections.md 1.5",),
    needs="Whether the file exists, and who signed it.",
    check=_check_comspec,
)


def _check_windir(case: Case) -> Iterator[Hit]:
    block, root = case.environment, _root(case)
    windir, system_root = block.get("WINDIR"), block.get("SYSTEMROOT")
    if windir is not None:
        path = resolve(case, windir.text)
        if not windir.expands and "%" in windir.text and path.text == root:
            yield hit_of(
                case,
                windir,
                f"windir is {windir.text} as a REG_SZ, so that nothing would expand it: paths with %windir% would not be found.",
                Severity.LOW,
            )
        elif path.text.rstrip("\\") != root:
            yield hit_of(
                case,
                windir,
                f"windir is {windir.text or 'empty'}: every service and task that is named with %windir% would be run from there.",
                Severity.CRITICAL,
                story=case.thread_of(path),
            )
    if system_root is not None:
        path = case.path(system_root.text)
        same = path.text.rstrip("\\") == root
        yield hit_of(
            case,
            system_root,
            f"SystemRoot stands in the environment as {system_root.text or 'empty'}; Windows leaves it to the kernel. "
            + ("It says the same." if same else "Every path with %SystemRoot% that is expanded after it would lead there."),
            Severity.LOW if same else Severity.CRITICAL,
            Confidence.MEDIUM,
            case.thread_of(path),
        )
    drive = block.get("SYSTEMDRIVE")
    if drive is not None:
        same = case.path(drive.text).text.rstrip("\\") == root[:2]
        yield hit_of(
            case,
            drive,
            f"SystemDrive stands in the environment as {drive.text or 'empty'}; Windows takes it from where it was started. "
            + ("It says the same." if same else "Every path with %SystemDrive% that is expanded after it would lead there."),
            Severity.LOW if same else Severity.HIGH,
            Confidence.MEDIUM,
        )


ENV_WINDIR = Rule(
    id="env-windir",
    family="environment",
    title="windir, SystemRoot or SystemDrive leads elsewhere",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    severities="high for another SystemDrive; low where windir is right but not expanded, and where the others say what the kernel says.",
    techniques=("T1574.007",),
    why="Services, drivers and tasks are named with these variables: one change leads them all to another folder.",
    false_positives=("None known.",),
    remedy="Set windir to %SystemRoot% (REG_EXPAND_SZ) and delete SystemRoot from the key, in every control set.",
    sources=("detections.md 1.5",),
    check=_check_windir,
)


def _check_temporary(case: Case) -> Iterator[Hit]:
    block, root = case.environment, _root(case)
    for name in ("TEMP", "TMP"):
        variable = block.get(name)
        path = resolve(case, variable.text) if variable is not None else None
        if variable is None or path is None or path.text.rstrip("\\") == f"{root}\\temp":
            continue
        inside = case.path(path.text.rstrip("\\") + "\\x")
        open_to = inside.is_user_writable or inside.text.startswith("\\\\") or bool(path.drive and path.drive != root[:1])
        reason = " Ordinary users can write there, or it is on another drive or machine." if open_to else ""
        yield hit_of(
            case,
            variable,
            f"{name} of the system is {variable.text or 'empty'} in place of %SystemRoot%\\TEMP: services would make their temporary "
            f"files there.{reason}",
            Severity.MEDIUM if open_to else Severity.LOW,
        )
    expected = [("OS", "Windows_NT")]
    if case.generation >= VISTA:
        expected.append(("USERNAME", "SYSTEM"))
    if case.generation >= WIN10_1803:
        expected.append(("DRIVERDATA", f"{case.system_root}\\System32\\Drivers\\DriverData"))
    for folded, text in expected:
        variable = block.get(folded)
        if variable is not None and case.path(variable.text).text != case.path(text).text:
            yield hit_of(
                case,
                variable,
                f"{variable.name} of the system is {variable.text or 'empty'} in place of {text}; scripts that test it would go wrong.",
                Severity.LOW,
            )
    key = case.key(KEY)
    if "OS" not in block and block and key is not None and key.values_whole and case.baseline.entry(KEY, "OS") is not None:
        yield Hit(
            "The environment of the system lacks OS, which is Windows_NT everywhere; scripts that test it would go wrong.",
            (key.ref,),
            "OS",
            severity=Severity.LOW,
        )


ENV_TEMPDIR = Rule(
    id="env-tempdir",
    family="environment",
    title="The system's temporary folder, or another fixed variable, was changed",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    severities="medium for a temporary folder that users can write or on another drive; low for the rest.",
    techniques=("T1574",),
    why=(
        "Services that run as SYSTEM put files into TEMP and load some of them. In a folder that others can write they can be "
        "exchanged in between."
    ),
    false_positives=("Machines with a RAM disk or a drive for temporary files.",),
    remedy=REPAIR,
    sources=("detections.md 1.5",),
    check=_check_temporary,
)


RULES: tuple[Rule, ...] = (
    *search_path.RULES,
    ENV_COMSPEC,
    ENV_WINDIR,
    ENV_TEMPDIR,
    *runtime_variables.RULES,
    *stray_variables.RULES,
)
