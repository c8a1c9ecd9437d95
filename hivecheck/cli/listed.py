"""What `extract` and `replay` share: hives analyzed without a second reader or a rule, then one document, or a listing of each."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hivecheck.cli.exits import Outcome
from hivecheck.cli.options import Verification

if TYPE_CHECKING:
    from hivecheck.analysis import Analysis
    from hivecheck.cli.options import SafeMode
    from hivecheck.facts.case_notes import CaseNotes
    from hivecheck.report.paper import Paper

Documents = Callable[[list["Analysis"], str, bool], Iterable[str]]
Listing = Callable[["Analysis", "Paper"], None]


def list_hives(
    evidence: Path,
    json: Path | None,
    documents: Documents,
    listing: Listing,
    *,
    control_set: str,
    safe_mode: "SafeMode | None",
    logs: list[str] | None,
    software: Path | None,
    all_hives: bool,
    keys: list[str] | None,
    case: "CaseNotes",
    quiet: bool,
    no_color: bool,
) -> int:
    """The exit code. `documents` gives what is written to `json`, `listing` sets one analysis between its heading and its problems.

    Raises UsageError where `json` names a piece of the evidence.
    """
    from hivecheck.cli.analyze import analyze_all
    from hivecheck.cli.output import evidence_files, generated_utc, refuse_evidence, terminal_paper, write_text

    given: tuple[Any, ...] = (software, *(logs or ()), *(keys or ()))
    if json is not None:
        refuse_evidence(json, evidence_files([evidence], options=given))
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
            keys=keys,
        )
    )
    found = [analysis for analysis in analyses if analysis is not None]
    if json is not None and found:
        pieces = documents(found, generated_utc(), len(analyses) > 1)
        write_text(json, pieces, evidence_files([evidence], found, given))
    elif json is None and not quiet:
        from hivecheck.report.terminal import write_heading, write_problems

        for analysis in found:
            paper = terminal_paper(no_color)
            write_heading(analysis, paper)
            listing(analysis, paper)
            write_problems(analysis, paper)
            print(paper.text(), end="")
    return outcome.code(all(analysis.is_complete for analysis in found))
