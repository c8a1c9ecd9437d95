"""What hivecheck does not know, for the HTML page: of this Windows first, then, folded, of every Windows."""

from hivecheck.analysis import Analysis
from hivecheck.report.html_cells import Bit, Block, fold, lines, paragraph, prose, say
from hivecheck.report.limits import EVERY_WINDOWS, Limit, limits_of


def tell_limits(analysis: Analysis) -> tuple[Block, ...]:
    """The blocks of the section: points on this Windows, then a fold for each topic."""
    points = lines([prose(one) for one in limits_of(analysis.generation)], "points limits")
    return (
        paragraph(
            f"Of {analysis.generation.name} in particular. How sure each step is stands with it, as the marks A, B and C."
        ),
        ("bits", (points,)),
        paragraph("Of every Windows:"),
        ("bits", tuple(_topic(limit) for limit in EVERY_WINDOWS)),
    )


def _topic(limit: Limit) -> Bit:
    told: list[Bit] = [("p", "", prose(limit.text))] if limit.text else []
    if limit.points:
        told.append(lines([prose(one) for one in limit.points], "points"))
    return fold(say(*prose(limit.topic)), ("div", "", tuple(told)), "topic")
