"""The comparison on one screen: whether it is another Windows, then what to look at first."""

from typing import TYPE_CHECKING

from hivecheck import __version__
from hivecheck.compare.change import Change, ChangeKind, Verdict, worst_first
from hivecheck.compare.diff import Diff
from hivecheck.compare.doubt import loses_data
from hivecheck.facts.case_notes import CaseNotes
from hivecheck.facts.visible import visible
from hivecheck.report.diff_caveats import caveats
from hivecheck.report.diff_document import change_origins
from hivecheck.report.diff_view import (
    SIGNS,
    VERDICT_WORDS,
    change_words,
    counts_by_verdict,
    side_rows,
    told_findings,
    verdict_sentence,
    windows_sentences,
)
from hivecheck.report.paper import Paper, clip

if TYPE_CHECKING:
    from hivecheck.compare.whole_hive import WholeHiveDiff

_SHOWN_CHANGES = 8  # of each height
_MOST_RENAMES = 20  # that came, all told
_SHOWN_FINDINGS = 6
_SHOWN_LETTERS = 180
_SHOWN_CAVEAT = 400
_COLOURS = {Verdict.SUSPICIOUS: ("red", "bold"), Verdict.UNEXPLAINED: ("yellow",)}


def write_diff_summary(
    diff: Diff, notes: CaseNotes, min_severity: str, paper: Paper, keys: "WholeHiveDiff | None" = None
) -> None:
    """The whole summary, of a whole-hive comparison all but the keys."""
    paper.put(f"hivecheck {__version__}  before and after", styles=("bold",))
    for sentence in windows_sentences(diff):
        paper.put(sentence, styles=("bold",))
    damaged = loses_data(diff.before) or loses_data(diff.after)
    for place, sentence in enumerate(caveats(diff)):
        paper.put(clip(sentence, _SHOWN_CAVEAT), styles=("red", "bold") if damaged and not place else ())
    paper.put(verdict_sentence(diff, keys), styles=("bold",))
    case = ", ".join(visible(said) for said in (notes.case_id, notes.evidence_id, notes.examiner, notes.notes) if said)
    if case:
        paper.put(clip(case, _SHOWN_LETTERS), first="Case", indent=9)
    old, new = dict(side_rows(diff.before, diff.against_baseline)), dict(side_rows(diff.after))
    for title, rows in (("Before", old), ("After", new)):
        paper.blank()
        told = "; ".join(clip(text, _SHOWN_LETTERS) for label, text in rows.items() if label != "SHA-256")
        paper.put(told, first=title, indent=9)
        if rows.get("SHA-256"):
            paper.put(f"SHA-256 {rows['SHA-256']}", first="", indent=9)
    _write_changes("Settings", diff.settings, paper)
    _write_changes("What the next boot would do differently", diff.effects, paper)
    _write_findings(diff, min_severity, paper)


def _write_changes(title: str, changes: tuple[Change, ...], paper: Paper) -> None:
    if not changes:
        return
    counts = ", ".join(f"{number:,} {VERDICT_WORDS[one]}" for one, number in counts_by_verdict(changes).items() if number)
    paper.heading(f"{title}: {counts}")
    ordered = worst_first(changes)
    grave = sum(change.verdict is Verdict.SUSPICIOUS for change in ordered)
    added = sum(_is_added_rename(change) for change in ordered)
    if 0 < added <= _MOST_RENAMES:
        ordered = tuple(sorted(ordered, key=lambda one: one.verdict is not Verdict.SUSPICIOUS and not _is_added_rename(one)))
    shown = max(_SHOWN_CHANGES, grave + (added if added <= _MOST_RENAMES else 0))
    for change in ordered[:shown]:
        told = change_words(change)
        told += _place_words(change) if _is_added_rename(change) else ""
        words = clip(told if change.text and told.startswith("would") else f"{visible(change.what)}: {told}", _SHOWN_LETTERS)
        styles = _COLOURS.get(change.verdict, ())
        paper.put(words, first=f"  {SIGNS[change.change]} {VERDICT_WORDS[change.verdict]}", indent=18, styles=styles)
    _write_rest(len(ordered) - shown, paper)


def _is_added_rename(change: Change) -> bool:
    """Whether it is a pending file operation that came."""
    return change.change is ChangeKind.ADDED and change.what.startswith("PendingFileRenameOperations") and "/" in change.what


def _place_words(change: Change) -> str:
    """Which of a list it is, so that equal operations can be told apart."""
    strings = next((one.get("strings") for one in change_origins(change) if isinstance(one.get("strings"), list)), None)
    return f" (operation {strings[0] // 2 + 1})" if strings and isinstance(strings[0], int) else ""


def _write_findings(diff: Diff, min_severity: str, paper: Paper) -> None:
    found = diff.findings
    was = dict(found.severities)
    raised = [one for one in found.still if one["fingerprint"] in was]
    new = "Findings of the hive" if diff.against_baseline else "New findings"
    for title, findings in ((new, found.new), ("Findings that are gone", found.gone)):
        _write_list(title, told_findings(findings, min_severity), paper)
    _write_list(
        "Findings with another severity",
        [{**one, "title": f"{one['title']} (was {was[one['fingerprint']]})"} for one in told_findings(raised, min_severity)],
        paper,
    )


def _write_list(title: str, findings: list[dict[str, str]], paper: Paper) -> None:
    if not findings:
        return
    paper.heading(f"{title}: {len(findings):,}")
    for one in findings[:_SHOWN_FINDINGS]:
        severity, doubt = visible(one["severity"]), "DOUBTFUL: " if one.get("doubtful") else ""
        words = clip(visible(f"{doubt}{one['title']} ({one['rule']}): {one['subject']}"), _SHOWN_LETTERS)
        paper.put(words, first=f"  {severity}", indent=18, styles=("red",) if severity in ("critical", "high") else ())
    _write_rest(len(findings) - _SHOWN_FINDINGS, paper)


def _write_rest(number: int, paper: Paper) -> None:
    if number > 0:
        paper.put(f"and {number:,} more: --json and --html tell all", first="", indent=18, styles=("dim",))
