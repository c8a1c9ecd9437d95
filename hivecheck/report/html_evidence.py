"""The hive as a piece of evidence, for the HTML page: hashes, state, transaction logs and what they changed, other readers."""

from collections.abc import Iterator
from pathlib import Path

from hivecheck import __version__
from hivecheck.analysis import Analysis, Evidence
from hivecheck.evidence.hive_evidence import LAST_CHANGES
from hivecheck.evidence.opening import LogEvidence
from hivecheck.registry.hive import REG_DWORD, REG_EXPAND_SZ, REG_MULTI_SZ, REG_SZ, RawValue
from hivecheck.registry.known_defects import KNOWN_DEFECTS
from hivecheck.registry.readers import ReaderOpinion
from hivecheck.registry.sequence_numbers import first_and_last
from hivecheck.registry.strings import decode_dword, decode_multi_sz, decode_sz
from hivecheck.report.html_cells import (
    MOST_LINES,
    Bits,
    Block,
    code,
    count,
    fold,
    heading,
    key_time,
    label,
    lines,
    make_facts,
    make_table,
    note,
    paragraph,
    say,
    shown,
    tag,
    text,
    words,
)
from hivecheck.report.log_changes import ChangedValue, fold_changes

LONGEST_LIST = 12  # a longer one is folded
_BLOB_BYTES = 16


def tell_evidence(analysis: Analysis) -> tuple[Block, ...]:
    """The blocks of the section: the file, its logs, what they changed, and what other readers make of it."""
    evidence = analysis.evidence
    return (("table", _file(evidence)), *_software(analysis), *_logs(evidence), *_changes(evidence), *_readers(evidence))


def tell_state(analysis: Analysis) -> Bits:
    """Clean or dirty, what came of it, and whether all of it could be read."""
    state = _clean_or_dirty(analysis.evidence)
    if not analysis.is_whole:
        state += (text(" "), tag("parts can't be read", "strong"))
    if analysis.older_state is not None:
        state += (text(" "), tag("a copy of before: the hive that boots can't be read", "strong"))
    return state


def _clean_or_dirty(evidence: Evidence) -> Bits:
    if not evidence.dirty:
        return say("clean")
    if evidence.recovered:
        return tag("dirty"), text(" made whole from its logs")
    beside = "nothing of its logs could be used" if evidence.logs else "no logs were used"
    return tag("dirty", "strong"), text(f" {beside}, {LAST_CHANGES}")


def _software(analysis: Analysis) -> Iterator[Block]:
    evidence = analysis.software_evidence
    if evidence is not None:
        yield "table", _file(evidence, "The SOFTWARE hive that was given with it")
        yield from _logs(evidence)


def _file(evidence: Evidence, caption: str = "The hive file") -> object:
    block, digests = evidence.base_block, evidence.digests
    differ = block.primary_sequence != block.secondary_sequence
    sequences = f"{block.primary_sequence} and {block.secondary_sequence}"
    sequences += (
        ": they differ, so a write was under way, and the last changes may be in the log files" if differ else ": they agree"
    )
    version = ".".join(str(number) for number in block.version)
    facts: tuple[tuple[str, Bits], ...] = (
        ("Source", (code(evidence.source),)),
        ("Size", say(f"{evidence.size:,} bytes")),
        ("MD5", (code(digests.md5),)),
        ("SHA-1", (code(digests.sha1),)),
        ("SHA-256", (code(digests.sha256),)),
        ("State", _clean_or_dirty(evidence)),
        ("Sequence numbers", say(sequences)),
        ("Checksum of the base block", say("right") if block.checksum_ok else (tag("wrong", "strong"),)),
        ("Last written (base block)", key_time(block.last_written) if block.last_written else (note("not set"),)),
        ("Transaction logs", say(count(len(evidence.logs), "log")) if evidence.logs else (note("none used"),)),
        ("Format", say(f"regf {version}")),
        ("Name inside the hive", shown(block.embedded_name or None)),
        ("Name of the root key", shown(evidence.root_name or None)),
    )
    return make_facts(caption, ((say(name), bits) for name, bits in facts))


def _logs(evidence: Evidence) -> Iterator[Block]:
    if evidence.logs:
        columns = ("Log", "Format", "Entries", "What became of it", "SHA-256")
        yield "table", make_table("logs", "Transaction logs", columns, map(_log, evidence.logs))


def _log(log: LogEvidence) -> tuple[str, tuple[Bits, ...]]:
    fate = log.fate
    applied = [one.sequence for one in fate.fates if one.applied]
    entries = f"{len(applied)} of {count(len(fate.fates), 'entry', 'entries')} applied" if fate.fates else "none"
    if applied:
        first, last = first_and_last(applied)
        entries += f", {first} to {last}"
    why: Bits = (text(words(fate.why)),)
    if fate.doubt and applied:
        why += (text(" "), tag("may be another hive's", "strong"), text(f" {words(fate.doubt)}"))
    skipped = [say(label(str(one.sequence)), " ", words(one.why)) for one in fate.fates if not one.applied]
    if skipped:
        why += (fold(count(len(skipped), "entry", "entries") + " not applied", lines(skipped)),)
    kind = fate.log.format.value
    form = say("of no known format" if kind == "none" else kind, f", {len(fate.log.data):,} bytes")
    return "", ((code(str(log.path)),), form, say(entries), why, shown(log.sha256) if log.sha256 else (note("not read"),))


def _changes(evidence: Evidence) -> Iterator[Block]:
    """Each changed value once, with what each entry made of it; what a boot reads is not folded."""
    read: list[tuple[str, tuple[Bits, ...]]] = []
    other: list[tuple[str, tuple[Bits, ...]]] = []
    for value in fold_changes(evidence.log_changes):
        when = lines([say(f"{words(Path(step.log).name)}, entry {step.sequence}") for step in value.steps])
        names = (code(value.value or "(default)"),), (code(value.key),)
        row = (*names, tell_raw(value.before), _after(value), (when,))
        (read if value.read_at_boot else other).append(("", row))
    columns = ("Value", "Key", "Before", "After", "Changed by")
    if read:
        yield "table", make_table("changes", "What the logs changed of what a boot reads", columns, read)
    if other:
        title = f"{count(len(other), 'other value')} of the Session Manager changed by the logs"
        yield "fold", make_table("changes", title, columns, other)


def _after(value: ChangedValue) -> Bits:
    """What the last entry made of the value; where several changed it, what each of them did."""
    if len(value.steps) == 1:
        return tell_raw(value.after)
    return (lines([(label(f"entry {step.sequence}"), text(" "), *tell_raw(step.after)) for step in value.steps]),)


def tell_raw(raw: RawValue | None) -> Bits:
    """A stored value: its strings, its number, or the beginning of its bytes."""
    if raw is None:
        return (note("not there"),)
    if raw.type == REG_MULTI_SZ:
        strings = decode_multi_sz(raw.data).strings
        told = [say(label(str(number)), " ", code(string)) for number, string in enumerate(strings[:MOST_LINES])]
        return tell_list(told, "string", total=len(strings))
    if raw.type in (REG_SZ, REG_EXPAND_SZ):
        return (code(decode_sz(raw.data).text),)
    number = decode_dword(raw.data) if raw.type == REG_DWORD else None
    return tell_bytes(raw.data) if number is None else tell_number(number)


def tell_list(all: list[Bits], one: str, kind: str = "lines", total: int = 0) -> Bits:
    """The lines of a list, folded where there are many. `total` is how many there are, where `all` are only the first."""
    if not all:
        return (note("empty"),)
    number = max(len(all), total)
    told = lines(all, kind, number)
    return (told,) if number <= LONGEST_LIST else (fold(count(number, one), told),)


def tell_number(number: int) -> Bits:
    return (code(str(number)), note(f" 0x{number:x}")) if number > 9 else (code(str(number)),)


def tell_bytes(data: bytes) -> Bits:
    if len(data) <= _BLOB_BYTES:
        return (code(data.hex(" ")),)
    return code(data[:_BLOB_BYTES].hex(" ") + "…"), note(f" {len(data):,} bytes")


def _readers(evidence: Evidence) -> Iterator[Block]:
    yield heading("Other readers")
    yield paragraph(f"All that is told here was read by hivecheck {__version__}, without changing the file.")
    if not evidence.readers:
        yield paragraph("No second reader was asked for its opinion.")
        return
    asked = ("Reader", "Result", "Compared", "Its known defects met here")
    yield "table", make_table("readers", "What other programs read in the same keys", asked, map(_reader, evidence.readers))
    differ = ("Key", "Value", "What", "hivecheck reads", "The other reads")
    for reader in evidence.readers:
        if reader.disagreements:
            rows = [
                ("", ((code(one.key),), (code(one.value),), say(words(one.what)), (code(one.ours),), (code(one.theirs),)))
                for one in reader.disagreements
            ]
            yield "table", make_table("differences", f"Where {words(reader.name)} disagrees", differ, rows)


def _reader(reader: ReaderOpinion) -> tuple[str, tuple[Bits, ...]]:
    if reader.agrees is None:
        result: Bits = (tag("was not asked"),)
    elif reader.agrees:
        result = (tag("agrees", "calm"),)
    else:
        result = (tag(f"disagrees in {count(len(reader.disagreements), 'place')}", "strong"),)
    if reader.note:
        result += (text(" "), note(words(reader.note)))
    compared = f"{count(reader.keys_compared, 'key')}, {count(reader.values_compared, 'value')}"
    defects = [say(code(name), " ", words(KNOWN_DEFECTS.get(name, ""))) for name in reader.known_defects]
    return "", (say(words(reader.name)), result, say(compared), (lines(defects, "points"),) if defects else (note("none"),))
