"""What the examiner gave, on one line of a terminal."""

from hivecheck.facts.case_notes import CaseNotes
from hivecheck.facts.visible import visible
from hivecheck.report.paper import clip

_LETTERS = 80  # of each thing said


def case_rows(notes: CaseNotes) -> list[tuple[str, str]]:
    """A row of label and text for `Paper.columns`; none where nothing was given."""
    parts = (
        ("", notes.case_id),
        ("evidence ", notes.evidence_id),
        ("examiner ", notes.examiner),
        ("", f'"{notes.notes}"' if notes.notes else ""),
    )
    told = ", ".join([label + clip(visible(said), _LETTERS) for label, said in parts if said])
    return [("Case", told)] if told else []
