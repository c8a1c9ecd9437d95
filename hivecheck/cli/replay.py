"""`hivecheck replay`: the ordered events of the next boot."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from hivecheck.cli.listed import list_hives
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
    case_notes,
)

if TYPE_CHECKING:
    from hivecheck.analysis import Analysis
    from hivecheck.report.paper import Paper


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

    def documents(found: "list[Analysis]", generated: str, several: bool) -> Iterator[str]:
        from hivecheck.report.document import write_replay_documents

        return write_replay_documents(found, generated, several)

    def listing(analysis: "Analysis", paper: "Paper") -> None:
        from hivecheck.report.listing import write_events, write_processes

        (write_processes if tree else write_events)(analysis, paper)

    return list_hives(
        evidence,
        json,
        documents,
        listing,
        control_set=control_set,
        safe_mode=safe_mode,
        logs=logs,
        software=software,
        all_hives=all_hives,
        keys=key,
        case=case_notes(case_id, examiner, evidence_id, notes),
        quiet=quiet,
        no_color=no_color,
    )
