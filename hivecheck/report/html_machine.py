"""The machine as the boot leaves it, for the HTML page: names, files, environment, paging files, registry writes.

Each row links to the event that made it, and is as certain as that event. Judges nothing.
"""

from collections.abc import Iterator

from hivecheck.analysis import Analysis
from hivecheck.boot.actions import CreatePagingFile, DeleteFile, RenameFile
from hivecheck.boot.machine import Exists, NamedObject, RegistryWrite, Variable
from hivecheck.boot.plan import Done
from hivecheck.boot.replay import Event
from hivecheck.registry.hive import fold_name
from hivecheck.report.html_cells import (
    MOST_ROWS,
    Bit,
    Bits,
    Block,
    code,
    count,
    event_link,
    heading,
    make_table,
    note,
    outcome_bit,
    paragraph,
    say,
    tag,
    text,
    words,
)

_CERTAIN = {
    Done.YES: outcome_bit(Done.YES, "certain"),
    Done.UNKNOWN: outcome_bit(Done.UNKNOWN),
    Done.NO: outcome_bit(Done.NO),
}


class _Causes:
    """Which event made each fact of the finished machine: the machine keeps the very objects that events gave it."""

    def __init__(self, events: tuple[Event, ...]) -> None:
        self._by_id = {id(change): event for event in events for change in event.changes}

    def of(self, fact: object) -> Event | None:
        return self._by_id.get(id(fact))

    def cells(self, fact: object) -> tuple[Bits, Bits]:
        """How certain it is, and the link to its event."""
        event = self.of(fact)
        if event is None:
            return (note("before the boot"),), ()
        return (_CERTAIN[event.done],), (event_link(event.number),)


def tell_machine(analysis: Analysis) -> tuple[Block, ...]:
    """The blocks of the section, its headings included."""
    causes = _Causes(analysis.replay.events)
    return (
        *_names(analysis, causes),
        *_files(analysis, causes),
        *_environment(analysis, causes),
        *_paging_files(analysis),
        *_registry(analysis, causes),
    )


def _names(analysis: Analysis, causes: _Causes) -> Iterator[Block]:
    yield heading("Names in the object manager")
    made: list[NamedObject] = []
    sections: dict[str, list[NamedObject]] = {}
    before: list[NamedObject] = []
    for one in analysis.replay.after.names.values():
        if causes.of(one) is None:
            before.append(one)
        elif one.type == "section":
            sections.setdefault(one.name.rpartition("\\")[0], []).append(one)
        else:
            made.append(one)
    columns = ("Name", "Type", "Points to", "Certain?", "Event")
    if made:
        yield "table", make_table("names", "Names this boot makes", columns, (_name_row(one, causes) for one in made))
    else:
        yield paragraph("This boot makes no names.")
    for folder, found in sections.items():
        rows = [_section_row(one, causes) for one in found]
        caption = f"{count(len(found), 'section')} in {words(folder)}"
        yield "fold", make_table("names", caption, ("Name", "File", "Certain?", "Event"), rows)
    if before:
        old = [("", ((code(one.name),), say(one.type), _target(one))) for one in before]
        caption = f"{count(len(before), 'name')} that the kernel makes before smss.exe starts"
        yield "fold", make_table("kernel", caption, ("Name", "Type", "Points to"), old)


def _name_row(one: NamedObject, causes: _Causes) -> tuple[str, tuple[Bits, ...]]:
    return "", ((code(one.name),), say(one.type), _target(one), *causes.cells(one))


def _section_row(one: NamedObject, causes: _Causes) -> tuple[str, tuple[Bits, ...]]:
    return "", ((code(one.name.rpartition("\\")[2]),), _target(one), *causes.cells(one))


def _target(one: NamedObject) -> Bits:
    return (code(one.target),) if one.target else ()


_OPEN_FILES = 60  # a longer table is folded
_STATES = {Exists.YES: "there", Exists.NO: "gone", Exists.UNKNOWN: "not known"}


def _files(analysis: Analysis, causes: _Causes) -> Iterator[Block]:
    yield heading("Files")
    made = [(file, event) for file in analysis.replay.after.files.values() if (event := causes.of(file)) is not None]
    rows = []
    for file, _ in made[:MOST_ROWS]:
        state: Bits = (("span", f"state {file.exists.value}", _STATES[file.exists]),)
        content = f"{words(file.fate)}; holds {words(file.content)}" if file.content else words(file.fate)
        rows.append(("", ((code(file.path),), state, say(content), *causes.cells(file))))
    if rows:
        columns = ("Path", "In the end", "What happens to it", "Certain?", "Event")
        caption = "Files this boot makes, renames or deletes"
        if len(made) > _OPEN_FILES:
            caption = f"{count(len(made), 'file')} that this boot makes, renames or deletes"
        yield ("table" if len(made) <= _OPEN_FILES else "fold"), make_table("files", caption, columns, rows, len(made))
    else:
        yield paragraph("This boot makes, renames and deletes no file.")
    asked = [event for event in analysis.replay.events if isinstance(event.action, RenameFile | DeleteFile)]
    refused = [event for event in asked if event.done is Done.NO]
    if refused:
        verb = "is" if len(refused) == 1 else "are"
        told = f"{count(len(refused), 'pending file operation')} {verb} not done: see the boot timeline, from event "
        yield paragraph(told, event_link(refused[0].number), " on.")


def _environment(analysis: Analysis, causes: _Causes) -> Iterator[Block]:
    yield heading("Environment")
    earlier: dict[str, list[tuple[str, Event]]] = {}
    for event in analysis.replay.events:
        for change in event.changes:
            if isinstance(change, Variable):
                earlier.setdefault(fold_name(change.name), []).append((change.value, event))
    rows = []
    for key, variable in analysis.replay.after.environment.items():
        past = [value for value, event in earlier.get(key, []) if causes.of(variable) is not event]
        differing = [value for value in dict.fromkeys(past) if value != variable.value]
        mark: Bits = (text(" "), tag("changed")) if differing else ()
        was: list[Bit] = []
        for value in differing:
            was += (text(", then "), code(value)) if was else (code(value),)
        rows.append(("", ((code(variable.name), *mark), (code(variable.value),), tuple(was), *causes.cells(variable))))
    if not rows:
        yield paragraph("No variable is set.")
        return
    yield paragraph("What smss.exe has in its environment in the end; the programs it starts inherit it.")
    columns = ("Variable", "In the end", "Earlier in this boot", "Certain?", "Event")
    yield "table", make_table("variables", "Variables of smss.exe", columns, rows)


def _paging_files(analysis: Analysis) -> Iterator[Block]:
    yield heading("Paging files")
    rows = []
    for event in analysis.replay.events:
        action = event.action
        if isinstance(action, CreatePagingFile):
            size = "sized by the system" if action.minimum_mb is None else f"{action.minimum_mb} to {action.maximum_mb} MB"
            kind = "emergency file, " if action.emergency else ""
            why: Bits = (text(" "), note(words(event.why))) if event.why else ()
            outcome = (outcome_bit(event.done), *why)
            rows.append(("", ((code(action.path),), say(kind + size), outcome, (event_link(event.number),))))
    if rows:
        yield "table", make_table("paging", "Paging files asked for", ("Path", "Size", "Outcome", "Event"), rows)
    else:
        yield paragraph("No paging file is asked for.")


def _registry(analysis: Analysis, causes: _Causes) -> Iterator[Block]:
    yield heading("Registry writes")
    written = analysis.replay.after.registry
    if not written:
        yield paragraph("Nothing is written to the registry.")
        return
    rows = [("", (*_write_cells(one), *causes.cells(one))) for one in written]
    columns = ("Value", "Key", "New data", "Certain?", "Event")
    yield "table", make_table("writes", "Values written or deleted, in order", columns, rows)


def _write_cells(one: RegistryWrite) -> tuple[Bits, Bits, Bits]:
    data: Bits = (tag("deleted"),) if one.value is None else (code(one.value),)
    return (code(one.name or "(default)"),), (code(one.key),), data
