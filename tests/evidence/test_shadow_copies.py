"""Shadow copies of a volume: older states as trees of their own, dated; damage in them keeps nothing else from being read."""

from pathlib import Path

import pytest

from hivecheck.evidence.images import open_image
from tests.build_test_images import HIVES, gpt_disk
from tests.image_files import image_bytes
from tests.shadow_copy_writer import add_shadow_copy

pytest.importorskip("pyfsntfs", reason="the extra `images` is not installed")
pytest.importorskip("pyvshadow", reason="the extra `images` is not installed")

CREATED = 132_000_000_000_000_000
SYSTEM = "Windows/System32/config/SYSTEM"
NOW = (HIVES / "win10-1903-x64.hive").read_bytes()
THEN = (HIVES / "win10-21h2-x64.hive").read_bytes()


def volume_with_a_shadow_copy() -> bytes:
    """The volume of the test images, whose SYSTEM was another hive of the same length when the shadow copy was made."""
    now = image_bytes("volume.ntfs")
    place = now.index(NOW[:4096])
    assert now[place : place + len(NOW)] == NOW
    then = now[:place] + THEN + now[place + len(NOW) :]
    return add_shadow_copy(now, then, CREATED)


@pytest.mark.parametrize("whole_disk", [False, True])
def test_a_shadow_copy_is_a_tree_of_its_own_with_its_time(whole_disk: bool, tmp_path: Path) -> None:
    volume = volume_with_a_shadow_copy()
    path = tmp_path / "disk"
    path.write_bytes(gpt_disk(volume) if whole_disk else volume)
    opened = open_image(path)
    number = 2 if whole_disk else 1
    assert opened.problems == ()
    now, then = opened.trees
    assert (now.name, now.taken) == (f"{path}!volume {number}", 0)
    assert (then.name, then.taken) == (f"{path}!volume {number}, shadow copy 1", CREATED)
    states = [tree.find(SYSTEM) for tree in opened.trees]
    assert [entry.path.read_bytes() for entry in states if entry is not None] == [NOW, THEN]
    files = [[name for name, _ in tree.entries()] for tree in opened.trees]
    assert files[0] == files[1]


def test_a_damaged_catalog_of_shadow_copies_is_told_and_the_volume_is_read(tmp_path: Path) -> None:
    volume = bytearray(volume_with_a_shadow_copy())
    start = len(image_bytes("volume.ntfs"))
    volume[start : start + 16] = bytes(16)
    path = tmp_path / "disk"
    path.write_bytes(volume)
    opened = open_image(path)
    assert [tree.name for tree in opened.trees] == [f"{path}!volume 1"]
    assert opened.problems == (
        "volume 1: its shadow copies can't be read: their catalog is damaged, or lies in a part that is missing",
    )


def test_a_shadow_copy_whose_own_parts_are_cut_is_told(tmp_path: Path) -> None:
    whole = volume_with_a_shadow_copy()
    path = tmp_path / "disk"
    path.write_bytes(whole[: len(image_bytes("volume.ntfs")) + 0x4000])  # the catalog is there, and nothing of the store
    opened = open_image(path)
    assert [tree.taken for tree in opened.trees] == [0]
    assert any("shadow cop" in problem for problem in opened.problems)
