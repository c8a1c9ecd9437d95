"""The analysis as one HTML page that opens from disk anywhere: style and script inside, nothing fetched, nothing inline.

The style and the script are all that its Content-Security-Policy allows, by hash; the page is whole without the script. All
words are made in the modules beside this one; the templates loop, choose and print, and escape everything. The clock's time is
an argument: the same analysis gives the same bytes.
"""

from markupsafe import Markup

import hivecheck
from hivecheck.analysis import Analysis
from hivecheck.report.hive_again import hive_again
from hivecheck.report.html_case import tell_case
from hivecheck.report.html_cells import (
    Block,
    bits_of,
    certainty_bit,
    heading,
    origins_of,
    outcome_marks,
    paragraph,
    words,
)
from hivecheck.report.html_checks import tell_checks
from hivecheck.report.html_clock import tell_clock
from hivecheck.report.html_control_sets import tell_control_sets
from hivecheck.report.html_evidence import tell_evidence
from hivecheck.report.html_facts import machine_name, tell_machine_at_a_glance, tell_reasons
from hivecheck.report.html_findings import Flags, event_flags, tell_findings, verdict_bits
from hivecheck.report.html_fold import on_page
from hivecheck.report.html_lanes import tell_lanes
from hivecheck.report.html_limits import tell_limits
from hivecheck.report.html_lost import tell_lost
from hivecheck.report.html_machine import tell_machine
from hivecheck.report.html_paper import tell_on_paper
from hivecheck.report.html_problems import tell_problems
from hivecheck.report.html_processes import tell_processes
from hivecheck.report.html_reading import tell_reading
from hivecheck.report.html_repair import tell_repair
from hivecheck.report.html_script import read_script
from hivecheck.report.html_services import tell_services
from hivecheck.report.html_settings import tell_settings
from hivecheck.report.html_statements import tell_run_time, tell_shutdown, tell_what_ends_it
from hivecheck.report.html_timeline import tell_boot
from hivecheck.report.html_verdict import tell_verdict
from hivecheck.report.services_json import overview_of
from hivecheck.report.summary import figures, summarise_boot
from hivecheck.report.templates import hash_source, hashed_file, set_template, template_folder
from hivecheck.report.verdict import verdict_words

STYLES = ("style.css", "pictures.css", "controls.css")  # in this order, as one sheet
Section = tuple[str, str, tuple[Block, ...]]
"""Id, title and blocks."""


def render_html(analysis: Analysis, generated_utc: str) -> str:
    """The whole page. `generated_utc` is given from outside: nothing here reads a clock."""
    style, style_hash = hashed_file(STYLES)
    script = read_script(template_folder())
    return set_template(
        "report.html",
        style=style,
        script=Markup(script),  # noqa: S704  our own file, no text of a hive
        style_hash=style_hash,
        script_hash=hash_source(script),
        version=hivecheck.__version__,
        generated=words(generated_utc),
        name=machine_name(analysis),
        verdict=verdict_bits(analysis),
        glance=tell_machine_at_a_glance(analysis),
        sections=_sections(analysis, generated_utc),
    )


def _sections(analysis: Analysis, generated_utc: str) -> tuple[Section, ...]:
    """All of them in order; those with nothing in them are left out."""
    page, folded = on_page(analysis)
    with hive_again(analysis) as again:
        hive = again.hive if again is not None else None
        control_sets = tell_control_sets(analysis, hive)
        checks = tell_checks(page, again)
        repair = tell_repair(page, hive)
        findings = tell_findings(page, again, verdict_words(analysis))
    flags = event_flags(page)
    boot = tell_boot(analysis.replay.events, flags)
    return (
        ("verdict", "The verdict", tell_verdict(analysis)),
        ("findings", "What was found", (*findings, *tell_on_paper(page), *folded)),
        ("case", "The case and the tools", tell_case(analysis, generated_utc)),
        ("evidence", "The evidence", tell_evidence(analysis)),
        ("reasons", "Why this control set, why this Windows", tell_reasons(analysis)),
        ("boot", "The boot timeline", (*_summary(analysis, flags), paragraph(_BOOT_WORDS), ("boot", boot), _end(analysis))),
        ("clock", "The clock timeline", tell_clock(page)),
        ("processes", "The processes", tuple(tell_processes(page))),
        ("services", "Drivers and services", tuple(tell_services(overview_of(analysis)))),
        ("machine", "The resulting machine", (paragraph(_MACHINE_WORDS), *tell_machine(analysis))),
        *_files_of_volume(analysis),
        ("settings", "The settings", (paragraph(_SETTINGS_WORDS), *tell_settings(analysis))),
        ("control-sets", "The control sets compared", control_sets),
        *((("deleted", "Found deleted", tuple(tell_lost(analysis.lost))),) if not analysis.lost.is_empty else ()),
        ("problems", "Problems, and what was not read", tell_problems(analysis)),
        ("checks", "How to check it", checks),
        ("repair", "The order of repair", repair),
        ("run-time", "At run time", tell_run_time(analysis)),
        ("ends", "What ends it", tell_what_ends_it(analysis)),
        ("shutdown", "Shutdown", tell_shutdown(analysis)),
        ("limits", "What hivecheck does not know", tell_limits(analysis)),
        ("reading", "How to read this page", tell_reading()),
    )


def _files_of_volume(analysis: Analysis) -> tuple[Section, ...]:
    """The section on files, where the volume was at hand."""
    if analysis.inventory is None:
        return ()
    from hivecheck.report.html_files import tell_files  # a lone hive has none

    return (("files", "The files of the volume", tuple(tell_files(analysis))),)


def _end(analysis: Analysis) -> Block:
    """Where the replay ends: at the logon, or where the machine stops."""
    halted = analysis.replay.halted
    if halted is None:
        return paragraph("The replay ends here, at the logon screen.", kind="end")
    why = (
        ("h3", "", "The boot halts here"),
        ("p", "", words(halted.why)),
        ("p", "", (certainty_bit(halted.certainty),)),
    )
    return "bits", (("div", "halt", (*why, *origins_of(halted.because))),)


def _summary(analysis: Analysis, flags: Flags) -> tuple[Block, ...]:
    sentences = [bit for sentence in summarise_boot(analysis) for bit in (*bits_of(sentence), ("", "", " "))]
    counted = [
        ("li", "", (("b", "", f"{len(figure.events):,}"), ("span", "", figure.label), *outcome_marks(figure.events)))
        for figure in figures(analysis)
        if figure.events or analysis.replay.halted is None
    ]
    return (
        paragraph(*sentences, kind="lead"),
        paragraph("This is what would happen, whatever one thinks of it. All times are UTC.", kind="neutral"),
        *((("bits", (("ul", "figures", tuple(counted)),)),) if analysis.control_sets.number is not None else ()),
        heading("The boot step by step"),
        *tell_lanes(analysis.replay, flags),
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
