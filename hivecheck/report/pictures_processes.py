"""The process tree as a picture: who starts whom from left to right, sessions as boxes, what ends struck through.

Processes that are alike and start nothing are one box with their number; the list beside it tells each. Text of the hive is made
visible here.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from hivecheck.boot.machine import RunningService
from hivecheck.boot.process_tree import ProcessNode, ProcessTree
from hivecheck.facts.fact import fact
from hivecheck.facts.visible import visible
from hivecheck.registry.hive import fold_name
from hivecheck.report.html_cells import count
from hivecheck.report.pictures import SEVERITY_LETTERS, Mark, Picture, Word, box, flag, shorten, shorten_middle, word

MOST_TWIGS = 12  # below one process, alike ones being one
DEEPEST = 8
_HIGH, _ROW, _HEAD = 22, 32, 20  # a box, a line, what the name of a session needs
_LETTERS = 19  # of a name
_SEVERITIES = ("", *reversed(SEVERITY_LETTERS))
_ABOUT = (
    "A line leads from each process to those it starts. A box around them is a session. A dashed box is a process that starts if "
    "assumptions hold, one struck through has ended by the logon screen, and what it started lives on without it. A letter is the "
    "severity of the worst finding about its start or about a service in it. Each leads to the event that starts it; the list below "
    "tells the same, with every service."
)


@fact
class _Twig:
    """Processes drawn as one box. `severity` is that of the worst finding, or ''; `at` the number of an event, or None."""

    nodes: tuple[ProcessNode, ...]
    severity: str
    at: int | None
    twigs: tuple["_Twig", ...]

    @property
    def node(self) -> ProcessNode:
        return self.nodes[0]


@fact
class _Frame:
    """`step` is how far a level lies to the right, `wide` the width of a box; `stands`: the first child stands beside its parent."""

    step: int
    wide: int
    stands: bool


_WIDE, _NARROW = _Frame(152, 132, True), _Frame(16, 140, False)


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
        reach = self._box(twig, x, y)
        below = y + _ROW
        middles, right, end = self.draw(twig.twigs, level + 1, y if frame.stands else below, session)
        start = f"M{x + frame.wide} {middle}H{x + frame.wide + 8}" if frame.stands else f"M{x + 8} {y + _HIGH}"
        for at in middles:
            self.drawn["twig gone" if twig.node.ends else "twig"].append(f"{start}V{at}H{x + frame.step}")
        return middle, max(reach, right), max(below, end)

    def _box(self, twig: _Twig, x: int, y: int) -> int:
        """Draws the box of a process; gives how far right it reaches."""
        right = x + self.frame.wide
        node, number = twig.node, len(twig.nodes)
        kinds = ["node", *(["ended"] if node.ends else []), *(["unknown"] if node.assumed else [])]
        if twig.severity:
            kinds.append("flagged")
        times = f" x {number}" if number > 1 else ""
        name = shorten_middle(visible(node.name), _LETTERS - len(times)) + times
        words = [word(f"process-name{' ended' if node.ends else ''}", x + 6, y + 15, name)]
        drawn = [(" ".join(kinds), box(x, y, self.frame.wide, _HIGH))]
        aside = _aside(twig)
        if aside:
            words.append(word("aside", x + self.frame.wide + 6, y + 14, aside))
            right += 10 + 5 * len(aside)
        if twig.severity:
            path, letter = flag(twig.severity, x + self.frame.wide - 16, y + 3)
            drawn.append(path)
            words.append(letter)
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
    width = max(right + 12, 900 if frame.stands else 340)
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
    kept = sorted(range(len(twigs)), key=lambda place: (not twigs[place].severity, not twigs[place].twigs, place))
    shown = sorted(kept[: MOST_TWIGS - 1])
    rest = tuple([node for place in sorted(kept[MOST_TWIGS - 1 :]) for node in twigs[place].nodes])
    return [*(twigs[place] for place in shown), _twig(rest, hosts, severities, DEEPEST)]


def _worst(node: ProcessNode, hosts: Mapping[int, int], severities: Mapping[int, str]) -> tuple[str, int | None]:
    """The worst severity found about a process or a service in it, and the event it is about; else the event that starts it."""
    events = [node.event, *(hosts.get(id(service)) for service in node.services)]
    found = [(severities[event], event) for event in events if event is not None and event in severities]
    return max(found, key=lambda one: _SEVERITIES.index(one[0])) if found else ("", node.event)


def _services(nodes: Iterable[ProcessNode]) -> tuple[RunningService, ...]:
    return tuple([service for node in nodes for service in node.services])


def _is_mixed(twig: _Twig) -> bool:
    return len({fold_name(node.name) for node in twig.nodes}) > 1


def _aside(twig: _Twig) -> str:
    """What stands beside a box that nothing else stands beside."""
    if twig.twigs:
        return ""
    services = _services(twig.nodes)
    others = "and others" if _is_mixed(twig) else ""
    hosted = count(len(services), "service") if services else ""
    return ", ".join(part for part in (others, hosted) if part)


def _label(twig: _Twig) -> str:
    node, number = twig.node, len(twig.nodes)
    name = shorten(visible(node.name), 80)
    parts = [f"{number} processes {name}" if number > 1 else name]
    if _is_mixed(twig):
        parts = [f"{number} processes, {name} and others"]
    if node.session is not None:
        parts.append(f"session {node.session}")
    if node.ends:
        parts.append("ended by the logon")
    elif node.parent_gone:
        parts.append("its parent has ended")
    if any(one.assumed for one in twig.nodes):
        parts.append("if assumptions hold")
    if services := _services(twig.nodes):
        parts.append(count(len(services), "service"))
    if twig.severity:
        parts.append(f"a finding of severity {twig.severity}")
    return ", ".join(parts)
