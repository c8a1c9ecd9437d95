"""Which event of a boot last moved, replaced or deleted the file of a path: the renames of a boot, folded a second time.

Where the machine keeps what a file holds in words, this fold keeps the number of the event that brought or took it, and the
path at which its content lay before the boot, so that a file moved away and back counts as untouched. Only links and file
operations are followed, so the fold costs what the renames cost. Events that can't succeed move nothing.
"""

from collections.abc import Iterator

from hivecheck.boot.actions import CreateDirectory, DeleteFile, Link, RenameFile, Unlink
from hivecheck.boot.machine import Change, Exists, File, FolderMoved, Machine, NamedObject, NameRemoved, folders_above
from hivecheck.boot.plan import Done
from hivecheck.boot.replay import Event
from hivecheck.facts.fact import changed, fact
from hivecheck.facts.nt_path import NtPath

FileOperation = DeleteFile | RenameFile


@fact
class Fate:
    """What became of a file. `there` is False for one that is gone.

    `event` is the one that did it, `operation` its request. `folder` is the folder that was moved or deleted with the file in
    it, '' where the file itself is named. `assumed` is True where the operation succeeds only on an assumption.
    """

    event: Event
    operation: FileOperation
    there: bool
    folder: str
    assumed: bool


def moves_a_file(event: Event) -> bool:
    """Whether an event moves or deletes a file, or may."""
    return isinstance(event.action, DeleteFile | RenameFile) and event.done is not Done.NO


class FileFates:
    """The fold. `follow` takes the events in order; `fate` and `key` answer for the moment after the last one taken.

    `machine` has the links as they are by then; in its files stand numbers of events in place of words.
    """

    __slots__ = ("_operations", "machine")

    def __init__(self, before: Machine) -> None:
        self.machine = Machine(names=dict(before.names))
        self._operations: dict[str, tuple[Event, FileOperation]] = {}

    def follow(self, event: Event) -> None:
        """Takes what one event changes."""
        action = event.action
        if isinstance(action, DeleteFile | RenameFile) and event.done is not Done.NO:
            self._operations[str(event.number)] = (event, action)
            self.machine.apply(tuple(self._marked(event, action)))
            return
        if not isinstance(action, Link | Unlink | CreateDirectory):
            return
        names = [change for change in event.changes if isinstance(change, NamedObject | NameRemoved)]
        if names:
            self.machine.apply(names)

    def key(self, path: NtPath) -> str:
        """The key under which a path's file is kept, its links followed as they are now."""
        return self.machine.file_key(path)

    def fate(self, key: str) -> Fate | None:
        """What the boot has done so far to the file of a key (or to a folder above it); None where it is as before the boot."""
        if not self._operations:
            return None
        for place in (key, *folders_above(key)):
            file = self.machine.files.get(place)
            if file is None:
                continue
            there = file.exists is Exists.YES
            if there and file.content == place:
                return None  # moved away and back
            event, operation = self._operations[file.fate]
            return Fate(event, operation, there, "" if place == key else file.path, event.done is Done.UNKNOWN)
        return None

    def _marked(self, event: Event, action: FileOperation) -> Iterator[Change]:
        """The changes of a file operation with the event in place of the words, and where the content lay before the boot."""
        lay_at = ""
        if isinstance(action, RenameFile):
            source = self.machine.file(action.source)
            lay_at = source.content if source is not None else self.key(action.source)
        for change in event.changes:
            if isinstance(change, File):
                content = lay_at if change.exists is Exists.YES else ""
                yield changed(change, content=content, fate=str(event.number))
            elif isinstance(change, FolderMoved):
                yield change
