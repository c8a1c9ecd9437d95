"""`hivecheck extract`: every setting with presence, value and origin, or the keys themselves in hive notation."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hivecheck.cli.exits import Outcome
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
    chosen_logs,
)

if TYPE_CHECKING:
    from hivecheck.analysis import Analysis
    from hivecheck.report.paper import Paper


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

    def documents(found: "list[Analysis]", generated: str, several: bool) -> Iterator[str]:
        from hivecheck.report.document import write_settings_documents

        return write_settings_documents(found, generated, several)

    def listing(analysis: "Analysis", paper: "Paper") -> None:
        from hivecheck.report.listing import write_settings

        write_settings(analysis, paper)

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
