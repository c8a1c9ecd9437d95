"""Compiles the templates to the modules beside this one: `python -m hivecheck.report.html_compiled.write`."""

from pathlib import Path

import jinja2

from hivecheck.report.html_compiled import digest_of, module_of
from hivecheck.report.templates import template_engine, template_folder

FOLDER = Path(__file__).parent
_HEAD = '"""Made from {name}: do not edit."""\n# ruff: noqa\n# mypy: ignore-errors\n\n'


def compiled_templates() -> dict[str, str]:
    """The Python files by name, as they should be."""
    engine = template_engine()
    sources = {path.name: path.read_text(encoding="utf-8") for path in sorted(template_folder().glob("*.html"))}
    files: dict[str, str] = {}
    for name, text in sources.items():
        made = engine.compile(text, name, name, raw=True, defer_init=True)
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
