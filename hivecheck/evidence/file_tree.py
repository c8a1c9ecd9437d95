"""The files of one Windows volume as they were collected: a mounted volume or triage folder, an archive, a volume of an image.

Paths are words of the evidence: forward slashes below the volume's root, compared without case, and never paths on our disk
before each part of them was met there as a name.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from hivecheck.facts.evidence_path import EvidencePath
from hivecheck.facts.fact import fact

_ENTRIES_AT_MOST = 10_000_000  # a volume of Windows alone may hold a million
_LEVELS = 64
_UNIX_EPOCH_TICKS = 116_444_736_000_000_000


@fact
class FileEntry:
    """A file or folder that is there. Times are FILETIME ticks, 0 where they are not known.

    `reparse` says what kind of reparse point it is and, for a link, where it leads; '' for an ordinary file. `unread` says why its
    bytes can't be read, '' where they can.
    """

    path: EvidencePath
    size: int
    created: int = 0
    modified: int = 0
    changed: int = 0
    is_folder: bool = False
    reparse: str = ""
    unread: str = ""


class FileTree(Protocol):
    """A volume whose files can be asked for. It is read when asked, and never written."""

    @property
    def name(self) -> str:
        """Which volume, in words for people."""
        ...

    @property
    def taken(self) -> int:
        """When the state was frozen, in FILETIME ticks: the creation of a shadow copy. 0 for a volume as it was collected."""
        ...

    @property
    def short_names(self) -> bool:
        """Whether 8.3 names are known here. Where they are not, a path with one says nothing by not being found."""
        ...

    @property
    def is_volume(self) -> bool:
        """Whether it is a volume itself, with all its files; False for a choice of files, or what may be one."""
        ...

    @property
    def missed(self) -> tuple[str, ...]:
        """What `entries` left out so far, in words for people."""
        ...

    def entries(self, below: str = "") -> Iterator[tuple[str, EvidencePath]]:
        """The files with their paths, sorted by path within each folder; links are not followed. `below`: those below a folder only.

        Paths are those of the volume in any case. A folder that is not there, or is no folder, has none.
        """
        ...

    def find(self, path: str) -> FileEntry | None:
        """What lies at `Windows/System32/x.exe`, in any case; None where there is no such file or folder."""
        ...

    def count_names(self, folder: str) -> int:
        """How many files and folders lie in a folder itself; 0 where there is no such folder, or it can't be listed."""
        ...


class FolderTree:
    """A folder on disk that stands for the root of a volume; links in it are not followed.

    Only the time of the last change of a file's bytes is told: the others are those of the copy, on most systems.
    """

    short_names = False
    is_volume = False
    taken = 0

    def __init__(self, root: Path, name: str = "", entries_at_most: int = _ENTRIES_AT_MOST) -> None:
        self.root = root
        self.name = name or str(root)
        self._entries_at_most = entries_at_most
        self._missed: list[str] = []
        self._names: dict[Path, dict[str, str]] = {}

    @property
    def missed(self) -> tuple[str, ...]:
        return tuple(self._missed)

    def entries(self, below: str = "") -> Iterator[tuple[str, EvidencePath]]:
        """As `FileTree` says; regular files only."""
        self._missed.clear()
        seen = 0
        top = self.find(below) if below else _entry(self.root)
        if top is None or not top.is_folder or not isinstance(top.path, Path):
            return
        for place, folders, names in os.walk(top.path, onerror=self._note_unlisted, followlinks=False):
            folder = Path(place)
            folders.sort()
            if folders and len(folder.parts) - len(self.root.parts) >= _LEVELS:
                self._missed.append(f"what lies more than {_LEVELS} levels below, in {place}")
                folders.clear()
            for name in sorted(names):
                seen += 1
                if seen > self._entries_at_most:
                    self._missed.append(f"all behind the first {self._entries_at_most:,} files, from {place} on")
                    return
                path = folder / name
                if path.is_file() and not path.is_symlink():
                    yield path.relative_to(self.root).as_posix(), path

    def find(self, path: str) -> FileEntry | None:
        place = self.root
        parts = parts_of(path)
        for level, part in enumerate(parts):
            name = self._listed(place).get(part.upper())
            if name is None:
                return None
            place = place / name
            if place.is_symlink():
                return _link(place, is_last=level == len(parts) - 1)
        return _entry(place)

    def count_names(self, folder: str) -> int:
        """As `FileTree` says."""
        entry = self.find(folder)
        return (
            len(self._listed(entry.path)) if entry is not None and isinstance(entry.path, Path) and not entry.reparse else 0
        )

    def _listed(self, folder: Path) -> dict[str, str]:
        """The names in a folder by their upper-case form; of two that differ in case only, the first in the sorted list."""
        if folder not in self._names:
            try:
                names = sorted(os.listdir(folder), reverse=True)
            except OSError:
                names = []  # no folder, or none that can be listed: nothing is found in it
            self._names[folder] = {name.upper(): name for name in names}
        return self._names[folder]

    def _note_unlisted(self, error: OSError) -> None:
        self._missed.append(f"{error.filename} can't be listed: {error.strerror or error}")


def parts_of(path: str) -> tuple[str, ...]:
    """The names in a path, whichever slash divides them; empty ones and `.` left out. `..` stays, and is found nowhere."""
    return tuple(part for part in path.replace("\\", "/").split("/") if part not in ("", "."))


def _link(place: Path, *, is_last: bool) -> FileEntry:
    try:
        target = os.readlink(place)
    except OSError as error:
        target = f"a place that can't be read ({error.strerror or error})"
    which = "it" if is_last else f"its folder {place.name}"
    return FileEntry(place, 0, reparse=f"link to {target}", unread=f"{which} is a link, which is not followed")


def _entry(place: Path) -> FileEntry | None:
    try:
        state = place.lstat()
    except OSError:
        return None
    is_folder = place.is_dir()
    modified = state.st_mtime_ns // 100 + _UNIX_EPOCH_TICKS
    unread = "" if is_folder or place.is_file() else "it is no regular file"
    return FileEntry(place, 0 if is_folder else state.st_size, modified=max(modified, 0), is_folder=is_folder, unread=unread)
