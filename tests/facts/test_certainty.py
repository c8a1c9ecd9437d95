"""A statement is as certain as its least certain part."""

import pytest

from hivecheck.facts.certainty import Certainty

A, B, C = Certainty.A, Certainty.B, Certainty.C


@pytest.mark.parametrize(("one", "other", "both"), [(A, A, A), (A, B, B), (B, A, B), (A, C, C), (C, B, C), (C, C, C)])
def test_the_weaker_of_two_marks_counts(one: Certainty, other: Certainty, both: Certainty) -> None:
    assert one & other is both
