"""Whether the baseline of a document's Windows names the very value that is called `as shipped` there.

Where every machine has its own, as of SystemStartOptions or the paging files of Windows XP, a baseline takes any value: then
it is known that Windows writes one, and nothing is said for this one. Baselines are loaded when they are first asked.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from hivecheck.baselines.baseline import Baseline, Entry, same_data
from hivecheck.facts.generation import GENERATIONS
from hivecheck.settings.catalog import CATALOG

Json = Any


class Shipped:
    """The baseline of the Windows of one document, by the names of settings."""

    def __init__(self, windows: Mapping[str, Json]) -> None:
        """`windows` is the generation as the document tells it."""
        self._windows = windows

    def is_named(self, name: str, value: Json) -> bool:
        """Whether the baseline lists this value of a setting; True where there is no baseline to ask, or nothing fixed to compare."""
        if self._baseline is None:
            return True
        found = self._entry(self._baseline, name)
        if found is None:
            return True
        if found.any_data:
            return False
        data = tuple(value) if isinstance(value, list) and all(isinstance(one, str) for one in value) else value
        if type(found.data) is not type(data) or isinstance(data, bytes):
            return True  # the document tells it in words of its own
        return same_data(found.data, data)

    def _entry(self, baseline: Baseline, name: str) -> Entry | None:
        folded = name.casefold()
        for row in CATALOG:
            if row.value is not None and row.name.casefold() == folded:
                return baseline.entry(row.key, row.value)
        above, _, last = name.rpartition("/")
        row_above = next((row for row in CATALOG if row.value is None and row.name.casefold() == above.casefold()), None)
        return baseline.entry(row_above.key, last) if row_above is not None else None

    @cached_property
    def _baseline(self) -> Baseline | None:
        from hivecheck.baselines.load import load_baseline

        generation = next((one for one in GENERATIONS if one.id == self._windows.get("id")), None)
        if generation is None:
            return None
        architecture = self._windows.get("architecture")
        return load_baseline(generation, architecture if isinstance(architecture, str) else "")
