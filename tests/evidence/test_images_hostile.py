"""Images that lie: cut, flipped, in circles, larger than any memory. What comes is a clear error or what is left, and soon."""

import random
import struct
import zlib
from pathlib import Path

import pytest

from hivecheck.errors import EvidenceError
from hivecheck.evidence.ewf_segments import MARK, BoundedZlib
from hivecheck.evidence.images import open_image
from hivecheck.evidence.volumes import Window
from tests.build_test_images import gpt_disk, mbr_sector
from tests.image_files import WHOLE, image_bytes, unpack

pytest.importorskip("pyfsntfs", reason="the extra `images` is not installed")
pytest.importorskip("dissect.hypervisor", reason="the extra `images` is not installed")


def read_all(path: Path) -> tuple[int, int]:
    """How many files of the image could be read, and how many files and folders not. Raises EvidenceError where it is none."""
    read = unread = 0
    for tree in open_image(path, ("a key",)).trees:
        tree.find("windows/system32/config/system")
        for _, file in tree.entries():
            try:
                read += len(file.read_bytes()) <= 1 << 26
            except OSError:
                unread += 1
        unread += len(tree.missed)
    return read, unread


@pytest.mark.parametrize("name", WHOLE)
def test_a_cut_image_gives_an_error_or_says_what_is_missing(name: str, tmp_path: Path) -> None:
    path = unpack(name, tmp_path)
    whole = path.read_bytes()
    for share in (0.9, 0.5, 0.1):
        path.write_bytes(whole[: int(len(whole) * share)])
        try:
            opened = open_image(path)
        except EvidenceError:
            continue
        read, unread = read_all(path)
        assert opened.problems or unread or read == 7, "something is missing, and nothing says so"


@pytest.mark.parametrize("name", WHOLE)
def test_flipped_bits_never_do_worse_than_an_error(name: str, tmp_path: Path) -> None:
    path = unpack(name, tmp_path)
    whole = path.read_bytes()
    chance = random.Random(name)
    used = [place for place in range(len(whole)) if whole[place]]
    outcomes = []
    for _ in range(12):
        data = bytearray(whole)
        for place in chance.sample(used, min(60, len(used))) + [chance.randrange(min(len(data), 4096)) for _ in range(6)]:
            data[place] ^= 1 << chance.randrange(8)
        path.write_bytes(data)
        try:
            outcomes.append(read_all(path))
        except EvidenceError:
            continue
    assert all(read <= 7 for read, _ in outcomes)


def test_a_volume_that_the_image_cuts_is_told_with_the_bytes_that_are_missing(tmp_path: Path) -> None:
    disk = gpt_disk(image_bytes("volume.ntfs"))
    path = tmp_path / "disk"
    path.write_bytes(disk[: 128 * 512 + 1_500_000])
    assert open_image(path).problems == (
        "the image ends 596,640 bytes before the end of volume 2: files behind that can't be read",
    )


def section(kind: bytes, following: int, size: int) -> bytes:
    head = struct.pack("<16sQQ40x", kind, following, size)
    return head + struct.pack("<I", zlib.adler32(head))


def test_sections_of_an_e01_that_go_in_a_circle_end_at_once(tmp_path: Path) -> None:
    head = MARK + struct.pack("<BHH", 1, 1, 0)
    (tmp_path / "x.E01").write_bytes(head + section(b"header", 89, 76) + section(b"header", 13, 76))
    with pytest.raises(EvidenceError, match=r"the sections of x\.E01 go in a circle"):
        open_image(tmp_path / "x.E01")


def test_an_e01_with_impossible_chunks_is_refused(tmp_path: Path) -> None:
    head = MARK + struct.pack("<BHH", 1, 1, 0)
    volume = struct.pack("<IIIII", 1, 4, 0xFFFF_FFFF, 512, 8).ljust(94, b"\0")
    (tmp_path / "x.E01").write_bytes(head + section(b"volume", 13 + 76 + 94, 76 + 94) + volume + section(b"done", 183, 76))
    with pytest.raises(EvidenceError, match="it claims impossible chunks"):
        open_image(tmp_path / "x.E01")


def test_a_chunk_that_unpacks_without_end_is_an_error() -> None:
    bomb = zlib.compress(bytes(65 * 1024 * 1024))
    with pytest.raises(ValueError, match="a chunk unpacks to more than 64 MB"):
        BoundedZlib.decompress(bomb)
    with pytest.raises(zlib.error, match="a chunk is cut"):
        BoundedZlib.decompress(zlib.compress(b"a chunk" * 100)[:-20])
    assert BoundedZlib.decompress(zlib.compress(b"a chunk")) == b"a chunk"


@pytest.mark.parametrize(
    ("name", "place", "lie", "words"),
    [
        ("disk.vdi", 0x178, b"\xff\xff\xff\x7f", "it claims blocks of 2,147,483,647 bytes"),
        ("plain.qcow2", 36, b"\x7f\xff\xff\xff", "it claims 2,147,483,647 tables"),
        ("sparse.vmdk", 20, b"\xff\xff\xff\xff\0\0\0\0", "its header claims impossible sizes"),
    ],
)
def test_impossible_sizes_are_refused_before_memory_is_spent(
    name: str, place: int, lie: bytes, words: str, tmp_path: Path
) -> None:
    data = bytearray(image_bytes(name))
    data[place : place + len(lie)] = lie
    (tmp_path / name).write_bytes(data)
    with pytest.raises(EvidenceError, match=words):
        open_image(tmp_path / name)


def test_a_header_at_the_end_of_a_vmdk_is_not_believed_either(tmp_path: Path) -> None:
    data = bytearray(image_bytes("stream.vmdk"))
    footer = bytearray(data[:512])
    footer[20:28] = b"\xff\xff\xff\xff\0\0\0\0"
    data[56:64] = b"\xff" * 8  # the true header lies at the end
    (tmp_path / "x").write_bytes(data + footer + bytes(512))
    with pytest.raises(EvidenceError, match="its header claims impossible sizes"):
        open_image(tmp_path / "x")


def test_a_structure_that_claims_more_than_any_has_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "sparse").open("w+b") as file:
        file.truncate(1 << 40)
        window = Window(file, 1 << 40)
        with pytest.raises(OSError, match="a structure on it claims 4,294,967,295 bytes"):
            window.read(0xFFFF_FFFF)
        assert window.part(10, 20).read() == bytes(20)
        assert window.part(10, 20).read(0xFFFF_FFFF) == bytes(20)


def test_logical_volumes_in_a_circle_end(tmp_path: Path) -> None:
    disk = mbr_sector([(5, 4, 100)]).ljust(4 * 512, b"\0") + mbr_sector([(7, 8, 10), (5, 0, 100)]).ljust(200 * 512, b"\0")
    (tmp_path / "x").write_bytes(disk)
    assert open_image(tmp_path / "x").problems == (
        "the chain of logical volumes in its extended partition goes in a circle or is too long",
    )


def test_a_gpt_that_claims_endless_entries_is_read_to_its_bound(tmp_path: Path) -> None:
    disk = bytearray(gpt_disk(image_bytes("volume.ntfs")))
    disk[512 + 80 : 512 + 84] = b"\xff\xff\xff\xff"
    (tmp_path / "x").write_bytes(disk)
    assert read_all(tmp_path / "x")[0] == 7


def test_a_folder_that_contains_the_root_is_entered_once(tmp_path: Path) -> None:
    data = bytearray(image_bytes("volume.ntfs"))
    name = "config".encode("utf-16-le")
    place, entries = data.find(name), 0
    while place >= 0:
        entry = place - 82  # in an index, the name stands 82 bytes into its entry, and its own length at 10
        if data[entry + 10 : entry + 12] == struct.pack("<H", 66 + len(name)):
            data[entry : entry + 8] = struct.pack("<Q", 5 | 5 << 48)
            entries += 1
        place = data.find(name, place + 1)
    assert entries
    (tmp_path / "x").write_bytes(data)
    [tree] = open_image(tmp_path / "x").trees
    names = [path for path, _ in tree.entries()]
    assert "Windows/System32/autochk.exe" in names
    assert len(names) == len(set(names)) == 5


def test_what_an_image_leaves_out_is_told(tmp_path: Path) -> None:
    qcow = bytearray(image_bytes("plain.qcow2"))
    qcow[60:64] = struct.pack(">I", 2)
    (tmp_path / "q").write_bytes(qcow)
    assert open_image(tmp_path / "q").problems == ("it holds 2 snapshots of its own, which are not read",)
    vhdx = bytearray(image_bytes("disk.vhdx"))
    for header in (0x10000, 0x20000):
        vhdx[header + 48 : header + 64] = b"\x11" * 16
    (tmp_path / "v").write_bytes(vhdx)
    assert open_image(tmp_path / "v").problems == (
        "it was not closed: the changes in its own log were not applied, and its latest ones may be missing",
    )
