"""How smss splits a line: smss.md B2.2."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hivecheck.facts.command_line import KEYWORDS, next_token, parse_command_line


@pytest.mark.parametrize(
    ("text", "keywords", "image", "arguments"),
    [
        ("autocheck autochk *", ("autocheck",), "autochk", "*"),
        ("AUTOCHECK AutoChk.exe *", ("autocheck",), "AutoChk.exe", "*"),
        ("async debug evil", ("async", "debug"), "evil", ""),
        ("debug debug async debug evil", ("debug", "async"), "evil", ""),
        ("evil async", (), "evil", "async"),
        ('"C:\\a b\\c.exe" x', (), '"C:\\a', 'b\\c.exe" x'),
        ("  \t autocheck\t\tautochk   /p  \\??\\C:  ", ("autocheck",), "autochk", "/p  \\??\\C:  "),
        ("autocheck", ("autocheck",), "", ""),
        ("", (), "", ""),
        (" \t\r\n\x01", (), "", ""),
        ("a\x1fb", (), "a", "b"),
        ("a\u00a0b", (), "a\u00a0b", ""),
        ("%SystemRoot%\\x.exe", (), "%SystemRoot%\\x.exe", ""),
        ("autochec\u212a autochk", (), "autochec\u212a", "autochk"),
        ("autochecker x", (), "autochecker", "x"),
    ],
)
def test_the_parts_of_a_line(text: str, keywords: tuple[str, ...], image: str, arguments: str) -> None:
    line = parse_command_line(text)
    assert (line.text, line.keywords, line.image, line.arguments) == (text, keywords, image, arguments)


@pytest.mark.parametrize(
    ("text", "waits"), [("a", True), ("autocheck a", True), ("async a", False), ("ASYNC autocheck a", False)]
)
def test_smss_waits_unless_told_not_to(text: str, waits: bool) -> None:
    assert parse_command_line(text).waits is waits


@pytest.mark.parametrize(
    ("text", "start", "token", "rest"),
    [("a b", 0, "a", "b"), ("  a  b", 0, "a", "b"), ("a b", 1, "b", ""), ("a", 1, "", ""), ("", 0, "", "")],
)
def test_the_next_token_and_where_the_rest_begins(text: str, start: int, token: str, rest: str) -> None:
    found, position = next_token(text, start)
    assert (found, text[position:]) == (token, rest)


@given(st.text(alphabet=st.sampled_from('a" \t\x00*\\.') | st.characters(), max_size=40))
def test_nothing_of_a_line_is_lost_but_blanks_and_keywords(text: str) -> None:
    line = parse_command_line(text)
    assert line.text == text
    assert not any(letter <= " " for letter in line.image)
    assert not line.image.isascii() or line.image.lower() not in KEYWORDS
    head = text[: len(text) - len(line.arguments)] if line.arguments else text
    assert line.image in head
    assert text.endswith(line.arguments)


def test_a_very_long_line_is_split_at_once() -> None:
    started = time.process_time()
    assert parse_command_line("debug " * 1_000_000 + "x").image == "x"
    assert time.process_time() - started < 10
