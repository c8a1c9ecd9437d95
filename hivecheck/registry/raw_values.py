"""One raw value as a number or a text, for those who need nothing but that: no presence, no origin, no problem.

`settings.setting` reads the same with all three. Must not know what any value means.
"""

from hivecheck.registry.hive import REG_DWORD, REG_EXPAND_SZ, REG_SZ, RawValue
from hivecheck.registry.strings import decode_dword, text_of


def number_in(raw: RawValue | None) -> int | None:
    """A REG_DWORD; None where it is absent, of another type, or not of 4 bytes."""
    return decode_dword(raw.data) if raw is not None and raw.type == REG_DWORD else None


def text_in(raw: RawValue | None) -> str:
    """A REG_SZ or REG_EXPAND_SZ, not expanded; '' where it is absent or of another type."""
    return text_of(raw.data) if raw is not None and raw.type in (REG_SZ, REG_EXPAND_SZ) else ""
