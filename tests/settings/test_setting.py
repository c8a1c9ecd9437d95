"""The readers of single values: strings, text, numbers, bytes. smss.md B.1."""

from typing import Any

import pytest

from hivecheck.facts.origin import BuiltIn, ValueRef
from hivecheck.settings.setting import (
    Presence,
    Setting,
    read_binary,
    read_four_bytes,
    read_number,
    read_strings,
    read_text,
)
from tests.settings.decoding import DAMAGE, raw, strings_of, unreadable, written


def codes(setting: Setting[Any]) -> list[str]:
    return [problem.code for problem in setting.problems]


@pytest.mark.parametrize(
    ("content", "strings"),
    [
        ('multi "a" "b"', ["a", "b"]),
        ('multi "a" "" "b"', ["a", "", "b"]),
        ("multi hex:", []),
        ("multi", []),
        ('multi "a" cut 2', ["a"]),
        ('sz "a"', ["a"]),
        ('expand "%a%"', ["%a%"]),
        ('sz ""', [""]),
    ],
)
def test_a_list_gives_its_strings_and_a_string_gives_one(content: str, strings: list[str]) -> None:
    """smss.md B1.3, B1.5, B1.8."""
    read = read_strings(raw(content))
    assert [string.text for string in read.strings] == strings
    assert (read.presence, read.problems) == (Presence.WRITTEN, ())


def test_each_string_of_a_list_cites_its_number_and_its_text() -> None:
    read = read_strings(raw('multi "a" "" "b"'))
    assert [
        (strings_of(string.origin), string.origin.text) for string in read.strings if isinstance(string.origin, ValueRef)
    ] == [
        ((0, 0), "a"),
        ((1, 1), ""),
        ((2, 2), "b"),
    ]


def test_the_one_string_of_a_value_that_is_no_list_has_no_number() -> None:
    (string,) = read_strings(raw('sz "a"')).strings
    assert strings_of(string.origin) is None


@pytest.mark.parametrize("content", [None, "none", "none 41 00"])
def test_nothing_and_no_type_are_absent(content: str | None) -> None:
    """smss.md B1.7."""
    assert read_strings(raw(content)).presence is Presence.ABSENT
    assert read_text("n", raw(content)).presence is Presence.ABSENT
    assert read_number("n", raw(content)).presence is Presence.ABSENT


@pytest.mark.parametrize(
    "content", ["dword 1", "binary 41 00", "qword 1", 'link "a"', "type 0xffff0007: 41 00 00 00", "dword-be 1"]
)
def test_a_wrong_type_gives_no_strings_and_says_so(content: str) -> None:
    """smss.md B1.9: all 32 bits of the type count."""
    read = read_strings(raw(content))
    assert (read.strings, read.presence) == ((), Presence.WRONG_TYPE)
    (problem,) = read.problems
    assert problem.code == "wrong-type"
    assert problem.because == (written(content).ref,)
    assert read_text("n", raw(content)).presence is Presence.WRONG_TYPE


def test_what_cant_be_read_is_no_absence() -> None:
    for setting in (read_text("n", unreadable("sz hex:")), read_number("n", unreadable("dword hex:"))):
        assert (setting.presence, setting.problems) == (Presence.UNREADABLE, (DAMAGE,))
    read = read_strings(unreadable())
    assert (read.strings, read.presence, read.problems) == ((), Presence.UNREADABLE, (DAMAGE,))


def test_what_could_be_read_of_a_damaged_value_is_given_with_its_damage() -> None:
    read = read_strings(unreadable('multi "a" "b"'))
    assert ([string.text for string in read.strings], read.presence) == (["a", "b"], Presence.WRITTEN)
    assert read.problems == (DAMAGE,)
    assert read_text("n", unreadable('sz "a"')).problems == (DAMAGE,)
    assert read_number("n", unreadable("dword 1")).value is None


def test_oddities_of_the_bytes_are_told_with_their_origin() -> None:
    read = read_strings(raw("multi hex: 61 00 00 00 62"))
    assert [string.text for string in read.strings] == ["a"]
    (problem,) = read.problems
    assert (problem.code, problem.because) == ("text-odd-length", (written("multi hex: 61 00 00 00 62").ref,))
    assert codes(read_text("n", raw('sz "a" cut 2'))) == ["text-unterminated"]
    assert codes(read_text("n", raw(r'sz "a\u{0}b"'))) == ["text-data-after-nul"]


def test_a_list_that_ends_in_one_terminator_is_not_odd() -> None:
    """smss.md B2.8: Windows ships such."""
    assert read_strings(raw('multi "autocheck autochk *" cut 2')).problems == ()


def test_text_is_not_expanded_and_cites_itself() -> None:
    setting = read_text("n", raw('expand "%SystemRoot%\\x"'))
    assert (setting.value, setting.presence, setting.is_written) == ("%SystemRoot%\\x", Presence.WRITTEN, True)
    assert setting.origins == (written('expand "%SystemRoot%\\x"').ref.citing("%SystemRoot%\\x"),)
    assert setting.raw == raw('expand "%SystemRoot%\\x"')


def test_a_number_is_a_dword_of_4_bytes() -> None:
    setting = read_number("n", raw("dword 0xfffffffe"))
    assert (setting.value, setting.presence) == (0xFFFFFFFE, Presence.WRITTEN)
    assert setting.origins == (written("dword 0xfffffffe").ref.citing("4294967294"),)


@pytest.mark.parametrize(
    "content", ["dword hex: 01", "dword hex: 01 00 00 00 00", "dword hex:", "binary 01 00 00 00", 'sz "1"', "qword 1"]
)
def test_a_number_of_another_length_or_type_is_none(content: str) -> None:
    setting = read_number("n", raw(content))
    assert (setting.value, setting.presence, codes(setting)) == (None, Presence.WRONG_TYPE, ["wrong-type"])


@pytest.mark.parametrize(
    ("content", "value", "presence"),
    [
        ("dword 0", 0, Presence.WRITTEN),
        ("binary 02 00 00 00", 2, Presence.WRITTEN),
        ('sz "1"', 0x31, Presence.WRITTEN),
        ("dword hex: 01", 7, Presence.WRONG_TYPE),
        ("qword 1", 7, Presence.WRONG_TYPE),
        ("dword hex:", 7, Presence.WRONG_TYPE),
        (None, 7, Presence.DEFAULTED),
        ("none", 7, Presence.DEFAULTED),
    ],
)
def test_four_bytes_count_whatever_their_type(content: str | None, value: int, presence: Presence) -> None:
    """smss.md B.4, B.14."""
    setting = read_four_bytes("n", raw(content), 7, "source")
    assert (setting.value, setting.presence) == (value, presence)
    assert bool(setting.origins)
    if presence is Presence.DEFAULTED:
        assert setting.origins == (BuiltIn("n = 7", "source"),)


def test_four_bytes_of_another_type_are_still_told() -> None:
    assert codes(read_four_bytes("n", raw("binary 02 00 00 00"), 7, "source")) == ["wrong-type"]


def test_four_bytes_that_cant_be_read_are_not_defaulted() -> None:
    setting = read_four_bytes("n", unreadable("dword hex:"), 7, "source")
    assert (setting.value, setting.presence) == (None, Presence.UNREADABLE)


def test_bytes_are_given_as_they_are() -> None:
    setting = read_binary("n", raw("qword 1"))
    assert (setting.value, setting.presence) == (b"\1\0\0\0\0\0\0\0", Presence.WRITTEN)
    assert read_binary("n", None).presence is Presence.ABSENT
    damaged = read_binary("n", unreadable("binary 01"))
    assert (damaged.value, damaged.presence, damaged.problems) == (b"\1", Presence.UNREADABLE, (DAMAGE,))
