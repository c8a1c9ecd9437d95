"""The base block: the first 4,096 bytes of a hive file, and what a file that has none looks like.

Knows nothing of cells or keys. Whether logs can be applied is decided in `logs`; here the fields are only read.
Source: msuhanov/regf, "Windows registry file format specification"; the file types before XP from the NT 4 headers
(0 primary, 1 alternate, 2 log), where a `SYSTEM.ALT` of type 1 is a whole hive.
"""

from functools import reduce
from mmap import mmap
from operator import xor
from struct import Struct

from hivecheck.errors import NotAHiveError
from hivecheck.facts.fact import fact

Buffer = bytes | bytearray | memoryview | mmap

BINS_START = 0x1000
_FIELDS = Struct("<4sIIQIIIIII4x64s16s20x16s4s")
_IDS_MARK = b"rmtm"  # behind them: without it the bytes of the identifiers are those of anything, as before Vista
_WORDS = Struct("<128I")
_LOG_TYPES = (1, 2, 6)
_LOG_SIGNATURES = (b"DIRT", b"HvLE")

# First bytes, what such a file is, what to do about it.
_OTHER_FORMATS: tuple[tuple[bytes, str, str], ...] = (
    (b"\xfd7zXZ\x00", "an xz-compressed file", "Unpack it first: xz -dk FILE."),
    (b"\x1f\x8b", "a gzip-compressed file", "Unpack it first: gzip -dk FILE."),
    (b"BZh", "a bzip2-compressed file", "Unpack it first: bzip2 -dk FILE."),
    (b"\x28\xb5\x2f\xfd", "a zstd-compressed file", "Unpack it first: zstd -d FILE."),
    (b"PK\x03\x04", "a zip archive", "Unpack it first and name the SYSTEM hive in it."),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", "Unpack it first and name the SYSTEM hive in it."),
    (b"EVF\x09\x0d\x0a\xff\x00", "an EnCase disk image", "Extract Windows\\System32\\config\\SYSTEM from it."),
    (b"HvLE", "a piece of a registry transaction log", "Name the hive itself; its logs are found beside it."),
    (b"hbin", "a piece of a hive without its base block", "Name the whole file."),
    (b"CREG", "a registry of Windows 95, 98 or Me", "Only hives of Windows NT and later can be read."),
    (b"REGEDIT4", "a .reg text export", "Name the binary hive file SYSTEM."),
    (b"Windows Registry Editor", "a .reg text export", "Name the binary hive file SYSTEM."),
    (b"\xff\xfeW\x00i\x00n\x00d\x00o\x00w\x00s\x00", "a .reg text export", "Name the binary hive file SYSTEM."),
    (b"\xff\xfe", "a UTF-16 text", "Name the binary hive file SYSTEM."),
    (b"MZ", "a Windows program", "Name the binary hive file SYSTEM."),
    (b"SQLite format 3\x00", "an SQLite database", "Name the binary hive file SYSTEM."),
)


@fact
class BaseBlock:
    """The fields of a base block as they stand in the file; none of them is trusted for a bound.

    The sequence numbers differ while a write is under way. `last_written` is in FILETIME ticks, 0 in hives of Windows 8.1
    and later that were never flushed in full. `root_offset` and `hbins_size` are in bytes, counted from 0x1000. The two
    identifiers, hexadecimal, are made with a hive of Vista or later and kept; '' where there are none.
    """

    primary_sequence: int
    secondary_sequence: int
    checksum_ok: bool
    last_written: int
    version: tuple[int, int]
    file_type: int
    root_offset: int
    hbins_size: int
    embedded_name: str
    resource_manager: str = ""
    transaction_manager: str = ""

    @property
    def dirty(self) -> bool:
        """Whether Windows would apply the logs before using this hive."""
        return self.primary_sequence != self.secondary_sequence or not self.checksum_ok


def read_base_block(buffer: Buffer, path: str = "") -> BaseBlock:
    """The base block of a hive. Raises NotAHiveError, naming what the bytes look like, where they are no hive."""
    if bytes(buffer[:4]) != b"regf":
        raise _refusal(buffer, path)
    if len(buffer) >= 32 and is_log(buffer):
        raise NotAHiveError(
            "this is a registry transaction log, not a hive", path, "Name the hive itself; its logs are found beside it."
        )
    if len(buffer) < BINS_START + 32:
        raise NotAHiveError(
            f"the file is too short for a hive: {len(buffer)} bytes, where the smallest hive has 8,192",
            path,
            "The copy is incomplete; take it again from the evidence.",
        )
    return base_block_fields(buffer)


def base_block_fields(buffer: Buffer) -> BaseBlock:
    """The fields that stand at the start of these bytes, 512 at least, whatever they are: of a hive, a log or neither."""
    head = _FIELDS.unpack_from(buffer)
    _, primary, secondary, written, major, minor, kind, _, root, size, name, resources, transactions, mark = head
    has_ids = mark == _IDS_MARK
    return BaseBlock(
        primary_sequence=primary,
        secondary_sequence=secondary,
        checksum_ok=checksum(buffer) == _WORDS.unpack_from(buffer)[127],
        last_written=written,
        version=(major, minor),
        file_type=kind,
        root_offset=root,
        hbins_size=size,
        embedded_name=name.decode("utf-16-le", "surrogatepass").partition("\0")[0],
        resource_manager=resources.hex() if has_ids and any(resources) else "",
        transaction_manager=transactions.hex() if has_ids and any(transactions) else "",
    )


def checksum(buffer: Buffer) -> int:
    """The checksum the first 508 bytes ask for: their 32-bit words, xor-ed; 0 and 0xFFFFFFFF are never used."""
    words: tuple[int, ...] = _WORDS.unpack_from(buffer)
    total = reduce(xor, words[:127])
    return {0: 1, 0xFFFFFFFF: 0xFFFFFFFE}.get(total, total)


def is_log(buffer: Buffer) -> bool:
    """Whether what begins with a base block is a transaction log: by its file type and what follows."""
    if int.from_bytes(buffer[28:32], "little") not in _LOG_TYPES:
        return False
    if bytes(buffer[0x200:0x204]) in _LOG_SIGNATURES:
        return True
    return bytes(buffer[BINS_START : BINS_START + 4]) != b"hbin"


def _refusal(buffer: Buffer, path: str) -> NotAHiveError:
    if len(buffer) == 0:
        return NotAHiveError("the file is empty (0 bytes)", path, "The copy failed; take it again from the evidence.")
    head = bytes(buffer[:512])
    for start, kind, hint in _OTHER_FORMATS:
        if head.startswith(start):
            return NotAHiveError(f"this is {kind}, not a registry hive", path, hint)
    if bytes(buffer[BINS_START : BINS_START + 4]) == b"hbin":
        return NotAHiveError(
            "the base block of this hive is destroyed; its bins follow", path, "Its transaction logs may hold a base block."
        )
    if not any(head):
        return NotAHiveError("the file starts with zeros, not with a registry hive", path, "Take the copy again.")
    if all(byte >= 0x20 or byte in b"\t\r\n" for byte in head):
        return NotAHiveError("this is a text, not a registry hive", path, "Name the binary hive file SYSTEM.")
    return NotAHiveError("this is no registry hive: it doesn't start with 'regf'", path, "Name the binary hive file SYSTEM.")
