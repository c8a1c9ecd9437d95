"""A later part of an image without its first one: which part is missing is told, and other files of such names are left alone."""

import shutil
from pathlib import Path

import pytest

from hivecheck.errors import EvidenceError
from hivecheck.evidence.discovery import find_evidence
from hivecheck.evidence.lone_parts import first_part
from hivecheck.evidence.unknown_files import refuse_unknown
from tests.evidence.layouts import collection, write_folder, zip_bytes

BYTES = bytes(range(256)) * 4096
HIVE = (Path(__file__).parents[2] / "test_hives" / "win7-x86.hive").read_bytes()
SEGMENT = b"EVF\x09\x0d\x0a\xff\x00\x01\x02\x00" + bytes(2000)
TOGETHER = "put all parts into one folder, under their own names"


@pytest.mark.parametrize(
    ("name", "head", "first"),
    [
        ("disk.E02", SEGMENT, "disk.E01"),
        ("disk.eAB", SEGMENT, "disk.e01"),
        ("disk.E01", SEGMENT.replace(b"\x01\x02", b"\x01\x01"), ""),
        ("program.exe", BYTES, ""),
        ("a.b.002", BYTES, "a.b.001"),
        ("a.099", BYTES, "a.001"),
        ("a.001", BYTES, ""),
        ("setup.log.002", b"2026-11-21 Setup begins \xc3\xa4\r\n" * 40, ""),
        ("setup.log.002", b"\xff\xfeS\0e\0t\0", ""),
        ("disk-s003.vmdk", b"KDMV", "disk.vmdk"),
        ("disk-flat.vmdk", BYTES, "disk.vmdk"),
        ("disk.vmdk", b"KDMV", ""),
    ],
)
def test_the_part_that_must_be_there_is_told_by_name_and_content(name: str, head: bytes, first: str) -> None:
    assert first_part(name, head) == first


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"x/raw.002": BYTES}, "raw.002 is a part of an image whose first part is missing: raw.001"),
        ({"x/raw.002": BYTES, "x/raw.003": BYTES}, "raw.002 and 1 more are parts of an image whose first part is missing: raw.001"),
        ({"x/disk.E02": SEGMENT}, "disk.E02 is a part of an image whose first part is missing: disk.E01"),
        ({"x/d-f001.vmdk": BYTES}, "d-f001.vmdk is a part of an image whose descriptor is missing: d.vmdk"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("packed", [False, True])
def test_a_search_names_the_part_that_is_missing(files: dict[str, bytes], told: str, packed: bool, tmp_path: Path) -> None:
    whole = files | collection("KAPE", HIVE)
    top = tmp_path / "case"
    if packed:
        top.write_bytes(zip_bytes(whole))
    else:
        write_folder(top, whole)
    found = find_evidence(top)
    assert found.missed == (f"{top}/x/{told}; {TOGETHER}",)
    assert len(found.hives) == 1


def test_parts_that_have_their_first_one_and_files_of_a_volume_are_no_lone_parts(tmp_path: Path) -> None:
    files = {"x/raw.000": BYTES, "x/raw.002": BYTES, "C/Windows/Temp/raw.002": BYTES, "y/small.002": BYTES[:1000]}
    assert find_evidence(write_folder(tmp_path, files | collection("KAPE", HIVE))).missed == ()


def test_a_file_that_is_named_is_told_as_the_part_it_is(tmp_path: Path) -> None:
    part = tmp_path / "raw.002"
    part.write_bytes(BYTES)
    with pytest.raises(EvidenceError, match=r"a later part of a disk image whose first part is missing: raw\.001"):
        refuse_unknown(part)
    shutil.copy(part, tmp_path / "RAW.001")
    with pytest.raises(EvidenceError, match=r"by its name it is a later part of a disk image$") as caught:
        refuse_unknown(part)
    assert caught.value.hint == "Name its first part: raw.001."


@pytest.mark.parametrize(("head", "begins"), [(b"", "zeros"), (b"OTTO", "4f 54 54 4f")])
def test_a_sparse_image_is_not_said_to_begin_as_a_hive(head: bytes, begins: str, tmp_path: Path) -> None:
    path = tmp_path / "disk.raw"
    with path.open("wb") as file:
        file.write(head)
        file.truncate(3 * 1024**3)
    with pytest.raises(EvidenceError, match=f"it begins with {begins}$") as caught:
        refuse_unknown(path)
    assert "If it is a disk image" in caught.value.hint
    assert "unpack it" not in caught.value.hint or head


def test_any_other_file_is_left_to_the_reader_of_hives(tmp_path: Path) -> None:
    (tmp_path / "SYSTEM").write_bytes(bytes(5000))
    refuse_unknown(tmp_path / "SYSTEM")
    refuse_unknown(tmp_path / "not there")
