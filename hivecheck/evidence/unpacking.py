"""Compressed files read forward, with bounds on what they unpack to and on the memory that takes."""

import bz2
import gzip
import lzma
import zlib
from typing import IO, Protocol

from hivecheck.evidence.container_kinds import HEAD_BYTES, Kind
from hivecheck.evidence.limits import Budget

_PIECE_BYTES = 1024 * 1024
_LZMA_MEMORY_BYTES = 256 * 1024 * 1024


class _Source(Protocol):
    def read(self, count: int, /) -> bytes: ...


class Unpacking:
    """A compressed file read forward, with a bound on what it unpacks to. `position` counts unpacked bytes."""

    def __init__(self, packed: IO[bytes], kind: Kind, budget: Budget, *, is_inside: bool) -> None:
        """`is_inside`: the compressed file lies in another archive."""
        self.position = 0
        self._is_inside = is_inside
        self._spent = 0
        self._head = b""
        self._packed = packed
        self._budget = budget
        self._source: _Source = gzip.GzipFile(fileobj=packed) if kind is Kind.GZIP else _Expander(packed, kind)

    def read(self, count: int) -> bytes:
        """Up to so many bytes, fewer at the end only. Raises OSError where they are damaged, cut off, or too many."""
        data = bytearray()
        while len(data) < count:
            try:
                piece = self._source.read(min(count - len(data), _PIECE_BYTES))
            except (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError) as error:
                raise OSError(f"its compressed bytes are damaged or cut off ({error})") from error
            if not piece:
                break
            data += piece
            self.position += len(piece)
            place = self._packed.tell()
            self._budget.spend(len(piece), 0 if self._is_inside else place - self._spent)
            self._head += piece[: HEAD_BYTES - len(self._head)]
            self._budget.check_ratio(place, self.position, self._head)
            self._spent = place
        return bytes(data)

    def seek(self, place: int) -> int:
        """Passes over what lies before `place`. Raises OSError where that lies behind, or the file ends before it."""
        if place < self.position:
            raise OSError("its compressed bytes are read forward only")
        while self.position < place:
            if not self.read(min(place - self.position, _PIECE_BYTES)):
                raise OSError("the archive is cut off")
        return self.position


class _Expander:
    """bzip2 and xz, of one stream or of several behind each other, within a bound on memory."""

    def __init__(self, packed: IO[bytes], kind: Kind) -> None:
        self._packed = packed
        self._kind = kind
        self._waiting = b""
        self._decoder = self._new()

    def _new(self) -> "bz2.BZ2Decompressor | lzma.LZMADecompressor":
        if self._kind is Kind.BZIP2:
            return bz2.BZ2Decompressor()
        return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_LZMA_MEMORY_BYTES)

    def read(self, count: int, /) -> bytes:
        """Up to so many bytes, none at the end only."""
        while True:
            if self._decoder.eof:
                self._waiting = (self._decoder.unused_data or self._packed.read(_PIECE_BYTES)).lstrip(b"\0")
                if not self._waiting:
                    return b""
                self._decoder = self._new()
            elif self._decoder.needs_input and not self._waiting:
                self._waiting = self._packed.read(_PIECE_BYTES)
                if not self._waiting:
                    raise EOFError("the compressed file ends too early")
            waiting, self._waiting = self._waiting, b""
            data = self._decoder.decompress(waiting, count)
            if data:
                return data
