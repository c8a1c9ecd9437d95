"""How a run of like requests is set as a table: the words for one and many of them, the columns, and the cells of one.

Only requests that come in dozens have a form; every other event is told by itself.
"""

from collections.abc import Callable
from typing import Any

from hivecheck.boot.actions import (
    CreateDirectory,
    CreateObject,
    DeleteFile,
    Link,
    LoadDriver,
    LoadLibrary,
    MapSection,
    RenameFile,
    SetVariable,
    StartService,
    Unlink,
    WriteValue,
)
from hivecheck.facts.fact import fact
from hivecheck.report.html_cells import Bits, code, say, text, words


@fact
class Form:
    """`name` gives what the summary of a folded run names of one request, and `named` the words before those names.

    `own_reasons`: each request of a run has a reason and origins of its own, told in its row.
    """

    one: str
    many: str
    columns: tuple[str, ...]
    cells: Callable[[Any], tuple[Bits, ...]]
    name: Callable[[Any], str]
    named: str = ""
    own_reasons: bool = False


def _file_cells(action: RenameFile | DeleteFile) -> tuple[Bits, ...]:
    marked: Bits = (text(", marked "), code(action.marker)) if action.marker else ()
    if isinstance(action, DeleteFile):
        return (text("delete"), *marked), (code(action.source.text),)
    how = "rename, replacing" if action.replaces else "rename"
    return (text(how), *marked), (code(action.source.text), ("span", "then", "to "), code(action.destination.text))


def _value_cells(action: SetVariable | WriteValue) -> tuple[Bits, ...]:
    place = text("smss.exe's own environment") if isinstance(action, SetVariable) else code(action.key)
    return (place,), (code(action.name),), (code(action.value),)


def _link_cells(action: Link) -> tuple[Bits, ...]:
    return (code(action.name),), (code(action.target),)


def _name_cells(action: Unlink | CreateDirectory) -> tuple[Bits, ...]:
    return ((code(action.name),),)


def _object_cells(action: CreateObject) -> tuple[Bits, ...]:
    return (code(action.name),), say(action.type)


def _section_cells(action: MapSection) -> tuple[Bits, ...]:
    return (code(action.file.text),), (code(action.name),)


def _driver_cells(action: LoadDriver) -> tuple[Bits, ...]:
    named: Bits = (code(action.service),) if action.service else ()
    group: Bits = (("span", "about", words(action.group)),) if action.group else ()
    start = action.start or ("no Start" if action.service else "on request")
    if action.by == "loader" and action.start != "boot":
        start += ", by the loader whatever its Start is"
    return say(start), (*named, *group), (code(action.image.text),)


def _service_cells(action: StartService) -> tuple[Bits, ...]:
    about = ", ".join(filter(None, (action.when, action.group, action.account)))
    program: Bits = (code(f"{action.image} {action.arguments}".rstrip()),)
    if action.dll is not None:
        program += ("span", "then", "loads "), code(action.dll.text)
    return (code(action.name), ("span", "about", words(about))), program


def _library_cells(action: LoadLibrary) -> tuple[Bits, ...]:
    return (code(action.file.text),), (code(action.process),), (code(action.list),)


def _library_name(action: LoadLibrary) -> str:
    return action.file.file_name


def _driver_name(action: LoadDriver) -> str:
    return action.service or action.image.file_name


def _name(action: Any) -> str:
    return str(action.name)


def _folder(action: RenameFile | DeleteFile) -> str:
    return action.source.folder


def _file_name(action: MapSection) -> str:
    return action.file.file_name


FILES = Form("file operation", "file operations", ("What", "File"), _file_cells, _folder, "in ")
_VALUES = Form("value set", "values set", ("Where", "Name", "Value"), _value_cells, _name)
FORMS: dict[type, Form] = {
    RenameFile: FILES,
    DeleteFile: FILES,
    SetVariable: _VALUES,
    WriteValue: _VALUES,
    Link: Form("link", "links", ("Name", "Target"), _link_cells, _name),
    Unlink: Form("link removed", "links removed", ("Name",), _name_cells, _name),
    MapSection: Form("file mapped", "files mapped", ("File", "Section"), _section_cells, _file_name),
    CreateDirectory: Form("object directory", "object directories", ("Directory",), _name_cells, _name),
    LoadDriver: Form(
        "driver loaded",
        "drivers loaded",
        ("Start", "Driver", "Image"),
        _driver_cells,
        _driver_name,
        own_reasons=True,
    ),
    StartService: Form(
        "service started",
        "services started",
        ("Service", "Program"),
        _service_cells,
        _name,
        own_reasons=True,
    ),
    LoadLibrary: Form(
        "DLL loaded", "DLLs loaded", ("File", "Into", "Named by"), _library_cells, _library_name, own_reasons=True
    ),
    CreateObject: Form("object", "objects", ("Object", "Type"), _object_cells, _name),
}
