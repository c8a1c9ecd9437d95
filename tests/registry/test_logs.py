"""Replay of transaction logs: on dirty hives built here, and on those that Windows itself recovered (where there are any)."""

import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from struct import pack

import pytest

from hivecheck.facts.filetime import iso_utc
from hivecheck.registry.base_block import read_base_block
from hivecheck.registry.hive import RawValue
from hivecheck.registry.keys import RegfKey
from hivecheck.registry.log_entries import LogFormat, read_log
from hivecheck.registry.logs import RecoveryPlan, plan_recovery, recovered_states
from hivecheck.registry.marvin32 import SEED, marvin32
from hivecheck.registry.notation import hive_of
from hivecheck.registry.regf import RegfHive
from hivecheck.registry.sequence_numbers import first_and_last
from hivecheck.registry.strings import decode_multi_sz
from tests.hive_bins import BLOCK, with_checksum
from tests.hive_writer import build_hive
from tests.log_writer import WrittenLog, dirt_log, hvle_entry, hvle_log, log_base_block, marvin, with_sequences

RealHive = Callable[[str], Path]

MANAGER = r"ControlSet001\Control\Session Manager"
RENAMES = "PendingFileRenameOperations"
FIRST = 40  # sequence number of the first entry


def state(number: int, keys: int = 0) -> bytes:
    """The hive after so many changes: that many pending deletes, and `keys` keys below another one."""
    renames = " ".join(rf'"\??\C:\{index}.tmp" ""' for index in range(number + 1))
    more = "\n".join(rf"[ControlSet001\Services\driver {index:04}]" for index in range(keys))
    text = f"hive written 2021-12-06T12:40:00Z\n[{MANAGER}] ticks:{10**17 + number}\n{RENAMES} = multi {renames}\n{more}"
    return build_hive(hive_of(text))


STATES = tuple(map(state, range(6)))
PRIMARY = with_sequences(STATES[0], FIRST + 1, FIRST)
GROWN = state(6, keys=400)


def plan(primary: bytes, *logs: bytes) -> RecoveryPlan:
    read = tuple(read_log(f"SYSTEM.LOG{number}", data) for number, data in enumerate(logs, 1))
    return plan_recovery(read_base_block(primary), read)


def replay(primary: bytes, *logs: bytes) -> list[bytes]:
    """The whole file after each entry."""
    return [bytes(state.data) for state in recovered_states(primary, plan(primary, *logs))]


def bins(data: bytes) -> bytes:
    return data[BLOCK:]


def reasons(primary: bytes, *logs: bytes) -> list[list[str]]:
    """Why each entry of each log was not applied; '' where it was."""
    return [[fate.why for fate in log.fates] for log in plan(primary, *logs).logs]


def rename_count(data: bytes) -> int:
    key = RegfHive.from_buffer("test", data).root.subkey(MANAGER)
    value = key.value(RENAMES) if key is not None else None
    assert value is not None
    return len(decode_multi_sz(value.data).strings) // 2


# The hash, and what a log says of itself.


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("", 0x30ED35C100CD3C7D),
        ("af", 0x48E73FC77D75DDC1),
        ("e70f", 0xB5F6E1FC485DBFF8),
        ("37f495", 0xF0B07C789B8CF7E8),
        ("8642dc59", 0x7008F2E87E9CF556),
        ("153fb79826", 0xE6C08C6DA2AFA997),
        ("0932e6246c47", 0x6F04BF1A5EA24060),
        ("ab427ea8d10fc7", 0xE11847E4F0678C41),
    ],
)
def test_the_hash_is_that_of_the_published_vectors(data: str, expected: int) -> None:
    """Source: .NET runtime, MarvinTests.cs, the vectors of its first seed."""
    assert marvin32(bytes.fromhex(data), 0x004FB61A001BDBCC) == expected


@pytest.mark.parametrize("length", [*range(13), 511, 512, 4097])
def test_the_hash_of_any_length_is_that_of_a_second_way_to_compute_it(length: int) -> None:
    data = bytes(index * 7 & 0xFF for index in range(length))
    assert marvin32(memoryview(b"x" + data)[1:], SEED) == marvin(data)


def test_the_entries_of_a_log_are_read_as_written() -> None:
    written = hvle_log(STATES, FIRST)
    log = read_log("SYSTEM.LOG1", written.data)
    assert (log.format, log.fault, log.base_block is not None) == (LogFormat.HVLE, "", True)
    assert [(entry.sequence, entry.offset, entry.fault) for entry in log.entries] == [
        (FIRST + number, place, "") for number, place in enumerate(written.entries)
    ]
    for entry, (before, after) in zip(log.entries, pairwise(STATES), strict=True):
        assert entry.hbins_size == len(bins(after))
        for page in entry.pages:
            assert log.data[page.source : page.source + page.size] == bins(after)[page.target : page.target + page.size]
            assert bins(before)[page.target : page.target + page.size] != bins(after)[page.target : page.target + page.size]


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", "empty"),
        (b"regf", "base block"),
        (bytes(4096), "base block"),
        (b"HvLE".ljust(4096, b"\0"), "base block"),
        (log_base_block(PRIMARY, FIRST, 6), "no log entry"),
        (log_base_block(PRIMARY, FIRST, 6).ljust(4096, b"\0"), "no log entry"),
        (log_base_block(PRIMARY, FIRST, 6) + b"HvLE", "cut off"),
        (PRIMARY, "no log entry"),
        (log_base_block(PRIMARY, FIRST, 6)[:510] + b"xx" + b"HvLE", "checksum"),
        (with_checksum(PRIMARY[:512])[:512] + b"HvLE", "two sequence numbers differ"),
    ],
)
def test_what_is_no_log_says_why_and_changes_nothing(data: bytes, fault: str) -> None:
    log = read_log("SYSTEM.LOG", data)
    assert fault in log.fault
    assert replay(PRIMARY, data) == []
    assert plan(PRIMARY, data).logs[0].why == log.fault


# HvLE: Windows 8.1 and later.


def test_each_entry_gives_the_hive_after_it_byte_for_byte() -> None:
    found = replay(PRIMARY, hvle_log(STATES, FIRST).data)
    assert [bins(data) for data in found] == [bins(state) for state in STATES[1:]]
    assert [rename_count(data) for data in found] == [2, 3, 4, 5, 6]


def test_the_base_block_of_a_replayed_hive_is_that_of_a_clean_one() -> None:
    *_, last = replay(PRIMARY, hvle_log(STATES, FIRST).data)
    block = read_base_block(last)
    assert (block.dirty, block.primary_sequence, block.secondary_sequence) == (False, FIRST + 5, FIRST + 5)
    assert block.hbins_size == len(bins(last))
    assert last[12:508] == with_sequences(STATES[-1], 0, 0)[12:508]


def test_the_primary_is_not_written_to() -> None:
    primary = bytearray(PRIMARY)
    states = list(recovered_states(primary, plan(PRIMARY, hvle_log(STATES, FIRST).data)))
    assert len(states) == 5
    assert primary == PRIMARY


def two_logs() -> tuple[bytes, bytes]:
    return hvle_log(STATES[:3], FIRST).data, hvle_log(STATES[2:], FIRST + 2).data


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_two_logs_are_applied_by_sequence_number_whichever_comes_first(order: tuple[int, ...]) -> None:
    logs = [two_logs()[number] for number in order]
    assert [bins(data) for data in replay(PRIMARY, *logs)] == [bins(state) for state in STATES[1:]]
    assert {why for log in reasons(PRIMARY, *logs) for why in log} == {""}


def test_entries_older_than_the_hive_are_left_out() -> None:
    """The hive was written after the first two entries; both logs are still there."""
    primary = with_sequences(STATES[2], FIRST + 3, FIRST + 2)
    assert [bins(data) for data in replay(primary, *two_logs())] == [bins(state) for state in STATES[3:]]
    assert reasons(primary, *two_logs())[0] == ["older than the hive (sequence 42)"] * 2


def test_entries_left_over_from_an_earlier_use_of_the_log_are_left_out() -> None:
    """A log is written from its start again; behind the newest entry an old one may stand, whole and hash-valid."""
    new, old = hvle_log(STATES[:3], FIRST), hvle_log((STATES[5], STATES[4]), FIRST - 9)
    data = new.data + old.data[old.entries[0] :]
    assert [bins(after) for after in replay(PRIMARY, data)] == [bins(state) for state in STATES[1:3]]
    assert reasons(PRIMARY, data) == [["", "", f"older than the hive (sequence {FIRST})"]]
    long_ago = with_sequences(STATES[0], FIRST + 1, FIRST - 20)
    assert [bins(after) for after in replay(long_ago, data)] == [bins(state) for state in STATES[1:3]]
    assert reasons(long_ago, data) == [["", "", "left over from an earlier use of the log"]]


def test_a_partly_overwritten_entry_ends_the_log() -> None:
    """The remainder of an entry whose beginning was overwritten is no entry."""
    written = hvle_log(STATES, FIRST)
    data = written.data[: written.entries[2]] + written.data[written.entries[2] + 512 :]
    assert [bins(after) for after in replay(PRIMARY, data)] == [bins(state) for state in STATES[1:3]]


@pytest.mark.parametrize(
    ("place", "why"),
    [(40, "the hash of its pages is wrong"), (12, "a gap"), (34, "the hash of its header is wrong"), (26, "header")],
)
def test_a_broken_entry_in_the_middle_ends_the_replay(place: int, why: str) -> None:
    written = hvle_log(STATES, FIRST)
    at = written.entries[2] + place
    data = written.patched(at, bytes([written.data[at] ^ 0x40]))
    assert [bins(after) for after in replay(PRIMARY, data)] == [bins(state) for state in STATES[1:3]]
    (found,) = reasons(PRIMARY, data)
    assert found[:2] == ["", ""]
    assert why in found[2]
    assert all(found[3:])


def test_a_torn_page_in_the_first_log_keeps_the_second_from_being_applied() -> None:
    first = hvle_log(STATES[:3], FIRST)
    torn = first.patched(len(first.data) - 520, b"torn")
    _, second = two_logs()
    assert [bins(data) for data in replay(PRIMARY, torn, second)] == [bins(STATES[1])]
    assert reasons(PRIMARY, torn, second)[1] == [f"entry {FIRST + 1} before it could not be applied"] * 3


def test_a_gap_in_the_sequence_ends_the_replay() -> None:
    data = hvle_log(STATES, FIRST, skip=frozenset({2})).data
    assert [bins(after) for after in replay(PRIMARY, data)] == [bins(state) for state in STATES[1:3]]
    (found,) = reasons(PRIMARY, data)
    assert found[2] == f"a gap: entry {FIRST + 2} is expected"
    assert found[3] == f"entry {FIRST + 3} before it could not be applied"


def test_a_gap_between_two_logs_ends_the_replay() -> None:
    first, second = hvle_log(STATES[:2], FIRST).data, hvle_log(STATES[2:], FIRST + 2).data
    assert [bins(after) for after in replay(PRIMARY, first, second)] == [bins(STATES[1])]


def test_the_logs_of_a_clean_hive_change_nothing() -> None:
    after = FIRST + 100
    clean = with_sequences(STATES[0], after, after)
    assert replay(clean, *two_logs()) == []
    assert {log.why for log in plan(clean, *two_logs()).logs} == {"the hive is clean: what the log holds is in it already"}


def test_logs_that_go_on_after_a_clean_hive_are_not_applied_and_told() -> None:
    clean = with_sequences(STATES[0], FIRST, FIRST)
    assert replay(clean, *two_logs()) == []
    told = plan(clean, *two_logs()).logs
    assert all(log.newer for log in told)
    assert f"older than this log, which goes on to entry {FIRST + 4} (the hive is at {FIRST})" in " ".join(
        log.why for log in told
    )


def test_an_old_log_that_is_newer_than_a_clean_hive_is_told() -> None:
    clean = with_sequences(STATES[0], FIRST, FIRST)
    log = dirt_log(STATES[0], with_sequences(STATES[1], FIRST + 5, FIRST + 5), FIRST + 5).data
    (told,) = plan(clean, log).logs
    assert told.newer


def test_a_hive_grows_with_its_log() -> None:
    found = replay(PRIMARY, hvle_log((STATES[0], STATES[1], GROWN), FIRST).data)
    assert len(found[0]) < len(found[1]) == len(GROWN)
    assert bins(found[1]) == bins(GROWN)
    services = RegfHive.from_buffer("test", found[1]).root.subkey(r"ControlSet001\Services")
    assert services is not None
    assert len(list(services.subkeys())) == 400


def test_a_log_longer_than_its_hive_is_applied_whole() -> None:
    states = [state(number % 9, keys=40 + number) for number in range(30)]
    log = hvle_log(states, FIRST).data
    assert len(log) > 2 * len(states[0])
    *_, last = replay(with_sequences(states[0], FIRST + 1, FIRST), log)
    assert bins(last) == bins(states[-1])


def test_a_hive_never_grows_by_more_than_its_logs_hold() -> None:
    """The entry claims two gigabytes of bins, with right hashes."""
    written = hvle_log(STATES[:2], FIRST)
    entry = bytearray(written.data[written.entries[0] :])
    entry[16:20] = pack("<I", 0x7FFFF000)
    entry[32:40] = pack("<Q", marvin(bytes(entry[:32])))
    log = written.data[: written.entries[0]] + bytes(entry)
    (found,) = replay(PRIMARY, log)
    assert len(found) <= len(PRIMARY) + len(log)


@pytest.mark.parametrize("missing", [1, 512, 700])
def test_a_truncated_log_is_applied_up_to_its_last_whole_entry(missing: int) -> None:
    data = hvle_log(STATES, FIRST).data[:-missing]
    assert [bins(after) for after in replay(PRIMARY, data)] == [bins(state) for state in STATES[1:5]]
    assert "does not fit the log" in reasons(PRIMARY, data)[0][4]


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        (4, 0, "its size of 0 bytes"),
        (4, 520, "its size of 520 bytes"),
        (4, 0xFFFFFE00, "does not fit the log"),
        (16, 0, "no multiple of 4,096"),
        (16, 8191, "no multiple of 4,096"),
        (20, 0x10000000, "its table of 268435456 pages"),
        (40, 0xFFFFF000, "a page of"),
        (44, 0, "a page of 0 bytes"),
        (44, 0x7FFFFFFF, "a page of 2147483647 bytes"),
    ],
)
def test_an_entry_with_impossible_fields_is_refused_with_its_reason(field: int, value: int, why: str) -> None:
    written = hvle_log(STATES, FIRST)
    data = written.patched(written.entries[0] + field, pack("<I", value))
    assert replay(PRIMARY, data) == []
    assert why in reasons(PRIMARY, data)[0][0]


@pytest.mark.parametrize("first", [2**32 - 5, 2**32 - 3, 2**32 - 2, 2**32 - 1])
@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_behind_the_last_sequence_number_comes_0(first: int, order: tuple[int, int]) -> None:
    primary = with_sequences(STATES[0], (first + 1) % 2**32, first)
    entries = [hvle_entry(*pair, (first + number) % 2**32) for number, pair in enumerate(pairwise(STATES))]
    heads = [log_base_block(STATES[0], number % 2**32, 6) for number in (first, first + 2)]
    logs = heads[0] + b"".join(entries[:2]), heads[1] + b"".join(entries[2:])
    assert reasons(primary, *(logs[place] for place in order)) == [[""] * (3 if place else 2) for place in order]
    last = replay(primary, *logs)[-1]
    assert bins(last) == bins(STATES[5])
    assert (read_base_block(last).primary_sequence, read_base_block(last).dirty) == ((first + 5) % 2**32, False)


def test_what_lies_before_the_last_number_is_older_than_0() -> None:
    primary = with_sequences(STATES[1], 1, 0)
    entries = [hvle_entry(*pair, number) for number, pair in zip((2**32 - 1, 0, 2), pairwise(STATES), strict=False)]
    log = log_base_block(STATES[0], 2**32 - 1, 6) + b"".join(entries)
    assert reasons(primary, log) == [["older than the hive (sequence 0)", "", "a gap: entry 1 is expected"]]


def test_of_two_logs_that_run_over_the_newest_lends_its_base_block() -> None:
    entries = [hvle_entry(*pair, number) for number, pair in zip((2**32 - 1, 0), pairwise(STATES), strict=False)]
    logs = [log_base_block(STATES[0], number, 6) + entry for number, entry in zip((2**32 - 1, 0), entries, strict=True)]
    for given in (logs, logs[::-1]):
        found = plan(PRIMARY[:508] + bytes(4) + PRIMARY[512:], *given)
        assert found.lender is not None
        assert found.lender.data == logs[1]


@pytest.mark.parametrize(
    ("numbers", "ends"), [([5], (5, 5)), ([7, 8, 5, 6], (5, 8)), ([1, 2, 2**32 - 1, 0], (2**32 - 1, 2))]
)
def test_the_ends_of_numbers_that_run_over(numbers: list[int], ends: tuple[int, int]) -> None:
    assert first_and_last(numbers) == ends


def test_a_bad_base_block_is_taken_from_the_newest_log() -> None:
    primary = b"regf" + b"\xaa" * 508 + PRIMARY[512:]
    found = replay(primary, hvle_log(STATES, FIRST).data)
    assert [bins(data) for data in found] == [bins(state) for state in STATES[1:]]
    block = read_base_block(found[0])
    assert (block.file_type, block.root_offset, block.dirty) == (0, 0x20, False)


def test_of_two_logs_a_bad_base_block_uses_the_newest_only() -> None:
    """What came before it may or may not be in the bins: nothing says so any more."""
    primary = PRIMARY[:508] + b"\xee\xee\xee\xee" + STATES[2][512:]
    found = plan(primary, *two_logs())
    assert [log.applied for log in found.logs] == [0, 3]
    assert found.logs[0].why.startswith("the base block of the hive is bad")


# DIRT: up to Windows 8.


def old(written: int = 10**17) -> tuple[bytes, WrittenLog]:
    """A dirty hive of the old format, and its log."""
    before, after = with_sequences(STATES[0], 8, 7, written), with_sequences(STATES[3], 8, 8, written)
    return before, dirt_log(before, after, 8)


def test_the_sectors_of_an_old_log_are_put_where_its_bitmap_says() -> None:
    primary, log = old()
    assert read_log("SYSTEM.LOG", log.data).format is LogFormat.DIRT
    (found,) = replay(primary, log.data)
    assert bins(found) == bins(STATES[3])
    block = read_base_block(found)
    assert (block.dirty, block.primary_sequence, block.file_type) == (False, 8, 0)


def test_an_old_log_makes_its_hive_grow() -> None:
    before, after = with_sequences(STATES[0], 8, 7, 1), with_sequences(GROWN, 8, 8, 1)
    (found,) = replay(before, dirt_log(before, after, 8).data)
    assert bins(found) == bins(GROWN)


def test_the_pages_of_an_old_log_of_a_big_hive_lie_behind_a_bitmap_of_several_sectors() -> None:
    """The bitmap of a hive above 2 MB does not fit one sector: where readers that count on it go wrong."""
    start = state(0, keys=21000)
    before, after = with_sequences(start, 8, 7, 1), with_sequences(start[:-4096] + b"\xee" * 4096, 8, 8, 1)
    assert len(bins(after)) // 512 // 8 > 512
    (found,) = replay(before, dirt_log(before, after, 8).data)
    assert bins(found) == bins(after)


def test_an_old_log_of_another_state_of_the_hive_is_refused() -> None:
    primary, log = old()
    assert replay(with_sequences(primary, 9, 8), log.data) == []
    assert "sequence 8, not 9" in reasons(with_sequences(primary, 9, 8), log.data)[0][0]
    assert replay(with_sequences(primary, 8, 7, 5), log.data) == []
    assert "times" in reasons(with_sequences(primary, 8, 7, 5), log.data)[0][0]


def test_an_old_log_with_a_wrong_checksum_is_refused() -> None:
    primary, log = old()
    assert replay(primary, log.patched(508, b"\1\2\3\4")) == []


def test_an_old_log_beside_a_clean_hive_changes_nothing() -> None:
    _, log = old()
    assert replay(with_sequences(STATES[3], 8, 8), log.data) == []


@pytest.mark.parametrize("cut", [514, 516, -1, -512])
def test_an_old_log_that_is_cut_is_refused_whole(cut: int) -> None:
    """Half of its sectors would make a hive that never was."""
    primary, log = old()
    assert replay(primary, log.data[:cut]) == []
    assert read_log("SYSTEM.LOG", log.data[:cut]).fault


def test_an_old_log_lends_its_base_block() -> None:
    primary, log = old()
    (found,) = replay(primary[:4] + bytes(508) + primary[512:], log.data)
    assert bins(found) == bins(STATES[3])
    assert read_base_block(found).root_offset == 0x20


@pytest.mark.parametrize("byte", [b"\0", b"\x55", b"\x01", b"\xff"])
def test_the_bitmap_of_the_largest_hive_is_read_in_a_moment(byte: bytes) -> None:
    """A mebibyte of bitmap, for four gigabytes of bins of which not one sector is there."""
    block = bytearray(log_base_block(PRIMARY, 8, 1))
    block[40:44] = pack("<I", 0xFFFFF000)
    started = time.perf_counter()
    log = read_log("SYSTEM.LOG", with_checksum(bytes(block)) + b"DIRT" + byte * 2**20)
    assert time.perf_counter() - started < 0.5
    assert log.fault == ("" if byte == b"\0" else "it holds fewer sectors than its bitmap says")


# Real hives. What Windows made of them is the truth.


def real_replay(path: Path) -> tuple[list[bytes], RecoveryPlan]:
    logs = [path.with_name(f"{path.name}.LOG{number}") for number in (1, 2)]
    data = path.read_bytes()
    found = plan_recovery(read_base_block(data), tuple(read_log(log.name, log.read_bytes()) for log in logs))
    return [bytes(state.data) for state in recovered_states(data, found)][-1:], found


def with_its_logs(real_hive: RealHive, name: str) -> Path:
    """The hive in a folder with its logs; the fixture unpacks each file into a folder of its own."""
    path = real_hive(name)
    for number in (1, 2):
        log = real_hive(f"{name}.LOG{number}")
        if log.parent != path.parent:
            path.with_name(log.name).write_bytes(log.read_bytes())
    return path


def tree(data: bytes) -> dict[str, object]:
    """Every key by its path: time, class, and its values in order."""
    hive = RegfHive.from_buffer("test", data)
    found: dict[str, object] = {}
    pending: list[RegfKey] = [hive.root]
    while pending:
        key = pending.pop()
        found[key.path] = key.written, key.class_name, [_plain(value) for value in key.values()]
        pending += key.subkeys()
    assert hive.problems == ()
    return found


def _plain(value: RawValue) -> tuple[str, int, bytes]:
    return value.name, value.type, value.data


@pytest.mark.parametrize(
    ("dirty", "recovered", "keys"),
    [
        ("NewDirtyHive1/NewDirtyHive", "RecoveredHive_Windows10", 5),
        ("OldDirtyHive/OldDirtyHive", "RecoveredHive_Windows7", 5003),
    ],
)
def test_a_replayed_hive_is_the_one_that_windows_recovered(
    dirty: str, recovered: str, keys: int, real_hive: RealHive
) -> None:
    path = with_its_logs(real_hive, f"conformance/{dirty}")
    (ours,), _ = real_replay(path)
    windows = real_hive(f"conformance/{dirty.partition('/')[0]}/{recovered}").read_bytes()
    assert len(tree(ours)) == keys
    assert tree(ours) == tree(windows)
    assert tree(ours) != tree(path.read_bytes())


def test_a_log_with_a_wrong_checksum_is_refused_and_the_primary_stands(real_hive: RealHive) -> None:
    found, plan = real_replay(with_its_logs(real_hive, "conformance/BadLogHive1/BadLogHive"))
    assert found == []
    assert [log.why for log in plan.logs] == ["the checksum of its base block is wrong", "it is empty"]


def test_a_hive_with_a_bad_base_block_is_recovered_from_its_log(real_hive: RealHive) -> None:
    (ours,), plan = real_replay(with_its_logs(real_hive, "conformance/BadBaseBlockHive/BadBaseBlockHive"))
    assert plan.lender is not None
    assert len(tree(ours)) == 5003
    assert not read_base_block(ours).dirty


def test_the_logs_of_a_real_machine_double_its_pending_renames(real_hive: RealHive) -> None:
    path = with_its_logs(real_hive, "win10-1709-dirty")
    assert rename_count(path.read_bytes()) == 8
    (ours,), plan = real_replay(path)
    assert [log.applied for log in plan.logs] == [4, 20]
    assert len(tree(ours)) == 35595
    assert rename_count(ours) == 16
    key = RegfHive.from_buffer("SYSTEM", ours).root.subkey(MANAGER)
    assert key is not None
    assert iso_utc(key.written)[:19] == "2018-04-06T12:26:31"


def test_the_list_of_a_real_machine_grows_at_one_entry(real_hive: RealHive) -> None:
    path = with_its_logs(real_hive, "win10-1709-dirty")
    data = path.read_bytes()
    logs = tuple(read_log(path.name, path.with_name(f"{path.name}.LOG{number}").read_bytes()) for number in (1, 2))
    counts = [
        (state.entry.sequence, rename_count(bytes(state.data)))
        for state in recovered_states(data, plan_recovery(read_base_block(data), logs))
        if 2117 <= state.entry.sequence <= 2119
    ]
    assert counts == [(2117, 8), (2118, 16), (2119, 16)]
