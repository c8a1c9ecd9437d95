"""The order of groups and tags: places, origins, and counts that lie."""

import pytest

from hivecheck.registry.notation import hive_of
from hivecheck.settings.service_groups import MAXIMUM_TAGS, NO_TAG, UNLISTED_TAG, GroupOrders, read_group_orders

LIST = r"[ControlSet001\Control\ServiceGroupOrder]"
TAGS = r"[ControlSet001\Control\GroupOrderList]"


def orders(*lines: str) -> GroupOrders:
    return read_group_orders(hive_of("\n".join(lines)).root.subkey("ControlSet001"))


def codes(read: GroupOrders) -> list[str]:
    return [problem.code for problem in read.problems]


def test_groups_rank_as_listed_without_case_and_the_rest_comes_last() -> None:
    read = orders(LIST, 'List = multi "Boot Bus Extender" "Base" "base"')
    assert [read.rank(group) for group in ("boot bus extender", "BASE", "Network", "")] == [0, 1, 3, 3]
    assert [read.is_listed(group) for group in ("Base", "Network", "")] == [True, False, False]
    assert read.problems == ()


def test_a_place_is_cited_by_the_string_of_the_list_and_the_value_of_the_tags() -> None:
    read = orders(LIST, 'List = multi "Boot Bus Extender" "Base"', TAGS, "Base = binary 01 00 00 00 07 00 00 00")
    listed, tags = read.origins("base")
    assert (listed.key, listed.value, listed.strings, listed.text) == (LIST[1:-1], "List", (1, 1), "Base")
    assert (tags.key, tags.value) == (TAGS[1:-1], "Base")
    assert read.origins("Network") == ()
    assert read.list_ref is not None


def test_empty_strings_of_the_list_name_no_group() -> None:
    read = orders(LIST, r'List = multi "" "Base" ""')
    assert (read.names, read.rank("Base"), read.origins("Base")[0].strings) == (("Base",), 0, (1, 1))


def test_tags_rank_as_listed_then_unlisted_ones_then_none() -> None:
    read = orders(LIST, 'List = multi "Base"', TAGS, "base = binary 03 00 00 00 0e 00 00 00 01 00 00 00 0e 00 00 00")
    ranks = [read.tag_rank("Base", tag) for tag in (14, 1, 2, None)]
    assert ranks == [1, 2, UNLISTED_TAG, NO_TAG]
    assert read.tag_rank("Network", 1) == UNLISTED_TAG
    assert read.problems == ()


@pytest.mark.parametrize("missing", [(), (LIST,), (LIST, 'List = sz "Base"')])
def test_without_a_usable_list_no_group_is_listed(missing: tuple[str, ...]) -> None:
    read = orders(r"[ControlSet001\Control]", *missing)
    assert (read.names, read.list_ref, read.rank("Base")) == ((), None, 0)
    assert codes(read) == (["wrong-type"] if len(missing) > 1 else [])


def test_no_control_set_has_no_orders() -> None:
    assert read_group_orders(None).names == ()


@pytest.mark.parametrize(
    ("tags", "ranks", "told"),
    [
        ("binary ff ff ff ff 05 00 00 00", [1, UNLISTED_TAG], ["group-tags-cut"]),
        ("binary 02 00 00 00 05 00 00 00 06 00", [1, UNLISTED_TAG], ["group-tags-cut"]),
        ("binary 01 00 00 00 05 00 00 00 06 00 00 00", [1, UNLISTED_TAG], []),
        ("binary 00 00 00 00", [UNLISTED_TAG, UNLISTED_TAG], []),
        ("binary 05 00", [UNLISTED_TAG, UNLISTED_TAG], ["group-tags-cut"]),
        ("binary", [UNLISTED_TAG, UNLISTED_TAG], ["group-tags-cut"]),
        ("dword 5", [UNLISTED_TAG, UNLISTED_TAG], ["wrong-type", "group-tags-cut"]),
    ],
)
def test_a_count_that_lies_reads_no_further_than_the_data(tags: str, ranks: list[int], told: list[str]) -> None:
    read = orders(TAGS, f"Base = {tags}")
    assert [read.tag_rank("Base", tag) for tag in (5, 6)] == ranks
    assert codes(read) == told
    assert all(problem.because == (read.tag_refs["BASE"],) for problem in read.problems)


def test_more_tags_than_a_group_can_have_are_not_read() -> None:
    count = MAXIMUM_TAGS + 2
    data = b"".join(number.to_bytes(4, "little") for number in (count, *range(1, count + 1)))
    read = orders(TAGS, f"Base = binary {data.hex(' ')}")
    assert (read.tag_rank("Base", MAXIMUM_TAGS), read.tag_rank("Base", count)) == (MAXIMUM_TAGS, UNLISTED_TAG)
    assert codes(read) == ["group-tags-many"]
