"""The files below one folder of a volume, in any case of its name, of each kind of tree, without looking at the others."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hivecheck.evidence.archives import ArchiveTree, open_archive
from hivecheck.evidence.catalogs import search_catalogs
from hivecheck.evidence.container_kinds import Kind
from hivecheck.evidence.file_tree import FileTree, FolderTree
from hivecheck.evidence.images import open_image
from hivecheck.evidence.limits import Budget
from hivecheck.evidence.tree_below import TreeBelow
from tests.evidence.layouts import write_folder, zip_bytes
from tests.image_files import unpack

FILES = {
    "C/Windows/System32/CatRoot/{A}/one.cat": b"1",
    "C/Windows/System32/CatRoot/{A}/two.cat": b"2",
    "C/Windows/System32/CatRoot2/three.cat": b"3",
    "C/Windows/explorer.exe": b"4",
}
BELOW = ["Windows/System32/CatRoot/{A}/one.cat", "Windows/System32/CatRoot/{A}/two.cat"]


def trees(folder: Path) -> dict[str, FileTree]:
    top = write_folder(folder / "top", FILES)
    path = folder / "case.zip"
    path.write_bytes(zip_bytes(FILES))
    archive = ArchiveTree(str(path), open_archive(path, Kind.ZIP, Budget()).members)
    return {
        "folder": FolderTree(top / "C"),
        "archive": TreeBelow(archive, ("C",)),
        "below": TreeBelow(FolderTree(top), ("C",)),
    }


@pytest.mark.parametrize("name", ["folder", "archive", "below"])
def test_only_the_files_below_a_folder_are_given_with_their_whole_paths(name: str, tmp_path: Path) -> None:
    tree = trees(tmp_path)[name]
    assert [place for place, _ in tree.entries("windows/SYSTEM32/catroot")] == BELOW
    assert len(list(tree.entries())) == 4
    for nothing in ("Windows/none", "Windows/explorer.exe", "../C"):
        assert list(tree.entries(nothing)) == []


def test_the_folders_beside_it_are_not_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tree = trees(tmp_path)["folder"]
    walked: list[str] = []
    walk = os.walk

    def note(top: Path, **more: Any) -> Iterator[tuple[str, list[str], list[str]]]:
        walked.append(str(top))
        return walk(str(top), **more)

    monkeypatch.setattr(os, "walk", note)
    assert search_catalogs(tree, "Windows", ["00" * 32]).read == 2
    assert walked == [str(tmp_path / "top/C/Windows/System32/CatRoot")]


def test_a_volume_of_an_image_lists_a_folder_alone(tmp_path: Path) -> None:
    pytest.importorskip("pyfsntfs")
    pytest.importorskip("dissect.hypervisor")
    [tree] = open_image(unpack("volume.ntfs", tmp_path)).trees
    whole = [place for place, _ in tree.entries()]
    below = [place for place in whole if place.startswith("Windows/System32/config/")]
    assert [place for place, _ in tree.entries("windows/system32/CONFIG")] == below
    assert 0 < len(below) < len(whole)
    assert list(tree.entries("Windows/none")) == []
    assert list(tree.entries(below[0])) == []
