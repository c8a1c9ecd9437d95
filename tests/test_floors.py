"""The law of the floors, read from the imports: nobody imports upward, and files, clock and console stay where they belong.

Reads every module of hivecheck with `ast`; imports inside functions count as well. What the command line may load before it
needs it is in test_start_up.py.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "hivecheck"

# A module imports from its own row or a lower one. `errors` may be imported by everyone. The front doors (analysis, and the
# extraction beside it) put floors 0 to 3 in order (4, once there are rules): only what shows or compares stands above them.
FLOORS: dict[str, float] = {
    "errors": -1,
    "facts": 0,
    "registry": 1,
    "evidence": 1.5,  # opens hives to see what they are; a reader never asks where its bytes come from
    "settings": 2,
    "boot": 3,
    "baselines": 3.5,
    "rules": 4,
    "boot_on_volume": 3.2,  # plays the boot with what the volume of the hive holds
    "software": 4.4,
    "analysis": 4.5,
    "extraction": 4.6,
    "recovery": 4.6,
    "compare": 5,
    "report": 6,
    "cli": 7,
    "__main__": 8,
}

# Within a floor: this module, or everything below this folder, never imports that one.
NEVER = (
    ("boot.machine", "boot.smss"),
    ("boot.answers", "boot.smss"),
    ("boot.file_answers", "boot.smss"),
    ("boot.smss", "boot.machine"),
    ("boot.smss", "boot.answers"),
    ("boot.smss", "boot.file_answers"),
    ("boot.smss", "boot.replay"),
    ("boot.plan", "boot.smss"),
    ("boot.replay", "boot.smss"),
)

# Rule 7: who may touch the world, and through what. The word before a dot stands for a whole folder.
READERS = ("registry.regf", "registry.readers", "registry.plain_files")
WORLD = ("evidence", *READERS, "cli")
ONLY_IN: dict[str, tuple[str, ...]] = {
    "os": WORLD,
    "io": WORLD,
    "sys": ("cli", "__main__", "registry.readers"),  # there to start a child of the same Python
    "pathlib": (*WORLD, "analysis", "extraction", "recovery", "report", "software", "baselines.compile"),
    "mmap": ("evidence", "registry"),  # in the registry also as the type of a buffer that someone else opened
    "tempfile": WORLD,
    "shutil": WORLD,
    "glob": WORLD,
    "threading": ("evidence", "cli"),
    "concurrent": ("evidence", "cli"),
    "multiprocessing": ("cli",),
    "time": ("cli", "registry.regf"),  # there the default clock of the limit on seconds
    "locale": ("cli",),
    "logging": (*READERS, "cli"),
    "warnings": (*READERS, "cli"),
    "random": (),
    "secrets": (),
    "uuid": (),
    "socket": (),
    "ssl": (),
    "urllib": (),
    "http": (),
    "subprocess": ("registry.readers",),
    "ctypes": (),
    "pickle": (),
    "zoneinfo": (),  # the examiner's machine must not decide what a time of the evidence says
    "typer": ("cli",),
    "rich": ("cli", "report.terminal"),
    "jinja2": ("report.html", "report.templates"),
    "markupsafe": ("report.html", "report.templates"),
    "Registry": ("registry.readers_libraries",),
    "regipy": ("registry.readers_libraries", "registry.readers_regipy"),
    "dissect": ("evidence.image_formats", "evidence.bitlocker"),
    "pyfsntfs": ("evidence.ntfs",),
    "pyvshadow": ("evidence.shadow_copies",),
    "construct": (),
    "pydantic": (),
    "click": (),
    "pyregf": (),
    "hypothesis": (),
    "pytest": (),
    "tests": (),
}

CONSTANTS = {("sys", "byteorder"), ("sys", "maxsize"), ("sys", "intern")}  # of modules that else touch the world
CLOCK = frozenset({"now", "utcnow", "today", "fromtimestamp", "time_ns", "monotonic", "perf_counter", "localtime", "gmtime"})
CALLS = {
    "print": ("cli",),
    "input": (),
    "open": WORLD,
    "eval": (),
    "exec": ("facts.fact",),
    "breakpoint": (),
    "__import__": (),
}


@dataclass(frozen=True, slots=True)
class Import:
    """`name` is a dotted module, without the leading `hivecheck.` where it is one of ours."""

    name: str
    ours: bool
    line: int
    at_start: bool  # runs when the module is imported: not inside a function, not for the type checker only


@dataclass(frozen=True, slots=True)
class Module:
    name: str
    tree: ast.Module
    imports: tuple[Import, ...]


@cache
def modules() -> tuple[Module, ...]:
    return tuple(_read(path) for path in sorted(PACKAGE.rglob("*.py")))


def _module_name(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def our_names() -> frozenset[str]:
    return frozenset(_module_name(path) for path in PACKAGE.rglob("*.py"))


def _read(path: Path) -> Module:
    tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
    return Module(_module_name(path), tree, tuple(_imports(tree.body, True)))


def _imports(body: list[ast.stmt], at_start: bool) -> Iterator[Import]:
    for statement in body:
        match statement:
            case ast.Import(names=names):
                for alias in names:
                    yield _named(alias.name, statement.lineno, at_start)
            case ast.ImportFrom(module=module, names=names, level=level):
                assert level == 0, f"line {statement.lineno}: a relative import hides its floor"
                for alias in names:
                    if (module, alias.name) not in CONSTANTS:
                        yield _from(str(module), alias.name, statement.lineno, at_start)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield from _imports(statement.body, False)
            case ast.If(test=ast.Name(id="TYPE_CHECKING")):
                yield from _imports(statement.body, False)
                yield from _imports(statement.orelse, at_start)
            case _:
                for name in ("body", "orelse", "finalbody"):
                    yield from _imports(getattr(statement, name, []), at_start)
                for inner in (*getattr(statement, "handlers", []), *getattr(statement, "cases", [])):
                    yield from _imports(inner.body, at_start)


def _named(name: str, line: int, at_start: bool) -> Import:
    ours = name == "hivecheck" or name.startswith("hivecheck.")
    return Import(name.removeprefix("hivecheck").removeprefix(".") if ours else name, ours, line, at_start)


def _from(module: str, name: str, line: int, at_start: bool) -> Import:
    """`from hivecheck.boot import machine` imports boot.machine where there is such a module, else boot."""
    whole = _named(f"{module}.{name}", line, at_start)
    return whole if whole.ours and whole.name in our_names() else _named(module, line, at_start)


def _is_in(module: str, place: str) -> bool:
    return module == place or module.startswith(place + ".")


def _floor(module: str) -> float:
    return FLOORS[module.partition(".")[0]]


def _allowed(module: Module, places: tuple[str, ...]) -> bool:
    """Private helper modules may stand beside the one named: `report.html_parts` is allowed what `report.html` is."""
    return any(_is_in(module.name, place) or module.name.startswith(place + "_") for place in places)


def test_every_module_stands_on_a_floor() -> None:
    homeless = [module.name for module in modules() if module.name and module.name.partition(".")[0] not in FLOORS]
    assert not homeless, f"give each a row in FLOORS: {homeless}"


def test_nothing_imports_upward() -> None:
    wrong = [
        f"hivecheck.{module.name} (line {one.line}) imports hivecheck.{one.name}, which stands above it"
        for module in modules()
        if module.name
        for one in module.imports
        if one.ours and one.name and _floor(one.name) > _floor(module.name)
    ]
    assert not wrong, "\n".join(wrong)


def test_the_package_itself_imports_nothing_when_it_is_imported() -> None:
    [package] = [module for module in modules() if module.name == ""]
    loaded = {one.name for one in package.imports if one.at_start}
    assert loaded <= {"importlib", "typing"}, "import hivecheck must stay free of cost; its names are loaded when used"


def test_errors_import_nothing_of_ours() -> None:
    [errors] = [module for module in modules() if module.name == "errors"]
    assert not [one.name for one in errors.imports if one.ours]


def test_only_those_above_them_go_through_the_front_doors() -> None:
    doors = {"analysis", "extraction", "recovery"}
    through = {module.name for module in modules() for one in module.imports if one.ours and one.name in doors}
    assert {name.partition(".")[0] for name in through} <= {"", *doors, "compare", "report", "cli"}


def test_no_one_knows_the_command_line() -> None:
    knowing = {module.name for module in modules() for one in module.imports if one.ours and _is_in(one.name, "cli")}
    assert {name.partition(".")[0] for name in knowing} <= {"cli", "__main__"}


@pytest.mark.parametrize(("importer", "imported"), NEVER, ids=lambda name: name)
def test_smss_and_the_machine_do_not_know_each_other(importer: str, imported: str) -> None:
    wrong = [
        f"hivecheck.{module.name} (line {one.line}) imports hivecheck.{one.name}"
        for module in modules()
        if _is_in(module.name, importer)
        for one in module.imports
        if one.ours and _is_in(one.name, imported)
    ]
    assert not wrong, "\n".join(wrong)


def test_modules_do_not_import_each_other_in_a_ring() -> None:
    """Looks at what runs on import. A package and the modules inside it count apart: importing `boot.smss.files` runs `boot.smss`
    first, and that is no ring unless `boot.smss.files` asks for it by name.
    """
    graph = {module.name: {one.name for one in module.imports if one.ours and one.at_start} for module in modules()}
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        assert name not in path, "a ring of imports: " + " -> ".join((*path[path.index(name) :], name))
        if name not in done:
            for imported in sorted(graph.get(name, ())):
                visit(imported, (*path, name))
            done.add(name)

    for name in sorted(graph):
        visit(name, ())


@pytest.mark.parametrize("library", ONLY_IN, ids=lambda name: name)
def test_a_library_is_imported_only_where_it_may_be(library: str) -> None:
    wrong = [
        f"hivecheck.{module.name} (line {one.line}) imports {one.name}; only {ONLY_IN[library] or 'nobody'} may"
        for module in modules()
        for one in module.imports
        if not one.ours and one.name.partition(".")[0] == library and not _allowed(module, ONLY_IN[library])
    ]
    assert not wrong, "\n".join(wrong)


def test_no_module_asks_the_clock_but_the_command_line() -> None:
    wrong = [
        f"hivecheck.{module.name} (line {node.lineno}) asks for .{node.attr}"
        for module in modules()
        if not _is_in(module.name, "cli")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and node.attr in CLOCK
    ]
    assert not wrong, "times are arguments:\n" + "\n".join(wrong)


@pytest.mark.parametrize("name", CALLS)
def test_a_builtin_that_touches_the_world_is_called_only_where_it_may_be(name: str) -> None:
    wrong = [
        f"hivecheck.{module.name} (line {node.lineno}) calls {name}()"
        for module in modules()
        if not _allowed(module, CALLS[name])
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
    ]
    assert not wrong, "\n".join(wrong)
