"""The control sets beside each other, for the HTML page: where those that matter differ in what a boot reads, and in nothing else.

Which set boots is decided elsewhere. A machine may be told to start from another one, so what an intruder left there counts.
"""

from collections.abc import Iterator, Mapping, Sequence

from hivecheck.analysis import Analysis
from hivecheck.facts.fact import fact
from hivecheck.registry.control_sets import ControlSets, control_set_name
from hivecheck.registry.hive import Hive, Key, RawValue, fold_name
from hivecheck.report.html_cells import Bits, Block, code, count, left_out, make_table, note, paragraph, words
from hivecheck.report.html_evidence import tell_raw
from hivecheck.settings.catalog import applies_to, read_settings
from hivecheck.settings.object_names import NamedText
from hivecheck.settings.services import AUTO_START, Service, ServiceDatabase, read_services

MOST_SETS = 4
MOST_ROWS = 400
OPEN_ROWS = 25
_SELECTED = {"Current": "ran last", "Default": "boots next", "Failed": "given up", "LastKnownGood": "last known good"}
_SERVICE_VALUES = ("Start", "Type", "ImagePath", "ServiceDll", "ObjectName", "Group")

Stored = RawValue | str | None
"""A value as stored, the text of one value of a key, or None where it is not there."""


@fact
class _Set:
    """What a boot reads of one set. `values` are by path below the set, in the order of the catalogue."""

    number: int
    values: Mapping[str, Stored]
    services: ServiceDatabase


def tell_control_sets(analysis: Analysis, hive: Hive | None) -> tuple[Block, ...]:
    """The blocks of the section. `hive` is None where the file can't be opened again."""
    sets = analysis.control_sets
    numbers = _that_matter(sets)
    if len(numbers) < 2:
        there = control_set_name(numbers[0]) if numbers else "no control set"
        return (paragraph(f"This hive holds {there} only: there is nothing to compare."),)
    if hive is None:
        return (paragraph("The hive could not be opened again, so its control sets are not compared."),)
    read = [one for number in numbers if (one := _read(analysis, hive, number)) is not None]
    return tuple(_compared(analysis, read))


def _that_matter(sets: ControlSets) -> list[int]:
    """The set that is told in this report, those that Select names, then others; all of them there."""
    named = [value.number for value in sets.select]
    return [number for number in dict.fromkeys((sets.number, *named, *sets.present)) if number in sets.present][:MOST_SETS]


def _read(analysis: Analysis, hive: Hive, number: int) -> _Set | None:
    key = hive.root.subkey(control_set_name(number))
    if key is None:
        return None
    if number == analysis.control_sets.number:
        return _Set(number, dict(_values(analysis, hive, key)), analysis.services)
    return _Set(number, dict(_values(analysis, hive, key)), read_services(key).as_read_by(analysis.generation))


def _values(analysis: Analysis, hive: Hive, key: Key) -> Iterator[tuple[str, Stored]]:
    """What smss and its successors read of a set: each value, and of keys that count as a whole each of their values."""
    for row, setting in read_settings(hive, key):
        if row.key.startswith("\\") or not applies_to(row, analysis.generation):
            continue
        if row.value is not None:
            if setting.raw is not None:
                yield f"{row.key}\\{row.value}", setting.raw
        elif isinstance(setting.value, tuple):
            for one in setting.value:
                if isinstance(one, NamedText):
                    yield f"{row.key}\\{one.name or '(default)'}", one.text
        elif setting.value is True:
            yield row.key, "the key is there"


def _compared(analysis: Analysis, read: Sequence[_Set]) -> Iterator[Block]:
    sets = analysis.control_sets
    heads = [f"{control_set_name(one.number)}{_what_it_is(sets, one.number)}" for one in read]
    more = len(sets.present) - len(read)
    beyond = f" {count(more, 'other set')} not compared." if more > 0 else ""
    rows = [(path, list(map(_cell, cells))) for path, cells in _differing([_folded(one.values) for one in read])]
    services, idle = _services(read)
    if not rows and not services:
        yield paragraph(f"What a boot reads is the same in {_listed(read)}.{beyond}")
    else:
        yield paragraph(
            f"{count(len(rows), 'setting')} and {count(len(services), 'value')} of drivers and services that start by themselves "
            f"differ between {_listed(read)}; all else that a boot reads is the same.{beyond}"
        )
    if idle:
        yield paragraph(f"{count(idle, 'service')} that do not start by themselves differ too.", kind="neutral")
    yield from _table("What the Session Manager and those after it read", "Value", heads, rows)
    yield from _table("Drivers and services that start by themselves", "Service and value", heads, services)


def _listed(read: Sequence[_Set]) -> str:
    names = [control_set_name(one.number) for one in read]
    return ", ".join(names[:-1]) + f" and {names[-1]}" if len(names) > 1 else names[0]


def _what_it_is(sets: ControlSets, number: int) -> str:
    said = [_SELECTED[value.name] for value in sets.select if value.number == number]
    if number == sets.number:
        said.insert(0, "told here")
    return f" ({', '.join(said)})" if said else " (named by nothing)"


def _folded(values: Mapping[str, Stored]) -> dict[str, tuple[str, Stored]]:
    folded: dict[str, tuple[str, Stored]] = {}
    for path, stored in values.items():
        folded.setdefault(fold_name(path), (path, stored))
    return folded


def _differing(sets: Sequence[Mapping[str, tuple[str, Stored]]]) -> Iterator[tuple[str, list[Stored]]]:
    """Path as spelled, then what each set stores there; those that differ."""
    for path in dict.fromkeys(path for one in sets for path in one):
        found = [one.get(path) for one in sets]
        stored = [entry[1] if entry is not None else None for entry in found]
        if len({_content(one) for one in stored}) > 1:
            spelled = next(entry[0] for entry in found if entry is not None)
            yield spelled, stored


def _content(stored: Stored) -> object:
    """What makes two values the same: type and bytes, never where they lie."""
    return (stored.type, stored.data) if isinstance(stored, RawValue) else stored


def _cell(stored: Stored) -> Bits:
    match stored:
        case RawValue():
            return tell_raw(stored)
        case str():
            return (code(stored),)
        case None:
            return (note("not there"),)


def _services(read: Sequence[_Set]) -> tuple[list[tuple[str, list[Bits]]], int]:
    """The differing values of services that start by themselves in any set; how many others differ."""
    rows: list[tuple[str, list[Bits]]] = []
    idle = 0
    for name in dict.fromkeys(name for one in read for name in one.services.by_name):
        those = [one.services.by_name.get(name) for one in read]
        spelled = next(one.name for one in those if one is not None)
        stored = [(value, [_value(one, value) for one in those]) for value in _SERVICE_VALUES]
        differing = [(f"{spelled}\\{value}", cells) for value, cells in stored if len(set(map(_content, cells))) > 1]
        if not differing:
            continue
        if any(one is not None and (one.start or 0) <= AUTO_START and one.start is not None for one in those):
            rows += [(path, [_cell(cell) for cell in cells]) for path, cells in differing]
        else:
            idle += 1
    return rows, idle


def _value(service: Service | None, name: str) -> RawValue | None:
    return service.values.get(fold_name(name)) if service is not None else None


def _table(caption: str, first: str, heads: Sequence[str], rows: Sequence[tuple[str, list[Bits]]]) -> Iterator[Block]:
    if not rows:
        return
    told = [("", ((code(path),), *cells)) for path, cells in rows[:MOST_ROWS]]
    kind = "table" if len(rows) <= OPEN_ROWS else "fold"
    title = caption if kind == "table" else f"{count(len(rows), 'difference')}: {caption[:1].lower()}{caption[1:]}"
    yield kind, make_table("sets", title, (first, *map(words, heads)), told)
    yield from left_out(len(rows) - MOST_ROWS, "difference")


def same_in(hive: Hive, own: int, others: Sequence[int], path: str, value: str) -> tuple[list[int], list[int]]:
    """Of the other sets, those that store the same as set `own` at this path below it, and those that store something else."""

    def content(number: int) -> object:
        key = hive.root.subkey(f"{control_set_name(number)}\\{path}")
        return _content(key.value(value)) if key is not None else None

    mine = content(own)
    found = [(number, there) for number in others if (there := content(number)) is not None]
    return [number for number, there in found if there == mine], [number for number, there in found if there != mine]
