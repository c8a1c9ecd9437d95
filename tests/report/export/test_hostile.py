"""A hive made to deceive: script, templates, terminal escapes, formulas, turned writing, 60 KB names. Every export stays inert and parses."""

import csv
import json
import re

import pytest

from hivecheck.analysis import Analysis, Options, analyze
from hivecheck.registry.notation import parse_notation
from tests.hive_writer import build_hive
from tests.report.analyses import BOOTABLE
from tests.report.export.exports import FORMATS, HOSTILE, csv_rows, hidden_letters, parsed, texts_in, written

_SPAN = re.compile(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Analysis:
    path = tmp_path_factory.mktemp("hostile") / "SYSTEM"
    path.write_bytes(build_hive(parse_notation(BOOTABLE + HOSTILE)))
    return analyze(path, Options(verify="none"))


@pytest.mark.parametrize("form", FORMATS)
def test_nothing_hidden_survives(form: str, hostile: Analysis) -> None:
    text = written(form, hostile)
    text.encode("utf-8")
    assert hidden_letters(text) == set()


@pytest.mark.parametrize("form", ["timesketch", "stix", "sarif", "navigator"])
def test_nothing_hidden_survives_behind_the_escapes_of_json(form: str, hostile: Analysis) -> None:
    documents = [json.loads(line) for line in written(form, hostile).splitlines()] if form == "timesketch" else [
        parsed(written(form, hostile))
    ]  # fmt: skip
    for text in texts_in(documents):
        assert hidden_letters(text) == set()


@pytest.mark.parametrize("form", ["timesketch-csv", "l2tcsv", "csv"])
def test_no_cell_is_a_formula(form: str, hostile: Analysis) -> None:
    text = written(form, hostile)
    cells = [cell for line in csv.reader(text.splitlines(), strict=True) for cell in line]
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []
    assert any(cell.startswith("'=") for cell in cells)


@pytest.mark.parametrize("form", ["tln", "bodyfile"])
def test_no_text_makes_a_field_of_its_own(form: str, hostile: Analysis) -> None:
    wanted = {"tln": 5, "bodyfile": 11}[form]
    assert {len(line.split("|")) for line in written(form, hostile).splitlines()} == {wanted}


def test_the_computer_is_labelled_with_what_the_hive_says_made_visible(hostile: Analysis) -> None:
    shown = "=..\\..\\/<b>evil</b>|⟨U+202E⟩⟨U+001B⟩[0m⟨U+D800⟩"
    assert {json.loads(line)["hostname"] for line in written("timesketch", hostile).splitlines()} == {shown}
    assert {row["host"] for row in csv_rows(written("l2tcsv", hostile))} == {f"'{shown}"}


def test_markdown_has_no_markup_of_the_hive_outside_its_code_spans(hostile: Analysis) -> None:
    outside = _SPAN.sub("", written("markdown", hostile))
    for piece in ("<script", "<img", "<b>", "http://", "@someone", "{{7", "evil"):
        assert piece not in outside


def test_a_field_stays_below_what_indexes_refuse(hostile: Analysis) -> None:
    for line in written("timesketch", hostile).splitlines():
        for text in texts_in(json.loads(line)):
            assert len(text.encode()) < 32_766


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_hive_gives_the_same_bytes(form: str, hostile: Analysis) -> None:
    assert written(form, hostile) == written(form, hostile)
