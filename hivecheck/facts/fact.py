"""`@fact`: an immutable record with slots, as `@dataclass(frozen=True, slots=True)` makes it, seven times faster to define.

hivecheck has over a hundred such classes, and defining them with `dataclasses` took a third of the time of the main job: that
module compiles six methods a class and then makes the class anew. Here `__init__` is compiled once for each number of fields, and
the rest is shared. Type checkers see an ordinary frozen dataclass. Not supported: inheritance between facts, default factories, `__post_init__`.
"""

from collections.abc import Callable
from functools import cache
from operator import attrgetter
from types import CodeType, FunctionType
from typing import Any, ClassVar, NoReturn, TypeVar, cast, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True)
def fact(cls: type[T]) -> type[T]:
    """The class with slots for its annotated fields, an `__init__`, equality, hash and repr by their values, and no way to change it."""
    names = tuple([name for name, kind in cls.__annotations__.items() if not _is_class_variable(kind)])
    body = {**_METHODS, **cls.__dict__, "__slots__": names, "__match_args__": names, "__qualname__": cls.__qualname__}
    body.pop("__dict__", None)
    body.pop("__weakref__", None)
    defaults = {name: body.pop(name) for name in names if name in body}
    setters: dict[str, Any] = {}
    body["__init__"] = _initializer(cls, names, defaults, setters)
    metaclass: Any = type(cls)
    made = metaclass(cls.__name__, cls.__bases__, body)
    descriptors = made.__dict__
    for setter, name in zip(_setter_names(len(names)), names, strict=True):
        setters[setter] = descriptors[name].__set__
    return cast("type[T]", made)


def changed(record: T, **changes: Any) -> T:
    """The same fact with some fields changed. Raises TypeError for a field it has not."""
    fields = {name: getattr(record, name) for name in _names(record)}
    return type(record)(**(fields | changes))


def _is_class_variable(kind: object) -> bool:
    return getattr(kind, "__origin__", kind) is ClassVar


def _names(record: object) -> tuple[str, ...]:
    names: tuple[str, ...] = type(record).__match_args__  # type: ignore[attr-defined]
    return names


def _initializer(cls: type, names: tuple[str, ...], defaults: dict[str, object], setters: dict[str, Any]) -> FunctionType:
    """An `__init__` that sets each slot through its descriptor, past the class's own refusal to be changed.

    `setters` are given when the class is made, which makes the descriptors: an `__init__` set later would cost as much again.
    """
    given = tuple([defaults[name] for name in names if name in defaults])
    if given and any(name in defaults for name in names[: len(names) - len(given)]):
        raise TypeError(f"{cls.__name__} has a field without a default behind one with a default")
    return FunctionType(_code(len(names)).replace(co_varnames=("self", *names)), setters, "__init__", given)


@cache
def _setter_names(count: int) -> tuple[str, ...]:
    return tuple([f"_set_{number}" for number in range(count)])


@cache
def _code(count: int) -> CodeType:
    """The code of an `__init__` with so many fields: compiled once, as compiling costs more than all else that a fact needs."""
    parameters = "".join(f", field_{number}" for number in range(count))
    lines = "".join(f"\n  _set_{number}(self, field_{number})" for number in range(count)) or "\n  pass"
    scope: dict[str, Any] = {}
    exec(f"def __init__(self{parameters}):{lines}", scope)  # noqa: S102 - the names are our own
    code: CodeType = scope["__init__"].__code__
    return code


def _equal(self: object, other: object) -> Any:
    if other.__class__ is not self.__class__:
        return NotImplemented
    fields = _FIELDS[self.__class__]
    return bool(fields(self) == fields(other))


def _hash(self: object) -> int:
    return hash(_FIELDS[self.__class__](self))


class _Fields(dict[type, Callable[[object], object]]):
    """By class, what gives the values of all its fields at once: a tuple, or the one value of a fact with one field.

    Made when first asked for: most facts are never compared.
    """

    def __missing__(self, cls: type) -> Callable[[object], object]:
        names: tuple[str, ...] = cls.__match_args__  # type: ignore[attr-defined]
        found = self[cls] = attrgetter(*names) if names else _no_fields
        return found


def _no_fields(_: object) -> tuple[()]:
    return ()


_FIELDS = _Fields()


def _repr(self: object) -> str:
    fields = ", ".join(f"{name}={getattr(self, name)!r}" for name in _names(self))
    return f"{type(self).__qualname__}({fields})"


def _refuse(self: object, name: str, *_: object) -> NoReturn:
    raise AttributeError(f"{type(self).__name__} is immutable: {name} can't be changed")


def _reduce(self: object) -> tuple[type, tuple[object, ...]]:
    return type(self), tuple(getattr(self, name) for name in _names(self))


_METHODS: dict[str, Any] = {
    "__eq__": _equal,
    "__hash__": _hash,
    "__repr__": _repr,
    "__setattr__": _refuse,
    "__delattr__": _refuse,
    "__reduce__": _reduce,
}
