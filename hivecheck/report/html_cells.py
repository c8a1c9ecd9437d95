"""The small parts the HTML page is built from: bits of text, tables, blocks. Plain tuples, so that the templates only loop.

Every text from a hive goes through `code`, `words` or `bits_of` here, which make hidden characters visible and cut what is far
too long; the template engine escapes it. Nothing here knows what a boot is.
"""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from hivecheck.boot.plan import Done
from hivecheck.boot.replay import Event
from hivecheck.facts.certainty import Certainty, Confidence
from hivecheck.facts.fact import fact
from hivecheck.facts.filetime import is_moment
from hivecheck.facts.origin import BuiltIn, KeyRef, Origin, ValueRef
from hivecheck.facts.visible import visible
from hivecheck.report.view import DONE_WORDS, Sentence, describe_origin, shown_time

Bit = tuple[str, str, Any]
"""Element, class (for `a` its target) and content: a text, or bits. The element '' is a text by itself."""
Bits = tuple[Bit, ...]
Cells = tuple[tuple[str, Bits], ...]
Row = tuple[str, Bits, Cells]
"""Id or '', first cell, other cells with the label each has on a narrow screen."""
Block = tuple[str, Any]
"""Kind and what is in it: `bits`, `table`, `fold` (a table, folded), `lane` or `boot` (the steps)."""

MOST_LETTERS = 4_000  # of one text; a hostile value may hold millions
MOST_ROWS = 1_000  # of one table
MOST_LINES = 500  # of one list
MISSING = "not stored in this hive"
_CERTAINTY_IN_SHORT = {Certainty.A: "confirmed", Certainty.B: "secondary source", Certainty.C: "inferred"}


@fact
class Table:
    """`left` says how many more rows there are."""

    kind: str
    caption: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    left: str = ""


def make_table(
    kind: str, caption: str, columns: Sequence[str], rows: Iterable[tuple[str, Sequence[Bits]]], total: int = 0
) -> Table:
    """A table with a head. Rows are (id or '', cells); the first cell of each is its heading.

    Of very many only the first are told; where `rows` are only the first of them, `total` says how many there are.
    """
    labels = tuple(columns[1:])
    all = iter(rows)
    told = tuple([(id, cells[0], tuple(zip(labels, cells[1:], strict=True))) for id, cells in islice(all, MOST_ROWS)])
    return Table(kind, caption, tuple(columns), told, _left(max(total - len(told), sum(1 for _ in all)), "row"))


def _left(number: int, one: str) -> str:
    return f"{count(number, one)} more not shown here: the JSON document holds all." if number > 0 else ""


def make_facts(caption: str, facts: Iterable[tuple[Bits, Bits]]) -> Table:
    """A table of names and what holds for them, without a head."""
    return Table("facts", caption, (), tuple([("", name, (("", bits),)) for name, bits in facts]))


def clip(text: str) -> str:
    """The text, cut where it is far too long for a page; what is cut is counted."""
    if len(text) <= MOST_LETTERS:
        return text
    return f"{text[:MOST_LETTERS]}… ({len(text) - MOST_LETTERS:,} more characters)"


def words(text: str) -> str:
    """Our own words with text of the hive in them, fit to be shown."""
    return clip(visible(text))


def text(plain: str) -> Bit:
    """Words as they are: ours, or made fit by `words`."""
    return "", "", plain


def say(*parts: str | Bit) -> Bits:
    """Bits in turn: strings are our words."""
    return tuple([("", "", part) if isinstance(part, str) else part for part in parts])


def prose(plain: str) -> Bits:
    """A text of ours; what stands between backticks is set as code."""
    parts = plain.split("`")
    return tuple(code(part) if place % 2 else text(part) for place, part in enumerate(parts) if part)


def paragraph(*parts: str | Bit, kind: str = "") -> Block:
    """A block of text, `kind` being its class."""
    return "bits", (("p", kind, say(*parts)),)


def left_out(number: int, one: str) -> tuple[Block, ...]:
    """A sentence on what a long list leaves out; nothing where it leaves out nothing."""
    return (paragraph(_left(number, one), kind="neutral left-out"),) if number > 0 else ()


def heading(plain: str) -> Block:
    return "bits", (("h3", "", plain),)


def code(plain: str) -> Bit:
    """Text of the hive, set as code; an empty one is told as such."""
    return ("code", "", words(plain)) if plain else note("(empty)")


def note(plain: str) -> Bit:
    return "span", "note", plain


def tag(plain: str, kind: str = "") -> Bit:
    """A word in a frame. `kind` is '', `strong` or `calm`."""
    return "span", f"tag {kind}".rstrip(), plain


def label(plain: str) -> Bit:
    """What stands before a line of a list."""
    return "b", "", plain


def time(plain: str) -> Bit:
    return "time", "", plain


def key_time(ticks: int) -> Bits:
    """When a key was last written, or that it has no time, or none that is a moment."""
    return (time(shown_time(ticks)),) if is_moment(ticks) else (note(shown_time(ticks)),)


def event_link(number: int) -> Bit:
    return "a", f"#e{number}", str(number)


def shown(plain: str | None) -> Bits:
    """A text of the hive, or that there is none."""
    return (note(MISSING),) if plain is None else (code(plain),)


def lines(all: Iterable[Bits], kind: str = "lines", total: int = 0) -> Bit:
    """A list. Kinds: `lines` of code with numbers, `named` ones with names, `points` in words, or '' of anything.

    Of very many only the first are told, then how many more there are; `total` as in `make_table`.
    """
    those = iter(all)
    told: list[Bit] = [("li", "", bits) for bits in islice(those, MOST_LINES)]
    if left := max(total - len(told), sum(1 for _ in those)):
        told.append(("li", "left-out", _left(left, "line")))
    return "ul", kind, tuple(told)


def fold(summary: str | Bits, inside: Bit, kind: str = "") -> Bit:
    """Something that is shown when asked for, under a summary."""
    return "details", kind, (("summary", "", summary), inside)


def bits_of(sentence: Sentence) -> Bits:
    """A sentence of the view; its code is visible already."""
    return tuple([("code" if span.code else "", "", clip(span.text)) for span in sentence])


def origins_of(origins: Sequence[Origin], title: str = "Origin") -> Bits:
    """The origins in full, folded under the name of the first one; nothing where there are none."""
    if not origins:
        return ()
    told = lines([bits_of(describe_origin(origin)) for origin in origins], "")
    first = origins[0]
    named: Bits
    match first:
        case ValueRef():
            named = code(first.value or "(default)"), text(" in "), code(first.key)
        case KeyRef():
            named = (text("key "), code(first.path)) if first.path else (text("the root of the hive"),)
        case BuiltIn():
            named = (text("built in"),)
    more = f" and {len(origins) - 1} more" if len(origins) > 1 else ""
    summary = (text(f"{title}: "), *named, text(more))
    return (fold(summary, told, "origins"),)


def outcome_bit(done: Done, said: str = "") -> Bit:
    """The badge of an outcome: word, shape and colour all differ."""
    return "span", f"badge {done.value}", said or DONE_WORDS[done]


def outcome_marks(events: Iterable[Event]) -> Bits:
    """How many events have each outcome, each count with its mark."""
    found = [event.done for event in events]
    marks: list[Bit] = []
    for done in (Done.YES, Done.UNKNOWN, Done.NO):
        if number := found.count(done):
            marks += (text(" "), ("span", f"mark {done.value}", f"{number:,} {DONE_WORDS[done]}"))
    return tuple(marks)


def certainty_bit(certainty: Certainty) -> Bit:
    """The letter, and what it means in short."""
    letter = ("b", certainty.value, certainty.value)
    return "span", "certainty", (letter, text(f" {_CERTAINTY_IN_SHORT[certainty]}"))


def confidence_bit(confidence: Confidence) -> Bit:
    return "span", f"confidence {confidence.value}", f"{confidence.value} confidence"


def count(number: int, one: str, many: str = "") -> str:
    """`no files`, `1 file`, `12 files`, `1,200 files`."""
    return f"1 {one}" if number == 1 else f"{number:,} {many or one + 's'}" if number else f"no {many or one + 's'}"
