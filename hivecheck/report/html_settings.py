"""The settings as the HTML page tells them: what is stored, of what type, who reads it, when its key was last written."""

from collections.abc import Iterator
from typing import Any

from hivecheck.analysis import Analysis
from hivecheck.baselines.baseline import Standing
from hivecheck.facts.origin import KeyRef, Origin, ValueRef
from hivecheck.registry.hive import type_name
from hivecheck.report.html_cells import (
    MOST_LINES,
    Bits,
    Block,
    code,
    count,
    key_time,
    label,
    make_table,
    note,
    paragraph,
    say,
    tag,
    text,
    words,
)
from hivecheck.report.html_evidence import tell_bytes, tell_list, tell_number
from hivecheck.report.shipped import Shipped, baseline_words, held_against
from hivecheck.settings.catalog import Row, applies_to
from hivecheck.settings.commands import Command
from hivecheck.settings.object_names import NamedText
from hivecheck.settings.paging_files import PagingFile
from hivecheck.settings.pending_renames import RenameList
from hivecheck.settings.setting import CitedString, Presence, Setting
from hivecheck.settings.software import Software

_KINDS = {Standing.AS_SHIPPED: "calm", Standing.NOT_SEEN: "strong", Standing.MISSING: "strong"}
PRESENCE_WORDS = {
    Presence.WRITTEN: "stored",
    Presence.ABSENT: "not stored",
    Presence.DEFAULTED: "built-in default",
    Presence.WRONG_TYPE: "stored, but of a wrong type",
    Presence.UNREADABLE: "stored, but not readable",
}


def tell_settings(analysis: Analysis) -> tuple[Block, ...]:
    """One table of what is there or defaulted, or missing though Windows ships it; one, folded, of what else is not there."""
    there: list[tuple[Row[Any], Setting[Any]]] = []
    absent: list[tuple[Row[Any], Setting[Any]]] = []
    for row, setting in analysis.settings:
        is_as_shipped = held_against(analysis.baseline, row, setting).word is None
        (absent if setting.presence is Presence.ABSENT and is_as_shipped else there).append((row, setting))
    columns = ("Setting", "Presence and type", "Value", "Read by", "Key last written")
    blocks: list[Block] = []
    if analysis.control_sets.number is None:
        blocks.append(paragraph("There is no control set to read settings from."))
    if analysis.control_sets.number is not None:
        blocks.append(paragraph(baseline_words(analysis)))
    if there:
        rows = [
            ("", _cells(row, setting, analysis, held_against(analysis.baseline, row, setting))) for row, setting in there
        ]
        caption = "Settings of the Session Manager, in its reading order"
        blocks.append(("table", make_table("settings", caption, columns, rows)))
    if absent and analysis.control_sets.number is not None:
        rows = [("", (_name(row), say(row.reader))) for row, setting in absent]
        caption = f"{count(len(absent), 'setting')} not stored in this hive"
        blocks.append(("fold", make_table("absent", caption, ("Setting", "Read by"), rows)))
    if analysis.software is not None:
        told = [(row, setting) for row, setting in analysis.software.settings if setting.presence is not Presence.ABSENT]
        rows = [("", _cells(row, setting, analysis)) for row, setting in told]
        blocks.append(("table", make_table("settings", "What the boot reads of the SOFTWARE hive", columns, rows)))
        blocks += _image_options(analysis.software)
    return tuple(blocks)


def _image_options(software: Software) -> Iterator[Block]:
    """The programs for which a debugger is set: it is started in place of each."""
    rows = [
        ("", ((code(one.image),), (code(one.debugger.value),), _written(one.debugger.origins)))
        for one in software.image_options.values()
        if one.debugger.value
    ]
    if rows:
        columns = ("Program", "Debugger, started in its place", "Key last written")
        yield "table", make_table("settings", "Programs with a debugger", columns, rows)


def _cells(
    row: Row[Any], setting: Setting[Any], analysis: Analysis, shipped: Shipped = Shipped(None, (), ())
) -> tuple[Bits, ...]:
    said = PRESENCE_WORDS[setting.presence]
    presence: Bits = (text(said),)
    if setting.presence is not Presence.WRITTEN:
        presence = (tag(said, "" if setting.presence is Presence.DEFAULTED else "strong"),)
    if not applies_to(row, analysis.generation):
        presence += (text(" "), tag("not read by this Windows"))
    if shipped.word is not None:
        presence += (text(" "), tag(shipped.word.value, _KINDS.get(shipped.word, "")))
    missing: Bits = (("span", "problem", f"missing: {shipped.missing_words}"),) if shipped.missing else ()
    value = (
        *(_value(setting, shipped) if setting.presence is not Presence.ABSENT else ()),
        *missing,
        *[("span", "problem", words(problem.message)) for problem in setting.problems],
    )
    stored = type_name(setting.raw.type) if setting.raw is not None else "key" if row.value is None else ""
    if stored:
        presence += (("span", "about", stored),)
    return _name(row), presence, value, say(row.reader), _written(setting.origins)


def _name(row: Row[Any]) -> Bits:
    return code(row.name), ("span", "about", row.about)


def _written(origins: tuple[Origin, ...]) -> Bits:
    first = next((origin for origin in origins if isinstance(origin, ValueRef | KeyRef)), None)
    return () if first is None else key_time(first.written)


def _value(setting: Setting[Any], shipped: Shipped) -> Bits:
    value = setting.value
    if isinstance(value, RenameList):
        value = value.strings
    match value:
        case None:
            return (note("no usable value"),)
        case bool():
            return say("the key is there" if value else "the key is not there")
        case int():
            return tell_number(value)
        case str():
            return (code(value),)
        case bytes():
            return tell_bytes(value)
        case tuple():
            named = bool(value) and isinstance(value[0], NamedText)
            return tell_list(
                [_line(one, shipped.word_of(place)) for place, one in enumerate(value[:MOST_LINES])],
                "value" if named else "string",
                "named" if named else "lines",
                len(value),
            )
        case _:
            raise TypeError(f"no words for {type(value).__name__}")


def _line(one: object, word: str) -> Bits:
    """Label and text: a value's name, or the number of the string in its list; `word` says that it is not as shipped."""
    match one:
        case NamedText():
            said: Bits = (text(" "), tag(word)) if word else ()
            return label(words(one.name) or "(default)"), text(" "), code(one.text), *said
        case Command() | CitedString() | PagingFile():
            return say(label(_number(one.origin)), " ", code(one.text))
        case _:
            raise TypeError(f"no words for {type(one).__name__}")


def _number(origin: Origin) -> str:
    return str(origin.strings[0]) if isinstance(origin, ValueRef) and origin.strings else ""
