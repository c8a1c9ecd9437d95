"""The access lists of services and of the Service Control Manager, as self-relative security descriptors in values.

Only what decides who may do what is read: allow and deny entries with mask and SID. Source: [MS-DTYP] 2.4.2 to 2.4.6;
"Service Security and Access Rights" of the Windows documentation.
"""

from functools import lru_cache
from struct import unpack_from

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
_ALLOW, _DENY = 0, 1
_MOST_ENTRIES = 2_000


@fact
class Entry:
    """One entry that allows or denies; other kinds are left out."""

    denies: bool
    mask: int
    sid: str


@fact
class AccessList:
    """`open` is True where there is no list at all: then everybody may do everything."""

    open: bool
    entries: tuple[Entry, ...]

    def allowed(self, mask: int) -> frozenset[str]:
        """The SIDs to which an entry grants any of these rights, generic ones of the same kind included by the caller."""
        return frozenset(entry.sid for entry in self.entries if not entry.denies and entry.mask & mask)

    def denied(self, mask: int) -> frozenset[str]:
        return frozenset(entry.sid for entry in self.entries if entry.denies and entry.mask & mask)


@lru_cache(maxsize=1_000)
def read_access_list(data: bytes) -> AccessList | None:
    """The access list of a descriptor; None where the bytes are no descriptor that Windows would accept."""
    if len(data) < 20 or data[0] != 1:
        return None
    control, place = unpack_from("<H", data, 2)[0], unpack_from("<I", data, 16)[0]
    if not control & _SELF_RELATIVE:
        return None
    if not control & _HAS_DACL or not place:
        return AccessList(True, ())
    if place + 8 > len(data):
        return None
    revision, size, count = unpack_from("<BxHH", data, place)
    stop = place + size
    if not 2 <= revision <= 4 or stop > len(data):
        return None
    entries: list[Entry] = []
    at = place + 8
    for _ in range(min(count, _MOST_ENTRIES)):
        if at + 16 > stop:
            return None
        kind, length = data[at], unpack_from("<H", data, at + 2)[0]
        if length < 16 or at + length > stop:
            return None
        if kind in (_ALLOW, _DENY):
            sid = data[at + 8 : at + length]
            entries.append(Entry(kind == _DENY, unpack_from("<I", data, at + 4)[0], _KNOWN.get(sid) or _sid(sid)))
        at += length
    return AccessList(False, tuple(entries))


def _sid(data: bytes) -> str:
    count = min(data[1], (len(data) - 8) // 4)
    parts = unpack_from(f"<{count}I", data, 8) if count > 0 else ()
    return "-".join(map(str, ("S", data[0], int.from_bytes(data[2:8], "big"), *parts)))
