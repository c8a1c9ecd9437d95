"""Hashes of an evidence file, computed beside the reading: hashing releases the interpreter, so it costs no extra time."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

_BLOCK_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Digests:
    """Lower-case hexadecimal."""

    md5: str
    sha1: str
    sha256: str


class PendingDigests:
    """The hashes of a file, being computed in two threads. Reads the file by itself and read-only."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._found: dict[str, str] = {}
        self._error: OSError | None = None
        self._threads = [Thread(target=self._digest, args=(names,)) for names in (("md5",), ("sha1", "sha256"))]
        for thread in self._threads:
            thread.start()

    def _digest(self, names: tuple[str, ...]) -> None:
        hashes = [hashlib.new(name, usedforsecurity=False) for name in names]
        block = bytearray(_BLOCK_BYTES)
        view = memoryview(block)
        try:
            with self._path.open("rb", buffering=0) as file:
                while count := file.readinto(block):
                    for running in hashes:
                        running.update(view[:count])
        except OSError as error:
            self._error = error
            return
        self._found.update((running.name, running.hexdigest()) for running in hashes)

    def wait(self) -> None:
        """Until both threads have ended."""
        for thread in self._threads:
            thread.join()

    def result(self) -> Digests:
        """The hashes, waited for. Raises OSError where the file could not be read to its end."""
        self.wait()
        if self._error is not None:
            raise self._error
        return Digests(self._found["md5"], self._found["sha1"], self._found["sha256"])
