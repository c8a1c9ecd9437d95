"""`python -m tests.mutate --seed 1 --count 20000`: damaged hives and logs through everything that reads them.

Each mutant is opened, walked, surveyed, analysed with its logs, searched for deleted data; every eighth is also shown to the other
readers and written as a report. What must not happen: an exception but HivecheckError, more than two seconds in one step, more than
300 MB. A mutant is made from the seed and its number alone: `--only 4711 --keep DIR` makes it again and keeps its files.
"""

import argparse
import multiprocessing
import re
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from multiprocessing.connection import Connection, wait
from pathlib import Path

from hivecheck.analysis import Options, analyze
from hivecheck.errors import HivecheckError
from hivecheck.registry.base_block import read_base_block
from hivecheck.registry.log_entries import read_log
from hivecheck.registry.logs import plan_recovery, recovered_states
from hivecheck.registry.readers import Guard, compare_readers
from hivecheck.registry.regf import RegfHive, open_hive
from hivecheck.registry.survey import survey_damage
from hivecheck.registry.walk import walk_keys
from hivecheck.report.document import write_documents
from hivecheck.report.html import render_html
from tests.mutants import KINDS, Mutant, make_mutant

SECONDS, MEGABYTES = 2.0, 300  # of one step; of the whole process
STUCK_SECONDS = 30.0  # of wall time: then the process is ended from outside
EVERY = 8  # of so many mutants one takes the slow steps as well
_MOMENT = "2026-01-01T00:00:00Z"
_WITNESSED = (r"ControlSet001\Control\Session Manager", "key 3")
_GUARD = Guard(python_registry_seconds=3, regipy_seconds=3, memory_bytes=2**28)


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong with a mutant, in which step."""

    number: int
    step: str
    what: str


def walk(path: Path) -> None:
    with open_hive(path) as hive:
        _walk(hive)
        survey_damage(hive)


def _walk(hive: RegfHive) -> None:
    for key in walk_keys(hive):
        _ = key.class_name, key.ref
        for _ in key.stored_values():
            pass


def replay_logs(path: Path) -> None:
    """Every state on the way, as far as it can be opened."""
    logs = tuple(read_log(log.name, log.read_bytes()) for log in sorted(path.parent.glob("SYSTEM.LOG*")))
    data = path.read_bytes()
    for primary in ([read_base_block(data)] if data[:4] == b"regf" and len(data) > 8192 else []) + [None]:
        for state in recovered_states(data, plan_recovery(primary, logs)):
            with suppress(HivecheckError):
                _walk(RegfHive.from_buffer("state", bytes(state.data)))


def analyse(path: Path) -> None:
    analyze(path, Options(verify="none"))


def report(path: Path) -> None:
    analysis = analyze(path, Options(verify="none"))
    for _ in write_documents([analysis], _MOMENT):
        pass
    render_html(analysis, _MOMENT)


def witness(path: Path) -> None:
    with open_hive(path) as hive:
        compare_readers(hive, _WITNESSED, "all", _GUARD)


def recover(path: Path) -> None:
    from hivecheck.recovery import recover

    recover(path)


Step = Callable[[Path], None]
STEPS: tuple[Step, ...] = (walk, replay_logs, analyse, *((recover,) if find_spec("hivecheck.recovery") else ()))
SLOW_STEPS: tuple[Step, ...] = (report, witness)


def run_mutant(mutant: Mutant, folder: Path) -> Iterator[Failure]:
    """What goes wrong when everything reads this mutant. Processor time counts, not the clock on the wall: others may be at work."""
    before = peak_megabytes()
    for found in folder.iterdir():
        found.unlink()
    for name, data in mutant.files.items():
        (folder / name).write_bytes(data)
    for step in STEPS + (SLOW_STEPS if mutant.number % EVERY == 0 else ()):
        started = time.process_time()
        try:
            step(folder / "SYSTEM")
        except HivecheckError:
            pass
        except Exception:  # noqa: BLE001 - which one is the finding
            yield Failure(mutant.number, step.__name__, traceback.format_exc(limit=-8))
        spent = time.process_time() - started
        if spent > SECONDS:
            yield Failure(mutant.number, step.__name__, f"took {spent:.1f} seconds")
    peak = peak_megabytes()
    if peak > max(MEGABYTES, before):
        yield Failure(mutant.number, "all", f"took {peak:.0f} MB")


def peak_megabytes() -> float:
    """The most memory this process ever had; 0 where that can't be told."""
    status = Path("/proc/self/status")
    if status.is_file():  # ru_maxrss begins with what the parent had
        found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text())
        return int(found[1]) / 1e3 if found else 0.0
    try:
        import resource
    except ImportError:
        return 0.0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


def work(link: Connection, seed: int, kinds: tuple[str, ...]) -> None:
    """What runs in a worker: mutants by their number, until there is none left. Leaves after one that took too much memory."""
    with tempfile.TemporaryDirectory(prefix="hivecheck-mutants-") as folder:
        while (number := link.recv()) is not None:
            failures = list(run_mutant(make_mutant(seed, number, kinds), Path(folder)))
            link.send(failures)
            if peak_megabytes() > MEGABYTES:
                return


class Worker:
    """A process at work on one mutant at a time."""

    def __init__(self, seed: int, kinds: tuple[str, ...]) -> None:
        context = multiprocessing.get_context("spawn")
        self.link, theirs = context.Pipe()
        self.process = context.Process(target=work, args=(theirs, seed, kinds), daemon=True)
        self.process.start()
        theirs.close()
        self.number: int | None = None
        self.started = 0.0

    def give(self, number: int | None) -> None:
        self.number, self.started = number, time.monotonic()
        with suppress(OSError):  # it died: that is seen when its answer is waited for
            self.link.send(number)

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.link.close()


def run(seed: int, numbers: range, kinds: tuple[str, ...], workers: int) -> Iterator[Failure]:
    """All failures of these mutants, as they come."""
    waiting = iter(numbers)
    busy = {worker.link: worker for worker in (Worker(seed, kinds) for _ in range(workers))}
    for worker in list(busy.values()):
        _give_next(worker, waiting, busy)
    while busy:
        for link in wait(list(busy), timeout=1.0):
            worker = busy[link]  # type: ignore[index]
            try:
                yield from worker.link.recv()
            except (EOFError, OSError):
                yield Failure(worker.number or 0, "all", f"the process died (exit code {worker.process.exitcode})")
                worker = _replace(worker, busy, seed, kinds)
            if not worker.process.is_alive():
                worker = _replace(worker, busy, seed, kinds)
            _give_next(worker, waiting, busy)
        for worker in list(busy.values()):
            if time.monotonic() - worker.started > STUCK_SECONDS:
                yield Failure(worker.number or 0, "all", f"still at work after {STUCK_SECONDS:g} seconds")
                _give_next(_replace(worker, busy, seed, kinds), waiting, busy)


def _replace(worker: Worker, busy: dict[Connection, Worker], seed: int, kinds: tuple[str, ...]) -> Worker:
    del busy[worker.link]
    worker.end()
    new = Worker(seed, kinds)
    busy[new.link] = new
    return new


def _give_next(worker: Worker, waiting: Iterator[int], busy: dict[Connection, Worker]) -> None:
    number = next(waiting, None)
    worker.give(number)
    if number is None:
        del busy[worker.link]
        worker.process.join()
        worker.link.close()


def main() -> int:
    arguments = _arguments()
    kinds = tuple(arguments.kinds or KINDS)
    if arguments.only is not None:
        return _run_one(make_mutant(arguments.seed, arguments.only, kinds), arguments.keep)
    numbers = range(arguments.first, arguments.first + arguments.count)
    started = time.monotonic()
    failures: Counter[str] = Counter()
    for failure in run(arguments.seed, numbers, kinds, arguments.workers):
        failures[failure.what.strip().splitlines()[-1]] += 1
        if failures[failure.what.strip().splitlines()[-1]] == 1:
            print(f"mutant {failure.number}, {failure.step}: {failure.what}", flush=True)
    for what, count in failures.most_common():
        print(f"{count:6} x {what}")
    print(f"{len(numbers)} mutants, seed {arguments.seed}: {failures.total()} failures, {time.monotonic() - started:.0f} s")
    return 1 if failures else 0


def _run_one(mutant: Mutant, keep: Path | None) -> int:
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        for name, data in mutant.files.items():
            (keep / name).write_bytes(data)
    with tempfile.TemporaryDirectory(prefix="hivecheck-mutants-") as folder:
        failures = list(run_mutant(mutant, Path(folder)))
    print(f"mutant {mutant.number}: {mutant.kind} of {mutant.base}, {len(mutant.files['SYSTEM'])} bytes")
    for failure in failures:
        print(f"{failure.step}: {failure.what}")
    return 1 if failures else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutate", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=1000, help="how many mutants (default: %(default)s)")
    parser.add_argument("--first", type=int, default=0, help="the number of the first one (default: %(default)s)")
    parser.add_argument("--kinds", nargs="+", choices=KINDS, metavar="KIND", help=f"only these: {', '.join(KINDS)}")
    parser.add_argument("--workers", type=int, default=2, help="processes (default: %(default)s)")
    parser.add_argument("--only", type=int, metavar="NUMBER", help="this mutant alone, in this process")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="with --only: keep its files in this folder")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
