"""The next boot in one paragraph and a few numbers, for someone who has never heard of smss.

Conditional all through: a boot that has not happened yet would do things. Nothing here judges what it would do.
"""

from collections.abc import Iterator
from typing import Any

from hivecheck.analysis import Analysis
from hivecheck.boot.actions import (
    CreateSession,
    DeleteFile,
    DeleteValue,
    Link,
    LoadDriver,
    MapSection,
    RenameFile,
    RunProgram,
    StartProcess,
    StartService,
    StartSubsystem,
    Unlink,
    WriteValue,
)
from hivecheck.boot.machine import Process
from hivecheck.boot.plan import Done, Step
from hivecheck.boot.replay import Event
from hivecheck.facts.fact import fact
from hivecheck.facts.visible import visible
from hivecheck.registry.control_sets import control_set_name, no_boot_sentence
from hivecheck.report.verdict_doubt import halts_later
from hivecheck.report.view import Sentence, say
from hivecheck.settings.catalog import BOOT_EXECUTE, PENDING_RENAMES, Row
from hivecheck.settings.setting import Presence

PLATFORM_LIST = "WPBT"
_NAMED_PROGRAMS = 4
_SHOWN_LETTERS = 120
_NAMED_SETTINGS = 6


@fact
class Figure:
    """How often the boot asks for something, and how often it gets it. `one` and `many` name the thing."""

    one: str
    many: str
    events: tuple[Event, ...]

    @property
    def label(self) -> str:
        return self.one if len(self.events) == 1 else self.many


def boot_programs(analysis: Analysis) -> tuple[Event, ...]:
    """The native programs that the registry lists; the firmware's, which only may exist, is not among them."""
    return tuple(
        event
        for event in analysis.replay.events
        if isinstance(event.action, RunProgram) and event.action.list != PLATFORM_LIST
    )


def file_operations(analysis: Analysis) -> tuple[Event, ...]:
    return tuple(event for event in analysis.replay.events if isinstance(event.action, RenameFile | DeleteFile))


def figures(analysis: Analysis) -> tuple[Figure, ...]:
    """What the boot asks for, counted by what an examiner looks for first."""
    events = analysis.replay.events

    def those(*kinds: type) -> tuple[Event, ...]:
        return tuple(event for event in events if isinstance(event.action, kinds))

    return (
        Figure("boot program", "boot programs", boot_programs(analysis)),
        Figure("pending file operation", "pending file operations", file_operations(analysis)),
        Figure("driver", "drivers", tuple(event for event in those(LoadDriver) if event.step is Step.BOOT_DRIVERS)),
        Figure("service", "services", those(StartService)),
        Figure(
            "DOS device link",
            "DOS device links",
            tuple(event for event in those(Link, Unlink) if event.step is Step.DOS_DEVICES),
        ),
        Figure("KnownDLL", "KnownDLLs", those(MapSection)),
        Figure("process", "processes", tuple(event for event in events if _is_about_a_process(event))),
        Figure("registry write", "registry writes", those(WriteValue, DeleteValue)),
    )


def _is_about_a_process(event: Event) -> bool:
    """Whether it starts a process, or was to do so; a service that joins a process that runs already does not."""
    if event.done is Done.NO:
        return isinstance(event.action, StartProcess | RunProgram | CreateSession | StartSubsystem | StartService)
    return any(isinstance(change, Process) for change in event.changes)


def summarise_boot(analysis: Analysis) -> tuple[Sentence, ...]:
    """What the next boot would do, a few sentences with their full stops."""
    return tuple(_sentences(analysis))


def _sentences(analysis: Analysis) -> Iterator[Sentence]:
    halted, sets = analysis.replay.halted, analysis.control_sets
    if sets.number is None:
        yield say(visible(no_boot_sentence(sets.fault, sets.unreadable)))
        if not sets.unreadable:
            yield say("The loader gets no further, so nothing after it is told here.")
        return
    unreadable = [setting.name for row, setting in analysis.settings if setting.presence is Presence.UNREADABLE]
    if unreadable:
        lost = ", ".join(unreadable[:_NAMED_SETTINGS])
        more = f" and {len(unreadable) - _NAMED_SETTINGS} more" if len(unreadable) > _NAMED_SETTINGS else ""
        yield say(
            "Part of the hive can't be read, so this is not all that the boot would do. What can't be told: ",
            [lost],
            f"{more}.",
        )
    chosen = say(" (chosen for this report)") if sets.why.startswith("--") else say(" (", [sets.why], ")")
    mode = f" in safe mode ({analysis.safe_mode})" if analysis.safe_mode else ""
    if analysis.options.safe_mode and not analysis.safe_mode:
        mode = " in a normal boot, as it has no safe mode"
    name = analysis.generation.name
    yield (
        *say("At its next boot this machine loads ", [control_set_name(sets.number)]),
        *chosen,
        *say(f" and starts the Session Manager of {name}{mode}."),
    )
    later = halted is not None and halts_later(halted)
    if halted is not None and later:
        yield say(f"It would get through, but the boot after it would stop (event {halted.event}): {visible(halted.why)}")
    elif halted is not None:
        yield say(f"It would halt after event {halted.event}: {visible(halted.why)} Up to there:")
    _, _, drivers, services, devices, dlls, _, _ = figures(analysis)
    if drivers.events:
        yield _tell(drivers.events, "driver", (" of the boot",), "be loaded before any program")
    yield from _programs(analysis)
    yield from _files(analysis)
    if devices.events:
        yield _tell(devices.events, "DOS device name", (), "be linked")
    if dlls.events:
        yield _tell(dlls.events, "KnownDLL", (), "be mapped for all programs")
    started = [event for event in analysis.replay.events if _is_last_start(event)]
    if started and (halted is None or later):
        names = dict.fromkeys(_start_name(event) for event in started)
        parts: list[object] = []
        for name in names:
            parts += (" and ", [name]) if parts else ([name],)
        tail = ", if assumptions hold" if any(event.done is Done.UNKNOWN for event in started) else ""
        yield say("Windows would then go on with ", *parts, f"{tail}.")
    if services.events:
        yield _tell(services.events, "service", (), "start with the machine")


def _is_last_start(event: Event) -> bool:
    return isinstance(event.action, StartProcess) and event.step is Step.INITIAL_COMMAND and event.done is not Done.NO


def _start_name(event: Event) -> str:
    return _short(event.action.image) if isinstance(event.action, StartProcess) else ""


def _programs(analysis: Analysis) -> Iterator[Sentence]:
    events = boot_programs(analysis)
    if events:
        named = [
            [_short(event.action.command)] for event in events[:_NAMED_PROGRAMS] if isinstance(event.action, RunProgram)
        ]
        parts: list[object] = []
        for name in named:
            parts += (", ", name) if parts else (name,)
        more = f" and {len(events) - len(named)} more" if len(events) > len(named) else ""
        yield _tell(events, "boot program", (" (", *parts, more, ")"), "run")
    elif analysis.replay.halted is None:
        yield say(_none_of(analysis, BOOT_EXECUTE, "No boot program is listed."))
    if any(
        isinstance(event.action, RunProgram) and event.action.list == PLATFORM_LIST and event.done is not Done.NO
        for event in analysis.replay.events
    ):
        yield say("The firmware may bring along a program of its own (WPBT).")


def _files(analysis: Analysis) -> Iterator[Sentence]:
    events = file_operations(analysis)
    if events:
        deletes = sum(1 for event in events if isinstance(event.action, DeleteFile))
        counted = ((len(events) - deletes, "rename"), (deletes, "delete"))
        kinds = ", ".join(f"{number:,} {word if number == 1 else word + 's'}" for number, word in counted if number)
        yield _tell(events, "pending file operation", (f" ({kinds})",), "be carried out")
    elif analysis.replay.halted is None:
        yield say(_none_of(analysis, PENDING_RENAMES, "No file is to be renamed or deleted."))


def _none_of(analysis: Analysis, row: Row[Any], words: str) -> str:
    """The words for an empty list, or that the list can't be read."""
    return f"{row.name} can't be read." if analysis.settings[row].presence is Presence.UNREADABLE else words


def _tell(events: tuple[Event, ...], noun: str, details: tuple[object, ...], verb: str) -> Sentence:
    """What becomes of them: `All 3 ... would run if assumptions hold.`, `Of 3 ..., 2 would run and 1 would not, because ...`."""
    total = len(events)
    yes, unknown, no = (sum(1 for event in events if event.done is done) for done in (Done.YES, Done.UNKNOWN, Done.NO))
    nouns = noun if total == 1 else f"{total:,} {noun}s"
    if total in (yes, unknown, no):
        all, none = (f"Both {noun}s", f"Neither of the {nouns}") if total == 2 else (f"All {nouns}", f"None of the {nouns}")
        subject = f"The one {noun}" if total == 1 else none if no else all
        refused = "not " if no and total == 1 else ""
        fate = f" would {refused}{verb}" + (" if assumptions hold" if unknown else "")
    else:
        subject = f"Of {nouns}"
        parts = [f"{yes:,} would {verb}"] if yes else []
        parts += [f"{unknown:,} would {verb} if assumptions hold"] if unknown else []
        parts += [f"{no:,} would not"] if no else []
        fate = ", " + ", ".join(parts[:-1]) + f" and {parts[-1]}"
    reasons = tuple(dict.fromkeys(event.why for event in events if event.done is Done.NO and event.why))
    because = f", because {_short(visible(reasons[0]), 300).rstrip('.')}" if reasons else ""
    more = f" (and {len(reasons) - 1} more reason{'s' if len(reasons) > 2 else ''})" if len(reasons) > 1 else ""
    return say(subject, *details, fate, because, more, ".")


def _short(text: str, most: int = _SHOWN_LETTERS) -> str:
    return text if len(text) <= most else f"{text[:most]}…"
