"""Hashes of an evidence file, computed beside the reading: hashing releases the interpreter, so it costs no extra time.

One thread is enough: it ends before the reading does, and a second would compete with the reading on a machine of two cores.
"""

import hashlib
import os
from collections.abc import Iterator
from mmap import ACCESS_READ, mmap
from pathlib import Path
from threading import Thread
from typing import IO

from hivecheck.facts.evidence_path import EvidencePath
from hivecheck.facts.fact import fact
from hivecheck.registry.plain_files import open_plain
from hivecheck.registry.regf import is_too_large

# Large windows: between two the thread must get the interpreter back, which the reading gives up every 5 ms only. Mapped, not
# read: filling a buffer of this size holds up every other thread.
_WINDOW_BYTES = 64 * 1024 * 1024
_READ_BYTES = 1024 * 1024


@fact
class Digests:
    """Lower-case hexadecimal."""

    md5: str
    sha1: str
    sha256: str


class PendingDigests:
    """The hashes of a file, being computed in a thread. Reads the file by itself and read-only."""

    def __init__(self, path: EvidencePath) -> None:
        self._path = path
        self._found: dict[str, str] = {}
        self._error: OSError | None = None
        self._thread = Thread(target=self._digest, daemon=True)
        self._thread.start()

    def _digest(self) -> None:
        hashes = [hashlib.new(name, usedforsecurity=False) for name in ("md5", "sha1", "sha256")]
        try:
            with open_plain(self._path) as file:
                size = file.seek(0, os.SEEK_END)
                for window in _windows(file, size):
                    for running in hashes:
                        running.update(window)
        except (OSError, ValueError) as error:  # ValueError: cut while being read
            self._error = OSError(str(error))
            return
        self._found.update((running.name, running.hexdigest()) for running in hashes)

    def result(self) -> Digests:
        """The hashes, waited for. Raises OSError where the file could not be read to its end."""
        self._thread.join()
        if self._error is not None:
            raise self._error
        return Digests(self._found["md5"], self._found["sha1"], self._found["sha256"])


def _windows(file: IO[bytes], size: int) -> Iterator[bytes | mmap]:
    """The file piece by piece: mapped, or read in smaller pieces where it lies in an archive or on a file system that can't map."""
    try:
        descriptor = file.fileno()
        mmap(descriptor, 1, access=ACCESS_READ).close()
    except (OSError, ValueError):
        file.seek(0)
        while piece := file.read(_READ_BYTES):
            yield piece
        return
    for start in range(0, size, _WINDOW_BYTES):
        with mmap(descriptor, min(_WINDOW_BYTES, size - start), access=ACCESS_READ, offset=start) as window:
            yield window


def begins_as_hive(path: Path) -> bool:
    """Whether a file's first bytes are those of a hive; False where it can't be read."""
    try:
        with open_plain(path) as file:
            return file.read(4) == b"regf"
    except OSError:
        return False  # opening it will say what is wrong


def digests_of_hive(path: Path) -> PendingDigests | None:
    """The hashes of a file that begins as a hive does, started at once; None for any other, and one too large for a hive, which nobody will need hashed."""
    return PendingDigests(path) if begins_as_hive(path) and not is_too_large(path) else None
