"""What holds for this Windows once it runs, what ends it and how it goes down, for the HTML page: short sections beside the replay."""

from collections.abc import Sequence

from hivecheck.analysis import Analysis
from hivecheck.boot.critical_processes import critical_processes
from hivecheck.boot.run_time import run_time_facts
from hivecheck.boot.shutdown import shutdown_order
from hivecheck.boot.statement import Statement
from hivecheck.report.html_cells import (
    Bit,
    Bits,
    Block,
    certainty_bit,
    code,
    lines,
    make_table,
    note,
    origins_of,
    paragraph,
    say,
    text,
    words,
)


def tell_run_time(analysis: Analysis) -> tuple[Block, ...]:
    """Ports, sessions, protection: what smss and those beside it do after the boot."""
    about = "What smss.exe and those beside it do once the machine runs. Where this hive sets it, the values are named."
    return paragraph(about), _list(run_time_facts(analysis.generation, analysis.settings, analysis.software))


def tell_what_ends_it(analysis: Analysis) -> tuple[Block, ...]:
    """The processes whose death ends the machine or a session."""
    rows = []
    for one in critical_processes(analysis.generation):
        which: Bits = (text(" "), note(one.session)) if one.session else ()
        name: Bits = (code(one.name), *which)
        rows.append(("", (name, say(words(one.consequence)), (certainty_bit(one.certainty),), say(words(one.source)))))
    about = f"What the death of each process brings about in {analysis.generation.name}."
    columns = ("Process", "When it dies", "How sure", "Source")
    return paragraph(about), ("table", make_table("critical", "Processes on which the machine hangs", columns, rows))


def tell_shutdown(analysis: Analysis) -> tuple[Block, ...]:
    """The shutdown in order."""
    about = "How this Windows goes down, in order. Nothing of it is replayed."
    return paragraph(about), _list(shutdown_order(analysis.generation, analysis.settings))


def _list(statements: Sequence[Statement]) -> Block:
    return "bits", (lines((_statement(one) for one in statements), "statements"),)


def _statement(one: Statement) -> tuple[Bit, ...]:
    marks: Bits = (certainty_bit(one.certainty), text(" "), ("span", "source", words(one.source)))
    return ("p", "", say(words(one.text))), ("p", "about", marks), *origins_of(one.because)
