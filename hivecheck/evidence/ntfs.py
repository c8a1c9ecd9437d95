"""The files of one NTFS volume, in any case and by their 8.3 names too, read by libfsntfs (extra `images`).

That library reads what Windows compressed, CompactOS programs included; what it can't read is said to be unread. Every number on
the volume may be an attacker's: names are words, folders that contain themselves are entered once, and depth is bounded.
"""

from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path
from typing import IO, Any

from hivecheck.evidence.file_tree import FileEntry, parts_of
from hivecheck.evidence.member import Member
from hivecheck.evidence.placed import Placed
from hivecheck.evidence.volumes import Window
from hivecheck.facts.evidence_path import EvidencePath

_ENTRIES_AT_MOST = 10_000_000
_LEVELS = 64
_BUFFER_BYTES = 1024 * 1024
_ROOT = 5  # the record of the root folder
_FIRST_OF_THE_USER = 24  # the records below are the volume's own
_WOF = 0x80000017
_REPARSE_KINDS = {
    0xA000000C: "symbolic link",
    0xA0000003: "mount point",
    _WOF: "compressed by CompactOS",
    0x80000013: "deduplicated",
    0x9000001A: "cloud file",
}
_LINKS = frozenset({0xA000000C, 0xA0000003})


class NtfsTree:
    """Satisfies `FileTree`. `container` is the file on disk that holds the image, `inside` the words for the volume in it."""

    short_names = True
    is_volume = True

    def __init__(
        self, source: Window, container: Path, inside: str, *, taken: int = 0, entries_at_most: int = _ENTRIES_AT_MOST
    ) -> None:
        """Raises OSError where it is no NTFS volume, or one too damaged to be opened."""
        import pyfsntfs

        self.name = f"{container}!{inside}"
        self.taken = taken
        self._container = container
        self._inside = inside
        self._lock = source.lock
        self._entries_at_most = entries_at_most
        self._missed: list[str] = []
        self._spellings: dict[tuple[str, ...], str] = {}
        self._above: dict[tuple[str, ...], Any] = {}
        self._volume = pyfsntfs.volume()
        with self._lock:
            try:
                self._volume.open_file_object(source)
            except Exception as error:
                raise OSError("its NTFS file system can't be read: it is damaged") from error

    @property
    def missed(self) -> tuple[str, ...]:
        return tuple(self._missed)

    def entries(self, below: str = "") -> Iterator[tuple[str, EvidencePath]]:
        """As `FileTree` says; ordinary files, without the volume's own ones and alternate streams."""
        self._missed.clear()
        parts = parts_of(below)
        top, is_folder, tag = self._kind(self._look_up(parts)) if parts else (_ROOT, True, 0)
        if not is_folder or tag in _LINKS:
            return
        folders = {top}
        waiting = [(self._spelled(parts), top)]
        seen = 0
        while waiting:
            place, number = waiting.pop()
            if place.count("/") >= _LEVELS:
                self._missed.append(f"what lies more than {_LEVELS} levels below, in {place}")
                continue
            inner: list[tuple[str, int]] = []
            for name, one in self._listed(number, place):
                seen += 1
                if seen > self._entries_at_most:
                    self._missed.append(
                        f"all behind the first {self._entries_at_most:,} names, from {place or 'its root'} on"
                    )
                    return
                path = f"{place}/{name}" if place else name
                record, is_folder, tag = self._kind(one)
                if tag in _LINKS or (record < _FIRST_OF_THE_USER and name.startswith("$")):
                    continue
                if not is_folder:
                    yield path, self._member(path, one)
                elif record not in folders:
                    folders.add(record)
                    inner.append((path, record))
            waiting.extend(reversed(inner))

    def find(self, path: str) -> FileEntry | None:
        """As `FileTree` says; long or short names."""
        parts = parts_of(path)
        found = self._look_up(parts)
        if found is not None:
            return self._entry(self._spelled(parts, found), found)
        for level in range(len(parts) - 1, 0, -1):  # the longest part of the path that is there may be a link
            above = self._look_up_above(parts[:level])
            if above is None:
                continue
            _, _, tag = self._kind(above)
            if not tag:
                return None
            where = f"{self._spelled(parts[:level])}/{'/'.join(parts[level:])}"
            told = self._reparse(above, tag)
            unread = f"its folder {self._spelled(parts[:level]).rpartition('/')[2]} is a {told}, which is not followed"
            return FileEntry(
                Member(self._container, f"{self._inside}/{where}", 0, _refuse(unread)), 0, reparse=told, unread=unread
            )
        return None

    def count_names(self, folder: str) -> int:
        """As `FileTree` says."""
        found = self._look_up(parts_of(folder))
        with self._lock:
            try:
                return int(found.number_of_sub_file_entries) if found is not None else 0
            except Exception:  # noqa: BLE001 - a damaged folder
                return 0

    def _spelled(self, parts: tuple[str, ...], found: Any = None) -> str:
        """The path as its names are spelled on the volume, the long ones. `found` is what lies there, where that is known."""
        if not parts:
            return ""
        if parts not in self._spellings:
            above = self._spelled(parts[:-1])
            found = found if found is not None else self._look_up_above(parts)
            name = (found.name if found is not None else None) or parts[-1]
            self._spellings[parts] = f"{above}/{name}" if above else name
        return self._spellings[parts]

    def _look_up_above(self, parts: tuple[str, ...]) -> Any:
        """The same for what lies above the paths that are asked for, remembered: hundreds of them share a few folders."""
        if parts not in self._above:
            self._above[parts] = self._look_up(parts)
        return self._above[parts]

    def _look_up(self, parts: tuple[str, ...]) -> Any:
        with self._lock:
            try:
                return self._volume.get_file_entry_by_path("\\" + "\\".join(parts))
            except Exception:  # noqa: BLE001 - damage, or a name that no volume can have
                return None

    def _listed(self, number: int, place: str) -> list[tuple[str, Any]]:
        """The names in the folder of this record with what they stand for, sorted; a damaged one gives those that can be read."""
        found: list[tuple[str, Any]] = []
        bad = 0
        with self._lock:
            try:
                folder = self._volume.get_file_entry(number)
                count = min(folder.number_of_sub_file_entries, self._entries_at_most)
            except Exception:  # noqa: BLE001
                self._missed.append(f"the folder /{place} of {self._inside}, which can't be read")
                return []
            for index in range(count):
                try:
                    one = folder.get_sub_file_entry(index)
                    name = one.name
                except Exception:  # noqa: BLE001
                    bad += 1
                    continue
                if name:
                    found.append((name, one))
        if bad:
            self._missed.append(f"{bad:,} names in the folder /{place} of {self._inside}, which can't be read")
        return sorted(found, key=lambda pair: pair[0])

    def _kind(self, one: Any) -> tuple[int, bool, int]:
        """Its record's number, whether it is a folder, and the tag of its reparse point, 0 where it is none."""
        with self._lock:
            try:
                flags = one.file_attribute_flags or 0
                number = one.file_reference & 0xFFFF_FFFF_FFFF
                is_folder = bool(one.has_directory_entries_index())
                tag = 0
                if flags & 0x400:
                    kinds = (getattr(attribute, "tag", None) for attribute in one.attributes)
                    tag = next((kind for kind in kinds if kind), 0)
            except Exception:  # noqa: BLE001 - a record that can't be told is shown as a file that can't be read
                return 0, False, 0
        return number, is_folder, tag

    def _reparse(self, one: Any, tag: int) -> str:
        kind = _REPARSE_KINDS.get(tag, f"reparse point of kind 0x{tag:08X}")
        with self._lock:
            try:
                target = one.symbolic_link_target if tag in _LINKS else None
            except Exception:  # noqa: BLE001
                target = None
        return f"{kind} to {target}" if target else kind

    def _entry(self, path: str, one: Any) -> FileEntry:
        _, is_folder, tag = self._kind(one)
        member = self._member(path, one)
        reparse = self._reparse(one, tag) if tag else ""
        unread = ""
        if tag in _LINKS:
            unread = f"it is a {reparse}, which is not followed"
        elif tag and tag != _WOF and not is_folder:
            unread = f"its bytes lie elsewhere: {reparse}"
        elif not is_folder:
            unread = self._first_fault(member)
        created, modified, changed = (self._time(one, which) for which in ("creation", "modification", "entry_modification"))
        size = 0 if is_folder else member.size
        return FileEntry(member, size, created, modified, changed, is_folder, reparse, unread)

    def _time(self, one: Any, which: str) -> int:
        """One of its times in FILETIME ticks, 0 where it has none."""
        with self._lock:
            try:
                return int(getattr(one, f"get_{which}_time_as_integer")() or 0)
            except Exception:  # noqa: BLE001
                return 0

    def _first_fault(self, member: Member) -> str:
        """Why its bytes can't be read, told by reading the first and the last of them."""
        try:
            with member.open() as file:
                file.read(1)
                if member.size > 1:
                    file.seek(member.size - 1)
                    if not file.read(1):
                        return "its bytes end before its size says"
        except OSError as error:
            return str(error)
        return ""

    def _member(self, path: str, one: Any) -> Member:
        inside = f"{self._inside}/{path}"
        with self._lock:
            try:
                size = one.size if one.has_default_data_stream() else 0
                number = one.file_reference
            except Exception:  # noqa: BLE001
                return Member(self._container, inside, 0, _refuse("its record on the volume is damaged"))
        return Member(self._container, inside, size, lambda: self._open(number, size))

    def _open(self, reference: int, size: int) -> IO[bytes]:
        with self._lock:
            try:
                one = self._volume.get_file_entry(reference & 0xFFFF_FFFF_FFFF)
            except Exception as error:
                raise OSError("its record on the volume is damaged") from error
        return BufferedReader(_NtfsFile(one, size, self._lock), min(_BUFFER_BYTES, max(size, 512)))


class _NtfsFile(Placed):
    """The bytes of a file on an NTFS volume, with a position of its own."""

    def __init__(self, one: Any, size: int, lock: Any) -> None:
        super().__init__(size)
        self._one = one
        self._lock = lock

    def _bytes_at(self, place: int, count: int) -> bytes:
        with self._lock:
            try:
                return bytes(self._one.read_buffer_at_offset(count, place))
            except Exception as error:
                raise OSError("its bytes can't be read from the volume, which is damaged or cut there") from error


def _refuse(why: str) -> Any:
    """A way to open a file that says why it can't be."""

    def load() -> IO[bytes]:
        raise OSError(why)

    return load
