"""A hive as a piece of evidence: the file with its hashes, its state, its logs, and what its state leaves open."""

from pathlib import Path

from hivecheck.errors import EvidenceError
from hivecheck.evidence.digest import Digests, PendingDigests
from hivecheck.evidence.opening import LogChange, LogEvidence, OpenedHive
from hivecheck.facts.evidence_path import EvidencePath
from hivecheck.facts.fact import changed, fact
from hivecheck.facts.origin import KeyRef
from hivecheck.facts.problem import Problem
from hivecheck.registry.base_block import BaseBlock
from hivecheck.registry.readers import ReaderOpinion

BOOT_HIVE_UNREAD = "boot-hive-unread"
"""The code of the problem that tells that a copy of before is read, as the hive that boots can't be."""
LAST_CHANGES = "so its last changes may be in its log files, and missing here"
"""Of a dirty hive without logs: that its sequence numbers differ says that a write was under way, not that a log holds more."""


@fact
class Evidence:
    """The hive as a piece of evidence. `base_block` is that of the file itself, of the recovered hive where the file has none.

    `dirty`: its last changes were still in the logs when it was taken. `recovered`: they were applied, in memory, and changed
    what `log_changes` tells of the Session Manager. `path` opens the file again. `places` are all where the same bytes lie, in words,
    where a search found several; empty else.
    """

    source: str
    name: str
    size: int
    digests: Digests
    base_block: BaseBlock
    root_name: str
    dirty: bool
    logs: tuple[LogEvidence, ...]
    recovered: bool
    log_changes: tuple[LogChange, ...]
    readers: tuple[ReaderOpinion, ...]
    path: EvidencePath
    places: tuple[str, ...] = ()


def hive_evidence(
    path: EvidencePath, opened: OpenedHive, digests: PendingDigests, readers: tuple[ReaderOpinion, ...] = ()
) -> Evidence:
    """What is to be told of a hive that was read. Raises EvidenceError where the file can't be read to its end."""
    hive = opened.hive
    try:
        hashes = digests.result()
    except OSError as error:
        raise EvidenceError(f"the file can't be read to its end: {error}", str(path)) from error
    # A file without a base block of its own has none of the numbers of the one that a log lent it.
    lent = changed(hive.base_block, checksum_ok=False, primary_sequence=0, secondary_sequence=0, last_written=0)
    block = opened.primary or lent
    return Evidence(
        str(path),
        path.name,
        opened.size,
        hashes,
        block,
        hive.root.name,
        opened.primary is None or block.dirty,
        opened.logs,
        opened.recovered,
        opened.changes,
        readers,
        path,
    )


def state_problems(evidence: Evidence, logs: str | tuple[Path, ...], root: KeyRef) -> list[Problem]:
    """What the state of the hive leaves open: changes that lie in logs which are missing, unused or not wholly usable.

    `logs` are those that were asked for: auto, none or files.
    """
    block = evidence.base_block
    if not evidence.dirty:
        return _foreign_logs(evidence, root) + _newer_logs(evidence, root)
    why = (
        f"its sequence numbers are {block.primary_sequence} and {block.secondary_sequence}"
        if block.primary_sequence != block.secondary_sequence
        else "its base block is bad"
    )
    if evidence.recovered:
        return _foreign_logs(evidence, root) + _recovery_problems(evidence, root)
    if logs == "none":
        beside = f"logs were not asked for, {LAST_CHANGES}"
    elif evidence.logs:
        told = "; ".join(
            f"{log.path.name}: {'it is the log of another hive' if log.fate.foreign else log.fate.why}"
            for log in evidence.logs
        )
        beside = f"nothing of its logs could be applied ({told}), {LAST_CHANGES}"
    else:
        beside = f"there are no logs beside it, {LAST_CHANGES}"
    return [Problem("dirty-hive", f"The hive is dirty ({why}); {beside}.", (root,)), *_foreign_logs(evidence, root)]


def _foreign_logs(evidence: Evidence, root: KeyRef) -> list[Problem]:
    """The logs whose base block is not that of this hive, applied or not."""
    problems: list[Problem] = []
    for log in evidence.logs:
        name, fate = log.path.name, log.fate
        if fate.doubt and fate.applied:
            text = (
                f"The log {name} was applied, but may be that of another hive: {fate.doubt}. What it changed may be untrue."
            )
        elif fate.foreign:
            text = f"The log {name} is that of another hive: {fate.doubt}. Nothing of it was used; to apply it anyway, give --logs."
        else:
            continue
        problems.append(Problem("log-of-another-hive", text, (root,)))
    return problems


def _newer_logs(evidence: Evidence, root: KeyRef) -> list[Problem]:
    """Logs that go on after a clean hive: the file is a restored or an older copy."""
    told = [f"{log.path.name}: {log.fate.why}" for log in evidence.logs if log.fate.newer]
    if not told:
        return []
    text = (
        f"The hive file is older than its logs ({'; '.join(told)}): it may be a restored copy, or of another day than they."
    )
    return [Problem("log-newer-than-hive", text, (root,))]


def _recovery_problems(evidence: Evidence, root: KeyRef) -> list[Problem]:
    """What a recovery did without: a bad base block, logs that were refused, entries that were not applied."""
    problems: list[Problem] = []
    if not evidence.base_block.checksum_ok:
        text = "The base block of the hive file is bad or missing; that of its newest log was used in its place."
        problems.append(Problem("base-block-from-log", text, (root,)))
    for log in evidence.logs:
        fate = log.fate
        if fate.foreign:
            continue  # told already
        refused = [one for one in fate.fates if not one.applied and not one.is_old]
        if refused:
            count = f"{len(refused)} entr{'ies' if len(refused) != 1 else 'y'}"
            text = f"{count} of {log.path.name} {'were' if len(refused) != 1 else 'was'} not applied: {refused[0].why}."
            problems.append(Problem("log-entries-skipped", text, (root,)))
        elif fate.log.fault and fate.log.data:
            text = f"Nothing of {log.path.name} was applied: {fate.log.fault}. What it held is missing."
            problems.append(Problem("log-refused", text, (root,)))
    return problems
