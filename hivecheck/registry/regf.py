"""Our reader of hive files: opens one, looks at its base block and its first bin, and gives the root of its keys.

The file is mapped, not read; nothing is decoded before it is asked for. Damage never raises once base block and root are
readable: it is told in `problems`, and reading goes on with the siblings. Must not know what a key or a value means.
Source: msuhanov/regf, "Windows registry file format specification".
"""

from collections.abc import Callable
from mmap import ACCESS_READ, mmap
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from time import monotonic
from types import TracebackType

from hivecheck.errors import EvidenceError
from hivecheck.facts.evidence_path import EvidencePath
from hivecheck.facts.problem import Problem
from hivecheck.registry.base_block import BINS_START, Buffer, read_base_block
from hivecheck.registry.cells import Cells
from hivecheck.registry.damage import Damage
from hivecheck.registry.hive import Limits
from hivecheck.registry.keys import RegfKey, Tree
from hivecheck.registry.plain_files import odd_kind, open_plain

DEFAULT_LIMITS = Limits()


def open_hive(path: EvidencePath, limits: Limits = DEFAULT_LIMITS) -> "RegfHive":
    """The hive in this file, mapped for reading. Close it, or use it in a `with`.

    Raises EvidenceError where the file can't be read or is too large for a hive, NotAHiveError where it is no hive.
    """
    refuse_too_large(path, limits)
    try:
        mode = path.stat().st_mode
        if S_ISDIR(mode):
            hint = "Name the hive file in it, e.g. Windows/System32/config/SYSTEM."
            raise EvidenceError("this is a directory", str(path), hint)
        if kind := odd_kind(mode):
            hint = "Copy it into a file, an image of a device for example, and name that."
            raise EvidenceError(f"this is {kind}, not a regular file", str(path), hint)
        buffer = _map(path)
    except FileNotFoundError as error:
        raise EvidenceError("there is no such file", str(path), "Check the spelling of the path.") from error
    except PermissionError as error:
        hint = "A running Windows locks its hives: read a copy, e.g. from a shadow copy or an image."
        raise EvidenceError("permission to read the file was denied", str(path), hint) from error
    except (OSError, ValueError) as error:
        raise EvidenceError(f"the file can't be read: {error}", str(path)) from error
    try:
        return RegfHive(path.name, buffer, limits, path if isinstance(path, Path) else None, source=str(path))
    except BaseException:
        if isinstance(buffer, mmap):
            buffer.close()
        raise


def refuse_too_large(path: EvidencePath, limits: Limits = DEFAULT_LIMITS) -> None:
    """Raises EvidenceError for a file that is larger than any hive, before a byte of it is read."""
    if is_too_large(path, limits):
        text = f"the file is too large for a hive: it has {path.stat().st_size:,} bytes, and at most {limits.file_bytes:,} are read"
        raise EvidenceError(
            text, str(path), "No hive is that large: it is damaged or forged, or other data follow the hive."
        )


def is_too_large(path: EvidencePath, limits: Limits = DEFAULT_LIMITS) -> bool:
    """Whether there is a file, and it is larger than any hive."""
    try:
        state = path.stat()
    except (OSError, ValueError):
        return False  # opening it says what is wrong
    return S_ISREG(state.st_mode) and state.st_size > limits.file_bytes


def _map(path: EvidencePath) -> Buffer:
    with open_plain(path) as file:
        if file.seek(0, 2) == 0:
            return b""  # can't be mapped
        try:
            return mmap(file.fileno(), 0, access=ACCESS_READ)
        except OSError:  # members of archives, and file systems that can't map, as some FUSE mounts of images
            file.seek(0)
            return file.read()


class RegfHive:
    """A hive, open for reading only. `path` is None for bytes that come from no file on disk: a replayed log, a member of an archive.

    `source` says in errors where it was found.
    """

    __slots__ = ("_buffer", "base_block", "cells", "damage", "limits", "log_sectors", "name", "path", "root")

    def __init__(
        self,
        name: str,
        buffer: Buffer,
        limits: Limits,
        path: Path | None = None,
        log_sectors: frozenset[int] = frozenset(),
        clock: Callable[[], float] = monotonic,
        source: str = "",
    ) -> None:
        self.name = name
        self.path = path
        self.limits = limits
        self.log_sectors = log_sectors
        self.base_block = block = read_base_block(buffer, source or str(path or name))
        self._buffer = buffer
        self.damage = damage = Damage(limits.problems)
        bins_size = self._check_bins(buffer)
        minor_version = block.version[1]
        root_at = BINS_START + block.root_offset
        self.cells = cells = Cells(buffer, bins_size, minor_version, limits, damage, clock)
        cells.use_old_cells_if_found(root_at, minor_version)
        node = cells.key_node(root_at, None)
        if node is None:
            why = damage.problems[-1].message
            raise EvidenceError(
                f"the root key can't be read: {why}", source or str(path or name), "The start of the hive is damaged."
            )
        self.root = RegfKey(Tree(name, cells, damage, limits, {root_at: 0}, log_sectors), None, root_at, node)

    @classmethod
    def from_buffer(
        cls,
        name: str,
        buffer: Buffer,
        limits: Limits = DEFAULT_LIMITS,
        log_sectors: frozenset[int] = frozenset(),
        clock: Callable[[], float] = monotonic,
    ) -> "RegfHive":
        """A hive of these bytes. They must not change while it is open. Raises as `open_hive` does.

        `log_sectors` are the numbers of the 512-byte sectors that were taken from a log; references say so. `clock` counts seconds,
        for the limit on them.
        """
        return cls(name, buffer, limits, None, log_sectors, clock)

    def _check_bins(self, buffer: Buffer) -> int:
        """The size of all bins in bytes: as declared, or as found where what is declared can't be."""
        found, declared = len(buffer) - BINS_START, self.base_block.hbins_size
        head = bytes(buffer[BINS_START : BINS_START + 8])
        if head != b"hbin\0\0\0\0":
            text = f"the first bin at 0x{BINS_START:x} starts with {head!r}; Windows would refuse or repair this hive"
            self.damage.tell("bad-bin-header", BINS_START, text, None)
        if not declared or declared % BINS_START:
            text = f"the base block claims {declared} bytes of bins, which is no multiple of 4,096; the whole file was read"
            self.damage.tell("bad-bins-size", 0, text, None)
            return found
        if found < declared:
            text = f"the file ends at 0x{len(buffer):x}; by its base block it should reach to 0x{BINS_START + declared:x}"
            self.damage.tell("truncated-hive", len(buffer), text, None, loses_data=True)
        return declared

    @property
    def buffer(self) -> Buffer:
        """The bytes of the whole file, for a second opinion, for carving or for hashing."""
        return self._buffer

    @property
    def bins_end(self) -> int:
        """Where the bins end, in bytes from the start of the file: as declared, or at the end of the file."""
        return self.cells.bins_end

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The damage met so far, each told once. Grows while the hive is read."""
        return self.damage.problems

    def close(self) -> None:
        """Unmap the file. Keys can't be read any more; what was read from them stays."""
        if isinstance(self._buffer, mmap):
            self._buffer.close()

    def __enter__(self) -> "RegfHive":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()
