"""Windows FILETIME ticks (100 ns since 1601-01-01 UTC) as text, without ever passing through a float.

What is a moment is said here for all of hivecheck: 0 is no time at all; any other time in 1601, or beyond 9999, is stored but no
moment, so it is told as odd, set against no clock and put in no order.

Both libraries that read hives lose the last digit of a key's time; an examiner compares times by that digit.
"""

from datetime import UTC, datetime, timedelta

TICKS_PER_SECOND = 10_000_000
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_LAST_TICK = 2_650_467_743_999_999_999  # 9999-12-31T23:59:59.9999999Z
NO_MOMENTS = 1601  # the year that FILETIME counts from: no time in it is a moment
_FIRST_MOMENT = 365 * 86_400 * TICKS_PER_SECOND  # 1602-01-01


def is_moment(ticks: int) -> bool:
    """Whether ticks tell a moment: neither 0 nor another time in 1601, nor one beyond the year 9999."""
    return _FIRST_MOMENT <= ticks <= _LAST_TICK


def is_odd_time(ticks: int) -> bool:
    """Whether a time is stored that is no moment: a tool wrote it, as Windows stamps no key so. 0 is no time, and not odd."""
    return ticks != 0 and not is_moment(ticks)


def iso_or_none(ticks: int) -> str | None:
    """As `iso_utc`, odd times included; None for 0, which is no time."""
    return iso_utc(ticks) if ticks else None


def iso_utc(ticks: int) -> str:
    """The instant as ISO 8601 UTC with seven decimals, e.g. `2018-04-06T12:26:31.1234567Z`.

    A number outside the years 1601 to 9999 is damage or forgery, not a date: it is given as `ticks:N`.
    """
    if not 0 <= ticks <= _LAST_TICK:
        return f"ticks:{ticks}"
    seconds, fraction = divmod(ticks, TICKS_PER_SECOND)
    moment = (_EPOCH + timedelta(seconds=seconds)).isoformat()[:19]  # up to the seconds; three times as fast as a format
    return f"{moment}.{fraction:07d}Z"


def parse_iso_utc(text: str) -> int:
    """The ticks of what `iso_utc` wrote; decimals may be fewer than seven or absent.

    Raises ValueError for anything else, offsets other than `Z` included.
    """
    if text.startswith("ticks:"):
        return int(text[6:])
    if not text.endswith("Z"):
        raise ValueError(f"a time must end in Z (UTC): {text!r}")
    whole, _, fraction = text[:-1].partition(".")
    if len(fraction) > 7 or (fraction and not fraction.isdecimal()):
        raise ValueError(f"a time has at most seven decimals: {text!r}")
    moment = datetime.strptime(whole, "%Y-%m-%dT%H:%M:%S").replace(tzinfo=UTC)
    since = moment - _EPOCH
    return (since.days * 86_400 + since.seconds) * TICKS_PER_SECOND + int(fraction.ljust(7, "0") or "0")
