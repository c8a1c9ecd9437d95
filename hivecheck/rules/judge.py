r"""All rules over one case: hits become findings, those the user expects are marked, and all are put in order of their stories.

A rule that breaks is a fault of ours and is not hidden: it crashes loudly in tests; nothing of the hive can make it. Rules compare folded
paths, a reader looks for the stored ones, so what a finding is about is given as the hive spells it:

    stored_spelling(r"c:\windows\a.dll", ["... C:\Windows\A.dll ..."])  ->  C:\Windows\A.dll

Only the case of letters is changed, so that fingerprints, which are made of folded subjects, stay the same.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from hivecheck.facts.fact import fact
from hivecheck.facts.origin import KeyRef, ValueRef
from hivecheck.facts.problem import Problem
from hivecheck.rules.case import Case
from hivecheck.rules.rule import Finding, Hit, Rule
from hivecheck.rules.story import tell_stories

if TYPE_CHECKING:
    from hivecheck.rules.profile import Profile

FINDINGS_OF_A_RULE = 5_000  # the worst of them; a hostile list may hold as many as a hive can, and each is a page of JSON
_CITED = 8  # values of a finding in which its subject is looked for

_SHOWN = 4_000  # letters of one text that are looked at
_TRIES = 8  # places in one text


def stored_spelling(subject: str, texts: Iterable[str]) -> str:
    """The subject with the case of letters that the texts have for it, part by part; as it is where none has it.

    Only folded paths and file names are looked for: any other subject is the rule's own word or spelled as stored already.
    """
    if subject != subject.casefold() or not ("\\" in subject or "." in subject):
        return subject
    pairs = [(text, text.casefold()) for text in (text[:_SHOWN] for text in texts)]
    known = [(text, folded) for text, folded in pairs if len(text) == len(folded)]
    found = " to ".join(_spell(part, known) for part in subject.split(" to "))
    return found if found.casefold() == subject else subject


def _spell(part: str, known: Sequence[tuple[str, str]]) -> str:
    """One path or name: as a whole, else as much of its end as is found, else the words before its last blank apart from it."""
    if whole := _find(part, known):
        return whole
    pieces = part.split("\\")
    for first in range(1, len(pieces)):
        if tail := _find("\\".join(pieces[first:]), known):
            return "\\".join((*pieces[:first], tail))
    head, dot, ending = part.rpartition(".")
    if dot and "\\" not in ending and (stem := _find(head.rpartition("\\")[2], known)):
        return f"{head[: len(head) - len(stem)]}{stem}.{ending}"
    head, blank, last = part.rpartition(" ")
    return f"{head}{blank}{_find(last, known) or last}" if blank and "\\" not in part else part


def _find(part: str, known: Sequence[tuple[str, str]]) -> str:
    """The part as the first text spells it that has it as a word or path of its own; '' for none."""
    for text, folded in known if part else ():
        at = -1
        for _ in range(_TRIES):
            at = folded.find(part, at + 1)
            if at < 0:
                break
            end = at + len(part)
            if not (folded[at - 1 : at].isalnum() or folded[end : end + 1].isalnum()):
                return text[at:end]
    return ""


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


def judge(case: Case, rules: Iterable[Rule], profile: "Profile | None" = None) -> Verdict:
    """What all rules find: worst story first, and by the order of the boot within one severity."""
    told: list[Finding] = []
    left_out: list[tuple[str, int]] = []
    for rule in rules:
        found: dict[tuple[str, str], Finding] = {}
        for hit in rule.check(case):
            found.setdefault((hit.subject.casefold(), hit.message), _finding(rule, hit))
        if not found:
            continue
        if len(found) > FINDINGS_OF_A_RULE:
            left_out.append((rule.id, len(found) - FINDINGS_OF_A_RULE))
        worst = sorted(found.values(), key=lambda finding: -finding.severity.rank)  # stable: else as the rule told them
        told += worst[:FINDINGS_OF_A_RULE]
    if profile is not None:
        told = [profile.judge(finding) for finding in told]
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
