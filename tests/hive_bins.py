"""The parts hive files are made of: base block, bins of cells, security descriptors, name hashes. For `hive_writer`.

Must not use the package's own reader. Source: msuhanov/regf, "Windows registry file format specification"; [MS-DTYP] 2.4.
"""

from functools import reduce
from operator import xor
from struct import pack, pack_into, unpack_from

from hivecheck.registry.hive import fold_name

BLOCK = 4096
NO_CELL = 0xFFFFFFFF
_BIN_HEAD = "<4sIIQQI"
_BIN_HEAD_BYTES = 32


def base_block(
    bins_size: int,
    version: tuple[int, int],
    sequences: tuple[int, int],
    saved: int,
    file_name: str,
    root: int = _BIN_HEAD_BYTES,
) -> bytes:
    """The first 4,096 bytes of a primary hive file. `root` is the cell of the root key, usually the first of the first bin."""
    embedded = file_name.encode("utf-16-le")[-62:]
    head = pack("<4sIIQIIIIIII64s", b"regf", *sequences, saved, *version, 0, 1, root, bins_size, 1, embedded)
    return with_checksum(head.ljust(BLOCK, b"\0"))


def with_checksum(block: bytes) -> bytes:
    """The same base block (or whole hive) with the checksum its first 508 bytes ask for."""
    words: tuple[int, ...] = unpack_from("<127I", block)
    total = reduce(xor, words)
    return block[:508] + pack("<I", {0: 1, 0xFFFFFFFF: 0xFFFFFFFE}.get(total, total)) + block[512:]


class Bins:
    """The bins of a hive under construction. A cell's number is its place counted from the first bin, as in the file."""

    def __init__(self, saved: int) -> None:
        self._bytes = bytearray()
        self._end = 0  # of the newest bin
        self._saved = saved

    def allocate(self, contents: bytes) -> int:
        """The number of a new cell with these contents."""
        size = _round_up(4 + len(contents), 8)
        if len(self._bytes) + size > self._end:
            self._open_bin(size)
        cell = len(self._bytes)
        self._bytes += pack("<i", -size) + contents.ljust(size - 4, b"\0")
        return cell

    def put(self, cell: int, offset: int, layout: str, *fields: int | bytes) -> None:
        """Overwrite some of a cell's contents, `offset` bytes behind its size field."""
        pack_into(layout, self._bytes, cell + 4 + offset, *fields)

    def raise_to(self, cell: int, offset: int, least: int) -> None:
        """Make a 32-bit number of a cell's contents at least as large as this."""
        [now] = unpack_from("<I", self._bytes, cell + 4 + offset)
        self.put(cell, offset, "<I", max(now, least))

    def free(self, cell: int) -> None:
        """Free one cell; its contents stay."""
        [size] = unpack_from("<i", self._bytes, cell)
        pack_into("<i", self._bytes, cell, abs(size))

    def next_cell(self) -> int:
        """The number from which on cells will be new."""
        return len(self._bytes)

    def free_from(self, first: int) -> None:
        """Free all cells from this number on; their contents stay, as Windows leaves them."""
        cell = first
        while cell < len(self._bytes):
            if self._bytes[cell : cell + 4] == b"hbin":
                cell += _BIN_HEAD_BYTES
            else:
                size = abs(int.from_bytes(self._bytes[cell : cell + 4], "little", signed=True))
                pack_into("<i", self._bytes, cell, size)
                cell += size

    def finish(self) -> bytes:
        """All bins; what is left of the last one is a free cell."""
        self._close_bin()
        return bytes(self._bytes)

    def _open_bin(self, needed: int) -> None:
        self._close_bin()
        start, size = self._end, _round_up(_BIN_HEAD_BYTES + needed, BLOCK)
        self._bytes += pack(_BIN_HEAD, b"hbin", start, size, 0, 0 if start else self._saved, 0)
        self._end = start + size

    def _close_bin(self) -> None:
        left = self._end - len(self._bytes)
        if left:
            self._bytes += pack("<i", left).ljust(left, b"\0")


def name_hash(name: str) -> int:
    """The hash of a name in an `lh` list: over the UTF-16 units of the upper-cased name."""
    return reduce(lambda total, unit: (total * 37 + unit) & 0xFFFFFFFF, unpack_units(fold_name(name)), 0)


def name_hint(name: str) -> bytes:
    """The hint of a name in an `lf` list: its first four letters, or zeros where one of them is beyond Latin-1."""
    units = unpack_units(name)[:4]
    return bytes(4) if any(unit > 255 for unit in units) else bytes(units).ljust(4, b"\0")


def sort_key(name: str) -> bytes:
    """Names sorted by this are in the order Windows keeps subkeys in."""
    return pack(f">{len(units := unpack_units(fold_name(name)))}H", *units)


def unpack_units(text: str) -> tuple[int, ...]:
    """The UTF-16 units of a text."""
    data = text.encode("utf-16-le", "surrogatepass")
    return unpack_from(f"<{len(data) // 2}H", data)


_SYSTEM, _ADMINISTRATORS, _USERS, _CREATOR = (5, (18,)), (5, (32, 544)), (5, (32, 545)), (3, (0,))
_FULL, _READ = 0xF003F, 0x20019
ROOT_RIGHTS = ((_SYSTEM, _FULL), (_ADMINISTRATORS, _FULL), (_USERS, _READ))
KEY_RIGHTS = (*ROOT_RIGHTS, (_CREATOR, _FULL))

_Sid = tuple[int, tuple[int, ...]]


def security_descriptor(rights: tuple[tuple[_Sid, int], ...]) -> bytes:
    """A self-relative descriptor: owner Administrators, group SYSTEM, and a DACL that allows what `rights` say."""
    owner, group = _sid(_ADMINISTRATORS), _sid(_SYSTEM)
    entries = b"".join(
        pack("<BBHI", 0, 2, 8 + len(_sid(sid)), mask) + _sid(sid) for sid, mask in rights
    )  # 2: inherited below
    dacl = pack("<BBHHH", 2, 0, 8 + len(entries), len(rights), 0) + entries
    head = pack("<BBHIIII", 1, 0, 0x8004, 20 + len(dacl), 20 + len(dacl) + len(owner), 0, 20)
    return head + dacl + owner + group


def _sid(sid: _Sid) -> bytes:
    authority, parts = sid
    return pack("<BB", 1, len(parts)) + authority.to_bytes(6, "big") + pack(f"<{len(parts)}I", *parts)


def _round_up(size: int, step: int) -> int:
    return -(-size // step) * step
