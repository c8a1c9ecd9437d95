"""The security descriptor of a key, as stored: the bytes of its `sk` cell. What they allow is not read here.

Source: msuhanov/regf, "Key security".
"""

from collections.abc import Iterable
from struct import Struct, unpack_from

from hivecheck.registry.base_block import BINS_START
from hivecheck.registry.keys import RegfKey
from hivecheck.registry.regf import RegfHive

_SECURITY_AT = 44  # in a key node, behind its size field
_SIZE_AT, _DESCRIPTOR_AT = 16, 20  # in the cell
_LARGEST = 64 * 1024
_CELL = Struct("<I").unpack_from


def security_cell(hive: RegfHive, key: RegfKey) -> int:
    """The cell of a key's descriptor, which it shares with others: the same number, the same descriptor."""
    cells = hive.cells
    cell: int = _CELL(cells.buffer, key.offset + cells.head + _SECURITY_AT)[0]
    return cell


def security_cells(hive: RegfHive, keys: Iterable[RegfKey]) -> list[int]:
    """The cell of each key's descriptor, for hundreds of keys at a third of the price."""
    buffer, at = hive.cells.buffer, hive.cells.head + _SECURITY_AT
    return [_CELL(buffer, key.offset + at)[0] for key in keys]


def read_descriptor(hive: RegfHive, cell: int) -> bytes:
    """The descriptor in a cell; b'' where none can be read."""
    buffer = hive.buffer
    at = BINS_START + cell + hive.cells.head
    if at + _DESCRIPTOR_AT > len(buffer) or bytes(buffer[at : at + 2]) != b"sk":
        return b""
    size = unpack_from("<I", buffer, at + _SIZE_AT)[0]
    if size > _LARGEST:
        return b""
    return bytes(buffer[at + _DESCRIPTOR_AT : at + _DESCRIPTOR_AT + size])
