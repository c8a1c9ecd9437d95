"""What python-registry is known to get wrong, each defect recognised by what it would exactly give.

Must not import the library: `readers` does. A judgement is AGREES, UNEXPLAINED or the name of a known defect.
Source: python-registry 1.3.1, RegistryParse.py (VKRecord.raw_data, NKRecord.name, parse_timestamp).
"""

from datetime import datetime

from hivecheck.registry.base_block import BINS_START
from hivecheck.registry.hive import (
    REG_BINARY,
    REG_DWORD,
    REG_DWORD_BIG_ENDIAN,
    REG_EXPAND_SZ,
    REG_LINK,
    REG_MULTI_SZ,
    REG_NONE,
    REG_QWORD,
    REG_RESOURCE_REQUIREMENTS_LIST,
    REG_SZ,
)
from hivecheck.registry.known_defects import AGREES, UNEXPLAINED, StoredValue, judge_microseconds


def judge_time(ticks: int, theirs: datetime) -> str:
    microseconds, rest = divmod(ticks, 10)
    rounded = microseconds + (rest > 5 or (rest == 5 and microseconds % 2 == 1))
    return judge_microseconds(ticks, theirs, rounded, "python-registry-time-rounding")


def judge_name(ours: str, theirs: str | None) -> str:
    """A key's or a value's name; None is one it refused to decode."""
    if ours == theirs:
        return AGREES
    if theirs is None:
        return "python-registry-strict-names" if _refused(ours) else UNEXPLAINED
    try:
        windows = ours.encode("latin-1").decode("windows-1252", "replace")
    except UnicodeEncodeError:
        return UNEXPLAINED
    return "python-registry-windows-1252-names" if windows == theirs else UNEXPLAINED


def _refused(name: str) -> bool:
    if any("\ud800" <= letter <= "\udfff" for letter in name):
        return True
    return any(letter in "\x81\x8d\x8f\x90\x9d" for letter in name)  # what Windows-1252 leaves undefined


def judge_type(ours: int, theirs: int) -> str:
    if ours == theirs:
        return AGREES
    return "python-registry-type-mask" if ours & 0xFFF == theirs else UNEXPLAINED


def judge_data(stored: StoredValue, theirs: object) -> str:
    if stored.value.data == theirs:
        return AGREES
    if theirs != _raw_data(stored):
        return UNEXPLAINED
    return "python-registry-resident-raw-data" if stored.resident else "python-registry-fixed-size-raw-data"


def _raw_data(stored: StoredValue) -> bytes:
    """What VKRecord.raw_data gives, defects and all."""
    type, size, field = stored.value.type & 0xFFF, stored.size, stored.word_place
    in_field = size < 5 or stored.resident
    place = (field if in_field else BINS_START + stored.word) + 4
    if type in (REG_QWORD, REG_DWORD_BIG_ENDIAN):
        return stored.slice(place, 8 if type == REG_QWORD else 4)
    if type == 0x10:
        return stored.slice(place, size)
    if type == REG_MULTI_SZ:
        return b"" if stored.resident else stored.slice(place, size)
    exact = type in (REG_NONE, REG_BINARY) or REG_LINK <= type <= REG_RESOURCE_REQUIREMENTS_LIST or 0x101 <= type <= 0x11F
    text = type in (REG_SZ, REG_EXPAND_SZ)
    if type == REG_DWORD or (stored.resident and not exact) or (size < 5 and not exact and not text):
        return stored.slice(field, 4)
    return stored.value.data if stored.resident else stored.slice(place, size)
