"""Real hives of NT 4 to Windows 10, read by us, by python-registry, by regipy and by libregf. Skipped where there are none.

The hives are personal data: nothing of them is written here but counts and the names of what Windows itself puts there.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from struct import unpack_from

import pyregf
import pytest

from hivecheck.registry import opinions
from hivecheck.registry.hive import REG_EXPAND_SZ, REG_SZ, RawValue
from hivecheck.registry.keys import RegfKey
from hivecheck.registry.readers import compare_readers
from hivecheck.registry.regf import RegfHive, open_hive

RealHive = Callable[[str], Path]

SECOND, THIRD = "python-registry", "regipy"
ROUNDING, RESIDENT = "python-registry-time-rounding", "python-registry-resident-raw-data"
FLOAT, EMPTIES, UNNAMED = "regipy-float-time", "regipy-drops-empty-strings", "regipy-default-value-name"

SESSION_MANAGERS = [
    # hive, control sets, keys and values of their Session Managers, what explains the differences of either library
    ("nt4-sp3-server", 2, 54, 158, {ROUNDING, RESIDENT}, {FLOAT, EMPTIES}),
    ("xp-x64", 2, 166, 266, {RESIDENT}, {FLOAT}),
    ("win7-sp1-x86", 2, 178, 274, {ROUNDING, RESIDENT}, {FLOAT, UNNAMED}),
    ("win10-1709-dirty", 1, 22, 182, {ROUNDING, RESIDENT}, {FLOAT, UNNAMED, EMPTIES}),
    ("win10-1903", 1, 28, 151, {ROUNDING, RESIDENT}, {FLOAT, UNNAMED, EMPTIES}),
]

WHOLE_HIVES = [
    ("nt4-sp3-server", 1971, 5841),
    ("xp-x64", 5831, 19034),
    ("win7-sp1-x86", 30756, 73456),
    ("win10-1709-dirty", 33123, 74957),
    ("win10-1903", 43211, 90307),
]

CONFORMANCE = [
    # hive, keys, values, codes of what is told
    ("BigDataHive", 2, 2, set()),
    ("BogusKeyNamesHive", 3, 0, set()),
    ("DeletedDataHive", 2, 1, set()),
    ("ExtendedASCIIHive", 2, 1, set()),
    ("ManySubkeysHive", 5003, 0, set()),
    ("MultiSzHive", 2, 2, set()),
    ("UnicodeHive", 3, 0, set()),
    ("TruncatedHive", 2, 0, {"truncated-hive", "cell-out-of-bounds", "count-exceeds-list"}),
    ("BadBaseBlockHive/BadBaseBlockHive", 5003, 0, set()),
    ("BadLogHive1/BadLogHive", 5003, 0, set()),
    ("OldDirtyHive/OldDirtyHive", 5003, 0, set()),
    ("OldDirtyHive/RecoveredHive_Windows7", 5003, 1, set()),
    ("NewDirtyHive1/NewDirtyHive", 5, 2, set()),
    ("NewDirtyHive1/RecoveredHive_Windows10", 5, 1, set()),
]


def every_key(hive: RegfHive) -> Iterator[RegfKey]:
    """Every key, a mother before her daughters, these in stored order."""
    pending = [hive.root]
    while pending:
        key = pending.pop()
        yield key
        pending += reversed(list(key.subkeys()))


def session_managers(hive: RegfHive) -> tuple[str, ...]:
    return tuple(rf"{key.path}\Control\Session Manager" for key in hive.root.subkeys() if key.name.startswith("ControlSet"))


@pytest.mark.parametrize(("name", "sets", "keys", "values", "second_defects", "third_defects"), SESSION_MANAGERS)
def test_three_readers_agree_on_every_session_manager(
    name: str, sets: int, keys: int, values: int, second_defects: set[str], third_defects: set[str], real_hive: RealHive
) -> None:
    with open_hive(real_hive(name)) as hive:
        paths = session_managers(hive)
        assert len(paths) == sets
        found = compare_readers(hive, paths, "all")
        assert hive.problems == ()
    assert [(opinion.name.split()[0], opinion.agrees, opinion.disagreements) for opinion in found] == [
        (SECOND, True, ()),
        (THIRD, True, ()),
    ]
    assert [(opinion.keys_compared, opinion.values_compared, opinion.note) for opinion in found] == [(keys, values, "")] * 2
    assert [set(opinion.known_defects) for opinion in found] == [second_defects, third_defects]


@pytest.mark.parametrize(("name", "keys", "values"), WHOLE_HIVES)
def test_a_whole_hive_is_walked_without_a_problem(name: str, keys: int, values: int, real_hive: RealHive) -> None:
    with open_hive(real_hive(name)) as hive:
        counts = [sum(1 for _ in key.stored_values()) for key in every_key(hive)]
        assert (len(counts), sum(counts), hive.problems) == (keys, values, ())


@pytest.mark.parametrize("name", ["nt4-sp3-server", "win10-1709-dirty"])
def test_python_registry_agrees_on_a_whole_hive(name: str, real_hive: RealHive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opinions, "MOST_KEYS", 100_000)
    monkeypatch.setattr(opinions, "MOST_VALUES", 100_000)
    with open_hive(real_hive(name)) as hive:
        (opinion,) = compare_readers(hive, ("",))
    assert (opinion.agrees, opinion.disagreements, opinion.note) == (True, (), "")
    assert opinion.keys_compared > 1900


def as_libregf_gives(value: RawValue, hive: RegfHive) -> bytes:
    """Our data with the two known defects of the referee: of data that stand in the value itself it gives the LAST bytes of
    the field, and a string it ends after its first NUL."""
    size, word = unpack_from("<I4s", hive.buffer, (value.ref.offset or 0) + 8)
    if size >= 0x80000000:
        return bytes(word[4 - len(value.data) :])
    if value.type in (REG_SZ, REG_EXPAND_SZ):
        for place in range(0, len(value.data), 2):
            if value.data[place : place + 2] == b"\0\0":
                return value.data[: place + 2]
    return value.data


@pytest.mark.parametrize("name", ["nt4-sp3-server", "win10-1903"])
def test_libregf_agrees_on_a_whole_hive(name: str, real_hive: RealHive) -> None:
    path = real_hive(name)
    referee = pyregf.file()
    referee.open(str(path))
    keys = values = 0
    try:
        with open_hive(path) as hive:
            pending = [(hive.root, referee.get_root_key())]
            while pending:
                ours, theirs = pending.pop()
                keys += 1
                assert (ours.name, ours.written) == (theirs.name, theirs.get_last_written_time_as_integer())
                for value, judged in zip(ours.values(), theirs.values, strict=True):
                    values += 1
                    assert (value.name, value.type) == (judged.name or "", judged.type)
                    assert as_libregf_gives(value, hive) == (judged.data or b""), value.ref
                below = list(ours.subkeys())
                assert len(below) == theirs.number_of_sub_keys
                pending += zip(below, theirs.sub_keys, strict=True)
    finally:
        referee.close()
    assert (name, keys, values) in WHOLE_HIVES


@pytest.mark.parametrize(("name", "keys", "values", "codes"), CONFORMANCE)
def test_a_conformance_hive_is_read_for_all_it_holds(
    name: str, keys: int, values: int, codes: set[str], real_hive: RealHive
) -> None:
    with open_hive(real_hive(f"conformance/{name}")) as hive:
        counts = [sum(1 for _ in key.values()) for key in every_key(hive)]
        assert (len(counts), sum(counts)) == (keys, values)
        assert {problem.code for problem in hive.problems} == codes


def test_names_of_the_conformance_hives_are_spelled_as_stored(real_hive: RealHive) -> None:
    with open_hive(real_hive("conformance/ExtendedASCIIHive")) as hive:
        assert all(letter < "\u0100" for key in every_key(hive) for letter in key.name)
        assert any(letter > "\x7f" for key in every_key(hive) for letter in key.name)
    with open_hive(real_hive("conformance/UnicodeHive")) as hive:
        assert any(letter > "\xff" for key in every_key(hive) for letter in key.name)


def test_keys_of_a_long_list_are_found_by_name(real_hive: RealHive) -> None:
    with open_hive(real_hive("conformance/ManySubkeysHive")) as hive:
        parent = next(key for key in every_key(hive) if sum(1 for _ in key.subkeys()) == 5000)
        for key in list(parent.subkeys())[::37]:
            found = parent.subkey(key.name.upper())
            assert found is not None
            assert found.ref == key.ref
        assert hive.problems == ()


@pytest.mark.parametrize("name", ["win7-sp1-x86", "win10-1903"])
def test_every_key_of_a_real_hive_is_found_by_its_hash(name: str, real_hive: RealHive) -> None:
    with open_hive(real_hive(name)) as hive:
        for control_set in session_managers(hive):
            services = hive.root.subkey(control_set.partition("\\")[0] + r"\Services")
            assert services is not None
            for key in services.subkeys():
                found = services.subkey(key.name)
                assert found is not None
                assert found.ref == key.ref
        assert hive.problems == ()
