"""`hivecheck recover`: deleted keys, values, rename lists and boot commands of any registry hive."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hivecheck.cli.exits import Outcome
from hivecheck.cli.options import (
    AllHives,
    CaseId,
    EvidenceId,
    Examiner,
    Json,
    Keys,
    Logs,
    NoColor,
    Notes,
    Quiet,
    case_notes,
    chosen_logs,
)

Evidence = Annotated[
    str,
    typer.Argument(
        metavar="EVIDENCE",
        help="A registry hive of any kind, or a folder, archive or disk image that holds SYSTEM hives.",
        show_default=False,
    ),
]
WriteRecovered = Annotated[
    Path | None,
    typer.Option(
        "--write-recovered", metavar="FILE", help="Write the hive with its logs applied to a new file, for other tools."
    ),
]

if TYPE_CHECKING:
    from hivecheck.cli.found_hives import ChosenHive


def recover_command(
    evidence: Evidence,
    json: Json = None,
    write_recovered: WriteRecovered = None,
    logs: Logs = None,
    all_hives: AllHives = False,
    key: Keys = None,
    case_id: CaseId = "",
    examiner: Examiner = "",
    evidence_id: EvidenceId = "",
    notes: Notes = "",
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> int:
    """Show deleted keys, values and rename lists of a hive.

    They still lie in free space, in slack, behind the end of the hive, and in its logs.
    """
    from hivecheck.cli.found_hives import Steps, hives_in, sizes_of
    from hivecheck.cli.output import evidence_files, file_on_disk, generated_utc, refuse_evidence, terminal_paper, write_text
    from hivecheck.errors import EvidenceError
    from hivecheck.recovery import Recovery, recover

    chosen = chosen_logs(logs)
    case = case_notes(case_id, examiner, evidence_id, notes)
    given = (*(logs or ()), *(key or ()))
    for target in (json, write_recovered):
        if target is not None:
            refuse_evidence(target, evidence_files([Path(evidence)], options=given))
    found: list[Recovery] = []
    search = hives_in(Path(evidence), all_hives, quiet, tuple(key or ()))
    outcome = Outcome()
    outcome.tell_missed(Path(evidence), search.missed, search.damaged)
    if write_recovered is not None:
        _write(search.hives, write_recovered, chosen, quiet)
    steps = Steps(sizes_of(hive.path for hive in search.hives), quiet)
    for hive in search.hives:
        steps.next()
        try:
            with steps.doing(f"searching {hive.path}", 0, 1):
                found.append(recover(hive.path, chosen, None, hive.logs))
        except EvidenceError as error:
            outcome.tell_unread(error)
    if json is not None and found:
        hives = [file_on_disk(hive.path) for hive in search.hives]
        protected = evidence_files([Path(evidence), *hives], options=given)
        from hivecheck.report.recovered_document import write_all_recovered

        write_text(json, write_all_recovered(found, generated_utc(), case), protected)
    elif json is None and not quiet:
        from hivecheck.report.case_words import case_rows
        from hivecheck.report.recovered import write_recovery

        for place, recovery in enumerate(found):
            paper = terminal_paper(no_color)
            if place:
                paper.blank()
            paper.columns(case_rows(case), indent=10)
            write_recovery(recovery, paper)
            print(paper.text(), end="")
    return outcome.code(all(recovery.is_complete for recovery in found))


def _write(hives: "tuple[ChosenHive, ...]", target: Path, logs: str | tuple[Path, ...], quiet: bool) -> None:
    """Writes the one hive that was found, recovered. Raises UsageError where there are several, or it can't be."""
    from hivecheck.errors import UsageError
    from hivecheck.evidence.recovered_file import write_recovered
    from hivecheck.facts.visible import visible

    if len(hives) != 1:
        raise UsageError(
            f"--write-recovered takes one hive, and {len(hives)} were found", str(target), "Name the hive itself."
        )
    size = write_recovered(hives[0].path, logs, hives[0].logs, target)
    if not quiet:
        print(f"hivecheck: {visible(str(target))}: written, {size:,} bytes.", file=sys.stderr)
