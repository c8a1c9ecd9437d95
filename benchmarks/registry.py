"""`python -m benchmarks.registry`: reading a whole hive, replaying its logs, searching it for what was deleted.

In one process, without start-up: each job is done once a round by us and by python-registry in turn, after a round that does not
count, and what is told are the ratios of the medians. Both sides must come to the same keys and values, else nothing is told.
"""

import argparse
import gc
import os
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from statistics import median

from hivecheck.registry.base_block import read_base_block
from hivecheck.registry.log_entries import read_log
from hivecheck.registry.logs import plan_recovery, recovered_states
from hivecheck.registry.regf import open_hive
from hivecheck.registry.walk import walk_keys

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from Registry.Registry import Registry
    from Registry.RegistryLog import RegistryLog

WHOLE, DIRTY = "win10-1903", "win10-1709-dirty"


@dataclass(frozen=True, slots=True)
class Job:
    """One thing done by us and, maybe, by another; each returns what it came to. `target`: a ratio, or seconds where alone."""

    name: str
    ours: Callable[[], object]
    theirs: Callable[[], object] | None
    target: float


def walk_ours(hive: Path) -> tuple[int, int]:
    """Every key with path, class and time, every value with name, type, bytes and place."""
    keys = values = 0
    with open_hive(hive) as opened:
        for key in walk_keys(opened):
            keys += 1
            _ = key.path, key.class_name, key.written, key.offset
            for _ in key.stored_values():
                values += 1
        assert opened.problems == ()
    return keys, values


def walk_theirs(hive: Path) -> tuple[int, int]:
    """Every key with name and time, every value with name, type and undecoded data; decoding costs it a little more."""

    def walk(key: object) -> tuple[int, int]:
        keys, values = 1, 0
        _ = key.name(), key.timestamp()  # type: ignore[attr-defined]
        for value in key.values():  # type: ignore[attr-defined]
            _ = value.name(), value.value_type(), value.raw_data()
            values += 1
        for subkey in key.subkeys():  # type: ignore[attr-defined]
            below = walk(subkey)
            keys, values = keys + below[0], values + below[1]
        return keys, values

    with hive.open("rb") as file:
        return walk(Registry(file).root())


def replay_ours(hive: Path, logs: tuple[Path, ...]) -> int:
    """All states in turn; gives the sequence number of the last entry applied."""
    data = hive.read_bytes()
    plan = plan_recovery(read_base_block(data), tuple(read_log(log.name, log.read_bytes()) for log in logs))
    return [state.entry.sequence for state in recovered_states(data, plan)][-1]


def replay_theirs(hive: Path, logs: tuple[Path, ...]) -> int:
    """The same by its RegistryLog, which leaves the order of two logs to its caller."""
    primary = BytesIO(hive.read_bytes())
    first, second = (_their_log(primary, log) for log in logs)
    if not first.is_starting_log(second):
        first, second = second, first
    last = first.recover_hive()
    second.reload_primary_regf()
    return int(second.recover_hive_continue(last + 1) or last)


def _their_log(primary: BytesIO, log: Path) -> RegistryLog:
    primary.seek(0)
    return RegistryLog(primary, str(log))


def recover_ours(hive: Path) -> None:
    from hivecheck.recovery import recover

    recover(hive)


def jobs(folder: Path) -> list[Job]:
    """The jobs that the hives in this folder allow."""
    whole, dirty = folder / WHOLE, folder / DIRTY
    logs = tuple(folder / f"{DIRTY}.LOG{number}" for number in (1, 2))
    found: list[Job] = []
    if whole.is_file():
        found.append(Job(f"walk of {WHOLE}", lambda: walk_ours(whole), lambda: walk_theirs(whole), 5.0))
    if all(path.is_file() for path in (dirty, *logs)):
        found.append(Job(f"logs of {DIRTY}", lambda: replay_ours(dirty, logs), lambda: replay_theirs(dirty, logs), 2.0))
    if whole.is_file() and find_spec("hivecheck.recovery"):
        found.append(Job(f"recover from {WHOLE}", lambda: recover_ours(whole), None, 2.0))
    return found


def _seconds(work: Callable[[], object]) -> tuple[float, object]:
    gc.collect()
    started = time.perf_counter()
    result = work()
    return time.perf_counter() - started, result


def _hold(job: Job, rounds: int) -> None:
    ours: list[float] = []
    theirs: list[float] = []
    for number in range(rounds + 1):
        spent, result = _seconds(job.ours)
        if number:
            ours.append(spent)
        if job.theirs is not None:
            spent, other = _seconds(job.theirs)
            assert result == other, f"{job.name}: we come to {result}, they to {other}"
            if number:
                theirs.append(spent)
    if theirs:
        ratio = median(theirs) / median(ours)
        met = "met" if ratio >= job.target else "NOT MET"
        told = f"{median(theirs):8.3f} {ratio:8.1f}   target at least {job.target:g}: {met}"
    else:
        told = f"{'':17}   target at most {job.target:g} s: {'met' if median(ours) <= job.target else 'NOT MET'}"
    print(f"{job.name:<28} {median(ours):8.3f} {told}")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.registry", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, help="real hives, unpacked (default: HIVECHECK_REAL_HIVES)")
    parser.add_argument("--rounds", type=int, default=7, help="rounds that count (default: %(default)s)")
    arguments = parser.parse_args()
    folder = arguments.folder or Path(os.environ.get("HIVECHECK_REAL_HIVES", "."))
    found = jobs(folder)
    if not found:
        print(f"Name a folder that holds {WHOLE} or {DIRTY} with its logs, unpacked.", file=sys.stderr)
        return 2
    sys.setrecursionlimit(10_000)  # theirs is recursive
    print(f"{'in process, median of ' + str(arguments.rounds):<28} {'ours s':>8} {'theirs s':>8} {'ratio':>8}")
    for job in found:
        _hold(job, arguments.rounds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
