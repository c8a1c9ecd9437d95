"""`hivecheck replay`: the ordered events of the next boot."""

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
)


def replay_command(
    evidence: Evidence,
    json: Json = None,
    tree: Annotated[bool, typer.Option("--tree", help="Show the tree of its processes in place of the events.")] = False,
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
    """Show the next boot, event by event."""
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
        from hivecheck.report.document import write_replay_documents

        if found:
            write_text(
                json,
                write_replay_documents(found, generated_utc(), len(analyses) > 1),
                evidence_files([evidence], found, given),
            )
    elif not quiet:
        from hivecheck.report.listing import write_events, write_processes
        from hivecheck.report.terminal import write_heading, write_problems

        for analysis in found:
            paper = terminal_paper(no_color)
            write_heading(analysis, paper)
            if tree:
                write_processes(analysis, paper)
            else:
                write_events(analysis, paper)
            write_problems(analysis, paper)
            print(paper.text(), end="")
    return outcome.code(all(analysis.is_complete for analysis in found))
