"""What the page holds for paper alone: the milder findings a row each, printed where their fold is closed.

On the screen it is not shown, and the search passes over it: the fold tells the same and more.
"""

from hivecheck.analysis import Analysis
from hivecheck.facts.origin import BuiltIn, KeyRef, ValueRef
from hivecheck.report.html_cells import Bits, Block, code, confidence_bit, count, make_table, say, text, words
from hivecheck.report.html_findings import milder_stories, milder_title, severity_bit
from hivecheck.rules.rule import Finding

_LETTERS = 240  # of a message


def tell_on_paper(analysis: Analysis) -> tuple[Block, ...]:
    """A table of the milder findings: number and severity, rule, what is said, where; nothing where none are folded."""
    told = analysis.told_findings
    mild = [finding for story in milder_stories(told) for finding in story.findings]
    if not mild:
        return ()
    rows = [("", _row(number, one)) for number, one in enumerate(mild, len(told) - len(mild) + 1)]
    return (("table", make_table("on-paper", milder_title(told), ("Finding", "Rule", "What is said", "Where"), rows)),)


def _row(number: int, finding: Finding) -> tuple[Bits, ...]:
    said = words(finding.message)
    return (
        (text(f"Finding {number} "), severity_bit(finding.severity)),
        (code(finding.rule.id), text(" "), confidence_bit(finding.confidence)),
        say(said if len(said) <= _LETTERS else f"{said[:_LETTERS]}…"),
        _where(finding),
    )


def _where(finding: Finding) -> Bits:
    """Key and value of the first place, and how many more there are."""
    match finding.because[:1]:
        case (ValueRef() as first,):
            told: Bits = (code(first.key), text(" : "), code(first.value or "(default)"))
        case (KeyRef() as first,):
            told = (text("key "), code(first.path)) if first.path else (text("the root of the hive"),)
        case (BuiltIn() as first,):
            told = (text(f"built in: {words(first.what)}"),)
        case _:
            return ()
    more = len(finding.because) - 1
    return (*told, text(f" and {count(more, 'more place')}")) if more else told
