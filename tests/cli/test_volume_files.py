"""A volume with planted boot programs, as a folder and as an archive: the facts of its files in the events and the findings."""

import json
import shutil
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from hivecheck.cli.app import run
from hivecheck.rules.examples.example import Example
from tests.evidence.pe_writer import CONSOLE, NATIVE, pe_image
from tests.evidence.test_inventory import put
from tests.hive_writer import build_hive
from tests.rules.cases import hive_of
from tests.rules.test_file_refinement import SM, SYSTEM32, fill_volume

LISTED = SM + 'BootExecute = multi "autocheck autochk *" "ntsvcfg /s" "conprog" "missing"'
UNSIGNED = pe_image(NATIVE, imports=("ntdll.dll", "kernel32.dll"))


@pytest.fixture
def planted(tmp_path: Path) -> Path:
    """The folder of a whole volume: one program that nobody signed, one that is not native, one that is not there."""
    root = fill_volume(tmp_path / "volume")
    put(root, f"{SYSTEM32}/ntsvcfg.exe", UNSIGNED)
    put(root, f"{SYSTEM32}/conprog.exe", pe_image(CONSOLE))
    put(root, f"{SYSTEM32}/config/SYSTEM", build_hive(hive_of(Example("planted", LISTED))))
    return root


def document(evidence: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    target = folder / "out.json"
    monkeypatch.setattr(sys, "argv", ["hivecheck", "analyze", str(evidence), "--json", str(target), "-q"])
    assert run() == 0
    found: dict[str, Any] = json.loads(target.read_text("utf-8"))
    return found


@pytest.mark.parametrize("kind", ["folder", "zip", "tar"])
def test_planted_programs_are_told_with_facts(
    planted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    evidence = planted if kind == "folder" else Path(shutil.make_archive(str(tmp_path / "case"), kind, planted))
    told = document(evidence, tmp_path, monkeypatch)
    runs = {one["action"]["image"]: one for one in told["events"] if one["action"]["kind"] == "run"}
    images = ("autochk", "ntsvcfg", "conprog", "missing")
    assert [runs[image]["done"] for image in images] == ["yes", "yes", "no", "no"]
    assert [runs[image]["assumes"] for image in images] == [[], [], [], []]
    extra = {one["subject"]: one for one in told["findings"] if one["rule"] == "bootexec-extra"}
    assert {name: one["severity"] for name, one in extra.items()} == {
        "ntsvcfg /s": "critical", "conprog": "medium", "missing": "medium",
    }  # fmt: skip
    assert sha256(UNSIGNED).hexdigest() in extra["ntsvcfg /s"]["message"]
    assert {one["confidence"] for one in extra.values()} == {"high"}
    assert (told["inventory"]["whole"], told["inventory"]["catalogs"]) == (True, 1)


def test_the_hive_alone_assumes_what_the_volume_tells(
    planted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = document(planted / SYSTEM32 / "config/SYSTEM", tmp_path, monkeypatch)
    runs = [one for one in told["events"] if one["action"]["kind"] == "run" and one["action"]["image"] == "missing"]
    assert [one["done"] for one in runs] == ["unknown"]
    assert "inventory" not in told
