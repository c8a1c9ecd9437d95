"""The analysis as one JSON document, schema `hivecheck.analysis/1`: the source of every other export.

Names and shapes are a contract (docs/output.md); fields may be added, never renamed. Times are UTC with seven decimals.
The same analysis gives the same bytes, `generated_utc` aside.
"""

import json
from collections.abc import Iterator
from typing import Any

from hivecheck import __version__
from hivecheck.analysis import Analysis
from hivecheck.boot.actions import Action, DeleteFile
from hivecheck.boot.machine import Machine
from hivecheck.boot.replay import Event
from hivecheck.evidence.opening import LogChange, LogEvidence
from hivecheck.facts.filetime import iso_utc
from hivecheck.facts.nt_path import NtPath
from hivecheck.registry import hive
from hivecheck.registry.hive import RawValue, type_name
from hivecheck.registry.logs import first_and_last
from hivecheck.registry.readers import ReaderOpinion
from hivecheck.registry.strings import decode_dword, decode_multi_sz, decode_sz
from hivecheck.report.lost_json import lost_lists_json
from hivecheck.report.origins_json import origins_json, problem_json
from hivecheck.settings.catalog import SUBSYSTEMS, Row, applies_to
from hivecheck.settings.commands import Command
from hivecheck.settings.object_names import NamedText
from hivecheck.settings.paging_files import PagingFile
from hivecheck.settings.pending_renames import PendingRename, RenameList
from hivecheck.settings.setting import CitedString, Presence, Setting
from hivecheck.settings.subsystems import parse_csrss

SCHEMA = "hivecheck.analysis/1"
RULES_VERSION = "0"
_BLOB_BYTES = 32

Json = Any


def analysis_document(analysis: Analysis, generated_utc: str) -> dict[str, Json]:
    """The document of one hive. `generated_utc` is given from outside: nothing here reads a clock."""
    sets = analysis.control_sets
    return {
        "schema": SCHEMA,
        "tool": {"name": "hivecheck", "version": __version__, "rules": RULES_VERSION},
        "generated_utc": generated_utc,
        "case": {"case_id": None, "examiner": None, "evidence_id": None, "notes": None},
        "options": {
            "control_set": analysis.options.control_set,
            "safe_mode": analysis.options.safe_mode,
            "verify": analysis.options.verify,
        },
        "evidence": _evidence(analysis),
        "control_set": {
            "number": sets.number,
            "why": sets.why,
            "current": sets.select_number("Current"),
            "default": sets.select_number("Default"),
            "failed": sets.select_number("Failed"),
            "last_known_good": sets.select_number("LastKnownGood"),
            "present": list(sets.present),
            "because": origins_json(sets.because),
        },
        "generation": _generation(analysis),
        "settings": settings_document(analysis),
        "events": [event_json(event) for event in analysis.replay.events],
        "halted": halted_json(analysis),
        "after": machine_json(analysis.replay.after),
        "recovered": lost_lists_json(analysis.lost),
        "findings": [],
        "problems": [problem_json(problem) for problem in analysis.problems],
    }


def _evidence(analysis: Analysis) -> dict[str, Json]:
    evidence, facts = analysis.evidence, analysis.facts
    block = evidence.base_block
    return {
        "source": evidence.source,
        "hive": evidence.name,
        "size": evidence.size,
        "md5": evidence.digests.md5,
        "sha1": evidence.digests.sha1,
        "sha256": evidence.digests.sha256,
        "sequence": [block.primary_sequence, block.secondary_sequence],
        "checksum_ok": block.checksum_ok,
        "dirty": evidence.dirty,
        "last_written": iso_utc(block.last_written) if block.last_written else None,
        "version": ".".join(str(number) for number in block.version),
        "root": evidence.root_name,
        "embedded_name": block.embedded_name,
        "logs": [log_json(log) for log in evidence.logs],
        "recovered": evidence.recovered,
        "log_changes": [_log_change(change) for change in evidence.log_changes],
        "readers": [{"name": "hivecheck", "agrees": True}, *(_reader(reader) for reader in evidence.readers)],
        "computer_name": facts.computer_name.value,
        "time_zone": facts.time_zone.value.describe() if facts.time_zone.value else None,
        "last_shutdown": iso_utc(facts.last_shutdown.value) if facts.last_shutdown.value else None,
        "last_boot": iso_utc(facts.last_boot.value) if facts.last_boot.value else None,
        "boot_count": facts.boot_count.value,
        "system_root": facts.system_root.value,
        "facts": {
            name: {
                "confidence": guess.confidence.value,
                "because": [{"text": reason.text, "origins": origins_json(reason.because)} for reason in guess.reasons],
            }
            for name, guess in _guesses(analysis)
        },
    }


def log_json(log: LogEvidence) -> dict[str, Json]:
    fate = log.fate
    applied = [one.sequence for one in fate.fates if one.applied]
    return {
        "source": str(log.path),
        "size": len(fate.log.data),
        "sha256": log.sha256 or None,
        "format": fate.log.format.value,
        "entries": len(fate.fates),
        "applied": len(applied),
        "sequences": list(first_and_last(applied)) if applied else [0, 0],
        "why": fate.why,
        "doubt": fate.doubt or None,
        "skipped": [{"sequence": one.sequence, "why": one.why} for one in fate.fates if not one.applied],
    }


def _log_change(change: LogChange) -> dict[str, Json]:
    return {
        "log": change.log,
        "sequence": change.sequence,
        "key": change.key,
        "value": change.value,
        "before": _raw_value(change.before),
        "after": _raw_value(change.after),
    }


def _raw_value(raw: RawValue | None) -> Json:
    if raw is None:
        return None
    written = iso_utc(raw.ref.written)
    return {"type": type_name(raw.type), "value": plain_data(raw), "bytes": len(raw.data), "written": written}


def plain_data(raw: RawValue) -> Json:
    """A value's data as its type says, without any meaning: text, a list of text, a number, or the first bytes in hex."""
    match raw.type:
        case hive.REG_SZ | hive.REG_EXPAND_SZ | hive.REG_LINK:
            return decode_sz(raw.data).text
        case hive.REG_MULTI_SZ:
            return list(decode_multi_sz(raw.data).strings)
        case hive.REG_DWORD if len(raw.data) == 4:
            return decode_dword(raw.data)
        case _:
            return value_json(raw.data)


def _guesses(analysis: Analysis) -> Iterator[tuple[str, Any]]:
    for name in (
        "generation", "role", "edition", "service_pack", "architecture", "computer_name", "time_zone", "last_shutdown",
        "last_boot", "boot_count", "system_root",
    ):  # fmt: skip
        yield name, getattr(analysis.facts, name)


def _reader(reader: ReaderOpinion) -> dict[str, Json]:
    return {
        "name": reader.name,
        "agrees": reader.agrees,
        "known_defects": list(reader.known_defects),
        "disagreements": [
            {"key": one.key, "value": one.value, "what": one.what, "ours": one.ours, "theirs": one.theirs}
            for one in reader.disagreements
        ],
        "keys": reader.keys_compared,
        "values": reader.values_compared,
        "note": reader.note,
    }


def _generation(analysis: Analysis) -> dict[str, Json]:
    facts = analysis.facts
    return {
        "name": analysis.generation.name,
        "id": analysis.generation.id,
        "family": analysis.generation.family.value,
        "architecture": facts.architecture.value,
        "edition": facts.edition.value,
        "role": facts.role.value.value if facts.role.value else None,
        "service_pack": facts.service_pack.value,
        "confidence": facts.generation.confidence.value,
        "because": [reason.text for reason in facts.generation.reasons],
    }


def settings_document(analysis: Analysis) -> dict[str, Json]:
    """Every setting by its catalogue name; a key read as a whole also gives each of its values as `Key/Name`."""
    found: dict[str, Json] = {}
    for row, setting in analysis.settings:
        found[row.name] = _setting(row, setting, analysis)
        if row.value is None and isinstance(setting.value, tuple):
            for text in setting.value:
                found.setdefault(f"{row.name}/{text.name}", _named_text(row, text))
    return found


def _setting(row: Row[Any], setting: Setting[Any], analysis: Analysis) -> dict[str, Json]:
    return {
        "presence": setting.presence.value,
        "type": type_name(setting.raw.type) if setting.raw else None,
        "value": None if setting.presence is Presence.ABSENT and row.value else value_json(setting.value),
        "origins": origins_json(setting.origins),
        "problems": [problem_json(problem) for problem in setting.problems],
        "reader": row.reader,
        "applies": applies_to(row, analysis.generation),
    }


def _named_text(row: Row[Any], text: NamedText) -> dict[str, Json]:
    found: dict[str, Json] = {
        "presence": "written",
        "type": "REG_EXPAND_SZ" if text.expands else "REG_SZ",
        "value": text.text,
        "origins": origins_json((text.origin,)),
        "problems": [],
        "reader": row.reader,
    }
    if row is SUBSYSTEMS and text.name.upper() == "WINDOWS":
        csrss = parse_csrss(text.text, text.origin)
        found["csrss"] = {
            "image": csrss.line.image,
            "arguments": [{"name": name, "value": value} for name, value in csrss.arguments],
            "server_dlls": [
                {"text": dll.text, "dll": dll.dll, "entry": dll.entry, "index": dll.index} for dll in csrss.server_dlls
            ],
        }
    return found


def value_json(value: object) -> Json:
    """A setting's value in JSON: lists of text where smss reads lines, objects where it reads more."""
    match value:
        case None | bool() | int() | str():
            return value
        case bytes():
            shown = value[:_BLOB_BYTES].hex()
            return {"bytes": len(value), "hex": shown + ("…" if len(value) > _BLOB_BYTES else "")}
        case Command() | CitedString():
            return value.text
        case RenameList():
            return [value_json(pair) for pair in value.pairs]
        case PendingRename():
            return {
                "action": value.action,
                "source": value.source.text,
                "destination": value.destination.text if value.destination else None,
                "replaces": value.replaces,
                "marker": value.marker,
            }
        case PagingFile():
            return {
                "text": value.text,
                "path": value.path,
                "minimum_mb": value.minimum_mb,
                "maximum_mb": value.maximum_mb,
                "system_managed": value.system_managed,
                "rejected": value.rejected or None,
            }
        case NamedText():
            return {"name": value.name, "value": value.text}
        case tuple():
            return [value_json(one) for one in value]
        case _:
            raise TypeError(f"no JSON form for {type(value).__name__}")


def event_json(event: Event) -> dict[str, Json]:
    return {
        "number": event.number,
        "step": event.step.value,
        "process": event.process,
        "action": action_json(event.action),
        "done": event.done.value,
        "why": event.why,
        "assumes": list(event.assumes),
        "certainty": event.certainty.value,
        "because": origins_json(event.because),
    }


def action_json(action: Action) -> dict[str, Json]:
    """The action's kind and its fields, paths as text."""
    found: dict[str, Json] = {"kind": action.kind}
    for name in action.__match_args__:
        found[name] = _field_json(getattr(action, name))
    if isinstance(action, DeleteFile):
        found |= {"destination": None, "replaces": False}
    return found


def _field_json(value: object) -> Json:
    match value:
        case NtPath():
            return value.text
        case tuple():
            return [_field_json(one) for one in value]
        case _:
            return value


def halted_json(analysis: Analysis) -> dict[str, Json] | None:
    halted = analysis.replay.halted
    if halted is None:
        return None
    return {
        "event": halted.event,
        "why": halted.why,
        "certainty": halted.certainty.value,
        "because": origins_json(halted.because),
    }


def machine_json(machine: Machine) -> dict[str, Json]:
    """The machine's five parts; keys keep their spelling."""
    return {
        "names": {one.name: {"type": one.type, "target": one.target or None} for one in machine.names.values()},
        "files": {
            one.path: {"exists": one.exists.value, "content": one.content, "fate": one.fate, "assumed": one.assumed}
            for one in machine.files.values()
        },
        "environment": {one.name: one.value for one in machine.environment.values()},
        "processes": [
            {
                "name": one.name,
                "image": one.image,
                "command": one.command,
                "parent": one.parent,
                "session": one.session,
                "ends": one.ends,
                "assumed": one.assumed,
            }
            for one in machine.processes
        ],
        "registry": [{"key": one.key, "name": one.name, "value": one.value} for one in machine.registry],
    }


def write_documents(analyses: list[Analysis], generated_utc: str, several: bool = False) -> Iterator[str]:
    """The documents as JSON text: one object, or an array where several inputs were asked for, however many could be read."""
    return _write_all([analysis_document(analysis, generated_utc) for analysis in analyses], several)


def write_settings_documents(analyses: list[Analysis], generated_utc: str, several: bool = False) -> Iterator[str]:
    """The part of the documents that `extract` shows."""
    return _write_parts(
        analyses,
        generated_utc,
        ("schema", "tool", "generated_utc", "evidence", "control_set", "generation", "settings", "problems"),
        several,
    )


def write_replay_documents(analyses: list[Analysis], generated_utc: str, several: bool = False) -> Iterator[str]:
    """The part of the documents that `replay` shows."""
    return _write_parts(
        analyses,
        generated_utc,
        (
            "schema",
            "tool",
            "generated_utc",
            "options",
            "evidence",
            "control_set",
            "generation",
            "events",
            "halted",
            "after",
            "problems",
        ),
        several,
    )


def _write_parts(analyses: list[Analysis], generated_utc: str, names: tuple[str, ...], several: bool) -> Iterator[str]:
    documents = (analysis_document(analysis, generated_utc) for analysis in analyses)
    return _write_all([{name: document[name] for name in names} for document in documents], several)


def _write_all(documents: list[dict[str, Json]], several: bool) -> Iterator[str]:
    if len(documents) == 1 and not several:
        yield from write_document(documents[0])
        return
    for place, document in enumerate(documents):
        yield "[" if place == 0 else ","
        yield from write_document(document)
    yield "]\n"


def write_document(document: dict[str, Json]) -> Iterator[str]:
    """The document as text, one line for each field, and for each setting, event and problem."""
    yield "{"
    last = len(document) - 1
    for place, (name, value) in enumerate(document.items()):
        comma = "," if place < last else ""
        if name in ("events", "problems", "findings") and value:
            yield f'"{name}": [\n' + ",\n".join(map(json.dumps, value)) + f"\n]{comma}\n"
        elif name == "settings" and value:
            lines = (f"{json.dumps(key)}: {json.dumps(one)}" for key, one in value.items())
            yield f'"{name}": {{\n' + ",\n".join(lines) + f"\n}}{comma}\n"
        else:
            yield f'"{name}": {json.dumps(value)}{comma}\n'
    yield "}\n"
