"""How the reading of another library is held against ours: key by key, everything both of them give.

Knows the libraries only as `Library`; the adapters are in `readers`, what is known to be wrong with them in `known_defects`.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Protocol, TypeVar

from hivecheck.facts.fact import fact
from hivecheck.facts.filetime import iso_utc
from hivecheck.registry.base_block import BINS_START, Buffer
from hivecheck.registry.hive import RawValue, type_name
from hivecheck.registry.keys import RegfKey
from hivecheck.registry.known_defects import AGREES, UNEXPLAINED, StoredValue, stored_value
from hivecheck.registry.regf import RegfHive

MOST_KEYS = 5_000  # compared with one library: regipy needs some milliseconds for each
MOST_VALUES = 20_000
MOST_DISAGREEMENTS = 100  # listed; further ones are only counted
_SHOWN = 200  # letters of one reading

T = TypeVar("T")
N = TypeVar("N", RegfKey, RawValue)
Progress = Callable[[str], None]


@fact
class Disagreement:
    """One thing read differently. `what` is presence, subkeys, values, name, time, type or data; `value` is '' for the key's
    own; the readings are ready to be shown, long ones cut."""

    key: str
    value: str
    what: str
    ours: str
    theirs: str


@fact
class ReaderOpinion:
    """What another reader makes of the same keys. `agrees` is None where it wasn't asked; `note` then says why.

    `known_defects` are names from `known_defects.KNOWN_DEFECTS`: they explain differences that are no disagreements.
    """

    name: str
    agrees: bool | None
    known_defects: tuple[str, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    keys_compared: int = 0
    values_compared: int = 0
    note: str = ""


class Library(Protocol):
    """A library, opened on a hive. Its keys and values are its own affair; every method may raise anything.

    A judgement is AGREES, UNEXPLAINED, or the name of the known defect that explains the difference.
    """

    def root(self) -> Any: ...

    def subkey(self, key: Any, name: str) -> Any | None: ...

    def subkeys(self, key: Any) -> Sequence[Any]: ...

    def key_name(self, key: Any) -> str: ...

    def written(self, key: Any) -> datetime: ...

    def values(self, key: Any) -> Sequence[Any]: ...

    def value_name(self, value: Any) -> str: ...

    def value_type(self, value: Any) -> int: ...

    def value_data(self, value: Any) -> object: ...

    def judge_key_name(self, ours: str, theirs: str | None) -> str:
        """`theirs` is None for a name the library refused to decode."""
        ...

    def judge_value_name(self, ours: str, theirs: str | None) -> str: ...

    def judge_time(self, ticks: int, theirs: datetime) -> str: ...

    def judge_type(self, ours: int, theirs: int) -> str: ...

    def judge_data(self, stored: StoredValue, theirs: object) -> str: ...

    def unread_types(self) -> dict[int, str]:
        """The types of values it leaves out, each with the name of that defect."""
        ...


def damage_codes(hive: RegfHive, keys: tuple[str, ...]) -> str:
    """The codes of the damage met in these subtrees and on the way to them, '' where there is none. Reads them to know."""
    for path in keys:
        pending = [hive.root.subkey(path)]
        while pending:
            key = pending.pop()
            if key is not None:
                pending += key.subkeys()
                for _ in key.stored_values():
                    pass
    return ", ".join(sorted({problem.code for problem in hive.problems}))


def cells_are_unknown(hive: RegfHive) -> bool:
    """Whether the cells are those of Windows NT 3.1, which no library knows."""
    root = BINS_START + hive.base_block.root_offset
    return bytes(hive.buffer[root + 4 : root + 6]) != b"nk"


def form_opinion(
    name: str, library: Library, hive: RegfHive, keys: tuple[str, ...], progress: Progress | None = None
) -> ReaderOpinion:
    """What the library makes of the subtrees at these paths. `progress` is told each key's path before the library reads it."""
    comparison = Comparison(library, hive.buffer, progress)
    for path in keys:
        comparison.compare_subtree(path, hive.root.subkey(path))
    return comparison.opinion(name)


def refusal(name: str, failure: str, key: str = "") -> ReaderOpinion:
    """The opinion of a library that failed altogether; `key` is the one it was reading then."""
    return ReaderOpinion(name, agrees=False, disagreements=(Disagreement(key, "", "presence", "a hive", failure),))


class Comparison:
    """The comparison under way. Of the two keys or values that belong together, ours always comes first."""

    def __init__(self, library: Library, buffer: Buffer, progress: Progress | None = None) -> None:
        self.library = library
        self.progress = progress
        self.buffer = buffer
        self.defects: set[str] = set()
        self.disagreements: list[Disagreement] = []
        self.unlisted = 0
        self.keys = 0
        self.values = 0
        self.stopped = False

    def opinion(self, name: str) -> ReaderOpinion:
        notes = []
        if self.stopped:
            notes.append(f"stopped after {self.keys} keys and {self.values} values")
        if self.unlisted:
            notes.append(f"{self.unlisted} further disagreements are not listed")
        return ReaderOpinion(
            name=name,
            agrees=not self.disagreements,
            known_defects=tuple(sorted(self.defects)),
            disagreements=tuple(self.disagreements),
            keys_compared=self.keys,
            values_compared=self.values,
            note="; ".join(notes),
        )

    def compare_subtree(self, path: str, ours: RegfKey | None) -> None:
        if self.progress is not None:
            self.progress(path)
        presence = "absent" if ours is None else "present"
        theirs, answered = self._ask(path, "", "presence", presence, lambda: self._find(path))
        if not answered:
            return
        if ours is None or theirs is None:
            if (ours is None) != (theirs is None):
                self._disagree(path, "", "presence", presence, "absent" if theirs is None else "present")
            return
        pending = [(ours, theirs)]
        while pending:
            if self.keys >= MOST_KEYS or self.values >= MOST_VALUES:
                self.stopped = True
                return
            key, handle = pending.pop()
            self._compare_key(key, handle)
            pending += reversed(self._compare_subkeys(key, handle))

    def _find(self, path: str) -> Any | None:
        key = self.library.root()
        for name in path.split("\\") if path else ():
            key = self.library.subkey(key, name) if key is not None else None
        return key

    def _compare_key(self, ours: RegfKey, theirs: Any) -> None:
        self.keys += 1
        if self.progress is not None:
            self.progress(ours.path)
        written = iso_utc(ours.written)
        time, answered = self._ask(ours.path, "", "time", written, lambda: self.library.written(theirs))
        if answered:
            self._judge(self.library.judge_time(ours.written, time), ours.path, "", "time", written, time)
        stored = list(ours.values())
        listed, answered = self._ask(ours.path, "", "values", f"{len(stored)} values", lambda: self.library.values(theirs))
        if not answered:
            return
        stored = self._without_unread(stored, len(listed))
        if len(stored) != len(listed):
            self._disagree(ours.path, "", "values", f"{len(stored)} values", f"{len(listed)} values")
        for value, handle in self._paired(stored, listed, self.library.value_name):
            self._compare_value(ours.path, value, handle)

    def _without_unread(self, stored: list[RawValue], listed: int) -> list[RawValue]:
        unread = self.library.unread_types()
        kept = [value for value in stored if value.type not in unread]
        if len(kept) != listed or len(stored) == listed:
            return stored
        self.defects.update(unread[value.type] for value in stored if value.type in unread)
        return kept

    def _compare_value(self, key: str, ours: RawValue, theirs: Any) -> None:
        self.values += 1
        name = self._decoded(lambda: self.library.value_name(theirs))
        self._judge(self.library.judge_value_name(ours.name, name), key, ours.name, "name", ours.name, name)
        shown = type_name(ours.type)
        kind, answered = self._ask(key, ours.name, "type", shown, lambda: self.library.value_type(theirs))
        if answered:
            self._judge(self.library.judge_type(ours.type, kind), key, ours.name, "type", shown, type_name(kind))
        data, answered = self._ask(key, ours.name, "data", ours.data, lambda: self.library.value_data(theirs))
        if answered:
            verdict = self.library.judge_data(stored_value(ours, self.buffer), data)
            self._judge(verdict, key, ours.name, "data", ours.data, data)

    def _compare_subkeys(self, ours: RegfKey, theirs: Any) -> list[tuple[RegfKey, Any]]:
        """The subkeys that belong together: those in the same place of the list, if their names agree."""
        below = list(ours.subkeys())
        listed, answered = self._ask(ours.path, "", "subkeys", f"{len(below)} subkeys", lambda: self.library.subkeys(theirs))
        if not answered:
            return []
        if len(below) != len(listed):
            self._disagree(ours.path, "", "subkeys", f"{len(below)} subkeys", f"{len(listed)} subkeys")
        together = self._paired(below, listed, self.library.key_name)
        return [(key, handle) for key, handle in together if self._same_key_name(key, handle)]

    def _paired(self, ours: Sequence[N], theirs: Sequence[Any], name: Callable[[Any], str]) -> list[tuple[N, Any]]:
        """Those in the same place of the list; where one of the two reads fewer, those of the same name."""
        if len(ours) == len(theirs):
            return list(zip(ours, theirs, strict=True))
        named = {self._decoded(partial(name, handle)): handle for handle in theirs}
        return [(one, named[one.name]) for one in ours if one.name in named]

    def _same_key_name(self, ours: RegfKey, theirs: Any) -> bool:
        name = self._decoded(lambda: self.library.key_name(theirs))
        verdict = self.library.judge_key_name(ours.name, name)
        self._judge(verdict, ours.path, "", "name", ours.name, name)
        return verdict != UNEXPLAINED

    def _decoded(self, name: Callable[[], str]) -> str | None:
        """The name, or None where the library refuses to decode it."""
        try:
            return name()
        except UnicodeError:
            return None
        except Exception as error:  # noqa: BLE001 - as in `_ask`
            return failure_words(error)

    def _ask(self, key: str, value: str, what: str, ours: object, question: Callable[[], T]) -> tuple[T, bool]:
        """The library's answer and True; or, where it fails, nothing and False, and its failure is a disagreement."""
        try:
            return question(), True
        except Exception as error:  # noqa: BLE001 - the libraries leak struct.error, StreamError, TypeError and others
            self._disagree(key, value, what, ours, failure_words(error))
            return None, False  # type: ignore[return-value]

    def _judge(self, verdict: str, key: str, value: str, what: str, ours: object, theirs: object) -> None:
        if verdict == UNEXPLAINED:
            self._disagree(key, value, what, ours, theirs)
        elif verdict != AGREES:
            self.defects.add(verdict)

    def _disagree(self, key: str, value: str, what: str, ours: object, theirs: object) -> None:
        if len(self.disagreements) < MOST_DISAGREEMENTS:
            self.disagreements.append(Disagreement(key, value, what, _show(ours), _show(theirs)))
        else:
            self.unlisted += 1


def failure_words(error: Exception) -> str:
    """What went wrong in a library, in one line."""
    return " ".join(f"{type(error).__name__}: {error}".split()).removesuffix(":")


def _show(reading: object) -> str:
    """A reading in one line: bytes as hexadecimal digits with their number, anything long cut."""
    text = f"{len(reading)} bytes: {reading[:_SHOWN].hex(' ')}" if isinstance(reading, bytes) else str(reading)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]} ..."
