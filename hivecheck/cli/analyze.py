"""`hivecheck analyze`: the main job. Reads, replays, reports."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from hivecheck.cli.exits import Exit, Outcome
from hivecheck.cli.options import (
    NO_SOFTWARE,
    AllHives,
    CaseId,
    ControlSet,
    EvidenceId,
    EvidenceList,
    Examiner,
    FailOn,
    Force,
    Json,
    Keys,
    Logs,
    MinSeverity,
    NoColor,
    Notes,
    ProfileFile,
    Quiet,
    SafeMode,
    SafeModeOption,
    Severity,
    SoftwareHive,
    Verification,
    Verify,
    case_notes,
    chosen_logs,
)

if TYPE_CHECKING:
    from hivecheck.analysis import Analysis, Options
    from hivecheck.cli.found_hives import ChosenHive, ChosenHives
    from hivecheck.errors import EvidenceError
    from hivecheck.evidence.digest import PendingDigests
    from hivecheck.facts.case_notes import CaseNotes
    from hivecheck.report.paper import Paper

_SHOWN_FILES = 4


def analyze_command(
    evidence: EvidenceList,
    html: Annotated[Path | None, typer.Option("--html", metavar="FILE|-", help="Write the report as one HTML page.")] = None,
    json: Json = None,
    output: Annotated[
        Path | None, typer.Option("--output", metavar="DIR", help="Write an HTML page and a JSON document for each hive.")
    ] = None,
    force: Force = False,
    control_set: ControlSet = "default",
    safe_mode: SafeModeOption = None,
    logs: Logs = None,
    software: SoftwareHive = None,
    all_hives: AllHives = False,
    key: Keys = None,
    verify: Verify = Verification.SECOND,
    profile: ProfileFile = None,
    min_severity: MinSeverity = Severity.INFO,
    fail_on: FailOn = None,
    case_id: CaseId = "",
    examiner: Examiner = "",
    evidence_id: EvidenceId = "",
    notes: Notes = "",
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> int:
    """Read SYSTEM hives, replay the next boot, judge, report."""
    from hivecheck.cli.output import STANDARD_OUTPUT, evidence_files, generated_utc, refuse_evidence, terminal_paper
    from hivecheck.errors import UsageError

    if html == STANDARD_OUTPUT and json == STANDARD_OUTPUT:
        raise UsageError("only one of --html and --json can go to standard output")
    is_told = STANDARD_OUTPUT not in (html, json) and not quiet
    generated = generated_utc()
    if html is not None and json is not None and html.absolute() == json.absolute():
        raise UsageError("--html and --json name the same file", str(html))
    targets = [one for one in (html, json, output) if one is not None]
    given = (software, profile, *(logs or ()), *(key or ()))
    for target in targets:
        refuse_evidence(target, evidence_files(evidence, options=given))
    if output is not None:
        from hivecheck.cli.reports import check_folder

        check_folder(output, len(evidence) > 1, force)
    analyses: list[Analysis] = []
    outcome = Outcome()
    inputs = 0
    case = case_notes(case_id, examiner, evidence_id, notes)
    judging = Judging(profile, min_severity, generated)
    for analysis in analyze_all(
        evidence, control_set, safe_mode, verify, logs, software, judging, case, outcome, all_hives, quiet, key
    ):
        inputs += 1
        if analysis is None:
            continue
        analyses.append(analysis)
        if output is None and is_told:
            _tell_one(analysis, terminal_paper(no_color), len(analyses) > 1, bool(targets))
    several = inputs > 1 or len(evidence) > 1
    if output is not None and is_told:
        _tell_all(analyses, terminal_paper(no_color))
    protected = evidence_files(evidence, analyses, given)
    written = _write_files(analyses, several, protected, generated, html, json) if analyses else []
    if output is not None and (analyses or several):
        from hivecheck.cli.reports import write_reports

        written += write_reports(
            output, analyses, (*outcome.unread, *outcome.missed), several, generated, case, protected, force
        )
    if written and is_told:
        _tell_written(written)
    code = outcome.code(all(analysis.is_complete for analysis in analyses))
    if fail_on is not None and code in (Exit.OK, Exit.PARTIAL) and _has_finding(analyses, fail_on):
        return Exit.FINDINGS
    return code


def _tell_one(analysis: "Analysis", paper: "Paper", is_next: bool, goes_on: bool) -> None:
    """The summary of one hive, parted from the one before it. `goes_on`: also where who read it has gone, to write files."""
    from hivecheck.cli.output import print_pieces
    from hivecheck.report.terminal import write_summary

    if is_next:
        paper.blank()
    write_summary(analysis, paper)
    if goes_on:
        print_pieces((paper.text(),))
    else:
        print(paper.text(), end="")


def _tell_all(analyses: "list[Analysis]", paper: "Paper") -> None:
    """The summary of a single hive; of several, whose reports tell each, a line of each."""
    from hivecheck.cli.output import print_pieces

    if len(analyses) == 1:
        _tell_one(analyses[0], paper, False, True)
    elif analyses:
        from hivecheck.report.hives_summary import write_hives

        write_hives(analyses, paper)
        print_pieces((paper.text(),))


def _has_finding(analyses: "list[Analysis]", severity: Severity) -> bool:
    """Whether a finding that stands is at least so grave, be it told or not."""
    from hivecheck.rules.rule import Severity as Scale

    least = Scale(severity.value)
    return any(finding.severity >= least for one in analyses for finding in one.findings if not finding.expected)


class Judging(NamedTuple):
    """What the user says about the findings. `generated` tells which day it is."""

    profile: Path | None
    min_severity: Severity
    generated: str


def analyze_all(
    evidence: list[Path],
    control_set: str,
    safe_mode: SafeMode | None,
    verify: Verification,
    logs: list[str] | None,
    software: Path | None = None,
    judging: Judging | None = None,
    case: "CaseNotes | None" = None,
    outcome: Outcome | None = None,
    all_hives: bool = False,
    quiet: bool = False,
    keys: list[str] | None = None,
) -> "Iterator[Analysis | None]":
    """An analysis for each hive in order; None, with the reason on standard error, for each that can't be read.

    A hive of which there are copies is told once. Without `judging` no rule looks at them. `outcome` remembers what could not be read. `case` is what the reports repeat.
    `software` is one that was named, or `none`; else the one beside a hive that was found is used. `quiet` leaves talk out;
    `keys` open encrypted volumes.
    """
    from hivecheck.evidence.digest import digests_of_hive

    started = digests_of_hive(evidence[0])  # hashing goes on while the rest of the program is loaded
    from hivecheck.analysis import Options
    from hivecheck.cli.found_hives import Steps, hives_in, once_each, sizes_of
    from hivecheck.errors import EvidenceError, UsageError
    from hivecheck.facts.fact import changed

    given = software if software != NO_SOFTWARE else None
    options = Options(control_set, safe_mode.value if safe_mode else None, verify.value, chosen_logs(logs), given, False)
    if case is not None:
        options = changed(options, case_notes=case)
    if judging is not None:
        from hivecheck.cli.profiles import read_profile

        profile = read_profile(judging.profile, judging.generated)
        options = changed(options, judges=True, profile=profile, min_severity=judging.min_severity.value)
    outcome = outcome or Outcome()
    searches: list[ChosenHives | None] = []
    for named in evidence:
        try:
            search = hives_in(named, all_hives, quiet, tuple(keys or ()), started is not None and named == evidence[0])
        except EvidenceError as error:
            outcome.tell_unread(error)
            searches.append(None)
            continue
        outcome.tell_missed(named, search.missed, search.damaged)
        if given is not None and len(evidence) * len(search.hives) > 1:
            hint = "Name one SYSTEM hive, or analyze each with its own SOFTWARE hive."
            raise UsageError("--software is the hive of one machine, and several SYSTEM hives were given", str(given), hint)
        searches.append(search)
    steps = Steps(sizes_of(evidence), quiet)
    for found_here in once_each(searches):
        steps.next()
        if found_here is None:
            yield None
            continue
        for place, hive in enumerate(found_here.hives):
            found = hive if software is None else changed(hive, software=None)
            try:
                with steps.doing(f"analyzing {hive.path}", place, len(found_here.hives)):
                    analysis = analyze_found(found, options, started if hive.path == evidence[0] else None)
            except EvidenceError as error:
                outcome.tell_unread(error)
                yield None
            else:
                yield analysis


def analyze_found(hive: "ChosenHive", options: "Options", digests: "PendingDigests | None" = None) -> "Analysis":
    """The analysis of a hive that was named or found, with the SOFTWARE hive that lies beside it where `options` name none.

    Where that one can't be read, the analysis goes without and says so. Raises as `analyze` does.
    """
    from hivecheck.analysis import analyze
    from hivecheck.facts.fact import changed

    if hive.software is None or options.software is not None:
        analysis = analyze(hive.path, options, digests, hive.logs, volume=hive.volume)
    else:
        from hivecheck.errors import EvidenceError

        try:
            with_software = changed(options, software=hive.software)
            analysis = analyze(hive.path, with_software, digests, hive.logs, hive.software_logs, hive.volume)
        except EvidenceError as error:
            if error.path != str(hive.software):
                raise
            analysis = _without_software(analyze(hive.path, options, digests, hive.logs, volume=hive.volume), error)
    if hive.instead_of:
        from hivecheck.cli.older_states import mark_older

        analysis = mark_older(analysis, hive)
    if hive.places:
        analysis = changed(analysis, evidence=changed(analysis.evidence, places=hive.places))
    return analysis


def _without_software(analysis: "Analysis", error: "EvidenceError") -> "Analysis":
    """The same analysis; it says that the SOFTWARE hive found beside the hive could not be used, and why."""
    from hivecheck.errors import NotAHiveError
    from hivecheck.facts.fact import changed
    from hivecheck.facts.problem import Problem

    text = f"The SOFTWARE hive found beside it was not used: {error.path}: {error.message}."
    return changed(
        analysis,
        problems=(*analysis.problems, Problem("software-unread", text, loses_data=not isinstance(error, NotAHiveError))),
    )


def _write_files(
    analyses: "list[Analysis]",
    several: bool,
    protected: tuple[Path, ...],
    generated: str,
    html: Path | None,
    json: Path | None,
) -> list[Path]:
    """Writes what --html and --json ask for; gives the paths."""
    from hivecheck.cli.output import write_text
    from hivecheck.errors import UsageError

    if html is not None:
        if len(analyses) > 1:
            raise UsageError("--html takes one hive", hint="For several hives give --output DIR.")
        import gc

        from hivecheck.report.html import render_html

        gc.disable()  # a page makes no cycles: looking for garbage would cost a quarter of the rendering
        write_text(html, (render_html(analyses[0], generated),), protected)
    if json is not None:
        from hivecheck.report.document import write_documents

        write_text(json, write_documents(analyses, generated, several), protected)
    return [path for path in (html, json) if path is not None]


def _tell_written(written: list[Path]) -> None:
    """The paths of what was written, a line each; of very many the first, which is the page that lists the others."""
    from hivecheck.cli.output import print_pieces
    from hivecheck.facts.visible import visible

    shown = written if len(written) <= _SHOWN_FILES else written[:1]
    print_pieces(("\nWritten: " + "\n         ".join(visible(str(path)) for path in shown), "\n"))
    if len(written) > len(shown):
        print_pieces((f"         and the {len(written) - len(shown)} files that it leads to\n",))
