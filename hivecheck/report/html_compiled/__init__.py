"""The templates as Python, compiled ahead: `python -m hivecheck.report.html_compiled.write` makes them, and a test holds them to their sources.

Compiling the templates takes longer than setting most pages. What is stale, or was made by another version of the engine, is not
used: the template is then compiled from its source.
"""

from collections.abc import MutableMapping
from hashlib import sha256
from importlib import import_module
from typing import Any

import jinja2
from jinja2 import BaseLoader, Environment, FileSystemLoader, Template


class CompiledLoader(BaseLoader):
    """Loads templates compiled ahead where they fit their source, and all others as `source` does."""

    def __init__(self, source: FileSystemLoader) -> None:
        self._source = source

    def load(self, environment: Environment, name: str, globals: MutableMapping[str, Any] | None = None) -> Template:
        """The template. Raises TemplateNotFound where there is none of this name."""
        from hivecheck.report.html_compiled.made import ENGINE, SOURCES

        text = self._source.get_source(environment, name)[0]
        if jinja2.__version__ != ENGINE or SOURCES.get(name) != digest_of(text):
            return self._source.load(environment, name, globals)
        module = import_module(module_of(name))
        return Template.from_module_dict(
            environment, module.__dict__, environment.make_globals(None) if globals is None else globals
        )


def digest_of(text: str) -> str:
    """What stands for the text of a template."""
    return sha256(text.encode()).hexdigest()


def module_of(name: str) -> str:
    """The module that a template is compiled to: `made_report` in this package for `report.html`."""
    return f"{__name__}.made_{name.removesuffix('.html')}"
