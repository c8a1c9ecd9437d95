"""A hive opened with its logs: what the logs change is applied in memory, and every state on the way is looked at.

The evidence is only read. A clean hive is mapped and its logs are left alone; a dirty one is copied into memory, made whole entry
by entry, and after each entry the keys that matter are compared with what they said before (`recovering`).
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from hivecheck.evidence.locate import find_logs
from hivecheck.facts.evidence_path import EvidencePath
from hivecheck.facts.fact import fact
from hivecheck.facts.problem import Problem
from hivecheck.registry.base_block import BaseBlock
from hivecheck.registry.hive import Hive, Key, RawValue
from hivecheck.registry.regf import RegfHive, open_hive, refuse_too_large

if TYPE_CHECKING:
    from hivecheck.registry.logs import LogFate

Watched = Callable[[Hive], Key | None]


@fact
class LogChange:
    """One value that an entry of a log changed. `before` is None where it was added, `after` where it was deleted."""

    log: str
    sequence: int
    key: str
    value: str
    before: RawValue | None
    after: RawValue | None


@fact
class LogEvidence:
    """A log as a piece of evidence, and what became of it."""

    path: EvidencePath
    sha256: str
    fate: "LogFate"


@fact
class OpenedHive:
    """A hive ready to be read. `primary` is the base block of the file itself, None where it is none; `size` is the file's.

    `recovered` is True where at least one log entry was applied; `unrecovered` is then the hive as it is without them, for what
    is deleted there and already overwritten in the recovered one. `changes` are told in the order of the entries. `problems` are
    those of the recovery itself.
    """

    hive: RegfHive
    unrecovered: RegfHive | None
    primary: BaseBlock | None
    size: int
    logs: tuple[LogEvidence, ...]
    changes: tuple[LogChange, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def recovered(self) -> bool:
        return any(log.fate.applied for log in self.logs)

    def close(self) -> None:
        self.hive.close()
        if self.unrecovered is not None:
            self.unrecovered.close()


def open_with_logs(
    path: EvidencePath,
    logs: str | tuple[Path, ...] = "auto",
    watched: Watched | None = None,
    beside: tuple[EvidencePath, ...] | None = None,
) -> OpenedHive:
    """The hive in this file with its logs applied. `logs`: auto (those beside it), none, or the files to use.

    `beside` are the logs beside it, where they were found already, as in an archive. `watched` gives the key whose values are compared after each entry. Raises as `open_hive` does, where no log helps; UsageError
    for a log that can't be read although it was named.
    """
    refuse_too_large(path)  # before its logs are, and before a damaged one is read whole
    paths: tuple[EvidencePath, ...] = ()
    if not isinstance(logs, str):
        paths = _each_once(logs)
    elif logs == "auto":
        paths = beside if beside is not None else find_logs(path) if isinstance(path, Path) else ()
    if not paths:
        hive = open_hive(path)
        return OpenedHive(hive, None, hive.base_block, len(hive.buffer), (), ())
    from hivecheck.evidence.recovering import open_recovered  # most hives that are handed in alone have no logs

    return open_recovered(path, paths, watched, named=logs != "auto")


def _each_once(paths: tuple[Path, ...]) -> tuple[Path, ...]:
    """The files named, a file named twice once."""
    return tuple({path.resolve(): path for path in reversed(paths)}.values())[::-1]
