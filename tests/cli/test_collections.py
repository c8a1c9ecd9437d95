"""Collections as their user meets them: what is read of them, what is told of the rest, and that they are never written to."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from hivecheck.cli.app import run
from hivecheck.cli.exits import Exit
from hivecheck.cli.output import write_text
from hivecheck.cli.progress import ProgressLine
from hivecheck.facts.generation import WIN7
from hivecheck.registry.notation import parse_notation
from tests.boot.boots import bootable
from tests.evidence.layouts import Files, collection, write_folder, zip_bytes
from tests.hive_writer import build_hive

Run = Callable[..., int]
ROOT = Path(__file__).resolve().parents[2]
NT = "Microsoft\\Windows NT\\CurrentVersion"
SYSTEM = build_hive(bootable(r'BootExecute = multi "autocheck autochk *" "evil"', WIN7))
OLDER = build_hive(bootable("", WIN7))
SOFTWARE = build_hive(
    parse_notation(
        f'[{NT}]\nProductName = sz "Windows 7 Ultimate"\nCurrentVersion = sz "6.1"\nCurrentBuildNumber = sz "7601"\n'
    )
)


@pytest.fixture
def hivecheck(monkeypatch: pytest.MonkeyPatch) -> Run:
    def call(*arguments: object) -> int:
        monkeypatch.setattr(sys, "argv", ["hivecheck", *map(str, arguments)])
        return run()

    return call


def archive(folder: Path, files: Files) -> Path:
    path = folder / "case.zip"
    path.write_bytes(zip_bytes(files))
    return path


def states() -> Files:
    return collection("KAPE", SYSTEM) | {"C/Windows/System32/config/RegBack/SYSTEM": OLDER}


def documents(hivecheck: Run, capsys: pytest.CaptureFixture[str], *arguments: object, code: Exit = Exit.OK) -> Any:
    assert hivecheck(*arguments, "--json", "-") == code
    return json.loads(capsys.readouterr().out)


def test_an_archive_gives_the_result_of_the_file(hivecheck: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    alone = write_folder(tmp_path, {"SYSTEM": SYSTEM}) / "SYSTEM"
    path = archive(tmp_path, collection("CyLR", SYSTEM))
    for command in ("analyze", "extract", "replay"):
        outside, inside = (documents(hivecheck, capsys, command, one) for one in (alone, path))
        assert inside["evidence"]["source"] == f"{path}!C/windows/system32/config/system"
        for document in (outside, inside):
            document["evidence"] = document["evidence"]["sha256"]
            document.pop("generated_utc", None)
            document.pop("case", None)
        assert inside == outside


def test_older_states_are_told_and_read_when_asked_for(
    hivecheck: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = archive(tmp_path, states())
    assert hivecheck("analyze", path) == Exit.OK
    out, err = capsys.readouterr()
    assert "run evil" in out
    assert err.splitlines() == [
        f"hivecheck: {path}: 1 older state is not read (--all-hives reads them):",
        f"  RegBack: {path}!C/Windows/System32/config/RegBack/SYSTEM",
    ]
    assert hivecheck("analyze", path, "-q") == Exit.OK
    assert capsys.readouterr().err == ""
    both = documents(hivecheck, capsys, "analyze", path, "--all-hives")
    assert [one["evidence"]["hive"] for one in both] == ["SYSTEM", "SYSTEM"]
    assert len({one["evidence"]["sha256"] for one in both}) == 2


def test_copies_are_told_with_their_places(hivecheck: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = archive(tmp_path, collection("Velociraptor auto", SYSTEM) | collection("Velociraptor ntfs", SYSTEM))
    found = documents(hivecheck, capsys, "analyze", path)
    assert [place.partition("!")[2].split("/")[1] for place in found["evidence"]["places"]] == ["auto", "ntfs"]


def test_copies_in_several_arguments_are_told_once_with_all_places(
    hivecheck: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    alone = write_folder(tmp_path, {"SYSTEM": SYSTEM}) / "SYSTEM"
    path = archive(tmp_path, collection("CyLR", SYSTEM))
    other = tmp_path / "other"
    other.write_bytes(OLDER)
    inside = f"{path}!C/windows/system32/config/system"
    for arguments in ((alone, other, path), (path, other, alone), (alone, path, other, alone)):
        found = {
            one["evidence"]["source"]: one["evidence"].get("places")
            for one in documents(hivecheck, capsys, "analyze", *arguments)
        }
        assert found == {inside: [inside, str(alone)], str(other): found[str(other)]}
        assert not found[str(other)]
    capsys.readouterr()
    assert hivecheck("analyze", path, alone) == Exit.OK
    told = capsys.readouterr().out
    assert "Also at" in told
    assert told.count("SHA-256") == 1


def test_the_software_hive_beside_a_found_hive_is_used(
    hivecheck: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = archive(tmp_path, collection("KAPE", SYSTEM, software=SOFTWARE))
    found = documents(hivecheck, capsys, "analyze", path)
    assert found["software"]["evidence"]["source"] == f"{path}!C/Windows/System32/config/SOFTWARE"
    assert found["generation"]["confidence"] == "high"
    assert documents(hivecheck, capsys, "analyze", path, "--software", "none")["software"] is None
    other = write_folder(tmp_path / "other", {"SOFTWARE": SOFTWARE}) / "SOFTWARE"
    named = documents(hivecheck, capsys, "analyze", path, "--software", other)
    assert named["software"]["evidence"]["source"] == str(other)


def test_a_software_hive_that_is_damaged_is_done_without(
    hivecheck: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = archive(tmp_path, collection("KAPE", SYSTEM, software=SOFTWARE[:4096] + bytes(8192)))
    found = documents(hivecheck, capsys, "analyze", path, code=Exit.PARTIAL)
    assert found["software"] is None
    [problem] = [one for one in found["problems"] if one["code"] == "software-unread"]
    assert "C/Windows/System32/config/SOFTWARE" in problem["message"]


@pytest.mark.parametrize("form", ["timesketch", "sarif", "csv"])
def test_exports_read_the_hive_in_the_archive_again(
    form: str, hivecheck: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    infected = (ROOT / "test_hives" / "infected-bootkit-win10-21h2-x64.hive").read_bytes()
    path = archive(tmp_path, collection("KAPE", infected))
    target = tmp_path / "export.jsonl"
    assert hivecheck("export", path, "--format", form, "-o", target, "-q") == Exit.OK
    assert "Session Manager" in target.read_text("utf-8")


def test_recover_and_notation_read_archives(hivecheck: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = archive(tmp_path, states())
    assert hivecheck("extract", path, "--notation") == Exit.OK
    assert '"evil"' in capsys.readouterr().out
    assert hivecheck("recover", path, "--all-hives") == Exit.OK
    assert capsys.readouterr().out.count("case.zip!C/Windows/System32/config/") == 2


def test_the_archive_is_never_written_to(hivecheck: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = archive(tmp_path, states())
    before = path.read_bytes()
    for options in (("analyze", path, "--json", path), ("recover", path, "--json", path)):
        assert hivecheck(*options) == Exit.USAGE
        assert "this file is evidence" in capsys.readouterr().err
    inside = write_folder(tmp_path / "cases", {"HOST1/case.zip": before})
    assert hivecheck("analyze", inside, "--json", inside / "HOST1" / "case.zip") == Exit.USAGE
    assert (inside / "HOST1" / "case.zip").read_bytes() == path.read_bytes() == before


def test_an_archive_that_is_damaged_is_one_sentence(
    hivecheck: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = archive(tmp_path, states())
    path.write_bytes(path.read_bytes()[:-200])
    assert hivecheck("analyze", path) == Exit.UNREADABLE
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"hivecheck: {path}: it can't be read: the list of its members can't be read")
    assert len(err.splitlines()) == 1


# --- progress and Ctrl-C -------------------------------------------------------------------------------------------------------


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def told(quiet: bool, stream: io.StringIO) -> str:
    ticks = iter(range(0, 1000, 5))
    with ProgressLine(quiet, stream, lambda: float(next(ticks))) as line:
        line.stage("reading case\x1b[31m.zip")
        line.done(100_000_000, 400_000_000)
        line.done(0, 0)
    return stream.getvalue()


def test_progress_tells_stage_bytes_and_time_left_and_leaves_nothing() -> None:
    text = told(False, Terminal())
    assert "100 of 400 MB, 30 s left" in text
    assert "\x1b" not in text
    assert "reading case" in text
    assert text.endswith("\r")
    assert text.rsplit("\r", 2)[1].strip() == ""


def test_time_left_is_told_of_every_work_on_several_hives(
    hivecheck: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As often as each of them is worked on, of several arguments and of one with several hives alike."""
    told: list[tuple[str, int, int]] = []
    monkeypatch.setattr(ProgressLine, "step", lambda _, what, done, whole: told.append((what.split()[0], done, whole)))
    sizes = [len(SYSTEM), len(OLDER)]
    for name, data in (("A", SYSTEM), ("B", OLDER)):
        write_folder(tmp_path, {f"{name}/C/Windows/System32/config/SYSTEM": data})
    hives = sorted(tmp_path.rglob("SYSTEM"))
    out = tmp_path.parent / f"{tmp_path.name}.csv"
    expected = [(0, sum(sizes)), (sizes[0], sum(sizes))]
    for command, words in (
        (["analyze", *hives, "-q"], ["analyzing"]),
        (["recover", tmp_path, "-q"], ["searching"]),
        (["history", tmp_path, "-q"], ["looking"]),
        (["export", *hives, "--format", "csv", "-o", out], ["analyzing", "searching"]),
    ):
        told.clear()
        assert hivecheck(*command) == Exit.OK
        for word in words:
            assert [(done, whole) for what, done, whole in told if what == word] == expected
    told.clear()
    assert hivecheck("analyze", tmp_path, "-q") == Exit.OK
    assert [what for what, _, _ in told] == ["analyzing", "analyzing"]
    told.clear()
    assert hivecheck("analyze", hives[0], "-q") == Exit.OK
    assert told == []


@pytest.mark.parametrize(("quiet", "stream"), [(True, Terminal()), (False, io.StringIO())])
def test_progress_is_silent_when_asked_and_when_piped(quiet: bool, stream: io.StringIO) -> None:
    assert told(quiet, stream) == ""


@pytest.mark.skipif(os.name == "nt", reason="there Ctrl-C reaches every process of the console")
def test_ctrl_c_ends_with_130_and_leaves_no_half_file(tmp_path: Path) -> None:
    files = {f"HOST{number}/C/Windows/System32/config/SYSTEM": SYSTEM + bytes(4096 * number) for number in range(300)}
    path = archive(tmp_path, files)
    target = tmp_path / "out.json"
    command = [sys.executable, "-m", "hivecheck", "analyze", str(path), "--json", str(target), "-q"]
    heard = signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background starts deaf to Ctrl-C
    try:
        started = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, stdout=subprocess.PIPE)
    finally:
        signal.signal(signal.SIGINT, heard)
    time.sleep(1.0)
    started.send_signal(signal.SIGINT)
    _, err = started.communicate(timeout=30)
    assert started.returncode == Exit.INTERRUPTED
    assert b"Traceback" not in err
    assert not target.exists()


def test_a_file_that_is_interrupted_while_it_is_written_does_not_stay(tmp_path: Path) -> None:
    def pieces() -> Iterator[str]:
        yield "{"
        raise KeyboardInterrupt

    target = tmp_path / "out.json"
    with pytest.raises(KeyboardInterrupt):
        write_text(target, pieces(), ())
    assert not target.exists()


def test_the_page_that_lists_several_machines_tells_copies(
    hivecheck: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {
        "A/C/Windows/System32/config/SYSTEM": SYSTEM,
        "A/copy/SYSTEM": SYSTEM,
        "B/C/Windows/System32/config/SYSTEM": OLDER,
    }
    path = archive(tmp_path, files)
    assert hivecheck("analyze", path, "-q", "--output", tmp_path / "out") == Exit.OK
    page = (tmp_path / "out" / "index.html").read_text("utf-8")
    assert all(name in page for name in files)
    assert len(list((tmp_path / "out").glob("*.json"))) == 2
