"""Where keys and values lie in a hive, and the data of a value: in its cell, in a cell of their own, or in segments of big data.

Source: msuhanov/regf, "Windows registry file format specification", "Key node", "Key value" and "Big data".
"""

from struct import unpack_from

from hivecheck.facts.fact import fact
from hivecheck.registry.base_block import BINS_START, Buffer
from hivecheck.registry.big_data import SEGMENT_BYTES
from hivecheck.registry.hive import RawValue

_INLINE = 0x8000_0000
_NODE_BYTES = 20  # of a value node, before its name
_KEY_BYTES = 76  # of a key node, before its name
_MOST_NAME = 32_767 * 2

Run = tuple[int, int]
"""Offset in bytes from the start of the hive, and size in bytes."""


@fact
class Piece:
    """A run of bytes. `start` counts in the hive with its logs applied, `at` in the file that holds them.

    `log` is the name of that log as it was found, '' where the bytes are the hive file's own; `sequence` is the entry's number.
    """

    start: int
    size: int
    log: str
    sequence: int
    at: int


def run_of_cell(buffer: Buffer, cell: int) -> Run:
    """The value cell: its size, its node and its name. Of what is no value node, the part of the same size without a name."""
    node = bytes(buffer[cell + 4 : cell + 8])
    name = unpack_from("<H", node, 2)[0] if node[:2] == b"vk" else 0
    return cell, max(0, min(4 + _NODE_BYTES + min(name, _MOST_NAME), len(buffer) - cell))


def run_of_key(buffer: Buffer, cell: int) -> Run:
    """The key cell: its size, its node and its name. Of what is no key node, the part of the same size without a name."""
    node = bytes(buffer[cell + 4 : cell + 4 + _KEY_BYTES])
    name = unpack_from("<H", node, 72)[0] if node[:2] == b"nk" and len(node) == _KEY_BYTES else 0
    return cell, max(0, min(4 + _KEY_BYTES + min(name, _MOST_NAME), len(buffer) - cell))


def runs_of_data(buffer: Buffer, cell: int, raw: RawValue) -> tuple[Run, ...]:
    """The runs of bytes that are the data, in order, read from the cell and checked against what was read; none where they differ."""
    if not raw.data:
        return ()
    for head in (4, 8):  # what stands before the node: its size; in hives of NT 3.1 another number
        node = bytes(buffer[cell + head : cell + head + 12])
        if len(node) == 12 and node[:2] == b"vk":
            size, at = unpack_from("<II", node, 4)
            start = cell + head + 8 if size & _INLINE else BINS_START + at + head
            for runs in (((start, len(raw.data)),), _segments(buffer, start, len(raw.data))):
                if b"".join(bytes(buffer[first : first + length]) for first, length in runs) == raw.data:
                    return runs
    return ()


def is_inline(cell: int, runs: tuple[Run, ...]) -> bool:
    """Whether the data stand in the value cell itself."""
    return len(runs) == 1 and cell < runs[0][0] < cell + 4 + _NODE_BYTES


def _segments(buffer: Buffer, record: int, size: int) -> tuple[Run, ...]:
    """The runs of big data whose record begins here; none where there is no such record."""
    head = bytes(buffer[record : record + 8])
    if len(head) < 8 or head[:2] != b"db":
        return ()
    count, cell = unpack_from("<HI", head, 2)
    count = min(count, -(-size // SEGMENT_BYTES))
    start = BINS_START + cell + 4
    listed = bytes(buffer[start : start + 4 * count])
    found: list[Run] = []
    for place in unpack_from(f"<{len(listed) // 4}I", listed):
        found.append((BINS_START + place + 4, min(SEGMENT_BYTES, size)))
        size -= SEGMENT_BYTES
    return tuple(found)
