"""What the findings above low come to, as clauses of the verdict: what the next start would do, and what only stands in the registry.

A finding is told as a deed only where the replay does, or may do, what it is about. Phrases are ours (`verdict_phrases`); names of
files, services and values are the hive's, and cut. Knows no page.
"""

from collections.abc import Iterable, Sequence

from hivecheck.analysis import Analysis
from hivecheck.boot.actions import DeleteFile, RenameFile
from hivecheck.boot.plan import Done
from hivecheck.boot.replay import Event
from hivecheck.facts.fact import fact
from hivecheck.facts.visible import visible
from hivecheck.report.verdict_phrases import DOES, HOLDS
from hivecheck.rules.paths import Comparable
from hivecheck.rules.rule import Finding, Severity
from hivecheck.rules.security_products import vendor_of_path, vendor_of_service
from hivecheck.rules.story import FEW_EVENTS

_ROOM = 420  # letters of all clauses: the terminal tells the verdict in a few lines
_NAMED = 3  # subjects of one clause
_LETTERS = 40  # of one subject
_OF_MININT = {"minint", "seq-minint-starves"}
_SAID_LAST = {"sequences", "control-sets", "times"}  # they join what others say, or say less of what happens
_PLAINEST = ("pfro-sec-product",)  # of rules about the same events, the one that a client understands
_SETS_DIFFER = "seq-lkg-diff"
_STARVED = "the key MiniNT exists"
_OF_PRODUCTS = {
    "pfro-sec-product", "seq-edr-driver-gone-start-stays", "svc-missing-sensor-binary", "svc-disabled-defence",
    "seq-minifilter-window", "svc-depend-tamper",
}  # fmt: skip


@fact
class Clause:
    """`words` are ours; `subjects` text of the hive as it is, but cut; `vendors` names of products that we know."""

    words: str
    vendors: tuple[str, ...]
    subjects: tuple[str, ...]
    more: int  # subjects that are not named

    @property
    def length(self) -> int:
        return len(self.words) + sum(len(visible(one)) + 2 for one in (*self.vendors, *self.subjects)) + 10


@fact
class Clauses:
    """What would be done and what stands in the registry, each worst first; `left` kinds of findings are only counted."""

    does: tuple[Clause, ...]
    holds: tuple[Clause, ...]
    left: int


def clauses_of(analysis: Analysis, graver: Sequence[Finding], taken: int = 0) -> Clauses:
    """The clauses for these findings, which stand worst first, beside so many letters of other sentences.

    The worst is always told; what has no room is counted, and nothing milder is told in its stead.
    """
    events = {event.number: event for event in analysis.replay.events}
    groups: dict[tuple[bool, str], list[Finding]] = {}
    starved = starved_operations(analysis) > 0
    for finding in _told_once(graver):
        if starved and finding.rule.id in _OF_MININT:
            continue  # told in a sentence of their own
        groups.setdefault((_is_done(finding, events), finding.rule.id), []).append(finding)
    does: list[Clause] = []
    holds: list[Clause] = []
    room, left = _ROOM - taken - (150 if starved else 0), 0
    full = Severity.INFO
    for (done, _), those in groups.items():
        clause = _clause(those, done, events)
        severity = those[0].severity
        if (does or holds) and (clause.length > room or severity < full):
            left += 1
            full = severity
            continue
        room -= clause.length
        (does if done else holds).append(clause)
    return Clauses(tuple(does), tuple(holds), left)


def _is_done(finding: Finding, events: dict[int, Event]) -> bool:
    return any(number in events and events[number].done is not Done.NO for number in finding.events)


def _told_once(graver: Iterable[Finding]) -> list[Finding]:
    """The findings without those of a story whose events another one of it tells: a sensor's file is taken away only once."""
    ordered = sorted(
        graver, key=lambda one: (-one.severity.rank, one.rule.id not in _PLAINEST, one.rule.family in _SAID_LAST)
    )
    told: dict[int, set[int]] = {}
    found: list[Finding] = []
    for finding in ordered:
        covered = told.setdefault(finding.story, set())
        if finding.events and covered.issuperset(finding.events):
            continue
        if len(finding.events) <= FEW_EVENTS:
            covered.update(finding.events)
        found.append(finding)
    return found


def _clause(those: Sequence[Finding], done: bool, events: dict[int, Event]) -> Clause:
    rule = those[0].rule
    deed = DOES.get(rule.id, "").replace("{act}", _act(those, events))
    state = HOLDS.get(rule.id, "")
    if done:
        words = deed or (f"act on {state}" if state else f"act on this: {rule.title}")
    elif state:
        words = state
    elif deed and rule.family == "renames":
        words = f"a pending operation that would {deed}"
    else:
        words = f"what would {deed}, though its next start does not" if deed else f"this: {rule.title}"
    vendors = tuple(dict.fromkeys(filter(None, map(_vendor, those)))) if rule.id in _OF_PRODUCTS else ()
    subjects = tuple(dict.fromkeys(name for one in those if (name := _name(one)) and name not in words))
    if vendors and len(subjects) > 1:
        subjects = ()  # the products say it better
    return Clause(words, vendors[:_NAMED], subjects[:_NAMED], max(0, len(subjects) - _NAMED, len(vendors) - _NAMED))


def _act(those: Sequence[Finding], events: dict[int, Event]) -> str:
    actions = [events[number].action for one in those for number in one.events if number in events]
    return "delete" if actions and all(isinstance(action, DeleteFile) for action in actions) else "rename or replace"


def _vendor(finding: Finding) -> str:
    """The vendor of the product that a finding is about, '' for none."""
    path = finding.subject.partition(" to ")[0].casefold()
    return vendor_of_path(Comparable(path)) or vendor_of_service(finding.subject)


def _name(finding: Finding) -> str:
    """The subject, of paths the last part of each, and no longer than a name. Of a value that sets differ in, its key and it."""
    if finding.rule.id == _SETS_DIFFER:
        place, _, other = finding.subject.partition(" against ")
        value = _cut("\\".join(place.rsplit("\\", 2)[-2:]))
        return f"{value} against {_cut(other)}" if other else value
    parts = [part.rstrip("\\").rpartition("\\")[2] or part for part in finding.subject.split(" to ")[:2]]
    return _cut(" to ".join(parts))


def _cut(said: str) -> str:
    cut = said[:_LETTERS]
    while len(visible(cut)) > _LETTERS:  # an escape is longer than what it stands for
        cut = cut[:-1]
    return cut if cut == said else f"{cut}…"


def starved_operations(analysis: Analysis) -> int:
    """How many pending file operations would not run because the key MiniNT exists."""
    return sum(
        1
        for event in analysis.replay.events
        if event.done is Done.NO and isinstance(event.action, DeleteFile | RenameFile) and event.why.startswith(_STARVED)
    )


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """The findings above low, the worst first, else in the order given."""
    return sorted((one for one in findings if one.severity > Severity.LOW), key=lambda one: -one.severity.rank)
