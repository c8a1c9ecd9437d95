"""How to check what a finding cites, for the HTML page: key, value, cell, the stored bytes as a dump, and how other tools show them.

The bytes are those of the hive as it was analyzed, logs applied. A command is given only for names that a shell leaves alone:
a name from a hive may be made to run something in whoever pastes it.
Source of the cells: msuhanov/regf, "Windows registry file format specification".
"""

import re
from collections.abc import Iterator, Sequence
from struct import unpack_from

from hivecheck.analysis import Analysis
from hivecheck.facts.fact import fact
from hivecheck.facts.origin import KeyRef, State, ValueRef
from hivecheck.registry.base_block import BINS_START, Buffer
from hivecheck.registry.hive import REG_MULTI_SZ, Hive, RawValue, type_name
from hivecheck.registry.regf import RegfHive
from hivecheck.registry.strings import decode_multi_sz
from hivecheck.report.html_cells import (
    Bit,
    Bits,
    Block,
    bits_of,
    code,
    fold,
    left_out,
    lines,
    paragraph,
    say,
    text,
    time,
)
from hivecheck.report.view import describe_origin, shown_time, state_words

MOST_VALUES = 120
MOST_BYTES = 2_048  # of one value
REMNANT_BYTES = 512  # from the place of something deleted
_LINE = 16
_INLINE = 0x8000_0000
_PLAIN = re.compile(r"[A-Za-z0-9 _.(){}\\-]+")

_ABOUT = (
    "Each value that a finding cites, as it lies in the hive. Work on a copy: regedit and reg.exe change a hive that they load. "
    "An offset counts from the start of the file"
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


@fact
class _Place:
    """Where data lie: `at` is their offset in the file, None where they lie in several pieces; `told` says it in words."""

    at: int | None
    told: str


def tell_checks(analysis: Analysis, hive: RegfHive | None) -> tuple[Block, ...]:
    """The blocks of the section. `hive` is None where the file can't be opened again."""
    values, keys = _cited(analysis)
    if not values and not keys:
        return (paragraph("No finding cites a value of this hive."),)
    recovered = ", in the hive with its logs applied." if analysis.evidence.recovered else "."
    load = lines([(code(line),) for line in _LOADING], "commands")
    blocks: list[Block] = [
        paragraph(_ABOUT + recovered),
        paragraph("For reg.exe, load the copy first, and unload it in the end:"),
        ("bits", (load,)),
    ]
    if hive is None:
        blocks.append(paragraph("The hive could not be opened again, so the stored bytes are not shown.", kind="neutral"))
    blocks.append(("bits", tuple([_value(one, hive) for one in values[:MOST_VALUES]])))
    blocks += left_out(len(values) - MOST_VALUES, "value")
    if keys:
        told = [bits_of(describe_origin(key)) for key in keys[:MOST_VALUES]]
        blocks.append(("bits", (fold("Keys that findings cite as a whole", lines(told, "points"), "check"),)))
        blocks += left_out(len(keys) - MOST_VALUES, "key")
    return tuple(blocks)


def _cited(analysis: Analysis) -> tuple[list[_Cited], list[KeyRef]]:
    """What the findings cite, each value and each key once, in the order of the report."""
    values: dict[tuple[object, ...], tuple[ValueRef, list[int], list[int]]] = {}
    keys: dict[tuple[object, ...], KeyRef] = {}
    for place, finding in enumerate(analysis.told_findings, 1):
        for origin in finding.because:
            if isinstance(origin, KeyRef):
                keys.setdefault((origin.path, origin.offset, origin.state), origin)
            elif isinstance(origin, ValueRef):
                of_value = (origin.key, origin.value, origin.offset, origin.state)
                _, strings, findings = values.setdefault(of_value, (origin, [], []))
                strings += origin.strings or ()
                findings.append(place)
    cited = [
        _Cited(ref, tuple(dict.fromkeys(strings)), tuple(dict.fromkeys(findings)))
        for ref, strings, findings in values.values()
    ]
    return cited, list(keys.values())


def _value(cited: _Cited, hive: RegfHive | None) -> Bit:
    ref = cited.ref
    raw = stored_value(hive, ref) if hive is not None else None
    terms: list[tuple[str, Bits]] = [
        ("Cited by", _findings(cited.findings)),
        ("Key", (code(ref.key),)),
        ("Value", (code(ref.value or "(default)"),)),
    ]
    if cited.strings:
        terms.append(("Strings", say(_numbers(cited.strings), " of the list, counted from 0")))
    if ref.offset is not None:
        terms.append(("Value cell", (code(f"0x{ref.offset:x}"), text(f" (byte {ref.offset:,}){state_words(ref.state)}"))))
    dump: Bits = (("p", "neutral", _why_not(ref, hive)),)
    if raw is not None and hive is not None:
        place = _place_of_data(hive.buffer, ref.offset or 0, raw)
        terms.append(("Type and size", say(f"{type_name(raw.type)}, {len(raw.data):,} bytes")))
        terms.append(("Data", say(place.told)))
        dump = _dump(raw, place, cited.strings)
    elif ref.state is State.DELETED and hive is not None and ref.offset is not None:
        dump = _dump_of_remnant(hive.buffer, ref.offset)
    terms.append(("Key last written", (time(shown_time(ref.written)),)))
    terms.append(("With other tools", _other_tools(ref)))
    told: list[Bit] = []
    for name, meaning in terms:
        told += (("dt", "", name), ("dd", "", meaning))
    summary: Bits = (code(ref.value or "(default)"), text(" in "), code(ref.key or "the root of the hive"))
    return fold(summary, ("div", "", (("dl", "page-of-rule", tuple(told)), *dump)), "check")


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


def _place_of_data(buffer: Buffer, cell: int, raw: RawValue) -> _Place:
    """Where the data of a value lie, read from its cell; checked against what was read."""
    for head in (4, 8):  # what stands before the node: its size; in hives of NT 3.1 another number
        node = bytes(buffer[cell + head : cell + head + 12])
        if len(node) == 12 and node[:2] == b"vk":
            size, at = unpack_from("<II", node, 4)
            start = cell + head + 8 if size & _INLINE else BINS_START + at + head
            where = "in the value cell itself" if size & _INLINE else "in a cell of their own"
            if raw.data and bytes(buffer[start : start + len(raw.data)]) == raw.data:
                return _Place(start, f"at 0x{start:x}, {where}")
    return _Place(None, "in several pieces of the hive" if raw.data else "none")


def _dump(raw: RawValue, place: _Place, strings: Sequence[int]) -> Bits:
    """The bytes, 16 a line with their offset; of a long value the part where the string lies that weighs most."""
    begin = _string_at(raw, strings[0]) // _LINE * _LINE if strings and len(raw.data) > MOST_BYTES else 0
    part = raw.data[begin : begin + MOST_BYTES]
    if not part:
        return (("p", "neutral", "No data are stored."),)
    base = place.at if place.at is not None else 0
    told: list[Bit] = [("pre", "dump", "\n".join(dump_lines(part, base + begin)))]
    if place.at is None:
        told.append(("p", "neutral", "Offsets count from the start of the data."))
    if len(part) < len(raw.data):
        of = f"Bytes {begin:,} to {begin + len(part) - 1:,} of {len(raw.data):,}."
        told.append(("p", "neutral", of))
    return (fold(f"{len(part):,} bytes as stored", ("div", "", tuple(told)), "stored"),)


def _dump_of_remnant(buffer: Buffer, at: int) -> Bits:
    """What lies at the place of something deleted, with no claim about where it ends."""
    part = bytes(buffer[at : at + REMNANT_BYTES])
    if not part:
        return (("p", "neutral", "The place lies behind the end of the hive."),)
    dump: Bit = ("pre", "dump", "\n".join(dump_lines(part, at)))
    return (fold(f"The {len(part):,} bytes from there on", ("div", "", (dump,)), "stored"),)


def _string_at(raw: RawValue, number: int) -> int:
    """The offset in the data at which a string of a list begins; 0 where it is no list."""
    if raw.type != REG_MULTI_SZ:
        return 0
    before = decode_multi_sz(raw.data).strings[:number]
    return min(sum(len(one.encode("utf-16-le", "surrogatepass")) + 2 for one in before), max(len(raw.data) - _LINE, 0))


def dump_lines(data: bytes, at: int) -> Iterator[str]:
    """`00001010  61 00 62 00 ...  a.b.`: offset, 16 bytes in hexadecimal digits, and those that are ASCII letters as such."""
    for start in range(0, len(data), _LINE):
        part = data[start : start + _LINE]
        letters = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in part)
        yield f"{at + start:08x}  {part.hex(' '):<{_LINE * 3 - 1}}  {letters}"


def _other_tools(ref: ValueRef) -> Bits:
    """What to type elsewhere. Nothing for names that could do something in a shell or in a string."""
    told: list[Bits] = []
    if ref.state is State.DELETED:
        told.append(
            say("Deleted: registry tools do not show it. ", code("hivecheck recover"), " tells what else is known of it.")
        )
    elif _PLAIN.fullmatch(ref.key) and (not ref.value or _PLAIN.fullmatch(ref.value)) and not ref.key.endswith("\\"):
        named = f'/v "{ref.value}"' if ref.value else "/ve"
        told.append((code(f'reg query "HKLM\\Evidence\\{ref.key}" {named}'),))
        opened = f'Registry.Registry("SYSTEM").open(r"{ref.key}")'
        told.append((text("python-registry: "), code(f'{opened}.value("{ref.value or "(default)"}").raw_data()')))
    else:
        told.append(
            say("The name holds letters that a shell may take for its own: open the key by hand in a registry viewer.")
        )
    if ref.offset is not None:
        told.append(
            (text("hex editor: go to "), code(f"0x{ref.offset:x}"), text("; the value cell begins there, with its size"))
        )
    return (lines(told, "commands"),)


def _findings(places: Sequence[int]) -> Bits:
    bits: list[Bit] = []
    for place in places[:12]:
        bits += (text(", "), ("a", f"#f{place}", f"finding {place}")) if bits else (("a", f"#f{place}", f"finding {place}"),)
    left = len(places) - 12
    return (*bits, text(f" and {left:,} more")) if left > 0 else tuple(bits)


def _numbers(strings: Sequence[int]) -> str:
    shown = ", ".join(map(str, sorted(strings)[:24]))
    return f"{shown} and {len(strings) - 24:,} more" if len(strings) > 24 else shown
