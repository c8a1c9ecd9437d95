"""Compiles the templates to the modules beside this one: `python -m hivecheck.report.html_compiled.write`."""

import re
from pathlib import Path

import jinja2

from hivecheck.report.html_compiled import digest_of, module_of, runtime
from hivecheck.report.templates import template_engine, template_folder

FOLDER = Path(__file__).parent
_ASKED = re.compile(r"^from jinja2\.runtime import .*$", re.MULTILINE)  # what compiled code would load the whole engine for
_GIVEN = f"from {runtime.__name__} import {', '.join(runtime.__all__)}"
_HEAD = '"""Made from {name}: do not edit."""\n# ruff: noqa\n# mypy: ignore-errors\n\n'


def compiled_templates() -> dict[str, str]:
    """The Python files by name, as they should be."""
    engine = template_engine()
    sources = {path.name: path.read_text(encoding="utf-8") for path in sorted(template_folder().glob("*.html"))}
    files: dict[str, str] = {}
    for name, text in sources.items():
        made, asked = _ASKED.subn(_GIVEN, engine.compile(text, name, name, raw=True, defer_init=True))
        if asked != 1:
            raise RuntimeError(f"jinja2 {jinja2.__version__} compiles {name} to something else than this knows")
        files[module_of(name).rpartition(".")[2] + ".py"] = _HEAD.format(name=f"templates/{name}") + made.rstrip() + "\n"
    lines = "".join(f'    "{name}": "{digest_of(text)}",\n' for name, text in sources.items())
    about = '"""What the compiled templates were made from, and by which version of the engine: do not edit."""\n\n'
    files["made.py"] = f'{about}ENGINE = "{jinja2.__version__}"\nSOURCES = {{\n{lines}}}\n'
    return files


def write_templates(folder: Path = FOLDER) -> None:
    """Writes them, and takes away what was made of templates that are no more."""
    files = compiled_templates()
    for old in folder.glob("made*.py"):
        if old.name not in files:
            old.unlink()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write_templates()
