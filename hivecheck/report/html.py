"""The analysis as one HTML page that opens from disk anywhere: style and script inside, nothing fetched, nothing inline.

The style and the script are all that its Content-Security-Policy allows, by hash; the page is whole without the script. All
words are made in the modules beside this one; the templates loop, choose and print, and escape everything. The clock's time is
an argument: the same analysis gives the same bytes.
"""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

import hivecheck
from hivecheck.analysis import Analysis
from hivecheck.boot.plan import Done
from hivecheck.facts.certainty import Certainty
from hivecheck.report.html_cells import (
    Bits,
    Block,
    bits_of,
    certainty_bit,
    code,
    heading,
    make_facts,
    origins_of,
    outcome_bit,
    outcome_marks,
    paragraph,
    say,
    words,
)
from hivecheck.report.html_evidence import tell_evidence
from hivecheck.report.html_facts import machine_name, tell_first, tell_machine_at_a_glance, tell_reasons
from hivecheck.report.html_findings import event_flags, severity_bit, tell_findings, verdict_bits
from hivecheck.report.html_lost import tell_lost
from hivecheck.report.html_machine import tell_machine
from hivecheck.report.html_processes import tell_processes
from hivecheck.report.html_script import hash_source, read_script
from hivecheck.report.html_services import tell_services
from hivecheck.report.html_settings import tell_settings
from hivecheck.report.html_statements import tell_run_time, tell_shutdown, tell_what_ends_it
from hivecheck.report.html_timeline import StepPart, tell_boot
from hivecheck.report.services_json import overview_of
from hivecheck.report.summary import figures, summarise_boot
from hivecheck.report.view import CERTAINTY_WORDS, DONE_WORDS
from hivecheck.rules.rule import Severity

TEMPLATES = "templates"
STYLES = ("style.css", "controls.css")  # in this order, as one sheet
_OUTCOMES = (Done.YES, Done.UNKNOWN, Done.NO)


def render_html(analysis: Analysis, generated_utc: str) -> str:
    """The whole page. `generated_utc` is given from outside: nothing here reads a clock."""
    folder = _templates()
    style = "".join((folder / name).read_text(encoding="utf-8") for name in STYLES)
    script = read_script(folder)
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        optimized=False,  # nothing in the templates is constant: looking for it only takes time
    )
    return environment.get_template("report.html").render(
        style=Markup(style),  # noqa: S704  our own file, no text of a hive
        script=Markup(script),  # noqa: S704  the same
        style_hash=hash_source(style),
        script_hash=hash_source(script),
        version=hivecheck.__version__,
        generated=words(generated_utc),
        name=machine_name(analysis),
        verdict=verdict_bits(analysis),
        glance=tell_machine_at_a_glance(analysis),
        sections=_sections(analysis),
    )


def _sections(analysis: Analysis) -> tuple[tuple[str, str, tuple[Block, ...]], ...]:
    """Id, title and blocks of each section, in order."""
    halted = analysis.replay.halted
    boot = tell_boot(analysis.replay.events, event_flags(analysis))
    end: Block = paragraph("The replay ends here, at the logon screen.", kind="end")
    if halted is not None:
        why = (
            ("h3", "", "The boot halts here"),
            ("p", "", words(halted.why)),
            ("p", "", (certainty_bit(halted.certainty),)),
        )
        end = ("bits", (("div", "halt", (*why, *origins_of(halted.because))),))
    return (
        ("findings", "What was found", tell_findings(analysis)),
        ("summary", "The next boot in short", _summary(analysis, boot)),
        ("first", "What to know first", tell_first(analysis)),
        ("evidence", "The evidence", tell_evidence(analysis)),
        ("reasons", "Why this control set, why this Windows", tell_reasons(analysis)),
        ("boot", "The boot timeline", (paragraph(_BOOT_WORDS), ("boot", boot), end)),
        ("processes", "The processes", tuple(tell_processes(analysis))),
        ("services", "Drivers and services", tuple(tell_services(overview_of(analysis)))),
        ("machine", "The resulting machine", (paragraph(_MACHINE_WORDS), *tell_machine(analysis))),
        ("run-time", "At run time", tell_run_time(analysis)),
        ("ends", "What ends it", tell_what_ends_it(analysis)),
        ("shutdown", "Shutdown", tell_shutdown(analysis)),
        ("settings", "The settings", (paragraph(_SETTINGS_WORDS), *tell_settings(analysis))),
        *((("deleted", "Found deleted", tuple(tell_lost(analysis.lost))),) if not analysis.lost.is_empty else ()),
        ("reading", "How to read this page", (("table", make_facts("Words and marks of this page", _reading())),)),
    )


def _summary(analysis: Analysis, boot: tuple[StepPart, ...]) -> tuple[Block, ...]:
    sentences = [bit for sentence in summarise_boot(analysis) for bit in (*bits_of(sentence), ("", "", " "))]
    counted = [
        ("li", "", (("b", "", f"{len(figure.events):,}"), ("span", "", figure.label), *outcome_marks(figure.events)))
        for figure in figures(analysis)
        if figure.events or analysis.replay.halted is None
    ]
    legend = [("span", f"mark {done.value}", DONE_WORDS[done]) for done in _OUTCOMES]
    return (
        paragraph(*sentences, kind="lead"),
        paragraph("This is what would happen, whatever one thinks of it. All times are UTC.", kind="neutral"),
        *((("bits", (("ul", "figures", tuple(counted)),)),) if analysis.control_sets.number is not None else ()),
        heading("The boot step by step"),
        paragraph("One stroke an event, in boot order:", *legend, kind="legend"),
        ("lane", boot),
    )


_BOOT_WORDS = (
    "Each event is one thing the boot asks of the system, in order, with what comes of it. What the marks mean is told at "
    "the end of this page."
)
_MACHINE_WORDS = "What there is when the replay ends. Numbers lead to the events that made it so."
_SETTINGS_WORDS = (
    "What the Session Manager, and those who read beside it, find in this hive. A value has no time of its own: the time is "
    "that of its key."
)
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
    hidden = "Characters that can't be seen, or that turn the direction of writing, are shown as "
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
        (say("Hidden characters"), say(hidden, code("\\u"), " and a number.")),
        (say("Limits"), say(limits)),
    )


def _templates() -> Path:
    """Inside the package where it is installed, beside it in the source tree."""
    package = Path(hivecheck.__file__).parent
    installed = package / TEMPLATES
    return installed if installed.is_dir() else package.parent / TEMPLATES
