"""The section on the files of the volume, where it was at hand: how far they are known, and what was found of the boot's programs."""

from collections.abc import Iterator

from hivecheck.analysis import Analysis
from hivecheck.evidence.inventory import FileFacts, Inventory
from hivecheck.evidence.pe_facts import PeFacts
from hivecheck.evidence.signatures import SignatureState
from hivecheck.facts.filetime import iso_utc
from hivecheck.report.html_cells import MOST_ROWS, Bits, Block, code, count, make_table, paragraph, say, time, words
from hivecheck.report.volume_words import volume_words

_WORDS = (
    "These files were read where they lie; nothing of them was run. The signatures of catalogs were not checked. Who signed a program was "
    "verified only where its signature is said to be valid or untrusted: any other signer is a claim, as version strings are, that anyone "
    "can write."
)
_REASONS = 3
_UNVERIFIED = (SignatureState.NOT_CHECKED, SignatureState.MATCHES)
_COLUMNS = ("Path", "What it is", "Signed", "Claims to be", "Modified (UTC)", "SHA-256")


def tell_files(analysis: Analysis) -> Iterator[Block]:
    """The files that nobody vouches for first, in the order of the boot; nothing where the volume was not at hand."""
    inventory = analysis.inventory
    if inventory is None:
        return
    yield paragraph(words(volume_words(inventory)) + " " + _WORDS + words(_unchecked(inventory)))
    files = [file for file in inventory.present if not file.is_folder]
    unsigned = [file for file in files if file.program is not None and not file.is_signed and not file.catalog]
    others = [file for file in files if file not in unsigned]
    for title, some in (
        ("Programs without a signature that holds, and in no catalog", unsigned),
        ("The other files", others),
    ):
        if some:
            rows = [("", _cells(file)) for file in some[:MOST_ROWS]]
            yield "fold", make_table("inventory", f"{title}: {count(len(some), 'file')}", _COLUMNS, rows, len(some))
    missing = [file for file in inventory.files.values() if file.exists is False]
    if missing:
        rows = [("", ((code(file.path),),)) for file in missing[:MOST_ROWS]]
        caption = (
            f"{count(len(missing), 'path')} that the boot asks for and that {'is' if len(missing) == 1 else 'are'} not there"
        )
        yield "fold", make_table("inventory", caption, ("Path",), rows, len(missing))


def _unchecked(inventory: Inventory) -> str:
    """Why signers were not verified, each reason once; '' where none was left."""
    signatures = (file.signature for file in inventory.present)
    reasons = {one.why: None for one in signatures if one is not None and one.state in _UNVERIFIED}
    return "".join(f" Signers were not verified: {why}." for why in [*reasons][:_REASONS])


def _cells(file: FileFacts) -> tuple[Bits, ...]:
    program = file.program
    modified: Bits = (time(iso_utc(file.modified)[:19]),) if file.modified else say("not known")
    digest: Bits = (
        (code(file.sha256),) if file.sha256 else say(words(f"not read: {file.unread}" if file.unread else "not read"))
    )
    return (
        (code(file.path),),
        say(words(_kind(file, program))),
        say(words(_signed(file, program))),
        say(words(program.version_string("CompanyName") if program is not None else "")),
        modified,
        digest,
    )


def _kind(file: FileFacts, program: PeFacts | None) -> str:
    if program is None:
        return f"no program, {file.size:,} bytes" if file.is_read else f"{file.size:,} bytes"
    kind = "library" if program.is_dll else "program"
    return "; ".join((f"{program.subsystem_words} {kind} for {program.machine}, {file.size:,} bytes", *program.faults))


def _signed(file: FileFacts, program: PeFacts | None) -> str:
    if program is None:
        return ""
    listed = f"in catalog {file.catalog}" if file.catalog else ""
    if file.signature is None:
        return listed or "no"
    told = file.signature.short_words if file.signature.state in _UNVERIFIED else file.signature.words
    return "; ".join(filter(None, (f"signature embedded: {told}", listed)))
