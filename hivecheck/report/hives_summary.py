"""Several hives on a terminal, a line each, the worst first: what a folder of reports is opened for. The reports tell the rest."""

from collections.abc import Sequence

from hivecheck.analysis import Analysis
from hivecheck.report.findings_summary import SEVERITY_STYLES
from hivecheck.report.index import IndexedReport, worst_first
from hivecheck.report.paper import Paper, clip, clip_end
from hivecheck.report.verdict import count_words, headline, standing_findings
from hivecheck.report.view import shown_text
from hivecheck.rules.rule import Severity
from hivecheck.rules.story import stories_of

_INDENT = 10
_NAME, _SOURCE = 40, 40  # letters of the computer's name, and of the path
_LEAST = 20  # letters of a headline, below which it tells nothing


def write_hives(analyses: Sequence[Analysis], paper: Paper) -> None:
    """A line for each hive: its worst severity, whose it is, what was found in numbers, what the worst story is about."""
    reports = [IndexedReport(one, (one.evidence.source,), "") for one in analyses]
    for report in worst_first(reports):
        _write_line(report.analysis, paper)


def _write_line(analysis: Analysis, paper: Paper) -> None:
    told = standing_findings(analysis)
    word = told[0].severity.value if told else "none"
    word = word.upper() if told and told[0].severity >= Severity.HIGH else word
    start = len(paper.lines)
    paper.put(_words(analysis, max(paper.width - _INDENT - 1, 10)), first=word, indent=_INDENT)
    if told:
        styled = paper.style(word, *SEVERITY_STYLES[told[0].severity])
        paper.lines[start] = styled + paper.lines[start].removeprefix(word)


def _words(analysis: Analysis, room: int) -> str:
    """All of it in so many letters; what the worst story is about takes the room that is left."""
    told, facts = standing_findings(analysis), analysis.facts
    name = clip(shown_text(facts.computer_name.value or "unnamed"), _NAME)
    parts = [count_words(told) if told else "no findings"]
    if analysis.replay.halted is not None:
        parts.append("the boot halts")
    if not analysis.is_whole:
        parts.append("parts can't be read")
    if analysis.older_state is not None:
        parts.append("a copy of before")
    source = clip(shown_text(analysis.evidence.source), _SOURCE)
    line = clip_end(f"{name} ({source}): {'; '.join(parts)}", room)
    left = room - len(line) - 2
    if left >= _LEAST and told and told[0].severity > Severity.LOW:
        line += f"; {clip(headline(stories_of(told)[0]), left)}"
    return line
