"""How a comparison is worded and marked: lines of a value, words of a change, what differs in two texts."""

from typing import Any

import pytest

from hivecheck.compare.change import Change, ChangeKind, Verdict
from hivecheck.compare.diff import compare_documents
from hivecheck.report.diff_view import change_words, value_lines, verdict_sentence
from hivecheck.report.diff_words import marked
from tests.compare.documents import document, written


def parts(bit: tuple[str, str, Any]) -> list[tuple[str, str]]:
    return [(element, text) for element, _, text in bit[2]]


def test_only_the_part_of_a_path_that_differs_is_marked() -> None:
    left, right = marked(r"%SystemRoot%\system32\kd;C:\a", r"%SystemRoot%\system32\ke;C:\a")
    assert parts(left) == [("", "%SystemRoot%\\system32\\"), ("del", "kd"), ("", ";C:\\a")]
    assert parts(right) == [("", "%SystemRoot%\\system32\\"), ("ins", "ke"), ("", ";C:\\a")]


def test_an_argument_more_is_marked_on_its_side_alone() -> None:
    left, right = marked("autocheck autochk *", "autocheck autochk /k:C *")
    assert {element for element, _ in parts(left)} == {""}
    assert "ins" in [element for element, _ in parts(right)]


def test_very_long_texts_are_marked_as_a_whole() -> None:
    before, after = "a " * 1_500, "b " * 1_500
    left, right = marked(before, after)
    assert (parts(left), parts(right)) == ([("del", before)], [("ins", after)])


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (None, []),
        ("", [("", "(empty)")]),
        (True, [("", "yes")]),
        (7, [("", "7")]),
        ([], [("", "(empty)")]),
        (["a", "b\x1b"], [("", "a"), ("", "b⟨U+001B⟩")]),
        ({"place": 0}, [("place", "1")]),
        ({"image": "a", "group": ""}, [("image", "a")]),
        ({"source": "", "destination": None}, [("", "delete (an empty path)")]),
        (
            {"source": "a", "destination": "b", "replaces": True, "marker": "*0"},
            [("", "rename a to b, replacing it, marked *0")],
        ),
    ],
)
def test_a_value_is_told_in_lines(value: Any, told: list[tuple[str, str]]) -> None:
    assert value_lines(value) == told


def test_a_change_is_told_in_words_of_its_own_or_by_both_sides() -> None:
    change = Change(ChangeKind.CHANGED, "GlobalFlag", 1, 2, Verdict.UNEXPLAINED, "")
    assert change_words(change) == "1 -> 2"
    added = Change(ChangeKind.ADDED, "services/a", None, {}, Verdict.UNEXPLAINED, "", text="would start\x07 it")
    assert change_words(added) == "would start⟨U+0007⟩ it"


def test_a_comparison_is_told_in_one_sentence() -> None:
    one, other = (document({"GlobalFlag": written(number, "REG_DWORD")}) for number in (1, 2))
    assert verdict_sentence(compare_documents(one, other)) == "1 change: 1 unexplained; findings: 0 new, 0 gone, 0 still."
    assert verdict_sentence(compare_documents(one, one)).startswith("Nothing differs")
