"""New findings that no told change covers, made changes of their own: what they cite lies outside the settings.

A document holds the catalogue's settings and the boot. A finding may cite any value of the hive: a print provider, a filter of
a device class, another control set. Whatever is new and grave there is told with what both sides say of the cited value.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from hivecheck.compare.change import ChangeKind
from hivecheck.compare.citations import Place, below_control_set, place_of, span_of
from hivecheck.compare.cited_findings import ByFingerprint
from hivecheck.compare.difference import Difference

Json = Any
_MOST_ORIGINS = 8
_MOST_FINDINGS = 2_000
_LONGEST = 200  # characters of a string that a name is told by
_OF_A_CLOCK = "time-"  # rules about the time of a key: explained by whatever changed in that key
_UNTOLD = "the analysis of the before side does not tell what it has there"


def tell_uncovered(
    left: tuple[Json, ...], told: Iterable[Difference], before: Mapping[str, Json], after: Mapping[str, Json]
) -> Iterator[tuple[Difference, ByFingerprint]]:
    """A difference for each value or key that these findings cite, with the findings that cite it.

    `left` are new grave findings that no change cites; `told` the differences of both heights. Of a finding, only what differs is
    told, and what it is about where nothing does.
    """
    if not left:
        return
    numbers = before["control_set"]["number"], after["control_set"]["number"]
    sides = _Side(before, numbers[0]), _Side(after, numbers[1])
    keys = _keys_of(told, numbers)
    found: dict[str, tuple[Difference, ByFingerprint]] = {}
    for finding in left[:_MOST_FINDINGS]:
        origins = [(place, one) for one in finding["because"] if (place := place_of(one, numbers[1])) is not None]
        if finding["rule"].startswith(_OF_A_CLOCK) and any(place[0] in keys for place, _ in origins):
            continue
        cited = [_difference(place, origin, sides, numbers[1]) for place, origin in origins[:_MOST_ORIGINS]]
        changed = [one for one in cited if one.before != one.after and one.after is not None]
        untold = [one for one in cited if one.before is None and one.after is None]
        for one in changed or untold[:1] or cited[:1] or [_of_subject(finding)]:
            found.setdefault(one.what.casefold(), (one, {}))[1][finding["fingerprint"]] = finding
    yield from found.values()


class _Side:
    """What one document tells of the values that are cited in it, by place."""

    def __init__(self, document: Mapping[str, Json], number: int | None) -> None:
        self._texts: dict[tuple[Place, tuple[int, ...]], Json] = {}
        self._values: dict[Place, Json] = {}
        self._keys: dict[str, Json] = {}
        for setting in document["settings"].values():
            for origin in setting["origins"]:
                place = place_of(origin, number)
                if place is not None and place[1] is not None:
                    self._values.setdefault(place, setting["value"])
                self._learn(origin, number)
        for part in (*document["findings"], *document["events"]):
            for origin in part["because"]:
                self._learn(origin, number)

    def _learn(self, origin: Json, number: int | None) -> None:
        place = place_of(origin, number)
        if place is None:
            return
        if place[1] is None:
            self._keys.setdefault(place[0], {"written": origin.get("written")})
        elif origin.get("text") is not None:
            self._texts.setdefault((place, tuple(span_of(origin) or ())), origin["text"])

    def says(self, place: Place, origin: Json) -> Json:
        """The value, its text, or when the key was written; None where the document does not tell."""
        if place[1] is None:
            return self._keys.get(place[0])
        text = self._texts.get((place, tuple(span_of(origin) or ())))
        return text if text is not None else self._values.get(place)


def _difference(place: Place, origin: Json, sides: tuple[_Side, _Side], number: int | None) -> Difference:
    before, after = (side.says(place, origin) for side in sides)
    name = below_control_set(origin["key"], number)
    value = origin.get("value")
    what = f"{name}\\{value or '(default)'}" if isinstance(value, str) else name
    if span_of(origin) is not None and origin.get("text"):
        what = f"{what}/{str(origin['text'])[:_LONGEST]}"
    text = "" if before is not None else f"is {_short(after)}; {_UNTOLD}"
    if before is None and after is None:
        text = "what is new is the finding; the analyses tell nothing of the value itself"
    elif before == after:
        text = f"is {_short(after)} on both sides: what is new is the finding"
    return Difference(ChangeKind.CHANGED, what, before, after, (origin,), what, what, text)


def _short(said: Json) -> str:
    is_key = isinstance(said, dict) and "written" in said
    text = (f"written {said['written']}" if said["written"] else "without a time") if is_key else str(said)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"


def _of_subject(finding: Json) -> Difference:
    """A finding that cites nothing of the hive itself."""
    what = finding["subject"] or finding["rule"]
    return Difference(ChangeKind.CHANGED, what, None, {"cited": what}, tuple(finding["because"]), what, what, _UNTOLD)


def _keys_of(told: Iterable[Difference], numbers: tuple[int | None, int | None]) -> frozenset[str]:
    """The keys in which something is told to have changed, in comparable form."""
    found: set[str] = set()
    for one in told:
        number = numbers[0] if one.change is ChangeKind.REMOVED else numbers[1]
        found |= {place[0] for origin in one.because if (place := place_of(origin, number)) is not None}
    return frozenset(found)
