"""Which files an event loads or starts, and by what other paths it named files: what effects on it can come from.

Source: the fields of the actions. Of several candidates the one taken is that of the process which the event starts.
"""

from hivecheck.boot.actions import (
    CreatePagingFile,
    DeleteFile,
    LoadDriver,
    LoadHives,
    LoadLibrary,
    MapSection,
    RenameFile,
    RunProgram,
    StartProcess,
    StartService,
    StartSubsystem,
)
from hivecheck.boot.machine import Process
from hivecheck.boot.replay import Event
from hivecheck.facts.fact import fact
from hivecheck.facts.nt_path import NtPath
from hivecheck.registry.hive import fold_name

_CANDIDATES = 64  # of one event that are looked at
CONFIG = "\\SystemRoot\\System32\\config"


@fact
class FileUse:
    """`loads` are the files taken, the image first. `passed_over` are the candidates tried before it, in order.

    `names` are other paths of the request, which are followed through links but not loaded.
    """

    loads: tuple[NtPath, ...] = ()
    passed_over: tuple[NtPath, ...] = ()
    names: tuple[NtPath, ...] = ()


def read_file_use(event: Event, image_of_command: dict[str, str]) -> FileUse:
    """The files of one event. `image_of_command` are the images of the processes started so far, by folded command."""
    match event.action:
        case LoadDriver(image=image):
            return FileUse((image,))
        case MapSection(file=file) | LoadLibrary(file=file):
            return FileUse((file,))
        case LoadHives(names=names):
            return FileUse(tuple([NtPath(f"{CONFIG}\\{name}") for name in names]))
        case RunProgram(candidates=candidates):
            return _taken(event, candidates, ())
        case StartSubsystem(candidates=candidates, needs=needs) | StartProcess(candidates=candidates, needs=needs):
            return _taken(event, candidates, needs)
        case StartService(candidates=candidates, dll=dll):
            shared = image_of_command.get(fold_name(f"{event.action.image} {event.action.arguments}".rstrip()), "")
            return _taken(event, candidates, (dll,) if dll is not None else (), shared)
        case DeleteFile(source=source):
            return FileUse(names=(source,))
        case RenameFile(source=source, destination=destination):
            return FileUse(names=(source, destination))
        case CreatePagingFile(candidates=candidates):
            return FileUse(names=candidates[:1])
        case _:
            return FileUse()


def _taken(event: Event, candidates: tuple[NtPath, ...], libraries: tuple[NtPath, ...], shared: str = "") -> FileUse:
    started = next((change.image for change in event.changes if isinstance(change, Process)), shared)
    if not candidates:
        return FileUse(libraries)
    if not started:  # none was found: each was tried
        return FileUse((candidates[0], *libraries), candidates[1:_CANDIDATES])
    place = next((at for at, path in enumerate(candidates) if path.text == started), 0)
    return FileUse((candidates[place], *libraries), candidates[: min(place, _CANDIDATES)])
