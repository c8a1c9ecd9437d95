"""One change between two states of a hive, at whatever height it is told, with the verdict on it.

Known to all of compare and to what shows it. Nothing here knows documents or hives.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from hivecheck.facts.fact import fact
from hivecheck.facts.origin import Origin

Json = Any


class ChangeKind(StrEnum):
    """What became of a thing. Things are the same by identity, so `moved` is one that only stands elsewhere in its order."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


class Verdict(StrEnum):
    """Whose work a change looks like, the one to look at first first."""

    SUSPICIOUS = "suspicious"  # a finding of medium or above stands on the after side only, and nothing ordinary explains it
    UNEXPLAINED = "unexplained"
    SERVICING = "servicing"  # Windows Update, Windows Installer, driver installation
    MACHINE_STATE = "machine-state"  # what a machine writes by running: counters, times, its hardware
    AS_SHIPPED = "as-shipped"  # the Windows on the after side ships it so

    @property
    def rank(self) -> int:
        """0 for the one to look at first."""
        return tuple(Verdict).index(self)


@fact
class Change:
    """One change. `before` and `after` are plain JSON, None on the side where the thing is not.

    `what` names the thing: a setting and the part of it, an effect, or the path of a key as stored. `value` is the name of a
    registry value, for changes of a whole hive only; None there where the key itself was added, removed or rewritten. `why`
    says why this verdict. `because` are the origins on the after side, of the before side for what was removed: facts, or their
    JSON where they come from a document. `text` says in words what it does, '' where before and after say it all. `findings`
    are the fingerprints of those that the verdict cites.
    """

    change: ChangeKind
    what: str
    before: Json
    after: Json
    verdict: Verdict
    why: str
    because: tuple[Origin | Mapping[str, Json], ...] = ()
    value: str | None = None
    text: str = ""
    findings: tuple[str, ...] = ()


def worst_first(changes: Iterable[Change]) -> tuple[Change, ...]:
    """The changes by verdict, the one to look at first first; those of one verdict stay in their order."""
    return tuple(sorted(changes, key=lambda change: change.verdict.rank))
