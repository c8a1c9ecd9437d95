"""Hashes of evidence files."""

import hashlib
from pathlib import Path

import pytest

from hivecheck.evidence import digest
from hivecheck.evidence.digest import PendingDigests, digests_of_hive


def test_hashes_are_those_of_the_whole_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digest, "_WINDOW_BYTES", 1 << 16)  # three windows, the last not full
    data = bytes(range(256)) * 600
    path = tmp_path / "file"
    path.write_bytes(data)
    found = PendingDigests(path).result()
    assert found.md5 == hashlib.md5(data).hexdigest()
    assert found.sha1 == hashlib.sha1(data).hexdigest()
    assert found.sha256 == hashlib.sha256(data).hexdigest()


def test_an_empty_file_has_hashes_too(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"")
    assert PendingDigests(path).result().sha256 == hashlib.sha256(b"").hexdigest()


def test_a_file_that_is_gone_raises_when_the_result_is_asked_for(tmp_path: Path) -> None:
    pending = PendingDigests(tmp_path / "missing")
    with pytest.raises(OSError, match="missing"):
        pending.result()


def test_only_what_begins_as_a_hive_is_hashed_ahead(tmp_path: Path) -> None:
    (tmp_path / "hive").write_bytes(b"regf" + bytes(100))
    (tmp_path / "image").write_bytes(bytes(100))
    assert digests_of_hive(tmp_path / "hive") is not None
    assert digests_of_hive(tmp_path / "image") is None
    assert digests_of_hive(tmp_path / "missing") is None
    assert digests_of_hive(tmp_path) is None
