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
from struct import Struct

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.fact import fact
from hivecheck.registry.base_block import Buffer

_DIGITS = rb"(?:\*\0(?:[0-9]\0)*+)?"
_DRIVE = rb"[A-Za-z]\0:\0\\\0"
_UNC = rb"[Uu]\0[Nn]\0[Cc]\0\\\0"
_VOLUME = rb"[Vv]\0[Oo]\0[Ll]\0[Uu]\0[Mm]\0[Ee]\0\{\0"
_GLOBAL = rb"[Gg]\0[Ll]\0[Oo]\0[Bb]\0[Aa]\0[Ll]\0[Rr]\0[Oo]\0[Oo]\0[Tt]\0\\\0[Dd]\0[Ee]\0[Vv]\0[Ii]\0[Cc]\0[Ee]\0\\\0"
_ROOT = rb"\\\0(?:[Ss]\0[Yy]\0[Ss]\0[Tt]\0[Ee]\0[Mm]\0[Rr]\0[Oo]\0[Oo]\0[Tt]\0\\\0|[Dd]\0[Ee]\0[Vv]\0[Ii]\0[Cc]\0[Ee]\0\\\0[Hh]\0[Aa]\0[Rr]\0[Dd]\0[Dd]\0[Ii]\0[Ss]\0[Kk]\0)"
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
_BEHEADED_RUN = re.compile(rb"\?\0\\\0" + _DRIVE + LETTER + rb"{0,32000}+(?:\0\0){1,3}+" + _RUN.pattern)
_ONE_LETTER = re.compile(_PLAIN_LETTER)
_SELDOM = re.compile("[\x01-\x1f\x7f-\x9f\ud800-\udfff\ue000-\uf8ff\ufff0-\uffff]")
_MARK = re.compile(rb"(?:" + _DIGITS + rb"(?:[!@]\0)?)$")
_SIZE = Struct("<i")
_BEHEADED_BYTES = 4
_LOOK_BACK = 1040  # bytes: the longest path an installer would write
_STRINGS_AT_MOST = 20_000
_LAST_ALPHABET = 0x05  # upper byte of Latin, Greek, Cyrillic: beyond, what stands before a text is as likely no text
SINGLE = "one operation alone, which the padding behind a path could feign"
_PROGRAMS = (".sys", ".exe", ".dll", ".com", ".drv")  # paths that stand in many a value: ImagePath, and the page file's
_PAGE_FILES = ("PAGEFILE.SYS", "SWAPFILE.SYS", "HIBERFIL.SYS")
_SEGMENT_CONTENT = 16348  # of a cell that holds a piece of big data


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

    @property
    def whole(self) -> bool:
        """Whether nothing is missing at either end."""
        return bool(self.cell_end) and not self.cut_tail and not self.cut_head

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        return tuple(zip(self.strings[::2], self.strings[1::2], strict=False))


def find_rename_runs(buffer: Buffer, start: int, end: int) -> Iterator[RenameRun]:
    """Every run of NT paths between two places, in order. Whether one is a rename list is asked with `judge_run`."""
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


def judge_run(run: RenameRun) -> tuple[Confidence, tuple[str, ...]] | None:
    """How sure it is that these strings were a rename list, and why; None where they need not have been one.

    A single delete is never sure: a path and the padding of its cell look the same, unless the cell is too large for a path alone.
    """
    pairs = run.pairs
    marked = [not target or _is_marked(target) or source[:1] in ("*", "@") for source, target in pairs]
    inner = sum(marked[:-1]) + any(_is_marked(target) for _, target in pairs[-1:])
    strange = sum(
        1 for (source, target), mark in zip(pairs, marked, strict=True) if not mark and not _are_kin(source, target)
    )
    if not pairs or strange > 3 * max(inner, 1):
        return None  # AppCompatCache and other lists of paths: neighbours have nothing to do with each other
    if len(pairs) == 1:
        return _judge_single(run, bool(inner))
    if not any(marked):
        if not run.whole or run.cell_end - run.start == _SEGMENT_CONTENT:
            return None
        return Confidence.LOW, (
            "pairs of paths that share a folder or a file name, in a cell of their own; no delete among them",
        )
    reasons = [f"{sum(marked)} of {len(pairs)} pairs are deletes or replacements, as only a rename list has them"]
    if run.restored:
        reasons.append(
            "its first two characters were overwritten by the list of free cells; the grammar says what they were"
        )
    if run.whole:
        return Confidence.HIGH, (*reasons, "it begins where a cell begins and ends with the final NUL")
    strange = any(_SELDOM.search(text) for text in run.strings)
    if strange:
        reasons.append("a name holds characters that names seldom have: other bytes may stand in its place")
    if run.cell_end:
        confidence = Confidence.MEDIUM if strange else Confidence.HIGH
        return confidence, (*reasons, "it begins where a cell begins, and is cut off")
    if not inner:
        return None  # the padding behind the last path looks like a delete
    sure = len(pairs) > 2 and not strange
    return Confidence.MEDIUM if sure else Confidence.LOW, (*reasons, "its beginning is gone")


def _judge_single(run: RenameRun, marked: bool) -> tuple[Confidence, tuple[str, ...]] | None:
    source, target = run.pairs[0]
    if not run.whole or not source.startswith("\\??\\") or (target and not (marked or _are_kin(source, target))):
        return None
    if marked:
        return Confidence.HIGH, ("one replacement, from the start of a cell to a final NUL",)
    return (Confidence.LOW, (SINGLE,)) if target else _judge_delete(run, source)


def _judge_delete(run: RenameRun, source: str) -> tuple[Confidence, tuple[str, ...]]:
    """What speaks for a single delete: the size of its cell against that of a path as REG_SZ or REG_MULTI_SZ, and whose path it is."""
    text_bytes = len(source.encode("utf-16-le", "surrogatepass"))
    as_text, as_strings, as_list = (-(-(4 + text_bytes + more) // 8) * 8 for more in (2, 4, 6))
    name = source.rpartition("\\")[2]
    if run.cell_end - run.start + 4 != as_list or name.upper() in _PAGE_FILES:
        return Confidence.LOW, (SINGLE,)
    if as_list != as_strings:
        return Confidence.MEDIUM, ("one delete, in a cell of just the size that its list needs and a path alone does not",)
    if not name.lower().endswith(_PROGRAMS):
        return Confidence.LOW, (
            "one delete, from the start of a cell to its end; the cell would fit the path alone as well, but it is that of no program, "
            "and other values seldom hold such a path",
        )
    if as_list != as_text:
        return Confidence.LOW, ("one delete, in a cell of just the size that its list needs; a path as REG_SZ needs less",)
    return Confidence.LOW, (SINGLE,)


def _is_marked(text: str) -> bool:
    return text[:1] in ("!", "@", "*")


def _are_kin(source: str, target: str) -> bool:
    """Whether two paths look like the old and the new name of one file."""
    one, other = source.upper().rpartition("\\"), target.upper().rpartition("\\")
    return one[0] == other[0] or one[2] == other[2]


def _find_beheaded(buffer: Buffer, start: int, end: int, region: int) -> int | None:
    r"""Where a list starts whose `\?` was overwritten: at the beginning of a cell, as nothing else makes it plausible."""
    for match in _BEHEADED.finditer(buffer, start, min(end + 4, len(buffer))):
        at = match.start() - _BEHEADED_BYTES
        if at - 4 >= region and cell_end_of(buffer, at):
            return match.start()
    return None


def cell_end_of(buffer: Buffer, start: int) -> int:
    """Where the cell ends whose content begins at `start`, 0 where no plausible cell does."""
    if start & 7 != 4 or start < 4:
        return 0
    size = abs(int(_SIZE.unpack_from(buffer, start - 4)[0]))
    return start - 4 + size if size >= 16 and not size & 7 and size <= len(buffer) else 0


def _read_run(buffer: Buffer, first: int, region_start: int, region_end: int, *, restored: bool = False) -> RenameRun:
    """The run whose first path begins at `first`."""
    if restored:
        start = first - _BEHEADED_BYTES
        matched = _BEHEADED_RUN.match(buffer, first, region_end)
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
    if cell_end and at + used > cell_end + 2:
        cell_end = 0  # a cell holds its content: the size before it is none
    if not cell_end:
        start, cut_head = _look_back(buffer, at, region_start)
        strings, used, terminated = _split(text, cut_head)
    cut_tail = not terminated and not (cell_end and 0 <= cell_end - (at + used) < 8)
    if matched and matched["cut"] and not terminated:
        cut_tail = True
    return RenameRun(start, max(at + used, first + 8), strings, cut_head, cut_tail, restored, cell_end)


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
        text = units[at:] if stop < 0 else units[at:stop]
        if is_source and (not text or _marked(text) == "!"):
            return _even(found), 2 * (at if text else min(at + 1, len(units))), not text
        if skipped:
            skipped = False
        else:
            found.append(text)
        at = len(units) if stop < 0 else stop + 1
        is_source = not is_source
    return _even(found), 2 * len(units), False


def _even(strings: list[str]) -> tuple[str, ...]:
    return tuple(strings[: len(strings) & ~1])


def _marked(text: str) -> str:
    return text.lstrip("*0123456789")[:1] if text[:1] in ("*", "!") else ""
