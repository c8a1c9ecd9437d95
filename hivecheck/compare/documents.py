"""Analysis documents (`hivecheck.analysis/1`) as they are compared: read from a saved file, and checked to be of the shape that is used here.

A saved document comes from anywhere. What is not of the documented shape ends in one sentence, never further inside; more
than `LARGEST_BYTES` is not read. Contract: docs/output.md.
"""

import json
from collections.abc import Mapping
from typing import Any

from hivecheck.errors import EvidenceError

Json = Any
SCHEMA = "hivecheck.analysis/1"
LARGEST_BYTES = 64 << 20
_HINT = "Save one with `hivecheck analyze EVIDENCE --json FILE`."
_TEXT = (str,)
_MAYBE_TEXT = (str, type(None))
_WHOLE = (int, type(None))
_ANY = object
_ORIGINS: list[Mapping[str, object]] = [{}]

# What must be there, and of what type: a mapping by name, a list of one shape, `Each` of any name, or types.


class _Each:
    """An object whose values, under any name, all have one shape."""

    def __init__(self, shape: object) -> None:
        self.shape = shape


_THING = {"exists": _TEXT, "content": _TEXT, "fate": _TEXT}
_NAMING = frozenset({"source", "path", "name", "text"})  # by which an element of a list is known
_SHAPE: Mapping[str, object] = {
    "schema": _TEXT,
    "evidence": {"source": _TEXT, "hive": _TEXT, "sha256": _TEXT},
    "control_set": {"number": _WHOLE, "why": _TEXT, "present": [(int,)]},
    "generation": {"name": _TEXT, "id": _TEXT, "because": [_TEXT]},
    "settings": _Each({"presence": _TEXT, "type": _MAYBE_TEXT, "value": _ANY, "origins": _ORIGINS, "reader": _TEXT}),
    "events": [
        {
            "number": (int,),
            "step": _TEXT,
            "process": _TEXT,
            "action": {"kind": _TEXT},
            "done": _TEXT,
            "because": _ORIGINS,
        }
    ],
    "halted": (dict, type(None)),
    "after": {
        "names": _Each({"type": _TEXT, "target": _MAYBE_TEXT}),
        "files": _Each(_THING),
        "environment": _Each(_TEXT),
        "registry": [{"key": _TEXT, "name": _TEXT, "value": _ANY}],
    },
    "services": (dict,),
    "findings": [
        {
            "rule": _TEXT,
            "title": _TEXT,
            "severity": _TEXT,
            "message": _TEXT,
            "subject": _TEXT,
            "expected": _MAYBE_TEXT,
            "events": [(int,)],
            "because": _ORIGINS,
            "fingerprint": _TEXT,
        }
    ],
}


def read_document(data: bytes, path: str) -> dict[str, Json]:
    """The document in these bytes. Raises EvidenceError where they are no JSON, or no document of one hive's analysis."""
    if len(data) > LARGEST_BYTES:
        raise EvidenceError(f"this document is larger than {LARGEST_BYTES >> 20} MB", path)
    try:
        document = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:  # UnicodeDecodeError and JSONDecodeError are ValueErrors
        raise EvidenceError("this is neither a hive nor a saved analysis: it is no valid JSON", path, _HINT) from error
    return checked_document(document, path)


def checked_document(document: Json, path: str) -> dict[str, Json]:
    """The same document, known to have all that a comparison reads. Raises EvidenceError with what is wrong."""
    if isinstance(document, list) and len(document) != 1:
        hint = "Save each hive's analysis in a file of its own."
        raise EvidenceError(f"this holds the analyses of {len(document)} hives, and a comparison takes one", path, hint)
    one = document[0] if isinstance(document, list) else document
    if not isinstance(one, dict) or one.get("schema") != SCHEMA:
        raise EvidenceError(f"this JSON is no document of schema {SCHEMA}", path, _HINT)
    fault = _fault(one, _SHAPE, "") or _fault_of_values(one["settings"])
    if fault:
        raise EvidenceError(f"this analysis can't be compared: {fault}", path, _HINT)
    return one


def bare_document(source: str, hive: str, sha256: str) -> dict[str, Json]:
    """What stands for a hive of which only keys and values are compared: a document that tells nothing of a boot."""
    return {
        "schema": SCHEMA,
        "evidence": {"source": source, "hive": hive, "sha256": sha256},
        "control_set": {"number": None, "why": "", "present": []},
        "generation": {"name": "", "id": "", "because": []},
        "settings": {},
        "events": [],
        "halted": None,
        "after": {"names": {}, "files": {}, "environment": {}, "registry": []},
        "services": {},
        "findings": [],
    }


def _fault_of_values(settings: Mapping[str, Json]) -> str:
    """What is wrong with the elements of a list, '' where each is a text, or an object of plain fields, and all are alike."""
    for name, setting in settings.items():
        value = setting["value"]
        if not isinstance(value, list) or all(isinstance(one, str) for one in value):
            continue
        for place, one in enumerate(value):
            where = f"settings.{name[:40]}.value[{place}]"
            if not isinstance(one, dict):
                return f"{where} is of the wrong type"
            for field, inner in one.items():
                if not isinstance(inner, str if field in _NAMING else (str, int, type(None))):
                    return f"{where}.{field[:40]} is of the wrong type"
    return ""


def _fault(value: Json, shape: object, where: str) -> str:
    """What is wrong with a value, '' where it has the shape."""
    match shape:
        case _Each():
            if not isinstance(value, dict):
                return f"{where} is no object"
            faults = (_fault(one, shape.shape, f"{where}.{name[:40]}") for name, one in value.items())
        case Mapping():
            if not isinstance(value, dict):
                return f"{where} is no object"
            missing = next((name for name in shape if name not in value), None)
            if missing is not None:
                return f"{where}.{missing} is missing".removeprefix(".")
            faults = (_fault(value[name], inner, f"{where}.{name}".removeprefix(".")) for name, inner in shape.items())
        case list():
            if not isinstance(value, list):
                return f"{where} is no list"
            faults = (_fault(one, shape[0], f"{where}[{place}]") for place, one in enumerate(value))
        case tuple():
            fits = isinstance(value, shape) and not (isinstance(value, bool) and bool not in shape)
            return "" if fits else f"{where} is of the wrong type"
        case _:
            return ""
    return next(filter(None, faults), "")
