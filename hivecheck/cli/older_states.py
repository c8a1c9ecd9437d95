"""The analysis of a copy of before that stands in for the hive its machine boots from: marked as such, and dated."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hivecheck.analysis import Analysis
    from hivecheck.cli.found_hives import ChosenHive
    from hivecheck.evidence.older_state import OlderState


def mark_older(analysis: "Analysis", hive: "ChosenHive") -> "Analysis":
    """The same analysis; it says which copy it is of, of when, and what is wrong with the hive that boots."""
    from hivecheck.evidence.hive_evidence import BOOT_HIVE_UNREAD
    from hivecheck.facts.fact import changed
    from hivecheck.facts.problem import Problem

    older = _older_state(analysis, hive)
    dated = f" ({older.dated_by})" if older.dated_by else ""
    text = f"This is an older state of the machine, {older.copy_words}{dated}, and not the one it boots next: {hive.instead_of}."
    lost = Problem(BOOT_HIVE_UNREAD, text, loses_data=True)
    return changed(analysis, problems=(lost, *analysis.problems), older_state=older)


def _older_state(analysis: "Analysis", hive: "ChosenHive") -> "OlderState":
    from hivecheck.compare.history_dates import date_hive, find_newest_keys
    from hivecheck.errors import EvidenceError
    from hivecheck.evidence.layouts import HiveKind
    from hivecheck.evidence.older_state import OlderState
    from hivecheck.evidence.opening import open_with_logs
    from hivecheck.report.history_view import MEANINGS

    taken = hive.volume.taken if hive.volume is not None else 0
    try:
        opened = open_with_logs(hive.path, analysis.options.logs, beside=hive.logs)
    except EvidenceError:
        return OlderState(hive.kind or HiveKind.LOOSE, hive.instead_of, 0, "")
    try:
        block = None if opened.recovered else opened.primary
        dates = date_hive(find_newest_keys(opened.hive), block, analysis.facts, taken)
    finally:
        opened.close()
    ticks, told = (dates[0].ticks, MEANINGS[dates[0].meaning].partition(":")[0]) if dates else (0, "")
    return OlderState(hive.kind or HiveKind.LOOSE, hive.instead_of, ticks, told)
