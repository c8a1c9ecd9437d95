"""What a setting is: a typed value with its presence, its origins and what is wrong with it.

Absence is a `Presence`, never a None that might mean five things. The readers here turn one raw value into strings or a
number by the rules of RtlQueryRegistryValues; the nouns of the Session Manager are built on them in their own modules.
Source: smss.md B.1 (ReactOS sdk/lib/rtl/registry.c).
"""

from collections.abc import Iterator
from enum import Enum
from typing import Generic, TypeVar

from hivecheck.facts.fact import changed, fact
from hivecheck.facts.origin import BuiltIn, Origin, ValueRef
from hivecheck.facts.problem import Problem
from hivecheck.registry.hive import REG_DWORD, REG_EXPAND_SZ, REG_MULTI_SZ, REG_NONE, REG_SZ, RawValue, type_name
from hivecheck.registry.strings import Oddity, decode_dword, decode_multi_sz, decode_sz

T = TypeVar("T")
SMSS = "smss"


class Presence(Enum):
    """How a setting came by its value."""

    WRITTEN = "written"
    ABSENT = "absent"  # nothing there, and smss does without
    DEFAULTED = "defaulted"  # nothing there, so smss takes its built-in default
    WRONG_TYPE = "wrong-type"  # there, but of a type smss can't use
    UNREADABLE = "unreadable"  # there, but its data can't be read from this hive


@fact
class Setting(Generic[T]):
    """One setting. `value` is what smss would work with; `raw` is the value as stored, None for a whole key or where absent."""

    name: str
    value: T
    presence: Presence
    origins: tuple[Origin, ...] = ()
    problems: tuple[Problem, ...] = ()
    raw: RawValue | None = None

    @property
    def is_written(self) -> bool:
        return self.presence is Presence.WRITTEN


@fact
class CitedString:
    """One string of a value, with the origin that cites it."""

    text: str
    origin: Origin


@fact
class ReadStrings:
    """The strings of one value as smss is handed them."""

    strings: tuple[CitedString, ...]
    presence: Presence
    problems: tuple[Problem, ...] = ()


def read_strings(raw: RawValue | None, reader: str = SMSS, name: str = "") -> ReadStrings:
    """The strings of a value where smss expects a list: REG_MULTI_SZ gives each, REG_SZ and REG_EXPAND_SZ give one.

    REG_NONE counts as absent. Every other type is WRONG_TYPE with no strings: smss would be handed raw bytes. `reader` and
    `name` are told with that, as in `wrong_type`.
    """
    if raw is None or raw.type == REG_NONE:
        return ReadStrings((), Presence.ABSENT)
    if raw.damage is not None and not raw.data:
        return ReadStrings((), Presence.UNREADABLE, (raw.damage,))
    damage = (raw.damage,) if raw.damage else ()
    if raw.type == REG_MULTI_SZ:
        decoded = decode_multi_sz(raw.data)
        strings = tuple(CitedString(text, raw.ref.citing(text, n)) for n, text in enumerate(decoded.strings))
        return ReadStrings(strings, Presence.WRITTEN, damage + tuple(oddity_problems(raw.ref, decoded.oddities)))
    if raw.type in (REG_SZ, REG_EXPAND_SZ):
        decoded = decode_sz(raw.data)
        problems = damage + tuple(oddity_problems(raw.ref, decoded.oddities))
        return ReadStrings((CitedString(decoded.text, raw.ref.citing(decoded.text)),), Presence.WRITTEN, problems)
    return ReadStrings((), Presence.WRONG_TYPE, (*damage, wrong_type(raw, "a list of strings", reader, name)))


def read_text(name: str, raw: RawValue | None, reader: str = SMSS) -> Setting[str]:
    """A single string (REG_SZ, REG_EXPAND_SZ), not expanded; '' where there is none. `reader` is who reads it."""
    if raw is None or raw.type == REG_NONE:
        return Setting(name, "", Presence.ABSENT, raw=raw)
    if raw.damage is not None and not raw.data:
        return Setting(name, "", Presence.UNREADABLE, (raw.ref,), (raw.damage,), raw)
    if raw.type not in (REG_SZ, REG_EXPAND_SZ):
        return Setting(name, "", Presence.WRONG_TYPE, (raw.ref,), (_wrong_type_of(name, raw, "a string", reader),), raw)
    decoded = decode_sz(raw.data)
    damage = (raw.damage,) if raw.damage else ()
    problems = (*damage, *oddity_problems(raw.ref, decoded.oddities))
    return Setting(name, decoded.text, Presence.WRITTEN, (raw.ref.citing(decoded.text),), problems, raw)


def read_number(name: str, raw: RawValue | None, reader: str = SMSS) -> Setting[int | None]:
    """A REG_DWORD; None where it is absent, of another type, or not of 4 bytes. `reader` is who reads it."""
    if raw is None or raw.type == REG_NONE:
        return Setting(name, None, Presence.ABSENT, raw=raw)
    if raw.damage is not None:
        return Setting(name, None, Presence.UNREADABLE, (raw.ref,), (raw.damage,), raw)
    number = decode_dword(raw.data) if raw.type == REG_DWORD else None
    if number is None:
        problem = _wrong_type_of(name, raw, "a REG_DWORD of 4 bytes", reader)
        return Setting(name, None, Presence.WRONG_TYPE, (raw.ref,), (problem,), raw)
    return Setting(name, number, Presence.WRITTEN, (raw.ref.citing(str(number)),), (), raw)


def read_four_bytes(name: str, raw: RawValue | None, otherwise: int, source: str) -> Setting[int | None]:
    """A number that smss takes from any 4 bytes, whatever their type; data of another length, or none, count as `otherwise`.

    Source: smss.md B.4, B.14.
    """
    setting = read_number(name, raw)
    if setting.value is not None or setting.presence is Presence.UNREADABLE:
        return setting
    number = decode_dword(raw.data) if raw is not None and raw.type != REG_NONE else None
    if number is not None and raw is not None:
        return changed(setting, value=number, presence=Presence.WRITTEN, origins=(raw.ref.citing(str(number)),))
    if setting.presence is not Presence.ABSENT:
        return changed(setting, value=otherwise)
    return changed(
        setting, value=otherwise, presence=Presence.DEFAULTED, origins=(BuiltIn(f"{name} = {otherwise}", source),)
    )


def read_binary(name: str, raw: RawValue | None) -> Setting[bytes]:
    """The bytes of a value of any type."""
    if raw is None:
        return Setting(name, b"", Presence.ABSENT)
    problems = (raw.damage,) if raw.damage else ()
    return Setting(name, raw.data, Presence.UNREADABLE if raw.damage else Presence.WRITTEN, (raw.ref,), problems, raw)


def origins_of(raw: RawValue | None, presence: Presence) -> tuple[Origin, ...]:
    """The whole value, where it counts as there."""
    return () if raw is None or presence is Presence.ABSENT else (raw.ref,)


def wrong_type(raw: RawValue, wanted: str, reader: str = SMSS, name: str = "") -> Problem:
    """The problem that a value is not of the type its reader works with. `name` is how it is told, its own name where ''.

    A `reader` beside smss is one or more programs, or a word on who writes it.
    """
    stored = f"{name or raw.name} is {type_name(raw.type)} of {len(raw.data)} bytes where {wanted} is expected"
    if reader == SMSS:
        return Problem("wrong-type", f"{stored}; smss can't use it as meant.", (raw.ref,))
    by = reader if reader.startswith("written by") else f"read by {reader}"
    return Problem("wrong-type", f"{stored}; it can't be used as meant ({by}).", (raw.ref,))


def _wrong_type_of(name: str, raw: RawValue, wanted: str, reader: str) -> Problem:
    """The same of a setting: one that smss does not read is told by the setting's whole name, as several have a namesake."""
    return wrong_type(raw, wanted, reader, "" if reader == SMSS else name)


def oddity_problems(ref: ValueRef, oddities: tuple[Oddity, ...]) -> Iterator[Problem]:
    """What is odd about the bytes of a text, as problems. A list that ends in a single NUL is not odd: Windows ships such."""
    for oddity in oddities:
        yield Problem(
            f"text-{oddity.name.lower().replace('_', '-')}", f"{ref.value or '(default)'} has {oddity.value}.", (ref,)
        )
