"""The boot on one screen, for the summary: a line or a few a step, what is routine counted together.

A certain answer, an assumed one and a refusal differ in sign, word and colour. What is refused is always told, and what the
registry has smss run. In short, steps that go as at every boot are counted with the rest: what is odd there is a finding.
"""

from collections.abc import Iterable

from hivecheck.analysis import Analysis
from hivecheck.boot.actions import LoadDriver, LoadLibrary, StartProcess, WriteValue
from hivecheck.boot.plan import Done, Step
from hivecheck.boot.replay import Effect, Event
from hivecheck.registry.hive import fold_name
from hivecheck.report.boot_counts import count_events
from hivecheck.report.event_words import action_words, event_words
from hivecheck.report.paper import Paper, clip, clip_end, clip_words
from hivecheck.report.step_names import STEP_NAMES
from hivecheck.report.view import CERTAINTY_WORDS, LEGEND, SIGN_STYLES, SIGNS, counted, effect_words, shown_text

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
_ROUTINE_IN_SHORT = _ROUTINE | {Step.DOS_DEVICES, Step.KNOWN_DLLS, Step.PAGING_FILES, Step.SUBSYSTEMS, Step.LSA}
_IN_THE_TREE = frozenset({Step.INITIAL_COMMAND, Step.LOGON})  # their processes that start as they should
_USUAL = frozenset({"WININIT.EXE", "WINLOGON.EXE", "LOGONUI.EXE", "DWM.EXE", "FONTDRVHOST.EXE"})
_SHOWN_REFUSALS = 2
_SHOWN_OPERATIONS = 4
_SHOWN_PROGRAMS = 8
_SHOWN_EFFECTS = 1
_SHOWN_EVENTS = 2  # of one effect
_LONGEST_REASON = 400  # letters
_LINE = 70  # letters beside a step, at 100 columns
_INDENT = 26
_NARROW = 76  # columns below which a step has a line of its own


def write_boot(analysis: Analysis, paper: Paper, *, is_short: bool = False) -> None:
    """The boot, a paragraph a step; in short, fewer steps and no file by its name."""
    paper.heading("The next boot", f"({LEGEND})")
    events = analysis.replay.events
    steps: dict[Step, list[Event]] = {}
    for event in events:
        steps.setdefault(event.step, []).append(event)
    routine: list[Event] = []
    for step, those in steps.items():
        told, rest = _split_routine(step, those, _ROUTINE_IN_SHORT if is_short else _ROUTINE)
        routine += rest
        for place, (sign, text) in enumerate(_step_lines(step, told, is_short=is_short)):
            words = clip_end(text, max(paper.width - _INDENT - 2, _LINE)) if is_short else text
            _put_step(paper, _label(step, told) if place == 0 else "", sign, words)
    if routine:
        sign = Done.UNKNOWN if any(event.done is Done.UNKNOWN for event in routine) else Done.YES
        _put_step(paper, f"{'':>8}  The rest", sign, f"{counted(len(routine), 'event')}: see hivecheck replay")
    _write_effects(events, paper, 1 if is_short else 2)
    halted = analysis.replay.halted
    if halted is not None:
        sure = f"certainty {halted.certainty.value}: {CERTAINTY_WORDS[halted.certainty]}"
        text = f"HALTED after event {halted.event} ({sure}). {shown_text(halted.why)}"
        paper.put(
            clip_end(clip_words(text), _LONGEST_REASON),
            first="",
            indent=10 if paper.width >= _NARROW else 4,
            styles=("red", "bold"),
        )


def _split_routine(step: Step, events: list[Event], steps: frozenset[Step]) -> tuple[list[Event], list[Event]]:
    """What the summary tells of a step, and what it only counts, as all of these `steps`: never a refusal, nor what is doubtful of a step that matters."""
    told: list[Event] = []
    rest: list[Event] = []
    doubtful = any(event.done is Done.UNKNOWN for event in events)
    again = _asked_again(events) if step in steps else []
    for event in events:
        routine = step in steps or (doubtful and event.done is Done.YES and step not in _TOLD_ONE_BY_ONE)
        routine = routine or (step is Step.SUBSYSTEMS and isinstance(event.action, LoadDriver))
        routine = routine or (step in _IN_THE_TREE and _is_usual(event))
        (rest if routine and (event.done is not Done.NO or event in again) else told).append(event)
    return told, rest


def _asked_again(events: list[Event]) -> list[Event]:
    """DLLs that a process is not given because another list has given them to it: nothing is lost by that refusal."""
    loads = [(event, event.action) for event in events if isinstance(event.action, LoadLibrary)]
    given = {(load.process, fold_name(load.file.text)) for event, load in loads if event.done is not Done.NO}
    return [event for event, load in loads if event.done is Done.NO and (load.process, fold_name(load.file.text)) in given]


def _is_usual(event: Event) -> bool:
    """Whether it starts what every boot starts there, or is the note of a boot that went well."""
    action = event.action
    if isinstance(action, WriteValue):
        return action.name == "LastKnownGood"
    return isinstance(action, StartProcess) and fold_name(action.image) in _USUAL


def _label(step: Step, events: list[Event]) -> str:
    first, last = events[0].number, events[-1].number
    whole = last - first == len(events) - 1
    numbers = str(first) if first == last else f"{first}-{last}" if whole else f"{first}..."
    return f"{numbers:>8}  {STEP_NAMES[step]}"


def _put_step(paper: Paper, label: str, sign: Done, text: str) -> None:
    indent = _INDENT if paper.width >= _NARROW else 4
    if indent == 4 and label:
        paper.lines.append(label.strip())
        label = ""
    start = len(paper.lines)
    paper.put(text, first=label, indent=indent + 2)
    line = paper.lines[start]
    mark = paper.style(SIGNS[sign], SIGN_STYLES[sign])
    paper.lines[start] = line[:indent] + mark + line[indent + 1 :]


def _step_lines(step: Step, events: list[Event], *, is_short: bool) -> list[tuple[Done, str]]:
    if step in _TOLD_ONE_BY_ONE:
        return _one_by_one(step, events)
    again = _asked_again(events)
    kinds: dict[Done, list[Event]] = {}
    for event in (one for one in events if one not in again):
        kinds.setdefault(event.done, []).append(event)
    lines: list[tuple[Done, str]] = []
    for done in (Done.YES, Done.UNKNOWN, Done.NO):
        those = kinds.get(done, [])
        if not those:
            continue
        if done is Done.NO:
            lines += [(done, text) for text in _refusals(those)]
            continue
        more = f", {counted(len(again), 'DLL')} asked for again" if again and done is Done.UNKNOWN else ""
        lines.append((done, count_events(those) + more))
        if step is Step.FILE_RENAMES and not is_short:
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
    shown = [clip(action_words(event.action), 2 * _LINE + 30) for event in events[:_SHOWN_OPERATIONS]]
    left = len(events) - _SHOWN_OPERATIONS
    return [*shown, f"and {left} more: see hivecheck replay"] if left > 0 else shown


def _refusals(events: list[Event]) -> list[str]:
    """What is not done, those with one reason together."""
    by_reason: dict[str, list[Event]] = {}
    for event in events:
        by_reason.setdefault(event.why, []).append(event)
    lines: list[str] = []
    for reason, refused in list(by_reason.items())[:_SHOWN_REFUSALS]:
        what = clip(action_words(refused[0].action), 2 * _LINE) if len(refused) == 1 else count_events(refused)
        lines.append(f"{what}: NOT DONE, {clip_end(shown_text(reason), max(2 * _LINE - len(what) - 16, _LINE))}")
    left = len(by_reason) - _SHOWN_REFUSALS
    return [*lines, f"{left} more reasons: see hivecheck replay"] if left > 0 else lines


def _write_effects(events: Iterable[Event], paper: Paper, lines: int) -> None:
    """What one event does to the files or the paths of others, the first of them in so many lines; the others are counted."""
    causes: dict[tuple[str, int], list[tuple[Event, Effect]]] = {}
    for event in events:
        for effect in event.effects:
            causes.setdefault((effect.boot, effect.event), []).append((event, effect))
    for touched in list(causes.values())[:_SHOWN_EFFECTS]:
        numbers = ", ".join([str(event.number) for event, _ in touched[:_SHOWN_EVENTS]])
        more = f" and {len(touched) - _SHOWN_EVENTS} more" if len(touched) > _SHOWN_EVENTS else ""
        first = touched[0][1]
        noun = "event" if len(touched) == 1 else "events"
        text = f"{noun} {numbers}{more}, {effect_words(first)}: {shown_text(first.text)}"
        paper.put(clip_end(text, lines * (max(paper.width, 80) - 12)), first="       ! ", indent=10)
    left = len(causes) - _SHOWN_EFFECTS
    if left > 0:
        paper.put(f"and {counted(left, 'more cause')} of such effects: see hivecheck replay", first="", indent=10)
