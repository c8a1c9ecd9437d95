"""Hives made by `hive_writer` are read back the same by our reader and by three others.

The others are asked for what they are known to read rightly; where a comparison leaves something out, the defect is named
beside it (all of them in `hivecheck.registry.known_defects`).
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from struct import unpack_from
from typing import Any

import pyregf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from regipy.registry import RegistryHive
from Registry import Registry

from hivecheck.facts.fact import changed
from hivecheck.registry import hive as registry
from hivecheck.registry.memory import HiveFacts, MemoryHive, PlainKey, PlainValue, plain_of
from hivecheck.registry.notation import hive_of
from hivecheck.registry.regf import RegfHive
from tests.hive_bins import BLOCK, NO_CELL, name_hash, name_hint, with_checksum
from tests.hive_writer import Options, build_hive, sorted_plain, write_hive

BIG = [
    PlainValue(f"{size} bytes", registry.REG_BINARY, bytes(range(251)) * (size // 251) + b"\7" * (size % 251))
    for size in (16343, 16344, 16345, 40000)
]
SMALL = [PlainValue(f"inline {size}", registry.REG_BINARY, b"\xa1\xa2\xa3\xa4\xa5"[:size]) for size in range(6)]
RICH = hive_of(r"""
    hive root "CMI-CreateHive{F00D}" sequences 9 9 saved 2018-04-06T12:26:31.1234567Z written 2018-01-01T00:00:00Z
    [Select]
    Current = dword 1
    [zed] 2018-04-06T12:26:31.7654321Z
    [Alpha] ticks:1 class "shape"
    b = sz "second comes first"
    a = multi "x" "" "y"
    @ = expand "%SystemRoot%\x"
    c = qword 0x1122334455667788
    [Alpha\beta]
    [Alpha\_under]
    [Alpha\Alpha] class "shape of it"
    [ControlSet001\Control\Session Manager]
    BootExecute = multi "autocheck autochk *"
    [Types]
    none = none 01 02 03 04 05
    link = link "\Registry\Machine"
    big-endian = dword-be 1
    list = resource-list 01 02 03 04 05 06
""")
WITH_DATA = MemoryHive("rich", changed(RICH.plain, values=(*BIG, *SMALL)), RICH.facts)
NAMES = hive_of(r"""
    [Gerät\ÿ\ж\Ħ\ß]
    Schlüssel = sz "ä"
    Ключ = sz "ж"
    [Gerät\a]
    [Gerät\Ä]
    [Gerät\ζ]
    [Gerät\Ж]
    [Gerät\𝄞]
    [half\u{d800}]
    [half\u{dc00}]
""")
MANY = MemoryHive(
    "many", PlainKey(subkeys=tuple(PlainKey(f"key {number * 7919 % 1500:04}", written=number) for number in range(1500)))
)

LAYOUTS: dict[str, Options] = {
    "1.5, lh": {"version": (1, 5)},
    "1.3, lf": {"version": (1, 3)},
    "li": {"list_kind": "li"},
    "lf": {"list_kind": "lf"},
    "ri over lh": {"ri_threshold": 2},
    "ri over lf": {"ri_threshold": 3, "list_kind": "lf"},
    "ri over li": {"ri_threshold": 1, "list_kind": "li"},
    "names in UTF-16": {"compress_names": False},
}
layouts = pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)


def read_by_us(data: bytes) -> PlainKey:
    hive = RegfHive.from_buffer("test", data)
    plain = plain_of(hive.root)
    assert hive.problems == ()
    return plain


def read_by_libregf(data: bytes) -> PlainKey:
    """It reads 1 to 3 bytes in the value itself from the wrong end: those are left out."""
    file = pyregf.file()
    file.open_file_object(BytesIO(data))

    def read(key: Any) -> PlainKey:
        return PlainKey(
            key.name,
            key.get_last_written_time_as_integer(),
            key.class_name,
            tuple(
                PlainValue(value.name or "", value.type, value.data or b"")
                for value in key.values
                if value.data_size not in (1, 2, 3)
            ),
            tuple(map(read, key.sub_keys)),
        )

    return read(file.get_root_key())


def read_by_python_registry(data: bytes) -> PlainKey:
    """Its `raw_data()` has a wrong length for data in the value itself and a fixed one for numbers: those are read from its fields."""

    def read_value(value: Any) -> PlainValue:
        record = value._vkrecord
        stored = record.raw_data_length()
        raw = record.unpack_binary(8, stored & 0x7FFFFFFF) if stored >= 0x80000000 else record.raw_data()
        return PlainValue("" if value.name() == "(default)" else value.name(), record.unpack_dword(12), bytes(raw))

    def read(key: Any) -> PlainKey:
        record = key._nkrecord
        class_name = record.classname() if record.has_classname() else None
        return PlainKey(
            key.name(),
            record.unpack_qword(4),
            class_name,
            tuple(map(read_value, key.values())),
            tuple(map(read, key.subkeys())),
        )

    return read(Registry.Registry(BytesIO(data)).root())


def open_with_regipy(path: Path) -> Any:
    return RegistryHive(str(path))  # type: ignore[no-untyped-call]


def read_by_regipy(path: Path) -> Iterator[tuple[str, int, tuple[tuple[str, object], ...]]]:
    """Paths, numbers of values and values, subkeys first (its own order)."""
    hive = open_with_regipy(path)

    def read(key: Any, path: str) -> Iterator[tuple[str, int, tuple[tuple[str, object], ...]]]:
        for subkey in key.iter_subkeys():
            yield from read(subkey, f"{path}\\{subkey.name}")
        yield path, key.values_count, tuple((value.name, value.value) for value in key.iter_values(trim_values=False))

    yield from read(hive.root, "")


def as_regipy_reads(key: PlainKey, path: str = "") -> Iterator[tuple[str, int, tuple[tuple[str, object], ...]]]:
    """What regipy gives for text, lists and numbers: empty strings of a list are dropped."""

    def decoded(value: PlainValue) -> object:
        if value.type in (registry.REG_DWORD, registry.REG_QWORD):
            return int.from_bytes(value.data, "little")
        if value.type == registry.REG_BINARY:
            return value.data
        text = value.data.decode("utf-16-le").rstrip("\0")
        return list(filter(None, text.split("\0"))) if value.type == registry.REG_MULTI_SZ else text

    for subkey in key.subkeys:
        yield from as_regipy_reads(subkey, f"{path}\\{subkey.name}")
    yield path, len(key.values), tuple((value.name or "(default)", decoded(value)) for value in key.values)


@layouts
@pytest.mark.parametrize("hive", [WITH_DATA, NAMES, MANY, MemoryHive()], ids=["rich", "names", "many", "empty"])
def test_our_reader_reads_what_was_written(hive: MemoryHive, layout: Options) -> None:
    assert read_by_us(build_hive(hive, **layout)) == sorted_plain(hive.plain)


@layouts
@pytest.mark.parametrize("hive", [WITH_DATA, MANY, MemoryHive()], ids=["rich", "many", "empty"])
def test_libregf_reads_what_was_written(hive: MemoryHive, layout: Options) -> None:
    values = tuple(value for value in hive.plain.values if len(value.data) not in (1, 2, 3))
    assert read_by_libregf(build_hive(hive, **layout)) == sorted_plain(changed(hive.plain, values=values))


@layouts
@pytest.mark.parametrize("hive", [WITH_DATA, MANY, MemoryHive()], ids=["rich", "many", "empty"])
def test_python_registry_reads_what_was_written(hive: MemoryHive, layout: Options) -> None:
    assert read_by_python_registry(build_hive(hive, **layout)) == sorted_plain(hive.plain)


@layouts
def test_regipy_reads_what_was_written(layout: Options, tmp_path: Path) -> None:
    """Left out: the types of RICH's key `Types` (it has no raw data) and resident values of other types than binary."""
    hive = MemoryHive(
        "x", PlainKey(values=WITH_DATA.plain.values, subkeys=tuple(key for key in RICH.plain.subkeys if key.name != "Types"))
    )
    path = tmp_path / "SYSTEM"
    path.write_bytes(build_hive(hive, **layout))
    assert list(read_by_regipy(path)) == list(as_regipy_reads(sorted_plain(hive.plain)))


def test_other_readers_agree_on_the_facts_of_the_hive(tmp_path: Path) -> None:
    path = tmp_path / "SYSTEM"
    path.write_bytes(build_hive(RICH))
    header = open_with_regipy(path).header
    assert (header.primary_sequence_num, header.secondary_sequence_num) == (9, 9)
    assert header.last_modification_time == RICH.facts.saved
    block = Registry.RegistryParse.REGFBlock(bytearray(path.read_bytes()), 0, False)
    assert block.validate_checksum()
    assert block.modification_timestamp() == datetime(2018, 4, 6, 12, 26, 31, 123457, UTC).replace(tzinfo=None)
    assert block.hive_name().startswith("SYSTEM")


@layouts
@pytest.mark.parametrize("hive", [RICH, NAMES, MANY], ids=["rich", "names", "many"])
def test_our_reader_finds_keys_by_their_names(hive: MemoryHive, layout: Options) -> None:
    read = RegfHive.from_buffer("test", build_hive(hive, **layout))
    for key in hive.plain.subkeys[:50]:
        found = read.root.subkey(key.name.swapcase() if key.name.isascii() else key.name)
        assert found is not None
        assert found.name == key.name
    assert read.problems == ()


def test_the_same_plain_data_give_the_same_bytes() -> None:
    assert build_hive(WITH_DATA) == build_hive(WITH_DATA)


def test_options_go_before_the_facts_of_the_hive() -> None:
    block = RegfHive.from_buffer(
        "x", build_hive(RICH, version=(1, 3), sequences=(5, 4), saved=77, file_name="\\??\\C:\\x\\SYSTEM")
    ).base_block
    assert (block.version, block.primary_sequence, block.secondary_sequence, block.last_written) == ((1, 3), 5, 4, 77)
    assert (block.embedded_name, block.checksum_ok) == ("\\??\\C:\\x\\SYSTEM", True)
    assert hive_of("hive regf 1.3 sequences 5 4 saved ticks:77").facts == HiveFacts((1, 3), (5, 4), 77)


def test_subkeys_are_sorted_by_their_upper_cased_names_unless_told_otherwise() -> None:
    hive = hive_of("[b]\n[_]\n[A]\n[Z]\n[ä]\n[z0]")
    assert [key.name for key in read_by_us(build_hive(hive)).subkeys] == ["A", "b", "Z", "z0", "_", "ä"]
    assert [key.name for key in read_by_us(build_hive(hive, sort_subkeys=False)).subkeys] == ["b", "_", "A", "Z", "ä", "z0"]


def test_lists_have_the_signature_of_their_version() -> None:
    for version, signature in (((1, 2), b"li"), ((1, 3), b"lf"), ((1, 5), b"lh")):
        written = write_hive(RICH, version=version)
        assert written.data[written.lists[""] + 4 :][:2] == signature
    written = write_hive(MANY)
    assert written.data[written.lists[""] + 4 :][:4] == b"ri\3\0"


def test_name_hash_and_hint_are_those_of_windows() -> None:
    """Values by the formula of the specification, by hand: ((0x41 * 37) + 0x42) for AB."""
    assert name_hash("ab") == 0x41 * 37 + 0x42
    assert name_hash("ä") == 0xC4
    assert (name_hint("Select"), name_hint("A"), name_hint("ЖA")) == (b"Sele", b"A\0\0\0", bytes(4))


def test_big_data_stand_in_one_cell_in_old_versions() -> None:
    value = PlainValue("big", registry.REG_BINARY, bytes(40000))
    hive = MemoryHive("big", PlainKey(values=(value,)))
    for version, signature in (((1, 3), bytes(2)), ((1, 5), b"db")):
        written = write_hive(hive, version=version)
        (word,) = unpack_from("<I", written.data, written.values["", "big"] + 4 + 8)
        assert written.data[BLOCK + word + 4 :][:2] == signature


def cells(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Place, size (free: positive) and signature of every cell, having checked each bin on the way."""
    bin_at = BLOCK
    while bin_at < len(data):
        signature, start, size = unpack_from("<4sII", data, bin_at)
        assert (signature, start, size % BLOCK) == (b"hbin", bin_at - BLOCK, 0)
        cell = bin_at + 32
        while cell < bin_at + size:
            (cell_size,) = unpack_from("<i", data, cell)
            assert cell_size
            assert cell_size % 8 == 0
            yield cell, cell_size, data[cell + 4 : cell + 6]
            cell += abs(cell_size)
        assert cell == bin_at + size
        bin_at += size
    assert bin_at == len(data)


@layouts
def test_cells_fill_their_bins_without_a_gap(layout: Options) -> None:
    data = build_hive(WITH_DATA, **layout)
    assert len(data) - BLOCK == unpack_from("<I", data, 40)[0]
    first = next(cells(data))
    assert (first[0], first[2]) == (BLOCK + 32, b"nk")  # regipy takes the first cell for the root
    assert all(size < 0 or signature == bytes(2) for _, size, signature in cells(data))


def test_security_descriptors_are_linked_in_a_ring_and_counted() -> None:
    written = write_hive(WITH_DATA)
    securities = [place for place, size, signature in cells(written.data) if signature == b"sk"]
    for place, following in pairwise([*securities, securities[0]]):
        assert unpack_from("<I", written.data, place + 8)[0] + BLOCK == following
        assert unpack_from("<I", written.data, following + 12)[0] + BLOCK == place
    counted = [unpack_from("<I", written.data, place + 16)[0] for place in securities]
    used = [unpack_from("<I", written.data, place + 4 + 44)[0] + BLOCK for place in written.keys.values()]
    assert counted == [used.count(place) for place in securities]
    assert sum(counted) == len(written.keys)


def test_regipy_understands_the_security_descriptors(tmp_path: Path) -> None:
    path = tmp_path / "SYSTEM"
    path.write_bytes(build_hive(RICH))
    security = open_with_regipy(path).get_key("\\Select").get_security_key_info()
    assert (security["owner"], security["group"]) == ("S-1-5-32-544", "S-1-5-18")
    assert [entry["sid"] for entry in security["dacl"]] == ["S-1-5-18", "S-1-5-32-544", "S-1-5-32-545", "S-1-3-0"]


def test_key_nodes_tell_the_longest_names_and_data_below_them() -> None:
    written = write_hive(WITH_DATA)
    longest = unpack_from("<4I", written.data, written.keys[""] + 4 + 52)
    assert longest == (2 * len("ControlSet001"), 2 * len("shape"), 2 * len("16343 bytes"), 40000)
    flags, parent = unpack_from("<H12xI", written.data, written.keys[""] + 6)
    assert (flags, parent) == (0x2C, NO_CELL)


def test_places_are_those_of_the_cells() -> None:
    written = write_hive(RICH)
    for path, place in written.keys.items():
        key = RegfHive.from_buffer("x", written.data).root.subkey(path)
        assert key is not None
        assert (key.path, key.ref.offset) == (path, place)
    for (path, name), place in written.values.items():
        key = RegfHive.from_buffer("x", written.data).root.subkey(path)
        value = key and key.value(name)
        assert value is not None
        assert value.ref.offset == place


def test_deleted_keys_leave_their_cells_behind() -> None:
    gone = hive_of('[Gone]\nold = sz "secret of long ago"\n[Gone\\Below]\n').plain.subkeys[0]
    plain = build_hive(RICH)
    written = write_hive(RICH, deleted=[("Select", gone)])
    assert read_by_us(written.data) == sorted_plain(RICH.plain)
    assert "secret of long ago".encode("utf-16-le") not in plain
    free = {signature for _, size, signature in cells(written.data) if size > 0}
    assert {b"nk", b"vk"} <= free
    parents = [
        unpack_from("<I", written.data, place + 4 + 16)[0] + BLOCK
        for place, size, signature in cells(written.data)
        if size > 0 and signature == b"nk"
    ]
    assert written.keys["Select"] in parents
    assert not any("Gone" in path for path in written.keys)


def test_a_decoy_in_the_first_cell_misleads_regipy_only(tmp_path: Path) -> None:
    path = tmp_path / "SYSTEM"
    path.write_bytes(build_hive(RICH, decoy=PlainKey("decoy", subkeys=(PlainKey("harmless"),))))
    assert read_by_us(path.read_bytes()) == sorted_plain(RICH.plain)
    assert read_by_libregf(path.read_bytes()) == sorted_plain(RICH.plain)
    assert [key for key, _, _ in read_by_regipy(path)] == ["\\harmless", ""]


def test_a_patched_hive_keeps_its_checksum_until_told() -> None:
    written = write_hive(RICH)
    patched = written.patched(4, b"\x0a\0\0\0")
    assert not RegfHive.from_buffer("x", patched).base_block.checksum_ok
    assert RegfHive.from_buffer("x", with_checksum(patched)).base_block.checksum_ok


texts = st.text(max_size=20).filter(lambda text: "\\" not in text)
names = texts.filter(bool)
values = st.lists(st.builds(PlainValue, texts, st.integers(0, 2**32 - 1), st.binary(max_size=40)), max_size=4).map(tuple)
flat = st.builds(PlainKey, names, st.integers(0, 2**64 - 1), st.none() | names, values)
trees = st.recursive(
    flat,
    lambda below: st.builds(
        PlainKey, names, st.integers(0, 2**64 - 1), st.none() | names, values, st.lists(below, max_size=4).map(tuple)
    ),
)


@given(trees, st.sampled_from(list(LAYOUTS.values())))
def test_any_plain_data_are_read_back(plain: PlainKey, layout: Options) -> None:
    data = build_hive(MemoryHive("any", plain), **layout)
    assert plain_of(RegfHive.from_buffer("any", data).root) == sorted_plain(plain)
