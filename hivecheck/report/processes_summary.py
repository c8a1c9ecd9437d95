"""The processes of the finished boot in the summary: as a tree where there is room, else by name, else where to find them."""

from collections import Counter
from collections.abc import Iterable, Iterator

from hivecheck.analysis import Analysis
from hivecheck.boot.process_tree import ProcessNode, build_process_tree
from hivecheck.report.paper import Paper, clip_end
from hivecheck.report.tree import write_folded_tree
from hivecheck.report.view import shown_text

_FEWEST_LINES = 4  # which the names take


def write_processes_in_short(analysis: Analysis, paper: Paper, room: int) -> None:
    """The processes of the finished boot: as a tree where that takes no more than `room` lines, else by name, else not."""
    tree = build_process_tree(analysis.replay)
    if not tree.roots:
        return
    drawn = Paper(paper.width, paper.styled, paper.boxes)
    drawn.heading("Its processes")
    write_folded_tree(tree, drawn)
    if len(drawn.lines) <= room:
        paper.lines.extend(drawn.lines)
        return
    if room < _FEWEST_LINES:
        paper.put("Its processes: see hivecheck replay --tree", first="", indent=10 if paper.width >= 76 else 4)
        return
    paper.heading("Its processes", "(as a tree: hivecheck replay --tree)")
    names = Counter(_process_names(tree.roots))
    told = ", ".join([f"{name} x {number}" if number > 1 else name for name, number in names.items()])
    paper.put(clip_end(told, 2 * (paper.width - 6)), first="", indent=2)


def _process_names(nodes: Iterable[ProcessNode]) -> Iterator[str]:
    """The names of processes that the boot starts and of those below them, in its order."""
    waiting = list(nodes)[::-1]
    while waiting:
        node = waiting.pop()
        if node.process is not None:
            yield shown_text(node.name)
        waiting.extend(reversed(node.children))
