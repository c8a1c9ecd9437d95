r"""Files that the rename lists replace or take away, and what runs them: in this boot, in the next, or before they were gone.

The replay says which event uses which file, and in which boot a change of it is felt (`boot/effects.py`).
Source: detections.md 4.A; 4.C, numbers 6 to 9, 13, 15 and 22.
"""

from collections.abc import Iterator

from hivecheck.boot.actions import LoadDriver, LoadHives, LoadLibrary, MapSection, RunProgram
from hivecheck.boot.replay import Event
from hivecheck.facts.certainty import Confidence
from hivecheck.facts.generation import WIN10_1803, Family
from hivecheck.rules.case import Case
from hivecheck.rules.known_boot_programs import MICROSOFT, boot_program
from hivecheck.rules.moved_files import MovedFile
from hivecheck.rules.paths import Comparable
from hivecheck.rules.rename_alarms import SECURITY, TRUSTED, is_servicing, is_windows_file, same_product
from hivecheck.rules.rename_telling import (
    REMEDY,
    cite,
    confidence_of,
    events_of,
    idle,
    spelled_source,
    spelled_target,
    starts_by_itself,
    threads_of,
    weigh,
)
from hivecheck.rules.rule import Example, Hit, Rule, Severity
from hivecheck.settings.services import CRITICAL, DISABLED, SEVERE, START_NAMES

_SOURCES = ("detections.md 4.A", "detections.md 4.C", "smss.md A.1 to A.4")


def _used_paths(case: Case, event: Event) -> tuple[Comparable, ...]:
    """The files an event loads or starts, or tries to."""
    action = event.action
    texts: list[str] = []
    for name in ("image", "file", "dll"):
        path = getattr(action, name, None)
        if path is not None and "\\" in str(path):
            texts.append(str(path))
    texts += [path.text for path in getattr(action, "candidates", ())[:8]]
    return tuple(dict.fromkeys(case.path(text) for text in texts))


def _uses(case: Case, row: MovedFile, boot: str) -> Iterator[tuple[Event, Comparable]]:
    """The events that get the file this row puts in place, in `boot` (this, next): each with the path it uses."""
    target = row.operation.destination
    if target is None:
        return
    for event, effect in case.effects_by_cause.get(row.operation.event.number, ()):
        if effect.boot != boot:
            continue
        for path in _used_paths(case, event):
            if path.text == target.text or path.text.startswith(target.text + "\\"):
                yield event, path
                break


def _target(row: MovedFile, path: Comparable) -> str:
    """The file that is used, as the list spells it where it names that file."""
    told = row.operation.destination
    return spelled_target(row) if told is not None and told.text == path.text else path.text


def _what_runs(event: Event) -> str:
    action = event.action
    if isinstance(action, RunProgram):
        return f"smss runs it from {action.list} (event {event.number})"
    if isinstance(action, LoadDriver):
        return f"the kernel loads it{f' as the driver {action.service}' if action.service else ''} (event {event.number})"
    if isinstance(action, LoadLibrary):
        return f"{action.process} loads it, named in {action.list} (event {event.number})"
    if isinstance(action, MapSection):
        return f"it is mapped into every program (event {event.number})"
    name = getattr(action, "name", "") or getattr(action, "image", "")
    kind = {"start-service": "the service", "start-subsystem": "the subsystem"}.get(action.kind, "the program")
    return f"{kind} {str(name).rsplit(chr(92), 1)[-1]} starts from it (event {event.number})"


def _check_same_boot(case: Case) -> Iterator[Hit]:
    for number, row in enumerate(case.moved_files.rows):
        if row.destination is None or idle(case, row):
            continue
        for event, path in _uses(case, row, "this"):
            if isinstance(event.action, MapSection):
                continue  # seq-knowndll-replaced-file
            if _updates(case, number):
                break
            text = (
                f"{row.operation.list} would put {spelled_source(row)} in the place of {_target(row, path)}, and later in the same boot "
                f"{_what_runs(event)}: what was put there runs at once."
            )
            threads = threads_of(case, path, row.source)
            program = case.programs_by_path.get(path.text)
            named = program.service.cite("ImagePath", "ServiceDll") if program is not None else event.because[:1]
            because = (*cite(row), *named)
            events = (*events_of(row), event.number)
            yield Hit(
                text, because, path.text, weigh(case, row, Severity.CRITICAL), confidence_of(case, row), events, threads
            )
            break


def _updates(case: Case, number: int) -> bool:
    row = case.moved_files.rows[number]
    if row.destination is None or any(alarm.rule in (TRUSTED, SECURITY) for alarm in case.rename_alarms[number]):
        return False
    return is_servicing(row.source, row.destination) or same_product(row.source, row.destination)


SAME_BOOT = Rule(
    id="seq-replace-then-run-same-boot",
    family="sequences",
    title="A pending rename puts a file in place that runs later in the same boot",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1574", "T1543.003"),
    why=(
        "Renames come before csrss, LSA and every service. What they put at the path of a program is run minutes later, "
        "without any change to the service or value that names it."
    ),
    false_positives=("Installers and updaters that replace files of their own product (silent).",),
    remedy=REMEDY,
    sources=_SOURCES,
    check=_check_same_boot,
    fires_on=(
        Example(
            "the program of a service",
            r"""
            [ControlSet001\Control\Session Manager]
            PendingFileRenameOperations = multi "\??\C:\Users\Public\s.dat" "!\??\C:\Windows\System32\spoolsv.exe"
            """,
            cites=(r"\??\C:\Users\Public\s.dat", "ImagePath"),
        ),
        Example(
            "the DLL of a service",
            r"""
            [ControlSet001\Services\Agent]
            Type = dword 32
            Start = dword 2
            ImagePath = expand "%SystemRoot%\System32\svchost.exe -k netsvcs"
            [ControlSet001\Services\Agent\Parameters]
            ServiceDll = expand "C:\Program Files\Agent\a.dll"
            [ControlSet001\Control\Session Manager]
            PendingFileRenameOperations = multi "\??\C:\Users\Public\s.dat" "!\??\C:\Program Files\Agent\a.dll"
            """,
            cites=(r"\??\C:\Users\Public\s.dat",),
        ),
    ),
    silent_on=(
        Example(
            "an updater",
            r"""
            [ControlSet001\Services\Agent]
            Type = dword 16
            Start = dword 2
            ImagePath = sz "C:\Program Files\Agent\a.exe"
            [ControlSet001\Control\Session Manager]
            PendingFileRenameOperations = multi "\??\C:\Program Files\Agent\new\a.exe" "!\??\C:\Program Files\Agent\a.exe"
            """,
        ),
    ),
)


def _check_next_boot(case: Case) -> Iterator[Hit]:
    for number, row in enumerate(case.moved_files.rows):
        if row.destination is None or idle(case, row) or _updates(case, number):
            continue
        for event, path in _uses(case, row, "next"):
            if isinstance(event.action, LoadHives):
                continue  # seq-hive-swap
            if isinstance(event.action, RunProgram) and event.action.list.startswith("BootExecute"):
                name = path.name.removesuffix(".exe")
                if name not in MICROSOFT:
                    continue  # seq-bootexec-staged-by-pfro
            text = (
                f"{row.operation.list} would put {spelled_source(row)} in the place of {_target(row, path)} after it was used in this boot: "
                f"{_what_runs(event)} before the renames. The new file does nothing until the boot after the next restart."
            )
            threads = threads_of(case, path, row.source)
            events = (*events_of(row), event.number)
            because = (*cite(row), *event.because[:1])
            yield Hit(
                text, because, path.text, weigh(case, row, Severity.CRITICAL), confidence_of(case, row), events, threads
            )
            break


NEXT_BOOT = Rule(
    id="seq-replace-runs-next-boot",
    family="sequences",
    title="A pending rename replaces a file that this boot has used already: it runs in the next one",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1574", "T1542"),
    why=(
        "Boot drivers, smss, ntdll and everything of BootExecute are loaded before smss renames. A file put in their place "
        "sleeps through one boot, in which nothing odd is seen."
    ),
    false_positives=("Driver packages that swap SETxxxx.tmp and a driver of their own in one folder (silent).",),
    remedy=REMEDY,
    sources=_SOURCES,
    check=_check_next_boot,
    fires_on=(
        Example(
            "a boot driver",
            r"""
            [ControlSet001\Control\Session Manager]
            PendingFileRenameOperations = multi "\??\C:\Users\Public\d.dat" "!\??\C:\Windows\System32\drivers\disk.sys"
            """,
            cites=(r"\??\C:\Users\Public\d.dat",),
        ),
        Example(
            "autochk",
            r"""
            [ControlSet001\Control\Session Manager]
            PendingFileRenameOperations = multi "\??\C:\Users\Public\d.dat" "!\??\C:\Windows\System32\autochk.exe"
            """,
            cites=(r"\??\C:\Users\Public\d.dat", "autocheck autochk *"),
        ),
    ),
    silent_on=(
        Example(
            "a driver package",
            r"""
            [ControlSet001\Services\vendor]
            Type = dword 1
            Start = dword 0
            ImagePath = expand "System32\drivers\vendor.sys"
            [ControlSet001\Control\Session Manager]
            PendingFileRenameOperations = multi "\??\C:\Windows\System32\drivers\SET1A01.tmp" "!\??\C:\Windows\System32\drivers\vendor.sys"
            """,
        ),
    ),
)


def _boot_runs(case: Case) -> dict[str, Event]:
    """The programs of BootExecute and its kin that smss asks for, by their first candidate; Windows's own left out."""
    found: dict[str, Event] = {}
    for event in case.events_of(RunProgram):
        action = event.action
        if isinstance(action, RunProgram) and action.list.startswith(("BootExecute", "PlatformExecute")):
            for path in action.candidates[:1]:
                named = case.path(path.text)
                if named.name.removesuffix(".exe") not in MICROSOFT:
                    found.setdefault(named.text, event)
    return found


def _check_staged(case: Case) -> Iterator[Hit]:
    runs = _boot_runs(case) if case.moved_files.rows else {}
    if not runs:
        return
    for row in case.moved_files.rows:
        told = row.operation.destination
        event = runs.get(told.text) if told is not None else None
        if event is None or told is None or idle(case, row):
            continue
        known = boot_program(told.name)
        vendor = known is not None and any(case.has_service(name) for name in known.companions)
        who = f" It bears the name of a program of {known.vendor}." if known is not None else ""
        text = (
            f"smss is to run {told.name} before it renames files, and {row.operation.list} would only then put "
            f"{spelled_source(row)} there. The first boot says that the program was not found, or runs the old one; the second "
            f"runs the new one.{who}"
        )
        severity = weigh(case, row, Severity.MEDIUM if vendor else Severity.CRITICAL)
        events = (*events_of(row), event.number)
        because = (*cite(row), *event.because[:1])
        yield Hit(text, because, told.text, severity, confidence_of(case, row), events, threads_of(case, told, row.source))


STAGED = Rule(
    id="seq-bootexec-staged-by-pfro",
    family="sequences",
    title="A program of BootExecute is put in place by a pending rename",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1547.001", "T1036.005"),
    why=(
        "BootExecute comes before the renames. The entry looks dead, as its file is not there; the file comes by a row that "
        "looks like an installer's, and the boot after runs it with the rights of the system."
    ),
    false_positives=("An update of a defragmenter or the like that runs at boot (medium where its service is set up).",),
    remedy="First set BootExecute to 'autocheck autochk *', then: " + REMEDY,
    sources=_SOURCES,
    severities="critical; medium for a known program whose product's service is set up.",
    check=_check_staged,
    fires_on=(
        Example(
            "a program that is not there yet",
            r"""
            [ControlSet001\Control\Session Manager]
            BootExecute = multi "autocheck autochk *" "beb"
            PendingFileRenameOperations = multi "\??\C:\Users\Public\b.dat" "\??\C:\Windows\System32\beb.exe"
            """,
            cites=("beb", r"\??\C:\Users\Public\b.dat"),
            severity=Severity.CRITICAL,
        ),
    ),
    silent_on=(
        Example(
            "a program that no row touches",
            r"""
            [ControlSet001\Control\Session Manager]
            BootExecute = multi "autocheck autochk *" "beb"
            PendingFileRenameOperations = multi "\??\C:\Windows\Temp\a.tmp" ""
            """,
        ),
    ),
)


def _check_self_erasing(case: Case) -> Iterator[Hit]:
    runs = _boot_runs(case) if case.moved_files.rows else {}
    if not runs:
        return
    for row in case.moved_files.rows:
        event = runs.get(row.operation.source.text)
        if event is None or idle(case, row):
            continue
        does = "delete" if row.destination is None else f"rename to {spelled_target(row)}"
        text = (
            f"smss is to run {spelled_source(row)} from BootExecute, and moments later {row.operation.list} would {does} that "
            "very file: after the boot nothing shows what ran."
        )
        events = (*events_of(row), event.number)
        because = (*cite(row), *event.because[:1])
        severity = weigh(case, row, Severity.CRITICAL)
        yield Hit(text, because, row.source.text, severity, None, events, threads_of(case, row.source))


SELF_ERASING = Rule(
    id="seq-self-erasing-bootexec",
    family="sequences",
    title="A program of BootExecute is removed right after it ran",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1070.004", "T1547.001"),
    why="Renames follow BootExecute at once. A program that has itself deleted there cleans up after its work.",
    false_positives=("None known: uninstallers take the entry out of BootExecute as well.",),
    remedy="Collect the file first: it is still there. Then take the entry out of BootExecute. " + REMEDY,
    sources=_SOURCES,
    check=_check_self_erasing,
    fires_on=(
        Example(
            "deleted after the run",
            r"""
            [ControlSet001\Control\Session Manager]
            BootExecute = multi "autocheck autochk *" "wiper"
            PendingFileRenameOperations = multi "\??\C:\Windows\System32\wiper.exe" ""
            """,
            cites=("wiper", r"\??\C:\Windows\System32\wiper.exe"),
        ),
    ),
    silent_on=(
        Example(
            "another file",
            r"""
            [ControlSet001\Control\Session Manager]
            BootExecute = multi "autocheck autochk *" "wiper"
            PendingFileRenameOperations = multi "\??\C:\Windows\Temp\wiper.exe" ""
            """,
        ),
    ),
)


def _check_known_dll(case: Case) -> Iterator[Hit]:
    for row in case.moved_files.rows:
        target = row.destination
        if target is None or target.name not in case.known_dlls or not target.in_system_folder:
            continue
        parent = target.folder.rpartition("\\")[2]
        if parent not in ("system32", "syswow64") or target.text == row.source.text:
            continue
        if is_servicing(row.source, target) and case.family in (Family.G1, Family.G2):
            continue
        doubt = (
            " On 10 1803 and later this is unproven: some descriptions have smss map the KnownDLLs before."
            if case.generation >= WIN10_1803
            else ""
        )
        nothing = " By the replay the row would have no effect." if idle(case, row) else ""
        text = (
            f"{row.operation.list} would put {spelled_source(row)} in the place of the KnownDLL {spelled_target(row)}. smss maps the "
            f"KnownDLLs after the renames, so every program of this boot would get the new file.{doubt}{nothing}"
        )
        felt = [event.number for event, _ in case.effects_by_cause.get(row.operation.event.number, ())]
        events = (*events_of(row), *felt[:1])
        severity = weigh(case, row, Severity.CRITICAL)
        threads = threads_of(case, target, row.source)
        yield Hit(text, cite(row), target.text, severity, confidence_of(case, row), events, threads)


KNOWN_DLL = Rule(
    id="seq-knowndll-replaced-file",
    family="sequences",
    title="A pending rename replaces the file of a KnownDLL",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1574.001", "T1554"),
    why=(
        "A KnownDLL is mapped once by smss and shared by all programs, which don't look at the file again. Replacing the file "
        "before puts code into every process, csrss and lsass included."
    ),
    false_positives=("Hotfixes up to 2003 that swap SETxxxx.tmp in System32 (silent).",),
    remedy=REMEDY,
    sources=_SOURCES,
    severities="critical; one step lower where the row would have no effect.",
    check=_check_known_dll,
    fires_on=(
        Example(
            "ws2_32.dll",
            r"""
            [ControlSet001\Control\Session Manager]
            PendingFileRenameOperations = multi "\??\C:\ProgramData\w2.tmp" "!\??\C:\Windows\System32\ws2_32.dll"
            """,
            cites=(r"\??\C:\ProgramData\w2.tmp",),
            severity=Severity.CRITICAL,
        ),
    ),
    silent_on=(
        Example(
            "a copy beside a program",
            r"""
            [ControlSet001\Control\Session Manager]
            PendingFileRenameOperations = multi "\??\C:\Program Files\A\w2.tmp" "!\??\C:\Program Files\A\ws2_32.dll"
            """,
        ),
    ),
)


def _check_driver_gone(case: Case) -> Iterator[Hit]:
    if case.is_starved or not case.moved_files.rows:
        return
    rows = case.moved_files.rows
    for program in case.programs:
        service = program.service
        if not starts_by_itself(service.start) or service.start == DISABLED or "DELETEFLAG" in service.values:
            continue
        for path in (program.image, program.dll):
            number = case.moved_files.gone_by(path) if path.text else None
            if number is None:
                continue
            row = rows[number]
            vendor = case.security_vendor(path)
            start = START_NAMES[service.start or 0]
            loaded = service.start in (0, 1) and service.is_driver
            stops = service.error_control in (SEVERE, CRITICAL) and service.is_driver
            bad = vendor or is_windows_file(path) or stops
            ends = (
                " As its ErrorControl is severe or critical, that boot may end in a stop error or fall back to the last known good set."
                if stops
                else ""
            )
            whose = f" It is of {vendor}." if vendor else ""
            when = "the boot after the next restart" if loaded else "the next boot"
            does = "delete" if row.destination is None else "move away"
            text = (
                f"{row.operation.list} would {does} {spelled_source(row)}, which the {'driver' if service.is_driver else 'service'} "
                f"{service.name} still runs from (start: {start}): it fails in {when}.{whose}{ends}"
            )
            severity = weigh(case, row, Severity.CRITICAL if bad else Severity.HIGH)
            because = (*cite(row), *service.cite("Start", "ErrorControl"))
            threads = threads_of(case, path, row.source)
            yield Hit(
                text,
                because,
                service.name,
                severity,
                None,
                events_of(row),
                tuple(dict.fromkeys((*threads, f"service {service.name}"))),
            )
            break


DRIVER_GONE = Rule(
    id="seq-edr-driver-gone-start-stays",
    family="sequences",
    title="The file of a driver or service is taken away while it is still set to start",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1562.001", "T1485"),
    why=(
        "An uninstaller takes out the service first. A file that goes while its service stays is sabotage of a product, or of "
        "the boot: a missing boot driver with a critical ErrorControl ends in a stop error, as a public tool against security "
        "products reports."
    ),
    false_positives=(
        "Uninstallers that forget a service (high, where the file is of no security product and not of Windows).",
    ),
    remedy=(
        "Restore the file, or set the service's Start to 4, before the machine boots: a missing boot driver ends in a stop "
        "error. " + REMEDY
    ),
    sources=_SOURCES,
    severities="critical for security products, files of Windows and drivers whose failure stops the boot; else high.",
    check=_check_driver_gone,
    fires_on=(
        Example(
            "Defender's filter driver",
            r"""
            [ControlSet001\Control\Session Manager]
            PendingFileRenameOperations = multi "\??\C:\Windows\System32\drivers\WdFilter.sys" "\??\C:\Windows\System32\drivers\WdFilter.bak"
            """,
            cites=(r"\??\C:\Windows\System32\drivers\WdFilter.sys", "Start"),
            severity=Severity.CRITICAL,
        ),
        Example(
            "the folder of an agent",
            r"""
            [ControlSet001\Services\Agent]
            Type = dword 16
            Start = dword 2
            ImagePath = sz "C:\Program Files\Agent\a.exe"
            [ControlSet001\Control\Session Manager]
            PendingFileRenameOperations = multi "\??\C:\Program Files\Agent" "\??\C:\Program Files\Agent_bak"
            """,
            cites=(r"\??\C:\Program Files\Agent",),
            severity=Severity.HIGH,
        ),
    ),
    silent_on=(
        Example(
            "an update puts a new file there",
            r"""
            [ControlSet001\Services\Agent]
            Type = dword 16
            Start = dword 2
            ImagePath = sz "C:\Program Files\Agent\a.exe"
            [ControlSet001\Control\Session Manager]
            PendingFileRenameOperations = multi "\??\C:\Program Files\Agent\a.exe" "\??\C:\Program Files\Agent\a.old" "\??\C:\Program Files\Agent\a.new" "\??\C:\Program Files\Agent\a.exe"
            """,
        ),
    ),
)


def _check_hive_swap(case: Case) -> Iterator[Hit]:
    for row in case.moved_files.rows:
        target = row.destination
        if target is None or not target.is_hive_file or "\\regback\\" in target.text:
            continue
        works = case.family is not Family.G4
        name = target.name.upper()
        means = {
            "SAM": "its accounts and passwords would be those of this machine",
            "SECURITY": "its policy and cached secrets would be those of this machine",
            "SOFTWARE": "its programs at logon and policies would be those of this machine",
            "SYSTEM": "its services and this very list would be those of the boot after",
        }.get(name, "its content would be taken for the machine's")
        when = (
            "The hive is loaded after the renames, so the swap works in this boot"
            if works and name != "SYSTEM"
            else "Windows 8 and later load the hives first, so the row likely fails"
            if not works
            else "The loader has read the old one by then, so the new one counts from the boot after"
        )
        text = f"{row.operation.list} would put {spelled_source(row)} in the place of the hive {spelled_target(row)}: {means}. {when}."
        sure = Confidence.HIGH if works else Confidence.MEDIUM
        yield Hit(text, cite(row), target.text, None, sure, events_of(row), threads_of(case, target, row.source))


HIVE_SWAP = Rule(
    id="seq-hive-swap",
    family="sequences",
    title="A pending rename swaps a registry hive of the machine",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    techniques=("T1003.002", "T1112"),
    why=(
        "Up to Windows 7 smss renames before SAM, SECURITY and SOFTWARE are loaded: a hive prepared elsewhere becomes the "
        "machine's own. From 8 on they are open by then."
    ),
    false_positives=("Tools that restore the registry from a backup at boot.",),
    remedy="Collect the hive the row names and analyse it as well. " + REMEDY,
    sources=_SOURCES,
    check=_check_hive_swap,
    fires_on=(
        Example(
            "a SAM with known passwords",
            r"""
            [ControlSet001\Control\Session Manager]
            PendingFileRenameOperations = multi "\??\C:\Users\Public\s" "!\??\C:\Windows\System32\config\SAM"
            """,
            cites=(r"\??\C:\Users\Public\s",),
            generation="win7-x86",
        ),
    ),
    silent_on=(
        Example(
            "a hive that is deleted is told by pfro-hive-or-log-target",
            r"""
            [ControlSet001\Control\Session Manager]
            PendingFileRenameOperations = multi "\??\C:\Windows\System32\config\SAM" ""
            """,
            generation="win7-x86",
        ),
    ),
)

RULES: tuple[Rule, ...] = (SAME_BOOT, NEXT_BOOT, STAGED, SELF_ERASING, KNOWN_DLL, DRIVER_GONE, HIVE_SWAP)
