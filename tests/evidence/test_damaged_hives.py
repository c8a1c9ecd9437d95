"""A damaged hive where Windows boots from is told, mended by its logs where they can, and never stood for in silence."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hivecheck.analysis import Options
from hivecheck.cli.analyze import analyze_found
from hivecheck.cli.app import run
from hivecheck.cli.exits import Exit
from hivecheck.cli.found_hives import hives_in
from hivecheck.errors import EvidenceError
from hivecheck.evidence.damaged_hives import damage_words
from hivecheck.evidence.discovery import find_evidence
from hivecheck.evidence.file_tree import FileEntry
from hivecheck.evidence.found import Found
from hivecheck.evidence.layouts import HiveKind
from hivecheck.facts.fact import changed
from hivecheck.facts.filetime import iso_utc
from hivecheck.report.html_verdict import plain_verdict
from tests.evidence.layouts import Files, tar_bytes, write_folder, zip_bytes
from tests.image_files import unpack
from tests.report.html_tree import parse_html

OLDER = (Path(__file__).parents[2] / "test_hives" / "win10-21h2-x64.hive").read_bytes()
CONFIG = "C/Windows/System32/config"
DAMAGES = {
    "zeros": (bytes(len(OLDER)), "it begins with zeros"),
    "its first bytes": (b"\1\2\3\4" + OLDER[4:], "it begins with 01 02 03 04, not with 72 65 67 66 (regf)"),
    "cut": (OLDER[:3000], "it ends after 3,000 bytes"),
    "nothing": (b"", "it is empty"),
}


def found_in(tmp_path: Path, container: str, files: Files) -> Found:
    if container == "folder":
        return find_evidence(write_folder(tmp_path / "case", files))
    path = tmp_path / "case.bin"
    path.write_bytes(zip_bytes(files) if container == "zip" else tar_bytes(files))
    return find_evidence(path)


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("container", ["folder", "zip", "tar"])
def test_an_older_state_says_that_the_hive_of_the_next_boot_is_damaged(damage: str, container: str, tmp_path: Path) -> None:
    data, words = DAMAGES[damage]
    found = found_in(tmp_path, container, {f"{CONFIG}/SYSTEM": data, f"{CONFIG}/RegBack/SYSTEM": OLDER})
    [one] = found.main
    assert one.kind is HiveKind.REGBACK
    assert one.instead_of.endswith(f"{CONFIG}/SYSTEM looks like SYSTEM but is damaged: {words}")
    assert found.missed == (one.instead_of,)


def test_the_damage_on_one_machine_says_nothing_of_another(tmp_path: Path) -> None:
    files = {
        f"HOST1/{CONFIG}/SYSTEM": bytes(9000),
        f"HOST1/{CONFIG}/RegBack/SYSTEM": OLDER,
        f"HOST2/{CONFIG}/RegBack/SYSTEM": OLDER + bytes(4096),
    }
    told = {one.host_hint: bool(one.instead_of) for one in found_in(tmp_path, "zip", files).main}
    assert told == {"HOST1": True, "HOST2": False}


def test_a_damaged_hive_alone_is_named(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError) as caught:
        found_in(tmp_path, "zip", {f"{CONFIG}/SYSTEM": bytes(9000)})
    assert f"{CONFIG}/SYSTEM looks like SYSTEM but is damaged: it begins with zeros" in caught.value.hint


def test_what_can_not_be_read_is_said(tmp_path: Path) -> None:
    assert "looks like SYSTEM but can't be read: " in damage_words(tmp_path / "SYSTEM")


def test_a_hive_that_the_volume_of_an_image_can_not_give_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pyfsntfs")
    pytest.importorskip("dissect.hypervisor")
    from hivecheck.evidence.ntfs import NtfsTree

    find = NtfsTree.find

    def find_encrypted(tree: NtfsTree, path: str) -> FileEntry | None:
        entry = find(tree, path)
        unread = entry is not None and path == "Windows/System32/config/SYSTEM"
        return changed(entry, unread="it is encrypted (EFS)") if entry is not None and unread else entry

    monkeypatch.setattr(NtfsTree, "find", find_encrypted)
    found = find_evidence(unpack("volume.ntfs", tmp_path))
    [one] = found.main
    assert one.kind is HiveKind.REGBACK
    assert one.instead_of.endswith("/SYSTEM looks like SYSTEM but can't be read: it is encrypted (EFS)")
    assert found.missed == (one.instead_of,)


def test_empty_older_states_are_usual(tmp_path: Path) -> None:
    found = found_in(tmp_path, "folder", {f"{CONFIG}/SYSTEM": OLDER, f"{CONFIG}/RegBack/SYSTEM": b""})
    assert found.missed == ()


def test_a_hive_without_its_base_block_is_read_by_its_logs(real_hive: Callable[[str], Path], tmp_path: Path) -> None:
    hive = real_hive("win10-1709-dirty").read_bytes()
    files = {f"{CONFIG}/SYSTEM": bytes(512) + hive[512:], f"{CONFIG}/RegBack/SYSTEM": OLDER}
    for number in (1, 2):
        files[f"{CONFIG}/SYSTEM.LOG{number}"] = real_hive(f"win10-1709-dirty.LOG{number}").read_bytes()
    found = found_in(tmp_path, "zip", files)
    assert [one.kind for one in found.main] == [HiveKind.LIVE]
    assert found.missed == ()


def test_the_summary_of_an_older_state_says_so_and_the_end_is_no_success(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "case.zip"
    path.write_bytes(zip_bytes({f"{CONFIG}/SYSTEM": bytes(9000), f"{CONFIG}/RegBack/SYSTEM": OLDER}))
    monkeypatch.setattr(sys, "argv", ["hivecheck", "analyze", str(path), "--no-color"])
    assert run() == Exit.UNREADABLE
    told = capsys.readouterr()
    before_verdict = told.out.partition("Verdict")[0]
    assert "This is an older state of the machine" in before_verdict
    assert "looks like SYSTEM but is damaged: it begins with zeros" in " ".join(before_verdict.split())
    assert "parts of this archive were not searched" in told.err


def test_the_verdict_begins_with_what_stands_in_for_the_hive_that_boots_and_of_when(tmp_path: Path) -> None:
    files = {f"{CONFIG}/SYSTEM": bytes(9000), f"{CONFIG}/RegBack/SYSTEM": OLDER}
    [hive] = hives_in(write_folder(tmp_path / "case", files), quiet=True).hives
    analysis = analyze_found(hive, Options(verify="none"))
    older = analysis.older_state
    assert older is not None
    assert (older.kind, older.dated_by) == (HiveKind.REGBACK, "the newest key of the hive was written")
    told = plain_verdict(analysis)
    when = iso_utc(older.ticks)[:19].replace("T", " ")
    assert told.startswith(
        f"What is judged here is a copy of before, the backup in RegBack, of {when} UTC: the hive that the machine"
        " boots from could not be read. "
    )
    assert "Part of the registry" not in told  # of the copy itself nothing is lost
    assert f"the backup in RegBack, of {when} UTC" in analysis.problems[0].message
    assert plain_verdict(analyze_found(changed(hive, instead_of=""), Options(verify="none"))) in told


@pytest.mark.parametrize("container", ["folder", "zip"])
def test_what_is_left_of_another_system_hive_is_told_as_missed(container: str, tmp_path: Path) -> None:
    files = {f"{CONFIG}/SYSTEM": OLDER, "HOST2/SYSTEM": OLDER[:5000], "HOST3/sam": OLDER[:5000]}
    found = found_in(tmp_path, container, files)
    assert len(found.main) == 1
    [told] = found.missed
    assert told.endswith("HOST2/SYSTEM looks like SYSTEM but is damaged: it ends after 5,000 bytes")


def test_a_small_log_is_no_damaged_hive(tmp_path: Path) -> None:
    log = OLDER[:28] + b"\6\0\0\0" + OLDER[32:512]
    assert found_in(tmp_path, "folder", {f"{CONFIG}/SYSTEM": OLDER, "other/SYSTEM.LOG1": log}).missed == ()


def test_the_copy_that_stands_in_is_not_called_unreadable_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "case.zip"
    path.write_bytes(zip_bytes({f"{CONFIG}/SYSTEM": bytes(9000), f"{CONFIG}/RegBack/SYSTEM": OLDER}))
    monkeypatch.setattr(sys, "argv", ["hivecheck", "analyze", str(path), "--no-color", "--html", str(tmp_path / "a.html")])
    run()
    told = " ".join(capsys.readouterr().out.split())
    assert "PARTS OF IT CAN'T BE READ" not in told
    assert "clean, A COPY OF BEFORE: THE HIVE THAT BOOTS CAN'T BE READ" in told
    state = parse_html((tmp_path / "a.html").read_text(encoding="utf-8")).with_id("evidence").text
    page = parse_html((tmp_path / "a.html").read_text(encoding="utf-8")).text
    assert "a copy of before: the hive that boots can't be read" in page
    assert "parts can't be read" not in state
