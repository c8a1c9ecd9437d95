"""Writes transaction logs for built hives, in both formats, with right hashes and checksums: what Windows leaves beside a hive.

A log is written from hive files before and after a change, so what replaying it must give is known to the byte. Whatever is
wrong in a broken log is done to these bytes afterwards, by the place of its entry (`WrittenLog`). Must not use the package's own
reader nor its hash. Source: msuhanov/regf, "Windows registry file format specification", "Format of transaction log files".
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from struct import pack, pack_into, unpack_from

from tests.hive_bins import BLOCK, with_checksum

SECTOR = 512
LOG_TYPE_OLD, LOG_TYPE_NEW = 1, 6  # of the base block: DIRT logs up to Windows 8, HvLE logs since 8.1
_ENTRY = "<4sIIIII"
_ENTRY_BYTES = 40
_SEED = 0x82EF4D887A4E55C5
_WORD = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class WrittenLog:
    """The bytes of a log, and where each of its entries begins."""

    data: bytes
    entries: tuple[int, ...]

    def patched(self, place: int, new: bytes) -> bytes:
        """The bytes of the log with some overwritten; hashes and checksum stay as they were."""
        return self.data[:place] + new + self.data[place + len(new) :]


def hvle_log(states: Sequence[bytes], first: int, skip: frozenset[int] = frozenset()) -> WrittenLog:
    """A log whose entries lead from each of these hive files to the next; `first` is the first entry's sequence number.

    `skip` are the numbers of entries to leave out: a gap in the sequence.
    """
    data = log_base_block(states[0], first, LOG_TYPE_NEW)
    places: list[int] = []
    for number, (before, after) in enumerate(pairwise(states)):
        if number not in skip:
            places.append(len(data))
            data += hvle_entry(before, after, first + number)
    return WrittenLog(data, tuple(places))


def hvle_entry(before: bytes, after: bytes, sequence: int) -> bytes:
    """One entry: the sectors of the bins that differ, in runs, with both hashes; `after` may be longer than `before`."""
    runs = list(_changed_runs(before[BLOCK:], after[BLOCK:]))
    table = b"".join(pack("<II", start, stop - start) for start, stop in runs)
    pages = b"".join(after[BLOCK + start : BLOCK + stop] for start, stop in runs)
    size = -(-(_ENTRY_BYTES + len(table) + len(pages)) // SECTOR) * SECTOR
    rest = (table + pages).ljust(size - _ENTRY_BYTES, b"\0")
    head = pack(_ENTRY, b"HvLE", size, 0, sequence, len(after) - BLOCK, len(runs)) + pack("<Q", marvin(rest))
    return head + pack("<Q", marvin(head)) + rest


def dirt_log(before: bytes, after: bytes, sequence: int) -> WrittenLog:
    """A log of the old format: the base block that goes with `after`, one bit a sector, and the sectors that differ."""
    bins = after[BLOCK:]
    bitmap, sectors = bytearray(len(bins) // SECTOR // 8), bytearray()
    for start, stop in _changed_runs(before[BLOCK:], bins):
        for place in range(start, stop, SECTOR):
            number = place // SECTOR
            bitmap[number >> 3] |= 1 << (number & 7)
            sectors += bins[place : place + SECTOR]
    head = log_base_block(after, sequence, LOG_TYPE_OLD) + b"DIRT" + bitmap
    return WrittenLog(head.ljust(-(-len(head) // SECTOR) * SECTOR, b"\0") + sectors, (SECTOR,))


def log_base_block(hive: bytes, sequence: int, file_type: int) -> bytes:
    """The first 512 bytes of a log: those of its hive with the log's own type and sequence number, twice."""
    block = bytearray(hive[:SECTOR])
    pack_into("<II", block, 4, sequence, sequence)
    pack_into("<I", block, 28, file_type)
    return with_checksum(bytes(block))


def with_sequences(hive: bytes, primary: int, secondary: int, last_written: int | None = None) -> bytes:
    """The same hive with these sequence numbers; they differ in a dirty one."""
    block = bytearray(hive[:BLOCK])
    pack_into("<II", block, 4, primary, secondary)
    if last_written is not None:
        pack_into("<Q", block, 12, last_written)
    return with_checksum(bytes(block)) + hive[BLOCK:]


def with_owner(data: bytes, name: str, identifiers: bytes = b"") -> bytes:
    """The same hive or log, whose base block names this hive; `identifiers` are those of its two managers, 16 bytes each."""
    block = bytearray(data[:SECTOR])
    block[48:112] = name.encode("utf-16-le").ljust(64, b"\0")
    if identifiers:
        block[112:128], block[148:164], block[164:168] = identifiers[:16], identifiers[16:], b"rmtm"
    return with_checksum(bytes(block)) + data[SECTOR:]


def marvin(data: bytes) -> int:
    """The Marvin32 hash of a log entry: written anew here, word by word as the specification has it."""
    low, high = _SEED & _WORD, _SEED >> 32
    padded = data + b"\x80"
    padded = padded.ljust(-(-len(padded) // 4) * 4, b"\0") + bytes(4)
    words: tuple[int, ...] = unpack_from(f"<{len(padded) // 4}I", padded)
    for word in words:
        low = (low + word) & _WORD
        high ^= low
        low = (_rotate(low, 20) + high) & _WORD
        high = _rotate(high, 9) ^ low
        low = (_rotate(low, 27) + high) & _WORD
        high = _rotate(high, 19)
    return high << 32 | low


def _rotate(word: int, bits: int) -> int:
    return (word << bits | word >> 32 - bits) & _WORD


def _changed_runs(before: bytes, after: bytes) -> Iterator[tuple[int, int]]:
    """Where runs of differing sectors start and stop; all that `after` has more counts as changed."""
    start = -1
    for place in range(0, len(after) + SECTOR, SECTOR):
        differs = place < len(after) and before[place : place + SECTOR] != after[place : place + SECTOR]
        if differs and start < 0:
            start = place
        elif not differs and start >= 0:
            yield start, place
            start = -1
