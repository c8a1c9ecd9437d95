"""What a picture of the HTML page is made of: drawn paths, words, and marks that lead somewhere. Points are those of the viewBox.

All that looks alike is one path with a class; colours are the style sheet's, so a picture follows dark mode and paper. Text from
the hive is made visible before it gets here. Nothing here knows what a boot is.
"""

from collections.abc import Iterable

from hivecheck.facts.fact import fact

TURNED_LETTER = 5.8  # points of a letter of a turned name, on average
SEVERITY_LETTERS = {"critical": "C", "high": "H", "medium": "M", "low": "L"}

Drawn = tuple[str, str]
"""Class and path."""
Word = tuple[str, int, int, str, str]
"""Class, x, y, how it is turned ('' for not), and the text."""


@fact
class Mark:
    """Something in a picture that leads to its place in the text: `label` says the same in words."""

    to: str
    label: str
    drawn: tuple[Drawn, ...]
    words: tuple[Word, ...]


@fact
class Picture:
    """One drawing. `kind` is its class, `about` what it shows and where the same is told as text; `marks` lie over `drawn`."""

    id: str
    kind: str
    title: str
    about: str
    width: int
    height: int
    drawn: tuple[Drawn, ...]
    words: tuple[Word, ...]
    marks: tuple[Mark, ...]

    @property
    def parts(self) -> tuple[Mark, ...]:
        """All that is drawn, from the ground up: first what leads nowhere, then the marks."""
        return Mark("", "", self.drawn, self.words), *self.marks


def word(kind: str, x: int, y: int, text: str) -> Word:
    return kind, x, y, "", text


def turned(kind: str, x: int, y: int, degrees: int, text: str) -> Word:
    return kind, x, y, f"rotate({degrees} {x} {y})", text


def box(x: int, y: int, width: int, height: int) -> str:
    """The path of a rectangle."""
    return f"M{x} {y}h{width}v{height}h-{width}z"


def struck_box(x: int, y: int, width: int, height: int) -> str:
    """A rectangle with a stroke through it, for what is not done or ends."""
    return f"{box(x, y, width, height)}M{x} {y + height}l{width} -{height}"


def flag(severity: str, x: int, y: int) -> tuple[Drawn, Word]:
    """The sign of a finding, 13 points wide, its foot at (x, y): the letter of its severity in a small box on a pole."""
    drawn = f"sign {severity}", f"M{x} {y}v-13h13v12h-13"
    return drawn, word(f"letter {severity}", x + 2, y - 3, SEVERITY_LETTERS[severity])


def shares(parts: Iterable[tuple[str, int]], width: int, least: int) -> tuple[tuple[str, int], ...]:
    """The width of each part that is not zero, by its number, none below `least` where there is room; they add up to `width`."""
    given = [(kind, number) for kind, number in parts if number]
    least = min(least, width // max(len(given), 1))
    free, total = width - least * len(given), sum(number for _, number in given)
    widths = [least + free * number // total for _, number in given]
    if widths:
        widths[-1] += width - sum(widths)
    return tuple([(kind, own) for (kind, _), own in zip(given, widths, strict=True)])


def shorten(text: str, most: int) -> str:
    """The text in so many columns; letters that are not ASCII count twice, as they may be wide."""
    if len(text) <= most and text.isascii():
        return text
    if sum(map(_columns, text[:most])) <= most and len(text) <= most:
        return text
    room = most - 1
    for kept, letter in enumerate(text):
        room -= _columns(letter)
        if room < 0:
            return text[:kept] + "…"
    return text


def shorten_middle(text: str, most: int) -> str:
    """The text in so many columns, what is too much taken from its middle: names that begin alike mostly end otherwise."""
    if shorten(text, most) == text:
        return text
    tail, room = "", (most - 1) // 2
    for letter in reversed(text):
        room -= _columns(letter)
        if room < 0:
            break
        tail = letter + tail
    head = shorten(text, most - sum(map(_columns, tail)))
    return head + tail


def _columns(letter: str) -> int:
    return 1 if letter.isascii() else 2
