"""Where the bytes of a recovered hive stand in the evidence: in the hive file, or in which entry of which transaction log.

A hive with its logs applied lies nowhere: each of its bytes is that of the last entry that wrote it, or the hive file's own.
Source: msuhanov/regf, "Windows registry file format specification", "Format of transaction log files".
"""

from collections.abc import Iterable

from hivecheck.evidence.opening import LogEvidence
from hivecheck.registry.base_block import BINS_START
from hivecheck.registry.log_entries import Page
from hivecheck.registry.logs import applied_entries
from hivecheck.report.stored_data import Piece

_BLOCK = 4096


class LogPlaces:
    """Which applied entry wrote which bytes of a hive."""

    __slots__ = ("_blocks",)

    def __init__(self, logs: Iterable[LogEvidence], hive_bytes: int) -> None:
        """`hive_bytes` is the size of the hive with its logs applied: a page that reaches beyond it was left out."""
        self._blocks: dict[int, list[tuple[str, int, Page]]] = {}
        for log, entry in applied_entries([one.fate for one in logs]):
            for page in entry.pages:
                begin, end = BINS_START + page.target, BINS_START + page.target + page.size
                if end <= hive_bytes:
                    for block in range(begin // _BLOCK, -(-end // _BLOCK)):
                        self._blocks.setdefault(block, []).append((log.name, entry.sequence, page))

    def pieces(self, start: int, size: int) -> tuple[Piece, ...]:
        """The bytes from `start` on, in order; those that touch in their file as well are one piece."""
        found: list[Piece] = []
        for block in range(start // _BLOCK, -(-(start + size) // _BLOCK)):
            found += self._in_block(block, max(start, block * _BLOCK), min(start + size, (block + 1) * _BLOCK))
        return tuple(_joined(sorted(found, key=lambda piece: piece.start)))

    def _in_block(self, block: int, start: int, stop: int) -> list[Piece]:
        """The bytes between these places, in any order: those of the newest entry first, what no entry wrote last."""
        found: list[Piece] = []
        left = [(start, stop)]
        for log, sequence, page in reversed(self._blocks.get(block, [])):
            if not left:
                break
            begin, end = BINS_START + page.target, BINS_START + page.target + page.size
            rest: list[tuple[int, int]] = []
            for first, last in left:
                low, high = max(first, begin), min(last, end)
                if low >= high:
                    rest.append((first, last))
                    continue
                found.append(Piece(low, high - low, log, sequence, page.source + low - begin))
                rest += [(one, other) for one, other in ((first, low), (high, last)) if one < other]
            left = rest
        return found + [Piece(first, last - first, "", 0, first) for first, last in left]


def _joined(pieces: list[Piece]) -> list[Piece]:
    found: list[Piece] = []
    for piece in pieces:
        last = found[-1] if found else None
        if (
            last is not None
            and (last.log, last.sequence) == (piece.log, piece.sequence)
            and (last.start + last.size, last.at + last.size) == (piece.start, piece.at)
        ):
            found[-1] = Piece(last.start, last.size + piece.size, last.log, last.sequence, last.at)
        else:
            found.append(piece)
    return found
