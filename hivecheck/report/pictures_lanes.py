"""Lanes: what follows on each other from left to right, each thing in the lane of its kind. Wraps into bands where it is wide.

A column is a step or a moment, with slots side by side; what stands in one slot is at the same place. Knows only counts and words.
"""

from collections.abc import Iterable, Iterator
from itertools import pairwise, zip_longest
from math import log2, radians, sin

from hivecheck.facts.fact import fact
from hivecheck.report.pictures import TURNED_LETTER, Drawn, Mark, Picture, Word, box, flag, shares, struck_box, turned, word

AXIS = 20  # below them, for what lies between two columns
LANE = 33
BAR = 14
_BETWEEN = 7  # points between two columns, or slots
_NARROWEST = 17  # a column: its turned name needs it


@fact
class Bar:
    """Some things of one lane. `parts` are (class, number); `severity` is the worst of a finding about any of them, or ''.

    `number` is how many there are, `width` the points they take: enough for the number, and more for more.
    """

    lane: int
    to: str
    label: str
    parts: tuple[tuple[str, int], ...]
    severity: str
    number: int
    width: int


@fact
class Column:
    """Slots under a name that leads to `to`. `gap` is the space before it, `note` what is written there, `cut` that it is no measure.

    `line` is the class of a line down through all lanes, '' for none; `widths` are those of the slots, `width` that of all.
    """

    name: str
    to: str
    label: str
    slots: tuple[tuple[Bar, ...], ...]
    line: str
    gap: int
    note: str
    cut: bool
    widths: tuple[int, ...]
    width: int


def make_bar(lane: int, to: str, label: str, parts: tuple[tuple[str, int], ...], severity: str = "") -> Bar:
    """A bar as wide as its number needs."""
    number = 0
    for _, some in parts:
        number += some
    width = 11 if number == 1 else int(8 + 7 * len(str(number)) + 3 * log2(number))
    return Bar(lane, to, label, parts, severity, number, width)


def make_column(
    name: str,
    to: str,
    label: str,
    slots: tuple[tuple[Bar, ...], ...],
    line: str = "",
    gap: int = _BETWEEN,
    note: str = "",
    cut: bool = False,
) -> Column:
    """A column as wide as its slots and its name need."""
    widths = tuple([max([bar.width for bar in slot], default=11) for slot in slots])
    width = max(_NARROWEST, sum(widths) + _BETWEEN * (len(widths) - 1))
    return Column(name, to, label, slots, line, gap, note, cut, widths, width)


@fact
class Frame:
    """The room of a picture: `turn` is how its names stand, in degrees, `tail` the points they reach beyond the last column."""

    width: int
    left: int
    turn: int
    tail: int

    @property
    def room(self) -> int:
        return self.width - self.left - self.tail


WIDE = Frame(900, 108, -60, 58)
NARROW = Frame(340, 106, -90, 6)


def draw_lanes(
    id: str, title: str, about: str, lanes: tuple[str, ...], columns: Iterable[Column], frame: Frame, *, axis: bool = False
) -> Picture:
    """The picture of the columns in as many bands as they need. Lanes in which nothing is are left out.

    `axis`: what lies between columns means something, and is drawn and written below.
    """
    drawn: dict[str, list[str]] = {}
    words: list[Word] = []
    marks: list[Mark] = []
    top = 0
    bands = list(_bands(columns, frame, axis))
    in_any = sorted({lane for band in bands for lane in _lanes_of(band)})
    for band in bands:
        used = in_any if frame is WIDE else sorted(_lanes_of(band))
        head = top + _head(band, frame)
        floor = head + LANE * len(used)
        places = {lane: head + LANE * place for place, lane in enumerate(used)}
        for place, (lane, y) in enumerate(places.items()):
            drawn.setdefault(f"stripe {'odd' if place % 2 else 'even'}", []).append(box(0, y, frame.width, LANE))
            words.append(word("lane-name", 6, y + 25, lanes[lane]))
        for x, column in band:
            marks += _draw_column(x, column, frame, head, floor, places, drawn)
        if axis:
            words += _draw_axis(band, frame.left, floor, drawn)
        top = floor + (AXIS if axis else 0) + 10
    paths = tuple([(kind, "".join(parts)) for kind, parts in drawn.items()])
    return Picture(id, "lanes", title, about, frame.width, max(top, 1), paths, tuple(words), tuple(marks))


def _head(band: list[tuple[int, Column]], frame: Frame) -> int:
    """The points above the lanes that the turned names of the columns need."""
    longest = max(len(column.name) for _, column in band) * TURNED_LETTER
    return 22 + int(longest * sin(radians(-frame.turn)))


def _lanes_of(band: list[tuple[int, Column]]) -> set[int]:
    return {bar.lane for _, column in band for slot in column.slots for bar in slot}


def _bands(columns: Iterable[Column], frame: Frame, axis: bool) -> Iterator[list[tuple[int, Column]]]:
    """The columns with their places, a list for each band. A column wider than a whole band is taken up again in the next;
    one that is a line alone stands beside what it follows."""
    band: list[tuple[int, Column]] = []
    end = frame.left + frame.room
    x = frame.left
    all = [piece for column in columns for piece in _pieces(column, frame.room)]
    for piece, following in zip_longest(all, all[1:]):
        x += piece.gap if band else _BETWEEN
        beside = following.gap + following.width if following is not None and not following.slots else 0
        if band and piece.slots and x + piece.width + beside > end:
            yield band
            band, x = [], frame.left + (piece.gap if axis else _BETWEEN)
        band.append((x, piece))
        x += piece.width
    if band:
        yield band


def _pieces(column: Column, room: int) -> Iterator[Column]:
    if column.width <= room - _BETWEEN:
        yield column
        return
    first = used = 0
    cuts: list[int] = []
    for place, width in enumerate(column.widths):
        wide = width + _BETWEEN
        if place > first and used + wide > room - _BETWEEN:
            cuts.append(place)
            first, used = place, 0
        used += wide
    for start, end in pairwise((0, *cuts, len(column.slots))):
        slots = column.slots[start:end]
        yield make_column(column.name, column.to, column.label, slots, column.line, column.gap, column.note, column.cut)


def _draw_column(
    x: int, column: Column, frame: Frame, head: int, floor: int, places: dict[int, int], drawn: dict[str, list[str]]
) -> Iterator[Mark]:
    middle = x + column.width // 2
    drawn.setdefault("tick", []).append(f"M{middle} {head - 7}v4M{x} {head}v-3h{column.width}v3")
    if column.line:
        drawn.setdefault(f"line {column.line}", []).append(f"M{middle} {head}V{floor}")
    yield Mark(column.to, column.label, (), (turned("name", middle + 4, head - 10, frame.turn, column.name),))
    for slot, wide in zip(column.slots, column.widths, strict=True):
        lone = column.width if len(column.slots) == 1 else wide
        for bar in slot:
            yield _draw_bar(x + (lone - bar.width) // 2, places[bar.lane] + LANE - BAR - 4, bar)
        x += wide + _BETWEEN


def _draw_bar(x: int, y: int, bar: Bar) -> Mark:
    drawn: list[Drawn] = []
    words: list[Word] = []
    at = x
    for kind, width in shares(bar.parts, bar.width, 5):
        shape = struck_box if kind == "no" and width < 30 and bar.number == 1 else box
        drawn.append((f"bar {kind}", shape(at, y, width, BAR)))
        at += width
    if bar.number > 1:
        counted = [kind for kind, number in bar.parts if number]
        kind = counted[0] if len(counted) == 1 else "mixed"
        words.append(word(f"number {kind}", x + bar.width // 2, y + BAR - 3, str(bar.number)))
    if bar.severity:
        path, letter = flag(bar.severity, x + bar.width // 2 - 1, y)
        drawn.append(path)
        words.append(letter)
    return Mark(bar.to, bar.label, tuple(drawn), tuple(words))


def _draw_axis(band: list[tuple[int, Column]], left: int, floor: int, drawn: dict[str, list[str]]) -> Iterator[Word]:
    """The line under a band, broken where a gap is cut, with what each gap is worth."""
    y = floor + 5
    before = left
    for x, column in band:
        middle = x + column.width // 2
        if column.cut:
            half = (before + middle) // 2
            drawn.setdefault("axis", []).append(
                f"M{before} {y}H{half - 4}M{half - 6} {y + 4}l4 -8M{half + 2} {y + 4}l4 -8M{half + 4} {y}H{middle}"
            )
        else:
            drawn.setdefault("axis", []).append(f"M{before} {y}H{middle}")
        drawn.setdefault("tick", []).append(f"M{middle} {y - 4}v8")
        if column.note:
            yield word("gap", (before + middle) // 2, y + 16, column.note)
        before = middle
