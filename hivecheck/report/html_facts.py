"""What is told before the boot: the machine, and why this control set and this Windows."""

from collections.abc import Iterator
from typing import Any

from hivecheck.analysis import Analysis
from hivecheck.facts.certainty import Confidence
from hivecheck.facts.origin import ValueRef
from hivecheck.registry.control_sets import control_set_name
from hivecheck.report.html_cells import (
    Bit,
    Bits,
    Block,
    bits_of,
    code,
    confidence_bit,
    count,
    fold,
    heading,
    lines,
    make_table,
    paragraph,
    say,
    shown,
    tag,
    text,
    time,
    words,
)
from hivecheck.report.html_evidence import tell_state
from hivecheck.report.view import describe_origin, shown_time
from hivecheck.settings.guess import Guess, Reason

_SHOWN_REASONS = 3  # of one guess; further ones are folded
_SELECT_WORDS = {
    "Current": "the set that the last boot ran",
    "Default": "the set that the next boot loads",
    "Failed": "a set that was given up",
    "LastKnownGood": "the set that last got as far as a logon",
}


def machine_name(analysis: Analysis) -> str:
    """The computer's name, or what stands for it."""
    name = analysis.facts.computer_name.value
    return words(name) if name else "this machine"


def tell_machine_at_a_glance(analysis: Analysis) -> tuple[tuple[str, Bits], ...]:
    """The facts at the head of the page, as label and bits."""
    facts, sets = analysis.facts, analysis.control_sets
    windows = analysis.generation.name + (f" {words(facts.edition.value)}" if facts.edition.value else "")
    if facts.service_pack.value:
        windows += f", service pack {facts.service_pack.value}"
    known = facts.generation.value is not None
    surely = confidence_bit(facts.generation.confidence) if known else tag("assumed: it can't be told", "strong")
    kinds = [facts.role.value.value if facts.role.value else "", facts.architecture.value or ""]
    kind = ", ".join(words(part) for part in kinds if part)
    boots: Bits = (tag("none: the machine would not boot", "strong"),)
    if sets.number is not None:
        boots = (code(control_set_name(sets.number)), text(_by(sets.why)))
    mode = f"; safe mode ({analysis.safe_mode})" if analysis.safe_mode else ""
    if analysis.options.safe_mode and not analysis.safe_mode:
        mode = "; a normal boot, as this Windows has no safe mode"
    zone = facts.time_zone.value
    return (
        ("Windows", (text(windows + " "), surely)),
        ("Kind of machine", say(kind) if kind else shown(None)),
        ("Windows folder", _folder(facts.system_root)),
        ("Boots from", (*boots, text(mode))),
        ("State of the hive", tell_state(analysis)),
        ("Last boot", _time(facts.last_boot)),
        ("Last shutdown", _time(facts.last_shutdown)),
        ("Time zone of the machine", say(words(zone.describe())) if zone else shown(None)),
    )


def _by(why: str) -> str:
    return ", chosen for this report" if why.startswith("--") else f", by {words(why)}"


def _folder(guess: Guess[str]) -> Bits:
    """The folder, with its confidence where that is not high."""
    doubt = (text(" "), confidence_bit(guess.confidence)) if guess.value and guess.confidence is not Confidence.HIGH else ()
    return (*shown(guess.value or None), *doubt)


def _time(guess: Guess[int]) -> Bits:
    if guess.value is None:
        return shown(None)
    return time(shown_time(guess.value)), text(" "), confidence_bit(guess.confidence)


def tell_reasons(analysis: Analysis) -> tuple[Block, ...]:
    """Which set boots and why; every guess about the machine with its reasons and how far to trust it."""
    return (*_control_set(analysis), *_guesses(analysis))


def _control_set(analysis: Analysis) -> Iterator[Block]:
    sets = analysis.control_sets
    yield heading("Why this control set")
    present: list[str | Bit] = [part for number in sets.present for part in (", ", code(control_set_name(number)))][1:]
    there = say(" In this hive there is ", *present, ".") if present else say(" This hive holds no control set.")
    if sets.number is not None:
        yield paragraph("The boot loads ", code(control_set_name(sets.number)), _by(sets.why) + ".", *there)
    else:
        yield paragraph(f"No control set can be loaded: {words(sets.fault)}.", *there)
    rows = []
    for value in sets.select:
        says: Bits = (code(control_set_name(value.number)),) if value.number else say("no set")
        if value.number is None:
            says = (tag(words(value.fault), "strong"),)
        elif value.number and value.number not in sets.present:
            says += (text(" "), tag("not in this hive", "strong"))
        rows.append(("", ((code(value.name),), says, say(_SELECT_WORDS[value.name]), _where(value.ref))))
    yield "table", make_table("select", "The key Select", ("Value", "Says", "Meaning", "Where"), rows)


def _where(ref: ValueRef | None) -> Bits:
    return bits_of(describe_origin(ref)) if ref is not None else ()


def _guesses(analysis: Analysis) -> Iterator[Block]:
    facts = analysis.facts
    yield heading("Why this Windows, and what else is known of the machine")
    yield paragraph("A SYSTEM hive doesn't name its Windows. Each line is concluded from values of this hive.")
    windows = say(analysis.generation.name)
    if facts.generation.value is None:
        windows = say(tag("can't be told", "strong"), f" the replay follows {analysis.generation.name}")
    zone, role, pack = facts.time_zone.value, facts.role.value, facts.service_pack.value
    boots = facts.boot_count.value
    guesses: tuple[tuple[str, Guess[Any], Bits], ...] = (
        ("Windows", facts.generation, windows),
        ("Edition", facts.edition, shown(facts.edition.value)),
        ("Service pack", facts.service_pack, shown(None) if pack is None else say(str(pack) if pack else "none")),
        ("Role", facts.role, say(role.value) if role else shown(None)),
        ("Architecture", facts.architecture, shown(facts.architecture.value)),
        ("Computer name", facts.computer_name, shown(facts.computer_name.value or None)),
        ("Windows folder", facts.system_root, shown(facts.system_root.value)),
        ("Time zone", facts.time_zone, say(words(zone.describe())) if zone else shown(None)),
        ("Last boot", facts.last_boot, _moment(facts.last_boot.value)),
        ("Last shutdown", facts.last_shutdown, _moment(facts.last_shutdown.value)),
        ("Boots counted", facts.boot_count, shown(None) if boots is None else say(f"{boots:,}")),
    )
    rows = [("", (say(name), value, _surely(guess), _why(guess.reasons))) for name, guess, value in guesses]
    yield (
        "table",
        make_table("guesses", "What the hive tells about the machine", ("What", "Value", "Confidence", "Why"), rows),
    )
    stored: list[Bit] = []
    for name, guess, _ in guesses:
        if guess.because:
            stored.append(("dt", "", name))
            stored += [("dd", "", bits_of(describe_origin(origin))) for origin in guess.because]
    if stored:
        yield "bits", (fold("Where each reason is stored", ("dl", "", tuple(stored)), "block origins"),)


def _surely(guess: Guess[Any]) -> Bits:
    return (confidence_bit(guess.confidence),) if guess.value is not None else ()


def _moment(ticks: int | None) -> Bits:
    return shown(None) if ticks is None else (time(shown_time(ticks)),)


def _why(reasons: tuple[Reason, ...]) -> Bits:
    said = [say(words(reason.text)) for reason in reasons]
    bits: Bits = (lines(said[:_SHOWN_REASONS], "points"),)
    if len(said) > _SHOWN_REASONS:
        more = count(len(said) - _SHOWN_REASONS, "more reason")
        bits += (fold(more, lines(said[_SHOWN_REASONS:], "points")),)
    return bits
