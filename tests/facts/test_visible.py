"""Text from a hive made safe to look at."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hivecheck.facts.visible import visible


@pytest.mark.parametrize("text", ["", "autocheck autochk *", "C:\\Üñï\\中文", "a b", "\\u0041", "tab is no t", "🙂", "é"])
def test_what_can_be_seen_stays(text: str) -> None:
    assert visible(text) == text


@pytest.mark.parametrize(
    ("letter", "shown"),
    [
        ("\x00", "\\u0000"), ("\x07", "\\u0007"), ("\x1b", "\\u001b"), ("\t", "\\u0009"), ("\n", "\\u000a"), ("\r", "\\u000d"),
        ("\x7f", "\\u007f"), ("\x9b", "\\u009b"), ("\xad", "\\u00ad"), ("\u061c", "\\u061c"), ("\u200b", "\\u200b"),
        ("\u200f", "\\u200f"), ("\u202e", "\\u202e"), ("\u2066", "\\u2066"), ("\u2028", "\\u2028"), ("\ufeff", "\\ufeff"),
        ("\ufe0f", "\\ufe0f"), ("\ud800", "\\ud800"), ("\udfff", "\\udfff"), ("\ue000", "\\ue000"), ("\uffff", "\\uffff"),
        ("\u3164", "\\u3164"), ("\U000e0041", "\\U000e0041"), ("\U000f0000", "\\U000f0000"), ("\U0001d173", "\\U0001d173"),
        ("\u00a0", "\\u00a0"), ("\u2003", "\\u2003"), ("\u3000", "\\u3000"), ("\u1680", "\\u1680"),
    ],
)  # fmt: skip
def test_what_hides_or_deceives_becomes_an_escape(letter: str, shown: str) -> None:
    assert visible(f"a{letter}b") == f"a{shown}b"


def test_a_name_turned_around_is_seen_as_stored() -> None:
    assert visible("annexe\u202etxt.exe") == "annexe\\u202etxt.exe"


@given(st.text(alphabet=st.characters(codec=None), max_size=30))
def test_nothing_that_drives_a_terminal_or_breaks_an_encoder_is_left(text: str) -> None:
    shown = visible(text)
    shown.encode("utf-8")
    assert [letter for letter in shown if unicodedata.category(letter) in ("Cc", "Cs", "Co", "Zl", "Zp")] == []
    assert [letter for letter in shown if letter.isspace() and letter != " "] == []


@given(st.text(alphabet=st.characters(codec=None), max_size=30))
def test_what_is_shown_stays_as_it_is(text: str) -> None:
    assert visible(visible(text)) == visible(text)
