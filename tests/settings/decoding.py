"""Raw values for tests of decoders, written in hive notation, whole or damaged."""

from hivecheck.facts.fact import changed
from hivecheck.facts.origin import ValueRef
from hivecheck.facts.problem import Problem
from hivecheck.registry.hive import RawValue
from hivecheck.registry.memory import MemoryKey
from hivecheck.registry.notation import parse_notation

DAMAGE = Problem("value-unreadable", "Its data lies beyond the end of the file.", (), loses_data=True)


def key_of(lines: str) -> MemoryKey:
    """A key `Key` with these value lines."""
    key = parse_notation("[Key]\n" + "\n".join(line.strip() for line in lines.splitlines())).root.subkey("Key")
    assert key is not None
    return key


def raw(content: str | None, name: str = "Value") -> RawValue | None:
    """The value of the line `NAME = content`; None for None, as where it is absent."""
    return None if content is None else key_of(f"{name} = {content}").value(name)


def written(content: str, name: str = "Value") -> RawValue:
    """The same for a value that is there."""
    value = raw(content, name)
    assert value is not None
    return value


def unreadable(content: str = "multi hex:", name: str = "Value") -> RawValue:
    """A value of which only `content` could be read."""
    return changed(written(content, name), damage=DAMAGE)


def strings_of(origin: object) -> tuple[int, int] | None:
    assert isinstance(origin, ValueRef)
    return origin.strings
