r"""One Windows as shipped: values and keys below the control set, each with its source, and what else is known in their place.

    baseline.entry("Control\\Session Manager", "BootExecute")   the value as shipped, None where Windows ships none
    baseline.keys("Control\\SafeBoot\\Minimal")                 the names of the keys it ships there

Keys are named below the control set, or from the root of the hive where they begin with a backslash (`\Setup`). Paths and
names are compared without case. A baseline is a stack of layers, one per generation from the oldest on, each telling only
what changed; a key is put together when it is first asked for. Source: baselines.md, baselines.json.
"""

from collections.abc import Iterator, Mapping
from enum import Enum
from functools import cached_property

from hivecheck.baselines.layer import Layer, Row
from hivecheck.facts.fact import fact
from hivecheck.facts.generation import Generation
from hivecheck.registry.hive import fold_name

KNOWN_DLLS_KEY = "Control\\Session Manager\\KnownDLLs"
_KNOWN_DLLS = fold_name(KNOWN_DLLS_KEY)
Data = str | int | bytes | tuple[str, ...]


class Standing(Enum):
    """What a fact of a hive is against the baseline, in the words that reports print."""

    AS_SHIPPED = "as shipped"
    KNOWN_VARIANT = "known variant"
    KNOWN_THIRD_PARTY = "known third-party"
    OTHER_GENERATION = "belongs to another generation"
    NOT_SEEN = "not seen in clean hives"
    MISSING = "missing"


@fact
class Variant:
    """Other data known in the place of a value: `who` ships or writes it; `standing` is variant or third-party.

    `data` is None where the name is known whatever its data.
    """

    data: Data | None
    standing: Standing
    who: str
    source: str


@fact
class Entry:
    """One value as shipped. `data` is a text, a number, bytes, or the strings of a list; `any_data` where every machine differs.

    `optional`: not every clean machine has it, so that its absence is as shipped too. `since` is the id of the generation
    whose file says so, the one of the baseline or an older one.
    """

    name: str
    type: str  # REG_SZ ...
    data: Data
    source: str
    variants: tuple[Variant, ...] = ()
    any_data: bool = False
    optional: bool = False
    since: str = ""


class Baseline:
    """One generation on one architecture as shipped.

    `nearest` is True where it stands in for a Windows that has none of its own; `certainty` is how well the generation is
    known: high where a hive of it was read, medium or low where it stands on pages or on its neighbours.
    """

    def __init__(
        self, generation: Generation, architecture: str, kind: str, nearest: bool, layers: tuple[Layer, ...], above: int
    ) -> None:
        """`layers` are those of all generations, oldest first; this baseline is made of the first `above` of them.

        `kind` is the architecture of the files that is followed, x86 or AMD64.
        """
        top = layers[above - 1]
        self.id = top.id
        self.generation = generation
        self.architecture = architecture
        self.nearest = nearest
        self._kind = kind
        self.certainty = top.certainty
        self._all = layers
        self._layers = layers[:above]
        self._next = next((layer for layer in layers[above:] if layer.certainty == "high"), None) if top.bridges else None
        self._entries: dict[str, dict[str, Entry]] = {}
        self._known: dict[str, dict[str, tuple[Variant, ...]]] = {}

    # --- values --------------------------------------------------------------------------------------------------------

    def entry(self, key: str, name: str) -> Entry | None:
        return self.entries(key).get(fold_name(name))

    def entries(self, key: str) -> Mapping[str, Entry]:
        """The values of one key, by folded name."""
        folded = fold_name(key)
        found = self._entries.get(folded)
        if found is None:
            found = self._entries[folded] = self._put_together(folded)
        return found

    def variants(self, key: str, name: str) -> tuple[Variant, ...]:
        """What else is known in the place of a value, and of values that this generation does not ship."""
        self.entries(key)
        return self._known[fold_name(key)].get(fold_name(name), ())

    def describes(self, key: str) -> bool:
        """Whether any generation's baseline tells of the values of this key; where none does, nothing is known of it."""
        folded = fold_name(key)
        return any(folded in layer.values or folded in layer.variants for layer in self._all)

    def text(self, key: str, name: str) -> str:
        """The data of a text as shipped, '' where there is none."""
        entry = self.entry(key, name)
        return entry.data if entry is not None and isinstance(entry.data, str) else ""

    def strings(self, key: str, name: str) -> tuple[str, ...]:
        """The strings of a list as shipped, none where there is none."""
        entry = self.entry(key, name)
        return entry.data if entry is not None and isinstance(entry.data, tuple) else ()

    def number(self, key: str, name: str) -> int | None:
        entry = self.entry(key, name)
        return entry.data if entry is not None and isinstance(entry.data, int) else None

    def elsewhere(self, key: str, name: str) -> Iterator[tuple[str, Data]]:
        """What the files of all generations say of a value: the id of the generation where it begins, and the data."""
        folded, folded_name = fold_name(key), fold_name(name)
        for layer in self._all:
            for row in layer.rows_named(folded, folded_name):
                yield layer.id, row.data

    def _put_together(self, key: str) -> dict[str, Entry]:
        rows: dict[str, tuple[str, Row]] = {}
        for name, layer, row in _fold(self._layers, key, self._kind):
            if row is None:
                rows.pop(name, None)
            else:
                rows[name] = layer, row
        known = _variants_of(self._layers, key)
        loose: set[str] = set()
        if self._next is not None:
            loose = self._borrow(key, rows, known)
        self._known[key] = {name: tuple(variants) for name, variants in known.items()}
        return {
            name: Entry(
                row.name, row.type, row.data, row.source, self._known[key].get(name, ()), row.any_data,
                row.optional or name in loose, layer,
            )
            for name, (layer, row) in rows.items()
        }  # fmt: skip

    def _borrow(self, key: str, rows: dict[str, tuple[str, Row]], known: dict[str, list[Variant]]) -> set[str]:
        """What the next generation that is known from a hive has, as variants here; gives the names it no longer has."""
        assert self._next is not None
        newer: dict[str, Row] = {}
        until = self._all.index(self._next) + 1
        for name, _, row in _fold(self._all[:until], key, self._kind):
            if row is None:
                newer.pop(name, None)
            else:
                newer[name] = row
        for name, row in newer.items():
            if name not in rows or rows[name][1].data != row.data:
                who = f"{self._next.name}, whose value may begin here"
                known.setdefault(name, []).append(
                    Variant(None if row.any_data else row.data, Standing.KNOWN_VARIANT, who, row.source)
                )
        return {name for name in rows if name not in newer}

    # --- keys ------------------------------------------------------------------------------------------------------------

    def keys(self, key: str) -> frozenset[str]:
        """The folded names of the keys shipped below a key; empty where the baseline says nothing of it."""
        folded = fold_name(key)
        found: set[str] = set()
        for layer in self._layers:
            found |= layer.added_keys(folded)
            found -= layer.removed_keys(folded)
        return frozenset(found)

    def may_have_key(self, key: str, name: str) -> bool:
        """Whether the generation, not well known, may ship a key already that the next known one ships."""
        if self._next is None:
            return False
        folded = fold_name(key)
        newer: set[str] = set()
        for layer in self._all[: self._all.index(self._next) + 1]:
            newer |= layer.added_keys(folded)
            newer -= layer.removed_keys(folded)
        return fold_name(name) in newer

    def keys_of_all(self, key: str) -> frozenset[str]:
        """The folded names of the keys that any generation ships below a key."""
        folded = fold_name(key)
        return frozenset().union(*(layer.added_keys(folded) for layer in self._all))

    # --- KnownDLLs -------------------------------------------------------------------------------------------------------

    @cached_property
    def known_dlls(self) -> Mapping[str, str]:
        """Folded value names of KnownDLLs to case-folded file names, without the directories."""
        return {
            name: entry.data.casefold()
            for name, entry in self.entries(KNOWN_DLLS_KEY).items()
            if isinstance(entry.data, str) and not name.startswith("DLLDIRECTORY")
        }

    @cached_property
    def all_known_dlls(self) -> frozenset[str]:
        """The case-folded files that any generation on any architecture maps as KnownDLLs."""
        return frozenset(
            row.data.casefold()
            for layer in self._all
            for rows in layer.rows_of(_KNOWN_DLLS)
            for name, row in rows.items()
            if row is not None and isinstance(row.data, str) and not name.startswith("DLLDIRECTORY")
        )

    # --- the word ----------------------------------------------------------------------------------------------------------

    def standing(self, key: str, name: str, data: Data | None) -> Standing:
        """The word for one value: `data` is what the hive holds, None where it holds none."""
        entry = self.entry(key, name)
        if data is None:
            return Standing.MISSING if entry is not None and not entry.optional else Standing.AS_SHIPPED
        if entry is not None and (entry.any_data or same_data(entry.data, data)):
            return Standing.AS_SHIPPED
        for variant in self.variants(key, name):
            if variant.data is None or same_data(variant.data, data):
                return variant.standing
        if any(same_data(other, data) for _, other in self.elsewhere(key, name)):
            return Standing.OTHER_GENERATION
        return Standing.NOT_SEEN


def _fold(layers: tuple[Layer, ...], key: str, architecture: str) -> Iterator[tuple[str, str, Row | None]]:
    """What the layers say of a key, oldest first: folded name, the generation, and the row, None where it is taken away."""
    for layer in layers:
        for rows in layer.rows_on(key, architecture):
            for name, row in rows.items():
                yield name, layer.id, row


def _variants_of(layers: tuple[Layer, ...], key: str) -> dict[str, list[Variant]]:
    """The variants known of the newest of the layers, by folded name; those of newer files first."""
    over = {layer.id for layer in layers[:-1]}
    found: dict[str, list[Variant]] = {}
    for layer in layers:
        for name, data, word, who, source, until in layer.variants_of(key):
            if until not in over:
                found.setdefault(name, []).insert(0, Variant(data, Standing(word), who, source))
    return found


def same_data(one: Data, other: Data) -> bool:
    """Whether two data mean the same: texts without case, empty strings of a list left out."""
    if isinstance(one, str) and isinstance(other, str):
        return one.casefold() == other.casefold()
    if isinstance(one, tuple) and isinstance(other, tuple):
        left, right = ([text.casefold() for text in data if text] for data in (one, other))
        return left == right
    return one == other
