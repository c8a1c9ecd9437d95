"""Evidence that was read, but not wholly: every command ends with the same code, names what is missing, and keeps to --quiet."""

import builtins
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hivecheck.cli.app import run
from hivecheck.cli.exits import Exit
from hivecheck.facts.generation import WIN7
from tests.boot.boots import bootable
from tests.evidence.layouts import collection, write_folder, zip_bytes
from tests.hive_writer import build_hive
from tests.image_files import image_bytes

Run = Callable[..., int]
SYSTEM = build_hive(bootable(r'BootExecute = multi "autocheck autochk *"', WIN7))
NO_ARCHIVE = b"7z\xbc\xaf\x27\x1c" + bytes(100)
COMMANDS: dict[str, tuple[str, ...]] = {
    "analyze": ("analyze", "{case}"),
    "extract": ("extract", "{case}"),
    "extract --notation": ("extract", "{case}", "--notation"),
    "replay": ("replay", "{case}"),
    "recover": ("recover", "{case}"),
    "diff": ("diff", "{case}", "{other}"),
    "diff --whole-hive": ("diff", "{other}", "{case}", "--whole-hive"),
    "history": ("history", "{case}"),
    "export": ("export", "{case}", "--format", "csv", "-o", "{target}"),
    "export --format sarif": ("export", "{case}", "--format", "sarif", "-o", "{target}"),
}


@pytest.fixture
def hivecheck(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    (tmp_path / "other.hive").write_bytes(SYSTEM)
    places = {"case": tmp_path / "case", "other": tmp_path / "other.hive", "target": tmp_path / "out"}

    def call(name: str, *more: str) -> int:
        arguments = [one.format(**places) for one in COMMANDS[name]]
        monkeypatch.setattr(sys, "argv", ["hivecheck", *arguments, *more])
        return run()

    return call


@pytest.mark.parametrize("name", COMMANDS)
def test_a_container_that_was_read_in_part_ends_with_5(
    name: str, hivecheck: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    top = write_folder(tmp_path / "case", collection("KAPE", SYSTEM))
    assert hivecheck(name) == Exit.OK
    (top / "more.7z").write_bytes(NO_ARCHIVE)
    capsys.readouterr()
    assert hivecheck(name) == Exit.PARTIAL
    told = capsys.readouterr().err
    assert told.count(f"{top}: parts of this folder were not searched.") == 1
    assert told.count(f"{top / 'more.7z'}, an archive of a kind that hivecheck does not read: unpack it first.") == 1


@pytest.mark.parametrize("name", COMMANDS)
def test_a_hive_in_it_that_a_machine_boots_from_and_that_is_damaged_ends_with_4(
    name: str, hivecheck: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    top = write_folder(tmp_path / "case", {"A/x": b""} | collection("KAPE", SYSTEM))
    damaged = top / "B" / "Windows" / "System32" / "config" / "SYSTEM"
    damaged.parent.mkdir(parents=True)
    damaged.write_bytes(bytes(20_000))
    assert hivecheck(name) == Exit.UNREADABLE
    assert f"{damaged} looks like SYSTEM but is damaged: it begins with zeros." in capsys.readouterr().err


@pytest.mark.parametrize(("archives", "more"), [(2, ""), (10, ""), (13, "  and 3 more\n")])
def test_the_first_ten_parts_are_told_by_name(
    archives: int, more: str, hivecheck: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    top = write_folder(tmp_path / "case", collection("KAPE", SYSTEM))
    for number in range(archives):
        (top / f"{number:02}.7z").write_bytes(NO_ARCHIVE)
    hivecheck("analyze", "--quiet")
    kind = "an archive of a kind that hivecheck does not read: unpack it first"
    lines = "".join(f"  {top / f'{number:02}.7z'}, {kind}\n" for number in range(min(archives, 10)))
    whole = f"hivecheck: {top}: {archives} parts of this folder were not searched:\n{lines}{more}"
    assert capsys.readouterr().err == whole


def test_where_no_hive_is_found_ten_parts_are_told_too(
    hivecheck: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    top = write_folder(tmp_path / "case", {f"{number:02}.7z": NO_ARCHIVE for number in range(12)})
    assert hivecheck("analyze") == Exit.UNREADABLE
    told = capsys.readouterr().err
    assert f"{top / '09.7z'}, an archive of a kind" in told
    assert "; and 2 more. Name what holds" in told


@pytest.mark.parametrize("name", ["analyze", "extract", "replay", "recover", "diff", "history", "export"])
def test_quiet_leaves_errors_and_what_was_asked_for(
    name: str, hivecheck: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    older = {"C/Windows/System32/config/RegBack/SYSTEM": build_hive(bootable("", WIN7))}
    (tmp_path / "case").write_bytes(zip_bytes(collection("KAPE", SYSTEM) | older))
    assert hivecheck(name, "--quiet") == Exit.OK
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "")
    if name != "export":
        assert hivecheck(name, "-q", "--json", "-") == Exit.OK
        captured = capsys.readouterr()
        assert captured.out.startswith("{")
        assert captured.err == ""


def test_quiet_notation_is_printed(hivecheck: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "case").write_bytes(SYSTEM)
    assert hivecheck("extract --notation", "-q") == Exit.OK
    assert "BootExecute" in capsys.readouterr().out


def test_how_to_install_what_is_missing_is_told_once_and_no_sentence_ends_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    plain = builtins.__import__

    def load(name: str, *more: Any) -> Any:
        if name.split(".")[0] in ("dissect", "pyfsntfs", "pyvshadow"):
            raise ImportError(name)
        return plain(name, *more)

    monkeypatch.setattr(builtins, "__import__", load)
    folder = tmp_path / "case"
    folder.mkdir()
    images = [folder / name for name in ("disk.vdi", "plain.qcow2", "volume.ntfs")]
    for image in images:
        image.write_bytes(image_bytes(image.name))
    (folder / "d.vmdk").write_bytes(b"# Disk DescriptorFile\nparentCID=1\n")
    (folder / "e.vmdk").write_bytes(b'# Disk DescriptorFile\nparentCID=ffffffff\nRW 9 FLAT "d.vmdk" 0\n')
    for arguments in ([folder], images):
        monkeypatch.setattr(sys, "argv", ["hivecheck", "analyze", *map(str, arguments)])
        assert run() == Exit.UNREADABLE
        said = capsys.readouterr().err
        assert said.count("pip install 'hivecheck[images]'") == 1
        assert ".." not in said
        assert all(image.name in said for image in images)
