"""A folder that stands for a Windows volume: looked up without case, links not followed, nothing outside it reached."""

import os
from pathlib import Path

import pytest

from hivecheck.evidence.file_tree import FileTree, FolderTree, parts_of


@pytest.fixture
def volume(tmp_path: Path) -> Path:
    root = tmp_path / "volume"
    (root / "WINDOWS" / "system32").mkdir(parents=True)
    (root / "WINDOWS" / "system32" / "AutoChk.exe").write_bytes(b"MZ")
    os.utime(root / "WINDOWS" / "system32" / "AutoChk.exe", ns=(0, 100))
    (tmp_path / "outside.txt").write_bytes(b"not of the volume")
    return root


def test_a_file_is_found_in_any_case_with_either_slash(volume: Path) -> None:
    tree: FileTree = FolderTree(volume)
    entry = tree.find("\\Windows\\System32/autochk.EXE")
    assert entry is not None
    assert entry.path == volume / "WINDOWS" / "system32" / "AutoChk.exe"
    assert (entry.size, entry.modified, entry.is_folder, entry.unread) == (2, 116_444_736_000_000_001, False, "")


def test_a_folder_is_told_as_one(volume: Path) -> None:
    entry = FolderTree(volume).find("windows/system32")
    assert entry is not None
    assert entry.is_folder


@pytest.mark.parametrize(
    "path", ["windows/missing.exe", "windows/system32/autochk.exe/below", "../outside.txt", "windows/../../outside.txt"]
)
def test_what_is_not_there_is_not_found(volume: Path, path: str) -> None:
    assert FolderTree(volume).find(path) is None


@pytest.mark.skipif(os.name == "nt", reason="making links takes a right of its own there")
def test_links_are_told_and_not_followed(volume: Path) -> None:
    (volume / "WINDOWS" / "link.exe").symlink_to(volume.parent / "outside.txt")
    (volume / "Folder").symlink_to(volume.parent)
    tree = FolderTree(volume)
    link, below = tree.find("windows/link.exe"), tree.find("folder/outside.txt")
    assert link is not None
    assert link.reparse == f"link to {volume.parent / 'outside.txt'}"
    assert link.unread == "it is a link, which is not followed"
    assert below is not None
    assert below.unread == "its folder Folder is a link, which is not followed"
    assert [path for path, _ in tree.entries()] == ["WINDOWS/system32/AutoChk.exe"]


def test_what_lies_behind_the_limit_is_told(volume: Path) -> None:
    (volume / "a.txt").write_bytes(b"")
    tree = FolderTree(volume, entries_at_most=1)
    assert [path for path, _ in tree.entries()] == ["a.txt"]
    assert tree.missed == (f"all behind the first 1 files, from {volume / 'WINDOWS' / 'system32'} on",)


def test_a_path_falls_into_its_names() -> None:
    assert parts_of("\\Windows//System32/./x.exe") == ("Windows", "System32", "x.exe")
