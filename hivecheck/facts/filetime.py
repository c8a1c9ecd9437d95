"""Windows FILETIME ticks (100 ns since 1601-01-01 UTC) as text, without ever passing through a float.

Both libraries that read hives lose the last digit of a key's time; an examiner compares times by that digit.
"""

from datetime import UTC, datetime, timedelta

TICKS_PER_SECOND = 10_000_000
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_LAST_TICK = 2_650_467_743_999_999_999  # 9999-12-31T23:59:59.9999999Z


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
