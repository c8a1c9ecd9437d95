"""The third height: which findings are new, which are gone, and which still stand, by fingerprint.

A fingerprint is of a rule and what it is about: the same when the hive is read again, lies elsewhere or is renamed.
"""

from collections.abc import Mapping
from typing import Any

from hivecheck.compare.citations import role_of
from hivecheck.facts.fact import fact

Json = Any
_RANKS = ("info", "low", "medium", "high", "critical")


@fact
class FindingChanges:
    """The findings as their documents have them, in the order of each report. `still` has those of the after side.

    `severities` are those that still stand, but with another severity: the fingerprint and the severity before.
    """

    new: tuple[Json, ...]
    gone: tuple[Json, ...]
    still: tuple[Json, ...]
    severities: tuple[tuple[str, str], ...]


def compare_findings(before: Mapping[str, Json], after: Mapping[str, Json]) -> FindingChanges:
    """The findings of both sides by fingerprint; several of one fingerprint count as one, the gravest.

    One about a key of the control set that boots is the same where that set has another number on the other side.
    """
    was, now = _gravest(before["findings"]), _gravest(after["findings"])
    same = {key: key for key in now if key in was}
    numbers = before["control_set"]["number"], after["control_set"]["number"]
    renumbered = {role: key for key, one in was.items() if key not in now and (role := _role(one, numbers[0]))}
    same |= {
        key: renumbered[role]
        for key, one in now.items()
        if key not in same and (role := _role(one, numbers[1])) in renumbered
    }
    kept = set(same.values())
    return FindingChanges(
        tuple([one for key, one in now.items() if key not in same]),
        tuple([one for key, one in was.items() if key not in kept]),
        tuple([now[key] for key in same]),
        tuple([(key, was[old]["severity"]) for key, old in same.items() if was[old]["severity"] != now[key]["severity"]]),
    )


def _role(finding: Json, number: int | None) -> tuple[str, str] | None:
    """Rule and subject without the number of the control set that boots; None where the subject names none."""
    subject = role_of(finding["subject"], number)
    return (finding["rule"], subject.casefold()) if subject != finding["subject"] else None


def severity_rank(severity: str) -> int:
    """From 0 for info to 4 for critical; -1 for a word that is none."""
    return _RANKS.index(severity) if severity in _RANKS else -1


def stands(finding: Json) -> bool:
    """Whether no profile expects it."""
    return not finding["expected"]


def _gravest(findings: list[Json]) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for one in findings:
        known = found.get(one["fingerprint"])
        if known is None or severity_rank(one["severity"]) > severity_rank(known["severity"]):
            found[one["fingerprint"]] = one
    return found
