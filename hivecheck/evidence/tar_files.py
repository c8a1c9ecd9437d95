"""Members of tar archives and of compressed files, read in place.

Links, devices and pipes are no files here, but told. An uncompressed tar is read where its members lie; of a compressed one the hives
and containers are kept at hand, as far as the limits allow, and everything else is read from its start again.
"""

import os
from collections.abc import Callable, Iterator
from itertools import chain
from typing import IO

from hivecheck.evidence.archives import ArchiveLink, ArchiveMember, Contents, looks_like_container, told_links
from hivecheck.evidence.at_hand import NO_ROOM, AtHand, gathered, has_room, put_at_hand
from hivecheck.evidence.container_kinds import HEAD_BYTES, Kind
from hivecheck.evidence.limits import Budget, LimitReachedError, size_words
from hivecheck.evidence.member import Member
from hivecheck.evidence.tar_headers import BLOCK, TarFile, exactly, is_header, listed_files
from hivecheck.evidence.tar_sparse import Stream, with_holes
from hivecheck.evidence.unpacking import Unpacking
from hivecheck.facts.evidence_path import EvidencePath
from hivecheck.registry.plain_files import open_plain

_PIECE_BYTES = 1024 * 1024


def tar_members(archive: EvidencePath, budget: Budget) -> Contents:
    """The files of a tar archive that is not compressed. Raises OSError where it can't be read."""
    links: list[ArchiveLink] = []
    with open_plain(archive) as file:
        all_bytes = file.seek(0, os.SEEK_END)
        file.seek(0)

        def members() -> Iterator[ArchiveMember]:
            for found in listed_files(file, budget, links):
                if found.start + found.stored > all_bytes:
                    raise OSError(f"the archive is cut off in {found.name}")
                yield _plain_member(archive, found, budget)
                budget.progress.done(found.start, all_bytes)

        return _contents(archive, members(), links)


def compressed_members(archive: EvidencePath, kind: Kind, budget: Budget) -> Contents:
    """The files of a compressed tar archive, or the one file that was compressed. Raises OSError where it can't be read."""
    with open_plain(archive) as packed:
        head = _unpacking(archive, packed, kind, budget).read(BLOCK)
    if not is_header(head):
        return Contents((_single(archive, kind, budget),))
    links: list[ArchiveLink] = []
    with open_plain(archive) as packed:
        stream = _unpacking(archive, packed, kind, budget)
        all_bytes = archive.stat().st_size

        def members() -> Iterator[ArchiveMember]:
            for found in listed_files(stream, budget, links):
                pieces = _bytes_of(stream, found, budget)
                first = _first(pieces, HEAD_BYTES)
                wanted = looks_like_container(first[:HEAD_BYTES])
                held = None
                if wanted and has_room(found.size, budget):
                    held = put_at_hand(chain((first,), pieces), budget)
                stream.seek(found.start + found.stored)
                yield _packed_member(archive, kind, found, first[:HEAD_BYTES] if wanted else b"", held, budget)
                budget.progress.done(packed.tell(), all_bytes)

        return _contents(archive, members(), links)


def _contents(archive: EvidencePath, found: Iterator[ArchiveMember], links: list[ArchiveLink]) -> Contents:
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
    told = told_links(links, archive)
    return Contents(tuple(sorted(members, key=_stored)), (*missed, *told), tuple(links))


def _stored(member: ArchiveMember) -> str:
    return member.stored


def _unpacking(archive: EvidencePath, packed: IO[bytes], kind: Kind, budget: Budget) -> Unpacking:
    return Unpacking(packed, kind, budget, is_inside=isinstance(archive, Member))


def _plain_member(archive: EvidencePath, found: TarFile, budget: Budget) -> ArchiveMember:
    def begin(count: int) -> bytes:
        with open_plain(archive) as file:
            file.seek(found.start)
            return _first(_bytes_of(file, found, budget, packed=0), count)[:count]

    def pieces() -> Iterator[bytes]:
        with open_plain(archive) as file:
            file.seek(found.start)
            yield from _bytes_of(file, found, budget, packed=0 if isinstance(archive, Member) else 1)

    return ArchiveMember(archive, found.name, found.size, _gatherer(pieces, found, budget), begin, found.modified)


def _packed_member(
    archive: EvidencePath, kind: Kind, found: TarFile, head: bytes, held: AtHand | None, budget: Budget
) -> ArchiveMember:
    def pieces() -> Iterator[bytes]:
        with open_plain(archive) as packed:
            stream = _unpacking(archive, packed, kind, budget)
            stream.seek(found.start)
            yield from _bytes_of(stream, found, budget)

    load = held.open if held is not None else _gatherer(pieces, found, budget)
    return ArchiveMember(archive, found.name, found.size, load, lambda count: head[:count], found.modified)


def _bytes_of(stream: Stream, found: TarFile, budget: Budget, packed: int | None = None) -> Iterator[bytes]:
    """The bytes of a member from where the stream stands, holes as zeros. `packed`: how many bytes on disk each of them counts, None
    where the stream counts them itself.
    """
    pieces = exactly(stream, found.stored)
    if packed is not None:
        pieces = _spent(pieces, budget, packed)
    return with_holes(pieces, found.sparse, budget) if found.sparse is not None else pieces


def _spent(pieces: Iterator[bytes], budget: Budget, packed: int) -> Iterator[bytes]:
    for piece in pieces:
        budget.spend(len(piece), packed * len(piece))
        yield piece


def _first(pieces: Iterator[bytes], count: int) -> bytes:
    """At least so many bytes, where there are."""
    found = b""
    while len(found) < count and (piece := next(pieces, b"")):
        found += piece
    return found


def _gatherer(pieces: Callable[[], Iterator[bytes]], found: TarFile, budget: Budget) -> Callable[[], IO[bytes]]:
    """A way to unpack the member anew; one that claims too many bytes is refused before."""

    def load() -> IO[bytes]:
        if found.size > budget.limits.member_bytes:
            raise LimitReachedError(f"it has more than {size_words(budget.limits.member_bytes)}")
        return gathered(pieces(), budget.limits.member_bytes)

    return load


def _single(archive: EvidencePath, kind: Kind, budget: Budget) -> ArchiveMember:
    """The file that was compressed alone; its size is known once it was read, as what the format says of it is not to be trusted."""

    def pieces() -> Iterator[bytes]:
        with open_plain(archive) as packed:
            stream = _unpacking(archive, packed, kind, budget)
            while piece := stream.read(_PIECE_BYTES):
                budget.progress.done(packed.tell(), all_bytes)
                yield piece

    all_bytes = archive.stat().st_size
    if not has_room(0, budget):
        raise LimitReachedError(NO_ROOM)
    held = put_at_hand(pieces(), budget)
    return ArchiveMember(archive, archive.stem or archive.name, held.size, held.open, lambda count: held.bytes_at(0, count))
