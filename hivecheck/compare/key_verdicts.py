"""What the other heights say of keys and values: the verdicts of changes and findings, by the key and value that they cite.

Of several that cite one thing the gravest counts. Knows nothing of hives.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from hivecheck.compare.change import Change, ChangeKind, Verdict
from hivecheck.compare.diff import Diff
from hivecheck.compare.findings import severity_rank, stands
from hivecheck.compare.whole_hive import KeyDifference, WholeHiveDiff
from hivecheck.compare.whole_hive_noise import recounted, without_noise
from hivecheck.facts.fact import changed
from hivecheck.facts.origin import KeyRef, ValueRef

Json = Any
Said = tuple[Verdict, str, tuple[str, ...]]
_MEDIUM = severity_rank("medium")


class CoveredKey:
    """What is said of one key and its values, by folded name."""

    __slots__ = ("of_key", "of_values")

    def __init__(self) -> None:
        self.of_key: Said | None = None
        self.of_values: dict[str, Said] = {}

    def learn(self, value: str | None, said: Said) -> None:
        """Keeps the gravest that is said of the key (None) or of a value."""
        known = self.of_key if value is None else self.of_values.get(value.casefold())
        if known is not None and known[0].rank <= said[0].rank:
            return
        if value is None:
            self.of_key = said
        else:
            self.of_values[value.casefold()] = said

    def judged_key(self, change: Change) -> Change:
        """The change of the key; one that came or went takes the gravest of what is said of its values, too."""
        said = self.of_key
        if change.change is not ChangeKind.CHANGED:
            said = min((one for one in (said, *self.of_values.values()) if one is not None), key=_rank, default=None)
        return _judged(change, said)

    def judged_value(self, change: Change) -> Change:
        """The change of a value of the key."""
        return _judged(change, self.of_values.get((change.value or "").casefold()))

    def is_suspicious(self, value: str) -> bool:
        """Whether a value is suspicious by what is said of it."""
        said = self.of_values.get(value.casefold())
        return said is not None and said[0] is Verdict.SUSPICIOUS


class KeyVerdicts:
    """The verdicts of one comparison by folded path."""

    def __init__(self, diff: Diff) -> None:
        self._by_path: dict[str, CoveredKey] = {}
        for change in (*diff.effects, *diff.settings):
            if change.verdict is not Verdict.UNEXPLAINED and change.change is not ChangeKind.MOVED:
                self._learn(change.because, (change.verdict, change.why, change.findings))
        for finding in diff.findings.new:
            if stands(finding) and severity_rank(finding["severity"]) >= _MEDIUM:
                why = f"a finding cites it: {finding['title']} ({finding['rule']}, {finding['severity']})"
                self._learn(finding["because"], (Verdict.SUSPICIOUS, why, (finding["fingerprint"],)))

    def of_key(self, path: str) -> CoveredKey | None:
        """What is said of a key or its values, by the path as the side spells it."""
        return self._by_path.get(path.casefold())

    def _learn(self, origins: Iterable[object], said: Said) -> None:
        for origin in origins:
            place = _place(origin)
            if place is not None:
                self._by_path.setdefault(place[0].casefold(), CoveredKey()).learn(place[1], said)


def unfolded(diff: WholeHiveDiff, verdicts: KeyVerdicts) -> WholeHiveDiff:
    """The same differences; what is suspicious at another height is no noise."""
    found: list[KeyDifference] = []
    lifted: list[tuple[KeyDifference, KeyDifference]] = []
    for one in diff.differences:
        covered = verdicts.of_key(one.path)
        new = one if covered is None else without_noise(one, covered.is_suspicious)
        if new is not one:
            lifted.append((one, new))
        found.append(new)
    if not lifted:
        return diff
    return changed(diff, differences=tuple(found), noise=recounted(diff.noise, lifted))


def _place(origin: object) -> tuple[str, str | None] | None:
    match origin:
        case ValueRef():
            return origin.key, origin.value
        case KeyRef():
            return origin.path, None
        case Mapping():
            key, value = origin.get("key"), origin.get("value")
            return (key, value if isinstance(value, str) else None) if isinstance(key, str) else None
        case _:
            return None


def _judged(change: Change, said: Said | None) -> Change:
    if said is None or (said[0] is not Verdict.SUSPICIOUS and change.verdict is not Verdict.UNEXPLAINED):
        return change
    return changed(change, verdict=said[0], why=said[1], findings=said[2])


def _rank(said: Said) -> int:
    return said[0].rank
