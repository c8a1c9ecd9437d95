"""Services that no event of the boot starts, of two documents: by what would start them, switched off, and filters of device classes.

A part of the effects. Which services the boot itself starts is told by its events.
"""

from collections.abc import Hashable, Iterator, Mapping
from typing import Any

from hivecheck.compare.alignment import folded
from hivecheck.compare.change import ChangeKind
from hivecheck.compare.difference import Difference, keyed

Json = Any
_LISTS = (
    ("delayed", "services/delayed", "starts some minutes after the boot"),
    ("trigger_started", "services/on a trigger", "starts when its trigger fires"),
    ("per_user", "services/per user", "starts when somebody logs on"),
    ("held_back", "services/held back", "is held back by this way to boot"),
)
_UNSEEN_STARTS = ("demand", "disabled", "other")  # what starts with the machine is told by its events


def compare_waiting(
    before: Mapping[str, Json], after: Mapping[str, Json], numbers: tuple[int | None, int | None] = (None, None)
) -> Iterator[Difference]:
    """Services that no event of the boot starts: by what would. `numbers` are those of the control sets that boot."""
    for field, heading, does in _LISTS:
        was = {text_of(name).casefold(): text_of(name) for name in _list_of(before, field)}
        now = {text_of(name).casefold(): text_of(name) for name in _list_of(after, field)}
        for key, name in (*now.items(), *((key, name) for key, name in was.items() if key not in now)):
            if (key in was) != (key in now):
                change = ChangeKind.ADDED if key in now else ChangeKind.REMOVED
                here, there = (name if key in was else None), (name if key in now else None)
                text = f"{name} {does}, before: does not" if key in now else f"{name} no longer {does}"
                because = _key_of(name, numbers[key in now])
                yield Difference(change, f"{heading}/{name}", here, there, because, "services", name, text)
    yield from _compare_rows(before, after, "switched_off", "name", "services/switched off")
    yield from _compare_rows(before, after, "class_filters", "service", "class filters")


def compare_counts(before: Mapping[str, Json], after: Mapping[str, Json]) -> Iterator[Difference]:
    """How many drivers and services there are of each start type that no event of the boot tells."""
    for field in ("drivers", "services"):
        one, other = before.get(field), after.get(field)
        if isinstance(one, dict) and isinstance(other, dict):
            for start, number in other.items():
                if start in _UNSEEN_STARTS and one.get(start) != number:
                    text = f"{number} {field} have this start type, before: {one.get(start)}"
                    what = f"{field}/with start type {start}"
                    yield Difference(ChangeKind.CHANGED, what, one.get(start), number, (), f"{field} counted", "", text)


def _compare_rows(
    before: Mapping[str, Json], after: Mapping[str, Json], field: str, name: str, heading: str
) -> Iterator[Difference]:
    def rows(services: Mapping[str, Json]) -> dict[tuple[Hashable, int], Json]:
        found = [one for one in _list_of(services, field) if isinstance(one, dict)]
        return keyed(found, lambda one: (text_of(one.get("guid")).casefold(), text_of(one.get(name)).casefold()))

    was, now = rows(before), rows(after)
    for key in (*now, *(key for key in was if key not in now)):
        one, other = _row(was.get(key)), _row(now.get(key))
        if folded(one) != folded(other):
            change = ChangeKind.CHANGED if one and other else ChangeKind.ADDED if other else ChangeKind.REMOVED
            row = now.get(key) or was[key]
            subject = text_of(row.get(name))
            place = f" of {text_of(row['class'])}" if "class" in row else ""
            origins = tuple(row.get("origins") or ())
            yield Difference(change, f"{heading}/{subject}{place}", one, other, origins, heading, subject)


def _key_of(name: str, number: int | None) -> tuple[Json, ...]:
    """The service's key as an origin; a document says of these services no more than the name."""
    if number is None or "\\" in name:
        return ()
    key = f"ControlSet{number:03}\\Services\\{name}"
    nothing = dict.fromkeys(("value", "strings", "text", "written", "offset"))
    return ({"key": key, **nothing, "state": "allocated"},)


def _row(row: Json) -> Json:
    return {name: value for name, value in row.items() if name not in ("origins", "place")} if row else None


def _list_of(services: Mapping[str, Json], field: str) -> list[Json]:
    found = services.get(field)
    return found if isinstance(found, list) else []


def text_of(value: Json) -> str:
    return "" if value is None else str(value)
