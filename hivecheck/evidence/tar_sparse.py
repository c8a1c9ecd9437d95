"""Sparse members of tar archives: which parts of a file the archive holds, and the file made whole again, holes as zeros.

GNU tar writes them in four forms: a header of its own with the list in it and in blocks behind it, and three in extended headers of
pax. A list is checked before it is used: its parts lie behind each other, within the file, and are no more than the archive has.
Source: GNU tar manual, "Storing Sparse Files"; POSIX.1-2017 pax.
"""

from collections.abc import Iterator, Mapping
from typing import Protocol

from hivecheck.evidence.limits import Budget
from hivecheck.facts.fact import fact

_BLOCK = 512
_PARTS_AT_MOST = 200_000
_ZEROS = bytes(1024 * 1024)


class Stream(Protocol):
    """What is read from one place on, or further on."""

    def read(self, count: int, /) -> bytes: ...
    def seek(self, place: int, /) -> int: ...


@fact
class SparseMap:
    """`parts` are offset and length of what the archive holds, in order; `list_bytes` is how much of the member's own bytes the list takes."""

    parts: tuple[tuple[int, int], ...]
    size: int
    list_bytes: int = 0


def map_of_header(header: bytes, stream: Stream, number: "NumberReader", stored: int) -> tuple[SparseMap, int]:
    """The list in a header of GNU tar's own kind, and how many bytes of further blocks of it were read. Raises OSError where it is damaged."""
    rows = _rows(header, 386, 4, number)
    size, goes_on, read = number(header[483:495]), header[482], 0
    while goes_on:
        block = stream.read(_BLOCK)
        if len(block) < _BLOCK or len(rows) > _PARTS_AT_MOST:
            raise OSError("the list of a sparse file is cut off or too long")
        read += _BLOCK
        rows += _rows(block, 0, 21, number)
        goes_on = block[504]
    return _checked(rows, size, stored), read


class NumberReader(Protocol):
    """Reads a number of a header. Raises OSError where it is none."""

    def __call__(self, field: bytes, /) -> int: ...


def _rows(block: bytes, start: int, count: int, number: NumberReader) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for place in range(start, start + 24 * count, 24):
        if not block[place]:
            break
        found.append((number(block[place : place + 12]), number(block[place + 12 : place + 24])))
    return found


def map_of_pax(pax: Mapping[str, str], stream: Stream, stored: int) -> SparseMap | None:
    """The list that an extended header announces, None for a file that is whole. Raises OSError where it is damaged.

    The newest form has the list in front of the file's bytes, which are then read from `stream`.
    """
    if pax.get("GNU.sparse.major") == "1":
        return _map_in_front(stream, _decimal(pax.get("GNU.sparse.realsize", "")), stored)
    listed = pax.get("GNU.sparse.map")
    if listed is None:
        return None
    numbers = [_decimal(one) for one in listed.split(",", 2 * _PARTS_AT_MOST)] if listed else []
    return _checked(_pairs(numbers), _decimal(pax.get("GNU.sparse.realsize") or pax.get("GNU.sparse.size", "")), stored)


def _map_in_front(stream: Stream, size: int, stored: int) -> SparseMap:
    data, used = b"", 0
    numbers: list[int] = []
    wanted = 1
    while len(numbers) < wanted:
        end = data.find(b"\n", used)
        if end < 0:
            block = stream.read(_BLOCK)
            if len(block) < _BLOCK or len(data) > 40 * _PARTS_AT_MOST or len(data) + _BLOCK > stored:
                raise OSError("the list of a sparse file is cut off or too long")
            data += block
            continue
        numbers.append(_decimal(data[used:end].decode("ascii", "replace")))
        used = end + 1
        wanted = 1 + 2 * min(numbers[0], _PARTS_AT_MOST)
    return _checked(_pairs(numbers[1:]), size, stored - len(data), len(data))


def _pairs(numbers: list[int]) -> list[tuple[int, int]]:
    return list(zip(numbers[::2], numbers[1::2], strict=False))


def _decimal(text: str) -> int:
    if not text.isdecimal() or not text.isascii() or len(text) > 19:
        raise OSError("the list of a sparse file has a number that is none")
    return int(text)


def _checked(rows: list[tuple[int, int]], size: int, stored: int, list_bytes: int = 0) -> SparseMap:
    end = held = 0
    for offset, length in rows:
        if offset < end:
            raise OSError("the list of a sparse file is damaged: its parts overlap")
        end, held = offset + length, held + length
    if end > size or held > stored or size < 0:
        raise OSError("the list of a sparse file is damaged: it claims more than there is")
    return SparseMap(tuple(rows), size, list_bytes)


def with_holes(pieces: Iterator[bytes], sparse: SparseMap, budget: Budget) -> Iterator[bytes]:
    """The whole file, from the bytes that the archive holds of it. Raises OSError as `pieces` do, and where the holes are too many."""
    held, place = b"", 0
    for offset, length in sparse.parts:
        yield from _zeros(offset - place, budget)
        left = length
        while left:
            held = held or next(pieces, b"")
            if not held:
                raise OSError("the archive is cut off")
            yield held[:left]
            held, left = held[left:], max(left - len(held), 0)
        place = offset + length
    yield from _zeros(sparse.size - place, budget)


def _zeros(count: int, budget: Budget) -> Iterator[bytes]:
    while count > 0:
        piece = _ZEROS[:count]
        budget.spend(len(piece))
        count -= len(piece)
        yield piece
