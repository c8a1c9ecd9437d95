"""The documents say what the code does: every word of the contract stands in docs/output.md, and every link leads somewhere."""

import re
from enum import Enum
from pathlib import Path
from typing import get_args

import pytest

from hivecheck.baselines.baseline import Standing
from hivecheck.boot import smss
from hivecheck.boot.actions import Action
from hivecheck.boot.plan import Done, Step
from hivecheck.boot.smss import ORDERS
from hivecheck.cli.exits import Exit
from hivecheck.facts.certainty import Confidence
from hivecheck.facts.generation import GENERATIONS
from hivecheck.report.document import SCHEMA
from hivecheck.rules.catalog import RULES
from hivecheck.rules.rule import Severity
from hivecheck.settings.catalog import CATALOG
from hivecheck.settings.setting import Presence

ROOT = Path(__file__).resolve().parents[1]
OUTPUT = (ROOT / "docs" / "output.md").read_text(encoding="utf-8")
PAGES = sorted({*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "benchmarks").rglob("*.md")})
_LINK = re.compile(r"(?<!\!)\[[^\]]+\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")
_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)


def test_the_schema_is_documented() -> None:
    assert f"`{SCHEMA}`" in OUTPUT


@pytest.mark.parametrize("words", [Step, Done, Presence, Standing, Severity, Confidence], ids=lambda words: words.__name__)
def test_every_word_of_a_field_is_documented(words: type[Enum]) -> None:
    assert [one.value for one in words if f"`{one.value}`" not in OUTPUT] == []


@pytest.mark.parametrize("action", get_args(Action), ids=lambda action: action.kind)
def test_every_action_is_documented_with_its_fields(action: type) -> None:
    kind = getattr(action, "kind", "")
    [row] = [line for line in OUTPUT.splitlines() if line.startswith("|") and f"`{kind}`" in line.split("|")[1]]
    fields = getattr(action, "__match_args__", ())
    assert fields
    assert [name for name in fields if f"`{name}`" not in row] == []


def test_every_exit_code_is_documented() -> None:
    assert [code.value for code in Exit if not re.search(rf"^\| {code.value} \|", OUTPUT, re.MULTILINE)] == []


def order_rows() -> list[str]:
    """A row for each step of smss: its number and its certainty in each order, `-` where the order lacks it."""
    orders = list(dict.fromkeys(order for _, order, _ in ORDERS))
    names = {step: name for name, step in vars(smss).items() if callable(step)}
    steps = dict.fromkeys(step for order in reversed(orders) for step, _ in order)
    places = [{step: f"{place} {mark.value}" for place, (step, mark) in enumerate(order, 1)} for order in orders]
    return [
        f"| {names[step].replace('_', ' ')} | {' | '.join(place.get(step, '-') for place in places)} |" for step in steps
    ]


def test_the_order_of_each_windows_is_documented() -> None:
    limits = (ROOT / "docs" / "limits.md").read_text(encoding="utf-8").splitlines()
    assert [row for row in order_rows() if row not in limits] == []


def test_the_readme_counts_right() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    orders = len({order for _, order, _ in ORDERS})
    assert f"**Extracts** {len(CATALOG)} settings" in readme
    assert f"[{len(RULES)} rules](docs/rules.md)" in readme
    assert f" {len(RULES)} rules then say" in readme
    assert (
        f"{len(GENERATIONS)} generations, {('no', 'one', 'two', 'three', 'four', 'five')[orders]} orders of steps" in readme
    )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_to_a_file_of_the_repository(page: Path) -> None:
    text = _CODE.sub("", page.read_text(encoding="utf-8"))
    targets = [first or second for first, second in _LINK.findall(text)]
    local = [target.partition("#")[0] for target in targets if not target.startswith(("#", "https:"))]
    assert [target for target in local if not (page.parent / target).exists()] == []
