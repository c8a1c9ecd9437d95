"""The strings of a version resource (`CompanyName`, `OriginalFilename`): what a file claims to be. Anyone can write them.

Source: VS_VERSIONINFO, StringFileInfo, StringTable and String of the Windows documentation.
"""

from collections.abc import Iterator
from struct import unpack_from

_BYTES_AT_MOST = 0x10000
_BLOCKS = 256
_STRINGS = 64
_LETTERS = 512


def read_version_strings(data: bytes, start: int, size: int) -> tuple[tuple[str, str], ...]:
    """Names and texts of the first table of strings, in order, without empty ones; () for what is no version resource."""
    end = min(len(data), start + min(size, _BYTES_AT_MOST))
    for name, at, value_size, block_end in _blocks(data, start, end):
        if name != "VS_VERSION_INFO":
            return ()
        for part, inner, _, part_end in _blocks(data, _aligned(at + value_size, start), block_end, start):
            if part != "StringFileInfo":
                continue
            for _, strings, _, table_end in _blocks(data, inner, part_end, start):
                return tuple(_strings(data, strings, table_end, start))
    return ()


def _strings(data: bytes, at: int, end: int, start: int) -> Iterator[tuple[str, str]]:
    told = 0
    for name, value_at, _, block_end in _blocks(data, at, end, start):
        text = _text(data, value_at, block_end)
        if name and text and told < _STRINGS:
            told += 1
            yield name, text


def _blocks(data: bytes, at: int, end: int, start: int | None = None) -> Iterator[tuple[str, int, int, int]]:
    """The blocks that follow each other here: name, where the value begins, the value's size as told, where the block ends."""
    base = at if start is None else start
    for _ in range(_BLOCKS):
        if at + 6 > end:
            return
        length, value_size, _ = unpack_from("<HHH", data, at)
        block_end = min(at + length, end)
        if length < 6:
            return
        name = _text(data, at + 6, block_end)
        yield name, _aligned(at + 6 + 2 * len(name) + 2, base), value_size, block_end
        at = _aligned(at + length, base)


def _text(data: bytes, at: int, end: int) -> str:
    """UTF-16 up to its NUL, cut where it is very long."""
    raw = data[at : min(end, at + 2 * _LETTERS)]
    text = raw[: len(raw) & ~1].decode("utf-16-le", "surrogatepass")
    return text.partition("\0")[0]


def _aligned(at: int, base: int) -> int:
    return at + (base - at) % 4
