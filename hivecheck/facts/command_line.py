"""How smss splits a line of BootExecute, SetupExecute, Execute, SubSystems or the initial command.

    line    := { ws } { keyword ws } image [ ws arguments ]
    keyword := debug | async | autocheck     (any case, any number, any order)
    ws      := one or more characters <= U+0020

No quotes and no %variables%: a quoted path with blanks is cut at its first blank and keeps its leading quote.
Source: smss.md B2.2 (ReactOS smutil.c SmpParseCommandLine).
"""

from hivecheck.facts.fact import fact

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


def next_token(text: str) -> tuple[str, str]:
    """The next blank-separated token and what follows it, without the blanks before it."""
    start = 0
    while start < len(text) and text[start] <= " ":
        start += 1
    end = start
    while end < len(text) and text[end] > " ":
        end += 1
    rest = end
    while rest < len(text) and text[rest] <= " ":
        rest += 1
    return text[start:end], text[rest:]


def parse_command_line(text: str) -> CommandLine:
    """The parts of one line; a blank line, or one of keywords alone, has no image."""
    keywords: list[str] = []
    token, rest = next_token(text)
    while token.lower() in KEYWORDS:
        if token.lower() not in keywords:
            keywords.append(token.lower())
        token, rest = next_token(rest)
    return CommandLine(text, tuple(keywords), token, rest)
