"""The findings on one screen: the verdict, then the worst stories, each with what is set, where, and what goes with it.

What is critical or high is never left out: beyond the first stories each has a line of its own, and where one rule leads very
many of them, a line says how many more. Milder ones are counted.
"""

from hivecheck.analysis import Analysis
from hivecheck.report.paper import Paper, clip
from hivecheck.report.verdict import (
    count_words,
    headline,
    lapsed_expectations,
    lapsed_words,
    place_words,
    set_aside_words,
    verdict_words,
)
from hivecheck.report.view import counted, shown_text
from hivecheck.rules.finding import Finding
from hivecheck.rules.rule import Severity
from hivecheck.rules.story import Story, stories_of

SEVERITY_STYLES: dict[Severity, tuple[str, ...]] = {
    Severity.CRITICAL: ("red", "bold", "reverse"),
    Severity.HIGH: ("red", "bold"),
    Severity.MEDIUM: ("yellow", "bold"),
    Severity.LOW: ("cyan",),
    Severity.INFO: ("dim",),
}
_SHOWN_STORIES = 6
_SHOWN_ALIKE = 2
_LINES_ALIKE = 12  # of grave stories that one rule leads, beyond those told whole
_SHOWN_MILD = 3  # where nothing is graver
_SHOWN_FELLOWS = 3
_SHOWN_PLACES = 2
_SHOWN_EXPECTED = 4
_INDENT = 12


def write_verdict(analysis: Analysis, paper: Paper) -> None:
    """The verdict, a line or two; it stands before all else."""
    told = analysis.told_findings
    styles = SEVERITY_STYLES[told[0].severity] if told and told[0].severity > Severity.LOW else ("bold",)
    paper.blank()
    start = len(paper.lines)
    paper.put(" ".join((verdict_words(analysis), *set_aside_words(analysis))), first="Verdict", indent=10)
    paper.lines[start] = paper.style("Verdict", *styles) + paper.lines[start].removeprefix("Verdict")


def write_findings(analysis: Analysis, paper: Paper) -> None:
    """The worst stories, the other grave ones in a line each; the rest is counted by its ids. Nothing where there are no findings."""
    stories = stories_of(analysis.told_findings)
    if stories:
        paper.heading("What was found   (in full: --html or --json; about a rule: hivecheck explain ID)")
    graver = _most_telling([story for story in stories if story.severity > Severity.LOW], _SHOWN_STORIES)
    shown = graver or _most_telling([story for story in stories if story.severity is Severity.LOW], _SHOWN_MILD)
    whole = {story.number for story in shown}
    told = whole | {story.number for story in stories if _is_grave(story.lead)}
    alike: dict[tuple[str, Severity], int] = {}
    for story in stories:
        if story.number in whole:
            _write_story(story, paper)
        elif story.number in told:
            kind = story.lead.rule.id, story.lead.severity
            alike[kind] = alike.get(kind, 0) + 1
            if alike[kind] <= _LINES_ALIKE:
                _write_line(story, paper)
    for (rule, severity), many in alike.items():
        if many > _LINES_ALIKE:
            more = f"{counted(many - _LINES_ALIKE, 'more story', 'more stories')} like these [{rule}]"
            _put_headline(severity, more, (), paper)
    rest = [story for story in stories if story.number not in told]
    if rest:
        findings = [finding for story in rest for finding in story.findings]
        counts = counted(len(rest), "more story" if shown else "story", "more stories" if shown else "stories")
        more = f"{'and ' if shown else ''}{counts} ({count_words(findings)}): {_ids(findings)}"
        paper.put(clip(more, 3 * (paper.width - _INDENT)), first="", indent=_INDENT)
    _write_expected(analysis, paper)


def _is_grave(finding: Finding) -> bool:
    return finding.severity >= Severity.HIGH


def _most_telling(stories: list[Story], number: int) -> list[Story]:
    """The first so many, no more than two that one rule leads: what is alike is counted."""
    led: dict[str, int] = {}
    found: list[Story] = []
    for story in stories:
        led[story.lead.rule.id] = led.get(story.lead.rule.id, 0) + 1
        if led[story.lead.rule.id] <= _SHOWN_ALIKE and len(found) < number:
            found.append(story)
    return found


def _write_story(story: Story, paper: Paper) -> None:
    lead = story.lead
    _put_headline(lead.severity, clip(headline(story), 2 * (paper.width - _INDENT)), ("bold",), paper)
    paper.put(clip(shown_text(lead.message), 4 * (paper.width - _INDENT)), first="", indent=_INDENT)
    paper.put(clip(_where(lead), 2 * (paper.width - _INDENT)), first="", indent=_INDENT, styles=("dim",))
    fellows = [finding for finding in story.findings if finding is not lead]
    shown = _fellows_told(fellows)
    for fellow, alike in shown:
        subject = "" if fellow.subject in ("", lead.subject) else f" ({shown_text(fellow.subject)})"
        more = f", {alike:,} more alike" if alike else ""
        line = f"{fellow.severity.value}: {fellow.rule.title}{clip(subject, paper.width)} [{fellow.rule.id}]{more}"
        paper.put(clip(line, 2 * (paper.width - _INDENT - 2)), first=" " * _INDENT + "+", indent=_INDENT + 2)
    kinds = {(fellow.rule.id, fellow.severity) for fellow, alike in shown if alike}
    told = {id(fellow) for fellow, _ in shown}
    left = [one for one in fellows if id(one) not in told and (one.rule.id, one.severity) not in kinds]
    if left:
        line = f"{len(left):,} more ({count_words(left)}): {_ids(left)}"
        paper.put(clip(line, 2 * (paper.width - _INDENT - 2)), first=" " * _INDENT + "+", indent=_INDENT + 2)


def _fellows_told(fellows: list[Finding]) -> list[tuple[Finding, int]]:
    """The first few that go with a story, then one of each other rule that says critical or high, with how many say the same."""
    told = [(fellow, 0) for fellow in fellows[:_SHOWN_FELLOWS]]
    kinds: dict[tuple[str, Severity], list[Finding]] = {}
    for fellow in fellows[_SHOWN_FELLOWS:]:
        if _is_grave(fellow):
            kinds.setdefault((fellow.rule.id, fellow.severity), []).append(fellow)
    return told + [(those[0], len(those) - 1) for those in kinds.values()]


def _write_line(story: Story, paper: Paper) -> None:
    """A story in one line: how grave, what it is about, the rule that found it."""
    room = paper.width - _INDENT
    of_rule = f" [{story.lead.rule.id}]"
    _put_headline(story.lead.severity, clip(headline(story), max(room - len(of_rule), 20)) + of_rule, (), paper)


def _put_headline(severity: Severity, text: str, styles: tuple[str, ...], paper: Paper) -> None:
    """A headline behind the word for its severity, in capitals from high on."""
    start = len(paper.lines)
    word = severity.value.upper() if severity >= Severity.HIGH else severity.value
    paper.put(text, first=f"  {word}", indent=_INDENT, styles=styles)
    styled = paper.style(word, *SEVERITY_STYLES[severity])
    paper.lines[start] = paper.lines[start].replace(word, styled, 1)


def _where(finding: Finding) -> str:
    """The rule, how sure it is, and what it cites."""
    places = list(dict.fromkeys(map(place_words, finding.because)))
    more = f" and {len(places) - _SHOWN_PLACES} more" if len(places) > _SHOWN_PLACES else ""
    events = f"; event {finding.events[0]}" if len(finding.events) == 1 else ""
    if len(finding.events) > 1:
        events = f"; events {finding.events[0]} {'and' if len(finding.events) == 2 else 'to'} {finding.events[-1]}"
    cited = "; ".join(places[:_SHOWN_PLACES])
    return f"{finding.rule.id}, {finding.confidence.value} confidence; {cited}{more}{events}"


def _ids(findings: list[Finding]) -> str:
    return ", ".join(dict.fromkeys(finding.rule.id for finding in findings))


def _write_expected(analysis: Analysis, paper: Paper) -> None:
    """What the profile expects, apart, each with its reason; then the expectations that have lapsed."""
    expected, lapsed = analysis.expected_findings, lapsed_expectations(analysis)
    if not expected and not lapsed:
        return
    paper.heading("Expected by the profile")
    shown = [one for place, one in enumerate(expected) if place < _SHOWN_EXPECTED or _is_grave(one)]
    for finding in shown:
        subject = f" {shown_text(finding.subject)}" if finding.subject else ""
        line = f"{finding.severity.value}: {finding.rule.id}{subject}: {shown_text(finding.expected)}"
        paper.put(clip(line, 2 * paper.width), first="", indent=2)
    if len(expected) > len(shown):
        paper.put(f"and {len(expected) - len(shown):,} more: see --json or --html", first="", indent=2)
    for one in lapsed[:_SHOWN_EXPECTED]:
        paper.put(clip(lapsed_words(one), 300), first="!", indent=2, styles=("yellow",))
    if len(lapsed) > _SHOWN_EXPECTED:
        paper.put(f"and {len(lapsed) - _SHOWN_EXPECTED:,} more lapsed expectations", first="", indent=2)
