"""All rules over one case: hits become findings, those the user expects are marked, and all are put in order of their stories.

A rule that breaks is a fault of ours and is not hidden: it crashes loudly in tests; nothing of the hive can make it.
"""

from collections.abc import Iterable, Iterator

from hivecheck.facts.fact import fact
from hivecheck.facts.origin import KeyRef, ValueRef
from hivecheck.facts.problem import Problem
from hivecheck.rules.case import Case
from hivecheck.rules.finding import Finding
from hivecheck.rules.profile import Profile
from hivecheck.rules.rule import Hit, Rule
from hivecheck.rules.spelling import stored_spelling
from hivecheck.rules.story import tell_stories

FINDINGS_OF_A_RULE = 5_000  # the worst of them; a hostile list may hold as many as a hive can, and each is a page of JSON

_CITED = 8  # values of a finding in which its subject is looked for


@fact
class Verdict:
    """Every finding in the order of the report. `left_out`: ids of rules that found more than is told, and how many of each."""

    findings: tuple[Finding, ...]
    left_out: tuple[tuple[str, int], ...]
    root: KeyRef

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What a report must say of the findings that it can't tell."""
        words = "The rule {} made {:,} more findings than are kept; those kept are the worst of them."
        return tuple(Problem("limit-findings", words.format(rule, count), (self.root,)) for rule, count in self.left_out)


def judge(case: Case, rules: Iterable[Rule], profile: Profile = Profile()) -> Verdict:
    """What all rules find: worst story first, and by the order of the boot within one severity."""
    told: list[Finding] = []
    left_out: list[tuple[str, int]] = []
    for rule in rules:
        found: dict[tuple[str, str], Finding] = {}
        for hit in rule.check(case):
            found.setdefault((hit.subject.casefold(), hit.message), _finding(rule, hit))
        if len(found) > FINDINGS_OF_A_RULE:
            left_out.append((rule.id, len(found) - FINDINGS_OF_A_RULE))
        worst = sorted(found.values(), key=lambda finding: -finding.severity.rank)  # stable: else as the rule told them
        told += map(profile.judge, worst[:FINDINGS_OF_A_RULE])
    return Verdict(tell_stories(tuple(told)), tuple(left_out), case.hive.root.ref)


def _finding(rule: Rule, hit: Hit) -> Finding:
    severity, confidence = hit.severity or rule.severity, hit.confidence or rule.confidence
    subject = stored_spelling(hit.subject, _texts(hit))
    return Finding(rule, severity, confidence, hit.message, subject, hit.because, hit.events, hit.story)


def _texts(hit: Hit) -> Iterator[str]:
    """Where the subject may stand as it is stored: the first values that are cited, then the message."""
    for origin in hit.because[:_CITED]:
        if isinstance(origin, ValueRef):
            yield from (origin.text or "", origin.value, origin.key)
    yield hit.message
