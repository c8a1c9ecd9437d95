r"""Files that the rename lists replace, and what runs them: in this boot, in the next, or every program as a KnownDLL.

The replay says which event uses which file, and in which boot a change of it is felt (`boot/effects.py`).
Source: detections.md 4.A; 4.C, numbers 6, 7 and 13.
"""

from collections.abc import Iterator

from hivecheck.boot.actions import LoadDriver, LoadHives, LoadLibrary, MapSection, RunProgram
from hivecheck.boot.replay import Event
from hivecheck.facts.certainty import Confidence
from hivecheck.facts.generation import WIN10_1803
from hivecheck.rules.benign_renames import OFFICE, benign_writer, same_product
from hivecheck.rules.case import Case
from hivecheck.rules.case_facts import AUTOSTART, SECURITY, TRUSTED
from hivecheck.rules.case_renames import MovedFile
from hivecheck.rules.known_boot_programs import MICROSOFT
from hivecheck.rules.paths import Comparable
from hivecheck.rules.rename_alarms import is_old, is_old_hotfix, is_swapped, is_windows_file, weigh_own_driver
from hivecheck.rules.rename_telling import (
    REMEDY,
    cite,
    confidence_of,
    events_of,
    idle,
    spelled_source,
    spelled_target,
    threads_of,
    weigh_replacement,
)
from hivecheck.rules.rule import Hit, Rule, Severity

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
    for event, effect in case.events.effects_by_cause.get(row.operation.event.number, ()):
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
    for number, row in enumerate(case.renames.moved.rows):
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
                text,
                because,
                path.text,
                weigh_replacement(case, row, Severity.CRITICAL),
                confidence_of(case, row),
                events,
                threads,
            )
            break


def _updates(case: Case, number: int) -> bool:
    row = case.renames.moved.rows[number]
    if row.destination is None:
        return False
    if is_old_hotfix(case, row.source):
        return True
    alarms = case.renames.alarms[number]
    own = weigh_own_driver(case, row.source, row.destination)
    most = own or Severity.LOW
    if any(alarm.rule in (TRUSTED, SECURITY, AUTOSTART) and alarm.severity > most for alarm in alarms):
        return False
    if own is not None:
        return True
    if is_swapped(case, row.source, row.destination) or same_product(row.source, row.destination):
        return True
    return benign_writer(row.source, row.destination) == OFFICE


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
    false_positives=(
        "Installers and updaters that replace files of their own product (silent).",
        "Updates of a security product that replace a driver of its own from beside it (silent; told by pfro-tcb-replace).",
    ),
    remedy=REMEDY,
    sources=_SOURCES,
    check=_check_same_boot,
)


def _check_next_boot(case: Case) -> Iterator[Hit]:
    for number, row in enumerate(case.renames.moved.rows):
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
                text,
                because,
                path.text,
                weigh_replacement(case, row, Severity.CRITICAL),
                confidence_of(case, row),
                events,
                threads,
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
    false_positives=(
        "Driver packages that swap SETx.tmp (one to four digits) and a driver of their own in one folder (silent).",
        "Updates of a security product that replace a driver of its own from beside it (silent; told by pfro-tcb-replace).",
    ),
    remedy=REMEDY,
    sources=_SOURCES,
    check=_check_next_boot,
)


def _check_known_dll(case: Case) -> Iterator[Hit]:
    for row in case.renames.moved.rows:
        target = row.destination
        if target is None or target.name not in case.known_dlls or not target.in_system_folder:
            continue
        parent = target.folder.rpartition("\\")[2]
        if parent not in ("system32", "syswow64") or target.text == row.source.text:
            continue
        hotfix = is_old_hotfix(case, row.source) or (is_old(case) and is_swapped(case, row.source, target))
        ordinary = Severity.MEDIUM if is_windows_file(row.source) else Severity.HIGH
        doubt = (
            " On 10 1803 and later this is unproven: some descriptions have smss map the KnownDLLs before."
            if case.generation >= WIN10_1803
            else ""
        )
        nothing = " By the replay the row would have no effect." if idle(case, row) else ""
        named = " Hotfixes of this Windows use such names; see whether one was installed." if hotfix else ""
        text = (
            f"{row.operation.list} would put {spelled_source(row)} in the place of the KnownDLL {spelled_target(row)}. smss maps the "
            f"KnownDLLs after the renames, so every program of this boot would get the new file.{doubt}{named}{nothing}"
        )
        felt = [event.number for event, _ in case.events.effects_by_cause.get(row.operation.event.number, ())]
        events = (*events_of(row), *felt[:1])
        severity = weigh_replacement(case, row, ordinary if hotfix else Severity.CRITICAL)
        if case.renames.other_windows(target):
            severity = min(severity, Severity.MEDIUM)
            text = (
                f"{row.operation.list} would put {spelled_source(row)} in the place of {spelled_target(row)}, which has the name of a "
                f"KnownDLL. But {case.renames.tell_other()}.{nothing}"
            )
        threads = threads_of(case, target, row.source)
        sure = Confidence.LOW if hotfix else confidence_of(case, row)
        yield Hit(text, cite(row), target.text, severity, sure, events, threads)


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
    false_positives=(
        "Hotfixes up to 2003, from SETx.tmp or _00000x_.tmp in System32 or from their own folders below that of Windows "
        "(medium, with low confidence): "
        "the names alone don't tell them from others that use them.",
    ),
    remedy=REMEDY,
    sources=_SOURCES,
    severities=(
        "critical; under the names of hotfixes up to 2003 medium from below the folder of Windows, and high from elsewhere; one step lower where the row would have no effect, or does not "
        "ask to replace; medium in the folder of another Windows, where the hive says for sure where this one lies."
    ),
    check=_check_known_dll,
)


RULES: tuple[Rule, ...] = (
    SAME_BOOT,
    NEXT_BOOT,
    KNOWN_DLL,
)
