"""`hivecheck history` of a disk image: the shadow copy of a volume is a state of its own, dated by its making."""

import json
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from hivecheck.cli.app import run
from hivecheck.cli.exits import Exit
from hivecheck.facts.filetime import iso_utc
from tests.build_test_images import gpt_disk
from tests.evidence.test_shadow_copies import CREATED, NOW, THEN, volume_with_a_shadow_copy

pytest.importorskip("pyfsntfs", reason="the extra `images` is not installed")
pytest.importorskip("pyvshadow", reason="the extra `images` is not installed")


def test_a_shadow_copy_on_an_image_is_a_dated_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk, target = tmp_path / "disk.img", tmp_path / "h.json"
    disk.write_bytes(gpt_disk(volume_with_a_shadow_copy()))
    monkeypatch.setattr(sys, "argv", ["hivecheck", "history", str(disk), "--json", str(target), "--quiet"])
    assert run() == Exit.OK
    steps = [step for machine in json.loads(target.read_text("utf-8"))["machines"] for step in machine["steps"]]
    states = {one["place"]: one for one in steps if one["kind"] == "hive"}
    then, now = states["shadow-copy"], states["live"]
    assert [one["sha256"] for one in (then, now)] == [sha256(data).hexdigest() for data in (THEN, NOW)]
    assert (then["dates"][0]["utc"], then["dates"][0]["meaning"]) == (iso_utc(CREATED), "shadow-copy-made")
    assert now["dates"][0]["meaning"] != "shadow-copy-made"
