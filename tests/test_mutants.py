"""A slice of the mutation run, with a fixed seed: `python -m tests.mutate` runs as many as one likes."""

import time
from pathlib import Path

import pytest

from hivecheck.errors import EvidenceError
from hivecheck.registry.base_block import read_base_block
from hivecheck.registry.log_entries import read_log
from hivecheck.registry.logs import plan_recovery
from tests import mutate
from tests.mutants import HIVE_KINDS, KINDS, built, make_mutant

SEED, COUNT = 20180406, 300


def test_no_mutant_stops_whatever_reads_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HIVECHECK_REAL_HIVES", raising=False)  # the same mutants everywhere
    failures = list(mutate.run(SEED, range(COUNT), KINDS, workers=2))
    assert failures == [], "\n".join(f"mutant {one.number}, {one.step}: {one.what}" for one in failures)


def test_a_mutant_is_the_same_whenever_it_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HIVECHECK_REAL_HIVES", raising=False)
    first = [make_mutant(7, number, KINDS) for number in range(40)]
    assert [make_mutant(7, number, KINDS) for number in reversed(range(40))][::-1] == first
    assert len({tuple(sorted(mutant.files.items())) for mutant in first}) > 35


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_makes_mutants_that_differ_from_the_sound_hive(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HIVECHECK_REAL_HIVES", raising=False)
    mutants = [make_mutant(1, number, (kind,)) for number in range(12)]
    sound = {base.name: (base.data, *base.logs) for base in built(kind not in HIVE_KINDS)}
    assert sum(tuple(mutant.files.values()) != sound[mutant.base] for mutant in mutants) > 6


def test_the_logs_of_the_sound_dirty_hives_are_applied_whole() -> None:
    for base in built(True):
        logs = tuple(read_log(f"LOG{number}", data) for number, data in enumerate(base.logs) if data)
        plan = plan_recovery(read_base_block(base.data), logs)
        assert [log.why for log in plan.logs] == ["applied"] * len(logs)


# The runner itself: it must see what goes wrong.


def failures(step: mutate.Step, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[mutate.Failure]:
    monkeypatch.setattr(mutate, "STEPS", (step,))
    monkeypatch.setattr(mutate, "MEGABYTES", 1_000_000)  # of this process, which ran all the tests before
    return list(mutate.run_mutant(make_mutant(1, 1, KINDS), tmp_path))


def test_the_runner_tells_an_exception(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def step(path: Path) -> None:
        raise IndexError("found")

    (failure,) = failures(step, tmp_path, monkeypatch)
    assert (failure.number, failure.step) == (1, "step")
    assert failure.what.strip().endswith("IndexError: found")


def test_the_runner_lets_our_own_errors_pass(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def step(path: Path) -> None:
        raise EvidenceError("unreadable", str(path))

    assert failures(step, tmp_path, monkeypatch) == []


def test_the_runner_tells_a_step_that_takes_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def step(path: Path) -> None:
        stop = time.process_time() + 0.05
        while time.process_time() < stop:
            pass

    monkeypatch.setattr(mutate, "SECONDS", 0.01)
    (failure,) = failures(step, tmp_path, monkeypatch)
    assert failure.what.startswith("took 0.")


def test_the_runner_tells_too_much_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    peaks = iter((40.0, 1_000_001.0))
    monkeypatch.setattr(mutate, "peak_megabytes", lambda: next(peaks))
    (failure,) = failures(lambda path: None, tmp_path, monkeypatch)
    assert failure.what == "took 1000001 MB"
