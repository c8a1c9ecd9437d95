"""All rules over one case: hits become findings, findings that belong together become stories, worst first.

A rule that breaks is a fault of ours and is not hidden: it crashes loudly in tests; nothing of the hive can make it.
"""

from collections.abc import Iterable
from itertools import islice

from hivecheck.facts.fact import changed
from hivecheck.rules.case import Case
from hivecheck.rules.finding import Finding
from hivecheck.rules.profile import Profile
from hivecheck.rules.rule import Hit, Rule

RULES_VERSION = "1.0.0"
_FINDINGS_OF_A_RULE = 200  # told singly; a hostile list may hold thousands


def judge(case: Case, rules: Iterable[Rule], profile: Profile = Profile()) -> tuple[Finding, ...]:
    """Every finding, those of one story together: worst story first, and by the order of the boot within one severity."""
    found: dict[tuple[str, str, str], Finding] = {}
    for rule in rules:
        for hit in islice(rule.check(case), _FINDINGS_OF_A_RULE):
            finding = _finding(rule, hit)
            found.setdefault((rule.id, finding.subject.casefold(), finding.message), finding)
    return tell_stories(tuple(profile.judge(finding) for finding in found.values()))


def _finding(rule: Rule, hit: Hit) -> Finding:
    severity, confidence = hit.severity or rule.severity, hit.confidence or rule.confidence
    return Finding(rule, severity, confidence, hit.message, hit.subject, hit.because, hit.events, hit.story)


def tell_stories(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The findings with the numbers of their stories: two belong to one where they share a thread or an event."""
    mother = list(range(len(findings)))

    def root(number: int) -> int:
        while mother[number] != number:
            mother[number] = mother[mother[number]]
            number = mother[number]
        return number

    first: dict[object, int] = {}
    for number, finding in enumerate(findings):
        for thread in (*finding.threads, *finding.events):
            earlier = first.setdefault(thread, number)
            mother[root(number)] = root(earlier)
    stories: dict[int, list[Finding]] = {}
    for number, finding in enumerate(findings):
        stories.setdefault(root(number), []).append(finding)
    told: list[Finding] = []
    for story, members in enumerate(sorted(stories.values(), key=_weight), 1):
        told += (changed(finding, story=story) for finding in sorted(members, key=_one_weight))
    return tuple(told)


def _one_weight(finding: Finding) -> tuple[bool, int, int, str, str]:
    first = min(finding.events, default=1_000_000_000)
    return bool(finding.expected), -finding.severity.rank, first, finding.rule.id, finding.subject


def _weight(story: list[Finding]) -> tuple[bool, int, int, str, str]:
    return min(map(_one_weight, story))
