"""Copies of a hive, the same bytes with the same logs: told once, as the one of which most is at hand, with all their places.

A SOFTWARE hive beside them makes two copies differ only where both have one. Of what a machine boots from, a copy that lies on a
volume of an image knows every file of the boot, one in a folder or archive what was collected there, a loose one nothing.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence

from hivecheck.evidence.file_tree import FileTree
from hivecheck.evidence.layouts import WINDOWS_FOLDERS, HiveKind
from hivecheck.evidence.limits import LimitReachedError
from hivecheck.facts.evidence_path import EvidencePath
from hivecheck.facts.fact import fact
from hivecheck.registry.plain_files import open_plain
from hivecheck.registry.regf import is_too_large

_PIECE_BYTES = 1024 * 1024
_COUNTED = 16  # volumes of one search whose files are counted: of an archive with many members that takes long
_ORDER = {kind: place for place, kind in enumerate(HiveKind)}


@fact
class Copy:
    """One of several hives that may be copies: `number` is its place among them. `kind` is None for a file that was named itself."""

    number: int
    path: EvidencePath
    kind: HiveKind | None
    logs: tuple[EvidencePath, ...]
    software: EvidencePath | None
    volume: FileTree | None


def copies_of(hives: Sequence[Copy]) -> list[list[Copy]]:
    """The hives by what is in them: of each group the one to be read comes first, the others by their paths.

    What can't be read is a copy of nothing: analyzing it tells what is wrong.
    """
    counted = _Counting()
    alike: dict[tuple[object, ...], list[Copy]] = {}
    sizes = _sizes([one.path for one in hives])
    times = Counter(sizes)
    for one, size in zip(hives, sizes, strict=True):
        if times[size] == 1 or size < 0:
            alike[(one.number,)] = [one]
            continue
        try:
            key: tuple[object, ...] = tuple(_digest(path) for path in (one.path, *one.logs))
        except OSError:
            key = (one.number,)
        alike.setdefault(key, []).append(one)
    return [group for same in alike.values() for group in _by_software(same, counted.rank)]


def _by_software(same: list[Copy], rank: "Callable[[Copy], tuple[object, ...]]") -> list[list[Copy]]:
    """Those of one content, parted where their SOFTWARE hives differ in size."""
    if len(same) == 1:
        return [same]
    groups: list[tuple[set[int], list[Copy]]] = []
    for one in sorted(same, key=rank):
        [size] = _sizes([one.software]) if one.software is not None else [-1]
        known = {size} - {-1}
        found = next((group for group in groups if not group[0] or not known or group[0] == known), None)
        if found is None:
            groups.append((known, [one]))
        else:
            found[0].update(known)
            found[1].append(one)
    return [group for _, group in groups]


def _sizes(paths: Sequence[EvidencePath]) -> list[int]:
    found: list[int] = []
    for path in paths:
        try:
            found.append(path.stat().st_size)
        except (OSError, ValueError):
            found.append(-1)
    return found


class _Counting:
    """How much is at hand around each hive."""

    def __init__(self) -> None:
        self._left = _COUNTED

    def rank(self, copy: Copy) -> tuple[object, ...]:
        """Sorts what is read rather first: by what the hive is on its machine, then by how much of its volume is there."""
        volume = copy.volume
        files = 0 if volume is None or volume.is_volume else self._files(volume)
        order = _ORDER[copy.kind or HiveKind.LOOSE]
        return (
            order,
            volume is None,
            volume is not None and not volume.is_volume,
            -files,
            copy.software is None,
            str(copy.path),
        )

    def _files(self, volume: FileTree) -> int:
        """The number of names in System32, 0 where enough was counted."""
        if not self._left:
            return 0
        self._left -= 1
        windows = next((one for one in WINDOWS_FOLDERS if volume.find(f"{one}/System32") is not None), "")
        return volume.count_names(f"{windows}/System32") if windows else 0


def _digest(path: EvidencePath) -> str:
    if is_too_large(path):
        raise LimitReachedError("it is too large for a hive")
    running = hashlib.sha256(usedforsecurity=False)
    with open_plain(path) as file:
        while piece := file.read(_PIECE_BYTES):
            running.update(piece)
    return running.hexdigest()
