"""What the pages without a script have in common: their style and policy, who made them, the case and the command line.

The report on one hive has a script and a frame of its own (`html`).
"""

from collections.abc import Iterable

import hivecheck
from hivecheck.facts.case_notes import CaseNotes
from hivecheck.report.html_cells import words
from hivecheck.report.templates import hashed_file, set_template
from hivecheck.rules import RULES_VERSION


def render_plain_page(
    template: str, styles: Iterable[str], title: str, generated_utc: str, notes: CaseNotes, **parts: object
) -> str:
    """The whole page of this template. `parts` are what it alone asks for; `title` is set as it is given."""
    style, style_hash = hashed_file(styles)
    return set_template(
        template,
        style=style,
        style_hash=style_hash,
        version=hivecheck.__version__,
        rules=RULES_VERSION,
        generated=words(generated_utc),
        title=title,
        command=words(notes.command),
        **parts,
    )


def case_facts(notes: CaseNotes) -> tuple[tuple[str, str], ...]:
    """What the examiner gave, each with its label; none of what was not given."""
    given = (
        ("Case", notes.case_id),
        ("Evidence", notes.evidence_id),
        ("Examiner", notes.examiner),
        ("Notes", notes.notes),
    )
    return tuple([(label, words(said)) for label, said in given if said])
