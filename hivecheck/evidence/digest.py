"""Hashes of an evidence file, computed beside the reading: hashing releases the interpreter, so it costs no extra time."""

import hashlib
from pathlib import Path
from threading import Thread

from hivecheck.facts.fact import fact

_BLOCK_BYTES = 1024 * 1024


@fact
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
        pairs = (("md5",), ("sha1", "sha256"))  # about equal in time
        self._threads = [Thread(target=self._digest, args=(names,), daemon=True) for names in pairs]
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

    def result(self) -> Digests:
        """The hashes, waited for. Raises OSError where the file could not be read to its end."""
        for thread in self._threads:
            thread.join()
        if self._error is not None:
            raise self._error
        return Digests(self._found["md5"], self._found["sha1"], self._found["sha256"])


def digests_of_hive(path: Path) -> PendingDigests | None:
    """The hashes of a file that begins as a hive does, started at once; None for any other, which nobody will need hashed."""
    try:
        with path.open("rb") as file:
            return PendingDigests(path) if file.read(4) == b"regf" else None
    except OSError:
        return None  # opening the hive will say what is wrong
