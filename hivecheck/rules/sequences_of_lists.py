r"""Rows without effect, and lists that undo each other. Source: detections.md 4.C, numbers 5 and 16."""

from collections.abc import Iterator

from hivecheck.facts.certainty import Confidence
from hivecheck.facts.origin import Origin
from hivecheck.rules.case import Case
from hivecheck.rules.moved_files import MovedFile
from hivecheck.rules.paths import Comparable
from hivecheck.rules.rename_telling import (
    REMEDY,
    cite,
    events_of,
    idle,
    spelled_source,
    spelled_target,
    tell_row,
    threads_of,
)
from hivecheck.rules.rule import Hit, Rule, Severity
from hivecheck.settings.catalog import PENDING_RENAMES, PENDING_RENAMES_2
from hivecheck.settings.pending_renames import read_rename_list
from hivecheck.settings.row import SM

_SOURCES = ("detections.md 4.C", "smss.md B.3")

_ROWS_TOLD = 20

_VALUES_AT_MOST = 1_000


def _check_failure(case: Case) -> Iterator[Hit]:
    if case.renames.are_starved:
        return
    for value in (PENDING_RENAMES, PENDING_RENAMES_2):
        rows = [row for row in case.renames.moved.rows if row.operation.list == value.name]
        failing = [row for row in rows if row.operation.fails]
        if not failing:
            continue
        first = failing[0]
        told = f"{len(failing)} of {len(rows)} rows of {value.name} would have no effect. The first of them: {tell_row(case, first)}."
        few = failing[:_ROWS_TOLD]
        yield Hit(told, cite(*few), value.name, None, None, events_of(*few), (f"list {value.name}",))


ORDER_FAILURE = Rule(
    id="seq-order-failure",
    family="sequences",
    title="Rows of the rename list that would have no effect",
    severity=Severity.INFO,
    confidence=Confidence.MEDIUM,
    techniques=(),
    why=(
        "A row fails where its target exists and it does not ask to replace, where an earlier row took its source away, where "
        "a folder is not empty, or where a path can't be reached. smss logs that and goes on. What such a row wants is judged "
        "by the rename rules, one step lower."
    ),
    false_positives=("Writers that add the same row again and again: every list of some age has such.",),
    remedy="None: the rows are evidence of what somebody wanted.",
    sources=_SOURCES,
    check=_check_failure,
)


def _check_undo(case: Case) -> Iterator[Hit]:
    first: dict[tuple[str, str], MovedFile] = {}
    for row in case.renames.moved.rows:
        told = row.operation.destination
        if told is None:
            continue
        if row.operation.list == PENDING_RENAMES.name:
            first.setdefault((row.operation.source.text, told.text), row)
            continue
        earlier = first.get((told.text, row.operation.source.text))
        if earlier is not None and not idle(case, row):
            yield _undo(
                case, earlier, row.operation.source, told, row.operation.list, cite(earlier, row), events_of(earlier, row)
            )
    yield from _parked(case, first)


def _parked(case: Case, first: dict[tuple[str, str], MovedFile]) -> Iterator[Hit]:
    """Rows that undo the first list and wait under a name that smss does not read."""
    key = case.key(SM)
    if not first or key is None:
        return
    names = (PENDING_RENAMES.name, PENDING_RENAMES_2.name)
    for _, raw in zip(range(_VALUES_AT_MOST), key.values(), strict=False):
        if not raw.name.casefold().startswith("pendingfilerename") or raw.name in names:
            continue
        for pair in read_rename_list(raw.name, raw).value.pairs:
            if pair.destination is None:
                continue
            source, target = case.path(pair.source.text.rstrip("\\")), case.path(pair.destination.text.rstrip("\\"))
            earlier = first.get((target.text, source.text))
            if earlier is not None:
                because = (*cite(earlier), pair.origin)
                yield _undo(case, earlier, source, target, raw.name, because, events_of(earlier))


def _undo(
    case: Case,
    earlier: MovedFile,
    source: Comparable,
    target: Comparable,
    name: str,
    because: tuple[Origin, ...],
    events: tuple[int, ...],
) -> Hit:
    read = "which smss works off right after the first" if name == PENDING_RENAMES_2.name else "which waits for a later boot"
    text = (
        f"{earlier.operation.list} would move {spelled_source(earlier)} to {spelled_target(earlier)}, and {name}, {read}, would move it back: the "
        "file is away for a while only."
    )
    return Hit(text, because, target.text, None, None, events, threads_of(case, target, source))


UNDO = Rule(
    id="seq-pfro2-undoes-pfro",
    family="sequences",
    title="A second rename list undoes the first",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    techniques=("T1562.001", "T1070.004"),
    why=(
        "Away for a moment, and back: a file that is missing while something runs leaves no trace afterwards. A public tool "
        "against security products can undo its renames at the following boot."
    ),
    false_positives=("None known; a rename list that an administrator parked under another name may look like it.",),
    remedy=REMEDY,
    sources=_SOURCES,
    check=_check_undo,
)


RULES: tuple[Rule, ...] = (
    ORDER_FAILURE,
    UNDO,
)
