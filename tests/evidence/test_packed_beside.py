"""Hives compressed one by one, with their logs and companions compressed one by one beside them."""

import bz2
import gzip
import lzma
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from hivecheck.analysis import Options, analyze
from hivecheck.evidence.discovery import find_evidence
from hivecheck.registry.notation import parse_notation
from tests.evidence.layouts import zip_bytes
from tests.hive_writer import build_hive

HIVE = (Path(__file__).parents[2] / "test_hives" / "win10-21h2-x64.hive").read_bytes()
SOFTWARE = build_hive(
    parse_notation('[Microsoft\\Windows NT\\CurrentVersion]\nCurrentBuildNumber = sz "19044"\n[Classes]\n')
)
PACKERS: dict[str, Callable[[bytes], bytes]] = {".gz": gzip.compress, ".bz2": bz2.compress, ".xz": lzma.compress}
FILES = {"SYSTEM": HIVE, "system.log1": b"", "SYSTEM.LOG2": b"x" * 600, "SOFTWARE": SOFTWARE}


def write(folder: Path, ending: str) -> Path:
    for name, data in FILES.items():
        (folder / (name + ending)).write_bytes(PACKERS[ending](data))
    (folder / f"SYSTEM.LOG{ending}").write_bytes(b"not packed")
    return folder / f"SYSTEM{ending}"


@pytest.mark.parametrize("ending", PACKERS)
@pytest.mark.parametrize("named", ["file", "folder", "zip"])
def test_logs_and_software_that_were_packed_alone_belong_to_the_hive(named: str, ending: str, tmp_path: Path) -> None:
    path = write(tmp_path, ending)
    if named == "folder":
        path = tmp_path
    elif named == "zip":
        files = {f"case/{one.name}": one.read_bytes() for one in tmp_path.iterdir()}
        path = tmp_path / "all.zip"
        path.write_bytes(zip_bytes(files, compression=zipfile.ZIP_STORED))
    [one] = [one for one in find_evidence(path).hives if "all.zip" not in str(one.path) or named == "zip"]
    assert [(log.name, log.read_bytes()) for log in one.logs] == [("system.log1", b""), ("SYSTEM.LOG2", b"x" * 600)]
    assert one.software is not None
    assert one.software.read_bytes() == SOFTWARE


def test_a_packed_log_that_is_damaged_is_told(tmp_path: Path) -> None:
    path = write(tmp_path, ".gz")
    (tmp_path / "SYSTEM.LOG2.gz").write_bytes(gzip.compress(b"x" * 600)[:-12])
    found = find_evidence(path)
    assert [log.name for log in found.hives[0].logs] == ["system.log1"]
    assert any("SYSTEM.LOG2.gz" in words for words in found.missed)


def test_what_is_packed_beside_under_other_names_is_not_taken(tmp_path: Path) -> None:
    path = tmp_path / "SYSTEM.gz"
    path.write_bytes(gzip.compress(HIVE))
    (tmp_path / "OTHER.LOG1.gz").write_bytes(gzip.compress(b""))
    (tmp_path / "SYSTEM.LOG1.xz").write_bytes(lzma.compress(b""))
    [one] = find_evidence(path).hives
    assert (one.logs, one.software) == ((), None)


def test_packed_logs_of_a_dirty_hive_are_applied(real_hive: Callable[[str], Path], tmp_path: Path) -> None:
    for name in ("win10-1709-dirty", "win10-1709-dirty.LOG1", "win10-1709-dirty.LOG2"):
        (tmp_path / f"{name}.gz").write_bytes(gzip.compress(real_hive(name).read_bytes(), 1))
    [one] = find_evidence(tmp_path / "win10-1709-dirty.gz").main
    evidence = analyze(one.path, Options(verify="none"), logs=one.logs).evidence
    assert evidence.recovered
    assert len(evidence.logs) == 2
