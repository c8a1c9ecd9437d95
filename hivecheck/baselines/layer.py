"""One generation's part of the baselines, as compiled: only what it adds to, changes in or takes from the older one.

The compiled form is plain JSON, so that a run reads it in one go; rows are made of it when a key is asked for.

    {"id", "name", "certainty", "bridges", "sources": [...],
     "values":   {KEY: [[name, type, data, source, flags], ... or [name] where the value is taken away]},
     "on":       {ARCHITECTURE: the same, laid over `values`},
     "variants": {KEY: {NAME: [[data or null, word, who, source, until], ...]}},
     "keys":     {KEY: [[added names], [removed names]]}}

KEY and NAME are folded, types and sources are numbers (of a source in `sources`), flags of 0 are left out, bytes are hexadecimal; `until` is the id of the last
generation that a variant is known of, '' where it is known of all newer ones.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from hivecheck.facts.fact import fact
from hivecheck.registry.hive import REG_BINARY, TYPE_NAMES, fold_name

Data = str | int | bytes | tuple[str, ...]
ANY_DATA = 1
OPTIONAL = 2


@fact
class Row:
    """A value as one generation's file gives it."""

    name: str
    type: str
    data: Data
    source: str
    any_data: bool
    optional: bool


class Layer:
    """The compiled part of one generation."""

    __slots__ = ("_keys", "_made", "_on", "_sources", "bridges", "certainty", "id", "name", "values", "variants")

    def __init__(self, compiled: Mapping[str, Any]) -> None:
        self.id: str = compiled["id"]
        self.name: str = compiled["name"]
        self.certainty: str = compiled["certainty"]
        self.bridges: bool = compiled["bridges"]
        self.values: Mapping[str, list[list[Any]]] = compiled["values"]
        self.variants: Mapping[str, Mapping[str, Any]] = compiled["variants"]
        self._on: Mapping[str, Mapping[str, list[list[Any]]]] = compiled["on"]
        self._keys: Mapping[str, tuple[list[str], list[str]]] = compiled["keys"]
        self._made: dict[tuple[str, str], dict[str, Row | None]] = {}
        self._sources: list[str] = compiled["sources"]

    def rows_on(self, key: str, architecture: str) -> Iterator[dict[str, Row | None]]:
        """The rows of a folded key, those of the architecture last."""
        for where, values in (("", self.values), (architecture, self._on.get(architecture, {}))):
            if key in values:
                yield self._rows(where, key, values[key])

    def rows_of(self, key: str) -> Iterator[dict[str, Row | None]]:
        """The rows of a folded key on every architecture."""
        for where, values in (("", self.values), *self._on.items()):
            if key in values:
                yield self._rows(where, key, values[key])

    def rows_named(self, key: str, name: str) -> Iterator[Row]:
        """The rows of one folded name in a folded key, on every architecture."""
        for rows in self.rows_of(key):
            row = rows.get(name)
            if row is not None:
                yield row

    def variants_of(self, key: str) -> Iterator[tuple[str, Data | None, str, str, str, str]]:
        """Folded name, data, word, who, source, and the id of the last generation that may have it ('' for no last one)."""
        for name, variants in self.variants.get(key, {}).items():
            for data, word, who, source, until in variants:
                yield name, _data(data), word, who, self._sources[source], until

    def added_keys(self, key: str) -> set[str]:
        return set(self._keys[key][0]) if key in self._keys else set()

    def removed_keys(self, key: str) -> set[str]:
        return set(self._keys[key][1]) if key in self._keys else set()

    def _rows(self, where: str, key: str, rows: list[list[Any]]) -> dict[str, Row | None]:
        made = self._made.get((where, key))
        if made is None:
            made = self._made[where, key] = {fold_name(row[0]): self._row(row) for row in rows}
        return made

    def _row(self, row: list[Any]) -> Row | None:
        if len(row) == 1:
            return None
        name, type, data, source = row[:4]
        flags = row[4] if len(row) > 4 else 0
        data = bytes.fromhex(data) if type == REG_BINARY else _data(data)
        return Row(name, TYPE_NAMES[type], data, self._sources[source], bool(flags & ANY_DATA), bool(flags & OPTIONAL))


def _data(data: Any) -> Any:
    return tuple(data) if isinstance(data, list) else data
