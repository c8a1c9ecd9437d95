"""Lines for a terminal: styled or plain, wrapped to its width, and never with a control character alive.

Text from the hive must have passed `visible` before it comes here; `put` refuses what has not.
"""

import textwrap
from collections.abc import Iterable
from dataclasses import dataclass, field

STYLES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36", "reverse": "7"}
_NARROWEST = 40
_LONGEST_WORD = 110  # letters; the longest paths of Windows itself are shorter


@dataclass(slots=True)
class Paper:
    """`styled` False gives no escape sequence at all. `boxes`: whether a drawing may use box characters, else it is ASCII."""

    width: int
    styled: bool
    boxes: bool = False
    lines: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.width = max(self.width, _NARROWEST)

    def style(self, text: str, *names: str) -> str:
        """The text in a style; unchanged where nothing is styled."""
        if not self.styled or not text:
            return text
        return f"\x1b[{';'.join(STYLES[name] for name in names)}m{text}\x1b[0m"

    def blank(self) -> None:
        self.lines.append("")

    def heading(self, text: str, note: str = "") -> None:
        """A line in bold; the note stands behind it, or below it where there is no room."""
        self.blank()
        if note and len(text) + 3 + len(note) <= self.width:
            self.lines.append(f"{self.style(text, 'bold')}   {self.style(note, 'dim')}")
            return
        self.put(text, styles=("bold",))
        if note:
            self.put(note, styles=("dim",))

    def put(self, text: str, *, first: str = "", indent: int = 0, styles: tuple[str, ...] = ()) -> None:
        """A paragraph: `first` stands before its first line, `indent` blanks before the others.

        Raises ValueError for a control character: it would reach the terminal.
        """
        if any(ord(letter) < 32 or 127 <= ord(letter) < 160 for letter in text + first):
            raise ValueError("a control character on its way to the terminal")
        room = max(self.width - indent, _NARROWEST // 2)
        hang = " " * max(len(first) - indent, 0)  # what stands out of the indent takes room from the first line
        wrapped = textwrap.wrap(text, room, initial_indent=hang, break_long_words=True, break_on_hyphens=False) or [""]
        wrapped[0] = wrapped[0][len(hang) :]
        self.lines.append(
            first.ljust(indent) + self.style(wrapped[0], *styles) if styles else first.ljust(indent) + wrapped[0]
        )
        self.lines.extend(" " * indent + (self.style(line, *styles) if styles else line) for line in wrapped[1:])

    def columns(self, rows: Iterable[tuple[str, str]], *, indent: int) -> None:
        """Rows of a label and a text; the label is bold and the text wraps beside it."""
        for label, text in rows:
            start = len(self.lines)
            self.put(text, first=f"{label} " if len(label) >= indent else label, indent=indent)
            if self.styled:
                self.lines[start] = self.lines[start].replace(label, self.style(label, "bold"), 1)

    def text(self) -> str:
        return "\n".join(self.lines) + "\n"


def clip(text: str, width: int) -> str:
    """The text, or its beginning and end with dots between where it is longer than `width`."""
    if len(text) <= width:
        return text
    head = (width - 3) * 2 // 3
    return f"{text[:head]}...{text[len(text) - (width - 3 - head) :]}"


def clip_end(text: str, width: int) -> str:
    """The text, or its beginning up to a whole word with dots behind it where it is longer than `width`."""
    if len(text) <= width:
        return text
    cut = text.rfind(" ", width // 2, width - 2)
    return f"{text[: cut if cut > 0 else width - 3].rstrip(' ,;:.')}..."


def clip_sentences(text: str, width: int) -> str:
    """The text, or as many whole sentences of its beginning as have room and fill a third of it, with dots; else up to a whole word."""
    if len(text) <= width:
        return text
    end = text.rfind(". ", width // 3, width - 3)
    return f"{text[: end + 1]} ..." if end > 0 else clip_end(text, width)


def clip_words(text: str) -> str:
    """The text with the middle of very long words left out: a path of an attacker can't push away what is said of it."""
    return " ".join([clip(word, _LONGEST_WORD) for word in text.split(" ")])
