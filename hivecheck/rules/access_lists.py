"""The access lists of services and of the Service Control Manager, as self-relative security descriptors in values.

Only what decides who may do what is read: allow and deny entries with mask and SID. Source: [MS-DTYP] 2.4.2 to 2.4.6;
"Service Security and Access Rights" of the Windows documentation.
"""

from collections.abc import Mapping
from functools import lru_cache
from struct import Struct, unpack_from

from hivecheck.facts.fact import fact

QUERY_CONFIG, QUERY_STATUS = 0x1, 0x4
CREATE_SERVICE = 0x2
READ_CONTROL, WRITE_DAC, WRITE_OWNER = 0x2_0000, 0x4_0000, 0x8_0000
GENERIC_ALL, GENERIC_WRITE, GENERIC_READ = 0x1000_0000, 0x4000_0000, 0x8000_0000

SYSTEM, ADMINISTRATORS, INTERACTIVE, SERVICE, AUTHENTICATED = "S-1-5-18", "S-1-5-32-544", "S-1-5-4", "S-1-5-6", "S-1-5-11"
EVERYONE, USERS, ANONYMOUS, GUESTS = "S-1-1-0", "S-1-5-32-545", "S-1-5-7", "S-1-5-32-546"
NAMES = {
    SYSTEM: "SYSTEM", ADMINISTRATORS: "Administrators", INTERACTIVE: "interactive users", SERVICE: "services",
    AUTHENTICATED: "Authenticated Users", EVERYONE: "Everyone", USERS: "Users", ANONYMOUS: "anonymous users",
    GUESTS: "Guests",
}  # fmt: skip

_KNOWN = {
    b"\1\1\0\0\0\0\0\5\x12\0\0\0": SYSTEM,
    b"\1\2\0\0\0\0\0\5\x20\0\0\0\x20\2\0\0": ADMINISTRATORS,
    b"\1\1\0\0\0\0\0\5\4\0\0\0": INTERACTIVE,
    b"\1\1\0\0\0\0\0\5\6\0\0\0": SERVICE,
    b"\1\1\0\0\0\0\0\5\x0b\0\0\0": AUTHENTICATED,
    b"\1\1\0\0\0\0\0\1\0\0\0\0": EVERYONE,
}  # the frequent ones, as they are stored
_HAS_DACL, _SELF_RELATIVE = 0x4, 0x8000
_DENY = 1  # 0 allows
_ENTRY = Struct("<BxHI").unpack_from
_MOST_ENTRIES = 2_000


@fact
class AccessList:
    """Rights by SID, all entries of one kind together; other kinds are left out.

    `open` is True where there is no list at all: then everybody may do everything.
    """

    open: bool
    allows: Mapping[str, int]
    denies: Mapping[str, int]

    def allowed(self, mask: int) -> frozenset[str]:
        """The SIDs to which an entry grants any of these rights."""
        return frozenset(sid for sid, rights in self.allows.items() if rights & mask)

    def denied(self, mask: int) -> frozenset[str]:
        return frozenset(sid for sid, rights in self.denies.items() if rights & mask)


@lru_cache(maxsize=1_000)
def read_access_list(data: bytes) -> AccessList | None:
    """The access list of a descriptor; None where the bytes are no descriptor that Windows would accept."""
    if len(data) < 20 or data[0] != 1:
        return None
    control, place = unpack_from("<H", data, 2)[0], unpack_from("<I", data, 16)[0]
    if not control & _SELF_RELATIVE:
        return None
    if not control & _HAS_DACL or not place:
        return AccessList(True, {}, {})
    if place + 8 > len(data):
        return None
    revision, size, count = unpack_from("<BxHH", data, place)
    stop = place + size
    if not 2 <= revision <= 4 or stop > len(data):
        return None
    rights: tuple[dict[str, int], dict[str, int]] = ({}, {})  # by kind: allowed, denied
    at = place + 8
    for _ in range(min(count, _MOST_ENTRIES)):
        if at + 16 > stop:
            return None
        kind, length, mask = _ENTRY(data, at)
        if length < 16 or at + length > stop:
            return None
        if kind <= _DENY:
            stored = data[at + 8 : at + length]
            sid = _KNOWN.get(stored) or _sid(stored)
            rights[kind][sid] = rights[kind].get(sid, 0) | mask
        at += length
    return AccessList(False, *rights)


@lru_cache(maxsize=1_000)
def _sid(data: bytes) -> str:
    count = min(data[1], (len(data) - 8) // 4)
    parts = unpack_from(f"<{count}I", data, 8) if count > 0 else ()
    return "-".join(map(str, ("S", data[0], int.from_bytes(data[2:8], "big"), *parts)))
