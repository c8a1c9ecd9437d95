r"""One Windows as shipped: values and keys below the control set, each with its source, and what else is known in their place.

    baseline.entry("Control\\Session Manager", "BootExecute")   the value as shipped, None where Windows ships none
    baseline.keys("Control\\SafeBoot\\Minimal")                 the names of the keys it ships there

Paths and names are compared without case. Source: baselines.md, baselines.json.
"""

from collections.abc import Mapping
from enum import Enum

from hivecheck.facts.fact import fact
from hivecheck.facts.generation import Generation
from hivecheck.registry.hive import fold_name

KNOWN_DLLS_KEY = "Control\\Session Manager\\KnownDLLs"
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
    """Other data that is known in the place of a value: `who` ships or writes it; `standing` is variant or third-party."""

    data: Data
    standing: Standing
    who: str
    source: str


@fact
class Entry:
    """One value as shipped. `data` is a text, a number, bytes, or the strings of a list; `any_data` where every machine differs."""

    name: str
    type: str  # REG_SZ ...
    data: Data
    source: str
    variants: tuple[Variant, ...] = ()
    any_data: bool = False


@fact
class Baseline:
    """One generation (and architecture) as shipped. `nearest` is True where it stands in for a Windows that has none of its own.

    `values` are by folded key path, then folded name; `subkeys` are names of keys by folded path; `elsewhere` says which
    generations ship a (path, name, data) that this one does not; `all_known_dlls` are the folded files of all generations.
    """

    id: str
    generation: Generation
    architecture: str
    nearest: bool
    values: Mapping[str, Mapping[str, Entry]]
    subkeys: Mapping[str, frozenset[str]]
    elsewhere: Mapping[tuple[str, str], tuple[tuple[str, Data], ...]]
    all_known_dlls: frozenset[str]

    def entry(self, key: str, name: str) -> Entry | None:
        return self.values.get(fold_name(key), {}).get(fold_name(name))

    def entries(self, key: str) -> Mapping[str, Entry]:
        """The values of one key, by folded name."""
        return self.values.get(fold_name(key), {})

    def keys(self, key: str) -> frozenset[str]:
        """The folded names of the keys shipped below a key; empty where the baseline says nothing of it."""
        return self.subkeys.get(fold_name(key), frozenset())

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

    @property
    def known_dlls(self) -> Mapping[str, str]:
        """Folded value names of KnownDLLs to case-folded file names, without the directories."""
        return {
            name: entry.data.casefold()
            for name, entry in self.entries(KNOWN_DLLS_KEY).items()
            if isinstance(entry.data, str) and not name.startswith("DLLDIRECTORY")
        }

    def standing(self, key: str, name: str, data: Data | None) -> Standing:
        """The word for one value: `data` is what the hive holds, None where it holds none."""
        entry = self.entry(key, name)
        if data is None:
            return Standing.MISSING if entry is not None else Standing.AS_SHIPPED
        if entry is not None:
            if entry.any_data or same_data(entry.data, data):
                return Standing.AS_SHIPPED
            for variant in entry.variants:
                if same_data(variant.data, data):
                    return variant.standing
        for _, other in self.elsewhere.get((fold_name(key), fold_name(name)), ()):
            if same_data(other, data):
                return Standing.OTHER_GENERATION
        return Standing.NOT_SEEN


def same_data(one: Data, other: Data) -> bool:
    """Whether two data mean the same: texts without case, empty strings of a list left out."""
    if isinstance(one, str) and isinstance(other, str):
        return one.casefold() == other.casefold()
    if isinstance(one, tuple) and isinstance(other, tuple):
        left, right = ([text.casefold() for text in data if text] for data in (one, other))
        return left == right
    return one == other
