r"""The keys that tell what machine a hive comes from, each opened once and its values decoded.

What is odd in a value is told once, as a `Problem`, and the value then counts as absent: a guess is never built on it.
Paths are relative to the control set, or to the root of the hive where they begin with a backslash. Nothing here concludes.
"""

from datetime import date
from typing import Generic, TypeVar

from hivecheck.facts.fact import fact
from hivecheck.facts.filetime import TICKS_PER_SECOND, iso_utc
from hivecheck.facts.origin import Origin, ValueRef
from hivecheck.facts.problem import Problem
from hivecheck.registry.hive import (
    REG_BINARY,
    REG_DWORD,
    REG_EXPAND_SZ,
    REG_MULTI_SZ,
    REG_QWORD,
    REG_SZ,
    Hive,
    Key,
    RawValue,
    fold_name,
    type_name,
)
from hivecheck.registry.strings import decode_multi_sz, decode_sz

T = TypeVar("T")


def ticks_of_date(day: date) -> int:
    """Midnight UTC of a day in FILETIME ticks."""
    return (day - date(1601, 1, 1)).days * 86_400 * TICKS_PER_SECOND


EARLIEST_TICKS = ticks_of_date(date(1990, 1, 1))  # before it there was no NT
LATEST_TICKS = ticks_of_date(date(2100, 1, 1))


@fact
class Found(Generic[T]):
    """A decoded value, where it is stored, and the text to cite it by."""

    value: T
    stored: ValueRef
    text: str

    @property
    def ref(self) -> ValueRef:
        """The reference that cites the text."""
        return self.stored.citing(self.text)


class MachineKeys:
    """Reads values by path and name. `control_set` is None where the hive has none: only root paths then lead anywhere."""

    def __init__(self, hive: Hive, control_set: Key | None) -> None:
        self._root = hive.root
        self._control_set = control_set
        self._keys: dict[str, Key | None] = {}
        self._values: dict[str, dict[str, RawValue | None]] = {}
        self._loaded: set[str] = set()
        self._problems: dict[Problem, None] = {}

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What was odd in the values read so far, each told once."""
        return tuple(self._problems)

    def key(self, path: str) -> Key | None:
        r"""The key at `Control\Windows` of the control set or at `\Setup` of the hive, None where there is none."""
        if path not in self._keys:
            self._keys[path] = self._open(path)
        return self._keys[path]

    def _open(self, path: str) -> Key | None:
        above, _, name = path.rpartition("\\")
        if not name:
            return self._root
        start = self._root if path.startswith("\\") else self._control_set
        parent = self.key(above) if above else start
        return parent.subkey(name) if parent else None

    def key_ref(self, path: str) -> tuple[Origin, ...]:
        """The reference to the key, () where there is no such key: what a missing value is cited by."""
        key = self.key(path)
        return (key.ref,) if key else ()

    def load(self, path: str) -> None:
        """Read every value of a key at once: cheaper than one by one from the fourth on."""
        key = self.key(path)
        values: dict[str, RawValue | None] = {}
        for value in key.values() if key else ():
            values.setdefault(fold_name(value.name), value)
        self._values[path] = values
        self._loaded.add(path)

    def raw(self, path: str, name: str) -> RawValue | None:
        """The value as stored; of two with the same name the first, as Windows finds it."""
        values = self._values.setdefault(path, {})
        folded = fold_name(name)
        if folded not in values and path not in self._loaded:
            key = self.key(path)
            values[folded] = key.value(name) if key else None
        return values.get(folded)

    def number(self, path: str, name: str) -> Found[int] | None:
        """A REG_DWORD, unsigned; None where it is absent or no REG_DWORD of 4 bytes."""
        return self._little_endian(self._typed(path, name, (REG_DWORD,), "a REG_DWORD of 4 bytes", 4))

    def long_number(self, path: str, name: str) -> Found[int] | None:
        """A REG_QWORD, unsigned; None where it is absent or no REG_QWORD of 8 bytes."""
        return self._little_endian(self._typed(path, name, (REG_QWORD,), "a REG_QWORD of 8 bytes", 8))

    def text(self, path: str, name: str) -> Found[str] | None:
        """A REG_SZ or REG_EXPAND_SZ up to its first NUL, not expanded. An empty one counts as absent."""
        raw = self._typed(path, name, (REG_SZ, REG_EXPAND_SZ), "a string")
        text = decode_sz(raw.data).text if raw else ""
        return Found(text, raw.ref, text) if raw and text else None

    def strings(self, path: str, name: str) -> Found[tuple[str, ...]] | None:
        """The strings of a REG_MULTI_SZ that are not empty; none at all counts as absent."""
        raw = self._typed(path, name, (REG_MULTI_SZ,), "a list of strings")
        texts = tuple(text for text in decode_multi_sz(raw.data).strings if text) if raw else ()
        return Found(texts, raw.ref, "; ".join(texts)) if raw and texts else None

    def binary(self, path: str, name: str) -> Found[bytes] | None:
        """The bytes of a REG_BINARY."""
        raw = self._typed(path, name, (REG_BINARY,), "REG_BINARY")
        return Found(raw.data, raw.ref, f"{len(raw.data)} bytes") if raw else None

    def ticks(self, path: str, name: str) -> Found[int] | None:
        """A FILETIME: REG_BINARY of 8 bytes, within the years 1990 to 2099."""
        found = self._little_endian(self._typed(path, name, (REG_BINARY,), "REG_BINARY of 8 bytes", 8))
        if found is None or not self.is_plausible(found.value, name, found.ref):
            return None
        return Found(found.value, found.stored, iso_utc(found.value))

    def is_plausible(self, ticks: int, what: str, origin: Origin) -> bool:
        """Whether a Windows NT can have written this time; where not, a problem says so."""
        if EARLIEST_TICKS <= ticks < LATEST_TICKS:
            return True
        self.report("implausible-time", f"{what} gives {iso_utc(ticks)}, which no Windows can have written.", origin)
        return False

    def report(self, code: str, message: str, *because: Origin) -> None:
        """Keep what is odd as a problem."""
        self._problems[Problem(code, message, because)] = None

    def _typed(
        self, path: str, name: str, types: tuple[int, ...], wanted: str, size_bytes: int | None = None
    ) -> RawValue | None:
        raw = self.raw(path, name)
        if raw is None:
            return None
        if raw.damage is not None:
            self._problems[raw.damage] = None
            return None
        if raw.type in types and size_bytes in (None, len(raw.data)):
            return raw
        stored = f"{type_name(raw.type)} of {len(raw.data)} bytes"
        self.report("wrong-type", f"{raw.name} is {stored} where {wanted} is expected; no guess is built on it.", raw.ref)
        return None

    @staticmethod
    def _little_endian(raw: RawValue | None) -> Found[int] | None:
        if raw is None:
            return None
        number = int.from_bytes(raw.data, "little")
        return Found(number, raw.ref, str(number))


def seconds_between(earlier_ticks: int, later_ticks: int) -> float:
    """Seconds from the one to the other, negative where `later_ticks` lies before."""
    return (later_ticks - earlier_ticks) / TICKS_PER_SECOND
