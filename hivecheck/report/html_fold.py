"""What of very many findings stands on a page: the worst of each rule. The JSON document holds all, and the verdict counts all."""

from collections import Counter

from hivecheck.analysis import Analysis
from hivecheck.facts.fact import changed
from hivecheck.report.html_cells import Block, code, count, paragraph
from hivecheck.rules.rule import Finding

MOST_OF_A_RULE = 200  # on one page


def on_page(analysis: Analysis) -> tuple[Analysis, tuple[Block, ...]]:
    """The analysis with the findings that a page tells, and a sentence for each rule of which it tells not all."""
    if len(analysis.findings) <= MOST_OF_A_RULE:
        return analysis, ()
    seen: Counter[str] = Counter()
    kept: list[Finding] = []
    for finding in analysis.findings:  # the worst come first
        seen[finding.rule.id] += 1
        if seen[finding.rule.id] <= MOST_OF_A_RULE:
            kept.append(finding)
    told = [
        paragraph(
            f"{count(number - MOST_OF_A_RULE, 'more finding')} of the rule ",
            code(id),
            " not on this page: the JSON document holds all of them, and the verdict counts them.",
            kind="neutral left-out",
        )
        for id, number in seen.items()
        if number > MOST_OF_A_RULE
    ]
    return (changed(analysis, findings=tuple(kept)) if told else analysis), tuple(told)
