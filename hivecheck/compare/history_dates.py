"""The times that date a state of a hive: read from the hive alone, each with what it means. Zero and 1601 are no dates.

Key times: the kernel sets them at every change of a key (CmSetLastWriteTimeKey apart, which may set any). The time in the base block is
that of the last write of the file, and 0 since Windows 8.1 (real hives of 10).
"""

from collections.abc import Iterable

from hivecheck.compare.states import DateMeaning, Dating
from hivecheck.evidence.opening import LogChange
from hivecheck.facts.certainty import Confidence
from hivecheck.facts.fact import fact
from hivecheck.facts.origin import KeyRef, Origin
from hivecheck.registry.base_block import BaseBlock
from hivecheck.registry.keys import RegfKey
from hivecheck.registry.regf import RegfHive
from hivecheck.settings.machine_facts import MachineFacts
from hivecheck.settings.machine_keys import EARLIEST_TICKS, LATEST_TICKS


@fact
class NewestKeys:
    """The key written last of the whole hive, and of each key below its root, by its folded name. None where no time is a date."""

    hive: KeyRef | None
    below: dict[str, KeyRef]


def is_date(ticks: int) -> bool:
    """Whether a time may be one: before 1990 there was no NT, and what lies after 2099 is damage or forgery."""
    return EARLIEST_TICKS <= ticks < LATEST_TICKS


def find_newest_keys(hive: RegfHive) -> NewestKeys:
    """Looks at every key once. About 0.2 s for 40,000 keys."""
    root = hive.root
    entered = {root.offset: 0}
    below: dict[str, KeyRef] = {}
    for top in root.enter_subkeys(entered):
        newest = _newest_below(top, entered)
        if newest is not None:
            below.setdefault(top.name.upper(), newest.ref)
    return NewestKeys(max(below.values(), key=lambda ref: ref.written, default=None), below)


def _newest_below(top: RegfKey, entered: dict[int, int]) -> RegfKey | None:
    newest: RegfKey | None = None
    ticks = 0
    pending = [top]
    while pending:
        key = pending.pop()
        if ticks < key.written and is_date(key.written):
            newest, ticks = key, key.written
        pending += key.enter_subkeys(entered)
    return newest


def date_hive(newest: NewestKeys, block: BaseBlock | None, facts: MachineFacts, taken: int) -> tuple[Dating, ...]:
    """The times of a hive as it stands, the one that dates it first. `block` is that of the file, None where logs went over it."""
    found: list[Dating] = []
    if newest.hive is not None:
        found.append(Dating(newest.hive.written, DateMeaning.NEWEST_KEY, Confidence.MEDIUM, (newest.hive,)))
    if block is not None and block.checksum_ok and is_date(block.last_written):
        found.append(Dating(block.last_written, DateMeaning.FILE_WRITTEN, Confidence.MEDIUM))
    found.sort(key=lambda one: -one.ticks)
    if is_date(taken):
        found.insert(0, Dating(taken, DateMeaning.SHADOW_COPY_MADE, Confidence.HIGH))
    return (*found, *date_by_machine(facts))


def date_set(newest: NewestKeys, name: str, facts: MachineFacts) -> tuple[Dating, ...]:
    """The times of a control set that is not the one that boots."""
    ref = newest.below.get(name.upper())
    own = (Dating(ref.written, DateMeaning.NEWEST_KEY_OF_SET, Confidence.LOW, (ref,)),) if ref is not None else ()
    return (*own, *date_by_machine(facts))


def date_changes(changes: Iterable[LogChange]) -> tuple[Dating, ...]:
    """The times of the keys that a log entry changed; a key that lost its last value has none here."""
    refs = [change.after.ref for change in changes if change.after is not None and is_date(change.after.ref.written)]
    if not refs:
        return ()
    newest = max(refs, key=lambda ref: ref.written)
    return (Dating(newest.written, DateMeaning.CHANGED_KEY, Confidence.MEDIUM, (newest,)),)


def date_by_machine(facts: MachineFacts) -> tuple[Dating, ...]:
    """When the machine last shut down and booted, as this state says: it is no older than both."""
    told: tuple[tuple[int | None, DateMeaning, tuple[Origin, ...]], ...] = (
        (facts.last_boot.value, DateMeaning.LAST_BOOT, facts.last_boot.because),
        (facts.last_shutdown.value, DateMeaning.LAST_SHUTDOWN, facts.last_shutdown.because),
    )
    found = [
        Dating(ticks, meaning, Confidence.LOW, because)
        for ticks, meaning, because in told
        if ticks is not None and is_date(ticks)
    ]
    return tuple(sorted(found, key=lambda one: -one.ticks))
