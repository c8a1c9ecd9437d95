"""Links and other files without bytes of their own where a hive, its log or a folder above them should be: not followed, but told."""

import os
import re
from pathlib import Path
from stat import S_ISREG

from hivecheck.evidence.layouts import decoded

_NAME = re.compile(r"(?:.*_)?(?:system|software)(?:\.(?:alt|bak|dat|hiv|hive|log[12]?))?")
_FOLDERS = frozenset({"windows", "winnt", "winnt35", "win", "system32", "config", "regback"})


def is_hive_name(name: str) -> bool:
    """Whether a SYSTEM or SOFTWARE hive, its log, or a folder on the way to it may have this name."""
    folded = decoded(name).lower()
    return folded in _FOLDERS or bool(_NAME.fullmatch(folded))


def link_words(links: list[str]) -> tuple[str, ...]:
    """That these were not followed, in words for people; nothing for none."""
    if not links:
        return ()
    if len(links) == 1:
        return (f"{links[0]}, where a hive may lie: it is a link or no regular file, which is not followed",)
    return (
        f"{len(links):,} links and files that are not regular where hives may lie, which are not followed: the first is {links[0]}",
    )


def links_below(folder: Path, names_at_most: int) -> list[str]:
    """The links, pipes and the like in a folder that have a name of `is_hive_name`, among the first so many names."""
    found: list[str] = []
    seen = 0
    for place, folders, names in os.walk(folder, followlinks=False):
        folders.sort()
        for name in sorted((*folders, *names)):
            seen += 1
            if seen > names_at_most:
                return found
            if is_hive_name(name) and _is_odd(Path(place, name), is_folder=name in folders):
                found.append(str(Path(place, name)))
    return found


def _is_odd(path: Path, *, is_folder: bool) -> bool:
    try:
        return path.is_symlink() or not (is_folder or S_ISREG(path.lstat().st_mode))
    except OSError:
        return False  # listing the folder tells what is wrong
