r"""Security descriptors of services and of the Service Control Manager: who may make services, who may see them.

They stand in values, self-relative, and of them only what decides who may do what is read: allow and deny entries with mask and SID.
Source: detections.md 1.8; [MS-DTYP] 2.4.2 to 2.4.6; "Service Security and Access Rights" of the Windows documentation.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from struct import Struct, unpack_from

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.fact import fact
from hivecheck.rules.case import Case
from hivecheck.rules.rule import Hit, Rule, Severity

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
_SYSTEM_SID = next(stored for stored, sid in _KNOWN.items() if sid == SYSTEM)
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


_ANYBODY = frozenset((EVERYONE, AUTHENTICATED, USERS, INTERACTIVE, ANONYMOUS, GUESTS))
_MAY_MAKE = CREATE_SERVICE | WRITE_DAC | WRITE_OWNER | GENERIC_ALL | GENERIC_WRITE
_SEEN_BY = (SYSTEM, ADMINISTRATORS, INTERACTIVE, SERVICE, AUTHENTICATED, EVERYONE)
_QUERY = QUERY_CONFIG | QUERY_STATUS | GENERIC_ALL | GENERIC_READ


def _check_security(case: Case) -> Iterator[Hit]:
    raw = case.value("Control\\ServiceGroupOrder\\Security", "Security")
    access = read_access_list(raw.data) if raw is not None else None
    if raw is not None and access is not None:
        anybody = _ANYBODY & access.allowed(_MAY_MAKE)
        if anybody or access.open:
            who = "everybody" if access.open else ", ".join(sorted(NAMES[sid] for sid in anybody))
            told = f"lets {who} create services, or change who may: any of them could run a program as SYSTEM"
            yield Hit(f"The descriptor of the Service Control Manager {told}.", (raw.ref,), "scm descriptor")
        else:
            told = "differs from the built-in one, which needs no value; it grants ordinary users nothing of use"
            yield Hit(f"The descriptor of the Service Control Manager {told}.", (raw.ref,), "scm descriptor", Severity.LOW)
    if case.number("Control", "DisableRemoteScmEndpoints") == 1:
        shut = case.value("Control", "DisableRemoteScmEndpoints")
        yield Hit(
            "DisableRemoteScmEndpoints is 1: services can't be asked or changed over the network. It hardens the machine, and "
            "hides its services from remote tools.",
            (shut.ref.citing("1"),) if shut is not None else (),
            "DisableRemoteScmEndpoints",
            Severity.LOW,
        )


def _check_hidden(case: Case) -> Iterator[Hit]:
    for key, security in case.keys_of_services("SECURITY"):
        stored = security.data_of("Security")
        told = _tell_hiding(stored[1]) if stored is not None else ""
        raw = security.value("Security") if told else None
        if raw is None:
            continue
        yield Hit(
            f"The descriptor of the service {key.name} {told}: sc query and services.msc would not list it.",
            (raw.ref,),
            key.name,
            story=(case.thread_of_service(key.name),),
        )


def _lets_system_ask(data: bytes) -> bool:
    """Whether a descriptor denies nothing and lets SYSTEM ask: so do nearly all, which need not be read any further."""
    at, stop = int.from_bytes(data[16:20], "little") + 8, len(data)
    found = False
    for _ in range(data[at - 4] if 28 <= at <= stop and not data[at - 3] else 0):
        if at + 16 > stop or data[at] == _DENY:
            return False
        if data[at] == 0 and data[at + 4] & _QUERY and data[at + 8 : at + 20] == _SYSTEM_SID:
            found = True
        at += data[at + 2] | data[at + 3] << 8
    return found


@lru_cache(maxsize=1_000)
def _tell_hiding(data: bytes) -> str:
    """How a descriptor hides its service, '' where it does not. Most of the hundreds of a hive are the same few."""
    if _lets_system_ask(data):
        return ""
    access = read_access_list(data)
    if access is None or access.open:
        return ""
    denied = access.denied(_QUERY | READ_CONTROL) if access.denies else frozenset()
    if not denied.isdisjoint(_SEEN_BY):
        return f"keeps {', '.join(NAMES[sid] for sid in _SEEN_BY if sid in denied)} from asking for it"
    if not any(access.allows.get(sid, 0) & _QUERY for sid in _SEEN_BY):
        return "lets neither SYSTEM nor administrators nor logged-on users ask for it"
    return ""


SCM_SECURITY_DESCRIPTOR = Rule(
    id="scm-security-descriptor",
    family="service control manager",
    title="The descriptor of the Service Control Manager is set by hand",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    techniques=("T1543.003", "T1222"),
    why=(
        "Who may create services stands in this descriptor, and nowhere where it has its built-in one. Windows ships no "
        "such value; with it any user can be let to run programs as SYSTEM."
    ),
    false_positives=("`sc sdset scmanager` by an administrator, for instance to let a monitoring account list services.",),
    remedy="Delete the value in every control set: the built-in descriptor is back at the next boot.",
    sources=("detections.md 1.8", "[MS-DTYP] 2.4.6"),
    severities="high where ordinary users may create services; low for another descriptor or DisableRemoteScmEndpoints",
    check=_check_security,
)
SVC_SD_HIDDEN = Rule(
    id="svc-sd-hidden",
    family="services",
    title="A service is hidden by its security descriptor",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    techniques=("T1564", "T1543.003"),
    why=(
        "Who may ask for a service stands in its Security value. Where administrators, SYSTEM or logged-on users are denied, sc "
        "query and services.msc leave the service out, and it runs all the same."
    ),
    false_positives=(
        "None in some 570 descriptors of clean hives: entries that deny are for guests and the network.",
        "A descriptor that can't be read (five bytes of CryptSvc up to 7) is no finding.",
    ),
    remedy="Delete the Security key of the service in every control set; the default descriptor lists it again. Then judge it.",
    sources=("detections.md 1.8", "[MS-DTYP] 2.4", '"Service Security and Access Rights" of the Windows documentation'),
    check=_check_hidden,
)
RULES: tuple[Rule, ...] = (SCM_SECURITY_DESCRIPTOR, SVC_SD_HIDDEN)
