"""What hostile evidence may cost: an archive says how large its members are, and whoever made it may have lied.

A real SYSTEM hive is 1 to 100 MB and shrinks to a fifth or a tenth; a zip bomb shrinks to a thousandth.
"""

from collections.abc import Callable
from typing import Protocol

from hivecheck.facts.fact import fact
from hivecheck.registry.regf import DEFAULT_LIMITS


@fact
class EvidenceLimits:
    """Bounds of what is unpacked. Sizes are of unpacked bytes, `seconds` of the whole search of one argument.

    `files` counts those of a folder on disk, `members` those of one archive, `directory_bytes` the list of members of a zip.
    `member_bytes` bounds what is taken into memory at once: one member, or a whole archive or image inside another one.
    `kept_bytes` bounds what a compressed tar may leave in memory, which is then read from its start again for each file.
    `hive_bytes` is the largest file that is taken for a hive, wherever it lies. `ratio` is refused once more than `ratio_from` bytes were unpacked. `nesting` counts containers within containers.
    """

    files: int = 10_000_000  # a volume of Windows alone may hold a million
    members: int = 500_000
    directory_bytes: int = 256 * 1024 * 1024
    member_bytes: int = 1024 * 1024 * 1024
    hive_bytes: int = DEFAULT_LIMITS.file_bytes
    kept_bytes: int = 512 * 1024 * 1024
    all_bytes: int = 256 * 1024 * 1024 * 1024
    ratio: int = 250
    ratio_from: int = 32 * 1024 * 1024
    nesting: int = 4
    seconds: float = 4 * 3600.0


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
        self._unpacked = 0

    def spend(self, unpacked_bytes: int) -> None:
        """Counts bytes that were unpacked. Raises LimitReachedError where it were too many, or took too long."""
        self._unpacked += unpacked_bytes
        if self._unpacked > self.limits.all_bytes:
            raise LimitReachedError(f"more than {size_words(self.limits.all_bytes)} would have to be unpacked")
        self.check_time()

    def check_time(self) -> None:
        """Raises LimitReachedError where the time for the search is over."""
        if self._clock is not None and self._clock() > self._ends:
            raise LimitReachedError(f"the search took more than {self.limits.seconds:,.0f} seconds")

    def check_ratio(self, packed_bytes: int, unpacked_bytes: int) -> None:
        """Raises LimitReachedError for what unpacks to more than any collected file does: a bomb."""
        limits = self.limits
        if unpacked_bytes > limits.ratio_from and unpacked_bytes > limits.ratio * max(packed_bytes, 1):
            raise LimitReachedError(f"it unpacks to more than {limits.ratio} times its size, as a zip bomb does")


def size_words(size: int) -> str:
    """A number of bytes in words: `512 MB`, `1,024 bytes`."""
    for unit, factor in (("GB", 1024**3), ("MB", 1024**2)):
        if size >= factor and size % factor == 0:
            return f"{size // factor:,} {unit}"
    return f"{size:,} bytes"
