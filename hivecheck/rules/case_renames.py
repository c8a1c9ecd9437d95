"""The pending renames and deletes of a case: as the replay played them, by the true names of their files, and what is wrong with each."""

from functools import cached_property
from typing import TYPE_CHECKING

from hivecheck.boot.actions import DeleteFile, RenameFile
from hivecheck.facts.fact import changed
from hivecheck.facts.generation import Family
from hivecheck.facts.nt_path import NtPath
from hivecheck.registry.hive import fold_name
from hivecheck.rules.alarm import Alarm
from hivecheck.rules.case_facts import FileOperation
from hivecheck.rules.moved_files import MovedFiles
from hivecheck.rules.paths import Comparable
from hivecheck.rules.rename_alarms import judge_move
from hivecheck.rules.rename_folders import Held, loaded_folders
from hivecheck.rules.system_files import hosted_libraries
from hivecheck.settings.catalog import DOS_DEVICES, MINI_NT

if TYPE_CHECKING:
    from hivecheck.rules.case import Case


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
        for event in self._case.replay.events:
            action = event.action
            if isinstance(action, RenameFile):
                mark = f"{action.marker or ''}{'!' if action.replaces else ''}"
                target: Comparable | None = changed(self._linked_path(action.destination), marker=mark)
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
