"""The verdict in one paragraph, for a reader who never heard of smss: what the next start would do, what stands in the registry,
whether somebody arranged it, how sure that is. Says nothing that the findings do not say, and speaks of all that stand, whatever
`--min-severity` withholds from the lists.
"""

from collections.abc import Sequence

from hivecheck.analysis import Analysis
from hivecheck.boot.plan import Done
from hivecheck.facts.certainty import Confidence
from hivecheck.facts.origin import ValueRef
from hivecheck.report.html_cells import Bit, Bits, Block, code, count, event_link, paragraph, say, text, words
from hivecheck.report.html_facts import machine_name
from hivecheck.report.step_names import STEP_NAMES
from hivecheck.report.verdict import set_aside_words, standing_findings
from hivecheck.report.verdict_clauses import Clause, Clauses, clauses_of, starved_operations, worst_first
from hivecheck.report.verdict_doubt import (
    Damage,
    damage_of,
    halt_reason,
    halts_later,
    is_absence,
    lacks_something,
)
from hivecheck.rules.known_boot_programs import UNPACKED, imaging_tool_at
from hivecheck.rules.paths import comparable
from hivecheck.rules.rule import Finding, Severity

_ODD_DRIVER = "svc-driver-odd-location"
_FAST_STARTUP = "hiberboot"
_RESUMES = " (after “Shut down” it resumes a saved kernel instead)"
_HALT = 200  # letters of the sentence on a halt
_NAMED = 120  # letters of what a story is about


def tell_verdict(analysis: Analysis) -> tuple[Block, ...]:
    """One paragraph, and one more for each thing that the lists leave out."""
    blocks: list[Block] = [paragraph(*verdict_bits(analysis), *_LINKS, kind="lead verdict-words")]
    blocks += [paragraph(words(sentence), kind="neutral") for sentence in set_aside_words(analysis)]
    return tuple(blocks)


def verdict_bits(analysis: Analysis) -> Bits:
    """The paragraph. Its texts are ours, but for bits set as `code` and `span`, which hold text of the hive."""
    graver = worst_first(standing_findings(analysis))
    damage = damage_of(analysis)
    halted = analysis.replay.halted
    lost = analysis.control_sets.number is None or (halted is not None and lacks_something(halted))
    blamed = [one for one in graver if not is_absence(one)] if damage is not None or lost else graver
    return (
        *say(f"{damage.words} " if damage is not None else ""),
        *_what(analysis, graver, len(damage.words) if damage is not None else 0),
        text(f" {_arranged(analysis, graver, blamed, damage, lost)}"),
        *_imaged(analysis),
        *_weighs_most(analysis, blamed or graver, lost),
        *_how_sure(analysis, blamed or graver),
    )


def plain_verdict(analysis: Analysis) -> str:
    """The paragraph as text; hidden characters of the hive are visible escapes."""
    return "".join([inside for _, _, inside in verdict_bits(analysis)])


def _what(analysis: Analysis, graver: Sequence[Finding], taken: int) -> Bits:
    """What would happen and what stands in the registry, beside so many letters of a sentence on damage."""
    name = _name(analysis)
    if analysis.control_sets.number is None:
        if analysis.control_sets.unreadable:
            return (text("Whether "), name, text(" starts, and with which settings, can't be told from this registry file."))
        return text("With this registry "), name, text(" would not start: it finds no settings to start from.")
    halts = _halt(analysis)
    halted = analysis.replay.halted
    if halted is not None and not halts_later(halted):
        return halts
    clauses = clauses_of(analysis, graver, taken + (_HALT if halts else 0))
    told = (*_deeds(analysis, name, clauses), *_states(name, clauses), *_left(clauses), *_starved(analysis, graver))
    if halts:
        return (*halts, text(" "), *told) if told else halts
    own = f" would do what {analysis.generation.name} does by itself and what programs add to it."
    return told or (*_next_start(analysis, name), text(own))


def _name(analysis: Analysis) -> Bit:
    named = analysis.facts.computer_name.value
    return ("span", "machine", machine_name(analysis)) if named else text(machine_name(analysis))


def _halt(analysis: Analysis) -> Bits:
    """That the machine would not get through, and at which step of which boot; nothing where it would."""
    halted = analysis.replay.halted
    if halted is None:
        return ()
    event = next((one for one in analysis.replay.events if one.number == halted.event), None)
    step = f" (step {STEP_NAMES[event.step]})" if event is not None else ""
    at: Bits = (text(" at event "), event_link(halted.event), text(step))
    why: Bit = ("span", "reason", words(_in_mid_sentence(halt_reason(halted))))
    name = _name(analysis)
    begun = ("span", "machine", name[2]) if name[0] else text("This machine")
    if halts_later(halted):
        resumes = _RESUMES if _resumes(analysis) else ""
        return (
            begun,
            text(f" would get through its next {_start(analysis)}{resumes}, but the start after that would stop"),
            *at,
            text(": "),
            why,
            text("."),
        )
    return begun, text(" would not start: it stops"), *at, text(", because "), why, text(".")


def _in_mid_sentence(said: str) -> str:
    """The words with a small first letter, but a name as it is spelled: `SubSystems\\Kmode`, `DllDirectory`, `UNC`."""
    first = said.partition(" ")[0]
    return said[:1].lower() + said[1:] if first[1:].islower() else said


def _deeds(analysis: Analysis, name: Bit, clauses: Clauses) -> Bits:
    if not clauses.does:
        return ()
    return *_next_start(analysis, name), text(" would "), *_joined(clauses.does), text(".")


def _next_start(analysis: Analysis, name: Bit) -> Bits:
    """When it would happen, to what: with fast startup only a restart runs smss, and the verdict says so once."""
    if _resumes(analysis) and not (analysis.replay.halted is not None and halts_later(analysis.replay.halted)):
        return text(f"At its next restart{_RESUMES} "), name
    return text(f"At its next {_start(analysis)} "), name


def _start(analysis: Analysis) -> str:
    return "restart" if _resumes(analysis) else "start"


def _resumes(analysis: Analysis) -> bool:
    """Whether fast startup is on, on a Windows that has it."""
    return any(one.rule.id == _FAST_STARTUP for one in analysis.findings)


def _states(name: Bit, clauses: Clauses) -> Bits:
    if not clauses.holds:
        return ()
    lead: Bits = (text(" Its registry also holds "),) if clauses.does else (text("The registry of "), name, text(" holds "))
    return *lead, *_joined(clauses.holds), text(".")


def _joined(clauses: Sequence[Clause]) -> Bits:
    bits: list[Bit] = []
    for place, clause in enumerate(clauses):
        if place:
            bits.append(text("; and " if place == len(clauses) - 1 else "; "))
        bits.append(text(clause.words))
        named = [text(one) for one in clause.vendors] + [code(one) for one in clause.subjects]
        for number, one in enumerate(named):
            bits += (text(" (" if number == 0 else ", "), one)
        if named:
            bits.append(text(f" and {clause.more:,} more)" if clause.more else ")"))
    return tuple(bits)


def _left(clauses: Clauses) -> Bits:
    if not clauses.left:
        return ()
    return say(
        " 1 more kind of finding is listed."
        if clauses.left == 1
        else f" {clauses.left:,} more kinds of findings are listed."
    )


def _starved(analysis: Analysis, graver: Sequence[Finding]) -> Bits:
    """What the key MiniNT keeps from happening, where operations wait for its end."""
    number = starved_operations(analysis)
    if not number or not graver:
        return ()
    operations = "1 pending file operation" if number == 1 else f"{number:,} pending file operations"
    unlogged = "writes no security events, and " if any(one.rule.id == "minint" for one in graver) else ""
    return say(
        " While the registry key MiniNT exists, Windows believes that it was started from a setup disk (Windows PE): "
        f"it {unlogged}leaves {operations} undone until a start without the key."
    )


def _arranged(
    analysis: Analysis, graver: Sequence[Finding], blamed: Sequence[Finding], damage: Damage | None, lost: bool
) -> str:
    """Whether somebody arranged it: never surer than the worst finding, and never of what may be lost. `blamed` are the findings
    that speak of more than an absence; `lost` says that the machine stops for want of something.
    """
    if not analysis.options.judges:
        return "Whether somebody arranged that was not judged."
    if lost or (graver and not blamed):
        what = "that" if not graver or not blamed else "that stop"
        loss = damage.loss if damage is not None else "what is missing may have been taken away, or lost"
        besides = f" {_beginning(blamed)}" if blamed and blamed[0].severity > Severity.MEDIUM else ""
        return f"Whether somebody arranged {what} can't be told: {loss}.{besides}"
    return _beginning(blamed) if blamed else "Nothing was found that somebody must have arranged."


def _beginning(blamed: Sequence[Finding]) -> str:
    worst = [one for one in blamed if one.severity is blamed[0].severity]
    severity = worst[0].severity
    if severity is Severity.CRITICAL and all(one.confidence is not Confidence.HIGH for one in worst):
        severity = Severity.HIGH  # no surer than what was found
    return _ALMOST if severity is Severity.CRITICAL and all(map(_has_no_excuse, worst)) else _BEGINNINGS[severity]


_ALMOST = "Somebody has almost certainly arranged what weighs most: no harmless reason is known for it."
_BEGINNINGS = {
    Severity.CRITICAL: "Somebody has almost certainly arranged what weighs most: it is rarely harmless.",
    Severity.HIGH: "Somebody probably arranged what weighs most, or a product did that should be known: it is rarely harmless.",
    Severity.MEDIUM: "Whether somebody arranged what was found is open: administrators and products do the same.",
}


def _has_no_excuse(finding: Finding) -> bool:
    """Whether it is sure, and its rule knows no harmless reason."""
    reasons = finding.rule.false_positives
    return finding.confidence is Confidence.HIGH and all(one.rstrip(".") in ("None known", "None") for one in reasons)


def _weighs_most(analysis: Analysis, weighed: Sequence[Finding], lost: bool) -> Bits:
    """The worst finding, with the counts of findings and stories of that severity; beside a loss only that it was found."""
    if not weighed:
        return ()
    lead = weighed[0]
    alike = [one for one in weighed if one.severity is lead.severity]
    many = len({one.story for one in alike})
    said = " What weighs most of what was found besides: " if lost else " What weighs most: "
    if len(alike) > 1:
        where = "in 1 story" if many == 1 else f"in {many:,} stories"
        said += f"{len(alike):,} {lead.severity.value} findings {where}, the first of them: "
    title = _short(lead.rule.title)
    told = {one.story for one in analysis.told_findings}
    bits: list[Bit] = [text(said), ("a", f"#story-{lead.story}", title) if lead.story in told else text(title)]
    if lead.subject:
        bits += (text(" ("), code(_short(lead.subject)), text(")"))
    return *bits, text(".")


def _imaged(analysis: Analysis) -> Bits:
    """What looks like the driver of a responder's imaging tool, so that nobody takes it for a rootkit, nor forgets who was there."""
    for finding in standing_findings(analysis):
        if finding.rule.id != _ODD_DRIVER or finding.severity is not Severity.LOW:
            continue
        path = next((one.text for one in finding.because if isinstance(one, ValueRef) and one.text), "")
        tool = imaging_tool_at(finding.subject, comparable(path))
        if tool and UNPACKED.format(tool) in finding.message:
            said = f") looks like that of an imaging tool ({tool}), which a responder may have run."
            return text(" The driver in a folder that users can write to ("), code(_short(finding.subject)), text(said)
    return ()


def _short(plain: str) -> str:
    return plain if len(plain) <= _NAMED else f"{plain[:_NAMED]}…"


def _how_sure(analysis: Analysis, graver: Sequence[Finding]) -> Bits:
    """The chance that the worst finding is true, and what was not at hand."""
    parts = [" How sure: rules look for known tricks, and miss others"]
    if graver:
        parts = [f" How sure: {graver[0].confidence.value} confidence in that"]
    unknown = sum(1 for event in analysis.replay.events if event.done is Done.UNKNOWN)
    if unknown:
        of = f"{unknown:,} of {count(len(analysis.replay.events), 'step')}"
        parts.append(f"{of} of the start depend on files that a registry does not hold")
    if analysis.facts.generation.value is None:
        parts.append(f"which Windows this is can't be told, so that of {analysis.generation.name} was followed")
    return say(f"{'; '.join(parts)}.")


_LINKS: Bits = (
    text(" "),
    ("a", "#problems", "What was not read"),
    text(", "),
    ("a", "#checks", "how to check it"),
    text("."),
)
