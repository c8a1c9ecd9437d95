"""The tables of docs/rules.md, made of the catalogue and of the measures: python -m tests.rules_page writes them into the page.

A table stands between the lines `<!-- name -->` and `<!-- end of name -->`.
"""

from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path

from hivecheck.rules.catalog import RULES
from hivecheck.rules.rule import Rule
from hivecheck.rules.sources import SOURCES
from tests.real_findings import EXPLAINED, HIVES, count_words, measured

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "rules.md"


def tables() -> dict[str, str]:
    """What stands below each mark."""
    makers: dict[str, Callable[[], Iterator[str]]] = {
        "rules": _rules,
        "measured": _measured,
        "explained": _explained,
        "sources": _sources,
    }
    return {name: "\n".join(make()) + "\n" for name, make in makers.items()}


def _rules() -> Iterator[str]:
    for family, rules in groupby(RULES, key=lambda rule: rule.family):
        yield f"**{family}**"
        yield ""
        yield "| id | severity | confidence | ATT&CK | flags | needs |"
        yield "|---|---|---|---|---|---|"
        yield from map(_row, rules)
        yield ""


def _row(rule: Rule) -> str:
    cells = (f"`{rule.id}`", rule.severity.value, rule.confidence.value, " ".join(rule.techniques), rule.title, rule.needs)
    return f"| {' | '.join(_escaped(cell) for cell in cells)} |"


def _escaped(text: str) -> str:
    parts = text.replace("|", "\\|").split("`")
    return "`".join(part if place % 2 else part.replace("*", "\\*") for place, part in enumerate(parts))


def _measured() -> Iterator[str]:
    found = measured()
    yield f"| rule | {' | '.join(HIVES.values())} |"
    yield "|---" * (len(HIVES) + 1) + "|"
    for rule in RULES:
        cells = [count_words(found[hive].get(rule.id, {})) for hive in HIVES]
        if any(cells):
            yield f"| `{rule.id}` | {' | '.join(cells)} |"
    silent = sum(1 for rule in RULES if not any(rule.id in counts for counts in found.values()))
    yield ""
    yield f"The other {silent} rules are silent on all of them."


def _explained() -> Iterator[str]:
    yield "| hive | rule | what the machine has |"
    yield "|---|---|---|"
    for (hive, rule), evidence in EXPLAINED.items():
        yield f"| {HIVES[hive]} | `{rule}` | {_escaped(evidence)} |"


def _sources() -> Iterator[str]:
    yield "| cited as | what it is |"
    yield "|---|---|"
    for cited, text in SOURCES.items():
        yield f"| `{cited}` | {_escaped(text)} |"


def with_tables(page: str) -> str:
    """The page with every table as it should be."""
    for name, table in tables().items():
        start, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
        before, _, rest = page.partition(start)
        _, _, after = rest.partition(end)
        page = f"{before}{start}\n{table.strip()}\n\n{end}{after}"
    return page


if __name__ == "__main__":
    PAGE.write_text(with_tables(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
