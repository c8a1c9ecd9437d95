"""What the logs changed, put together for the reports: each value once, and whether it is one that a boot reads."""

from collections.abc import Iterable

from hivecheck.evidence.opening import LogChange
from hivecheck.facts.fact import changed
from hivecheck.settings.catalog import CATALOG

_READ_AT_BOOT = frozenset((row.key.upper(), row.value.upper() if row.value else None) for row in CATALOG)


def fold_changes(changes: Iterable[LogChange]) -> tuple[LogChange, ...]:
    """Each changed value once, from before the first entry to after the last, which it names."""
    folded: dict[tuple[str, str], LogChange] = {}
    for change in changes:
        place = change.key.upper(), change.value.upper()
        first = folded.get(place, change)
        folded[place] = changed(change, before=first.before)
    return tuple(folded.values())


def is_read_at_boot(change: LogChange) -> bool:
    """Whether the value, or its whole key, is one of the catalogue."""
    key = change.key.partition("\\")[2].upper()
    return (key, change.value.upper()) in _READ_AT_BOOT or (key, None) in _READ_AT_BOOT
