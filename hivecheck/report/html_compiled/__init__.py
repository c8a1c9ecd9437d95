"""The templates as Python, compiled ahead: `python -m hivecheck.report.html_compiled.write` makes them, and a test holds them to their sources.

Compiling the templates takes longer than setting most pages, and so does loading what compiles them. What is stale is not used: the
templates are then compiled from their sources.
"""

from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path


@cache
def is_current(folder: Path) -> bool:
    """Whether the templates in this folder are those that were compiled, all of them: one may use another."""
    from hivecheck.report.html_compiled.made import SOURCES

    return all(digest_of((folder / name).read_text(encoding="utf-8")) == digest for name, digest in SOURCES.items())


def set_compiled(name: str, given: Mapping[str, object]) -> str:
    """The page of a template that was compiled ahead. Raises LookupError where the template asks for what is not given."""
    from hivecheck.report.html_compiled.runtime import environment

    return environment.get_template(name).render(given)


def digest_of(text: str) -> str:
    """What stands for the text of a template."""
    return sha256(text.encode()).hexdigest()


def module_of(name: str) -> str:
    """The module that a template is compiled to: `made_report` in this package for `report.html`."""
    return f"{__name__}.made_{name.removesuffix('.html')}"
