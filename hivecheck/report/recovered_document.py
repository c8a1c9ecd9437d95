"""What was recovered as one JSON document, schema `hivecheck.recovered/1`, and its part for the analysis document.

Names and shapes are a contract (docs/output.md). The bytes of every remnant are given in hex, so that each can be checked.
"""

import json
from collections.abc import Iterator
from typing import Any

from hivecheck import __version__
from hivecheck.facts.case_notes import NO_NOTES, CaseNotes
from hivecheck.facts.filetime import iso_or_none
from hivecheck.recovery import Recovery
from hivecheck.registry.carve import DeletedKey, DeletedValue
from hivecheck.registry.earlier import EarlierContent
from hivecheck.registry.hive import RawValue, type_name
from hivecheck.report.evidence_json import case_json, log_json
from hivecheck.report.lost_json import history_json, sighting_json, text_json
from hivecheck.report.origins_json import origin_json, problem_json
from hivecheck.report.settings_json import plain_data
from hivecheck.settings.session_remnants import SessionRemnants

SCHEMA = "hivecheck.recovered/1"

Json = Any


def recovered_document(recovery: Recovery, generated_utc: str, notes: CaseNotes = NO_NOTES) -> dict[str, Json]:
    """The document of one hive."""
    fields = _fields(recovery, generated_utc, notes)
    return {name: list(value) if isinstance(value, map) else value for name, value in fields.items()}


def _fields(recovery: Recovery, generated_utc: str, notes: CaseNotes) -> dict[str, Json]:
    """The document; what there can be much of is made one after the other, as it is asked for."""
    block = recovery.base_block
    return {
        "schema": SCHEMA,
        "tool": {"name": "hivecheck", "version": __version__},
        "generated_utc": generated_utc,
        "case": case_json(notes),
        "evidence": {
            "source": recovery.source,
            "hive": recovery.name,
            "size": recovery.size,
            "md5": recovery.digests.md5,
            "sha1": recovery.digests.sha1,
            "sha256": recovery.digests.sha256,
            "sequence": [block.primary_sequence, block.secondary_sequence],
            "dirty": block.dirty,
            "logs": [log_json(log) for log in recovery.logs],
        },
        "problems": [problem_json(problem) for problem in recovery.problems],
        "searched": [
            {"stage": one.stage.value, "size": one.size, "bytes": {kind.value: size for kind, size in one.bytes_by_kind}}
            for one in recovery.searched
        ],
        "session_manager": session_json(recovery.session),
        "keys": map(_key, recovery.keys),
        "values": map(_value, recovery.values),
        "earlier": map(_earlier, recovery.earlier),
    }


def session_json(session: SessionRemnants) -> dict[str, Json]:
    """What concerns the Session Manager, deleted values included."""
    return {
        "rename_histories": [history_json(history) for history in session.histories],
        "boot_commands": [text_json(text) | {"commands": list(text.strings)} for text in session.commands],
        "values": [_value(value) for value in session.values],
    }


def _key(key: DeletedKey) -> dict[str, Json]:
    return {
        "path": key.path,
        "name": key.name,
        "written": iso_or_none(key.ref.written),
        "parent": key.parent.value,
        "still_there": key.still_there,
        "subkeys": key.subkeys,
        "values": key.values,
        "confidence": key.confidence.value,
        "reasons": list(key.reasons),
        "origin": origin_json(key.ref),
        "found": [sighting_json(one) for one in key.found],
        "raw": key.raw.hex(),
    }


def _value(value: DeletedValue) -> dict[str, Json]:
    return {
        "key": value.ref.key,
        "name": value.name,
        "type": type_name(value.type),
        "value": plain_data(RawValue(value.name, value.type, value.data, value.ref)),
        "data": value.data.hex(),
        "data_state": value.data_state.value,
        "bytes": value.size,
        "lost_head": value.lost_head,
        "data_offset": value.data_offset,
        "owner": value.owner.value,
        "still_there": value.still_there,
        "confidence": value.confidence.value,
        "reasons": list(value.reasons),
        "origin": origin_json(value.ref),
        "found": [sighting_json(one) for one in value.found],
        "raw": value.raw.hex(),
    }


def _earlier(one: EarlierContent) -> dict[str, Json]:
    return {
        "of": origin_json(one.value),
        "type": type_name(one.type),
        "value": plain_data(RawValue(one.value.value, one.type, one.data, one.value)),
        "data": one.data.hex(),
        "offset": one.offset,
        "confidence": one.confidence.value,
        "reasons": list(one.reasons),
        "found": [sighting_json(sighting) for sighting in one.found],
        "raw": one.raw.hex(),
    }


def write_all_recovered(recoveries: list[Recovery], generated_utc: str, notes: CaseNotes = NO_NOTES) -> Iterator[str]:
    """The documents as JSON text: one object, or an array of several; one line for each key and value."""
    several = len(recoveries) > 1
    for place, recovery in enumerate(recoveries):
        if several:
            yield "," if place else "["
        yield from _write(_fields(recovery, generated_utc, notes))
    if several:
        yield "]\n"


def _write(document: dict[str, Json]) -> Iterator[str]:
    last = len(document) - 1
    yield "{"
    for place, (name, value) in enumerate(document.items()):
        comma = "," if place < last else ""
        if isinstance(value, (list, map)):
            yield f'"{name}": ['
            before = "\n"
            for one in value:
                yield before + json.dumps(one)
                before = ",\n"
            yield f"{'' if before == chr(10) else chr(10)}]{comma}\n"
        else:
            yield f'"{name}": {json.dumps(value)}{comma}\n'
    yield "}\n"
