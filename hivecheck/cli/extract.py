"""`hivecheck extract`: every setting with presence, value and origin, or the keys themselves in hive notation."""

from pathlib import Path
from typing import Annotated

import typer

from hivecheck.cli.exits import Outcome
from hivecheck.cli.options import (
    AllHives,
    CaseId,
    ControlSet,
    Evidence,
    EvidenceId,
    Examiner,
    Json,
    Keys,
    Logs,
    NoColor,
    Notes,
    Quiet,
    SafeModeOption,
    SoftwareHive,
    Verification,
    case_notes,
    chosen_logs,
)


def extract_command(
    evidence: Evidence,
    json: Json = None,
    notation: Annotated[
        bool,
        typer.Option("--notation", help="Print the keys as hive notation, which reads back: for bug reports and tests."),
    ] = False,
    control_set: ControlSet = "default",
    safe_mode: SafeModeOption = None,
    logs: Logs = None,
    software: SoftwareHive = None,
    all_hives: AllHives = False,
    key: Keys = None,
    case_id: CaseId = "",
    examiner: Examiner = "",
    evidence_id: EvidenceId = "",
    notes: Notes = "",
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> int:
    """Show every setting, and where it comes from."""
    from hivecheck.errors import UsageError

    if notation and json is not None:
        raise UsageError("--notation and --json exclude each other")
    if notation and software is not None:
        raise UsageError("--notation and --software exclude each other")
    if notation:
        return _extract_notation(evidence, control_set, logs, all_hives, key, quiet)
    from hivecheck.cli.analyze import analyze_all
    from hivecheck.cli.output import evidence_files, generated_utc, refuse_evidence, terminal_paper, write_text

    given = (software, *(logs or ()), *(key or ()))
    if json is not None:
        refuse_evidence(json, evidence_files([evidence], options=given))
    case = case_notes(case_id, examiner, evidence_id, notes)
    outcome = Outcome()
    analyses = list(
        analyze_all(
            [evidence],
            control_set,
            safe_mode,
            Verification.NONE,
            logs,
            software,
            case=case,
            outcome=outcome,
            all_hives=all_hives,
            quiet=quiet,
            keys=key,
        )
    )
    found = [analysis for analysis in analyses if analysis is not None]
    if json is not None:
        from hivecheck.report.document import write_settings_documents

        if found:
            write_text(
                json,
                write_settings_documents(found, generated_utc(), len(analyses) > 1),
                evidence_files([evidence], found, given),
            )
    elif not quiet:
        from hivecheck.report.listing import write_settings
        from hivecheck.report.terminal import write_heading, write_problems

        for analysis in found:
            paper = terminal_paper(no_color)
            write_heading(analysis, paper)
            write_settings(analysis, paper)
            write_problems(analysis, paper)
            print(paper.text(), end="")
    return outcome.code(all(analysis.is_complete for analysis in found))


def _extract_notation(
    evidence: Path, control_set: str, logs: list[str] | None, all_hives: bool, keys: list[str] | None, quiet: bool
) -> int:
    from hivecheck.analysis import Options
    from hivecheck.cli.found_hives import hives_in
    from hivecheck.extraction import extract_notation

    search = hives_in(evidence, all_hives, quiet, tuple(keys or ()))
    outcome = Outcome()
    outcome.tell_missed(evidence, search.missed, search.damaged)
    all_complete = True
    for place, hive in enumerate(search.hives):
        text, complete = extract_notation(hive.path, Options(control_set, logs=chosen_logs(logs)), hive.logs)
        print("\n" if place else "", end="")
        print(text, end="")
        all_complete &= complete
    return outcome.code(all_complete)
