"""What the logs changed, as the reports tell it: each value once, and which entry made which change of it."""

from pathlib import Path

import pytest

from hivecheck.analysis import Analysis, Options, analyze
from hivecheck.registry.notation import hive_of
from hivecheck.report.html import render_html
from hivecheck.report.log_changes import entry_words, fold_changes
from hivecheck.report.paper import Paper
from hivecheck.report.terminal import write_summary
from tests.hive_writer import build_hive
from tests.log_writer import hvle_entry, hvle_log, log_base_block, with_sequences


def state(program: str, power: int) -> bytes:
    return build_hive(
        hive_of(rf"""
        [Select]
        Default = dword 1
        [ControlSet001\Control\Session Manager]
        BootExecute = multi "{program}"
        [ControlSet001\Control\Session Manager\Power]
        Unread = dword {power}
        """)
    )


def analyze_states(folder: Path, states: list[bytes], first: int = 4) -> Analysis:
    numbers = [(first + number) % 2**32 for number in range(len(states))]
    log = log_base_block(states[0], first, 6)
    for number, before, after in zip(numbers, states, states[1:], strict=False):
        log += hvle_entry(before, after, number)
    (folder / "SYSTEM").write_bytes(with_sequences(states[0], numbers[1], first))
    (folder / "SYSTEM.LOG1").write_bytes(log)
    return analyze(folder / "SYSTEM", Options(verify="none"))


def told(analysis: Analysis) -> str:
    paper = Paper(styled=False, width=200)
    write_summary(analysis, paper)
    return paper.text()


@pytest.fixture
def analysis(tmp_path: Path) -> Analysis:
    return analyze_states(tmp_path, [state("one", 1), state("two", 2), state("two", 3), state("three", 4)])


def test_a_value_is_told_once_with_each_of_its_steps(analysis: Analysis) -> None:
    boot_execute, unread = fold_changes(analysis.evidence.log_changes)
    assert (boot_execute.value, [step.sequence for step in boot_execute.steps]) == ("BootExecute", [4, 6])
    assert (unread.value, [step.sequence for step in unread.steps]) == ("Unread", [4, 5, 6])
    assert (boot_execute.read_at_boot, unread.read_at_boot) == (True, False)
    assert boot_execute.before is not None
    assert boot_execute.after is not None
    assert (boot_execute.before.data[:6].decode("utf-16-le"), boot_execute.after.data[:10].decode("utf-16-le")) == (
        "one",
        "three",
    )


def test_the_summary_names_the_entry_of_each_step(analysis: Analysis) -> None:
    assert "Session Manager : BootExecute: one -> two (entry 4) -> three (entry 6)" in told(analysis)
    assert "and 1 more, by entries 4 (1), 5 (1), 6 (1): see --json or --html" in told(analysis)


def test_of_many_steps_the_summary_tells_the_last(tmp_path: Path) -> None:
    analysis = analyze_states(tmp_path, [state(f"p{number}", 1) for number in range(6)])
    assert "BootExecute: p0 -> 2 more steps -> p3 (entry 6) -> p4 (entry 7) -> p5 (entry 8)" in told(analysis)


def test_the_page_tells_what_each_entry_made_of_a_value(analysis: Analysis) -> None:
    page = render_html(analysis, "2026-01-01T00:00:00Z")
    table = page.partition("What the logs changed of what a boot reads")[2].partition("</table>")[0]
    places = [table.index(words) for words in ("one", "entry 4", "two", "entry 6", "three", "SYSTEM.LOG1, entry 6")]
    assert places == sorted(places)


def test_entries_are_named_in_their_order_also_where_the_numbers_run_over(tmp_path: Path) -> None:
    analysis = analyze_states(tmp_path, [state("one", number) for number in range(10)], 2**32 - 2)
    words = "by entries 4294967294 (1), 4294967295 (1), 0 (1), 1 (1), 2 (1), 3 (1) and 3 more"
    assert entry_words(fold_changes(analysis.evidence.log_changes)) == words
    assert "9 log entries applied (4294967294 to 6)" in told(analysis)


def test_one_entry_is_named_without_a_number_of_values(tmp_path: Path) -> None:
    (tmp_path / "SYSTEM").write_bytes(with_sequences(state("one", 1), 5, 4))
    (tmp_path / "SYSTEM.LOG1").write_bytes(hvle_log([state("one", 1), state("one", 2)], 4).data)
    analysis = analyze(tmp_path / "SYSTEM", Options(verify="none"))
    assert "  1 value that this boot does not read, by entry 4: see --json or --html" in told(analysis)
