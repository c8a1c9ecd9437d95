"""What every output says of a key that has no time, of one with a time that is no moment, and of a key that is not known."""

import json

import pytest

from hivecheck.facts.filetime import parse_iso_utc
from hivecheck.facts.origin import KeyRef, State, ValueRef
from hivecheck.report.document import analysis_document
from hivecheck.report.export_rows import rows_of
from hivecheck.report.origins_json import origin_json
from hivecheck.report.view import describe_origin, plain, written_words
from hivecheck.settings.remnants import UNKNOWN_KEY
from tests.report.analyses import BOOTABLE, Analyzed

ODD = parse_iso_utc("1601-06-01T00:00:00.5Z")
ORDINARY = parse_iso_utc("2018-04-06T12:26:31.1234567Z")
STAMPED = "\\Environment] 1601-06-01T00:00:00.5Z"


@pytest.mark.parametrize(
    ("ref", "said"),
    [
        (ValueRef("SYSTEM", "Select", "Default", ORDINARY, 1), "key last written 2018-04-06 12:26:31.1234567Z"),
        (ValueRef("SYSTEM", "Select", "Default", 0, 1), "no time of the key"),
        (KeyRef("SYSTEM", "Select", 0, 1), "no time of the key"),
        (ValueRef("SYSTEM", UNKNOWN_KEY, "x", 0, 1, state=State.DELETED), "in a key that is not known, no time"),
        (
            ValueRef("SYSTEM", "Select", "Default", ODD, 1),
            "key last written 1601-06-01 00:00:00.5000000Z (no moment of any Windows)",
        ),
    ],
)
def test_an_origin_says_when_its_key_was_written_or_that_nothing_tells(ref: ValueRef | KeyRef, said: str) -> None:
    assert written_words(ref) == said
    assert plain(describe_origin(ref)).endswith(f", {said}")


@pytest.mark.parametrize(("ticks", "written"), [(0, None), (ODD, "1601-06-01T00:00:00.5000000Z")])
def test_written_is_null_only_where_there_is_no_time(ticks: int, written: str | None) -> None:
    assert origin_json(ValueRef("SYSTEM", "Select", "Default", ticks, 1))["written"] == written
    assert origin_json(KeyRef("SYSTEM", "Select", ticks, 1))["written"] == written


def test_a_document_holds_no_zero_time(analyzed: Analyzed) -> None:
    document = json.dumps(analysis_document(analyzed(""), ""))
    assert '"written": null' in document
    assert "1601-01-01T00:00:00.0000000Z" not in document


def test_no_time_and_no_moment_are_no_events_of_a_timeline(analyzed: Analyzed) -> None:
    found = rows_of(analyzed("", base=BOOTABLE.replace("\\Environment]", STAMPED)))
    assert {row.ticks for row in found.rows} == {ORDINARY}
    assert found.left_out > 1
