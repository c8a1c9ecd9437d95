r"""Runs of rename lists in raw bytes: the UTF-16 grammar of PendingFileRenameOperations, and what makes a run of paths one.

    list        := { source NUL destination NUL } NUL
    source      := [ * digits ] [ @ ] path
    destination := '' | [ * digits ] [ ! | @ ] path
    path        := \??\X:\... | \??\UNC\... | \??\Volume{...}... | \??\GLOBALROOT\Device\... | \SystemRoot\... | \Device\Harddisk...

The first four bytes may be gone (the free list of old Windows), the start or the end may be cut. Paths stand in other values
too: AppCompatCache holds them by the thousand. A list shows itself by its deletes and marks, and by beginning where a cell does.
"""

import re
from collections.abc import Iterator
from functools import cache
from struct import Struct

from hivecheck.facts.fact import fact
from hivecheck.registry.base_block import Buffer
from hivecheck.registry.cells import SEGMENT_BYTES

_DIGITS = rb"(?:\*\0(?:[0-9]\0)*+)?"
_DRIVE = rb"[A-Za-z]\0:\0\\\0"
_UNC = rb"(?i:U\0N\0C\0)\\\0"
_VOLUME = rb"(?i:V\0O\0L\0U\0M\0E\0)\{\0"
_GLOBAL = rb"(?i:G\0L\0O\0B\0A\0L\0R\0O\0O\0T\0\\\0D\0E\0V\0I\0C\0E\0)\\\0"
_ROOT = rb"\\\0(?i:S\0Y\0S\0T\0E\0M\0R\0O\0O\0T\0\\\0|D\0E\0V\0I\0C\0E\0\\\0H\0A\0R\0D\0D\0I\0S\0K\0)"
_NT = rb"(?:\\\0\?\0\?\0\\\0(?:" + _DRIVE + rb"|" + _UNC + rb"|" + _VOLUME + rb"|" + _GLOBAL + rb")|" + _ROOT + rb")"
# Whoever asks for a rename writes the names, so they may hold anything but NUL. A size of a used cell and erased bytes end a text.
_NO_TEXT = rb"(?!(?:[" + b"".join(b"\\x%02x" % low for low in range(0, 256, 8)) + rb"][\x80-\xff]|\xff\xff)\xff\xff)"
LETTER = rb"(?:" + _NO_TEXT + rb"(?:[\x01-\xff]\0|[\x00-\xff][\x01-\xff]))"
# what a file's name usually holds: no control characters, none of " * < > ? |
_PLAIN_LETTER = rb"(?:[\x20\x21\x23-\x29\x2b-\x3b\x3d\x40-\x7b\x7d\x7e\xa1-\xff]\0|[\x00-\xff][\x01-\xdf\xf9-\xfe])"
_STRING = rb"(?:" + _DIGITS + rb"(?:[!@]\0)?" + _NT + LETTER + rb"{0,32000}+)"
_HEAD = re.compile(rb"\\\0\?\0\?\0\\\0(?:" + _DRIVE + rb"|" + _UNC + rb"|" + _VOLUME + rb"|" + _GLOBAL + rb")|" + _ROOT)
_BEHEADED = re.compile(rb"\?\0\\\0" + _DRIVE)
_RUN = re.compile(rb"(?:" + _STRING + rb"\0\0(?:\0\0){0,2}+)*+(?P<cut>" + _STRING + rb")?+")
_BEHEADED_RUN = rb"\?\0\\\0" + _DRIVE + LETTER + rb"{0,32000}+(?:\0\0){1,3}+" + _RUN.pattern
_ONE_LETTER = re.compile(_PLAIN_LETTER)
_MARK = re.compile(rb"(?:" + _DIGITS + rb"(?:[!@]\0)?)$")
_SIZE = Struct("<i")
_BEHEADED_BYTES = 4
_LOOK_BACK = 1040  # bytes: the longest path an installer would write
_STRINGS_AT_MOST = 20_000
_LAST_ALPHABET = 0x05  # upper byte of Latin, Greek, Cyrillic: beyond, what stands before a text is as likely no text
SEGMENT_CONTENT = 16348  # of a cell that holds a piece of big data


@fact
class RenameRun:
    """A run of strings as found. `strings` are in pairs, source and destination, '' included; `cut_head` is the rest of a string
    whose beginning is gone, '' where none is. `cell_end` is where the cell ends that begins with this list, 0 where none does.
    """

    start: int  # of the list's first byte that is known to be its own
    end: int
    strings: tuple[str, ...]
    cut_head: str
    cut_tail: bool  # something else follows where the list should go on
    restored: bool  # the first two characters are gone, and known from the grammar
    cell_end: int
    filled: bool = False  # it is the first piece of big data: the next one is in another cell
    pieces: tuple[int, ...] = ()  # where the pieces begin of which it was joined, this one first
    named: bool = False  # whether the list of the pieces was found, and not only that the text runs on
    joined: bytes = b""  # their bytes, as far as the list goes

    @property
    def whole(self) -> bool:
        """Whether nothing is missing at either end."""
        return bool(self.cell_end) and not self.cut_tail and not self.cut_head

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        return tuple(zip(self.strings[::2], self.strings[1::2], strict=False))


def find_rename_runs(buffer: Buffer, start: int, end: int) -> Iterator[RenameRun]:
    """Every run of NT paths between two places, in order. Whether one is a rename list is asked of `rename_belief`."""
    at = start
    while True:
        head = _HEAD.search(buffer, at, end)
        stop = head.start() if head else end
        beheaded = _find_beheaded(buffer, at, stop, start)
        if beheaded is not None:
            run = _read_run(buffer, beheaded, start, end, restored=True)
        elif head is not None:
            run = _read_run(buffer, head.start(), start, end)
        else:
            return
        yield run
        at = max(run.end, at + 2)


@cache
def _beheaded_run() -> re.Pattern[bytes]:
    return re.compile(_BEHEADED_RUN)  # hives of Windows 2000 and before: all others are read without


def _find_beheaded(buffer: Buffer, start: int, end: int, region: int) -> int | None:
    r"""Where a list starts whose `\?` was overwritten: at the beginning of a cell, as nothing else makes it plausible."""
    for match in _BEHEADED.finditer(buffer, start, min(end + 4, len(buffer))):
        at = match.start() - _BEHEADED_BYTES
        if at - 4 >= region and cell_end_of(buffer, at):
            return match.start()
    return None


def cell_end_of(buffer: Buffer, start: int) -> int:
    """Where the cell ends whose content begins at `start`, 0 where no plausible cell does."""
    if start & 7 != 4 or not 4 <= start <= len(buffer):
        return 0
    size = abs(int(_SIZE.unpack_from(buffer, start - 4)[0]))
    return start - 4 + size if size >= 16 and not size & 7 and size <= len(buffer) else 0


def _read_run(buffer: Buffer, first: int, region_start: int, region_end: int, *, restored: bool = False) -> RenameRun:
    """The run whose first path begins at `first`."""
    if restored:
        start = first - _BEHEADED_BYTES
        matched = _beheaded_run().match(buffer, first, region_end)
        end = matched.end() if matched else first
        text = "\\?".encode("utf-16-le") + bytes(buffer[first:end])
    else:
        mark = _MARK.search(bytes(buffer[max(region_start, first - 12) : first]))
        start = first - (len(mark.group()) if mark else 0)
        matched = _RUN.match(buffer, start, region_end)
        end = matched.end() if matched else start
        text = bytes(buffer[start:end])
    if end <= first:
        return RenameRun(start, first + 8, (), "", True, restored, 0)
    at, cut_head = start, ""
    cell_end = cell_end_of(buffer, start) if start - 4 >= region_start else 0
    strings, used, terminated = _split(text, cut_head)
    if (
        cell_end - start == SEGMENT_CONTENT
        and (not terminated or used > SEGMENT_BYTES)
        and start + SEGMENT_BYTES <= region_end
    ):
        strings, used, terminated = _split(text[:SEGMENT_BYTES], "")  # what is behind belongs to no piece of big data
        if not terminated and used == SEGMENT_BYTES:
            return RenameRun(start, start + SEGMENT_BYTES, strings, "", True, restored, cell_end, True)
    if cell_end and at + used > cell_end + 2:
        cell_end = 0  # a cell holds its content: the size before it is none
    if not cell_end:
        start, cut_head = _look_back(buffer, at, region_start)
        text = text[: _piece_end(buffer, start, region_start) - at]
        strings, used, terminated = _split(text, cut_head)
    cut_tail = not terminated and not (cell_end and 0 <= cell_end - (at + used) < 8)
    if matched and matched["cut"] and not terminated:
        cut_tail = True
    return RenameRun(start, max(at + used, first + 8), strings, cut_head, cut_tail, restored, cell_end)


def _piece_end(buffer: Buffer, start: int, region_start: int) -> int:
    """Where a later piece of big data ends that begins here or a few letters before; the end of the file where none does."""
    for place in range(start, max(region_start + 4, start - 8) - 1, -2):
        if cell_end_of(buffer, place) - place == SEGMENT_CONTENT:
            return place + SEGMENT_BYTES
    return len(buffer)


def _look_back(buffer: Buffer, at: int, region_start: int) -> tuple[int, str]:
    """Where the rest of a string before this place begins, and that rest with the empty string behind it, if there is one."""
    low = max(region_start, at - _LOOK_BACK)
    low += (at - low) & 1
    behind = bytes(buffer[low:at])
    place = len(behind)
    nuls = 0
    while place >= 2 and nuls < 2 and behind[place - 2 : place] == b"\0\0":
        place -= 2
        nuls += 1
    if not nuls:
        return at, ""
    end = place
    while place >= 2 and behind[place - 1] <= _LAST_ALPHABET and _ONE_LETTER.fullmatch(behind, place - 2, place):
        place -= 2
    text = behind[place:end].decode("utf-16-le", "surrogatepass")
    if len(text) < 3:
        return at, ""
    return low + place, text + "\0" * (nuls - 1)


def _split(text: bytes, cut_head: str) -> tuple[tuple[str, ...], int, bool]:
    """The strings in pairs, how many bytes they take, and whether the final NUL was met.

    Where the beginning is cut it is unknown whether the first string is a source: the reading that goes further wins.
    """
    units = text.decode("utf-16-le", "surrogatepass")
    readings = [_pair(units, False)]
    if cut_head and not cut_head.endswith("\0"):  # its rest may be a source, and then a destination comes first
        readings.append(_pair(units, True))
    strings, used, terminated = max(readings, key=lambda reading: (reading[1], reading[2], reading[0][:1] != ("",)))
    return strings, used, terminated


def _pair(units: str, destination_first: bool) -> tuple[tuple[str, ...], int, bool]:
    found: list[str] = []
    at, is_source = 0, not destination_first
    skipped = destination_first
    while at < len(units) and len(found) < _STRINGS_AT_MOST:
        stop = units.find("\0", at)
        if stop < 0:
            break  # the last string is cut off: what it would have asked for is not known
        text = units[at:stop]
        if is_source and (not text or _marked(text) == "!"):
            return _even(found), 2 * (at if text else min(at + 1, len(units))), not text
        if skipped:
            skipped = False
        else:
            found.append(text)
        at = stop + 1
        is_source = not is_source
    return _even(found), 2 * len(units), False


def read_joined(first: RenameRun, data: bytes, pieces: tuple[int, ...], named: bool) -> RenameRun | None:
    """The list that begins as `first` and goes on in other cells, of whose pieces these are the bytes; None where it does not."""
    head = "\\?".encode("utf-16-le") if first.restored else b""
    content = head + data[len(head) :]
    matched = _RUN.match(content)
    strings, used, terminated = _split(matched.group(), "") if matched else ((), 0, False)
    if used <= SEGMENT_BYTES or strings[: len(first.strings)] != first.strings:
        return None
    end = first.start + SEGMENT_BYTES
    return RenameRun(
        first.start, end, strings, "", not terminated, first.restored, first.cell_end, False, pieces, named, data[:used]
    )


def _even(strings: list[str]) -> tuple[str, ...]:
    return tuple(strings[: len(strings) & ~1])


def _marked(text: str) -> str:
    return text.lstrip("*0123456789")[:1] if text[:1] in ("*", "!") else ""
