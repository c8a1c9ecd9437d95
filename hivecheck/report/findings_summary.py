"""The findings on one screen: the verdict, then the worst stories, each with what is set, where, and what goes with it.

What is critical or high is never left out: beyond the first stories it has a line or two, where stories that one rule leads stand
together, each by its name; where there are very many, the line says how many more. Milder ones are counted. How much is said of a
story is up to the caller, who knows what room there is.
"""

import re
from collections.abc import Iterable, Sequence

from hivecheck.analysis import Analysis
from hivecheck.facts.fact import fact
from hivecheck.report.html_cells import Bits
from hivecheck.report.html_facts import machine_name
from hivecheck.report.html_verdict import tell_verdict
from hivecheck.report.paper import Paper, clip, clip_end, clip_sentences, clip_words
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
from hivecheck.rules.rule import Finding, Severity
from hivecheck.rules.story import Story, stories_of

SEVERITY_STYLES: dict[Severity, tuple[str, ...]] = {
    Severity.CRITICAL: ("red", "bold", "reverse"),
    Severity.HIGH: ("red", "bold"),
    Severity.MEDIUM: ("yellow", "bold"),
    Severity.LOW: ("cyan",),
    Severity.INFO: ("dim",),
}
_VERDICT_LETTERS = 660
_SHOWN = 3  # groups of stories that are told with what is set and where
_FEW = 4  # grave groups, which get two lines each
_MOST_LINES = 6  # of the names of many stories that one rule leads
_SHOWN_PLACES = 2
_SHOWN_EXPECTED = 4
_INDENT = 12
_NARROW = 60  # columns below which a severity has no column of its own
_LONGEST_SUBJECT = 60  # letters, in a headline of one line


@fact
class Detail:
    """Lines that the message of the first story may take, and those of the others; 0: it is told by its headline alone.

    `fellows` is how many kinds of milder findings are named beside a story: the others are counted.
    """

    first: int
    others: int
    fellows: int


@fact
class _Group:
    """Stories that the same rule leads with the same severity, the first of which is told. At least one, in the report's order."""

    stories: tuple[Story, ...]

    @property
    def lead(self) -> Finding:
        return self.stories[0].lead

    @property
    def severity(self) -> Severity:
        return self.lead.severity


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


def write_findings(analysis: Analysis, paper: Paper, detail: Detail) -> None:
    """The worst stories, the other grave ones in a line or two; the rest is counted by its ids. Nothing where there are no findings."""
    stories = stories_of(analysis.told_findings)
    if stories:
        paper.heading("What was found", "(in full: --html or --json; about a rule: hivecheck explain ID)")
    groups = _groups_of(stories)
    graver = [one for one in groups if one.severity > Severity.LOW]
    shown = (graver or [one for one in groups if one.severity is Severity.LOW])[:_SHOWN]
    others = [one for one in groups if _is_grave(one.lead) and one not in shown]
    lines = 2 if len(others) <= _FEW else 1
    for group in shown:
        _write_group(group, paper, detail, detail.first if group is shown[0] else detail.others)
    for group in others:
        _put_headline(group.severity, _headline(group, lines, _room(paper), with_rule=True), (), paper)
    rest = [story for group in groups if group not in shown and group not in others for story in group.stories]
    if rest:
        findings = [finding for story in rest for finding in story.findings]
        counts = counted(len(rest), "more story" if shown else "story", "more stories" if shown else "stories")
        more = f"{'and ' if shown else ''}{counts} ({count_words(findings)}): {_ids(findings)}"
        paper.put(clip_end(more, 2 * _room(paper)), first="", indent=_indent(paper))
    _write_expected(analysis, paper)


def _is_grave(finding: Finding) -> bool:
    return finding.severity >= Severity.HIGH


def _groups_of(stories: Iterable[Story]) -> list[_Group]:
    """The stories, those that are alike together where the first of them stands."""
    alike: dict[tuple[str, Severity], list[Story]] = {}
    for story in stories:
        alike.setdefault((story.lead.rule.id, story.lead.severity), []).append(story)
    return [_Group(tuple(those)) for those in alike.values()]


def _indent(paper: Paper) -> int:
    return _INDENT if paper.width >= _NARROW else 4


def _room(paper: Paper) -> int:
    """Letters beside a severity, less the few that whole words leave unused."""
    return paper.width - _indent(paper) - 2


def _write_group(group: _Group, paper: Paper, detail: Detail, message_lines: int) -> None:
    lead, indent, room = group.lead, _indent(paper), _room(paper)
    _put_headline(lead.severity, _headline(group, 2, room, with_rule=not message_lines), ("bold",), paper)
    said = clip_sentences(clip_words(shown_text(lead.message)), message_lines * room) if message_lines else ""
    if said:
        paper.put(said, first="", indent=indent)
        paper.put(_where(lead, paper.width - indent), first="", indent=indent, styles=("dim",))
    leads = [story.lead for story in group.stories]
    fellows = [finding for story in group.stories for finding in story.findings if finding is not story.lead]
    told, left = _fellows_told(fellows, detail.fellows)
    for those in told:
        paper.put(_fellow_words(those, leads, said, room), first=" " * indent + "+", indent=indent + 2)
    if left:
        line = f"{len(left):,} more ({count_words(left)}): {_ids(left)}"
        paper.put(clip_end(line, room - 2), first=" " * indent + "+", indent=indent + 2)


def _headline(group: _Group, lines: int, line: int, *, with_rule: bool) -> str:
    """What the stories are about and what happens to it, in so many lines of so many letters, and the rule, which is never cut off.

    Many names may take more lines. Where there is none for name and title both, the middle of a long name is left out first.
    """
    lead, tail = group.lead, f" [{group.lead.rule.id}]" if with_rule else ""
    if len(group.stories) > 1:
        letters = line * min(len(group.stories) + 1, _MOST_LINES) - len(lead.rule.title) - len(tail) - 2
        return f"{_names((story.lead for story in group.stories), letters)}: {lead.rule.title}{tail}"
    room = max(lines * line - len(tail), 20)
    told = headline(group.stories[0])
    if len(told) > room and lead.subject:
        letters = max(room - len(lead.rule.title) - 2, min(_LONGEST_SUBJECT, room // 2))
        told = f"{clip(shown_text(lead.subject), letters)}: {lead.rule.title}"
    return clip_end(told, room) + tail


def _names(findings: Iterable[Finding], room: int) -> str:
    """What the findings are about, as many as have room, the first in any case, and how many more; '' where none says it."""
    names = list(dict.fromkeys(shown_text(finding.subject) for finding in findings if finding.subject))
    if not names:
        return ""
    told = clip(names[0], min(_LONGEST_SUBJECT, max(room, 20)))
    for place, name in enumerate(names[1:], 1):
        longer = f"{told}, {clip(name, _LONGEST_SUBJECT)}"
        if len(longer) + len(f" and {len(names):,} more") > room:
            return f"{told} and {len(names) - place:,} more"
        told = longer
    return told


def _fellow_words(those: Sequence[Finding], leads: Sequence[Finding], said: str, room: int) -> str:
    """What goes with a story: of severity critical or high on two lines, else on one; the rule is never cut off.

    It names what is neither in the headline nor in what was `said` below it.
    """
    first, tail = those[0], f" [{those[0].rule.id}]"
    many = f"{len(those):,} " if len(those) > 1 else ""
    title = f"{many}{first.severity.value}: {first.rule.title}"
    room = (2 if _is_grave(first) else 1) * (room - 2) - len(tail)
    known = {lead.subject for lead in leads}
    fresh = [one for one in those if one.subject not in known and not _says(said, one.subject)]
    names = _names(fresh, max(room - len(title) - 3, 0))
    if names and len(title) + len(names) + 3 <= room:
        return f"{title} ({names}){tail}"
    return clip_end(title, max(room, 20)) + tail


def _says(said: str, subject: str) -> bool:
    """Whether these words name already what another finding is about."""
    name = shown_text(subject).lower()
    return name in said.lower() and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", said.lower()) is not None


def _fellows_told(fellows: Iterable[Finding], number: int) -> tuple[list[list[Finding]], list[Finding]]:
    """The findings of each rule and severity: the first `number` kinds, and all that are critical or high; then those left."""
    kinds: dict[tuple[str, Severity], list[Finding]] = {}
    for fellow in fellows:
        kinds.setdefault((fellow.rule.id, fellow.severity), []).append(fellow)
    told: list[list[Finding]] = []
    left: list[Finding] = []
    for those in kinds.values():
        if len(told) < number or _is_grave(those[0]):
            told.append(those)
        else:
            left += those
    return told, left


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
