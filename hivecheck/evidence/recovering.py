"""A hive made whole by its logs: read, planned, applied in memory entry by entry, and watched on the way.

Loaded only where there are logs. The evidence is only read.
"""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from hivecheck.errors import EvidenceError, HivecheckError, NotAHiveError, UsageError
from hivecheck.evidence.opening import LogChange, LogEvidence, OpenedHive, Watched
from hivecheck.facts.evidence_path import EvidencePath
from hivecheck.facts.fact import changed
from hivecheck.facts.problem import Problem
from hivecheck.registry.base_block import BINS_START, Buffer, base_block_fields, read_base_block
from hivecheck.registry.hive import Key, RawValue
from hivecheck.registry.log_entries import BASE_BLOCK_BYTES, LogFormat, TransactionLog, read_log
from hivecheck.registry.logs import (
    LogFate,
    LogState,
    RecoveryPlan,
    applied_entries,
    as_found,
    plan_recovery,
    recovered_states,
    sectors_of,
)
from hivecheck.registry.plain_files import read_plain
from hivecheck.registry.regf import RegfHive, open_hive

LOG_BYTES_AT_MOST = 512 * 1024 * 1024
_WATCHED_KEYS_AT_MOST = 5_000

Snapshot = dict[tuple[str, str], RawValue]


def open_recovered(
    path: EvidencePath, paths: tuple[EvidencePath, ...], watched: Watched | None, *, named: bool
) -> OpenedHive:
    """The hive in this file with these logs applied; `named`: by the user. Raises as `open_with_logs` does."""
    found = tuple(_read(log, named=named) for log in paths)
    try:
        hive = open_hive(path)
    except EvidenceError as error:
        return _open_damaged(path, paths, found, watched, error, named=named)
    plan = plan_recovery(hive.base_block, tuple(log for log, _ in found), named=named)
    evidence = _evidence(paths, found, plan.logs)
    if not plan.steps:
        return OpenedHive(hive, None, hive.base_block, len(hive.buffer), evidence, ())
    recovered, changes, problems = _recover(path.name, hive, hive.buffer, plan, watched)
    return OpenedHive(recovered, hive, hive.base_block, len(hive.buffer), evidence, changes, problems)


def reopen_recovered(path: EvidencePath, logs: tuple[LogEvidence, ...]) -> OpenedHive:
    """The hive in this file with the very entries applied that were applied when it was first opened, and `logs` told of it.

    The logs are neither read nor checked again, so this takes a small part of the time and of the memory. Only for a hive with a sound
    base block of its own, and logs of which an entry was applied. Raises as `open_hive`.
    """
    hive = open_hive(path)
    fates = tuple([log.fate for log in logs])
    plan = RecoveryPlan(applied_entries(fates), fates, None)
    data = bytearray()
    for state in recovered_states(hive.buffer, plan):
        data = state.data
    try:
        recovered = RegfHive.from_buffer(path.name, data, log_sectors=sectors_of(plan.steps))
    except HivecheckError:
        hive.close()
        raise
    return OpenedHive(recovered, hive, hive.base_block, len(hive.buffer), logs, ())


def _open_damaged(
    path: EvidencePath,
    paths: tuple[EvidencePath, ...],
    found: tuple[tuple[TransactionLog, str], ...],
    watched: Watched | None,
    error: EvidenceError,
    *,
    named: bool,
) -> OpenedHive:
    """A hive that can't be opened by itself, opened by what its newest log holds. Raises `error` where that does not help."""
    try:
        data = read_plain(path)
    except OSError:
        raise error from None
    try:
        primary = read_base_block(data, str(path)) if data else None
    except NotAHiveError:
        primary = None
    ruins = base_block_fields(data) if len(data) >= BASE_BLOCK_BYTES else None
    plan = plan_recovery(
        primary, tuple(log for log, _ in found), named=named, ruins=changed(ruins, checksum_ok=False) if ruins else None
    )
    if not plan.steps or len(data) < BINS_START:
        raise _without_logs(error, plan.logs) from None
    before = _as_found(path.name, data, plan)
    try:
        recovered, changes, problems = _recover(path.name, before, data, plan, watched)
    except EvidenceError:
        raise error from None
    return OpenedHive(recovered, before, primary, len(data), _evidence(paths, found, plan.logs), changes, problems)


def _as_found(name: str, data: bytes, plan: RecoveryPlan) -> RegfHive | None:
    """The hive before its logs, under the base block that one of them lends; None where that does not make it readable."""
    if plan.lender is None:
        return None
    try:
        return RegfHive.from_buffer(name, as_found(data, plan.lender))
    except EvidenceError:
        return None


def _without_logs(error: EvidenceError, fates: tuple[LogFate, ...]) -> EvidenceError:
    """The same error; its hint says why the logs did not help."""
    told = "; ".join(f"{Path(fate.log.name).name}: {fate.why}" for fate in fates)
    return type(error)(error.message, error.path, f"{error.hint} Its logs are of no help ({told}).".strip())


def _recover(
    name: str, before: RegfHive | None, data: Buffer, plan: RecoveryPlan, watched: Watched | None
) -> tuple[RegfHive, tuple[LogChange, ...], tuple[Problem, ...]]:
    changes: list[LogChange] = []
    problems: list[Problem] = []
    last = _snapshot(before, watched, problems)
    final = b""
    for place, state in enumerate(recovered_states(data, plan), start=1):
        if place == len(plan.steps):
            final = bytes(state.data)
        if state.left_out:
            problems.append(_left_out(state))
        if watched is None:
            continue
        try:
            now = _snapshot(RegfHive.from_buffer(name, state.data), watched, problems)
        except EvidenceError:
            continue  # between two entries a hive need not be whole
        changes += _changes(state.log.name, state.entry.sequence, last, now)
        last = now
    return RegfHive.from_buffer(name, final, log_sectors=sectors_of(plan.steps)), tuple(changes), tuple(problems)


def _left_out(state: LogState) -> Problem:
    pages = f"{state.left_out} page{'s' if state.left_out > 1 else ''}"
    text = f"{pages} of entry {state.entry.sequence} of {Path(state.log.name).name} lie behind the end of the file, which is cut"
    return Problem("log-pages-left-out", text, loses_data=True)


def _snapshot(hive: RegfHive | None, watched: Watched | None, problems: list[Problem]) -> Snapshot:
    if hive is None or watched is None:
        return {}
    top = watched(hive)
    values: Snapshot = {}
    waiting: list[Key] = [top] if top is not None else []
    for _ in range(_WATCHED_KEYS_AT_MOST):
        if not waiting:
            break
        key = waiting.pop()
        values.update(((key.path.upper(), raw.name.upper()), raw) for raw in key.values())
        waiting.extend(key.subkeys())
    else:
        text = f"more than {_WATCHED_KEYS_AT_MOST:,} keys were to be watched for changes by the logs; the rest was not"
        if waiting and all(problem.code != "limit-watched-keys" for problem in problems):
            problems.append(Problem("limit-watched-keys", text))
    return values


def _changes(log: str, sequence: int, before: Snapshot, after: Snapshot) -> Iterator[LogChange]:
    for place in sorted(before.keys() | after.keys()):
        old, new = before.get(place), after.get(place)
        known = new or old
        if known is not None and (old is None or new is None or (old.type, old.data) != (new.type, new.data)):
            yield LogChange(log, sequence, known.ref.key, known.name, old, new)


def _read(path: EvidencePath, *, named: bool) -> tuple[TransactionLog, str]:
    try:
        if not path.is_file():
            raise OSError("it is no regular file")
        size = path.stat().st_size
        if size > LOG_BYTES_AT_MOST:
            fault = f"it is too large for a log: {size:,} bytes"
            return _no_log(path, fault), ""
        data = read_plain(path)
    except OSError as error:
        if named:
            raise UsageError(f"the log can't be read: {error.strerror or error}", str(path)) from error
        return _no_log(path, f"it can't be read: {error.strerror or error}"), ""
    return read_log(str(path), data), sha256(data, usedforsecurity=False).hexdigest()


def _no_log(path: EvidencePath, fault: str) -> TransactionLog:
    return TransactionLog(str(path), b"", LogFormat.NONE, None, (), fault)


def _evidence(
    paths: tuple[EvidencePath, ...], found: tuple[tuple[TransactionLog, str], ...], fates: tuple[LogFate, ...]
) -> tuple[LogEvidence, ...]:
    return tuple(LogEvidence(path, digest, fate) for path, (_, digest), fate in zip(paths, found, fates, strict=True))
