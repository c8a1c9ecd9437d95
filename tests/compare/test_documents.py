"""Saved analyses as they are read: one of the documented shape, or one sentence on what is wrong."""

import json
from typing import Any

import pytest

from hivecheck.compare.documents import SCHEMA, bare_document, checked_document, read_document
from hivecheck.errors import EvidenceError
from tests.compare.documents import document, event, finding, written


def test_a_document_is_read_with_a_mark_before_it_and_alone_in_a_list() -> None:
    plain = document({"BootExecute": written([])})
    assert read_document(b"\xef\xbb\xbf" + json.dumps([plain]).encode(), "a.json") == plain


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"{", "no valid JSON"),
        (b"\xff\xfe{", "no valid JSON"),
        (b"[" * 200_000, "no valid JSON"),
        (b'{"a": ' + b"1" * 10_000 + b"}", "no valid JSON"),
        (b"[]", "the analyses of 0 hives"),
        (b"[{}, {}]", "the analyses of 2 hives"),
        (b"{}", f"no document of schema {SCHEMA}"),
        (b"7", f"no document of schema {SCHEMA}"),
        (b'{"schema": "hivecheck.diff/1"}', f"no document of schema {SCHEMA}"),
        (json.dumps({"schema": SCHEMA}).encode(), "evidence is missing"),
    ],
)
def test_what_is_no_document_ends_in_one_sentence(data: bytes, said: str) -> None:
    with pytest.raises(EvidenceError) as raised:
        read_document(data, "a.json")
    assert said in raised.value.message
    assert raised.value.path == "a.json"


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("settings", [], "settings is no object"),
        ("settings", {"BootExecute": 7}, "settings.BootExecute is no object"),
        ("settings", {"BootExecute": {**written([]), "origins": None}}, "settings.BootExecute.origins is no list"),
        ("settings", {"BootExecute": written([1, "a"])}, "settings.BootExecute.value[0] is of the wrong type"),
        ("settings", {"BootExecute": written(["a", {"a": 2}])}, "settings.BootExecute.value[0] is of the wrong type"),
        ("settings", {"BootExecute": written([{"source": 2}])}, "settings.BootExecute.value[0].source is of the wrong type"),
        (
            "settings",
            {"BootExecute": written([{"path": "a", "b": []}])},
            "settings.BootExecute.value[0].b is of the wrong type",
        ),
        ("events", {}, "events is no list"),
        ("events", [{**event(1, "run"), "number": True}], "events[0].number is of the wrong type"),
        ("findings", [{**finding("a", "high", "b"), "subject": None}], "findings[0].subject is of the wrong type"),
        ("halted", 1, "halted is of the wrong type"),
        ("control_set", {"number": "1", "why": "", "present": []}, "control_set.number is of the wrong type"),
        ("generation", {"name": "", "id": "", "because": [1]}, "generation.because[0] is of the wrong type"),
    ],
)
def test_a_document_of_another_shape_says_where(field: str, value: Any, said: str) -> None:
    with pytest.raises(EvidenceError, match="can't be compared") as raised:
        checked_document({**document(), field: value}, "a.json")
    assert said in raised.value.message


def test_a_bare_document_has_the_shape() -> None:
    plain = bare_document("SOFTWARE", "SOFTWARE", "00")
    assert checked_document(plain, "a.json") is plain
