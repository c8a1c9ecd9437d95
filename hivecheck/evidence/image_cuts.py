"""How much of a sparse disk image lies behind the end of its file: its own tables say where each block is, the file how long it is.

Decoders read such blocks as zeros or not at all. The tables are read once, up to a bound, and never believed further.
Sources: QEMU docs/interop/qcow2.txt; MS-VHDX 2.2 to 2.6; VMware "Virtual Disk Format 5.0"; VirtualBox VDICore.h.
"""

import struct
from collections.abc import Callable, Iterator
from io import SEEK_END
from typing import IO

from hivecheck.facts.evidence_path import EvidencePath
from hivecheck.registry.plain_files import open_plain

_ENTRIES_AT_MOST = 16 * 1024 * 1024
_PIECE_BYTES = 64 * 1024
_TABLE_COSTS = 64  # reading a table takes as long as so many entries, however short it is
_ROWS_AT_MOST = 2047
_VHDX_REGIONS_AT = 0x30000
_VHDX_BLOCKS = bytes.fromhex("6677c22d23f600429d64115e9bfd4a08")
_VHDX_METADATA = bytes.fromhex("06a27c8b90479a4bb8fe575f050f886e")
_VHDX_PARAMETERS = bytes.fromhex("3767a1ca36fa434db3b633f0aa44e76b")
_VHDX_DISK_SIZE = bytes.fromhex("2442a52f1bcd7648b2115dbed83bf4b8")
_VHDX_SECTOR_SIZE = bytes.fromhex("1dbf41816fa90947ba47f233a8faab5f")
_NO_SECTOR = 0xFFFFFFFFFFFFFFFF

# Where a block begins, and how many of its bytes must be there.
_Block = tuple[int, int]


def blocks_behind_end(path: EvidencePath, kind: str) -> int:
    """How many allocated blocks, and tables of blocks, of an image of this kind do not lie in its file; 0 for a kind without tables.

    What is malformed counts for nothing: opening the image tells it. Raises OSError where the file can't be read.
    """
    if kind not in _BLOCKS:
        return 0
    with open_plain(path) as file:
        size = file.seek(0, SEEK_END)
        try:
            return sum(start + needed > size for start, needed in _BLOCKS[kind](file))
        except (struct.error, ZeroDivisionError, ValueError, OverflowError, KeyError):
            return 0


def _at(file: IO[bytes], place: int, form: str) -> tuple[int, ...]:
    file.seek(place)
    return struct.unpack(form, file.read(struct.calcsize(form)))


def _table(file: IO[bytes], place: int, count: int, form: str) -> Iterator[int]:
    """Up to so many numbers, as far as the file has them, piece by piece."""
    width = struct.calcsize(form)
    left = max(min(count, _ENTRIES_AT_MOST), 0) * width
    while left > 0:
        file.seek(place)
        data = file.read(min(left, _PIECE_BYTES))
        for (number,) in struct.iter_unpack(form, data[: len(data) // width * width]):
            yield number
        if len(data) < _PIECE_BYTES:
            return
        place, left = place + len(data), left - len(data)


def _vdi_blocks(file: IO[bytes]) -> Iterator[_Block]:
    table_at, data_at = _at(file, 340, "<II")
    disk, block, extra, count = _at(file, 368, "<QIII")
    yield table_at, min(count, _ENTRIES_AT_MOST) * 4
    for number, place in enumerate(_table(file, table_at, count, "<I")):
        if place < 0xFFFFFFFE:
            yield data_at + place * (block + extra), max(min(block, disk - number * block), 0) + extra


def _vmdk_blocks(file: IO[bytes]) -> Iterator[_Block]:
    flags, capacity, grain = _at(file, 8, "<IQQ")
    entries, _, directory = _at(file, 44, "<IQQ")
    if directory == _NO_SECTOR:  # stream-optimized: its true header is at its end
        entries, _, directory = _at(file, max(file.seek(0, SEEK_END) - 1024, 0) + 44, "<IQQ")
    file.seek(0)
    if file.read(4) != b"KDMV" or directory == _NO_SECTOR or not grain:
        return
    is_packed, left = bool(flags & 0x10000), _ENTRIES_AT_MOST
    tables = -(-capacity // (grain * entries))
    yield directory * 512, min(tables, _ENTRIES_AT_MOST) * 4
    for above, table in enumerate(_table(file, directory * 512, tables, "<I")):
        if not table:
            continue
        yield table * 512, entries * 4
        if (left := left - max(entries, _TABLE_COSTS)) < 0:
            return
        for below, sector in enumerate(_table(file, table * 512, entries, "<I")):
            if sector > 1:
                first = (above * entries + below) * grain
                yield sector * 512, 12 if is_packed else max(min(grain, capacity - first), 0) * 512


def _qcow2_blocks(file: IO[bytes]) -> Iterator[_Block]:
    version, _, _, bits, disk, _, tables, directory = _at(file, 4, ">IQIIQIIQ")
    features = _at(file, 72, ">Q")[0] if version >= 3 else 0
    if not 9 <= bits <= 21 or features & 0b10100:  # its blocks lie in another file, or its entries are of another form
        return
    block, left = 1 << bits, _ENTRIES_AT_MOST
    mask, packed_mask = 0x00FFFFFFFFFFFE00, (1 << (70 - bits)) - 1
    yield directory, min(tables, _ENTRIES_AT_MOST) * 8
    for above, entry in enumerate(_table(file, directory, tables, ">Q")):
        if not (table := entry & mask):
            continue
        yield table, block
        if (left := left - block // 8) < 0:
            return
        for below, place in enumerate(_table(file, table, block // 8, ">Q")):
            if place >> 62 & 1:
                yield place & packed_mask, 1
            elif place & mask and not place & 1:
                yield place & mask, max(min(block, disk - (above * (block // 8) + below) * block), 0)


def _vhdx_blocks(file: IO[bytes]) -> Iterator[_Block]:
    regions = _vhdx_places(file, _VHDX_REGIONS_AT, 8, 16)
    metadata = regions[_VHDX_METADATA][0]
    found = _vhdx_places(file, metadata, 10, 32)
    [block] = _at(file, metadata + (found[_VHDX_PARAMETERS][0] & 0xFFFFFFFF), "<I")
    [disk] = _at(file, metadata + (found[_VHDX_DISK_SIZE][0] & 0xFFFFFFFF), "<Q")
    [sector] = _at(file, metadata + (found[_VHDX_SECTOR_SIZE][0] & 0xFFFFFFFF), "<I")
    chunk = (sector << 23) // block
    count = -(-disk // block)
    table_at, table_bytes = regions[_VHDX_BLOCKS]
    yield table_at, table_bytes
    for number, entry in enumerate(_table(file, table_at, count + (count - 1) // chunk, "<Q")):
        before, within = divmod(number, chunk + 1)
        if within < chunk and entry & 7 in (6, 7):
            yield entry >> 20 << 20, max(min(block, disk - (before * chunk + within) * block), 0)


def _vhdx_places(file: IO[bytes], start: int, count_at: int, rows_at: int) -> dict[bytes, tuple[int, int]]:
    """The rows of a table of GUIDs. Those of its regions: a place and a length; of its metadata both begin in one number of 8 bytes."""
    [count] = _at(file, start + count_at, "<H")
    file.seek(start + rows_at)
    rows = file.read(32 * min(count, _ROWS_AT_MOST))
    return {guid: (place, size) for guid, place, size in struct.iter_unpack("<16sQI4x", rows[: len(rows) // 32 * 32])}


_BLOCKS: dict[str, Callable[[IO[bytes]], Iterator[_Block]]] = {
    "VDI": _vdi_blocks,
    "VMDK": _vmdk_blocks,
    "QCOW2": _qcow2_blocks,
    "VHDX": _vhdx_blocks,
}
