"""Finding the logs beside a hive, and the hives of a folder on disk."""

import os
from pathlib import Path

import pytest

from hivecheck.errors import EvidenceError
from hivecheck.evidence.discovery import find_evidence, is_container
from hivecheck.evidence.locate import find_logs
from hivecheck.registry.notation import parse_notation
from tests.hive_writer import build_hive

SYSTEM = "[Select]\nDefault = dword 1\n[ControlSet001]\n"


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(build_hive(parse_notation(text)).ljust(8192, b"\0"))
    return path


def hives_in(folder: Path) -> tuple[object, ...]:
    return tuple(one.path for one in find_evidence(folder).hives)


def test_a_hive_and_what_is_no_container_stand_for_themselves(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("hello\n" * 1000)
    for path in (write(tmp_path / "SYSTEM", SYSTEM), tmp_path / "text", tmp_path / "missing"):
        assert not is_container(path)


def test_content_and_not_the_name_makes_a_system_hive(tmp_path: Path) -> None:
    renamed = write(tmp_path / "a" / "export.bin", SYSTEM)
    usual = write(tmp_path / "b" / "SYSTEM", SYSTEM + "[Setup]\n")
    write(tmp_path / "b" / "SOFTWARE", "[Microsoft]\n")
    (tmp_path / "SYSTEM").write_text("no hive at all" * 1000)
    assert hives_in(tmp_path) == (renamed, usual)


def test_a_folder_without_a_system_hive_is_an_error(tmp_path: Path) -> None:
    write(tmp_path / "SOFTWARE", "[Microsoft]\n")
    with pytest.raises(EvidenceError, match="no SYSTEM hive in this folder"):
        find_evidence(tmp_path)


def test_a_damaged_hive_of_that_name_is_not_passed_over_in_silence(tmp_path: Path) -> None:
    whole = write(tmp_path / "SYSTEM", SYSTEM).read_bytes()
    (tmp_path / "SYSTEM").write_bytes(whole[:4096] + bytes(4096))
    assert hives_in(tmp_path) == (tmp_path / "SYSTEM",)


def test_links_are_not_followed(tmp_path: Path) -> None:
    write(tmp_path / "real" / "SYSTEM", SYSTEM)
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "loop").symlink_to(tmp_path / "folder")
    (tmp_path / "folder" / "SYSTEM").symlink_to(tmp_path / "real" / "SYSTEM")
    with pytest.raises(EvidenceError):
        find_evidence(tmp_path / "folder")


def test_logs_are_found_in_any_case_and_with_or_without_the_hives_own_ending(tmp_path: Path) -> None:
    hive = write(tmp_path / "SYSTEM.hive", SYSTEM)
    for name in ("system.LOG1", "SYSTEM.hive.log2", "SYSTEM.hive.LOG", "SOFTWARE.LOG1", "SYSTEM.hive.LOG3"):
        (tmp_path / name).write_bytes(b"")
    names = ["SYSTEM.hive.LOG", "system.LOG1", "SYSTEM.hive.log2"]
    assert [log.name for log in find_logs(hive)] == names
    [one] = find_evidence(tmp_path).hives
    assert [log.name for log in one.logs] == names


def test_what_can_not_be_searched_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = write(tmp_path / "a" / "SYSTEM", SYSTEM)
    (tmp_path / "closed").mkdir()
    listed = os.scandir

    def refuse(place: str) -> object:
        if str(place).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(place))
        return listed(place)

    monkeypatch.setattr(os, "scandir", refuse)
    search = find_evidence(tmp_path)
    assert [one.path for one in search.hives] == [found]
    assert search.missed == (f"{tmp_path / 'closed'} can't be listed: Permission denied",)
    with pytest.raises(EvidenceError, match="no SYSTEM hive") as caught:
        find_evidence(tmp_path / "closed")
    assert "Not searched: " in caught.value.hint
