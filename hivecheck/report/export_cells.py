"""What all exports share in writing: text made visible and bounded, cells of CSV that no spreadsheet runs, times that readers can hold.

Knows nothing of hives or findings. Ours are the limits: readers of timelines refuse terms of more than 32,766 bytes, and time stamps
outside of what 64 bits of nanoseconds since 1970 can tell.
"""

import json
from typing import Any

from hivecheck.facts.filetime import iso_utc
from hivecheck.facts.visible import mark_of, visible

Json = Any

TICKS_OF_1970 = 116_444_736_000_000_000
FIRST_TICKS = TICKS_OF_1970 + 1
LAST_TICKS = 208_534_176_000_000_000  # 2261-10-31
LONGEST_TEXT = 4_000  # letters of one field
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def is_told(ticks: int) -> bool:
    """Whether an instant is exported: 0, 1601, and all else before 1970 or after 2261 is damage or forgery, no event."""
    return FIRST_TICKS <= ticks <= LAST_TICKS


def unix_seconds(ticks: int) -> int:
    """Whole seconds since 1970, UTC, of FILETIME ticks."""
    return (ticks - TICKS_OF_1970) // 10_000_000


def unix_microseconds(ticks: int) -> int:
    """Whole microseconds since 1970, UTC, of FILETIME ticks."""
    return (ticks - TICKS_OF_1970) // 10


def iso_microseconds(ticks: int) -> str:
    """ISO 8601 with six decimals, as most readers hold no more: `2018-04-06T12:26:31.123456`, without an offset."""
    return iso_utc(ticks)[:26]


def shown(text: str, longest: int = LONGEST_TEXT) -> str:
    """Text from a hive on one line, hidden characters as marks; a longer one is cut, and says how long it is."""
    if len(text) <= longest:
        return visible(text)
    return f"{visible(text[:longest])}... ({len(text):,} characters)"


def bounded(shown: str, longest: int = LONGEST_TEXT) -> str:
    """Text that was made visible elsewhere, cut where it is longer."""
    return shown if len(shown) <= longest else f"{shown[:longest]}... ({len(shown):,} characters)"


def csv_line(cells: list[str]) -> str:
    """A line of CSV (RFC 4180, ended by a line feed). A cell that a spreadsheet would take for a formula begins with `'`."""
    return ",".join(map(_cell, cells)) + "\n"


def _cell(text: str) -> str:
    guarded = f"'{text}" if text.startswith(_FORMULA) else text
    if any(letter in guarded for letter in '",\r\n'):
        return '"' + guarded.replace('"', '""') + '"'
    return guarded


def bar_cell(text: str) -> str:
    r"""A field of a format that parts its fields with `|` and has no quoting: a bar in it becomes its mark, `⟨U+007C⟩`."""
    return text.replace("|", mark_of("|"))


def json_lines(value: Json) -> str:
    """A value as indented JSON in ASCII, ended by a line feed. Keys keep their order."""
    return json.dumps(value, indent=1, check_circular=False) + "\n"
