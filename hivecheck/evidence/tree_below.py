"""One folder of a collection as a volume of its own: `uploads/auto/C%3A` of an archive, `C` of a virtual disk."""

from collections.abc import Iterator

from hivecheck.evidence.file_tree import FileEntry, FileTree, parts_of
from hivecheck.facts.evidence_path import EvidencePath


class TreeBelow:
    """Satisfies `FileTree`: the files of another tree below one of its folders, named by its parts as they are spelled there."""

    is_volume = False  # whatever it lies in: a disk that was made to hold a collection is a volume of its own

    def __init__(self, tree: FileTree, root: tuple[str, ...]) -> None:
        self.name = f"{tree.name}!{'/'.join(root)}"
        self._tree = tree
        self._root = root

    @property
    def taken(self) -> int:
        return self._tree.taken

    @property
    def short_names(self) -> bool:
        return self._tree.short_names

    @property
    def missed(self) -> tuple[str, ...]:
        return self._tree.missed

    def entries(self, below: str = "") -> Iterator[tuple[str, EvidencePath]]:
        """As `FileTree` says."""
        level = len(self._root)
        for place, path in self._tree.entries("/".join((*self._root, *parts_of(below)))):
            yield "/".join(parts_of(place)[level:]), path

    def find(self, path: str) -> FileEntry | None:
        """As `FileTree` says."""
        return self._tree.find("/".join((*self._root, *parts_of(path))))

    def count_names(self, folder: str) -> int:
        """As `FileTree` says."""
        return self._tree.count_names("/".join((*self._root, *parts_of(folder))))
