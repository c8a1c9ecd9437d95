"""A file that was named and is neither a hive nor a container: what it may be, and what is missing."""

from pathlib import Path

from hivecheck.errors import NotAHiveError
from hivecheck.evidence.archives import first_bytes
from hivecheck.evidence.container_kinds import HEAD_BYTES
from hivecheck.evidence.lone_parts import refuse_lone_part
from hivecheck.registry.regf import is_too_large


def refuse_unknown(named: Path) -> None:
    """Raises EvidenceError where what it is can be told better than by opening it as a hive: a later part, or what is too large."""
    refuse_lone_part(named)
    if not is_too_large(named):
        return
    head = first_bytes(named, HEAD_BYTES)
    begins = "zeros" if not any(head) else head[:4].hex(" ")
    hint = (
        "If it is a disk image, its first sectors are empty or missing: take it again, or name the volume alone."
        if not any(head)
        else "If it is a disk image or archive of another kind, convert or unpack it."
    )
    raise NotAHiveError(
        f"this is no registry hive, archive or disk image that hivecheck knows: it begins with {begins}", str(named), hint
    )
