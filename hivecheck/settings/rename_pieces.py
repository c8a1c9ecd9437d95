"""Rename lists too large for one cell: Windows stores them in pieces of 16,344 bytes, each in a cell of its own.

The pieces are found by the list that names them, wherever it is left; else by the text, which runs on from one cell to the next.
Source: msuhanov/regf, "Windows registry file format specification", "Big data".
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from struct import unpack_from

from hivecheck.facts.fact import changed
from hivecheck.registry.base_block import BINS_START
from hivecheck.registry.cells import SEGMENT_BYTES
from hivecheck.registry.region import Region
from hivecheck.registry.views import Stage, View
from hivecheck.settings.rename_runs import SEGMENT_CONTENT, RenameRun, cell_end_of, read_joined

Placed = tuple[Region, RenameRun]
_PIECES_AT_MOST = 256  # four megabytes
_LISTS_AT_MOST = 64  # places looked at where the number of a cell stands
_FILLED_AT_MOST = 64  # lists of one view that are put together
_NEAR = 65_536  # bytes from one piece to the next, where only the text leads there


def join_pieces(view: View, runs: list[Placed]) -> list[Placed]:
    """The runs, with those in pieces joined and the pieces left out."""
    filled = [run for _, run in runs if run.filled]
    if not filled or view.stage is Stage.IN_LOG:  # cells are counted in the hive
        return runs
    rests = sorted({place for _, run in runs if not run.cell_end for place in _cell_starts(view, run)})
    starts = sorted({*rests, *(run.start for _, run in runs if run.cell_end)})
    joined: dict[int, RenameRun] = {}
    taken: list[tuple[int, int]] = []
    for run in filled[:_FILLED_AT_MOST]:
        if any(start <= run.start < end for start, end in taken):
            continue
        found = _join_by_list(view, run) or _join_by_text(view, run, rests, starts)
        if found is not None:
            joined[run.start] = found
            taken += [(place, place + SEGMENT_BYTES) for place in found.pieces[1:]]
    return [
        (region, joined.get(run.start, run) if run.filled else run)
        for region, run in runs
        if not any(start <= max(run.start, run.end - 8) < end for start, end in taken)
    ]


def _cell_starts(view: View, run: RenameRun) -> Iterator[int]:
    """Where the cell may begin in which this run is met: it, or a few letters before it."""
    for before in (0, 2, 4, 6):
        if cell_end_of(view.buffer, run.start - before) > run.start:
            yield run.start - before


def _join_by_list(view: View, first: RenameRun) -> RenameRun | None:
    """By a list of cells that begins with that of this piece."""
    buffer, cell = view.buffer, first.start - 4 - BINS_START
    text = buffer if not isinstance(buffer, memoryview) else bytes(buffer)
    word = cell.to_bytes(4, "little") if cell >= 0 else b""
    at = text.find(word) if word else -1
    looked = 0
    while at >= 0 and looked < _LISTS_AT_MOST:
        looked += 1
        end = min(cell_end_of(buffer, at), len(buffer))
        if end >= at + 8:
            words = unpack_from(f"<{min((end - at) // 4, _PIECES_AT_MOST)}I", buffer, at)
            found = _read(first, view, (BINS_START + one + 4 for one in words[1:] if not one & 7), named=True)
            if found is not None:
                return found
        at = text.find(word, at + 4)
    return None


def _join_by_text(view: View, first: RenameRun, rests: list[int], starts: list[int]) -> RenameRun | None:
    """By cells behind this one in the file whose content goes on where it ends: with the rest of a string, `rests`, or with a new one."""

    def following() -> Iterator[int]:
        place = first.start
        while True:
            ends = bytes(view.buffer[place + SEGMENT_BYTES - 2 : place + SEGMENT_BYTES]) == b"\0\0"
            known = starts if ends else rests
            number = bisect_left(known, place + SEGMENT_CONTENT)
            if number == len(known) or known[number] > place + SEGMENT_CONTENT + _NEAR:
                return
            place = known[number]
            yield place

    return _read(first, view, following(), named=False)


def _read(first: RenameRun, view: View, places: Iterable[int], *, named: bool) -> RenameRun | None:
    """The list in these pieces, as many as it goes through; the content of each begins at its place."""
    data = bytearray(view.buffer[first.start : first.start + SEGMENT_BYTES])
    pieces = [first.start]
    for place in places:
        end = cell_end_of(view.buffer, place)
        used = view.reach is not None and view.reach.use_of(place - 4)
        if not end or used or len(pieces) >= _PIECES_AT_MOST:
            break
        data += view.buffer[place : min(end, place + SEGMENT_BYTES)]
        pieces.append(place)
        if end - place != SEGMENT_CONTENT:
            break
    found = read_joined(first, bytes(data), tuple(pieces), named)
    return found and changed(found, pieces=found.pieces[: -(-len(found.joined) // SEGMENT_BYTES)])
