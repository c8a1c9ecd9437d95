"""The segments of an E01 image (EWF version 1), found and checked before anything decodes them.

The decoder follows a chain of sections without asking whether it goes in a circle, and unpacks a chunk without asking how large it
becomes. Both are asked here. Source: libyal's description of the Expert Witness Compression Format.
"""

import struct
import zlib

from hivecheck.errors import EvidenceError
from hivecheck.evidence.disk_parts import Files, PartFile, take_part
from hivecheck.facts.evidence_path import EvidencePath
from hivecheck.registry.plain_files import open_plain

MARK = b"EVF\x09\x0d\x0a\xff\x00"
_SECTION_BYTES = 76
_SECTIONS_AT_MOST = 1_000_000
_SEGMENTS_AT_MOST = 14_971  # E01 to ZZZ
_CHUNK_BYTES_AT_MOST = 64 * 1024 * 1024
_TABLE_ENTRIES_AT_MOST = 16_000_000


class BoundedZlib:
    """Stands in for zlib in a decoder: what unpacks to more than any chunk of an image may be is an error, not a full memory."""

    error = zlib.error

    @staticmethod
    def decompress(data: bytes) -> bytes:
        """The bytes of one chunk. Raises zlib.error for damage, ValueError for more than 64 MB."""
        unpacker = zlib.decompressobj()
        found = unpacker.decompress(data, _CHUNK_BYTES_AT_MOST)
        if unpacker.unconsumed_tail:
            raise ValueError("a chunk unpacks to more than 64 MB")
        if not unpacker.eof:
            raise zlib.error("a chunk is cut")
        return found


def check_segments(path: EvidencePath, siblings: dict[str, EvidencePath]) -> list[PartFile]:
    """The segments in order, opened, whichever of them `path` is. `siblings` are the files beside it by upper-case name.

    Raises EvidenceError where one is missing, cut or damaged; OSError where a file can't be read.
    """
    stem, dot, ending = path.name.rpartition(".")
    pool = Files()
    files: list[PartFile] = []
    for number in range(1, _SEGMENTS_AT_MOST + 1):
        name = f"{stem}.{_ending(number, ending)}" if dot else path.name
        one = path if name.upper() == path.name.upper() else siblings.get(name.upper())
        if one is None and number == 1 and _number_of(path) == 1:
            one = path  # renamed: the first segment under a name of its own
        if one is None:
            hint = "Put all segments into one folder, under their own names."
            raise EvidenceError(f"segment {number} of this E01 image is missing: {name}", str(path), hint)
        file = pool.add(take_part(one, path))
        files.append(file)
        if _is_last(file, number, one):
            return files
    raise EvidenceError("this E01 image claims more segments than there are names for", str(path))


def _ending(number: int, like: str) -> str:
    """The ending of segment `number`: E01 to E99, then EAA to EZZ, FAA and so on, in the case of `like`."""
    letter = like[:1] or "E"
    if number <= 99:
        return f"{letter}{number:02}"
    base = ord("A") if letter.isupper() else ord("a")
    rest, last = divmod(number - 100, 26)
    step, middle = divmod(rest, 26)
    return f"{chr(ord(letter) + step)}{chr(base + middle)}{chr(base + last)}"


def _number_of(path: EvidencePath) -> int:
    with open_plain(path) as file:
        return int.from_bytes(file.read(11)[9:11], "little")


def _is_last(file: PartFile, number: int, path: EvidencePath) -> bool:
    """Whether the image ends with this segment. Raises EvidenceError where it is not segment `number`, cut, or damaged."""
    head = file.read(13)
    if head[:8] != MARK or int.from_bytes(head[9:11], "little") != number:
        raise EvidenceError(f"{path.name} is not segment {number} of this E01 image", str(path))
    place = 13
    for _ in range(_SECTIONS_AT_MOST):
        file.seek(place)
        section = file.read(_SECTION_BYTES)
        if len(section) < _SECTION_BYTES:
            break
        kind, following, length, checksum = struct.unpack("<16sQQ40xI", section)
        if checksum != zlib.adler32(section[:72]):
            raise EvidenceError(f"this E01 image is damaged: a section of {path.name} has a wrong checksum", str(path))
        name = kind.rstrip(b"\0")
        if name in (b"done", b"next"):
            return bool(name == b"done")
        _check_section(file, name, place, length, path)
        if following <= place:
            raise EvidenceError(f"this E01 image is damaged: the sections of {path.name} go in a circle", str(path))
        place = following
    raise EvidenceError(f"this E01 image is cut: {path.name} ends in the middle", str(path), "Its last part is missing.")


def _check_section(file: PartFile, name: bytes, place: int, length: int, path: EvidencePath) -> None:
    if place + length > file.size:
        raise EvidenceError(f"this E01 image is cut: {path.name} ends in the middle", str(path), "Its last part is missing.")
    body = file.read(24)
    if name in (b"disk", b"volume") and len(body) >= 20:
        sectors, sector = struct.unpack_from("<II", body, 8)
        if not (sectors and 512 <= sector <= 4096 and sectors * sector <= _CHUNK_BYTES_AT_MOST):
            raise EvidenceError("this E01 image can't be read: it claims impossible chunks", str(path))
    if name == b"table" and len(body) >= 4 and int.from_bytes(body[:4], "little") > _TABLE_ENTRIES_AT_MOST:
        raise EvidenceError("this E01 image can't be read: one of its tables claims too many chunks", str(path))
