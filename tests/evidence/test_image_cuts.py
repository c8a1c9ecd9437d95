"""A sparse image that was cut is told with the blocks it lacks, and a whole one never is."""

import struct
from pathlib import Path

import pytest

from hivecheck.errors import EvidenceError
from hivecheck.evidence import images
from hivecheck.evidence.discovery import find_evidence
from hivecheck.evidence.image_cuts import blocks_behind_end
from hivecheck.evidence.image_formats import image_format
from hivecheck.evidence.images import open_image
from tests.image_files import WHOLE, unpack

# How many blocks and tables lie behind the end of each image, cut to so many bytes.
CUTS = (
    ("sparse.vmdk", 700_000, 8),
    ("disk.vhdx", 8_388_608, 1),
    ("plain.qcow2", 720_896, 11),
    ("disk.vdi", 1_573_376, 2),
)


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_image_lacks_no_block(name: str, tmp_path: Path) -> None:
    path = unpack(name, tmp_path)
    assert blocks_behind_end(path, image_format(path)) == 0


@pytest.mark.parametrize(("name", "length", "blocks"), CUTS)
def test_the_blocks_behind_the_end_are_counted(name: str, length: int, blocks: int, tmp_path: Path) -> None:
    path = unpack(name, tmp_path)
    path.write_bytes(path.read_bytes()[:length])
    assert blocks_behind_end(path, image_format(path)) == blocks


@pytest.mark.parametrize("name", ["sparse.vmdk", "disk.vhdx", "plain.qcow2", "disk.vdi"])
def test_tables_that_lie_end_soon(name: str, tmp_path: Path) -> None:
    path = unpack(name, tmp_path)
    whole = path.read_bytes()
    for place in (8, 20, 36, 44, 56, 340, 368, 380, 0x30008, 0x30020):
        data = bytearray(whole)
        data[place : place + 8] = b"\xff" * 8
        path.write_bytes(data)
        assert blocks_behind_end(path, image_format(path)) >= 0
    path.write_bytes(whole[:64] + struct.pack("<I", 0))
    assert blocks_behind_end(path, image_format(path)) >= 0


def test_a_cut_image_is_told_by_whoever_searches_it(tmp_path: Path) -> None:
    pytest.importorskip("pyfsntfs")
    pytest.importorskip("dissect.hypervisor")
    path = unpack("disk.vdi", tmp_path)
    path.write_bytes(path.read_bytes()[:1_573_376])
    words = "the image is cut: 2 blocks lie behind its end, and what lay there can't be read"
    assert words in open_image(path).problems
    assert f"{path}: {words}" in find_evidence(path).missed


def test_a_cut_extent_is_told_of_the_image_that_names_it(tmp_path: Path) -> None:
    pytest.importorskip("pyfsntfs")
    pytest.importorskip("dissect.hypervisor")
    path = unpack("extents.vmdk", tmp_path)
    assert open_image(path).problems == ()
    extent = tmp_path / "extents-s001.vmdk"
    extent.write_bytes(extent.read_bytes()[:900_000])
    told = [problem for problem in open_image(path).problems if problem.startswith("the image is cut: ")]
    assert told == [
        f"the image is cut: {blocks_behind_end(extent, 'VMDK')} blocks lie behind its end, and what lay there can't be read"
    ]


def test_what_can_not_be_read_is_said_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError("the image can't be read there: a grain is damaged")

    monkeypatch.setattr(images, "open_disk", fail)
    with pytest.raises(EvidenceError) as caught:
        open_image(unpack("volume.ntfs", tmp_path))
    assert caught.value.message == "the image can't be read there: a grain is damaged"
