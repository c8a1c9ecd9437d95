"""What a transaction log holds, read and checked but not applied: its base block, and the pages of each of its entries.

Two formats: HvLE (Windows 8.1 and later: a chain of entries, each with a sequence number and two Marvin32 hashes) and DIRT
(before: one bitmap of 512-byte sectors and the sectors themselves). Every bound is checked against the log's own length; what
is not as Windows writes it is said in words, and nothing of it is used.
Source: msuhanov/regf, "Windows registry file format specification", "Format of transaction log files".
"""

from collections.abc import Iterator
from enum import Enum
from struct import Struct

from hivecheck.facts.fact import changed, fact
from hivecheck.registry.base_block import BaseBlock, base_block_fields
from hivecheck.registry.marvin32 import marvin32

BASE_BLOCK_BYTES = 512
SECTOR_BYTES = 512
_ENTRY = Struct("<4sIIIIIQQ")  # signature, size, flags, sequence, hbins size, pages, hash of the rest, hash of this header
_PAGE = Struct("<II")
_ENTRIES_AT_MOST = 100_000


class LogFormat(Enum):
    HVLE = "HvLE"
    DIRT = "DIRT"
    NONE = "none"


@fact
class Page:
    """A run of bytes to write: `target` counts from the start of the bins (file offset 4096), `source` from that of the log."""

    target: int
    source: int
    size: int


@fact
class LogEntry:
    """One entry. `fault` says why it can't be used, '' where its form is right; hashes are checked when it is about to be used."""

    number: int  # from 0, in the order of the log
    sequence: int
    offset: int
    size: int
    hbins_size: int
    pages: tuple[Page, ...]
    fault: str = ""


@fact
class TransactionLog:
    """A log as it lies there. `fault` says why nothing of it can be used, '' where it can be."""

    name: str
    data: bytes
    format: LogFormat
    base_block: BaseBlock | None
    entries: tuple[LogEntry, ...]
    fault: str = ""


def read_log(name: str, data: bytes) -> TransactionLog:
    """The log in these bytes. Never raises: a log that is none says so in `fault`."""
    mark = data[BASE_BLOCK_BYTES : BASE_BLOCK_BYTES + 4]
    known = {b"HvLE": LogFormat.HVLE, b"DIRT": LogFormat.DIRT}.get(mark, LogFormat.NONE)
    if not data:
        return TransactionLog(name, data, LogFormat.NONE, None, (), "it is empty")
    if len(data) < BASE_BLOCK_BYTES or data[:4] != b"regf":
        return TransactionLog(name, data, known, None, (), "it does not begin with a base block")
    block = base_block_fields(data)
    if not block.checksum_ok:
        return TransactionLog(name, data, known, block, (), "the checksum of its base block is wrong")
    if known is LogFormat.NONE:
        return TransactionLog(name, data, known, block, (), "it holds no log entry")
    if block.primary_sequence != block.secondary_sequence:
        return TransactionLog(
            name, data, known, block, (), "it was not written to its end (its two sequence numbers differ)"
        )
    if known is LogFormat.DIRT:
        entry = _read_bitmap(data, block)
        return TransactionLog(name, data, known, block, (entry,), entry.fault)
    entries = tuple(_read_entries(data))
    return TransactionLog(name, data, known, block, entries, "" if entries else "its first entry is cut off")


def hash_fault(data: bytes, entry: LogEntry) -> str:
    """Which hash of an HvLE entry is wrong, '' where both are right. Costs 0.13 s for each MiB."""
    _, _, _, _, _, _, rest_hash, head_hash = _ENTRY.unpack_from(data, entry.offset)
    view = memoryview(data)
    if marvin32(view[entry.offset : entry.offset + 32]) != head_hash:
        return "the hash of its header is wrong"
    if marvin32(view[entry.offset + _ENTRY.size : entry.offset + entry.size]) != rest_hash:
        return "the hash of its pages is wrong"
    return ""


def _read_entries(data: bytes) -> Iterator[LogEntry]:
    """The entries one after the other, as long as one begins where the last one ends."""
    offset = BASE_BLOCK_BYTES
    for number in range(_ENTRIES_AT_MOST + 1):
        if offset + _ENTRY.size > len(data) or data[offset : offset + 4] != b"HvLE":
            return
        entry = read_entry(data, offset, number)
        if number == _ENTRIES_AT_MOST:
            yield changed(entry, pages=(), fault=f"the log holds more than {_ENTRIES_AT_MOST:,} entries")
            return
        yield entry
        if entry.fault:
            return
        offset += entry.size


def read_entry(data: bytes, offset: int, number: int) -> LogEntry:
    """The entry that starts at this place of a log; `data` must hold its header, 40 bytes, and begin with HvLE there."""
    _, size, _, sequence, hbins_size, count, _, _ = _ENTRY.unpack_from(data, offset)
    head = (number, sequence, offset, size, hbins_size)
    if size < _ENTRY.size or size % SECTOR_BYTES or offset + size > len(data):
        return LogEntry(*head, (), f"its size of {size} bytes does not fit the log")
    if hbins_size == 0 or hbins_size % 4096:
        return LogEntry(*head, (), f"its hive of {hbins_size} bytes is no multiple of 4,096")
    table = _ENTRY.size + count * _PAGE.size
    if table > size:
        return LogEntry(*head, (), f"its table of {count} pages does not fit the entry")
    pages: list[Page] = []
    source = offset + table
    for target, length in _PAGE.iter_unpack(data[offset + _ENTRY.size : offset + table]):
        if length == 0 or target + length > hbins_size or source + length > offset + size:
            return LogEntry(*head, (), f"a page of {length} bytes at 0x{target:x} does not fit")
        pages.append(Page(target, source, length))
        source += length
    return LogEntry(*head, tuple(pages))


def _read_bitmap(data: bytes, block: BaseBlock) -> LogEntry:
    """The one entry of a DIRT log: runs of dirty sectors, whose bytes follow the bitmap in order."""
    hbins_size = block.hbins_size
    start = BASE_BLOCK_BYTES + 4
    bitmap_bytes = hbins_size // SECTOR_BYTES // 8
    head = (0, block.primary_sequence, BASE_BLOCK_BYTES, len(data) - BASE_BLOCK_BYTES, hbins_size)
    if hbins_size == 0 or hbins_size % 4096:
        return LogEntry(*head, (), f"its hive of {hbins_size} bytes is no multiple of 4,096")
    if start + bitmap_bytes > len(data):
        return LogEntry(*head, (), "its bitmap reaches beyond its end")
    source = -(-(start + bitmap_bytes) // SECTOR_BYTES) * SECTOR_BYTES
    pages: list[Page] = []
    for first, count in _runs(data[start : start + bitmap_bytes]):
        size = count * SECTOR_BYTES
        if source + size > len(data):
            return LogEntry(*head, (), "it holds fewer sectors than its bitmap says")
        pages.append(Page(first * SECTOR_BYTES, source, size))
        source += size
    return LogEntry(*head, tuple(pages))


def _runs(bitmap: bytes) -> Iterator[tuple[int, int]]:
    """Runs of set bits, the lowest bit of each byte first: the first bit's number, and how many."""
    bits = f"{int.from_bytes(bitmap, 'little'):0{len(bitmap) * 8}b}"[::-1]
    first = bits.find("1")
    while first >= 0:
        stop = bits.find("0", first)
        stop = len(bits) if stop < 0 else stop
        yield first, stop - first
        first = bits.find("1", stop)
