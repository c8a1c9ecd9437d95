"""A file where Windows keeps the SYSTEM hive it boots from, that is no readable one: what is wrong with it, and whether its logs help."""

from hivecheck.errors import HivecheckError
from hivecheck.evidence.archives import first_bytes
from hivecheck.evidence.opening import open_with_logs
from hivecheck.facts.evidence_path import EvidencePath
from hivecheck.registry.control_sets import is_system_hive
from hivecheck.registry.regf import open_hive

_SMALLEST_HIVE_BYTES = 8192
_FILE_TYPE = slice(28, 32)  # of the base block: 0 for a hive, else a log
_LARGEST_HIVE_BYTES = 1024 * 1024 * 1024


def damage_words(path: EvidencePath) -> str:
    """What keeps this file from being read as a SYSTEM hive, as a sentence about it without its end."""
    told = f"{path} looks like SYSTEM but is damaged"
    try:
        size, head = path.stat().st_size, first_bytes(path, 512)
        if not size:
            return f"{told}: it is empty"
        if not any(head):
            return f"{told}: it begins with zeros"
        if not head.startswith(b"regf"):
            return f"{told}: it begins with {head[:4].hex(' ')}, not with 72 65 67 66 (regf)"
        if size < _SMALLEST_HIVE_BYTES:
            return f"{told}: it ends after {size:,} bytes"
        with open_hive(path):
            return f"{path} lies where SYSTEM does, but is another hive, or a log"
    except OSError as error:
        return f"{path} looks like SYSTEM but can't be read: {error}"
    except HivecheckError as error:
        return f"{told}: {error.message}"


def is_cut_system(name: str, head: bytes) -> bool:
    """Whether a file too small for a hive, that begins as one does, is by its name what is left of SYSTEM, and is not its log."""
    return "system" in name.lower() and head[_FILE_TYPE] == bytes(4)


def logs_mend(path: EvidencePath, logs: tuple[EvidencePath, ...]) -> bool:
    """Whether these logs make the file a SYSTEM hive that can be read: they may hold its base block and its first bin."""
    try:
        if not logs or path.stat().st_size > _LARGEST_HIVE_BYTES:
            return False
        opened = open_with_logs(path, beside=logs)
    except (HivecheckError, OSError):
        return False
    try:
        return is_system_hive(opened.hive)
    finally:
        opened.close()
