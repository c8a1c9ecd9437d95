"""What came in the company of a suspicious change: a program set up within a minute of it, an operation on the same folder."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from hivecheck.compare.change import ChangeKind, Verdict
from hivecheck.compare.citations import place_of
from hivecheck.compare.difference import Difference
from hivecheck.compare.reasons import Reason

Json = Any
_PROGRAMS = frozenset({"programs", "processes", "services", "drivers", "libraries", "subsystems"})
_COMPANY_SECONDS = 60
_MOST_SUSPICIOUS = 500  # operations that others are held against


class Company:
    """The suspicious changes of one comparison, as far as others may have come with them."""

    def __init__(self) -> None:
        self._moments: dict[tuple[datetime, str], str] = {}  # moment and comparable key, and the key as it is spelled
        self._operations: list[tuple[str, Mapping[str, Json]]] = []

    def learn(self, judged: Iterable[tuple[Difference, Reason]], number: int | None) -> None:
        """Remembers what is suspicious and on the after side, where `number` is the control set that boots."""
        for difference, reason in judged:
            if reason.verdict is not Verdict.SUSPICIOUS or difference.change is ChangeKind.REMOVED:
                continue
            for origin in difference.because:
                place, moment = place_of(origin, number), _moment(origin)
                if place and moment:
                    self._moments[moment, place[0]] = origin["key"]
            if _is_operation(difference.after) and len(self._operations) < _MOST_SUSPICIOUS:
                self._operations.append((difference.what, difference.after))

    def judge(self, difference: Difference, reason: Reason, number: int | None) -> Reason:
        """The reason, or that of its company where it is unexplained and new."""
        if reason.verdict is not Verdict.UNEXPLAINED or difference.change is not ChangeKind.ADDED:
            return reason
        if difference.name in _PROGRAMS:
            return self._by_moment(difference, number) or reason
        if _is_operation(difference.after):
            return self._by_folder(difference.after) or reason
        return reason

    def _by_moment(self, difference: Difference, number: int | None) -> Reason | None:
        for origin in difference.because:
            place, moment = place_of(origin, number), _moment(origin)
            if place is None or moment is None:
                continue
            near = [(_apart(when, moment), told) for (when, key), told in self._moments.items() if key != place[0]]
            seconds, key = min(near, default=(_COMPANY_SECONDS + 1.0, ""))
            if seconds <= _COMPANY_SECONDS:
                why = f"its key was written {seconds:.0f} s before or after {key}, where a change is suspicious"
                return Reason(Verdict.SUSPICIOUS, why)
        return None

    def _by_folder(self, operation: Mapping[str, Json]) -> Reason | None:
        if not self._operations:
            return None
        from hivecheck.compare.ordinary_renames import is_about_the_same

        for what, other in self._operations:
            if is_about_the_same(operation, other):
                return Reason(Verdict.SUSPICIOUS, f"it is about the files of {what}, which is suspicious")
        return None


def _is_operation(thing: Json) -> bool:
    return isinstance(thing, dict) and "source" in thing


def _moment(origin: Json) -> datetime | None:
    written = origin.get("written") if isinstance(origin, dict) else None
    try:
        return datetime.fromisoformat(written) if isinstance(written, str) else None
    except ValueError:
        return None


def _apart(one: datetime, other: datetime) -> float:
    if (one.tzinfo is None) != (other.tzinfo is None):
        return float("inf")
    return abs((one - other).total_seconds())
