"""All rules over one case: hits become findings, those the user expects are marked, and all are put in order of their stories.

A rule that breaks is a fault of ours and is not hidden: it crashes loudly in tests; nothing of the hive can make it.
"""

from collections.abc import Iterable

from hivecheck.facts.fact import fact
from hivecheck.facts.origin import KeyRef
from hivecheck.facts.problem import Problem
from hivecheck.rules.case import Case
from hivecheck.rules.finding import Finding
from hivecheck.rules.profile import Profile
from hivecheck.rules.rule import Hit, Rule
from hivecheck.rules.story import tell_stories

FINDINGS_OF_A_RULE = 20_000  # the worst of them; a hostile list may hold as many as a hive can


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
    return Finding(rule, severity, confidence, hit.message, hit.subject, hit.because, hit.events, hit.story)
