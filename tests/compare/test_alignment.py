"""What is held against what: lines of one program, and control sets of one role."""

from hivecheck.compare.alignment import folded, paired
from hivecheck.compare.control_set_alignment import AS_NUMBERED, Alignment, align_control_sets
from hivecheck.compare.difference import keyed


def pair(before: list[str], after: list[str]) -> list[tuple[str | None, str | None]]:
    sides = [keyed(lines, lambda line: line.split()[0]) for lines in (before, after)]
    was, now = paired(sides[0], sides[1], str)
    assert list(now.values()) == after
    return [(was.get(key), now.get(key)) for key in (*now, *(key for key in was if key not in now))]


def test_a_line_added_in_front_leaves_the_other_untouched() -> None:
    assert pair(["a *"], ["a /p", "a *"]) == [(None, "a /p"), ("a *", "a *")]


def test_a_line_taken_away_in_front_leaves_the_other_untouched() -> None:
    assert pair(["a /p", "a *"], ["a *"]) == [("a *", "a *"), ("a /p", None)]


def test_lines_of_other_texts_are_held_against_each_other_in_order() -> None:
    assert pair(["a 1", "a 2"], ["a 3", "a 4", "a 5"]) == [("a 1", "a 3"), ("a 2", "a 4"), (None, "a 5")]


def test_texts_are_folded_at_any_depth() -> None:
    assert folded({"A": ["B", {"c": "D"}], "n": 1}) == {"A": ["b", {"c": "d"}], "n": 1}


def test_the_sets_that_boot_are_one_whatever_their_numbers() -> None:
    assert align_control_sets(1, 1, (1, 2), (1, 2), False) is AS_NUMBERED
    assert align_control_sets(1, 2, (1,), (2,), False) == Alignment(((1, 2),))
    assert align_control_sets(1, 2, (1, 2), (1, 2), False).pairs == ((1, 2), (2, 1))
    assert align_control_sets(None, 2, (1,), (2,), False) is AS_NUMBERED


def test_a_set_whose_number_another_takes_is_gone() -> None:
    found = align_control_sets(1, 2, (1, 2), (2,), False)
    assert found.renumbered == ((1, 2),)
    olds, news = found.aligned({("CONTROLSET001", 0): "a", ("CONTROLSET002", 0): "b"}, {("CONTROLSET002", 0): "c"})
    assert olds["CONTROLSET002", 0] == "a"
    assert sorted(olds.values()) == ["a", "b"]
    assert set(olds) & set(news) == {("CONTROLSET002", 0)}


def test_two_sets_of_one_hive_are_compared_alone() -> None:
    found = align_control_sets(1, 2, (1, 2), (1, 2), True)
    below = {("CONTROLSET001", 0): "a", ("CONTROLSET002", 0): "b", ("SELECT", 0): "s"}
    assert found.aligned(below, below) == ({("CONTROLSET002", 0): "a"}, {("CONTROLSET002", 0): "b"})
