"""Key and value nodes found by their signatures where nothing leads to them, checked field by field.

A node begins four bytes behind a place divisible by eight, in free cells grown together as well. What passes is plausible, not
proven: `carve` looks at what it points to. Must not know what a key or a value means. Source: msuhanov/regf.
"""

import re
from collections.abc import Iterable
from struct import Struct

from hivecheck.facts.fact import fact
from hivecheck.registry.base_block import BINS_START, Buffer
from hivecheck.registry.region import Region
from hivecheck.registry.regions import RegionIndex

RESIDENT = 0x80000000
_SIGNATURE = re.compile(rb"[nv]k")
_KEY = Struct("<2sHQ4xII4xI4xII4xI20xHH")
_VALUE = Struct("<2sHIIIH2x")
_SIZE = Struct("<i")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_KEY_BYTES, _VALUE_BYTES = 76, 20
_COMP_NAME_KEY, _COMP_NAME_VALUE = 0x20, 0x1
_EARLIEST = 119_600_064_000_000_000  # 1980-01-01 in ticks
_LATEST = 157_469_184_000_000_000  # 2100-01-01
_KNOWN_TYPES = 12
_DEVICE_PROPERTY = 0xFFFF  # upper half of the types of device properties, whose values have no names
_LARGEST_DATA = 64 * 1024 * 1024
_VOLATILE = 0x80000000  # cells of volatile keys are never on disk
NODES_AT_MOST = 60_000  # of one view: a hostile hive could hold millions


@fact
class LostKey:
    """A key node that nothing leads to. `at` is the place of its size field; cells are counted from 0x1000, as stored."""

    at: int
    name: str
    written: int
    parent: int
    subkeys: int
    values: int
    value_list: int
    class_cell: int
    class_size: int
    end: int
    sized: bool  # the size field before it fits it
    headless: bool = False  # its first four bytes are gone


@fact
class LostValue:
    """A value node that nothing leads to. `size` and `word` as stored: RESIDENT marks data that stand in the word itself."""

    at: int
    name: str
    type: int
    size: int
    word: int
    end: int
    sized: bool


def find_lost_nodes(buffer: Buffer, regions: Iterable[Region]) -> tuple[dict[int, LostKey], dict[int, LostValue]]:
    """The nodes in these regions, by place."""
    keys: dict[int, LostKey] = {}
    values: dict[int, LostValue] = {}
    find = _SIGNATURE.finditer
    for region in regions:
        if region.end - region.start < _VALUE_BYTES:
            continue
        for match in find(buffer, region.start, region.end):
            start = match.start()
            if start & 7 != 4:
                continue
            if len(keys) + len(values) >= NODES_AT_MOST:
                return keys, values
            if buffer[start] == 0x6E:
                key = read_lost_key(buffer, start - 4, region.end)
                if key is not None:
                    keys[key.at] = key
            else:
                value = read_lost_value(buffer, start - 4, region.end)
                if value is not None:
                    values[value.at] = value
    return keys, values


def find_headless_keys(buffer: Buffer, regions: RegionIndex, keys: dict[int, LostKey]) -> dict[int, LostKey]:
    """Parents that lost keys name and whose first four bytes, the signature, the free list of NT 3.1 to 2000 overwrote."""
    found: dict[int, LostKey] = {}
    waiting = [BINS_START + key.parent for key in keys.values()]
    while waiting:
        at = waiting.pop()
        region = regions.region_at(at) if at not in keys and at not in found else None
        key = read_lost_key(buffer, at, region.end, headless=True) if region else None
        if key is not None:
            found[at] = key
            waiting.append(BINS_START + key.parent)
    return found


def read_lost_key(buffer: Buffer, at: int, end: int, headless: bool = False) -> LostKey | None:
    """The key node at this place, None where the bytes can't be one. `headless`: without looking at its first four bytes."""
    start = at + 4
    if start + _KEY_BYTES > end:
        return None
    (signature, flags, written, parent, subkeys, subkey_list, values, value_list, class_cell, name_size, class_size) = (
        _KEY.unpack_from(buffer, start)
    )
    stop = start + _KEY_BYTES + name_size
    if not name_size or name_size > 512 or stop > end:
        return None
    if headless:
        flags = 0 if b"\0" in bytes(buffer[stop - name_size : stop]) else _COMP_NAME_KEY
    elif signature != b"nk" or flags & 0xF000:
        return None
    if not _EARLIEST <= written <= _LATEST and written:
        return None
    if not _points(parent) or subkeys > 0xFFFFF or values > 0xFFFFF:
        return None
    if (subkeys and not _points(subkey_list)) or (values and not _points(value_list)):
        return None
    name = _name(bytes(buffer[stop - name_size : stop]), bool(flags & _COMP_NAME_KEY))
    if not name:
        return None
    sized = _is_sized(buffer, at, stop)
    return LostKey(at, name, written, parent, subkeys, values, value_list, class_cell, class_size, stop, sized, headless)


def read_lost_value(buffer: Buffer, at: int, end: int) -> LostValue | None:
    """The value node at this place, None where the bytes can't be one."""
    start = at + 4
    if start + _VALUE_BYTES > end:
        return None
    signature, name_size, size, word, type, flags = _VALUE.unpack_from(buffer, start)
    stop = start + _VALUE_BYTES + name_size
    if signature != b"vk" or flags & 0xFFFC or stop > end:
        return None
    if size & RESIDENT:
        if size > RESIDENT + 4:
            return None
    elif size and (size > _LARGEST_DATA or not _points(word)):
        return None
    name = _name(bytes(buffer[stop - name_size : stop]), bool(flags & _COMP_NAME_VALUE)) if name_size else ""
    sized = _is_sized(buffer, at, stop)
    if name is None or (not name and not (sized and (type < _KNOWN_TYPES or type >> 16 == _DEVICE_PROPERTY))):
        return None
    return LostValue(at, name, type, size, word, stop, sized)


def _points(cell: int) -> bool:
    """Whether this can be a cell: also one past the end of the file, since the hive may have been larger once."""
    return not cell & 7 and cell < _VOLATILE


def _name(stored: bytes, compressed: bool) -> str | None:
    """The text of a name, None where it is none that a program would give."""
    if compressed:
        text = stored.decode("latin-1")
    elif len(stored) % 2:
        return None
    else:
        text = stored.decode("utf-16-le", "surrogatepass")
    return None if _CONTROL.search(text) else text


def _is_sized(buffer: Buffer, at: int, stop: int) -> bool:
    size = abs(int(_SIZE.unpack_from(buffer, at)[0]))
    return not size & 7 and size >= stop - at
