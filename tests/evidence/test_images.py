"""One made-up volume in every kind of image: the same files, the same hashes, the same analysis as from the lone file."""

import struct
import sys
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest

from hivecheck.analysis import analyze
from hivecheck.errors import EvidenceError
from hivecheck.evidence.file_tree import FileTree
from hivecheck.evidence.image_formats import image_format, open_disk
from hivecheck.evidence.images import open_image
from hivecheck.evidence.member import Member, member_of_bytes
from tests.build_test_images import HIVES, PROGRAM, gpt_disk, mbr_disk
from tests.image_files import WHOLE, image_bytes, unpack

pyfsntfs = pytest.importorskip("pyfsntfs", reason="the extra `images` is not installed")
pytest.importorskip("dissect.hypervisor", reason="the extra `images` is not installed")

SYSTEM = HIVES / "win10-1903-x64.hive"
FILES = {
    "Windows/System32/config/SYSTEM": SYSTEM.read_bytes(),
    "Windows/System32/config/RegBack/SYSTEM": (HIVES / "win10-1709-x64.hive").read_bytes(),
    "Windows/System32/autochk.exe": PROGRAM,
    "Windows/System32/xpress.exe": PROGRAM,
    "Windows/System32/lzx.exe": PROGRAM,
    "Program Files/Long Name Company/a long name.txt": b"found by its short name too",
    "deduplicated.bin": b"",
}


@pytest.fixture
def volume(tmp_path: Path) -> FileTree:
    return open_image(unpack("volume.ntfs", tmp_path)).trees[0]


def contents(tree: FileTree) -> dict[str, bytes]:
    return {path: file.read_bytes() for path, file in tree.entries()}


@pytest.mark.parametrize("name", WHOLE)
def test_every_kind_of_image_gives_the_same_files(name: str, tmp_path: Path) -> None:
    opened = open_image(unpack(name, tmp_path))
    assert opened.problems == ()
    [tree] = opened.trees
    assert contents(tree) == FILES
    assert tree.missed == ()


@pytest.mark.parametrize("name", WHOLE[1:])
def test_every_byte_of_the_disk_is_the_same(name: str, tmp_path: Path) -> None:
    path = unpack(name, tmp_path)
    disk = gpt_disk(image_bytes("volume.ntfs"))
    found = open_disk(path, image_format(path))
    assert found.head(len(disk)) == disk
    assert not any(found.head(found.size - len(disk), len(disk))), "a VHD is rounded up to whole cylinders"


@pytest.mark.parametrize("name", WHOLE)
def test_the_hive_in_an_image_is_analyzed_as_the_lone_file_is(name: str, tmp_path: Path) -> None:
    path = unpack(name, tmp_path)
    [tree] = open_image(path).trees
    entry = tree.find("windows/system32/CONFIG/system")
    assert entry is not None
    lone, found = analyze(SYSTEM), analyze(entry.path)
    number = "1" if name == "volume.ntfs" else "2"
    assert found.evidence.source == f"{path}!volume {number}/Windows/System32/config/SYSTEM"
    assert found.evidence.digests == lone.evidence.digests
    assert found.evidence.size == lone.evidence.size
    assert [finding.message for finding in found.findings] == [finding.message for finding in lone.findings]
    assert [(event.number, event.step, event.action) for event in found.replay.events] == [
        (event.number, event.step, event.action) for event in lone.replay.events
    ]


@pytest.mark.parametrize("sector", [512, 4096])
def test_a_guid_partition_table_is_read_with_either_sector_size(sector: int, tmp_path: Path) -> None:
    path = tmp_path / "disk"
    path.write_bytes(gpt_disk(image_bytes("volume.ntfs"), sector))
    [tree] = open_image(path).trees
    assert contents(tree) == FILES


def test_the_second_partition_table_is_used_where_the_first_is_wiped(tmp_path: Path) -> None:
    disk = bytearray(gpt_disk(image_bytes("volume.ntfs")))
    disk[512:1024] = bytes(512)
    path = tmp_path / "disk"
    path.write_bytes(disk)
    opened = open_image(path)
    assert opened.problems == ("the first header of its GUID partition table is bad; the second was used",)
    assert contents(opened.trees[0]) == FILES


def test_primary_and_logical_volumes_of_an_mbr_are_both_read(tmp_path: Path) -> None:
    path = tmp_path / "disk.dd"
    path.write_bytes(mbr_disk(image_bytes("volume.ntfs")))
    opened = open_image(path)
    assert [tree.name for tree in opened.trees] == [f"{path}!volume 1", f"{path}!volume 2"]
    assert contents(opened.trees[0]) == contents(opened.trees[1]) == FILES


def test_the_parts_of_a_split_image_are_joined(tmp_path: Path) -> None:
    disk = gpt_disk(image_bytes("volume.ntfs"))
    step = 500_000
    for number, start in enumerate(range(0, len(disk), step), start=1):
        (tmp_path / f"disk.{number:03}").write_bytes(disk[start : start + step])
    assert contents(open_image(tmp_path / "disk.001").trees[0]) == FILES
    (tmp_path / "disk.003").unlink()
    with pytest.raises(EvidenceError, match=r"a part of this split image is missing: disk\.003"):
        open_image(tmp_path / "disk.001")


def test_an_e01_is_found_from_any_segment_and_missing_ones_are_named(tmp_path: Path) -> None:
    first = unpack("segments.E01", tmp_path)
    assert contents(open_image(tmp_path / "segments.E03").trees[0]) == FILES
    assert (image_format(first), image_format(tmp_path / "segments.E02")) == ("E01", "")
    (tmp_path / "segments.E02").unlink()
    with pytest.raises(EvidenceError, match=r"segment 2 of this E01 image is missing: segments\.E02"):
        open_image(first)


def test_an_image_in_an_archive_is_read_with_the_parts_beside_it() -> None:
    parts = tuple(
        member_of_bytes(Path("case.zip"), f"img/{name}", image_bytes(name))
        for name in ("segments.E01", "segments.E02", "segments.E03")
    )
    [tree] = open_image(parts[0], beside=parts).trees
    assert contents(tree) == FILES
    entry = tree.find("Windows/System32/config/SYSTEM")
    assert entry is not None
    assert str(entry.path) == f"{Path('case.zip')}!img/segments.E01!volume 2/Windows/System32/config/SYSTEM"


def test_the_name_of_an_image_says_nothing(tmp_path: Path) -> None:
    for name, called in (("disk.vdi", "a.E01"), ("disk.E01", "b.vmdk"), ("plain.qcow2", "SYSTEM"), ("disk.vhdx", "d")):
        (tmp_path / called).write_bytes(image_bytes(name))
        assert contents(open_image(tmp_path / called).trees[0]) == FILES


def test_files_are_found_by_long_and_short_names_in_any_case(volume: FileTree) -> None:
    for path in ("program files/long name company/A LONG NAME.TXT", "PROGRA~1\\LONGNA~1\\ALONGN~1.TXT"):
        entry = volume.find(path)
        assert entry is not None
        assert entry.path.read_bytes() == b"found by its short name too"
    assert volume.find("Windows/System32/missing.exe") is None
    assert volume.find("Windows/../Windows/System32/autochk.exe") is None


def test_the_names_in_a_folder_are_counted(volume: FileTree) -> None:
    folders = {place.rpartition("/")[0] for place in contents(volume)}
    folder = min(folders - {""})
    direct = {place.split("/")[folder.count("/") + 1] for place in contents(volume) if place.startswith(f"{folder}/")}
    assert volume.is_volume
    assert volume.count_names(folder.swapcase()) >= len(direct) > 0
    assert volume.count_names("no/folder") == 0


def test_a_file_has_its_times_from_the_volume(volume: FileTree) -> None:
    entry = volume.find("Windows/System32/autochk.exe")
    assert entry is not None
    assert (entry.created, entry.modified) == (132_444_736_000_000_000, 132_444_736_000_000_000)
    assert entry.changed > entry.modified
    assert entry.size == len(PROGRAM)


def test_programs_that_compactos_compressed_are_read_and_told(volume: FileTree) -> None:
    for name in ("xpress.exe", "lzx.exe"):
        entry = volume.find(f"Windows/System32/{name}")
        assert entry is not None
        assert (entry.reparse, entry.unread) == ("compressed by CompactOS", "")
        assert sha256(entry.path.read_bytes()).digest() == sha256(PROGRAM).digest()


def test_what_can_not_be_read_is_said_to_be_unread(volume: FileTree) -> None:
    duplicate, junction, below = (volume.find(path) for path in ("deduplicated.bin", "Junction", "junction/System32/x.exe"))
    assert duplicate is not None
    assert duplicate.unread == "its bytes lie elsewhere: deduplicated"
    assert junction is not None
    assert junction.unread == "it is a mount point, which is not followed"
    assert below is not None
    assert below.unread == "its folder Junction is a mount point, which is not followed"
    with pytest.raises(OSError, match="its folder Junction is a mount point"):
        below.path.open("rb")


def test_a_compressed_file_whose_bytes_are_damaged_is_unread(tmp_path: Path) -> None:
    data = bytearray(image_bytes("volume.ntfs"))
    library = pyfsntfs.volume()
    library.open_file_object(BytesIO(data))
    program = library.get_file_entry_by_path("\\Windows\\System32\\xpress.exe")
    packed = program.get_alternate_data_stream_by_name("WofCompressedData").read()
    place = data.index(packed[:4096])
    data[place : place + 4096] = b"\xff" * 4096
    path = tmp_path / "volume"
    path.write_bytes(data)
    tree = open_image(path).trees[0]
    entry = tree.find("Windows/System32/xpress.exe")
    assert entry is not None
    assert entry.unread == "its bytes can't be read from the volume, which is damaged or cut there"
    with pytest.raises(OSError, match="its bytes can't be read from the volume"):
        entry.path.read_bytes()


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (b"EVF2\x0d\x0a\x81\x00", r"this is an Ex01 image \(EWF version 2\), which is not read"),
        (b"LVF\x09\x0d\x0a\xff\x00", r"this is a logical evidence file \(L01\), which is not read"),
        (b"ADSEGMENTEDFILE", "this is an AD1 image, which is not read"),
        (b"regf", "this is no disk image that hivecheck knows"),
        (b"", "this is no disk image that hivecheck knows"),
        (b"a text\n", "this is no disk image that hivecheck knows"),
    ],
)
def test_what_is_no_readable_image_is_said_clearly(head: bytes, words: str, tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(head + bytes(512))
    with pytest.raises(EvidenceError, match=words):
        open_image(tmp_path / "x")


def test_a_hive_that_ends_like_a_boot_sector_stays_a_hive(tmp_path: Path) -> None:
    data = bytearray(SYSTEM.read_bytes())
    data[510:512] = b"\x55\xaa"
    (tmp_path / "SYSTEM").write_bytes(data)
    assert image_format(tmp_path / "SYSTEM") == ""


def test_a_disk_without_ntfs_says_so(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(gpt_disk(bytes(1024 * 1024)))
    opened = open_image(tmp_path / "x")
    assert (opened.trees, opened.problems) == ((), ("there is no NTFS volume on it",))


def test_a_locked_volume_that_can_not_be_understood_is_told(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"\xeb\x58\x90-FVE-FS-" + bytes(1_000_000))
    opened = open_image(tmp_path / "x")
    assert opened.problems == (
        "volume 1 can't be read: it is encrypted by BitLocker, and its own description is damaged or missing",
    )


def test_an_image_that_needs_its_parent_is_refused_and_nothing_else_is_opened(tmp_path: Path) -> None:
    (tmp_path / "parent.raw").write_bytes(image_bytes("volume.ntfs"))
    descriptor = 'version=1\nparentCID=12345678\nparentFileNameHint="/etc/passwd"\nRW 4 FLAT "../parent.raw" 0\n'
    (tmp_path / "child.vmdk").write_text(f"# Disk DescriptorFile\n{descriptor}")
    with pytest.raises(EvidenceError, match="this VMDK image holds only the changes to another one"):
        open_image(tmp_path / "child.vmdk")
    qcow = bytearray(image_bytes("plain.qcow2"))
    qcow[8:20] = struct.pack(">QI", 0x200, 10)
    (tmp_path / "child.qcow2").write_bytes(qcow)
    with pytest.raises(EvidenceError, match="this QCOW2 image holds only the changes to another one"):
        open_image(tmp_path / "child.qcow2")


def test_an_extent_in_another_folder_is_not_opened(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "outside").write_bytes(image_bytes("volume.ntfs"))
    (tmp_path / "in" / "x.vmdk").write_text('# Disk DescriptorFile\nparentCID=ffffffff\nRW 4096 FLAT "../outside" 0\n')
    with pytest.raises(EvidenceError, match=r"a part of this VMDK image is missing beside it: \.\./outside"):
        open_image(tmp_path / "in" / "x.vmdk")


@pytest.mark.parametrize(
    ("module", "name"),
    [("dissect.evidence.ewf", "disk.E01"), ("pyfsntfs", "volume.ntfs"), ("dissect.hypervisor.disk.vdi", "disk.vdi")],
)
def test_without_the_extra_one_sentence_says_what_to_install(
    module: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(EvidenceError, match="needs the extra `images`") as caught:
        open_image(unpack(name, tmp_path))
    assert caught.value.hint == "Install what reads them: pip install 'hivecheck[images]'"


def test_a_file_that_can_not_be_read_is_an_error_of_the_evidence() -> None:
    def refuse() -> BytesIO:
        raise OSError("the archive is damaged")

    with pytest.raises(EvidenceError, match="the image can't be read: the archive is damaged"):
        open_image(Member(Path("case.zip"), "disk.E01", 5, refuse))
