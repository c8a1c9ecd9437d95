"""Where a fact comes from: a value in a hive, a key, or a default that is built into smss.exe itself.

Every fact that reaches a report carries at least one origin, so that an examiner can check it by hand.
"""

from enum import Enum

from hivecheck.facts.fact import fact


class State(Enum):
    """In what part of the evidence the bytes were found."""

    ALLOCATED = "allocated"
    LOG = "log"
    DELETED = "deleted"


@fact
class KeyRef:
    """A registry key. `path` is spelled as stored and starts below the root; `written` is in FILETIME ticks (UTC)."""

    hive: str
    path: str
    written: int
    offset: int | None
    state: State = State.ALLOCATED


@fact
class ValueRef:
    """A registry value, or some strings of one.

    `written` is the last write of the KEY in FILETIME ticks: a value has no time of its own. `offset` is that of the value
    cell in bytes from the start of the hive file, None where there is no file. `strings` are the first and the last string
    of a list, counted from 0 over every string smss would be handed, empty ones included; None for what is no list.
    `text` is the cited string itself.
    """

    hive: str
    key: str
    value: str
    written: int
    offset: int | None
    strings: tuple[int, int] | None = None
    text: str | None = None
    state: State = State.ALLOCATED

    def citing(self, text: str, first: int | None = None, last: int | None = None) -> "ValueRef":
        """The same value, citing one string (`first`) or a run of strings of it."""
        strings = None if first is None else (first, first if last is None else last)
        return ValueRef(self.hive, self.key, self.value, self.written, self.offset, strings, text, self.state)


@fact
class BuiltIn:
    """What smss (or the kernel) does by itself; `source` names the document that says so."""

    what: str
    source: str


Origin = ValueRef | KeyRef | BuiltIn
