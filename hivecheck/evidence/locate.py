"""From what the user named to the hives in it: a hive file is taken as it is, a folder is searched by content.

Content decides what a file is, never its name: `regf`, file type 0, and a root with `Select` or a control set. A folder may be a
mounted Windows volume or any folder of collected files. Logs are looked for beside the hive, in any case of their names.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from hivecheck.errors import EvidenceError, HivecheckError, NotAHiveError
from hivecheck.facts.evidence_path import EvidencePath
from hivecheck.facts.fact import fact
from hivecheck.registry.control_sets import is_system_hive
from hivecheck.registry.regf import open_hive

LOG_ENDINGS = (".LOG", ".LOG1", ".LOG2")
_SMALLEST_HIVE_BYTES = 8192
_ENTRIES_AT_MOST = 10_000_000  # a volume of Windows alone may hold a million
_FOLDER_LEVELS = 64


@fact
class Search:
    """The SYSTEM hives of an argument, sorted by path. `missed` says what was not searched, '' where everything was."""

    hives: tuple[Path, ...]
    missed: str = ""


def search_hives(named: Path) -> Search:
    """The SYSTEM hives that an argument stands for: the file itself, or those in the folder.

    Raises EvidenceError where a folder holds none. A single file is not looked into here: opening it tells what is wrong.
    """
    if not named.is_dir():
        return Search((named,))
    missed: list[str] = []
    found = tuple(sorted(path for path in _files_below(named, missed) if _is_system_hive(path)))
    words = f"{missed[0]}{f'; and {len(missed) - 1} more folders' if len(missed) > 1 else ''}" if missed else ""
    if not found:
        hint = "Name a folder that holds Windows/System32/config/SYSTEM, or the hive file itself."
        raise EvidenceError("no SYSTEM hive in this folder", str(named), f"Not searched: {words}. {hint}" if words else hint)
    return Search(found, words)


def log_names(hive: EvidencePath) -> dict[str, int]:
    """The names, in upper case, that the logs of this hive may have, each with its place in the order they are told in.

    They are the hive's name, with or without its own ending, plus .LOG, .LOG1 or .LOG2.
    """
    stems = {hive.name.upper(), hive.stem.upper()}
    wanted = {stem + ending: place for stem in sorted(stems) for place, ending in enumerate(LOG_ENDINGS)}
    wanted.pop(hive.name.upper(), None)
    return wanted


def find_logs(hive: Path) -> tuple[Path, ...]:
    """The logs in the hive's folder, in any case of their names."""
    wanted = log_names(hive)
    try:
        names = os.listdir(hive.parent)
    except OSError:
        return ()  # a folder that can't be listed holds no logs that could be used
    return tuple(
        hive.parent / name for _, name in sorted((wanted[name.upper()], name) for name in names if name.upper() in wanted)
    )


def _files_below(folder: Path, missed: list[str]) -> Iterator[Path]:
    """Regular files, links not followed, bounded in number and depth; what was not searched is added to `missed`."""
    seen = 0
    base = len(folder.parts)

    def note_unlisted(error: OSError) -> None:
        missed.append(f"{error.filename} can't be listed: {error.strerror or error}")

    for place, folders, names in os.walk(folder, onerror=note_unlisted, followlinks=False):
        folders.sort()
        if folders and len(Path(place).parts) - base >= _FOLDER_LEVELS:
            missed.append(f"what lies more than {_FOLDER_LEVELS} levels below, in {place}")
            folders.clear()
        for name in sorted(names):
            seen += 1
            if seen > _ENTRIES_AT_MOST:
                missed.append(f"all behind the first {_ENTRIES_AT_MOST:,} files, from {place} on")
                return
            path = Path(place, name)
            if path.is_file() and not path.is_symlink():
                yield path


def _is_system_hive(path: Path) -> bool:
    try:
        if path.stat().st_size < _SMALLEST_HIVE_BYTES:
            return False
        with path.open("rb") as file:
            head = file.read(32)
    except OSError:
        return False  # unreadable files of a folder are no candidates
    if head[:4] != b"regf" or head[28:32] != b"\0\0\0\0":
        return False
    try:
        with open_hive(path) as hive:
            return is_system_hive(hive)
    except NotAHiveError:
        return False
    except HivecheckError:
        return "SYSTEM" in path.name.upper()  # damaged, but by its name the one: opening it will say what is wrong
