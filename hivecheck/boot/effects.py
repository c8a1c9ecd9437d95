r"""What the events of a boot do to each other: a file replaced or removed before or after it is loaded, a path led elsewhere.

A pure function of the finished replay. The order of the events is the whole of the rule: what a rename does to a file that
is loaded later shows in this boot, what it does to one that has been loaded already in the next (boot and system drivers,
smss, autochk, everything of BootExecute). Source: smss.md A.1 to A.4, A3.a, C3.c; detections.md 4.A.
"""

from hivecheck.boot.actions import (
    Link,
    LoadHives,
    MapSection,
    RenameFile,
    RunProgram,
    SetVariable,
    StartProcess,
    StartService,
    StartSubsystem,
    Unlink,
)
from hivecheck.boot.file_fates import Fate, FileFates, moves_a_file
from hivecheck.boot.file_uses import FileUse, read_file_use
from hivecheck.boot.machine import Machine, Process
from hivecheck.boot.plan import Done
from hivecheck.boot.replay import Effect, Event, Replay
from hivecheck.facts.fact import changed
from hivecheck.facts.generation import WIN10_1507, WIN10_1803, Family, Generation
from hivecheck.facts.nt_path import NtPath, has_drive
from hivecheck.registry.hive import fold_name

THIS, NEXT = "this", "next"
_LINK_HOPS = 16
_UNPROVEN = (
    "Some descriptions of 10 1803 and later have the KnownDLLs mapped before the renames: for these builds it is unproven"
)


def add_effects(played: Replay, generation: Generation) -> Replay:
    """The same boot; each event that loads or starts a file says what other events do to that file, its device or its path."""
    walk = _Walk(played.before, generation, any(map(moves_a_file, played.events)))
    found = [walk.take(event) for event in played.events]
    events: list[Event] = []
    for event, (effects, use, keys) in zip(played.events, found, strict=True):
        later = walk.later_effects(event, use, keys)
        events.append(changed(event, effects=(*event.effects, *effects, *later)) if effects or later else event)
    return changed(played, events=tuple(events))


Taken = tuple[list[Effect], FileUse, tuple[str, ...]]


class _Walk:
    """The walk along the events: the links and the Path in force, and the fates of files so far."""

    def __init__(self, before: Machine, generation: Generation, files_move: bool) -> None:
        self._files_move = files_move
        self._generation = generation
        self._fates = FileFates(before)
        self._names = self._fates.machine
        self._links: dict[str, Event] = {}  # by folded name: who made or removed it in this boot
        self._images: dict[str, str] = {}
        self._path: tuple[Event, frozenset[str]] | None = None
        self._mapped: set[str] = set()  # the keys of the files that smss has mapped as KnownDLLs
        root = before.object_named("\\SystemRoot")
        self._system32 = fold_name(f"{NtPath(root.target).tail}\\System32" if root is not None else "")

    def take(self, event: Event) -> Taken:
        """What earlier events do to this one, the files it uses, and their keys as it finds them."""
        use = read_file_use(event, self._images)
        keys = tuple([self._fates.key(path) for path in use.loads]) if self._files_move else ()
        effects = self._earlier_effects(event, use, keys) if use.loads or use.names else []
        self._fates.follow(event)
        self._note(event)
        if isinstance(event.action, MapSection) and event.done is not Done.NO:
            self._mapped.update(keys)
        return effects, use, keys

    def later_effects(self, event: Event, use: FileUse, keys: tuple[str, ...]) -> list[Effect]:
        """What events after it do to the files it has used by then. To be asked when all events are taken."""
        if event.done is Done.NO or not keys:
            return []
        effects: list[Effect] = []
        for path, key in zip(use.loads, keys, strict=True):
            fate = self._fates.fate(key)
            if fate is not None and fate.event.number > event.number:
                text = self._later(event, path, fate)
                effects.append(Effect(NEXT, fate.event.number, text))
        return effects

    def _earlier_effects(self, event: Event, use: FileUse, keys: tuple[str, ...]) -> list[Effect]:
        effects: list[Effect] = []
        if self._links:
            for path in (*use.loads, *use.names):
                effects += self._redirections(path)
        for path in use.passed_over if keys else ():
            fate = self._fates.fate(self._fates.key(path))
            if fate is not None and not fate.there:
                effects.append(Effect(THIS, fate.event.number, f"{_told(fate, path)}, which would have been tried first."))
        for path, key in zip(use.loads, keys, strict=False):  # no keys where no file moves
            fate = self._fates.fate(key)
            if fate is None or (fate.there and key in self._mapped and not isinstance(event.action, MapSection)):
                continue  # of a KnownDLL the event that maps it tells what every program gets
            if event.done is not Done.NO or not fate.there:
                effects.append(self._earlier(event, path, fate))
        if event.done is not Done.NO and use.loads:
            effects += self._decided_by_path(event, use.loads[0])
        return effects

    def _earlier(self, event: Event, path: NtPath, fate: Fate) -> Effect:
        what = _told(fate, path)
        if isinstance(event.action, MapSection):
            if path.file_name.upper() == "NTDLL.DLL":
                text = f"{what}. The kernel maps ntdll.dll before smss starts: programs of this boot still get the old one."
                return Effect(NEXT, fate.event.number, text)
            doubt = f" {_UNPROVEN}." if self._generation >= WIN10_1803 else ""
            seen = "every program of this boot gets the new file" if fate.there else "it can't be mapped in this boot"
            return Effect(THIS, fate.event.number, f"{what}: {seen}.{doubt}")
        seen = "this boot already uses the new file" if fate.there else "it is gone in this boot already"
        return Effect(THIS, fate.event.number, f"{what}: {seen}.")

    def _later(self, event: Event, path: NtPath, fate: Fate) -> str:
        what = _told(fate, path)
        if isinstance(event.action, LoadHives) and self._generation.family is Family.G4:
            known = "on 10 and later" if self._generation >= WIN10_1507 else "though one source has it work up to 8.1"
            return (
                f"{what}. The hive is loaded and its file open by then, so that likely fails ({known}; inferred); "
                f"this boot works with the old one."
            )
        seen = "the boot after it the new one" if fate.there else "the boot after it finds none"
        return f"{what}: this boot still used the old file, {seen}."

    def _redirections(self, path: NtPath) -> list[Effect]:
        """The links of this boot on a path's way, and where it leads."""
        effects: list[Effect] = []
        text = path.text
        if text.startswith("\\??\\"):  # nearly every path: a drive that nobody links
            first = fold_name("\\GLOBAL??\\" + text[4:].partition("\\")[0])
            if first not in self._links and first not in self._names.names:
                return effects
        for _ in range(_LINK_HOPS):
            name, rest = _first_name(text)
            maker = self._links.get(fold_name(name)) if name else None
            link = self._names.object_named(name) if name else None
            if maker is not None and link is None:
                effects.append(Effect(THIS, maker.number, f"{_device(name)} is removed: {path} leads nowhere."))
            if link is None or not link.target or link.type != "link":
                break
            if maker is not None:
                where = self._names.resolve(path)
                told = f"{_device(name)} is linked to {link.target}: {path} is in truth {where}."
                effects.append(Effect(THIS, maker.number, told))
            if fold_name(name) == "\\SYSTEMROOT":
                break
            text = link.target.rstrip("\\") + rest if len(rest) > 1 else link.target + rest
            if len(text) > 32_767:
                break
        return effects

    def _decided_by_path(self, event: Event, taken: NtPath) -> list[Effect]:
        action = event.action
        if self._path is None or not isinstance(action, RunProgram | StartSubsystem | StartProcess | StartService):
            return []
        image = action.image.replace("/", "\\")
        if has_drive(image) or image.startswith("\\") or not action.candidates:
            return []
        setter, folders = self._path
        folder = NtPath(taken.folder).tail
        if fold_name(folder) == self._system32 or fold_name(folder) not in folders:
            return []
        which = f"Path decides which {image} is taken: that of {folder}"
        certain = ", if there is one" if event.done is Done.UNKNOWN else ""
        known = not event.process.startswith("smss.exe") or self._generation.family is Family.G2
        inferred = "" if known else " That this smss looks along Path first is inferred from 2003 (C)."
        return [Effect(THIS, setter.number, f"{which}{certain}, not that of System32.{inferred}")]

    def _note(self, event: Event) -> None:
        """Takes the links, the Path and the processes that an event makes."""
        action = event.action
        if isinstance(action, Link | Unlink) and event.done is not Done.NO:
            self._links[fold_name(_global_name(action.name))] = event
        elif isinstance(action, SetVariable) and fold_name(action.name) == "PATH":
            folders = (folder.strip().replace("/", "\\").rstrip("\\") for folder in action.value.split(";"))
            self._path = event, frozenset(map(fold_name, folders))
        for change in event.changes:
            if isinstance(change, Process):
                self._images.setdefault(fold_name(change.command), change.image)


def _told(fate: Fate, path: NtPath) -> str:
    """What became of a file, as the beginning of a sentence."""
    operation = fate.operation
    if fate.folder:
        end = f"to {operation.destination}" if isinstance(operation, RenameFile) else ""
        done = (
            f"a pending rename moves the folder {fate.folder} here, and {path} with it"
            if fate.there
            else f"a pending rename {'moves' if end else 'deletes'} the folder {fate.folder} {end}".rstrip()
            + f", and {path} with it"
        )
    elif fate.there and isinstance(operation, RenameFile):
        done = f"a pending rename puts {operation.source} in the place of {path}"
    elif isinstance(operation, RenameFile):
        done = f"a pending rename moves {path} to {operation.destination}"
    else:
        done = f"a pending rename deletes {path}"
    return f"If it succeeds, {done}" if fate.assumed else done[0].upper() + done[1:]


def _first_name(text: str) -> tuple[str, str]:
    r"""The name of the first object on a path (`\GLOBAL??\C:`), and the rest with its backslash; '' for no NT path."""
    if not text.startswith("\\"):
        return "", ""
    tail = NtPath(text).tail
    if tail is not text:
        first, separator, rest = tail.partition("\\")
        return f"\\GLOBAL??\\{first}", separator + rest
    first, separator, rest = text[1:].partition("\\")
    return f"\\{first}", separator + rest


def _global_name(name: str) -> str:
    tail = NtPath(name).tail
    return name if tail is name else f"\\GLOBAL??\\{tail}"


def _device(name: str) -> str:
    return "The DOS device " + name.rpartition("\\")[2] if name.startswith("\\GLOBAL??\\") else name
