"""The verdict in words, the same in every report: how many findings of which severity, in how many stories, and what was set aside.

A text of a rule is ours; messages, subjects and cited strings hold text of the hive, and are made visible here.
"""

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from hivecheck.analysis import Analysis
from hivecheck.facts.origin import BuiltIn, KeyRef, Origin, ValueRef
from hivecheck.facts.visible import visible
from hivecheck.report.view import counted
from hivecheck.rules.rule import Finding, Severity
from hivecheck.rules.story import Story, stories_of

if TYPE_CHECKING:
    from hivecheck.rules.profile import Expectation

LIMIT = "limit-findings"  # the problem that tells of findings which are not kept
_WORST_FIRST = tuple(reversed(Severity))


def severity_counts(findings: Iterable[Finding]) -> tuple[tuple[Severity, int], ...]:
    """How many of each severity there are, worst first; those that are there."""
    counts = Counter(finding.severity for finding in findings)
    return tuple((severity, counts[severity]) for severity in _WORST_FIRST if counts[severity])


def count_words(findings: Iterable[Finding]) -> str:
    """`2 critical, 1 high`; '' for none."""
    return ", ".join(f"{number:,} {severity.value}" for severity, number in severity_counts(findings))


def standing_findings(analysis: Analysis) -> tuple[Finding, ...]:
    """All that stand, in the order of the report: also those that `--min-severity` withholds from the lists."""
    return tuple(one for one in analysis.findings if not one.expected)


def verdict_words(analysis: Analysis) -> str:
    """One sentence: what was found, worst first, or that nothing above low was. It counts what `--min-severity` withholds too."""
    told = standing_findings(analysis)
    if not told:
        return "No findings."
    worst = told[0].severity
    stories = len(stories_of(told))
    where = f", in {counted(stories, 'story', 'stories')}" if len(told) > 1 else ""
    if worst > Severity.LOW:
        return f"{count_words(told)}{where}."
    return f"No findings above {worst.value}: {count_words(told)}{where}."


def set_aside_words(analysis: Analysis) -> tuple[str, ...]:
    """What the lists leave out, a sentence each: expected findings, those that `--min-severity` withholds, those that were too many."""
    said: list[str] = []
    expected, milder = analysis.expected_findings, analysis.milder_findings
    if expected:
        are = "is" if len(expected) == 1 else "are"
        said.append(f"{counted(len(expected), 'more finding')} {are} expected by the profile: {count_words(expected)}.")
    if milder:
        said.append(f"{withheld_words(analysis)}.")
    return (*said, *too_many_words(analysis))


def withheld_words(analysis: Analysis) -> str:
    """`2 high and 1 low are withheld by --min-severity critical`; '' where nothing is."""
    counts = [f"{number:,} {severity.value}" for severity, number in severity_counts(analysis.milder_findings)]
    if not counts:
        return ""
    are = "is" if len(analysis.milder_findings) == 1 else "are"
    listed = f"{', '.join(counts[:-1])} and {counts[-1]}" if len(counts) > 1 else counts[0]
    return f"{listed} {are} withheld by --min-severity {analysis.options.min_severity}"


def too_many_words(analysis: Analysis) -> tuple[str, ...]:
    """A sentence for each rule that found more than is kept: nothing counts those findings."""
    return tuple(visible(problem.message) for problem in analysis.problems if problem.code == LIMIT)


def lapsed_expectations(analysis: Analysis) -> "tuple[Expectation, ...]":
    """Expectations of the profile that count no more."""
    return analysis.options.profile.lapsed if analysis.options.profile is not None else ()


def lapsed_words(one: "Expectation") -> str:
    """That an expectation has lapsed, and what it was for."""
    return f"An expectation of the profile lapsed on {one.until}, what it fits stands again: {visible(one.reason)}"


def headline(story: Story) -> str:
    """The story's headline, fit to be shown."""
    return visible(story.headline)


def place_words(origin: Origin) -> str:
    """Where an origin is, in short: the last part of its key, its value, its strings."""
    match origin:
        case ValueRef():
            key = origin.key.rpartition("\\")[2]
            strings = ""
            if origin.strings is not None:
                first, last = origin.strings
                strings = f", string {first}" if first == last else f", strings {first} to {last}"
            return visible(f"{key} : {origin.value or '(default)'}") + strings
        case KeyRef():
            return visible(f"key {origin.path}" if origin.path else "the root of the hive")
        case BuiltIn():
            return visible(f"built in: {origin.what}")
