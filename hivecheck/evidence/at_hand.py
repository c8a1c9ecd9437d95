"""Unpacked bytes at hand: a little in memory, much in a temporary file that has no name and goes when nobody reads it any more.

So what an archive unpacks to costs no memory to speak of, however large it claims to be. Whoever made the archive has no say in where
that file lies: it is the system's folder for such files.
"""

from collections.abc import Iterator
from io import BufferedReader, BytesIO
from os import SEEK_END
from tempfile import TemporaryFile
from threading import Lock
from typing import IO
from weakref import finalize

from hivecheck.evidence.limits import Budget, Held, LimitReachedError, size_words
from hivecheck.evidence.member import Member
from hivecheck.evidence.placed import Placed

_PIECE_BYTES = 1024 * 1024
NO_ROOM = "too much of other archives is unpacked at this time; name this one by itself"
IN_MEMORY_BYTES = 16 * 1024 * 1024  # of one file: most hives are smaller


def gathered(pieces: Iterator[bytes], most: int, in_memory: int = IN_MEMORY_BYTES) -> IO[bytes]:
    """The pieces as one file, at its start. Raises LimitReachedError where they have more than `most` bytes in all.

    More than `in_memory` lie in a temporary file; OSError where there is no room for it.
    """
    file: IO[bytes] = BytesIO()
    size = 0
    try:
        for piece in pieces:
            size += len(piece)
            if size > most:
                raise LimitReachedError(f"it has more than {size_words(most)}")
            if size > in_memory and isinstance(file, BytesIO):
                held, file = file, TemporaryFile()  # noqa: SIM115 - closed by whoever reads it
                file.write(held.getbuffer())
            file.write(piece)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return file


def keep_at_hand(member: Member, budget: Budget) -> Member:
    """The same file with its bytes at hand, or the member as it is where enough is kept. Raises OSError where it can't be read."""
    if isinstance(member, _HeldMember):
        return member
    held = _held(member, budget)
    if held is None:
        member.open().close()  # whatever is wrong with it is told here
    return held or member


def take_at_hand(member: Member, budget: Budget) -> Member:
    """The same file with its bytes at hand. Raises OSError where they can't be read, or are too many."""
    if isinstance(member, _HeldMember):
        return member
    most = budget.limits.member_bytes
    if member.size > most:
        raise LimitReachedError(f"inside another file it may have {size_words(most)} at most; unpack it and name it")
    held = _held(member, budget)
    if held is None:
        raise LimitReachedError(NO_ROOM)
    return held


def has_room(size: int, budget: Budget) -> bool:
    """Whether so many more bytes may be kept at hand."""
    limits, held = budget.limits, budget.held
    return held.all_bytes + size <= limits.kept_bytes and held.files < limits.kept_files and size <= limits.member_bytes


def put_at_hand(pieces: Iterator[bytes], budget: Budget) -> "AtHand":
    """These bytes, kept. Raises LimitReachedError where they are too many for one file, and what `pieces` raise."""
    room = min(budget.limits.memory_bytes - budget.held.memory_bytes, IN_MEMORY_BYTES)
    return AtHand(gathered(pieces, budget.limits.member_bytes, room), budget.held)


def _held(member: Member, budget: Budget) -> Member | None:
    if not has_room(member.size, budget):
        return None
    file = member.open()
    too_large = isinstance(file, BytesIO) and member.size > budget.limits.memory_bytes - budget.held.memory_bytes
    if _is_gathered(file) and not too_large:
        return _HeldMember(member, AtHand(file, budget.held))
    with file:
        return _HeldMember(member, put_at_hand(_pieces(file), budget))


def _is_gathered(file: IO[bytes]) -> bool:
    """Whether nobody else reads this file and it is no part of another one: bytes in memory or a temporary file."""
    try:
        return isinstance(file, BytesIO) or file.fileno() >= 0
    except OSError:
        return False


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(_PIECE_BYTES):
        yield piece


class AtHand:
    """The bytes of a file that was gathered, for any number of readers. They go when the last reader has gone."""

    def __init__(self, file: IO[bytes], held: Held) -> None:
        """Takes the file over; `held` counts it as long as it is there."""
        self.size = file.seek(0, SEEK_END)
        self._file = file
        self._lock = Lock()
        in_memory = isinstance(file, BytesIO)
        held.add(self.size, in_memory=in_memory)
        finalize(self, _let_go, file, held, self.size, in_memory)

    def open(self) -> IO[bytes]:
        """A file of its own position. It can be mapped where the bytes lie in a temporary file."""
        if isinstance(self._file, BytesIO):
            return BytesIO(self._file.getvalue())  # shares the bytes
        return BufferedReader(_Reading(self))

    def bytes_at(self, place: int, count: int) -> bytes:
        """So many bytes from there on."""
        with self._lock:
            self._file.seek(place)
            return self._file.read(count)

    def fileno(self) -> int:
        """Of the temporary file, which holds nothing else. Raises OSError where the bytes are in memory."""
        return self._file.fileno()


def _let_go(file: IO[bytes], held: Held, size: int, in_memory: bool) -> None:
    file.close()
    held.add(size, in_memory=in_memory, sign=-1)


class _HeldMember(Member):
    def __init__(self, member: Member, held: AtHand) -> None:
        super().__init__(member.container, member.inside, held.size, held.open)


class _Reading(Placed):
    def __init__(self, held: AtHand) -> None:
        super().__init__(held.size)
        self._held = held

    def fileno(self) -> int:
        return self._held.fileno()

    def _bytes_at(self, place: int, count: int) -> bytes:
        return self._held.bytes_at(place, count)
