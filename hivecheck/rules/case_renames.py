r"""The pending renames and deletes of a case: as the replay played them, by the true names of their files, and what is wrong with each.

They are folded to a tree of paths: where each file lay before the list, and under what true name it ends. A folder that is moved takes
its files with it, in one step whatever it holds: a row that touches `C:\X_bak\a` after `C:\X` was renamed to `C:\X_bak` is told as one
that touches `C:\X\a`. Rows that can't succeed move nothing, but for those of a list that a MiniNT key starves: they are followed as if
they ran, which they will once the key is gone. Source: detections.md 4.C; smss.md B.3.
"""

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from hivecheck.boot.actions import DeleteFile, RenameFile
from hivecheck.facts.fact import fact
from hivecheck.facts.generation import Family
from hivecheck.facts.nt_path import NtPath
from hivecheck.registry.hive import fold_name
from hivecheck.rules.case_facts import Alarm, FileOperation
from hivecheck.rules.paths import Comparable
from hivecheck.rules.rename_alarms import judge_move
from hivecheck.rules.rename_folders import Held, loaded_folders
from hivecheck.rules.system_files import hosted_libraries
from hivecheck.settings.catalog import DOS_DEVICES, MINI_NT

if TYPE_CHECKING:
    from hivecheck.rules.case import Case

_WINDOWS = ("\\windows\\", "\\winnt\\")
_LEVELS = 64  # folders of a path that are told apart
_INNER = 1_000  # rows remembered of one moved folder


@fact
class MovedFile:
    """What one row does, by true names. Numbers are places in the whole list, from 0; None where there is no such row.

    `source` is where the content lay before the list, `destination` the target with its folders' true names. `carrier` put
    the very file at its source, `folder_mover` a folder above source or target. `freed_by` took away what was at the target.
    `swung` are the rows done in a folder that this row brings back to its old name.
    """

    operation: "FileOperation"
    source: Comparable
    destination: Comparable | None
    carrier: int | None = None
    folder_mover: int | None = None
    freed_by: int | None = None
    swung: tuple[int, ...] = ()
    swung_since: int | None = None


class _Node:
    """A file or folder. `lay_at` is its path before the list, None where that says nothing (it is gone, or was made)."""

    __slots__ = ("children", "gone_by", "inner", "lay_at", "put_by", "swung_since")

    def __init__(self, lay_at: str | None, gone_by: int | None = None) -> None:
        self.lay_at = lay_at
        self.children: dict[str, _Node] = {}
        self.put_by: int | None = None
        self.gone_by = gone_by
        self.inner: list[int] = []
        self.swung_since: int | None = None


class MovedFiles:
    """The rows in order, and what the list leaves behind."""

    __slots__ = ("_root", "rows")

    def __init__(self, operations: Iterable["FileOperation"], starved: bool) -> None:
        self._root = _Node("")
        self.rows: tuple[MovedFile, ...] = tuple(
            self._follow(number, operation, starved or not operation.fails) for number, operation in enumerate(operations)
        )

    def gone_by(self, path: Comparable) -> int | None:
        """The row after which nothing is left at a path; None where something may be there."""
        node = self._root
        gone: int | None = None
        for name in path.text.split("\\", _LEVELS):
            found = node.children.get(name)
            if found is None:
                break
            if found.put_by is not None:
                gone = None
            elif found.gone_by is not None:
                gone = found.gone_by
            node = found
        return gone

    def _follow(self, number: int, operation: "FileOperation", works: bool) -> MovedFile:
        above, name, movers = self._walk(operation.source)
        node = self._child(above, name)
        source = _true_path(node.lay_at, operation.source) if node.lay_at else operation.source
        if operation.destination is None:
            if works:
                above.children[name] = _Node(None, number)
                _note(movers, number)
            return MovedFile(operation, source, None, node.put_by, _last(movers))
        to_above, to_name, to_movers = self._walk(operation.destination)
        target = to_above.children.get(to_name)
        destination = operation.destination
        if to_above.lay_at:
            destination = _true_path(f"{to_above.lay_at}\\{to_name}", destination)
        freed_by = target.gone_by if target is not None and target.put_by is None else None
        brought_back = bool(node.put_by is not None and node.lay_at and node.lay_at == destination.text)
        swung = tuple(node.inner) if brought_back else ()
        since = node.swung_since if swung else None
        row = MovedFile(operation, source, destination, node.put_by, _last(movers + to_movers), freed_by, swung, since)
        if works and (above is not to_above or name != to_name):
            _note(movers, number)
            _note(to_movers, number)
            above.children[name] = _Node(None, number)
            to_above.children[to_name] = node
            if brought_back:
                node.put_by, node.inner, node.swung_since = None, [], None
            else:
                node.swung_since = number if node.put_by is None else node.swung_since
                node.put_by = number
        return row

    def _walk(self, path: Comparable) -> tuple[_Node, str, tuple[_Node, ...]]:
        """The folder of a path, the file's name, and the folders above it that the list has moved."""
        *folders, name = path.text.split("\\", _LEVELS)
        node = self._root
        moved: list[_Node] = []
        for folder in folders:
            node = self._child(node, folder)
            if node.put_by is not None:
                moved.append(node)
        return node, name, tuple(moved)

    def _child(self, node: _Node, name: str) -> _Node:
        found = node.children.get(name)
        if found is None:
            if node is self._root:
                lay_at: str | None = name
            else:
                lay_at = None if node.lay_at is None else f"{node.lay_at}\\{name}"
            found = node.children[name] = _Node(lay_at)
        return found


def _true_path(text: str, spelled: Comparable) -> Comparable:
    """The true path of what a row spells otherwise; short names below a folder that was moved are known only now."""
    if text == spelled.text:
        return spelled
    from hivecheck.rules.folder_names import name_folders  # few renames build on each other so

    long, assumed = name_folders(text)
    return Comparable(long, spelled.marker, (*spelled.assumed, *assumed))


def _note(movers: tuple[_Node, ...], number: int) -> None:
    for node in movers:
        if len(node.inner) < _INNER:
            node.inner.append(number)


def _last(movers: tuple[_Node, ...]) -> int | None:
    return movers[-1].put_by if movers else None


class PlayedRenames:
    """All of one case, each part computed when it is first asked for."""

    def __init__(self, case: "Case") -> None:
        self._case = case
        self._judged: dict[tuple[Comparable, Comparable | None, bool], tuple[Alarm, ...]] = {}

    @cached_property
    def operations(self) -> tuple[FileOperation, ...]:
        """The pending renames and deletes in the order they run. A backslash at the end of a folder's name is left out.

        The target bears the row's marks, as in `*1!`.
        """
        found: list[FileOperation] = []
        for event in self._case.events.of(RenameFile, DeleteFile):
            action = event.action
            if isinstance(action, RenameFile):
                mark = f"{action.marker or ''}{'!' if action.replaces else ''}"
                linked = self._linked_path(action.destination)
                target = Comparable(linked.text, mark, linked.assumed)
                found.append(
                    FileOperation(event, self._linked_path(action.source), target, action.replaces, action.list, action.pair)
                )
            elif isinstance(action, DeleteFile):
                found.append(FileOperation(event, self._linked_path(action.source), None, False, action.list, action.pair))
        return tuple(found)

    def _linked_path(self, path: NtPath) -> Comparable:
        """The comparable form of a path after the links that this boot makes of DOS Devices; no backslash at its end."""
        spelled = self._case.path(path.text.rstrip("\\"))
        if fold_name(path.tail.partition("\\")[0]) not in self._linked_names:
            return spelled
        resolved = self._case.replay.after.resolve(path)
        return spelled if resolved == path.text else self._case.path(resolved.rstrip("\\"))

    @cached_property
    def _linked_names(self) -> frozenset[str]:
        """The folded names, of drives and other devices, that this boot links to something."""
        return frozenset(fold_name(text.name) for text in self._case.settings[DOS_DEVICES].value if text.text.strip())

    @cached_property
    def are_starved(self) -> bool:
        """Whether the key MiniNT keeps smss from working off any pending rename."""
        return self._case.family is not Family.G1 and self._case.settings[MINI_NT].value

    @cached_property
    def moved(self) -> MovedFiles:
        """The pending renames by the true names of their files, and what they leave behind."""
        return MovedFiles(self.operations, self.are_starved)

    @cached_property
    def alarms(self) -> tuple[tuple[Alarm, ...], ...]:
        """What is wrong with each row of `moved`."""
        rows = self.moved.rows
        targets = {row.destination.text for row in rows if row.destination is not None}
        return tuple(self.alarms_of(row.source, row.destination, row.source.text in targets) for row in rows)

    @cached_property
    def hosted(self) -> dict[str, str]:
        """The DLLs that processes of Windows load by order of this hive, and who loads each, as `hosted_libraries` tells."""
        return hosted_libraries(self._case)

    def other_windows(self, path: Comparable) -> str:
        """The folder of another Windows that a path lies in, as `other_windows.other_windows` tells; '' for none."""
        if not f"{path.below_drive}\\".startswith(_WINDOWS) or f"{path.text}\\".startswith(self._own_folder):
            return ""
        from hivecheck.rules.other_windows import other_windows  # few rows touch one

        return other_windows(self._case, path)

    def tell_other(self) -> str:
        """That a file belongs to another installation, as the rest of a sentence."""
        from hivecheck.rules.other_windows import tell_other

        return tell_other(self._case)

    @cached_property
    def _own_folder(self) -> str:
        return f"{self._case.path(self._case.system_root).text}\\"

    @cached_property
    def folders_in_use(self) -> frozenset[str]:
        """The folders right below a drive that this Windows uses, as `other_windows` tells."""
        from hivecheck.rules.other_windows import folders_in_use

        return folders_in_use(self._case)

    @cached_property
    def loaded_folders(self) -> dict[str, Held]:
        """The folders that hold what this machine's services and drivers run, as `rename_folders.loaded_folders` tells."""
        return loaded_folders(self._case)

    def alarms_of(self, source: Comparable, destination: Comparable | None, replaced: bool = False) -> tuple[Alarm, ...]:
        """What is wrong with one move, as `judge_move` tells; remembered, since a hive's earlier lists repeat their rows."""
        move = source, destination, replaced
        found = self._judged.get(move)
        if found is None:
            found = self._judged[move] = judge_move(self._case, source, destination, replaced)
        return found
