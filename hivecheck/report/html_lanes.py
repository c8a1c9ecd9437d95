"""The boot timeline as a picture: lanes by what is asked for, from left to right in boot order, by step. It is order, not time.

Consecutive events of one lane that are answered alike are one bar with their number; each bar leads to the first of them, or
to the worst that a finding is about. Judges nothing.
"""

from collections.abc import Callable, Hashable, Iterator
from itertools import groupby
from typing import assert_never

from hivecheck.boot.actions import (
    CreateDirectory,
    CreateObject,
    CreatePagingFile,
    CreateSession,
    DeleteFile,
    DeleteValue,
    Link,
    LoadDriver,
    LoadHives,
    LoadLibrary,
    MapSection,
    RenameFile,
    RunProgram,
    SaveCrashDump,
    SetVariable,
    StartProcess,
    StartService,
    StartSubsystem,
    Unlink,
    WriteValue,
)
from hivecheck.boot.plan import Done, Step
from hivecheck.boot.replay import Event, Halted, Replay
from hivecheck.facts.fact import fact
from hivecheck.report.html_cells import Block, count
from hivecheck.report.html_findings import Flags
from hivecheck.report.pictures import SEVERITY_LETTERS
from hivecheck.report.pictures_lanes import NARROW, WIDE, Bar, Column, draw_lanes, make_bar, make_column
from hivecheck.report.view import DONE_WORDS, EventGroup, describe_action, group_events, plain

LANES = ("loader and kernel", "smss", "boot programs", "files", "objects", "sessions", "services")
_LOADER, _SMSS, _PROGRAMS, _FILES, _OBJECTS, _SESSIONS, _SERVICES = range(len(LANES))
MOST_BARS = 9  # of one step; beyond that more is taken together
_LONGEST = 110  # letters of the text of the hive in a label
_REPEATED = "repeated"
_KINDS = {
    **{done.value: DONE_WORDS[done] for done in (Done.YES, Done.UNKNOWN)},
    _REPEATED: "not needed again",
    Done.NO.value: DONE_WORDS[Done.NO],
}
_SEVERITIES = ("", *reversed(SEVERITY_LETTERS))
_ABOUT = (
    "From left to right the steps of the boot in their order, which is no measure of time; from top to bottom who or what they are "
    "about. A bar is one event, or as many in a row as its number says: filled is done, dashed is done if its assumptions hold, "
    "struck or red is not done, pale is a repeat of what is there already. A letter above it is the severity of the worst finding about it. Each leads to its events below, where "
    "all of them are told."
)
SHORT_STEPS = {
    Step.LOAD_CONTROL_SET: "control set",
    Step.BOOT_DRIVERS: "boot drivers",
    Step.READ_SETTINGS: "smss reads settings",
    Step.OBJECT_DIRECTORIES: "object directories",
    Step.DOS_DEVICES: "DOS devices",
    Step.BOOT_EXECUTE: "boot programs",
    Step.LOAD_REGISTRY: "rest of registry",
    Step.PLATFORM_BINARY: "firmware's program",
    Step.FILE_RENAMES: "pending renames",
    Step.KNOWN_DLLS: "KnownDLLs",
    Step.PAGING_FILES: "paging files",
    Step.ENVIRONMENT: "environment",
    Step.SETUP_EXECUTE: "setup programs",
    Step.SUBSYSTEMS: "subsystems",
    Step.EXECUTE: "Execute list",
    Step.SESSIONS: "sessions",
    Step.INITIAL_COMMAND: "wininit, winlogon",
    Step.SERVICES: "services",
    Step.LSA: "lsass",
    Step.LOGON: "logon",
}
"""What a step is called where there is room for a word or two."""
_Placed = tuple[int, Event, str]  # lane, event, severity of the worst finding about it
_LANE_OF_STEP = {
    Step.LOAD_CONTROL_SET: _LOADER,
    Step.BOOT_DRIVERS: _LOADER,
    Step.READ_SETTINGS: _SMSS,
    Step.OBJECT_DIRECTORIES: _OBJECTS,
    Step.DOS_DEVICES: _OBJECTS,
    Step.BOOT_EXECUTE: _PROGRAMS,
    Step.LOAD_REGISTRY: _SMSS,
    Step.PLATFORM_BINARY: _PROGRAMS,
    Step.FILE_RENAMES: _FILES,
    Step.KNOWN_DLLS: _OBJECTS,
    Step.PAGING_FILES: _FILES,
    Step.ENVIRONMENT: _SMSS,
    Step.SETUP_EXECUTE: _PROGRAMS,
    Step.SUBSYSTEMS: _SESSIONS,
    Step.EXECUTE: _PROGRAMS,
    Step.SESSIONS: _SESSIONS,
    Step.INITIAL_COMMAND: _SESSIONS,
    Step.SERVICES: _SERVICES,
    Step.LSA: _SERVICES,
    Step.LOGON: _SESSIONS,
}


@fact
class _Bin:
    """Events of one step and one lane that are one bar. `worst` is the severity of the worst finding about any, `at` that event."""

    lane: int
    events: tuple[Event, ...]
    worst: str
    at: Event


def tell_lanes(played: Replay, flags: Flags) -> Iterator[Block]:
    """The picture twice, for wide and for narrow screens; nothing where nothing was played. `flags` are by event number."""
    groups = group_events(played.events)
    if not groups:
        return
    columns = tuple([_column(number, group, flags) for number, group in enumerate(groups, 1)])
    if played.halted is not None:
        columns += (_halt(played.halted),)
    title = f"The boot in lanes: {count(len(played.events), 'event')} in {count(len(groups), 'step')}"
    if played.halted is not None:
        title += ", then it halts"
    wide = draw_lanes("lanes-wide", title, _ABOUT, LANES, columns, WIDE)
    narrow = draw_lanes("lanes-narrow", title, _ABOUT, LANES, columns, NARROW)
    yield "pictures", (wide, narrow)


def kind_of(event: Event) -> str:
    """How an event is drawn: as its outcome, but for what is there already, as asked for, which is no failure."""
    is_repeated = event.done is Done.NO and isinstance(event.action, LoadLibrary) and "loaded it already" in event.why
    return _REPEATED if is_repeated else event.done.value


def lane_of(event: Event) -> int:
    """The number of the lane in which an event stands."""
    match event.action:
        case RunProgram():
            return _PROGRAMS
        case RenameFile() | DeleteFile() | CreatePagingFile() | SaveCrashDump():
            return _FILES
        case CreateDirectory() | CreateObject() | Link() | Unlink() | MapSection():
            return _OBJECTS
        case CreateSession() | StartSubsystem():
            return _SESSIONS
        case StartService():
            return _SERVICES
        case LoadDriver() | LoadLibrary() | StartProcess() | SetVariable() | LoadHives() | WriteValue() | DeleteValue():
            return _LANE_OF_STEP[event.step]
        case _:
            assert_never(event.action)


def _column(number: int, group: EventGroup, flags: Flags) -> Column:
    bars = [((_bar(one, group.title)),) for one in _bins(group.events, flags)]
    first, last = group.events[0].number, group.events[-1].number
    label = f"Step {number}, {group.title}: {_numbers(first, last)}"
    return make_column(SHORT_STEPS[group.step], f"#step-{number}", label, tuple(bars))


def _halt(halted: Halted) -> Column:
    label = f"The boot halts after event {halted.event}"
    return make_column("the boot halts", f"#e{halted.event}", label, (), line="halts", gap=10)


def _bins(events: tuple[Event, ...], flags: Flags) -> list[_Bin]:
    """Runs of like events; where they are many, first those alike but for their outcome are one, at last all of a lane."""
    placed = [(lane_of(event), event, _worst(event, flags)) for event in events]
    likenesses: tuple[Callable[[_Placed], Hashable], ...] = (
        lambda one: (one[0], kind_of(one[1]), one[2]),
        lambda one: (one[0], one[2]),
        lambda one: one[0],
    )
    for likeness in likenesses:
        runs = [tuple(run) for _, run in groupby(placed, key=likeness)]
        if len(runs) <= MOST_BARS:
            break
    else:
        by_lane: dict[int, list[_Placed]] = {}
        for one in placed:
            by_lane.setdefault(one[0], []).append(one)
        runs = [tuple(run) for run in by_lane.values()]
    bins = []
    for run in runs:
        _, at, worst = max(run, key=lambda one: _SEVERITIES.index(one[2]))
        bins.append(_Bin(run[0][0], tuple([event for _, event, _ in run]), worst, at))
    return bins


def _worst(event: Event, flags: Flags) -> str:
    found = flags.get(event.number, ())
    return max((flag.severity for flag in found), key=lambda severity: severity.rank).value if found else ""


def _bar(one: _Bin, step: str) -> Bar:
    kinds = [kind_of(event) for event in one.events]
    parts = tuple([(kind, kinds.count(kind)) for kind in _KINDS])
    first, last = one.events[0].number, one.events[-1].number
    told = ", ".join(f"{number} {_KINDS[kind]}" for kind, number in parts if number)
    if len(one.events) == 1:
        text = plain(describe_action(one.at.action))
        what = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
        label = f"Event {first}: {what}; {_KINDS[kind_of(one.at)]}"
    else:
        label = f"{step}, {LANES[one.lane]}: {len(one.events):,} events, {first} to {last}: {told}"
    if one.worst:
        label += f"; a finding of severity {one.worst} is about event {one.at.number}"
    return make_bar(one.lane, f"#e{one.at.number}", label, parts, one.worst)


def _numbers(first: int, last: int) -> str:
    return f"event {first}" if first == last else f"events {first} to {last}"
