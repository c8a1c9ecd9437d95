"""What hostile evidence may cost: an archive says how large its members are, and whoever made it may have lied.

A real SYSTEM hive is 1 to 100 MB and shrinks to a fifth or a tenth; a zip bomb shrinks to a thousandth.
"""

from collections.abc import Callable
from typing import Protocol

from hivecheck.evidence.container_kinds import IMAGES, kind_of
from hivecheck.facts.fact import fact


@fact
class EvidenceLimits:
    """Bounds of what is unpacked. Sizes are of unpacked bytes, `seconds` of the whole search of one argument.

    `files` counts those of a folder on disk, `members` those of one archive, `directory_bytes` the list of members of a zip.
    `member_bytes` bounds one member, or a whole archive or image inside another one. `kept_bytes` bounds what is kept at hand of
    all archives, `kept_files` the temporary files that it lies in, `memory_bytes` what of it is in memory; the rest is unpacked
    anew for each reading. `ratio` is refused of one file, but a disk image, once more than `ratio_from` bytes of it were unpacked, `whole_ratio` of
    all that is searched, once more than `whole_from` were. `nesting` counts containers within containers.
    """

    files: int = 10_000_000  # a volume of Windows alone may hold a million
    members: int = 500_000
    directory_bytes: int = 256 * 1024 * 1024
    member_bytes: int = 1024 * 1024 * 1024
    kept_bytes: int = 4 * 1024 * 1024 * 1024
    kept_files: int = 256
    memory_bytes: int = 64 * 1024 * 1024
    all_bytes: int = 256 * 1024 * 1024 * 1024
    ratio: int = 250
    ratio_from: int = 32 * 1024 * 1024
    whole_ratio: int = 30  # real hives shrink to a 5th or a 13th, their logs to a 24th at most
    whole_from: int = 512 * 1024 * 1024
    nesting: int = 4
    seconds: float = 4 * 3600.0


_WAY_OUT = "; if it is sound, unpack it and name what was in it"
DEFAULT_EVIDENCE_LIMITS = EvidenceLimits()


class LimitReachedError(OSError):
    """Evidence that asks for more than it may cost; the message says which limit it met. What reads members takes it as unreadable."""


class Progress(Protocol):
    """Who is told how far long work has come."""

    def stage(self, what: str) -> None:
        """A new stage begins; `what` says in words for people what is done, and on which file."""
        ...

    def done(self, done_bytes: int, all_bytes: int) -> None:
        """So much of the stage is done; `all_bytes` is 0 where that is not known."""
        ...


class Quiet:
    """A `Progress` that tells nobody."""

    def stage(self, what: str) -> None:
        pass

    def done(self, done_bytes: int, all_bytes: int) -> None:
        pass


class Held:
    """How much of what was unpacked is at hand now: bytes in all, those of them in memory, and the temporary files of the others."""

    def __init__(self) -> None:
        self.all_bytes = 0
        self.memory_bytes = 0
        self.files = 0

    def add(self, size: int, *, in_memory: bool, sign: int = 1) -> None:
        """Counts a file that is kept; with -1, one that is no more."""
        self.all_bytes += sign * size
        if in_memory:
            self.memory_bytes += sign * size
        else:
            self.files += sign


class Budget:
    """What is left of the limits while one argument is searched. `clock` counts seconds; without one they are not limited."""

    def __init__(
        self,
        limits: EvidenceLimits = DEFAULT_EVIDENCE_LIMITS,
        clock: Callable[[], float] | None = None,
        progress: Progress | None = None,
    ) -> None:
        self.limits = limits
        self.progress: Progress = progress or Quiet()
        self._clock = clock
        self._ends = clock() + limits.seconds if clock is not None else 0.0
        self.held = Held()
        self._packed = 0
        self._unpacked = 0

    def spend(self, unpacked_bytes: int, packed_bytes: int = 0) -> None:
        """Counts bytes that were unpacked from so many bytes on disk. Raises LimitReachedError where it were too many, or took too long.

        For what lies inside another archive no packed bytes count: who nests archives can't multiply what they may cost. What was
        refused counts no more, so that a sound archive behind a bomb is read.
        """
        limits = self.limits
        self._packed += packed_bytes
        unpacked = self._unpacked + unpacked_bytes
        if unpacked > limits.whole_from + limits.whole_ratio * self._packed:
            told = f"more than {size_words(limits.whole_from)} and {limits.whole_ratio} times their size"
            raise LimitReachedError(f"the archives searched unpack to {told}, as zip bombs do{_WAY_OUT}")
        self._unpacked = unpacked
        if self._unpacked > limits.all_bytes:
            raise LimitReachedError(f"more than {size_words(limits.all_bytes)} would have to be unpacked")
        self.check_time()

    def check_time(self) -> None:
        """Raises LimitReachedError where the time for the search is over."""
        if self._clock is not None and self._clock() > self._ends:
            raise LimitReachedError(f"the search took more than {self.limits.seconds:,.0f} seconds")

    def check_ratio(self, packed_bytes: int, unpacked_bytes: int, head: bytes) -> None:
        """Raises LimitReachedError for what unpacks to more than any collected file does: a bomb.

        `head` are its first bytes: a disk image may be empty but for a little, and only what all unpacks to bounds it.
        """
        limits = self.limits
        is_more = unpacked_bytes > limits.ratio_from and unpacked_bytes > limits.ratio * max(packed_bytes, 1)
        if is_more and kind_of(head) not in IMAGES:
            raise LimitReachedError(f"it unpacks to more than {limits.ratio} times its size, as a zip bomb does{_WAY_OUT}")


def size_words(size: int) -> str:
    """A number of bytes in words: `512 MB`, `1,024 bytes`."""
    for unit, factor in (("GB", 1024**3), ("MB", 1024**2)):
        if size >= factor and size % factor == 0:
            return f"{size // factor:,} {unit}"
    return f"{size:,} bytes"
