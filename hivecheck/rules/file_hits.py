"""What lies at the paths of a hit, as a sentence behind its message, and what that does to its severity and confidence.

A hit's files are those of its events; where the boot halts before it comes to the programs that smss runs, to drivers, services and
libraries, those of the values it cites. A program that is not there does nothing until someone puts it there: one step milder, and
told with high confidence. One that is there, and that nobody signed, is what the finding feared.
"""

from collections.abc import Iterable, Iterator

from hivecheck.boot.actions import (
    LoadDriver,
    LoadLibrary,
    RunProgram,
    StartProcess,
    StartService,
    StartSubsystem,
)
from hivecheck.boot.known_files import known_files, paths_of
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
from hivecheck.rules.boot_execute import IF_IT_RUNS
from hivecheck.rules.case import Case
from hivecheck.rules.file_words import catalogs_words, describe, facts_at
from hivecheck.rules.known_boot_programs import MICROSOFT
from hivecheck.rules.rule import Hit, Severity

_NATIVE_IMPORTS = frozenset({"ntdll.dll"})
_TOLD = 4  # files of one hit
_WINDOWS_OWN = frozenset(f"{name}.exe" for name in MICROSOFT)
_MICROSOFT = "microsoft corporation"


def refine_boot_programs(case: Case, inventory: Inventory, hits: Iterable[Hit]) -> Iterator[Hit]:
    """Hits about programs that smss runs, which must be native."""
    unreached = _unreached_programs(case, inventory)
    for hit in hits:
        events = () if hit.events else tuple(one for one in unreached if set(one.because) & set(hit.because))
        yield _refined(case, inventory, hit, native=True, unreached=events)


def refine_boot_execute(case: Case, inventory: Inventory, hits: Iterable[Hit]) -> Iterator[Hit]:
    """The same for BootExecute, and a hit for each autochk, autoconv or autofmt that it starts and that may not be Windows' own."""
    yield from refine_boot_programs(case, inventory, hits)
    told: set[str] = set()
    reached = case.events.of(RunProgram)
    for event in reached or _unreached_programs(case, inventory):
        for file in _files_of(case, inventory, event)[:1]:
            name = file.path.replace("\\", "/").rpartition("/")[2].casefold()
            doubt, confidence = (
                _doubt_of_windows_own(inventory, file)
                if name in _WINDOWS_OWN and file.path not in told
                else ("", Confidence.LOW)
            )
            if doubt:
                told.add(file.path)
                yield Hit(
                    f"BootExecute lists {name.removesuffix('.exe')}, but {doubt}. On the volume {file.path} is {describe(inventory, file)}.",
                    event.because,
                    file.path,
                    Severity.HIGH,
                    confidence,
                    (event.number,) if reached else (),
                    (case.thread_of_image(name),),
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


def _doubt_of_windows_own(inventory: Inventory, file: FileFacts) -> tuple[str, Confidence]:
    """Why this is not the program of Windows that has its name, and how sure that is; '' where nothing says so.

    A signature whose signer was not verified speaks for a file, but not enough to say nothing: its signer is a claim.
    """
    if not file.is_read:
        return "", Confidence.LOW
    if file.program is None or not file.program.is_native:
        return (
            "the file of that name is no native program, as the one of Windows is: it was replaced or destroyed",
            Confidence.MEDIUM,
        )
    if file.catalog:
        return "", Confidence.LOW
    signature = file.signature
    signer = (signature.signer if signature is not None else "") or "nobody who is named"
    if signature is not None and signature.state is SignatureState.VALID:
        others = bool(signature.signer) and _MICROSOFT not in signature.signer.casefold()
        return (
            (f"the file of that name is signed by {signer}, not by Microsoft", Confidence.HIGH)
            if others
            else ("", Confidence.LOW)
        )
    if signature is not None and signature.state in (SignatureState.BROKEN, SignatureState.UNTRUSTED):
        why = f"the embedded signature of the file of that name is {signature.state.value}: {signature.why}"
        return f"{why}. It may be another program in its place", Confidence.MEDIUM
    if not inventory.catalogs_read:
        return "", Confidence.LOW
    if signature is None:
        vouching = "nobody vouches for the file of that name, while Windows lists its own in a catalog"
        return f"{vouching}: it may be another program in its place", Confidence.MEDIUM
    unlisted = f"the file of that name is not in {catalogs_words(inventory)}, where Windows lists its own"
    claim = f"its signature names {signer}, which was not verified: anyone can write that"
    return f"{unlisted}, and {claim}", Confidence.LOW


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
            message = f"{_decided(hit, ', but the file does not exist on the volume')} {words}"
            return changed(hit, message=message, severity=severity, confidence=Confidence.HIGH)
    return hit


def _with_file(inventory: Inventory, hit: Hit, file: FileFacts, *, native: bool) -> Hit:
    severity, confidence = hit.severity or Severity.INFO, hit.confidence or Confidence.LOW
    words = f"On the volume {file.path} is {describe(inventory, file)}."
    if native and file.is_native is False:
        words += " It is no native program: smss would create and kill it at once."
        message = f"{_decided(hit, ', but the file is not a native program')} {words}"
        return changed(hit, message=message, severity=severity.raised(-1), confidence=Confidence.HIGH)
    program = file.program
    if program is not None:
        if not file.is_signed and not file.catalog and inventory.catalogs_read:
            severity, confidence = severity.raised(), Confidence.HIGH
        foreign = [name for name in program.imports if name.casefold() not in _NATIVE_IMPORTS] if native else []
        if foreign:
            words += f" A native program imports ntdll.dll alone; this one also imports {', '.join(foreign[:_TOLD])}."
    message = _decided(hit, "") if file.is_native else hit.message
    return changed(hit, message=f"{message} {words}", severity=severity, confidence=confidence)


def _decided(hit: Hit, instead: str) -> str:
    """The message without the doubt of what is not known without the volume: whether the file is there and native."""
    return hit.message.replace(IF_IT_RUNS, instead)


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
    found = (facts_at(case, inventory, path) for path in paths)
    return [one for one in found if one is not None]
