"""The form of the catalogue: a row is one setting, the functions below make the usual kinds of rows.

A row is the typed key to its setting: `settings[BOOT_EXECUTE]` is a `Setting[tuple[Command, ...]]`.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, Generic, TypeVar

from hivecheck.facts.fact import fact
from hivecheck.facts.generation import Generation
from hivecheck.registry.hive import Key, RawValue
from hivecheck.settings.commands import Command, read_commands
from hivecheck.settings.setting import (
    SMSS,
    CitedString,
    Presence,
    Setting,
    origins_of,
    read_four_bytes,
    read_number,
    read_strings,
    read_text,
)

T = TypeVar("T")

SM = "Control\\Session Manager"
CLASSIC_DEFAULTS = "ReactOS sminit.c, for Windows 2003"


@fact
class Row(Generic[T]):
    """One setting: where it is, how it is read, who reads it and since when.

    `value` is None where the whole key is the setting. `key` is relative to the control set, or to the root of the hive
    where it begins with a backslash.
    """

    name: str
    key: str
    value: str | None
    read: Callable[[str, Key | None], Setting[T]]
    about: str
    source: str
    reader: str = SMSS
    since: Generation | None = None
    until: Generation | None = None
    classic: int | None = None


def _of_value(value: str, read: Callable[[str, RawValue | None], Setting[T]]) -> Callable[[str, Key | None], Setting[T]]:
    return lambda name, key: read(name, key.value(value) if key else None)


def value_row(
    name: str,
    key: str,
    value: str,
    read: Callable[[str, RawValue | None], Setting[T]],
    about: str,
    source: str,
    **more: Any,
) -> Row[T]:
    return Row(name, key, value, _of_value(value, read), about, source, **more)


def number_row(name: str, key: str, about: str, source: str, **more: Any) -> Row[int | None]:
    read = partial(read_number, reader=more.get("reader", SMSS))
    return value_row(name, key, name.rsplit("/", 1)[-1], read, about, source, **more)


def four_bytes_row(name: str, otherwise: int, about: str, source: str, **more: Any) -> Row[int | None]:
    def read(row_name: str, raw: RawValue | None) -> Setting[int | None]:
        return read_four_bytes(row_name, raw, otherwise, CLASSIC_DEFAULTS)

    return value_row(name, SM, name, read, about, source, **more)


def text_row(name: str, key: str, about: str, source: str, **more: Any) -> Row[str]:
    read = partial(read_text, reader=more.get("reader", SMSS))
    return value_row(name, key, name.rsplit("/", 1)[-1], read, about, source, **more)


def list_row(name: str, key: str, about: str, source: str, **more: Any) -> Row[tuple[CitedString, ...]]:
    read = partial(_read_list, reader=more.get("reader", SMSS))
    return value_row(name, key, name.rsplit("/", 1)[-1], read, about, source, **more)


def commands_row(name: str, about: str, source: str, default: str = "", **more: Any) -> Row[tuple[Command, ...]]:
    def read(row_name: str, raw: RawValue | None) -> Setting[tuple[Command, ...]]:
        return read_commands(row_name, raw, default, CLASSIC_DEFAULTS)

    return value_row(name, SM, name, read, about, source, **more)


def _read_list(name: str, raw: RawValue | None, reader: str) -> Setting[tuple[CitedString, ...]]:
    read = read_strings(raw, reader, "" if reader == SMSS else name)
    strings = tuple(string for string in read.strings if string.text)
    return Setting(name, strings, read.presence, origins_of(raw, read.presence), read.problems, raw)


def _read_existence(name: str, key: Key | None) -> Setting[bool]:
    if key is None:
        return Setting(name, False, Presence.ABSENT)
    return Setting(name, True, Presence.WRITTEN, (key.ref,))


def existence_row(name: str, key: str, about: str, source: str, **more: Any) -> Row[bool]:
    return Row(name, key, None, _read_existence, about, source, **more)
