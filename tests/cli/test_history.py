"""`hivecheck history` from outside: built machines whose story is known, and what real hives tell."""

import csv
import json
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hivecheck.cli.app import run
from hivecheck.cli.exits import Exit
from hivecheck.registry.notation import parse_notation
from tests.hive_writer import build_hive
from tests.log_writer import hvle_log, with_sequences
from tests.report.html_tree import parse_html

Run = Callable[..., int]
SM = r"ControlSet001\Control\Session Manager"
OLD, BACK, GOOD, NOW = "2018-04-01", "2018-04-02", "2018-04-03", "2018-04-06"


def control_set(number: int, day: str, programs: str, more: str = "", name: str = "PC1", boot_key: str = "1a2b3c4d") -> str:
    """A control set that boots, all of whose keys were written on one day."""
    top = f"ControlSet{number:03}"
    when = f"{day}T12:00:00.0000000Z"
    keys = "".join(
        f'[{top}\\Control\\Lsa\\{part}] {when} class "{boot_key}{place}"\n'
        for place, part in enumerate(("JD", "Skew1", "GBG", "Data"))
    )
    return rf"""
[{top}] {when}
[{top}\Control] {when}
[{top}\Control\Lsa] {when}
{keys}
[{top}\Control\ComputerName] {when}
[{top}\Control\ComputerName\ComputerName] {when}
ComputerName = sz "{name}"
[{top}\Control\Session Manager] {when}
BootExecute = multi {programs}
{more}
[{top}\Control\Session Manager\SubSystems] {when}
Required = multi "Debug" "Windows"
Windows = expand "%SystemRoot%\system32\csrss.exe ObjectDirectory=\Windows"
"""


def select(good: int = 1, day: str = OLD) -> str:
    when = f"{day}T12:00:00.0000000Z"
    return f"[Select] {when}\nCurrent = dword 1\nDefault = dword 1\nFailed = dword 0\nLastKnownGood = dword {good}\n"


def hive(*parts: str) -> bytes:
    return build_hive(parse_notation("".join(parts)))


def write(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


AUTOCHK = '"autocheck autochk *"'
RENAME = 'PendingFileRenameOperations = multi "\\??\\C:\\x.tmp" ""'


def build_machine(folder: Path, **names: str) -> Path:
    """Four states: RegBack (plain), the last known good set (another program), the dirty file, and two log entries to now."""
    config = folder / "Windows" / "System32" / "config"
    write(config / "RegBack" / "SYSTEM", hive(select(), control_set(1, BACK, AUTOCHK, **names)))
    good = select(2, NOW) + control_set(2, GOOD, '"autocheck autochk *" "good.exe"', **names)
    states = [
        hive(good, control_set(1, NOW, programs, more, **names))
        for programs, more in ((AUTOCHK, ""), (AUTOCHK, RENAME), ('"autocheck autochk *" "evil.exe"', RENAME))
    ]
    sizes = [len(one) for one in states]
    assert sizes == sorted(sizes), "a log can't make a hive smaller"
    write(config / "SYSTEM", with_sequences(states[0], 5, 4))
    write(config / "SYSTEM.LOG1", hvle_log(states, 4).data)
    return folder


@pytest.fixture
def history(monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")

    def call(*arguments: object) -> int:
        monkeypatch.setattr(sys, "argv", ["hivecheck", "history", *map(str, arguments)])
        return run()

    return call


@pytest.fixture
def document(history: Run, tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """A function from evidence to the document of its history."""

    def tell(*evidence: Path, ends: Exit = Exit.OK) -> dict[str, Any]:
        target = tmp_path / "history.json"
        assert history(*evidence, "--json", target, "--quiet") == ends
        found: dict[str, Any] = json.loads(target.read_text("utf-8"))
        return found

    return tell


def only_machine(document: dict[str, Any]) -> list[dict[str, Any]]:
    (machine,) = document["machines"]
    steps: list[dict[str, Any]] = machine["steps"]
    return steps


def kinds(steps: list[dict[str, Any]]) -> list[tuple[str, str | None]]:
    return [(one["kind"], one.get("place")) for one in steps]


def settings(step: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one["change"], one["what"]) for one in step["changes"]["settings"]]


def test_four_states_are_told_in_order_with_what_changed(document: Callable[..., dict[str, Any]], tmp_path: Path) -> None:
    found = document(build_machine(tmp_path / "case"))
    assert found["schema"] == "hivecheck.history/1"
    steps = only_machine(found)
    assert kinds(steps) == [
        ("hive", "regback"),
        ("control-set", "live"),
        ("file", "live"),
        ("log-entry", "live"),
        ("hive", "live"),
    ]
    assert [one["number"] for one in steps] == [1, 2, 3, 4, 5]
    assert [one["dates"][0]["utc"][:10] for one in steps] == [BACK, GOOD, NOW, NOW, NOW]
    assert steps[0]["changes"] is None
    assert ("added", "BootExecute/good.exe") in settings(steps[1])
    assert settings(steps[2]) == [("removed", "BootExecute/good.exe")]
    assert ("added", "PendingFileRenameOperations") in settings(steps[3])
    assert settings(steps[4]) == [("added", "BootExecute/evil.exe")]
    assert "bootexec-extra" in {one["rule"] for one in steps[4]["changes"]["findings"]["new"]}


def test_times_set_back_do_not_make_the_hive_in_use_older_than_its_copy(
    document: Callable[..., dict[str, Any]], history: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "case" / "Windows" / "System32" / "config"
    write(config / "RegBack" / "SYSTEM", hive(select(), control_set(1, NOW, AUTOCHK)))
    write(config / "SYSTEM", hive(select(), control_set(1, BACK, '"autocheck autochk *" "evil.exe"')))
    steps = only_machine(document(tmp_path / "case"))
    assert kinds(steps) == [("hive", "regback"), ("hive", "live")]
    assert ("added", "BootExecute/evil.exe") in settings(steps[1])
    assert [len(one["problems"]) for one in steps] == [0, 1]
    assert {one["confidence"] for one in steps[1]["dates"]} == {"low"}
    capsys.readouterr()
    page = tmp_path / "page.html"
    history(tmp_path / "case", "--html", page)
    assert "Caution: its date" in " ".join(capsys.readouterr().out.split())
    assert "Dates that contradict it" in page.read_text("utf-8")


def test_each_date_says_what_it_means_and_log_entries_say_their_sequence(
    document: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    steps = only_machine(document(build_machine(tmp_path / "case")))
    assert [one["dates"][0]["meaning"] for one in steps] == [
        "newest-key",
        "newest-key-of-set",
        "newest-key",
        "changed-key",
        "newest-key",
    ]
    assert (steps[3]["log"], steps[3]["entry"]) == ("SYSTEM.LOG1", 4)
    assert [(one["value"], one["change"]) for one in steps[3]["log_changes"]] == [("PendingFileRenameOperations", "added")]
    assert [(one["entry"], one["value"]) for one in steps[4]["log_changes"]] == [(5, "BootExecute")]
    assert steps[3]["dates"][0]["because"][0]["key"] == SM


def test_how_the_hive_was_taken_is_no_finding_of_any_state(document: Callable[..., dict[str, Any]], tmp_path: Path) -> None:
    steps = only_machine(document(build_machine(tmp_path / "case")))
    told = [one["rule"] for step in steps[1:] for name in ("new", "gone") for one in step["changes"]["findings"][name]]
    assert "dirty-hive" not in told


def test_two_machines_of_one_name_are_told_apart_by_their_boot_key(
    document: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    build_machine(tmp_path / "case" / "one")
    build_machine(tmp_path / "case" / "two", boot_key="99887766")
    found = document(tmp_path / "case")
    assert [len(one["steps"]) for one in found["machines"]] == [5, 5]
    assert found["machines"][0]["installations"] != found["machines"][1]["installations"]


def test_a_renamed_computer_stays_one_machine(document: Callable[..., dict[str, Any]], tmp_path: Path) -> None:
    write(tmp_path / "case" / "a_system.hiv", hive(select(), control_set(1, BACK, AUTOCHK, name="PC1")))
    write(tmp_path / "case" / "b_system.hiv", hive(select(), control_set(1, NOW, AUTOCHK, name="PC2")))
    found = document(tmp_path / "case")
    (machine,) = found["machines"]
    assert machine["computer_name"] == "PC2"
    assert "renamed" in machine["because"]
    changed = [(one["what"], one["before"], one["after"]) for one in machine["steps"][1]["changes"]["windows"]]
    assert ("computer", "PC1", "PC2") in changed


def test_windows_old_of_the_same_name_belongs_to_the_machine(
    document: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    case = build_machine(tmp_path / "case")
    old = case / "Windows.old" / "WINDOWS" / "System32" / "config" / "SYSTEM"
    write(old, hive(select(), control_set(1, OLD, AUTOCHK, boot_key="00112233")))
    steps = only_machine(document(case))
    assert kinds(steps)[:2] == [("hive", "windows-old"), ("hive", "regback")]


def test_zero_and_1601_are_no_dates(document: Callable[..., dict[str, Any]], tmp_path: Path) -> None:
    undated = control_set(1, "1601-01-01", AUTOCHK)
    write(tmp_path / "SYSTEM", build_hive(parse_notation(select(1, "1601-01-01") + undated), saved=0))
    (step,) = only_machine(document(tmp_path / "SYSTEM"))
    assert step["dates"] == []


def test_a_hive_without_any_date_stands_where_its_kind_of_copy_puts_it(
    document: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    config = tmp_path / "case" / "Windows" / "System32" / "config"
    undated = parse_notation(select(1, "1601-01-01") + control_set(1, "1601-01-01", AUTOCHK))
    write(config / "SYSTEM", build_hive(undated, saved=0))
    write(config / "RegBack" / "SYSTEM", hive(select(), control_set(1, NOW, '"autocheck autochk *" "x.exe"')))
    steps = only_machine(document(tmp_path / "case"))
    assert kinds(steps) == [("hive", "regback"), ("hive", "live")]
    assert "taken to be the newest" in steps[1]["order"]


def test_an_archive_tells_the_same_history_as_its_folder(document: Callable[..., dict[str, Any]], tmp_path: Path) -> None:
    case = build_machine(tmp_path / "case")
    with zipfile.ZipFile(tmp_path / "case.zip", "w") as archive:
        for path in sorted(case.rglob("*")):
            archive.write(path, Path("C") / path.relative_to(case))
    folder, packed = only_machine(document(case)), only_machine(document(tmp_path / "case.zip"))
    assert kinds(folder) == kinds(packed)
    assert [one["sha256"] for one in folder] == [one["sha256"] for one in packed]
    assert [settings(one) for one in folder[1:]] == [settings(one) for one in packed[1:]]


def test_without_logs_their_states_are_left_out(history: Run, tmp_path: Path) -> None:
    case, target = build_machine(tmp_path / "case"), tmp_path / "h.json"
    assert history(case, "--logs", "none", "--json", target, "--quiet") == Exit.OK
    steps = only_machine(json.loads(target.read_text("utf-8")))
    assert kinds(steps) == [("hive", "regback"), ("control-set", "live"), ("hive", "live")]


SOFTWARE = '[Microsoft\\Windows NT\\CurrentVersion\\Winlogon]\nShell = sz "{}"\n[Classes]\n'


def test_the_software_hives_count_where_every_hive_has_one(document: Callable[..., dict[str, Any]], tmp_path: Path) -> None:
    case = build_machine(tmp_path / "case")
    config = case / "Windows" / "System32" / "config"
    write(config / "SOFTWARE", hive(SOFTWARE.format("explorer.exe,evil.exe")))
    found = document(case)
    assert "SOFTWARE" in found["machines"][0]["left_out"][0]
    assert "evil" not in json.dumps([one["changes"] for one in only_machine(found)[1:4]])
    write(config / "RegBack" / "SOFTWARE", hive(SOFTWARE.format("explorer.exe")))
    found = document(case)
    assert found["machines"][0]["left_out"] == []
    steps = only_machine(found)
    told = [
        any("explorer.exe,evil.exe" in json.dumps(new) for new in one["changes"]["findings"]["new"]) for one in steps[1:]
    ]
    assert told == [True, False, False, False]


def test_a_damaged_hive_among_others_is_told_and_the_rest_is_read(
    document: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    case = build_machine(tmp_path / "case")
    whole = hive(select(), control_set(1, OLD, AUTOCHK))
    write(case / "SYSTEM.bad", whole[:4096] + bytes(len(whole) - 4096))
    found = document(case, ends=Exit.UNREADABLE)
    assert len(only_machine(found)) == 5
    assert [one.partition(": ")[0] for one in found["unread"]] == [str(case / "SYSTEM.bad")]


def test_what_is_no_hive_ends_with_one_sentence(history: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert history(write(tmp_path / "SYSTEM", b"nothing")) == Exit.UNREADABLE
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("hivecheck: ")


def test_log_files_can_not_be_named(history: Run, tmp_path: Path) -> None:
    case = build_machine(tmp_path / "case")
    assert history(case, "--logs", case / "x.LOG1") == Exit.USAGE
    assert history(case, "--json", tmp_path / "a", "--csv", tmp_path / "a") == Exit.USAGE


def test_evidence_is_never_written_to(history: Run, tmp_path: Path) -> None:
    case = build_machine(tmp_path / "case")
    victim = case / "Windows" / "System32" / "config" / "SYSTEM"
    before = victim.read_bytes()
    assert history(case, "--json", victim, "--quiet") == Exit.USAGE
    assert victim.read_bytes() == before


def test_the_same_evidence_gives_the_same_bytes(history: Run, tmp_path: Path) -> None:
    case, target, page = build_machine(tmp_path / "case"), tmp_path / "h.json", tmp_path / "h.html"
    written = []
    for _ in range(2):
        assert history(case, "--json", target, "--html", page, "--quiet") == Exit.OK
        written.append((target.read_bytes(), page.read_bytes()))
    assert written[0] == written[1]


def test_the_page_is_self_contained_and_its_links_lead_somewhere(history: Run, tmp_path: Path) -> None:
    case, target = build_machine(tmp_path / "case"), tmp_path / "h.html"
    assert history(case, "--html", target, "--quiet") == Exit.OK
    page = target.read_text("utf-8")
    assert "<script" not in page
    assert "style=" not in page
    assert "default-src 'none'" in page
    tree = parse_html(page)
    ids = {one.attributes["id"] for one in tree.all() if "id" in one.attributes}
    links = {one.attributes["href"] or "" for one in tree.find("a")}
    assert links
    assert {link.removeprefix("#") for link in links} <= ids
    assert "evil.exe" in page


def test_control_characters_of_a_hive_reach_neither_terminal_nor_page(
    history: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case, target = tmp_path / "case", tmp_path / "h.html"
    write(case / "a_system", hive(select(), control_set(1, BACK, AUTOCHK)))
    evil = r'"autocheck autochk *" "e\u{1b}[2J\u{202e}<b>.exe"'
    write(case / "b_system", hive(select(), control_set(1, NOW, evil, name=r"PC\u{7}<i>")))
    assert history(case, "--html", target) == Exit.OK
    told, page = capsys.readouterr().out, target.read_text("utf-8")
    assert "e⟨U+001B⟩[2J⟨U+202E⟩<b>.exe" in told
    for text in (told, page):
        assert not {"\x1b", "\x07", "\u202e"} & set(text)
    assert "<b>.exe" not in page
    assert "<i>" not in page


def test_the_dated_steps_are_rows_of_a_timeline(history: Run, tmp_path: Path) -> None:
    case = build_machine(tmp_path / "case")
    lines, table = tmp_path / "h.jsonl", tmp_path / "h.csv"
    assert history(case, "--timesketch", lines, "--csv", table, "--quiet") == Exit.OK
    rows = [json.loads(line) for line in lines.read_text("utf-8").splitlines()]
    with table.open(encoding="utf-8", newline="") as file:
        cells = list(csv.DictReader(file))
    assert [row["step"] for row in rows] == [1, 2, 3, 4, 5]
    assert [row["datetime"][:10] for row in rows] == [BACK, GOOD, NOW, NOW, NOW]
    assert {row["hostname"] for row in rows} == {"PC1"}
    assert [one["message"] for one in cells] == [row["message"] for row in rows]


REAL_LISTS = [17, 51, 52, 90, 91, 92]


def test_the_generations_of_a_real_rename_list_stand_in_order(
    document: Callable[..., dict[str, Any]], real_hive: Callable[[str], Path]
) -> None:
    steps = only_machine(document(real_hive("win10-1903")))
    lists = [one for one in steps if one["kind"] == "earlier-list"]
    assert [len(one["lines"]) for one in lists] == REAL_LISTS
    assert [len(one["added"]) for one in lists[2:]] == [1, 38, 1, 1]
    assert [one["gone"] for one in lists[2:]] == [[], [], [], []]
    assert steps[-1]["kind"] == "hive"


def test_a_real_dirty_hive_tells_its_log_entries_in_order(
    document: Callable[..., dict[str, Any]], real_hive: Callable[[str], Path]
) -> None:
    steps = only_machine(document(real_hive("win10-1709-dirty")))
    states = [one for one in steps if one["kind"] != "earlier-list"]
    assert [one["kind"] for one in states] == ["file", "log-entry", "log-entry", "log-entry", "hive"]
    assert [one["entry"] for one in states] == [None, 2112, 2116, 2117, None]
    assert [one["changes"]["same"] for one in states[1:]] == [True, True, True, False]
    dates = [one["dates"][0]["utc"] for one in states]
    assert dates == sorted(dates)
    (whole,) = [one for one in steps if one["kind"] == "earlier-list" and len(one["lines"]) == 14]
    assert states[0]["number"] < whole["number"] < states[-1]["number"]


@pytest.mark.parametrize(("name", "sets"), [("xp-x64", [2, 1]), ("win7-sp1-x86", [2, 1])])
def test_the_last_known_good_set_of_a_real_hive_comes_before_the_one_that_boots(
    name: str, sets: list[int], document: Callable[..., dict[str, Any]], real_hive: Callable[[str], Path]
) -> None:
    steps = only_machine(document(real_hive(name)))
    assert [one["control_set"] for one in steps if one["kind"] != "earlier-list"] == sets
    assert steps[0]["roles"] == ["LastKnownGood"]
