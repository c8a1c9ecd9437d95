"""Writes a shadow copy into the image of a volume, as Windows' volsnap does: what tests of shadow copies are made of.

Source: libyal's description of the Volume Shadow Snapshot format. What is written is what a reader needs: the volume header, a
catalog with one store, the store's header, its list of blocks, its ranges and its bitmap.
"""

import struct
from uuid import UUID

BLOCK_BYTES = 0x4000
_MARK = UUID("3808876b-c176-4e48-b7ae-04046e6cc752").bytes_le
_HEADER_AT = 0x1E00
_CATALOG, _BLOCK_LIST, _STORE_HEADER, _RANGES, _BITMAP = 2, 3, 4, 5, 6


def add_shadow_copy(now: bytes, then: bytes, created: int) -> bytes:
    """The volume as it is `now`, with a shadow copy of what it was `then`, created at this FILETIME.

    Both have the same length. The blocks that differ are kept behind the end of the file system.
    """
    assert len(now) == len(then)
    start = -(-len(now) // BLOCK_BYTES) * BLOCK_BYTES
    volume = bytearray(now.ljust(start, b"\0"))
    changed = [
        place
        for place in range(0, len(now), BLOCK_BYTES)
        if now[place : place + BLOCK_BYTES] != then[place : place + BLOCK_BYTES]
    ]
    catalog, header, blocks, ranges, bitmap = (start + BLOCK_BYTES * number for number in range(5))
    data = start + 5 * BLOCK_BYTES
    end = data + len(changed) * BLOCK_BYTES
    identifier = UUID(int=0x77).bytes_le
    store = struct.pack("<QQ16sQQQ", 2, end, identifier, 1, 0x440, created).ljust(128, b"\0")
    places = struct.pack("<QQ16sQQQQQQ", 3, blocks, identifier, header, ranges, bitmap, 0, end - header, 0).ljust(128, b"\0")
    kept = b"".join(
        struct.pack("<QQQII", place, number * BLOCK_BYTES, data + number * BLOCK_BYTES, 0, 0)
        for number, place in enumerate(changed)
    )
    about = (
        identifier + UUID(int=0x78).bytes_le + UUID(int=0x79).bytes_le + struct.pack("<IIIIHH", 0x0D, 1, 0x42000D, 0, 0, 0)
    )
    volume += _block(_CATALOG, 0, catalog, store + places)
    volume += _block(_STORE_HEADER, 0, header, about, size=len(about))
    volume += _block(_BLOCK_LIST, blocks - header, blocks, kept)
    volume += _block(_RANGES, ranges - header, ranges, struct.pack("<QQQ", data, 0, end - data))
    volume += _block(_BITMAP, bitmap - header, bitmap, b"")
    for place in changed:
        volume += then[place : place + BLOCK_BYTES].ljust(BLOCK_BYTES, b"\0")
    first = struct.pack(
        "<16sIIQQQQQ16s16s", _MARK, 1, 1, _HEADER_AT, 0, 0, catalog, 0, UUID(int=1).bytes_le, UUID(int=1).bytes_le
    )
    volume[_HEADER_AT : _HEADER_AT + len(first)] = first
    return bytes(volume)


def _block(kind: int, relative: int, place: int, body: bytes, size: int = 0) -> bytes:
    head = struct.pack("<16sIIQQQQ", _MARK, 1, kind, relative, place, 0, size).ljust(128, b"\0")
    return (head + body).ljust(BLOCK_BYTES, b"\0")
