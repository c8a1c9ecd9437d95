"""What `analyze` writes: the notes of a case in every report, a folder of reports with safe names, and a list of several hives."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hivecheck.cli.app import run
from hivecheck.cli.exits import Exit
from hivecheck.facts.generation import WIN7, WIN10_1903, XP
from hivecheck.registry.memory import MemoryHive
from hivecheck.registry.notation import parse_notation
from tests.boot.boots import bootable
from tests.hive_writer import build_hive
from tests.report.analyses import BOOTABLE
from tests.report.html_tree import Element, parse_html
from tests.rules.cases import clean, lay_over

Run = Callable[..., int]
NOTES = ("--case-id", "C-1 <b>", "--examiner", "A.\u202eB", "--evidence-id", "E\x1b[31m7", "--notes", "{{ 7 * 7 }}")


@pytest.fixture
def hivecheck(monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")

    def call(*arguments: object) -> int:
        monkeypatch.setattr(sys, "argv", ["hivecheck", *map(str, arguments)])
        return run()

    return call


def write(path: Path, hive: MemoryHive) -> Path:
    path.write_bytes(build_hive(hive))
    return path


def named(path: Path, computer_name: str) -> Path:
    """A hive of a machine of that name; the name is in notation."""
    key = r"[ControlSet001\Control\ComputerName\ComputerName]"
    return write(path, parse_notation(f'{BOOTABLE}\n{key}\nComputerName = sz "{computer_name}"\n'))


def index_of(folder: Path) -> Element:
    return parse_html((folder / "index.html").read_text("utf-8"))


def rows(page: Element, kind: str) -> list[Element]:
    [table] = [one for one in page.find("table") if kind in one.classes]
    return [row for row in table.find("tr") if row.find("td")]


# --- notes of the case ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["analyze", "extract", "replay", "recover"])
def test_the_case_is_in_the_document_as_it_was_given(
    hivecheck: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    system = write(tmp_path / "SYSTEM", bootable("", XP))
    assert hivecheck(command, system, *NOTES, "--json", "-") == Exit.OK
    told = json.loads(capsys.readouterr().out)["case"]
    assert told == {"case_id": "C-1 <b>", "examiner": "A.\u202eB", "evidence_id": "E\x1b[31m7", "notes": "{{ 7 * 7 }}"}
    assert hivecheck(command, system, "--json", "-") == Exit.OK
    nothing = json.loads(capsys.readouterr().out)["case"]
    assert nothing == {"case_id": None, "examiner": None, "evidence_id": None, "notes": None}


@pytest.mark.parametrize("command", ["analyze", "extract", "replay", "recover"])
def test_the_case_is_one_line_of_the_terminal_and_drives_nothing(
    hivecheck: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    system = write(tmp_path / "SYSTEM", bootable("", XP))
    assert hivecheck(command, system, *NOTES) == Exit.OK
    lines = capsys.readouterr().out.splitlines()
    told = 'Case      C-1 <b>, evidence E⟨U+001B⟩[31m7, examiner A.⟨U+202E⟩B, "{{ 7 * 7 }}"'
    assert [line for line in lines if line.startswith("Case")] == [told]
    assert hivecheck(command, system) == Exit.OK
    assert "Case" not in capsys.readouterr().out.split()


def test_the_command_line_is_quoted_for_the_report(monkeypatch: pytest.MonkeyPatch) -> None:
    from hivecheck.cli.options import case_notes

    monkeypatch.setattr(sys, "argv", ["hivecheck", "analyze", "a b", "--notes", "it's"])
    monkeypatch.setattr(sys, "platform", "linux")
    assert case_notes("", "", "", "it's").command == "hivecheck analyze 'a b' --notes 'it'\"'\"'s'"
    monkeypatch.setattr(sys, "platform", "win32")
    assert case_notes("", "", "", "").command == 'hivecheck analyze "a b" --notes it\'s'


# --- the folder of reports --------------------------------------------------------------------------------------------------


def test_a_hive_makes_a_page_and_a_document_named_by_host_and_time(hivecheck: Run, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "reports"
    assert hivecheck("analyze", named(tmp_path / "SYSTEM", "HOST-1"), "--output", folder, "-q") == Exit.OK
    assert sorted(path.name for path in folder.iterdir()) == ["HOST-1-20231114T221320Z.html", "HOST-1-20231114T221320Z.json"]
    document = json.loads((folder / "HOST-1-20231114T221320Z.json").read_text())
    assert document["evidence"]["computer_name"] == "HOST-1"


def test_nothing_is_overwritten_without_force(hivecheck: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "reports"
    one, two = named(tmp_path / "one", "HOST"), named(tmp_path / "two", "OTHER")
    assert hivecheck("analyze", one, "--output", folder, "-q") == Exit.OK
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    for inputs in ((one,), (two, one)):
        assert hivecheck("analyze", *inputs, "--output", folder, "-q") == Exit.USAGE
        assert "is there already" in capsys.readouterr().err
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == before, "some were written before the refusal"
    assert hivecheck("analyze", two, one, "--output", folder, "-q", "--force") == Exit.OK
    assert len(list(folder.iterdir())) == 5


def test_reports_of_an_earlier_run_are_named_and_stay(
    hivecheck: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A run with --force into the same folder: its list can't be taken for all that lies there."""
    folder = tmp_path / "reports"
    one, two, old = (named(tmp_path / name, name.upper()) for name in ("one", "two", "old"))
    assert hivecheck("analyze", old, one, "--output", folder, "-q") == Exit.OK
    assert capsys.readouterr().err == ""
    (folder / "MINE-20200101T000000Z.html").write_text("a page of somebody else")
    (folder / "LINK-20200101T000000Z.html").symlink_to(folder / "nowhere")
    assert hivecheck("analyze", one, two, "--output", folder, "-q", "--force") == Exit.OK
    left = ["OLD-20231114T221320Z.html", "OLD-20231114T221320Z.json"]
    page = parse_html((folder / "index.html").read_text("utf-8"))
    assert [one.text for table in page.find("table") if "older" in table.classes for one in table.find("code")] == left
    assert f"2 older reports in this folder, not of this run and not listed: {', '.join(left)}." in capsys.readouterr().err
    assert all((folder / name).exists() for name in left)


def test_a_combining_mark_alone_stays_out_of_a_file_name(hivecheck: Run, tmp_path: Path) -> None:
    hive = named(tmp_path / "SYSTEM", "\\u{301}-\\u{301}BE\\u{323}\\u{302}")
    assert hivecheck("analyze", hive, "--output", tmp_path / "out", "-q") == Exit.OK
    [page] = (tmp_path / "out").glob("*.html")
    assert page.name == "B\u1ec6-20231114T221320Z.html"


def test_a_list_that_is_there_is_refused_before_any_hive_is_read(
    hivecheck: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "index.html").write_text("mine")
    assert hivecheck("analyze", tmp_path / "none", tmp_path / "neither", "--output", tmp_path) == Exit.USAGE
    out, err = capsys.readouterr()
    assert (out, len(err.splitlines())) == ("", 2)
    assert (tmp_path / "index.html").read_text() == "mine"
    assert hivecheck("analyze", tmp_path / "none", "--output", tmp_path / "index.html") == Exit.USAGE


def test_a_link_is_not_written_through(hivecheck: Run, tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    system = named(tmp_path / "SYSTEM", "HOST")
    (folder / "HOST-20231114T221320Z.html").symlink_to(tmp_path / "elsewhere")
    assert hivecheck("analyze", system, "--output", folder, "-q") == Exit.USAGE
    assert not (tmp_path / "elsewhere").exists()


NAMES = (
    (r"..\\..\\/evil/../NUL", "evil_.._NUL"),
    ("CON", "_CON"),
    ("nul.txt", "_nul.txt"),
    ("Com1", "_Com1"),
    ("dots...", "dots"),
    ("-rf", "rf"),
    ("a\\u{202e}lmth.b", "a_lmth.b"),
    ("a\\u{1}b\\u{1b}[31mc\\u{a}d", "a_b_31mc_d"),
    ("\\u{43c}\\u{43e}", "\u043c\u043e"),
    ("\\u{4f1a}\\u{8a08}\\u{90e8}", "\u4f1a\u8a08\u90e8"),
    ("\\u{41f}\\u{41a}-7", "\u041f\u041a-7"),
    ("e\\u{301}", "\xe9"),
    ("\\u{301}a", "a"),
    ("a\\u{200b}\\u{feff}\\u{2028}b", "a_b"),
    ("COM\\u{ff11}", "_COM\uff11"),
    ("\\u{4f1a}" * 100, "\u4f1a" * 40),
    ("...", "hive"),
    (" host ", "host"),
    ("<script>alert(1)</script>", "script_alert_1_script"),
    ("x" * 30_000, "x" * 48),
    ("a" * 47 + ".b", "a" * 47),
    ("index", "index"),
)


@pytest.mark.parametrize(("name", "wanted"), NAMES, ids=[wanted[:20] for _, wanted in NAMES])
def test_a_computer_name_becomes_a_name_that_every_file_system_takes(
    hivecheck: Run, tmp_path: Path, name: str, wanted: str
) -> None:
    folder = tmp_path / "out"
    assert hivecheck("analyze", named(tmp_path / "SYSTEM", name), "--output", folder, "-q") == Exit.OK
    found = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")}
    assert found == {"SYSTEM", "out", *(f"out/{wanted}-20231114T221320Z.{ending}" for ending in ("html", "json"))}


def test_hosts_whose_names_differ_by_case_get_files_that_differ_by_more(hivecheck: Run, tmp_path: Path) -> None:
    hives = [named(tmp_path / f"h{place}", name) for place, name in enumerate(("Host", "HOST", "host"))]
    assert hivecheck("analyze", *hives, "--output", tmp_path / "out", "-q") == Exit.OK
    names = [path.name for path in (tmp_path / "out").iterdir()]
    assert len({name.lower() for name in names}) == 7


# --- the list of several hives ----------------------------------------------------------------------------------------------


def test_the_list_has_a_row_for_each_hive_the_worst_first(hivecheck: Run, tmp_path: Path) -> None:
    calm = write(tmp_path / "calm", bootable("", WIN7))
    evil = write(tmp_path / "evil", bootable('Execute = multi "evil"', XP))
    worse = write(tmp_path / "worse", bootable('Execute = multi "evil"\nBootExecute = multi "autocheck autoche *"', XP))
    folder = tmp_path / "out"
    assert hivecheck("analyze", calm, evil, worse, "--output", folder, "-q") == Exit.OK
    page = index_of(folder)
    told = rows(page, "reports")
    assert [next(Path(code.text).name for code in row.find("code")) for row in told] == ["worse", "evil", "calm"]
    assert "critical" in told[1].text
    assert "Windows XP" in told[1].text
    assert "ControlSet001" in told[1].text
    links = {(one.attributes["href"] or "").removesuffix("#problems") for row in told for one in row.find("a")}
    assert links == {path.name for path in folder.iterdir()} - {"index.html"}


def test_what_can_not_be_read_is_listed_with_the_reason(hivecheck: Run, tmp_path: Path) -> None:
    text = tmp_path / "notes<b>.txt"
    text.write_text("hello\n" * 3000)
    system = write(tmp_path / "SYSTEM", bootable("", XP))
    assert hivecheck("analyze", text, system, tmp_path / "none", "--output", tmp_path / "out", "-q") == Exit.UNREADABLE
    page = index_of(tmp_path / "out")
    told = [row.text for row in rows(page, "unread")]
    assert [str(text) in told[0], str(tmp_path / "none") in told[1]] == [True, True]
    assert "not a registry hive" in told[0]
    assert len(rows(page, "reports")) == 1


def test_where_nothing_can_be_read_the_list_says_so(hivecheck: Run, tmp_path: Path) -> None:
    assert hivecheck("analyze", tmp_path / "a", tmp_path / "b", "--output", tmp_path / "out", "-q") == Exit.UNREADABLE
    page = index_of(tmp_path / "out")
    assert len(rows(page, "unread")) == 2
    assert "2 inputs not read" in page.text


def test_one_hive_given_twice_is_told_once_with_both_places(hivecheck: Run, tmp_path: Path) -> None:
    one = write(tmp_path / "one", bootable("", XP))
    two = tmp_path / "two"
    two.write_bytes(one.read_bytes())
    assert hivecheck("analyze", one, two, "--output", tmp_path / "out", "-q") == Exit.OK
    assert len(list((tmp_path / "out").iterdir())) == 3
    [row] = rows(index_of(tmp_path / "out"), "reports")
    assert {str(one), str(two)} <= {code.text for code in row.find("code")}


def test_the_list_makes_hostile_names_visible_and_holds_no_script(hivecheck: Run, tmp_path: Path) -> None:
    hostile = named(tmp_path / "one", "<script>alert(1)</script>\\u{202e}\\u{1b}[2J{{ 7 * 7 }}")
    calm = write(tmp_path / "two", bootable("", WIN10_1903))
    assert hivecheck("analyze", hostile, calm, *NOTES, "--output", tmp_path / "out", "-q") == Exit.OK
    text = (tmp_path / "out" / "index.html").read_text("utf-8")
    assert not {"\u202e", "\x1b"} & set(text)
    page = parse_html(text)
    assert not page.find("script")
    assert "<script>alert(1)</script>⟨U+202E⟩⟨U+001B⟩[2J{{ 7 * 7 }}" in page.text
    assert "A.⟨U+202E⟩B" in page.text
    assert not any(name.startswith("on") or name == "style" for one in page.all() for name in one.attributes)


def test_the_list_is_the_same_bytes_again(hivecheck: Run, tmp_path: Path) -> None:
    hives = [named(tmp_path / name, name) for name in ("b", "a", "c")]
    texts: set[bytes] = set()
    for _ in range(2):
        assert hivecheck("analyze", *hives, "--output", tmp_path / "out", "-q", "--force") == Exit.OK
        texts.add((tmp_path / "out" / "index.html").read_bytes())
    assert len(texts) == 1
    told = rows(parse_html(texts.pop().decode()), "reports")
    assert [row.find("a")[0].text for row in told] == ["a", "b", "c"]


def test_many_files_are_not_all_named_on_the_terminal(
    hivecheck: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hives = [named(tmp_path / name, name) for name in ("a", "b", "c")]
    assert hivecheck("analyze", *hives, "--output", tmp_path / "out") == Exit.OK
    out = capsys.readouterr().out
    assert f"Written: {tmp_path / 'out' / 'index.html'}" in out.splitlines()
    assert "and the 6 files that it leads to" in out


def test_several_hives_with_reports_get_a_line_each_the_worst_first(
    hivecheck: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    calm = named(tmp_path / "calm", "CALM")
    evil = write(tmp_path / "evil", bootable('Execute = multi "e\\u{202e}vil"', XP))
    assert hivecheck("analyze", calm, evil, "--output", tmp_path / "out") == Exit.OK
    lines = capsys.readouterr().out.splitlines()
    told = lines[: lines.index("")]
    assert [line.split()[0] for line in told] == ["CRITICAL", told[1].split()[0]]
    assert f"({evil})" in told[0] or "..." in told[0]
    assert "CALM (" in told[1]
    assert "\u202e" not in "".join(lines)
    assert hivecheck("analyze", evil, "--output", tmp_path / "one") == Exit.OK
    assert "Verdict" in capsys.readouterr().out, "a single hive is told whole"


@pytest.mark.parametrize("command", [("replay",), ("replay", "--json", "-"), ("analyze",), ("analyze", "--html", "-")])
def test_a_safe_mode_that_halts_at_the_drivers_is_told(
    command: tuple[str, ...], hivecheck: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What safe mode holds back is asked for when the hive is closed, and the boot has asked for none of it."""
    disk = parse_notation("[ControlSet001\\Services\\disk]\nStart = dword 4").plain
    hive = write(tmp_path / "SYSTEM", MemoryHive("SYSTEM", lay_over(clean("xp-x86"), disk)))
    name, *options = command
    assert hivecheck(name, hive, "--safe-mode", "minimal", *options) == Exit.OK
    assert "0x7B" in capsys.readouterr().out
