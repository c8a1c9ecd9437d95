"""Reports that an earlier run left in the folder of `--output`: the new list does not lead to them, so it names them.

Nothing is deleted or opened for writing. A file counts as one of ours by its name and by how it begins.
"""

import os
import re
import sys
from collections.abc import Collection
from itertools import islice
from pathlib import Path

from hivecheck.facts.visible import visible

MOST_LISTED = 200  # on the list
_MOST_NAMED = 4  # on the terminal
_MOST_ENTRIES = 20_000  # of the folder that are looked at
_NAMED = re.compile(r".+-\d{8}T\d{6}Z(?:-\d+)?\.(?:html|json)", re.DOTALL)
_BEGINNING_BYTES = 4_096
_SIGNS = (b'"schema": "hivecheck.', b'"schema":"hivecheck.', b'<meta name="generator" content="hivecheck ')


def older_reports(folder: Path, written: Collection[str]) -> tuple[tuple[str, ...], int]:
    """The names of reports in the folder that are not among those `written`, sorted, and how many more there are.

    Files that can't be read are none of ours. Raises nothing: a folder that can't be listed has none.
    """
    own = {name.casefold() for name in written}
    try:
        with os.scandir(folder) as entries:
            others = [one for one in islice(entries, _MOST_ENTRIES) if one.name.casefold() not in own]
            found = sorted(one.name for one in others if _is_ours(one))
    except OSError:
        return (), 0
    return tuple(found[:MOST_LISTED]), max(len(found) - MOST_LISTED, 0)


def warn_of_older(folder: Path, older: tuple[tuple[str, ...], int]) -> None:
    """Says on standard error that there are such reports, with the first of their names; nothing where there are none."""
    names, more = older
    if not names:
        return
    number = len(names) + more
    left = f" and {number - _MOST_NAMED:,} more" if number > _MOST_NAMED else ""
    told = f"{number:,} older {'report' if number == 1 else 'reports'} in this folder, not of this run and not listed"
    said = f"{visible(str(folder))}: {told}: {', '.join(map(visible, names[:_MOST_NAMED]))}{left}."
    print(f"hivecheck: {said}", file=sys.stderr)


def _is_ours(entry: "os.DirEntry[str]") -> bool:
    """Whether a file is named and begins as a report does; a link or a device is never opened."""
    if not _NAMED.fullmatch(entry.name):
        return False
    try:
        if not entry.is_file(follow_symlinks=False):
            return False
        with open(entry.path, "rb") as file:
            beginning = file.read(_BEGINNING_BYTES)
    except OSError:
        return False
    return any(sign in beginning for sign in _SIGNS)
