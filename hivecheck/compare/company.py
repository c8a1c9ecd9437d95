"""What came in the company of a suspicious change: a program set up within a minute of it, an operation on the same folder."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from hivecheck.compare.change import ChangeKind, Verdict
from hivecheck.compare.citations import place_of
from hivecheck.compare.difference import Difference
from hivecheck.compare.reasons import Reason
from hivecheck.facts.filetime import NO_MOMENTS

Json = Any
_PROGRAMS = frozenset({"programs", "processes", "services", "drivers", "libraries", "subsystems"})
_COMPANY_SECONDS = 60
_NEAREST = 64  # suspicious moments on each side that one is held against


class Company:
    """The suspicious changes of one comparison, as far as others may have come with them."""

    def __init__(self) -> None:
        self._moments: dict[tuple[float, str], str] = {}  # seconds and comparable key, and the key as it is spelled
        self._in_order: list[tuple[float, str]] = []
        self._files: dict[str, str] = {}  # a path, or the folder that it is in, and the operation on it

    def learn(self, judged: Iterable[tuple[Difference, Reason]], number: int | None) -> None:
        """Remembers what is suspicious and on the after side, where `number` is the control set that boots."""
        for difference, reason in judged:
            if reason.verdict is not Verdict.SUSPICIOUS or difference.change is ChangeKind.REMOVED:
                continue
            for origin in difference.because:
                place, moment = place_of(origin, number), _moment(origin)
                if place and moment is not None:
                    self._moments[moment, place[0]] = origin["key"]
            if is_operation(difference.after):
                self._note_operation(difference)
        self._in_order = sorted(self._moments)

    def _note_operation(self, difference: Difference) -> None:
        from hivecheck.compare.ordinary_renames import paths_of

        for path in paths_of(difference.after):
            self._files.setdefault(path.text, difference.what)
            self._files.setdefault(path.folder, difference.what)

    def judge(self, difference: Difference, reason: Reason, number: int | None) -> Reason:
        """The reason, or that of its company where it is unexplained and new."""
        if reason.verdict is not Verdict.UNEXPLAINED or difference.change is not ChangeKind.ADDED:
            return reason
        if difference.name in _PROGRAMS:
            return self._by_moment(difference, number) or reason
        if is_operation(difference.after):
            return self._by_folder(difference.after) or reason
        return reason

    def _by_moment(self, difference: Difference, number: int | None) -> Reason | None:
        for origin in difference.because:
            place, moment = place_of(origin, number), _moment(origin)
            if place is None or moment is None:
                continue
            at = bisect_left(self._in_order, (moment, ""))
            around = self._in_order[max(0, at - _NEAREST) : at + _NEAREST]
            near = [(abs(when - moment), self._moments[when, key]) for when, key in around if key != place[0]]
            seconds, spelled = min(near, default=(_COMPANY_SECONDS + 1.0, ""))
            if seconds <= _COMPANY_SECONDS:
                why = f"its key was written {seconds:.0f} s before or after {spelled}, where a change is suspicious"
                return Reason(Verdict.SUSPICIOUS, why)
        return None

    def _by_folder(self, operation: Mapping[str, Json]) -> Reason | None:
        """An operation on the folder in which a suspicious one has its files, or on a file that it hands on."""
        if not self._files:
            return None
        from hivecheck.compare.ordinary_renames import paths_of

        what = next((self._files[path.text] for path in paths_of(operation) if path.text in self._files), "")
        return Reason(Verdict.SUSPICIOUS, f"it is about the files of {what}, which is suspicious") if what else None


def is_operation(thing: Json) -> bool:
    """Whether this is a pending rename or delete."""
    return isinstance(thing, dict) and "source" in thing


def _moment(origin: Json) -> float | None:
    """When a key was written, in seconds since 1970 UTC; None where that is not told with its time zone, or is no moment."""
    written = origin.get("written") if isinstance(origin, dict) else None
    try:
        when = datetime.fromisoformat(written) if isinstance(written, str) else None
        return when.timestamp() if when is not None and when.tzinfo is not None and when.year > NO_MOMENTS else None
    except (ValueError, OverflowError):
        return None
