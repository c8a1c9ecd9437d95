"""The pages of the infected test hives are as they were last looked at, and the same bytes on every run."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import gold
from tests.gold import GOLD, HIVES, differences, gold_of, outline_of
from tests.report.html_outline import outline
from tests.report.html_tree import parse_html

every_hive = pytest.mark.parametrize("hive", HIVES, ids=lambda hive: hive.stem)


@every_hive
def test_the_page_is_as_it_was_last_looked_at(hive: Path) -> None:
    told = list(differences(hive, outline_of(hive)))
    assert told == [], "\n".join(["the page changed: look at `python -m tests.gold`, then commit what it wrote", *told[:60]])


def test_every_gold_page_has_its_hive() -> None:
    assert sorted(path.name for path in GOLD.iterdir()) == [gold_of(hive).name for hive in HIVES]


def test_another_run_gives_the_same_bytes_whatever_the_hash_seed() -> None:
    """Each run is a Python of its own; sets and dictionaries of strings go another way in each."""
    digests = {
        subprocess.run(
            [sys.executable, "-m", "tests.gold", "--digests"],
            cwd=gold.ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "20261121")
    }
    [told] = digests
    assert told.count("\n") == len(HIVES) > 3


PAGE = """<html><head><style>p {{ color: red }}</style></head><body><section id="a"><h2>Title</h2>
<p class="{}">one <b>two</b>
three</p><ul><li>item<ul><li>within</li></ul></li></ul><table><tbody><tr><th>key</th><td><p>4</p><p>5</p></td></tr></tbody></table>
</section><script>"use strict"</script></body></html>"""


def test_an_outline_has_a_line_for_each_thing_that_is_said() -> None:
    head, *told = outline(parse_html(PAGE.format("x"))).splitlines()
    assert head.startswith("== a ")
    assert told == ["## Title", "one two three", "- item", "- within", "key | 4 5"]


def test_an_outline_tells_a_change_of_markup_but_not_of_style() -> None:
    one = outline(parse_html(PAGE.format("x")))
    assert one != outline(parse_html(PAGE.format("y")))
    assert one == outline(parse_html(PAGE.format("x").replace("red", "blue").replace("strict", "asm")))


def test_what_changed_is_told_and_only_written_when_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(gold, "GOLD", tmp_path / "gold")
    monkeypatch.setattr(gold, "HIVES", HIVES[:1])
    assert gold.main(["--check"]) == 1
    assert not (tmp_path / "gold").exists()
    assert gold.main([]) == 0
    [written] = (tmp_path / "gold").iterdir()
    written.write_text(written.read_text(encoding="utf-8").replace("autoche ", "autochk ", 1), encoding="utf-8")
    capsys.readouterr()
    assert gold.main(["--check"]) == 1
    told = capsys.readouterr().out.splitlines()
    assert sum(line.startswith("-") and "autochk" in line for line in told) == 1
    assert sum(line.startswith("+") and "autoche" in line for line in told) == 1
    assert gold.main([]) == 0
    assert gold.main(["--check"]) == 0
    assert "as it was" in capsys.readouterr().out
