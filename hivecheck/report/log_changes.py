"""What the logs changed, put together for the reports: each value once with all its steps, and whether it is one that a boot reads."""

from collections import Counter
from collections.abc import Iterable

from hivecheck.evidence.opening import LogChange
from hivecheck.facts.fact import fact
from hivecheck.registry.hive import RawValue
from hivecheck.registry.sequence_numbers import first_and_last
from hivecheck.settings.catalog import CATALOG

_READ_AT_BOOT = frozenset((row.key.upper(), row.value.upper() if row.value else None) for row in CATALOG)
_NAMED_ENTRIES = 6


@fact
class ChangedValue:
    """A value that the logs changed: what it was before the first entry, and each change, one at least, in order."""

    key: str
    value: str
    before: RawValue | None
    steps: tuple[LogChange, ...]

    @property
    def after(self) -> RawValue | None:
        return self.steps[-1].after

    @property
    def read_at_boot(self) -> bool:
        """Whether the value, or its whole key, is one of the catalogue."""
        key = self.key.partition("\\")[2].upper()
        return (key, self.value.upper()) in _READ_AT_BOOT or (key, None) in _READ_AT_BOOT


def fold_changes(changes: Iterable[LogChange]) -> tuple[ChangedValue, ...]:
    """Each changed value once, in the order in which they were changed first."""
    steps: dict[tuple[str, str], list[LogChange]] = {}
    for change in changes:
        steps.setdefault((change.key.upper(), change.value.upper()), []).append(change)
    return tuple(ChangedValue(of[-1].key, of[-1].value, of[0].before, tuple(of)) for of in steps.values())


def entry_words(values: Iterable[ChangedValue]) -> str:
    """Which entries changed these values, and how many of them each: `by entries 2112 (6), 2118 (44)`."""
    counts = Counter(step.sequence for value in values for step in value.steps)
    if len(counts) == 1:
        return f"by entry {next(iter(counts))}"
    oldest, _ = first_and_last(counts)
    in_order = sorted(counts, key=lambda entry: (entry - oldest) % 2**32)
    named = ", ".join(f"{entry} ({counts[entry]})" for entry in in_order[:_NAMED_ENTRIES])
    more = len(counts) - _NAMED_ENTRIES
    return f"by entries {named}" + (f" and {more} more" if more > 0 else "")
