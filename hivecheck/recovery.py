"""What was deleted from a hive: keys, values, rename lists, boot commands, from the hive as found, with its logs, and in its logs.

A front door of its own beside `analysis`: any registry hive will do, and nothing found here ever enters a replay.
"""

from collections.abc import Iterator
from pathlib import Path

from hivecheck.evidence.digest import Digests, PendingDigests
from hivecheck.evidence.opening import LogEvidence, OpenedHive, open_with_logs
from hivecheck.facts.evidence_path import EvidencePath
from hivecheck.facts.fact import fact
from hivecheck.facts.origin import KeyRef
from hivecheck.facts.problem import Problem
from hivecheck.registry.base_block import BaseBlock
from hivecheck.registry.carve import Carved, DeletedKey, DeletedValue, carve_view, merge_carved
from hivecheck.registry.earlier import FOUND_AT_MOST, EarlierContent, EarlierContents, find_earlier
from hivecheck.registry.hive_views import view_hive
from hivecheck.registry.live_names import LiveNames, LiveRecords
from hivecheck.registry.log_entries import TransactionLog
from hivecheck.registry.log_views import is_searched_whole, view_logs
from hivecheck.registry.lost_data import DataAllowance
from hivecheck.registry.lost_nodes import NODES_AT_MOST
from hivecheck.registry.reachability import SLACKS_AT_MOST
from hivecheck.registry.regf import RegfHive, refuse_too_large
from hivecheck.registry.region import RegionKind
from hivecheck.registry.regions import REGIONS_AT_MOST, count_bytes
from hivecheck.registry.sequence_numbers import SEQUENCE_NUMBERS, first_and_last
from hivecheck.registry.views import Stage, View
from hivecheck.settings.remnants import RENAME_NAMES
from hivecheck.settings.session_remnants import SessionRemnants, carve_hives, claim_hives, collect_session


@fact
class Searched:
    """One state of the hive that was searched, and how many bytes of each kind of region it has."""

    stage: Stage
    size: int
    bytes_by_kind: tuple[tuple[RegionKind, int], ...]


@fact
class Recovery:
    """All that was found. `earlier` are texts that present values may have held before."""

    source: str
    name: str
    size: int
    digests: Digests
    base_block: BaseBlock
    logs: tuple[LogEvidence, ...]
    searched: tuple[Searched, ...]
    session: SessionRemnants
    keys: tuple[DeletedKey, ...]
    values: tuple[DeletedValue, ...]
    earlier: tuple[EarlierContent, ...]
    problems: tuple[Problem, ...]

    @property
    def is_complete(self) -> bool:
        """False where part of the hive could not be read."""
        return not any(problem.loses_data for problem in self.problems)


def recover(
    path: EvidencePath,
    logs: str | tuple[Path, ...] = "auto",
    digests: PendingDigests | None = None,
    beside: tuple[EvidencePath, ...] | None = None,
) -> Recovery:
    """Everything deleted that the registry hive in this file still holds. `logs`: auto, none, or the files to use.

    `beside` are the logs beside it, where they were found already, as in an archive.

    Raises EvidenceError where the file can't be read, NotAHiveError where it is no hive, UsageError for a log that can't be read.
    """
    refuse_too_large(path)
    started = digests or PendingDigests(path)
    opened = open_with_logs(path, logs, beside=beside)
    try:
        return _recover(path, opened, started)
    finally:
        opened.close()


def _recover(path: EvidencePath, opened: OpenedHive, digests: PendingDigests) -> Recovery:
    stages: tuple[tuple[RegfHive, Stage], ...] = ((opened.hive, Stage.AS_FOUND),)
    if opened.unrecovered is not None:
        stages = ((opened.unrecovered, Stage.AS_FOUND), (opened.hive, Stage.RECOVERED))
    elif opened.recovered:
        stages = ((opened.hive, Stage.RECOVERED),)
    views = tuple(view_hive(hive, stage) for hive, stage in stages)
    records = LiveRecords.of(view.reach for view in views if view.reach is not None)
    carved = carve_hives(views, records)
    logs = _own_logs(opened)
    claims = claim_hives(views, carved)
    session = collect_session(stages, views, carved, logs, claims)
    merged = merge_carved((*carved, *_carve_logs(views, opened, records)))
    earlier = tuple(
        find_earlier(view, LiveNames(view.reach), owned)
        for view, owned in zip(views, claims, strict=True)
        if view.reach is not None
    )
    root = opened.hive.root.ref
    problems = (
        *_limits(views, root),  # the caveat to all that is told, before what the reader met
        *opened.problems,
        *(problem for hive, _ in stages for problem in hive.problems),
        *_told_limits(merged, session, earlier, root),
        *_log_limits(logs, root),
    )
    block = opened.primary or opened.hive.base_block
    searched = tuple(Searched(view.stage, len(view.buffer), tuple(count_bytes(view.regions).items())) for view in views)
    return Recovery(
        str(path), path.name, opened.size, digests.result(), block, opened.logs, searched, session,
        merged.keys, merged.values, _each_once(earlier), tuple(dict.fromkeys(problems)),
    )  # fmt: skip


def _limits(views: tuple[View, ...], root: KeyRef) -> Iterator[Problem]:
    """What the walk through the tree could not follow, and what was too much."""
    for view in views:
        if view.reach is not None and view.reach.broken:
            text = (
                f"{view.reach.broken} references in the hive ({view.stage.value}) lead nowhere: what lay behind them can't be "
                "reached, and need not have been deleted."
            )
            yield Problem("broken-references", text, (root,), loses_data=True)
        if view.reach is not None and (len(view.reach.slacks) >= SLACKS_AT_MOST or len(view.regions) >= REGIONS_AT_MOST):
            text = f"The hive ({view.stage.value}) has too many free cells or too much slack: the rest is not searched."
            yield Problem("limit-regions", text, (root,))


def _told_limits(
    carved: Carved, session: SessionRemnants, earlier: tuple[EarlierContents, ...], root: KeyRef
) -> Iterator[Problem]:
    """What was too much to tell all of it."""
    if carved.limited:
        text = f"More than {NODES_AT_MOST:,} deleted keys and values in one place, or too many lists of values: the rest is not told."
        yield Problem("limit-nodes", text, (root,))
    if carved.unread:
        text = (
            f"The deleted values claim more data than the hive can have held: those of {carved.unread:,} values, the largest ones, "
            "are not read."
        )
        yield Problem("limit-data", text, (root,))
    for text in session.limits:
        yield Problem("limit-lists", text, (root,))
    if any(one.limited for one in earlier):
        text = f"More than {FOUND_AT_MOST:,} texts that present values may have held: the rest is not told."
        yield Problem("limit-earlier", text, (root,))


def _log_limits(logs: tuple[TransactionLog, ...], root: KeyRef) -> Iterator[Problem]:
    if not is_searched_whole(logs):
        text = "The logs hold too many entries or pages: some are not searched for deleted keys and values."
        yield Problem("limit-log-entries", text, (root,))


def _own_logs(opened: OpenedHive) -> tuple[TransactionLog, ...]:
    """The logs without those of another hive: what they hold was never deleted from this one."""
    return tuple(log.fate.log for log in opened.logs if not log.fate.foreign)


def _carve_logs(views: tuple[View, ...], opened: OpenedHive, records: LiveRecords) -> list[Carved]:
    """The deleted keys and values that the logs' pages show and no state of the hive does."""
    reaches = tuple(view.reach for view in views if view.reach is not None)
    live = LiveNames(reaches[-1])
    logs = _own_logs(opened)
    if logs:
        live.index()
    applied = [(fate.sequence, log.fate.log.name) for log in opened.logs for fate in log.fate.fates if fate.applied]
    first = first_and_last(sequence for sequence, _ in applied)[0] if applied else 0
    applied.sort(key=lambda one: ((one[0] - first) % SEQUENCE_NUMBERS, one[1]))  # the numbers begin anew after the last one
    found = view_logs(views[0].buffer, logs, [(name, sequence) for sequence, name in applied])
    allowance = DataAllowance(len(views[0].buffer))
    return [carve_view(view, live, reaches, records, allowance) for view in found]


def _each_once(earlier: tuple[EarlierContents, ...]) -> tuple[EarlierContent, ...]:
    """Those of all states. Rename lists are left to the histories, which know their grammar."""
    found: dict[object, EarlierContent] = {}
    for one in (one for state in earlier for one in state.contents):
        if one.value.value.upper() not in RENAME_NAMES:
            found.setdefault((one.offset, one.data), one)
    return tuple(found.values())
