"""The processes of the finished boot as a tree: who started whom, who is gone by the logon screen, which services live where.

A pure function of the events. Events name who asks by its image name ("wininit.exe"); an smss.exe that populates a session
is "smss.exe (session 1)". From Vista on it ends, and the parent of what it started is then gone. A program that SOFTWARE sets a
debugger for is started by that debugger, if at all: it then stands below it. Source: smss.md D.1 to D.3.
"""

import re
from collections.abc import Iterator

from hivecheck.boot.actions import CreateSession
from hivecheck.boot.machine import Process, RunningService
from hivecheck.boot.replay import Event, Replay
from hivecheck.facts.fact import fact
from hivecheck.registry.hive import fold_name

_DEEPEST = 32  # levels shown; no boot of Windows has ten
_NAMED_PROGRAMS = 16  # of one command line
_SEARCHED_LETTERS = 4_096
_WORD = re.compile(r'"([^"]*)"|([^ \t"]+)')


@fact
class ProcessNode:
    """A process, with what it hosts and what it started.

    `process` and `event` (the number of the event that started it) are None for one that no event starts, such as System;
    `name` is then what the others call it. Of what a debugger is to start `event` alone may be None. `parent_gone`: it lives on without the process that started it.
    """

    name: str
    process: Process | None
    event: int | None
    parent_gone: bool
    services: tuple[RunningService, ...]
    children: tuple["ProcessNode", ...]

    @property
    def ends(self) -> bool:
        return self.process is not None and self.process.ends

    @property
    def assumed(self) -> bool:
        return self.process is not None and self.process.assumed

    @property
    def image_guessed(self) -> bool:
        return self.process is not None and self.process.image_guessed

    @property
    def session(self) -> int | None:
        return self.process.session if self.process is not None else None

    def below(self) -> Iterator["ProcessNode"]:
        """This process and all that descend from it, in the order in which they are drawn."""
        yield self
        for child in self.children:
            yield from child.below()


@fact
class ProcessTree:
    """`roots` are System, and whoever else starts something without being started. `left_out` counts those too deep to show."""

    roots: tuple[ProcessNode, ...]
    left_out: int

    def nodes(self) -> Iterator[ProcessNode]:
        for root in self.roots:
            yield from root.below()


class _Place:
    """A process under construction. `level` is 0 for a root."""

    __slots__ = ("children", "event", "level", "name", "process", "services")

    def __init__(self, name: str, process: Process | None, event: int | None, level: int) -> None:
        self.name, self.process, self.event, self.level = name, process, event, level
        self.services: list[RunningService] = []
        self.children: list[_Place] = []


class _Running:
    """The processes started so far, found by the names that later events call them."""

    def __init__(self) -> None:
        self.roots: list[_Place] = []
        self.left_out = 0
        self._named: dict[str, _Place] = {}
        self._in_session: dict[tuple[str, int | None], _Place] = {}
        self._of_command: dict[str, _Place] = {}
        self._handed: dict[tuple[str, int | None], _Place] = {}

    def start(self, process: Process, event: Event) -> "_Place | None":
        """The new place of a process below the one that asked for it; None where that is too deep to show."""
        parent = self._parent(process)
        if parent.level >= _DEEPEST:
            self.left_out += 1
            return None
        place = _Place(process.name, process, event.number, parent.level + 1)
        parent.children.append(place)
        if isinstance(event.action, CreateSession):
            self._name(f"{process.name} (session {event.action.number})", place)
        else:
            self._name(process.name, place)
        self._of_command.setdefault(fold_name(process.command), place)
        for name in _programs_handed(process):
            self._handed.setdefault((name, process.session), place)
        return place

    def host(self, service: RunningService, own: "_Place | None") -> None:
        """Puts a service into the process started for it, or into the one of its command line."""
        place = own or self._of_command.get(fold_name(service.command))
        if place is not None:
            place.services.append(service)

    def _name(self, name: str, place: _Place) -> None:
        """The first of a name is meant by it, but one that stays goes before one that has ended."""
        folded, process = fold_name(name), place.process
        known = self._named.get(folded)
        if known is None or (known.process is not None and known.process.ends and process and not process.ends):
            self._named[folded] = place
        session = (folded, process.session if process else None)
        self._in_session.setdefault(session, place)

    def _parent(self, process: Process) -> _Place:
        folded = fold_name(process.parent)
        place = self._named.get(folded)
        starter = self._handed.get((folded, process.session))
        if starter is not None and starter.level < _DEEPEST and (folded, process.session) not in self._in_session:
            handed = Process(process.parent, "", "", starter.name, process.session, False, True)
            place = _Place(process.parent, handed, None, starter.level + 1)
            starter.children.append(place)
            self._named.setdefault(folded, place)
            self._in_session[folded, process.session] = place
            return place
        if place is None:
            place = self._named[folded] = _Place(process.parent, None, None, 0)
            self.roots.append(place)
        near = self._in_session.get((folded, process.session), place)
        stays = near.process is None or not near.process.ends
        return near if stays else place


def _programs_handed(process: Process) -> Iterator[str]:
    """The folded file names of programs in the arguments of a process: what a debugger is to start."""
    words = [quoted or word for quoted, word in _WORD.findall(process.command[:_SEARCHED_LETTERS])]
    for word in words[1 : 1 + _NAMED_PROGRAMS]:
        yield fold_name(re.split(r"[\\/]", word)[-1])


def build_process_tree(played: Replay) -> ProcessTree:
    """The tree of all processes of a boot, in the order in which they start."""
    running = _Running()
    for event in played.events:
        own: _Place | None = None
        for change in event.changes:
            if isinstance(change, Process):
                own = running.start(change, event)
            elif isinstance(change, RunningService):
                running.host(change, own)
    return ProcessTree(tuple([_node(root, False) for root in running.roots]), running.left_out)


def _node(place: _Place, parent_gone: bool) -> ProcessNode:
    ends = place.process is not None and place.process.ends
    children = tuple([_node(child, ends) for child in place.children])
    gone = parent_gone and not ends
    return ProcessNode(place.name, place.process, place.event, gone, tuple(place.services), children)
