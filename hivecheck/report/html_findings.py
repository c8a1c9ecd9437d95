"""The findings as the HTML page tells them: the verdict, then story by story what is set, why it matters, and what to do.

What a rule says is printed where it speaks first; later on the page a link leads there. Events link back by their flags.
"""

from collections.abc import Iterator
from itertools import groupby

from hivecheck.analysis import Analysis
from hivecheck.facts.fact import fact
from hivecheck.facts.origin import BuiltIn, Origin, ValueRef
from hivecheck.report.hive_again import HiveAgain
from hivecheck.report.html_cells import (
    MOST_LINES,
    Bit,
    Bits,
    Block,
    bits_of,
    code,
    confidence_bit,
    count,
    event_link,
    fold,
    heading,
    lines,
    make_table,
    note,
    paragraph,
    prose,
    say,
    text,
    words,
)
from hivecheck.report.html_dumps import tell_place
from hivecheck.report.verdict import (
    count_words,
    headline,
    lapsed_expectations,
    lapsed_words,
    severity_counts,
    standing_findings,
    verdict_words,
    withheld_words,
)
from hivecheck.report.view import describe_origin
from hivecheck.rules.attack import ATTACK_VERSION, technique_words
from hivecheck.rules.rule import Finding, Rule, Severity
from hivecheck.rules.story import FEW_EVENTS, Story, stories_of

_SHOWN_ORIGINS = 4  # of one finding; further ones are folded
_SHOWN_EVENTS = 12
_STORIES_TO_LIST = 3  # and more are listed before they are told
_SCALE = {severity.value: severity for severity in Severity}


@fact
class FindingPart:
    """One finding: its anchor, and what is told of it."""

    id: str
    bits: Bits


@fact
class RulePart:
    """Findings of one rule within a story. `page` is what the rule says, or where it is said; `id` its anchor, '' for a link."""

    id: str
    severity: str
    head: Bits
    findings: tuple[FindingPart, ...]
    page: Bits


@fact
class StoryPart:
    """One story. `severity` is the worst of it, `title` the headline in words alone."""

    id: str
    severity: str
    title: str
    headline: Bits
    rules: tuple[RulePart, ...]


@fact
class Flag:
    """What marks an event: the finding that is about it. `stands_out`: the event is told by itself for it."""

    anchor: str
    severity: Severity
    rule: str
    stands_out: bool

    @property
    def bit(self) -> Bit:
        return "span", f"flag {self.severity.value}", (("a", f"#{self.anchor}", f"{self.severity.value}: {self.rule}"),)


Flags = dict[int, tuple[Flag, ...]]


def tell_findings(analysis: Analysis, again: HiveAgain | None, lead: str = "") -> tuple[Block, ...]:
    """The blocks of the section: the graver stories, the milder ones folded, what is expected. `lead` counts them, where that is not all.

    `again` tells in which file stands what is cited of a recovered hive.
    """
    told = analysis.told_findings
    parts = tuple(_tell_stories(told, again))
    shown = parts[: len(parts) - len(milder_stories(told))]
    milder = parts[len(shown) :]
    blocks: list[Block] = [paragraph(lead or verdict_words(analysis), kind="lead")]
    if len(shown) >= _STORIES_TO_LIST:
        heads = [(severity_bit(_SCALE[part.severity]), text(" "), ("a", f"#{part.id}", part.title)) for part in shown]
        blocks.append(("bits", (lines(heads, "heads"),)))
    if shown:
        blocks.append(paragraph(_HOW_TO_READ, kind="neutral"))
        blocks.append(("stories", shown))
    if milder:
        blocks.append(("mild", (milder_title(told), milder)))
    blocks += _tell_expected(analysis)
    return tuple(blocks)


def milder_stories(told: tuple[Finding, ...]) -> list[Story]:
    """The stories that are folded: those of severity low and below, where there are graver ones."""
    stories = stories_of(told)
    return [one for one in stories if one.severity <= Severity.LOW] if told and told[0].severity > Severity.LOW else []


def milder_title(told: tuple[Finding, ...]) -> str:
    """How many stories are folded, and what findings are in them."""
    milder = milder_stories(told)
    findings = [finding for story in milder for finding in story.findings]
    return f"{count(len(milder), 'milder story', 'milder stories')}: {count_words(findings)}"


_HOW_TO_READ = (
    "Findings that belong together stand in one story, the worst story first, then in the order of the boot. Severity is the harm if "
    "it is true, confidence the chance that it is. What is cited is what this hive stores."
)


def verdict_bits(analysis: Analysis) -> Bits:
    """The verdict for the head of the page: a badge with a number for each severity, of all that stands, and what of it is withheld."""
    found = standing_findings(analysis)
    if not found:
        return (text(verdict_words(analysis)),)
    bits: list[Bit] = []
    for severity, number in severity_counts(found):
        bits += (severity_bit(severity, f"{number:,} {severity.value}"), text(" "))
    if found[0].severity <= Severity.LOW:
        bits.append(text(f"nothing above {found[0].severity.value}"))
    if analysis.milder_findings:
        bits.append(text(f" ({withheld_words(analysis)})"))
    return tuple(bits)


def severity_bit(severity: Severity, said: str = "") -> Bit:
    """The badge of a severity: word, shape and colour all differ."""
    return "span", f"severity {severity.value}", said or severity.value


def event_flags(analysis: Analysis) -> Flags:
    """By event number, the findings that are about it. Those of severity info flag nothing: they are states, not deeds."""
    found: dict[int, list[Flag]] = {}
    for place, finding in enumerate(analysis.told_findings, 1):
        if finding.severity is Severity.INFO:
            continue
        stands_out = finding.severity > Severity.LOW and len(finding.events) <= FEW_EVENTS
        flag = Flag(f"f{place}", finding.severity, finding.rule.id, stands_out)
        for number in dict.fromkeys(finding.events):
            found.setdefault(number, []).append(flag)
    return {number: tuple(flags) for number, flags in found.items()}


def _tell_stories(told: tuple[Finding, ...], again: HiveAgain | None) -> Iterator[StoryPart]:
    place = 0
    seen: dict[str, str] = {}
    for story in stories_of(told):
        rules: list[RulePart] = []
        for (id, severity), run in groupby(story.findings, key=lambda one: (one.rule.id, one.severity)):
            those = tuple(run)
            parts = tuple(
                FindingPart(f"f{number}", _tell_finding(one, again, number)) for number, one in enumerate(those, place + 1)
            )
            place += len(those)
            is_first = id not in seen
            anchor = seen.setdefault(id, f"rule-{id}")
            page = _tell_rule(those[0].rule) if is_first else _tell_where(id, anchor)
            rules.append(RulePart(anchor if is_first else "", severity.value, _head(those[0], story), parts, page))
        title = _short(headline(story))
        yield StoryPart(f"story-{story.number}", story.severity.value, title, _headline(story), tuple(rules))


def _headline(story: Story) -> Bits:
    lead = story.lead
    subject: Bits = (text(" "), ("code", "subject", words(_short(lead.subject)))) if lead.subject else ()
    return severity_bit(story.severity), text(" "), ("span", "", lead.rule.title), *subject


def _short(subject: str) -> str:
    return subject if len(subject) <= 200 else f"{subject[:200]}…"


def _head(finding: Finding, story: Story) -> Bits:
    """Which rule, how grave and how sure; its title where the headline does not say it."""
    title = text(f"{finding.rule.title} ") if finding.rule is not story.lead.rule else text("")
    is_alone = all(one.rule is finding.rule and one.severity is finding.severity for one in story.findings)
    badge: Bits = () if is_alone else (severity_bit(finding.severity), text(" "))
    return *badge, title, code(finding.rule.id), text(" "), confidence_bit(finding.confidence)


def _tell_finding(finding: Finding, again: HiveAgain | None, number: int) -> Bits:
    """What is told of a finding, under the number by which other sections cite it."""
    bits: list[Bit] = [("p", "message", (("b", "", f"Finding {number}"), text(f" {words(finding.message)}")))]
    shown, left = finding.because[:_SHOWN_ORIGINS], finding.because[_SHOWN_ORIGINS:]
    if shown:
        bits.append(lines([_cited(origin, again) for origin in shown], "cited"))
    if left:
        told = [_cited(origin, again) for origin in left[:MOST_LINES]]
        bits.append(fold(f"{count(len(left), 'more place')} in the hive", lines(told, "cited", len(left))))
    if finding.events:
        bits.append(("p", "about", _events(finding.events)))
    return tuple(bits)


def _cited(origin: Origin, again: HiveAgain | None) -> Bits:
    """The cited string, and below it where it is stored."""
    where: Bits = (("span", "about", bits_of(describe_origin(origin))),)
    place = () if isinstance(origin, BuiltIn) else tell_place(origin, again)
    if place:
        where += (("div", "about", place),)
    if isinstance(origin, ValueRef) and origin.text is not None:
        return (code(origin.text), *where)
    return where


def _events(events: tuple[int, ...]) -> Bits:
    bits: list[Bit] = [text("Event " if len(events) == 1 else "Events ")]
    for place, number in enumerate(events[:_SHOWN_EVENTS]):
        bits += (text(", "), event_link(number)) if place else (event_link(number),)
    left = len(events) - _SHOWN_EVENTS
    if left > 0:
        bits += (text(f" and {left:,} more, to "), event_link(events[-1]))
    return (*bits, text(" of the boot"))


def _tell_rule(rule: Rule) -> Bits:
    """What the rule says, as terms and their meanings."""
    harmless = lines([prose(one) for one in rule.false_positives], "points")
    told: list[tuple[str, Bits]] = [
        ("Why it matters", prose(rule.why)),
        ("What is harmless", (harmless,)),
        ("What to do", prose(rule.remedy)),
    ]
    if rule.severities:
        told.append(("How grave", prose(rule.severities)))
    if rule.needs:
        told.append(("Surer with", prose(rule.needs)))
    if rule.techniques:
        techniques = [say(technique_words(id)) for id in rule.techniques]
        told.append((f"ATT&CK v{ATTACK_VERSION}", (lines(techniques, "points"),)))
    terms: list[Bit] = []
    for name, meaning in told:
        terms += (("dt", "", name), ("dd", "", meaning))
    return (("dl", "page-of-rule", tuple(terms)),)


def _tell_where(id: str, anchor: str) -> Bits:
    return (
        ("p", "about", (text("Why it matters, what is harmless, what to do: "), ("a", f"#{anchor}", f"see {id} above"))),
    )


def _tell_expected(analysis: Analysis) -> Iterator[Block]:
    """What the profile expects, a row each, with its reason; expectations that have lapsed."""
    expected, lapsed = analysis.expected_findings, lapsed_expectations(analysis)
    if not expected and not lapsed:
        return
    yield heading("Expected by the profile")
    for one in lapsed:
        yield paragraph(lapsed_words(one), kind="neutral")
    if expected:
        rows = [
            (
                "",
                (
                    (severity_bit(finding.severity), text(" "), code(finding.rule.id)),
                    say(words(finding.message)),
                    say(words(finding.expected)),
                    (code(finding.fingerprint),),
                ),
            )
            for finding in expected
        ]
        columns = ("Rule", "Finding", "Expected because", "Fingerprint")
        yield "table", make_table("expected", count(len(expected), "expected finding"), columns, rows)
    else:
        yield "bits", (("p", "", (note("No finding fits an expectation that stands."),)),)
