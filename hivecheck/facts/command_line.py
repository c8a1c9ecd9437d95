"""How smss splits a line of BootExecute, SetupExecute, Execute, SubSystems or the initial command.

    line    := { ws } { keyword ws } image [ ws arguments ]
    keyword := debug | async | autocheck     (any case, any number, any order)
    ws      := one or more characters <= U+0020

No quotes and no %variables%: a quoted path with blanks is cut at its first blank and keeps its leading quote.
Source: smss.md B2.2 (ReactOS smutil.c SmpParseCommandLine).
"""

import re

from hivecheck.facts.fact import fact

_TOKEN = re.compile(r"[\x00-\x20]*([^\x00-\x20]*)[\x00-\x20]*")
KEYWORDS = frozenset({"debug", "async", "autocheck"})


@fact
class CommandLine:
    """`text` as found. `image` is '' where smss finds none: the line is then ignored."""

    text: str
    keywords: tuple[str, ...]  # lower case, in order, each once
    image: str
    arguments: str

    @property
    def waits(self) -> bool:
        """Whether smss waits for the program to end before it goes on."""
        return "async" not in self.keywords


def next_token(text: str, start: int = 0) -> tuple[str, int]:
    """The next blank-separated token from `start` on, '' where there is none, and where what follows it begins, blanks skipped."""
    match = _TOKEN.match(text, start)
    assert match, "the expression matches every text, the empty one included"
    return match[1], match.end()


def parse_command_line(text: str) -> CommandLine:
    """The parts of one line; a blank line, or one of keywords alone, has no image."""
    keywords: dict[str, None] = {}
    token, rest = next_token(text)
    while token.isascii() and token.lower() in KEYWORDS:
        keywords[token.lower()] = None
        token, rest = next_token(text, rest)
    return CommandLine(text, tuple(keywords), token, text[rest:])
