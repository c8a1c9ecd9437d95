r"""The rename lists: smss.md B.3, B1.4."""

import pytest

from hivecheck.facts.nt_path import NtPath
from hivecheck.facts.origin import BuiltIn
from hivecheck.settings.pending_renames import PendingRename, make_pair, pair_strings, read_rename_list
from hivecheck.settings.setting import CitedString, Presence
from tests.settings.decoding import DAMAGE, raw, strings_of, unreadable, written

NAME = "PendingFileRenameOperations"


def pairs_of(content: str) -> tuple[PendingRename, ...]:
    return read_rename_list(NAME, raw(content, NAME)).value.pairs


def pair_of(source: str, destination: str) -> PendingRename:
    (pair,) = pairs_of(f'multi "{source}" "{destination}"')
    return pair


def test_an_empty_destination_means_delete() -> None:
    """smss.md B3.1."""
    pair = pair_of("\\??\\C:\\a", "")
    assert (pair.action, pair.source, pair.destination) == ("delete", NtPath("\\??\\C:\\a"), None)
    assert (pair.replaces, pair.marker, pair.list, pair.pair) == (False, None, NAME, 0)


def test_a_pair_cites_both_its_strings() -> None:
    first, second = pairs_of('multi "a" "" "b" "c"')
    assert [strings_of(pair.origin) for pair in (first, second)] == [(0, 1), (2, 3)]
    assert [pair.pair for pair in (first, second)] == [0, 1]


@pytest.mark.parametrize(
    ("content", "count", "leftover"),
    [
        ('multi "s" ""', 1, None),
        ('multi "s"', 0, "s"),
        ('multi "s" "" "t"', 1, "t"),
        ('multi "s" "" ""', 1, ""),
        ('multi "s" "" "" ""', 2, None),
        ("multi", 0, None),
        ("multi hex:", 0, None),
        ('multi "s" "" cut 2', 0, "s"),
        ('multi "s" "" cut 4', 0, "s"),
        ('sz "s"', 0, "s"),
    ],
)
def test_how_many_pairs_the_bytes_give(content: str, count: int, leftover: str | None) -> None:
    """smss.md B1.4, B3.13: `src\\0\\0\\0` is a delete, `src\\0\\0` a source left over; a surplus terminator is a string."""
    value = read_rename_list(NAME, raw(content, NAME)).value
    assert len(value.pairs) == count
    assert (value.leftover.text if value.leftover else None) == leftover
    assert len(value.strings) == 2 * count + (leftover is not None)


def test_an_odd_list_is_told_with_the_string_that_is_left_over() -> None:
    """smss.md B3.3."""
    setting = read_rename_list(NAME, raw('multi "a" "" "b"', NAME))
    (problem,) = setting.problems
    assert problem.code == "odd-rename-list"
    assert [strings_of(origin) for origin in problem.because] == [(2, 2)]


@pytest.mark.parametrize(
    ("destination", "expected"),
    [
        ("\\??\\C:\\b", ("\\??\\C:\\b", False, None)),
        ("!\\??\\C:\\b", ("\\??\\C:\\b", True, None)),
        ("@\\??\\C:\\b", ("\\??\\C:\\b", True, "@")),
        ("*1\\??\\C:\\b", ("\\??\\C:\\b", False, "*1")),
        ("*12!\\??\\C:\\b", ("\\??\\C:\\b", True, "*12")),
        ("*2@\\??\\C:\\b", ("\\??\\C:\\b", True, "*2@")),
        ("*\\??\\C:\\b", ("\\??\\C:\\b", False, "*")),
        ("!!\\??\\C:\\b", ("!\\??\\C:\\b", True, None)),
        ("!*1\\??\\C:\\b", ("*1\\??\\C:\\b", True, None)),
        ("!", ("", True, None)),
        ("*1", ("", False, "*1")),
    ],
)
def test_what_stands_before_a_destination(destination: str, expected: tuple[str, bool, str | None]) -> None:
    """smss.md B3.4: digits after a star first, then one mark."""
    pair = pair_of("\\??\\C:\\a", destination)
    assert pair.action == "rename"
    assert (str(pair.destination), pair.replaces, pair.marker) == expected


@pytest.mark.parametrize(
    ("source", "destination", "expected"),
    [
        ("*1\\??\\C:\\a", "", ("\\??\\C:\\a", "*1")),
        ("@\\??\\C:\\a", "", ("\\??\\C:\\a", "@")),
        ("*1@\\??\\C:\\a", "", ("\\??\\C:\\a", "*1@")),
        ("@\\??\\C:\\a", "\\??\\C:\\b", ("@\\??\\C:\\a", None)),
        ("!\\??\\C:\\a", "", ("!\\??\\C:\\a", None)),
        ("*1\\??\\C:\\a", "*1!\\??\\C:\\b", ("\\??\\C:\\a", "*1")),
        ("*1\\??\\C:\\a", "*2!\\??\\C:\\b", ("\\??\\C:\\a", "*1 *2")),
        ("", "", ("", None)),
    ],
)
def test_what_stands_before_a_source(source: str, destination: str, expected: tuple[str, str | None]) -> None:
    """smss.md B3.4: `@` is taken off the source of a delete only, `!` never."""
    pair = pair_of(source, destination)
    assert (str(pair.source), pair.marker) == expected


def test_a_path_is_kept_as_spelled() -> None:
    pair = pair_of("\\??\\c:\\Program Files\\x.TMP\\", "!\\SystemRoot\\..\\y")
    assert (str(pair.source), str(pair.destination)) == ("\\??\\c:\\Program Files\\x.TMP\\", "\\SystemRoot\\..\\y")


def test_an_absent_list_is_empty() -> None:
    setting = read_rename_list(NAME, None)
    assert (setting.value.pairs, setting.presence, setting.origins) == ((), Presence.ABSENT, ())


@pytest.mark.parametrize("content", ["dword 1", "binary 61 00 00 00"])
def test_a_wrong_type_is_told_and_gives_no_pairs(content: str) -> None:
    setting = read_rename_list(NAME, raw(content, NAME))
    assert (setting.value.pairs, setting.value.strings, setting.presence) == ((), (), Presence.WRONG_TYPE)
    assert setting.origins == (written(content, NAME).ref,)


def test_a_list_read_in_part_gives_its_pairs_with_the_damage() -> None:
    setting = read_rename_list(NAME, unreadable('multi "a" "" "b" "c"', NAME))
    assert len(setting.value.pairs) == 2
    assert setting.problems == (DAMAGE,)
    assert read_rename_list(NAME, unreadable()).presence is Presence.UNREADABLE


def test_a_pair_across_two_values_cites_the_second() -> None:
    first = CitedString("a", written('multi "a"', NAME).ref.citing("a", 0))
    second = CitedString("b", written('multi "b"', NAME + "2").ref.citing("b", 0))
    assert make_pair(NAME, 0, first, second).origin == second.origin
    built_in = CitedString("a", BuiltIn("a", "b"))
    assert make_pair(NAME, 0, built_in, built_in).origin == built_in.origin


def test_strings_pair_by_position() -> None:
    strings = tuple(CitedString(text, BuiltIn(text, "")) for text in "abcde")
    pairs, leftover = pair_strings(NAME, strings)
    assert [(str(pair.source), str(pair.destination)) for pair in pairs] == [("a", "b"), ("c", "d")]
    assert leftover == strings[4]
