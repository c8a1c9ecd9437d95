"""The states of machines that evidence holds: which they are, where each was found, and which times date it.

Plain facts, known to all of the history. A state is one boot that could be replayed: a control set of a hive, a hive with its logs
applied up to an entry, or the hive as it stands. Nothing here reads a hive.
"""

from enum import StrEnum

from hivecheck.evidence.layouts import HiveKind
from hivecheck.evidence.opening import LogChange
from hivecheck.facts.certainty import Confidence
from hivecheck.facts.evidence_path import EvidencePath
from hivecheck.facts.fact import fact
from hivecheck.facts.origin import Origin

# in the order of age that is assumed where no date is known
_BY_AGE = (
    HiveKind.REPAIR,
    HiveKind.WINDOWS_OLD,
    HiveKind.REGBACK,
    HiveKind.SHADOW_COPY,
    HiveKind.LOOSE,
    HiveKind.LIVE,
)


def age_rank(kind: HiveKind) -> int:
    """0 for the kind of copy that is assumed to be the oldest."""
    return _BY_AGE.index(kind)


class StateKind(StrEnum):
    """What makes a state one of its own."""

    CONTROL_SET = "control-set"  # a set of the hive other than the one that boots
    FILE = "file"  # the hive file without its logs
    LOG_ENTRY = "log-entry"  # the hive after an entry of its logs that changes the Session Manager
    HIVE = "hive"  # the hive as it stands, all its logs applied


class DateMeaning(StrEnum):
    """What a time is the time of. The time of a file is never one: copying changes it."""

    SHADOW_COPY_MADE = "shadow-copy-made"
    FILE_WRITTEN = "file-written"
    NEWEST_KEY = "newest-key"
    NEWEST_KEY_OF_SET = "newest-key-of-set"
    CHANGED_KEY = "changed-key"
    KEY_OF_LIST = "key-of-list"
    LAST_SHUTDOWN = "last-shutdown"
    LAST_BOOT = "last-boot"


@fact
class Dating:
    """A time that says something of when a state was: FILETIME ticks (UTC), never 0, 1601 or another number that is no date.

    `confidence` is that the state is of this time, not that the time is true: who can write a hive can write its times.
    """

    ticks: int
    meaning: DateMeaning
    confidence: Confidence
    because: tuple[Origin, ...] = ()


@fact
class State:
    """A state, and how to have it analyzed: `path` is read with the logs beside it where `uses_logs`, in control set `control_set`.

    `roles` are the names under which `Select` names the set. `log` and `entry` are those of a log entry, '' and None else.
    `dates` are all that is known, the one that dates it first; none where nothing does. `changes` are those that the entry, or for
    the hive as it stands the last entry, made to the Session Manager.
    """

    kind: StateKind
    path: EvidencePath
    control_set: int | None
    roles: tuple[str, ...] = ()
    uses_logs: bool = False
    log: str = ""
    entry: int | None = None
    dates: tuple[Dating, ...] = ()
    changes: tuple[LogChange, ...] = ()

    @property
    def ticks(self) -> int:
        """The time that dates the state, 0 where nothing does."""
        return self.dates[0].ticks if self.dates else 0


@fact
class HiveSource:
    """A SYSTEM hive as it was found. `logs` are those beside it, None where they are still to be looked for.

    `places` are all in which the same bytes lie; `taken` is when its shadow copy was made, in ticks, 0 for none.
    `group` is the machine and drive that its place tells, '' for none. `software` is the SOFTWARE hive beside it, with its logs.
    """

    path: EvidencePath
    kind: HiveKind
    logs: tuple[EvidencePath, ...] | None = None
    places: tuple[str, ...] = ()
    taken: int = 0
    group: str = ""
    software: EvidencePath | None = None
    software_logs: tuple[EvidencePath, ...] = ()


@fact
class HiveStates:
    """The states of one hive in their order, and what tells whose it is.

    `mark` stands for the installation: '' where the hive has nothing that does. `computer` and `windows` are '' where not known,
    and `volume`, which stands for the volume that is drive C.
    `left_out` says what of it is no state here, in words.
    """

    source: HiveSource
    mark: str
    computer: str
    windows: str
    states: tuple[State, ...]
    left_out: tuple[str, ...] = ()
    volume: str = ""
