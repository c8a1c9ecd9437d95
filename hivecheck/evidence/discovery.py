"""From what the user named to every SYSTEM hive in it: a folder, an archive, a disk image, and what lies in those.

Content decides what is a hive, a container or neither; places (`layouts`) tell only what a hive is on its machine. All is read in
place, within the limits. Below a folder that holds an installation of Windows no archive is opened: a volume has thousands.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

from hivecheck.errors import EvidenceError, HivecheckError, NotAHiveError
from hivecheck.evidence.archives import ArchiveMember, ArchiveTree, Contents, first_bytes, open_archive
from hivecheck.evidence.at_hand import keep_at_hand, take_at_hand
from hivecheck.evidence.container_kinds import ARCHIVES, COMPRESSED, HEAD_BYTES, IMAGES, Kind, kind_of
from hivecheck.evidence.damaged_hives import damage_words, is_cut_system, logs_mend
from hivecheck.evidence.file_tree import FileTree, FolderTree, parts_of
from hivecheck.evidence.found import Found, FoundHive, told_once, with_groups
from hivecheck.evidence.hive_links import link_words, links_below
from hivecheck.evidence.layouts import (
    KNOWN_PLACES,
    HiveKind,
    HivePlace,
    is_boot_place,
    is_later_part,
    place_hive,
    software_name,
)
from hivecheck.evidence.limits import DEFAULT_EVIDENCE_LIMITS, Budget, EvidenceLimits, Progress
from hivecheck.evidence.locate import log_names
from hivecheck.evidence.lone_parts import LaterParts
from hivecheck.evidence.member import Member
from hivecheck.evidence.packed_beside import is_file_alone, packed_beside
from hivecheck.evidence.tree_below import TreeBelow
from hivecheck.facts.evidence_path import EvidencePath
from hivecheck.facts.fact import changed
from hivecheck.registry.control_sets import is_system_hive
from hivecheck.registry.regf import open_hive

_SMALLEST_HIVE_BYTES = 8192
_SMALLEST_RAW_IMAGE_BYTES = 512 * 1024  # a smaller file that begins as a disk does is a boot sector
MISSED_TOLD = 10
_LEVELS_TOLD = "it lies in more than {} containers, one in the other; unpack it and name it"


def is_container(path: Path) -> bool:
    """Whether this file is looked into: an archive or a disk image, by its content."""
    try:
        return kind_of(first_bytes(path, HEAD_BYTES)) in (*ARCHIVES, *IMAGES)
    except OSError:
        return False  # opening it as a hive tells what is wrong


def container_word(path: Path) -> str:
    """What one calls this: a folder, an image or an archive."""
    try:
        return "folder" if path.is_dir() else "image" if kind_of(first_bytes(path, HEAD_BYTES)) in IMAGES else "archive"
    except OSError:
        return "file"


def find_evidence(
    named: Path,
    limits: EvidenceLimits = DEFAULT_EVIDENCE_LIMITS,
    progress: Progress | None = None,
    clock: Callable[[], float] | None = None,
    keys: tuple[str, ...] = (),
) -> Found:
    """Every SYSTEM hive in a folder, archive or image. `clock` counts seconds; `keys` open encrypted volumes.

    Raises EvidenceError where there is none, or where the file can't be read as what it is.
    """
    search = _Search(Budget(limits, clock, progress), keys)
    try:
        if named.is_dir():
            search.look_into_folder(named)
        else:
            search.look_into(named, kind_of(first_bytes(named, HEAD_BYTES)), 0)
    except OSError as error:
        raise EvidenceError(f"it can't be read: {error}", str(named)) from error
    hives = told_once(with_groups(search.found, search.damaged))
    missed = tuple(dict.fromkeys((*(words for words, _, _ in search.damaged), *search.missed)))
    if not hives:
        where = "this folder" if named.is_dir() else "this file"
        hint = "Name what holds Windows/System32/config/SYSTEM, or the hive file itself."
        told = f"Not searched: {words_of(missed)}. " if missed else ""
        raise EvidenceError(f"no SYSTEM hive in {where}", str(named), told + hint)
    return Found(hives, missed, tuple(dict.fromkeys(words for words, _, _ in search.damaged)))


def words_of(missed: tuple[str, ...]) -> str:
    """What was missed, in one phrase: the first of it by name; '' for nothing."""
    more = len(missed) - MISSED_TOLD
    return "; ".join((*(one.rstrip(".") for one in missed[:MISSED_TOLD]), *((f"and {more:,} more",) if more > 0 else ())))


class _Search:
    """One argument being searched: what was found and missed so far."""

    def __init__(self, budget: Budget, keys: tuple[str, ...]) -> None:
        self.found: list[tuple[FoundHive, HivePlace, str]] = []
        self.damaged: list[tuple[str, HivePlace, str]] = []
        self.missed: list[str] = []
        self._hints: set[str] = set()
        self._budget = budget
        self._keys = keys
        self._all_bytes = 0  # of the members of the archive that is being looked into, where that is known
        self._file_bytes = 0  # of that archive itself, of which progress is told

    def look_into_folder(self, folder: Path) -> None:
        """Every file of a folder on disk; links are not followed."""
        self._budget.progress.stage(f"searching {folder}")
        tree = FolderTree(folder, entries_at_most=self._budget.limits.files)
        self._look_into_tree(tree, tree.entries(), (folder, str(folder)), 0)
        self.missed += (*tree.missed, *link_words(links_below(folder, self._budget.limits.files)))

    def look_into(self, path: EvidencePath, kind: Kind, depth: int, beside: tuple[EvidencePath, ...] = ()) -> None:
        """An archive or an image. Raises OSError or EvidenceError where it can't be read."""
        self._budget.progress.stage(f"reading {path}")
        self._all_bytes = 0
        if kind in IMAGES:
            self._look_into_image(path, depth, beside)
            return
        contents: Contents = open_archive(path, kind, self._budget)
        self.missed += contents.missed
        self._all_bytes, self._file_bytes = sum(one.size for one in contents.members), path.stat().st_size
        companions: tuple[ArchiveMember, ...] = ()
        if kind in COMPRESSED and len(contents.members) == 1 and is_file_alone(path, contents.members[0]):
            near = packed_beside(path, contents.members[0], beside, self._budget)
            companions = near.members
            self.missed += near.missed
        tree = ArchiveTree(str(path), (*contents.members, *companions), contents.links)
        self._look_into_tree(tree, ((one.stored, one) for one in contents.members), (path, str(path)), depth)

    def _look_into_tree(
        self, tree: FileTree, entries: Iterator[tuple[str, EvidencePath]], top: tuple[EvidencePath, str], depth: int
    ) -> None:
        """The hives among these files, then the containers that lie beside, not below, an installation of Windows.

        `top` is what holds the files, and the words for the volume, equal for its shadow copies.
        """
        containers: list[tuple[tuple[str, ...], EvidencePath, Kind]] = []
        later_parts: list[tuple[tuple[str, ...], EvidencePath]] = []
        lone = LaterParts()
        installed: set[tuple[str, ...]] = set()
        unread: list[str] = []
        seen_bytes = 0
        for place, path in entries:
            self._budget.check_time()
            try:
                size = path.stat().st_size
                head = first_bytes(path, HEAD_BYTES) if size else b""
            except OSError as error:
                if is_boot_place(parts_of(place)):
                    self._tell_damaged(tree, parts_of(place), damage_words(path), top)
                elif not isinstance(path, Path):
                    unread.append(f"{path}: {error}")
                continue
            parts, kind = parts_of(place), kind_of(head)
            if is_later_part(path.name):
                later_parts.append((parts, path))
                lone.add(parts, head, size)
            seen_bytes += size
            if self._all_bytes:
                self._budget.progress.done(self._file_bytes * seen_bytes // self._all_bytes, self._file_bytes)
            else:
                self._budget.progress.done(seen_bytes, 0)
            if (kind is Kind.HIVE and size >= _SMALLEST_HIVE_BYTES) or is_boot_place(parts):
                found = self._add_if_system(tree, parts, path, top)
                if found is not None and found.volume_parts is not None:
                    installed.add(parts[: found.volume_parts])
            elif kind is Kind.HIVE and is_cut_system(path.name, head):
                self.missed.append(damage_words(path))
            if kind not in (Kind.OTHER, Kind.HIVE) and (kind is not Kind.RAW_IMAGE or size >= _SMALLEST_RAW_IMAGE_BYTES):
                containers.append((parts, path, kind))
        if unread:
            self.missed.append(f"{len(unread):,} files of {top[0]} can't be read, the first is {unread[0]}")
        opened = {where for where, one, kind in containers if kind in IMAGES and not is_later_part(one.name)}
        self.missed += lone.lone(tree, installed, opened)
        for parts, path, kind in containers:
            if not any(parts[: len(root)] == root for root in installed) and not (
                kind in IMAGES and is_later_part(path.name)
            ):
                near = [one for where, one, _ in containers if where[:-1] == parts[:-1] and not is_later_part(one.name)]
                near += [one for where, one in later_parts if where[:-1] == parts[:-1]]
                self._look_into_nested(path, kind, depth + 1, tuple(near))

    def _look_into_nested(self, path: EvidencePath, kind: Kind, depth: int, near: tuple[EvidencePath, ...]) -> None:
        """A container found in another one: what is wrong with it is told, and the search goes on."""
        limits = self._budget.limits
        if kind is Kind.UNREAD_ARCHIVE:
            self.missed.append(f"{path}, {kind.value}: unpack it first")
        elif depth > limits.nesting:
            self.missed.append(f"{path}: {_LEVELS_TOLD.format(limits.nesting)}")
        else:
            try:
                self.look_into(path, kind, depth, near)
            except EvidenceError as error:
                hint = error.hint if error.hint not in self._hints else ""  # how to install what is missing, once
                self._hints.add(hint)
                self.missed.append(f"{path}: {error.message}{f'. {hint}' if hint else ''}".rstrip("."))
            except OSError as error:
                self.missed.append(f"{path}: {error}")

    def _look_into_image(self, path: EvidencePath, depth: int, beside: tuple[EvidencePath, ...]) -> None:
        from hivecheck.evidence.images import open_image  # and with it what reads volumes

        held = take_at_hand(path, self._budget) if isinstance(path, Member) else path
        image = open_image(held, self._keys, beside)
        self.missed += [f"{path}: {problem}" for problem in image.problems]
        volume = ""
        for tree in image.trees:
            volume = tree.name if not tree.taken or not volume else volume  # its shadow copies follow it
            known = [(place, one) for place in KNOWN_PLACES if (one := _file_at(tree, place)) is not None]
            if known:
                self._look_into_tree(tree, iter(known), (path, volume), depth)
            for place in filter(lambda one: is_boot_place(parts_of(one)), KNOWN_PLACES):
                entry = tree.find(place)
                if entry is not None and entry.unread:
                    words = f"{entry.path} looks like SYSTEM but can't be read: {entry.unread}"
                    self._tell_damaged(tree, parts_of(place), words, (path, volume))
            if not known and not tree.taken:
                named = ((place, one) for place, one in tree.entries() if "system" in one.name.lower())
                self._look_into_tree(tree, named, (path, volume), depth)
                self.missed += [f"{path}: {problem}" for problem in tree.missed]

    def _add_if_system(
        self, tree: FileTree, parts: tuple[str, ...], path: EvidencePath, top: tuple[EvidencePath, str]
    ) -> HivePlace | None:
        try:
            held = self._held(path)
        except OSError as error:
            if is_boot_place(parts):
                self._tell_damaged(tree, parts, f"{path} looks like SYSTEM but can't be read: {error}", top)
            elif not isinstance(path, Path):
                self.missed.append(f"{path}: {error}")
            return None
        folder = "/".join(parts[:-1])
        if not _is_system(held):
            if not is_boot_place(parts):
                return None
            if not logs_mend(held, _logs_at(tree, folder, path)):
                self._tell_damaged(tree, parts, damage_words(held), top)
                return None
        place = _place(tree, parts)
        software = _file_at(tree, f"{folder}/{software_name(parts[-1])}") if software_name(parts[-1]) else None
        if software is not None and not _begins_as_hive(software):
            software = None
        logs, software_logs = _logs_at(tree, folder, path), _logs_at(tree, folder, software) if software is not None else ()
        hint = place.host_hint or top[0].stem
        volume = _volume(tree, parts, place, path)
        found = FoundHive(held, place.kind, logs, software, software_logs, (str(held),), hint, "", volume)
        self.found.append((found, place, top[1]))
        return place

    def _tell_damaged(self, tree: FileTree, parts: tuple[str, ...], words: str, top: tuple[EvidencePath, str]) -> None:
        self.damaged.append((words.rstrip("."), _place(tree, parts), top[1]))

    def _held(self, path: EvidencePath) -> EvidencePath:
        """The same file; one inside a container with its bytes at hand, as far as the limits allow: it will be read three times."""
        return keep_at_hand(path, self._budget) if isinstance(path, Member) else path


def _place(tree: FileTree, parts: tuple[str, ...]) -> HivePlace:
    place = place_hive(parts)
    return changed(place, kind=HiveKind.SHADOW_COPY) if tree.taken else place


def _file_at(tree: FileTree, place: str) -> EvidencePath | None:
    entry = tree.find(place)
    return entry.path if entry is not None and not entry.is_folder and not entry.unread else None


def _logs_at(tree: FileTree, folder: str, hive: EvidencePath) -> tuple[EvidencePath, ...]:
    """The logs beside a hive, in the order that `find_logs` gives them."""
    found = [
        (place, one) for name, place in log_names(hive).items() if (one := _file_at(tree, f"{folder}/{name}")) is not None
    ]
    return tuple(one for _, one in sorted(found, key=lambda pair: (pair[0], pair[1].name)))


def _begins_as_hive(path: EvidencePath) -> bool:
    try:
        return path.stat().st_size >= _SMALLEST_HIVE_BYTES and kind_of(first_bytes(path, HEAD_BYTES)) is Kind.HIVE
    except OSError:
        return False


def _is_system(path: EvidencePath) -> bool:
    try:
        if first_bytes(path, 32)[28:32] != b"\0\0\0\0":
            return False  # a log, which begins as a hive does
        with open_hive(path) as hive:
            return is_system_hive(hive)
    except (NotAHiveError, OSError):
        return False
    except HivecheckError:
        return "SYSTEM" in path.name.upper()  # damaged, but by its name the one: opening it will say what is wrong


def _volume(tree: FileTree, parts: tuple[str, ...], place: HivePlace, path: EvidencePath) -> FileTree | None:
    """The files of the volume that the hive is of, as a tree of their own."""
    if place.volume_parts is None:
        return None
    root = parts[: place.volume_parts]
    if not root:
        return tree
    if isinstance(path, Path):
        return FolderTree(path.parents[len(parts) - len(root) - 1])
    return TreeBelow(tree, root)
