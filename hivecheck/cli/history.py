"""`hivecheck history`: one machine over time, from every hive and every state of it that the evidence holds."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hivecheck.cli.options import (
    CaseId,
    EvidenceId,
    EvidenceList,
    Examiner,
    Json,
    Keys,
    Logs,
    NoColor,
    Notes,
    ProfileFile,
    Quiet,
    case_notes,
    chosen_logs,
)

if TYPE_CHECKING:
    from hivecheck.compare.history import History


def history_command(
    evidence: EvidenceList,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE|-", help="Write the history as one HTML page.")
    ] = None,
    json: Json = None,
    timesketch: Annotated[
        Path | None,
        typer.Option("--timesketch", metavar="FILE|-", help="Write the dated steps for Timesketch, as JSON lines."),
    ] = None,
    csv: Annotated[Path | None, typer.Option("--csv", metavar="FILE|-", help="The same as CSV.")] = None,
    logs: Logs = None,
    keys: Keys = None,
    profile: ProfileFile = None,
    case_id: CaseId = "",
    examiner: Examiner = "",
    evidence_id: EvidenceId = "",
    notes: Notes = "",
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> int:
    """Tell a machine's history, state by state of its hive.

    From control sets, log entries, copies of the hive and lists that it no longer holds. Each state is dated as well as it can be, and told by what the boot would do differently.
    """
    from hivecheck.analysis import Options
    from hivecheck.cli.history_reader import HistoryReader
    from hivecheck.cli.output import STANDARD_OUTPUT, evidence_files, generated_utc, refuse_evidence
    from hivecheck.cli.profiles import read_profile
    from hivecheck.errors import UsageError

    asked = chosen_logs(logs)
    if not isinstance(asked, str):
        raise UsageError("history takes the logs beside each hive", hint="Give --logs auto or --logs none.")
    targets = [one for one in (html, json, timesketch, csv) if one is not None]
    if len({one.absolute() for one in targets}) < len(targets):
        raise UsageError("two of --html, --json, --timesketch and --csv name the same file")
    given = (profile, *(keys or ()))
    for target in targets:
        refuse_evidence(target, evidence_files(evidence, options=given))
    generated = generated_utc()
    options = Options(verify="none", logs=asked, profile=read_profile(profile, generated))
    reader = HistoryReader(options, tuple(keys or ()), generated, quiet)
    history = reader.read(evidence)
    case = case_notes(case_id, examiner, evidence_id, notes)
    protected = evidence_files([*evidence, *reader.files], options=given)
    written = _write_files(history, protected, html, json, timesketch, csv, generated, case)
    if STANDARD_OUTPUT not in targets and not quiet:
        from hivecheck.cli.output import terminal_paper
        from hivecheck.facts.visible import visible
        from hivecheck.report.history_terminal import write_history_summary

        paper = terminal_paper(no_color)
        write_history_summary(history, case, paper)
        if written:
            paper.blank()
            paper.put(", ".join(visible(str(path)) for path in written), first="Written", indent=9)
        print(paper.text(), end="")
    return reader.outcome.code(reader.is_complete)


def _write_files(
    history: "History",
    protected: tuple[Path, ...],
    html: Path | None,
    json: Path | None,
    timesketch: Path | None,
    csv: Path | None,
    generated: str,
    case: Any,
) -> list[Path]:
    """Writes what was asked for; gives the paths."""
    from hivecheck.cli.output import write_text

    def pieces(target: Path) -> Iterator[str]:
        if target is html:
            from hivecheck.report.history_html import render_history

            yield render_history(history, generated, case)
        elif target is json:
            from hivecheck.report.history_document import write_history

            yield from write_history(history, generated, case)
        else:
            from hivecheck.report.history_export import write_history_csv, write_history_timesketch

            yield from write_history_timesketch(history) if target is timesketch else write_history_csv(history)

    targets = [one for one in (html, json, timesketch, csv) if one is not None]
    for target in targets:
        write_text(target, pieces(target), protected)
    return targets
