"""What the words and marks of the page mean, told at its end."""

from hivecheck.boot.plan import Done
from hivecheck.facts.certainty import Certainty
from hivecheck.report.html_cells import Bits, Block, certainty_bit, code, make_facts, outcome_bit, say
from hivecheck.report.html_findings import severity_bit
from hivecheck.report.view import CERTAINTY_WORDS
from hivecheck.rules.rule import Severity

_OUTCOMES = (Done.YES, Done.UNKNOWN, Done.NO)


def tell_reading() -> tuple[Block, ...]:
    """One table of words and their meaning."""
    return (("table", make_facts("Words and marks of this page", _reading())),)


_OUTCOME_MEANINGS = {
    Done.YES: "The request succeeds. Nothing outside this hive decides it.",
    Done.UNKNOWN: "The request succeeds if all holds that is listed with it, usually that a file exists. What follows from it is no surer.",
    Done.NO: "The request fails, or is not even made. The reason stands with it.",
}
_SEVERITY_MEANINGS = {
    Severity.CRITICAL: "There is no benign reading that is known.",
    Severity.HIGH: "Rarely benign: to be explained.",
    Severity.MEDIUM: "Administrators and products do it as well as attackers.",
    Severity.LOW: "The machine is weaker for it, or something is unusual; no sign of an attack by itself.",
    Severity.INFO: "Worth knowing; never an alert.",
}


_MARKS = (
    ", by their number in Unicode. These brackets stand for nothing else here: where they are stored, they are marked too."
)


def _reading() -> tuple[tuple[Bits, Bits], ...]:
    """What the words and marks of the page mean, and what it can't tell."""
    outcomes = [((outcome_bit(done),), say(_OUTCOME_MEANINGS[done])) for done in _OUTCOMES]
    marks = [
        ((certainty_bit(certainty),), say(f"How sure it is that Windows behaves so: {CERTAINTY_WORDS[certainty]}."))
        for certainty in Certainty
    ]
    origin = (
        "Where a fact is stored: key, value, which strings of a list (counted from 0), where in the file its cell lies, and "
        "when the key was last written. That time is the key's: any of its values may have been the one that changed. "
        "“Built in” is what Windows does by itself; the document that says so is named."
    )
    hidden = "Characters that can't be seen, or that turn the direction of writing, are shown as marks such as "
    limits = (
        "The boot is replayed from the SYSTEM hive, with its transaction logs where it is dirty and a SOFTWARE hive where one was "
        "given, from the loader to the logon screen. What drivers, services and programs do once they run is not followed. A "
        "machine may differ from what its registry says."
    )
    severities = [((severity_bit(one),), say(_SEVERITY_MEANINGS[one])) for one in reversed(Severity)]
    return (
        *severities,
        *outcomes,
        *marks,
        (say("Origin"), say(origin)),
        (
            say("Confidence"),
            say("The chance that a finding, or what is concluded about the machine, is true: high, medium or low."),
        ),
        (say("Hidden characters"), say(hidden, code("\u202e"), _MARKS)),
        (say("Limits"), say(limits)),
    )
