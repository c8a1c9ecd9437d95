"""From a disk image to its files: every NTFS volume on it, unlocked where it is encrypted, and every shadow copy of each.

The evidence is only read. What one volume has wrong is told and does not keep the others from being read.
"""

import re
from pathlib import Path

from hivecheck.errors import EvidenceError
from hivecheck.evidence.bitlocker import is_bitlocker, unlock
from hivecheck.evidence.disk_parts import siblings
from hivecheck.evidence.file_tree import FileTree
from hivecheck.evidence.image_cuts import blocks_behind_end
from hivecheck.evidence.image_formats import INSTALL_HINT, extent_names, image_format, image_warnings, open_disk
from hivecheck.evidence.member import Member
from hivecheck.evidence.ntfs import NtfsTree
from hivecheck.evidence.shadow_copies import read_shadow_copies
from hivecheck.evidence.volumes import NTFS_MARK, Volume, Window, missing_bytes, read_volumes
from hivecheck.facts.evidence_path import EvidencePath
from hivecheck.facts.fact import fact


@fact
class OpenedImage:
    """The volumes of an image: each as it was collected, followed by its shadow copies, oldest first. `kind` is that of the image.

    `problems` say, in words for people, what could not be read of it.
    """

    kind: str
    trees: tuple[FileTree, ...]
    problems: tuple[str, ...] = ()


def open_image(path: EvidencePath, keys: tuple[str, ...] = (), beside: tuple[EvidencePath, ...] = ()) -> OpenedImage:
    """The volumes of the image in this file; `keys` open BitLocker; `beside` are its folder's files where it is in an archive.

    An image whose volumes are all locked or unreadable gives none, and says why. Raises EvidenceError where the file is no disk
    image, is damaged as a whole, lacks a part, or where what reads it is not installed.
    """
    try:
        kind = image_format(path, any_part=True)
        if not kind:
            later = re.search(r"\.[0-9]{2,}$", path.name)
            hint = "If it is a part of a split image, name the first part." if later else ""
            raise EvidenceError("this is no disk image that hivecheck knows", str(path), hint)
        disk = open_disk(path, kind, beside)
        warnings = (*image_warnings(path, kind), *_cut_words(_blocks_cut_off(path, kind, beside)))
        volumes, table_problems = read_volumes(disk)
    except OSError as error:
        words = f"{error.strerror or error}"
        told = words if words.startswith("the image ") else f"the image can't be read: {words}"
        raise EvidenceError(told, str(path)) from error
    problems = [*warnings, *table_problems]
    trees: list[FileTree] = []
    for volume in volumes:
        try:
            trees += _trees_of(volume, path, keys, problems)
        except ImportError as error:
            raise EvidenceError(
                "reading the volumes of a disk image needs the extra `images`", str(path), INSTALL_HINT
            ) from error
    if not trees and len(problems) == len(warnings):
        problems.append("there is no NTFS volume on it")
    return OpenedImage(kind, tuple(trees), tuple(problems))


def _blocks_cut_off(path: EvidencePath, kind: str, beside: tuple[EvidencePath, ...]) -> int:
    """The blocks behind the end of the image, or of the extents that it names."""
    if kind != "VMDK descriptor":
        return blocks_behind_end(path, kind)
    found = siblings(path, beside)
    names = [name.upper() for name in extent_names(path)]
    return sum(blocks_behind_end(found[name], "VMDK") for name in names if name in found)


def _cut_words(blocks: int) -> tuple[str, ...]:
    if not blocks:
        return ()
    lie = "block lies" if blocks == 1 else "blocks lie"
    return (f"the image is cut: {blocks:,} {lie} behind its end, and what lay there can't be read",)


def _trees_of(volume: Volume, path: EvidencePath, keys: tuple[str, ...], problems: list[str]) -> list[FileTree]:
    container, above = _place_of(path)
    name = f"volume {volume.number}"
    window: Window | None = volume.window
    locked = is_bitlocker(volume.window)
    if locked:
        window, why = unlock(volume.window, keys)
        if window is None:
            problems.append(f"{name} can't be read: {why}")
            return []
    assert window is not None
    if not _is_ntfs(window):
        if locked:
            problems.append(f"{name} was unlocked, but holds no NTFS file system that can be read")
        return []  # FAT, the reserved partition, ...: Windows keeps no hive there
    if cut := missing_bytes(window):
        problems.append(f"the image ends {cut:,} bytes before the end of {name}: files behind that can't be read")
    trees: list[FileTree] = []
    try:
        trees.append(NtfsTree(window, container, above + name))
    except OSError as error:
        problems.append(f"{name} can't be read: {error}")
    copies, copy_problems = read_shadow_copies(window)
    problems += [f"{name}: {problem}" for problem in copy_problems]
    for copy in copies:
        where = f"{name}, shadow copy {copy.number}"
        try:
            trees.append(NtfsTree(copy.window, container, above + where, taken=copy.created))
        except OSError as error:
            problems.append(f"{where} can't be read: {error}")
    return trees


def _is_ntfs(window: Window) -> bool:
    try:
        return window.head(11)[3:] == NTFS_MARK
    except OSError:
        return False


def _place_of(path: EvidencePath) -> tuple[Path, str]:
    """The file on disk that holds it all, and the words for where in there the image lies."""
    if isinstance(path, Member):
        return path.container, f"{path.inside}!"
    return (path if isinstance(path, Path) else Path(str(path))), ""
