"""What is asked of a file of the evidence, wherever it lies: `pathlib.Path` on disk, a member of an archive, a file in an image.

`str()` of it is where it was found, in words for people (`case.zip!C/Windows/System32/config/SYSTEM`); nothing is ever opened by
that text.
"""

from typing import IO, Literal, Protocol


class FileState(Protocol):
    """What `stat` tells that matters."""

    @property
    def st_mode(self) -> int: ...

    @property
    def st_size(self) -> int:
        """In bytes."""
        ...


class EvidencePath(Protocol):
    """A file that can be read and is never written."""

    @property
    def name(self) -> str:
        """The name as spelled where it lies, without folders."""
        ...

    @property
    def stem(self) -> str: ...

    def open(self, mode: Literal["rb"], /) -> IO[bytes]:
        """The bytes from the first on. Raises OSError where they can't be read."""
        ...

    def read_bytes(self) -> bytes: ...

    def stat(self) -> FileState: ...

    def is_file(self) -> bool: ...
