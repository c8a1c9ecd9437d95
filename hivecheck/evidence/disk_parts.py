"""A disk put together from files: several as one, sectors as bytes, and which files lie beside one."""

from bisect import bisect_right
from collections.abc import Callable
from io import SEEK_CUR, SEEK_END, SEEK_SET, RawIOBase
from pathlib import Path
from typing import IO, Any
from weakref import finalize

from hivecheck.evidence.volumes import Readable
from hivecheck.facts.evidence_path import EvidencePath


class Files:
    """The files of an image, no more than so many of them open at a time: a large E01 has a thousand segments.

    They are closed when nothing reads the image any more.
    """

    def __init__(self, open_at_most: int = 64) -> None:
        self._open_at_most = open_at_most
        self._opened: dict[int, IO[bytes]] = {}
        self._paths: list[EvidencePath] = []
        finalize(self, _close_all, self._opened)  # also where it lies in a circle, as after an error

    def add(self, path: EvidencePath) -> "PartFile":
        """This file as a part of the image. Raises OSError where it can't be opened."""
        self._paths.append(path)
        number = len(self._paths) - 1
        return PartFile(self, number, self.opened(number).seek(0, SEEK_END))

    def opened(self, number: int) -> IO[bytes]:
        """The file of this number; of those that are open, the one that was used longest ago makes room."""
        file = self._opened.pop(number, None)
        if file is None:
            if len(self._opened) >= self._open_at_most:
                self._opened.pop(next(iter(self._opened))).close()
            file = self._paths[number].open("rb")
        self._opened[number] = file
        return file


def _close_all(opened: dict[int, IO[bytes]]) -> None:
    for file in opened.values():
        file.close()


class PartFile:
    """A file of an image, with a position of its own and without a name: no decoder can look for other files beside it."""

    def __init__(self, files: Files, number: int, size: int) -> None:
        self.size = size
        self._files = files
        self._number = number
        self._place = 0

    def read(self, count: int = -1, /) -> bytes:
        left = max(self.size - self._place, 0)
        file = self._files.opened(self._number)
        file.seek(self._place)
        data = file.read(left if count < 0 else min(count, left))
        self._place += len(data)
        return data

    def seek(self, offset: int, whence: int = SEEK_SET, /) -> int:
        place = {SEEK_SET: 0, SEEK_CUR: self._place, SEEK_END: self.size}[whence] + offset
        if place < 0:
            raise OSError("a place before the start of the file")
        self._place = place
        return place

    def tell(self) -> int:
        return self._place


class Joined(RawIOBase):
    """Files one behind the other, each with its length in bytes; a part that is None reads as zeros."""

    def __init__(self, parts: list[tuple[Readable | None, int]]) -> None:
        super().__init__()
        self._parts = parts
        self._starts = [0]
        for _, size in parts:
            self._starts.append(self._starts[-1] + size)
        self.size = self._starts[-1]
        self._place = 0

    def readable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0, /) -> int:
        self._place = offset if whence == 0 else (self._place if whence == 1 else self.size) + offset
        return self._place

    def tell(self) -> int:
        return self._place

    def readinto(self, buffer: Any, /) -> int:
        if not 0 <= self._place < self.size:
            return 0
        number = bisect_right(self._starts, self._place) - 1
        while self._parts[number][1] == 0:
            number += 1
        file, size = self._parts[number]
        inside = self._place - self._starts[number]
        count = min(len(buffer), size - inside)
        if file is None:
            data = bytes(count)
        else:
            file.seek(inside)
            data = file.read(count)
        buffer[: len(data)] = data
        self._place += len(data)
        return len(data)


class Sectors(RawIOBase):
    """A disk that is read by sectors, as bytes from anywhere."""

    def __init__(self, read_sectors: Callable[[int, int], bytes], size: int) -> None:
        super().__init__()
        self._read_sectors = read_sectors
        self._size = size
        self._place = 0

    def readable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0, /) -> int:
        self._place = offset if whence == 0 else (self._place if whence == 1 else self._size) + offset
        return self._place

    def tell(self) -> int:
        return self._place

    def readinto(self, buffer: Any, /) -> int:
        first, inside = divmod(self._place, 512)
        count = min(len(buffer), self._size - self._place)
        if count <= 0:
            return 0
        data = self._read_sectors(first, (inside + count + 511) // 512)[inside : inside + count]
        buffer[: len(data)] = data
        self._place += len(data)
        return len(data)


def siblings(path: EvidencePath, beside: tuple[EvidencePath, ...]) -> dict[str, EvidencePath]:
    """The files in the same folder, by their names in upper case."""
    if isinstance(path, Path):
        beside = tuple(sorted((one for one in path.absolute().parent.iterdir()), reverse=True))
    return {one.name.upper(): one for one in beside}
