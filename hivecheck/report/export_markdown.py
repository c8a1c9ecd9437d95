"""The summary as Markdown, to paste into a ticket: the machine, the evidence, the verdict, the findings by story.

Text from a hive stands in code spans, where Markdown sees no markup, no link, no mention and no HTML. Bounded, so that a ticket takes
it: the rest is counted, and told in full by the page and the JSON document.
"""

import re
from collections.abc import Iterable, Iterator

from hivecheck import __version__
from hivecheck.analysis import Analysis
from hivecheck.facts.origin import BuiltIn, KeyRef, Origin
from hivecheck.report.export_cells import is_told, shown
from hivecheck.report.export_keys import key_path
from hivecheck.report.verdict import lapsed_expectations, set_aside_words, verdict_words
from hivecheck.report.view import counted, shown_time
from hivecheck.rules import RULES_VERSION
from hivecheck.rules.story import Story, stories_of

_ROOM = 40_000  # letters of the findings of one hive: a ticket takes 65,536
_FINDINGS = 12  # of one story
_ORIGINS = 3
_PROBLEMS = 10
_TEXT = 500


def write_markdown(analyses: Iterable[Analysis], generated_utc: str) -> Iterator[str]:
    """A part for each hive, each with a heading of its own."""
    for number, analysis in enumerate(analyses):
        yield "\n" if number else ""
        yield from _machine(analysis, generated_utc)
        yield from _findings(analysis)
        yield from _problems(analysis)
    yield "\nA registry time is that of its key, last written; it dates no value of it.\n"


def code(text: str, longest: int = _TEXT) -> str:
    """Text from the hive as a code span that it can't leave, fenced by more backticks than it holds; `(empty)` for ''."""
    safe = shown(text, longest)
    if not safe.strip():
        return "(empty)"
    fence = "`" * (max((len(run) for run in re.findall("`+", safe)), default=0) + 1)
    pad = " " if safe[0] in "` " or safe[-1] in "` " else ""
    return f"{fence}{pad}{safe}{pad}{fence}"


def _machine(analysis: Analysis, generated_utc: str) -> Iterator[str]:
    evidence, facts, notes = analysis.evidence, analysis.facts, analysis.options.case_notes
    host = facts.computer_name.value
    yield f"## Next boot of {code(host, 255) if host else 'a computer without a name'}\n\n"
    lines = [
        ("Verdict", f"**{verdict_words(analysis)}**"),
        ("Windows", _windows(analysis)),
        ("Hive", f"{code(evidence.source)}, {evidence.size:,} bytes, {_state(analysis)}"),
        ("SHA-256", f"`{evidence.digests.sha256}`"),
        *(
            (f"Log {code(log.path.name, 255)}", f"{len(log.fate.log.data):,} bytes, {code(log.fate.why)}")
            for log in evidence.logs
        ),
        ("Control set", f"{analysis.control_sets.number or 'none'} ({code(analysis.control_sets.why)})"),
        ("Last boot", _time(facts.last_boot.value)),
        ("Last shutdown", _time(facts.last_shutdown.value)),
        ("Case", code(notes.case_id) if notes.case_id else ""),
        ("Evidence", code(notes.evidence_id) if notes.evidence_id else ""),
        ("Examiner", code(notes.examiner) if notes.examiner else ""),
        ("Notes", code(notes.notes) if notes.notes else ""),
        ("Command", code(notes.command) if notes.command else ""),
        ("Made by", f"hivecheck {__version__}, rules {RULES_VERSION}, {generated_utc}"),
    ]
    yield from (f"- {name}: {text}\n" for name, text in lines if text)
    halted = analysis.replay.halted
    if halted is not None:
        yield f"- The boot would halt after event {halted.event}: {code(halted.why)}\n"


def _windows(analysis: Analysis) -> str:
    facts = analysis.facts
    parts = [analysis.generation.name, facts.edition.value or "", facts.architecture.value or ""]
    named = ", ".join(code(part, 100) for part in parts if part)
    return f"{named} ({facts.generation.confidence.value} confidence)"


def _state(analysis: Analysis) -> str:
    if not analysis.evidence.dirty:
        return "clean"
    return "dirty, its logs applied" if analysis.evidence.recovered else "dirty, no log applied"


def _time(ticks: int | None) -> str:
    return f"{shown_time(ticks)} UTC".replace("Z UTC", " UTC") if ticks and is_told(ticks) else ""


def _findings(analysis: Analysis) -> Iterator[str]:
    room = _ROOM
    untold = len(analysis.told_findings)
    for story in stories_of(analysis.told_findings):
        parts = [f"\n### {story.severity.value.upper()}: {story.lead.rule.title}\n\n", *_story(story, analysis)]
        room -= sum(map(len, parts))
        if room < 0:
            break
        yield from parts
        untold -= len(story.findings)
    if untold:
        yield f"\n{counted(untold, 'more finding')}, told by the page and the JSON document.\n"
    aside = set_aside_words(analysis)
    if aside:
        yield "\n" + "".join(f"- {words}\n" for words in aside)
    for one in lapsed_expectations(analysis):
        yield f"- An expectation of the profile lapsed on {one.until}: {code(one.reason)}\n"


def _story(story: Story, analysis: Analysis) -> Iterator[str]:
    """Its findings, each with the first places it cites, and what to do about the first."""
    for finding in story.findings[:_FINDINGS]:
        techniques = f", {', '.join(finding.rule.techniques)}" if finding.rule.techniques else ""
        yield f"- **{finding.severity.value}** `{finding.rule.id}` ({finding.confidence.value} confidence{techniques})\n"
        yield f"  - {code(finding.message)}\n"
        for origin in finding.because[:_ORIGINS]:
            yield f"  - cites {_origin(origin, analysis)}\n"
        more = len(finding.because) - _ORIGINS
        if more > 0:
            yield f"  - and {counted(more, 'more place')}\n"
    more = len(story.findings) - _FINDINGS
    if more > 0:
        yield f"- and {counted(more, 'more finding')} of the same story\n"
    yield f"\nWhat to do: {story.lead.rule.remedy}\n" if story.lead.rule.remedy else ""


def _origin(origin: Origin, analysis: Analysis) -> str:
    if isinstance(origin, BuiltIn):
        return f"what is built in: {code(origin.what)}"
    written = f"key last written {shown_time(origin.written)}" if is_told(origin.written) else "no usable time of the key"
    at = "" if origin.offset is None else f", cell at `0x{origin.offset:x}`"
    if isinstance(origin, KeyRef):
        return f"{code(key_path(origin, analysis))}{at}, {written}"
    strings = "" if origin.strings is None else f", string {origin.strings[0]}"
    text = f" = {code(origin.text)}" if origin.text else ""
    return f"{code(key_path(origin, analysis))} {code(origin.value or '(default)')}{strings}{text}{at}, {written}"


def _problems(analysis: Analysis) -> Iterator[str]:
    if not analysis.problems:
        return
    yield "\n### Problems of the evidence\n\n"
    for problem in analysis.problems[:_PROBLEMS]:
        yield f"- `{problem.code}`: {code(problem.message)}\n"
    more = len(analysis.problems) - _PROBLEMS
    if more > 0:
        yield f"- and {counted(more, 'more problem')}\n"
