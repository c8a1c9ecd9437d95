"""The clock timeline: exact times of the right things, none where there is none, and never more than a time proves."""

import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from hivecheck.analysis import Analysis, analyze
from hivecheck.facts.fact import changed
from hivecheck.facts.filetime import parse_iso_utc
from hivecheck.report.html_cells import Bits, Table
from hivecheck.report.html_clock import MOST_COLUMNS, _lasting, tell_clock
from hivecheck.report.html_clock_times import LISTS, LOGS, MOST_MOMENTS, WINDOWS, collect_moments
from hivecheck.report.pictures import Picture
from tests.report.analyses import BOOTABLE, Analyzed

ROOT = Path(__file__).resolve().parents[2]
LISTED = ROOT / "test_hives" / "infected-bootkit-win10-21h2-x64.hive"


def plain(bits: Bits) -> str:
    return "".join(inside if isinstance(inside, str) else plain(inside) for _, _, inside in bits)


def table_of(analysis: Analysis, kind: str = "clock") -> Table:
    [table] = [it for _, it in tell_clock(analysis) if isinstance(it, Table) and it.kind == kind]
    return table


def rows_of(analysis: Analysis) -> list[tuple[str, str, str]]:
    """Time, what was dated, and what it is about."""
    return [(plain(head), plain(cells[0][1]), plain(cells[1][1])) for _, head, cells in table_of(analysis).rows]


def wide(analysis: Analysis) -> Picture:
    [(picture, _)] = [it for kind, it in tell_clock(analysis) if kind == "pictures"]
    assert isinstance(picture, Picture)
    return picture


def test_a_key_is_told_with_its_time_to_the_last_digit_and_what_was_read_in_it(analyzed: Analyzed) -> None:
    rows = rows_of(analyzed(""))
    [(time, what, about)] = [row for row in rows if row[1].startswith("ControlSet001\\Control\\Session Manager ")]
    assert time == "2018-04-06 12:26:31.1234567Z"
    assert what.endswith("key last written")
    assert "BootExecute" in about


def test_a_key_is_told_once_however_many_values_of_it_are_read() -> None:
    rows = rows_of(analyze(LISTED))
    assert len({(time, what) for time, what, _ in rows}) == len(rows)


def test_a_time_of_zero_is_no_moment(analyzed: Analyzed) -> None:
    analysis = analyzed("")
    found = collect_moments(analysis)
    assert [one.ticks for one in found.dated] == [parse_iso_utc("2018-04-06T12:26:31.1234567Z")]
    assert found.without > 3
    told = [plain(it) for kind, it in tell_clock(analysis) if kind == "bits"]
    assert any(f"{found.without} keys without a time (zero) not shown." in one for one in told)


def test_a_time_of_1601_is_no_moment_but_counted_apart(analyzed: Analyzed) -> None:
    analysis = analyzed("", base=BOOTABLE.replace("\\Environment]", "\\Environment] 1601-06-01T00:00:00.5Z"))
    found = collect_moments(analysis)
    assert [one.ticks for one in found.dated] == [parse_iso_utc("2018-04-06T12:26:31.1234567Z")]
    assert found.odd == 1
    assert found.without == collect_moments(analyzed("")).without - 1
    told = [plain(it) for kind, it in tell_clock(analysis) if kind == "bits"]
    assert any("1 key with a time that is no moment (in 1601, or beyond 9999) not shown" in one for one in told)


def test_a_hive_without_any_time_says_so(analyzed: Analyzed) -> None:
    analysis = analyzed("", base=BOOTABLE.replace(" 2018-04-06T12:26:31.1234567Z", ""))
    blocks = tell_clock(analysis)
    assert not [it for kind, it in blocks if kind == "pictures"]
    assert any("Nothing in this hive that the boot reads has a time." in plain(it) for kind, it in blocks if kind == "bits")


def test_last_boot_and_shutdown_stand_with_their_confidence_and_a_line() -> None:
    analysis = analyze(LISTED)
    rows = {what.strip(): (time, about) for time, what, about in rows_of(analysis)}
    assert "high confidence" in rows["last boot"][1]
    assert "BaseTime" in rows["last boot"][1]
    assert "ShutdownTime" in rows["last shutdown"][1]
    assert [kind for kind, _ in wide(analysis).drawn].count("line moment") == 1
    drawn = {kind for mark in wide(analysis).marks for kind, _ in mark.drawn}
    assert {"bar boot", "bar shutdown"} <= drawn, "the two do not look alike"
    names = " ".join(text for mark in wide(analysis).marks for kind, _, _, _, text in mark.words if kind == "name")
    assert "last boot" in names
    assert "last shutdown" in names


def test_the_key_select_is_not_called_an_installation() -> None:
    [row] = [row for row in rows_of(analyze(LISTED)) if row[1].startswith("Select ")]
    assert "As a rule Setup writes it" in row[2]
    assert [one.lane for one in collect_moments(analyze(LISTED)).dated if one.name == "Select"] == [WINDOWS]


def test_a_finding_leads_from_the_key_it_cites_and_marks_it() -> None:
    analysis = analyze(LISTED)
    [row] = [row for row in table_of(analysis).rows if plain(row[2][0][1]).startswith("ControlSet001\\Services\\CSAgent ")]
    links = [kind for element, kind, _ in row[2][1][1] if element == "a"]
    assert links
    assert all(re.fullmatch(r"#f\d+", link) for link in links)
    worst = [
        mark for mark in wide(analysis).marks if mark.label.startswith("services:") and "severity critical" in mark.label
    ]
    assert worst
    assert worst[0].words[-1][4] == "C"


def test_gaps_of_a_day_or_more_are_cut_and_every_gap_is_written(analyzed: Analyzed) -> None:
    more = (
        "\n[ControlSet001\\Control\\CrashControl] 2018-04-06T12:26:41.1234567Z\nCrashDumpEnabled = dword 1\n"
        "[ControlSet001\\Control\\Lsa] 2021-04-06T12:26:41.1234567Z\n"
        'Security Packages = multi "kerberos"\n'
    )
    picture = wide(analyzed(more))
    assert [text for kind, *_, text in picture.words if kind == "gap"] == ["10 s", "3 years"]
    [axis] = [path for kind, path in picture.drawn if kind == "axis"]
    assert axis.count("l4 -8") == 2, "one break, of two strokes"


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0, ""),
        (1, "1 s"),
        (60, "1 min"),
        (89 * 60, "1 h 29 min"),
        (7_199, "2 h"),
        (9_000, "3 h"),
        (85_000, "1 day"),
        (58 * 86_400, "1 month 28 days"),
        (400 * 86_400, "1 year 1 month"),
        (364 * 86_400, "1 year"),
        (900 * 86_400, "2 years"),
        (3_000 * 31_556_952, "3,000 years"),
    ],
)
def test_a_gap_is_told_to_the_nearest_and_not_cut_off(seconds: int, told: str) -> None:
    assert _lasting(seconds) == told


def test_what_lies_together_is_one_column_that_counts() -> None:
    analysis = analyze(LISTED)
    picture = wide(analysis)
    heads = [mark for mark in picture.marks if not mark.drawn]
    assert len(heads) <= MOST_COLUMNS
    counted = sum(int(found.group(1)) for mark in heads if (found := re.match(r"(\d+) moment", mark.label)))
    assert counted == len(collect_moments(analysis).dated)


def test_thousands_of_times_stay_few_columns_and_grave_ones_are_kept(analyzed: Analyzed) -> None:
    analysis = analyze(LISTED)
    finding = next(one for one in analysis.told_findings if one.severity.value == "critical")
    origins = [one for one in finding.because if hasattr(one, "written")]
    many = tuple(
        changed(origins[0], written=parse_iso_utc("1602-01-01T00:00:00Z") + number * 10**14)
        for number in range(MOST_MOMENTS * 2)
    )
    low = changed(analysis.told_findings[-1], because=many)
    crowded = changed(analysis, findings=(finding, low))
    found = collect_moments(crowded)
    assert len(found.dated) == MOST_MOMENTS
    assert found.left_out > MOST_MOMENTS // 2
    told = [plain(it) for kind, it in tell_clock(crowded) if kind == "bits"]
    assert any(f"{found.left_out} more moments not shown" in one for one in told)
    assert len([mark for mark in wide(crowded).marks if not mark.drawn]) <= MOST_COLUMNS + 8
    assert any(one.severity == "critical" for one in found.dated)


@pytest.mark.parametrize("name", ["win10-1709-dirty"])
def test_states_of_the_logs_are_told_with_their_entries(name: str, real_hive: Callable[[str], Path]) -> None:
    analysis = analyze(real_hive(name))
    found = collect_moments(analysis)
    logs = [one for one in found.dated if one.lane == LOGS]
    assert logs
    assert all(re.search(r"(before|after) entry \d+ of ", plain(one.why)) for one in logs)
    assert any(one.lane == LISTS for one in found.dated), "the list as it stood before the logs has the time of its key"


@pytest.mark.parametrize("name", ["win10-1903", "win10-1709-dirty"])
def test_earlier_lists_without_a_time_have_the_bounds_of_the_states_around_them(
    name: str, real_hive: Callable[[str], Path]
) -> None:
    analysis = analyze(real_hive(name))
    found = collect_moments(analysis)
    [history] = analysis.lost.histories
    written = [one.text.ref.written for one in history.generations]
    assert found.undated
    for one in found.undated:
        assert one.before == next(ticks for ticks in written[int(one.name.split()[1]) :] if ticks)
        assert one.after is None or one.after <= (one.before or 0)
    table: Any = table_of(analysis, "undated")
    assert len(table.rows) == len(found.undated)
    dashed = [mark for mark in wide(analysis).marks if any(kind == "bar lost" for kind, _ in mark.drawn)]
    assert dashed


def test_moments_stand_in_the_order_of_time() -> None:
    found = collect_moments(analyze(LISTED)).dated
    assert all(one.ticks <= other.ticks for one, other in pairwise(found))


def test_it_is_said_what_no_time_proves() -> None:
    table = table_of(analyze(LISTED), "facts")
    told = {plain(head): plain(cells[0][1]) for _, head, cells in table.rows}
    assert "It dates the key, not one of its values" in told["Key last written"]
    assert "smss, installers and updates write the Session Manager key all the time" in told["Key last written"]
    assert all("Shows: " in one and "Does not show: " in one for one in told.values())
