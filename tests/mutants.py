"""Mutants of hives and of their logs: the same for a seed and a number, on every machine and in any order.

Half of them are structure-aware: a field of a key, a value, a list, a bin or a log entry gets a value that readers stumble over (a
reference to another cell, to an ancestor, beyond the file, an absurd count), and where a checksum or a hash would give it away, it
is made right again. For `mutate`, which runs them.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random
from struct import calcsize, pack, pack_into, unpack_from

from hivecheck.registry.memory import MemoryHive, PlainKey, PlainValue
from hivecheck.registry.regf import RegfHive
from hivecheck.registry.walk import walk_keys
from tests.hive_bins import BLOCK, with_checksum
from tests.hive_writer import build_hive
from tests.log_writer import dirt_log, hvle_log, marvin, with_sequences

HIVES = Path(__file__).parents[1] / "test_hives"
BUILT = ("win10-21h2-x64", "xp-x86", "nt351-x86", "win2000-x86", "infected-minint-win10-1903-x64")
REAL = ("nt4-sp3-server", "xp-x64")  # the small ones
REAL_EVERY = 50  # of so many mutants one is of a real hive, where there are any
PLACES_AT_MOST = 4_000

# Fields of a cell's contents: bytes behind the size field, and width.
KEY_FIELDS = (
    (4, 2),
    (6, 2),
    (8, 8),
    (20, 4),
    (24, 4),
    (32, 4),
    (40, 4),
    (44, 4),
    (48, 4),
    (52, 4),
    (76, 2),
    (78, 2),
    (80, 2),
)
VALUE_FIELDS = ((4, 2), (6, 2), (8, 4), (12, 4), (16, 4), (20, 2), (24, 2))
LIST_FIELDS = ((4, 2), (6, 2), (8, 4), (12, 4), (16, 4), (20, 4))
BIG_DATA_FIELDS = ((4, 2), (6, 2), (8, 4))
SECURITY_FIELDS = (
    (4, 2),
    (8, 4),
    (12, 4),
    (16, 4),
    (20, 4),
    (24, 2),
    (26, 2),
    (28, 4),
    (32, 4),
    (40, 4),
    (44, 2),
    (46, 2),
    (48, 2),
)
BIN_FIELDS = ((0, 4), (4, 4), (8, 4), (32, 4))
BASE_FIELDS = ((4, 4), (8, 4), (12, 8), (20, 4), (24, 4), (28, 4), (32, 4), (36, 4), (40, 4), (44, 4), (48, 4), (508, 4))
ENTRY_FIELDS = ((4, 4), (8, 4), (12, 4), (16, 4), (20, 4), (40, 4), (44, 4), (48, 4), (52, 4))
ABSURD = (0, 1, 2, 3, 4, 8, 0x20, 0x1000, 0x7FFFFFF8, 0x7FFFFFFF, 0x80000000, 0x80000005, 0xFFFFFFF8, 0xFFFFFFFF)


@dataclass(frozen=True, slots=True)
class Mutant:
    """The files of one mutant, by name: SYSTEM, and maybe its logs."""

    number: int
    kind: str
    base: str
    files: dict[str, bytes]


@dataclass(slots=True)
class Base:
    """A sound hive (dirty where it has logs), and the places in it that are worth damaging, by kind."""

    name: str
    data: bytes
    logs: tuple[bytes, ...] = ()
    places: dict[str, list[int]] = field(default_factory=dict)


def make_mutant(seed: int, number: int, kinds: tuple[str, ...]) -> Mutant:
    """Mutant `number` of this seed."""
    chance = Random(f"{seed}/{number}")
    kind = chance.choice(kinds)
    logs = kind in LOG_KINDS
    names = real_names() if number % REAL_EVERY == 0 and not logs else ()
    base = chance.choice([load_real(name) for name in names]) if names else chance.choice(built(logs))
    data = bytearray(base.data)
    files = [bytearray(log) for log in base.logs]
    for _ in range(chance.choice((1, 1, 1, 2, 3, 8))):
        if logs:
            LOG_KINDS[kind](chance, base, data, files)
        else:
            HIVE_KINDS[kind](chance, base, data)
    named = {"SYSTEM": bytes(data)} | {f"SYSTEM.LOG{place}": bytes(log) for place, log in enumerate(files, 1)}
    return Mutant(number, kind, base.name, named)


# Hives.


def _field(chance: Random, base: Base, data: bytearray, at: int, fields: tuple[tuple[int, int], ...]) -> None:
    """A field of the record at this place gets another value: absurd, near the old one, random, or a reference to some cell."""
    offset, width = chance.choice(fields)
    place = at + offset
    if place + width > len(data):
        return
    old = int.from_bytes(data[place : place + width], "little")
    cells = base.places.get(chance.choice(("key", "value", "list", "data", "security")), ()) or [BLOCK]
    value = chance.choice(
        (
            lambda: chance.choice(ABSURD),
            lambda: old + chance.choice((-8, -1, 1, 8, 0x1000)),
            lambda: old ^ 1 << chance.randrange(8 * width),
            lambda: chance.getrandbits(8 * width),
            lambda: chance.choice(cells) - BLOCK,
            lambda: at - BLOCK,
        )
    )()
    data[place : place + width] = (value & (1 << 8 * width) - 1).to_bytes(width, "little")


def _record(kind: str, fields: tuple[tuple[int, int], ...]) -> Callable[[Random, Base, bytearray], None]:
    def mutate(chance: Random, base: Base, data: bytearray) -> None:
        places = base.places.get(kind) or [BLOCK + 32]
        _field(chance, base, data, chance.choice(places), fields)

    return mutate


def _cell_size(chance: Random, base: Base, data: bytearray) -> None:
    _field(chance, base, data, chance.choice(base.places[chance.choice(("key", "value", "list", "data"))]), ((0, 4),))


def _base_block(chance: Random, base: Base, data: bytearray) -> None:
    _field(chance, base, data, 0, BASE_FIELDS)
    if chance.random() < 0.5 and len(data) >= BLOCK:
        data[:512] = with_checksum(bytes(data[:BLOCK]))[:512]


def _bin(chance: Random, base: Base, data: bytearray) -> None:
    _field(chance, base, data, chance.randrange(BLOCK, max(len(data), BLOCK + 1), BLOCK), BIN_FIELDS)


def _swap(chance: Random, base: Base, data: bytearray) -> None:
    """Two records of a kind change places: sound cells, wrong tree."""
    places = base.places[chance.choice(("key", "value", "list"))]
    first, second = chance.choice(places), chance.choice(places)
    if first + 32 <= len(data) and second + 32 <= len(data):
        data[first + 4 : first + 32], data[second + 4 : second + 32] = (
            data[second + 4 : second + 32],
            data[first + 4 : first + 32],
        )


def _noise(chance: Random, base: Base, data: bytearray) -> None:
    for _ in range(chance.choice((1, 16, 256))):
        if data:
            data[chance.randrange(len(data))] = chance.getrandbits(8)


def _zeros(chance: Random, base: Base, data: bytearray) -> None:
    at = chance.randrange(0, max(len(data), 1)) & ~511
    size = min(chance.choice((512, 4096)), len(data) - at)
    data[at : at + size] = bytes(size)


def _cut(chance: Random, base: Base, data: bytearray) -> None:
    del data[chance.randrange(len(data) + 1) :]


def _data(chance: Random, base: Base, data: bytearray) -> None:
    """The data of a value: what the decoders are given."""
    at = chance.choice(base.places["data"]) + 4 + 2 * chance.randrange(24)
    new = chance.choice((b"\0\0", b"\0\xd8", b"\xff\xff", b"\\\0", b"!\0", b"%\0", b"\0\xdc", b"=\0", b" \0", b'"\0'))
    if at + 2 <= len(data):
        data[at : at + 2] = new


# What the free space of a hive can be filled with: each kind claims more than it holds, and whoever carves must not follow it all.


def _freed_bin(chance: Random, base: Base, data: bytearray) -> None:
    """A bin more at the end, whose freed cells were made to cost: in time, in memory, or in what there is to tell."""
    size = chance.choice((1, 4, 16, 64)) * BLOCK
    if len(data) < 2 * BLOCK or len(data) > 4 * 1024 * 1024:
        return
    end = len(data) - BLOCK & ~(BLOCK - 1)
    del data[BLOCK + end :]
    cells = chance.choice((_sharing_values, _sharing_keys, _freed_lists, _nested_lists, _pieces))(chance, end, size - 32)
    data += pack("<4sIIQQI", b"hbin", end, size, 0, 0, 0) + cells[: size - 32].ljust(size - 32, b"\0")
    pack_into("<I", data, 40, end + size)
    data[:512] = with_checksum(bytes(data[:BLOCK]))[:512]


def _cell(content: bytes, used: bool = False) -> bytes:
    size = len(content) + 4 + 7 & ~7
    return pack("<i", -size if used else size) + content.ljust(size - 4, b"\0")


def _sharing_values(chance: Random, at: int, size: int) -> bytes:
    """Freed values that all name one freed cell as their data, plain or big."""
    type, claimed = chance.choice((1, 3, 7)), chance.choice((64, 3_000, 20_000, size, 60_000_000))
    node = _cell(pack("<2sHIIIHH", b"vk", 2, claimed, at + 32, type, 1, 0) + b"ab")
    shared = chance.choice(
        (_cell(bytes(size // 2)), _cell(pack("<2sHI", b"db", 0xFFFF, at + 48)) + _cell(pack("<I", at + 32) * (size // 16)))
    )
    return shared + node * ((size - len(shared)) // len(node))


def _sharing_keys(chance: Random, at: int, size: int) -> bytes:
    """Freed keys, each the parent of the next, that all claim the same long list of values."""
    found = b""
    name = chance.choice((b"k", b"k" * 200))
    while len(found) < size - 400:
        parent = at + 32 + len(found) - (len(_cell(bytes(76 + len(name)))) if found else 32 + at)
        numbers = (0x20, 131_000_000_000_000_000, 0, parent, 0, 0, 0xFFFFFFFF, 0xFFFFFFFF, size // 4, at + 32)
        fields = pack("<HQIIIIIIII", *numbers)
        tail = pack("<IIIIIIIHH", 0xFFFFFFFF, 0xFFFFFFFF, 0, 0, 0, 0, 0, len(name), 0)
        found += _cell(b"nk" + fields + tail + name)
    return found


def _freed_lists(chance: Random, at: int, size: int) -> bytes:
    """Many small lists with nothing in common, some of them in cells that were never freed."""
    parts: list[bytes] = []
    number = total = 0
    used = chance.random() < 0.5
    while total < size:
        strings = "".join(rf"\??\C:\{number}-{one}.tmp" + "\0\0" for one in range(chance.choice((1, 2, 5)))) + "\0"
        commands = "autocheck autochk *\0" + f"x{number}\0\0"
        parts.append(_cell(chance.choice((strings, strings, commands)).encode("utf-16-le"), used and number % 2 == 0))
        number, total = number + 1, total + len(parts[-1])
    return b"".join(parts)


def _nested_lists(chance: Random, at: int, size: int) -> bytes:
    """Lists that each begin as the next one does: generations without end."""
    found, strings = b"", ""
    while len(found) < size:
        strings += rf"\??\C:\{len(strings)}.tmp" + "\0\0"
        found += _cell((strings + "\0").encode("utf-16-le"))
    return found


def _pieces(chance: Random, at: int, size: int) -> bytes:
    """Pieces of big lists, whose list of pieces names them again and again, or is gone."""
    strings = "".join(rf"\??\C:\some folder\{number}.tmp" + "\0\0" for number in range(2_000)).encode("utf-16-le")
    places, found = list[int](), b""
    while len(found) < size - 16_400:
        places.append(at + 32 + len(found))
        first = chance.choice((0, 16_344))
        found += _cell(strings[first : first + 16_344] + bytes(4))
    chance.shuffle(places)
    return found + (_cell(pack(f"<{len(places)}I", *places) * chance.choice((1, 20))) if places else b"")


HIVE_KINDS: dict[str, Callable[[Random, Base, bytearray], None]] = {
    "base-block": _base_block,
    "bin": _bin,
    "key": _record("key", KEY_FIELDS),
    "value": _record("value", VALUE_FIELDS),
    "list": _record("list", LIST_FIELDS),
    "big-data": _record("big-data", BIG_DATA_FIELDS),
    "security": _record("security", SECURITY_FIELDS),
    "cell-size": _cell_size,
    "swap": _swap,
    "data": _data,
    "freed": _freed_bin,
    "noise": _noise,
    "zeros": _zeros,
    "cut": _cut,
}


# Logs.


def _log_base_block(chance: Random, base: Base, hive: bytearray, logs: list[bytearray]) -> None:
    log = chance.choice(logs)
    if len(log) >= 512:
        _field(chance, base, log, 0, BASE_FIELDS)
        if chance.random() < 0.8:
            log[:512] = with_checksum(bytes(log[:512]))


def _log_entry(chance: Random, base: Base, hive: bytearray, logs: list[bytearray]) -> None:
    """A field of an entry's header or page table, mostly with right hashes."""
    log = chance.choice(logs)
    entries = _entries(log)
    if not entries:
        return
    at = chance.choice(entries)
    _field(chance, base, log, at, ENTRY_FIELDS)
    if chance.random() < 0.8:
        _rehash(log, at)


def _log_pages(chance: Random, base: Base, hive: bytearray, logs: list[bytearray]) -> None:
    """What an entry writes into the hive, with right hashes: a mutant that only the replay makes."""
    log = chance.choice(logs)
    entries = _entries(log) or [512]
    at = chance.choice(entries)
    for _ in range(chance.choice((1, 8, 64))):
        place = chance.randrange(min(at + 64, len(log) - 4), max(len(log) - 3, at + 65)) & ~3
        if place + 4 <= len(log):
            log[place : place + 4] = pack("<I", chance.choice((chance.choice(ABSURD), chance.getrandbits(32), 0x20)))
    for entry in entries:
        if bytes(log[entry : entry + 4]) == b"HvLE":
            _rehash(log, entry)


def _log_noise(chance: Random, base: Base, hive: bytearray, logs: list[bytearray]) -> None:
    _noise(chance, base, chance.choice(logs))


def _log_cut(chance: Random, base: Base, hive: bytearray, logs: list[bytearray]) -> None:
    _cut(chance, base, chance.choice(logs))


def _log_swap(chance: Random, base: Base, hive: bytearray, logs: list[bytearray]) -> None:
    """Logs change their names, are doubled, or are those of another hive."""
    match chance.randrange(3):
        case 0:
            logs.reverse()
        case 1:
            logs[:] = [bytearray(chance.choice(logs)) for _ in range(2)]
        case _:
            logs[chance.randrange(len(logs))] = bytearray(chance.choice(chance.choice(built(True)).logs))


def _log_hive(chance: Random, base: Base, hive: bytearray, logs: list[bytearray]) -> None:
    """The dirty hive itself, with sound logs."""
    HIVE_KINDS[chance.choice(tuple(HIVE_KINDS))](chance, base, hive)


LOG_KINDS: dict[str, Callable[[Random, Base, bytearray, list[bytearray]], None]] = {
    "log-base-block": _log_base_block,
    "log-entry": _log_entry,
    "log-pages": _log_pages,
    "log-noise": _log_noise,
    "log-cut": _log_cut,
    "log-swap": _log_swap,
    "log-hive": _log_hive,
}
KINDS = (*HIVE_KINDS, *LOG_KINDS)


def _entries(log: bytearray) -> list[int]:
    found, at = [], 512
    while at + 40 <= len(log) and log[at : at + 4] == b"HvLE":
        found.append(at)
        size = int(unpack_from("<I", log, at + 4)[0])
        if size < 40:
            break
        at += size
    return found


def _rehash(log: bytearray, at: int) -> None:
    size = int(unpack_from("<I", log, at + 4)[0])
    if 40 <= size <= len(log) - at:
        pack_into("<Q", log, at + 24, marvin(bytes(log[at + 40 : at + size])))
        pack_into("<Q", log, at + 32, marvin(bytes(log[at : at + 32])))


# The sound hives to begin with.


@cache
def built(logs: bool) -> tuple[Base, ...]:
    """The sound hives that are built here; with `logs` the dirty ones, in both formats."""
    if not logs:
        plain = [Base(name, (HIVES / f"{name}.hive").read_bytes()) for name in BUILT]
        return tuple(map(_with_places, (*plain, Base("shapes", build_hive(MemoryHive(plain=_shapes(1)), ri_threshold=5)))))
    states = [(HIVES / f"{name}.hive").read_bytes() for name in (BUILT[0], BUILT[4], BUILT[0])]
    shapes = [build_hive(MemoryHive(plain=_shapes(number)), ri_threshold=5) for number in range(1, 6)]
    shapes = [with_sequences(state, 1, 1, 1) for state in shapes]
    hvle = (with_sequences(shapes[0], 8, 7), (hvle_log(shapes[:3], 7).data, hvle_log(shapes[2:], 9).data))
    machine = (with_sequences(states[0], 8, 7), (hvle_log(states, 7).data,))
    dirt = (with_sequences(shapes[0], 8, 7), (dirt_log(shapes[0], with_sequences(shapes[1], 8, 8), 8).data, b""))
    named = {"hvle": hvle, "hvle-machine": machine, "dirt": dirt}
    return tuple(_with_places(Base(name, data, found)) for name, (data, found) in named.items())


def _shapes(number: int) -> PlainKey:
    """A tree with one of everything: big data, an index root, wide names, class names, many values. It grows with `number`."""
    values = (PlainValue("", 1, b"a\0\0\0"), PlainValue("\u0416", 7, bytes(9)))
    big = PlainValue("big", 3, bytes([number]) * 20000)
    renames = "\0".join(rf"\??\C:\{index}.tmp" + "\0" for index in range(number)) + "\0\0"
    manager = PlainKey(
        "Session Manager", number, values=(PlainValue("PendingFileRenameOperations", 7, renames.encode("utf-16-le")),)
    )
    control = PlainKey("ControlSet001", number, subkeys=(PlainKey("Control", subkeys=(manager,)),))
    numbers = [PlainValue(name, 4, b"\1\0\0\0") for name in ("Current", "Default", "LastKnownGood")]
    keys = tuple(PlainKey(f"key {index}", index, "class", values, (PlainKey("\u0416"),)) for index in range(12 * number))
    return PlainKey("root", 1, values=(*values, big), subkeys=(control, PlainKey("Select", 1, values=tuple(numbers)), *keys))


def real_names() -> tuple[str, ...]:
    folder = os.environ.get("HIVECHECK_REAL_HIVES")
    return tuple(name for name in REAL if folder and Path(folder, name).is_file())


@cache
def load_real(name: str) -> Base:
    """A real hive, read where it lies."""
    return _with_places(Base(name, Path(os.environ["HIVECHECK_REAL_HIVES"], name).read_bytes()))


def _with_places(base: Base) -> Base:
    """The hive with the places of its cells, at most so many of a kind, evenly spread."""
    found: dict[str, list[int]] = {kind: [] for kind in ("key", "value", "list", "data", "big-data", "security")}
    for key in walk_keys(RegfHive.from_buffer(base.name, base.data)):
        found["key"].append(key.offset)
        fields = unpack_from("<20xIIIIIIII", base.data, key.offset + 4)
        found["list"] += [BLOCK + fields[2]] if fields[0] else []
        found["list"] += [BLOCK + fields[5]] if fields[4] else []
        found["security"].append(BLOCK + fields[6])
        for place, *_ in key.stored_values():
            found["value"].append(place)
            size, word = unpack_from("<II", base.data, place + 8)
            if 0 < size < 0x80000000:
                found["data"].append(BLOCK + word)
                if base.data[BLOCK + word + 4 : BLOCK + word + 6] == b"db":
                    found["big-data"].append(BLOCK + word)
    found["big-data"] = found["big-data"] or found["data"]
    base.places = {kind: places[:: max(1, len(places) // PLACES_AT_MOST)] for kind, places in found.items()}
    return base


assert calcsize("<20xIIIIIIII") == 52
