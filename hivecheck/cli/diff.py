"""`hivecheck diff`: two states of a machine held against each other, at three heights."""

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from hivecheck.cli.exits import Exit, Outcome
from hivecheck.cli.options import (
    NO_SOFTWARE,
    CaseId,
    ControlSet,
    EvidenceId,
    Examiner,
    FailOn,
    Json,
    Logs,
    MinSeverity,
    NoColor,
    Notes,
    ProfileFile,
    Quiet,
    SafeModeOption,
    Severity,
    SoftwareHive,
    case_notes,
    chosen_logs,
)

if TYPE_CHECKING:
    from hivecheck.analysis import Options
    from hivecheck.cli.diff_keys import OpenedKeys
    from hivecheck.cli.diff_sides import Side
    from hivecheck.compare.diff import Diff
    from hivecheck.facts.case_notes import CaseNotes

_SET_METAVAR = "default|current|last-known-good|N"


def diff_command(
    before: Annotated[
        Path,
        typer.Argument(
            metavar="BEFORE", help="A SYSTEM hive, a folder that holds one, or a saved analysis (JSON).", show_default=False
        ),
    ],
    after: Annotated[
        Path | None,
        typer.Argument(
            metavar="AFTER",
            help="The same of the other side; without it, BEFORE in two ways of reading.",
            show_default=False,
        ),
    ] = None,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE|-", help="Write the comparison as one HTML page.")
    ] = None,
    json: Json = None,
    whole_hive: Annotated[
        bool, typer.Option("--whole-hive", help="Compare every key and value too (any registry hives will do).")
    ] = False,
    logs: Logs = None,
    logs_before: Annotated[
        list[str] | None, typer.Option("--logs-before", metavar="auto|none|FILE", help="As --logs, for BEFORE alone.")
    ] = None,
    logs_after: Annotated[
        list[str] | None, typer.Option("--logs-after", metavar="auto|none|FILE", help="As --logs, for AFTER alone.")
    ] = None,
    control_set: ControlSet = "default",
    control_set_before: Annotated[
        str | None, typer.Option("--control-set-before", metavar=_SET_METAVAR, help="As --control-set, for BEFORE alone.")
    ] = None,
    control_set_after: Annotated[
        str | None, typer.Option("--control-set-after", metavar=_SET_METAVAR, help="As --control-set, for AFTER alone.")
    ] = None,
    against_baseline: Annotated[
        str | None,
        typer.Option(
            "--against-baseline",
            metavar="own|GENERATION",
            help="Compare one hive with a Windows as shipped: that of the hive (own), or one like win10-1903.",
            show_default=False,
        ),
    ] = None,
    safe_mode: SafeModeOption = None,
    software: SoftwareHive = None,
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
    """Compare two SYSTEM hives: settings, next boot, findings.

    What differs is told by what the next boot does with it, and whether Windows does so by itself. --fail-on counts new findings only; its exit code 3 comes before 5 (not read wholly).
    """
    from hivecheck.cli.output import STANDARD_OUTPUT, evidence_files, file_on_disk, generated_utc, refuse_evidence
    from hivecheck.compare.doubt import with_doubt
    from hivecheck.errors import UsageError

    _check_targets(html, json)
    ways = (
        Way(logs_before or logs, control_set_before or control_set),
        Way(logs_after or logs, control_set_after or control_set),
    )
    if after is None and against_baseline is None and ways[0] == ways[1]:
        hint = "Name AFTER, or another way to read it: --logs-before, --control-set-after, --against-baseline ..."
        raise UsageError("one hive in one way of reading is nothing to compare", str(before), hint)
    if after is not None and against_baseline is not None:
        raise UsageError("--against-baseline takes one hive", hint="Leave AFTER out.")
    generated = generated_utc()
    other = after if after is not None else before
    files = (software, profile, *(logs or ()), *(logs_before or ()), *(logs_after or ()))
    for target in (html, json):
        if target is not None:
            refuse_evidence(target, evidence_files([before, other], options=files))
    options = _options(safe_mode, software, profile, generated)
    if whole_hive and against_baseline is not None:
        raise UsageError("--whole-hive takes two hives, and a baseline is none")
    case = case_notes(case_id, examiner, evidence_id, notes)
    outcome = Outcome()
    with ExitStack() as opened:
        keys = None
        if whole_hive:
            from hivecheck.cli.diff_keys import open_keys

            keys = opened.enter_context(
                open_keys((before, other), (ways[0].logs, ways[1].logs), (ways[0].control_set, ways[1].control_set))
            )
        sides: tuple[Side, ...] = ()
        if keys is not None and not keys.are_system_hives:
            diff = keys.bare_diff()
        else:
            diff, sides = _compare((before, other), options, ways, against_baseline, generated, quiet, outcome)
        diff = with_doubt(diff)
        if keys is not None and keys.are_system_hives:
            keys = keys.judged(diff)
        protected = evidence_files([before, other, *(file_on_disk(side.path) for side in sides)], options=files)
        written = _write_files(diff, keys, protected, html, json, generated, case, min_severity.value)
        if STANDARD_OUTPUT not in (html, json) and not quiet:
            _print_summary(diff, keys, case, min_severity.value, no_color, written)
        if fail_on is not None and not outcome.unread and _has_new_finding(diff, fail_on):
            return Exit.FINDINGS
        is_complete = all(side.is_complete for side in sides) and (keys is None or keys.is_complete)
        return outcome.code(is_complete)


class Way(NamedTuple):
    """How one side is read."""

    logs: list[str] | None
    control_set: str


def _check_targets(html: Path | None, json: Path | None) -> None:
    from hivecheck.cli.output import STANDARD_OUTPUT
    from hivecheck.errors import UsageError

    if html == STANDARD_OUTPUT and json == STANDARD_OUTPUT:
        raise UsageError("only one of --html and --json can go to standard output")
    if html is not None and json is not None and html.absolute() == json.absolute():
        raise UsageError("--html and --json name the same file", str(html))


def _options(safe_mode: Any, software: Path | None, profile: Path | None, generated: str) -> "Options":
    """What both sides share. Findings of every severity are made: the verdicts on changes need them."""
    from hivecheck.analysis import Options
    from hivecheck.cli.profiles import read_profile

    expected = read_profile(profile, generated)
    given = software if software != NO_SOFTWARE else None
    return Options(safe_mode=safe_mode.value if safe_mode else None, verify="none", software=given, profile=expected)


def _compare(
    named: tuple[Path, Path],
    options: "Options",
    ways: "tuple[Way, Way]",
    baseline: str | None,
    generated: str,
    quiet: bool,
    outcome: Outcome,
) -> "tuple[Diff, tuple[Side, ...]]":
    """The comparison, and the sides that were read for it."""
    from hivecheck.cli.diff_sides import load_side
    from hivecheck.compare.diff import compare_documents
    from hivecheck.facts.fact import changed

    def load(path: Path, way: Way) -> "Side":
        return load_side(
            path, changed(options, logs=chosen_logs(way.logs), control_set=way.control_set), generated, quiet, outcome
        )

    if baseline is not None:
        from hivecheck.compare.baseline_side import baseline_sides, chosen_generation
        from hivecheck.errors import UsageError

        side = load(named[0], ways[1])
        if side.analysis is None:
            raise UsageError("--against-baseline takes a hive, not a saved analysis", str(named[0]))
        documents = baseline_sides(side.analysis, side.document, chosen_generation(baseline, side.analysis))
        return compare_documents(*documents, against_baseline=True), (side,)
    sides = (load(named[0], ways[0]), load(named[1], ways[1]))
    one, other = sides[0].analysis, sides[1].analysis
    services = None
    if one is not None and other is not None:
        from hivecheck.compare.services_diff import compare_services
        from hivecheck.report.diff_document import change_origins

        services = tuple(
            changed(change, because=change_origins(change)) for change in compare_services(one.services, other.services)
        )
    return compare_documents(sides[0].document, sides[1].document, services=services), sides


def _has_new_finding(diff: "Diff", severity: Severity) -> bool:
    """Whether a finding that is new, or newly so grave, and that stands, is at least so grave."""
    from hivecheck.compare.findings import severity_rank, stands

    least = severity_rank(severity.value)
    raised = {key for key, was in diff.findings.severities if severity_rank(was) < least}
    fresh = (*diff.findings.new, *(one for one in diff.findings.still if one["fingerprint"] in raised))
    return any(severity_rank(one["severity"]) >= least for one in fresh if stands(one))


def _write_files(
    diff: "Diff",
    keys: "OpenedKeys | None",
    protected: tuple[Path, ...],
    html: Path | None,
    json: Path | None,
    generated: str,
    case: "CaseNotes",
    min_severity: str,
) -> list[Path]:
    """Writes what --html and --json ask for; gives the paths."""
    from hivecheck.cli.output import write_text

    if html is not None:
        from hivecheck.report.diff_html import render_diff

        whole, verdicts = (keys.compared, keys.verdicts) if keys is not None else (None, None)
        page = render_diff(diff, generated, case, min_severity, whole, verdicts)
        write_text(html, (page,), protected)
    if json is not None:
        from hivecheck.report.diff_document import write_diff

        fields, compared = None, None
        if keys is not None:
            from hivecheck.report.diff_keys import keys_fields

            compared = keys.compared
            fields = keys_fields(compared, keys.verdicts)
        write_text(json, write_diff(diff, generated, case, min_severity, fields, compared), protected)
    return [path for path in (html, json) if path is not None]


def _print_summary(
    diff: "Diff", keys: "OpenedKeys | None", case: "CaseNotes", min_severity: str, no_color: bool, written: list[Path]
) -> None:
    from hivecheck.cli.output import terminal_paper
    from hivecheck.facts.visible import visible
    from hivecheck.report.diff_terminal import write_diff_summary

    paper = terminal_paper(no_color)
    write_diff_summary(diff, case, min_severity, paper, keys.compared if keys is not None else None)
    if keys is not None:
        from hivecheck.report.diff_keys import write_keys

        write_keys(keys.compared, paper, keys.verdicts)
    if written:
        paper.blank()
        paper.put(", ".join(visible(str(path)) for path in written), first="Written", indent=9)
    print(paper.text(), end="")
