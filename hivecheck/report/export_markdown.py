"""The summary as Markdown, to paste into a ticket: the verdict of the page, the machine and its evidence, the worst stories.

Text from a hive stands in code spans, where Markdown sees no markup, no link, no mention and no HTML. Short, so that a ticket is read:
the rest is counted, and told in full by the page and the JSON document. Tells what stands, whatever `--min-severity` withholds there.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from hivecheck import __version__
from hivecheck.analysis import Analysis
from hivecheck.facts.origin import BuiltIn, KeyRef, Origin
from hivecheck.report.export_cells import is_told, shown
from hivecheck.report.export_keys import key_path
from hivecheck.report.html_verdict import verdict_bits
from hivecheck.report.verdict import count_words, lapsed_expectations, standing_findings, too_many_words, verdict_words
from hivecheck.report.view import counted, shown_time
from hivecheck.rules import RULES_VERSION
from hivecheck.rules.rule import Finding, Rule, Severity
from hivecheck.rules.story import Story, stories_of

_ROOM = 4_400  # letters of the stories of one hive
_STORIES = 8
_FELLOWS = 8  # rules of one story that are named beside its lead
_ORIGINS = 2
_PROBLEMS = 3
_GRAVE_KINDS = 12  # rules of grave findings that are named without their story
_NAMED = 4  # of what such findings are about
_SUBJECT = 80  # letters
_MESSAGE = 600  # letters
_MORE = 30  # letters that say how long a text is
_TEXT = 240
_NOTE = 80  # letters of what the examiner writes, but for the notes

_OF_THE_HIVE = {"code", "span"}  # bits that hold its text


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
    return _fenced(shown(text, longest), longest)


def _fenced(safe: str, longest: int = _TEXT) -> str:
    """A code span of text that is fit to be shown."""
    if len(safe) > longest + _MORE:
        safe = f"{safe[:longest]}..."  # escapes are longer than what they stand for
    if not safe.strip():
        return "(empty)"
    fence = "`" * (max((len(run) for run in re.findall("`+", safe)), default=0) + 1)
    pad = " " if safe[0] in "` " or safe[-1] in "` " else ""
    return f"{fence}{pad}{safe}{pad}{fence}"


def _machine(analysis: Analysis, generated_utc: str) -> Iterator[str]:
    evidence, facts, notes = analysis.evidence, analysis.facts, analysis.options.case_notes
    host = facts.computer_name.value
    yield f"## Next boot of {code(host, 255) if host else 'a computer without a name'}\n\n"
    yield f"{''.join(_fenced(it) if kind in _OF_THE_HIVE else it for kind, _, it in verdict_bits(analysis))}\n\n"
    lines = [
        ("Found", f"**{verdict_words(analysis)}**"),
        ("Windows", _windows(analysis)),
        ("Hive", f"{code(evidence.source)}, {evidence.size:,} bytes, {_state(analysis)}"),
        ("SHA-256", f"`{evidence.digests.sha256}`"),
        *(
            (f"Log {code(log.path.name, 255)}", f"{len(log.fate.log.data):,} bytes, {code(log.fate.why)}")
            for log in evidence.logs[:_PROBLEMS]
        ),
        ("Control set", f"{analysis.control_sets.number or 'none'} ({code(analysis.control_sets.why)})"),
        ("Last boot", _time(facts.last_boot.value)),
        ("Last shutdown", _time(facts.last_shutdown.value)),
        ("Case", code(notes.case_id, _NOTE) if notes.case_id else ""),
        ("Evidence", code(notes.evidence_id, _NOTE) if notes.evidence_id else ""),
        ("Examiner", code(notes.examiner, _NOTE) if notes.examiner else ""),
        ("Notes", code(notes.notes) if notes.notes else ""),
        ("Command", code(notes.command) if notes.command else ""),
        ("Made by", f"hivecheck {__version__}, rules {RULES_VERSION}, {generated_utc}"),
    ]
    yield from (f"- {name}: {text}\n" for name, text in lines if text)


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
    """The worst stories above low, or the first of the milder ones where there are none; the rest is counted."""
    stories = stories_of(standing_findings(analysis))
    graver = [story for story in stories if story.severity > Severity.LOW] or list(stories)
    room, told = _ROOM, 0
    advised: set[str] = set()
    for story in graver[:_STORIES]:
        parts = [f"\n### {story.severity.value.upper()}: {story.lead.rule.title}\n\n", *_story(story, analysis)]
        if story.lead.severity > Severity.LOW:
            parts += _advice(story.lead.rule, "see above" if story.lead.rule.id in advised else "")
        advised.add(story.lead.rule.id)
        room -= sum(map(len, parts))
        if told and room < 0:
            break
        yield from parts
        told += 1
    left = [finding for story in stories if story not in graver[:told] for finding in story.findings]
    if left:
        yield from _grave(left)
        yield f"\n{counted(len(left), 'more finding')} ({count_words(left)}), told by the page and the JSON document.\n"
    yield from (f"\n{sentence}\n" for sentence in too_many_words(analysis))
    expected = analysis.expected_findings
    if expected:
        yield f"\n{counted(len(expected), 'more finding')} expected by the profile: {count_words(expected)}.\n"
    for one in lapsed_expectations(analysis)[:_PROBLEMS]:
        yield f"- An expectation of the profile lapsed on {one.until}: {code(one.reason)}\n"


def _story(story: Story, analysis: Analysis) -> Iterator[str]:
    """Its worst finding with the first places it cites, the rules of the others."""
    lead = story.lead
    techniques = f", {', '.join(lead.rule.techniques)}" if lead.rule.techniques else ""
    yield f"- **{lead.severity.value}** `{lead.rule.id}` ({lead.confidence.value} confidence{techniques})\n"
    yield f"  - {code(lead.message, _MESSAGE)}\n"
    for origin in lead.because[:_ORIGINS]:
        yield f"  - cites {_origin(origin, analysis)}\n"
    more = len(lead.because) - _ORIGINS
    if more > 0:
        yield f"  - and {counted(more, 'more place')}\n"
    fellows = Counter((one.rule.id, one.severity) for one in story.findings if one is not lead)
    named = [
        f"{severity.value} `{id}`{f' x {number:,}' if number > 1 else ''}"
        for (id, severity), number in list(fellows.items())[:_FELLOWS]
    ]
    if named:
        rest = sum(fellows.values()) - sum(list(fellows.values())[:_FELLOWS])
        yield f"- with {', '.join(named)}{f' and {rest:,} more' if rest else ''}\n"


def _advice(rule: Rule, instead: str) -> Iterator[str]:
    """What to do about it, or where that is told already."""
    if rule.remedy:
        yield f"\nWhat to do: {instead or rule.remedy}\n"


def _grave(findings: Iterable[Finding]) -> Iterator[str]:
    """A line for each rule that made critical or high findings, with what they are about."""
    kinds: dict[tuple[str, Severity], list[Finding]] = {}
    for finding in findings:
        if finding.severity >= Severity.HIGH:
            kinds.setdefault((finding.rule.id, finding.severity), []).append(finding)
    if kinds:
        yield "\n### Critical and high as well\n\n"
    for (id, severity), those in list(kinds.items())[:_GRAVE_KINDS]:
        about = list(dict.fromkeys(one.subject for one in those if one.subject))
        names = ", ".join(code(one, _SUBJECT) for one in about[:_NAMED])
        more = f" and {len(about) - _NAMED:,} more" if len(about) > _NAMED else ""
        yield f"- **{severity.value}** `{id}`: {those[0].rule.title}{f' ({names}{more})' if names else ''}\n"
    if len(kinds) > _GRAVE_KINDS:
        yield f"- and {counted(len(kinds) - _GRAVE_KINDS, 'more rule')}\n"


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
