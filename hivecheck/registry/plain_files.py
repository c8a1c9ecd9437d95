"""Evidence is opened here, and only if it is a regular file: a pipe would be waited for without end, and reading a device may move it.

Asked before it is opened and again afterwards, without waiting, as another file may have taken its place in between.
"""

import os
from pathlib import Path
from stat import S_ISBLK, S_ISCHR, S_ISDIR, S_ISFIFO, S_ISREG, S_ISSOCK
from typing import IO

from hivecheck.facts.evidence_path import EvidencePath

_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
_KINDS = ((S_ISDIR, "a folder"), (S_ISFIFO, "a pipe"), (S_ISCHR, "a device"), (S_ISBLK, "a device"), (S_ISSOCK, "a socket"))


class NoRegularFileError(OSError):
    """What was to be read is no regular file; the message says what it is."""


def open_plain(path: EvidencePath) -> IO[bytes]:
    """The bytes of a file of the evidence from the first on. Raises OSError where they can't be read, NoRegularFileError where it is none."""
    if not isinstance(path, Path):
        return path.open("rb")
    _refuse_odd(os.stat(path).st_mode)
    descriptor = os.open(path, _FLAGS)
    try:
        _refuse_odd(os.fstat(descriptor).st_mode)
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def read_plain(path: EvidencePath) -> bytes:
    """All bytes of a file of the evidence. Raises as `open_plain`, and as the file itself where it lies in a container."""
    if not isinstance(path, Path):
        return path.read_bytes()
    with open_plain(path) as file:
        return file.read()


def odd_kind(mode: int) -> str:
    """What a file of this mode is, with its article: `a pipe`; '' for a regular file."""
    if S_ISREG(mode):
        return ""
    return next((words for is_one, words in _KINDS if is_one(mode)), "something odd")


def _refuse_odd(mode: int) -> None:
    kind = odd_kind(mode)
    if kind:
        raise NoRegularFileError(f"it is {kind}, and only regular files are read")
