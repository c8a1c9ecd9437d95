"""Our reader of hive files: what it reads, what it tells of damage, and that nothing in a hive can stop or exhaust it."""

import os
import random
import time
from collections.abc import Iterator
from pathlib import Path
from struct import pack, unpack_from

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hivecheck.registry.regf as regf
from hivecheck.errors import EvidenceError, HivecheckError, NotAHiveError
from hivecheck.facts.filetime import parse_iso_utc
from hivecheck.facts.origin import KeyRef, ValueRef
from hivecheck.registry.hive import Hive, Key, Limits, RawValue
from hivecheck.registry.keys import RegfKey
from hivecheck.registry.memory import MemoryHive, PlainKey, PlainValue
from hivecheck.registry.notation import hive_of
from hivecheck.registry.regf import RegfHive, open_hive
from tests.hive_bins import with_checksum
from tests.hive_writer import ListKind, Options, WrittenHive, write_hive

SMALL = write_hive(
    hive_of(r"""
    hive root "CMI" written 2018-01-01T00:00:00Z
    [A] 2018-04-06T12:26:31.1234567Z class "shape"
    @ = sz "unnamed"
    Name = multi "x" "" "y"
    Odd = type 0xffff0011: ff
    [A\a1]
    v = dword 1
    [A\a2]
    [B]
    w = sz "text of w"
    [B\b1]
    [C]
    """)
)


WRITTEN = parse_iso_utc("2018-04-06T12:26:31.1234567Z")


def read(data: bytes, limits: Limits | None = None) -> RegfHive:
    return RegfHive.from_buffer("test", data, limits or Limits())


def walk(hive: RegfHive) -> list[tuple[str, list[RawValue]]]:
    found = []
    pending = [hive.root]
    while pending:
        key = pending.pop()
        found.append((key.path, list(key.values())))
        pending += reversed(list(key.subkeys()))
    return found


def paths(hive: RegfHive) -> list[str]:
    return [path for path, _ in walk(hive)]


def codes(hive: RegfHive) -> dict[str, bool]:
    """The codes of what was told, each with whether data were lost."""
    return {problem.code: problem.loses_data for problem in hive.problems}


def cell_of(written: WrittenHive, path: str) -> int:
    return written.keys[path] - 4096


def entry(written: WrittenHive, path: str, number: int) -> int:
    """The place of an entry in the `lh` list of a key."""
    return written.lists[path] + 8 + 8 * number


def test_a_hive_and_its_keys_are_what_every_reader_gives() -> None:
    hive: Hive = read(SMALL.data)
    key: Key | None = hive.root.subkey("A")
    assert key is not None
    assert (key.name, key.path, hive.root.path, hive.root.name) == ("A", "A", "", "CMI")


def test_offsets_point_to_the_size_field_of_the_cell_in_the_file() -> None:
    hive = read(SMALL.data)
    key = hive.root.subkey("A")
    assert key is not None
    assert key.ref == KeyRef("test", "A", WRITTEN, SMALL.keys["A"])
    value = key.value("NAME")
    assert value is not None
    assert value.ref == ValueRef("test", "A", "Name", WRITTEN, SMALL.values["A", "Name"])
    assert SMALL.data[SMALL.keys["A"] + 4 :][:2] == b"nk"
    assert SMALL.data[SMALL.values["A", "Name"] + 4 :][:2] == b"vk"


def test_values_keep_their_order_name_full_type_and_bytes() -> None:
    key = read(SMALL.data).root.subkey("A")
    assert key is not None
    assert [(value.name, value.type, value.data) for value in key.values()] == [
        ("", 1, "unnamed\0".encode("utf-16-le")),
        ("Name", 7, "x\0\0y\0\0".encode("utf-16-le")),
        ("Odd", 0xFFFF0011, b"\xff"),
    ]


def test_class_names_are_read_and_absent_ones_are_none() -> None:
    root = read(SMALL.data).root
    assert [key.class_name for key in root.subkeys()] == ["shape", None, None]


def test_the_unnamed_value_has_the_name_of_no_letters() -> None:
    key = read(SMALL.data).root.subkey("A")
    assert key is not None
    value = key.value("")
    assert value is not None
    assert value.data == "unnamed\0".encode("utf-16-le")
    assert key.value("(default)") is None


@pytest.mark.parametrize("options", [{"list_kind": kind} for kind in ("li", "lf", "lh")] + [{"ri_threshold": 3}])
@pytest.mark.parametrize("buffer", [bytes, bytearray, memoryview])
def test_all_kinds_of_subkey_lists_are_read_from_any_buffer(options: Options, buffer: type) -> None:
    names = [f"Key {number:02}" for number in range(20)]
    plain = PlainKey(subkeys=tuple(PlainKey(name, subkeys=(PlainKey(f"below {name}"),)) for name in names))
    data = write_hive(MemoryHive(plain=plain), **options).data
    hive = RegfHive.from_buffer("test", buffer(data))
    assert [key.name for key in hive.root.subkeys()] == names
    for name in names:
        found = hive.root.subkey(rf"{name.upper()}\BELOW {name}")
        assert found is not None
        assert found.path == rf"{name}\below {name}"
    assert hive.root.subkey("Key 99") is None
    assert hive.problems == ()


def test_a_path_of_no_letters_is_the_key_itself_and_an_absent_key_is_none() -> None:
    root = read(SMALL.data).root
    assert root.subkey("") is root
    assert [root.subkey(path) for path in ("none", r"A\none", r"none\a1", r"A\a1\none", "A\\")] == [None] * 5


def test_subkeys_of_some_names_are_given_in_stored_order_and_damage_in_them_is_told() -> None:
    hive = read(SMALL.patched(SMALL.keys["B"] + 4 + 16, pack("<I", 0x77)))
    assert [key.name for key in hive.root.subkeys_named(frozenset(("C", "A", "a1", "D")))] == ["A", "C"]
    assert codes(hive) == {}
    assert [key.name for key in hive.root.subkeys_named(frozenset(("B",)))] == ["B"]
    assert codes(hive) == {"wrong-parent": False}


def test_a_value_is_found_among_those_of_longer_and_shorter_names() -> None:
    names = ("", "ab", "abc", "\u0416b", "abd")
    plain = PlainKey(values=tuple(PlainValue(name, 3, name.encode()) for name in names))
    hive = read(write_hive(MemoryHive(plain=plain)).data)
    key = hive.root
    for name in ("", "AB", "Abd", "\u0436B"):
        found = key.value(name)
        assert found is not None
        assert found.name.upper() == name.upper()
    assert key.value("abcd") is None
    assert codes(hive) == {}


@pytest.mark.parametrize("compress", [True, False])
def test_names_of_one_byte_letters_are_latin_1(compress: bool) -> None:
    name = "caf\xe9 \x81\x9f\xff"
    plain = PlainKey(subkeys=(PlainKey(name, values=(PlainValue(name, 3, b"\1"),)),))
    key = next(read(write_hive(MemoryHive(plain=plain), compress_names=compress).data).root.subkeys())
    assert (key.name, [value.name for value in key.values()]) == (name, [name])


def test_names_may_hold_lone_surrogates() -> None:
    plain = PlainKey(subkeys=(PlainKey("\ud800x", class_name="\udc00", values=(PlainValue("\udfff", 3, b""),)),))
    key = read(write_hive(MemoryHive(plain=plain)).data).root.subkey("\ud800X")
    assert key is not None
    assert (key.name, key.class_name, [value.name for value in key.values()]) == ("\ud800x", "\udc00", ["\udfff"])


@pytest.mark.parametrize("length", range(6))
def test_resident_data_have_their_true_length(length: int) -> None:
    data = b"\xa1\xa2\xa3\xa4\xa5"[:length]
    value = read(write_hive(MemoryHive(plain=PlainKey(values=(PlainValue("v", 3, data),)))).data).root.value("v")
    assert value is not None
    assert (value.data, value.damage) == (data, None)


@pytest.mark.parametrize("version", [(1, 3), (1, 5), (1, 6)])
@pytest.mark.parametrize("length", [16343, 16344, 16345, 40000, 98070])
def test_data_of_any_length_are_put_together(version: tuple[int, int], length: int) -> None:
    data = random.Random(length).randbytes(length)
    plain = PlainKey(values=(PlainValue("v", 3, data),))
    hive = read(write_hive(MemoryHive(plain=plain), version=version).data)
    value = hive.root.value("v")
    assert value is not None
    assert (value.data, value.damage, hive.problems) == (data, None, ())


def old_hive() -> bytes:
    """A hive of NT 3.1: each cell has a second word of header."""

    def cell(contents: bytes) -> bytes:
        size = -(-(8 + len(contents)) // 16) * 16
        return (pack("<iI", -size, 0xFFFFFFFF) + contents).ljust(size, b"\0")

    def node(name: str, parent: int, subkeys: int, subkey_list: int, values: int, value_list: int) -> bytes:
        text = name.encode("utf-16-le")
        fields = (parent, subkeys, 0, subkey_list, 0xFFFFFFFF, values, value_list, 0xFFFFFFFF, 0xFFFFFFFF, 0, 0, 0, 0, 0)
        return cell(pack("<2sHQI14IHH", b"nk", 0, 5, 0, *fields, len(text), 0) + text)

    data = cell(b"data of v")
    root_at = 0x20
    root = node("root", 0, 1, 0, 0, 0)
    list_at = root_at + len(root)
    child_at = list_at + len(cell(pack("<2sHI", b"li", 1, 0)))
    child = node("child", root_at, 0, 0xFFFFFFFF, 1, 0)
    values_at = child_at + len(child)
    value_at = values_at + len(cell(bytes(4)))
    data_at = value_at + len(cell(bytes(20) + b"v\0"))
    cells = (
        node("root", 0, 1, list_at, 0, 0)
        + cell(pack("<2sHI", b"li", 1, child_at))
        + node("child", root_at, 0, 0xFFFFFFFF, 1, values_at)
        + cell(pack("<I", value_at))
        + cell(pack("<2sHIIIHH", b"vk", 2, 9, data_at, 3, 0, 0) + "v".encode("utf-16-le"))
        + data
    )
    bins = pack("<4sII20x", b"hbin", 0, 4096) + cells
    block = pack("<4sIIQIIIIIII", b"regf", 1, 1, 0, 1, 1, 0, 1, root_at, 4096, 1)
    return with_checksum(block.ljust(4096, b"\0") + bins.ljust(4096, b"\0"))


def test_the_cells_of_nt_3_1_are_read() -> None:
    hive = read(old_hive())
    value = next(next(hive.root.subkeys()).values())
    assert (value.ref.key, value.name, value.data, hive.problems) == ("child", "v", b"data of v", ())


def test_a_base_block_that_only_claims_to_be_of_nt_3_1_is_not_believed() -> None:
    hive = read(SMALL.patched(24, pack("<I", 1)))
    assert paths(hive) == ["", "A", r"A\a1", r"A\a2", "B", r"B\b1", "C"]


def test_the_default_limits_are_no_limit_for_an_undamaged_hive() -> None:
    assert walk(read(SMALL.data)) == walk(read(SMALL.data))
    assert read(SMALL.data).problems == ()


# Damage: each is told once, with its place, and reading goes on.


def test_a_key_without_its_signature_is_left_out_and_its_siblings_are_read() -> None:
    hive = read(SMALL.patched(SMALL.keys["B"] + 4, b"xx"))
    assert paths(hive) == ["", "A", r"A\a1", r"A\a2", "C"]
    assert codes(hive) == {"bad-signature": True}
    assert f"0x{SMALL.keys['B']:x}" in hive.problems[0].message
    assert hive.problems[0].because == (hive.root.ref,)
    assert paths(hive) == ["", "A", r"A\a1", r"A\a2", "C"]
    assert len(hive.problems) == 1


def test_a_look_up_that_fails_for_damage_tells_the_damage() -> None:
    hive = read(SMALL.patched(SMALL.keys["B"] + 4, b"xx"))
    assert hive.root.subkey("B") is None
    assert codes(hive) == {"bad-signature": True}


def test_a_child_that_is_its_own_ancestor_is_left_out() -> None:
    hive = read(SMALL.patched(entry(SMALL, "A", 0), pack("<I", cell_of(SMALL, "A"))))
    assert paths(hive) == ["", "A", r"A\a2", "B", r"B\b1", "C"]
    assert codes(hive) == {"subkey-loop": True}


def test_a_look_up_along_a_loop_ends() -> None:
    data = SMALL.patched(entry(SMALL, "A", 0), pack("<I", cell_of(SMALL, "A")))
    assert read(data).root.subkey(r"A\A\A") is None
    assert codes(hive := read(data)) == {}
    assert hive.root.subkey(r"A\A") is None
    assert "subkey-loop" in codes(hive)


def test_a_key_listed_twice_in_one_list_is_given_once() -> None:
    hive = read(SMALL.patched(entry(SMALL, "", 1), pack("<I", cell_of(SMALL, "A"))))
    assert paths(hive) == ["", "A", r"A\a1", r"A\a2", "C"]
    assert codes(hive) == {"subkey-listed-twice": False}


@pytest.mark.parametrize("kind", ["li", "lf", "lh"])
def test_a_long_list_that_names_one_key_again_and_again_is_no_burden(kind: ListKind) -> None:
    names = tuple(PlainKey(f"key {number:05}") for number in range(60_000))
    written = write_hive(MemoryHive(plain=PlainKey(subkeys=names)), list_kind=kind, ri_threshold=60_000)
    width = 4 if kind == "li" else 8
    place = written.lists[""] + 8
    hive = read(written.patched(place, written.data[place : place + width] * 59_990))
    started = time.process_time()
    assert len(list(hive.root.subkeys())) == 11
    for number in range(30):
        assert hive.root.subkey(f"none {number}") is None
    found = hive.root.subkey("key 59999")
    assert found is not None
    assert time.process_time() - started < 2
    assert codes(hive) == {"subkey-listed-twice": False, "count-exceeds-list": True}


def test_a_key_of_two_parents_is_given_in_both_and_entered_in_the_first() -> None:
    hive = read(SMALL.patched(entry(SMALL, "A", 1), pack("<I", cell_of(SMALL, "B"))))
    assert paths(hive) == ["", "A", r"A\a1", r"A\B", "B", r"B\b1", "C"]
    assert codes(hive) == {"wrong-parent": False, "key-linked-twice": False}
    found = hive.root.subkey(r"A\B\b1")
    assert found is not None
    assert found.path == r"A\B\b1"


def test_a_tree_with_exponentially_many_paths_is_walked_in_linear_time() -> None:
    depth = 200
    plain = PlainKey("end")
    for _ in range(depth):
        plain = PlainKey("left", subkeys=(plain, PlainKey("right", subkeys=(PlainKey("gone"),))))
    written = write_hive(MemoryHive(plain=plain), list_kind="li")
    data = bytearray(written.data)
    path = ""
    for _ in range(depth - 1):
        right, left = f"{path}\\right".strip("\\"), f"{path}\\left".strip("\\")
        first = unpack_from("<I", data, written.lists[left] + 8)[0]
        data[written.lists[right] + 8 : written.lists[right] + 12] = pack("<I", first)
        path = left
    hive = read(bytes(data))
    started = time.perf_counter()
    assert len(paths(hive)) < 5 * depth
    assert time.perf_counter() - started < 1
    assert "key-linked-twice" in codes(hive)


def test_a_wrong_parent_is_told_and_the_key_read() -> None:
    hive = read(SMALL.patched(SMALL.keys[r"A\a1"] + 4 + 16, pack("<I", 0x77)))
    assert r"A\a1" in paths(hive)
    assert codes(hive) == {"wrong-parent": False}


def test_a_wrong_hash_does_not_hide_a_key_but_is_told() -> None:
    hive = read(SMALL.patched(entry(SMALL, "", 1) + 4, b"\1\2\3\4"))
    found = hive.root.subkey("b")
    assert found is not None
    assert found.name == "B"
    assert codes(hive) == {"wrong-name-hash": False}
    assert [key.name for key in hive.root.subkeys_named(frozenset(("A", "B", "C")))] == ["A", "C"]


def test_a_list_with_fewer_subkeys_than_the_key_counts_is_told() -> None:
    hive = read(SMALL.patched(SMALL.keys[""] + 4 + 20, pack("<I", 9)))
    assert len(paths(hive)) == 7
    assert codes(hive) == {"count-exceeds-list": True}


def test_a_list_with_more_subkeys_than_the_key_counts_is_read_whole_and_told() -> None:
    hive = read(SMALL.patched(SMALL.keys[""] + 4 + 20, pack("<I", 1)))
    assert len(paths(hive)) == 7
    assert codes(hive) == {"count-below-list": False}


def test_a_list_that_claims_more_than_its_cell_holds_is_cut() -> None:
    hive = read(SMALL.patched(SMALL.lists[""] + 6, b"\xff\xff"))
    assert {"", "A", "B", "C"} <= set(paths(hive))
    assert codes(hive)["count-exceeds-list"]


def test_a_list_that_contains_itself_ends() -> None:
    names = tuple(PlainKey(f"k{number}") for number in range(6))
    written = write_hive(MemoryHive(plain=PlainKey(subkeys=names)), ri_threshold=3)
    hive = read(written.patched(written.lists[""] + 8, pack("<I", written.lists[""] - 4096)))
    assert paths(hive) == ["", "k3", "k4", "k5"]
    assert codes(hive) == {"list-loop": True, "count-exceeds-list": True}


def test_an_index_root_in_an_index_root_is_read_and_told() -> None:
    plain = PlainKey(
        subkeys=(PlainKey("A", subkeys=tuple(PlainKey(f"k{n}") for n in range(6))), PlainKey("B"), PlainKey("C"))
    )
    written = write_hive(MemoryHive(plain=plain), ri_threshold=2)
    hive = read(written.patched(written.lists[""] + 8, pack("<I", written.lists["A"] - 4096)))
    assert [key.name for key in hive.root.subkeys()] == ["k0", "k1", "k2", "k3", "k4", "k5", "C"]
    assert not codes(hive)["nested-index-root"]


def test_an_unknown_kind_of_list_is_told() -> None:
    hive = read(SMALL.patched(SMALL.lists["A"] + 4, b"zz"))
    assert paths(hive) == ["", "A", "B", r"B\b1", "C"]
    assert codes(hive) == {"bad-signature": True, "count-exceeds-list": True}


@pytest.mark.parametrize("place", [0xFFFFFFFF, 0x7FFFFFF8, 0x100000])
def test_a_reference_out_of_the_file_is_told(place: int) -> None:
    hive = read(SMALL.patched(entry(SMALL, "", 2), pack("<I", place)))
    assert "C" not in paths(hive)
    assert codes(hive) == {"cell-out-of-bounds": True}


def test_a_free_cell_in_use_is_read_and_told() -> None:
    place = SMALL.keys["B"]
    size = -unpack_from("<i", SMALL.data, place)[0]
    hive = read(SMALL.patched(place, pack("<i", size)))
    assert r"B\b1" in paths(hive)
    assert codes(hive) == {"free-cell-referenced": False}


@pytest.mark.parametrize("size", [0, -4, 4, -1])
def test_an_impossible_cell_size_is_told(size: int) -> None:
    hive = read(SMALL.patched(SMALL.keys["B"], pack("<i", size)))
    assert "B" not in paths(hive)
    assert codes(hive) == {"bad-cell-size": True}


@pytest.mark.parametrize("size", [-0x80000000, -0x40000000])
def test_a_cell_that_reaches_out_of_the_file_is_read_as_far_as_it_goes(size: int) -> None:
    hive = read(SMALL.patched(SMALL.keys["B"], pack("<i", size)))
    assert r"B\b1" in paths(hive)
    assert codes(hive) == {"cell-out-of-bounds": True}


def test_a_name_longer_than_its_cell_is_cut() -> None:
    hive = read(SMALL.patched(SMALL.keys["C"] + 4 + 72, pack("<H", 400)))
    assert [key.name[0] for key in hive.root.subkeys()] == ["A", "B", "C"]
    assert codes(hive) == {"name-too-long": True}


def test_a_key_name_of_an_odd_number_of_utf_16_bytes_loses_the_last() -> None:
    written = write_hive(MemoryHive(plain=PlainKey(subkeys=(PlainKey("\u0416ab"),))))
    hive = read(written.patched(written.keys["\u0416ab"] + 4 + 72, pack("<H", 5)))
    assert [key.name for key in hive.root.subkeys()] == ["\u0416a"]
    assert codes(hive) == {"odd-name-length": True}


def test_a_value_without_its_signature_is_left_out_and_told() -> None:
    hive = read(SMALL.patched(SMALL.values["A", "Name"] + 4, b"xx"))
    assert [value.name for value in hive.root.subkey("A").values()] == ["", "Odd"]  # type: ignore[union-attr]
    assert codes(hive) == {"bad-signature": True}


def test_a_value_list_shorter_than_the_key_counts_is_told() -> None:
    hive = read(SMALL.patched(SMALL.keys["A"] + 4 + 36, pack("<I", 4000)))
    values = dict(walk(hive))["A"]
    assert [value.name for value in values[:3]] == ["", "Name", "Odd"]
    assert codes(hive)["count-exceeds-list"]


def test_a_long_value_list_that_names_one_value_again_and_again_gives_it_once() -> None:
    """A short list may: what it costs is bounded, and the survey tells the double."""
    values = tuple(PlainValue(f"{number}", 3, bytes(8)) for number in range(200))
    written = write_hive(MemoryHive(plain=PlainKey(values=values)))
    place = 4096 + int(unpack_from("<I", written.data, written.keys[""] + 44)[0]) + 4
    hive = read(written.patched(place, written.data[place : place + 4] * 190))
    assert [value.name for value in hive.root.values()] == ["0", *(f"{number}" for number in range(190, 200))]
    assert codes(hive) == {"value-listed-twice": False}


def damaged_value(data: bytes, path: str, name: str, limits: Limits | None = None) -> tuple[RegfHive, RawValue]:
    hive = read(data, limits)
    key = hive.root.subkey(path)
    assert key is not None
    value = key.value(name)
    assert value is not None
    return hive, value


def test_data_that_lie_out_of_the_file_leave_a_damaged_value() -> None:
    place = SMALL.values["B", "w"]
    hive, value = damaged_value(SMALL.patched(place + 4 + 8, pack("<I", 0x40000000)), "B", "w")
    assert (value.data, value.type) == (b"", 1)
    assert value.damage in hive.problems
    assert codes(hive) == {"cell-out-of-bounds": True, "value-data-unreadable": True}


def test_data_longer_than_their_cell_leave_what_the_cell_holds() -> None:
    place = SMALL.values["B", "w"]
    hive, value = damaged_value(SMALL.patched(place + 4 + 4, pack("<I", 4000)), "B", "w")
    assert value.data.startswith("text of w\0".encode("utf-16-le"))
    assert value.damage is not None
    assert (value.damage.code, value.damage.loses_data) == ("value-data-unreadable", True)
    assert value.damage.because == (hive.root.subkey("B").ref,)  # type: ignore[union-attr]


def test_resident_data_of_more_than_four_bytes_leave_four() -> None:
    place = SMALL.values[r"A\a1", "v"]
    _, value = damaged_value(SMALL.patched(place + 4 + 4, pack("<I", 0x80000008)), r"A\a1", "v")
    assert (value.data, value.damage is not None) == (b"\1\0\0\0", True)


BIG = write_hive(MemoryHive(plain=PlainKey(values=(PlainValue("v", 3, b"x" * 40000),))))


def test_size_is_told_without_reading_the_data() -> None:
    root = read(BIG.data).root
    assert (root.size_of("V"), root.size_of("w")) == ((3, 40000), None)
    resident = read(SMALL.patched(SMALL.values[r"A\a1", "v"] + 4 + 4, pack("<I", 0x80000002))).root.subkey(r"A\a1")
    assert resident is not None
    assert resident.size_of("v") == (4, 2)


def big_data_cells() -> tuple[int, int]:
    """The places of the big data record and of its list of segments."""
    record = 4096 + unpack_from("<I", BIG.data, BIG.values["", "v"] + 12)[0]
    return record, 4096 + unpack_from("<I", BIG.data, record + 8)[0]


def test_big_data_that_claim_two_gigabytes_are_bounded_by_what_is_there() -> None:
    started = time.perf_counter()
    _, value = damaged_value(BIG.patched(BIG.values["", "v"] + 8, pack("<I", 0x7FFFFFF0)), "", "v")
    assert (len(value.data) <= 3 * 16344, value.damage is not None) == (True, True)
    assert time.perf_counter() - started < 0.5


def test_big_data_that_repeat_a_segment_are_bounded_by_the_file() -> None:
    record, segments = big_data_cells()
    data = bytearray(BIG.patched(BIG.values["", "v"] + 8, pack("<I", 0x7FFFFFF0)))
    data[record + 6 : record + 8] = b"\xff\xff"
    first = unpack_from("<I", data, segments + 4)[0]
    padding = pack("<i", -0x3FFE0) + pack("<I", first) * 0xFFF7
    data += padding.ljust(0x40000, b"\0")
    data[record + 8 : record + 12] = pack("<I", len(BIG.data) - 4096)
    data[40:44] = pack("<I", len(data) - 4096)
    _, value = damaged_value(bytes(data), "", "v")
    assert 40000 < len(value.data) <= len(data)
    assert value.damage is not None


def test_big_data_with_an_unreadable_segment_end_before_it() -> None:
    _, segments = big_data_cells()
    hive, value = damaged_value(BIG.patched(segments + 8, pack("<I", 0x7FFFFFF0)), "", "v")
    assert value.data == b"x" * 16344
    assert codes(hive) == {"cell-out-of-bounds": True, "value-data-unreadable": True}


def test_big_data_in_a_hive_older_than_1_4_are_no_big_data() -> None:
    _, value = damaged_value(BIG.patched(24, pack("<I", 3)), "", "v")
    assert value.data.startswith(b"db")
    assert value.damage is not None


def test_a_file_shorter_than_its_bins_is_told_as_truncated() -> None:
    many = tuple(PlainKey(f"key {number:04}") for number in range(200))
    data = write_hive(
        MemoryHive(plain=PlainKey(subkeys=(PlainKey("first", subkeys=many), PlainKey("last", subkeys=many))))
    ).data
    hive = read(data[: len(data) * 3 // 4])
    assert codes(hive) == {"truncated-hive": True}
    assert len(paths(hive)) == 203
    assert codes(hive) == {"truncated-hive": True, "cell-out-of-bounds": True, "count-exceeds-list": True}


def test_a_cell_past_the_declared_bins_is_read_and_told() -> None:
    plain = PlainKey(subkeys=tuple(PlainKey(f"key {number:04}") for number in range(400)))
    written = write_hive(MemoryHive(plain=plain))
    hive = read(written.patched(40, pack("<I", 0x6000)))
    assert len(list(hive.root.subkeys())) == 400
    assert codes(hive) == {"cell-past-bins": False}


@pytest.mark.parametrize("size", [0, 4097])
def test_an_impossible_size_of_all_bins_is_told_and_the_whole_file_read(size: int) -> None:
    hive = read(SMALL.patched(40, pack("<I", size)))
    assert len(paths(hive)) == 7
    assert codes(hive) == {"bad-bins-size": False}


def test_a_damaged_header_of_the_first_bin_is_told() -> None:
    hive = read(SMALL.patched(4096, b"nibh"))
    assert len(paths(hive)) == 7
    assert codes(hive) == {"bad-bin-header": False}


@pytest.mark.parametrize("place", [4096 + 32 + 4, 36])
def test_an_unreadable_root_can_only_be_refused(place: int) -> None:
    with pytest.raises(EvidenceError, match="root key can't be read") as raised:
        read(SMALL.patched(place, b"\xee\xee\xee\xee"))
    assert (raised.value.path, bool(raised.value.hint)) == ("test", True)


# Limits: beyond each of them reading goes on elsewhere.


def test_keys_deeper_than_the_limit_are_not_read() -> None:
    plain = PlainKey("end")
    for level in range(600):
        plain = PlainKey(f"{level % 10}", subkeys=(plain,))
    hive = read(write_hive(MemoryHive(plain=plain)).data)
    assert len(paths(hive)) == 513
    assert codes(hive) == {"limit-depth": True}
    deepest = hive.root.subkey("\\".join(paths(hive)[-1].split("\\")))
    assert deepest is not None
    assert [deepest.subkey("x"), len(paths(hive)[-1].split("\\"))] == [None, 512]


def test_subkeys_beyond_the_limit_are_not_read() -> None:
    hive = read(SMALL.data, Limits(subkeys=2))
    assert [key.name for key in hive.root.subkeys()] == ["A", "B"]
    assert codes(hive) == {"limit-subkeys": True, "count-exceeds-list": True}


def test_values_beyond_the_limit_are_not_read() -> None:
    hive = read(SMALL.data, Limits(values=2))
    assert [value.name for value in hive.root.subkey("A").values()] == ["", "Name"]  # type: ignore[union-attr]
    assert codes(hive) == {"limit-values": True}


def test_data_beyond_the_limit_are_cut() -> None:
    _, value = damaged_value(SMALL.data, "B", "w", Limits(value_bytes=6))
    assert (value.data, value.damage is not None) == ("tex".encode("utf-16-le"), True)
    _, value = damaged_value(BIG.data, "", "v", Limits(value_bytes=20000))
    assert (len(value.data), value.damage is not None) == (20000, True)


def test_reading_stops_when_the_budget_of_cells_is_used_up() -> None:
    hive = read(SMALL.data, Limits(cells=3))
    for _ in range(10):
        walk(hive)
    assert codes(hive) == {"limit-cells": True}
    assert [len(paths(hive)), list(hive.root.values())] == [1, []]


def test_data_are_paid_from_the_budget_of_cells_by_their_length() -> None:
    hive = read(BIG.data, Limits(cells=5000))
    lengths = [len(value.data) for _ in range(9) for value in hive.root.values()]
    assert lengths[:3] == [40000] * 3
    assert 120_000 < sum(lengths) <= 5000 * 32
    assert codes(hive)["limit-cells"]


def test_values_that_share_their_data_are_not_read_without_end() -> None:
    """Each of them is sound by itself; a hundred values of two kilobytes in a file of eight need no more than that file has."""
    names = [f"{number:03}" for number in range(100)]
    written = write_hive(
        MemoryHive(
            plain=PlainKey(values=tuple(PlainValue(name, 3, b"x" * (2000 if name == "000" else 8)) for name in names))
        )
    )
    data = bytearray(written.data)
    for name in names:
        place, first = written.values["", name] + 8, written.values["", "000"] + 8
        data[place : place + 8] = data[first : first + 8]
    hive = read(bytes(data), Limits(data_bytes=50_000))
    lengths = [len(value.data) for value in hive.root.values()]
    assert set(lengths) == {0, 2000}
    assert 50_000 < sum(lengths) <= 50_000 + 4 * len(data)
    assert codes(hive) == {"limit-data": True, "value-data-unreadable": True}
    value = hive.root.value("099")
    assert value is not None
    assert (value.data, value.damage is not None) == (b"", True)


def test_problems_beyond_the_limit_are_only_counted() -> None:
    data = bytearray(SMALL.data)
    for path in ("A", "B", "C"):
        data[SMALL.keys[path] + 4 : SMALL.keys[path] + 6] = b"xx"
    hive = read(bytes(data), Limits(problems=1))
    walk(hive)
    assert [(problem.code, problem.loses_data) for problem in hive.problems] == [
        ("bad-signature", True),
        ("limit-problems", True),
    ]
    assert "2 further" in hive.problems[1].message


# Opening files.


def test_a_file_is_mapped_and_unmapped(tmp_path: Path) -> None:
    path = tmp_path / "SYSTEM"
    path.write_bytes(SMALL.data)
    with open_hive(path) as hive:
        key = hive.root.subkey("A")
        assert key is not None
        values = list(key.values())
        assert (hive.name, hive.path, hive.base_block.version) == ("SYSTEM", path, (1, 5))
    assert values[1].data == "x\0\0y\0\0".encode("utf-16-le")
    with pytest.raises(ValueError, match="closed"):
        list(key.subkeys())


def test_a_file_that_cannot_be_mapped_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> object:
        raise OSError(19, "No such device")

    path = tmp_path / "SYSTEM"
    path.write_bytes(SMALL.data)
    monkeypatch.setattr(regf, "mmap", type("mmap", (), {"__new__": refuse}))
    assert len(paths(open_hive(path))) == 7


def test_a_missing_file_is_told_with_a_hint(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match="no such file") as raised:
        open_hive(tmp_path / "SYSTEM")
    assert (raised.value.path, bool(raised.value.hint)) == (str(tmp_path / "SYSTEM"), True)


def test_a_directory_is_told_with_a_hint(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match="directory") as raised:
        open_hive(tmp_path)
    assert "SYSTEM" in raised.value.hint


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(EvidenceError, match="not a regular file"):
        open_hive(tmp_path / "pipe")


def test_a_file_without_permission_is_told_with_a_hint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> object:
        raise PermissionError(13, "Permission denied")

    path = tmp_path / "SYSTEM"
    path.write_bytes(SMALL.data)
    monkeypatch.setattr("hivecheck.registry.plain_files.os.open", refuse)
    with pytest.raises(EvidenceError, match="permission") as raised:
        open_hive(path)
    assert "copy" in raised.value.hint


@pytest.mark.parametrize("data", [b"", b"no hive at all"])
def test_a_file_that_is_no_hive_is_refused_with_its_path(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "SYSTEM"
    path.write_bytes(data)
    with pytest.raises(NotAHiveError) as raised:
        open_hive(path)
    assert raised.value.path == str(path)


# Malice: whatever the bytes, the reader ends, soon, and raises nothing but its own errors.

MIXED = write_hive(
    MemoryHive(
        plain=PlainKey(
            values=(PlainValue("big", 3, b"y" * 20000), PlainValue("", 1, b"a\0\0\0")),
            subkeys=tuple(
                PlainKey(f"key {number}", number, "class", (PlainValue("v", 7, bytes(9)),), (PlainKey("\u0416"),))
                for number in range(12)
            ),
        )
    ),
    ri_threshold=5,
).data


def exercise(data: bytes) -> None:
    """Read all there is, by enumeration and by look-up."""
    started = time.perf_counter()
    try:
        hive = read(data)
    except HivecheckError:
        return
    for key in every_key(hive.root):
        assert isinstance(key.class_name, str | None)
        assert isinstance(key.ref.path, str)
        for value in key.values():
            assert isinstance(value.data, bytes)
            assert value.damage is None or value.damage in hive.problems or len(hive.problems) > 1000
    hive.root.subkey("key 3\\\u0436")
    hive.root.value("BIG")
    assert len(hive.problems) <= 1001
    assert time.perf_counter() - started < 1


def every_key(root: RegfKey) -> Iterator[RegfKey]:
    pending = [root]
    while pending:
        key = pending.pop()
        yield key
        pending += key.subkeys()


@pytest.mark.parametrize("seed", range(300))
def test_no_random_damage_stops_the_reader(seed: int) -> None:
    chance = random.Random(seed)
    data = bytearray(MIXED)
    for _ in range(chance.choice((1, 4, 64))):
        place = chance.choice((chance.randrange(len(data)), chance.randrange(512), chance.randrange(4096, 4096 + 4000)))
        data[place] = chance.choice((chance.randrange(256), data[place] ^ 1 << chance.randrange(8), 0, 0xFF))
    if seed % 3 == 0:
        del data[chance.randrange(len(data)) :]
    exercise(bytes(data))


@settings(max_examples=200, deadline=None)
@given(st.integers(32, 4000), st.integers(32, 4000))
def test_no_reference_to_another_cell_stops_the_reader(place: int, target: int) -> None:
    place = 4096 + place // 4 * 4
    exercise(MIXED[:place] + pack("<I", target // 8 * 8) + MIXED[place + 4 :])


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=600))
def test_no_cells_of_noise_stop_the_reader(noise: bytes) -> None:
    exercise(MIXED[: 4096 + 32] + noise + MIXED[4096 + 32 + len(noise) :])


def test_a_file_larger_than_any_hive_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    large = tmp_path / "SYSTEM"
    with large.open("wb") as file:
        file.write(b"regf")
        file.truncate(4 * 1024**3)
    monkeypatch.setattr(regf, "_map", lambda _: pytest.fail("it was mapped"))
    with pytest.raises(EvidenceError, match="too large for a hive: it has 4,294,967,296 bytes"):
        open_hive(large)
