"""The survey of a whole hive: each kind of damage is told once, with its place, and a sound hive has none."""

from collections.abc import Callable
from pathlib import Path
from struct import pack, unpack_from

import pytest

from hivecheck.analysis import Options, analyze
from hivecheck.registry.memory import MemoryHive, PlainKey, PlainValue
from hivecheck.registry.notation import hive_of
from hivecheck.registry.regf import RegfHive, open_hive
from hivecheck.registry.survey import Survey, survey_damage, survey_subtree
from tests.hive_bins import BLOCK
from tests.hive_writer import WrittenHive, write_hive

SMALL = write_hive(
    hive_of(r"""
    [A] class "shape"
    x = dword 1
    y = dword 2
    [A\a1]
    [A\a2]
    [B]
    [B\b1]
    [C]
    """)
)
ROOT_SECURITY, KEY_SECURITY = (
    BLOCK + int(unpack_from("<I", SMALL.data, SMALL.keys[path] + 4 + 44)[0]) for path in ("", "A")
)
DESCRIPTOR = KEY_SECURITY + 4 + 20


def survey(data: bytes) -> Survey:
    return survey_damage(RegfHive.from_buffer("test", data))


def codes(data: bytes) -> dict[str, bool]:
    """The codes of what is told, each with whether data were lost."""
    return {problem.code: problem.loses_data for problem in survey(data).problems}


def many() -> WrittenHive:
    """A hive of several bins."""
    return write_hive(MemoryHive(plain=PlainKey(subkeys=tuple(PlainKey(f"key {number:04}") for number in range(300)))))


def test_a_sound_hive_is_counted_and_has_no_problem() -> None:
    assert survey(SMALL.data) == Survey(keys=7, values=2, data_bytes=8, bins=1, problems=())


def test_a_sound_hive_of_several_bins_has_no_problem() -> None:
    found = survey(many().data)
    assert (found.keys, found.problems) == (301, ())
    assert found.bins > 5


# Names.


def test_a_key_with_the_name_of_its_sister_is_told_with_its_place() -> None:
    data = SMALL.patched(SMALL.keys["B"] + 80, b"a")
    (problem,) = survey(data).problems
    assert (problem.code, problem.loses_data) == ("duplicate-key", False)
    assert f"0x{SMALL.keys['B']:x}" in problem.message
    assert problem.because[0].path == "a"  # type: ignore[union-attr]


def test_a_value_with_the_name_of_another_is_told() -> None:
    data = SMALL.patched(SMALL.values["A", "y"] + 24, b"X")
    (problem,) = survey(data).problems
    assert problem.code == "duplicate-value"
    assert f"0x{SMALL.values['A', 'y']:x}" in problem.message


def test_subkeys_out_of_order_are_told() -> None:
    data = SMALL.patched(SMALL.keys["B"] + 80, b"Z")
    assert codes(data) == {"subkeys-unsorted": False}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("a\0b", "name-with-nul"),
        ("\0", "name-with-nul"),
        ("\ud800x", "name-invalid-utf16"),
        ("x\udc00", "name-invalid-utf16"),
        ("a\\b", "key-name-unusable"),
        ("", "key-name-unusable"),
    ],
)
def test_a_key_name_that_no_tool_can_use_is_told(name: str, code: str) -> None:
    assert codes(write_hive(MemoryHive(plain=PlainKey(subkeys=(PlainKey(name),)))).data) == {code: False}


@pytest.mark.parametrize(("name", "code"), [("a\0b", "name-with-nul"), ("\udfff", "name-invalid-utf16")])
def test_a_value_name_that_no_tool_can_show_is_told(name: str, code: str) -> None:
    assert codes(write_hive(MemoryHive(plain=PlainKey(values=(PlainValue(name, 3, b""),)))).data) == {code: False}


@pytest.mark.parametrize("name", ["\u0416", "caf\xe9", "\U0001f600", "a/b", " "])
def test_an_unusual_name_is_no_problem(name: str) -> None:
    assert (
        codes(write_hive(MemoryHive(plain=PlainKey(subkeys=(PlainKey(name),), values=(PlainValue(name, 3, b""),)))).data)
        == {}
    )


# Keys that should not be there.


@pytest.mark.parametrize(("flag", "code"), [(0x10, "stored-link"), (0x1, "volatile-key-stored")])
def test_links_and_volatile_keys_on_disk_are_told(flag: int, code: str) -> None:
    place = SMALL.keys["B"] + 6
    data = SMALL.patched(place, pack("<H", unpack_from("<H", SMALL.data, place)[0] | flag))
    assert codes(data) == {code: False}


# Security.


@pytest.mark.parametrize(
    ("place", "new", "words"),
    [
        (KEY_SECURITY + 4, b"xx", "starts with b'xx'"),
        (KEY_SECURITY + 4 + 4, pack("<I", 0x1000), "not linked"),
        (KEY_SECURITY + 4 + 8, pack("<I", 0xFFFFFFF0), "not linked"),
        (KEY_SECURITY + 4 + 16, pack("<I", 0x7FFFFFFF), "does not fit its cell"),
        (KEY_SECURITY + 4 + 16, pack("<I", 8), "only 8 bytes"),
        (DESCRIPTOR, b"\2", "revision 2"),
        (DESCRIPTOR + 2, b"\4\0", "control word 0x0004"),
        (DESCRIPTOR + 4, pack("<I", 0x7FFFFFFF), "no readable owner"),
        (DESCRIPTOR + 8, pack("<I", 4), "no readable group"),
        (DESCRIPTOR + 16, pack("<I", 0x7FFFFFFF), "no readable DACL"),
        (DESCRIPTOR + 20, b"\7", "no readable DACL"),
        (DESCRIPTOR + 22, b"\xff\xff", "no readable DACL"),
        (DESCRIPTOR + 24, b"\xff\x00", "no readable DACL"),
        (DESCRIPTOR + 30, b"\x01\x00", "no readable DACL"),
    ],
)
def test_a_broken_security_descriptor_is_told_once_with_the_first_key_that_has_it(
    place: int, new: bytes, words: str
) -> None:
    problems = [problem for problem in survey(SMALL.patched(place, new)).problems if problem.code == "bad-security"]
    assert [problem.loses_data for problem in problems] in ([False], [False, False])  # the other one may be linked to it
    assert any(words in problem.message for problem in problems)


@pytest.mark.parametrize("cell", [0xFFFFFFFF, 0x7FFFFFF8])
def test_a_key_without_a_security_descriptor_is_told(cell: int) -> None:
    data = SMALL.patched(SMALL.keys["C"] + 4 + 44, pack("<I", cell))
    assert codes(data)["bad-security"] is False


def test_every_key_is_read_whatever_its_security() -> None:
    assert survey(SMALL.patched(KEY_SECURITY, bytes(64))).keys == 7


# Bins.


@pytest.mark.parametrize(
    ("place", "new", "words"),
    [
        (0, b"nibh", "starts with b'nibh'"),
        (4, pack("<I", 0x2000), "belongs at 0x3000"),
        (8, pack("<I", 0), "impossible size 0"),
        (8, pack("<I", 4097), "impossible size 4097"),
        (8, pack("<I", 0x7FFFF000), "impossible size"),
    ],
)
def test_a_bad_bin_in_the_middle_is_told_and_the_next_one_found(place: int, new: bytes, words: str) -> None:
    written = many()
    bins = survey(written.data).bins
    middle = BLOCK + 3 * 4096
    found = survey(written.patched(middle + place, new))
    assert [problem.code for problem in found.problems] == ["bad-bin-header"]
    assert f"0x{middle:x} " in found.problems[0].message
    assert words in found.problems[0].message
    assert (found.keys, found.bins) == (301, bins - 1)


@pytest.mark.parametrize("size", [0, 4, 12, -12, 4096, -0x80000000])
def test_a_chain_of_cells_that_breaks_is_told(size: int) -> None:
    written = many()
    middle = BLOCK + 3 * 4096 + 32
    assert codes(written.patched(middle, pack("<i", size)))["bad-cell-chain"] is False


# The part that the analysis looks at, and real hives.


def test_a_survey_of_a_subtree_looks_at_that_alone() -> None:
    data = SMALL.patched(SMALL.keys["B"] + 80, b"a")
    hive = RegfHive.from_buffer("test", data)
    inside = hive.root.subkey(r"C")
    assert inside is not None
    assert survey_subtree(hive, inside) == ()
    assert [problem.code for problem in survey_subtree(hive, hive.root)] == ["duplicate-key"]


def test_a_survey_of_a_subtree_that_leads_back_above_it_ends() -> None:
    loop = SMALL.patched(SMALL.lists["A"] + 8, pack("<I", SMALL.keys[""] - 4096))
    hive = RegfHive.from_buffer("test", loop)
    key = hive.root.subkey("A")
    assert key is not None
    assert [problem.code for problem in survey_subtree(hive, key)] == ["subkey-loop"]


def test_the_analysis_tells_a_second_value_of_the_same_name_in_the_session_manager(tmp_path: Path) -> None:
    manager = r"ControlSet001\Control\Session Manager"
    written = write_hive(
        hive_of(rf"""
        [Select]
        Current = dword 1
        Default = dword 1
        [{manager}]
        BootExecute = multi "autocheck autochk *"
        BootExecutX = multi "other"
        """)
    )
    path = tmp_path / "SYSTEM"
    path.write_bytes(written.patched(written.values[manager, "BootExecutX"] + 24, b"BootExecute"))
    assert "duplicate-value" in {problem.code for problem in analyze(path).problems}


@pytest.mark.parametrize("name", ["nt4-sp3-server", "xp-x64", "win7-sp1-x86", "win10-1709-dirty", "win10-1903"])
def test_a_real_hive_has_no_problem_at_all(name: str, real_hive: Callable[[str], Path]) -> None:
    with open_hive(real_hive(name)) as hive:
        found = survey_damage(hive)
    assert found.problems == ()
    assert found.bins > 200


def test_names_with_a_nul_are_found_in_the_hive_made_to_show_them(real_hive: Callable[[str], Path]) -> None:
    with open_hive(real_hive("conformance/BogusKeyNamesHive")) as hive:
        assert [problem.code for problem in survey_damage(hive).problems] == ["name-with-nul"]


# How many keys a security descriptor serves.


@pytest.mark.parametrize("by", [-1, 1])
def test_a_descriptor_that_counts_other_keys_than_the_tree_has_is_told(by: int) -> None:
    place = KEY_SECURITY + 4 + 12
    (counted,) = unpack_from("<I", SMALL.data, place)
    (problem,) = survey(SMALL.patched(place, pack("<I", counted + by))).problems
    assert (problem.code, problem.loses_data) == ("security-count", False)
    assert problem.message == (
        f"the security descriptor at 0x{KEY_SECURITY:x} counts {counted + by} keys, and {counted} in the tree name it"
        + (": others may have been cut off from the tree" if by > 0 else "")
    )


def test_a_key_cut_off_from_the_tree_is_still_counted() -> None:
    """The last entry of the root's list is gone, and the key's own count with it: nothing else tells of C."""
    hidden = bytearray(SMALL.patched(SMALL.lists[""] + 6, pack("<H", 2)))
    hidden[SMALL.keys[""] + 4 + 20 : SMALL.keys[""] + 4 + 24] = pack("<I", 2)
    assert codes(bytes(hidden)) == {"security-count": False}


def test_descriptors_are_not_counted_where_keys_could_not_be_read() -> None:
    assert "security-count" not in codes(SMALL.patched(SMALL.keys["C"] + 4, b"xx"))


def test_a_value_that_is_listed_twice_is_not_called_another_of_its_name() -> None:
    values = BLOCK + int(unpack_from("<I", SMALL.data, SMALL.keys["A"] + 4 + 40)[0]) + 4
    assert codes(SMALL.patched(values + 4, SMALL.data[values : values + 4])) == {"value-listed-twice": False}


def test_the_whole_hive_is_surveyed_where_everything_is_to_be_verified(tmp_path: Path) -> None:
    written = write_hive(hive_of("[Select]\nDefault = dword 1\n[ControlSet001\\Control\\Session Manager]\n[Setup]\n"))
    path = tmp_path / "SYSTEM"
    path.write_bytes(written.patched(written.keys["Setup"] + 6, pack("<H", 0x30)))
    found = {verify: {one.code for one in analyze(path, Options(verify=verify)).problems} for verify in ("second", "all")}
    assert found["all"] - found["second"] == {"stored-link"}
