"""Text from a hive made safe to look at."""

import codecs
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hivecheck.facts.visible import marks_in_ascii, visible


@pytest.mark.parametrize("text", ["", "autocheck autochk *", "C:\\Üñï\\中文", "a b", "\\u0041", "tab is no t", "🙂", "é"])
def test_what_can_be_seen_stays(text: str) -> None:
    assert visible(text) == text


@pytest.mark.parametrize(
    ("letter", "shown"),
    [
        ("\x00", "⟨U+0000⟩"), ("\x07", "⟨U+0007⟩"), ("\x1b", "⟨U+001B⟩"), ("\t", "⟨U+0009⟩"), ("\n", "⟨U+000A⟩"), ("\r", "⟨U+000D⟩"),
        ("\x7f", "⟨U+007F⟩"), ("\x9b", "⟨U+009B⟩"), ("\xad", "⟨U+00AD⟩"), ("\u061c", "⟨U+061C⟩"), ("\u200b", "⟨U+200B⟩"),
        ("\u200f", "⟨U+200F⟩"), ("\u202e", "⟨U+202E⟩"), ("\u2066", "⟨U+2066⟩"), ("\u2028", "⟨U+2028⟩"), ("\ufeff", "⟨U+FEFF⟩"),
        ("\ufe0f", "⟨U+FE0F⟩"), ("\ud800", "⟨U+D800⟩"), ("\udfff", "⟨U+DFFF⟩"), ("\ue000", "⟨U+E000⟩"), ("\uffff", "⟨U+FFFF⟩"),
        ("\u3164", "⟨U+3164⟩"), ("\U000e0041", "⟨U+E0041⟩"), ("\U000f0000", "⟨U+F0000⟩"), ("\U0001d173", "⟨U+1D173⟩"),
        ("\u00a0", "⟨U+00A0⟩"), ("\u2003", "⟨U+2003⟩"), ("\u3000", "⟨U+3000⟩"), ("\u1680", "⟨U+1680⟩"),
        ("⟨", "⟨U+27E8⟩"), ("⟩", "⟨U+27E9⟩"),
    ],
)  # fmt: skip
def test_what_hides_or_deceives_becomes_an_escape(letter: str, shown: str) -> None:
    assert visible(f"a{letter}b") == f"a{shown}b"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\u0301abc", "⟨U+0301⟩abc"),
        ("\u20ddabc", "⟨U+20DD⟩abc"),
        ("C:\\\u0301abc", "C:\\⟨U+0301⟩abc"),
        ("a \u0301\u0302", "a ⟨U+0301⟩⟨U+0302⟩"),
        ("a\u202e\u0301", "a⟨U+202E⟩⟨U+0301⟩"),
        ("\u093e", "⟨U+093E⟩"),
        ("a" + "\u0301" * 7, "a" + "\u0301" * 6 + "⟨U+0301⟩"),
    ],
)
def test_a_combining_mark_without_a_letter_of_its_own_becomes_an_escape(text: str, shown: str) -> None:
    assert visible(text) == shown


@pytest.mark.parametrize("text", ["e\u0301tude", "7\u20dd", "हिन्दी", "việt", "שָׁלוֹם", "བསྒྲུབས", "กำลัง", "и\u0306\u0301"])
def test_a_combining_mark_on_a_letter_stays(text: str) -> None:
    assert visible(text) == text
    assert visible(f"a {text}") == f"a {text}"


def test_a_name_turned_around_is_seen_as_stored() -> None:
    assert visible("annexe\u202etxt.exe") == "annexe⟨U+202E⟩txt.exe"


@given(st.text(alphabet=st.characters(codec=None), max_size=30))
def test_nothing_that_drives_a_terminal_or_breaks_an_encoder_is_left(text: str) -> None:
    shown = visible(text)
    shown.encode("utf-8")
    assert [letter for letter in shown if unicodedata.category(letter) in ("Cc", "Cs", "Co", "Zl", "Zp")] == []
    assert [letter for letter in shown if letter.isspace() and letter != " "] == []


_LIKE_MARKS = st.lists(
    st.sampled_from(
        [
            "\u202e",
            "\\u202e",
            "⟨U+202E⟩",
            "<U+202E>",
            "⟨",
            "⟩",
            "<",
            ">",
            "U+202E",
            "\u27e8U+27E8",
            "\U0001f600",
            "ю",
            "a",
            "\0",
        ]
    ),
    max_size=6,
).map("".join)


@pytest.mark.parametrize("text", ["\\u202e", "⟨U+202E⟩", "<U+202E>", "U+202E"])
def test_a_text_that_looks_like_a_mark_is_not_shown_as_one(text: str) -> None:
    assert visible(text) != visible("\u202e")
    assert _in_ascii(text) != _in_ascii("\u202e")


@given(_LIKE_MARKS, _LIKE_MARKS)
def test_two_texts_never_look_alike(one: str, other: str) -> None:
    assert (visible(one) == visible(other)) == (one == other)
    assert (_in_ascii(one) == _in_ascii(other)) == (one == other)


def test_a_console_of_ascii_gets_the_marks_in_angle_brackets() -> None:
    assert _in_ascii("a\u202eb ю <U+202E>") == "a<U+202E>b <U+044E> <U+003C>U+202E>"


def test_what_can_not_be_decoded_is_not_for_this_handler() -> None:
    with pytest.raises(UnicodeDecodeError):
        marks_in_ascii(UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"))


def _in_ascii(text: str) -> str:
    codecs.register_error("marks-of-the-test", marks_in_ascii)
    return visible(text).encode("ascii", "marks-of-the-test").decode("ascii")
