"""The process tree as a picture: who starts whom from left to right, sessions as boxes, what ends struck through.

Processes that are alike and start nothing are one box with their number; where there are too many boxes, the last ones are one that
names them. One that a finding is about keeps a box of its own. Text of the hive is made visible here.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from textwrap import wrap

from hivecheck.boot.machine import RunningService
from hivecheck.boot.process_tree import ProcessNode, ProcessTree
from hivecheck.facts.fact import fact
from hivecheck.facts.visible import visible
from hivecheck.registry.hive import fold_name
from hivecheck.report.html_cells import count
from hivecheck.report.pictures import SEVERITY_LETTERS, Mark, Picture, Word, box, flag, shorten, shorten_middle, word

MOST_TWIGS = 12  # below one process, alike ones being one
MOST_FLAGGED = 60  # of those that findings are about, which come before all others and may be more than that
DEEPEST = 8
_HIGH, _ROW, _HEAD = 22, 32, 20  # a box, a line, what the name of a session needs
_LETTERS = 18  # of a name in a box of its own
_NAME, _NAMES, _LABEL = 40, 200, 400  # letters of a name among others, of all names in a box, and of those in words
_LETTER, _LINE, _FLAG = 7, 14, 18  # points of a letter of a name, of a further line of them, and of the sign of a finding
_SEVERITIES = ("", *reversed(SEVERITY_LETTERS))
_ABOUT = (
    "A line leads from each process to those it starts. A box around them is a session. A dashed box is a process that starts if "
    "assumptions hold, one struck through has ended by the logon screen, and what it started lives on without it. A letter is the "
    "severity of the worst finding about its start or about a service in it. Each leads to the event that starts it; the list below "
    "tells the same, with every service."
)


@fact
class _Twig:
    """Processes drawn as one box. `severity` is that of the worst finding, or ''; `at` the number of an event, or None.

    `names` are those of a box of different processes, each once with how often it is there; empty for a box of alike ones.
    """

    nodes: tuple[ProcessNode, ...]
    severity: str
    at: int | None
    twigs: tuple["_Twig", ...]
    names: tuple[str, ...] = ()

    @property
    def node(self) -> ProcessNode:
        return self.nodes[0]

    @property
    def is_assumed(self) -> bool:
        return any(node.assumed for node in self.nodes)


@fact
class _Frame:
    """`step` is how far a level lies to the right, `wide` the width of a box; `stands`: the first child stands beside its parent.

    `room` is the width of the picture, which deep trees may exceed.
    """

    step: int
    wide: int
    stands: bool
    room: int


_WIDE, _NARROW = _Frame(135, 126, True, 900), _Frame(16, 140, False, 340)


class _Sheet:
    """A picture that is being drawn."""

    def __init__(self, frame: _Frame) -> None:
        self.frame = frame
        self.drawn: dict[str, list[str]] = {"session": [], "twig": [], "twig gone": []}
        self.words: list[Word] = []
        self.marks: list[Mark] = []

    def draw(self, twigs: Sequence[_Twig], level: int, y: int, session: int | None) -> tuple[list[int], int, int]:
        """Draws processes with all below them, from `y` on; those beside each other of one new session lie in one box.

        Gives the middles of their boxes, how far right it all reaches, and where the next may begin.
        """
        x = 8 + level * self.frame.step
        middles: list[int] = []
        right = 0
        for own, run in groupby(twigs, key=lambda twig: twig.node.session):
            is_new = own is not None and own != session
            top, reach = y, 0
            y += _HEAD if is_new else 0
            for twig in run:
                middle, reached, y = self._draw(twig, level, y, session if own is None else own)
                middles.append(middle)
                reach = max(reach, reached)
            if is_new:
                self.drawn["session"].append(box(x - 5, top, reach - x + 10, y - top - 4))
                self.words.append(word("session-name", x, top + 13, f"session {own}"))
                y += 4
            right = max(right, reach)
        return middles, right, y

    def _draw(self, twig: _Twig, level: int, y: int, session: int | None) -> tuple[int, int, int]:
        frame = self.frame
        x, middle = 8 + level * frame.step, y + _HIGH // 2
        lines = _lines(twig, max((frame.room - x - 24) // _LETTER, _LETTERS))
        reach = self._box(twig, x, y, lines)
        below = y + _ROW + _LINE * (len(lines) - 1)
        middles, right, end = self.draw(twig.twigs, level + 1, y if frame.stands else below, session)
        start = f"M{x + frame.wide} {middle}H{x + frame.wide + 4}" if frame.stands else f"M{x + 8} {y + _HIGH}"
        for at in middles:
            self.drawn["twig gone" if twig.node.ends else "twig"].append(f"{start}V{at}H{x + frame.step}")
        return middle, max(reach, right), max(below, end)

    def _box(self, twig: _Twig, x: int, y: int, lines: Sequence[str]) -> int:
        """Draws the box of a process, or of several that are named in it on these lines; gives how far right it reaches."""
        longest = len(max(lines, key=len)) * _LETTER + 14 if twig.names else 0
        wide = max(self.frame.wide, longest + (_FLAG if twig.severity and twig.names else 0))
        right, has_ended = x + wide, all(node.ends for node in twig.nodes)
        kinds = ["node", *(["ended"] if has_ended else []), *(["unknown"] if twig.is_assumed else [])]
        if twig.severity:
            kinds.append("flagged")
        kind = f"process-name{' ended' if has_ended else ''}"
        words = [word(kind, x + 6, y + 15 + place * _LINE, line) for place, line in enumerate(lines)]
        drawn = [(" ".join(kinds), box(x, y, wide, _HIGH + _LINE * (len(lines) - 1)))]
        if twig.severity:
            path, letter = flag(twig.severity, right - 16, y + 3)
            drawn.append(path)
            words.append(letter)
        if aside := _aside(twig):
            words.append(word("aside", right + 6, y + 15, aside))
            right += 10 + 6 * len(aside)
        self.marks.append(
            Mark(f"#e{twig.at}" if twig.at is not None else "#processes", _label(twig), tuple(drawn), tuple(words))
        )
        return right


def draw_processes(tree: ProcessTree, hosts: Mapping[int, int], severities: Mapping[int, str]) -> tuple[Picture, Picture]:
    """The picture for wide and for narrow screens. `hosts` are the events that start services, by the identity of the service;
    `severities` those of the worst finding about an event, by its number.
    """
    twigs = [_twig((root,), hosts, severities, 0) for root in tree.roots]
    nodes = [node for node in tree.nodes() if node.process is not None]
    gone = sum(1 for node in nodes if node.ends)
    title = f"The process tree: {count(len(nodes), 'process', 'processes')}" + (f", {gone:,} of them ended" if gone else "")
    return _draw("tree-wide", title, twigs, _WIDE), _draw("tree-narrow", title, twigs, _NARROW)


def _draw(id: str, title: str, twigs: Sequence[_Twig], frame: _Frame) -> Picture:
    sheet = _Sheet(frame)
    _, right, y = sheet.draw(twigs, 0, 14, None)
    drawn = tuple([(kind, "".join(reversed(paths))) for kind, paths in sheet.drawn.items() if paths])
    width = max(right + 12, frame.room)
    return Picture(id, "tree-picture", title, _ABOUT, width, y, drawn, tuple(sheet.words), tuple(sheet.marks))


def _twig(nodes: tuple[ProcessNode, ...], hosts: Mapping[int, int], severities: Mapping[int, str], level: int) -> _Twig:
    severity, at = max((_worst(node, hosts, severities) for node in nodes), key=lambda one: _SEVERITIES.index(one[0]))
    children = nodes[0].children if level + 1 < DEEPEST else ()
    return _Twig(nodes, severity, at, tuple(_alike(children, hosts, severities, level + 1)))


def _alike(
    children: Iterable[ProcessNode], hosts: Mapping[int, int], severities: Mapping[int, str], level: int
) -> list[_Twig]:
    """The children in order, those alike that start nothing together; the last ones are one where they are too many."""
    groups: dict[object, list[ProcessNode]] = {}
    for place, child in enumerate(children):
        worst = _worst(child, hosts, severities)[0]
        alike = (fold_name(child.name), child.session, child.ends, child.assumed, worst)
        groups.setdefault(place if child.children else alike, []).append(child)
    twigs = [_twig(tuple(nodes), hosts, severities, level) for nodes in groups.values()]
    if len(twigs) <= MOST_TWIGS:
        return twigs
    grave = {place: _SEVERITIES.index(twig.severity) for place, twig in enumerate(twigs)}
    kept = sorted(grave, key=lambda place: (-grave[place], not twigs[place].twigs, place))
    number = max(MOST_TWIGS - 1, min(sum(map(bool, grave.values())), MOST_FLAGGED))
    shown, rest = sorted(kept[:number]), [twigs[place] for place in kept[number:]]
    return [*(twigs[place] for place in shown), *([_folded(rest, hosts, severities)] if len(rest) > 1 else rest)]


def _folded(twigs: Sequence[_Twig], hosts: Mapping[int, int], severities: Mapping[int, str]) -> _Twig:
    """The twigs as one, which names them."""
    nodes = tuple([node for twig in twigs for node in twig.nodes])
    often: dict[str, tuple[str, int]] = {}
    for node in nodes:
        name, times = often.get(fold_name(node.name), (node.name, 0))
        often[fold_name(node.name)] = name, times + 1
    names = tuple([shorten(visible(name), _NAME) + (f" x {times}" if times > 1 else "") for name, times in often.values()])
    severity, at = max((_worst(node, hosts, severities) for node in nodes), key=lambda one: _SEVERITIES.index(one[0]))
    return _Twig(nodes, severity, at, (), names)


def _worst(node: ProcessNode, hosts: Mapping[int, int], severities: Mapping[int, str]) -> tuple[str, int | None]:
    """The worst severity found about a process or a service in it, and the event it is about; else the event that starts it."""
    events = [node.event, *(hosts.get(id(service)) for service in node.services)]
    found = [(severities[event], event) for event in events if event is not None and event in severities]
    return max(found, key=lambda one: _SEVERITIES.index(one[0])) if found else ("", node.event)


def _services(nodes: Iterable[ProcessNode]) -> tuple[RunningService, ...]:
    return tuple([service for node in nodes for service in node.services])


def _lines(twig: _Twig, letters: int) -> list[str]:
    """What stands in a box: the name, and how many there are; of different ones as many names as have room on a few lines."""
    number = len(twig.nodes)
    if twig.names:
        return wrap(_others(twig, _NAMES), letters)
    times = f" x {number}" if number > 1 else ""
    return [shorten_middle(visible(twig.node.name), _LETTERS - len(times)) + times]


def _others(twig: _Twig, letters: int) -> str:
    """`2 others: a.exe, b.exe`: as many names as have room in so many letters, the first in any case, and how many more there are."""
    told = f"{len(twig.nodes):,} others: {twig.names[0]}"
    for place, name in enumerate(twig.names[1:], 1):
        if len(told) + len(name) > letters:
            return f"{told} and {len(twig.names) - place:,} more"
        told += f", {name}"
    return told


def _aside(twig: _Twig) -> str:
    """What stands beside a box that nothing else stands beside: how many services are in it. One that names several has no room."""
    services = _services(twig.nodes)
    return count(len(services), "service") if services and not twig.twigs and not twig.names else ""


def _label(twig: _Twig) -> str:
    node, number = twig.node, len(twig.nodes)
    name = shorten(visible(node.name), 80)
    parts = [f"{number} processes {name}" if number > 1 else name]
    if twig.names:
        parts = [_others(twig, _LABEL)]
    if node.session is not None and not twig.names:
        parts.append(f"session {node.session}")
    if node.ends and not twig.names:
        parts.append("ended by the logon")
    elif node.parent_gone and not twig.names:
        parts.append("its parent has ended")
    if twig.is_assumed:
        parts.append("if assumptions hold")
    if services := _services(twig.nodes):
        parts.append(count(len(services), "service"))
    if twig.severity:
        parts.append(f"a finding of severity {twig.severity}")
    return ", ".join(parts)
