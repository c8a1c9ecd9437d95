"""How to check what a finding cites, for the HTML page: key, value, cell, the stored bytes as a dump, and how other tools show them.

The bytes are those of the hive as it was analyzed, logs applied; of each it is told in which file it stands. A command is given only for names that a shell leaves alone:
a name from a hive may be made to run something in whoever pastes it.
Source of the cells: msuhanov/regf, "Windows registry file format specification".
"""

import re
from collections.abc import Iterator, Sequence

from hivecheck.analysis import Analysis, Evidence
from hivecheck.facts.fact import fact
from hivecheck.facts.origin import KeyRef, State, ValueRef
from hivecheck.registry.hive import Hive, RawValue, fold_name, type_name
from hivecheck.registry.regf import RegfHive
from hivecheck.report.hive_again import HiveAgain
from hivecheck.report.html_cells import (
    Bit,
    Bits,
    Block,
    bits_of,
    code,
    fold,
    key_time,
    left_out,
    lines,
    paragraph,
    say,
    text,
)
from hivecheck.report.html_dumps import dump_data, dump_remnant, file_name, pieces_of, tell_data, tell_pieces, tell_place
from hivecheck.report.stored_data import Piece, run_of_cell, runs_of_data
from hivecheck.report.view import describe_origin, state_words

MOST_VALUES = 120
_PLAIN = re.compile(r"[A-Za-z0-9 _.(){}\\-]+")

_ABOUT = (
    "Each value that a finding cites, as it lies in the hive. Work on a copy: regedit and reg.exe change a hive that they load. "
    "An offset counts from the start of the file."
)
_LOADING = (
    r"reg load HKLM\Evidence copy-of-SYSTEM",
    r"reg unload HKLM\Evidence",
)


@fact
class _Cited:
    """A value, the strings of it that are cited, those of the worst finding first, and the findings (their places in the report)."""

    ref: ValueRef
    strings: tuple[int, ...]
    findings: tuple[int, ...]


def tell_checks(analysis: Analysis, again: HiveAgain | None) -> tuple[Block, ...]:
    """The blocks of the section. `again` is None where the file can't be opened again."""
    values, keys = _cited(analysis)
    if not values and not keys:
        return (paragraph("No finding cites a value of this hive."),)
    blocks: list[Block] = [paragraph(_ABOUT), *_how_to_load(analysis)]
    if again is None:
        blocks.append(paragraph("The hive could not be opened again, so the stored bytes are not shown.", kind="neutral"))
    other = _other_hive(analysis)
    shown = values[:MOST_VALUES]
    told = [
        _elsewhere(one, other) if other is not None and one.ref.hive == other.name else _value(one, again) for one in shown
    ]
    blocks.append(("bits", tuple(told)))
    blocks += left_out(len(values) - MOST_VALUES, "value")
    if keys:
        whole = [(*bits_of(describe_origin(key)), *tell_place(key, again)) for key in keys[:MOST_VALUES]]
        blocks.append(("bits", (fold("Keys that findings cite as a whole", lines(whole, "points"), "check"),)))
        blocks += left_out(len(keys) - MOST_VALUES, "key")
    return tuple(blocks)


def _how_to_load(analysis: Analysis) -> Iterator[Block]:
    load = lines([(code(line),) for line in _LOADING], "commands")
    if not analysis.evidence.recovered:
        yield paragraph("For reg.exe, load the copy first, and unload it in the end:")
        yield "bits", (load,)
        return
    applied = [log.path.name for log in analysis.evidence.logs if log.fate.applied]
    yield paragraph(
        "This hive is read with its transaction logs applied, and much of what is told here stands in the logs alone. Each place says "
        "which file holds the bytes, and at which offset of it. For reg.exe, copy the logs (",
        *_listed(applied),
        ") beside the copy, named as Windows names them (copy-of-SYSTEM.LOG1, copy-of-SYSTEM.LOG2): Windows applies them when it "
        "loads the copy. Unload it in the end:",
    )
    yield "bits", (load,)
    yield paragraph(
        "For tools that apply no logs, have the recovered hive written to a new file; offsets “of the recovered hive” are "
        "those of this file:"
    )
    yield "bits", (lines([(code("hivecheck recover SYSTEM --write-recovered SYSTEM.recovered"),)], "commands"),)


def _listed(names: Sequence[str]) -> Bits:
    bits: list[Bit] = []
    for name in names:
        bits += (text(", "), code(name)) if bits else (code(name),)
    return tuple(bits)


def _cited(analysis: Analysis) -> tuple[list[_Cited], list[KeyRef]]:
    """What the findings cite, each value and each key of a hive once, in the order of the report."""
    values: dict[tuple[object, ...], tuple[ValueRef, list[int], list[int]]] = {}
    keys: dict[tuple[object, ...], KeyRef] = {}
    for place, finding in enumerate(analysis.told_findings, 1):
        for origin in finding.because:
            if isinstance(origin, KeyRef):
                keys.setdefault((origin.hive, origin.path, origin.offset, origin.state), origin)
            elif isinstance(origin, ValueRef):
                lost = origin.state is State.DELETED  # a cell of the hive counts once, whether a log wrote it or not
                of_value = (origin.hive, fold_name(origin.key), fold_name(origin.value), origin.offset, lost)
                _, strings, findings = values.setdefault(of_value, (origin, [], []))
                strings += origin.strings or ()
                findings.append(place)
    cited = [
        _Cited(ref, tuple(dict.fromkeys(strings)), tuple(dict.fromkeys(findings)))
        for ref, strings, findings in values.values()
    ]
    return cited, list(keys.values())


def _value(cited: _Cited, again: HiveAgain | None) -> Bit:
    ref = cited.ref
    hive = again.hive if again is not None else None
    raw = stored_value(hive, ref) if hive is not None else None
    terms = list(_who_and_what(cited))
    at: tuple[Piece, ...] = ()
    if ref.offset is not None:
        if again is not None and ref.state is not State.DELETED:
            at = pieces_of(again, [run_of_cell(again.hive.buffer, ref.offset)])
        terms.append(("Value cell", _cell(ref, at, again)))
    dump: Bits = (("p", "neutral", _why_not(ref, hive)),)
    if raw is not None and again is not None:
        runs = runs_of_data(again.hive.buffer, ref.offset or 0, raw)
        terms.append(("Type and size", say(f"{type_name(raw.type)}, {len(raw.data):,} bytes")))
        terms.append(("Data", tell_data(again, ref.offset or 0, runs)))
        dump = dump_data(again, raw, runs, cited.strings)
    elif ref.state is State.DELETED and hive is not None and ref.offset is not None:
        dump = dump_remnant(hive.buffer, ref.offset)
    terms.append(("Key last written", key_time(ref.written)))
    terms.append(("With other tools", _other_tools(ref, raw, at, again)))
    return _check(ref, terms, dump)


def _elsewhere(cited: _Cited, hive: Evidence) -> Bit:
    """A value of the SOFTWARE hive, which a page does not open again: where it stands there, and no bytes."""
    ref = cited.ref
    of = "this file with its logs applied" if hive.recovered else "this file"
    terms: list[tuple[str, Bits]] = [("Hive", (code(hive.name), text(f", the SOFTWARE hive: the offset is that of {of}")))]
    terms += _who_and_what(cited)
    if ref.offset is not None:
        terms.append(("Value cell", _cell(ref, (), None)))
    terms.append(("Key last written", key_time(ref.written)))
    terms.append(("With other tools", _other_tools(ref, None, (), None, "SOFTWARE")))
    return _check(ref, terms, (("p", "neutral", "The stored bytes of the SOFTWARE hive are not shown."),))


def _other_hive(analysis: Analysis) -> Evidence | None:
    """The SOFTWARE hive, where origins tell it from this one by its name."""
    other = analysis.software_evidence
    return other if other is not None and other.name != analysis.evidence.name else None


def _who_and_what(cited: _Cited) -> Iterator[tuple[str, Bits]]:
    """The findings, and the value they cite."""
    yield "Cited by", _findings(cited.findings)
    yield "Key", (code(cited.ref.key),)
    yield "Value", (code(cited.ref.value or "(default)"),)
    if cited.strings:
        yield "Strings", say(_numbers(cited.strings), " of the list, counted from 0")


def _check(ref: ValueRef, terms: Sequence[tuple[str, Bits]], dump: Bits) -> Bit:
    """The terms and the dump, folded under the name of the value."""
    told: list[Bit] = []
    for name, meaning in terms:
        told += (("dt", "", name), ("dd", "", meaning))
    summary: Bits = (code(ref.value or "(default)"), text(" in "), code(ref.key or "the root of the hive"))
    return fold(summary, ("div", "", (("dl", "page-of-rule", tuple(told)), *dump)), "check")


def _cell(ref: ValueRef, at: tuple[Piece, ...], again: HiveAgain | None) -> Bits:
    """Where the value cell lies. Of a recovered hive: in which file, for the offset of what nobody has leads nowhere."""
    offset = ref.offset or 0
    if again is None or again.places is None:
        state = state_words(ref.state) if again is None or ref.state is State.DELETED else ""
        return code(f"0x{offset:x}"), text(f" (byte {offset:,}){state}")
    of = say(
        code(f"0x{offset:x}"), f" (byte {offset:,}) of the recovered hive{state_words(State.DELETED) if not at else ''}"
    )
    return (*of, tell_pieces(at, again)) if at else of


def _why_not(ref: ValueRef, hive: RegfHive | None) -> str:
    if hive is None:
        return "The stored bytes can't be shown."
    if ref.state is not State.ALLOCATED:
        return "The bytes are not in a value that the hive still holds: see where it was found."
    return "The value is not found at this place of the hive."


def stored_value(hive: Hive, ref: ValueRef) -> RawValue | None:
    """The value that is cited, where the hive has it at this very cell."""
    key = hive.root.subkey(ref.key) if ref.key else hive.root
    if key is None:
        return None
    first = key.value(ref.value)
    if first is not None and first.ref.offset == ref.offset:
        return first
    return next((raw for raw in key.values() if raw.ref.offset == ref.offset), None) if first is not None else None


def _other_tools(
    ref: ValueRef, raw: RawValue | None, at: tuple[Piece, ...], again: HiveAgain | None, hive: str = "SYSTEM"
) -> Bits:
    """What to type elsewhere. Nothing for names that could do something in a shell or in a string. `hive` is whose value it is."""
    told: list[Bits] = []
    if ref.state is State.DELETED:
        told.append(
            say("Deleted: registry tools do not show it. ", code("hivecheck recover"), " tells what else is known of it.")
        )
    elif _PLAIN.fullmatch(ref.key) and (not ref.value or _PLAIN.fullmatch(ref.value)) and not ref.key.endswith("\\"):
        named = f'/v "{ref.value}"' if ref.value else "/ve"
        loaded = "" if hive == "SYSTEM" else f" (with a copy of {hive} loaded as Evidence)"
        told.append((code(f'reg query "HKLM\\Evidence\\{ref.key}" {named}'), text(loaded)))
        file = hive if _is_as_found(ref, raw, again) else f"{hive}.recovered"
        opened = f'Registry.Registry("{file}").open(r"{ref.key}")'
        needs = "" if file == hive else " (of the written file: the hive as found does not say this)"
        told.append(
            (text("python-registry: "), code(f'{opened}.value("{ref.value or "(default)"}").raw_data()'), text(needs))
        )
    else:
        told.append(
            say("The name holds letters that a shell may take for its own: open the key by hand in a registry viewer.")
        )
    if ref.offset is not None:
        told.append(_in_hex_editor(ref.offset, at, again))
    return (lines(told, "commands"),)


def _in_hex_editor(offset: int, at: tuple[Piece, ...], again: HiveAgain | None) -> Bits:
    """Where to go: in a log, where the value cell begins there."""
    if not at or again is None or again.places is None:
        return text("hex editor: go to "), code(f"0x{offset:x}"), text("; the value cell begins there, with its size")
    where = say("hex editor: go to ", code(f"0x{at[0].at:x}"), " of ", file_name(at[0]))
    return (*where, text("; the value cell begins there, with its size"))


def _is_as_found(ref: ValueRef, raw: RawValue | None, again: HiveAgain | None) -> bool:
    """Whether the hive file as it lies there, without its logs, says the same of this value."""
    if again is None or again.places is None:
        return True
    key = again.as_found.root.subkey(ref.key) if again.as_found is not None else None
    found = key.value(ref.value) if key is not None else None
    return found is not None and raw is not None and (found.type, found.data) == (raw.type, raw.data)


def _findings(places: Sequence[int]) -> Bits:
    bits: list[Bit] = []
    for place in places[:12]:
        bits += (text(", "), ("a", f"#f{place}", f"finding {place}")) if bits else (("a", f"#f{place}", f"finding {place}"),)
    left = len(places) - 12
    return (*bits, text(f" and {left:,} more")) if left > 0 else tuple(bits)


def _numbers(strings: Sequence[int]) -> str:
    shown = ", ".join(map(str, sorted(strings)[:24]))
    return f"{shown} and {len(strings) - 24:,} more" if len(strings) > 24 else shown
