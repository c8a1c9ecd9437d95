"""Writing hive notation: any keys of any hive as text that `notation.parse_notation` reads back exactly.

Must not know who reads the text. Grammar: docs/notation.md.
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Protocol, runtime_checkable

from hivecheck.facts.filetime import iso_utc
from hivecheck.facts.problem import Problem
from hivecheck.registry.hive import Hive, Key, RawValue, fold_name
from hivecheck.registry.memory import HiveFacts, MemoryHive
from hivecheck.registry.notation_forms import DEFAULT_VALUE, FORMAT_VERSION, escape, quote, spell_data

_PLAIN_NAME = re.compile(r'[^\s="#;\[\]@]([^="#;\[\]]*[^\s="#;\[\]])?')
_PLAIN_PATH = re.compile(r'[^\s\]"]([^\]"]*[^\s\]"])?')
_LOOKS_ESCAPED = re.compile(r"u(?=\{[0-9A-Fa-f]{1,6}\})")


@runtime_checkable
class _WholeHive(Protocol):
    """What a `Hive` has and a `Key` has not."""

    @property
    def root(self) -> Key: ...

    @property
    def problems(self) -> tuple[Problem, ...]: ...


def write_notation(source: Hive | Key, *more: Key, facts: HiveFacts | None = None) -> str:
    """The text of a whole hive, or of keys of one hive with all that lies below each of them.

    `facts` go to the header; those of a MemoryHive are known without. What a reader could not read is told in comments.
    """
    if isinstance(source, MemoryHive) and facts is None:
        facts = source.facts
    tops = (source.root if isinstance(source, _WholeHive) else source, *more)
    written = Counter(key.written for top in tops for key, _, _ in _walk(top)).most_common(1)[0][0]
    root_name = next((top.name for top in tops if not top.path), "ROOT")
    lines = [_spell_header(root_name, written, facts)]
    for top in tops:
        for key, names, again in _walk(top):
            lines += _spell_key(key, names, again, written)
    return "\n".join(lines) + "\n"


def _walk(top: Key) -> Iterator[tuple[Key, tuple[str, ...], bool]]:
    """Each key before those below it, with the names on its path and whether an earlier sibling has the same name."""
    above = top.path.removesuffix(top.name).removesuffix("\\")
    names = (*above.split("\\"), top.name) if above else (top.name,) if top.path else ()
    waiting: list[tuple[Key, tuple[str, ...], bool]] = [(top, names, False)]
    while waiting:
        key, names, again = waiting.pop()
        yield key, names, again
        seen: set[str] = set()
        below = []
        for subkey in key.subkeys():
            folded = fold_name(subkey.name)
            below.append((subkey, (*names, subkey.name), folded in seen))
            seen.add(folded)
        waiting += reversed(below)


def _spell_header(root_name: str, written: int, facts: HiveFacts | None) -> str:
    words = [f"hive notation {FORMAT_VERSION}"]
    if facts is not None:
        words += [f"regf {facts.version[0]}.{facts.version[1]}", f"sequences {facts.sequences[0]} {facts.sequences[1]}"]
    if root_name != "ROOT":
        words.append(f"root {quote(root_name)}")
    if facts is not None and facts.saved:
        words.append(f"saved {spell_time(facts.saved)}")
    if written:
        words.append(f"written {spell_time(written)}")
    return " ".join(words)


def _spell_key(key: Key, names: tuple[str, ...], again: bool, usual: int) -> list[str]:
    """The lines of one key, none for a key that the ones below it imply."""
    words = [f"[{_spell_path(names)}]"]
    if key.written != usual:
        words.append(spell_time(key.written))
    if key.class_name is not None:
        words.append(f"class {quote(key.class_name)}")
    if again:
        words.append("again")
    seen: set[str] = set()
    lines: list[str] = []
    for value in key.values():
        lines += _spell_value(value, fold_name(value.name) in seen)
        seen.add(fold_name(value.name))
    implied = len(words) == 1 and not lines and (not names or next(key.subkeys(), None) is not None)
    return [] if implied else ["", " ".join(words), *lines]


def _spell_path(names: tuple[str, ...]) -> str:
    path = "\\".join(map(_spell_path_name, names))
    if not names or ("" not in names and _PLAIN_PATH.fullmatch(path)):
        return path
    return '"' + path.replace('"', '""') + '"'


def _spell_path_name(name: str) -> str:
    """One name in a path: a backslash that belongs to the name is escaped, and so is what would make an escape of the one before it."""
    text = r"\u{5c}".join(map(escape, name.split("\\")))
    return r"\u{75}" + text[1:] if _LOOKS_ESCAPED.match(text) else text


def _spell_value(value: RawValue, again: bool) -> list[str]:
    name = value.name if _PLAIN_NAME.fullmatch(value.name) else None
    head = DEFAULT_VALUE if not value.name else quote(value.name) if name is None else escape(name)
    text = f"{head} = {spell_data(value.type, value.data)}" + (" again" if again else "")
    comment = [f"# damaged: {escape(value.damage.message)}"] if value.damage else []
    return [*comment, *text.split("\n")]


def spell_time(ticks: int) -> str:
    """The instant as `iso_utc` gives it, without the zeros at its end."""
    return re.sub(r"\.?0+Z$", "Z", iso_utc(ticks))
