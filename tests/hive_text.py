"""Composing hive notation: keys with their value lines and the comments that explain them, in the order they are made.

What `write_notation` can't do: keep the comments. For the test hives, whose notation is documentation. Must not know what
a key means. Contents of values are spelled by the package's own `spell_data`, so that each line is as the writer would have it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from hivecheck.facts.filetime import parse_iso_utc
from hivecheck.registry import hive as registry
from hivecheck.registry.notation_forms import DEFAULT_VALUE, encode_text, quote, spell_data
from hivecheck.registry.notation_writer import spell_time


def sz(text: str) -> str:
    return spell_data(registry.REG_SZ, encode_text(text + "\0"))


def expand(text: str) -> str:
    return spell_data(registry.REG_EXPAND_SZ, encode_text(text + "\0"))


def multi(*strings: str) -> str:
    return spell_data(registry.REG_MULTI_SZ, encode_text("".join(f"{string}\0" for string in strings) + "\0"))


def dword(number: int) -> str:
    return spell_data(registry.REG_DWORD, (number & 0xFFFFFFFF).to_bytes(4, "little"))


def qword(number: int) -> str:
    return spell_data(registry.REG_QWORD, number.to_bytes(8, "little"))


def binary(data: bytes) -> str:
    return spell_data(registry.REG_BINARY, data)


def later(time: str, seconds: float) -> str:
    """The time so many seconds after (before, if negative) another."""
    return spell_time(parse_iso_utc(time) + round(seconds * 10_000_000))


@dataclass(slots=True)
class KeyText:
    """A key being composed: its last write and its value lines, each with the comment that stands above it."""

    written: str
    values: dict[str, tuple[str, str]] = field(default_factory=dict)

    def put(self, name: str, content: str, comment: str = "") -> None:
        """Set a value ('' is the default one); one that is there keeps its place."""
        self.values[name] = content, comment

    def put_all(self, values: Iterable[tuple[str, str]]) -> None:
        for name, content in values:
            self.put(name, content)

    def arrange(self, order: str) -> None:
        """Bring the values into this order of names (`@` is the default value); those it leaves out come last."""
        names = ["" if name == DEFAULT_VALUE else name for name in order.split()]
        first = {name: self.values[name] for name in names if name in self.values}
        self.values = first | self.values


class HiveText:
    """A hive being composed. `written` is the last write of every key that is made without one."""

    def __init__(self, about: str, header: str, written: str) -> None:
        self.about = about
        self._header = header
        self._written = written
        self._keys: dict[str, KeyText] = {}

    def key(self, path: str, written: str | None = None) -> KeyText:
        """The key at this path, made behind its siblings if it is missing; a time given changes its last write."""
        if path not in self._keys:
            self._insert(path, KeyText(self._written))
        key = self._keys[path]
        if written is not None:
            key.written = written
        return key

    def _insert(self, path: str, key: KeyText) -> None:
        above = path.rpartition("\\")[0]
        paths = list(self._keys)
        near = [place for place, name in enumerate(paths) if above and (name == above or name.startswith(above + "\\"))]
        paths.insert(near[-1] + 1 if near else len(paths), path)
        self._keys[path] = key
        self._keys = {name: self._keys[name] for name in paths}

    def copy(self, source: str, target: str, written: str | None = None) -> None:
        """Copy a key and all below it, with their times or all with one time."""
        for path, key in list(self._keys.items()):
            if path == source or path.startswith(source + "\\"):
                self._keys[target + path[len(source) :]] = replace(
                    key, written=written or key.written, values=dict(key.values)
                )

    def drop(self, path: str) -> None:
        """Remove a key and all below it."""
        self._keys = {name: key for name, key in self._keys.items() if name != path and not name.startswith(path + "\\")}

    def render(self) -> str:
        """The notation: the explanation, the header, the keys."""
        about = [f"# {line}".rstrip() for line in self.about.splitlines()]
        lines = [*about, "", f"{self._header} written {self._written}"]
        for path, key in self._keys.items():
            time = "" if key.written == self._written else f" {key.written}"
            lines += ["", f"[{path}]{time}"]
            for name, (content, comment) in key.values.items():
                lines += [f"# {line}" for line in comment.splitlines()]
                lines.append(f"{_spell_name(name)} = {content}")
        return "\n".join(lines) + "\n"


def _spell_name(name: str) -> str:
    if not name:
        return DEFAULT_VALUE
    return quote(name) if name == DEFAULT_VALUE or set(name) & set('="#;[]') or name != name.strip() else name
