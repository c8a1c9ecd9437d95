"""A file of the volume in JSON: size, times, hash, and what it is as a program. Contract: docs/output.md."""

from typing import Any

from hivecheck.evidence.inventory import FileFacts
from hivecheck.evidence.pe_facts import PeFacts
from hivecheck.facts.filetime import iso_utc

Json = Any


def file_json(facts: FileFacts) -> dict[str, Json]:
    """What is known of a file or folder that exists; null for what is not."""
    return {
        "path": facts.path,
        "size": None if facts.is_folder else facts.size,
        "is_folder": facts.is_folder,
        "created": iso_utc(facts.created) if facts.created else None,
        "modified": iso_utc(facts.modified) if facts.modified else None,
        "sha256": facts.sha256 or None,
        "reparse": facts.reparse or None,
        "unread": facts.unread or None,
        "program": _program_json(facts.program, facts) if facts.program is not None else None,
    }


def _program_json(program: PeFacts, facts: FileFacts) -> dict[str, Json]:
    signature = facts.signature
    return {
        "machine": program.machine,
        "subsystem": program.subsystem_words,
        "native": program.is_native,
        "dll": program.is_dll,
        "time_date_stamp": program.stamp,
        "imports": list(program.imports),
        "version": dict(program.version),
        "authentihash_sha1": program.authentihash_sha1,
        "authentihash_sha256": program.authentihash_sha256,
        "embedded_signature": program.signature_bytes > 0,
        "signature": {"state": signature.state.value, "why": signature.why or None, "signer": signature.signer or None}
        if signature is not None
        else None,
        "catalog": facts.catalog or None,
        "faults": list(program.faults),
    }
