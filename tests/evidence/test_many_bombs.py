"""Several archives that each stay below every limit of one: what they cost together is bounded, and what is sound among them is read."""

import gzip
import io
import os
import tracemalloc
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from hivecheck.evidence.at_hand import gathered, keep_at_hand, put_at_hand, take_at_hand
from hivecheck.evidence.discovery import find_evidence
from hivecheck.evidence.limits import Budget, EvidenceLimits, LimitReachedError
from hivecheck.evidence.member import Member, member_of_bytes
from tests.evidence.layouts import tar_bytes, zip_bytes
from tests.image_files import image_bytes

MB = 1024 * 1024
HIVE = (Path(__file__).parents[2] / "test_hives" / "win7-x86.hive").read_bytes()
SYSTEM = "C/Windows/System32/config/SYSTEM"
LIMITS = EvidenceLimits(whole_from=24 * MB, memory_bytes=2 * MB)
TOLD = "the archives searched unpack to more than 24 MB and 30 times their size, as zip bombs do"
BOMB = HIVE[:4096] + b"".join(number.to_bytes(2, "little") + bytes(510) for number in range(20 * MB // 512))


def container(name: str) -> bytes:
    """A bomb of 20 MB below the ratio that is refused of one file."""
    if name.endswith(".zip"):
        return zip_bytes({SYSTEM: zip_bytes({SYSTEM: BOMB}) if name.startswith("nested") else BOMB})
    return gzip.compress(tar_bytes({SYSTEM: BOMB}) if name.endswith(".tar.gz") else BOMB)


@pytest.mark.parametrize("name", ["one.zip", "nested.zip", "one.tar.gz", "SYSTEM.gz"])
def test_bombs_below_the_limit_of_one_file_meet_that_of_all(name: str, tmp_path: Path) -> None:
    for number in range(6):
        (tmp_path / f"{number}{name}").write_bytes(container(name))
    (tmp_path / "sound.zip").write_bytes(zip_bytes({SYSTEM: HIVE}))
    tracemalloc.start()
    try:
        found = find_evidence(tmp_path, LIMITS)
        assert tracemalloc.get_traced_memory()[1] < 40 * MB
    finally:
        tracemalloc.stop()
    assert str(tmp_path / f"sound.zip!{SYSTEM}") in {str(one.path) for one in found.hives}
    told = [words for words in found.missed if TOLD in words]
    assert 3 <= len(told) <= 5
    assert all(str(tmp_path) in words for words in told)


@pytest.mark.parametrize("name", ["disk.raw.gz", "disk.zip"])
def test_a_sparse_image_is_no_bomb(name: str, tmp_path: Path) -> None:
    pytest.importorskip("pyfsntfs", reason="the extra `images` is not installed")
    image = image_bytes("volume.ntfs") + bytes(80 * MB)
    (tmp_path / name).write_bytes(gzip.compress(image) if name.endswith(".gz") else zip_bytes({"disk.raw": image}))
    assert len(image) > 300 * (tmp_path / name).stat().st_size
    assert find_evidence(tmp_path / name).hives


def test_what_only_begins_as_an_image_meets_the_limit_of_all(tmp_path: Path) -> None:
    head = b"\xeb\x52\x90NTFS    " + bytes(499) + b"\x55\xaa"
    for number in range(4):
        (tmp_path / f"{number}.gz").write_bytes(gzip.compress(head + bytes(40 * MB)))
    (tmp_path / "sound.zip").write_bytes(zip_bytes({SYSTEM: HIVE}))
    found = find_evidence(tmp_path, LIMITS)
    told = [words for words in found.missed if TOLD in words]
    assert len(told) == 4
    assert all("if it is sound, unpack it and name what was in it" in words for words in told)
    assert [str(one.path) for one in found.hives] == [str(tmp_path / f"sound.zip!{SYSTEM}")]


def test_nested_archives_do_not_multiply_what_they_may_cost() -> None:
    budget = Budget(EvidenceLimits(whole_from=MB, whole_ratio=2))
    budget.spend(MB, 1000)
    budget.spend(2000)  # of an archive inside the other one
    with pytest.raises(LimitReachedError, match="as zip bombs do"):
        budget.spend(1)
    budget.spend(100, 50)  # what follows is read as far as it is worth its own size


def test_many_files_are_held_without_memory(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        for number in range(6):
            archive.writestr(f"{number}/SYSTEM", HIVE + os.urandom(3 * MB) + bytes(4096 - len(HIVE) % 4096))
    tracemalloc.start()
    try:
        found = find_evidence(tmp_path, LIMITS)
        assert tracemalloc.get_traced_memory()[0] < 6 * MB
    finally:
        tracemalloc.stop()
    with zipfile.ZipFile(tmp_path / "x.zip") as archive:
        assert [one.path.open("rb").read() for one in found.hives] == [archive.read(f"{one}/SYSTEM") for one in range(6)]


def test_bytes_at_hand_lie_in_a_file_that_has_no_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    budget = Budget(EvidenceLimits())
    held = put_at_hand(iter([b"x" * 10 * MB, b"y" * 10 * MB]), budget)
    assert (budget.held.all_bytes, budget.held.memory_bytes, budget.held.files) == (20 * MB, 0, 1)
    assert os.name == "nt" or not list(tmp_path.iterdir())
    one, other = held.open(), held.open()
    one.seek(10 * MB - 1)
    assert (one.read(2), other.read(1)) == (b"xy", b"x")
    one.close()
    other.close()
    del held, one, other
    assert (budget.held.all_bytes, budget.held.files) == (0, 0)
    assert not list(tmp_path.iterdir())


def test_what_is_too_large_leaves_no_file_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    pieces: Iterator[bytes] = iter([bytes(MB)] * 8)
    with pytest.raises(LimitReachedError, match="it has more than 4 MB"):
        gathered(pieces, 4 * MB, in_memory=MB)
    assert not list(tmp_path.iterdir())


def test_a_folder_for_temporary_files_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", os.path.join(os.sep, "not", "there"))
    with pytest.raises(OSError, match="No such file"):
        gathered(iter([bytes(2 * MB)]), 4 * MB, in_memory=MB)


def test_no_more_is_kept_than_the_limits_say() -> None:
    budget = Budget(EvidenceLimits(kept_bytes=3000))
    first = keep_at_hand(member_of_bytes(Path("x.zip"), "a", bytes(2000)), budget)
    assert keep_at_hand(first, budget) is first
    second = member_of_bytes(Path("x.zip"), "b", bytes(2000))
    assert keep_at_hand(second, budget) is second
    with pytest.raises(LimitReachedError, match="name this one by itself"):
        take_at_hand(second, budget)
    broken = Member(Path("x.zip"), "c", 2000, lambda: (_ for _ in ()).throw(OSError("it is damaged")))
    with pytest.raises(OSError, match="it is damaged"):
        keep_at_hand(broken, budget)


def test_a_member_in_memory_is_not_copied() -> None:
    budget = Budget()
    data = bytes(5000)
    kept = keep_at_hand(Member(Path("x.zip"), "a", 5000, lambda: io.BytesIO(data)), budget)
    assert (kept.read_bytes(), budget.held.memory_bytes, budget.held.files) == (data, 5000, 0)
