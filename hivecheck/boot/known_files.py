r"""Between a boot and the file inventory of its volume: which paths a boot touches there, and the files that are known before it.

Only the volume that Windows boots from is at hand. What lies on other drives, devices and shares stays unknown, and so does a
file's alternate stream. A path is taken as the links of the boot lead it, before it and after it.
"""

from collections.abc import Iterator

from hivecheck.boot.actions import (
    DeleteFile,
    LoadDriver,
    LoadLibrary,
    MapSection,
    RenameFile,
    RunProgram,
    SetVariable,
    StartProcess,
    StartService,
    StartSubsystem,
)
from hivecheck.boot.machine import Exists, File, Machine
from hivecheck.boot.replay import Event, Replay
from hivecheck.evidence.inventory import FileFacts, Inventory
from hivecheck.facts.nt_path import NtPath, has_drive

_CANDIDATES = 64  # of one event
_FOLDERS = 256  # of one search path


def touched_paths(played: Replay, system_root: str) -> Iterator[str]:
    """The paths below the root of the boot volume (`Windows\\System32\\x.exe`) that the boot asks for, in its order.

    `system_root` is a DOS path such as `C:\\Windows`.
    """
    for event in played.events:
        for path in paths_of(event):
            for machine in (played.before, played.after):
                inside = path_on_volume(machine, path, system_root)
                if inside:
                    yield inside


def paths_of(event: Event) -> Iterator[NtPath]:
    """The files and folders that an event looks for, the programs and libraries it would load first."""
    match event.action:
        case LoadDriver(image=file) | MapSection(file=file) | LoadLibrary(file=file):
            yield file
        case RunProgram(candidates=candidates):
            yield from candidates[:_CANDIDATES]
        case StartSubsystem(candidates=candidates, needs=needs) | StartProcess(candidates=candidates, needs=needs):
            yield from candidates[:_CANDIDATES]
            yield from needs[:_CANDIDATES]
        case StartService(candidates=candidates, dll=dll):
            yield from candidates[:_CANDIDATES]
            if dll is not None:
                yield dll
        case DeleteFile(source=source):
            yield source
        case RenameFile(source=source, destination=destination):
            yield source
            yield destination
            yield NtPath(destination.folder)
        case SetVariable(name=name, value=value) if name.upper() == "PATH":
            for folder in value.split(";")[:_FOLDERS]:
                if has_drive(folder):
                    yield NtPath("\\??\\" + folder.rstrip("\\"))
        case _:
            return


def path_on_volume(machine: Machine, path: NtPath, system_root: str) -> str:
    """The path below the root of the boot volume, '' for a path that does not lead to it, or names no file or folder there."""
    tail = NtPath(machine.resolve(path)).tail
    if not has_drive(tail) or tail[:1].upper() != system_root[:1].upper():
        return ""
    inside = tail[2:].strip("\\")
    return "" if ":" in inside or "/" in inside else inside


def known_files(inventory: Inventory, system_root: str) -> tuple[File, ...]:
    """The files as the machine takes them: those that exist, and those that certainly do not."""
    return tuple(_file(facts, system_root) for facts in inventory.files.values() if facts.exists is not None)


def _file(facts: FileFacts, system_root: str) -> File:
    path = f"\\??\\{system_root[:2]}\\" + facts.path.replace("/", "\\")
    if not facts.exists:
        return File(path, Exists.NO, "")
    return File(path, Exists.YES, "", directory=facts.is_folder, native=facts.is_native)
