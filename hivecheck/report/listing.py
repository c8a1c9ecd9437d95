"""Long lists on a terminal: every event of the boot, every setting. For `hivecheck replay` and `hivecheck extract`."""

from typing import Any

from hivecheck.analysis import Analysis
from hivecheck.baselines.baseline import Standing
from hivecheck.baselines.standing import word_of_setting
from hivecheck.boot.process_tree import build_process_tree
from hivecheck.facts.origin import KeyRef, ValueRef
from hivecheck.registry.hive import type_name
from hivecheck.report.paper import Paper
from hivecheck.report.shipped import Shipped, baseline_words, held_against
from hivecheck.report.tree import write_tree
from hivecheck.report.view import (
    LEGEND,
    SIGN_STYLES,
    SIGNS,
    describe_action,
    effect_words,
    group_events,
    outcome_words,
    plain,
    shown_text,
    written_words,
)
from hivecheck.settings.catalog import Row, Settings, applies_to
from hivecheck.settings.commands import Command
from hivecheck.settings.object_names import NamedText
from hivecheck.settings.paging_files import PagingFile
from hivecheck.settings.pending_renames import RenameList
from hivecheck.settings.setting import CitedString, Presence, Setting


def write_events(analysis: Analysis, paper: Paper) -> None:
    """Every event, grouped by step: number, sign, certainty, what is asked; below it why, and what is assumed."""
    paper.blank()
    paper.put(f"{LEGEND}; A primary source, B secondary, C inferred")
    for group in group_events(analysis.replay.events):
        paper.heading(f"{group.title}")
        for event in group.events:
            start = len(paper.lines)
            paper.put(plain(describe_action(event.action)), first="", indent=11)
            mark = paper.style(SIGNS[event.done], SIGN_STYLES[event.done])
            head = f"{event.number:>6} {mark} {event.certainty.value} "
            paper.lines[start] = head + paper.lines[start][11:]
            for words in outcome_words(event):
                paper.put(words, first="", indent=13, styles=("dim",))
            for effect in event.effects:
                paper.put(f"{effect_words(effect)}: {shown_text(effect.text)}", first="           !", indent=13)
    halted = analysis.replay.halted
    if halted is not None:
        paper.blank()
        text = f"HALTED after event {halted.event}, certainty {halted.certainty.value}: {shown_text(halted.why)}"
        paper.put(text, styles=("red", "bold"))


def write_processes(analysis: Analysis, paper: Paper) -> None:
    """The processes of the finished boot, who started whom, and the services in each."""
    paper.heading("The processes of the finished boot")
    paper.put("~ runs if its assumptions hold; ends: is gone by the logon screen; parent gone: lives on without its parent")
    paper.blank()
    write_tree(build_process_tree(analysis.replay), paper)


def write_settings(analysis: Analysis, paper: Paper) -> None:
    """Every setting that is written or takes a default, then the names of those that are absent; so for a SOFTWARE hive, too."""
    paper.blank()
    paper.put(baseline_words(analysis))
    _write_all(analysis.settings, analysis, paper, True)
    if analysis.software is not None:
        paper.heading("In the SOFTWARE hive")
        _write_all(analysis.software.settings, analysis, paper, False)
        for one in analysis.software.image_options.values():
            if one.debugger.value:
                paper.blank()
                paper.put(shown_text(f"Debugger of {one.image}  ({_written(one.debugger)})"), styles=("bold",))
                paper.put(shown_text(one.debugger.value), first="", indent=4)


def _write_all(settings: Settings, analysis: Analysis, paper: Paper, has_baseline: bool) -> None:
    absent: list[str] = []
    missing: list[str] = []
    for row, setting in settings:
        if setting.presence is Presence.ABSENT:
            if has_baseline and word_of_setting(analysis.baseline, row, setting) is Standing.MISSING:
                missing.append(row.name)
            elif applies_to(row, analysis.generation):
                absent.append(row.name)
            continue
        shipped = held_against(analysis.baseline, row, setting) if has_baseline else Shipped(None, (), ())
        _write_setting(row, setting, analysis, paper, shipped)
    if missing:
        paper.heading("Missing, though this Windows ships it")
        paper.put(", ".join(missing), first="", indent=2)
    if absent:
        paper.heading("Absent")
        paper.put(", ".join(absent), first="", indent=2)


def _write_setting(row: Row[Any], setting: Setting[Any], analysis: Analysis, paper: Paper, shipped: Shipped) -> None:
    kind = type_name(setting.raw.type) if setting.raw else "key" if row.value is None else ""
    word = shipped.word.value if shipped.word is not None else ""
    notes = [setting.presence.value, kind, word, _written(setting)]
    if row.reader != "smss":
        notes.append(f"read by {row.reader}")
    if not applies_to(row, analysis.generation):
        notes.append(f"not read by {analysis.generation.name}")
    paper.blank()
    start = len(paper.lines)
    paper.put(f"({', '.join(note for note in notes if note)})", first=f"{row.name}  ", indent=8)
    paper.lines[start] = paper.lines[start].replace(row.name, paper.style(row.name, "bold"), 1)
    for place, line in enumerate(value_lines(setting.value)):
        said = shipped.word_of(place)
        paper.put(shown_text(line) + (f"  [{said}]" if said else ""), first="", indent=4)
    if shipped.missing:
        paper.put(f"missing: {shipped.missing_words}", first="  !", indent=4, styles=("yellow",))
    for problem in setting.problems:
        paper.put(shown_text(problem.message), first="  !", indent=4, styles=("yellow",))


def _written(setting: Setting[Any]) -> str:
    for origin in setting.origins:
        if isinstance(origin, ValueRef | KeyRef):
            return written_words(origin)
    return ""


def value_lines(value: object) -> list[str]:
    """A setting's value as lines of text."""
    match value:
        case RenameList():
            return [_rename_line(pair.source.text, pair.destination, pair.replaces, pair.marker) for pair in value.pairs]
        case tuple():
            return [line for one in value for line in value_lines(one)] or ["(empty)"]
        case Command():
            return [f"{value.text or '(empty string)'}{'  (repeated: smss keeps one)' if value.repeats else ''}"]
        case CitedString():
            return [value.text]
        case NamedText():
            return [f"{value.name or '(default)'} = {value.text or '(empty)'}"]
        case PagingFile():
            return [f"{value.text}{f'  (dropped: {value.rejected})' if value.rejected else ''}"]
        case bytes():
            return [f"{len(value)} bytes: {value[:24].hex(' ')}{' ...' if len(value) > 24 else ''}"]
        case bool():
            return ["the key exists"] if value else ["no such key"]
        case int():
            return [f"{value} (0x{value:x})" if value > 9 else str(value)]
        case None:
            return ["unusable"]
        case _:
            return [str(value) or "(empty)"]


def _rename_line(source: str, destination: object, replaces: bool, marker: str | None) -> str:
    mark = f"  [{marker}]" if marker else ""
    if destination is None:
        return f"delete  {source}{mark}"
    return f"rename  {source}  ->  {destination}{'  (replacing)' if replaces else ''}{mark}"
