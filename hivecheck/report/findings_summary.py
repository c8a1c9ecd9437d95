"""The findings on one screen: the verdict, then the worst stories, each with what is set, where, and what goes with it.

What is critical or high is never left out: beyond the first stories each has a line of its own, and where one rule leads very
many of them, a line says how many more. Milder ones are counted.
"""

from collections import Counter

from hivecheck.analysis import Analysis
from hivecheck.report.html_cells import Bits
from hivecheck.report.html_facts import machine_name
from hivecheck.report.html_verdict import tell_verdict
from hivecheck.report.paper import Paper, clip, clip_end, clip_words
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
_VERDICT_LETTERS = 600
_SHOWN_STORIES = 3
_SHOWN_ALIKE = 1
_FEW = 4  # grave stories, which get two lines each
_LINES_ALIKE = 12  # of grave stories that one rule leads, beyond those told whole
_SHOWN_MILD = 3  # where nothing is graver
_SHOWN_FELLOWS = 3
_SHOWN_PLACES = 2
_SHOWN_EXPECTED = 4
_MESSAGE_LINES = 3  # and one more for the first story
_INDENT = 12
_NARROW = 60  # columns below which a severity has no column of its own
_LONGEST_SUBJECT = 60  # letters, in a headline of one line


def write_verdict(analysis: Analysis, paper: Paper) -> None:
    """The verdict, counted and in words; it stands before all else."""
    told = analysis.told_findings
    styles = SEVERITY_STYLES[told[0].severity] if told and told[0].severity > Severity.LOW else ("bold",)
    paper.blank()
    start = len(paper.lines)
    paper.put(" ".join((verdict_words(analysis), *set_aside_words(analysis))), first="Verdict", indent=10)
    paper.lines[start] = paper.style("Verdict", *styles) + paper.lines[start].removeprefix("Verdict")
    paper.put(clip_end(_plain_verdict(analysis), _VERDICT_LETTERS), first="", indent=10)


def _plain_verdict(analysis: Analysis) -> str:
    """What the page says for a reader who never heard of smss: what would happen, and whether somebody arranged that.

    What weighs most and how sure it is stand with the findings here. A name in the verdict may pretend to be the words at which
    it is cut: the last ones count, which are the page's own or come after them.
    """
    (_, paragraphs), *_ = tell_verdict(analysis)
    said = _letters(paragraphs).rpartition(" How sure:")[0]
    name = machine_name(analysis)
    if len(name) > _LONGEST_SUBJECT:
        said = said.replace(name, clip(name, _LONGEST_SUBJECT), 1)
    told = analysis.told_findings
    return said.rpartition(" What weighs most:")[0] or said if told and told[0].severity > Severity.LOW else said


def _letters(bits: Bits) -> str:
    return "".join([inside if isinstance(inside, str) else _letters(inside) for _, _, inside in bits])


def write_findings(analysis: Analysis, paper: Paper) -> None:
    """The worst stories, the other grave ones in a line each; the rest is counted by its ids. Nothing where there are no findings."""
    stories = stories_of(analysis.told_findings)
    if stories:
        paper.heading("What was found", "(in full: --html or --json; about a rule: hivecheck explain ID)")
    graver = _most_telling([story for story in stories if story.severity > Severity.LOW], _SHOWN_STORIES)
    shown = graver or _most_telling([story for story in stories if story.severity is Severity.LOW], _SHOWN_MILD)
    whole = {story.number for story in shown}
    told = whole | {story.number for story in stories if _is_grave(story.lead)}
    lines = 2 if len(told - whole) <= _FEW else 1
    alike: Counter[tuple[str, Severity]] = Counter()
    for story in stories:
        if story.number in whole:
            _write_story(story, paper, _MESSAGE_LINES + (story is shown[0]))
        elif story.number in told:
            kind = story.lead.rule.id, story.lead.severity
            alike[kind] += 1
            if alike[kind] <= _LINES_ALIKE:
                _write_line(story, paper, lines)
    for (rule, severity), many in alike.items():
        if many > _LINES_ALIKE:
            more = f"{counted(many - _LINES_ALIKE, 'more story', 'more stories')} like these [{rule}]"
            _put_headline(severity, more, (), paper)
    rest = [story for story in stories if story.number not in told]
    if rest:
        findings = [finding for story in rest for finding in story.findings]
        counts = counted(len(rest), "more story" if shown else "story", "more stories" if shown else "stories")
        more = f"{'and ' if shown else ''}{counts} ({count_words(findings)}): {_ids(findings)}"
        paper.put(clip_end(more, 2 * _room(paper)), first="", indent=_indent(paper))
    _write_expected(analysis, paper)


def _is_grave(finding: Finding) -> bool:
    return finding.severity >= Severity.HIGH


def _most_telling(stories: list[Story], number: int) -> list[Story]:
    """The first so many, no two of them led by one rule: what is alike is counted."""
    led: dict[str, int] = {}
    found: list[Story] = []
    for story in stories:
        led[story.lead.rule.id] = led.get(story.lead.rule.id, 0) + 1
        if led[story.lead.rule.id] <= _SHOWN_ALIKE and len(found) < number:
            found.append(story)
    return found


def _indent(paper: Paper) -> int:
    return _INDENT if paper.width >= _NARROW else 4


def _room(paper: Paper) -> int:
    """Letters beside a severity, less the few that whole words leave unused."""
    return paper.width - _indent(paper) - 2


def _write_story(story: Story, paper: Paper, message_lines: int) -> None:
    lead, indent, room = story.lead, _indent(paper), _room(paper)
    _put_headline(lead.severity, _headline(story, 2 * room), ("bold",), paper)
    paper.put(clip_end(clip_words(shown_text(lead.message)), message_lines * room), first="", indent=indent)
    paper.put(_where(lead, room), first="", indent=indent, styles=("dim",))
    fellows = [finding for finding in story.findings if finding is not lead]
    shown = _fellows_told(fellows)
    for fellow, alike in shown:
        paper.put(_fellow_words(fellow, lead, alike, room), first=" " * indent + "+", indent=indent + 2)
    kinds = {(fellow.rule.id, fellow.severity) for fellow, alike in shown}
    left = [one for one in fellows if (one.rule.id, one.severity) not in kinds]
    if left:
        line = f"{len(left):,} more ({count_words(left)}): {_ids(left)}"
        paper.put(clip_end(line, 2 * room), first=" " * indent + "+", indent=indent + 2)


def _headline(story: Story, room: int) -> str:
    """What it is about and what happens to it. Where there is no room for both, the middle of a long name is left out first."""
    subject, title = shown_text(story.lead.subject), story.lead.rule.title
    told = headline(story)
    if len(told) > room and subject:
        told = f"{clip(subject, max(room - len(title) - 2, min(_LONGEST_SUBJECT, room // 2)))}: {title}"
    return clip_end(told, room)


def _fellow_words(fellow: Finding, lead: Finding, alike: int, room: int) -> str:
    """What goes with a story: of severity critical or high on two lines, else on one; the rule is never cut off."""
    tail = f" [{fellow.rule.id}]" + (f", {alike:,} more alike" if alike else "")
    title = f"{fellow.severity.value}: {fellow.rule.title}"
    whole = f"{title}{_subject(fellow, lead)}{tail}"
    room = (2 if _is_grave(fellow) else 1) * (room - 2)
    return whole if len(whole) <= room else clip_end(title, max(room - len(tail), 20)) + tail


def _subject(fellow: Finding, lead: Finding) -> str:
    """What a finding is about, where its lead does not say that already."""
    if not fellow.subject or fellow.subject == lead.subject or fellow.subject.lower() in lead.message.lower():
        return ""
    return f" ({clip(shown_text(fellow.subject), _LONGEST_SUBJECT)})"


def _fellows_told(fellows: list[Finding]) -> list[tuple[Finding, int]]:
    """One finding of each rule and severity with how many say the same: the first few, and all that are critical or high."""
    kinds: dict[tuple[str, Severity], list[Finding]] = {}
    for fellow in fellows:
        kinds.setdefault((fellow.rule.id, fellow.severity), []).append(fellow)
    return [
        (those[0], len(those) - 1)
        for place, those in enumerate(kinds.values())
        if place < _SHOWN_FELLOWS or _is_grave(those[0])
    ]


def _write_line(story: Story, paper: Paper, lines: int) -> None:
    """A story in a line or two: how grave, what it is about, the rule that found it."""
    of_rule = f" [{story.lead.rule.id}]"
    told = _headline(story, max(lines * _room(paper) - len(of_rule), 20))
    _put_headline(story.lead.severity, told + of_rule, (), paper)


def _put_headline(severity: Severity, text: str, styles: tuple[str, ...], paper: Paper) -> None:
    """A headline behind the word for its severity, in capitals from high on."""
    start = len(paper.lines)
    word = severity.value.upper() if severity >= Severity.HIGH else severity.value
    indent = _indent(paper)
    first = f"  {word}".ljust(indent) if indent == _INDENT else f"{word} "
    paper.put(text, first=first, indent=indent, styles=styles)
    styled = paper.style(word, *SEVERITY_STYLES[severity])
    paper.lines[start] = paper.lines[start].replace(word, styled, 1)


def _where(finding: Finding, room: int) -> str:
    """The rule, how sure it is, and what it cites: as many places as fit on a line, and the first in any case."""
    places = list(dict.fromkeys(map(place_words, finding.because)))
    events = f"; event {finding.events[0]}" if len(finding.events) == 1 else ""
    if len(finding.events) > 1:
        events = f"; events {finding.events[0]} {'and' if len(finding.events) == 2 else 'to'} {finding.events[-1]}"
    begin = f"{finding.rule.id}, {finding.confidence.value} confidence; "
    for number in range(min(_SHOWN_PLACES, len(places)), 0, -1):
        more = f" and {len(places) - number} more" if len(places) > number else ""
        told = f"{begin}{'; '.join(places[:number])}{more}{events}"
        if len(told) <= room:
            return told
    cited = clip(places[0], room) if places else ""
    return f"{begin}{cited}{f' and {len(places) - 1} more' if len(places) > 1 else ''}{events}"


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
