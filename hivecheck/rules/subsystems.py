r"""SubSystems: what csrss is told to load, which subsystems smss starts, and what stands behind them.

Source: detections.md 1.4; baselines.md 2.6; smss.md B.15.
"""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.generation import VISTA, WIN81
from hivecheck.facts.origin import Origin
from hivecheck.registry.hive import fold_name
from hivecheck.rules import csrss
from hivecheck.rules.case import Case
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.settings.catalog import KMODE, NUMBER_OF_INITIAL_SESSIONS, OPTIONAL, REQUIRED, SUBSYSTEMS
from hivecheck.settings.object_names import NamedText
from hivecheck.settings.setting import CitedString

KEY = "Control\\Session Manager\\SubSystems"
_REQUIRED = frozenset({"DEBUG", "WINDOWS"})
_OLD = {"POSIX": "psxss.exe", "OS2": "os2ss.exe"}
_REPAIR = (
    "Restore the values of SubSystems that this Windows ships (printed in the report's order of repair) in every control "
    "set BEFORE removing any file: a value that names a missing file keeps the machine from starting."
)


def _check_lists(case: Case) -> Iterator[Hit]:
    lines = {fold_name(line.name): line for line in case.settings[SUBSYSTEMS].value}
    shipped = {fold_name(text) for text in case.baseline.strings(KEY, "Optional")}
    for string in case.settings[REQUIRED].value:
        if fold_name(string.text) not in _REQUIRED:
            line = lines.get(fold_name(string.text))
            does = (
                f"smss would start {line.text} as SYSTEM in each session, if the file exists"
                if line is not None and line.text.strip()
                else "no value of that name is there, so that smss would start nothing for it"
            )
            yield Hit(
                f"Required names the subsystem {string.text}, which no Windows does: {does}.",
                _origins(string, line),
                string.text,
                severity=Severity.CRITICAL if line is not None and line.text.strip() else Severity.MEDIUM,
                events=case.events.citing(*_origins(string, line)),
                story=_story(case, line),
            )
    for string in case.settings[OPTIONAL].value:
        yield from _check_optional(case, string, lines.get(fold_name(string.text)), fold_name(string.text) in shipped)


def _check_optional(case: Case, string: CitedString, line: NamedText | None, is_shipped: bool) -> Iterator[Hit]:
    name = fold_name(string.text)
    file = _OLD.get(name)
    runs = line.text.strip() if line is not None else ""
    usual = f"{case.path(case.system_root).text}\\system32\\{file}"
    if file is not None and (not runs or case.path(runs).text == usual):
        if not is_shipped:
            until = WIN81 if name == "POSIX" else VISTA  # SUA went with 2012, OS/2 with 2000
            late = case.generation >= until
            told = "no Windows since then has it" if late else "others do (SUA, Interix)"
            worst = Severity.HIGH if runs else Severity.LOW
            yield Hit(
                f"Optional names the subsystem {string.text}, which this Windows does not ship; {told}.",
                _origins(string, line),
                string.text,
                severity=worst if late else Severity.INFO,
                story=_story(case, line) if late else (),
            )
        return
    if file is None and name in _REQUIRED:
        return
    why = f"in place of {file}" if file is not None else "which no Windows names there"
    yield Hit(
        f"Optional names the subsystem {string.text}, {why}: {runs or 'nothing'} would be started when a program of that kind is.",
        _origins(string, line),
        string.text,
        severity=Severity.HIGH if runs else Severity.LOW,
        story=_story(case, line),
    )


def _origins(string: CitedString, line: NamedText | None) -> tuple[Origin, ...]:
    return (string.origin,) if line is None else (string.origin, line.origin)


def _story(case: Case, line: NamedText | None) -> tuple[str, ...]:
    image = line.text.split()[:1] if line is not None else []
    return (case.thread_of_image(image[0]),) if image else ()


REQUIRED_EXTRA = Rule(
    id="subsystem-required-extra",
    family="subsystems",
    title="An extra or changed subsystem",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    severities=(
        "critical for an extra name in Required that has a command, medium without one; high for an extra name in Optional or other "
        "data of Posix or Os2, or for them on a Windows that can't have them (Posix since 8.1, Os2 since Vista); info for them as "
        "shipped, on another Windows that does not ship them."
    ),
    techniques=("T1547",),
    why=(
        "smss starts what Required names in every session, as SYSTEM, next to csrss. On XP to 7 the file behind Posix does not "
        "exist as installed: to plant psxss.exe needs no change here."
    ),
    false_positives=(
        "Subsystem for UNIX-based Applications, Interix: Posix with psxss.exe on servers from 2003 R2 to 2012.",
    ),
    remedy=_REPAIR,
    sources=("detections.md 1.4", "smss.md B15.1 to B15.10"),
    needs="Whether the file exists, and who signed it.",
    check=_check_lists,
)


def _check_kmode(case: Case) -> Iterator[Hit]:
    setting = case.settings[KMODE]
    if not setting.is_written:
        return
    path = case.path(setting.value)
    if path.text == f"{case.path(case.system_root).text}\\system32\\win32k.sys":
        return
    yield Hit(
        f"Kmode is {setting.value or 'empty'} in place of win32k.sys: a driver with the rights of the kernel, if smss follows the "
        "value. The one rebuilt from Windows 2003 loads win32k.sys in any case.",
        setting.origins,
        "Kmode",
        events=case.events.citing(*setting.origins),
        story=(case.thread_of(path),),
    )


SUBSYSTEM_KMODE = Rule(
    id="subsystem-kmode",
    family="subsystems",
    title="Another driver stands in the place of win32k.sys",
    severity=Severity.CRITICAL,
    confidence=Confidence.MEDIUM,
    techniques=("T1014", "T1547.006"),
    why="Kmode names the part of the graphics system that runs in the kernel. Every Windows since NT 4 names win32k.sys.",
    false_positives=("None known.",),
    remedy=_REPAIR,
    sources=("detections.md 1.4", "smss.md B15.5"),
    needs="Whether the file exists, and who signed it.",
    check=_check_kmode,
)


def _check_debug(case: Case) -> Iterator[Hit]:
    required = {fold_name(string.text) for string in case.settings[REQUIRED].value}
    for line in case.settings[SUBSYSTEMS].value:
        if fold_name(line.name) != "DEBUG" or not line.text.strip():
            continue
        listed = "DEBUG" in required
        when = "It is listed in Required" if listed else "It is not listed in Required, without which it is not started"
        yield Hit(
            f"Debug is {line.text} in place of an empty string. {when}; the smss rebuilt from Windows 2003 starts nothing for this "
            "name, others may start the command as SYSTEM.",
            (line.origin,),
            "Debug",
            severity=Severity.CRITICAL if listed else Severity.MEDIUM,
            story=_story(case, line),
        )


SUBSYSTEM_DEBUG = Rule(
    id="subsystem-debug",
    family="subsystems",
    title="The Debug subsystem has a command",
    severity=Severity.CRITICAL,
    confidence=Confidence.LOW,
    severities="medium where Debug is not listed in Required.",
    techniques=("T1547",),
    why="Every Windows lists Debug in Required and leaves its command empty. A command there has no benign reading.",
    false_positives=("None known.",),
    remedy="Set Debug to an empty string in every control set BEFORE removing the file.",
    sources=("detections.md 1.4", "smss.md B15.4"),
    needs="Whether the file exists, and who signed it.",
    check=_check_debug,
)


def _check_sessions(case: Case) -> Iterator[Hit]:
    setting = case.settings[NUMBER_OF_INITIAL_SESSIONS]
    if setting.value is None or setting.value == 2 or case.generation < VISTA:
        return
    yield Hit(
        f"NumberOfInitialSessions is {setting.value} where every Windows has 2: the boot would make another number of sessions.",
        setting.origins,
        "NumberOfInitialSessions",
        events=case.events.citing(*setting.origins),
    )


INITIAL_SESSIONS = Rule(
    id="initial-sessions",
    family="subsystems",
    title="The boot makes an unusual number of sessions",
    severity=Severity.LOW,
    confidence=Confidence.MEDIUM,
    techniques=("T1112",),
    why="Windows since Vista makes session 0 for services and session 1 for the first user. Another number breaks the boot.",
    false_positives=("Test machines of people who study smss.",),
    remedy="Set NumberOfInitialSessions to 2 in every control set.",
    sources=("detections.md 1.4", "smss.md B.16"),
    check=_check_sessions,
)

RULES: tuple[Rule, ...] = (*csrss.RULES, REQUIRED_EXTRA, SUBSYSTEM_KMODE, SUBSYSTEM_DEBUG, INITIAL_SESSIONS)
