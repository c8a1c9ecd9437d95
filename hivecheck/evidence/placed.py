"""Files of our own making: bytes of a known number, with a position. One behaviour for all that stand for a disk or a part of it."""

from io import SEEK_CUR, SEEK_END, SEEK_SET, RawIOBase
from typing import Any


class Placed(RawIOBase):
    """A file to be read only, of `size` bytes. What derives from it gives the bytes of a place."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.size = max(size, 0)
        self._place = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = SEEK_SET, /) -> int:
        """As `io` has it. Raises ValueError for a place before the first byte; one behind the last is where nothing is read."""
        place = {SEEK_SET: 0, SEEK_CUR: self._place, SEEK_END: self.size}[whence] + offset
        if place < 0:
            raise ValueError(f"a place before the start: {place:,}")
        self._place = place
        return place

    def tell(self) -> int:
        return self._place

    def read(self, size: int | None = -1, /) -> bytes:
        """Up to so many bytes from the position on, all for -1; none at the end only. Raises OSError where they can't be read."""
        left = max(self.size - self._place, 0)
        count = left if size is None or size < 0 else min(size, left)
        data = self._bytes_at(self._place, count) if count else b""
        self._place += len(data)
        return data

    def readinto(self, buffer: Any, /) -> int:
        """As `read`, into a buffer; gives how many."""
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def _bytes_at(self, place: int, count: int) -> bytes:
        """Bytes from a place on, of which so many are there: all of them, or fewer but at least one where more have to be asked for."""
        raise NotImplementedError
