r"""What the system answers to each request, given the state of the machine. It has never heard of smss.

Where the machine does not know (no file inventory), the answer is UNKNOWN and says what it assumes; its changes are those
of a yes, so that chains (A to B, then B to C) are followed through. Source: smss.md B3.5 to B3.15, B8.4, B12, C.
"""

from typing import assert_never

from hivecheck.boot.actions import (
    Action,
    CreateDirectory,
    CreateObject,
    CreatePagingFile,
    CreateSession,
    DeleteFile,
    DeleteValue,
    Link,
    LoadDriver,
    LoadHives,
    LoadLibrary,
    MapSection,
    RenameFile,
    RunProgram,
    SaveCrashDump,
    SetVariable,
    StartProcess,
    StartService,
    StartSubsystem,
    Unlink,
    WriteValue,
)
from hivecheck.boot.file_answers import FoundFile, delete_file, find_file, look_up, rename_file
from hivecheck.boot.machine import (
    LONGEST_NAME,
    Change,
    Exists,
    File,
    Machine,
    NamedObject,
    NameRemoved,
    Process,
    RegistryWrite,
    RunningService,
    Variable,
    object_key,
)
from hivecheck.boot.outcome import Outcome, no, yes
from hivecheck.boot.plan import Done
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.fact import changed
from hivecheck.facts.nt_path import NtPath
from hivecheck.registry.hive import fold_name

# A program may still get these from the section that smss has mapped, or a build may do without one.
_MAPPED_TOO = frozenset(
    {"ADVAPI32.DLL", "GDI32.DLL", "GDI32FULL.DLL", "KERNEL32.DLL", "RPCRT4.DLL", "USER32.DLL", "WIN32U.DLL"}
)
_SEARCHED_PROCESSES = 1_000  # of one machine; one that starts more is hostile


def answer(machine: Machine, action: Action, process: str, named_later: NtPath | None = None) -> Outcome:
    """Whether the request of `process` succeeds, why, on what assumptions, and what it changes.

    `named_later` is a path that a later request will name, and so one that is likely there.
    """
    match action:
        case CreateDirectory():
            return _create(machine, NamedObject(action.name, "directory"))
        case CreateObject():
            return _create(machine, NamedObject(action.name, action.type))
        case Link():
            return _link(machine, action)
        case Unlink():
            removed = NameRemoved(object_key(action.name))
            if machine.object_named(action.name) is not None:
                return yes(removed)
            return Outcome(Done.UNKNOWN, "", (removed,), ("a driver made the link earlier",))
        case RunProgram():
            return _run(machine, action, process)
        case SaveCrashDump():
            return Outcome(Done.UNKNOWN, "", (), (f"{action.paging_file} holds the dump of a crash",))
        case RenameFile():
            return rename_file(machine, action)
        case DeleteFile():
            return delete_file(machine, action, named_later)
        case MapSection():
            return _map_section(machine, action)
        case CreatePagingFile():
            return _create_paging_file(machine, action)
        case SetVariable():
            return yes(Variable(action.name, action.value))
        case LoadHives():
            return yes()
        case LoadDriver():
            found = find_file(machine, (action.image,))
            return found.outcome()
        case StartSubsystem():
            if not action.candidates:
                return _no_such_name()
            found = find_file(machine, action.candidates)
            if found.file is not None and found.file.native is False:
                return no("a subsystem must be a native image (PE subsystem 1), which this file is not")
            command = f"{action.image} {action.arguments}".rstrip()
            return _start_with(machine, action.needs, _start(found, command, process, action.session, ends=False))
        case CreateSession():
            return yes(Process("smss.exe", "\\SystemRoot\\System32\\smss.exe", "", process, action.number, True, False))
        case StartProcess():
            if not action.candidates:
                return _no_such_name()
            found = find_file(machine, action.candidates)
            started = _start(found, f"{action.image} {action.arguments}".rstrip(), process, action.session, ends=False)
            return _start_with(machine, action.needs, started)
        case StartService():
            return _start_service(machine, action, process)
        case LoadLibrary():
            return find_file(machine, (action.file,)).outcome()
        case WriteValue():
            return yes(RegistryWrite(action.key, action.name, action.value))
        case DeleteValue():
            return yes(RegistryWrite(action.key, action.name, None))
        case _:
            assert_never(action)


def _create(machine: Machine, made: NamedObject) -> Outcome:
    existing = machine.object_named(made.name)
    if existing is not None:
        if existing.type == made.type or (made.type == "directory" and existing.type == "link"):
            return yes(why="it exists already and is opened")
        return no(f"an object of that name exists already, of type {existing.type}")
    refusal = _no_place_for(machine, made.name)
    return no(refusal) if refusal else yes(changed(made, name=object_spelling(made.name)))


def _no_place_for(machine: Machine, name: str) -> str:
    """Why an object can't be made under this name; '' where it can."""
    if not name.startswith("\\"):
        return "the name does not begin with a backslash"
    if len(name) > LONGEST_NAME:
        return f"the name is longer than {LONGEST_NAME} characters"
    parent, _, last = object_key(name).rpartition("\\")
    if not last:
        return "the name is empty"
    holder = machine.names.get(parent or "\\")
    if holder is None or holder.type != "directory":
        return f"there is no object directory {parent}"
    return ""


def _link(machine: Machine, action: Link) -> Outcome:
    refusal = _no_place_for(machine, action.name)
    if refusal:
        return no(refusal)
    if len(action.target) > LONGEST_NAME:
        return no(f"the target is longer than {LONGEST_NAME} characters")
    existing = machine.object_named(action.name)
    why = ""
    if existing is not None:
        if existing.type != "link":
            return no(f"an object of that name exists already, of type {existing.type}")
        why = f"it replaces the link to {existing.target}"
    return yes(NamedObject(object_spelling(action.name), "link", action.target), why=why)


def object_spelling(name: str) -> str:
    r"""The name as kept: `\??\x` as `\GLOBAL??\x`, the rest as spelled."""
    tail = NtPath(name).tail
    return name if tail is name else "\\GLOBAL??\\" + tail


def _run(machine: Machine, action: RunProgram, process: str) -> Outcome:
    if not action.image:
        return no("the line names no program: it is ignored")
    if not action.candidates:
        return _no_such_name()
    if action.writes_image:
        image = File(
            action.candidates[0].text, Exists.YES, f"what {process} wrote there", "written", native=True, assumed=True
        )
        started = _start(FoundFile(action.candidates[0], Exists.YES, image), action.command, process, None, ends=True)
        return changed(started, changes=(image, *started.changes))
    found = find_file(machine, action.candidates)
    if found.exists is Exists.NO:
        skipped = "program not found - skipping AUTOCHECK" if "autocheck" in action.keywords else "the line is ignored"
        return Outcome(Done.NO, f"{found.why}: {skipped}", assumes=found.assumes)
    if found.file is not None and found.file.native is False:
        return no("the program is created and killed at once: it is no native image (PE subsystem 1)")
    if found.file is None or found.file.native is None:
        found = found.assuming("it is a native image (PE subsystem 1)")
    program = action.image if found.guessed else str(found.path)
    command = f"{program} {action.arguments}".rstrip() if "autocheck" in action.keywords else action.command
    return _start(found, command, process, None, ends=True)


def _no_such_name() -> Outcome:
    return no("no such file can exist by this name: the line is taken literally, without quotes or %variables%")


def _start(found: FoundFile, command: str, parent: str, session: int | None, *, ends: bool) -> Outcome:
    outcome = found.outcome()
    if outcome.done is Done.NO:
        return outcome
    name = found.path.file_name or command.split(" ", 1)[0]
    started = Process(name, found.path.text, command, parent, session, ends, outcome.done is Done.UNKNOWN, found.guessed)
    return Outcome(outcome.done, outcome.why, (started,), outcome.assumes, outcome.certainty)


def _start_with(machine: Machine, needs: tuple[NtPath, ...], started: Outcome) -> Outcome:
    """The start of a program, and a no where this boot has taken away a file that it needs. Of other files nothing is assumed."""
    if started.done is Done.NO:
        return started
    for path in needs:
        _, file = look_up(machine, path)
        if file is not None and file.exists is Exists.NO:
            lost = find_file(machine, (path,))
            assumes = (*started.assumes, *lost.assumes)
            mark = Certainty.C if fold_name(path.file_name) in _MAPPED_TOO else Certainty.B
            return Outcome(Done.NO, f"it needs {path}: {lost.why}", assumes=assumes, certainty=mark)
    return started


def _start_service(machine: Machine, action: StartService, parent: str) -> Outcome:
    """The process, or the one that runs already where it is shared, and in it the DLL of the service."""
    if not action.candidates:
        return no("it has no ImagePath" if not action.image else "its ImagePath names no file")
    found = _find_service_image(machine, action)
    command = f"{action.image} {action.arguments}".rstrip()
    started = _start(found, command, parent, 0, ends=False)
    if started.done is Done.NO:
        return started
    dll = find_file(machine, (action.dll,)).outcome() if action.dll is not None else yes()
    if dll.done is Done.NO:
        return changed(dll, why=f"the process starts, but not the service: {action.dll}: {dll.why}")
    shared = _process_of(machine, action, found, command)
    assumed = Done.UNKNOWN in (started.done, dll.done)
    running = RunningService(action.name, shared.command if shared else command, action.account, assumed)
    changes: tuple[Change, ...] = (running,) if shared else (*started.changes, running)
    why = ". ".join(filter(None, (started.why, dll.why)))
    assumes = (*started.assumes, *dll.assumes)
    return Outcome(Done.UNKNOWN if assumed else Done.YES, why, changes, assumes, started.certainty & dll.certainty)


def _find_service_image(machine: Machine, action: StartService) -> FoundFile:
    r"""The file CreateProcess takes: one that is tried before the image that is meant only where it is known to be there.

    Meant is the file that the image spells, or `system32\x.exe` in the Windows folder; a bare name means the first candidate.
    """
    name = action.image.replace("/", "\\")
    name = name if "." in name.rsplit("\\", 1)[-1] else name + ".exe"
    meant = {machine.file_key(NtPath("\\??\\" + name))}
    if "\\" in name:
        meant.add(machine.file_key(NtPath("\\SystemRoot\\" + name)))
    place = next((at for at, path in enumerate(action.candidates) if machine.file_key(path) in meant), 0)
    unknown: list[NtPath] = []
    for path in action.candidates[:place]:
        state, _ = look_up(machine, path)
        if state is Exists.YES:
            found = find_file(machine, (path,))
            why = f"{path} stands in the way of {action.candidates[place]}"
            return changed(found, why=". ".join(filter(None, (why, found.why))))
        if state is Exists.UNKNOWN:
            unknown.append(path)
    found = find_file(machine, action.candidates[place:])
    if not unknown or found.exists is Exists.NO:
        return found
    more = f" or {len(unknown) - 1} more" if len(unknown) > 1 else ""
    return found.assuming(f"there is no {unknown[0]}{more} to be taken instead")


def _process_of(machine: Machine, action: StartService, found: FoundFile, command: str) -> Process | None:
    """The process that a shared service joins: the one of its command line, or of its image where that takes no arguments."""
    if not action.shared:
        return None
    folded, key = fold_name(command), machine.file_key(found.path)
    for one in machine.processes[:_SEARCHED_PROCESSES]:
        if one.ends or one.session != 0:
            continue
        if len(one.command) == len(command) and fold_name(one.command) == folded:
            return one
        if not action.arguments and " " not in one.command and machine.file_key(NtPath(one.image)) == key:
            return one
    return None


def _map_section(machine: Machine, action: MapSection) -> Outcome:
    refusal = _no_place_for(machine, action.name)
    if refusal:
        return no(refusal)
    if not action.file.is_native:
        return no(f"the file is no NT path ({action.file.kind.value}): it is skipped", Certainty.C)
    if machine.object_named(action.name) is not None:
        return no("a section of that name exists already: it is skipped")
    found = find_file(machine, (action.file,))
    outcome = found.outcome()
    if outcome.done is Done.NO:
        return changed(outcome, why=f"{found.why}: it is skipped")
    made: tuple[Change, ...] = (NamedObject(action.name, "section", action.file.text),)
    return Outcome(outcome.done, outcome.why, made, outcome.assumes, outcome.certainty)


def _create_paging_file(machine: Machine, action: CreatePagingFile) -> Outcome:
    if not action.candidates:
        return no("no volume fits")
    place = action.candidates[0]
    size = "sized by the system" if action.minimum_mb is None else f"{action.minimum_mb} to {action.maximum_mb} MB"
    known = machine.file(place)
    content = f"paging file ({size})"
    fate = "made anew" if known is not None and known.exists is Exists.YES else "created"
    assumes = [f"{place.drive or '?'}: is a fixed local volume with room for it"]
    if len(action.candidates) > 1:
        assumes.append("it is the first such volume, tried from C: on")
    change = File(place.text, Exists.YES, content, fate, directory=False, assumed=True)
    return Outcome(Done.UNKNOWN, "", (change,), tuple(assumes), Certainty.A)
