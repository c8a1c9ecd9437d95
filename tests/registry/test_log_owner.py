"""Whose log it is: what the base blocks of hive and log must agree in, and what of it is certain."""

from collections.abc import Callable
from pathlib import Path
from struct import pack_into

import pytest

from hivecheck.facts.fact import changed
from hivecheck.registry.base_block import BaseBlock, base_block_fields
from hivecheck.registry.log_owner import Doubt, doubt_log
from hivecheck.registry.memory import MemoryHive
from tests.hive_writer import build_hive
from tests.log_writer import with_owner

OURS, OTHERS = bytes(range(1, 33)), bytes(range(2, 34))
HIVE = build_hive(MemoryHive())


def block(name: str = "SYSTEM", identifiers: bytes = OURS, written: int = 5, sound: bool = True) -> BaseBlock:
    read = base_block_fields(with_owner(HIVE, name, identifiers))
    return changed(read, last_written=written, checksum_ok=sound)


def test_a_copy_of_the_base_block_is_not_doubted() -> None:
    assert doubt_log(block(), block()) == Doubt("", False)


@pytest.mark.parametrize("identifiers", [OTHERS, OTHERS[:16] + OURS[16:], OURS[:16] + OTHERS[16:]])
def test_another_identifier_is_certainly_another_hive(identifiers: bytes) -> None:
    doubt = doubt_log(block(), block(identifiers=identifiers))
    assert doubt.certain
    assert "manager differ" in doubt.words


def test_another_place_of_the_root_is_certainly_another_hive() -> None:
    assert doubt_log(block(), changed(block(), root_offset=0x1020)) == Doubt("the root key is at 0x1020, not at 0x20", True)


@pytest.mark.parametrize(
    ("hive", "log", "certain"),
    [
        (block(), block("SOFTWARE"), False),  # loaded from elsewhere in between
        (block(identifiers=b""), block("SOFTWARE", b""), False),  # written at the same tick
        (block(identifiers=b""), block("SOFTWARE", b"", written=6), True),
        (block(identifiers=b"", written=0), block("SOFTWARE", b"", written=0), True),
        (block(identifiers=b""), block("SOFTWARE", OURS, written=6), True),
    ],
)
def test_another_name_is_certain_where_nothing_else_agrees(hive: BaseBlock, log: BaseBlock, certain: bool) -> None:
    assert doubt_log(hive, log) == Doubt("it names the hive “SOFTWARE”, which names itself “SYSTEM”", certain)


@pytest.mark.parametrize("name", ["system", "SYSTEM", ""])
def test_a_name_in_another_case_or_none_is_no_difference(name: str) -> None:
    assert doubt_log(block(identifiers=b""), block(name, b"", written=9)).words == ""


def test_identifiers_that_nothing_marks_or_that_are_zero_are_none() -> None:
    unmarked = bytearray(with_owner(HIVE, "SYSTEM", OURS))
    pack_into("<4s", unmarked, 164, b"xxxx")
    for data in (bytes(unmarked), with_owner(HIVE, "SYSTEM", bytes(32))):
        read = base_block_fields(data)
        assert (read.resource_manager, read.transaction_manager) == ("", "")


def test_one_difference_from_a_damaged_base_block_may_be_the_damage() -> None:
    ruins = changed(block(sound=False), root_offset=0x7770)
    assert doubt_log(ruins, block()) == Doubt()
    assert not doubt_log(ruins, block("SOFTWARE")).certain
    assert doubt_log(ruins, block("SOFTWARE", OTHERS)).certain


def test_control_characters_of_a_name_are_shown_as_such() -> None:
    assert "\x1b" not in doubt_log(block(), block("\x1b[2J")).words


@pytest.mark.parametrize(
    ("name", "logs"),
    [
        ("win10-1709-dirty", ("LOG1", "LOG2")),
        ("conformance/NewDirtyHive1/NewDirtyHive", ("LOG1", "LOG2")),
        ("conformance/OldDirtyHive/OldDirtyHive", ("LOG1",)),
        ("conformance/BadLogHive1/BadLogHive", ("LOG1",)),
        ("conformance/BadBaseBlockHive/BadBaseBlockHive", ("LOG1",)),
    ],
)
def test_real_logs_are_those_of_their_hive(name: str, logs: tuple[str, ...], real_hive: Callable[[str], Path]) -> None:
    hive = base_block_fields(real_hive(name).read_bytes()[:512])
    for ending in logs:
        data = real_hive(f"{name}.{ending}").read_bytes()[:512]
        assert len(data) < 512 or doubt_log(hive, base_block_fields(data)) == Doubt()


def test_the_logs_of_two_real_hives_are_told_apart(real_hive: Callable[[str], Path]) -> None:
    log = base_block_fields(real_hive("win10-1709-dirty.LOG1").read_bytes()[:512])
    other = base_block_fields(real_hive("win10-1903").read_bytes()[:512])
    assert doubt_log(other, log).certain
