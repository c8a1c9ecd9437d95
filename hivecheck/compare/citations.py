"""Things by what they cite of a hive, so that what cites the same strings is found without looking at all the others."""

from collections.abc import Iterator, Mapping
from typing import Any, Generic, TypeVar

from hivecheck.compare.effects import booting_key

Json = Any
T = TypeVar("T")
Place = tuple[str, str | None]
_LONGEST_SPAN = 16  # strings; a longer run counts as the whole value


class Citations(Generic[T]):
    """Keys and values are the same whatever their case and the number of the control set."""

    def __init__(self) -> None:
        self._whole: dict[Place, list[T]] = {}
        self._strings: dict[tuple[Place, int], list[T]] = {}

    def add(self, origin: Json, thing: T) -> None:
        """Notes that the thing cites this origin; what is no part of a hive is left out."""
        place = place_of(origin)
        if place is None:
            return
        strings = span_of(origin)
        if strings is None:
            self._whole.setdefault(place, []).append(thing)
            return
        for number in strings:
            self._strings.setdefault((place, number), []).append(thing)

    def citing_whole(self, origin: Json) -> list[T]:
        """What cites the whole value, or the key, of this origin."""
        place = place_of(origin)
        return self._whole.get(place, []) if place is not None else []

    def citing_strings(self, origin: Json) -> Iterator[T]:
        """What cites a string that this origin cites too."""
        place, strings = place_of(origin), span_of(origin)
        if place is not None and strings is not None:
            for number in strings:
                yield from self._strings.get((place, number), ())


def place_of(origin: Json) -> Place | None:
    """Key and value in comparable form; None for what is no part of a hive."""
    if not isinstance(origin, Mapping) or not isinstance(origin.get("key"), str):
        return None
    value = origin.get("value")
    return booting_key(origin["key"]).casefold(), value.casefold() if isinstance(value, str) else None


def span_of(origin: Mapping[str, Json]) -> range | None:
    """The numbers of the cited strings; None where the whole value is cited."""
    strings = origin.get("strings")
    if not isinstance(strings, list) or len(strings) != 2:
        return None
    first, last = strings
    if not isinstance(first, int) or not isinstance(last, int) or not 0 <= last - first < _LONGEST_SPAN:
        return None
    return range(first, last + 1)
