"""Stored bytes for the HTML page: in which file they stand, and a dump with the offsets of that file.

Of a hive that was recovered, the offsets are those of the log or of the hive file that holds the bytes, never of what nobody has.
"""

from collections.abc import Iterator, Sequence
from pathlib import PurePath

from hivecheck.facts.origin import KeyRef, State, ValueRef
from hivecheck.registry.base_block import Buffer
from hivecheck.registry.hive import REG_MULTI_SZ, RawValue
from hivecheck.registry.strings import decode_multi_sz
from hivecheck.report.hive_again import HiveAgain
from hivecheck.report.html_cells import Bit, Bits, code, fold, lines, say, text
from hivecheck.report.stored_data import Piece, Run, is_inline, run_of_cell, run_of_key

MOST_BYTES = 2_048  # of one value
REMNANT_BYTES = 512  # from the place of something deleted
_LINE = 16
_LETTERS = bytes([byte if 32 <= byte < 127 else ord(".") for byte in range(256)])
_MOST_PIECES = 8


def pieces_of(again: HiveAgain, runs: Sequence[Run]) -> tuple[Piece, ...]:
    """The files in which these runs of the hive stand, in order."""
    if again.places is None:
        return tuple(Piece(start, size, "", 0, start) for start, size in runs)
    return tuple(piece for start, size in runs for piece in again.places.pieces(start, size))


def file_name(piece: Piece) -> Bit:
    """The name of the log, or words for the hive file."""
    return code(PurePath(piece.log).name) if piece.log else text("the hive file")


def tell_pieces(pieces: Sequence[Piece], again: HiveAgain) -> Bit:
    """A list: file, entry and offset of each run of bytes; of one from a log also what the hive file holds in its place."""
    told = [_tell_piece(piece, again) for piece in pieces[:_MOST_PIECES]]
    if len(pieces) > _MOST_PIECES:
        told.append((text(f"and {len(pieces) - _MOST_PIECES:,} more"),))
    return lines(told, "points")


def tell_place(ref: KeyRef | ValueRef, again: HiveAgain | None) -> Bits:
    """Of a recovered hive, the file that holds the cell which an origin names; nothing where the offset is that of the file anyway.

    Nothing either of what is deleted or stands in another hive.
    """
    if (
        again is None
        or again.places is None
        or ref.offset is None
        or ref.state is State.DELETED
        or ref.hive != again.hive.name
    ):
        return ()
    run = (run_of_key if isinstance(ref, KeyRef) else run_of_cell)(again.hive.buffer, ref.offset)
    return text(" The offset is that of the recovered hive:"), tell_pieces(pieces_of(again, [run]), again)


def tell_data(again: HiveAgain, cell: int, runs: tuple[Run, ...]) -> Bits:
    """Where the data of a value lie: offset and kind of place, and the file for a recovered hive."""
    if not runs:
        return (text("none, or not as the value cell says"),)
    where = "in the value cell itself" if is_inline(cell, runs) else "in a cell of their own"
    if len(runs) > 1:
        where = f"in {len(runs):,} segments, the first"
    if again.places is None:
        return (text(f"at 0x{runs[0][0]:x}, {where}" if len(runs) == 1 else f"{where} at 0x{runs[0][0]:x}"),)
    of = f"{where}, at 0x{runs[0][0]:x} of the recovered hive"
    return text(of), tell_pieces(pieces_of(again, runs), again)


def dump_data(again: HiveAgain, raw: RawValue, runs: tuple[Run, ...], strings: Sequence[int]) -> Bits:
    """The bytes, 16 a line with their offset; of a long value the part where the string lies that weighs most."""
    begin = _string_at(raw, strings[0]) // _LINE * _LINE if strings and len(raw.data) > MOST_BYTES else 0
    part = raw.data[begin : begin + MOST_BYTES]
    if not part:
        return (("p", "neutral", "No data are stored."),)
    told: list[Bit] = []
    if runs:
        done = begin
        for piece in pieces_of(again, list(_cut(runs, begin, len(part)))):
            if again.places is not None:
                told.append(("p", "neutral", say("Offsets of ", file_name(piece), ":")))
            told.append(("pre", "dump", "\n".join(dump_lines(raw.data[done : done + piece.size], piece.at))))
            done += piece.size
    else:
        told.append(("pre", "dump", "\n".join(dump_lines(part, begin))))
        told.append(("p", "neutral", "Offsets count from the start of the data."))
    if len(part) < len(raw.data):
        told.append(("p", "neutral", f"Bytes {begin:,} to {begin + len(part) - 1:,} of {len(raw.data):,}."))
    return (fold(f"{len(part):,} bytes as stored", ("div", "", tuple(told)), "stored"),)


def dump_remnant(buffer: Buffer, at: int) -> Bits:
    """What lies at the place of something deleted, with no claim about where it ends."""
    part = bytes(buffer[at : at + REMNANT_BYTES])
    if not part:
        return (("p", "neutral", "The place lies behind the end of the hive."),)
    dump: Bit = ("pre", "dump", "\n".join(dump_lines(part, at)))
    return (fold(f"The {len(part):,} bytes from there on", ("div", "", (dump,)), "stored"),)


def dump_lines(data: bytes, at: int) -> Iterator[str]:
    """`00001010  61 00 62 00 ...  a.b.`: offset, 16 bytes in hexadecimal digits, and those that are ASCII letters as such."""
    for start in range(0, len(data), _LINE):
        part = data[start : start + _LINE]
        letters = part.translate(_LETTERS).decode("ascii")
        yield f"{at + start:08x}  {part.hex(' '):<{_LINE * 3 - 1}}  {letters}"


def _tell_piece(piece: Piece, again: HiveAgain) -> Bits:
    size = f"{piece.size:,} bytes: "
    if not piece.log:
        return say(size, "the hive file, at ", code(f"0x{piece.at:x}"))
    there = (again.as_found.buffer if again.as_found is not None else b"")[piece.start : piece.start + piece.size]
    same = bytes(there) == bytes(again.hive.buffer[piece.start : piece.start + piece.size])
    also = f"; the hive file holds the same at 0x{piece.start:x}" if same else "; the hive file does not hold them"
    entry = f", entry with sequence number {piece.sequence}, at "
    return say(size, file_name(piece), entry, code(f"0x{piece.at:x}"), " of that log", also)


def _cut(runs: Sequence[Run], begin: int, size: int) -> Iterator[Run]:
    """The part of the runs that holds so many bytes of the data from there on."""
    for start, length in runs:
        if begin < length and size > 0:
            taken = min(length - begin, size)
            yield start + begin, taken
            size -= taken
        begin = max(0, begin - length)


def _string_at(raw: RawValue, number: int) -> int:
    """The offset in the data at which a string of a list begins; 0 where it is no list."""
    if raw.type != REG_MULTI_SZ:
        return 0
    before = decode_multi_sz(raw.data).strings[:number]
    return min(sum(len(one.encode("utf-16-le", "surrogatepass")) + 2 for one in before), max(len(raw.data) - _LINE, 0))
