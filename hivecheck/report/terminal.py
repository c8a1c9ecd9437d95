"""The analysis on one screen: the verdict, whose machine it is, what was found, the boot in short, and what to know."""

from hivecheck import __version__
from hivecheck.analysis import Analysis
from hivecheck.boot.service_overview import switched_off
from hivecheck.evidence.hive_evidence import BOOT_HIVE_UNREAD
from hivecheck.registry.control_sets import control_set_name
from hivecheck.registry.hive import REG_DWORD, REG_EXPAND_SZ, REG_MULTI_SZ, REG_SZ, RawValue
from hivecheck.registry.readers import ReaderOpinion
from hivecheck.registry.sequence_numbers import first_and_last
from hivecheck.registry.strings import decode_multi_sz, decode_sz
from hivecheck.report.boot_summary import write_boot
from hivecheck.report.case_words import case_rows
from hivecheck.report.findings_summary import Detail, write_findings, write_verdict
from hivecheck.report.log_changes import ChangedValue, entry_words, fold_changes
from hivecheck.report.paper import Paper, clip, clip_end, clip_sentences, clip_words
from hivecheck.report.processes_summary import write_processes_in_short
from hivecheck.report.view import counted, shown_text, shown_time
from hivecheck.settings.remnants import Standing

SCREEN = 46  # lines, which a summary keeps to by telling less of what is not grave
_DETAILS = (  # each with whether the boot is told in short; the last is taken whatever room there is
    (Detail(4, 3, 3), False),
    (Detail(4, 3, 3), True),
    (Detail(3, 2, 2), True),
    (Detail(2, 0, 1), True),
    (Detail(2, 0, 0), True),
)
_LONGEST_PROBLEM = 400  # letters
_SHORT_PROBLEM = 220  # letters, on a short summary
_SHOWN_PROBLEMS = 8
_SHOWN_CHANGES = 8
_SHOWN_STEPS = 3
_NO_SOFTWARE = "not given (--software): Shell, Userinit, AppInit_DLLs, debuggers, Run keys and the like are not evaluated"
_SHOWN_LETTERS = 80  # of a name, and of each thing said of the case


def write_summary(analysis: Analysis, paper: Paper) -> None:
    """The whole summary of one hive: the verdict first."""
    _write_title(analysis, paper)
    write_verdict(analysis, paper)
    paper.columns(_about(analysis), indent=10)
    for detail, is_short in _DETAILS:
        tried, end = (Paper(paper.width, paper.styled, paper.boxes) for _ in range(2))
        write_findings(analysis, tried, detail)
        write_boot(analysis, tried, is_short=is_short)
        _write_log_changes(analysis, end)
        _write_lost(analysis, end)
        write_problems(analysis, end, _SHORT_PROBLEM if is_short else _LONGEST_PROBLEM)
        if len(paper.lines) + len(tried.lines) + len(end.lines) < SCREEN:  # a line is left for the processes
            break
    paper.lines.extend(tried.lines)
    write_processes_in_short(analysis, paper, SCREEN - len(paper.lines) - len(end.lines))
    paper.lines.extend(end.lines)


def write_heading(analysis: Analysis, paper: Paper) -> None:
    """Which machine this is, what boots, in what state the evidence is."""
    _write_title(analysis, paper)
    paper.blank()
    paper.columns(_about(analysis), indent=10)


def _write_title(analysis: Analysis, paper: Paper) -> None:
    paper.put(f"hivecheck {__version__}  {shown_text(analysis.evidence.source)}", styles=("bold",))
    for problem in analysis.problems[:1]:
        if problem.code == BOOT_HIVE_UNREAD:  # whoever reads the verdict only would take it for the next boot
            paper.put(clip_end(clip_words(shown_text(problem.message)), 400), styles=("red", "bold"))


def _about(analysis: Analysis) -> list[tuple[str, str]]:
    facts, evidence, sets = analysis.facts, analysis.evidence, analysis.control_sets
    name = facts.computer_name.value or "unnamed"
    parts = [
        f"{analysis.generation.name} ({facts.generation.confidence.value} confidence)",
        facts.architecture.value or "unknown architecture",
        facts.role.value.value if facts.role.value else "",
    ]
    rows = case_rows(analysis.options.case_notes)
    name = clip(shown_text(name), _SHOWN_LETTERS)
    rows.append(("Machine", ", ".join([name, *(shown_text(part) for part in parts if part)])))
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
    if analysis.safe_mode:
        rows.append(("Mode", f"safe mode ({analysis.safe_mode}){_held_back(analysis)}"))
    elif analysis.options.safe_mode:
        rows.append(("Mode", f"normal, as {analysis.generation.name} has no safe mode"))
    off = len(switched_off(analysis.services))
    if off:
        unsure = ", if that holds in safe mode" if analysis.safe_mode else ""
        rows.append(("Drivers", f"{off} switched off by StartOverride{unsure}"))
    block = evidence.base_block
    state = "clean" if not evidence.dirty else f"dirty (sequence {block.primary_sequence} and {block.secondary_sequence})"
    if evidence.dirty:
        state += f", {log_words(analysis)}"
    if not analysis.is_whole:
        state += ", PARTS OF IT CAN'T BE READ"
    if analysis.older_state is not None:
        state += ", A COPY OF BEFORE: THE HIVE THAT BOOTS CAN'T BE READ"
    rows.append(("Hive", f"{state}, {evidence.size:,} bytes, SHA-256 {evidence.digests.sha256}"))
    rows += [("Also at", shown_text(place)) for place in evidence.places if place != evidence.source]
    given = analysis.software_evidence
    if given is not None:
        left = ", dirty" if given.dirty else ""
        rows.append(("Software", f"{shown_text(given.source)}{left}, SHA-256 {given.digests.sha256}"))
    elif analysis.options.judges:
        rows.append(("Software", _NO_SOFTWARE))
    if analysis.inventory is not None:
        from hivecheck.report.volume_words import volume_words  # a lone hive has none

        rows.append(("Files", shown_text(volume_words(analysis.inventory))))
    boot, down = shown_time(facts.last_boot.value), shown_time(facts.last_shutdown.value)
    rows.append(("Times", f"last boot {boot[:19]}, last shutdown {down[:19]} (UTC)"))
    rows += [("Readers", _reader_words(reader)) for reader in evidence.readers]
    return rows


def _held_back(analysis: Analysis) -> str:
    """How many drivers and services this safe mode keeps from starting, as a continuation."""
    from hivecheck.report.services_json import overview_of  # only for a safe mode

    held = overview_of(analysis).held_back
    drivers = sum(1 for one in held if one.is_driver)
    counts = [(drivers, "driver"), (len(held) - drivers, "service")]
    told = " and ".join(counted(number, what) for number, what in counts if number)
    return f": {told} held back" if told else ""


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


def _write_log_changes(analysis: Analysis, paper: Paper) -> None:
    """What the logs changed of the Session Manager: a line a value, with the entry of each step, from before the first on."""
    changed = fold_changes(analysis.evidence.log_changes)
    if not changed:
        return
    paper.heading("Changed by the logs")
    shown = [value for value in changed if value.read_at_boot][:_SHOWN_CHANGES]  # the rest is counted
    for value in shown:
        paper.put(_steps_words(value), first="", indent=2)
    rest = [value for value in changed if value not in shown]
    if rest:
        what = "more" if shown else f"value{'s' if len(rest) > 1 else ''} that this boot does not read"
        told = f"{'and ' if shown else ''}{len(rest)} {what}, {entry_words(rest)}: see --json or --html"
        paper.put(told, first="", indent=2)


def _steps_words(value: ChangedValue) -> str:
    """`BootExecute: old -> new (entry 2112) -> newer (entry 2118)`; of many steps the last ones."""
    name = shown_text(f"{value.key.rpartition(chr(92))[2]} : {value.value or '(default)'}")
    words = f"{clip(name, _SHOWN_LETTERS)}: {raw_words(value.before)}"
    left_out = len(value.steps) - _SHOWN_STEPS
    words += f" -> {left_out} more step{'s' if left_out > 1 else ''}" if left_out > 0 else ""
    steps = value.steps[-_SHOWN_STEPS:]
    return words + "".join(f" -> {_after_words(step.before, step.after)} (entry {step.sequence})" for step in steps)


def _after_words(before: RawValue | None, after: RawValue | None) -> str:
    """The value after a step; of a list with as many operations as before, how many of them are others."""
    words = raw_words(after)
    if before is None or after is None or words != raw_words(before) or not words.endswith(("operation", "operations")):
        return words
    one, two = (decode_multi_sz(raw.data).strings for raw in (before, after))
    pairs = [set(zip(strings[::2], strings[1::2], strict=False)) for strings in (one, two)]
    return f"{words}, {len(pairs[1] - pairs[0])} of them others"


def _write_lost(analysis: Analysis, paper: Paper) -> None:
    """Lists found in free space: a line each, apart from all that is live."""
    if analysis.lost.is_empty:
        return
    paper.heading("Found outside of what is in use, or in logs", "(in full: hivecheck recover)")
    for history in analysis.lost.histories:
        generations = [one for one in history.generations if one.text.standing is Standing.LOST]
        sizes = ", ".join(f"{'at least ' if one.text.cut_head else ''}{len(one.text.operations)}" for one in generations)
        last = "; the last state is pending now" if history.is_pending else ""
        what = "an earlier pending list" if len(generations) == 1 else "earlier states of one pending list"
        if history.may_be_pending:
            what = "a list that nothing leads to and that MAY STILL BE PENDING"
        paper.put(f"{what}, of {sizes} operations{last}", first="", indent=2)
    for text in analysis.lost.commands:
        what = "boot commands that nothing leads to" if text.may_be_pending else "boot commands"
        paper.put(clip(shown_text(f"{what}: {', '.join(text.strings)}"), 200), first="", indent=2)


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


def write_problems(analysis: Analysis, paper: Paper, letters: int = _LONGEST_PROBLEM) -> None:
    """What is odd about the evidence, so many letters of each, and what kept it from being read, which is never cut short."""
    if not analysis.problems:
        return
    paper.heading("What to know")
    for problem in analysis.problems[:_SHOWN_PROBLEMS]:
        start = len(paper.lines)
        most = _LONGEST_PROBLEM if problem.loses_data else letters
        message = shown_text(problem.message[:1].upper() + problem.message[1:])
        paper.put(clip_sentences(clip_words(message), most), first="!", indent=2)
        style = "red" if problem.loses_data else "yellow"
        paper.lines[start] = paper.style("!", style, "bold") + paper.lines[start][1:]
    more = len(analysis.problems) - _SHOWN_PROBLEMS
    if more > 0:
        paper.put(f"and {more} more: see --json or --html", first="", indent=2)
