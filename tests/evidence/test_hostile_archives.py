"""Archives that are made to harm: bombs, nests, names that lead elsewhere, links, devices, damage. Clear words, and nothing is written."""

import bz2
import gzip
import io
import lzma
import os
import struct
import tarfile
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hivecheck.errors import EvidenceError
from hivecheck.evidence.archives import Contents, open_archive
from hivecheck.evidence.container_kinds import Kind, kind_of
from hivecheck.evidence.discovery import find_evidence
from hivecheck.evidence.limits import Budget, EvidenceLimits, LimitReachedError
from tests.evidence.layouts import tar_bytes, zip_bytes

HIVE = (Path(__file__).parents[2] / "test_hives" / "win7-x86.hive").read_bytes()
SYSTEM = "C/Windows/System32/config/SYSTEM"
SMALL = EvidenceLimits(ratio_from=1024 * 1024, member_bytes=8 * 1024 * 1024, kept_bytes=8 * 1024 * 1024)


@pytest.fixture
def written(tmp_path: Path) -> Iterator[Path]:
    """A folder for one archive; after the test nothing else may be there, nor in the folder of the process."""
    here = set(os.listdir())
    folder = tmp_path / "only the archive"
    folder.mkdir()
    yield folder
    assert len(list(folder.rglob("*"))) <= 1
    assert list(tmp_path.iterdir()) == [folder]
    assert set(os.listdir()) == here


def save(folder: Path, data: bytes) -> Path:
    path = folder / "case"
    path.write_bytes(data)
    return path


def contents(path: Path, limits: EvidenceLimits = SMALL) -> Contents:
    with path.open("rb") as file:
        return open_archive(path, kind_of(file.read(1024)), Budget(limits))


def test_names_that_lead_elsewhere_are_words(written: Path) -> None:
    names = ("../../../../etc/cron.d/SYSTEM", "/root/SYSTEM", "C:\\Windows\\SYSTEM", "..\\..\\SYSTEM", "a\x1b[31m/SYSTEM")
    files = {name: HIVE + bytes(4096 * number) for number, name in enumerate(names)}
    for data in (zip_bytes(files), tar_bytes(files), gzip.compress(tar_bytes(files))):
        found = find_evidence(save(written, data))
        assert {str(one.path).partition("!")[2] for one in found.hives} == set(names)


def test_links_and_devices_are_no_files(written: Path) -> None:
    odd = []
    for name, kind in (
        ("link", tarfile.SYMTYPE),
        ("hard", tarfile.LNKTYPE),
        ("device", tarfile.CHRTYPE),
        ("pipe", tarfile.FIFOTYPE),
    ):
        info = tarfile.TarInfo(f"{name}/SYSTEM")
        info.type, info.linkname = kind, "/etc/passwd"
        odd.append(info)
    path = save(written, tar_bytes({SYSTEM: HIVE}, odd=tuple(odd)))
    assert [one.stored for one in contents(path).members] == [SYSTEM]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        link = zipfile.ZipInfo("SYSTEM")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr(SYSTEM, HIVE)
    assert [one.stored for one in contents(save(written, buffer.getvalue())).members] == [SYSTEM]


BOMBS: dict[str, Callable[[], bytes]] = {
    "zip": lambda: zip_bytes({SYSTEM: b"regf" + bytes(60 * 1024 * 1024)}),
    "bzip2 zip": lambda: zip_bytes({SYSTEM: b"regf" + bytes(60 * 1024 * 1024)}, zipfile.ZIP_BZIP2),
    "gzip": lambda: gzip.compress(b"regf" + bytes(60 * 1024 * 1024)),
    "bzip2": lambda: bz2.compress(b"regf" + bytes(60 * 1024 * 1024)),
    "xz": lambda: lzma.compress(b"regf" + bytes(60 * 1024 * 1024)),
    "tar.gz": lambda: gzip.compress(tar_bytes({SYSTEM: b"regf" + bytes(60 * 1024 * 1024)})),
    "tar.xz": lambda: lzma.compress(tar_bytes({SYSTEM: b"regf" + bytes(60 * 1024 * 1024)})),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_told_and_takes_no_memory(name: str, written: Path) -> None:
    path = save(written, BOMBS[name]())
    tracemalloc.start()
    try:
        with pytest.raises(EvidenceError) as caught:
            find_evidence(path, SMALL)
        assert tracemalloc.get_traced_memory()[1] < 40 * 1024 * 1024
    finally:
        tracemalloc.stop()
    told = f"{caught.value.message} {caught.value.hint}"
    assert "as a zip bomb does" in told or "it has more than 8 MB" in told


def test_a_tar_whose_name_is_a_bomb(written: Path) -> None:
    header = tarfile.TarInfo("x")
    header.type, header.size = tarfile.XHDTYPE, 6 * 1024**3
    path = save(written, gzip.compress(header.tobuf(tarfile.GNU_FORMAT) + bytes(1024 * 1024)))
    with pytest.raises(EvidenceError, match="the name of a member claims"):
        find_evidence(path, SMALL)


def test_members_on_top_of_each_other_are_left_out(written: Path) -> None:
    raw = bytearray(zip_bytes({"a/SYSTEM": HIVE, "b/SYSTEM": HIVE, "c/SYSTEM": HIVE}))
    place = raw.find(b"PK\x01\x02")
    second = raw.find(b"PK\x01\x02", place + 4)
    struct.pack_into("<L", raw, second + 42, 0)  # the second member is said to begin where the first does
    found = contents(save(written, bytes(raw)))
    assert [one.stored for one in found.members] == ["c/SYSTEM"]
    assert found.missed == (f"2 members of {written / 'case'} that lie on top of each other, as in a zip bomb",)


def test_forty_levels_end_at_the_limit(written: Path) -> None:
    data = zip_bytes({SYSTEM: HIVE})
    for level in range(40):
        data = zip_bytes({f"{level}.zip": data}) if level % 2 else gzip.compress(data, mtime=0)
    with pytest.raises(EvidenceError) as caught:
        find_evidence(save(written, data))
    assert "it lies in more than 4 containers, one in the other" in caught.value.hint


def test_an_archive_that_holds_itself_ends(written: Path) -> None:
    """As a quine does: each level gives the same bytes again."""
    path = save(written, zip_bytes({"r.zip": b"PK\x03\x04" + bytes(100)}))
    quine = path.read_bytes()
    for _ in range(8):
        quine = zip_bytes({"r/r.zip": quine, "s/r.zip": quine})
    with pytest.raises(EvidenceError) as caught:
        find_evidence(save(written, quine))
    assert "Not searched: " in caught.value.hint


def test_more_members_than_the_limit(written: Path) -> None:
    files = {f"{number}": b"x" for number in range(30)}
    limits = EvidenceLimits(members=20)
    with pytest.raises(LimitReachedError, match="it has 30 members; 20 at most are listed"):
        contents(save(written, zip_bytes(files)), limits)
    for data in (tar_bytes(files), gzip.compress(tar_bytes(files))):
        found = contents(save(written, data), limits)
        assert len(found.members) == 20
        assert "it has more than 20 members" in found.missed[0]


def test_a_list_of_members_that_claims_to_be_huge(written: Path) -> None:
    raw = bytearray(zip_bytes({SYSTEM: HIVE}))
    struct.pack_into("<L", raw, len(raw) - 10, 0xFFFFFFF0)
    with pytest.raises(EvidenceError, match="claims 4,294,967,280 bytes"):
        find_evidence(save(written, bytes(raw)))


def test_an_encrypted_member_is_told(written: Path) -> None:
    raw = bytearray(zip_bytes({SYSTEM: HIVE}))
    raw[raw.find(b"PK\x01\x02") + 8] |= 1
    raw[6] |= 1
    with pytest.raises(EvidenceError) as caught:
        find_evidence(save(written, bytes(raw)))
    assert "it is encrypted; decrypt the archive first" in caught.value.hint


def test_what_the_list_says_of_a_member_is_not_trusted(written: Path) -> None:
    raw = bytearray(zip_bytes({SYSTEM: HIVE, "x": b"x"}))
    place = raw.find(b"PK\x01\x02")
    raw[place + 16] ^= 0xFF  # the checksum
    [one, _] = contents(save(written, bytes(raw))).members
    with pytest.raises(OSError, match="checksum is wrong"):
        one.read_bytes()
    raw[place + 16] ^= 0xFF
    struct.pack_into("<L", raw, place + 24, 5000)  # the size
    [one, _] = contents(save(written, bytes(raw))).members
    with pytest.raises(OSError, match="should have 5,000"):
        one.read_bytes()


def test_a_method_that_is_not_read_is_named(written: Path) -> None:
    path = save(written, zip_bytes({SYSTEM: HIVE}, zipfile.ZIP_LZMA))
    with pytest.raises(EvidenceError) as caught:
        find_evidence(path)
    assert "packed with LZMA" in caught.value.hint


WHOLE: dict[str, bytes] = {
    "zip": zip_bytes({"a": b"x" * 3000, SYSTEM: HIVE}),
    "tar": tar_bytes({"a": b"x" * 3000, SYSTEM: HIVE}),
    "tar.gz": gzip.compress(tar_bytes({"a": b"x" * 3000, SYSTEM: HIVE}), mtime=0),
    "tar.bz2": bz2.compress(tar_bytes({"a": b"x" * 3000, SYSTEM: HIVE})),
    "tar.xz": lzma.compress(tar_bytes({"a": b"x" * 3000, SYSTEM: HIVE})),
    "gz": gzip.compress(HIVE, mtime=0),
}


@pytest.mark.parametrize("name", WHOLE)
def test_a_cut_archive_never_passes_for_a_whole_one(name: str, written: Path) -> None:
    whole = WHOLE[name]
    for part in range(1, 12):
        path = save(written, whole[: len(whole) * part // 12])
        try:
            found = find_evidence(path)
        except EvidenceError:
            continue
        assert all(one.path.read_bytes() == HIVE for one in found.hives)
        assert found.missed or name == "tar"  # a tar without its end is whole up to there


@pytest.mark.parametrize("name", WHOLE)
def test_flipped_bytes_never_harm(name: str, written: Path) -> None:
    whole = WHOLE[name]
    for place in range(0, len(whole), max(1, len(whole) // 60)):
        raw = bytearray(whole)
        raw[place] ^= 0x55
        path = save(written, bytes(raw))
        try:
            found = contents(path) if kind_of(bytes(raw[:1024])) is not Kind.OTHER else Contents(())
            for member in found.members:
                member.first_bytes(16)
                member.read_bytes()
        except OSError:
            continue


@pytest.mark.parametrize("head", [b"PK\x03\x04", b"\x1f\x8b\x08", b"BZh9", b"\xfd7zXZ\x00", b"PK\x05\x06"])
def test_what_only_begins_as_an_archive_is_told_in_one_sentence(head: bytes, written: Path) -> None:
    with pytest.raises(EvidenceError) as caught:
        find_evidence(save(written, head + b"no archive at all" * 500))
    assert caught.value.message


def test_the_time_for_a_search_is_limited(written: Path) -> None:
    ticks = iter(range(1000))
    path = save(written, zip_bytes({f"{number}": b"x" for number in range(50)}))
    with pytest.raises(EvidenceError, match="the search took more than 5 seconds"):
        find_evidence(path, EvidenceLimits(seconds=5), clock=lambda: float(next(ticks)))


def test_bytes_in_all_are_limited(written: Path) -> None:
    files = {f"{number}/SYSTEM": HIVE + zlib.compress(bytes((number,))) for number in range(6)}
    found = contents(save(written, gzip.compress(tar_bytes(files))), EvidenceLimits(all_bytes=200_000))
    assert len(found.members) == 2
    assert "more than 200,000 bytes would have to be unpacked" in found.missed[0]
