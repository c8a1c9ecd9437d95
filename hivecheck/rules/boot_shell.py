r"""What smss starts a session with: the initial command and its debugger, the boot shell, and the run levels of boot-time servicing.

The last two are values of Windows 8 and later whose readers are not proven. Source: detections.md 1.1; baselines.md 2.1; smss.md B.16 to
B.18.
"""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.generation import VISTA, WIN8, Family
from hivecheck.registry.hive import RawValue
from hivecheck.rules.case import Case
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.settings.catalog import BOOT_SHELL, GLOBAL_FLAG, RUN_LEVEL_EXECUTE, RUN_LEVEL_VALIDATE, SM
from hivecheck.settings.setting import CitedString, read_strings

_RUN_LEVELS = (
    (RUN_LEVEL_EXECUTE, ("wininit", "servicecontrolmanager")),
    (RUN_LEVEL_VALIDATE, ("servicecontrolmanager",)),
)


def _check_boot_shell(case: Case) -> Iterator[Hit]:
    setting = case.settings[BOOT_SHELL]
    text = setting.value
    if not text.strip() or case.path(text.strip()).text == f"{case.system_root}\\System32\\bootim.exe".casefold():
        return
    bare = text.strip().casefold() in ("bootim.exe", "bootim")
    if case.generation < WIN8:
        severity, does = Severity.MEDIUM, f"{case.generation.name} has no boot shell and does not read it"
    elif bare:
        severity, does = Severity.LOW, "the name is the usual one, but Windows writes the full path"
    else:
        severity, does = Severity.HIGH, "Windows would start it where it shows its boot menu or recovery, if the file exists"
    image = text.split()[0]
    yield Hit(
        f"BootShell is {text}: {does}.",
        setting.origins,
        text,
        severity,
        Confidence.MEDIUM,
        story=(case.thread_of(case.path(image)) if "\\" in image else case.thread_of_image(image),),
    )


BOOT_SHELL_RULE = Rule(
    id="boot-shell",
    family="programs",
    title="The boot shell is not bootim.exe",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    techniques=("T1547.001", "T1574"),
    why=(
        "Windows 8 and later name in BootShell the program that shows the boot menu and recovery. Who starts it is not proven; "
        "an advanced start brings it up at will. Every such Windows ships %SystemRoot%\\system32\\bootim.exe."
    ),
    false_positives=("None known.",),
    remedy="Set BootShell to %SystemRoot%\\system32\\bootim.exe (REG_EXPAND_SZ), then quarantine the program it named.",
    sources=("detections.md 1.1", "baselines.md 2.1", "smss.md B.17"),
    check=_check_boot_shell,
    severities="high; low for a bare bootim.exe; medium on a Windows before 8, which does not read the value.",
    needs="Whether the file exists, and who signed it.",
)


def _check_run_levels(case: Case) -> Iterator[Hit]:
    if case.generation < WIN8:
        return
    for row, shipped in _RUN_LEVELS:
        setting = case.settings[row]
        if not setting.is_written:
            continue
        named = {string.text.casefold() for string in setting.value}
        extra = tuple(string for string in setting.value if string.text.casefold() not in shipped)
        missing = tuple(name for name in shipped if name not in named)
        if not extra and not missing:
            continue
        what = [f"names {', '.join(string.text for string in extra[:8])}"] if extra else []
        what += [f"lacks {', '.join(_SPELLED[name] for name in missing)}"] if missing else []
        yield Hit(
            f"{row.name} {' and '.join(what)}, other than every Windows ships it. It lists the parts of Windows that may work "
            "on updates at boot, so a change could hold the boot up or keep updates from finishing.",
            tuple(string.origin for string in extra[:8]) or setting.origins,
            row.name,
        )


_SPELLED = {"wininit": "WinInit", "servicecontrolmanager": "ServiceControlManager"}

RUN_LEVEL = Rule(
    id="run-level",
    family="programs",
    title="The run levels of boot-time servicing were changed",
    severity=Severity.MEDIUM,
    confidence=Confidence.LOW,
    techniques=("T1112",),
    why=(
        "RunLevelExecute and RunLevelValidate name parts of Windows, not files: those that may work on pending updates at boot. "
        "Nothing is known to change them; who reads them is not proven, so the confidence is low."
    ),
    false_positives=("None known; editions that were not seen may ship other names.",),
    remedy="Set RunLevelExecute to WinInit and ServiceControlManager, RunLevelValidate to ServiceControlManager.",
    sources=("detections.md 1.1, 5.4", "baselines.md 2.1", "smss.md B.17"),
    check=_check_run_levels,
)


_DEBUG_INITIAL_COMMAND = 0x4
_DEBUG_WINLOGON = 0x04000000


def _check_initial_command(case: Case) -> Iterator[Hit]:
    key = case.key(SM)
    if key is None:
        return
    for raw in key.values():
        folded = raw.name.casefold()
        if "initialcommand" in folded:
            for string in read_strings(raw).strings:
                if string.text.strip():
                    yield _initial_command(case, raw, folded, string)


def _initial_command(case: Case, raw: RawValue, folded: str, string: CitedString) -> Hit:
    session = folded.removesuffix("initialcommand")
    image = string.text.split()[0]
    for_session_0 = session == "s0"
    numbered = session[:1] == "s" and session[1:].isdecimal()
    if case.generation < VISTA:
        severity, confidence = Severity.MEDIUM, Confidence.MEDIUM
        does = f"{case.generation.name} does not read it; only a newer Windows would run it"
    elif for_session_0 and _is_wininit(case, string.text):
        severity, confidence = Severity.LOW, Confidence.HIGH
        does = "smss would start wininit, as it does without the value; no Windows ships it"
    elif for_session_0:
        severity, confidence = Severity.CRITICAL, Confidence.HIGH
        does = (
            "smss would start it as SYSTEM in session 0 in place of wininit, if the file exists. Unless it starts wininit "
            "itself, the machine has neither services nor lsass"
        )
    elif numbered:
        severity, confidence = Severity.CRITICAL, Confidence.LOW
        does = "by its name smss would start it in place of that session's first program; that it is read is not proven"
    else:
        severity, confidence = Severity.HIGH, Confidence.LOW
        does = "no value of this name is known to be read, and none is shipped"
    return Hit(
        f"{raw.name} is {string.text}: {does}.",
        (string.origin,),
        f"{raw.name} {string.text}",
        severity,
        confidence,
        case.events.citing(string.origin),
        (case.thread_of_image(image),),
    )


def _is_wininit(case: Case, command: str) -> bool:
    text = command.strip()
    return text.casefold() in ("wininit", "wininit.exe") or case.path(text).text == (
        f"{case.system_root}\\System32\\wininit.exe".casefold()
    )


S0_INITIAL_COMMAND_RULE = Rule(
    id="s0-initial-command",
    family="programs",
    title="Another program is started in place of wininit",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1547.001", "T1574"),
    why=(
        "smss starts what S0InitialCommand names in session 0 instead of wininit, so that it decides whether services, lsass "
        "and logon come up at all. No Windows ships the value; setup uses Setup\\CmdLine instead."
    ),
    false_positives=("None known; a laboratory or an embedded image could use it.",),
    remedy=(
        "Delete the value first (Windows then starts wininit again), and only then quarantine the program it names: with the "
        "value in place and the file gone the machine stops with 0xC000021A."
    ),
    sources=("detections.md 1.1, 5.2", "smss.md B.16"),
    check=_check_initial_command,
    severities=(
        "critical; high for other names that end in InitialCommand; medium before Vista, which does not read it; low for "
        "wininit itself."
    ),
    needs="Whether the file exists, and who signed it.",
)


def _check_debugger(case: Case) -> Iterator[Hit]:
    setting = case.settings[GLOBAL_FLAG]
    flags = (setting.value or 0) & (_DEBUG_INITIAL_COMMAND | _DEBUG_WINLOGON)
    if not flags or setting.raw is None:
        return
    old = case.family in (Family.G1, Family.G2)
    which = [
        text for bit, text in ((_DEBUG_INITIAL_COMMAND, "the initial command"), (_DEBUG_WINLOGON, "winlogon")) if flags & bit
    ]
    does = (
        "smss would start it under System32\\ntsd.exe, if that exists"
        if old
        else "it is doubtful whether this Windows still heeds it; it would then start System32\\ntsd.exe, which it no longer ships"
    )
    yield Hit(
        f"GlobalFlag 0x{setting.value:x} asks for a debugger on {' and '.join(which)}: {does}.",
        (setting.raw.ref.citing(f"0x{setting.value:x}"),),
        "GlobalFlag",
        Severity.HIGH if old else Severity.MEDIUM,
        Confidence.HIGH if old else Confidence.LOW,
        story=(case.thread_of_image("ntsd.exe"),),
    )


GLOBALFLAG_DEBUG_INITIAL_COMMAND = Rule(
    id="globalflag-debug-initial-command",
    family="programs",
    title="The first program of a session is started under a debugger",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    techniques=("T1546.012", "T1547.001"),
    why=(
        "Bits 0x4 and 0x4000000 of GlobalFlag have smss put the debugger ntsd before the first program of the session. Who "
        "controls System32\\ntsd.exe, which Vista and later do not have, then runs before logon as SYSTEM."
    ),
    false_positives=("Kernel and driver developers.",),
    remedy="Collect System32\\ntsd.exe if it exists, set GlobalFlag to 0.",
    sources=("detections.md 1.1, 5.4", "smss.md B.16, B.18"),
    check=_check_debugger,
    severities="high up to 2003, medium later, where it is doubtful whether smss still heeds the bits.",
    needs="Whether System32\\ntsd.exe exists, and who signed it.",
)
