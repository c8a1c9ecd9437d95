"""The analysis on one screen: who this machine is, which set boots, the state of the hive, and the boot step by step.

A certain answer, an assumed one and a refusal differ in sign, word and colour.
"""

from collections import Counter

from hivecheck import __version__
from hivecheck.analysis import Analysis
from hivecheck.boot.actions import (
    Action,
    CreateDirectory,
    CreateObject,
    CreatePagingFile,
    DeleteFile,
    DeleteValue,
    Link,
    LoadHives,
    MapSection,
    RenameFile,
    SaveCrashDump,
    SetVariable,
    StartProcess,
    StartSubsystem,
    Unlink,
    WriteValue,
)
from hivecheck.boot.plan import Done, Step
from hivecheck.boot.replay import Event
from hivecheck.registry.control_sets import control_set_name
from hivecheck.registry.hive import REG_DWORD, REG_EXPAND_SZ, REG_MULTI_SZ, REG_SZ, RawValue
from hivecheck.registry.logs import first_and_last
from hivecheck.registry.readers import ReaderOpinion
from hivecheck.registry.strings import decode_multi_sz, decode_sz
from hivecheck.report.log_changes import fold_changes, is_read_at_boot
from hivecheck.report.paper import Paper, clip
from hivecheck.report.view import CERTAINTY_WORDS, EventGroup, describe_action, group_events, plain, shown_text, shown_time
from hivecheck.settings.remnants import Standing
from hivecheck.settings.subsystems import parse_csrss

SIGNS = {Done.YES: "+", Done.NO: "x", Done.UNKNOWN: "~"}
SIGN_STYLES = {Done.YES: "green", Done.NO: "red", Done.UNKNOWN: "yellow"}
LEGEND = "+ done   ~ done if its assumptions hold   x not done"
_TOLD_ONE_BY_ONE = frozenset(
    {
        Step.BOOT_EXECUTE,
        Step.PLATFORM_BINARY,
        Step.SETUP_EXECUTE,
        Step.EXECUTE,
        Step.SUBSYSTEMS,
        Step.SESSIONS,
        Step.INITIAL_COMMAND,
    }
)
_SHOWN_PROBLEMS = 8
_SHOWN_REFUSALS = 3
_SHOWN_CHANGES = 8
_SHOWN_OPERATIONS = 4
_SHOWN_PROGRAMS = 8


def write_summary(analysis: Analysis, paper: Paper) -> None:
    """The whole summary of one hive."""
    write_heading(analysis, paper)
    write_boot(analysis, paper)
    _write_log_changes(analysis, paper)
    _write_lost(analysis, paper)
    write_problems(analysis, paper)


def write_heading(analysis: Analysis, paper: Paper) -> None:
    """Which machine this is, what boots, in what state the evidence is."""
    paper.put(f"hivecheck {__version__}  {shown_text(analysis.evidence.source)}", styles=("bold",))
    paper.blank()
    paper.columns(_about(analysis), indent=10)


def _about(analysis: Analysis) -> list[tuple[str, str]]:
    facts, evidence, sets = analysis.facts, analysis.evidence, analysis.control_sets
    name = shown_text(facts.computer_name.value or "unnamed")
    parts = [
        name,
        analysis.generation.name,
        facts.architecture.value or "unknown architecture",
        facts.role.value.value if facts.role.value else "",
        f"{facts.generation.confidence.value} confidence",
    ]
    rows = [("Machine", ", ".join(shown_text(part) for part in parts if part))]
    others = ", ".join(
        f"{label} {number if number is not None else 'unreadable'}"
        for label, number in (
            ("current", sets.select_number("Current")),
            ("last known good", sets.select_number("LastKnownGood")),
            ("failed", sets.select_number("Failed")),
        )
    )
    present = ", ".join(str(number) for number in sets.present) or "none"
    boots = control_set_name(sets.number) if sets.number is not None else "no control set"
    rows.append(("Boots", f"{boots} by {sets.why} ({others}; present: {present})"))
    if analysis.options.safe_mode:
        rows.append(("Mode", f"safe mode ({analysis.options.safe_mode})"))
    block = evidence.base_block
    state = "clean" if not evidence.dirty else f"dirty (sequence {block.primary_sequence} and {block.secondary_sequence})"
    if evidence.dirty:
        state += f", {log_words(analysis)}"
    if not analysis.is_complete:
        state += ", PARTS OF IT CAN'T BE READ"
    rows.append(("Hive", f"{state}, {evidence.size:,} bytes, SHA-256 {evidence.digests.sha256}"))
    boot, down = shown_time(facts.last_boot.value), shown_time(facts.last_shutdown.value)
    rows.append(("Times", f"last boot {boot[:19]}, last shutdown {down[:19]} (UTC)"))
    rows += [("Readers", _reader_words(reader)) for reader in evidence.readers]
    return rows


def log_words(analysis: Analysis) -> str:
    """What came of the logs of a dirty hive, as one phrase."""
    evidence = analysis.evidence
    applied = [fate.sequence for log in evidence.logs for fate in log.fate.fates if fate.applied]
    if applied:
        count = len(applied)
        first, last = first_and_last(applied)
        doubt = ", PERHAPS OF ANOTHER HIVE" if any(log.fate.doubt and log.fate.applied for log in evidence.logs) else ""
        return f"{count} log entr{'ies' if count != 1 else 'y'} applied ({first} to {last}){doubt}"
    if analysis.options.logs == "none":
        return "logs not asked for"
    return "nothing of its logs usable" if evidence.logs else "no logs beside it"


def _reader_words(reader: ReaderOpinion) -> str:
    if reader.agrees is None:
        return f"{reader.name} was not asked: {shown_text(reader.note)}"
    known = len(reader.known_defects)
    defects = f", {known} known defect{'s' if known != 1 else ''} of it aside" if known else ""
    if reader.agrees:
        return f"{reader.name} agrees on {reader.keys_compared} keys, {reader.values_compared} values{defects}"
    count = len(reader.disagreements)
    return f"{reader.name} DISAGREES in {count} place{'s' if count != 1 else ''}: see --json or --html{defects}"


def write_boot(analysis: Analysis, paper: Paper) -> None:
    """The boot, a paragraph a step."""
    paper.heading(f"The next boot   ({LEGEND})")
    for group in group_events(analysis.replay.events):
        first, last = group.events[0].number, group.events[-1].number
        numbers = str(first) if first == last else f"{first}-{last}"
        lines = _group_lines(group)
        for place, (sign, text) in enumerate(lines):
            label = f"{numbers:>8}  {group.title:<33}" if place == 0 else ""
            _put_step(paper, label, sign, text)
    halted = analysis.replay.halted
    if halted is not None:
        sure = f"certainty {halted.certainty.value}: {CERTAINTY_WORDS[halted.certainty]}"
        text = f"HALTED after event {halted.event} ({sure}). {shown_text(halted.why)}"
        paper.put(text, first="", indent=10, styles=("red", "bold"))


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


def _group_lines(group: EventGroup) -> list[tuple[Done, str]]:
    if group.step in _TOLD_ONE_BY_ONE:
        told = [(event.done, clip(event_words(event), 300)) for event in group.events[:_SHOWN_PROGRAMS]]
        left = len(group.events) - _SHOWN_PROGRAMS
        return [*told, (Done.UNKNOWN, f"and {left} more: see hivecheck replay")] if left > 0 else told
    kinds: dict[Done, list[Event]] = {}
    for event in group.events:
        kinds.setdefault(event.done, []).append(event)
    lines: list[tuple[Done, str]] = []
    for done in (Done.YES, Done.UNKNOWN, Done.NO):
        events = kinds.get(done, [])
        if not events:
            continue
        if done is Done.NO:
            lines += [(done, text) for text in _refusals(events)]
        else:
            lines.append((done, _counts(events)))
            if group.step is Step.FILE_RENAMES:
                lines += [(done, text) for text in _first_operations(events)]
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


def _subsystem_words(action: Action) -> str:
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
        lines.append(f"{what}: NOT DONE, {shown_text(reason)}")
    left = len(by_reason) - _SHOWN_REFUSALS
    return [*lines, f"{left} more reasons: see hivecheck replay"] if left > 0 else lines


def _counts(events: list[Event]) -> str:
    """A run of events in numbers, with the names that matter."""
    counted = Counter(_kind_words(event) for event in events)
    parts = [_counted(count, *words) for words, count in counted.items()]
    names = _names(events)
    return ", ".join(parts) + (f": {names}" if names else "")


def _counted(count: int, one: str, many: str) -> str:
    if count > 1:
        return f"{count} {many}"
    return one if one.endswith(("started", "loaded", "saved")) else f"1 {one}"


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


def _write_log_changes(analysis: Analysis, paper: Paper) -> None:
    """What the logs changed of the Session Manager: one line a value, from before the first entry to after the last."""
    changes = fold_changes(analysis.evidence.log_changes)
    if not changes:
        return
    paper.heading("Changed by the logs")
    shown = [change for change in changes if is_read_at_boot(change)][:_SHOWN_CHANGES]  # the rest is counted
    for change in shown:
        name = shown_text(f"{change.key.rpartition(chr(92))[2]} : {change.value or '(default)'}")
        became = f"{raw_words(change.before)} -> {raw_words(change.after)}"
        paper.put(f"{name}: {became} (entry {change.sequence})", first="", indent=2)
    more = len(changes) - len(shown)
    if more > 0:
        what = "more" if shown else "values that this boot does not read"
        paper.put(f"{'and ' if shown else ''}{more} {what}: see --json or --html", first="", indent=2)


def _write_lost(analysis: Analysis, paper: Paper) -> None:
    """Lists found in free space: a line each, apart from all that is live."""
    if analysis.lost.is_empty:
        return
    paper.heading("Found in free space, behind the end or in logs   (in full: hivecheck recover)")
    for history in analysis.lost.histories:
        generations = [one for one in history.generations if one.text.standing is Standing.LOST]
        sizes = ", ".join(f"{'at least ' if one.text.cut_head else ''}{len(one.text.operations)}" for one in generations)
        last = "; the last state is the list that is pending now" if history.is_pending else ""
        what = "an earlier pending list" if len(generations) == 1 else "earlier states of one pending list"
        paper.put(f"{what}, of {sizes} operations{last}", first="", indent=2)
    for text in analysis.lost.commands:
        paper.put(clip(shown_text(f"boot commands: {', '.join(text.strings)}"), 200), first="", indent=2)


def raw_words(raw: RawValue | None) -> str:
    """A stored value in a few words: how many operations or strings, or the text itself."""
    if raw is None:
        return "absent"
    if raw.type == REG_MULTI_SZ:
        strings = decode_multi_sz(raw.data).strings
        if raw.name.upper().startswith("PENDINGFILERENAME"):
            count = len(strings) // 2
            return f"{count} operation{'s' if count != 1 else ''}"
        return clip(shown_text(", ".join(strings)) or "(empty)", 60)
    if raw.type in (REG_SZ, REG_EXPAND_SZ):
        return clip(shown_text(decode_sz(raw.data).text) or "(empty)", 60)
    if raw.type == REG_DWORD and len(raw.data) == 4:
        return str(int.from_bytes(raw.data, "little"))
    return f"{len(raw.data)} bytes"


def write_problems(analysis: Analysis, paper: Paper) -> None:
    if not analysis.problems:
        return
    paper.heading("What to know")
    for problem in analysis.problems[:_SHOWN_PROBLEMS]:
        start = len(paper.lines)
        paper.put(clip(shown_text(problem.message[:1].upper() + problem.message[1:]), 400), first="!", indent=2)
        style = "red" if problem.loses_data else "yellow"
        paper.lines[start] = paper.style("!", style, "bold") + paper.lines[start][1:]
    more = len(analysis.problems) - _SHOWN_PROBLEMS
    if more > 0:
        paper.put(f"and {more} more: see --json or --html", first="", indent=2)
