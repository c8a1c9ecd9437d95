"""`hivecheck export`: findings, keys and times in the formats of other tools."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hivecheck.cli.exits import Exit, Outcome
from hivecheck.cli.options import (
    AllHives,
    CaseId,
    ControlSet,
    EvidenceId,
    EvidenceList,
    Examiner,
    FailOn,
    Keys,
    Logs,
    MinSeverity,
    Notes,
    ProfileFile,
    Quiet,
    SafeModeOption,
    Severity,
    SoftwareHive,
    Verification,
    case_notes,
    chosen_logs,
)

if TYPE_CHECKING:
    from hivecheck.analysis import Analysis
    from hivecheck.facts.evidence_path import EvidencePath
    from hivecheck.recovery import Recovery
    from hivecheck.report.export_rows import HiveRows
    from hivecheck.report.export_sarif import SarifInput


class ExportFormat(StrEnum):
    """The formats of an export."""

    TIMESKETCH = "timesketch"
    TIMESKETCH_CSV = "timesketch-csv"
    L2TCSV = "l2tcsv"
    TLN = "tln"
    BODYFILE = "bodyfile"
    CSV = "csv"
    MARKDOWN = "markdown"
    STIX = "stix"
    SARIF = "sarif"
    NAVIGATOR = "navigator"


_ENDINGS = {ExportFormat.TIMESKETCH: ".jsonl", ExportFormat.TIMESKETCH_CSV: ".csv"}


def export_command(
    evidence: EvidenceList,
    form: Annotated[ExportFormat, typer.Option("--format", "-f", help="What to write.", show_default=False)],
    output: Annotated[
        Path,
        typer.Option(
            "--output", "-o", metavar="FILE|-", help="Where to write it; - is standard output.", show_default=False
        ),
    ],
    recover: Annotated[
        bool, typer.Option("--recover/--no-recover", help="List deleted keys in the timelines as well.")
    ] = True,
    control_set: ControlSet = "default",
    safe_mode: SafeModeOption = None,
    logs: Logs = None,
    software: SoftwareHive = None,
    all_hives: AllHives = False,
    key: Keys = None,
    profile: ProfileFile = None,
    min_severity: MinSeverity = Severity.INFO,
    fail_on: FailOn = None,
    case_id: CaseId = "",
    examiner: Examiner = "",
    evidence_id: EvidenceId = "",
    notes: Notes = "",
    quiet: Quiet = False,
) -> int:
    """Write findings, keys and times in a format of other tools."""
    from hivecheck.cli.analyze import Judging, analyze_all
    from hivecheck.cli.output import STANDARD_OUTPUT, evidence_files, generated_utc, refuse_evidence, write_text

    _check_ending(form, output)
    given = (software, profile, *(logs or ()), *(key or ()))
    refuse_evidence(output, evidence_files(evidence, options=given))
    generated = generated_utc()
    case = case_notes(case_id, examiner, evidence_id, notes)
    judging = Judging(profile, min_severity, generated)
    outcome = Outcome()
    read = analyze_all(
        evidence, control_set, safe_mode, Verification.NONE, logs, software, judging, case, outcome, all_hives, quiet, key
    )
    analyses = list(read)
    found = [analysis for analysis in analyses if analysis is not None]
    if not found:
        return Exit.UNREADABLE
    complete = all(analysis.is_complete for analysis in found)
    protected = evidence_files(evidence, found, given)
    if form in _TIMELINES:
        hives = list(_rows(found, recover, logs, quiet))
        complete = complete and all(whole for _, whole in hives)
        write_text(output, _TIMELINES[form]()([rows for rows, _ in hives]), protected)
        if not quiet:
            _tell_left_out(sum(rows.left_out for rows, _ in hives))
            if form is not ExportFormat.CSV:
                _tell_undated(sum(rows.undated for rows, _ in hives))
    else:
        write_text(output, _DOCUMENTS[form](found, generated), protected)
    if not quiet and form is not ExportFormat.MARKDOWN:  # a ticket tells what stands, whatever is asked for
        _tell_withheld(found, min_severity)
    if not quiet and output != STANDARD_OUTPUT:
        from hivecheck.facts.visible import visible

        print(f"Written: {visible(str(output))}")
    code = outcome.code(complete)
    if fail_on is not None and code is not Exit.UNREADABLE and _is_grave(found, fail_on):
        return Exit.FINDINGS
    return code


def _check_ending(form: ExportFormat, output: Path) -> None:
    """Raises UsageError for a file that Timesketch would refuse for its name."""
    ending = _ENDINGS.get(form, "")
    if ending and str(output) != "-" and output.suffix != ending:
        from hivecheck.errors import UsageError

        raise UsageError(f"Timesketch takes such a file only if its name ends in {ending}", str(output))


def _is_grave(analyses: "Iterable[Analysis]", least: Severity) -> bool:
    """Whether a finding that stands is at least so grave, be it told or not."""
    from hivecheck.rules.rule import Severity as Scale

    grave = Scale(least.value)
    return any(one.severity >= grave for analysis in analyses for one in analysis.findings if not one.expected)


def _rows(
    analyses: "Sequence[Analysis]", recover: bool, logs: list[str] | None, quiet: bool
) -> "Iterator[tuple[HiveRows, bool]]":
    """The rows of each hive, and whether all of it that was searched for deleted keys could be read."""
    from hivecheck.cli.found_hives import Steps
    from hivecheck.report.export_rows import rows_of

    steps = Steps([analysis.evidence.size for analysis in analyses], quiet)
    for analysis in analyses:
        steps.next()
        with steps.doing(f"searching {analysis.evidence.source}", 0, 1):
            recovery = _recovery(analysis, logs) if recover else None
        yield rows_of(analysis, recovery), recovery is None or recovery.is_complete


def _recovery(analysis: "Analysis", logs: list[str] | None) -> "Recovery":
    from hivecheck.recovery import recover

    beside = tuple(log.path for log in analysis.evidence.logs)
    return recover(analysis.evidence.path, chosen_logs(logs), beside=beside)


def _tell_undated(count: int) -> None:
    """Says on standard error that a timeline lacks findings, where it does."""
    import sys

    if count:
        cite = (
            "finding cites nothing that has a time: it is"
            if count == 1
            else "findings cite nothing that has a time: they are"
        )
        print(f"hivecheck: {count:,} {cite} not in a timeline, but in --format csv and in analyze --json.", file=sys.stderr)


def _tell_withheld(analyses: "Sequence[Analysis]", least: Severity) -> None:
    """Says on standard error that findings milder than asked for were left out, where there were any."""
    import sys

    count = sum(len(analysis.milder_findings) for analysis in analyses)
    if count:
        are = "finding that stands is" if count == 1 else "findings that stand are"
        print(f"hivecheck: {count:,} {are} withheld by --min-severity {least.value}.", file=sys.stderr)


def _tell_left_out(count: int) -> None:
    """Says on standard error that times were left out, where there were any."""
    import sys

    if count:
        times = "time that is no date was" if count == 1 else "times that are no dates were"
        print(f"hivecheck: {count:,} {times} left out (0, before 1970, or after 2261).", file=sys.stderr)


Timeline = Callable[["Iterable[HiveRows]"], Iterator[str]]


def _timesketch() -> Timeline:
    from hivecheck.report.export_timesketch import write_timesketch

    return write_timesketch


def _timesketch_csv() -> Timeline:
    from hivecheck.report.export_timesketch import write_timesketch_csv

    return write_timesketch_csv


def _l2tcsv() -> Timeline:
    from hivecheck.report.export_l2tcsv import write_l2tcsv

    return write_l2tcsv


def _tln() -> Timeline:
    from hivecheck.report.export_tln import write_tln

    return write_tln


def _bodyfile() -> Timeline:
    from hivecheck.report.export_bodyfile import write_bodyfile

    return write_bodyfile


def _csv() -> Timeline:
    from hivecheck.report.export_flat_csv import write_flat_csv

    return write_flat_csv


def _markdown(analyses: "Sequence[Analysis]", generated: str) -> Iterator[str]:
    from hivecheck.report.export_markdown import write_markdown

    return write_markdown(analyses, generated)


def _stix(analyses: "Sequence[Analysis]", generated: str) -> Iterator[str]:
    from hivecheck.report.export_cells import json_lines
    from hivecheck.report.export_stix import stix_bundle

    yield json_lines(stix_bundle(analyses, generated))


def _sarif(analyses: "Sequence[Analysis]", generated: str) -> Iterator[str]:
    from hivecheck.report.export_cells import json_lines
    from hivecheck.report.export_sarif import sarif_log

    yield json_lines(sarif_log(map(_with_cells, analyses), generated))


def _navigator(analyses: "Sequence[Analysis]", generated: str) -> Iterator[str]:
    from hivecheck.report.export_cells import json_lines
    from hivecheck.report.export_navigator import navigator_layer

    yield json_lines(navigator_layer(analyses, generated))


# formats that are made of rows, and formats that are made of whole analyses
_TIMELINES: dict[ExportFormat, Callable[[], Timeline]] = {
    ExportFormat.TIMESKETCH: _timesketch,
    ExportFormat.TIMESKETCH_CSV: _timesketch_csv,
    ExportFormat.L2TCSV: _l2tcsv,
    ExportFormat.TLN: _tln,
    ExportFormat.BODYFILE: _bodyfile,
    ExportFormat.CSV: _csv,
}
_DOCUMENTS: "dict[ExportFormat, Callable[[Sequence[Analysis], str], Iterator[str]]]" = {
    ExportFormat.MARKDOWN: _markdown,
    ExportFormat.STIX: _stix,
    ExportFormat.SARIF: _sarif,
    ExportFormat.NAVIGATOR: _navigator,
}


def _with_cells(analysis: "Analysis") -> "SarifInput":
    """The analysis with the sizes of the cells that it cites, read from the file; none where logs changed what is cited."""
    from hivecheck.report.export_sarif import SarifInput, cited_offsets

    if analysis.evidence.recovered:
        return SarifInput(analysis, {})
    source = analysis.evidence.path
    try:
        return SarifInput(analysis, _cell_sizes(source, cited_offsets(analysis), analysis.evidence.size))
    except OSError as error:
        from hivecheck.errors import EvidenceError

        raise EvidenceError(f"the file can't be read again: {error.strerror or error}", str(source)) from error


def _cell_sizes(source: "EvidencePath", offsets: Iterable[int], size: int) -> dict[int, int]:
    """The sizes in bytes of the cells in use that begin at these offsets of a file of this size."""
    from hivecheck.registry.plain_files import open_plain

    found: dict[int, int] = {}
    with open_plain(source) as file:
        for offset in offsets:
            file.seek(offset)
            cell = -int.from_bytes(file.read(4), "little", signed=True)  # that of a cell in use is negative
            if 0 < cell <= size - offset:
                found[offset] = cell
    return found
