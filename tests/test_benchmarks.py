"""The contest of the benchmarks: who is left out, and who ends it. No test depends on a time."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.contest import Contestant, hold_contest

pytestmark = pytest.mark.skipif(not hasattr(os, "wait4"), reason="the benchmarks are for POSIX")

FINE = Contestant("fine", (sys.executable, "-c", "pass"))
BROKEN = (sys.executable, "-c", "import sys; sys.exit('no such module')")


def test_a_contestant_that_may_fail_is_left_out_and_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    standings = hold_contest([Contestant("theirs", BROKEN, may_fail=True), FINE], 1, tmp_path)
    assert [(one.name, len(one.runs)) for one in standings] == [("fine", 1)]
    assert "theirs is left out: it ends with 1 (no such module)" in capsys.readouterr().err


def test_any_other_that_fails_ends_the_contest(tmp_path: Path) -> None:
    with pytest.raises(subprocess.CalledProcessError):
        hold_contest([FINE, Contestant("ours", BROKEN)], 1, tmp_path)
