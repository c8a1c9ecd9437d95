r"""The small model of the machine: object names, files, environment, processes, services, registry writes. It has never heard of smss.

Only what the boot touches is in it, plus a file inventory where there is one. Without an inventory a file that nobody has
touched is UNKNOWN. State changes only through the changes of an answer, so every state of the boot is a fold of events.
Source for the names the kernel makes: smss.md C.1.
"""

from collections.abc import Iterable, Iterator
from enum import Enum

from hivecheck.facts.fact import changed, fact
from hivecheck.facts.nt_path import DEFAULT_STREAM, DOS_DEVICE_PREFIXES, NtPath, has_drive
from hivecheck.facts.state import fresh, state
from hivecheck.registry.hive import fold_name

LONGEST_NAME = 32_767  # characters: what a UNICODE_STRING holds, and so every name Windows works with
_LINK_HOPS = 16
_SEARCHED_CONTENTS = 1_000  # files of one folder
_FOLDER_LEVELS = 64  # how far up a path is followed; Windows' own limit on path length leaves few real ones deeper
_MOVED_FILES = 100_000  # of one boot: known files followed through renames of their folders


class Exists(Enum):
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@fact
class NamedObject:
    """An object in the namespace. `target` is that of a symbolic link, '' for every other type."""

    name: str
    type: str  # directory, link, port, event, mutex, section
    target: str = ""


@fact
class File:
    """What is known of one path. `content` says in words whose bytes lie there; None facts are not known.

    `assumed` is True where the state rests on an assumption made earlier in the boot.
    """

    path: str
    exists: Exists
    content: str
    fate: str = ""
    directory: bool | None = None
    read_only: bool | None = None
    native: bool | None = None
    assumed: bool = False


@fact
class Variable:
    name: str
    value: str


@fact
class Process:
    """A process of the finished boot. `ends` is True for one that is gone before the logon screen.

    `image_guessed`: `image` is the first of several files that a search along Path may find, and lies outside System32.
    """

    name: str
    image: str
    command: str
    parent: str
    session: int | None
    ends: bool
    assumed: bool
    image_guessed: bool = False


@fact
class RunningService:
    """A service of the finished boot; `command` is that of the process it lives in."""

    name: str
    command: str
    account: str
    assumed: bool


@fact
class RegistryWrite:
    """A value written (in words, where the data can't be predicted) or, with None, deleted."""

    key: str
    name: str
    value: str | None


@fact
class NameRemoved:
    """A name taken out of the namespace, as spelled in the request."""

    name: str


@fact
class FolderMoved:
    """What is known of the files below `source` holds below `target` from now on; the folders themselves are changes of their own."""

    source: str
    target: str


Change = NamedObject | NameRemoved | File | FolderMoved | Variable | Process | RunningService | RegistryWrite


@state
class Machine:
    """The six parts. Keys of the mappings are folded (case doesn't count), values keep their spelling.

    `all_files_known` is True where an inventory was given: a path that is not in `files` is then absent, if its volume is.
    """

    names: dict[str, NamedObject] = fresh(dict)
    files: dict[str, File] = fresh(dict)
    environment: dict[str, Variable] = fresh(dict)
    processes: list[Process] = fresh(list)
    services: list[RunningService] = fresh(list)
    registry: list[RegistryWrite] = fresh(list)
    all_files_known: bool = False
    _contents: dict[str, set[str]] = fresh(dict)  # of folders: the keys of what exists in them
    _known: dict[str, dict[str, None]] = fresh(dict)  # of folders: the keys of what is known in them, in order
    _moves_left: int = _MOVED_FILES
    _keys: dict[str, str] = fresh(dict)  # of paths as spelled, until a link changes

    def copy(self) -> "Machine":
        """A machine that can change without changing this one."""
        return Machine(
            dict(self.names),
            dict(self.files),
            dict(self.environment),
            list(self.processes),
            list(self.services),
            list(self.registry),
            self.all_files_known,
            {folder: set(keys) for folder, keys in self._contents.items()},
            {folder: dict(keys) for folder, keys in self._known.items()},
            self._moves_left,
        )

    def apply(self, changes: Iterable[Change]) -> None:
        """Takes the changes of one answer, in order."""
        for change in changes:
            match change:
                case NamedObject():
                    self.names[fold_name(change.name)] = change
                    if change.type == "link":
                        self._keys.clear()
                case NameRemoved():
                    self.names.pop(fold_name(change.name), None)
                    self._keys.clear()
                case File():
                    self._keep(self.file_key(NtPath(change.path)), change)
                case FolderMoved():
                    self._move_contents(change)
                case Variable():
                    self.environment[fold_name(change.name)] = change
                case Process():
                    self.processes.append(change)
                case RunningService():
                    self.services.append(change)
                case RegistryWrite():
                    self.registry.append(change)

    def _keep(self, key: str, file: File) -> None:
        self.files[key] = file
        child = key
        for folder in folders_above(key):
            keys = self._known.setdefault(folder, {})
            if child in keys:
                break
            keys[child] = None
            child = folder
        self._note(key, file.exists is Exists.YES)

    def _note(self, key: str, there: bool) -> None:
        """Keeps what exists in the folders above a file that came or went."""
        for folder in folders_above(key):
            keys = self._contents.setdefault(folder, set())
            if there == (key in keys):
                break
            if there:
                keys.add(key)
            else:
                keys.discard(key)
                if keys or self._exists(folder):
                    break
            key = folder

    def _exists(self, key: str) -> bool:
        file = self.files.get(key)
        return file is not None and file.exists is Exists.YES

    def _move_contents(self, moved: FolderMoved) -> None:
        source, target = self.file_key(NtPath(moved.source)), self.file_key(NtPath(moved.target))
        self._take_below(target)  # what was known there lay in a folder that is gone
        files = self._take_below(source)
        self._moves_left -= len(files)
        if self._moves_left < 0:
            self.all_files_known = False  # beyond that they are known no more
            return
        for key, file in files:
            rest = self.resolve(NtPath(file.path)).rstrip("\\")[len(source) - len(key) :]
            path = moved.target.rstrip("\\") + rest
            self._keep(target + key[len(source) :], changed(file, path=path))

    def _take_below(self, folder: str) -> list[tuple[str, File]]:
        """Everything known below a folder (by its key), taken out of what is known."""
        found: list[tuple[str, File]] = []
        waiting = list(self._known.pop(folder, ()))
        for key in waiting:  # grows while it is walked
            waiting.extend(self._known.pop(key, ()))
            self._contents.pop(key, None)
            file = self.files.pop(key, None)
            if file is not None:
                found.append((key, file))
        self._contents.pop(folder, None)
        return found

    def lists_all_of(self, key: str) -> bool:
        """Whether a file (by its key) that is not in `files` is absent for certain."""
        return self.all_files_known and key[:2] in self.files

    def has_files(self, folder: str) -> bool:
        """Whether something is known to exist in a folder (by its key)."""
        return bool(self._contents.get(folder))

    def holds_only_assumed(self, folder: str) -> bool:
        """Whether all that is known to exist in a folder (by its key) is there by assumption."""
        waiting = [*self._contents.get(folder, ())]
        if len(waiting) > _SEARCHED_CONTENTS:
            return not self.all_files_known
        for searched, key in enumerate(waiting):  # grows while it is walked
            file = self.files.get(key)
            if file is not None and file.exists is Exists.YES and not file.assumed:
                return False
            if file is None and searched < _SEARCHED_CONTENTS:
                waiting.extend(self._contents.get(key, ()))
        return True

    def object_named(self, name: str) -> NamedObject | None:
        r"""The object of this name; `\??\x` and `\DosDevices\x` are looked up in `\GLOBAL??`."""
        return self.names.get(object_key(name))

    def file(self, path: NtPath) -> File | None:
        """What is known of a file, its path followed through the links of this boot; None where nothing is."""
        return self.files.get(self.file_key(path))

    def file_key(self, path: NtPath) -> str:
        r"""The folded name under which a path's file is kept: links followed, `\??\C:\x` as `C:\X`, no final backslash or `::$DATA`."""
        key = self._keys.get(path.text)
        if key is None:
            text = self.resolve(path)
            tail = NtPath(text).tail
            key = fold_name(tail if has_drive(tail) else text).removesuffix(DEFAULT_STREAM).rstrip("\\") or "\\"
            self._keys[path.text] = key
        return key

    def resolve(self, path: NtPath) -> str:
        r"""The path after the links of this boot: `\SystemRoot\x`, or `\??\Z:\x` where Z: is linked to a folder.

        `\SystemRoot` is the kernel's own way to the boot volume: a drive letter linked elsewhere does not lead it astray.
        """
        text = path.text
        for _ in range(_LINK_HOPS):
            link, rest = self._first_link(text)
            if link is None or len(text) > LONGEST_NAME:
                return text
            text = link.target.rstrip("\\") + rest if len(rest) > 1 else link.target + rest
            if fold_name(link.name) == "\\SYSTEMROOT":
                return text
        return text

    def _first_link(self, text: str) -> tuple[NamedObject | None, str]:
        """The link a path begins with, if it does, and what follows it with its backslash."""
        if not text.startswith("\\"):
            return None, ""
        tail = NtPath(text).tail
        if tail is not text:
            first, separator, rest = tail.partition("\\")
            name = "\\GLOBAL??\\" + first
        else:
            first, separator, rest = text[1:].partition("\\")
            name = "\\" + first
        link = self.names.get(fold_name(name))
        return (link if link is not None and link.type == "link" and link.target else None), separator + rest


def folders_above(key: str) -> Iterator[str]:
    """The keys of the folders a file's key lies in, the nearest first."""
    for _ in range(_FOLDER_LEVELS):
        key = key.rpartition("\\")[0]
        if not key:
            return
        yield key


def object_key(name: str) -> str:
    r"""The folded name of an object, with the aliases of `\GLOBAL??` replaced."""
    folded = fold_name(name)
    for prefix in DOS_DEVICE_PREFIXES:
        if folded.startswith(prefix):
            return "\\GLOBAL??\\" + folded[len(prefix) :]
    return folded


def machine_at_smss(system_root: str, files: Iterable[File] = (), all_files_known: bool = False) -> Machine:
    r"""The machine as the kernel leaves it to smss: its own object names, and the files that are known.

    `system_root` is a DOS path such as `C:\Windows`. Drive letters are the mount manager's, so they need no links here. Where
    `all_files_known`, the folders in which the files lie count as known, and so do their volumes.
    """
    machine = Machine(all_files_known=all_files_known)
    directories = ("\\", "\\Device", "\\Driver", "\\FileSystem", "\\ArcName", "\\ObjectTypes", "\\GLOBAL??")
    machine.apply(NamedObject(name, "directory") for name in directories)
    machine.apply(
        (
            NamedObject("\\??", "directory"),
            NamedObject("\\DosDevices", "link", "\\??"),
            NamedObject("\\GLOBAL??\\Global", "link", "\\GLOBAL??"),
            NamedObject("\\GLOBAL??\\GLOBALROOT", "link", "\\"),
            NamedObject("\\SystemRoot", "link", "\\??\\" + system_root),
        )
    )
    for file in files:
        machine.apply((file,))
        if all_files_known:
            _make_folders_known(machine, NtPath(file.path))
    return machine


def _make_folders_known(machine: Machine, path: NtPath) -> None:
    path = NtPath(machine.resolve(path))
    while has_drive((path := NtPath(path.folder)).tail) and machine.file(path) is None:
        machine.apply((File(path.text, Exists.YES, "", directory=True),))
