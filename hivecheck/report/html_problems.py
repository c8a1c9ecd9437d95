"""What went wrong while the evidence was read, and what was not read at all, for the HTML page. The gravest first."""

from hivecheck.analysis import Analysis
from hivecheck.facts.problem import Problem
from hivecheck.report.html_cells import Bit, Bits, Block, event_link, left_out, origins_of, paragraph, say, words

MOST_PROBLEMS = 300


def tell_problems(analysis: Analysis) -> tuple[Block, ...]:
    """A halted boot, lost data, oddities, and the limits of what was looked at."""
    notices: list[Bit] = []
    halted = analysis.replay.halted
    if halted is not None:
        what = say(words(halted.why), " The last event is ", event_link(halted.event), ".")
        where = origins_of(halted.because, "Seen in")
        notices.append(_notice("halted", "The machine would not get through this boot", what, where))
    told = halted.why if halted is not None else ""
    problems = [problem for problem in analysis.problems if problem.message != told]
    ordered = sorted(problems, key=lambda problem: not problem.loses_data)
    notices += [_problem(problem) for problem in ordered[:MOST_PROBLEMS]]
    limit = (
        "Of the files of the volume those were looked up that the boot asks for; the section on them says how far they are known."
        if analysis.inventory is not None
        else "Which files are on the volume is not known: an answer that depends on it says what it assumes."
    )
    logs = ", with the transaction logs that go with it" if analysis.evidence.logs else ""
    hives = "this hive was" if analysis.software is None else "this hive and the SOFTWARE hive given with it were"
    notices.append(
        _notice(
            "limit",
            "What was not read",
            say(f"Only {hives} read{logs}. {limit} {_not_in_system(analysis.inventory is None)}"),
            (),
        )
    )
    blocks: list[Block] = (
        [] if problems or halted is not None else [paragraph("Nothing went wrong while the hive was read.")]
    )
    blocks.append(("bits", (("ul", "notices", tuple(notices)),)))
    return (*blocks, *left_out(len(ordered) - MOST_PROBLEMS, "problem"))


def _not_in_system(without_files: bool) -> str:
    files = "the files themselves (whether they exist, are native, are signed), " if without_files else ""
    return (
        "No rule could look at what a SYSTEM hive does not hold: the boot configuration (BCD), SOFTWARE unless it was given (Run keys, "
        f"Winlogon, debuggers of programs, svchost groups), {files}"
        "firmware tables, WMI and scheduled tasks. Collect the files that are named here, and those hives."
    )


def _problem(problem: Problem) -> Bit:
    kind, title = ("lost", "Part of the evidence could not be read") if problem.loses_data else ("odd", "Worth knowing")
    what = say(words(problem.message), " ", ("span", "problem", words(problem.code)))
    return _notice(kind, title, what, origins_of(problem.because, "Seen in"))


def _notice(kind: str, title: str, what: Bits, where: Bits) -> Bit:
    return "li", kind, (("h3", "", title), ("p", "", what), *where)
