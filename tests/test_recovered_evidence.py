"""What the main job tells of a dirty hive: which logs were used, which were not and why, and on what base block the rest stands."""

from pathlib import Path

import pytest

from hivecheck.analysis import Analysis, Options, analyze
from hivecheck.registry.notation import parse_notation
from hivecheck.settings.catalog import BOOT_EXECUTE
from tests.hive_writer import build_hive
from tests.log_writer import hvle_log, with_sequences


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


def test_without_a_log_that_helps_the_dirty_hive_is_told_as_such(tmp_path: Path, dirty: bytes) -> None:
    analysis = analyze_with(tmp_path, dirty, LOG1=b"", LOG2=hvle_log([FIRST, SECOND], 2).data)
    assert "dirty-hive" in codes(analysis)
    assert boot_execute(analysis) == ["program1"]
