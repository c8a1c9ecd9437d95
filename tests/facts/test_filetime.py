"""FILETIME ticks as text, exact to the last digit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hivecheck.facts.filetime import is_moment, is_odd_time, iso_or_none, iso_utc, parse_iso_utc


@pytest.mark.parametrize(
    ("ticks", "text"),
    [
        (0, "1601-01-01T00:00:00.0000000Z"),
        (1, "1601-01-01T00:00:00.0000001Z"),
        (116_444_736_000_000_000, "1970-01-01T00:00:00.0000000Z"),
        (131_674_911_911_234_567, "2018-04-06T12:26:31.1234567Z"),
        (2_650_467_743_999_999_999, "9999-12-31T23:59:59.9999999Z"),
        (2_650_467_744_000_000_000, "ticks:2650467744000000000"),
        (0xFFFFFFFFFFFFFFFF, "ticks:18446744073709551615"),
        (-1, "ticks:-1"),
    ],
)
def test_ticks_and_their_text(ticks: int, text: str) -> None:
    assert iso_utc(ticks) == text
    assert parse_iso_utc(text) == ticks


@pytest.mark.parametrize(
    ("text", "ticks"),
    [
        ("1601-01-01T00:00:01Z", 10_000_000),
        ("1601-01-01T00:00:00.5Z", 5_000_000),
        ("1601-01-01T00:00:00.0000010Z", 10),
        ("1601-01-01T00:00:00.Z", 0),
    ],
)
def test_fewer_decimals_are_filled_up(text: str, ticks: int) -> None:
    assert parse_iso_utc(text) == ticks


@pytest.mark.parametrize(
    "text",
    [
        "", "2018-04-06", "2018-04-06T12:26:31", "2018-04-06T12:26:31+00:00", "2018-04-06 12:26:31Z", "2018-13-06T12:26:31Z",
        "2018-04-06T12:26:31.12345678Z", "2018-04-06T12:26:31.12a4567Z", "2018-04-06T12:26:31.-1Z", "ticks:", "ticks:x",
    ],
)  # fmt: skip
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_iso_utc(text)


@given(st.integers(-(2**63), 2**64))
def test_every_number_of_ticks_comes_back(ticks: int) -> None:
    assert parse_iso_utc(iso_utc(ticks)) == ticks


@given(st.lists(st.integers(0, 2_650_467_743_999_999_999), min_size=2, max_size=5))
def test_texts_of_dates_sort_as_their_times(times: list[int]) -> None:
    assert [iso_utc(time) for time in sorted(times)] == sorted(iso_utc(time) for time in times)


@pytest.mark.parametrize(
    ("text", "moment", "odd"),
    [
        ("ticks:0", False, False),
        ("1601-01-01T00:00:00.0000001Z", False, True),
        ("1601-12-31T23:59:59.9999999Z", False, True),
        ("1602-01-01T00:00:00Z", True, False),
        ("9999-12-31T23:59:59.9999999Z", True, False),
        ("ticks:2650467744000000000", False, True),
        ("ticks:18446744073709551615", False, True),
    ],
)
def test_zero_is_no_time_and_another_in_1601_is_odd(text: str, moment: bool, odd: bool) -> None:
    ticks = parse_iso_utc(text)
    assert (is_moment(ticks), is_odd_time(ticks)) == (moment, odd)


def test_only_zero_has_no_text() -> None:
    assert iso_or_none(0) is None
    assert iso_or_none(1) == "1601-01-01T00:00:00.0000001Z"
