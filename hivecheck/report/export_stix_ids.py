"""Identifiers and spellings of STIX 2.1: deterministic UUIDs, times, patterns. Knows no finding.

Source: "STIX Version 2.1", OASIS Standard: 2.9 (identifiers of observables are UUIDv5 of their contributing properties as canonical
JSON, in a namespace of the standard), 3.2, 9 (patterns).
"""

import json
from hashlib import sha1
from typing import Any

Json = Any
OBSERVABLES = "00abedb4-aa42-466c-9c01-fed23315a9b7"  # the namespace that the standard gives
OURS = "6f1c2f5e-3a0d-5b1c-9d3e-8a4f7c2b1e60"  # of what hivecheck says itself
_UUID_BYTES = 16


def uuid5(namespace: str, name: str) -> str:
    """The UUID, version 5 (RFC 9562), of a name in a namespace."""
    digest = sha1(bytes.fromhex(namespace.replace("-", "")) + name.encode(), usedforsecurity=False).digest()
    made = bytearray(digest[:_UUID_BYTES])
    made[6] = made[6] & 0x0F | 0x50
    made[8] = made[8] & 0x3F | 0x80
    text = made.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def observable_id(kind: str, contributing: dict[str, Json]) -> str:
    """The identifier of an observable that has these contributing properties, by the standard's own rule."""
    return f"{kind}--{uuid5(OBSERVABLES, canonical(contributing))}"


def object_id(kind: str, *parts: str) -> str:
    """The identifier of an object of ours: the same for the same parts."""
    return f"{kind}--{uuid5(OURS, canonical([kind, *parts]))}"


def canonical(value: Json) -> str:
    """Canonical JSON (RFC 8785) of text, lists and objects with ASCII names."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def pattern_text(text: str) -> str:
    r"""A text as a constant of a pattern: in quotes, `\` and `'` escaped."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
