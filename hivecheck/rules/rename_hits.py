"""What lies at the sources of the pending renames and deletes that a hit is about: whether they do anything, and what they would move.

A source that an earlier row puts there need not be on the volume: what counts is where it lies before the first of them.
"""

from collections.abc import Iterable, Iterator

from hivecheck.boot.actions import DeleteFile, RenameFile
from hivecheck.boot.replay import Event
from hivecheck.evidence.inventory import FileFacts, Inventory
from hivecheck.facts.certainty import Confidence
from hivecheck.facts.fact import changed
from hivecheck.facts.nt_path import NtPath
from hivecheck.rules.case import Case
from hivecheck.rules.case_renames import MovedFile
from hivecheck.rules.file_words import describe, facts_at
from hivecheck.rules.rule import Hit, Severity

_TOLD = 4  # files of one hit


def refine_renames(case: Case, inventory: Inventory, hits: Iterable[Hit]) -> Iterator[Hit]:
    """Hits about pending renames and deletes: whether what they would move is there, and what it is."""
    events = {event.number: event for event in case.replay.events}
    rows = {row.operation.event.number: row for row in case.renames.moved.rows}
    for hit in hits:
        sources: dict[str, FileFacts] = {}
        for number in hit.events:
            event = events.get(number)
            if event is None or not isinstance(event.action, RenameFile | DeleteFile):
                continue
            path = _origin(event, rows.get(number))
            facts = facts_at(case, inventory, path)
            if facts is not None:
                sources.setdefault(facts.path.casefold(), facts)
        yield _with_sources(inventory, hit, [*sources.values()])


def _origin(event: Event, row: MovedFile | None) -> NtPath:
    """Where what this row moves lies before the list: its source, or that of the first row that brings it there."""
    action = event.action
    assert isinstance(action, RenameFile | DeleteFile)
    if row is None or (row.carrier is None and row.source.text == row.operation.source.text):
        return action.source
    return NtPath(f"\\??\\{row.source.text}")


def _with_sources(inventory: Inventory, hit: Hit, sources: list[FileFacts]) -> Hit:
    """The hit with what its sources are. Where all are missing it is low; one of several that is missing is told."""
    if not sources:
        return hit
    missing = [one for one in sources if one.exists is False]
    there = [one for one in sources if one.exists]
    if missing and len(missing) == len(sources):
        what = ", ".join(one.path for one in missing[:_TOLD])
        words = f"On the volume there is no {what}: the entry does nothing at the next boot, or has done its work."
        severity = min(hit.severity or Severity.LOW, Severity.LOW)
        return changed(hit, message=f"{hit.message} {words}", severity=severity, confidence=Confidence.HIGH)
    told = [f"On the volume {one.path} is {describe(inventory, one)}." for one in there[:_TOLD]]
    told += [f"On the volume there is no {one.path}: its row does nothing." for one in missing[:_TOLD]]
    confidence = Confidence.HIGH if there and not missing else hit.confidence
    return changed(hit, message=" ".join((hit.message, *told)), confidence=confidence) if told else hit
