"""Runs commands in turn and measures each as a whole process: wall time and peak memory. POSIX only (`os.wait4`)."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

# Bytecode is kept, as it is for an installed program: the round that does not count compiles what must be compiled.
_ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


@dataclass(frozen=True, slots=True)
class Contestant:
    """A command under the name it has in the table."""

    name: str
    command: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """One process. `peak_bytes` is its largest resident set; values below that of this process itself can't be resolved."""

    wall_ms: float
    peak_bytes: int


@dataclass(frozen=True, slots=True)
class Standing:
    """All runs of one contestant."""

    name: str
    runs: tuple[Run, ...]

    @property
    def fastest_ms(self) -> float:
        return min(run.wall_ms for run in self.runs)

    @property
    def median_ms(self) -> float:
        return median(run.wall_ms for run in self.runs)

    @property
    def slowest_ms(self) -> float:
        return max(run.wall_ms for run in self.runs)

    @property
    def peak_bytes(self) -> int:
        return max(run.peak_bytes for run in self.runs)


def hold_contest(contestants: list[Contestant], rounds: int, folder: Path) -> list[Standing]:
    """Each contestant once a round, in `folder`, after one round that does not count.

    Raises CalledProcessError where a command fails: a failure is fast, and would win.
    """
    runs: dict[str, list[Run]] = {one.name: [] for one in contestants}
    for number in range(rounds + 1):
        for one in contestants:
            run = _run(one.command, folder)
            if number:
                runs[one.name].append(run)
    return [Standing(name, tuple(own)) for name, own in runs.items()]


def _run(command: tuple[str, ...], folder: Path) -> Run:
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, env=_ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall_ms = (time.perf_counter() - start) * 1000
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Run(wall_ms, usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024))
