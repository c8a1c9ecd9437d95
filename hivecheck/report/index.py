"""The page that lists the hives of one run, the worst first, and leads to the report of each; then what could not be read.

Known by `cli`. The names of the files it leads to are made by the caller, who also writes it. Text of a hive or of a path is made
visible here, and the template escapes it.
"""

from collections.abc import Iterable, Sequence

from hivecheck.analysis import Analysis
from hivecheck.errors import HivecheckError
from hivecheck.facts.case_notes import CaseNotes
from hivecheck.facts.certainty import Confidence
from hivecheck.facts.fact import fact
from hivecheck.registry.control_sets import control_set_name
from hivecheck.report.html_cells import Bit, Bits, Table, code, count, fold, lines, make_table, say, tag, text, words
from hivecheck.report.html_findings import severity_bit, verdict_bits
from hivecheck.report.plain_page import case_facts, render_plain_page
from hivecheck.report.verdict import headline, severity_counts, standing_findings
from hivecheck.rules.rule import Severity
from hivecheck.rules.story import stories_of

_STYLES = ("style.css", "index.css")
_COLUMNS = ("Machine", "Found", "Windows", "Boots from", "State of the hive", "Reports")
_SHOWN_LETTERS = 160  # of a headline


@fact
class IndexedReport:
    """One row. `sources` are the paths that hold these same bytes; `name` is that of its files, without ending."""

    analysis: Analysis
    sources: tuple[str, ...]
    name: str

    @property
    def page(self) -> str:
        return f"{self.name}.html"

    @property
    def document(self) -> str:
        return f"{self.name}.json"


def render_index(
    reports: Sequence[IndexedReport],
    unread: Sequence[HivecheckError],
    generated_utc: str,
    notes: CaseNotes,
    older: tuple[tuple[str, ...], int] = ((), 0),
) -> str:
    """The page. `generated_utc` is given from outside: nothing here reads a clock. `older` are the names of reports in the folder
    that an earlier run left, and how many more there are.
    """
    ordered = worst_first(reports)
    tables = [_report_table(ordered)] if ordered else []
    tables += [_unread_table(unread)] if unread else []
    tables += [_older_table(*older)] if older[0] else []
    return render_plain_page(
        "index.html",
        _STYLES,
        f"The next boot of {count(len(reports), 'hive') if reports else 'no hive'}",
        generated_utc,
        notes,
        tally=_tally(ordered, unread),
        glance=tuple([(label, say(said)) for label, said in case_facts(notes)]),
        tables=tuple(tables),
    )


def worst_first(reports: Iterable[IndexedReport]) -> list[IndexedReport]:
    """By the number of findings of each severity, the gravest deciding; then what halts or is damaged, then by host and path."""

    def rank(report: IndexedReport) -> tuple[object, ...]:
        analysis = report.analysis
        numbers = dict(severity_counts(standing_findings(analysis)))
        halts = analysis.replay.halted is not None
        host = analysis.facts.computer_name.value or ""
        graves = tuple([-numbers.get(severity, 0) for severity in reversed(Severity)])
        return (*graves, not halts, analysis.is_complete, host.upper(), report.sources)

    return sorted(reports, key=rank)


def _tally(reports: Sequence[IndexedReport], unread: Sequence[HivecheckError]) -> Bits:
    """How many hives there are of each worst severity, and how many could not be read."""
    worst = [max((one.severity for one in standing_findings(report.analysis)), default=None) for report in reports]
    badges = [
        bit
        for severity in reversed(Severity)
        if (number := worst.count(severity))
        for bit in (severity_bit(severity, f"{number:,} {severity.value}"), text(" "))
    ]
    calm = worst.count(None)
    said = [f"{calm:,} without findings"] if calm else []
    said += [f"{count(len(unread), 'input')} not read, or not wholly"] if unread else []
    return (*((text("Hives by their worst finding: "), *badges) if badges else ()), text("; ".join(said)))


def _report_table(reports: Sequence[IndexedReport]) -> Table:
    rows = [("", _row(report)) for report in reports]
    return make_table("reports", "The hives, the worst first", _COLUMNS, rows)


def _row(report: IndexedReport) -> tuple[Bits, ...]:
    analysis = report.analysis
    facts, sets = analysis.facts, analysis.control_sets
    name = words(facts.computer_name.value or "unnamed")
    name_of_windows = analysis.generation.name
    if facts.generation.confidence is not Confidence.HIGH:
        name_of_windows += f" ({facts.generation.confidence.value} confidence)"
    kinds = [name_of_windows, facts.architecture.value or "", facts.role.value.value if facts.role.value else ""]
    boots: Bits = (tag("none", "strong"),)
    if sets.number is not None:
        boots = (code(control_set_name(sets.number)), text(f" by {words(sets.why)}"))
    if analysis.replay.halted is not None:
        boots += (tag("the boot halts", "strong"),)
    files = say(("a", report.page, "page"), " ", ("a", report.document, "JSON"))
    return (
        (("a", report.page, name), *_sources(report)),
        _found(analysis),
        say(", ".join(words(kind) for kind in kinds if kind)),
        boots,
        _state(report),
        files,
    )


def _sources(report: IndexedReport) -> Bits:
    first, *others = report.sources
    told: Bits = (("span", "source", (code(first),)),)
    if others:
        told += (fold(f"the same bytes in {count(len(others), 'more place')}", lines([(code(one),) for one in others], "")),)
    return told


def _found(analysis: Analysis) -> Bits:
    """The counts, and what the worst story is about where it is more than a weakness."""
    stories = stories_of(standing_findings(analysis))
    bits = verdict_bits(analysis)
    if stories and stories[0].severity > Severity.LOW:
        said = headline(stories[0])
        shown = said if len(said) <= _SHOWN_LETTERS else f"{said[:_SHOWN_LETTERS]}…"
        bits += (("span", "headline", shown),)
    return bits


def _state(report: IndexedReport) -> Bits:
    analysis = report.analysis
    evidence = analysis.evidence
    bits: list[Bit] = []
    if evidence.dirty:
        bits += [tag("dirty", "" if evidence.recovered else "strong")]
        bits += [text(" made whole from its logs" if evidence.recovered else " its logs are missing or of no use")]
    else:
        bits.append(text("clean"))
    if not analysis.is_whole:
        bits.append(tag("parts can't be read", "strong"))
    if analysis.older_state is not None:
        bits.append(tag("a copy of before: the hive that boots can't be read", "strong"))
    if analysis.problems:
        bits.append(("span", "source", (("a", f"{report.page}#problems", count(len(analysis.problems), "problem")),)))
    bits.append(fold("SHA-256", code(evidence.digests.sha256)))
    return tuple(bits)


def _unread_table(unread: Sequence[HivecheckError]) -> Table:
    rows = [("", ((code(one.path),), say(_sentence(one.message)), say(words(one.hint)))) for one in unread]
    return make_table("unread", "What could not be read", ("Input", "Why", "What to do"), rows)


def _older_table(names: tuple[str, ...], more: int) -> Table:
    """Reports that are there, but not of this run: whoever opens the folder should not take them for its result."""
    rows: list[tuple[str, tuple[Bits, ...]]] = [("", ((code(name),),)) for name in names]
    rows += [("", (say(f"and {more:,} more"),))] if more else []
    return make_table("older", "Older reports in this folder, not of this run and not listed above", ("File",), rows)


def _sentence(message: str) -> str:
    return words(message[:1].upper() + message[1:].rstrip(".") + ".")
