"""The verdict in words, the same in every report: how many findings of which severity, in how many stories, and what was set aside.

A text of a rule is ours; messages, subjects and cited strings hold text of the hive, and are made visible here.
"""

from collections import Counter
from collections.abc import Iterable

from hivecheck.analysis import Analysis
from hivecheck.facts.origin import BuiltIn, KeyRef, Origin, ValueRef
from hivecheck.facts.visible import visible
from hivecheck.report.view import counted
from hivecheck.rules.finding import Finding
from hivecheck.rules.profile import Expectation
from hivecheck.rules.rule import Severity
from hivecheck.rules.story import Story, stories_of

_WORST_FIRST = tuple(reversed(Severity))


def severity_counts(findings: Iterable[Finding]) -> tuple[tuple[Severity, int], ...]:
    """How many of each severity there are, worst first; those that are there."""
    counts = Counter(finding.severity for finding in findings)
    return tuple((severity, counts[severity]) for severity in _WORST_FIRST if counts[severity])


def count_words(findings: Iterable[Finding]) -> str:
    """`2 critical, 1 high`; '' for none."""
    return ", ".join(f"{number:,} {severity.value}" for severity, number in severity_counts(findings))


def verdict_words(analysis: Analysis) -> str:
    """One sentence or two: what was found, worst first, or that nothing above low was."""
    told = analysis.told_findings
    least = analysis.options.min_severity
    if not told:
        return "No findings." if least == "info" else f"No findings of {least} or above."
    worst = told[0].severity
    stories = len(stories_of(told))
    where = f", in {counted(stories, 'story', 'stories')}" if len(told) > 1 else ""
    if worst > Severity.LOW:
        return f"{count_words(told)}{where}."
    return f"No findings above {worst.value}: {count_words(told)}{where}."


def set_aside_words(analysis: Analysis) -> tuple[str, ...]:
    """What the verdict leaves out, a sentence each: expected findings, milder ones, expectations whose day has passed."""
    said: list[str] = []
    expected, milder = analysis.expected_findings, analysis.milder_findings
    if expected:
        are = "is" if len(expected) == 1 else "are"
        said.append(f"{counted(len(expected), 'more finding')} {are} expected by the profile: {count_words(expected)}.")
    if milder:
        least = analysis.options.min_severity
        said.append(f"{counted(len(milder), 'milder finding')} below {least} not told: {count_words(milder)}.")
    return tuple(said)


def lapsed_expectations(analysis: Analysis) -> tuple[Expectation, ...]:
    """Expectations of the profile that count no more."""
    return analysis.options.profile.lapsed if analysis.options.profile is not None else ()


def lapsed_words(one: Expectation) -> str:
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
