"""Members of tar archives and of compressed files, read in place: header by header, with bounds on what a header may claim.

Links, devices and pipes are no files here. An uncompressed tar is read where its members lie; of a compressed one the hives and
containers are kept at hand, as far as the limits allow, and everything else is read from its start again.
Sources: POSIX.1-2017 pax (ustar and extended headers), GNU tar manual (long names, base-256 numbers).
"""

import os
from collections.abc import Callable, Iterator
from typing import IO, Protocol

from hivecheck.evidence.archives import ArchiveMember, Contents, looks_like_container
from hivecheck.evidence.at_hand import NO_ROOM, AtHand, gathered, has_room, put_at_hand
from hivecheck.evidence.container_kinds import HEAD_BYTES, Kind
from hivecheck.evidence.hive_links import is_hive_name, link_words
from hivecheck.evidence.limits import Budget, LimitReachedError, size_words
from hivecheck.evidence.member import Member
from hivecheck.evidence.unpacking import Unpacking
from hivecheck.facts.evidence_path import EvidencePath
from hivecheck.facts.fact import fact

_BLOCK = 512
_NAME_BYTES_AT_MOST = 1024 * 1024
_PIECE_BYTES = 1024 * 1024
_UNIX_EPOCH_TICKS = 116_444_736_000_000_000
_SECOND_TICKS = 10_000_000
_LATEST_SECONDS = 1 << 38


class _Stream(Protocol):
    """What is read from one place on, or further on."""

    def read(self, count: int, /) -> bytes: ...
    def seek(self, place: int, /) -> int: ...


@fact
class _TarFile:
    """A regular file of a tar archive: where its bytes begin in the unpacked archive."""

    name: str
    start: int
    size: int
    modified: int


def tar_members(archive: EvidencePath, budget: Budget) -> Contents:
    """The files of a tar archive that is not compressed. Raises OSError where it can't be read."""
    links: list[str] = []
    with archive.open("rb") as file:
        all_bytes = file.seek(0, os.SEEK_END)
        file.seek(0)

        def members() -> Iterator[ArchiveMember]:
            for found in _listed(file, budget, links):
                if found.start + found.size > all_bytes:
                    raise OSError(f"the archive is cut off in {found.name}")
                yield _plain_member(archive, found, budget)
                budget.progress.done(found.start, all_bytes)

        return _contents(archive, members(), links)


def compressed_members(archive: EvidencePath, kind: Kind, budget: Budget) -> Contents:
    """The files of a compressed tar archive, or the one file that was compressed. Raises OSError where it can't be read."""
    with archive.open("rb") as packed:
        head = _unpacking(archive, packed, kind, budget).read(_BLOCK)
    if not _is_header(head):
        return Contents((_single(archive, kind, budget),))
    links: list[str] = []
    with archive.open("rb") as packed:
        stream = _unpacking(archive, packed, kind, budget)
        all_bytes = archive.stat().st_size

        def members() -> Iterator[ArchiveMember]:
            for found in _listed(stream, budget, links):
                first = stream.read(min(found.size, HEAD_BYTES))
                wanted = looks_like_container(first)
                held = None
                if wanted and has_room(found.size, budget):
                    held = put_at_hand(_exactly(stream, found.size, first), budget)
                stream.seek(found.start + found.size)
                yield _packed_member(archive, kind, found, first if wanted else b"", held, budget)
                budget.progress.done(packed.tell(), all_bytes)

        return _contents(archive, members(), links)


def _contents(archive: EvidencePath, found: Iterator[ArchiveMember], links: list[str]) -> Contents:
    """The members with what could not be had. Raises OSError where not even the first can be read."""
    members: list[ArchiveMember] = []
    missed: list[str] = []
    try:
        for member in found:
            members.append(member)  # noqa: PERF402 - those before an error are kept
    except OSError as error:
        if not members:
            raise
        missed.append(f"what lies behind the first {len(members):,} files in {archive}: {error}")
    told = link_words([f"{name} in {archive}" for name in links])
    return Contents(tuple(sorted(members, key=_stored)), (*missed, *told))


def _stored(member: ArchiveMember) -> str:
    return member.stored


def _unpacking(archive: EvidencePath, packed: IO[bytes], kind: Kind, budget: Budget) -> Unpacking:
    return Unpacking(packed, kind, budget, is_inside=isinstance(archive, Member))


def _plain_member(archive: EvidencePath, found: _TarFile, budget: Budget) -> ArchiveMember:
    def begin(count: int) -> bytes:
        with archive.open("rb") as file:
            file.seek(found.start)
            return file.read(min(count, found.size))

    def pieces() -> Iterator[bytes]:
        with archive.open("rb") as file:
            file.seek(found.start)
            for piece in _exactly(file, found.size):
                budget.spend(len(piece), 0 if isinstance(archive, Member) else len(piece))
                yield piece

    return ArchiveMember(archive, found.name, found.size, _gatherer(pieces, found, budget), begin, found.modified)


def _packed_member(
    archive: EvidencePath, kind: Kind, found: _TarFile, head: bytes, held: AtHand | None, budget: Budget
) -> ArchiveMember:
    def pieces() -> Iterator[bytes]:
        with archive.open("rb") as packed:
            stream = _unpacking(archive, packed, kind, budget)
            stream.seek(found.start)
            yield from _exactly(stream, found.size)

    load = held.open if held is not None else _gatherer(pieces, found, budget)
    return ArchiveMember(archive, found.name, found.size, load, lambda count: head[:count], found.modified)


def _gatherer(pieces: Callable[[], Iterator[bytes]], found: _TarFile, budget: Budget) -> Callable[[], IO[bytes]]:
    """A way to unpack the member anew; one that claims too many bytes is refused before."""

    def load() -> IO[bytes]:
        if found.size > budget.limits.member_bytes:
            raise LimitReachedError(f"it has more than {size_words(budget.limits.member_bytes)}")
        return gathered(pieces(), budget.limits.member_bytes)

    return load


def _single(archive: EvidencePath, kind: Kind, budget: Budget) -> ArchiveMember:
    """The file that was compressed alone; its size is known once it was read, as what the format says of it is not to be trusted."""

    def pieces() -> Iterator[bytes]:
        with archive.open("rb") as packed:
            stream = _unpacking(archive, packed, kind, budget)
            while piece := stream.read(_PIECE_BYTES):
                yield piece

    if not has_room(0, budget):
        raise LimitReachedError(NO_ROOM)
    held = put_at_hand(pieces(), budget)
    return ArchiveMember(archive, archive.stem or archive.name, held.size, held.open, lambda count: held.bytes_at(0, count))


# --- tar headers ---------------------------------------------------------------------------------------------------------------


def _listed(stream: _Stream, budget: Budget, links: list[str]) -> Iterator[_TarFile]:
    """The regular files, each before its bytes are passed over: the reader of this may have read all of them, or none.

    `links` takes the names of links, devices and pipes where a hive may lie. Raises OSError where a header is damaged.
    """
    long_name, pax_size, place = "", -1, 0
    for count in range(budget.limits.members * 2):
        if count >= budget.limits.members:
            raise LimitReachedError(f"it has more than {budget.limits.members:,} members")
        stream.seek(place)
        header = stream.read(_BLOCK)
        if not header or header == bytes(_BLOCK):
            return
        if not _is_header(header):
            raise OSError(f"there is no header of a member at byte {place:,}")
        size, kind = _number(header[124:136]), header[156:157]
        place += _BLOCK
        if kind in (b"L", b"K", b"x", b"g"):
            if size > _NAME_BYTES_AT_MOST:
                raise LimitReachedError(f"the name of a member claims {size:,} bytes")
            told = b"".join(_exactly(stream, size))
            if kind == b"L":
                long_name = _text(told.rstrip(b"\0"))
            elif kind == b"x":
                pax = _pax(told)
                long_name = pax.get("path", long_name)
                pax_size = int(pax["size"]) if pax.get("size", "").isdecimal() and len(pax["size"]) < 20 else -1
            place += _padded(size)
            continue
        size = pax_size if pax_size >= 0 else size
        if kind in (b"0", b"\0", b"7"):
            yield _TarFile(long_name or _header_name(header), place, size, _modified(header))
        elif kind in (b"1", b"2", b"3", b"4", b"6"):
            name = long_name or _header_name(header)
            if is_hive_name(name.rstrip("/").rpartition("/")[2]):
                links.append(name)
        if kind not in (b"1", b"2", b"3", b"4", b"5", b"6"):
            place += _padded(size)
        long_name, pax_size = "", -1


def _is_header(block: bytes) -> bool:
    """Whether the checksum of a tar header is right, which also archives from before `ustar` have."""
    if len(block) < _BLOCK or not block[0]:
        return False
    try:
        told = int(block[148:156].strip(b" \0") or b"x", 8)
    except ValueError:
        return False
    return told == sum(block) - sum(block[148:156]) + 8 * 32


def _number(field: bytes) -> int:
    """Octal digits, or base 256 where the first bit is set. Raises OSError where it is neither, or negative."""
    if field[0] & 0x80:
        return int.from_bytes(bytes((field[0] & 0x7F,)) + field[1:], "big")
    try:
        return int(field.strip(b" \0") or b"0", 8)
    except ValueError:
        raise OSError("the size of a member is no number") from None


def _header_name(header: bytes) -> str:
    name, prefix = header[:100].split(b"\0")[0], header[345:500].split(b"\0")[0]
    is_posix = header[257:263] == b"ustar\0"
    return _text(prefix + b"/" + name if prefix and is_posix else name)


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "backslashreplace")


def _pax(told: bytes) -> dict[str, str]:
    """The keywords of an extended header: `LENGTH KEYWORD=VALUE\\n` each; what is malformed ends the list."""
    found: dict[str, str] = {}
    while told:
        length, blank, _ = told.partition(b" ")
        if not blank or not length.isdigit() or len(length) > 7 or not int(length):
            break
        keyword, _, value = told[len(length) + 1 : int(length)].rstrip(b"\n").partition(b"=")
        found[_text(keyword)] = _text(value)
        told = told[int(length) :]
    return found


def _modified(header: bytes) -> int:
    try:
        seconds = _number(header[136:148])
    except OSError:
        return 0
    return seconds * _SECOND_TICKS + _UNIX_EPOCH_TICKS if 0 < seconds < _LATEST_SECONDS else 0


def _padded(size: int) -> int:
    return -(-size // _BLOCK) * _BLOCK


def _exactly(stream: _Stream, size: int, first: bytes = b"") -> Iterator[bytes]:
    """So many bytes in pieces, `first` those that were read already. Raises OSError where the archive ends before."""
    if first:
        yield first
    left = size - len(first)
    while left > 0:
        piece = stream.read(min(left, _PIECE_BYTES))
        if not piece:
            raise OSError("the archive is cut off")
        left -= len(piece)
        yield piece
