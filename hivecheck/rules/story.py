"""The scenario view: findings that belong together are told together, worst story first, then in the order of the boot.

Two findings belong to one story where they share a thread that their rules gave them (a file, a service), or an event that both
are about. One that is about a whole list of events (a state of the machine, not a deed) ties nothing by them. One of severity info
joins the worst story it touches and never joins two; nor does one that has the same value in common with another and nothing else.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby

from hivecheck.facts.fact import changed, fact
from hivecheck.facts.origin import ValueRef
from hivecheck.rules.rule import Finding, Severity

FEW_EVENTS = 3
"""A finding about more events than these is about a list, and shares no story for one of them."""
_FEW_VALUES = 6
_LATE = 1_000_000_000
_SEQUENCES = "sequences"
_ANY = "any string of it"


@fact
class Story:
    """Findings told together, the worst first. `lead` is the one that gives the headline."""

    number: int
    findings: tuple[Finding, ...]

    @property
    def severity(self) -> Severity:
        return max((finding.severity for finding in self.findings), key=lambda severity: severity.rank)

    @property
    def lead(self) -> Finding:
        """The first finding, which is the worst; of several a sequence, for it tells what the others do together."""
        return self.findings[0]

    @property
    def headline(self) -> str:
        """What it is about and what happens to it, one phrase without a full stop. May hold text of the hive."""
        lead = self.lead
        subject = f"{lead.subject}: " if lead.subject else ""
        return f"{subject}{lead.rule.title}"


def tell_stories(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The findings with the numbers of their stories, in the order of the report; expected ones last."""
    told: list[Finding] = []
    expected = [finding for finding in findings if finding.expected]
    standing = [finding for finding in findings if not finding.expected]
    number = 0
    for those in (standing, expected):
        for story in sorted(
            (sorted(story, key=_place) for story in _tied(those)), key=lambda story: min(map(_weight, story))
        ):
            number += 1
            told += (changed(finding, story=number) for finding in story)
    return tuple(told)


def stories_of(findings: Iterable[Finding]) -> tuple[Story, ...]:
    """The stories of findings that stand in the order of the report."""
    return tuple(Story(number, tuple(those)) for number, those in groupby(findings, key=lambda finding: finding.story))


def _weight(finding: Finding) -> tuple[int, int, str, str]:
    return -finding.severity.rank, min(finding.events, default=_LATE), finding.rule.id, finding.subject.casefold()


def _place(finding: Finding) -> tuple[object, ...]:
    """Its place within a story."""
    severity, *rest = _weight(finding)
    return severity, finding.rule.family != _SEQUENCES, *rest


def _tied(findings: Sequence[Finding]) -> list[list[Finding]]:
    """The findings in groups of those that belong together. A union-find, so that long lists stay cheap."""
    graver = [finding for finding in findings if finding.severity is not Severity.INFO]
    stories = _joined_by_value(_join(graver))
    stories.sort(key=lambda story: min(map(_weight, story)))
    worst: dict[object, int] = {}
    for place, story in enumerate(stories):
        for finding in story:
            for tie in _ties(finding):
                worst.setdefault(tie, place)
    alone: list[Finding] = []
    for finding in findings:
        if finding.severity is Severity.INFO:
            place = min((worst[tie] for tie in _ties(finding) if tie in worst), default=-1)
            (stories[place] if place >= 0 else alone).append(finding)
    return stories + _joined_by_value(_join(alone))


def _joined_by_value(stories: list[list[Finding]]) -> list[list[Finding]]:
    """The stories, each finding that stood alone now with the worst story that cites the same string, or the value as a whole."""
    ordered = sorted(stories, key=lambda story: min(map(_weight, story)))
    cited: dict[object, list[Finding]] = {}
    left: list[list[Finding]] = []
    for story in ordered:
        asked = [place for origin in _cited_values(story[0]) for place in _places(origin)] if len(story) == 1 else []
        told = next((cited[place] for place in asked if place in cited), None)
        if told is None:
            left.append(story)
            told = story
        else:
            told += story
        for origin in (origin for finding in story for origin in _cited_values(finding)):
            cited.setdefault((origin.key, origin.value, origin.strings), told)
            cited.setdefault((origin.key, origin.value, _ANY), told)
    return left


def _places(origin: ValueRef) -> tuple[object, ...]:
    """What another finding must cite to be about the same: the same string or all of them; of a whole value anything."""
    if origin.strings is None:
        return ((origin.key, origin.value, _ANY),)
    return (origin.key, origin.value, origin.strings), (origin.key, origin.value, None)


def _cited_values(finding: Finding) -> tuple[ValueRef, ...]:
    """The values that a finding cites, where they are few."""
    if len(finding.because) > _FEW_VALUES:
        return ()
    return tuple(origin for origin in finding.because if isinstance(origin, ValueRef))


def _join(findings: Sequence[Finding]) -> list[list[Finding]]:
    mother = list(range(len(findings)))

    def root(number: int) -> int:
        while mother[number] != number:
            mother[number] = mother[mother[number]]
            number = mother[number]
        return number

    first: dict[object, int] = {}
    for number, finding in enumerate(findings):
        for tie in _ties(finding):
            mother[root(number)] = root(first.setdefault(tie, number))
    stories: dict[int, list[Finding]] = {}
    for number, finding in enumerate(findings):
        stories.setdefault(root(number), []).append(finding)
    return list(stories.values())


def _ties(finding: Finding) -> tuple[object, ...]:
    """What may tie it to others: threads, and its events where they are few."""
    return (*finding.threads, *finding.events) if len(finding.events) <= FEW_EVENTS else finding.threads
