"""The process tree on a terminal: whole, a line a process, or folded to what fits beside a summary.

Lines are drawn with box characters where the paper has them, else with ASCII. Text from the hive is made visible here.
"""

from collections.abc import Sequence

from hivecheck.boot.plan import Done
from hivecheck.boot.process_tree import ProcessNode, ProcessTree
from hivecheck.facts.fact import fact
from hivecheck.registry.hive import fold_name
from hivecheck.report.paper import Paper, clip
from hivecheck.report.view import SIGN_STYLES, SIGNS, SOMEWHERE, counted, shown_text

MOST_LINES = 17  # of the folded tree
_BOXES = ("├─ ", "└─ ", "│  ", "   ")
_ASCII = ("|- ", "`- ", "|  ", "   ")
_LEAVES = 2  # kinds of processes that start nothing, told apart below one parent
_NAMES = 110  # letters of a list of names
_DETAILS = 2_000  # letters of a command line, and of the services in it


@fact
class Twig:
    """One line of the tree, with what stands below it."""

    text: str
    details: tuple[str, ...]
    sign: Done | None
    twigs: tuple["Twig", ...]


def write_tree(tree: ProcessTree, paper: Paper) -> None:
    """The whole tree: each process with its command line and the services in it."""
    for root in tree.roots:
        _write(_whole(root, None), paper, "", "")
    if tree.left_out:
        paper.put(f"{counted(tree.left_out, 'process', 'processes')} deeper than that", first="", indent=2)


def write_folded_tree(tree: ProcessTree, paper: Paper, most: int = MOST_LINES) -> None:
    """The tree in at most `most` lines: alike processes together, and those that start nothing, where they are many."""
    short = Paper(paper.width, paper.styled, paper.boxes)
    for root in tree.roots:
        _write(_folded(root, None), short, "", "", one_line=True)
    left = len(short.lines) - most
    if left > 0:
        short.lines[most - 1 :] = [f"   and {left + 1} more lines: see hivecheck replay --tree"]
    paper.lines.extend(short.lines)


def _write(twig: Twig, paper: Paper, first: str, rest: str, one_line: bool = False) -> None:
    fork, last, pass_by, blank = _BOXES if paper.boxes else _ASCII
    start = len(paper.lines)
    sign = f"{SIGNS[twig.sign]} " if twig.sign is not None else ""
    below = rest + (pass_by if twig.twigs else blank)
    room = max(paper.width - len(first) - len(sign), 20)
    paper.put(clip(twig.text, room) if one_line else twig.text, first=first + sign, indent=len(first + sign))
    for detail in () if one_line else twig.details:
        paper.put(detail, first="", indent=len(below) + 2, styles=("dim",))
    for place in range(start + 1, len(paper.lines)):
        paper.lines[place] = below + paper.lines[place][len(below) :]
    if twig.sign is not None:
        mark = paper.style(SIGNS[twig.sign], SIGN_STYLES[twig.sign])
        paper.lines[start] = first + mark + paper.lines[start][len(first) + 1 :]
    for place, one in enumerate(twig.twigs):
        is_last = place == len(twig.twigs) - 1
        _write(one, paper, rest + (last if is_last else fork), rest + (blank if is_last else pass_by), one_line)


def _whole(node: ProcessNode, session: int | None) -> Twig:
    details: list[str] = []
    if node.process is not None and fold_name(node.process.command) not in ("", fold_name(node.name)):
        details.append(clip(shown_text(node.process.command), _DETAILS))
    if node.image_guessed:
        details.append(f"its file: {SOMEWHERE}")
    if node.services:
        names = ", ".join(shown_text(service.name) for service in node.services)
        details.append(clip(f"{counted(len(node.services), 'service')}: {names}", _DETAILS))
    below = tuple([_whole(child, node.session) for child in node.children])
    return Twig(_name(node, session), tuple(details), _sign((node,)), below)


def _folded(node: ProcessNode, session: int | None) -> Twig:
    placed: list[tuple[int, Twig]] = []
    alike: dict[tuple[str, int | None, bool, bool], list[int]] = {}
    for place, child in enumerate(node.children):
        if child.children:
            placed.append((place, _folded(child, node.session)))
        else:
            alike.setdefault((fold_name(child.name), child.session, child.ends, child.parent_gone), []).append(place)
    runs = [tuple([node.children[place] for place in places]) for places in alike.values()]
    told = range(len(runs)) if len(runs) <= _LEAVES else _most_telling(runs)
    placed += [(places[0], _leaf(runs[run], node.session)) for run, places in enumerate(alike.values()) if run in told]
    twigs = [twig for _, twig in sorted(placed, key=lambda one: one[0])]
    left = [child for place, run in enumerate(runs) if place not in told for child in run]
    if left:
        names = clip(", ".join(dict.fromkeys(shown_text(child.name) for child in left)), _NAMES)
        about = f"{len(left)} more{_services(left)}: " if told else ""
        twigs.append(Twig(about + names, (), _sign(left), ()))
    return Twig(_name(node, session) + _services((node,)), (), _sign((node,)), tuple(twigs))


def _most_telling(runs: Sequence[Sequence[ProcessNode]]) -> frozenset[int]:
    """The run that hosts the most services, where one hosts any."""
    hosted = [sum(len(node.services) for node in run) for run in runs]
    return frozenset({hosted.index(max(hosted))} if any(hosted) else ())


def _leaf(run: Sequence[ProcessNode], session: int | None) -> Twig:
    times = f" x {len(run)}" if len(run) > 1 else ""
    return Twig(_name(run[0], session, times) + _services(run), (), _sign(run), ())


def _services(nodes: Sequence[ProcessNode]) -> str:
    number = sum(len(node.services) for node in nodes)
    return f": {counted(number, 'service')}" if number else ""


def _sign(nodes: Sequence[ProcessNode]) -> Done | None:
    """Whether they run for certain; None for what no event starts."""
    if any(node.process is None for node in nodes):
        return None
    return Done.UNKNOWN if any(node.assumed for node in nodes) else Done.YES


def _name(node: ProcessNode, session: int | None, times: str = "") -> str:
    """The name, with its session where that is not its parent's."""
    notes = [f"session {node.session}"] if node.session is not None and node.session != session else []
    notes += ["ends"] if node.ends else ["parent gone"] if node.parent_gone else []
    about = f" ({', '.join(notes)})" if notes else ""
    return shown_text(node.name) + times + about
