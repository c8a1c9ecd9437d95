"""`hivecheck diff` from outside: what it takes, what it writes, how it ends."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hivecheck.cli.app import run
from hivecheck.cli.exits import Exit
from hivecheck.registry.notation import parse_notation
from tests.hive_writer import build_hive
from tests.report.analyses import BOOTABLE, session_manager
from tests.report.html_tree import parse_html

Run = Callable[..., int]
EXTRA = session_manager('Execute = multi "evil.exe"')
SOFTWARE = '[Microsoft\\Windows NT]\nA = sz "%s"\n'


@pytest.fixture
def diff(monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")

    def call(*arguments: object, command: str = "diff") -> int:
        monkeypatch.setattr(sys, "argv", ["hivecheck", command, *map(str, arguments)])
        return run()

    return call


@pytest.fixture
def sides(tmp_path: Path) -> tuple[Path, Path]:
    """A hive that boots, and the same with a program that smss runs last."""
    return write(tmp_path / "before", BOOTABLE), write(tmp_path / "after", BOOTABLE + EXTRA)


def write(folder: Path, notation: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / "SYSTEM"
    path.write_bytes(build_hive(parse_notation(notation)))
    return path


def document(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


def test_the_document_has_the_fields_of_the_contract(diff: Run, sides: tuple[Path, Path], tmp_path: Path) -> None:
    assert diff(*sides, "--json", tmp_path / "d.json", "--quiet") == Exit.OK
    found = document(tmp_path / "d.json")
    assert found["schema"] == "hivecheck.diff/1"
    assert {"before", "after", "settings", "effects", "findings", "summary"} <= found.keys()
    assert found.keys().isdisjoint({"keys"})
    assert found["before"]["evidence"]["source"] == str(sides[0])
    for change in (*found["settings"], *found["effects"]):
        assert {"change", "what", "before", "after", "verdict", "why", "because"} <= change.keys()
    assert [(one["change"], one["what"]) for one in found["settings"]] == [
        ("added", "Execute"),
        ("added", "Execute/evil.exe"),
    ]
    assert found["findings"].keys() == {"new", "gone", "still"}


def test_the_same_hives_give_the_same_bytes(diff: Run, sides: tuple[Path, Path], tmp_path: Path) -> None:
    for name in ("one", "other"):
        diff(*sides, "--json", tmp_path / f"{name}.json", "--html", tmp_path / f"{name}.html", "--quiet")
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "other.json").read_bytes()


def test_saved_analyses_are_compared_as_the_hives_are(diff: Run, sides: tuple[Path, Path], tmp_path: Path) -> None:
    for side in sides:
        diff(side, "--verify", "none", "--json", side.with_suffix(".json"), "--quiet", command="analyze")
    diff(*sides, "--json", tmp_path / "hives.json", "--quiet")
    diff(*(side.with_suffix(".json") for side in sides), "--json", tmp_path / "saved.json", "--quiet")
    hives, saved = document(tmp_path / "hives.json"), document(tmp_path / "saved.json")
    for height in ("settings", "effects", "findings"):
        assert hives[height] == saved[height]


def test_a_folder_with_one_hive_is_that_hive(
    diff: Run, sides: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert diff(sides[0].parent, sides[1], "--json", "-") == Exit.OK
    assert json.loads(capsys.readouterr().out)["before"]["evidence"]["source"] == str(sides[0])


def test_a_folder_with_two_hives_is_wrong_usage(
    diff: Run, sides: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert diff(tmp_path, sides[1]) == Exit.USAGE
    assert "2 SYSTEM hives" in capsys.readouterr().err


def test_a_hive_against_itself_differs_in_nothing(
    diff: Run, sides: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert diff(sides[0], sides[0], "--whole-hive", "--no-color") == Exit.OK
    out = capsys.readouterr().out
    assert "Nothing differs" in out
    assert "Every key and value: nothing" in out


def test_one_hive_in_one_way_of_reading_is_wrong_usage(
    diff: Run, sides: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert diff(sides[0]) == Exit.USAGE
    assert "nothing to compare" in capsys.readouterr().err


def test_two_control_sets_of_one_hive(diff: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    second = BOOTABLE.split("[ControlSet001", 1)[1].replace("ControlSet001", "ControlSet002")
    path = write(tmp_path, f"{BOOTABLE}\n[ControlSet002{second}{EXTRA.replace('ControlSet001', 'ControlSet002')}")
    assert diff(path, "--control-set-after", "2", "--json", "-") == Exit.OK
    found = json.loads(capsys.readouterr().out)
    assert (found["before"]["control_set"]["number"], found["after"]["control_set"]["number"]) == (1, 2)
    assert ("added", "Execute/evil.exe") in [(one["change"], one["what"]) for one in found["settings"]]
    assert not [one for one in found["settings"] if not one["what"].startswith("Execute")]


def test_against_a_baseline_only_what_it_does_not_list_is_told(
    diff: Run, sides: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert diff(sides[1], "--against-baseline", "win10-1903", "--json", "-") == Exit.OK
    found = json.loads(capsys.readouterr().out)
    assert found["against_baseline"] is True
    told = [(one["change"], one["what"]) for one in found["settings"]]
    assert ("added", "Execute/evil.exe") in told
    assert not [what for _, what in told if what.startswith("BootExecute")]
    assert found["effects"] == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("--against-baseline", "win10-9999"),
        ("--against-baseline", "own", "--whole-hive"),
        ("--control-set-after", "9"),
        ("--logs-after", "none", "--logs-after", "x"),
    ],
)
def test_options_that_make_no_sense_are_wrong_usage(diff: Run, sides: tuple[Path, Path], arguments: tuple[str, ...]) -> None:
    assert diff(sides[0], *arguments, "--quiet") == Exit.USAGE


def test_a_baseline_and_two_hives_are_wrong_usage(diff: Run, sides: tuple[Path, Path]) -> None:
    assert diff(*sides, "--against-baseline", "own") == Exit.USAGE


def test_options_of_reading_are_refused_for_a_saved_analysis(
    diff: Run, sides: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    diff(sides[0], "--verify", "none", "--json", tmp_path / "saved", "--quiet", command="analyze")
    assert diff(tmp_path / "saved", sides[1], "--safe-mode", "minimal") == Exit.USAGE
    assert "saved analysis" in capsys.readouterr().err
    assert diff(tmp_path / "saved", sides[1], "--whole-hive") == Exit.USAGE


@pytest.mark.parametrize("content", [b"", b"regf", b"{}", b"[" * 100_000, b"\x00" * 9000])
def test_what_is_neither_hive_nor_analysis_is_unreadable(
    diff: Run, sides: tuple[Path, Path], tmp_path: Path, content: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = tmp_path / "odd"
    odd.write_bytes(content)
    assert diff(sides[0], odd) == Exit.UNREADABLE
    assert len(capsys.readouterr().err.splitlines()) <= 3


def test_fail_on_counts_new_findings_only(diff: Run, sides: tuple[Path, Path]) -> None:
    assert diff(*sides, "--quiet", "--fail-on", "low") == Exit.FINDINGS
    assert diff(sides[1], sides[1], "--quiet", "--fail-on", "info") == Exit.OK
    assert diff(sides[1], sides[0], "--quiet", "--fail-on", "high") == Exit.OK


def test_evidence_is_never_written_to(diff: Run, sides: tuple[Path, Path]) -> None:
    content = sides[1].read_bytes()
    for option in ("--json", "--html"):
        assert diff(*sides, option, sides[1], "--quiet") == Exit.USAGE
    assert sides[1].read_bytes() == content


def test_any_hive_will_do_for_every_key_and_value(diff: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, other = (write(tmp_path / name, SOFTWARE % name) for name in ("old", "new"))
    assert diff(one, other) == Exit.UNREADABLE
    capsys.readouterr()
    assert diff(one, other, "--whole-hive", "--json", "-") == Exit.OK
    found = json.loads(capsys.readouterr().out)
    [change] = [one for one in found["keys"] if one["value"] is not None]
    assert (change["change"], change["what"], change["value"]) == ("changed", "Microsoft\\Windows NT", "A")
    assert found["settings"] == []


def test_the_page_marks_what_differs_and_holds_no_script(diff: Run, sides: tuple[Path, Path], tmp_path: Path) -> None:
    after = write(tmp_path / "marked", BOOTABLE.replace("ServerDll=basesrv,1", "ServerDll=consrv,1 <b>"))
    assert diff(sides[0], after, "--html", tmp_path / "d.html", "--whole-hive", "--quiet") == Exit.OK
    page = parse_html((tmp_path / "d.html").read_text("utf-8"))
    assert not page.find("script")
    assert "consrv" in [one.text for one in page.find("ins")]
    assert "basesrv" in [one.text for one in page.find("del")]
    assert not [one for one in page.find("b") if one.text == ""]


def test_the_case_is_repeated(
    diff: Run, sides: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ("--case-id", "C-7 <b>", "--examiner", "A\u202eB")
    assert diff(*sides, *given, "--json", tmp_path / "d.json", "--html", tmp_path / "d.html", "--no-color") == Exit.OK
    assert document(tmp_path / "d.json")["case"]["case_id"] == "C-7 <b>"
    assert "C-7 &lt;b&gt;" in (tmp_path / "d.html").read_text("utf-8")
    out = capsys.readouterr().out
    assert r"A⟨U+202E⟩B" in out
    assert "\u202e" not in out


def test_a_summary_fits_one_screen_and_tells_the_worst_first(
    diff: Run, sides: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert diff(*sides, "--no-color") == Exit.OK
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) <= 50
    told = [line for line in lines if line.startswith(("  + ", "  ~ "))]
    assert "suspicious" in told[0]


def test_logs_show_what_they_hold(diff: Run, real_hive: Callable[[str], Path], capsys: pytest.CaptureFixture[str]) -> None:
    hive = real_hive("win10-1709-dirty")
    assert diff(hive, hive, "--logs-before", "none", "--json", "-") == Exit.OK
    found = json.loads(capsys.readouterr().out)
    renames = [one for one in found["settings"] if one["what"].startswith("PendingFileRenameOperations/")]
    assert [one["change"] for one in renames] == ["added"] * 8
    assert [one["because"][0]["strings"] for one in renames] == [[2 * pair, 2 * pair + 1] for pair in range(8, 16)]
    assert {one["because"][0]["state"] for one in renames} == {"log"}
    assert all(one["after"]["action"] == "delete" for one in renames)


def poisoned(value: Any, evil: str) -> Any:
    """The document with control characters and markup in every text of it, and in the names of its settings and files."""
    match value:
        case str():
            return value + evil
        case list():
            return [poisoned(one, evil) for one in value]
        case dict():
            return {name: poisoned(one, evil) for name, one in value.items()}
        case _:
            return value


def test_text_of_a_hostile_analysis_is_shown_without_life_in_it(
    diff: Run, sides: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    evil = "\x1b[31m\u202e<script>\ud800\x00"
    saved = tmp_path / "saved.json"
    diff(sides[1], "--verify", "none", "--json", saved, "--quiet", command="analyze")
    plain = document(saved)
    hostile = {
        **poisoned(plain, evil),
        "schema": plain["schema"],
        "settings": {f"{name}{evil}": poisoned(one, evil) for name, one in plain["settings"].items()},
    }
    saved.write_text(json.dumps(hostile), "ascii")
    assert diff(sides[0], saved, "--html", tmp_path / "d.html", "--json", tmp_path / "d.json", "--no-color") == Exit.OK
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "\u202e" not in out
    page = (tmp_path / "d.html").read_text("utf-8")
    assert "<script" not in page
    assert "\u202e" not in page
    assert document(tmp_path / "d.json")["after"]["evidence"]["source"].endswith(evil)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("truncated", Exit.PARTIAL),
        ("missing-session-manager", Exit.OK),
        ("missing-select", Exit.OK),
        ("subkey-loop", Exit.PARTIAL),
        ("zeros", Exit.UNREADABLE),
        ("software-hive", Exit.UNREADABLE),
    ],
)
def test_a_damaged_side_ends_as_the_contract_says(diff: Run, sides: tuple[Path, Path], name: str, code: Exit) -> None:
    broken = Path(__file__).parents[2] / "test_hives" / "broken" / f"{name}.hive"
    assert diff(sides[0], broken, "--quiet") == code
    assert diff(broken, sides[0], "--quiet") == code


def cut(folder: Path, notation: str) -> Path:
    """A hive without its last bin, which its base block still claims."""
    filler = "\n".join(f'[Filler\\{number}]\nx = sz "{"y" * 900}"' for number in range(20))
    path = write(folder, f"{notation}\n{filler}")
    path.write_bytes(path.read_bytes()[:-4096])
    return path


def test_a_cut_side_is_told_everywhere(
    diff: Run, sides: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cut(sides[1].parent, BOOTABLE + EXTRA)
    where = tmp_path / "d.json", tmp_path / "d.html"
    assert diff(*sides, "--json", where[0], "--html", where[1], "--no-color") == Exit.PARTIAL
    found = document(where[0])
    assert found["caveats"][0].startswith("The after side can't be read whole")
    assert (found["before"]["complete"], found["after"]["complete"]) == (True, False)
    assert any(one["loses_data"] for one in found["after"]["problems"])
    assert found["summary"]["same"] is False
    assert "The after side can't be read whole" in " ".join(capsys.readouterr().out.split())
    assert "The after side can&#39;t be read whole" in where[1].read_text("utf-8")


def test_a_new_finding_comes_before_a_cut_side_in_the_exit_code(diff: Run, sides: tuple[Path, Path]) -> None:
    cut(sides[0].parent, BOOTABLE)
    assert diff(*sides, "--quiet") == Exit.PARTIAL
    assert diff(*sides, "--quiet", "--fail-on", "info") == Exit.FINDINGS


def test_keys_that_differ_are_not_nothing(diff: Run, tmp_path: Path) -> None:
    one, other = write(tmp_path / "a", BOOTABLE), write(tmp_path / "b", BOOTABLE + "\n[Nobody\\Looks]\nx = dword 1")
    diff(one, other, "--whole-hive", "--json", tmp_path / "d.json", "--quiet")
    summary = document(tmp_path / "d.json")["summary"]
    assert summary["same"] is False
    assert "2 keys and 1 value differ" in summary["text"]


def test_the_keys_of_what_is_suspicious_are_suspicious(diff: Run, sides: tuple[Path, Path], tmp_path: Path) -> None:
    diff(*sides, "--whole-hive", "--json", tmp_path / "d.json", "--quiet")
    found = document(tmp_path / "d.json")
    [execute] = [one for one in found["keys"] if one["value"] == "Execute"]
    [setting] = [one for one in found["settings"] if one["what"] == "Execute/evil.exe"]
    assert (execute["verdict"], execute["findings"]) == (setting["verdict"], setting["findings"])
    assert execute["verdict"] == "suspicious"


def test_the_keys_of_two_control_sets_of_one_hive(diff: Run, tmp_path: Path) -> None:
    second = BOOTABLE.split("[ControlSet001", 1)[1].replace("ControlSet001", "ControlSet002")
    path = write(tmp_path, f"{BOOTABLE}\n[ControlSet002{second}{EXTRA.replace('ControlSet001', 'ControlSet002')}")
    diff(path, "--control-set-after", "2", "--whole-hive", "--json", tmp_path / "d.json", "--quiet")
    found = document(tmp_path / "d.json")
    assert found["control_sets"] == [{"before": 1, "after": 2}]
    assert {one["change"] for one in found["keys"] if one["value"] == "Execute"} == {"added"}
    assert not any(one["change"] == "removed" for one in found["keys"])


def test_every_operation_that_came_is_on_the_screen_and_told_apart(
    diff: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = " ".join(f'"\\\\??\\\\C:\\\\Windows\\\\TEMP\\\\INS_{place % 7}.TMP" ""' for place in range(14))
    before = write(tmp_path / "before", BOOTABLE)
    after = write(tmp_path / "after", BOOTABLE + session_manager(f"PendingFileRenameOperations = multi {rows}"))
    diff(before, after, "--no-color")
    out = " ".join(capsys.readouterr().out.split())
    assert [number for number in range(1, 15) if f"(operation {number})" not in out] == []
