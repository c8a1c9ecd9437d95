"""The hive as it was after one entry of its logs, as a file of its own that can be analyzed like any other.

Made anew whenever it is read: a hive has tens of such states, and all of them at once would take too much memory.
"""

from io import BytesIO
from pathlib import Path, PurePath
from typing import IO

from hivecheck.errors import EvidenceError
from hivecheck.evidence.member import Member
from hivecheck.evidence.opening import OpenedHive
from hivecheck.facts.evidence_path import EvidencePath
from hivecheck.registry.logs import plan_recovery, recovered_states
from hivecheck.registry.regf import RegfHive


class LogStates:
    """The states between a hive without its logs and the hive with all of them."""

    def __init__(self, path: EvidencePath, opened: OpenedHive) -> None:
        before = opened.unrecovered
        self._path = path
        self._buffer = bytes(before.buffer) if before is not None else b""
        self._plan = plan_recovery(opened.primary, tuple(log.fate.log for log in opened.logs))

    def after(self, log: str, sequence: int) -> Member | None:
        """The hive after this entry; None where that is no whole hive, as it need not be between two entries."""

        def load() -> IO[bytes]:
            for state in recovered_states(self._buffer, self._plan):
                if state.log.name == log and state.entry.sequence == sequence:
                    return BytesIO(bytes(state.data))
            raise OSError("the logs have no such entry")

        container = self._path if isinstance(self._path, Path) else Path(str(self._path))
        try:
            with load() as file:
                data = file.read()
            RegfHive.from_buffer(self._path.name, data)
        except (OSError, EvidenceError):
            return None
        return Member(container, f"{self._path.name} after entry {sequence}", len(data), load)


def log_name(log: str) -> str:
    """The name of a log without its folders."""
    return PurePath(log.rpartition("!")[2]).name
