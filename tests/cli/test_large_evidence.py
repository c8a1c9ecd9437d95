"""What is too large for a hive, or takes more memory than there is: one sentence and the exit code of unreadable evidence."""

import hashlib
import sys
from pathlib import Path
from types import ModuleType

import pytest

from hivecheck import analysis
from hivecheck.cli import found_hives
from hivecheck.cli.app import run
from hivecheck.cli.exits import Exit
from hivecheck.evidence.digest import PendingDigests


@pytest.fixture
def sparse(tmp_path: Path) -> Path:
    """4 GB that begin as a hive does and take no room on disk."""
    path = tmp_path / "SYSTEM"
    with path.open("wb") as file:
        file.write(b"regf")
        file.truncate(4 * 1024**3)
    return path


@pytest.mark.parametrize("beside", [None, "SYSTEM.LOG1"])
@pytest.mark.parametrize("command", ["analyze", "history", "recover"])
def test_a_sparse_file_is_refused_unread(
    sparse: Path, command: str, beside: str | None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if beside:
        (sparse.parent / beside).write_bytes(b"regf" + bytes(8192))
    monkeypatch.setattr(PendingDigests, "__init__", lambda *_: pytest.fail("it was hashed"))
    monkeypatch.setattr(Path, "read_bytes", lambda _: pytest.fail("it was read whole"))
    monkeypatch.setattr(sys, "argv", ["hivecheck", command, str(sparse)])
    assert run() == Exit.UNREADABLE
    assert "too large for a hive" in capsys.readouterr().err


def test_one_in_a_folder_is_refused_unread(
    sparse: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(hashlib, "sha256", lambda **_: pytest.fail("it was hashed"))
    monkeypatch.setattr(sys, "argv", ["hivecheck", "analyze", str(sparse.parent)])
    assert run() == Exit.UNREADABLE
    assert "too large for a hive" in capsys.readouterr().err


@pytest.mark.parametrize(("module", "name"), [(analysis, "open_with_logs"), (found_hives, "hives_in")])
def test_a_lack_of_memory_is_told_in_a_sentence(
    module: ModuleType, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise MemoryError

    path = tmp_path / "SYSTEM"
    path.write_bytes(b"regf")
    monkeypatch.setattr(module, name, fail)
    monkeypatch.setattr(sys, "argv", ["hivecheck", "analyze", str(path)])
    assert run() == Exit.UNREADABLE
    assert "more memory than there is" in capsys.readouterr().err
