"""Finding the hives that an argument stands for, and their logs."""

import os
from pathlib import Path

import pytest

from hivecheck.errors import EvidenceError
from hivecheck.evidence import locate
from hivecheck.evidence.locate import Search, find_logs, search_hives
from hivecheck.registry.notation import parse_notation
from tests.hive_writer import build_hive

SYSTEM = "[Select]\nDefault = dword 1\n[ControlSet001]\n"


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(build_hive(parse_notation(text)))
    return path


def test_a_file_stands_for_itself_whatever_it_is(tmp_path: Path) -> None:
    assert search_hives(tmp_path / "anything").hives == (tmp_path / "anything",)


def test_content_and_not_the_name_makes_a_system_hive(tmp_path: Path) -> None:
    renamed = write(tmp_path / "a" / "export.bin", SYSTEM)
    usual = write(tmp_path / "b" / "SYSTEM", SYSTEM)
    write(tmp_path / "b" / "SOFTWARE", "[Microsoft]\n")
    (tmp_path / "SYSTEM").write_text("no hive at all" * 1000)
    assert search_hives(tmp_path).hives == (renamed, usual)


def test_a_folder_without_a_system_hive_is_an_error(tmp_path: Path) -> None:
    write(tmp_path / "SOFTWARE", "[Microsoft]\n")
    with pytest.raises(EvidenceError, match="no SYSTEM hive in this folder"):
        search_hives(tmp_path)


def test_a_damaged_hive_of_that_name_is_not_passed_over_in_silence(tmp_path: Path) -> None:
    whole = write(tmp_path / "SYSTEM", SYSTEM).read_bytes()
    (tmp_path / "SYSTEM").write_bytes(whole[:4096] + bytes(4096))
    assert search_hives(tmp_path).hives == (tmp_path / "SYSTEM",)


def test_links_are_not_followed(tmp_path: Path) -> None:
    write(tmp_path / "real" / "SYSTEM", SYSTEM)
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "loop").symlink_to(tmp_path / "folder")
    (tmp_path / "folder" / "SYSTEM").symlink_to(tmp_path / "real" / "SYSTEM")
    with pytest.raises(EvidenceError):
        search_hives(tmp_path / "folder")


def test_logs_are_found_in_any_case_and_with_or_without_the_hives_own_ending(tmp_path: Path) -> None:
    hive = write(tmp_path / "SYSTEM.hive", SYSTEM)
    for name in ("system.LOG1", "SYSTEM.hive.log2", "SYSTEM.hive.LOG", "SOFTWARE.LOG1", "SYSTEM.hive.LOG3"):
        (tmp_path / name).write_bytes(b"")
    assert [log.name for log in find_logs(hive)] == ["SYSTEM.hive.LOG", "system.LOG1", "SYSTEM.hive.log2"]


def test_what_can_not_be_searched_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = write(tmp_path / "a" / "SYSTEM", SYSTEM)
    (tmp_path / "closed").mkdir()
    listed = os.scandir

    def refuse(place: str) -> object:
        if str(place).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(place))
        return listed(place)

    monkeypatch.setattr(os, "scandir", refuse)
    assert search_hives(tmp_path) == Search((found,), f"{tmp_path / 'closed'} can't be listed: Permission denied")
    with pytest.raises(EvidenceError, match="no SYSTEM hive") as caught:
        search_hives(tmp_path / "closed")
    assert "Not searched: " in caught.value.hint


def test_files_and_folders_beyond_the_limits_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = write(tmp_path / "a", SYSTEM)
    write(tmp_path / "b" / "c", SYSTEM)
    assert search_hives(tmp_path).missed == ""
    monkeypatch.setattr(locate, "_ENTRIES_AT_MOST", 1)
    assert search_hives(tmp_path) == Search((first,), f"all behind the first 1 files, from {tmp_path / 'b'} on")
    monkeypatch.setattr(locate, "_FOLDER_LEVELS", 0)
    assert search_hives(tmp_path) == Search((first,), f"what lies more than 0 levels below, in {tmp_path}")
