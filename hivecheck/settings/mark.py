"""What a mark is, and the conditions a value can be put to. A mark says of which Windows generations a value or key speaks.

Nothing here knows a single mark; those are in `version_marks`.
"""

from collections.abc import Callable
from typing import NamedTuple

from hivecheck.facts.fact import fact
from hivecheck.facts.generation import GENERATIONS, Generation
from hivecheck.registry.hive import REG_DWORD, REG_EXPAND_SZ, REG_MULTI_SZ, REG_SZ, RawValue
from hivecheck.registry.strings import decode_dword, decode_multi_sz, decode_sz
from hivecheck.settings.vote import between

Holds = Callable[[RawValue], bool]


class Mark(NamedTuple):
    """`name` (a value, or a subkey in a group of keys) speaks of the generations in `fits` with the weight `present`.

    Its absence speaks of all others with the weight `missing`. Where `holds` is given, only a value for which it is true
    counts as present, and `what` says what that is.
    """

    name: str
    fits: int
    present: int
    missing: int
    holds: Holds | None
    what: str


def mark(
    name: str,
    first: Generation,
    last: Generation = GENERATIONS[-1],
    present: int = 1,
    missing: int = 0,
    holds: Holds | None = None,
    what: str = "is there",
) -> Mark:
    """The mark of the generations `first` to `last`, both included."""
    return Mark(name, between(first, last), present, missing, holds, what)


@fact
class MarkGroup:
    """The marks of one key. One key is written in one go, so they are one witness. `whole`: what a complete key has."""

    path: str
    whole: str | None
    marks: tuple[Mark, ...]


def number_is(*wanted: int) -> Holds:
    return lambda raw: raw.type == REG_DWORD and decode_dword(raw.data) in wanted


def number_from(least: int, most: int) -> Holds:
    def holds(raw: RawValue) -> bool:
        number = decode_dword(raw.data) if raw.type == REG_DWORD else None
        return number is not None and least <= number <= most

    return holds


def text_has(*wanted: str, without: str = "") -> Holds:
    """Each of `wanted` somewhere in the text, `without` nowhere; without case."""

    def holds(raw: RawValue) -> bool:
        text = decode_sz(raw.data).text.upper() if raw.type in (REG_SZ, REG_EXPAND_SZ) else ""
        return all(part.upper() in text for part in wanted) and not (without and without.upper() in text)

    return holds


def text_starts(wanted: str) -> Holds:
    return lambda raw: raw.type in (REG_SZ, REG_EXPAND_SZ) and decode_sz(raw.data).text.upper().startswith(wanted.upper())


def list_has(wanted: str) -> Holds:
    def holds(raw: RawValue) -> bool:
        return raw.type == REG_MULTI_SZ and wanted.upper() in (text.upper() for text in decode_multi_sz(raw.data).strings)

    return holds


def list_is_empty(raw: RawValue) -> bool:
    return raw.type == REG_MULTI_SZ and not any(decode_multi_sz(raw.data).strings)


def is_spelled(name: str) -> Holds:
    return lambda raw: raw.name == name


def begins(*numbers: int) -> Holds:
    """The data begins with one of these numbers, little-endian."""
    return lambda raw: len(raw.data) >= 4 and int.from_bytes(raw.data[:4], "little") in numbers


def service_pack_from(least: int) -> Holds:
    return number_from(least << 8, 0xFFFF)
