"""docs/boot.md says of each part of a boot what the code does: its tables are those that the code gives."""

import pytest

from hivecheck.boot import smss
from hivecheck.boot.plan import Step
from hivecheck.boot.smss import ORDERS, order_of
from hivecheck.facts.generation import GENERATIONS
from tests.boot_page import COLUMNS, PAGE, tables, with_tables

TEXT = PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", tables())
def test_a_table_of_the_page_is_what_the_code_gives(name: str) -> None:
    """Where it is not, `python -m tests.boot_page` writes it anew."""
    _, found, after = TEXT.partition(f"<!-- {name} -->\n")
    assert found
    lines = after.split("\n\n", 1)[0].splitlines()
    assert lines == tables()[name]


def test_writing_the_tables_again_changes_nothing() -> None:
    assert with_tables(TEXT) == TEXT


def test_every_step_of_every_order_stands_there_with_its_place_and_mark() -> None:
    rows = {line.split(" | ")[0].removeprefix("| "): line.strip("| ").split(" | ")[1:] for line in tables()["steps of smss"]}
    names = {step: name.replace("_", " ") for name, step in vars(smss).items() if callable(step)}
    for column, (_, generation, _) in enumerate(COLUMNS):
        for place, (step, mark) in enumerate(order_of(generation)[0], 1):
            assert rows[names[step]][column] == f"{place} {mark.value}"


def test_every_order_and_every_family_has_a_column() -> None:
    columns = [generation for _, generation, _ in COLUMNS]
    assert {order for _, order, _ in ORDERS} == {order_of(generation)[0] for generation in columns}
    assert {generation.family for generation in GENERATIONS} == {generation.family for generation in columns}


def test_every_step_of_a_boot_has_a_part() -> None:
    parts = len(tables()["parts of the boot"]) - 2
    of_no_clean_machine = {Step.FILE_RENAMES, Step.SETUP_EXECUTE, Step.EXECUTE}
    assert parts == len(set(Step) - of_no_clean_machine)


@pytest.mark.parametrize("column", [name for name, _, _ in COLUMNS])
def test_every_windows_is_told_what_is_not_modelled(column: str) -> None:
    part = TEXT.partition("## Not modelled at all")[2]
    assert f"\n| {column} | " in part
