"""A disk put together from files: several as one, sectors as bytes, and which files lie beside one."""

from bisect import bisect_right
from collections.abc import Callable
from io import SEEK_END
from pathlib import Path
from typing import IO
from weakref import finalize

from hivecheck.errors import EvidenceError
from hivecheck.evidence.placed import Placed
from hivecheck.evidence.volumes import Readable
from hivecheck.facts.evidence_path import EvidencePath
from hivecheck.registry.plain_files import odd_kind, open_plain


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
            file = open_plain(self._paths[number])
        self._opened[number] = file
        return file


def _close_all(opened: dict[int, IO[bytes]]) -> None:
    for file in opened.values():
        file.close()


class PartFile(Placed):
    """A file of an image, with a position of its own and without a name: no decoder can look for other files beside it."""

    def __init__(self, files: Files, number: int, size: int) -> None:
        super().__init__(size)
        self._files = files
        self._number = number

    def _bytes_at(self, place: int, count: int) -> bytes:
        file = self._files.opened(self._number)
        file.seek(place)
        return file.read(count)


class Joined(Placed):
    """Files one behind the other, each with its length in bytes; a part that is None reads as zeros."""

    def __init__(self, parts: list[tuple[Readable | None, int]]) -> None:
        self._parts = parts
        self._starts = [0]
        for _, size in parts:
            self._starts.append(self._starts[-1] + size)
        super().__init__(self._starts[-1])

    def _bytes_at(self, place: int, count: int) -> bytes:
        """Of one part only, up to its end."""
        number = bisect_right(self._starts, place) - 1
        while self._parts[number][1] == 0:
            number += 1
        file, size = self._parts[number]
        inside = place - self._starts[number]
        count = min(count, size - inside)
        if file is None:
            return bytes(count)
        file.seek(inside)
        return file.read(count)


class Sectors(Placed):
    """A disk that is read by sectors, as bytes from anywhere."""

    def __init__(self, read_sectors: Callable[[int, int], bytes], size: int) -> None:
        super().__init__(size)
        self._read_sectors = read_sectors

    def _bytes_at(self, place: int, count: int) -> bytes:
        first, inside = divmod(place, 512)
        return self._read_sectors(first, (inside + count + 511) // 512)[inside : inside + count]


def take_part(part: EvidencePath, image: EvidencePath) -> EvidencePath:
    """A file beside an image as a part of it, as it is. Raises EvidenceError for a link, which is not followed, and for no regular file."""
    if not isinstance(part, Path) or part == image:
        return part
    kind = "a link" if part.is_symlink() else odd_kind(part.lstat().st_mode)
    if kind:
        words = f"a part of this image is {kind}, which is not {'followed' if kind == 'a link' else 'read'}: {part.name}"
        raise EvidenceError(words, str(image), "Put the file itself in its place.")
    return part


def siblings(path: EvidencePath, beside: tuple[EvidencePath, ...]) -> dict[str, EvidencePath]:
    """The files in the same folder, by their names in upper case."""
    if isinstance(path, Path):
        beside = tuple(sorted((one for one in path.absolute().parent.iterdir()), reverse=True))
    return {one.name.upper(): one for one in beside}
