"""What an examiner says of a case: it goes into the reports as it was given, and decides nothing."""

from hivecheck.facts.fact import fact


@fact
class CaseNotes:
    """'' for what was not given. `command` is the command line that made the report."""

    case_id: str = ""
    examiner: str = ""
    evidence_id: str = ""
    notes: str = ""
    command: str = ""


NO_NOTES = CaseNotes()
