"""What lies at the paths of a hit, as a sentence behind its message, and what that does to its severity and confidence.

A hit's files are those of its events; where the boot halts before it comes to the programs that smss runs, to drivers, services and
libraries, those of the values it cites. A program that is not there does nothing until someone puts it there: one step milder, and
told with high confidence. One that is there, and that nobody signed, is what the finding feared.
"""

from collections.abc import Iterable, Iterator

from hivecheck.boot.actions import (
    DeleteFile,
    LoadDriver,
    LoadLibrary,
    RenameFile,
    RunProgram,
    StartProcess,
    StartService,
    StartSubsystem,
)
from hivecheck.boot.known_files import known_files, path_on_volume, paths_of
from hivecheck.boot.listed_programs import play_listed_programs, play_listed_services
from hivecheck.boot.machine import Process
from hivecheck.boot.replay import Event
from hivecheck.boot.smss.smss import Smss
from hivecheck.evidence.inventory import FileFacts, Inventory
from hivecheck.evidence.signatures import SignatureState
from hivecheck.facts.certainty import Confidence
from hivecheck.facts.fact import changed
from hivecheck.facts.nt_path import NtPath
from hivecheck.facts.origin import Origin, ValueRef
from hivecheck.rules.case import Case
from hivecheck.rules.rule import Hit, Severity

_NATIVE_IMPORTS = frozenset({"ntdll.dll"})
_TOLD = 4  # files of one hit
_AUTOCHK = "autochk.exe"


def refine_boot_programs(case: Case, inventory: Inventory, hits: Iterable[Hit]) -> Iterator[Hit]:
    """Hits about programs that smss runs, which must be native."""
    unreached = _unreached_programs(case, inventory)
    for hit in hits:
        events = () if hit.events else tuple(one for one in unreached if set(one.because) & set(hit.because))
        yield _refined(case, inventory, hit, native=True, unreached=events)


def refine_boot_execute(case: Case, inventory: Inventory, hits: Iterable[Hit]) -> Iterator[Hit]:
    """The same for BootExecute, and a hit for each autochk.exe that it starts and that can't be Windows' own."""
    yield from refine_boot_programs(case, inventory, hits)
    told: set[str] = set()
    reached = case.events_of(RunProgram)
    for event in reached or _unreached_programs(case, inventory):
        for file in _files_of(case, inventory, event)[:1]:
            name = file.path.replace("\\", "/").rpartition("/")[2].casefold()
            doubt = _doubt_of_autochk(inventory, file) if name == _AUTOCHK and file.path not in told else ""
            if doubt:
                told.add(file.path)
                yield Hit(
                    f"BootExecute lists autochk, but {doubt}. On the volume {file.path} is {_description(inventory, file)}.",
                    event.because,
                    file.path,
                    Severity.HIGH,
                    Confidence.MEDIUM,
                    (event.number,) if reached else (),
                    (case.thread_of_image("autochk.exe"),),
                )


def _unreached_programs(case: Case, inventory: Inventory) -> tuple[Event, ...]:
    """The programs of all command lists as they would be run, where the boot halts; none where it does not."""
    if case.replay.halted is None or case.control_set is None:
        return ()
    played = play_listed_programs(_smss(case, case.control_set.name), known_files(inventory, case.system_root))
    return tuple(event for event in played.events if isinstance(event.action, RunProgram))


def _unreached_services(case: Case, inventory: Inventory) -> tuple[Event, ...]:
    """The drivers, services and libraries as they would be loaded, where the boot halts; none where it does not."""
    if case.replay.halted is None or case.control_set is None:
        return ()
    smss = _smss(case, case.control_set.name)
    played = play_listed_services(smss, case.lists, known_files(inventory, case.system_root))
    return tuple(event for event in played.events if isinstance(event.action, LoadDriver | LoadLibrary | StartService))


def _cited(because: Iterable[Origin]) -> set[tuple[str, str, tuple[int, int] | None]]:
    """The values among the origins, and which of their strings: an event cites no text of a value, a finding does."""
    return {(one.key, one.value, one.strings) for one in because if isinstance(one, ValueRef)}


def _smss(case: Case, control_set: str) -> Smss:
    smss = Smss(case.settings, case.generation, case.system_root, case.architecture, control_set, None, True)
    smss.software = case.software
    return smss


def _doubt_of_autochk(inventory: Inventory, file: FileFacts) -> str:
    """Why this is not the autochk.exe of Windows; '' where nothing says so."""
    if not file.is_read:
        return ""
    if file.program is None or not file.program.is_native:
        return "the file of that name is no native program, as the one of Windows is: it was replaced or destroyed"
    if not file.is_signed and not file.catalog and inventory.catalogs_read:
        return "nobody vouches for the file of that name, while Windows lists its own in a catalog: it may be another program in its place"
    return ""


def refine_loaded_files(case: Case, inventory: Inventory, hits: Iterable[Hit]) -> Iterator[Hit]:
    """Hits about programs and libraries that something loads."""
    unreached: tuple[Event, ...] | None = None
    for hit in hits:
        events: tuple[Event, ...] = ()
        if not hit.events:
            if unreached is None:
                unreached = _unreached_services(case, inventory)
            cited = _cited(hit.because)
            events = tuple(one for one in unreached if cited & _cited(one.because))
        yield _refined(case, inventory, hit, native=False, unreached=events)


def refine_renames(case: Case, inventory: Inventory, hits: Iterable[Hit]) -> Iterator[Hit]:
    """Hits about pending renames and deletes: whether what they would move is there, and what it is."""
    events = {event.number: event for event in case.replay.events}
    for hit in hits:
        sources = [
            facts
            for number in hit.events
            if (event := events.get(number)) is not None and isinstance(event.action, RenameFile | DeleteFile)
            if (facts := _facts(case, inventory, event.action.source)) is not None
        ]
        yield _with_sources(inventory, hit, sources)


def _with_sources(inventory: Inventory, hit: Hit, sources: list[FileFacts]) -> Hit:
    if not sources:
        return hit
    missing = [one for one in sources if one.exists is False]
    there = [one for one in sources if one.exists]
    if missing and len(missing) == len(sources):
        what = ", ".join(one.path for one in missing[:_TOLD])
        words = f"On the volume there is no {what}: the entry does nothing at the next boot, or has done its work."
        severity = min(hit.severity or Severity.LOW, Severity.LOW)
        return changed(hit, message=f"{hit.message} {words}", severity=severity, confidence=Confidence.HIGH)
    words = " ".join(f"On the volume {one.path} is {_description(inventory, one)}." for one in there[:_TOLD])
    return changed(hit, message=f"{hit.message} {words}", confidence=Confidence.HIGH) if there else hit


def _refined(case: Case, inventory: Inventory, hit: Hit, *, native: bool, unreached: tuple[Event, ...] = ()) -> Hit:
    events = {number: event for event in case.replay.events if (number := event.number) in hit.events}
    for event in (*(events[number] for number in hit.events if number in events), *unreached):
        looked_up = _files_of(case, inventory, event)
        taken = next((one for one in looked_up if one.exists), None)
        if taken is not None:
            return _with_file(inventory, hit, taken, native=native)
        if looked_up and all(one.exists is False for one in looked_up):
            more = f", nor in the {len(looked_up) - 1} other places that are tried" if len(looked_up) > 1 else ""
            words = (
                f"On the volume there is no {looked_up[0].path}{more}: the line does nothing until the file is put there."
            )
            severity = (hit.severity or Severity.INFO).raised(-1)
            return changed(hit, message=f"{hit.message} {words}", severity=severity, confidence=Confidence.HIGH)
    return hit


def _with_file(inventory: Inventory, hit: Hit, file: FileFacts, *, native: bool) -> Hit:
    severity, confidence = hit.severity or Severity.INFO, hit.confidence or Confidence.LOW
    words = f"On the volume {file.path} is {_description(inventory, file)}."
    if native and file.is_native is False:
        words += " It is no native program: smss would create and kill it at once."
        return changed(hit, message=f"{hit.message} {words}", severity=severity.raised(-1), confidence=Confidence.HIGH)
    program = file.program
    if program is not None:
        if not file.is_signed and not file.catalog and inventory.catalogs_read:
            severity, confidence = severity.raised(), Confidence.HIGH
        foreign = [name for name in program.imports if name.casefold() not in _NATIVE_IMPORTS] if native else []
        if foreign:
            words += f" A native program imports ntdll.dll alone; this one also imports {', '.join(foreign[:_TOLD])}."
    return changed(hit, message=f"{hit.message} {words}", severity=severity, confidence=confidence)


def _files_of(case: Case, inventory: Inventory, event: Event) -> list[FileFacts]:
    """What was looked up for an event: the file it starts where it starts one, else all that it tried, in order."""
    started = next((NtPath(change.image) for change in event.changes if isinstance(change, Process)), None)
    match event.action:
        case StartService(dll=dll) if dll is not None:
            paths: list[NtPath] = [dll]
        case RunProgram() | StartProcess() | StartSubsystem() | StartService() if started is not None:
            paths = [started]
        case RunProgram(candidates=candidates) | StartProcess(candidates=candidates):
            paths = [*candidates]
        case StartSubsystem(candidates=candidates) | StartService(candidates=candidates):
            paths = [*candidates]
        case _:
            paths = [*paths_of(event)][:1]
    found = (_facts(case, inventory, path) for path in paths)
    return [one for one in found if one is not None]


def _facts(case: Case, inventory: Inventory, path: NtPath) -> FileFacts | None:
    inside = path_on_volume(case.replay.before, path, case.system_root)
    return inventory.of(inside) if inside else None


def _description(inventory: Inventory, file: FileFacts) -> str:
    """What lies there, as the rest of a sentence."""
    if file.is_folder:
        return "a folder"
    if not file.is_read:
        return f"there, but can't be read ({file.unread})" if file.unread else "there"
    size = f"a file of {file.size:,} bytes, SHA-256 {file.sha256}"
    program = file.program
    if program is None:
        return f"{size}, and no program"
    claims = program.version_string("CompanyName")
    parts = [f"a {program.subsystem_words} {'library' if program.is_dll else 'program'} for {program.machine}"]
    parts.append(_signing(inventory, file))
    if claims:
        parts.append(f"its version resource says {claims}")
    return f"{size}: {', '.join(parts)}"


def _signature_words(file: FileFacts) -> str:
    """In short where it was not checked: why that is so stands with the files."""
    signature = file.signature
    return "not checked" if signature is None or signature.state is SignatureState.NOT_CHECKED else signature.words


def _signing(inventory: Inventory, file: FileFacts) -> str:
    if file.is_signed:
        return f"with an embedded signature ({_signature_words(file)})"
    if file.signature is not None:
        return f"with a broken signature ({file.signature.why})"
    if file.catalog:
        return f"listed in the catalog {file.catalog} (the catalog's own signature not checked)"
    if inventory.catalogs_read:
        return f"without a signature, and in none of the {inventory.catalogs_read:,} catalogs of the volume"
    return "without an embedded signature; no catalogs are at hand"
