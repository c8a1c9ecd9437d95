"""What a whole-hive comparison keeps of a value: its type, its place, and its data, long ones as a head with size and hash.

Holding all data of a hostile hive could take many times the memory of the file, since values may share their cells.
"""

from hashlib import sha256
from typing import NamedTuple

from hivecheck.compare.change import Json
from hivecheck.registry import hive
from hivecheck.registry.cells import StoredValue
from hivecheck.registry.hive import type_name
from hivecheck.registry.strings import decode_dword, decode_multi_sz, decode_sz, encode_multi_sz, encode_sz

KEPT_BYTES = 1024  # of longer data; an even number, so that no UTF-16 unit is cut
_TEXT_TYPES = (hive.REG_SZ, hive.REG_EXPAND_SZ, hive.REG_LINK)


class ValueState(NamedTuple):
    """A value on one side: `type` all 32 bits, `data` whole or its first 1,024 bytes.

    `size` is that of the whole data in bytes; `digest` their SHA-256 in hex where they were cut, else ''. `offset` is that of the
    value's cell in bytes from the start of the file. `fault` says why not all the data could be read, '' where they could.
    """

    type: int
    data: bytes
    size: int
    digest: str
    offset: int
    fault: str


def value_state(stored: StoredValue) -> ValueState:
    """What is kept of a value as its reader gives it."""
    at, _, type, data, damage = stored
    size = len(data)
    if size <= KEPT_BYTES and damage is None:
        return ValueState(type, data, size, "", at, "")
    digest = sha256(data).hexdigest() if size > KEPT_BYTES else ""
    return ValueState(type, data[:KEPT_BYTES], size, digest, at, damage.message if damage is not None else "")


def value_json(state: ValueState) -> dict[str, Json]:
    """Type and data: a text, a list of texts, a number, or hex, as the type says. Data that were cut have `size` and `sha256`.

    `hex` is beside a text that does not tell all bytes: what follows its NUL, a missing NUL, an odd last byte.
    """
    told: dict[str, Json] = {"type": type_name(state.type), "data": None}
    data, cut = state.data, bool(state.digest)
    number = _number(state)
    if number is not None:
        told["data"] = number
    elif state.type in _TEXT_TYPES and data:
        told["data"] = text = decode_sz(data).text
        if encode_sz(text) != data and not (cut and encode_sz(text)[:-2] == data):
            told["hex"] = data.hex()
    elif state.type == hive.REG_MULTI_SZ and data:
        strings = decode_multi_sz(data).strings
        told["data"] = list(strings)
        if encode_multi_sz(strings) != data and not (cut and encode_multi_sz(strings)[:-4] == data):
            told["hex"] = data.hex()
    else:
        told["data"] = data.hex()
        told["size"] = state.size
    if cut:
        told["size"] = state.size
        told["sha256"] = state.digest
    if state.fault:
        told["fault"] = state.fault
    return told


def _number(state: ValueState) -> int | None:
    match state.type:
        case hive.REG_DWORD:
            return decode_dword(state.data)
        case hive.REG_DWORD_BIG_ENDIAN if state.size == 4:
            return int.from_bytes(state.data, "big")
        case hive.REG_QWORD if state.size == 8:
            return int.from_bytes(state.data, "little")
        case _:
            return None
