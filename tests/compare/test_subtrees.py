"""Groups of differences by subtree: few, exact, and as deep as their share allows."""

from collections.abc import Callable
from pathlib import Path

import pytest

from hivecheck.compare.subtrees import MOST_GROUPS, Subtree, group_by_subtree
from hivecheck.compare.whole_hive import compare_hives
from hivecheck.registry.memory import MemoryHive, PlainKey, PlainValue
from hivecheck.registry.regf import RegfHive, open_hive
from tests.hive_writer import write_hive


def many(name: str, count: int, *below: PlainKey) -> PlainKey:
    return PlainKey(name, values=tuple(PlainValue(f"{number}", 4, b"1234") for number in range(count)), subkeys=below)


def groups(*keys: PlainKey, most: int = MOST_GROUPS) -> tuple[Subtree, ...]:
    empty, full = (
        RegfHive.from_buffer("H", write_hive(MemoryHive("H", PlainKey(subkeys=below))).data) for below in ((), keys)
    )
    return group_by_subtree(compare_hives(empty, full).differences, most)


def test_nothing_is_in_no_group() -> None:
    assert groups() == ()


def test_a_large_subtree_is_told_apart_from_its_siblings_and_the_rest_is_told_too() -> None:
    found = groups(many("A", 0, many("large", 500), *(many(f"small{number}", 1) for number in range(3))))
    assert [(one.path, one.counts.values_added, one.counts.keys_added, one.is_rest) for one in found] == [
        (r"A\large", 500, 1, False),
        ("A", 3, 4, True),
    ]


def test_many_small_subtrees_stay_one_group() -> None:
    found = groups(many("A", 0, *(many(f"small{number}", 1) for number in range(500))))
    assert [(one.path, one.counts.values_added, one.is_rest) for one in found] == [("A", 500, False)]


def test_there_are_never_more_groups_than_asked_for_and_they_tell_everything() -> None:
    keys = [many(f"K{a}", 1, *(many(f"L{b}", 3, *(many(f"M{c}", 2) for c in range(4))) for b in range(5))) for a in range(6)]
    for most in (1, 2, 7, 36):
        found = groups(*keys, most=most)
        assert len(found) <= most
        assert sum(one.counts.total for one in found) == 6 * (2 + 5 * (4 + 4 * 3))


def test_groups_are_the_same_whatever_the_case_of_their_names() -> None:
    before = [PlainKey("A", subkeys=(many("services", 10),)), many("b", 5)]
    after = [PlainKey("A", subkeys=(many("Services", 0),)), many("B", 0)]
    one, other = (
        RegfHive.from_buffer("H", write_hive(MemoryHive("H", PlainKey(subkeys=tuple(keys)))).data)
        for keys in (before, after)
    )
    found = group_by_subtree(compare_hives(one, other).differences)
    assert [(group.path, group.counts.values_removed) for group in found] == [(r"A\Services", 10), ("B", 5)]


def test_a_few_dozen_groups_tell_two_windows_of_different_machines(real_hive: Callable[[str], Path]) -> None:
    with open_hive(real_hive("win7-sp1-x86")) as one, open_hive(real_hive("win10-1903")) as other:
        diff = compare_hives(one, other)
    found = group_by_subtree(diff.differences)
    told = sum(group.counts.total for group in found)
    assert 20 <= len(found) <= 40
    assert told + sum(counts.total for _, counts in diff.noise) == diff.counts.total
    assert sum(group.counts.total for group in found if group.path) >= 0.9 * told


@pytest.mark.parametrize("most", [1, 5])
def test_a_deep_tree_is_one_path(most: int) -> None:
    key = many("leaf", 100)
    for number in range(100):
        key = PlainKey(f"d{number}", subkeys=(key,))
    [found] = [group for group in groups(key, most=most) if not group.is_rest][:1]
    assert found.counts.values_added == 100
