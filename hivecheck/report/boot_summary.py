"""The boot on one screen, for the summary: a line or a few a step, what is routine counted together, then the process tree.

A certain answer, an assumed one and a refusal differ in sign, word and colour. What is refused is always told.
"""

from collections import Counter
from collections.abc import Iterable

from hivecheck.analysis import Analysis
from hivecheck.boot.actions import (
    CreateDirectory,
    CreateObject,
    CreatePagingFile,
    DeleteFile,
    DeleteValue,
    Link,
    LoadDriver,
    LoadHives,
    LoadLibrary,
    MapSection,
    RenameFile,
    SaveCrashDump,
    SetVariable,
    StartProcess,
    StartService,
    StartSubsystem,
    Unlink,
    WriteValue,
)
from hivecheck.boot.plan import Done, Step
from hivecheck.boot.process_tree import build_process_tree
from hivecheck.boot.replay import Effect, Event
from hivecheck.registry.hive import fold_name
from hivecheck.report.paper import Paper, clip
from hivecheck.report.tree import write_folded_tree
from hivecheck.report.view import (
    CERTAINTY_WORDS,
    LEGEND,
    SIGN_STYLES,
    SIGNS,
    STEP_WORDS,
    counted,
    describe_action,
    effect_words,
    plain,
    shown_text,
)
from hivecheck.settings.subsystems import parse_csrss

_TOLD_ONE_BY_ONE = frozenset(
    {
        Step.BOOT_EXECUTE,
        Step.PLATFORM_BINARY,
        Step.SETUP_EXECUTE,
        Step.EXECUTE,
        Step.SUBSYSTEMS,
        Step.INITIAL_COMMAND,
        Step.LOGON,
    }
)
# Told only where something of them is refused: the rest is counted, and the sessions are in the tree.
_ROUTINE = frozenset(
    {
        Step.LOAD_CONTROL_SET,
        Step.READ_SETTINGS,
        Step.OBJECT_DIRECTORIES,
        Step.LOAD_REGISTRY,
        Step.ENVIRONMENT,
        Step.SESSIONS,
    }
)
_IN_THE_TREE = frozenset({Step.INITIAL_COMMAND, Step.LOGON})  # their processes that start as they should
_USUAL = frozenset({"WININIT.EXE", "WINLOGON.EXE", "LOGONUI.EXE", "DWM.EXE", "FONTDRVHOST.EXE"})
_SHOWN_REFUSALS = 2
_SHOWN_OPERATIONS = 4
_SHOWN_PROGRAMS = 8
_SHOWN_EFFECTS = 3
_LINE = 73  # letters beside a step, at 120 columns


def write_boot(analysis: Analysis, paper: Paper) -> None:
    """The boot, a paragraph a step, and the processes it leaves."""
    paper.heading(f"The next boot   ({LEGEND})")
    events = analysis.replay.events
    steps: dict[Step, list[Event]] = {}
    for event in events:
        steps.setdefault(event.step, []).append(event)
    routine: list[Event] = []
    for step, those in steps.items():
        told, rest = _split_routine(step, those)
        routine += rest
        for place, (sign, text) in enumerate(_step_lines(step, told)):
            _put_step(paper, _label(step, told) if place == 0 else "", sign, text)
    if routine:
        sign = Done.UNKNOWN if any(event.done is Done.UNKNOWN for event in routine) else Done.YES
        _put_step(paper, f"          {'The rest':<33}", sign, f"{counted(len(routine), 'event')}: see hivecheck replay")
    _write_effects(events, paper)
    halted = analysis.replay.halted
    if halted is not None:
        sure = f"certainty {halted.certainty.value}: {CERTAINTY_WORDS[halted.certainty]}"
        text = f"HALTED after event {halted.event} ({sure}). {shown_text(halted.why)}"
        paper.put(text, first="", indent=10, styles=("red", "bold"))
    tree = build_process_tree(analysis.replay)
    if tree.roots:
        paper.heading("Its processes")
        write_folded_tree(tree, paper)


def _split_routine(step: Step, events: list[Event]) -> tuple[list[Event], list[Event]]:
    """What the summary tells of a step, and what it only counts: never a refusal, nor what is doubtful of a step that matters."""
    told: list[Event] = []
    rest: list[Event] = []
    doubtful = any(event.done is Done.UNKNOWN for event in events)
    for event in events:
        routine = step in _ROUTINE or (doubtful and event.done is Done.YES and step not in _TOLD_ONE_BY_ONE)
        routine = routine or (step is Step.SUBSYSTEMS and isinstance(event.action, LoadDriver))
        routine = routine or (step in _IN_THE_TREE and _is_usual(event))
        (rest if routine and event.done is not Done.NO else told).append(event)
    return told, rest


def _is_usual(event: Event) -> bool:
    """Whether it starts what every boot starts there."""
    action = event.action
    return isinstance(action, StartProcess) and fold_name(action.image) in _USUAL


def _label(step: Step, events: list[Event]) -> str:
    first, last = events[0].number, events[-1].number
    whole = last - first == len(events) - 1
    numbers = str(first) if first == last else f"{first}-{last}" if whole else f"{first}..."
    return f"{numbers:>8}  {STEP_WORDS[step][0]:<33}"


def _put_step(paper: Paper, label: str, sign: Done, text: str) -> None:
    indent = 45 if paper.width >= 90 else 4
    if indent == 4 and label:
        paper.lines.append(label.strip())
        label = ""
    start = len(paper.lines)
    paper.put(text, first=label, indent=indent + 2)
    line = paper.lines[start]
    mark = paper.style(SIGNS[sign], SIGN_STYLES[sign])
    paper.lines[start] = line[:indent] + mark + line[indent + 1 :]


def _step_lines(step: Step, events: list[Event]) -> list[tuple[Done, str]]:
    if step in _TOLD_ONE_BY_ONE:
        return _one_by_one(step, events)
    kinds: dict[Done, list[Event]] = {}
    for event in events:
        kinds.setdefault(event.done, []).append(event)
    lines: list[tuple[Done, str]] = []
    for done in (Done.YES, Done.UNKNOWN, Done.NO):
        those = kinds.get(done, [])
        if not those:
            continue
        if done is Done.NO:
            lines += [(done, text) for text in _refusals(those)]
            continue
        lines.append((done, _counts(those)))
        if step is Step.FILE_RENAMES:
            lines += [(done, text) for text in _first_operations(those)]
    return lines


def _one_by_one(step: Step, events: list[Event]) -> list[tuple[Done, str]]:
    """Each event in words; the same in several sessions once, and the initial commands on one line."""
    sessions: dict[tuple[Done, str], list[int]] = {}
    for event in events:
        found = sessions.setdefault((event.done, clip(event_words(event), 300)), [])
        session = getattr(event.action, "session", None)
        if session is not None:
            found.append(session)
    lines = [
        (done, f"{text} (sessions {', '.join(map(str, those))})" if len(those) > 1 else text)
        for (done, text), those in sessions.items()
    ]
    left = len(lines) - _SHOWN_PROGRAMS
    if left > 0:
        return [*lines[:_SHOWN_PROGRAMS], (Done.UNKNOWN, f"and {left} more: see hivecheck replay")]
    if step is Step.INITIAL_COMMAND and len({done for done, _ in lines}) == 1 and lines[0][0] is not Done.NO:
        return [(lines[0][0], "; ".join(text for _, text in lines))]
    return lines


def _first_operations(events: list[Event]) -> list[str]:
    """The first operations on files, and how many are left."""
    shown = [clip(plain(describe_action(event.action)), 110) for event in events[:_SHOWN_OPERATIONS]]
    left = len(events) - _SHOWN_OPERATIONS
    return [*shown, f"and {left} more: see hivecheck replay"] if left > 0 else shown


def event_words(event: Event) -> str:
    """What one event asks, and why it is not done where it is not."""
    text = _subsystem_words(event.action) or plain(describe_action(event.action))
    return f"{text}: NOT DONE, {shown_text(event.why)}" if event.done is Done.NO else text


def _subsystem_words(action: object) -> str:
    """csrss with what is loaded into it, which is what matters of its long command line; '' for every other action."""
    if not isinstance(action, StartSubsystem) or not action.image:
        return ""
    dlls = [dll.text for dll in parse_csrss(f"{action.image} {action.arguments}", None).server_dlls]
    loaded = f", which loads {' '.join(dlls)}" if dlls else ""
    return shown_text(f"start the subsystem {action.name}: {action.image}{loaded}")


def _refusals(events: list[Event]) -> list[str]:
    """What is not done, those with one reason together."""
    by_reason: dict[str, list[Event]] = {}
    for event in events:
        by_reason.setdefault(event.why, []).append(event)
    lines: list[str] = []
    for reason, refused in list(by_reason.items())[:_SHOWN_REFUSALS]:
        what = clip(plain(describe_action(refused[0].action)), 80) if len(refused) == 1 else _counts(refused)
        lines.append(clip(f"{what}: NOT DONE, {shown_text(reason)}", 2 * _LINE))
    left = len(by_reason) - _SHOWN_REFUSALS
    return [*lines, f"{left} more reasons: see hivecheck replay"] if left > 0 else lines


def _counts(events: list[Event]) -> str:
    """A run of events in numbers, with the names that matter."""
    kinds = Counter(_kind_words(event) for event in events)
    parts = [_number_of(count, *words) for words, count in kinds.items()]
    names = _names(events)
    return ", ".join(parts) + (f": {names}" if names else "")


def _number_of(count: int, one: str, many: str) -> str:
    if count > 1:
        return f"{count} {many}"
    return one if one[:1].isdigit() or one.endswith(("started", "saved")) else f"1 {one}"


def _kind_words(event: Event) -> tuple[str, str]:
    match event.action:
        case DeleteFile():
            return "delete", "deletes"
        case RenameFile(replaces=True):
            return "rename that replaces", "renames that replace"
        case RenameFile():
            return "rename", "renames"
        case SetVariable():
            return "variable", "variables"
        case Link():
            return "link", "links"
        case Unlink():
            return "link removed", "links removed"
        case CreateDirectory():
            return "directory", "directories"
        case CreateObject(type=kind):
            return kind, kind + "s"
        case LoadDriver(start="boot" | "system" as start):
            return f"{start} driver", f"{start} drivers"
        case LoadDriver():
            return "driver", "drivers"
        case LoadLibrary():
            return "DLL loaded", "DLLs loaded"
        case StartService(when=when):
            kind = f"{when}-start service" if when in ("auto", "early") else f"{when} service"
            return kind, f"{kind}s"
        case MapSection():
            return "DLL mapped", "DLLs mapped"
        case CreatePagingFile():
            return "paging file", "paging files"
        case WriteValue():
            return "value written", "values written"
        case DeleteValue():
            return "value deleted", "values deleted"
        case LoadHives(names=names):
            return f"{len(names)} hives loaded", "hives loaded"
        case StartProcess(image=image):
            return f"{image} started", "programs started"
        case SaveCrashDump():
            return "dump of a crash saved", "dumps of a crash saved"
        case action:
            kind = action.kind.replace("-", " ")
            return kind, kind


def _names(events: list[Event]) -> str:
    names: list[str] = []
    for event in events:
        match event.action:
            case DeleteValue(name=name) | Unlink(name=name):
                names.append(name)
            case CreateDirectory(name=name) | CreateObject(name=name) if len(events) <= 6:
                names.append(name)
            case Link(name=name) if len(events) <= 16:
                names.append(name.rpartition("\\")[2])
            case CreatePagingFile(path=path):
                names.append(path)
            case LoadHives(names=hives):
                names.extend(hives)
            case WriteValue(name=name, value=value) if len(events) <= 2:
                names.append(f"{name} = {value}")
    return clip(shown_text(", ".join(names)), 110)


def _write_effects(events: Iterable[Event], paper: Paper) -> None:
    """What one event does to the files or the paths of others, the first few of them: those of one cause on one line."""
    causes: dict[tuple[str, int], list[tuple[Event, Effect]]] = {}
    for event in events:
        for effect in event.effects:
            causes.setdefault((effect.boot, effect.event), []).append((event, effect))
    for touched in list(causes.values())[:_SHOWN_EFFECTS]:
        numbers = ", ".join([str(event.number) for event, _ in touched[:_SHOWN_EFFECTS]])
        more = f" and {len(touched) - _SHOWN_EFFECTS} more" if len(touched) > _SHOWN_EFFECTS else ""
        first = touched[0][1]
        noun = "event" if len(touched) == 1 else "events"
        text = f"{noun} {numbers}{more}, {effect_words(first)}: {shown_text(first.text)}"
        paper.put(clip(text, 2 * (max(paper.width, 80) - 10)), first="       ! ", indent=10)
    left = len(causes) - _SHOWN_EFFECTS
    if left > 0:
        paper.put(f"and {counted(left, 'more cause')} of such effects: see hivecheck replay", first="", indent=10)
