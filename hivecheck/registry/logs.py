"""A dirty hive made whole from its transaction logs, in memory, entry by entry, as Windows does it when it mounts the hive.

Entries are applied in the order of their sequence numbers, from the hive's own secondary number on, only while contiguous and
hash-valid; behind 0xFFFFFFFF comes 0. Logs of a clean hive are stale and change nothing, those of another hive are refused unless
the user named them. A bad base block is taken from a log. Evidence is never written.
Source: msuhanov/regf, "Windows registry file format specification", "Dirty state" and "Recovery"; checked against hives that
Windows 7 and 10 recovered themselves.
"""

from collections.abc import Iterable, Iterator
from struct import pack_into

from hivecheck.facts.fact import changed, fact
from hivecheck.registry.base_block import BINS_START, BaseBlock, Buffer, checksum
from hivecheck.registry.log_entries import BASE_BLOCK_BYTES, SECTOR_BYTES, LogEntry, LogFormat, TransactionLog, hash_fault
from hivecheck.registry.log_owner import Doubt, doubt_log
from hivecheck.registry.sequence_numbers import SEQUENCE_NUMBERS, ahead_of, first_and_last

PRIMARY_FILE = 0
_NO_DOUBT = Doubt()
LEFT_OVER = "left over from an earlier use of the log"


@fact
class EntryFate:
    """What became of one entry. `why` says why it was not applied, '' where it was."""

    log: str
    sequence: int
    pages: int
    why: str = ""
    is_old: bool = False  # it was left behind by an earlier use of the log: nothing is missed without it

    @property
    def applied(self) -> bool:
        return not self.why


@fact
class LogFate:
    """What became of one log. `why` is one phrase for the analyst, for a log that was used as well.

    `doubt` says what speaks for its being another hive's log, '' where nothing does; `foreign` is True where it was refused for that.
    `newer`: the hive is clean, but the log goes on after it, so the hive file is an older state.
    """

    log: TransactionLog
    fates: tuple[EntryFate, ...]
    why: str
    doubt: str = ""
    foreign: bool = False
    newer: bool = False

    @property
    def applied(self) -> int:
        """How many entries were applied."""
        return sum(fate.applied for fate in self.fates)


@fact
class RecoveryPlan:
    """What would be applied, in order, and what becomes of each log. `lender` is the log that lends its base block, if one does."""

    steps: tuple[tuple[TransactionLog, LogEntry], ...]
    logs: tuple[LogFate, ...]
    lender: TransactionLog | None


@fact
class LogState:
    """The hive after one entry. `data` is the whole file; it is changed in place when the next state is asked for.

    `left_out` are the pages that found no place: the file is cut, and would have to grow by more than the logs hold.
    """

    log: TransactionLog
    entry: LogEntry
    data: bytearray
    left_out: int = 0


def plan_recovery(
    primary: BaseBlock | None,
    logs: tuple[TransactionLog, ...],
    *,
    named: bool = False,
    ruins: BaseBlock | None = None,
) -> RecoveryPlan:
    """Decides what to apply. `primary` is the hive's base block, None where there is none worth reading.

    `named`: the user named these logs, so another hive's are applied too. `ruins` are the fields of a base block that is none, to
    tell whose logs they are. Hashes are checked here, for those entries alone whose turn it is.
    """
    block = primary or ruins
    doubts = {id(log): doubt_log(block, log.base_block) for log in logs if block is not None and log.base_block is not None}
    foreign = {id(log) for log in logs if not named and doubts.get(id(log), _NO_DOUBT).certain}
    usable = [log for log in logs if not log.fault and id(log) not in foreign]
    lender, found = None, dict[int, tuple[EntryFate, ...]]()
    if primary is not None and not primary.dirty:
        usable, reason = [], "the hive is clean: what the log holds is in it already"
    elif primary is None or not primary.checksum_ok:
        primary, reason = None, "the base block of the hive is bad, so only the newest log is used"
        lender = _newest(usable)
        usable = [lender] if lender is not None else []
    else:
        reason = ""
    steps = _plan_chain(primary, [log for log in usable if log.format is LogFormat.HVLE], found)
    for log in usable:
        if log.format is LogFormat.DIRT:
            why = _why_not_these_sectors(log, primary) or ("other logs are used" if steps else "")
            found[id(log)] = (EntryFate(log.name, log.entries[0].sequence, len(log.entries[0].pages), why),)
            if not why:
                steps.append((log, log.entries[0]))
    fates: list[LogFate] = []
    for log in logs:
        words = doubts.get(id(log), _NO_DOUBT).words
        newer = _goes_on_after(log, primary) if id(log) not in foreign else ""
        why = log.fault or (f"it belongs to another hive: {words}" if id(log) in foreign else newer or reason)
        fate = _fate(log, found[id(log)]) if id(log) in found else _unused(log, why)
        fates.append(changed(fate, doubt=words, foreign=id(log) in foreign, newer=bool(newer)))
    return RecoveryPlan(tuple(steps), tuple(fates), lender if steps else None)


def _goes_on_after(log: TransactionLog, primary: BaseBlock | None) -> str:
    """Why a log beside a clean hive is newer than it: an entry, its hash right, that comes after the hive; '' where it is not."""
    if primary is None or primary.dirty or log.fault:
        return ""
    at = primary.secondary_sequence
    if log.format is LogFormat.DIRT:
        block = log.base_block
        ahead = block is not None and ahead_of(block.primary_sequence, at) > 0 and block.last_written >= primary.last_written
        newest = block.primary_sequence if ahead and block is not None else None
    else:
        after = [entry for entry in log.entries if ahead_of(entry.sequence, at) >= 0 and not entry.fault]
        newest = next((entry.sequence for entry in reversed(after) if not hash_fault(log.data, entry)), None)
    if newest is None:
        return ""
    return f"the hive is clean, but older than this log, which goes on to entry {newest} (the hive is at {at}): not applied"


def as_found(buffer: Buffer, lender: TransactionLog) -> bytes:
    """The hive without any entry, under the base block that a log lends it: what it held before the recovery."""
    data = bytearray(buffer)
    data[:BASE_BLOCK_BYTES] = lender.data[:BASE_BLOCK_BYTES]
    pack_into("<I", data, 28, PRIMARY_FILE)
    pack_into("<I", data, 40, max(0, len(data) - BINS_START) // BINS_START * BINS_START)
    pack_into("<I", data, 508, checksum(data))
    return bytes(data)


def recovered_states(buffer: Buffer, plan: RecoveryPlan) -> Iterator[LogState]:
    """The hive after each entry of the plan, in order. Nothing is yielded where there is nothing to apply.

    A hive grows with an entry that says so, but never by more than the logs hold: new bins are in the logs in full.
    """
    if not plan.steps:
        return
    data = bytearray(buffer)
    most = len(data) + sum(len(log.data) for log in {id(log): log for log, _ in plan.steps}.values())
    if plan.lender is not None:
        data[:BASE_BLOCK_BYTES] = plan.lender.data[:BASE_BLOCK_BYTES]
        pack_into("<I", data, 28, PRIMARY_FILE)
    for log, entry in plan.steps:
        wanted = max((page.target + page.size for page in entry.pages), default=0)
        end = min(BINS_START + max(wanted, entry.hbins_size), most)
        if len(data) < end:
            data.extend(bytes(end - len(data)))
        left_out = 0
        for page in entry.pages:
            start = BINS_START + page.target
            if start + page.size <= len(data):
                data[start : start + page.size] = log.data[page.source : page.source + page.size]
            else:
                left_out += 1
        _rewrite_base_block(data, log, entry)
        yield LogState(log, entry, data, left_out)


def applied_entries(fates: Iterable[LogFate]) -> tuple[tuple[TransactionLog, LogEntry], ...]:
    """The entries that were applied, in the order in which they were: by number, which begins anew after the last one."""
    applied = [
        (fate.log, entry) for fate in fates for entry, told in zip(fate.log.entries, fate.fates, strict=True) if told.applied
    ]
    first = first_and_last(entry.sequence for _, entry in applied)[0] if applied else 0
    return tuple(sorted(applied, key=lambda one: (one[1].sequence - first) % SEQUENCE_NUMBERS))


def sectors_of(steps: Iterable[tuple[TransactionLog, LogEntry]]) -> frozenset[int]:
    """The numbers of the 512-byte sectors of the hive file that these entries write."""
    return frozenset(
        sector
        for _, entry in steps
        for page in entry.pages
        for sector in range(
            (BINS_START + page.target) // SECTOR_BYTES, -(-(BINS_START + page.target + page.size) // SECTOR_BYTES)
        )
    )


def _rewrite_base_block(data: bytearray, log: TransactionLog, entry: LogEntry) -> None:
    """Sequence numbers, size and checksum as after a mount: the entry's number plus one for HvLE, the log's own for DIRT."""
    sequence = (entry.sequence + (log.format is LogFormat.HVLE)) & 0xFFFFFFFF
    pack_into("<II", data, 4, sequence, sequence)
    pack_into("<I", data, 40, entry.hbins_size)
    pack_into("<I", data, 508, checksum(data))


def _plan_chain(
    primary: BaseBlock | None, logs: list[TransactionLog], found: dict[int, tuple[EntryFate, ...]]
) -> list[tuple[TransactionLog, LogEntry]]:
    """The contiguous, hash-valid entries of the HvLE logs, from the hive's secondary sequence number on."""
    if not logs:
        return []
    oldest = primary.secondary_sequence if primary is not None else logs[0].entries[0].sequence
    steps: list[tuple[TransactionLog, LogEntry]] = []
    broken = ""
    for log in sorted(logs, key=lambda log: ahead_of(log.entries[0].sequence, oldest)):
        fates: list[EntryFate] = []
        for entry in log.entries:
            last = steps[-1][1].sequence if steps else None
            why = _why_not_next(log, entry, oldest, last, broken)
            if not why:
                steps.append((log, entry))
            elif (
                not broken and ahead_of(entry.sequence, oldest) >= 0 and (last is None or ahead_of(entry.sequence, last) > 0)
            ):
                broken = f"entry {entry.sequence} before it could not be applied"
            old = why == LEFT_OVER or (bool(why) and ahead_of(entry.sequence, oldest) < 0)
            fates.append(EntryFate(log.name, entry.sequence, len(entry.pages), why, old))
        found[id(log)] = tuple(fates)
    return steps


def _why_not_next(log: TransactionLog, entry: LogEntry, oldest: int, last: int | None, broken: str) -> str:
    if ahead_of(entry.sequence, oldest) < 0:
        return f"older than the hive (sequence {oldest})"
    if last is not None and ahead_of(entry.sequence, last) <= 0:
        return LEFT_OVER
    if broken:
        return broken
    if last is not None and ahead_of(entry.sequence, last) != 1:
        return f"a gap: entry {(last + 1) % SEQUENCE_NUMBERS} is expected"
    return entry.fault or hash_fault(log.data, entry)


def _why_not_these_sectors(log: TransactionLog, primary: BaseBlock | None) -> str:
    """A DIRT log belongs to one state of the hive: that with its sequence number and its time."""
    block = log.base_block
    if primary is None or block is None:
        return ""
    if block.primary_sequence != primary.primary_sequence:
        return f"it belongs to another state of the hive (sequence {block.primary_sequence}, not {primary.primary_sequence})"
    if block.last_written != primary.last_written:
        return "it belongs to another state of the hive (the times in the base blocks differ)"
    return ""


def _newest(logs: list[TransactionLog]) -> TransactionLog | None:
    """The log that holds the newest entry; the first of those that do."""
    base = logs[0].entries[0].sequence if logs else 0
    return max(logs, key=lambda log: max(ahead_of(entry.sequence, base) for entry in log.entries), default=None)


def _unused(log: TransactionLog, why: str) -> LogFate:
    return LogFate(log, tuple(EntryFate(log.name, entry.sequence, len(entry.pages), why) for entry in log.entries), why)


def _fate(log: TransactionLog, fates: tuple[EntryFate, ...]) -> LogFate:
    refused = [fate for fate in fates if not fate.applied]
    applied = len(fates) - len(refused)
    if not refused:
        return LogFate(log, fates, "applied")
    first = f"entry {refused[0].sequence}: {refused[0].why}"
    more = f" (and {len(refused) - 1} more)" if len(refused) > 1 else ""
    return LogFate(
        log,
        fates,
        f"{applied} of {len(fates)} {'entry' if len(fates) == 1 else 'entries'} applied; {first}{more}"
        if applied
        else f"{first}{more}",
    )
