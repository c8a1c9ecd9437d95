"""The summary on the terminal: within a screen, at every width, with the verdict in words, and nothing of the hive alive."""

import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hivecheck.analysis import Analysis, Options, analyze
from hivecheck.cli.output import terminal_paper
from hivecheck.facts.case_notes import CaseNotes
from hivecheck.facts.fact import changed
from hivecheck.registry.notation import parse_notation
from hivecheck.report.html import render_html
from hivecheck.report.paper import Paper, clip_end, clip_words
from hivecheck.report.terminal import SCREEN, write_summary
from hivecheck.rules.rule import Severity
from hivecheck.rules.story import stories_of
from tests.hive_writer import build_hive
from tests.report.analyses import BOOTABLE, Analyzed, session_manager
from tests.report.html_tree import parse_html

HIVES = Path(__file__).resolve().parents[2] / "test_hives"
CLEAN = sorted(path.name for path in HIVES.glob("*.hive") if not path.name.startswith("infected"))
INFECTED = sorted(path.name for path in HIVES.glob("infected*.hive"))
ALL = sorted(path.name for path in HIVES.glob("*.hive"))
_ESCAPES = re.compile(r"\x1b\[[0-9;]*m")
HOSTILE = (
    "\\u{1b}[2J\\u{1b}]0;owned\\u{7}",
    "a\\u{d}\\u{a}Verdict   No findings.",
    "exe.\\u{202e}gpj",
    "\\u{d800}half",
    "[red]x[/red] How sure: What weighs most: {{ 7 * 7 }}",
    "y" * 30_000,
)


@pytest.fixture(scope="module")
def summed() -> Callable[[Path], Analysis]:
    known: dict[Path, Analysis] = {}

    def find(path: Path) -> Analysis:
        if path not in known:
            known[path] = analyze(path, Options())  # with a word of the second reader, as the command writes it
        return known[path]

    return find


def lines_of(analysis: Analysis, width: int = 100, styled: bool = False) -> list[str]:
    paper = Paper(width, styled)
    write_summary(analysis, paper)
    return paper.text().splitlines()


# --- one screen -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CLEAN)
def test_an_ordinary_machine_fits_into_a_screen(summed: Callable[[Path], Analysis], name: str) -> None:
    lines = lines_of(summed(HIVES / name))
    assert len(lines) <= SCREEN, "\n".join(lines)


WIDTHS = [(120, SCREEN), (100, 52), (80, 63), (60, 86)]
REAL = ("nt4-sp3-server", "xp-x64", "win7-sp1-x86", "win10-1709-dirty", "win10-1903")


@pytest.mark.parametrize("name", REAL)
@pytest.mark.parametrize(("width", "most"), WIDTHS)
def test_a_real_machine_fits_into_a_screen(
    real_hive: Callable[[str], Path], summed: Callable[[Path], Analysis], name: str, width: int, most: int
) -> None:
    analysis = summed(real_hive(name))
    lines = lines_of(analysis, width)
    assert len(lines) <= most
    assert graver_than(Severity.LOW, analysis) <= rules_in(lines)


@pytest.mark.parametrize("name", INFECTED)
@pytest.mark.parametrize(("width", "most"), WIDTHS)
def test_an_infected_machine_fits_into_a_screen_and_all_that_is_grave_is_named(
    summed: Callable[[Path], Analysis], name: str, width: int, most: int
) -> None:
    analysis = summed(HIVES / name)
    lines = lines_of(analysis, width)
    assert len(lines) <= most, "\n".join(lines)
    grave = [one for one in analysis.told_findings if one.severity >= Severity.HIGH]
    assert {one.rule.id for one in grave} <= rules_in(lines)
    text = " ".join(" ".join(lines).split())
    for story in stories_of(grave):
        assert story.lead.subject[:16] in text, story.lead.subject


def rules_in(lines: list[str]) -> set[str]:
    """The ids of rules that the lines name."""
    return set(re.findall(r"[a-z0-9]+(?:-[a-z0-9]+)*", " ".join(lines)))


def graver_than(severity: Severity, analysis: Analysis) -> set[str]:
    """The ids of the rules that made the findings above a severity."""
    return {one.rule.id for one in analysis.told_findings if one.severity > severity}


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("width", [40, 60, 80, 132])
def test_no_line_is_wider_than_the_terminal(summed: Callable[[Path], Analysis], name: str, width: int) -> None:
    for styled in (False, True):
        lines = lines_of(summed(HIVES / name), width, styled)
        assert [line for line in lines if len(_ESCAPES.sub("", line)) > width] == []


@pytest.mark.parametrize("name", ALL)
def test_colours_add_nothing_that_the_words_do_not_say(summed: Callable[[Path], Analysis], name: str) -> None:
    plain, styled = (lines_of(summed(HIVES / name), styled=styled) for styled in (False, True))
    assert [_ESCAPES.sub("", line) for line in styled] == plain
    assert plain != styled


def test_the_processes_are_a_tree_where_there_is_room_and_names_where_there_is_less(
    summed: Callable[[Path], Analysis],
) -> None:
    roomy = lines_of(summed(HIVES / "win7-x64.hive"))
    assert "`- ~ smss.exe" in roomy
    tight = lines_of(summed(HIVES / "infected-consrv-win7-x64.hive"), 120)
    place = tight.index("Its processes   (as a tree: hivecheck replay --tree)")
    assert tight[place + 1].startswith("  smss.exe x 3, autochk.exe, csrss.exe x 2, wininit.exe")
    full = lines_of(summed(HIVES / "infected-bootkit-win10-21h2-x64.hive"))
    assert [line.strip() for line in full if "processes" in line] == ["Its processes: see hivecheck replay --tree"]


# --- the verdict ------------------------------------------------------------------------------------------------------------


def verdict_of(lines: list[str]) -> str:
    """The words of the verdict, from behind its counts up to the machine."""
    start = next(place for place, line in enumerate(lines) if line.startswith("Verdict"))
    end = next(place for place, line in enumerate(lines) if line.startswith(("Case", "Machine")))
    return " ".join(" ".join(lines[start + 1 : end]).split())


@pytest.mark.parametrize("name", ALL)
def test_the_verdict_says_in_the_words_of_the_page_what_would_happen_and_whether_somebody_arranged_it(
    summed: Callable[[Path], Analysis], name: str
) -> None:
    analysis = summed(HIVES / name)
    told = verdict_of(lines_of(analysis))
    page = parse_html(render_html(analysis, "2026-01-15T10:00:00Z"))
    [whole] = [" ".join(one.text.split()) for one in page.find("p") if "verdict-words" in one.classes]
    assert whole.startswith(f"{told} ")
    assert told.startswith(("At its next start ", "At its next restart ", "The registry of "))
    assert "omebody" in told
    assert "How sure" not in told


def test_a_name_that_looks_like_the_end_of_the_verdict_does_not_end_it(analyzed: Analyzed) -> None:
    name = r"[ControlSet001\Control\ComputerName\ComputerName]"
    for evil in ("", 'Execute = multi "evil"'):
        text = session_manager(evil) + f'{name}\nComputerName = sz "x How sure: What weighs most: y"\n'
        told = verdict_of(lines_of(analyzed(text)))
        assert "x How sure: What weighs most: y would " in told
        assert "omebody" in told


def test_the_least_severity_leaves_milder_findings_to_a_count(summed: Callable[[Path], Analysis]) -> None:
    whole = summed(HIVES / "infected-bootkit-win10-21h2-x64.hive")
    grave = changed(whole, options=changed(whole.options, min_severity="critical"))
    told = "\n".join(lines_of(grave))
    assert "  CRITICAL  " in told
    assert "  HIGH  " not in told
    assert "2 high, 1 low and 4 info are withheld by --min-severity critical." in " ".join(told.split())


# --- hostile text -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [40, 100])
@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:12])
def test_hostile_names_neither_drive_nor_fill_the_terminal(tmp_path: Path, text: str, width: int) -> None:
    base = BOOTABLE.replace('BootExecute = multi "autocheck autochk *"', f'BootExecute = multi "{text}" "autocheck {text}"')
    notation = f"""{base}
[ControlSet001\\Control\\ComputerName\\ComputerName]
ComputerName = sz "{text}"
[ControlSet001\\Control\\Session Manager]
Execute = multi "{text}"
PendingFileRenameOperations = multi "\\??\\C:\\{text}" "" "{text}" "\\??\\C:\\{text}"
ExcludeFromKnownDlls = multi "{text}"
[ControlSet001\\Control\\Session Manager\\KnownDLLs]
evil = sz "{text}"
[ControlSet001\\Control\\Session Manager\\DOS Devices]
UNC = sz "{text}"
"""
    path = tmp_path / "SYSTEM"
    path.write_bytes(build_hive(parse_notation(notation)))
    analysis = analyze(path, Options(verify="none", case_notes=CaseNotes("\x1b[31m", "\u202e", "\r\n", "z" * 60_000)))
    lines = lines_of(analysis, width)
    assert not [line for line in lines for letter in line if not letter.isprintable()]
    assert not any("\u202e" in line or "\ud800" in line for line in lines)
    assert sum(line.startswith("Verdict") for line in lines) == 1
    assert "omebody" in verdict_of(lines), "a long name pushes the verdict away"
    assert len(lines) < (110 if width == 100 else 330)
    assert all(len(line) <= width for line in lines)


# --- the paper --------------------------------------------------------------------------------------------------------------


class _Terminal:
    """What `terminal_paper` asks of standard output."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("environment", "no_color", "styled"),
    [({}, False, True), ({}, True, False), ({"NO_COLOR": "1"}, False, False), ({"TERM": "dumb"}, False, False)],
)
def test_colours_only_where_they_are_wanted(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], no_color: bool, styled: bool
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "stdout", _Terminal())
    paper = terminal_paper(no_color)
    monkeypatch.undo()
    assert (paper.styled, paper.boxes) == (styled, True)


@pytest.mark.parametrize(("columns", "width"), [("72", 72), ("10", 40), ("400", 160), ("", 120), ("many", 120)])
def test_the_width_is_that_of_the_terminal_within_reason(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], columns: str, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    paper = terminal_paper(False)
    assert (paper.width, paper.styled) == (width, False)


def test_a_text_is_cut_behind_a_whole_word() -> None:
    assert clip_end("one two three", 13) == "one two three"
    assert clip_end("one two, three", 13) == "one two..."
    assert clip_end("x" * 20, 13) == "xxxxxxxxxx..."


def test_the_middle_of_a_long_word_is_left_out_and_what_is_said_of_it_stays() -> None:
    told = clip_words(f"{'x' * 5000}: does harm")
    assert told.startswith("xxx")
    assert told.endswith("xxx: does harm")
    assert len(told) < 130


def test_a_heading_gives_its_note_a_line_where_there_is_no_room_beside_it() -> None:
    wide, narrow = Paper(100, False), Paper(40, False)
    for paper in (wide, narrow):
        paper.heading("What was found", "(in full: --html or --json)")
    assert wide.lines == ["", "What was found   (in full: --html or --json)"]
    assert narrow.lines == ["", "What was found", "(in full: --html or --json)"]


def test_what_stands_out_of_the_indent_takes_room_from_the_first_line() -> None:
    paper = Paper(40, False)
    paper.put("x " * 30, first="CRITICAL ", indent=4)
    assert [len(line) <= 40 for line in paper.lines] == [True, True]
    assert paper.lines[0].startswith("CRITICAL x x")
    assert paper.lines[1].startswith("    x x")
