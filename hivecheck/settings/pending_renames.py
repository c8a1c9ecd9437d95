r"""PendingFileRenameOperations and ...2: pairs of source and destination, an empty destination meaning "delete".

Pairs are formed by running position, and the position runs on from the first value into the second: an odd first list
shifts every pair of the second one. A destination may begin with `*` and digits (Windows 10 from August 2025, meaning
unknown), then with `!` or `@` (replace an existing target). Source: smss.md B.3 (ReactOS sminit.c; MoveFileEx).
"""

import re

from hivecheck.facts.fact import fact
from hivecheck.facts.nt_path import NtPath
from hivecheck.facts.origin import Origin, ValueRef
from hivecheck.facts.problem import Problem
from hivecheck.registry.hive import RawValue
from hivecheck.settings.setting import CitedString, Setting, origins_of, read_strings

_MARKER = re.compile(r"\*\d*")


@fact
class PendingRename:
    """One pair. `destination` is None for a delete. `marker` is what stood before the paths (`*1`), None where nothing did."""

    source: NtPath
    destination: NtPath | None
    replaces: bool
    marker: str | None
    list: str  # the value's name
    pair: int  # counted from 0 within the value
    origin: Origin

    @property
    def action(self) -> str:
        return "delete" if self.destination is None else "rename"


@fact
class RenameList:
    """One value: its pairs, and the source that was left without a destination, if the number of strings is odd."""

    pairs: tuple[PendingRename, ...]
    leftover: CitedString | None
    strings: tuple[CitedString, ...]


def read_rename_list(name: str, raw: RawValue | None) -> Setting[RenameList]:
    """The pairs of one value, each paired within the value."""
    read = read_strings(raw)
    pairs, leftover = pair_strings(name, read.strings)
    problems = list(read.problems)
    if leftover is not None:
        text = (
            f"{name} holds an odd number of strings ({len(read.strings)}): "
            f"the last source has no destination and, alone, does nothing."
        )
        problems.append(Problem("odd-rename-list", text, (leftover.origin,)))
    origins = origins_of(raw, read.presence)
    return Setting(name, RenameList(pairs, leftover, read.strings), read.presence, origins, tuple(problems), raw)


def pair_strings(name: str, strings: tuple[CitedString, ...]) -> tuple[tuple[PendingRename, ...], CitedString | None]:
    """The pairs of a run of strings, and the string left over where their number is odd."""
    pairs = tuple(make_pair(name, index // 2, strings[index], strings[index + 1]) for index in range(0, len(strings) - 1, 2))
    return pairs, strings[-1] if len(strings) % 2 else None


def make_pair(name: str, pair: int, source: CitedString, destination: CitedString) -> PendingRename:
    """What one pair of strings asks for, its origin citing both."""
    source_marker, source_text = _strip_marker(source.text)
    if not destination.text and source_text.startswith("@"):  # on a delete the source may carry the mark
        source_marker, source_text = source_marker + "@", source_text[1:]
    target_marker, target_text = _strip_marker(destination.text)
    replaces = target_text.startswith(("!", "@"))
    if replaces:
        target_marker += "@" if target_text[0] == "@" else ""
        target_text = target_text[1:]
    markers = [marker for marker in dict.fromkeys((source_marker, target_marker)) if marker]
    return PendingRename(
        NtPath(source_text),
        NtPath(target_text) if destination.text else None,
        replaces,
        " ".join(markers) or None,
        name,
        pair,
        _cite_both(source, destination),
    )


def _strip_marker(text: str) -> tuple[str, str]:
    match = _MARKER.match(text)
    return (match.group(), text[match.end() :]) if match else ("", text)


def _cite_both(source: CitedString, destination: CitedString) -> Origin:
    first, second = source.origin, destination.origin
    if isinstance(first, ValueRef) and isinstance(second, ValueRef) and first.strings and second.strings:
        if first.value == second.value:
            return first.citing(source.text, first.strings[0], second.strings[1])
        return second
    return first
