"""What a whole-hive comparison keeps of a value: its type, its place, and its data, long ones as a head with size and hash.

Holding all data of a hostile hive could take many times the memory of the file, since values may share their cells.
"""

from hashlib import sha256

from hivecheck.compare.change import Json
from hivecheck.registry import hive
from hivecheck.registry.cells import StoredValue
from hivecheck.registry.hive import type_name
from hivecheck.registry.strings import decode_dword, decode_multi_sz, decode_sz, encode_multi_sz, encode_sz

KEPT_BYTES = 1024  # of longer data; an even number, so that no UTF-16 unit is cut
_TEXT_TYPES = (hive.REG_SZ, hive.REG_EXPAND_SZ, hive.REG_LINK)


class CutData(bytes):
    """The first bytes of data that are longer: `size` is that of all of them, `digest` their SHA-256 in hex."""

    size: int
    digest: str


def kept(stored: StoredValue) -> StoredValue:
    """The value with long data cut."""
    at, name, type, data, damage = stored
    if len(data) <= KEPT_BYTES:
        return stored
    cut = CutData(data[:KEPT_BYTES])
    cut.size, cut.digest = len(data), sha256(data).hexdigest()
    return at, name, type, cut, damage


def value_json(stored: StoredValue) -> dict[str, Json]:
    """Type and data: a text, a list of texts, a number, or hex, as the type says. Data that were cut have `size` and `sha256`.

    `hex` is beside a text that does not tell all bytes: what follows its NUL, a missing NUL, an odd last byte.
    """
    _, _, type, data, damage = stored
    cut = data if isinstance(data, CutData) else None
    told: dict[str, Json] = {"type": type_name(type), "data": None}
    number = _number(type, data)
    if number is not None:
        told["data"] = number
    elif type in _TEXT_TYPES and data:
        told["data"] = text = decode_sz(data).text
        if encode_sz(text) != data and not (cut is not None and encode_sz(text)[:-2] == data):
            told["hex"] = data.hex()
    elif type == hive.REG_MULTI_SZ and data:
        strings = decode_multi_sz(data).strings
        told["data"] = list(strings)
        if encode_multi_sz(strings) != data and not (cut is not None and encode_multi_sz(strings)[:-4] == data):
            told["hex"] = data.hex()
    else:
        told["data"] = [] if type == hive.REG_MULTI_SZ else data.hex()
        told["size"] = len(data)
    if cut is not None:
        told["size"] = cut.size
        told["sha256"] = cut.digest
    if damage is not None:
        told["fault"] = damage.message
    return told


def _number(type: int, data: bytes) -> int | None:
    match type:
        case hive.REG_DWORD:
            return decode_dword(data)
        case hive.REG_DWORD_BIG_ENDIAN if len(data) == 4:
            return int.from_bytes(data, "big")
        case hive.REG_QWORD if len(data) == 8:
            return int.from_bytes(data, "little")
        case _:
            return None
