"""From what the user named to the hives in it: a hive file is taken as it is, a folder is searched by content.

Content decides what a file is, never its name: `regf`, file type 0, and a root with `Select` or a control set. A folder may be a
mounted Windows volume or any folder of collected files. Logs are looked for beside the hive, in any case of their names.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from hivecheck.errors import EvidenceError, HivecheckError, NotAHiveError
from hivecheck.registry.control_sets import is_system_hive
from hivecheck.registry.regf import open_hive

LOG_ENDINGS = (".LOG", ".LOG1", ".LOG2")
_SMALLEST_HIVE_BYTES = 8192
_ENTRIES_AT_MOST = 500_000
_FOLDER_LEVELS = 64


def find_hives(named: Path) -> tuple[Path, ...]:
    """The SYSTEM hives that an argument stands for: the file itself, or those in the folder, sorted by path.

    Raises EvidenceError where a folder holds none. A single file is not looked into here: opening it tells what is wrong.
    """
    if not named.is_dir():
        return (named,)
    found = tuple(sorted(path for path in _files_below(named) if _is_system_hive(path)))
    if not found:
        hint = "Name a folder that holds Windows/System32/config/SYSTEM, or the hive file itself."
        raise EvidenceError("no SYSTEM hive in this folder", str(named), hint)
    return found


def find_logs(hive: Path) -> tuple[Path, ...]:
    """The logs in the hive's folder: the hive's name, with or without its own ending, plus .LOG, .LOG1 or .LOG2, in any case."""
    stems = {hive.name.upper(), hive.stem.upper()}
    wanted = {stem + ending: place for stem in stems for place, ending in enumerate(LOG_ENDINGS)}
    wanted.pop(hive.name.upper(), None)
    try:
        names = os.listdir(hive.parent)
    except OSError:
        return ()  # a folder that can't be listed holds no logs that could be used
    return tuple(
        hive.parent / name for _, name in sorted((wanted[name.upper()], name) for name in names if name.upper() in wanted)
    )


def _files_below(folder: Path) -> Iterator[Path]:
    """Regular files, links not followed, bounded in number and depth."""
    seen = 0
    base = len(folder.parts)
    for place, folders, names in os.walk(folder, followlinks=False):
        folders.sort()
        if len(Path(place).parts) - base >= _FOLDER_LEVELS:
            folders.clear()
        for name in sorted(names):
            seen += 1
            if seen > _ENTRIES_AT_MOST:
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
