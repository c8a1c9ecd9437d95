"""What the main job tells of a dirty hive: which logs were used, which were not and why, and on what base block the rest stands."""

import html
from pathlib import Path

import pytest

from hivecheck.analysis import Analysis, Options, analyze
from hivecheck.errors import EvidenceError, NotAHiveError
from hivecheck.registry.notation import parse_notation
from hivecheck.report.document import analysis_document
from hivecheck.report.html import render_html
from hivecheck.report.paper import Paper
from hivecheck.report.terminal import log_words, write_summary
from hivecheck.settings.catalog import BOOT_EXECUTE
from tests.hive_writer import build_hive
from tests.log_writer import hvle_log, with_owner, with_sequences


def state(command: str) -> bytes:
    text = rf"""
        [Select]
        Default = dword 1
        [ControlSet001\Control\Session Manager]
        BootExecute = multi "{command}"
    """
    return build_hive(parse_notation(text))


FIRST, SECOND, THIRD = (state(f"program{number}") for number in (1, 2, 3))


def analyze_with(folder: Path, hive: bytes, **logs: bytes) -> Analysis:
    (folder / "SYSTEM").write_bytes(hive)
    for ending, data in logs.items():
        (folder / f"SYSTEM.{ending}").write_bytes(data)
    return analyze(folder / "SYSTEM", Options(verify="none"))


def boot_execute(analysis: Analysis) -> list[str]:
    return [command.text for command in analysis.settings[BOOT_EXECUTE].value]


def codes(analysis: Analysis) -> list[str]:
    return [
        problem.code for problem in analysis.problems if problem.code not in ("generation-unknown", "select-value-unusable")
    ]


@pytest.fixture
def dirty() -> bytes:
    return with_sequences(FIRST, 5, 4)


def test_a_log_that_fits_leaves_nothing_to_tell(tmp_path: Path, dirty: bytes) -> None:
    analysis = analyze_with(tmp_path, dirty, LOG1=hvle_log([FIRST, SECOND, THIRD], 4).data)
    assert boot_execute(analysis) == ["program3"]
    assert analysis.evidence.recovered
    assert codes(analysis) == []


def test_a_refused_log_beside_one_that_was_applied_is_told(tmp_path: Path, dirty: bytes) -> None:
    spoilt = bytearray(hvle_log([FIRST, SECOND], 4).data)
    spoilt[508] ^= 1
    analysis = analyze_with(tmp_path, dirty, LOG1=bytes(spoilt), LOG2=hvle_log([SECOND, THIRD], 5).data)
    assert analysis.evidence.recovered
    assert codes(analysis) == ["log-refused"]
    assert any("SYSTEM.LOG1" in one.message for one in analysis.problems)


def test_entries_that_were_not_applied_are_told_with_the_reason(tmp_path: Path, dirty: bytes) -> None:
    log = hvle_log([FIRST, SECOND, THIRD], 4).data
    analysis = analyze_with(tmp_path, dirty, LOG1=log[:-100] + bytes([log[-100] ^ 1]) + log[-99:])
    assert boot_execute(analysis) == ["program2"]
    (problem,) = [one for one in analysis.problems if one.code == "log-entries-skipped"]
    assert problem.message == "1 entry of SYSTEM.LOG1 was not applied: the hash of its pages is wrong."


@pytest.mark.parametrize("damage", [b"XXXX" + FIRST[4:], bytes(4096) + FIRST[4096:]])
def test_a_base_block_taken_from_a_log_is_told_and_not_given_as_the_files(tmp_path: Path, damage: bytes) -> None:
    analysis = analyze_with(tmp_path, damage, LOG1=hvle_log([FIRST, SECOND], 4).data)
    assert boot_execute(analysis) == ["program2"]
    assert "base-block-from-log" in codes(analysis)
    assert not analysis.evidence.base_block.checksum_ok
    assert analysis.evidence.dirty
    assert [(change.value, change.before is None) for change in analysis.evidence.log_changes] == [("BootExecute", False)]


def test_a_log_that_goes_on_after_a_clean_hive_is_told(tmp_path: Path) -> None:
    analysis = analyze_with(tmp_path, with_sequences(FIRST, 4, 4), LOG1=hvle_log([FIRST, SECOND], 4).data)
    assert boot_execute(analysis) == ["program1"]
    assert codes(analysis) == ["log-newer-than-hive"]


def test_what_an_earlier_use_of_the_log_left_behind_is_no_problem(tmp_path: Path) -> None:
    analysis = analyze_with(
        tmp_path, with_sequences(FIRST, 6, 5), LOG1=hvle_log([FIRST, SECOND], 3).data, LOG2=hvle_log([FIRST, THIRD], 5).data
    )
    assert boot_execute(analysis) == ["program3"]
    assert codes(analysis) == []


def test_a_log_named_twice_is_used_once(tmp_path: Path, dirty: bytes) -> None:
    (tmp_path / "SYSTEM").write_bytes(dirty)
    log = tmp_path / "SYSTEM.LOG1"
    log.write_bytes(hvle_log([FIRST, SECOND], 4).data)
    analysis = analyze(tmp_path / "SYSTEM", Options(verify="none", logs=(log, tmp_path / "." / "SYSTEM.LOG1")))
    assert len(analysis.evidence.logs) == 1
    assert codes(analysis) == []


def test_a_list_changed_without_a_change_of_its_length_says_so(tmp_path: Path) -> None:
    def pending(name: str) -> bytes:
        pair = rf'"\??\C:\{name}" ""'
        return build_hive(
            parse_notation(
                "[Select]\nDefault = dword 1\n[ControlSet001\\Control\\Session Manager]\n"
                f"PendingFileRenameOperations = multi {pair}"
            )
        )

    analysis = analyze_with(
        tmp_path, with_sequences(pending("a"), 5, 4), LOG1=hvle_log([pending("a"), pending("b")], 4).data
    )
    paper = Paper(100, styled=False)
    write_summary(analysis, paper)
    assert "1 operation -> 1 operation, 1 of them others (entry 4)" in " ".join(paper.text().split())


def test_without_a_log_that_helps_the_dirty_hive_is_told_as_such(tmp_path: Path, dirty: bytes) -> None:
    analysis = analyze_with(tmp_path, dirty, LOG1=b"", LOG2=hvle_log([FIRST, SECOND], 2).data)
    assert "dirty-hive" in codes(analysis)
    assert boot_execute(analysis) == ["program1"]


OURS, OTHERS = bytes(range(1, 33)), bytes(range(2, 34))


def test_the_log_of_another_hive_is_refused_though_its_numbers_fit(tmp_path: Path, dirty: bytes) -> None:
    log = with_owner(hvle_log([FIRST, SECOND], 4).data, "SYSTEM", OTHERS)
    analysis = analyze_with(tmp_path, with_owner(dirty, "SYSTEM", OURS), LOG1=log)
    assert boot_execute(analysis) == ["program1"]
    assert codes(analysis) == ["dirty-hive", "log-of-another-hive"]
    told = next(one.message for one in analysis.problems if one.code == "log-of-another-hive")
    assert told == (
        "The log SYSTEM.LOG1 is that of another hive: the identifiers of the resource manager and the transaction manager differ. "
        "Nothing of it was used; to apply it anyway, give --logs."
    )


def test_beside_the_right_log_that_of_another_hive_is_told_once(tmp_path: Path, dirty: bytes) -> None:
    ours = with_owner(hvle_log([FIRST, SECOND], 4).data, "SYSTEM", OURS)
    other = with_owner(hvle_log([SECOND, THIRD], 5).data, "SYSTEM", OTHERS)
    analysis = analyze_with(tmp_path, with_owner(dirty, "SYSTEM", OURS), LOG1=ours, LOG2=other)
    assert boot_execute(analysis) == ["program2"]
    assert codes(analysis) == ["log-of-another-hive"]


def test_the_log_of_another_hive_that_was_named_is_applied_and_doubted(tmp_path: Path, dirty: bytes) -> None:
    log = with_owner(hvle_log([FIRST, SECOND], 4).data, "SOFTWARE", OTHERS)
    (tmp_path / "other").write_bytes(log)
    (tmp_path / "SYSTEM").write_bytes(with_owner(dirty, "SYSTEM", OURS))
    analysis = analyze(tmp_path / "SYSTEM", Options(verify="none", logs=(tmp_path / "other",)))
    assert boot_execute(analysis) == ["program2"]
    (problem,) = [one for one in analysis.problems if one.code == "log-of-another-hive"]
    assert problem.message.startswith("The log other was applied, but may be that of another hive: ")
    assert "PERHAPS OF ANOTHER HIVE" in log_words(analysis)
    assert "may be another hive's" in html.unescape(render_html(analysis, "2026-01-01T00:00:00Z"))
    (log_document,) = analysis_document(analysis, "2026-01-01T00:00:00Z")["evidence"]["logs"]
    assert "SOFTWARE" in log_document["doubt"]


def test_a_log_that_names_another_path_of_the_same_hive_is_applied_with_a_remark(tmp_path: Path, dirty: bytes) -> None:
    log = with_owner(hvle_log([FIRST, SECOND], 4).data, r"\mounted\SYSTEM", OURS)
    analysis = analyze_with(tmp_path, with_owner(dirty, "SYSTEM", OURS), LOG1=log)
    assert boot_execute(analysis) == ["program2"]
    assert codes(analysis) == ["log-of-another-hive"]


def test_the_log_of_another_hive_beside_a_clean_one_is_told_and_not_searched(tmp_path: Path) -> None:
    log = with_owner(hvle_log([FIRST, SECOND], 4).data, "SYSTEM", OTHERS)
    analysis = analyze_with(tmp_path, with_owner(FIRST, "SYSTEM", OURS), LOG1=log)
    assert codes(analysis) == ["log-of-another-hive"]
    assert analysis.lost.is_empty


def test_a_hive_that_the_log_of_another_one_ruined_is_not_called_damaged(tmp_path: Path, dirty: bytes) -> None:
    software = build_hive(parse_notation("[Microsoft]\n[Classes]\n"))
    (tmp_path / "other").write_bytes(with_owner(hvle_log([FIRST, software], 4).data, "SOFTWARE", OTHERS))
    (tmp_path / "SYSTEM").write_bytes(with_owner(dirty, "SYSTEM", OURS))
    with pytest.raises(EvidenceError) as caught:
        analyze(tmp_path / "SYSTEM", Options(verify="none", logs=(tmp_path / "other",)))
    assert "leave them out" in caught.value.hint


def test_a_destroyed_base_block_is_not_lent_by_the_log_of_another_hive(tmp_path: Path) -> None:
    hive = b"XXXX" + with_owner(FIRST, "SYSTEM", OURS)[4:]
    log = with_owner(hvle_log([FIRST, SECOND], 4).data, "SOFTWARE", OTHERS)
    with pytest.raises(NotAHiveError) as caught:
        analyze_with(tmp_path, hive, LOG1=log)
    assert "SYSTEM.LOG1: it belongs to another hive: the identifiers" in caught.value.hint


@pytest.mark.parametrize("verify", ["second", "all"])
def test_what_the_others_say_of_a_hive_without_its_mark_is_told(tmp_path: Path, verify: str) -> None:
    (tmp_path / "SYSTEM").write_bytes(b"XXXX" + FIRST[4:])
    with pytest.raises(NotAHiveError, match="the base block of this hive is destroyed") as caught:
        analyze(tmp_path / "SYSTEM", Options(verify=verify))
    assert (
        "python-registry can't open it either (ParseException: Registry Parse Exception (Invalid REGF ID))."
        in caught.value.hint
    )
    assert "regipy" in caught.value.hint


def test_the_others_read_what_was_recovered_where_the_mark_is_gone(tmp_path: Path) -> None:
    (tmp_path / "SYSTEM").write_bytes(b"XXXX" + FIRST[4:])
    (tmp_path / "SYSTEM.LOG1").write_bytes(hvle_log([FIRST, SECOND], 4).data)
    readers = analyze(tmp_path / "SYSTEM", Options(verify="all")).evidence.readers
    assert [(reader.agrees, reader.keys_compared) for reader in readers] == [(True, 1), (True, 1)]
