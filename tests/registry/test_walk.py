"""The walk over a whole hive: the order, that every key comes once, and that it reads what enumeration reads, damage and all."""

import random
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from struct import pack

import pytest

from hivecheck.errors import EvidenceError
from hivecheck.registry.hive import Limits
from hivecheck.registry.keys import RegfKey
from hivecheck.registry.memory import MemoryHive, PlainKey, PlainValue
from hivecheck.registry.notation import hive_of
from hivecheck.registry.regf import RegfHive, open_hive
from hivecheck.registry.walk import walk_keys
from tests.broken_hives import broken_hives
from tests.hive_writer import write_hive

SMALL = write_hive(
    hive_of(r"""
    [A] 2018-04-06T12:26:31.1234567Z class "shape"
    @ = sz "unnamed"
    none = none
    Long = sz "longer than four bytes"
    [A\a1]
    [A\a2]
    [B]
    [B\b1]
    [C]
    """)
)
Row = tuple[str, int, int, str | None, list[object]]


def read(data: bytes, limits: Limits | None = None) -> RegfHive:
    return RegfHive.from_buffer("test", data, limits or Limits())


def row(key: RegfKey) -> Row:
    return key.path, key.written, key.offset, key.class_name, list(key.stored_values())


def enumerated(hive: RegfHive) -> Iterator[RegfKey]:
    """The same keys by `subkeys`, one level at a time."""
    pending = [hive.root]
    while pending:
        key = pending.pop()
        yield key
        pending += reversed(list(key.subkeys()))


def test_keys_come_in_stored_order_mothers_first() -> None:
    assert [key.path for key in walk_keys(read(SMALL.data))] == ["", "A", r"A\a1", r"A\a2", "B", r"B\b1", "C"]


def test_a_key_has_its_time_its_class_its_values_and_its_place() -> None:
    hive = read(SMALL.data)
    key = next(key for key in walk_keys(hive) if key.path == "A")
    found = hive.root.subkey("A")
    assert found is not None
    assert (key.ref, key.class_name, key.offset) == (found.ref, "shape", SMALL.keys["A"])
    assert list(key.stored_values()) == [
        (SMALL.values["A", ""], "", 1, "unnamed\0".encode("utf-16-le"), None),
        (SMALL.values["A", "none"], "none", 0, b"", None),
        (SMALL.values["A", "Long"], "Long", 1, "longer than four bytes\0".encode("utf-16-le"), None),
    ]


def test_two_walks_give_the_same_and_neither_tells_a_problem() -> None:
    hive = read(SMALL.data)
    assert [row(key) for key in walk_keys(hive)] == [row(key) for key in walk_keys(hive)]
    assert hive.problems == ()


@pytest.mark.parametrize(
    "broken", [broken for broken in broken_hives() if not broken.error], ids=lambda broken: str(broken.file)
)
def test_the_walk_reads_of_a_broken_hive_what_enumeration_reads(broken: object) -> None:
    data = broken.data  # type: ignore[attr-defined]
    walked, listed = read(data), read(data)
    assert [row(key) for key in walk_keys(walked)] == [row(key) for key in enumerated(listed)]
    assert sorted(walked.problems, key=repr) == sorted(listed.problems, key=repr)


MIXED = write_hive(
    MemoryHive(
        plain=PlainKey(
            values=(PlainValue("big", 3, b"y" * 20000), PlainValue("", 1, b"a\0\0\0"), PlainValue("\u0416", 4, b"\1\0\0\0")),
            subkeys=tuple(
                PlainKey(f"key {number}", number, "class", (PlainValue("v", 7, bytes(9)),), (PlainKey("\u0416"),))
                for number in range(12)
            ),
        )
    ),
    ri_threshold=5,
).data


@pytest.mark.parametrize("seed", range(300))
def test_the_walk_reads_of_a_damaged_hive_what_enumeration_reads(seed: int) -> None:
    chance = random.Random(seed)
    data = bytearray(MIXED)
    for _ in range(chance.choice((1, 4, 64))):
        place = chance.choice((chance.randrange(512), chance.randrange(4096, 4096 + 5000))) & ~3
        data[place : place + 4] = pack(
            "<I", chance.choice((chance.randrange(32, 5000) & ~7, chance.getrandbits(32), 0, 0xFFFFFFFF))
        )
    try:
        walked, listed = read(bytes(data)), read(bytes(data))
    except EvidenceError:
        return
    assert [row(key) for key in walk_keys(walked)] == [row(key) for key in enumerated(listed)]
    assert sorted(walked.problems, key=repr) == sorted(listed.problems, key=repr)


def test_a_walk_through_a_loop_ends() -> None:
    loop = SMALL.patched(SMALL.lists["A"] + 8, pack("<I", SMALL.keys["A"] - 4096))
    hive = read(loop)
    assert [key.path for key in walk_keys(hive)] == ["", "A", r"A\a2", "B", r"B\b1", "C"]
    assert [problem.code for problem in hive.problems] == ["subkey-loop"]


def test_a_walk_begun_after_look_ups_and_listings_is_the_same() -> None:
    hive = read(SMALL.data)
    assert hive.root.subkey(r"A\a2") is not None
    assert len(list(next(hive.root.subkeys()).subkeys())) == 2
    assert [key.path for key in walk_keys(hive)] == [key.path for key in walk_keys(read(SMALL.data))]


def test_the_values_of_one_key_are_not_held_in_memory() -> None:
    """A thousand values that share one megabyte of data: a list of them would take a gigabyte."""
    values = tuple(PlainValue(f"{number}", 3, b"x" * (2**20 if number == 0 else 8)) for number in range(1000))
    written = write_hive(MemoryHive(plain=PlainKey(values=values)), version=(1, 3))
    data = bytearray(written.data)
    first = written.values["", "0"]
    for number in range(1, 1000):
        place = written.values["", f"{number}"]
        data[place + 8 : place + 16] = data[first + 8 : first + 16]
    hive = read(bytes(data), Limits(data_bytes=2**30))
    tracemalloc.start()
    try:
        assert sum(len(value[3]) for key in walk_keys(hive) for value in key.stored_values()) > 600 * 2**20 - 1
        assert tracemalloc.get_traced_memory()[1] < 16 * 2**20
    finally:
        tracemalloc.stop()


# The limit on time.


class Clock:
    """A clock that runs on by some seconds whenever it is looked at."""

    def __init__(self, seconds: float) -> None:
        self.now, self.seconds = 1000.0, seconds

    def __call__(self) -> float:
        self.now += self.seconds
        return self.now


MANY = write_hive(
    MemoryHive(
        plain=PlainKey(subkeys=tuple(PlainKey(f"key {number:04}", subkeys=(PlainKey("x"),)) for number in range(4000)))
    )
).data


def test_reading_ends_with_its_time_and_says_so() -> None:
    hive = RegfHive.from_buffer("test", MANY, Limits(seconds=0.15), clock=Clock(5.0))
    paths = [key.path for key in walk_keys(hive)]
    assert 4000 < len(paths) < 8001
    assert {problem.code: problem.loses_data for problem in hive.problems} == {"limit-time": True}
    assert list(hive.root.subkeys()) == []


def test_the_time_between_two_readings_is_not_counted_as_reading() -> None:
    """A hive may stay open for an hour in an interactive session."""
    hive = RegfHive.from_buffer("test", MANY, clock=Clock(3600.0))
    for _ in range(10):
        assert len(list(walk_keys(hive))) == 8001
    assert hive.problems == ()


# Real hives.


@pytest.mark.parametrize(
    ("name", "keys", "values"),
    [("nt4-sp3-server", 1971, 5841), ("xp-x64", 5831, 19034), ("win7-sp1-x86", 30756, 73456), ("win10-1903", 43211, 90307)],
)
def test_every_key_and_value_of_a_real_hive_is_walked(
    name: str, keys: int, values: int, real_hive: Callable[[str], Path]
) -> None:
    with open_hive(real_hive(name)) as hive, open_hive(real_hive(name)) as other:
        found = [row(key) for key in walk_keys(hive)]
        assert (len(found), sum(len(values) for *_, values in found), hive.problems) == (keys, values, ())
        assert found == [row(key) for key in enumerated(other)]
