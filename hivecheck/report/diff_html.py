"""The comparison as one HTML page: side by side, what differs marked. Style inside, its hash the only thing the page allows; no script.

All words are made here and in `diff_view`; the template loops, chooses and prints, and escapes everything. The same comparison
gives the same bytes, the time aside.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from hivecheck.compare.change import Change, ChangeKind, Verdict, worst_first
from hivecheck.compare.diff import Diff
from hivecheck.facts.case_notes import CaseNotes
from hivecheck.report.diff_caveats import caveats, damage_sentences
from hivecheck.report.diff_document import change_origins
from hivecheck.report.diff_view import (
    VERDICT_WORDS,
    counts_by_verdict,
    side_rows,
    told_findings,
    value_lines,
    verdict_sentence,
    windows_sentences,
)
from hivecheck.report.diff_words import marked
from hivecheck.report.html_cells import (
    Bit,
    Bits,
    Block,
    Table,
    clip,
    code,
    count,
    fold,
    left_out,
    lines,
    make_table,
    note,
    paragraph,
    say,
    tag,
    text,
    words,
)
from hivecheck.report.plain_page import case_facts, render_plain_page

if TYPE_CHECKING:
    from hivecheck.compare.key_verdicts import KeyVerdicts
    from hivecheck.compare.whole_hive import WholeHiveDiff

Json = Any
Section = tuple[str, str, tuple[Block, ...]]
"""Id, title and blocks."""
_STYLES = ("style.css", "diff.css")
_COLUMNS = ("What", "Verdict", "Before", "After")
_SHOWN_ROWS = 1_500  # of each table
_KIND_WORDS = {
    ChangeKind.ADDED: "added",
    ChangeKind.REMOVED: "removed",
    ChangeKind.CHANGED: "changed",
    ChangeKind.MOVED: "moved",
}
_READING = (
    ("suspicious", "A finding of medium or above stands on the after side alone and cites it, and nothing ordinary explains it; "
     "or it is a program set up within a minute of such a change."),
    ("unexplained", "Nothing explains it, and no rule flags it. This is no acquittal: look at it."),
    ("servicing", "It is of a form that updates, installers and drivers leave. Whoever plants something may choose such a name: "
     "against a finding of high or critical it counts for nothing."),
    ("machine state", "The machine writes it by running."),
    ("as shipped", "The baseline of the Windows on the after side lists it as it is there now."),
)  # fmt: skip


def render_diff(
    diff: Diff,
    generated_utc: str,
    notes: CaseNotes,
    min_severity: str,
    keys: "WholeHiveDiff | None" = None,
    verdicts: "KeyVerdicts | None" = None,
) -> str:
    """The whole page. `generated_utc` is given from outside: nothing here reads a clock. `keys` and `verdicts` are given for a whole-hive comparison."""
    sections, damage = _sections(diff, min_severity), damage_sentences(diff)
    if keys is not None:
        from hivecheck.report.diff_keys_html import tell_keys

        sections.append(tell_keys(keys, change_table, verdicts))
    sections.append(("reading", "How to read the verdicts", _reading()))
    return render_plain_page(
        "diff.html",
        _STYLES,
        _title(diff),
        generated_utc,
        notes,
        windows=(*damage, *windows_sentences(diff)),
        verdict=verdict_sentence(diff, keys),
        tally=tally((*diff.settings, *diff.effects)),
        caveats=tuple([one for one in caveats(diff) if one not in damage]),
        case=case_facts(notes),
        sides=_sides(diff),
        sections=tuple(sections),
    )


def change_table(caption: str, changes: Sequence[Change]) -> tuple[Block, ...]:
    """The changes side by side, those to look at first first, and how many are left out."""
    ordered = worst_first(changes)
    rows = [("", _row(change)) for change in ordered[:_SHOWN_ROWS]]
    return (("table", make_table("changes", caption, _COLUMNS, rows)), *left_out(len(ordered) - _SHOWN_ROWS, "change"))


def tally(changes: Iterable[Change]) -> Bits:
    """The counts of each verdict that there is, as badges."""
    counts = counts_by_verdict(changes)
    return tuple([bit for verdict, number in counts.items() if number for bit in (_badge(verdict, number), text(" "))])


def _title(diff: Diff) -> str:
    before, after = diff.before["evidence"], diff.after["evidence"]
    machine = after.get("computer_name") or after["hive"]
    was = before.get("computer_name") or before["hive"]
    if diff.against_baseline:
        return words(f"{machine} against the {before['source']}")
    if machine.casefold() != was.casefold():
        return words(f"{was} against {machine}")
    return words(f"What changed on {machine}")


def _badge(verdict: Verdict, number: int | None = None) -> Bit:
    said = VERDICT_WORDS[verdict]
    return "span", f"verdict {verdict.value}", said if number is None else f"{number:,} {said}"


def _sides(diff: Diff) -> Table:
    old, new = dict(side_rows(diff.before, diff.against_baseline)), dict(side_rows(diff.after))
    rows = []
    for label in dict.fromkeys((*new, *old)):
        one, other = old.get(label, ""), new.get(label, "")
        cells: tuple[Bits, Bits]
        if one and other and one != other and label != "SHA-256":
            left, right = marked(one, other)
            cells = (left,), (right,)
        else:
            cells = ((_seen(one),) if one else (note("-"),)), ((_seen(other),) if other else (note("-"),))
        rows.append(("", (say(label), *cells)))
    return make_table("sides", "The two sides", ("", "Before", "After"), rows)


def _sections(diff: Diff, min_severity: str) -> list[Section]:
    found: list[Section] = []
    if diff.settings:
        about = paragraph(
            "Each thing is held against the one of the same name, path or image on the other side, wherever it stands."
        )
        table = change_table(f"{count(len(diff.settings), 'change')}, the worst first", diff.settings)
        found.append(("settings", "The settings", (paragraph(*tally(diff.settings)), about, *table)))
    if diff.effects:
        about = paragraph("What the next boot would do differently, if the files are as it assumes.")
        table = change_table(f"{count(len(diff.effects), 'change')}, the worst first", diff.effects)
        found.append(
            ("effects", "What the next boot would do differently", (paragraph(*tally(diff.effects)), about, *table))
        )
    found.append(("findings", "The findings", _findings(diff, min_severity)))
    return found


def _findings(diff: Diff, min_severity: str) -> tuple[Block, ...]:
    was = dict(diff.findings.severities)
    blocks: list[Block] = []
    for title, findings in (
        ("New", diff.findings.new),
        ("Gone", diff.findings.gone),
        ("Still there", diff.findings.still),
    ):
        told = told_findings(findings, min_severity)
        if told:
            rows = [("", _finding(one, was.get(one["fingerprint"]))) for one in told[:_SHOWN_ROWS]]
            blocks.append(("table", make_table("found", f"{title}: {len(told):,}", ("Severity", "Finding", "About"), rows)))
            blocks += left_out(len(told) - _SHOWN_ROWS, "finding")
    return tuple(blocks) or (paragraph("No finding on either side, from the severity on that was asked for."),)


def _finding(one: Json, was: str | None) -> tuple[Bits, ...]:
    severity = words(one["severity"])
    known = severity if severity in ("critical", "high", "medium", "low", "info") else "info"
    head: Bits = (("span", f"severity {known}", severity),)
    if was is not None:
        head += (note(f" was {words(was)}"),)
    named: Bits = (text(f"{words(one['title'])} "), tag(words(one["rule"])), ("span", "message", words(one["message"])))
    if one.get("doubtful"):
        named += (("span", "why", words(f"Doubtful: {one['doubtful']}.")),)
    return head, named, (code(one["subject"]),)


def _row(change: Change) -> tuple[Bits, ...]:
    left, right = _both(change)
    what: Bits = (code(change.what),)
    if change.value is not None:
        what += (text(" "), code(change.value))
    if change.text:
        what += (("span", "told", words(change.text)),)
    what += _origins(change)
    verdict: Bits = (_badge(change.verdict), ("span", "why", words(change.why)))
    return what, (("span", f"kind {change.change.value}", _KIND_WORDS[change.change]), text(" "), *verdict), left, right


def _both(change: Change) -> tuple[Bits, Bits]:
    """What both sides say; where both say something, what differs is marked."""
    old, new = value_lines(change.before), value_lines(change.after)
    if not old or not new:
        return _side(old, "del"), _side(new, "ins")
    by_name = dict(old) if len(dict(old)) == len(old) else {}
    pairs = [(name, by_name.get(name), line) for name, line in new]
    if len(old) == len(new) == 1:
        pairs = [(new[0][0], old[0][1], new[0][1])]
    elif not by_name:
        return _side(old, ""), _side(new, "")
    left: list[Bits] = []
    right: list[Bits] = []
    for name, one, other in pairs:
        if one is None:
            right.append((*_name(name), ("code", "", (("ins", "", clip(other)),))))
        elif one == other:
            left.append((*_name(name), _seen(one)))
            right.append((*_name(name), _seen(other)))
        else:
            first, second = marked(one, other)
            left.append((*_name(name), first))
            right.append((*_name(name), second))
    kept = {name for name, _ in new}
    left += [
        (*_name(name), ("code", "", (("del", "", clip(line)),))) for name, line in old if name not in kept and len(new) > 1
    ]
    return _stacked(left), _stacked(right)


def _side(told: list[tuple[str, str]], mark: str) -> Bits:
    """What one side alone says; a dash where it says nothing."""
    if not told:
        return (note("-"),)
    return _stacked([(*_name(name), ("code", "", ((mark, "", clip(line)),))) for name, line in told])


def _seen(line: str) -> Bit:
    """Text of the hive that is visible already, set as code; an empty one is told as such."""
    return ("code", "", clip(line)) if line else note("(empty)")


def _name(name: str) -> Bits:
    return (("b", "", name), text(" ")) if name else ()


def _stacked(told: list[Bits]) -> Bits:
    if not told:
        return (note("-"),)
    return told[0] if len(told) == 1 else (lines(told, ""),)


def _origins(change: Change) -> Bits:
    told: list[Bits] = []
    for plain in change_origins(change)[:8]:
        if "builtin" in plain:
            told.append(say(words(str(plain["builtin"]))))
            continue
        place = f"{plain.get('key')}" + (f" : {plain['value']}" if plain.get("value") is not None else "")
        when = f", key last written {plain['written']}" if plain.get("written") else ""
        where = f", at byte {plain['offset']:,}" if isinstance(plain.get("offset"), int) else ""
        told.append((code(place), text(words(f"{when}{where}"))))
    return (fold("Origin", lines(told, "")),) if told else ()


def _reading() -> tuple[Block, ...]:
    rows = [("", (say(name), say(meaning))) for name, meaning in _READING]
    return (("table", make_table("legend", "The verdicts, those to look at first first", ("Verdict", "Meaning"), rows)),)
