"""Later parts of disk images whose first part is not where they are: told with the name of the part that is missing.

A later segment of an E01 image says so itself. Of a raw image only the name does (`.002`), and of an extent of a VMDK image
(`disk-s001.vmdk`), so a file of text, as a log may be that is named so, is none.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from hivecheck.errors import EvidenceError
from hivecheck.evidence.archives import first_bytes
from hivecheck.evidence.container_kinds import HEAD_BYTES
from hivecheck.evidence.file_tree import FileTree

_EWF_MARK = b"EVF\x09\x0d\x0a\xff\x00"
_EWF_NAME = re.compile(r"(.+\.[els])(?:\d\d|[a-z]{2})", re.IGNORECASE)
_RAW_NAME = re.compile(r"(.+\.)0(?:0[2-9]|[1-9]\d)")
_EXTENT_NAME = re.compile(r"(.+)-(?:[sf]\d{3}|flat)(\.vmdk)", re.IGNORECASE)
_TEXT = frozenset((*b"\t\n\r\f\x1b", *range(0x20, 0x100)))
_SMALLEST_PART_BYTES = 512 * 1024
_TOGETHER = "put all parts into one folder, under their own names"


def first_part(name: str, head: bytes) -> str:
    """The name of the part that must be there as well, by the name and the first bytes of a later one; '' for all other files."""
    if head.startswith(_EWF_MARK):
        segment = _EWF_NAME.fullmatch(name)
        return f"{segment[1]}01" if segment and int.from_bytes(head[9:11], "little") > 1 else ""
    extent = _EXTENT_NAME.fullmatch(name)
    if extent:
        return f"{extent[1]}{extent[2]}"
    part = _RAW_NAME.fullmatch(name)
    return f"{part[1]}001" if part and not _is_text(head) else ""


def _is_text(head: bytes) -> bool:
    return head.startswith((b"\xff\xfe", b"\xfe\xff")) or _TEXT.issuperset(head)


class LaterParts:
    """The later parts met in one tree, by the first part of each."""

    def __init__(self) -> None:
        self._names: dict[tuple[tuple[str, ...], str], list[str]] = {}

    def add(self, parts: tuple[str, ...], head: bytes, size: int) -> None:
        """Looks at a file at this place."""
        first = first_part(parts[-1], head) if size >= _SMALLEST_PART_BYTES or head.startswith(_EWF_MARK) else ""
        if first:
            self._names.setdefault((parts[:-1], first), []).append(parts[-1])

    def lone(self, tree: FileTree, installed: set[tuple[str, ...]], opened: set[tuple[str, ...]]) -> Iterator[str]:
        """What is missing, in words. `installed` are the volumes of Windows, whose files are no evidence of their own, and `opened`
        the places of the images that are looked into: a VMDK descriptor among them may have another name.
        """
        for (folder, first), names in self._names.items():
            if any(folder[: len(root)] == root for root in installed) or _is_there(tree, folder, first):
                continue
            is_extent = first.lower().endswith(".vmdk")
            if is_extent and any(one[:-1] == folder and one[-1].lower().endswith(".vmdk") for one in opened):
                continue
            what = "descriptor" if is_extent else "first part"
            are = "is a part" if len(names) == 1 else f"and {len(names) - 1:,} more are parts"
            where = "/".join((tree.name, *folder, names[0]))
            yield f"{where} {are} of an image whose {what} is missing: {first}; {_TOGETHER}"


def _is_there(tree: FileTree, folder: tuple[str, ...], first: str) -> bool:
    others = (first, f"{first[:-1]}0") if first.endswith(".001") else (first,)
    return any(tree.find("/".join((*folder, one))) is not None for one in others)


def refuse_lone_part(named: Path) -> None:
    """Raises EvidenceError for a file that is a later part of a raw image by its name, and neither hive nor container by its content."""
    try:
        first = first_part(named.name, first_bytes(named, HEAD_BYTES))
    except OSError:
        return  # opening it tells what is wrong
    if not first:
        return
    names = {one.name.upper() for one in named.absolute().parent.iterdir()}
    found = next((one for one in (first, f"{first[:-1]}0") if one.upper() in names), "")
    told = "this is no registry hive; by its name it is a later part of a disk image"
    if found:
        raise EvidenceError(told, str(named), f"Name its first part: {found}.")
    raise EvidenceError(
        f"{told} whose first part is missing: {first}", str(named), f"{_TOGETHER.capitalize()}, and name the first."
    )
