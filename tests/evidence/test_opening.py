"""A hive opened with its logs: what could not be done on the way is told."""

from pathlib import Path

import pytest

from hivecheck.analysis import Options, analyze
from hivecheck.evidence import recovering
from hivecheck.evidence.opening import open_with_logs
from hivecheck.registry import log_entries
from hivecheck.registry.hive import Hive
from hivecheck.registry.keys import RegfKey
from hivecheck.registry.log_entries import read_log
from hivecheck.registry.notation import hive_of
from tests.hive_bins import BLOCK
from tests.hive_writer import build_hive
from tests.log_writer import hvle_log, with_sequences


def state(programs: str, drivers: int) -> bytes:
    more = "\n".join(f"[ControlSet001\\Services\\driver {number:04}]" for number in range(drivers))
    manager = rf"[ControlSet001\Control\Session Manager]\nBootExecute = multi {programs}\n".replace(r"\n", "\n")
    return build_hive(hive_of(f"[Select]\nDefault = dword 1\n{manager}[Control]\n{more}"))


STATES = state('"one"', 400), state('"two"', 400), state('"three"', 400)
LOG = hvle_log(STATES, 4).data


def write(folder: Path, hive: bytes, log: bytes = LOG) -> Path:
    (folder / "SYSTEM").write_bytes(hive)
    (folder / "SYSTEM.LOG1").write_bytes(log)
    return folder / "SYSTEM"


def dirty() -> bytes:
    return with_sequences(STATES[0], 5, 4)


def test_a_log_that_fits_its_hive_leaves_nothing_to_tell(tmp_path: Path) -> None:
    opened = open_with_logs(write(tmp_path, dirty()), watched=lambda hive: hive.root)
    assert opened.problems == ()
    assert [change.sequence for change in opened.changes] == [4, 5]
    opened.close()


def test_pages_that_lie_behind_the_end_of_a_cut_hive_are_told(tmp_path: Path) -> None:
    last = state('"two"', 401)
    path = write(tmp_path, dirty()[: 2 * BLOCK], hvle_log([STATES[0], last], 4).data)
    (problem,) = open_with_logs(path).problems
    assert (problem.code, problem.loses_data) == ("log-pages-left-out", True)
    assert problem.message.endswith("of entry 4 of SYSTEM.LOG1 lie behind the end of the file, which is cut")


def test_keys_beyond_those_that_can_be_watched_are_told_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recovering, "_WATCHED_KEYS_AT_MOST", 50)

    def root(hive: Hive) -> RegfKey:
        return hive.root  # type: ignore[return-value]

    assert [problem.code for problem in open_with_logs(write(tmp_path, dirty()), watched=root).problems] == [
        "limit-watched-keys"
    ]


def test_the_analysis_tells_the_problems_of_the_recovery(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recovering, "_WATCHED_KEYS_AT_MOST", 0)
    codes = [problem.code for problem in analyze(write(tmp_path, dirty()), Options(verify="none")).problems]
    assert codes.count("limit-watched-keys") == 1


def test_entries_beyond_those_that_are_read_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_entries, "_ENTRIES_AT_MOST", 1)
    assert [entry.fault for entry in read_log("log", LOG).entries] == ["", "the log holds more than 1 entries"]
    monkeypatch.setattr(log_entries, "_ENTRIES_AT_MOST", 2)
    assert [entry.fault for entry in read_log("log", LOG).entries] == ["", ""]
