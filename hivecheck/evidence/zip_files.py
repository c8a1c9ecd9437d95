"""Members of zip archives, read in place and piece by piece.

The list of members is read by the standard library; the members are not: each is read by itself, from its own place in the file,
with a bound on what it may unpack to. What its entry claims of sizes is never trusted. Source: PKWARE APPNOTE 6.3.10.
"""

import bz2
import os
import zlib
from collections.abc import Iterator
from datetime import datetime
from struct import Struct
from struct import error as bad_structure
from typing import IO
from zipfile import BadZipFile, ZipFile, ZipInfo

from hivecheck.evidence.archives import ArchiveLink, ArchiveMember, Contents, told_links
from hivecheck.evidence.at_hand import gathered
from hivecheck.evidence.container_kinds import HEAD_BYTES
from hivecheck.evidence.limits import Budget, LimitReachedError, size_words
from hivecheck.evidence.member import Member
from hivecheck.facts.evidence_path import EvidencePath
from hivecheck.registry.plain_files import open_plain

_PIECE_BYTES = 1024 * 1024
_FIRST_PIECE_BYTES = 4096
_TOLD_FROM = 16 * 1024 * 1024  # a smaller member is unpacked in no time
_END_BYTES, _COMMENT_AT_MOST = 22, 65_535
_END = Struct("<4s4H2LH")
_LOCATOR = Struct("<4sLQL")
_END_64 = Struct("<4sQ2H2L4Q")
_LOCAL = Struct("<4s5H3L2H")
_ENCRYPTED = 0x1
_SYMBOLIC = 10  # of the kinds of file of a Unix
_TARGET_BYTES = 1024
_STORED, _DEFLATED, _BZIP2 = 0, 8, 12
_METHODS = {9: "Deflate64", 14: "LZMA", 93: "Zstandard", 95: "xz", 98: "PPMd", 99: "AES encryption"}
_DAY_TICKS = 864_000_000_000
_SECOND_TICKS = 10_000_000
_FILETIME_EPOCH = datetime(1601, 1, 1)
ENCRYPTED_HINT = "it is encrypted; decrypt the archive first (for example: 7z x -pPASSWORD) and name the folder"


def zip_members(archive: EvidencePath, budget: Budget) -> Contents:
    """The files of a zip archive. Raises OSError where it can't be listed."""
    missed: list[str] = []
    try:
        with open_plain(archive) as file:
            _refuse_long_lists(file, budget)
            with ZipFile(file) as listed:
                all_infos = [one for one in listed.infolist() if not one.is_dir()]
    except (BadZipFile, bad_structure, ValueError, NotImplementedError, EOFError) as error:
        raise OSError(f"the list of its members can't be read, so it may be cut off ({error})") from error
    infos = [one for one in all_infos if not _is_link(one)]
    links = [_link(archive, one, budget) for one in all_infos if _is_link(one)]
    overlapping = _overlapping(infos)
    if overlapping:
        stacked = sum(1 for one in infos if one.header_offset in overlapping)
        missed.append(f"{stacked} members of {archive} that lie on top of each other, as in a zip bomb")
    locked = sum(1 for one in infos if one.flag_bits & _ENCRYPTED)
    if locked:
        missed.append(f"{locked} of the {len(infos)} files in {archive}: {ENCRYPTED_HINT}")
    kept = [one for one in infos if one.header_offset not in overlapping and not one.flag_bits & _ENCRYPTED]
    missed += told_links(links, archive)
    return Contents(tuple(_member(archive, one, budget) for one in sorted(kept, key=_name)), tuple(missed), tuple(links))


def _name(info: ZipInfo) -> str:
    return info.filename


def _is_link(info: ZipInfo) -> bool:
    """Whether it is a symbolic link, a device or a pipe of a Unix: whatever is no regular file."""
    kind = info.external_attr >> 28
    return info.create_system == 3 and kind not in (0, 8)


def _link(archive: EvidencePath, info: ZipInfo, budget: Budget) -> ArchiveLink:
    """What it is; a symbolic link has its target for its bytes, of which the first are read."""
    if info.external_attr >> 28 != _SYMBOLIC:
        return ArchiveLink(info.filename, "", "a device or a pipe")
    try:
        raw = b"" if info.flag_bits & _ENCRYPTED else _member(archive, info, budget).first_bytes(_TARGET_BYTES)
    except OSError:
        raw = b""  # damaged: that it is a link is what counts
    return ArchiveLink(info.filename, raw.decode("utf-8", "backslashreplace"), "a link")


def _overlapping(infos: list[ZipInfo]) -> frozenset[int]:
    """Where the members begin that share bytes with another one."""
    found: set[int] = set()
    end, begin = -1, -1
    for info in sorted(infos, key=lambda one: one.header_offset):
        if info.header_offset < end:
            found |= {begin, info.header_offset}
        reaches = info.header_offset + _LOCAL.size + info.compress_size
        if reaches > end:
            end, begin = reaches, info.header_offset
    return frozenset(found)


def _refuse_long_lists(file: IO[bytes], budget: Budget) -> None:
    """Raises LimitReachedError where the list of members is longer than memory should be given for."""
    size = file.seek(0, os.SEEK_END)
    start = max(0, size - _END_BYTES - _COMMENT_AT_MOST)
    file.seek(start)
    tail = file.read()
    place = tail.rfind(b"PK\x05\x06")
    if place < 0 or len(tail) < place + _END_BYTES:
        raise BadZipFile("it has no end")
    length = _END.unpack_from(tail, place)[5]
    end_at = start + place
    if place >= _LOCATOR.size and tail[place - _LOCATOR.size :].startswith(b"PK\x06\x07"):
        file.seek(max(0, end_at - _LOCATOR.size - _END_64.size))
        end_64 = file.read(_END_64.size)
        if end_64[:4] == b"PK\x06\x06":
            length = _END_64.unpack(end_64)[8]
            end_at -= _LOCATOR.size + _END_64.size
    if length > min(budget.limits.directory_bytes, end_at):
        most = size_words(budget.limits.directory_bytes)
        raise LimitReachedError(f"the list of its members claims {length:,} bytes; {most} at most are read")
    file.seek(max(0, end_at - length))
    names = file.read(length).count(b"PK\x01\x02")
    if names > budget.limits.members:
        raise LimitReachedError(f"it has {names:,} members; {budget.limits.members:,} at most are listed")
    file.seek(0)


def _member(archive: EvidencePath, info: ZipInfo, budget: Budget) -> ArchiveMember:
    def load() -> IO[bytes]:
        most = budget.limits.member_bytes
        return gathered(_checked(_unpacked(archive, info, budget, _PIECE_BYTES, _PIECE_BYTES), info), most)

    def begin(count: int) -> bytes:
        head = b""
        for piece in _unpacked(archive, info, budget, _FIRST_PIECE_BYTES, max(count, 1)):
            head += piece
            if len(head) >= count:
                break
        return head[:count]

    return ArchiveMember(archive, info.filename, info.file_size, load, begin, _modified(info))


def _checked(pieces: Iterator[bytes], info: ZipInfo) -> Iterator[bytes]:
    """The same pieces. Raises OSError at their end where they are not what the list of members says."""
    size = checksum = 0
    for piece in pieces:
        size += len(piece)
        checksum = zlib.crc32(piece, checksum)
        yield piece
    if size != info.file_size:
        raise OSError(f"the archive is damaged: the member has {size:,} bytes and should have {info.file_size:,}")
    if checksum != info.CRC:
        raise OSError("the archive is damaged: the member's checksum is wrong")


def _unpacked(archive: EvidencePath, info: ZipInfo, budget: Budget, packed_bytes: int, most_bytes: int) -> Iterator[bytes]:
    """The member's bytes, read in pieces of `packed_bytes` and given in pieces of `most_bytes` at most.

    Raises OSError where they can't be had, are damaged or too many.
    """
    is_inside, all_bytes = isinstance(archive, Member), archive.stat().st_size
    with open_plain(archive) as file:
        file.seek(info.header_offset)
        local = file.read(_LOCAL.size)
        if len(local) < _LOCAL.size or local[:4] != b"PK\x03\x04":
            raise OSError("the archive is damaged: there is no member where its list says so")
        name_bytes, extra_bytes = _LOCAL.unpack(local)[9:11]
        file.seek(name_bytes + extra_bytes, os.SEEK_CUR)
        spent = file.tell()
        unpacked, head = 0, b""
        try:
            for piece in _decompressed(file, info, packed_bytes, most_bytes):
                unpacked += len(piece)
                place = file.tell()
                budget.spend(len(piece), 0 if is_inside else place - spent)
                spent = place
                if info.file_size > _TOLD_FROM:
                    budget.progress.done(place, all_bytes)
                head += piece[: HEAD_BYTES - len(head)]
                budget.check_ratio(info.compress_size, unpacked, head)
                yield piece
        except (zlib.error, EOFError, ValueError) as error:
            raise OSError(f"the archive is damaged: {error}") from error


def _decompressed(file: IO[bytes], info: ZipInfo, piece_bytes: int, most_bytes: int) -> Iterator[bytes]:
    if info.compress_type == _STORED:
        yield from _packed(file, info.compress_size, piece_bytes)
    elif info.compress_type == _DEFLATED:
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        for packed in _packed(file, info.compress_size, piece_bytes):
            waiting = packed
            while waiting and not inflater.eof:
                yield inflater.decompress(waiting, most_bytes)
                waiting = inflater.unconsumed_tail
        while not inflater.eof and (rest := inflater.decompress(b"", most_bytes)):
            yield rest
    elif info.compress_type == _BZIP2:
        expander = bz2.BZ2Decompressor()
        for packed in _packed(file, info.compress_size, piece_bytes):
            waiting = packed
            while not expander.eof and (waiting or not expander.needs_input):
                yield expander.decompress(waiting, most_bytes)
                waiting = b""
    else:
        method = _METHODS.get(info.compress_type, f"method {info.compress_type}")
        raise OSError(f"it is packed with {method}, which hivecheck does not read; unpack the archive and name the folder")


def _packed(file: IO[bytes], size: int, piece_bytes: int) -> Iterator[bytes]:
    while size > 0:
        piece = file.read(min(size, piece_bytes))
        if not piece:
            raise EOFError("it is cut off")
        size -= len(piece)
        yield piece


def _modified(info: ZipInfo) -> int:
    """The member's time in FILETIME ticks. Zip archives keep local time without its zone; it is taken as it stands."""
    try:
        passed = datetime(*info.date_time) - _FILETIME_EPOCH
    except ValueError:
        return 0
    return passed.days * _DAY_TICKS + passed.seconds * _SECOND_TICKS
