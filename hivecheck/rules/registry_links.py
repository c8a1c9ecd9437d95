r"""Keys that lead elsewhere, and keys that ordinary users may change. Source: detections.md 1.12; access lists of five real hives."""

from collections.abc import Iterable, Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.generation import VISTA, WIN10_1507, WIN2000
from hivecheck.facts.origin import Origin
from hivecheck.registry.hive import REG_LINK, Key
from hivecheck.registry.key_security import read_descriptor, security_cell, security_cells
from hivecheck.registry.keys import RegfKey
from hivecheck.registry.links import LINK_VALUE, find_links, is_link
from hivecheck.registry.regf import RegfHive
from hivecheck.registry.strings import decode_sz
from hivecheck.rules.case import Case
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.rules.service_security import (
    AUTHENTICATED,
    EVERYONE,
    GENERIC_ALL,
    GENERIC_WRITE,
    INTERACTIVE,
    NAMES,
    USERS,
    WRITE_DAC,
    WRITE_OWNER,
    read_access_list,
)

_SM = "Control\\Session Manager"
_WATCHED = (
    "Control", _SM, _SM + "\\KnownDLLs", _SM + "\\Environment", _SM + "\\AppCertDlls", _SM + "\\SubSystems",
    _SM + "\\DOS Devices", _SM + "\\Memory Management", "Control\\SafeBoot", "Control\\SafeBoot\\Minimal",
    "Control\\SafeBoot\\Network", "Control\\Lsa", "Control\\SecurityProviders", "Control\\NetworkProvider\\Order", "Services",
    "\\Setup",
)  # fmt: skip
_SET_VALUE, _CREATE_SUBKEY = 0x2, 0x4
_CHANGE = _SET_VALUE | WRITE_DAC | WRITE_OWNER | GENERIC_WRITE | GENERIC_ALL
_ORDINARY = (EVERYONE, USERS, AUTHENTICATED, INTERACTIVE)
_OPEN_AS_SHIPPED = frozenset(("dnscache", "rpceptmapper"))  # subkeys, from Vista to 8.1
_KEYS_CITED = 10


def _check_links(case: Case) -> Iterator[Hit]:
    found: dict[str, tuple[Key, Origin, str]] = {}
    if isinstance(case.hive, RegfHive):
        for link in find_links(case.hive):
            text = decode_sz(link.value.data).text
            found[link.key.path] = (link.key, link.value.ref.citing(text), text)
    for key in _watched_keys(case):
        linked = is_link(key)
        if (isinstance(key, RegfKey) and not linked) or key.path in found:
            continue
        raw = key.value(LINK_VALUE)
        if raw is not None and (raw.type == REG_LINK or linked):
            text = decode_sz(raw.data).text
            found[key.path] = (key, raw.ref.citing(text), text)
        elif linked:
            found[key.path] = (key, key.ref, "")
    for path, (key, origin, target) in found.items():
        yield Hit(
            f"{path} is a link: whoever opens it would be led to {target or 'a place that cannot be read'}. No Windows stores a "
            "link in this hive.",
            (origin, key.ref),
            path,
        )


def _watched_keys(case: Case) -> Iterator[Key]:
    yield from case.hive.root.subkeys()
    for path in _WATCHED:
        key = case.key(path)
        if key is not None:
            yield key
    for path in (_SM, "Control\\SafeBoot\\Minimal", "Control\\SafeBoot\\Network"):
        yield from case.subkeys(path)
    yield from case.lists.keys.keys


def _check_access(case: Case) -> Iterator[Hit]:
    for path in _WATCHED:
        key = case.key(path)
        told = _weakness(_descriptor(case, key)) if key is not None else None
        if key is not None and told is not None:
            who, what, _ = told
            yield Hit(f"{who} may {what} {key.path}, which decides what the next boot runs.", (key.ref,), key.path)
    weak: dict[tuple[str, str, bool], list[Key]] = {}
    by_cell: dict[object, tuple[str, str, bool] | None] = {}
    for key, shared in _with_cells(case):
        if shared not in by_cell:
            by_cell[shared] = _weakness(_descriptor(case, key))
        found = by_cell[shared]
        if found is None or (not found[2] and case.generation < WIN2000):  # NT 4 lets everybody make keys there
            continue
        known = key.name.casefold() in _OPEN_AS_SHIPPED and VISTA <= case.generation < WIN10_1507
        if known and not found[2]:
            text = (
                f"{found[0]} may {found[1]} {key.path}, as shipped with Windows before 10: a key Performance made there names a "
                "DLL that services load."
            )
            yield Hit(text, (key.ref,), key.path, Severity.LOW, Confidence.HIGH, story=(case.thread_of_service(key.name),))
        else:
            weak.setdefault(found, []).append(key)
    for (who, what, changes), keys in weak.items():
        more = f" and of {len(keys) - 1} more" if len(keys) > 1 else ""
        text = (
            f"{who} may {what} the service key {keys[0].path}{more}: "
            + ("any of them can put another program in its place, which runs as the service." if changes else "a key made there, such as Performance, names a DLL that others load.")
        )  # fmt: skip
        yield Hit(
            text,
            tuple(key.ref for key in keys[:_KEYS_CITED]),
            keys[0].path,
            Severity.HIGH if changes else Severity.MEDIUM,
            story=tuple(case.thread_of_service(key.name) for key in keys[:_KEYS_CITED]),
        )


def _with_cells(case: Case) -> Iterable[tuple[Key, object]]:
    """Each key below Services, and the cell of its descriptor: the same cell, the same descriptor."""
    keys = case.lists.keys.keys
    if not isinstance(case.hive, RegfHive):
        return [(key, key.path) for key in keys]
    stored = [key for key in keys if isinstance(key, RegfKey)]
    return zip(stored, security_cells(case.hive, stored), strict=True)


def _descriptor(case: Case, key: Key) -> bytes:
    if isinstance(case.hive, RegfHive) and isinstance(key, RegfKey):
        return read_descriptor(case.hive, security_cell(case.hive, key))
    return dict(case.evidence.descriptors).get(key.path, b"")


def _weakness(descriptor: bytes) -> tuple[str, str, bool] | None:
    """Who may do what, in words, and whether it is more than to make keys; None where ordinary users may do neither."""
    rights = read_access_list(descriptor) if descriptor else None
    if rights is None:
        return None
    if rights.open:
        return "Everybody", "change", True
    for mask, what in ((_CHANGE, "change"), (_CREATE_SUBKEY, "make keys in")):
        allowed = rights.allowed(mask)
        who = [NAMES[sid] for sid in _ORDINARY if sid in allowed]
        if who:
            words = " and ".join(who)
            return words[0].upper() + words[1:], what, mask == _CHANGE
    return None


REG_LINK_RULE = Rule(
    id="reg-link",
    family="hive",
    title="A key of the hive is a link to another key",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    techniques=("T1112", "T1564"),
    why=(
        "Whoever opens a link gets the key it leads to, and tools that read the hive offline see an empty key. A link in the place of "
        "SafeBoot, a service or the Session Manager's keys leads the boot elsewhere. Of 178,000 keys of clean hives none is one."
    ),
    false_positives=("None known. CurrentControlSet is a link too, but is made at each boot and not stored.",),
    remedy="Note where it leads and collect that key, then delete the link in every control set and restore the key as shipped.",
    sources=("detections.md 1.12",),
    check=_check_links,
)
KEY_ACL_WEAK = Rule(
    id="key-acl-weak",
    family="hive",
    title="Ordinary users may change a key that decides what runs",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    techniques=("T1574.011",),
    why=(
        "Who may write into the Session Manager's keys, SafeBoot, Lsa or a service runs programs as the system at the next boot. "
        "As shipped only administrators and the system may; a weakened list is a way back in that leaves no value behind."
    ),
    false_positives=(
        "Some vendors let users write to the key of their own service.",
        "Dnscache and RpcEptMapper of Vista to 8.1, in which Windows itself lets users make keys: low.",
    ),
    remedy="Give the key back the access list that it inherits, in every control set; first see what was written through it.",
    sources=("detections.md 1.12",),
    severities="medium for services in which users may only make keys, low where Windows ships it so",
    needs="a hive file: notation has no access lists",
    check=_check_access,
)
