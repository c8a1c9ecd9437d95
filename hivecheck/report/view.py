"""The words of every report: what each step is, what each event asks for, what came of it. Ready strings, nothing to decide.

Both the HTML page and the terminal print these; both escape for their own medium. Text from the hive is made visible here
(control characters, writing directions), and set as code, apart from our own words.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from typing import assert_never

from hivecheck.boot.actions import (
    Action,
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
from hivecheck.boot.replay import Effect, Event
from hivecheck.facts.certainty import Certainty
from hivecheck.facts.fact import fact
from hivecheck.facts.filetime import is_odd_time, iso_utc
from hivecheck.facts.origin import BuiltIn, KeyRef, Origin, State, ValueRef
from hivecheck.facts.visible import visible
from hivecheck.settings.remnants import UNKNOWN_KEY

DONE_WORDS = {Done.YES: "done", Done.NO: "not done", Done.UNKNOWN: "if assumptions hold"}
SIGNS = {Done.YES: "+", Done.NO: "x", Done.UNKNOWN: "~"}
SIGN_STYLES = {Done.YES: "green", Done.NO: "red", Done.UNKNOWN: "yellow"}
SOMEWHERE = "somewhere in Path; which file it is, is not known"
LEGEND = "+ done   ~ done if its assumptions hold   x not done"
EFFECT_WORDS = {"this": "this boot", "next": "the next boot"}
CERTAINTY_WORDS = {
    Certainty.A: "confirmed in a primary source for this Windows",
    Certainty.B: "told by a secondary source (a book, an article)",
    Certainty.C: "inferred; not confirmed for this Windows",
}
NO_MOMENT = "no moment of any Windows"
STEP_WORDS: dict[Step, tuple[str, str]] = {
    Step.LOAD_CONTROL_SET: (
        "Load the control set",
        "The loader reads Select\\Default and takes that control set; it is this boot's CurrentControlSet.",
    ),
    Step.BOOT_DRIVERS: (
        "Load the drivers of the boot",
        "The loader reads drivers with Start 0, the kernel those with Start 1, group by group, before any program exists.",
    ),
    Step.READ_SETTINGS: (
        "smss reads its settings",
        "The first user process reads the Session Manager key once, builds the environment, and removes what is read only once.",
    ),
    Step.OBJECT_DIRECTORIES: ("Create object directories", "Folders of the kernel's namespace, in which names will live."),
    Step.DOS_DEVICES: (
        "Link DOS devices",
        "Permanent names such as NUL and UNC. A name linked here redirects every later path that begins with it.",
    ),
    Step.BOOT_EXECUTE: (
        "Run BootExecute",
        "Native programs run as SYSTEM before any service, antivirus program or logon exists; normally only autochk.",
    ),
    Step.LOAD_REGISTRY: ("Load the rest of the registry", "SOFTWARE, SAM, SECURITY and DEFAULT; writes now reach the disk."),
    Step.PLATFORM_BINARY: ("Run the platform binary", "A native program that the firmware may bring along (WPBT)."),
    Step.FILE_RENAMES: (
        "Work off pending renames",
        "PendingFileRenameOperations in order: files deleted or replaced before anything can hold them open.",
    ),
    Step.KNOWN_DLLS: (
        "Map the KnownDLLs",
        "DLLs mapped once for all processes. One left out is looked for along each program's own search path.",
    ),
    Step.PAGING_FILES: ("Make paging files", "The dump of a crash is rescued from the old one first."),
    Step.ENVIRONMENT: ("Write what depends on this machine", "Processor variables and the like, rewritten at every boot."),
    Step.SETUP_EXECUTE: ("Run SetupExecute", "Native programs of servicing; smss does not clear the list."),
    Step.SUBSYSTEMS: (
        "Start the subsystems",
        "win32k.sys and csrss.exe, a critical process. Every ServerDll of its command line is loaded into it.",
    ),
    Step.EXECUTE: ("Run Execute", "A list of the early Windows NT; up to 2003 its last entry takes winlogon's place."),
    Step.SESSIONS: ("Create a session", "A child smss populates the session and ends."),
    Step.INITIAL_COMMAND: (
        "Start the initial command",
        "wininit.exe or winlogon.exe, from which everything later descends.",
    ),
    Step.SERVICES: (
        "Start services",
        "services.exe starts what is set to start by itself: group by group, after what it depends on, the delayed ones last.",
    ),
    Step.LSA: ("Start the security authority", "lsass.exe checks logons; the packages named here are loaded into it."),
    Step.LOGON: ("Logon", "What runs before the logon screen, and what a logon would start."),
}


@fact
class Span:
    """A run of text; `code` is True for what comes from the hive or is a name of Windows."""

    text: str
    code: bool = False


Sentence = tuple[Span, ...]


@fact
class EventGroup:
    """Consecutive events of one step."""

    step: Step
    title: str
    about: str
    events: tuple[Event, ...]

    def count(self, done: Done) -> int:
        return sum(1 for event in self.events if event.done is done)


def group_events(events: tuple[Event, ...]) -> tuple[EventGroup, ...]:
    """The events in boot order, consecutive ones of a step together."""
    return tuple(
        EventGroup(step, *STEP_WORDS[step], tuple(run)) for step, run in groupby(events, key=lambda event: event.step)
    )


def plain(sentence: Sentence) -> str:
    """A sentence as text alone."""
    return "".join(span.text for span in sentence)


def say(*parts: object) -> Sentence:
    """Words and code in turn: strings are ours, one-element lists are code."""
    return tuple([_span(part) for part in parts if part not in ("", [""])])


def _span(part: object) -> Span:
    if isinstance(part, list):
        return Span(visible(str(part[0])), True)
    return Span(str(part))


def describe_action(action: Action) -> Sentence:
    """What the event asks for, as one phrase without a full stop."""
    match action:
        case CreateDirectory():
            return say("create the object directory ", [action.name])
        case CreateObject():
            return say(f"create the {action.type} ", [action.name])
        case Link():
            return say("link ", [action.name], " to ", [action.target])
        case Unlink():
            return say("remove the link ", [action.name])
        case RunProgram():
            return say("run ", [action.command], "" if action.waits else " without waiting for it")
        case SaveCrashDump():
            return say("save a crash dump from ", [action.paging_file], " to ", [action.dump_file])
        case RenameFile():
            how = ", replacing it" if action.replaces else ""
            marker = (" (marked ", [action.marker], ")") if action.marker else ()
            return say("rename ", [action.source], " to ", [action.destination], how, *marker)
        case DeleteFile():
            marker = (" (marked ", [action.marker], ")") if action.marker else ()
            return say("delete ", [action.source], *marker)
        case MapSection():
            return say("map ", [action.file], " as ", [action.name])
        case CreatePagingFile():
            kind = "an emergency paging file " if action.emergency else "the paging file "
            return say(f"make {kind}", [action.path], f", {_size(action)}")
        case SetVariable():
            return say("set ", [action.name], " to ", [action.value] if action.value else "nothing")
        case LoadHives():
            return say("load the hives ", [", ".join(action.names)])
        case LoadDriver():
            return say("load ", [action.image], "" if action.session is None else f" in session {action.session}")
        case StartSubsystem():
            arguments = (" with ", [action.arguments]) if action.arguments else ()
            return say("start the subsystem ", [action.name], ": ", [action.image], *arguments)
        case CreateSession():
            return say(f"create session {action.number} with a smss.exe of its own")
        case StartProcess():
            where = "" if action.session is None else f" in session {action.session}"
            return say("start ", [f"{action.image} {action.arguments}".rstrip()], where)
        case StartService():
            inside = (" with ", [action.dll]) if action.dll is not None else ()
            return say("start the service ", [action.name], ": ", [f"{action.image} {action.arguments}".rstrip()], *inside)
        case LoadLibrary():
            return say("load ", [action.file], " into ", [action.process], " (", [action.list], ")")
        case WriteValue():
            return say("write ", [action.name], " in ", [action.key], ": " if action.value else "", [action.value])
        case DeleteValue():
            return say("delete the value ", [action.name], " from ", [action.key])
        case _:
            assert_never(action)


def _size(action: CreatePagingFile) -> str:
    if action.minimum_mb is None:
        return "sized by the system"
    if action.minimum_mb == action.maximum_mb:
        return f"{action.minimum_mb} MB"
    return f"{action.minimum_mb} to {action.maximum_mb} MB"


def describe_origin(origin: Origin) -> Sentence:
    """Where a fact comes from: key, value, string numbers, cell offset, key last written."""
    match origin:
        case ValueRef():
            return say([origin.key], " : ", [origin.value or "(default)"], _strings(origin), _place(origin))
        case KeyRef():
            named = ("key ", [origin.path]) if origin.path else ("the root of the hive",)
            return say(*named, _place(origin))
        case BuiltIn():
            return say("built in: ", [origin.what], f" ({origin.source})")
        case _:
            assert_never(origin)


def _strings(origin: ValueRef) -> str:
    if origin.strings is None:
        return ""
    first, last = origin.strings
    return f", string {first}" if first == last else f", strings {first} and {last}"


def _place(origin: ValueRef | KeyRef) -> str:
    at = "" if origin.offset is None else f", cell at 0x{origin.offset:x}"
    return f"{at}{state_words(origin.state)}, {written_words(origin)}"


def state_words(state: State) -> str:
    """In what part of the evidence it was found, as a continuation; '' for the hive itself."""
    match state:
        case State.ALLOCATED:
            return ""
        case State.LOG:
            return " (from a transaction log)"
        case State.DELETED:
            return " (in a deleted cell)"
        case _:
            assert_never(state)


@lru_cache(1_000)  # a page tells that of each key with every value of it
def shown_time(ticks: int | None) -> str:
    """A time for people: UTC to the second, with the fraction as stored; 'no time' for 0, 'unknown' for None.

    One that is no moment is told as stored, and so labelled.
    """
    if ticks is None:
        return "unknown"
    if ticks == 0:
        return "no time"
    return iso_utc(ticks).replace("T", " ") + (f" ({NO_MOMENT})" if is_odd_time(ticks) else "")


def written_words(origin: ValueRef | KeyRef) -> str:
    """When the key of an origin was last written, as a continuation; that it has no time, and where even the key is not known."""
    if origin.written:
        return f"key last written {shown_time(origin.written)}"
    path = origin.key if isinstance(origin, ValueRef) else origin.path
    return "in a key that is not known, no time" if path == UNKNOWN_KEY else "no time of the key"


def counted(number: int, one: str, many: str = "") -> str:
    """`1 file`, `12 files`, `1,200 files`."""
    return f"1 {one}" if number == 1 else f"{number:,} {many or one + 's'}"


def shown_text(text: str) -> str:
    """Text from the hive, every hidden character visible."""
    return visible(text)


def outcome_words(event: Event) -> Iterator[str]:
    """What came of the request: why, then what is assumed; each a phrase."""
    if event.why:
        yield visible(event.why)
    for assumption in event.assumes:
        yield f"assumes: {visible(assumption)}"


def effect_words(effect: Effect) -> str:
    """Which boot sees the effect, and which event causes it; its text is told beside it."""
    return f"{EFFECT_WORDS.get(effect.boot, effect.boot)}, by event {effect.event}"
