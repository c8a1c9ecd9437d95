"""Things by what they cite of a hive, so that what cites the same strings is found without looking at all the others.

The control set that a side boots counts by its role: its keys are the same on both sides whatever its number. Another control
set keeps its number, so that what is said of it is never said of the one that boots.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Generic, TypeVar

Json = Any
T = TypeVar("T")
Place = tuple[str, str | None]
_LONGEST_SPAN = 16  # strings; a longer run counts as the whole value
_CONTROL_SET = re.compile(r"ControlSet(\d{3})(?=\\|$)", re.IGNORECASE)
_BOOTING = "(the set that boots)"


class Citations(Generic[T]):
    """Keys and values are the same whatever their case. `number` is that of the control set that boots, where it is known."""

    def __init__(self) -> None:
        self._whole: dict[Place, list[T]] = {}
        self._strings: dict[tuple[Place, int], list[T]] = {}

    def add(self, origin: Json, number: int | None, thing: T) -> None:
        """Notes that the thing cites this origin; what is no part of a hive is left out."""
        place = place_of(origin, number)
        if place is None:
            return
        strings = span_of(origin)
        if strings is None:
            self._whole.setdefault(place, []).append(thing)
            return
        for string in strings:
            self._strings.setdefault((place, string), []).append(thing)

    def citing_whole(self, origin: Json, number: int | None) -> list[T]:
        """What cites the whole value, or the key, of this origin."""
        place = place_of(origin, number)
        return self._whole.get(place, []) if place is not None else []

    def citing_strings(self, origin: Json, number: int | None) -> Iterator[T]:
        """What cites a string that this origin cites too."""
        place, strings = place_of(origin, number), span_of(origin)
        if place is not None and strings is not None:
            for string in strings:
                yield from self._strings.get((place, string), ())


def place_of(origin: Json, number: int | None) -> Place | None:
    """Key and value in comparable form; None for what is no part of a hive. `number`: of the control set that boots there."""
    if not isinstance(origin, Mapping) or not isinstance(origin.get("key"), str):
        return None
    value = origin.get("value")
    return role_of(origin["key"], number).casefold(), value.casefold() if isinstance(value, str) else None


def role_of(key: str, number: int | None) -> str:
    """A key's path with the control set that boots told by its role; any set counts as that one where the number is not known."""
    found = _CONTROL_SET.match(key)
    if found is None or (number is not None and int(found[1]) != number):
        return key
    return _BOOTING + key[found.end() :]


def below_control_set(key: str, number: int | None) -> str:
    r"""A key as it is told: `Control\Lsa` of the set that boots, `ControlSet002\Control\Lsa` of another one."""
    role = role_of(key, number)
    return role.removeprefix(_BOOTING).removeprefix("\\") if role != key else key


def span_of(origin: Mapping[str, Json]) -> range | None:
    """The numbers of the cited strings; None where the whole value is cited."""
    strings = origin.get("strings")
    if not isinstance(strings, list) or len(strings) != 2:
        return None
    first, last = strings
    if not isinstance(first, int) or not isinstance(last, int) or not 0 <= last - first < _LONGEST_SPAN:
        return None
    return range(first, last + 1)
