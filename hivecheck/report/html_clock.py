"""The clock timeline: what is dated in this hive, drawn on an axis whose long quiet gaps are cut, and as a table with exact times.

What each kind of time proves, and what not, stands beside it. Sources: msuhanov/regf (key node: the last written time is the
key's; base block: its time is zero since Windows 8.1); output.md 4; machine_times.py for last boot and shutdown.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby
from math import log10

from hivecheck.analysis import Analysis
from hivecheck.facts.fact import fact
from hivecheck.facts.filetime import TICKS_PER_SECOND
from hivecheck.report.html_cells import Bits, Block, count, lines, make_facts, make_table, note, paragraph, say, text, time
from hivecheck.report.html_clock_times import LANES, LISTS, Moment, Moments, Undated, collect_moments
from hivecheck.report.pictures import SEVERITY_LETTERS
from hivecheck.report.pictures_lanes import NARROW, WIDE, Bar, Column, draw_lanes, make_bar, make_column
from hivecheck.report.view import shown_time

MOST_COLUMNS = 26  # of the picture; beyond that moments near each other are one
_OPEN_ROWS = 30  # a longer table is folded
_GAP_LETTER = 5.7  # points of a letter of what is written under a gap, on average
_NAMED = 3  # moments in the label of a bar
_MINUTE, _HOUR, _DAY, _YEAR = 60, 3600, 86_400, 31_556_952
_MONTH = _YEAR // 12
_UNITS = (
    (_YEAR, "year", "years"),
    (_MONTH, "month", "months"),
    (_DAY, "day", "days"),
    (_HOUR, "h", "h"),
    (_MINUTE, "min", "min"),
    (1, "s", "s"),
)
TURNS = ("boot", "shutdown")  # kinds of moments that are named above their column
_SEVERITIES = ("", *reversed(SEVERITY_LETTERS))
_ABOUT = (
    "From left to right moments in their order; times are UTC. The longer nothing is dated, the wider the gap, but ten times as long is "
    "only a little wider: what lies between is written under it, rounded, and a gap of a day or more is cut. A number counts what was dated at "
    "that moment or shortly after; a line goes through the last boot (a filled bar) and the last shutdown (an empty one), which are named above it. A letter is the severity of the worst finding that cites the key. Dashed bars under “earlier lists” "
    "may lie before their place: nothing dates them but the state that followed. Each leads to its row in the table."
)
_WORDS = (
    "When keys that this boot reads, or that a finding cites, were last written, set against the machine's own life. A time of "
    "zero is no time. Another one in 1601, or beyond the year 9999, was set by a tool or is damaged: it is told with its key and in the "
    "findings, but is no moment here."
)
_PROOFS: tuple[tuple[str, str, str], ...] = (
    (
        "Key last written",
        "Something in that key was changed then: a value set or deleted, or a key made or removed directly below it. Since then nothing in it was.",
        "It dates the key, not one of its values: which value it was, what stood there before and who did it is not told. smss, "
        "installers and updates write the Session Manager key all the time. A program with enough rights, or a tool that "
        "writes hives, can set any time.",
    ),
    (
        "Select last written",
        "That nothing has changed the choice of the control set since. As a rule that was Setup, as it installed or upgraded Windows.",
        "An installation date: a start with the last known good configuration, or a tool, writes the key as well.",
    ),
    (
        "Last boot",
        "The kernel told, by its own clock, when it started (or a key that each boot writes was written then). The reasons say which.",
        "That the clock was right, or that no boot was run since whose changes never reached this file.",
    ),
    (
        "Last shutdown",
        "An orderly shutdown wrote its time then.",
        "That the machine was off after it: a crash or a pulled plug leaves no time, and a fast start is no boot.",
    ),
    (
        "Hive or log written",
        "Windows wrote the file's base block then.",
        "When it was copied; and since Windows 8.1 the time is as a rule zero.",
    ),
    (
        "State in the logs",
        "The key had this time before or after that entry of a transaction log, so the entry is not older than the time after it.",
        "When the entry was written: an entry has a number, but no time.",
    ),
    (
        "Earlier lists",
        "A state that a later one contains, or followed on, was there before it.",
        "When it was made: what is left of a deleted list seldom has a time, and the key's time goes on with every write.",
    ),
)


@fact
class _Cluster:
    """Moments near each other. `rows` are their numbers in the table, from 1."""

    moments: tuple[Moment, ...]
    rows: tuple[int, ...]

    @property
    def first(self) -> int:
        return self.moments[0].ticks

    @property
    def last(self) -> int:
        return self.moments[-1].ticks


def tell_clock(analysis: Analysis) -> tuple[Block, ...]:
    """The blocks of the section: the picture, the table, what is known without a time, and what each time proves."""
    found = collect_moments(analysis)
    blocks: list[Block] = [paragraph(_WORDS)]
    if found.dated:
        blocks += [_draw(found), _table(found.dated)]
    else:
        blocks.append(paragraph("Nothing in this hive that the boot reads has a time."))
    if found.undated:
        blocks.append(_undated_table(found.undated))
    blocks += [paragraph(sentence, kind="neutral") for sentence in _left_out(found)]
    proofs = [
        (say(what), (lines([_labelled("Shows: ", shows), _labelled("Does not show: ", not_so)], "points"),))
        for what, shows, not_so in _PROOFS
    ]
    blocks.append(("table", make_facts("What these times prove, and what they don't", proofs)))
    return tuple(blocks)


def _labelled(label: str, said: str) -> Bits:
    return say(("b", "", label), said)


def _left_out(found: Moments) -> Iterable[str]:
    if found.without:
        yield f"{count(found.without, 'key')} without a time (zero) not shown."
    if found.odd:
        yield f"{count(found.odd, 'key')} with a time that is no moment (in 1601, or beyond 9999) not shown: a tool set it, or it is damaged."
    if found.left_out:
        yield f"{count(found.left_out, 'more moment')} not shown, that no finding or only one like others cites: the JSON document holds all."


def _table(moments: Sequence[Moment]) -> Block:
    rows = [
        (f"clock-{number}", ((time(shown_time(one.ticks)),), (*one.where, text(" "), ("span", "about", one.what)), one.why))
        for number, one in enumerate(moments, 1)
    ]
    title = f"{count(len(moments), 'moment')}, to 100 nanoseconds"
    columns = ("Time (UTC)", "What was dated", "What it is about")
    return ("table" if len(rows) <= _OPEN_ROWS else "fold"), make_table("clock", title, columns, rows)


def _undated_table(undated: Sequence[Undated]) -> Block:
    rows = [("", (say(one.name), _bound(one.before), _bound(one.after), one.why)) for one in undated]
    title = f"Known, but not when: {count(len(undated), 'earlier state')} of lists"
    columns = ("State", "Not later than, by the order of the states", "Later than, by the same", "What became of it")
    return ("table" if len(rows) <= _OPEN_ROWS else "fold"), make_table("undated", title, columns, rows)


def _bound(ticks: int | None) -> Bits:
    return (time(shown_time(ticks)),) if ticks is not None else (note("not known"),)


def _draw(found: Moments) -> Block:
    clusters, span = _clusters(found.dated)
    columns: list[Column] = []
    for place, cluster in enumerate(clusters):
        seconds = _nearest(cluster.first - clusters[place - 1].last, TICKS_PER_SECOND) if place else 0
        columns.append(_column(cluster, seconds, span, found.undated))
    first, last = shown_time(found.dated[0].ticks)[:10], shown_time(found.dated[-1].ticks)[:10]
    title = f"The clock: {count(len(found.dated), 'moment')} from {first} to {last} (UTC)"
    wide, narrow = [
        draw_lanes(f"clock-{one}", title, _ABOUT, LANES, columns, frame, axis=True)
        for one, frame in (("wide", WIDE), ("narrow", NARROW))
    ]
    return "pictures", (wide, narrow)


def _clusters(moments: Sequence[Moment]) -> tuple[list[_Cluster], int]:
    """Moments that lie within so many seconds of the first of them, and the seconds: the fewest that leave columns few enough."""
    span = 1
    while True:
        groups: list[list[int]] = []
        for place, moment in enumerate(moments):
            if groups and moment.ticks - moments[groups[-1][0]].ticks <= span * TICKS_PER_SECOND:
                groups[-1].append(place)
            else:
                groups.append([place])
        if len(groups) <= MOST_COLUMNS:
            break
        span *= 2
    return [_Cluster(tuple([moments[one] for one in group]), tuple([one + 1 for one in group])) for group in groups], span


def _column(cluster: _Cluster, seconds: int, span: int, undated: Sequence[Undated]) -> Column:
    numbered = sorted(zip(cluster.moments, cluster.rows, strict=True), key=lambda one: one[0].lane)
    bars = [_bar(lane, tuple(run)) for lane, run in groupby(numbered, key=lambda one: one[0].lane)]
    followed = [one for one in undated if one.before is not None and cluster.first <= one.before <= cluster.last]
    if followed and not any(bar.lane == LISTS for bar in bars):
        label = f"{count(len(followed), 'earlier state')} of a list, some time before {shown_time(followed[-1].before)}"
        bars.append(make_bar(LISTS, "#deleted", label, (("lost", len(followed)),)))
    turns = dict.fromkeys(one.name for one in cluster.moments if one.kind in TURNS)
    line = "moment" if turns else ""
    begin, end = shown_time(cluster.first), shown_time(cluster.last)
    label = (
        f"{count(len(cluster.moments), 'moment')} at {begin}"
        if begin == end
        else f"{count(len(cluster.moments), 'moment')} from {begin} to {end}"
    )
    note = _lasting(seconds)
    gap = max(int(6 + 7 * log10(1 + seconds)), int(_GAP_LETTER * len(note)) - 6) if note else 7
    return make_column(
        ", ".join((begin[: _precision(span)], *turns)),
        f"#clock-{cluster.rows[0]}",
        label,
        (tuple(bars),),
        line,
        gap,
        note,
        seconds >= _DAY,
    )


def _precision(span: int) -> int:
    """How many letters of a time tell clusters of so many seconds apart."""
    return 19 if span < _MINUTE else 16 if span < _DAY else 10


def _bar(lane: int, run: tuple[tuple[Moment, int], ...]) -> Bar:
    worst, row = max(run, key=lambda one: _SEVERITIES.index(one[0].severity))
    kinds: dict[str, int] = {}
    for moment, _ in run:
        kinds[moment.kind] = kinds.get(moment.kind, 0) + 1
    names = "; ".join(f"{moment.name}, {shown_time(moment.ticks)}" for moment, _ in run[:_NAMED])
    more = f" and {len(run) - _NAMED} more" if len(run) > _NAMED else ""
    found = f"; a finding of severity {worst.severity} cites it" if worst.severity else ""
    return make_bar(lane, f"#clock-{row}", f"{LANES[lane]}: {names}{more}{found}", tuple(kinds.items()), worst.severity)


def _lasting(seconds: int) -> str:
    """How long a gap is, to the nearest of its largest unit; after 1 of that also the next smaller one. '' for less than a second."""
    larger = 0  # seconds of the unit before
    for place, (length, one, many) in enumerate(_UNITS):
        if seconds < length:
            larger = length
            continue
        following = _UNITS[place + 1 : place + 2]
        if seconds < 2 * length and following:
            smaller = following[0][0]
            rest = _nearest(seconds - length, smaller)
            if rest * smaller < length:
                return f"1 {one} {_counted(rest, *following[0][1:])}" if rest else f"1 {one}"
        number = _nearest(seconds, length)
        return f"1 {_UNITS[place - 1][1]}" if larger and number * length >= larger else _counted(number, one, many)
    return ""


def _nearest(duration: int, length: int) -> int:
    """How many times the length goes into the duration, to the nearest."""
    return (2 * duration + length) // (2 * length)


def _counted(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"
