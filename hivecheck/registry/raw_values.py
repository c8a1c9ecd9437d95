"""One value's type and data as a number or a text, for those who need nothing but that: no presence, no origin, no problem.

`settings.setting` reads the same with all three. Must not know what any value means.
"""

from hivecheck.registry.hive import REG_DWORD, REG_EXPAND_SZ, REG_SZ, RawValue, type_name
from hivecheck.registry.strings import decode_dword, text_of


def number_in(raw: RawValue | None) -> int | None:
    """A REG_DWORD; None where it is absent, of another type, or not of 4 bytes."""
    return stored_number(raw.type, raw.data) if raw is not None else None


def type_and_size(raw: RawValue) -> str:
    """The name of a value's type, for what is no number: with its size in bytes where the type is right and the size must be wrong."""
    return f"{type_name(raw.type)} of {len(raw.data)} bytes" if raw.type == REG_DWORD else type_name(raw.type)


def text_in(raw: RawValue | None) -> str:
    """A REG_SZ or REG_EXPAND_SZ, not expanded; '' where it is absent or of another type."""
    return stored_text(raw.type, raw.data) if raw is not None else ""


def stored_number(type: int, data: bytes) -> int | None:
    """The number in data of this type; None where it is no REG_DWORD of 4 bytes."""
    return decode_dword(data) if type == REG_DWORD else None


def stored_text(type: int, data: bytes) -> str:
    """The text in data of this type, not expanded; '' where it is neither REG_SZ nor REG_EXPAND_SZ."""
    return text_of(data) if type in (REG_SZ, REG_EXPAND_SZ) else ""
