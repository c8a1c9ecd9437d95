r"""Bytes to text by the rules of RtlQueryRegistryValues: smss.md B1.3 to B1.9. In the tables `|` stands for a NUL."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hivecheck.registry.strings import (
    MAXIMUM_STRINGS,
    Oddity,
    decode_dword,
    decode_multi_sz,
    decode_sz,
    encode_multi_sz,
    encode_sz,
    text_of,
)


def stored(text: str) -> bytes:
    return text.replace("|", "\0").encode("utf-16-le", "surrogatepass")


@pytest.mark.parametrize(
    ("text", "strings", "oddities"),
    [
        ("cmd||", ["cmd"], []),
        ("cmd|", ["cmd"], []),
        ("cmd", ["cmd"], [Oddity.UNTERMINATED]),
        ("cm", ["cm"], [Oddity.UNTERMINATED]),
        ("c", [], [Oddity.UNTERMINATED, Oddity.LOST_CHARACTER]),
        ("c|", ["c"], []),
        ("", [], []),
        ("|", [], []),
        ("||", [""], []),
        ("|||", ["", ""], []),
        ("src|||", ["src", ""], []),
        ("src||", ["src"], []),
        ("a|b||", ["a", "b"], []),
        ("a|b|||", ["a", "b", ""], []),
        ("a|b|", ["a", "b"], []),
        ("a|b", ["a"], [Oddity.UNTERMINATED, Oddity.LOST_CHARACTER]),
        ("a|bc", ["a", "bc"], [Oddity.UNTERMINATED]),
        ("a||b||", ["a", "", "b"], []),
        ("|a||", ["", "a"], []),
        ("a|||b|||", ["a", "", "", "b", ""], []),
    ],
)
def test_the_splitting_rule(text: str, strings: list[str], oddities: list[Oddity]) -> None:
    """smss.md B1.4: with r characters stored, a string may start at i only while i < r - 1."""
    decoded = decode_multi_sz(stored(text))
    assert (list(decoded.strings), list(decoded.oddities)) == (strings, oddities)
    assert decoded.text == (strings[0] if strings else "")


@pytest.mark.parametrize(
    ("text", "strings"),
    [
        ("\U0001f600", ["\U0001f600"]),
        ("\U0001f600|", ["\U0001f600"]),
        ("a|\U0001f600", ["a", "\U0001f600"]),
        ("\U0001f600|x||", ["\U0001f600", "x"]),
    ],
)
def test_a_character_beyond_the_first_plane_counts_as_two(text: str, strings: list[str]) -> None:
    """smss.md B1.4 counts WCHARs: a last one of two is not lost."""
    assert list(decode_multi_sz(stored(text)).strings) == strings


@pytest.mark.parametrize(
    ("text", "strings"), [("\ud800|", ["\ud800"]), ("a\udc00b||", ["a\udc00b"]), ("\udc00\ud800||", ["\udc00\ud800"])]
)
def test_lone_surrogates_are_kept_and_told(text: str, strings: list[str]) -> None:
    decoded = decode_multi_sz(stored(text))
    assert list(decoded.strings) == strings
    assert decoded.oddities == (Oddity.LONE_SURROGATE,)
    assert decode_sz(stored(text)).text == strings[0]


def test_a_lone_surrogate_at_the_end_is_one_character_and_lost() -> None:
    assert decode_multi_sz(stored("a|\ud800")).strings == ("a",)


@pytest.mark.parametrize(("data", "strings"), [(b"a\0\0\0x", ["a"]), (b"a", []), (b"a\0\0\0\0", ["a"])])
def test_the_last_of_an_odd_number_of_bytes_is_no_character(data: bytes, strings: list[str]) -> None:
    decoded = decode_multi_sz(data)
    assert list(decoded.strings) == strings
    assert Oddity.ODD_LENGTH in decoded.oddities
    assert Oddity.ODD_LENGTH in decode_sz(data).oddities


@pytest.mark.parametrize(
    ("text", "first", "oddities"),
    [
        ("cmd|", "cmd", []),
        ("cmd", "cmd", [Oddity.UNTERMINATED]),
        ("", "", []),
        ("|", "", []),
        ("a|b|", "a", [Oddity.DATA_AFTER_NUL]),
        ("a|||", "a", []),
        ("|hidden", "", [Oddity.DATA_AFTER_NUL]),
    ],
)
def test_a_single_string_ends_at_its_first_nul(text: str, first: str, oddities: list[Oddity]) -> None:
    decoded = decode_sz(stored(text))
    assert (decoded.strings, list(decoded.oddities)) == ((first,), oddities)


def test_very_many_strings_are_not_all_read_and_that_is_told() -> None:
    decoded = decode_multi_sz(b"\0\0" * (MAXIMUM_STRINGS + 10))
    assert (len(decoded.strings), decoded.oddities) == (MAXIMUM_STRINGS, (Oddity.TOO_MANY,))
    assert decode_multi_sz(b"\0\0" * (MAXIMUM_STRINGS + 1)).oddities == ()


@pytest.mark.parametrize(
    ("data", "number"), [(b"\1\0\0\0", 1), (b"\xff\xff\xff\xff", 0xFFFFFFFF), (b"\1", None), (b"", None), (b"\0" * 5, None)]
)
def test_a_dword_has_4_bytes(data: bytes, number: int | None) -> None:
    assert decode_dword(data) == number


strings = st.lists(st.text(alphabet=st.characters(exclude_characters="\0", codec=None), min_size=1, max_size=6), max_size=6)


def pieces(text: str) -> str:
    """The text as UTF-16 stores it: two halves that meet are one character."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


@given(strings)
def test_what_windows_would_store_comes_back(texts: list[str]) -> None:
    assert list(decode_multi_sz(encode_multi_sz(tuple(texts))).strings) == [pieces(text) for text in texts]
    for text in texts:
        assert decode_sz(encode_sz(text)).text == pieces(text)


def reference(units: list[int]) -> list[list[int]]:
    """The rule of smss.md B1.4 to the letter, over WCHARs: one NUL appended, a start only while i < r - 1."""
    r, padded, found, i = len(units), [*units, 0], [], 0
    while i < r - 1:
        end = padded.index(0, i)
        found.append(padded[i:end])
        i = end + 1
    return found


@given(st.lists(st.sampled_from([0, 0, 0, 0x61, 0x62, 0xD83D, 0xDE00]), max_size=14))
def test_the_splitting_rule_to_the_letter(units: list[int]) -> None:
    data = b"".join(unit.to_bytes(2, "little") for unit in units)
    found = [text.encode("utf-16-le", "surrogatepass") for text in decode_multi_sz(data).strings]
    assert found == [b"".join(unit.to_bytes(2, "little") for unit in string) for string in reference(units)]


@given(st.binary(max_size=40))
def test_any_bytes_are_decoded(data: bytes) -> None:
    assert text_of(data) == decode_sz(data).text
    assert len(decode_multi_sz(data).strings) <= len(data) // 2 + 1
    assert len(decode_sz(data).strings) == 1
