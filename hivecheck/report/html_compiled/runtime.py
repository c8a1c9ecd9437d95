"""What compiled templates need of an engine, without loading one: jinja2 takes as long to load as a fifth of a page to set.

The names are those that the compiler of jinja2 3 writes; a test holds this module to all that it wrote. As strict as the engine that
the templates are written for: all that is printed is escaped, and a name that no one gave is an error at once.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import import_module
from operator import getitem
from types import SimpleNamespace
from typing import Any, NoReturn

from markupsafe import Markup
from markupsafe import escape as _escape

from hivecheck.report.html_bits import SPECIAL, set_bits, set_rows
from hivecheck.report.html_compiled import module_of

__all__ = ["Macro", "Markup", "Undefined", "environment", "escape", "markup_join", "missing"]

missing = object()
_is_special = SPECIAL.search
_GLOBALS: dict[str, object] = {"set_bits": set_bits, "set_rows": set_rows}


class UndefinedError(LookupError):
    """A template asked for a name that no one gave."""


Undefined = UndefinedError  # as the compiler calls it


def _undefined(hint: str = "", name: str = "") -> NoReturn:
    raise UndefinedError(hint or f"{name!r} is undefined")


def escape(text: object) -> str:
    """The text as it may stand in a page; what is markup already stays."""
    if type(text) is Markup or (type(text) is str and not _is_special(text)):
        return text
    return _escape(text)


def markup_join(parts: Iterable[object]) -> Markup:
    """The parts escaped, one after another."""
    return Markup("".join([escape(part) for part in parts]))  # noqa: S704  every part is escaped


class Macro:
    """A part of a template that other parts call, by position, with all that it asks for."""

    __slots__ = ("_function",)

    def __init__(self, _environment: object, function: Callable[..., str], *_about: object) -> None:
        self._function = function

    def __call__(self, *given: object) -> Markup:
        return Markup(self._function(*given))  # noqa: S704  all that a macro prints is escaped


class _Context:
    """The names that one template sees: what it was given, what it set, what all have."""

    autoescape = True

    def __init__(self, given: Mapping[str, object]) -> None:
        self.vars: dict[str, object] = {}
        self.exported_vars: set[str] = set()
        self.eval_ctx = self
        self._given = given

    def resolve_or_missing(self, name: str) -> object:
        """What stands for a name, `missing` where nothing does."""
        for names in (self.vars, self._given, _GLOBALS):
            if name in names:
                return names[name]
        return missing

    @staticmethod
    def call(function: Callable[..., object], *given: object, _loop_vars: object = None) -> object:
        """What a macro or a function gives. Its loops are its own."""
        return function(*given)


class _Compiled:
    """One template. Compiled code asks it for its macros, by the name that the compiler writes for that."""

    def __init__(self, name: str) -> None:
        self._root: Callable[[_Context], Iterator[str]] = import_module(module_of(name)).root

    def render(self, given: Mapping[str, object]) -> str:
        """The whole page."""
        return "".join(self._root(_Context(given)))

    def _get_default_module(self, _context: object = None) -> SimpleNamespace:
        context = _Context({})
        for _ in self._root(context):  # it sets its macros as it goes
            pass
        return SimpleNamespace(**{name: context.vars[name] for name in context.exported_vars})


class _Environment:
    """Stands where compiled code has its engine."""

    undefined = staticmethod(_undefined)
    concat = staticmethod("".join)
    getattr = staticmethod(getattr)
    getitem: Callable[[Any, Any], Any] = staticmethod(getitem)

    @staticmethod
    def get_template(name: str, _parent: str = "") -> _Compiled:
        """The template that was compiled from the file of this name. Raises ModuleNotFoundError where there is none."""
        return _Compiled(name)


environment = _Environment()
