"""The security descriptors of a hive: whether each is what Windows would accept, and whether its list and counts are whole.

One `sk` cell serves many keys; all of them form a ring. Must not judge who may do what: only whether it can be read.
Source: msuhanov/regf, "Key security"; [MS-DTYP] 2.4.2 (SID), 2.4.4 (ACE), 2.4.5 (ACL), 2.4.6 (SECURITY_DESCRIPTOR).
"""

from struct import Struct, unpack_from

from hivecheck.registry.base_block import BINS_START
from hivecheck.registry.cells import NO_CELL, Cells
from hivecheck.registry.keys import RegfKey

_CELL = Struct("<2s2xIIII")  # signature, next, previous, references, size
_DESCRIPTOR = Struct("<BxHIIII")  # revision, control, owner, group, SACL, DACL
_ACL = Struct("<BxHH")
_SELF_RELATIVE, _HAS_DACL, _HAS_SACL = 0x8000, 0x4, 0x10
_MOST_AUTHORITIES = 15


def security_fault(cells: Cells, cell: int, owner: RegfKey) -> str:
    """What is wrong with the descriptor in this cell, '' where nothing is. A cell out of the file is told by `cells` as well."""
    if cell == NO_CELL:
        return "is missing"
    span = cells.contents(BINS_START + cell, "security descriptor", owner)
    if span is None:
        return "lies in no cell"
    start, stop = span
    if stop - start < _CELL.size:
        return "does not fit its cell"
    signature, following, preceding, _, size = _CELL.unpack_from(cells.buffer, start)
    if signature != b"sk":
        return f"starts with {signature!r} instead of b'sk'"
    if start + _CELL.size + size > stop:
        return f"of {size} bytes does not fit its cell"
    if not _is_security(cells, following) or not _is_security(cells, preceding):
        return "is not linked with others"
    return _descriptor_fault(bytes(cells.buffer[start + _CELL.size : start + _CELL.size + size]))


def reference_count(cells: Cells, cell: int) -> int | None:
    """How many keys the descriptor in this cell says it serves; None where there is none."""
    at = BINS_START + cell + cells.head
    if not _is_security(cells, cell) or at + _CELL.size > len(cells.buffer):
        return None
    return int(_CELL.unpack_from(cells.buffer, at)[3])


def _is_security(cells: Cells, cell: int) -> bool:
    at = BINS_START + cell + cells.head
    return bytes(cells.buffer[at : at + 2]) == b"sk"


def _descriptor_fault(data: bytes) -> str:
    if len(data) < _DESCRIPTOR.size:
        return f"has only {len(data)} bytes"
    revision, control, owner, group, system_acl, access_acl = _DESCRIPTOR.unpack_from(data)
    if revision != 1 or not control & _SELF_RELATIVE:
        return f"has the revision {revision} and the control word 0x{control:04x}"
    for what, place in (("owner", owner), ("group", group)):
        if place and not _is_sid(data, place, len(data)):
            return f"has no readable {what}"
    for what, bit, place in (("SACL", _HAS_SACL, system_acl), ("DACL", _HAS_DACL, access_acl)):
        if control & bit and place and not _is_acl(data, place):
            return f"has no readable {what}"
    return ""


def _is_sid(data: bytes, place: int, stop: int) -> bool:
    if place + 8 > stop or data[place] != 1 or data[place + 1] > _MOST_AUTHORITIES:
        return False
    return place + 8 + 4 * data[place + 1] <= stop


def _is_acl(data: bytes, place: int) -> bool:
    """Whether all entries of the list lie in it. What stands behind the last one doesn't matter."""
    if place + 8 > len(data):
        return False
    revision, size, count = _ACL.unpack_from(data, place)
    stop = place + size
    if not 2 <= revision <= 4 or size < 8 or stop > len(data):
        return False
    at = place + 8
    for _ in range(count):
        if at + 4 > stop:
            return False
        entry = int(unpack_from("<H", data, at + 2)[0])
        if entry < 4 or at + entry > stop:
            return False
        at += entry
    return True
