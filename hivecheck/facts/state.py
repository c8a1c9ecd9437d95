"""`@state`: a record that changes while the boot is played, with slots and an `__init__`, as `@dataclass(slots=True)` makes it.

A thirtieth of its price, as nothing is compiled: three such classes took 3 ms of every start. Type checkers see an ordinary
dataclass. A field without a value of its own must be given; one that is `fresh(dict)` is a new dictionary in each record.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast, dataclass_transform

T = TypeVar("T")


class _Fresh:
    __slots__ = ("factory",)

    def __init__(self, factory: Callable[[], Any]) -> None:
        self.factory = factory


def fresh(factory: Callable[[], T]) -> T:
    """The value of a field that each record makes for itself."""
    return cast("T", _Fresh(factory))


@dataclass_transform(eq_default=False)
def state(cls: type[T]) -> type[T]:
    """The class with slots for its annotated fields, and an `__init__` that takes them by place or by name."""
    names = tuple(cls.__annotations__)
    body = {name: value for name, value in cls.__dict__.items() if name not in ("__dict__", "__weakref__")}
    defaults = {name: body.pop(name) for name in names if name in body}

    def __init__(self: Any, *given: Any, **named: Any) -> None:  # noqa: N807
        fields = dict(zip(names, given, strict=False)) | named
        if len(fields) != len(given) + len(named) or not fields.keys() <= set(names):
            raise TypeError(f"{cls.__name__} has the fields {', '.join(names)}")
        for name in names:
            if name in fields:
                value = fields[name]
            elif name in defaults:
                value = defaults[name]
                value = value.factory() if isinstance(value, _Fresh) else value
            else:
                raise TypeError(f"{cls.__name__} needs {name}")
            setattr(self, name, value)

    body |= {"__slots__": names, "__qualname__": cls.__qualname__, "__init__": __init__}
    metaclass: Any = type(cls)
    return cast("type[T]", metaclass(cls.__name__, cls.__bases__, body))
