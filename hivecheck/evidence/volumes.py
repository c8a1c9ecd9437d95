"""The volumes of a disk: the partitions of its MBR or GPT, or the disk as one volume where it has no table.

Knows bytes, not file systems. Every number is the disk's own claim: it is bounded before it is used.
Sources: UEFI specification 2.10, section 5 (GPT, protective MBR); the classic MBR with its chain of extended boot records.
"""

import struct
from collections.abc import Iterator
from threading import RLock
from typing import Any, Protocol

from hivecheck.evidence.placed import Placed
from hivecheck.facts.fact import fact

NTFS_MARK = b"NTFS    "
BITLOCKER_MARK = b"-FVE-FS-"
_BOOT_MARK = b"\x55\xaa"
_SECTOR_SIZES = (512, 4096)
_READ_AT_MOST = 256 * 1024 * 1024
_GPT_ENTRIES_AT_MOST = 1024
_LOGICAL_AT_MOST = 128
_EXTENDED = (0x05, 0x0F, 0x85)
_PROTECTIVE = 0xEE


class Readable(Protocol):
    """What is asked of a disk or volume: bytes from anywhere."""

    def read(self, count: int, /) -> bytes: ...
    def seek(self, offset: int, whence: int = 0, /) -> int: ...
    def tell(self) -> int: ...


class Window(Placed):
    """A part of a disk as a file of its own, with its own position; windows on one disk share `lock`, so threads may read them.

    What the disk's reader raises comes out as OSError. A read never goes past the end that was given. `exact`: the disk is decoded,
    and a decoder that gives fewer bytes than were asked for has joined what does not belong together.
    """

    def __init__(self, disk: Readable, size: int, start: int = 0, lock: Any = None, *, exact: bool = False) -> None:
        super().__init__(size)
        self.lock = lock or RLock()
        self.start = start
        self._disk = disk
        self._exact = exact

    def get_size(self) -> int:
        """In bytes; asked for by the libraries that read volumes."""
        return self.size

    def _bytes_at(self, place: int, count: int) -> bytes:
        """Never short before the end: the libraries that read volumes ask once only.

        Raises OSError where the disk can't be read there, whatever the library that decodes it raised, and for more at once than any
        structure of a volume has.
        """
        if count > _READ_AT_MOST:
            raise OSError(f"a structure on it claims {count:,} bytes")
        pieces: list[bytes] = []
        filled = 0
        with self.lock:
            try:
                while filled < count:
                    self._disk.seek(self.start + place + filled)
                    data = self._disk.read(count - filled)
                    if self._exact and len(data) != count - filled:
                        raise OSError("the image is damaged or cut there: it gives fewer bytes than it says it has")
                    if not data:
                        break
                    pieces.append(data)
                    filled += len(data)
            except OSError:
                raise
            except Exception as error:
                raise OSError(f"the image can't be read there: {error}") from error
        return b"".join(pieces)

    def part(self, start: int, size: int) -> "Window":
        """A window within this one, cut at its end."""
        return Window(self._disk, min(size, self.size - start), self.start + start, self.lock, exact=self._exact)

    def head(self, count: int, place: int = 0) -> bytes:
        """So many bytes from `place` on, fewer where it ends. Raises OSError where they can't be read."""
        self.seek(place)
        found = b""
        while len(found) < count and (more := self.read(count - len(found))):
            found += more
        return found


@fact
class Volume:
    """A part of a disk; `number` counts from 1 in the order of the disk's table."""

    number: int
    window: Window


def missing_bytes(volume: Window) -> int:
    """How much of this NTFS volume, by the size in its own boot sector, lies behind the end of the image."""
    boot = volume.head(48).ljust(48, b"\0")
    sector, sectors = int.from_bytes(boot[11:13], "little"), int.from_bytes(boot[40:48], "little")
    return max(sector * sectors - volume.size, 0)


def read_volumes(disk: Window) -> tuple[tuple[Volume, ...], tuple[str, ...]]:
    """The volumes in the order of the disk's table, and what is wrong with that table, in words.

    A disk without a table is one volume. Raises OSError where its first bytes can't be read.
    """
    first = disk.head(512)
    if first[3:11] in (NTFS_MARK, BITLOCKER_MARK) or not _is_mbr(first):
        return (Volume(1, disk),), ()
    problems: list[str] = []
    parts = _mbr_parts(first)
    if any(kind == _PROTECTIVE for kind, _, _ in parts):
        table = _gpt(disk, problems)
    else:
        sector = 512
        table = [(start * sector, size * sector) for start, size in _mbr(disk, parts, problems)]
    volumes: list[Volume] = []
    for start, size in table:
        if size <= 0 or start < 0 or start >= disk.size:
            problems.append(
                f"volume {len(volumes) + 1} of its table lies behind the end of the image, which is cut or damaged"
            )
        volumes.append(Volume(len(volumes) + 1, disk.part(start, size)))
    return tuple(volumes), tuple(problems)


def _is_mbr(sector: bytes) -> bool:
    """Whether it is a partition table, and not the boot sector of a FAT volume, whose code lies in its place."""
    states = {sector[446 + 16 * place] for place in range(4)} if len(sector) == 512 else set()
    return sector[510:] == _BOOT_MARK and states <= {0, 0x80}


def _mbr_parts(sector: bytes) -> list[tuple[int, int, int]]:
    """Type, first sector and count of each of the four entries that is used."""
    if len(sector) < 512:
        return []
    rows = (struct.unpack_from("<B3xII", sector, 446 + 16 * place + 4) for place in range(4))
    return [(kind, start, count) for kind, start, count in rows if kind and count]


def _mbr(disk: Window, parts: list[tuple[int, int, int]], problems: list[str]) -> Iterator[tuple[int, int]]:
    for kind, start, count in parts:
        if kind not in _EXTENDED:
            yield start, count
        else:
            yield from _logical(disk, start, problems)


def _logical(disk: Window, first: int, problems: list[str]) -> Iterator[tuple[int, int]]:
    """The logical volumes of an extended partition: a chain of boot records, each with one volume and the next link."""
    place, seen = first, set[int]()
    while place not in seen and len(seen) < _LOGICAL_AT_MOST:
        seen.add(place)
        record = disk.head(512, place * 512)
        if record[510:] != _BOOT_MARK:
            problems.append("the chain of logical volumes in its extended partition is broken")
            return
        following = 0
        for kind, start, count in _mbr_parts(record):
            if kind in _EXTENDED:
                following = first + start
            else:
                yield place + start, count
        if not following:
            return
        place = following
    problems.append("the chain of logical volumes in its extended partition goes in a circle or is too long")


def _gpt(disk: Window, problems: list[str]) -> list[tuple[int, int]]:
    """Start and size in bytes of each used entry, by the first header, or the second where the first is bad."""
    for sector in _SECTOR_SIZES:
        for place, which in ((sector, "first"), (disk.size - sector, "second")):
            header = disk.head(92, place) if 0 < place < disk.size else b""
            if header[:8] != b"EFI PART":
                continue
            if which == "second":
                problems.append("the first header of its GUID partition table is bad; the second was used")
            return list(_gpt_entries(disk, header, sector))
    problems.append("it claims a GUID partition table that isn't there: the image is cut or damaged")
    return []


def _gpt_entries(disk: Window, header: bytes, sector: int) -> Iterator[tuple[int, int]]:
    table, count, size = struct.unpack_from("<QII", header.ljust(92, b"\0"), 72)
    if not 128 <= size <= 4096:
        return
    entries = disk.head(min(count, _GPT_ENTRIES_AT_MOST) * size, table * sector)
    for place in range(0, len(entries) - 127, size):
        kind, start, end = struct.unpack_from("<16s16xQQ", entries, place)
        if any(kind):
            yield start * sector, (end - start + 1) * sector
