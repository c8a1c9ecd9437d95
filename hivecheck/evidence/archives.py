"""Archives as evidence: their members in one shape, whatever the format, and a volume's files made of them.

A member's name is a word of whoever made the archive: it is shown and compared, and never is a path on our disk.
"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO

from hivecheck.evidence.container_kinds import Kind, kind_of
from hivecheck.evidence.file_tree import FileEntry, parts_of
from hivecheck.evidence.hive_links import is_hive_name, link_words
from hivecheck.evidence.layouts import decoded
from hivecheck.evidence.limits import Budget
from hivecheck.evidence.member import Member
from hivecheck.facts.evidence_path import EvidencePath
from hivecheck.facts.fact import fact
from hivecheck.registry.plain_files import open_plain


class ArchiveMember(Member):
    """A regular file of an archive. `stored` is its name as the archive spells it, `modified` FILETIME ticks, 0 where not known.

    `begin` gives its first bytes without unpacking the rest; it raises OSError as `load` does.
    """

    def __init__(
        self,
        archive: EvidencePath,
        stored: str,
        size: int,
        load: Callable[[], IO[bytes]],
        begin: Callable[[int], bytes],
        modified: int = 0,
    ) -> None:
        container, inside = place_inside(archive, stored)
        super().__init__(container, inside, size, load)
        self.stored = stored
        self.modified = modified
        self._begin = begin

    @property
    def name(self) -> str:
        return self.stored.replace("\\", "/").rsplit("/", 1)[-1]

    def first_bytes(self, count: int) -> bytes:
        """Up to so many. Raises OSError where they can't be read."""
        return self._begin(count)


@fact
class ArchiveLink:
    """A link, device or pipe of an archive: its name and, of a link, where it leads, '' else. `what` is one of them, with its article."""

    stored: str
    target: str
    what: str


@fact
class Contents:
    """The regular files of an archive in the order of their names; `missed` says what of it can't be had, in words for people.

    `links` are no files: nothing follows them, and what they are is told.
    """

    members: tuple[ArchiveMember, ...]
    missed: tuple[str, ...] = ()
    links: tuple[ArchiveLink, ...] = ()


def told_links(links: Iterable[ArchiveLink], archive: EvidencePath) -> tuple[str, ...]:
    """That links were not followed where a hive may lie, in words; nothing for none."""
    named = [one.stored.rstrip("/") for one in links]
    return link_words([f"{name} in {archive}" for name in named if is_hive_name(name.replace("\\", "/").rpartition("/")[2])])


def place_inside(archive: EvidencePath, stored: str) -> tuple[Path, str]:
    """The file on disk that holds all, and the way from there: `inner.zip!C/Windows/System32/config/SYSTEM`."""
    if isinstance(archive, Member):
        return archive.container, f"{archive.inside}!{stored}"
    return archive if isinstance(archive, Path) else Path(str(archive)), stored


def first_bytes(path: EvidencePath, count: int) -> bytes:
    """The first bytes of a file, wherever it lies. Raises OSError where they can't be read."""
    if isinstance(path, ArchiveMember):
        return path.first_bytes(count)
    with open_plain(path) as file:
        return file.read(count)


def open_archive(path: EvidencePath, kind: Kind, budget: Budget) -> Contents:
    """The members of an archive of this kind. Raises OSError where it is none, is damaged at its start, or costs too much.

    An archive that lies inside another one is unpacked first.
    """
    from hivecheck.evidence.at_hand import take_at_hand
    from hivecheck.evidence.tar_files import compressed_members, tar_members
    from hivecheck.evidence.zip_files import zip_members

    held = take_at_hand(path, budget) if isinstance(path, Member) else path
    if kind is Kind.ZIP:
        return zip_members(held, budget)
    if kind is Kind.TAR:
        return tar_members(held, budget)
    return compressed_members(held, kind, budget)


def looks_like_container(head: bytes) -> bool:
    """Whether a file with these first bytes is looked into."""
    return kind_of(head) is not Kind.OTHER


class ArchiveTree:
    """The members of an archive as files of a volume. Satisfies `FileTree`."""

    short_names = False
    is_volume = False
    taken = 0

    def __init__(self, name: str, members: tuple[ArchiveMember, ...], links: tuple[ArchiveLink, ...] = ()) -> None:
        self.name = name
        self.missed: tuple[str, ...] = ()
        self._members = members
        self._links = {"/".join(parts_of(one.stored)).upper(): one for one in links}
        self._places: dict[str, ArchiveMember] | None = None
        self._folders: frozenset[str] = frozenset()

    def entries(self, below: str = "") -> Iterator[tuple[str, EvidencePath]]:
        """As `FileTree` says, in the order of the archive's list of names."""
        folder = "".join(f"{part}/" for part in parts_of(below.upper()))
        for member in self._members:
            place = "/".join(parts_of(member.stored))
            if not folder or place.upper().startswith(folder):
                yield place, member

    def find(self, path: str) -> FileEntry | None:
        """As `FileTree` says, with names as stored or with their percent escapes resolved; a folder is known by what lies in it.

        Of two members of one name the first is given.
        """
        if self._places is None:
            self._places, self._folders = _places_of(self._members)
        wanted = "/".join(parts_of(path)).upper()
        member = self._places.get(wanted)
        if member is not None:
            return FileEntry(member, member.size, modified=member.modified)
        if wanted in self._folders:
            return FileEntry(self._members[0], 0, is_folder=True)
        return self._link_at(wanted.split("/")) if self._links else None

    def _link_at(self, parts: list[str]) -> FileEntry | None:
        """What is told of a path that is a link, or lies behind one; None for any other."""
        for level in range(len(parts), 0, -1):
            link = self._links.get("/".join(parts[:level]))
            if link is not None:
                which = "it" if level == len(parts) else f"its folder {link.stored.rstrip('/').rpartition('/')[2]}"
                reparse = f"link to {link.target}" if link.target else link.what
                unread = f"{which} is {link.what}, which is not followed"
                return FileEntry(self._nothing(link, unread), 0, reparse=reparse, unread=unread)
        return None

    def _nothing(self, link: ArchiveLink, why: str) -> Member:
        def refuse() -> IO[bytes]:
            raise OSError(why)

        return Member(Path(self.name), link.stored, 0, refuse)

    def count_names(self, folder: str) -> int:
        """As `FileTree` says."""
        level = len(parts_of(folder))
        above = parts_of(folder.upper())
        inside = (parts_of(member.stored.upper()) for member in self._members)
        return len({parts[level] for parts in inside if len(parts) > level and parts[:level] == above})


def _places_of(members: tuple[ArchiveMember, ...]) -> tuple[dict[str, ArchiveMember], frozenset[str]]:
    """The members by their places in upper case, and all folders above them."""
    places: dict[str, ArchiveMember] = {}
    folders: set[str] = set()
    for member in members:
        parts = parts_of(member.stored.upper())
        plain = (*parts[:-1], decoded(parts[-1])) if parts else ()
        places.setdefault("/".join(parts), member)
        places.setdefault("/".join(plain).upper(), member)
        above = "/".join(parts[:-1])
        while above and above not in folders:
            folders.add(above)
            above = above.rpartition("/")[0]
    return places, frozenset(folders)
