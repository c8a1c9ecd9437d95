"""The verdict in one paragraph, for a reader who never heard of smss: what the next start would do, whether somebody arranged it,
how sure that is. Says nothing that the findings do not say.
"""

from collections.abc import Sequence

from hivecheck.analysis import Analysis
from hivecheck.boot.plan import Done
from hivecheck.facts.certainty import Confidence
from hivecheck.report.html_cells import Bit, Bits, Block, code, count, event_link, paragraph, say, text, words
from hivecheck.report.html_facts import machine_name
from hivecheck.report.verdict import set_aside_words
from hivecheck.rules.finding import Finding
from hivecheck.rules.rule import Severity
from hivecheck.rules.story import Story, stories_of

# What findings of a family come to, as the end of "At its next start it would ...".
FAMILY_WORDS = {
    "programs": "run a program before Windows is up and before anybody can log on",
    "renames": "delete or replace files, or keep Windows from doing so, before any program could hold on to them",
    "known DLLs": "let programs take libraries of Windows from elsewhere",
    "objects": "let names of drives or devices lead elsewhere",
    "subsystems": "put other code into a process that Windows can't do without",
    "environment": "look for programs and libraries in places that others may write to",
    "memory": "keep memory, paging files or crash dumps otherwise than Windows does",
    "setup": "take itself for a machine that is being installed or repaired, or start otherwise than before",
    "service control manager": "let other code decide which services start",
    "services": "start a service that does not look like one of Windows, or leave out one that protects it",
    "drivers": "load a driver that does not look like one of Windows",
    "lsa": "let other code see the passwords of those who log on, or guard them less",
    "dll hosts": "load other libraries into processes of Windows",
    "terminal services": "let somebody in from afar otherwise than Windows does",
    "defence": "start with its protection, or its own records, cut down",
    "network": "send or accept network connections otherwise than Windows does",
    "hive": "read a registry in which something is hidden or out of place",
    "control-sets": "start from other settings than the last time",
    "sequences": "do several things that only together make sense",
    "times": "carry times in its registry that do not fit each other",
}
_ANY = "do what Windows does not do by itself"
_MOST_FAMILIES = 4
_NAMED = 60  # letters of what a story is about


def tell_verdict(analysis: Analysis) -> tuple[Block, ...]:
    """One paragraph, and one more for each thing that takes certainty away from it."""
    told = analysis.told_findings
    graver = [story for story in stories_of(told) if story.severity > Severity.LOW]
    body: tuple[str | Bit, ...] = (
        *_what(analysis, graver),
        " ",
        *_arranged(analysis, graver),
        " ",
        *_how_sure(analysis, graver),
    )
    blocks: list[Block] = [paragraph(*body, kind="lead verdict-words")]
    blocks += [paragraph(words(sentence), kind="neutral") for sentence in set_aside_words(analysis)]
    return tuple(blocks)


def _what(analysis: Analysis, graver: Sequence[Story]) -> Bits:
    name = machine_name(analysis)
    if analysis.control_sets.number is None:
        return say(
            f"Whether {name} starts, and with which settings, can't be told from this registry file."
            if analysis.control_sets.unreadable
            else f"With this registry {name} would not start: it finds no settings to start from."
        )
    halted = analysis.replay.halted
    if halted is not None:
        return say(
            f"{_begin(name)} would not start: it stops at ", event_link(halted.event), f", because {_because(halted.why)}."
        )
    if not graver:
        return say(
            f"At its next start {name} would do what {analysis.generation.name} does by itself and what programs add to it."
        )
    families = list(dict.fromkeys(one.rule.family for one in _worst_of(graver)))
    if len(families) > 1 and "sequences" in families:
        families.remove("sequences")  # they join what the others say
    said = [FAMILY_WORDS.get(family, _ANY) for family in families[:_MOST_FAMILIES]]
    return say(f"At its next start {name} would {_joined(said)}.")


def _begin(name: str) -> str:
    return name[:1].upper() + name[1:] if name == "this machine" else name


def _because(why: str) -> str:
    said = words(why).rstrip(".")
    return said[:1].lower() + said[1:] if said[1:2].islower() else said


def _worst_of(graver: Sequence[Story]) -> list[Finding]:
    """The findings above low, the worst first."""
    found = [finding for story in graver for finding in story.findings if finding.severity > Severity.LOW]
    return sorted(found, key=lambda finding: -finding.severity.rank)


def _joined(said: Sequence[str]) -> str:
    return said[0] if len(said) == 1 else "; ".join(said[:-1]) + "; and " + said[-1]


def _arranged(analysis: Analysis, graver: Sequence[Story]) -> Bits:
    """Whether somebody arranged it: never surer than the worst finding."""
    if analysis.control_sets.number is None and not graver:
        return say("Whether somebody arranged that can't be told.")
    if not analysis.options.judges:
        return say("Whether somebody arranged that was not judged.")
    if not graver:
        return say("Nothing was found that somebody must have arranged.")
    worst = [story for story in graver if story.severity is graver[0].severity]
    lead: list[Bit] = [text(f"{count(len(worst), 'matter')} of severity {graver[0].severity.value}, first ")]
    if len(worst) == 1:
        lead = [text("it is ")]
    subject = worst[0].lead.subject
    lead.append(("a", f"#story-{worst[0].number}", _short(worst[0].lead.rule.title)))
    if subject:
        lead += (text(" ("), code(_short(subject)), text(")"))
    severity = graver[0].severity
    if severity is Severity.CRITICAL and worst[0].lead.confidence is not Confidence.HIGH:
        severity = Severity.HIGH  # no surer than what was found
    return (text(_BEGINNINGS[severity]), *lead, text("."))


_BEGINNINGS = {
    Severity.CRITICAL: "Somebody has almost certainly arranged that: no harmless reason is known for it. What weighs most: ",
    Severity.HIGH: "Somebody probably arranged that, or a product did that should be known: it is rarely harmless. What weighs most: ",
    Severity.MEDIUM: "Whether somebody arranged that is open: administrators and products do the same. What weighs most: ",
}


def _short(plain: str) -> str:
    return plain if len(plain) <= _NAMED * 2 else f"{plain[: _NAMED * 2]}…"


_SURE = {Confidence.HIGH: "high", Confidence.MEDIUM: "medium", Confidence.LOW: "low"}


def _how_sure(analysis: Analysis, graver: Sequence[Story]) -> Bits:
    """The chance that the worst finding is true, and what was not at hand."""
    parts: list[str] = []
    if graver:
        parts.append(f"How sure: {_SURE[graver[0].lead.confidence]} confidence in that")
    else:
        parts.append("How sure: rules look for known tricks, and miss others")
    unknown = sum(1 for event in analysis.replay.events if event.done is Done.UNKNOWN)
    if unknown:
        of = f"{unknown:,} of {count(len(analysis.replay.events), 'step')}"
        parts.append(f"{of} of the start depend on files that a registry does not hold")
    if analysis.facts.generation.value is None:
        parts.append(f"which Windows this is can't be told, so that of {analysis.generation.name} was followed")
    if not analysis.is_complete:
        parts.append("part of the registry could not be read")
    elif analysis.evidence.dirty and not analysis.evidence.recovered:
        parts.append("its last changes may be missing")
    said = "; ".join(parts)
    return (
        text(f"{said}. "),
        ("a", "#problems", "What was not read"),
        text(", "),
        ("a", "#checks", "how to check it"),
        text("."),
    )
