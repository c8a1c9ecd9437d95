r"""Settings that are dual use alone and an attack together: KnownDLLs with a dropped DLL, safe mode with a program, and so on.

Source: detections.md 4.C, numbers 12, 14, 17 to 20 and 23.
"""

from collections.abc import Iterator

from hivecheck.boot.actions import SetVariable, StartService
from hivecheck.facts.certainty import Confidence
from hivecheck.facts.generation import VISTA, Family
from hivecheck.facts.origin import Origin
from hivecheck.registry.hive import fold_name
from hivecheck.rules.case import Case, OtherSet, ServiceProgram
from hivecheck.rules.paths import Comparable
from hivecheck.rules.rename_alarms import worst
from hivecheck.rules.rename_switches import LIST_THREAD
from hivecheck.rules.rename_telling import (
    REMEDY,
    cite,
    events_of,
    spelled_source,
    spelled_target,
    starts_by_itself,
    threads_of,
)
from hivecheck.rules.rule import Example, Hit, Rule, Severity
from hivecheck.rules.safe_boot_names import SHIPPED, protector
from hivecheck.rules.security_products import vendor_of_service
from hivecheck.rules.setup_mode import SETUP_CMDLINE
from hivecheck.settings.catalog import (
    ALTERNATE_SHELL,
    ENVIRONMENT,
    EXCLUDE_FROM_KNOWN_DLLS,
    EXECUTE,
    KNOWN_DLLS,
    MINI_NT,
    PENDING_RENAMES,
    S0_INITIAL_COMMAND,
    SETUP_CMD_LINE,
    SETUP_TYPE,
)
from hivecheck.settings.row import SM
from hivecheck.settings.services import AUTO_START, DISABLED, Service

_SOURCES = ("detections.md 4.C",)
_SAFE_BOOT = "Control\\SafeBoot"
_ROWS_CITED = 20
_SERVICES_TOLD = 10


def _check_exclude_plus_drop(case: Case) -> Iterator[Hit]:
    excluded = _excluded(case)
    if not excluded:
        return
    path_folder = _writable_path_element(case)
    unsafe = case.value(SM, "SafeDllSearchMode") if case.number(SM, "SafeDllSearchMode") == 0 else None
    dropped = {row.destination.name: row for row in case.moved_files.rows if row.destination is not None}
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
    fires_on=(
        Example(
            "excluded and dropped beside a program",
            r"""
            [ControlSet001\Control\Session Manager]
            ExcludeFromKnownDlls = multi "msctf.dll"
            PendingFileRenameOperations = multi "\??\C:\Users\Public\m.dat" "\??\C:\Program Files\Agent\msctf.dll"
            """,
            cites=("msctf.dll", r"\??\C:\Users\Public\m.dat"),
            severity=Severity.CRITICAL,
        ),
        Example(
            "excluded, with the current folder searched first",
            r"""
            [ControlSet001\Control\Session Manager]
            ExcludeFromKnownDlls = multi "msctf"
            SafeDllSearchMode = dword 0
            """,
            cites=("msctf", "SafeDllSearchMode"),
            severity=Severity.CRITICAL,
        ),
    ),
    silent_on=(
        Example(
            "an exclusion alone is told by exclude-knowndll",
            r"""
            [ControlSet001\Control\Session Manager]
            ExcludeFromKnownDlls = multi "msctf.dll"
            """,
        ),
    ),
)


def _check_starves(case: Case) -> Iterator[Hit]:
    rows = case.moved_files.rows
    if not case.is_starved or not rows:
        return
    bad = [
        (row, alarm) for row, alarms in zip(rows, case.rename_alarms, strict=True) if (alarm := worst(alarms)) is not None
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
    fires_on=(
        Example(
            "a row against a security product waits",
            r"""
            [ControlSet001\Control\MiniNT]
            [ControlSet001\Control\Session Manager]
            PendingFileRenameOperations = multi "\??\C:\Windows\System32\drivers\WdFilter.sys" ""
            """,
            cites=(r"\??\C:\Windows\System32\drivers\WdFilter.sys",),
            severity=Severity.MEDIUM,
        ),
        Example(
            "an installer's rows wait",
            r"""
            [ControlSet001\Control\MiniNT]
            [ControlSet001\Control\Session Manager]
            PendingFileRenameOperations = multi "\??\C:\Windows\Temp\nsa1.tmp" ""
            """,
            cites=("PendingFileRenameOperations",),
            severity=Severity.INFO,
        ),
    ),
    silent_on=(
        Example(
            "no list",
            r"""
            [ControlSet001\Control\MiniNT]
            """,
        ),
    ),
)


def _check_safe_boot_trap(case: Case) -> Iterator[Hit]:
    reasons: list[str] = []
    because: list[Origin] = []
    added = _added_to_safe_mode(case)
    if added is not None:
        program, ref = added
        reasons.append(f"{program.service.name} was added to safe mode")
        because.append(ref)
        path = program.dll if program.dll.text else program.image
        if starts_by_itself(program.service.start) and path.is_user_writable:
            reasons.append(f"it starts by itself, from {path.text}, which users can write to")
            because += program.service.cite("ImagePath", "ServiceDll")
    shell = case.settings[ALTERNATE_SHELL]
    option = case.key(f"{_SAFE_BOOT}\\Option")
    if shell.value and case.path(shell.value).name not in ("cmd.exe", "cmd"):
        reasons.append(f"its command shell is {shell.value}")
        because += shell.origins
    elif option is not None:
        reasons.append("the key Option of a safe boot is stored")
        because.append(option.ref)
    gone = _missing_defender(case)
    if gone is not None:
        reasons.append("Defender is not among what it starts")
        because.append(gone)
    if len(reasons) < 2:
        return
    subject = added[0].service.name if added is not None else "SafeBoot"
    text = f"Safe mode is prepared: {'; '.join(reasons)}. The next safe boot would run without protection."
    story = ("safe mode", *((f"service {subject}",) if added is not None else ()))
    strong = len(reasons) > 2 or not (added is not None and gone is not None)
    yield Hit(text, tuple(because), subject, Severity.CRITICAL if strong else Severity.HIGH, story=story)


def _added_to_safe_mode(case: Case) -> tuple[ServiceProgram, Origin] | None:
    """A program of no Windows and no security product that a safe mode starts; one in a writable folder before others."""
    foreign: dict[str, ServiceProgram] = {}
    for program in case.programs:
        if not _is_windows_program(program.dll if program.dll.text else program.image):
            foreign.setdefault(fold_name(program.service.name), program)
    found: tuple[ServiceProgram, Origin] | None = None
    for mode in ("Minimal", "Network") if foreign else ():
        for key in case.subkeys(f"{_SAFE_BOOT}\\{mode}"):
            listed = foreign.get(fold_name(key.name))
            if listed is None or key.name.casefold() in SHIPPED or protector(key.name):
                continue
            if (listed.dll if listed.dll.text else listed.image).is_user_writable:
                return listed, key.ref
            found = found or (listed, key.ref)
    return found


def _is_windows_program(path: Comparable) -> bool:
    return path.in_system_folder or not path.text


def _missing_defender(case: Case) -> Origin | None:
    """The list of safe mode from which Defender's service is gone, though Windows ships it there and the service is set up."""
    key = case.key(f"{_SAFE_BOOT}\\Minimal")
    shipped = "WINDEFEND" in {fold_name(name) for name in case.baseline.keys(f"{_SAFE_BOOT}\\Minimal")}
    if key is None or not shipped or case.lists.services.named("WinDefend") is None:
        return None
    return key.ref if key.subkey("WinDefend") is None else None


SAFE_BOOT_TRAP = Rule(
    id="seq-safeboot-trap",
    family="sequences",
    title="Safe mode is prepared to run a program without protection",
    severity=Severity.CRITICAL,
    confidence=Confidence.MEDIUM,
    techniques=("T1562.009", "T1112"),
    why=(
        "Ransomware adds its service to safe mode, takes security products out and restarts the machine there, where hardly "
        "anything else runs. Each step alone is rare but benign at times."
    ),
    false_positives=("Remote support tools that add themselves, on a machine whose Defender was taken out (high).",),
    severities="critical; high where a program from a protected folder was added and only Defender is missing besides.",
    remedy=(
        "Restore the lists of SafeBoot\\Minimal and Network and the AlternateShell cmd.exe, and look for safeboot in the BCD "
        "store before the machine restarts. Then quarantine the program."
    ),
    sources=(*_SOURCES, "smss.md E.3"),
    needs="The BCD store says whether the next boot is a safe one.",
    check=_check_safe_boot_trap,
    fires_on=(
        Example(
            "a service in a folder of all users",
            r"""
            [ControlSet001\Services\BackupMan]
            Type = dword 16
            Start = dword 2
            ImagePath = sz "C:\Users\Public\b.exe"
            [ControlSet001\Control\SafeBoot\Minimal\BackupMan]
            @ = sz "Service"
            """,
            cites=("ImagePath", r"ControlSet001\Control\SafeBoot\Minimal\BackupMan"),
        ),
    ),
    silent_on=(
        Example(
            "a program that was added, and nothing else",
            r"""
            [ControlSet001\Control\SafeBoot\Minimal\WinDefend]
            @ = sz "Service"
            [ControlSet001\Services\Agent]
            Type = dword 16
            Start = dword 2
            ImagePath = sz "C:\Program Files\Agent\a.exe"
            [ControlSet001\Control\SafeBoot\Minimal\Agent]
            @ = sz "Service"
            """,
        ),
    ),
)


def _armed_setup(case: Case) -> Hit | None:
    """What setup-cmdline says of a program that SetupType would run, where it is not setup's own."""
    if not case.settings[SETUP_TYPE].value:
        return None
    hits = [hit for hit in SETUP_CMDLINE.check(case) if (hit.severity or SETUP_CMDLINE.severity) >= Severity.HIGH]
    return hits[0] if hits else None


def _check_displaces(case: Case) -> Iterator[Hit]:
    initial = case.settings[S0_INITIAL_COMMAND]
    told: list[tuple[str, tuple[Origin, ...], str]] = []
    if (
        initial.value.strip()
        and case.generation >= VISTA
        and case.path(initial.value.split()[0]).name
        not in (
            "wininit.exe",
            "wininit",
        )
    ):
        told.append((f"S0InitialCommand has smss start {initial.value} in place of wininit", initial.origins, initial.value))
    if case.family in (Family.G1, Family.G2):
        commands = [command for command in case.settings[EXECUTE].value if command.line.image]
        if commands and case.path(commands[-1].line.image).name not in ("winlogon.exe", "winlogon"):
            last = commands[-1]
            told.append((f"Execute has smss start {last.text} in place of winlogon", (last.origin,), last.text))
    setup = _armed_setup(case)
    if setup is not None:
        line = case.settings[SETUP_CMD_LINE]
        because = (*case.settings[SETUP_TYPE].origins, *line.origins)
        told.append((f"SetupType has {line.value} run before everything else of the logon", because, line.value))
    for what, origins, subject in told:
        text = (
            f"{what}. Services, lsass and the logon come late, or only if that program starts them: whatever the replay shows "
            "after it, it decides."
        )
        image = subject.split()[0].strip('"') if subject.split() else subject
        threads = (case.thread_of_image(image),)
        yield Hit(text, tuple(origins), subject, None, None, case.events_citing(*origins), threads)


DISPLACES = Rule(
    id="seq-initial-command-displaces-scm",
    family="sequences",
    title="A program takes the place of what starts services and logon",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1547.001", "T1574"),
    why=(
        "wininit (winlogon up to 2003) starts the services, lsass and the logon. A program in its place runs as SYSTEM before "
        "any security service, and decides whether there will be any."
    ),
    false_positives=("Windows Setup in progress (silent).",),
    remedy="Delete the value first, then quarantine the program: the other way round the machine stops with 0xC000021A.",
    sources=(*_SOURCES, "smss.md B.7, B.16"),
    check=_check_displaces,
    fires_on=(
        Example(
            "in place of wininit",
            r"""
            [ControlSet001\Control\Session Manager]
            S0InitialCommand = sz "%SystemRoot%\System32\agent.exe"
            """,
            cites=(r"%SystemRoot%\System32\agent.exe",),
        ),
        Example(
            "in place of winlogon",
            r"""
            [ControlSet001\Control\Session Manager]
            Execute = multi "agent"
            """,
            cites=("agent",),
            generation="xp-x86",
        ),
        Example(
            "by setup",
            r"""
            [Setup]
            SetupType = dword 2
            CmdLine = sz "cmd.exe /c C:\Users\Public\a.cmd"
            """,
            cites=(r"cmd.exe /c C:\Users\Public\a.cmd",),
        ),
    ),
    silent_on=(
        Example(
            "wininit itself",
            r"""
            [ControlSet001\Control\Session Manager]
            S0InitialCommand = sz "wininit.exe"
            """,
        ),
    ),
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
    for setter in case.events_of(SetVariable):
        felt = case.effects_by_cause.get(setter.number)
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
    fires_on=(
        Example(
            "ComSpec",
            r"""
            [ControlSet001\Control\Session Manager\Environment]
            ComSpec = expand "C:\Users\Public\cmd.exe"
            [ControlSet001\Services\Job]
            Type = dword 16
            Start = dword 2
            ImagePath = expand "%ComSpec% /c C:\Jobs\start.cmd"
            """,
            cites=(r"C:\Users\Public\cmd.exe", "ImagePath"),
            severity=Severity.CRITICAL,
        ),
    ),
    silent_on=(
        Example(
            "the ComSpec that Windows ships",
            r"""
            [ControlSet001\Services\Job]
            Type = dword 16
            Start = dword 2
            ImagePath = expand "%ComSpec% /c C:\Jobs\start.cmd"
            """,
        ),
        Example(
            "a changed ComSpec that no service uses",
            r"""
            [ControlSet001\Control\Session Manager\Environment]
            ComSpec = expand "C:\Tools\shell.exe"
            """,
        ),
    ),
)


def _check_setup_command(case: Case) -> Iterator[Hit]:
    if not case.moved_files.rows or _armed_setup(case) is None:
        return
    line, type_ = case.settings[SETUP_CMD_LINE], case.settings[SETUP_TYPE]
    named = {part.strip('"').casefold() for part in line.value.split()}
    paths = {case.path(part if "\\" in part else f"%SystemRoot%\\System32\\{part}").text for part in named if part}
    for row in case.moved_files.rows:
        target = row.destination
        if target is None or not ({target.text, target.text.removesuffix(".exe")} & paths):
            continue
        text = (
            f"SetupType {type_.value} has {line.value} run as SYSTEM before anybody logs on, and {row.operation.list} would put "
            f"{spelled_source(row)} at {spelled_target(row)} just before: the program gets its name when nothing watches, and runs at once."
        )
        because = (*line.origins, *type_.origins, *cite(row))
        yield Hit(text, because, target.text, None, None, events_of(row), threads_of(case, target, row.source))


SETUP_COMMAND = Rule(
    id="seq-setup-cmd-before-logon",
    family="sequences",
    title="A pending rename puts the program in place that setup runs before logon",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1547", "T1112"),
    why="SetupType other than 0 runs Setup\\CmdLine as SYSTEM before logon; the rename gives the program its name in time.",
    false_positives=("None known: setup's own programs are in place.",),
    remedy="Set SetupType to 0 and empty CmdLine first. " + REMEDY,
    sources=(*_SOURCES, "detections.md 1.7"),
    check=_check_setup_command,
    fires_on=(
        Example(
            "a program that is put in place in the same boot",
            r"""
            [Setup]
            SetupType = dword 2
            CmdLine = sz "C:\Windows\System32\agent.exe -s"
            [ControlSet001\Control\Session Manager]
            PendingFileRenameOperations = multi "\??\C:\Users\Public\a.dat" "\??\C:\Windows\System32\agent.exe"
            """,
            cites=(r"C:\Windows\System32\agent.exe -s", r"\??\C:\Users\Public\a.dat"),
        ),
    ),
    silent_on=(
        Example(
            "without a rename it is told by setup-cmdline",
            r"""
            [Setup]
            SetupType = dword 2
            CmdLine = sz "C:\Tools\agent.exe"
            """,
        ),
    ),
)


def _check_window(case: Case) -> Iterator[Hit]:
    sensors = [
        program
        for program in case.programs
        if program.service.start == DISABLED
        and (
            vendor_of_service(program.service.name)
            or case.security_vendor(program.image)
            or case.security_vendor(program.dll)
        )
    ]
    if not sensors:
        return
    others = _kept_sets(case)
    for program in sensors:
        service = program.service
        for label, other in others:
            before = other.services.named(service.name)
            if before is None or before.start is None or before.start > AUTO_START:
                continue
            vendor = (
                vendor_of_service(service.name) or case.security_vendor(program.image) or case.security_vendor(program.dll)
            )
            text = (
                f"The control set that boots next disables {service.name} ({vendor}), which {label} (ControlSet{other.number:03d}) "
                "still starts: the protection ends exactly at the next restart."
            )
            because = (*service.cite("Start"), *before.cite("Start"))
            yield Hit(text, because, service.name, story=(f"service {service.name}",))
            break


def _kept_sets(case: Case) -> list[tuple[str, OtherSet]]:
    by_number = {other.number: other for other in case.other_sets}
    names = (("Current", "the current control set"), ("LastKnownGood", "the last known good one"))
    return [(label, by_number[number]) for name, label in names if (number := case.sets.select_number(name)) in by_number]


WINDOW = Rule(
    id="seq-minifilter-window",
    family="sequences",
    title="A sensor is disabled in the control set that boots next, and only there",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    techniques=("T1562.001",),
    why=(
        "The running machine still has its sensor, and tools that look at the current control set see it enabled. The change "
        "takes effect with the restart."
    ),
    false_positives=("A product that was disabled on purpose since the last good boot, or replaced by another.",),
    remedy="Restore Start in the set that boots next, and compare both sets for what else differs.",
    sources=_SOURCES,
    check=_check_window,
    fires_on=(
        Example(
            "disabled since the last good boot",
            r"""
            [ControlSet001\Services\WinDefend]
            Type = dword 32
            Start = dword 4
            [ControlSet002\Services\WinDefend]
            Type = dword 32
            Start = dword 2
            """,
            cites=("Start",),
            generation="win7-x86",
        ),
    ),
    silent_on=(
        Example(
            "disabled in both",
            r"""
            [ControlSet001\Services\WinDefend]
            Type = dword 32
            Start = dword 4
            [ControlSet002\Services\WinDefend]
            Type = dword 32
            Start = dword 4
            """,
            generation="win7-x86",
        ),
    ),
)

RULES: tuple[Rule, ...] = (EXCLUDE_PLUS_DROP, STARVES, SAFE_BOOT_TRAP, DISPLACES, ENV_REDIRECTS, SETUP_COMMAND, WINDOW)
