"""A file that lies inside another one: a member of an archive, a file on a volume of an image, a file in a shadow copy.

Its name is a word for people, never a path on our disk.
"""

import os
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from stat import S_IFREG
from typing import IO, Literal

from hivecheck.evidence.limits import DEFAULT_EVIDENCE_LIMITS, LimitReachedError, size_words


class Member:
    """Satisfies `EvidencePath`. `container` is the file or folder on disk that holds it, `inside` where it lies in there.

    `load` gives the bytes from the first on, anew at each call; it raises OSError where they can't be read.
    """

    def __init__(self, container: Path, inside: str, size: int, load: Callable[[], IO[bytes]]) -> None:
        self.container = container
        self.inside = inside
        self.size = size
        self._load = load

    def __str__(self) -> str:
        return f"{self.container}!{self.inside}"

    def __repr__(self) -> str:
        return f"Member({str(self)!r}, {self.size} bytes)"

    @property
    def name(self) -> str:
        return self.inside.replace("\\", "/").rsplit("/", 1)[-1]

    @property
    def stem(self) -> str:
        stem, dot, _ = self.name.rpartition(".")
        return stem if dot and stem else self.name

    def open(self, mode: Literal["rb"] = "rb", /) -> IO[bytes]:  # noqa: ARG002 - as a path takes it
        """The bytes from the first on. Raises OSError where they can't be read."""
        return self._load()

    def read_bytes(self) -> bytes:
        """All of them. Raises OSError where they can't be read, or are more than are taken into memory at once."""
        most = DEFAULT_EVIDENCE_LIMITS.member_bytes
        if self.size > most:
            raise LimitReachedError(f"it has more than {size_words(most)}")
        with self._load() as file:
            return file.read()

    def stat(self) -> os.stat_result:
        """A regular file of its size; nothing else is known."""
        return os.stat_result((S_IFREG | 0o444, 0, 0, 1, 0, 0, self.size, 0, 0, 0))

    def is_file(self) -> bool:
        return True


def member_of_bytes(container: Path, inside: str, data: bytes) -> Member:
    """A member whose bytes are at hand."""
    return Member(container, inside, len(data), lambda: BytesIO(data))
