"""What a comparison can't be sure of because a side could not be read whole: told as doubtful, not as fact.

Runs after the verdicts. What is missing on a damaged side may lie in the part that was lost, and so may what a finding there would
be about; a boot that is replayed from such a side may leave out anything.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from hivecheck.compare.change import Change, ChangeKind, Verdict
from hivecheck.compare.diff import Diff
from hivecheck.facts.fact import changed

Json = Any


def loses_data(document: Mapping[str, Json]) -> bool:
    """Whether a side was not read whole: a problem of it says that it loses data."""
    problems = document.get("problems")
    return isinstance(problems, list) and any(isinstance(one, dict) and one.get("loses_data") for one in problems)


def with_doubt(diff: Diff) -> Diff:
    """The same comparison, where what damage may have made is told as doubtful. The same object where both sides are whole.

    A suspicious change stays one; any other that is doubtful is unexplained. A doubtful finding has the reason in `doubtful`.
    """
    hurt_before, hurt_after = loses_data(diff.before), loses_data(diff.after)
    if not hurt_before and not hurt_after:
        return diff
    found = diff.findings
    return changed(
        diff,
        settings=tuple([_doubted(one, hurt_before, hurt_after, False) for one in diff.settings]),
        effects=tuple([_doubted(one, hurt_before, hurt_after, True) for one in diff.effects]),
        findings=changed(
            found,
            new=_marked(found.new, _of_new(hurt_before, hurt_after)),
            gone=_marked(found.gone, _of_gone(hurt_after)),
        ),
    )


def _doubted(change: Change, hurt_before: bool, hurt_after: bool, is_effect: bool) -> Change:
    hurt = _sides(hurt_before, hurt_after)
    if change.change is ChangeKind.REMOVED and hurt_after:
        told = "not found after: what can't be read of the after side may hold it"
    elif change.change is ChangeKind.ADDED and hurt_before:
        told = "not found before: what can't be read of the before side may have held it"
    elif is_effect or _is_length(change):
        told = f"{hurt} read whole, so this may come of what is lost"
    else:
        return change
    text = f"{change.text.rstrip('.')} (doubtful: {told})" if change.text else f"doubtful: {told}"
    if change.verdict is Verdict.SUSPICIOUS:
        return changed(change, why=f"{change.why}; doubtful: {told}", text=text)
    return changed(change, verdict=Verdict.UNEXPLAINED, why=f"doubtful: {told}", text=text)


def _is_length(change: Change) -> bool:
    """Whether a whole list is told by how long it is."""
    return any(isinstance(side, Mapping) and "length" in side for side in (change.before, change.after))


def _sides(hurt_before: bool, hurt_after: bool) -> str:
    if hurt_before and hurt_after:
        return "neither side can be"
    return "the before side can't be" if hurt_before else "the after side can't be"


def _of_new(hurt_before: bool, hurt_after: bool) -> str:
    if hurt_before:
        return "part of the before side can't be read: it may have stood there as well"
    return "part of the after side can't be read: it may come of what is lost" if hurt_after else ""


def _of_gone(hurt_after: bool) -> str:
    return (
        "part of the after side can't be read: it may stand there still"
        if hurt_after
        else "part of the before side can't be read"
    )


def _marked(findings: Iterable[Json], doubt: str) -> tuple[Json, ...]:
    return tuple([{**one, "doubtful": doubt} for one in findings])
