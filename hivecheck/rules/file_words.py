"""What lies at a path of the volume, in words for a finding: what kind of file, who vouches for it, what it claims to be."""

from hivecheck.boot.known_files import path_on_volume
from hivecheck.evidence.inventory import FileFacts, Inventory
from hivecheck.evidence.signatures import Signature, SignatureState
from hivecheck.facts.nt_path import NtPath
from hivecheck.rules.case import Case


def facts_at(case: Case, inventory: Inventory, path: NtPath) -> FileFacts | None:
    """What was looked up for a path of the boot as it leads before the boot; None where it was not, or leads off the volume."""
    inside = path_on_volume(case.replay.before, path, case.system_root)
    return inventory.of(inside) if inside else None


def catalogs_words(inventory: Inventory) -> str:
    """As it goes on behind `in none of` or `not in`: `the only catalog of the volume`, `any of the 4,200 catalogs of the volume`."""
    number = inventory.catalogs_read
    return "the only catalog of the volume" if number == 1 else f"any of the {number:,} catalogs of the volume"


def describe(inventory: Inventory, file: FileFacts) -> str:
    """What lies there, as the rest of a sentence."""
    if file.is_folder:
        return "a folder"
    if not file.is_read:
        return f"there, but can't be read ({file.unread})" if file.unread else "there"
    size = f"a file of {file.size:,} bytes, SHA-256 {file.sha256}"
    program = file.program
    if program is None:
        return f"{size}, and no program"
    claims = program.version_string("CompanyName")
    parts = [f"a {program.subsystem_words} {'library' if program.is_dll else 'program'} for {program.machine}"]
    parts.append(_signing(inventory, file))
    if claims:
        parts.append(f"its version resource says {claims}")
    return f"{size}: {', '.join(parts)}"


def _signing(inventory: Inventory, file: FileFacts) -> str:
    """By whom the file is signed, and which catalog lists it where its own signature does not settle that."""
    signature = file.signature
    parts = [f"with an embedded signature ({_signature_words(signature)})"] if signature is not None else []
    if file.catalog:
        parts.append(f"listed in the catalog {file.catalog} (the catalog's own signature not checked)")
    elif signature is None and not inventory.catalogs_read:
        parts.append("without an embedded signature; no catalogs are at hand")
    elif not file.is_verified and inventory.catalogs_read:
        parts += ["without a signature"] if signature is None else []
        parts.append(f"not in {catalogs_words(inventory)}")
    return ", ".join(parts)


def _signature_words(signature: Signature) -> str:
    """Why the signer was not verified stands with the files, once."""
    return signature.words if signature.state in (SignatureState.VALID, SignatureState.BROKEN) else signature.short_words
