"""`hivecheck recover --write-recovered`: the file that other tools read instead of a hive and its logs."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from Registry.Registry import Registry

from hivecheck.cli.app import run
from hivecheck.cli.exits import Exit
from hivecheck.evidence.opening import open_with_logs
from hivecheck.registry.notation import parse_notation
from hivecheck.registry.readers import compare_readers
from hivecheck.registry.regf import open_hive
from tests.hive_writer import build_hive
from tests.log_writer import hvle_log, with_sequences

Run = Callable[..., int]
RealHive = Callable[[str], Path]

MANAGER = r"ControlSet001\Control\Session Manager"
FIRST = 40
HIVES = Path(__file__).resolve().parents[2] / "test_hives"


def state(command: str) -> bytes:
    return build_hive(parse_notation(f'[{MANAGER}]\nBootExecute = multi "{command}"\n'))


@pytest.fixture
def hivecheck(monkeypatch: pytest.MonkeyPatch) -> Run:
    def call(*arguments: object) -> int:
        monkeypatch.setattr(sys, "argv", ["hivecheck", *map(str, arguments)])
        return run()

    return call


@pytest.fixture
def dirty(tmp_path: Path) -> Path:
    path = tmp_path / "SYSTEM"
    before, after = state("autocheck autochk *"), state("planted.exe")
    path.write_bytes(with_sequences(before, FIRST + 1, FIRST))
    (tmp_path / "SYSTEM.LOG1").write_bytes(hvle_log([before, after], FIRST).data)
    return path


def test_another_reader_finds_in_the_file_what_only_the_log_holds(hivecheck: Run, dirty: Path) -> None:
    before = {path: path.read_bytes() for path in dirty.parent.iterdir()}
    target = dirty.with_name("SYSTEM.recovered")
    assert hivecheck("recover", dirty, "--write-recovered", target) == Exit.OK
    assert Registry(str(target)).open(MANAGER).value("BootExecute").value()[0] == "planted.exe"
    assert Registry(str(dirty)).open(MANAGER).value("BootExecute").value()[0] != "planted.exe"
    assert {path: path.read_bytes() for path in before} == before
    with open_hive(target) as hive:
        block = hive.base_block
        assert not block.dirty
        assert (block.primary_sequence, block.file_type) == (FIRST + 1, 0)


@pytest.mark.parametrize("name", ["SYSTEM", "SYSTEM.LOG1"])
def test_evidence_is_never_written_over(hivecheck: Run, dirty: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    target = dirty.with_name(name)
    before = target.read_bytes()
    assert hivecheck("recover", dirty, "--write-recovered", target) == Exit.USAGE
    assert "this file is evidence" in capsys.readouterr().err
    assert target.read_bytes() == before


def test_of_a_clean_hive_nothing_is_written(hivecheck: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "SYSTEM"
    path.write_bytes(state("autocheck autochk *"))
    assert hivecheck("recover", path, "--write-recovered", tmp_path / "new") == Exit.USAGE
    assert "no log was applied" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_of_several_hives_none_is_chosen(
    hivecheck: Run, dirty: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "two"
    for name, test_hive in (("a", "xp-x86"), ("b", "win7-x64")):
        (folder / name).mkdir(parents=True)
        (folder / name / "SYSTEM").write_bytes((HIVES / f"{test_hive}.hive").read_bytes())
    assert hivecheck("recover", folder, "--all-hives", "--write-recovered", tmp_path / "new") == Exit.USAGE
    assert "takes one hive" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_a_real_dirty_hive_is_written_as_it_was_analyzed(hivecheck: Run, real_hive: RealHive, tmp_path: Path) -> None:
    path, target = real_hive("win10-1709-dirty"), tmp_path / "SYSTEM.recovered"
    assert hivecheck("recover", path, "--write-recovered", target) in (Exit.OK, Exit.PARTIAL)
    opened = open_with_logs(path)
    assert target.read_bytes() == bytes(opened.hive.buffer)
    with open_hive(target) as hive:
        assert not hive.base_block.dirty
        [second] = compare_readers(hive, (MANAGER, r"ControlSet001\Services"))
        assert second.agrees
        assert second.keys_compared > 500
