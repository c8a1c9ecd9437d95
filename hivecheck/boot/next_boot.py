r"""The boot after this one, as far as it would not come up: what this boot's renames take from what it has loaded already.

Drivers, smss, the kernel and ntdll run by the time of the renames, so this boot is unharmed; the next one does not find
them. Source: "CreateService" (ErrorControl) of the Windows documentation; NT 4 Resource Kit "Initializing the Kernel"; "Bug
checks" 0x6B and 0x6F of the driver documentation; smss.md A0.4, A0.7, C3.c, E2.5, E2.6; detections.md 4.C.15.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hivecheck.boot.actions import Action, LoadDriver, LoadHives, RenameFile, StartProcess, StartSubsystem
from hivecheck.boot.driver_notes import CONTROLLERS, lost_disk
from hivecheck.boot.effects import NEXT
from hivecheck.boot.file_fates import Fate, FileFates, moves_a_file
from hivecheck.boot.file_uses import CONFIG, read_file_use
from hivecheck.boot.last_good import LastGood
from hivecheck.boot.plan import Done, Step
from hivecheck.boot.replay import Effect, Event, Halted, Replay
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.fact import fact
from hivecheck.facts.generation import VISTA, WIN10_2004, WIN2000, XP, Generation
from hivecheck.facts.nt_path import NtPath
from hivecheck.facts.origin import BuiltIn, Origin
from hivecheck.facts.problem import Problem
from hivecheck.registry.hive import fold_name
from hivecheck.settings.services import CRITICAL, ERROR_CONTROL_NAMES, SEVERE, ServiceDatabase

if TYPE_CHECKING:
    from hivecheck.boot.return_point import ReturnPoint

A, B, C = Certainty.A, Certainty.B, Certainty.C
_SYSTEM32 = "\\SystemRoot\\System32\\"
_STILL = "This boot still works, as it needs the file only before the renames"
_PROGRAMS = frozenset({"SMSS.EXE", "CSRSS.EXE", "WININIT.EXE", "WINLOGON.EXE", "SERVICES.EXE", "LSASS.EXE"})


@fact
class _Loss:
    """Something the boot after this one asks for and does not find."""

    step: Step
    process: str
    action: Action
    why: str
    certainty: Certainty
    because: tuple[Origin, ...]
    fate: Fate
    assumes: tuple[str, ...] = ()


def play_next_boot(
    played: Replay, services: ServiceDatabase, generation: Generation, last_good: LastGood | None = None
) -> Replay:
    """The same boot; where the one after it would not come up, with the events of that and the halt at the first such one.

    A boot that halts itself stays as it is. A severe driver that is lost is a problem, not a halt, and so is a critical one
    where the boot falls back on a `last_good` set that does without.
    """
    if played.halted is not None or not any(map(moves_a_file, played.events)):
        return played
    from hivecheck.boot.return_point import ReturnPoint  # few boots move a file

    fates = FileFates(played.before)
    uses: list[tuple[Event, NtPath, str]] = []
    for event in played.events:
        if isinstance(event.action, LoadDriver | StartProcess | StartSubsystem) and event.done is not Done.NO:
            loads = read_file_use(event, {}).loads[:1]
            uses += [(event, path, fates.key(path)) for path in loads]
        fates.follow(event)
    loader = "winload.exe" if generation >= VISTA else "ntldr"
    problems: list[Problem] = []
    lost = [
        *_lost_of_the_loader(fates, generation, loader),
        *_lost_drivers(fates, uses, services, ReturnPoint(played, generation, last_good), problems),
        *_lost_of_the_kernel(fates),
        *_lost_programs(fates, uses),
    ]
    events = list(played.events)
    halted: Halted | None = None
    for loss in lost:
        number = events[-1].number + 1 if events else 1
        events.append(_event(number, loss))
        halted = halted or Halted(number, loss.why, loss.certainty, (*loss.because, *loss.fate.event.because))
    return Replay(tuple(events), played.before, played.after, halted, (*played.problems, *problems))


def _lost_of_the_loader(fates: FileFates, generation: Generation, loader: str) -> Iterator[_Loss]:
    """The SYSTEM hive, the kernel, the HAL, the loader itself: the next boot ends before there is a kernel."""
    hive = f"{CONFIG}\\SYSTEM"
    rows: list[tuple[str, Step, Action, Certainty, str]] = [
        (
            hive,
            Step.LOAD_CONTROL_SET,
            LoadHives(("SYSTEM",)),
            C,
            f"{loader} finds no SYSTEM hive. Whether a pending rename can take it away while the kernel holds it is not certain",
        )
    ]
    names = [("ntoskrnl.exe", B), ("hal.dll", B if generation < WIN10_2004 else C)]
    if generation >= WIN2000:
        names.append(("bootvid.dll", B))
    if generation >= XP:
        names.append(("kdcom.dll", B))
    if generation >= VISTA:
        names += [("ci.dll", B), ("pshed.dll", B), ("winload.exe", C), ("winload.efi", C)]
    for name, mark in names:
        path = NtPath(_SYSTEM32 + name)
        asks = "the boot manager" if name.startswith("winload") else loader
        which = {
            "winload.exe": ", which a machine with a BIOS boots with",
            "winload.efi": ", which a machine with UEFI boots with",
        }.get(name, "")
        rows.append((path.text, Step.BOOT_DRIVERS, LoadDriver(path, None), mark, f"{asks} finds no {name}{which}"))
    for text, step, action, mark, what in rows:
        fate = _gone(fates, NtPath(text))
        if fate is not None:
            loads = f"{loader} loads the SYSTEM hive, the kernel with what it imports, the HAL and the boot drivers"
            because = (BuiltIn(loads, "smss.md A.0; public lists of loaded modules"),)
            process = "bootmgr" if "winload" in text else loader
            yield _Loss(step, process, action, f"{_STILL}; in the boot after it {what}.", mark, because, fate)


def _lost_drivers(
    fates: FileFates,
    uses: list[tuple[Event, NtPath, str]],
    services: ServiceDatabase,
    back: "ReturnPoint",
    problems: list[Problem],
) -> Iterator[_Loss]:
    """The drivers that this boot has loaded at boot or system start, and the next one can't load; in their order."""
    for event, path, key in uses:
        action = event.action
        if not isinstance(action, LoadDriver) or not action.by:
            continue
        fate, service = fates.fate(key), services.named(action.service)
        if fate is None or fate.there or service is None:
            continue
        stop = lost_disk(service)
        if service.error_control != CRITICAL and stop:
            cited = service.cite("Start", "ImagePath", "Group")
            if fold_name(service.group) == CONTROLLERS:
                text = f"The boot after this one can't load {path} of {service.name}; if it drives the controller of the boot disk, it stops."
                problems.append(Problem("boot-controller-lost", text, (*cited, *fate.event.because)))
            else:
                why = f"This boot still runs with the driver already loaded; the boot after it can't load {path}: {stop}."
                yield _Loss(Step.BOOT_DRIVERS, event.process, action, why, C, cited, fate)
        elif service.error_control in (SEVERE, CRITICAL):
            outcome = back.outcome(service, path, fates)
            because = (*service.cite("ErrorControl", "ImagePath", "Start"), *outcome.because)
            level = f"ErrorControl {service.error_control}, {ERROR_CONTROL_NAMES[service.error_control]}"
            if outcome.halts:
                why = f"This boot still runs with the driver already loaded; the boot after it can't load {path} ({level}). {outcome.text}"
                mark = outcome.certainty
                yield _Loss(Step.BOOT_DRIVERS, event.process, action, why.rstrip(), mark, because, fate, outcome.assumes)
            else:
                text = f"The boot after this one can't load {path} of {service.name} ({level}). {outcome.text}".rstrip()
                code = "severe-driver-lost" if service.error_control == SEVERE else "critical-driver-lost"
                problems.append(Problem(code, text, (*because, *fate.event.because)))


def _lost_of_the_kernel(fates: FileFates) -> Iterator[_Loss]:
    path = NtPath(_SYSTEM32 + "ntdll.dll")
    fate = _gone(fates, path)
    if fate is not None:
        because = (BuiltIn("the kernel maps ntdll.dll before it starts smss", "smss.md C3.c; bug check 0x6B"),)
        why = f"{_STILL}; in the boot after it the kernel can't map ntdll.dll (PROCESS1_INITIALIZATION_FAILED)."
        yield _Loss(Step.READ_SETTINGS, "System", LoadDriver(path, None), why, B, because, fate)


def _lost_programs(fates: FileFates, uses: list[tuple[Event, NtPath, str]]) -> Iterator[_Loss]:
    """The programs without which nothing boots, where this boot had started them before they were taken away."""
    for event, path, key in uses:
        fate = fates.fate(key)
        if path.file_name.upper() not in _PROGRAMS or fate is None or fate.there or fate.event.number < event.number:
            continue
        starter = "the kernel" if event.process == "System" else event.process
        stop = " (SESSION3_INITIALIZATION_FAILED)" if path.file_name.upper() == "SMSS.EXE" else ""
        why = f"{_STILL}; in the boot after it {starter} can't start {path}{stop}."
        certainty = event.certainty & (A if stop else C)
        yield _Loss(event.step, event.process, event.action, why, certainty, event.because, fate)


def _gone(fates: FileFates, path: NtPath) -> Fate | None:
    fate = fates.fate(fates.key(path))
    return fate if fate is not None and not fate.there else None


def _event(number: int, loss: _Loss) -> Event:
    fate = loss.fate
    assumes = (*((f"event {fate.event.number} succeeded",) if fate.assumed else ()), *loss.assumes)
    effect = Effect(NEXT, fate.event.number, "It takes the file away; no later event of this boot brings it back.")
    return Event(
        number,
        loss.step,
        loss.process,
        loss.action,
        Done.NO,
        "in the boot after this one: " + _gone_how(fate),
        assumes,
        loss.certainty,
        (*loss.because, *fate.event.because),
        (),
        (effect,),
    )


def _gone_how(fate: Fate) -> str:
    folder = f"the folder {fate.folder}" if fate.folder else "the file"
    if isinstance(fate.operation, RenameFile):
        return f"{folder} was moved to {fate.operation.destination}"
    return f"{folder} was deleted"
