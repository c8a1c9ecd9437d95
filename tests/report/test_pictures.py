"""The pictures of the page: well formed, inert, and never telling what the text beside them does not."""

import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from hivecheck.analysis import Analysis, analyze
from hivecheck.boot.plan import Done, Step
from hivecheck.boot.process_tree import build_process_tree
from hivecheck.facts.fact import changed
from hivecheck.report.html_clock import tell_clock
from hivecheck.report.html_findings import event_flags
from hivecheck.report.html_lanes import LANES, MOST_BARS, SHORT_STEPS, kind_of, lane_of, tell_lanes
from hivecheck.report.html_processes import tell_processes
from hivecheck.report.pictures import Mark, Picture, shares, shorten, shorten_middle
from hivecheck.report.pictures_lanes import NARROW, WIDE, draw_lanes, make_bar, make_column
from hivecheck.report.pictures_processes import MOST_FLAGGED, draw_processes
from tests.boot.boots import BOOT_DRIVERS
from tests.report.analyses import BOOTABLE, Analyzed, session_manager

ROOT = Path(__file__).resolve().parents[2]
HIVES = sorted((ROOT / "test_hives").glob("*.hive"))
every_hive = pytest.mark.parametrize("path", HIVES, ids=lambda path: path.stem)
PLAIN = frozenset(
    {
        "class",
        "viewBox",
        "role",
        "aria-labelledby",
        "aria-describedby",
        "aria-label",
        "id",
        "d",
        "x",
        "y",
        "transform",
        "href",
    }
)
HOSTILE = r"</title><script>alert(1)</script>{{ 7*7 }}\u{1b}[31m\u{202e}exe.txt"  # in notation


@cache
def analysis_of(path: Path) -> Analysis:
    return analyze(path)


def pictures_of(analysis: Analysis) -> Iterator[Picture]:
    blocks = (*tell_lanes(analysis.replay, event_flags(analysis)), *tell_clock(analysis), *tell_processes(analysis))
    for kind, it in blocks:
        if kind == "pictures":
            yield from it


def set_picture(picture: Picture) -> str:
    engine = Environment(
        loader=FileSystemLoader(ROOT / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    page = '{% from "pictures.html" import pictures %}{{ pictures((it,)) }}'
    return engine.from_string(page).render(it=picture)


def lanes(analysis: Analysis) -> Picture:
    [(_, (wide, _))] = tell_lanes(analysis.replay, event_flags(analysis))
    assert isinstance(wide, Picture)
    return wide


def marks_to(picture: Picture, to: str) -> list[Mark]:
    return [mark for mark in picture.marks if mark.to == to]


@every_hive
def test_each_picture_is_well_formed_and_holds_nothing_that_runs_or_is_fetched(path: Path) -> None:
    found = list(pictures_of(analysis_of(path)))
    assert len(found) == 6, "three pictures, each for wide and for narrow screens"
    for picture in found:
        figure = ElementTree.fromstring(set_picture(picture))
        root = figure.find("svg")
        assert root is not None
        assert root.attrib["role"] == "group", "links must not lie in an image"
        assert root.findtext("title") == picture.title
        assert root.attrib["aria-describedby"] == figure.find("p").attrib["id"]  # type: ignore[union-attr]
        for element in root.iter():
            assert element.tag in {"svg", "title", "path", "text", "a"}
            assert set(element.attrib) <= PLAIN
            assert element.tag != "a" or element.attrib["href"].startswith("#")
            assert element.tag != "a" or element.attrib["aria-label"] == element.findtext("title")


@every_hive
def test_what_is_drawn_lies_within_its_picture(path: Path) -> None:
    for picture in pictures_of(analysis_of(path)):
        paths = [*picture.drawn, *(drawn for mark in picture.marks for drawn in mark.drawn)]
        for _, drawn in paths:
            places = [tuple(map(int, place)) for place in re.findall(r"M(-?\d+) (-?\d+)", drawn)]
            assert all(0 <= x <= picture.width and 0 <= y <= picture.height for x, y in places)
        assert all(
            0 <= x <= picture.width and 0 < y <= picture.height for mark in picture.marks for _, x, y, _, _ in mark.words
        )


@every_hive
def test_the_lanes_count_every_event_once(path: Path) -> None:
    analysis = analysis_of(path)
    for _, both in tell_lanes(analysis.replay, event_flags(analysis)):
        for picture in both:
            bars = [mark.label for mark in picture.marks if mark.drawn]
            single = [label for label in bars if label.startswith("Event ")]
            many = [re.search(r": ([\d,]+) events", label) for label in bars if not label.startswith("Event ")]
            counted = sum(int(found.group(1).replace(",", "")) for found in many if found)
            assert len(single) + counted == len(analysis.replay.events)


@every_hive
def test_each_event_with_a_finding_has_its_severity_in_the_lanes(path: Path) -> None:
    analysis = analysis_of(path)
    flags = event_flags(analysis)
    drawn = {kind.split()[1] for mark in lanes(analysis).marks for kind, *_ in mark.words if kind.startswith("letter")}
    worst = max((flag.severity for all in flags.values() for flag in all), key=lambda one: one.rank, default=None)
    assert worst is None or worst.value in drawn
    assert bool(flags) == bool(drawn)


@every_hive
def test_each_moment_of_the_clock_is_in_the_table_it_leads_to(path: Path) -> None:
    blocks = tell_clock(analysis_of(path))
    [pictures] = [it for kind, it in blocks if kind == "pictures"]
    [table] = [it for kind, it in blocks if kind in ("table", "fold") and it.kind == "clock"]
    rows = {f"#{id}" for id, _, _ in table.rows}
    for picture in pictures:
        assert {mark.to for mark in picture.marks} <= rows | {"#deleted"}
        assert f"#{table.rows[0][0]}" in {mark.to for mark in picture.marks}
    times = [head[0][2] for _, head, _ in table.rows]
    assert times == sorted(times)
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{7}Z", time) for time in times)
    assert not any(time.startswith("1601") for time in times)


@every_hive
def test_every_process_is_in_the_picture_or_counted_in_it(path: Path) -> None:
    analysis = analysis_of(path)
    [(wide, narrow)] = [it for kind, it in tell_processes(analysis) if kind == "pictures"]
    started = len(analysis.replay.after.processes)
    for picture in (wide, narrow):
        counted = 0
        for mark in picture.marks:
            many = re.match(r"(\d+) processes", mark.label)
            counted += int(many.group(1)) if many else 1
        unstarted = sum(1 for mark in picture.marks if mark.to == "#processes")
        assert counted - unstarted == started


def test_a_process_that_ends_is_struck_through() -> None:
    [(wide, _)] = [
        it for kind, it in tell_processes(analysis_of(ROOT / "test_hives" / "win10-1903-x64.hive")) if kind == "pictures"
    ]
    [_, child, *_] = [mark for mark in wide.marks if mark.label.startswith("smss.exe")]
    assert "session 0" in child.label
    assert "ended by the logon" in child.label
    assert child.words[0][0] == "process-name ended"
    assert [text for kind, *_, text in wide.words if kind == "session-name"] == ["session 0", "session 1"]


def test_neighbours_of_one_session_lie_in_one_box() -> None:
    [(wide, _)] = [
        it for kind, it in tell_processes(analysis_of(ROOT / "test_hives" / "nt4-x86.hive")) if kind == "pictures"
    ]
    assert [text for kind, *_, text in wide.words if kind == "session-name"] == ["session 0"]
    assert {"csrss.exe", "winlogon.exe"} <= {mark.words[0][4] for mark in wide.marks}


def test_the_same_events_are_one_bar_and_another_outcome_is_another(analyzed: Analyzed) -> None:
    names = "\n".join(f'L{number} = sz "\\Device\\L{number}"' for number in range(30))
    analysis = analyzed(session_manager(names, "\\DOS Devices"))
    [bar] = [mark for mark in lanes(analysis).marks if "30 events" in mark.label or "31 events" in mark.label]
    assert "objects" in bar.label
    assert bar.drawn[0][0] == "bar yes"


def test_a_step_of_ever_changing_outcomes_stays_legible(analyzed: Analyzed) -> None:
    pairs = " ".join(f'"\\??\\C:\\a{number}.tmp" ""' if number % 2 else f'"C:\\nowhere{number}" ""' for number in range(400))
    analysis = analyzed(session_manager(f"PendingFileRenameOperations = multi {pairs}"))
    files = [mark for mark in lanes(analysis).marks if mark.drawn and LANES[3] in mark.label]
    assert len(files) <= MOST_BARS
    assert any("400 events" in mark.label for mark in files)


def test_a_boot_that_halts_says_so_in_the_lanes(analyzed: Analyzed) -> None:
    analysis = analyzed("", base=BOOTABLE.replace("[ControlSet001\\Control\\Session Manager\\DOS Devices]", ""))
    halted = analysis.replay.halted
    picture = lanes(analysis)
    [mark] = [mark for mark in picture.marks if "halts" in mark.label]
    assert halted is not None
    assert mark.to == f"#e{halted.event}"
    assert mark is picture.marks[-1]
    assert [kind for kind, _ in picture.drawn].count("line halts") == 1


def test_of_a_machine_that_finds_no_control_set_little_is_drawn() -> None:
    analysis = analysis_of(ROOT / "test_hives" / "broken" / "missing-select.hive")
    assert not list(tell_lanes(changed(analysis.replay, events=()), {}))
    assert len(marks_to(lanes(analysis), "#e1")) == 2, "the loader's one request, and the halt after it"
    assert not [it for kind, it in tell_processes(analysis) if kind == "pictures"]
    assert [kind for kind, _ in tell_clock(analysis)][-1] == "table"


def test_hostile_names_are_inert_in_every_picture(analyzed: Analyzed) -> None:
    analysis = analyzed(
        session_manager(f'SetupExecute = multi "{HOSTILE}"')
        + session_manager(f'"{HOSTILE}" = sz "\\Device\\x"', "\\DOS Devices")
        + f'\n[ControlSet001\\Services\\evil]\nType = dword 16\nStart = dword 2\nImagePath = expand "{HOSTILE}.exe"\n'
    )
    for picture in pictures_of(analysis):
        text = set_picture(picture)
        assert "<script" not in text
        assert "\x1b" not in text
        assert "\u202e" not in text
        ElementTree.fromstring(text)
    assert any("<script>" in mark.label and "⟨U+202E⟩" in mark.label for mark in lanes(analysis).marks)


def test_the_same_analysis_is_drawn_with_the_same_bytes() -> None:
    path = HIVES[0]
    first = [set_picture(picture) for picture in pictures_of(analysis_of(path))]
    assert first == [set_picture(picture) for picture in pictures_of(analyze(path))]


def test_every_step_has_its_lane() -> None:
    from hivecheck.report.html_lanes import _LANE_OF_STEP

    assert set(_LANE_OF_STEP) == set(Step)
    assert set(_LANE_OF_STEP.values()) <= set(range(len(LANES)))


def test_programs_files_and_names_have_lanes_of_their_own_in_any_step() -> None:
    events = analysis_of(ROOT / "test_hives" / "win7-x64.hive").replay.events
    by_kind = {event.action.kind: LANES[lane_of(event)] for event in events}
    assert by_kind["run"] == "boot programs"
    assert by_kind["link"] == by_kind["map-section"] == "objects"
    assert by_kind["create-session"] == "sessions"
    assert by_kind["start-service"] == "services"


def test_columns_wrap_into_bands_and_a_wide_one_is_taken_up_again() -> None:
    bars = tuple([(make_bar(0, f"#b{number}", f"bar {number}", (("yes", 5),)),) for number in range(200)])
    columns = (make_column("one", "#one", "one", bars[:3]), make_column("many", "#many", "many", bars[3:]))
    for frame in (WIDE, NARROW):
        picture = draw_lanes("id", "title", "about", ("lane",), columns, frame)
        assert picture.width == frame.width
        assert [mark.to for mark in picture.marks if mark.drawn] == [f"#b{number}" for number in range(200)]
        assert len(marks_to(picture, "#many")) > 1
        assert len(marks_to(picture, "#one")) == 1


@pytest.mark.parametrize("before", range(1, 60))
def test_a_line_stands_in_the_band_of_what_it_follows(before: int) -> None:
    slots = ((make_bar(0, "#b", "bar", (("yes", 1),)),),)
    columns = (
        *(make_column("c", "#c", "column", slots) for _ in range(before)),
        make_column("halt", "#h", "halt", (), "halts"),
    )
    for frame in (WIDE, NARROW):
        *_, last, halt = [
            mark for mark in draw_lanes("id", "title", "about", ("lane",), columns, frame).marks if not mark.drawn
        ]
        assert halt.words[0][2] == last.words[0][2]
        assert last.words[0][1] < halt.words[0][1] <= frame.width


@pytest.mark.parametrize(
    ("parts", "width", "widths"),
    [
        ((("yes", 1),), 11, (11,)),
        ((("yes", 99), ("no", 1)), 40, (34, 6)),
        ((("yes", 0), ("unknown", 2), ("no", 2)), 20, (10, 10)),
        ((), 10, ()),
    ],
)
def test_the_parts_of_a_bar_fill_it(parts: tuple[tuple[str, int], ...], width: int, widths: tuple[int, ...]) -> None:
    assert tuple([own for _, own in shares(parts, width, 5)]) == widths


@pytest.mark.parametrize(
    ("text", "most", "shown"),
    [
        ("smss.exe", 19, "smss.exe"),
        ("a" * 20, 19, "a" * 18 + "…"),
        ("ж" * 12, 19, "ж" * 9 + "…"),
        ("жж", 19, "жж"),
        ("", 5, ""),
    ],
)
def test_a_long_name_is_cut_and_wide_letters_count_twice(text: str, most: int, shown: str) -> None:
    assert shorten(text, most) == shown


@pytest.mark.parametrize("name", ["win10-1903", "win7-sp1-x86", "xp-x64", "nt4-sp3-server", "win10-1709-dirty"])
def test_real_machines_are_drawn_whole(name: str, real_hive: Callable[[str], Path]) -> None:
    analysis = analyze(real_hive(name))
    found = list(pictures_of(analysis))
    assert len(found) == 6
    for picture in found:
        ElementTree.fromstring(set_picture(picture))
        assert len(picture.marks) < 300


def test_names_that_begin_alike_are_cut_in_the_middle() -> None:
    names = ("FNPLicensingService.exe", "FNPLicensingService64.exe")
    shown = [shorten_middle(name, 19) for name in names]
    assert shown == ["FNPLicens…rvice.exe", "FNPLicens…ice64.exe"]
    assert shorten_middle("csrss.exe", 19) == "csrss.exe"
    assert shorten_middle("会" * 20, 9) == "会会…会会"


def test_a_library_that_is_loaded_already_is_not_drawn_as_a_failure(analyzed: Analyzed) -> None:
    key = "\n[ControlSet001\\Control\\Lsa]\n"
    text = f'{key}Authentication Packages = multi "msv1_0"\nSecurity Packages = multi "msv1_0"\n'
    events = analyzed(text).replay.events
    [again] = [one for one in events if one.done is Done.NO and "loaded it already" in one.why]
    assert kind_of(again) == "repeated"
    assert {kind_of(one) for one in events if one is not again} <= {"yes", "no", "unknown"}


def services_of(number: int) -> str:
    """So many services, each a program of its own, and the drivers without which so long a list is one that can't boot."""
    return BOOT_DRIVERS + "".join(
        f"\n[ControlSet001\\Services\\own{place:02}]\nType = dword 16\nStart = dword 2\n"
        f'ImagePath = expand "%SystemRoot%\\system32\\own{place:02}.exe"\n'
        for place in range(number)
    )


def drawn_processes(analysis: Analysis, graves: Callable[[str], bool] = lambda _: False) -> tuple[Picture, Picture]:
    """The pictures for wide and narrow screens, the processes of these names being what a critical finding is about."""
    tree = build_process_tree(analysis.replay)
    nodes = [node for node in tree.nodes() if node.event is not None and graves(node.name)]
    return draw_processes(tree, {}, {node.event: "critical" for node in nodes if node.event is not None})


def test_a_box_of_different_programs_names_them(analyzed: Analyzed) -> None:
    analysis = analyzed(services_of(16))
    for picture in drawn_processes(analysis):
        told = [" ".join(text for kind, *_, text in mark.words if kind.startswith("process-name")) for mark in picture.marks]
        [fold] = [one for one in told if " others: " in one]
        number, names = re.fullmatch(r"(\d+) others: (.+)", fold).groups()  # type: ignore[union-attr]
        assert names.split(", ") == [f"own{place:02}.exe" for place in range(16 - int(number), 16)]
        assert not any("and others" in text for mark in picture.marks for *_, text in mark.words)
        assert any(mark.label.startswith(fold) for mark in picture.marks)


@pytest.mark.parametrize("number", [1, 30])
def test_a_program_that_a_finding_is_about_keeps_its_name_however_many_there_are(number: int, analyzed: Analyzed) -> None:
    graves = {f"own{place:02}.exe" for place in range(40 - number, 40)}
    for picture in drawn_processes(analyzed(services_of(40)), lambda name: name in graves):
        boxes = [mark for mark in picture.marks if any("flagged" in kind for kind, _ in mark.drawn)]
        assert {text for mark in boxes for kind, *_, text in mark.words if kind == "process-name"} == graves


def test_thousands_of_grave_programs_stay_few_boxes(analyzed: Analyzed) -> None:
    commands = " ".join(f'"evil{number}"' for number in range(2_000))
    analysis = analyzed(session_manager(f"SetupExecute = multi {commands}"))
    for picture in drawn_processes(analysis, lambda name: "evil" in name):
        assert MOST_FLAGGED < len(picture.marks) < MOST_FLAGGED + 40
        assert sum("others: " in text for mark in picture.marks for *_, text in mark.words) == 1
        told = [" ".join(text for *_, text in mark.words) for mark in picture.marks]
        assert any(re.search(r"^9\d\d others: evil60.exe, .* and 9\d\d more", one) for one in told)


def test_every_step_has_a_short_name_in_words() -> None:
    assert set(SHORT_STEPS) == set(Step)
    assert len(set(SHORT_STEPS.values())) == len(Step)
