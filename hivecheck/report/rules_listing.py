"""The catalogue of rules: as a table, as JSON, and a rule's page as text. Nothing here comes from a hive."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from hivecheck import __version__
from hivecheck.facts.visible import visible
from hivecheck.report.findings_json import technique_json
from hivecheck.report.paper import Paper, clip
from hivecheck.rules import RULES_VERSION
from hivecheck.rules.attack import ATTACK_VERSION, technique_words
from hivecheck.rules.examples.catalog import EXAMPLES
from hivecheck.rules.examples.example import Example
from hivecheck.rules.modifiers import Modifier
from hivecheck.rules.rule import Rule
from hivecheck.rules.sources import sources_in_words

Json = Any
_COLUMNS = ("Rule", "Severity", "Confidence", "Techniques", "Title")
_MOST_TECHNIQUES = 16
_TITLE = 20  # letters of a title's column, below which there are no columns
Cells = tuple[str, str, str, str, str, str]


def write_rules(rules: Iterable[Rule], paper: Paper) -> None:
    """A line a rule: id, severity, confidence, techniques, title, and what else than a SYSTEM hive it needs. On a narrow paper a few."""
    rows = [_row(rule) for rule in rules]
    widths = [max(len(row[column]) for row in (_COLUMNS, *rows)) + 2 for column in range(3)]
    widths.append(min(_MOST_TECHNIQUES, max(len(row[3]) for row in (_COLUMNS, *rows)) + 2))
    if paper.width < sum(widths) + _TITLE:
        _write_narrow(rows, paper)
    else:
        _write_table(rows, widths, paper)
    paper.blank()
    told = f"{len(rows):,} rule{'' if len(rows) == 1 else 's'}, version {RULES_VERSION}; MITRE ATT&CK Enterprise v{ATTACK_VERSION}"
    paper.put(f"{told}. One rule's page: hivecheck explain RULE")


def _write_table(rows: Iterable[Cells], widths: list[int], paper: Paper) -> None:
    heads = "".join(name.ljust(width) for name, width in zip(_COLUMNS, widths, strict=False))
    paper.lines.append(paper.style(heads + "Title", "bold"))
    for row in rows:
        cells = "".join(_cell(text, width) for text, width in zip(row, widths, strict=False))
        paper.put(row[4], first=cells, indent=sum(widths))
        if row[5]:
            paper.put(f"needs: {row[5]}", first="", indent=widths[0], styles=("dim",))


def _write_narrow(rows: Iterable[Cells], paper: Paper) -> None:
    """The same without columns: the rule, and below it what is said of it."""
    for id, severity, confidence, techniques, title, needs in rows:
        paper.put(id, styles=("bold",))
        said = ", ".join(filter(None, (severity, f"{confidence} confidence", techniques)))
        paper.put(f"{title} ({said})", first="", indent=4)
        if needs:
            paper.put(f"needs: {needs}", first="", indent=4, styles=("dim",))


def _row(rule: Rule) -> Cells:
    first, *others = rule.techniques or ("",)
    techniques = f"{first} +{len(others)}" if others else first
    return rule.id, rule.severity.value, rule.confidence.value, techniques, rule.title, rule.needs


def _cell(text: str, width: int) -> str:
    return clip(text, width - 2).ljust(width)


def rules_document(rules: Iterable[Rule]) -> dict[str, Json]:
    """The catalogue as one JSON object. Contract: docs/output.md."""
    return {
        "schema": "hivecheck.rules/1",
        "tool": {"name": "hivecheck", "version": __version__, "rules": RULES_VERSION, "attack": ATTACK_VERSION},
        "rules": [rule_json(rule) for rule in rules],
    }


def rule_json(rule: Rule) -> dict[str, Json]:
    return {
        "id": rule.id,
        "family": rule.family,
        "title": rule.title,
        "severity": rule.severity.value,
        "severities": rule.severities or None,
        "confidence": rule.confidence.value,
        "techniques": [technique_json(id) for id in rule.techniques],
        "needs": rule.needs or None,
        "why": rule.why,
        "false_positives": list(rule.false_positives),
        "remedy": rule.remedy,
        "sources": list(sources_in_words(rule.id, rule.sources)),
        "fires_on": [_example_json(example) for example in EXAMPLES[rule.id].fires_on],
        "silent_on": [_example_json(example) for example in EXAMPLES[rule.id].silent_on],
    }


def _example_json(example: Example) -> dict[str, Json]:
    return {
        "title": example.title,
        "machine": example.generation,
        "notation": lines_of(example.notation),
        "without": list(example.without),
        "software": lines_of(example.software) or None,
        "logged": lines_of(example.logged) or None,
        "lost": list(example.lost),
        "access": [{"key": key, "descriptor": digits} for key, digits in example.access],
        "cites": list(example.cites),
        "severity": example.severity.value if example.severity is not None else None,
    }


def write_rules_document(rules: Iterable[Rule]) -> Iterator[str]:
    """The document as text, a line a rule."""
    document = rules_document(rules)
    yield f'{{"schema": {json.dumps(document["schema"])},\n"tool": {json.dumps(document["tool"])},\n"rules": ['
    for place, rule in enumerate(document["rules"]):
        yield ("," if place else "") + "\n" + json.dumps(rule)
    yield "\n]}\n"


def write_page(rule: Rule, paper: Paper) -> None:
    """The rule's page: what it flags, why, what is harmless, what to do, examples, sources."""
    paper.put(f"{rule.id}: {rule.title}", styles=("bold",))
    paper.blank()
    paper.columns(_facts(rule), indent=12)
    _write_section("Why it matters, and what Windows does", (rule.why,), paper)
    _write_section("What is harmless", rule.false_positives, paper, "-")
    _write_section("What to do", (rule.remedy,), paper)
    known = EXAMPLES[rule.id]
    for title, examples in (("It fires on", known.fires_on), ("It stays silent on", known.silent_on)):
        paper.heading(title)
        for example in examples:
            _write_example(example, paper)
    _write_section("Sources", sources_in_words(rule.id, rule.sources), paper, "-")


def write_modifier(one: Modifier, paper: Paper) -> None:
    """The short page of an id of the catalogue that is no rule: what it changes, and in which rules."""
    paper.put(f"{one.id}: {one.title}", styles=("bold",))
    paper.blank()
    paper.put("No rule of its own: it changes what others say.", first="")
    _write_section("What it changes", (one.does,), paper)
    _write_section("Rules that carry it", one.rules, paper, "-")
    _write_section("Sources", sources_in_words(one.id, one.sources), paper, "-")


def modifier_json(one: Modifier) -> dict[str, Json]:
    """The same as JSON; `kind` tells it from a rule."""
    return {
        "id": one.id,
        "kind": "modifier",
        "title": one.title,
        "does": one.does,
        "rules": list(one.rules),
        "sources": list(sources_in_words(one.id, one.sources)),
    }


def _facts(rule: Rule) -> list[tuple[str, str]]:
    rows = [("Severity", f"{rule.severity.value}{f' at most; {rule.severities}' if rule.severities else ''}")]
    rows.append(("Confidence", rule.confidence.value))
    rows.append(("Family", rule.family))
    for place, id in enumerate(rule.techniques):
        rows.append((f"ATT&CK v{ATTACK_VERSION}" if place == 0 else "", technique_words(id)))
    rows.append(("Needs", rule.needs or "a SYSTEM hive, nothing else"))
    return rows


def _write_section(title: str, texts: Iterable[str], paper: Paper, mark: str = "") -> None:
    paper.heading(title)
    for text in texts:
        paper.put(text, first=f"  {mark}" if mark else "", indent=4 if mark else 2)


def _write_example(example: Example, paper: Paper) -> None:
    graded = f"{example.severity.value}; " if example.severity is not None and example.cites else ""
    cites = f" ({graded}cites {', '.join(map(visible, example.cites))})" if example.cites else ""
    paper.put(f"{example.title}, on {example.generation}{cites}", first="  -", indent=4)
    _write_lines(lines_of(example.notation).splitlines(), paper)
    _write_lines([f"without {path}" for path in example.without], paper)
    if example.software:
        paper.put("with this SOFTWARE hive beside it:", first="", indent=6)
        _write_lines(lines_of(example.software).splitlines(), paper)
    if example.logged:
        paper.put("over which a transaction log lays:", first="", indent=6)
        _write_lines(lines_of(example.logged).splitlines(), paper)
    if example.lost:
        paper.put("with a deleted BootExecute in free space, of these strings:", first="", indent=6)
        _write_lines(list(example.lost), paper)
    for key, digits in example.access:
        paper.put(f"with this security descriptor, in hexadecimal digits, on {key}:", first="", indent=6)
        _write_lines([digits], paper)


def _write_lines(lines: Iterable[str], paper: Paper) -> None:
    for line in lines:
        paper.put(line, first="", indent=8, styles=("dim",))


def lines_of(notation: str) -> str:
    """Notation without the indentation it has in the source; '' where there is none."""
    return "\n".join(line.strip() for line in notation.strip().splitlines())
