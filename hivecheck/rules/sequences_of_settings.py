r"""Settings that are dual use alone and an attack together: KnownDLLs with a planted DLL, variables that services follow.

Source: detections.md 4.C, numbers 12, 14 and 19.
"""

from collections.abc import Iterator

from hivecheck.boot.actions import SetVariable, StartService
from hivecheck.facts.certainty import Confidence
from hivecheck.facts.origin import Origin
from hivecheck.registry.hive import fold_name
from hivecheck.rules.case import Case
from hivecheck.rules.rename_alarms import worst
from hivecheck.rules.rename_syntax import LIST_THREAD
from hivecheck.rules.rename_telling import (
    REMEDY,
    cite,
    events_of,
    spelled_source,
    spelled_target,
    starts_by_itself,
    threads_of,
)
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.settings.catalog import (
    ENVIRONMENT,
    EXCLUDE_FROM_KNOWN_DLLS,
    KNOWN_DLLS,
    MINI_NT,
    PENDING_RENAMES,
)
from hivecheck.settings.row import SM
from hivecheck.settings.services import DISABLED, Service

_SOURCES = ("detections.md 4.C",)
_ROWS_CITED = 20
_SERVICES_TOLD = 10


def _check_exclude_plus_drop(case: Case) -> Iterator[Hit]:
    excluded = _excluded(case)
    if not excluded:
        return
    path_folder = _writable_path_element(case)
    unsafe = case.value(SM, "SafeDllSearchMode") if case.number(SM, "SafeDllSearchMode") == 0 else None
    dropped = {row.destination.name: row for row in case.renames.moved.rows if row.destination is not None}
    for name, (origin, why) in excluded.items():
        row = dropped.get(name)
        reasons: list[str] = []
        because: list[Origin] = [origin]
        if row is not None and row.destination is not None and not row.destination.in_system_folder:
            reasons.append(f"{row.operation.list} would put {spelled_source(row)} at {spelled_target(row)}")
            because += cite(row)
        else:
            row = None
        if path_folder is not None:
            reasons.append(f"Path holds {path_folder[0]}, which users can write to")
            because.append(path_folder[1])
        if unsafe is not None:
            reasons.append("SafeDllSearchMode 0 has the current folder searched before System32")
            because.append(unsafe.ref)
        if not reasons:
            continue
        severe = row is not None or why == "excluded"
        text = (
            f"{name} is {why} from the KnownDLLs, so that programs look for it along their search path, and "
            f"{' and '.join(reasons)}: the copy found there would be loaded in place of that of Windows."
        )
        events = events_of(row) if row is not None else ()
        threads = (f"dll {name}", *threads_of(case, row.destination if row is not None else None))
        severity = Severity.CRITICAL if severe else Severity.HIGH
        yield Hit(text, tuple(because), name, severity, None, events, threads)


def _excluded(case: Case) -> dict[str, tuple[Origin, str]]:
    """The folded names of DLLs that are no KnownDLLs any more, with the value that says so."""
    found: dict[str, tuple[Origin, str]] = {}
    for string in case.settings[EXCLUDE_FROM_KNOWN_DLLS].value:
        name = string.text.strip().casefold()
        if name:
            found.setdefault(name if name.endswith(".dll") else name + ".dll", (string.origin, "excluded"))
    known = case.settings[KNOWN_DLLS]
    if known.is_written and known.origins and not case.baseline.nearest:
        listed = {text.text.casefold() for text in known.value}
        for name in sorted(set(case.baseline.known_dlls.values()) - listed):
            found.setdefault(name, (known.origins[0], "missing"))
    return found


def _writable_path_element(case: Case) -> tuple[str, Origin] | None:
    for variable in case.settings[ENVIRONMENT].value:
        if fold_name(variable.name) == "PATH":
            for folder in variable.text.split(";", 1_000):
                if folder.strip() and case.path(folder.strip().strip('"').rstrip("\\") + "\\x.dll").is_user_writable:
                    return folder.strip(), variable.origin
    return None


EXCLUDE_PLUS_DROP = Rule(
    id="seq-knowndll-exclude-plus-drop",
    family="sequences",
    title="A DLL is taken from the KnownDLLs and a place to plant another is ready",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1574.001",),
    why=(
        "A KnownDLL is never searched for. Once it is none, the folder of the program, and with some settings that of Path or "
        "the current one, decide which file is loaded. Exclusion and planted file are a whole hijack."
    ),
    false_positives=("None known for an exclusion; a list of another build may lack a name (high).",),
    remedy="Empty ExcludeFromKnownDlls and restore the list of KnownDLLs. Collect the planted file. " + REMEDY,
    sources=(*_SOURCES, "smss.md B.9"),
    severities="critical; high for a name that is missing from the list and a folder that could be used.",
    check=_check_exclude_plus_drop,
)


def _check_starves(case: Case) -> Iterator[Hit]:
    rows = case.renames.moved.rows
    if not case.renames.are_starved or not rows:
        return
    bad = [
        (row, alarm) for row, alarms in zip(rows, case.renames.alarms, strict=True) if (alarm := worst(alarms)) is not None
    ]
    bad = [(row, alarm) for row, alarm in bad if alarm.severity >= Severity.MEDIUM]
    since = [other.number for other in case.other_sets if other.key.subkey("Control\\MiniNT") is None]
    dated = f" Control set {since[0]} has no such key: it was made after that set was kept." if since else ""
    concern = (
        f" {len(bad)} of them are of concern: they have not happened, but run at the first boot without the key."
        if bad
        else " None of them is of concern."
    )
    text = f"The key MiniNT keeps all {len(rows)} pending renames and deletes from running.{concern}{dated}"
    few = [row for row, _ in bad[:_ROWS_CITED]]
    raw = case.settings[PENDING_RENAMES].raw
    because = (*case.settings[MINI_NT].origins, *((raw.ref,) if raw is not None else ()), *cite(*few))
    severity = Severity.MEDIUM if bad else Severity.INFO
    yield Hit(text, because, "MiniNT", severity, None, events_of(*few), ("key MiniNT", LIST_THREAD))


STARVES = Rule(
    id="seq-minint-starves",
    family="sequences",
    title="MiniNT holds back the pending renames",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    techniques=("T1112",),
    why=(
        "What looks like the next boot's work will not be done. Deleting MiniNT first, as a repair would, sets the list off, "
        "an attacker's rows among them."
    ),
    false_positives=("A machine with the ReFS setting that makes the key (info where no row is of concern).",),
    remedy="Delete the bad rows before the key MiniNT. " + REMEDY,
    sources=(*_SOURCES, "smss.md E.4"),
    severities="info; medium where a row is of concern.",
    check=_check_starves,
)


def _check_redirects_service(case: Case) -> Iterator[Hit]:
    yield from _by_path(case)
    variables = {fold_name(variable.name): variable for variable in case.settings[ENVIRONMENT].value}
    expected = {"COMSPEC": f"{case.system_root}\\System32\\cmd.exe", "WINDIR": case.system_root}
    changed_ones = {
        name: variables[name]
        for name, path in expected.items()
        if name in variables and case.path(variables[name].text.rstrip("\\")).text != case.path(path).text
    }
    if not changed_ones:
        return
    for name, variable in changed_ones.items():
        used: list[tuple[Service, str]] = []
        for program in case.programs:
            service = program.service
            for value, command in (("ImagePath", program.command), ("FailureCommand", service.failure_command)):
                if f"%{name}%" in command.upper() and service.start != DISABLED:
                    used.append((service, value))
        if not used:
            continue
        service, value = used[0]
        names = ", ".join(dict.fromkeys(one.name for one, _ in used[:_SERVICES_TOLD]))
        text = (
            f"{variable.name} is {variable.text}, not what Windows ships, and {len(used)} service commands name %{variable.name}% "
            f"({names}): they would start what the variable says."
        )
        because = (variable.origin, *service.cite(value))
        severe = any(starts_by_itself(one.start) for one, _ in used)
        threads = (f"variable {name.casefold()}", *(f"service {one.name}" for one, _ in used[:_SERVICES_TOLD]))
        severity = Severity.CRITICAL if severe else Severity.HIGH
        yield Hit(text, because, variable.name, severity, story=threads)


def _by_path(case: Case) -> Iterator[Hit]:
    """Services whose bare image is found in a folder of Path that is not Windows's own."""
    for setter in case.events.of(SetVariable):
        felt = case.events.effects_by_cause.get(setter.number)
        if not felt or not isinstance(setter.action, SetVariable) or fold_name(setter.action.name) != "PATH":
            continue
        for event, effect in felt:
            action = event.action
            if not isinstance(action, StartService) or not action.candidates:
                continue  # wininit and winlogon: env-path-hijack
            writable = case.path(action.candidates[0].text).is_user_writable
            text = f"The service {action.name} names its program {action.image} without a folder. {effect.text}"
            because = (*setter.because[:1], *event.because[:1])
            numbers = (setter.number, event.number)
            severity = Severity.CRITICAL if writable else Severity.HIGH
            threads = ("variable path", f"service {action.name}")
            yield Hit(text, because, action.name, severity, Confidence.MEDIUM, numbers, threads)


ENV_REDIRECTS = Rule(
    id="seq-env-redirects-service",
    family="sequences",
    title="A variable of the machine decides which program a service runs",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1574.007", "T1543.003"),
    why=(
        "A service that names its program by %ComSpec%, %windir% or without a folder runs whatever the machine's environment "
        "says. The service itself is unchanged, so that nothing of it looks wrong."
    ),
    false_positives=("A ComSpec of another shell that the administrator wanted.",),
    remedy="Restore the variable first, then look at the program that ran in its place.",
    sources=(*_SOURCES, "smss.md B.13"),
    severities=(
        "critical; high where only services on demand are concerned, or where Path names a folder that users can't write to."
    ),
    check=_check_redirects_service,
)


RULES: tuple[Rule, ...] = (
    EXCLUDE_PLUS_DROP,
    STARVES,
    ENV_REDIRECTS,
)
