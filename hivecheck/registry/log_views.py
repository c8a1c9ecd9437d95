"""What transaction logs show of a hive: for each entry, applied or not, its pages in their place; and the bytes between entries.

A log is written over from its start again and again, so behind its newest entries lie older ones. What an entry holds was the
hive's content when it was written, in use or already freed. Hashes are not asked: a remnant is judged by what it says.
"""

from collections.abc import Iterable, Iterator

from hivecheck.registry.base_block import BINS_START, Buffer
from hivecheck.registry.log_entries import BASE_BLOCK_BYTES, SECTOR_BYTES, LogEntry, LogFormat, TransactionLog, read_entry
from hivecheck.registry.region import Region, RegionKind
from hivecheck.registry.views import Page, Stage, View

_HEADER_BYTES = 40
ENTRIES_AT_MOST = 2_000
PAGE_BYTES_AT_MOST = 256 * 1024 * 1024  # of all entries of all logs


def view_logs(buffer: Buffer, logs: Iterable[TransactionLog], applied: Iterable[tuple[str, int]]) -> Iterator[View]:
    """A view for each entry of each log, then one for what lies between. `buffer` is the hive as found.

    `applied` are the entries that were applied, by the log's name and sequence number, in order: each is shown in the hive as it
    was then. Others are shown in the hive as found. A view's buffer changes when the next view is asked for.
    """
    given = list(logs)
    found = {log.name: entries_of(log) for log in given}
    by_number = {(log.name, entry.sequence): (log, entry) for log in given for entry in reversed(found[log.name])}
    left = PAGE_BYTES_AT_MOST
    running = bytearray(buffer)
    done: set[tuple[str, int]] = set()
    for one in applied:
        if one in by_number and left > 0:
            log, entry = by_number[one]
            done.add((log.name, entry.offset))
            left -= entry.size
            yield _show(running, log, entry)
    for log in given:
        for entry in found[log.name]:
            if (log.name, entry.offset) not in done and left > 0 and entry.pages:
                left -= entry.size
                yield _show(bytearray(buffer), log, entry)
        between = tuple(_between(log, found[log.name]))
        if between:
            yield View(log.name, Stage.IN_LOG, log.data, between, None, placed=False)


def entries_of(log: TransactionLog) -> tuple[LogEntry, ...]:
    """Every entry whose form is right, also behind the first one that is torn; DIRT logs have one."""
    if log.format is LogFormat.DIRT:
        return log.entries
    found: list[LogEntry] = []
    at = BASE_BLOCK_BYTES
    while 0 <= at <= len(log.data) - _HEADER_BYTES and len(found) < ENTRIES_AT_MOST:
        entry = read_entry(log.data, at, len(found)) if log.data[at : at + 4] == b"HvLE" else None
        if entry is not None and not entry.fault:
            found.append(entry)
            at += entry.size
        else:
            at = log.data.find(b"HvLE", at + SECTOR_BYTES)
            at = at + -at % SECTOR_BYTES if at >= 0 else at
    return tuple(found)


def is_searched_whole(logs: Iterable[TransactionLog]) -> bool:
    """Whether `view_logs` shows every entry of the logs; False where there are too many, or too many bytes of pages."""
    found = [entries_of(log) for log in logs]
    few = all(len(entries) < ENTRIES_AT_MOST for entries in found)
    return few and sum(entry.size for entries in found for entry in entries) <= PAGE_BYTES_AT_MOST


def log_regions(log: TransactionLog, entries: tuple[LogEntry, ...]) -> tuple[Region, ...]:
    """The bytes of a log, by place: the pages of its entries, those that touch here and in the hive as one; what lies between."""
    found: list[Region] = []
    for entry in entries:
        start = end = target = 0
        for page in sorted(entry.pages, key=lambda page: page.source):
            if page.source != end or page.target != target:
                found.append(Region(RegionKind.LOG, start, end))
                start = page.source
            end, target = page.source + page.size, page.target + page.size
        found.append(Region(RegionKind.LOG, start, end))
    found += _between(log, entries)
    return tuple(sorted((region for region in found if region.size), key=lambda region: region.start))


def place_in_hive(entries: tuple[LogEntry, ...], offset: int) -> int | None:
    """Which byte of the hive file the byte at this offset of a log was written for, None where no entry says so."""
    for entry in entries:
        if entry.offset <= offset < entry.offset + entry.size:
            for page in entry.pages:
                if page.source <= offset < page.source + page.size:
                    return BINS_START + page.target + offset - page.source
    return None


def _show(data: bytearray, log: TransactionLog, entry: LogEntry) -> View:
    """The hive's bytes with the pages of one entry written over them; only these pages are searched."""
    most = len(data) + len(log.data)
    pages: list[Page] = []
    for page in sorted(entry.pages, key=lambda page: page.target):
        start, end = BINS_START + page.target, BINS_START + page.target + page.size
        if end > most:
            continue
        if len(data) < end:
            data.extend(bytes(end - len(data)))
        data[start:end] = log.data[page.source : page.source + page.size]
        pages.append(Page(start, end, page.source))
    return View(log.name, Stage.IN_LOG, data, tuple(_join(pages)), None, tuple(pages))


def _join(pages: list[Page]) -> Iterator[Region]:
    """Pages that touch, as one region: a cell may lie across them."""
    start = end = 0
    for page in pages:
        if page.start > end:
            if end > start:
                yield Region(RegionKind.LOG, start, end)
            start = page.start
        end = max(end, page.end)
    if end > start:
        yield Region(RegionKind.LOG, start, end)


def _between(log: TransactionLog, entries: tuple[LogEntry, ...]) -> Iterator[Region]:
    at = BASE_BLOCK_BYTES
    for entry in sorted(entries, key=lambda entry: entry.offset):
        if entry.offset > at:
            yield Region(RegionKind.LOG, at, entry.offset)
        at = max(at, entry.offset + entry.size)
    if at < len(log.data):
        yield Region(RegionKind.LOG, at, len(log.data))
