"""The case, the hive as a piece of evidence, and what is concluded of the machine, in JSON. Contract: docs/output.md."""

from collections.abc import Iterator
from typing import Any

from hivecheck.analysis import Analysis, Evidence
from hivecheck.evidence.opening import LogChange, LogEvidence
from hivecheck.facts.case_notes import CaseNotes
from hivecheck.facts.filetime import iso_or_none, iso_utc
from hivecheck.registry.hive import RawValue, type_name
from hivecheck.registry.readers import ReaderOpinion
from hivecheck.registry.sequence_numbers import first_and_last
from hivecheck.report.origins_json import origins_json
from hivecheck.report.settings_json import plain_data, software_settings

Json = Any


def case_json(notes: CaseNotes) -> dict[str, Json]:
    """What the examiner gave, as it was given; null for the rest."""
    return {
        "case_id": notes.case_id or None,
        "examiner": notes.examiner or None,
        "evidence_id": notes.evidence_id or None,
        "notes": notes.notes or None,
    }


def evidence_json(analysis: Analysis) -> dict[str, Json]:
    evidence, facts = analysis.evidence, analysis.facts
    return {
        **_file_json(evidence),
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


def software_json(analysis: Analysis) -> dict[str, Json] | None:
    """The SOFTWARE hive that was given: the file, and what the boot reads of it; None where there was none."""
    if analysis.software is None or analysis.software_evidence is None:
        return None
    return {"evidence": _file_json(analysis.software_evidence), **software_settings(analysis, analysis.software)}


def _file_json(evidence: Evidence) -> dict[str, Json]:
    """A hive file, as it lies there, and its logs."""
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
        **({"places": list(evidence.places)} if evidence.places else {}),
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
    written = iso_or_none(raw.ref.written)
    return {"type": type_name(raw.type), "value": plain_data(raw), "bytes": len(raw.data), "written": written}


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


def generation_json(analysis: Analysis) -> dict[str, Json]:
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
