"""Shadow copies that a triage tool laid out as folders: what their date means, and states that are the same told as one step."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hivecheck.cli.app import run
from hivecheck.cli.exits import Exit
from tests.cli.test_history import AUTOCHK, control_set, hive, select, write

Tell = Callable[..., str]
SYSTEM = "Windows/System32/config/SYSTEM"
DAYS = [f"2018-04-{day:02}" for day in range(1, 9)]


@pytest.fixture
def tell(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Tell:
    def call(*arguments: object) -> str:
        monkeypatch.setattr(sys, "argv", ["hivecheck", "history", *map(str, arguments)])
        assert run() == Exit.OK
        return capsys.readouterr().out

    return call


def steps_of(printed: str) -> list[dict[str, Any]]:
    [machine] = json.loads(printed)["machines"]
    steps: list[dict[str, Any]] = machine["steps"]
    return steps


def state(day: str, programs: str = AUTOCHK, good: str = "") -> bytes:
    last = control_set(2, good, '"autocheck autochk *" "good.exe"') if good else ""
    return hive(select(2 if good else 1, day), last, control_set(1, day, programs))


def collection(top: Path, copies: list[bytes]) -> Path:
    for number, data in enumerate(copies, start=1):
        write(top / f"VSS{number}" / SYSTEM, data)
    write(top / "C" / SYSTEM, state(DAYS[-1], '"autocheck autochk *" "evil.exe"'))
    return top


def test_states_that_do_not_differ_for_the_boot_are_one_step_that_names_its_places(tell: Tell, tmp_path: Path) -> None:
    top = collection(tmp_path / "case", [state(DAYS[0]), state(DAYS[1]), state(DAYS[1]), state(DAYS[2])])
    first, last = steps_of(tell(top, "--json", "-"))
    places = [str(top / f"VSS{number}" / SYSTEM) for number in (1, 2, 3, 4)]
    assert first["places"] == places
    assert [(one["source"], one["places"], one["dates"][0]["utc"][:10]) for one in first["alike"]] == [
        (places[1], places[1:3], DAYS[1]),
        (places[3], places[3:], DAYS[2]),
    ]
    assert (last["place"], last["alike"], last["changes"]["same"]) == ("live", [], False)
    printed = tell(top)
    assert "In 4 places, told as one step:" in printed
    told = f"also in {places[2]} (other bytes, nothing of the boot differs; {DAYS[1]} 12:00:00)"
    assert "".join(told.split()) in "".join(printed.split())  # wherever a line ends
    page = tmp_path / "page.html"
    tell(top, "--html", page, "-q")
    assert "In 4 places, told as one step" in page.read_text("utf-8")
    [row, _] = [json.loads(line) for line in tell(top, "--timesketch", "-").splitlines()]
    assert "In 4 places, told as one step." in row["message"]


def test_a_state_that_comes_back_after_another_one_is_a_step_of_its_own(tell: Tell, tmp_path: Path) -> None:
    evil = '"autocheck autochk *" "evil.exe"'
    top = collection(tmp_path, [state(DAYS[0]), state(DAYS[1], evil), state(DAYS[2])])
    found = [Path(one["source"]).relative_to(top).parts[0] for one in steps_of(tell(top, "--json", "-"))]
    assert found == ["VSS1", "VSS2", "VSS3", "C"]


def test_each_set_of_the_copies_is_told_once(tell: Tell, tmp_path: Path) -> None:
    top = collection(tmp_path, [state(DAYS[1], good=DAYS[0]), state(DAYS[2], good=DAYS[0])])
    steps = steps_of(tell(top, "--json", "-"))
    assert [(one["kind"], one["control_set"], len(one["places"])) for one in steps] == [
        ("control-set", 2, 2),
        ("hive", 1, 2),
        ("hive", 1, 1),
    ]


def test_the_hive_in_use_and_another_kind_of_copy_are_steps_of_their_own(tell: Tell, tmp_path: Path) -> None:
    for place, day in (("VSS1", 1), ("C", 3)):
        write(tmp_path / place / SYSTEM, state(DAYS[day]))
    write(tmp_path / "C" / "Windows/System32/config/RegBack/SYSTEM", state(DAYS[2]))
    assert [one["place"] for one in steps_of(tell(tmp_path, "--json", "-"))] == ["shadow-copy", "regback", "live"]


def test_the_date_of_a_shadow_copy_laid_out_as_a_folder_says_what_it_means(tell: Tell, tmp_path: Path) -> None:
    top = collection(tmp_path, [state(DAYS[0])])
    first, last = steps_of(tell(top, "--json", "-"))
    told = "the shadow copy was made at that time or later, its files do not tell when"
    assert first["dates"][0]["text"] == f"the newest key of the hive was written: the state is no older; {told}"
    assert first["dates"][0]["meaning"] == "newest-key"
    assert told not in json.dumps(last)
    assert told in " ".join(tell(top).split())
