"""Runs of boot commands in raw bytes: UTF-16 lists with a line that begins with `autocheck`, as BootExecute has.

The first four bytes may be gone (the free list of old Windows), so `tocheck` at the start of a cell is one as well. A list
without such a line can't be told from any other text: it is found only where a value's node still leads to it.
"""

import re
from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.fact import fact
from hivecheck.registry.base_block import Buffer
from hivecheck.settings.rename_runs import LETTER, cell_end_of

_NEEDLE = re.compile(rb"[Tt]\0[Oo]\0[Cc]\0[Hh]\0[Ee]\0[Cc]\0[Kk]\0[\x09\x20]\0")
_STRINGS = re.compile(rb"(?:" + LETTER + rb"{1,2000}+\0\0){0,64}+(?P<cut>" + LETTER + rb"{1,2000}+)?+")
_ONE_LETTER = re.compile(rb"[\x01-\xff]\0|[\x00-\xff][\x01-\xfe]")
_LIST_BYTES = 64_000
_PADDING = 8
_LOOK_BACK = 4096  # bytes before the word that may belong to the same list


@fact
class CommandRun:
    """Lines as found. `whole`: from the start of a cell to a final NUL; `restored`: the first two letters are known from the word."""

    start: int
    end: int
    strings: tuple[str, ...]
    whole: bool
    restored: bool


def find_command_runs(buffer: Buffer, start: int, end: int) -> Iterator[CommandRun]:
    """Every list with an `autocheck` line between two places, in order."""
    at = start
    while True:
        match = _NEEDLE.search(buffer, at, end)
        if match is None:
            return
        run = _read_run(buffer, match.start(), start, end)
        at = max(match.end(), run.end if run else 0)
        if run is not None:
            yield run


def judge_command_run(run: CommandRun) -> tuple[Confidence, tuple[str, ...]]:
    """How sure it is that these lines were a list of boot commands, and why."""
    reasons = ["a line that begins with autocheck, which smss alone understands"]
    if run.restored:
        reasons.append("its first two letters were overwritten by the list of free cells; the word says what they were")
    if run.whole:
        return Confidence.HIGH, (*reasons, "it begins where a cell begins and ends with a final NUL")
    return Confidence.MEDIUM, (*reasons, "its beginning or its end is cut off")


def _read_run(buffer: Buffer, word: int, region_start: int, region_end: int) -> CommandRun | None:
    low = max(region_start, word - _LOOK_BACK)
    low += (word - low) & 1
    behind = bytes(buffer[low:word])
    text = len(behind)
    while text >= 2 and _ONE_LETTER.fullmatch(behind, text - 2, text):
        text -= 2
    line = behind[text:].decode("utf-16-le", "surrogatepass").lower()
    if not line and word - 4 > region_start and cell_end_of(buffer, word - 4):
        strings, end, cut = _strings(buffer, word, region_end)
        return CommandRun(word - 4, end, ("au" + strings[0], *strings[1:]), not cut, True)
    if not line.endswith("au"):
        return None
    _, end, _ = _strings(buffer, low + text, region_end)
    start, whole = _list_start(buffer, behind, text, low, end)
    strings, end, cut = _strings(buffer, start, region_end)
    return CommandRun(start, end, strings, whole and not cut, False)


def _list_start(buffer: Buffer, behind: bytes, text: int, low: int, end: int) -> tuple[int, bool]:
    """Where the list begins that ends at `end`, and whether a cell begins there: found going back over lines only.

    The last letter of a line and its NUL can look like the size of a cell, and the size of a cell like a line of one letter. The
    cell that the list just fills is believed at once; else the one that begins farthest back and reaches to the list's end.
    """
    first, starts = text, list[int]()
    while True:
        size_end = cell_end_of(buffer, low + text)
        if size_end and -2 <= size_end - end < _PADDING:
            return low + text, True
        if size_end >= end - 2 and size_end:
            starts.append(text)
        if text < 4 or behind[text - 2 : text] != b"\0\0":
            break
        line = text - 2
        while line >= 2 and _ONE_LETTER.fullmatch(behind, line - 2, line):
            line -= 2
        if line == text - 2:
            break
        if text - 2 - line > 2:  # more than a size read as a letter
            first = line
        text = line
    if starts and starts[-1] <= first:
        return low + starts[-1], True
    return low + first, False


def _strings(buffer: Buffer, start: int, region_end: int) -> tuple[tuple[str, ...], int, bool]:
    """The lines from this place on, where they end, and whether the last one lacks its NUL."""
    match = _STRINGS.match(buffer, start, min(region_end, start + _LIST_BYTES))
    text = match.group() if match else b""
    cut = bool(match and match["cut"])
    lines = text.decode("utf-16-le", "surrogatepass").rstrip("\0").split("\0")
    return tuple(lines), start + len(text) + (0 if cut else 2), cut
