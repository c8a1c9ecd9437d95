"""Runs of events in numbers, for the summary: how many of which kind, and those names that a reader would look for."""

from collections import Counter

from hivecheck.boot.actions import (
    CreateDirectory,
    CreateObject,
    CreatePagingFile,
    DeleteFile,
    DeleteValue,
    Link,
    LoadDriver,
    LoadHives,
    LoadLibrary,
    MapSection,
    RenameFile,
    SaveCrashDump,
    SetVariable,
    StartProcess,
    StartService,
    Unlink,
    WriteValue,
)
from hivecheck.boot.replay import Event
from hivecheck.registry.hive import fold_name
from hivecheck.report.paper import clip_end
from hivecheck.report.view import shown_text

_LETTERS = 110  # of the names behind a count
_MOST_NAMED = 16  # events
# What each Windows makes; where such a name leads is told by the replay, and by a finding where it should not.
_USUAL_DEVICES = frozenset({"AUX", "CON", "CONIN$", "CONOUT$", "MAILSLOT", "NUL", "PIPE", "PRN", "SESSIONS", "SILOS", "UNC"})


def count_events(events: list[Event]) -> str:
    """A run of events in numbers, with the names that matter: `10 links, 1 directory: vmsmb and usual names`."""
    kinds = Counter(_kind_words(event) for event in events)
    parts = [_number_of(count, *words) for words, count in kinds.items()]
    names = _names(events)
    return ", ".join(parts) + (f": {names}" if names else "")


def _number_of(count: int, one: str, many: str) -> str:
    if count > 1:
        return f"{count} {many}"
    return one if one[:1].isdigit() or one.endswith(("started", "saved")) else f"1 {one}"


def _kind_words(event: Event) -> tuple[str, str]:
    match event.action:
        case DeleteFile():
            return "delete", "deletes"
        case RenameFile(replaces=True):
            return "rename that replaces", "renames that replace"
        case RenameFile():
            return "rename", "renames"
        case SetVariable():
            return "variable", "variables"
        case Link():
            return "link", "links"
        case Unlink():
            return "link removed", "links removed"
        case CreateDirectory():
            return "directory", "directories"
        case CreateObject(type=kind):
            return kind, kind + "s"
        case LoadDriver(start=start, by="loader") if start != "boot":
            return "1 driver by the loader, whatever its Start is", "drivers by the loader, whatever their Start is"
        case LoadDriver(start="boot" | "system" as start):
            return f"{start} driver", f"{start} drivers"
        case LoadDriver():
            return "driver", "drivers"
        case LoadLibrary():
            return "DLL loaded", "DLLs loaded"
        case StartService(when=when):
            kind = f"{when}-start service" if when in ("auto", "early") else f"{when} service"
            return kind, f"{kind}s"
        case MapSection():
            return "DLL mapped", "DLLs mapped"
        case CreatePagingFile():
            return "paging file", "paging files"
        case WriteValue():
            return "value written", "values written"
        case DeleteValue():
            return "value deleted", "values deleted"
        case LoadHives(names=names):
            return f"{len(names)} hives loaded", "hives loaded"
        case StartProcess(image=image):
            return f"{image} started", "programs started"
        case SaveCrashDump():
            return "dump of a crash saved", "dumps of a crash saved"
        case action:
            kind = action.kind.replace("-", " ")
            return kind, kind


def _names(events: list[Event]) -> str:
    names: list[str] = []
    usual = 0
    for event in events:
        match event.action:
            case DeleteValue(name=name) | Unlink(name=name):
                names.append(name)
            case CreateDirectory(name=name) | CreateObject(name=name) | Link(name=name) if len(events) <= _MOST_NAMED:
                if fold_name(name.rpartition("\\")[2]) in _USUAL_DEVICES:
                    usual += 1
                else:
                    names.append(name.rpartition("\\")[2])
            case CreatePagingFile(path=path):
                names.append(path)
            case LoadHives(names=hives):
                names.extend(hives)
            case WriteValue(name=name, value=value) if len(events) <= 2:
                names.append(f"{name} = {value}")
    if usual:
        names.append("usual names")
    return clip_end(shown_text(", ".join(names)), _LETTERS)
