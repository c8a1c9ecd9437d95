"""What of a hive is an event with a time, and what its time is the time of."""

from datetime import date
from pathlib import Path

import pytest

from hivecheck.analysis import Options, analyze
from hivecheck.facts.certainty import Confidence
from hivecheck.facts.filetime import parse_iso_utc
from hivecheck.facts.origin import KeyRef, State
from hivecheck.recovery import recover
from hivecheck.registry.carve import DeletedKey, Parent
from hivecheck.registry.memory import PlainKey
from hivecheck.registry.notation import parse_notation
from hivecheck.report.export_cells import TICKS_OF_1970, bar_cell, csv_line, is_told, shown, unix_microseconds, unix_seconds
from hivecheck.report.export_rows import BEHIND_THE_END, KEY_WRITTEN, Row, RowKind, deleted_path, rows_of
from hivecheck.rules.catalog import RULES
from hivecheck.rules.profile import parse_profile
from tests.hive_writer import write_hive
from tests.report.analyses import BOOTABLE, Analyzed, session_manager
from tests.report.export.exports import TAMPERED, WRITTEN

SESSION_MANAGER = r"HKEY_LOCAL_MACHINE\SYSTEM\ControlSet001\Control\Session Manager"


def of_kind(rows: tuple[Row, ...], kind: RowKind, key: str = "") -> list[Row]:
    return [row for row in rows if row.kind is kind and row.key.endswith(key)]


def test_a_key_that_was_read_is_one_row_at_its_last_write(analyzed: Analyzed) -> None:
    [row] = of_kind(rows_of(analyzed(TAMPERED)).rows, RowKind.KEY, r"Control\Session Manager")
    assert row.ticks == parse_iso_utc(WRITTEN)
    assert (row.key, row.stamp, row.data_type) == (SESSION_MANAGER, KEY_WRITTEN, "windows:registry:boot_execute")
    assert "BootExecute" in row.message
    assert row.state is State.ALLOCATED


def test_a_service_is_named_as_plaso_names_it(analyzed: Analyzed) -> None:
    [row] = of_kind(rows_of(analyzed(TAMPERED)).rows, RowKind.KEY, r"Services\Evil")
    assert row.data_type == "windows:registry:service"
    assert row.ticks == parse_iso_utc("2019-05-06T07:08:09.0000001Z")


def test_a_finding_is_one_row_for_each_place_it_cites(analyzed: Analyzed) -> None:
    analysis = analyzed(TAMPERED)
    [finding] = [one for one in analysis.findings if one.rule.id == "seq-knowndll-replaced-file"]
    rows = [row for row in rows_of(analysis).rows if row.finding == finding]
    assert {row.value for row in rows} == {"PendingFileRenameOperations"}
    assert len(rows) == len(finding.because)
    assert all("key last written then; the value may be older" in row.message for row in rows)
    assert all(row.text in (r"\??\C:\Windows\Temp\k.dll", r"!\??\C:\Windows\System32\kernel32.dll") for row in rows)


def test_an_expected_finding_says_so(analyzed: Analyzed) -> None:
    text = '[[expect]]\nrule = "seq-knowndll-replaced-file"\nreason = "a test"\n'
    profile = parse_profile(text, date(2026, 1, 1), [rule.id for rule in RULES])
    rows = rows_of(analyzed(TAMPERED, profile=profile)).rows
    [row, *_] = [row for row in rows if row.finding is not None and row.finding.rule.id == "seq-knowndll-replaced-file"]
    assert "expected" in row.tags
    assert "Expected by the profile: a test" in row.message


def test_times_that_are_none_are_left_out_and_counted(analyzed: Analyzed) -> None:
    found = rows_of(analyzed(TAMPERED))
    assert of_kind(found.rows, RowKind.KEY, r"Control\CrashControl") == []  # 1601
    assert of_kind(found.rows, RowKind.KEY, r"Control\Lsa") == []  # 0
    assert found.left_out > 0
    assert all(is_told(row.ticks) for row in found.rows)


def test_rows_are_in_the_order_of_time(analyzed: Analyzed) -> None:
    rows = rows_of(analyzed(TAMPERED)).rows
    assert [row.ticks for row in rows] == sorted(row.ticks for row in rows)


def test_the_last_shutdown_is_a_row_that_says_how_sure_it_is(analyzed: Analyzed) -> None:
    lines = "[ControlSet001\\Control\\Windows] 2018-04-06T10:00:00Z\nShutdownTime = binary 00 80 3e d5 de b1 9d 01\n"
    shutdown = of_kind(rows_of(analyzed(lines)).rows, RowKind.LAST_SHUTDOWN)
    for row in shutdown:
        assert row.data_type == "windows:registry:shutdown"
        assert "confidence" in row.message
    told = analyzed(lines).facts.last_shutdown.value
    assert [row.ticks for row in shutdown] == ([told] if told and is_told(told) else [])


def test_a_long_value_is_cut_and_says_how_long_it_is(analyzed: Analyzed) -> None:
    long = "x" * 10_000
    rows = rows_of(analyzed(session_manager(f'SetupExecute = multi "{long}"'))).rows
    texts = [row.text for row in rows if row.value == "SetupExecute"]
    assert texts
    assert all(text.endswith("... (10,000 characters)") for text in texts)


@pytest.mark.parametrize(
    ("ticks", "told"), [(0, False), (10_000_000, False), (TICKS_OF_1970, False), (TICKS_OF_1970 + 1, True), (2**63, False)]
)
def test_only_what_readers_can_hold_is_an_event(ticks: int, told: bool) -> None:
    assert is_told(ticks) is told


def test_unix_times_are_whole_and_rounded_down() -> None:
    ticks = parse_iso_utc(WRITTEN)
    assert unix_seconds(ticks) == 1523017591
    assert unix_microseconds(ticks) == 1523017591123456


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_that_a_spreadsheet_would_run_is_guarded(start: str) -> None:
    assert csv_line([f"{start}1", "b"]).removeprefix('"').startswith(f"'{start}1")


def test_quotes_and_commas_stay_in_their_cell() -> None:
    assert csv_line(['say "a, b"', "c"]) == '"say ""a, b""",c\n'


def test_a_bar_is_escaped_where_there_is_no_quoting() -> None:
    assert bar_cell("a|b") == "a⟨U+007C⟩b"


def test_shown_text_is_on_one_line() -> None:
    assert shown("a\nb\u202ec") == "a⟨U+000A⟩b⟨U+202E⟩c"


# --- what was deleted -------------------------------------------------------------------------------------------------------


def deleted_rows(path: Path) -> list[Row]:
    rows = rows_of(analyze(path, Options(verify="none")), recover(path)).rows
    return of_kind(rows, RowKind.DELETED_KEY)


def test_keys_behind_the_end_of_the_hive_are_not_told_as_keys_of_it(tmp_path: Path) -> None:
    path = tmp_path / "SYSTEM"
    data = hive_with_deleted_key()
    path.write_bytes(data + data[4096:])
    behind = [row for row in deleted_rows(path) if row.offset is not None and row.offset >= len(data)]
    assert behind
    for row in behind:
        assert row.key.startswith("(behind the end of the hive)\\")
        assert "HKEY_LOCAL_MACHINE" not in row.message
        assert f"(low confidence: {BEHIND_THE_END}" in row.message


def test_copies_of_a_deleted_key_are_one_row_that_counts_them(tmp_path: Path) -> None:
    path = tmp_path / "SYSTEM"
    data = hive_with_deleted_key()
    path.write_bytes(data + data[4096:] + data[4096:])
    told = [(row.ticks, row.message) for row in deleted_rows(path)]
    assert len(set(told)) == len(told)
    assert any("; 2 copies, the first at byte " in message for _, message in told)


def test_a_deleted_key_whose_parent_is_not_known_is_told_below_none() -> None:
    deleted = [made_key(path) for path in ("?\\TypeLib", "?", "Select\\Gone")]
    assert [deleted_path(key, False) for key in deleted] == [
        "(unknown parent)\\TypeLib",
        "(unknown parent)\\",
        "HKEY_LOCAL_MACHINE\\SYSTEM\\Select\\Gone",
    ]


def hive_with_deleted_key() -> bytes:
    return write_hive(parse_notation(BOOTABLE), deleted=[("Select", PlainKey("Gone", written=130_000_000_000_000_000))]).data


def made_key(path: str) -> DeletedKey:
    ref = KeyRef("SYSTEM", path, 1, 4096)
    return DeletedKey(ref, path, Parent.REUSED, False, 0, 0, Confidence.MEDIUM, (), b"", ())
