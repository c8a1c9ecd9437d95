"""What every hive gives, wherever it comes from: keys, raw values with their full type, and where each one lies.

Readers of bytes (`regf`), of plain data (`memory`) and of recovered hives all give these. Nothing here decodes a string
and nothing here knows what a control set is.
"""

from collections.abc import Container, Iterator
from typing import TYPE_CHECKING, Protocol

from hivecheck.facts.fact import fact
from hivecheck.facts.origin import KeyRef, ValueRef
from hivecheck.facts.problem import Problem

if TYPE_CHECKING:
    from hivecheck.registry.named_values import NamedValues

REG_NONE = 0
REG_SZ = 1
REG_EXPAND_SZ = 2
REG_BINARY = 3
REG_DWORD = 4
REG_DWORD_BIG_ENDIAN = 5
REG_LINK = 6
REG_MULTI_SZ = 7
REG_RESOURCE_LIST = 8
REG_FULL_RESOURCE_DESCRIPTOR = 9
REG_RESOURCE_REQUIREMENTS_LIST = 10
REG_QWORD = 11

TYPE_NAMES: dict[int, str] = {
    REG_NONE: "REG_NONE",
    REG_SZ: "REG_SZ",
    REG_EXPAND_SZ: "REG_EXPAND_SZ",
    REG_BINARY: "REG_BINARY",
    REG_DWORD: "REG_DWORD",
    REG_DWORD_BIG_ENDIAN: "REG_DWORD_BIG_ENDIAN",
    REG_LINK: "REG_LINK",
    REG_MULTI_SZ: "REG_MULTI_SZ",
    REG_RESOURCE_LIST: "REG_RESOURCE_LIST",
    REG_FULL_RESOURCE_DESCRIPTOR: "REG_FULL_RESOURCE_DESCRIPTOR",
    REG_RESOURCE_REQUIREMENTS_LIST: "REG_RESOURCE_REQUIREMENTS_LIST",
    REG_QWORD: "REG_QWORD",
}


def type_name(number: int) -> str:
    """`REG_MULTI_SZ` for 7; `type 0xffff0011` for a number that has no name. All 32 bits count."""
    return TYPE_NAMES.get(number, f"type 0x{number:08x}")


@fact
class RawValue:
    """A value as stored: the name as spelled, all 32 bits of the type, the data undecoded.

    The default (unnamed) value has the name ''. `damage` says what could not be read; `data` then holds what could.
    """

    name: str
    type: int
    data: bytes
    ref: ValueRef
    damage: Problem | None = None


class Key(Protocol):
    """A registry key. Names are spelled as stored; look-ups compare them without case, as Windows does."""

    @property
    def name(self) -> str: ...

    @property
    def path(self) -> str:
        r"""Below the root, e.g. `ControlSet001\Control\Session Manager`; '' for the root itself."""
        ...

    @property
    def written(self) -> int:
        """Last write in FILETIME ticks (100 ns since 1601, UTC)."""
        ...

    @property
    def class_name(self) -> str | None: ...

    @property
    def ref(self) -> KeyRef: ...

    @property
    def values_whole(self) -> bool:
        """Whether every value the key counts can be found: where not, a value that is not found may still have been there."""
        ...

    @property
    def subkeys_whole(self) -> bool:
        """The same of its subkeys."""
        ...

    def subkeys(self) -> "Iterator[Key]":
        """In stored order. What can't be read is left out and told in the hive's `problems`."""
        ...

    def subkeys_named(self, names: frozenset[str]) -> "Iterator[Key]":
        """Those of these folded names, in stored order, at a tenth of the price of all where there are hundreds."""
        ...

    def subkey(self, path: str) -> "Key | None":
        r"""The key at a relative path (`Control\Session Manager`), or None where there is none."""
        ...

    def values(self) -> Iterator[RawValue]:
        """In stored order, which is the order Windows enumerates them in."""
        ...

    def value(self, name: str) -> RawValue | None: ...

    def data_of(self, name: str) -> tuple[int, bytes] | None:
        """Type and data of the first value of this name, for who never cites it; None where there is none."""
        ...

    def values_named(self, names: Container[str]) -> "NamedValues":
        """The first value of each of these folded names, and whether every value the key counts can be found; in one go."""
        ...


class Hive(Protocol):
    """A registry hive, open for reading only."""

    @property
    def name(self) -> str:
        """Short name of the evidence, for origins; usually the file's name."""
        ...

    @property
    def root(self) -> Key: ...

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The damage met so far, each told once. Grows while the hive is read."""
        ...


@fact
class Limits:
    """Bounds against hostile hives. Beyond one of them reading goes on elsewhere and a `Problem` says so."""

    depth: int = 512  # levels of keys; Windows itself allows 512
    subkeys: int = 1_000_000  # of one key
    values: int = 100_000  # of one key
    value_bytes: int = 64 * 1024 * 1024  # of one value's data
    data_bytes: int = (
        64 * 1024 * 1024
    )  # of all values read together, beyond four times the size of the file: they may share data
    problems: int = 1_000  # told singly; further ones are only counted
    cells: int = 20_000_000  # read from one hive in all: a loop can't outlast it
    file_bytes: int = (
        1024 * 1024 * 1024
    )  # of the hive file, which is not even mapped beyond; real ones have up to some 100 MB
    seconds: float = 60.0  # spent on reading one hive in all; the largest real ones take less than one


def fold_name(name: str) -> str:
    """The form in which two registry names are compared: upper-cased letter by letter, as the kernel does.

    Letters whose upper case is longer than one (`ß`) stay as they are. Source: RtlUpcaseUnicodeChar.
    """
    if name.isascii():
        return name.upper()
    upper = name.upper()
    if len(upper) == len(name):
        return upper
    return "".join(big if len(big := letter.upper()) == 1 else letter for letter in name)
