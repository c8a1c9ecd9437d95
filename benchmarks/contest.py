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
    """A command under the name it has in the table. One that may fail is left out where it does; any other ends the contest."""

    name: str
    command: tuple[str, ...]
    may_fail: bool = False


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

    A failure is fast, and would win: one that may fail is left out then, and stderr says why. Raises CalledProcessError where
    another fails.
    """
    runs: dict[str, list[Run]] = {one.name: [] for one in contestants}
    for number in range(rounds + 1):
        for one in [one for one in contestants if one.name in runs]:
            try:
                run = _run(one.command, folder)
            except subprocess.CalledProcessError as failure:
                if not one.may_fail:
                    raise
                del runs[one.name]
                print(
                    f"{one.name} is left out: it ends with {failure.returncode} ({_complaint(one, folder)})\n",
                    file=sys.stderr,
                )
                continue
            if number:
                runs[one.name].append(run)
    return [Standing(name, tuple(own)) for name, own in runs.items()]


def _complaint(one: Contestant, folder: Path) -> str:
    """The last line that a command which has failed prints when it is run again."""
    again = subprocess.run(one.command, cwd=folder, env=_ENVIRONMENT, capture_output=True, text=True, errors="replace")
    lines = [line.strip() for line in again.stderr.splitlines() if line.strip()]
    return lines[-1] if lines else "it says nothing"


def _run(command: tuple[str, ...], folder: Path) -> Run:
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, env=_ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall_ms = (time.perf_counter() - start) * 1000
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Run(wall_ms, usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024))
